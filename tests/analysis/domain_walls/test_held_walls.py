"""What a held wall tells, from textures whose wall is where it is known to be."""

import numpy as np
import pytest

from analysis import artificial, held_wall

NM = 1e-9
AT = np.array([80.0, 90.0, 100.0, 110.0]) * NM


def run(positions, *, held_at=AT, gradient=-5e12, static=0.0, **keys):
    """A run in a trap, as `runs.HeldWall` makes it, from a texture."""
    made = artificial.domain_walls(positions, **keys)
    steps = made.drop_vars([name for name in ("current_density", "true_position") if name in made])
    steps = steps.rename(t="step").assign_coords(step=np.arange(len(held_at)))
    field = np.zeros((len(held_at), 3))
    field[:, "xyz".index(keys.get("component", "z"))] = static - gradient * held_at
    return steps.assign(
        applied_field=(("step", "vdims"), field, {"units": "A/m"}),
        held_at=("step", held_at, {"units": "m", "gradient": gradient}),
    )


@pytest.mark.parametrize("component", ["z", "x"])
@pytest.mark.parametrize("left", [1, -1])
def test_the_push_is_what_the_trap_pulls_back_with(left, component):
    shift = np.array([2.0, -1.0, 0.0, 0.5]) * NM
    gradient = -5e12 * left  # an up-down or head-to-head wall (left = 1) is held by a field that falls along x
    found = held_wall(run(AT + shift, gradient=gradient, left=left, component=component))
    assert found.attrs["polarity"] == -left
    # A wall to the right of its trap is pushed to the right, whatever its polarity.
    np.testing.assert_allclose(found.push.values, 5e12 * shift, atol=1e-3)
    np.testing.assert_allclose(found.position.values, AT + shift, atol=1e-13)


def test_a_static_field_is_part_of_what_holds():
    found = held_wall(run(AT, static=700.0))
    np.testing.assert_allclose(found.push.values, -700.0, atol=1e-3)


def test_steps_without_exactly_one_wall_are_left_out():
    # Two walls that have left between them no domain, and one that is beside the stripe.
    found = held_wall(run(np.array([80 * NM, 90 * NM, -60 * NM, 110 * NM])))
    assert np.isnan(found.push.values).tolist() == [False, False, True, False]
    with pytest.raises(ValueError, match="has exactly one wall at none of its 4 steps"):
        held_wall(run(np.full(4, -60 * NM)))


def test_a_run_without_a_trap_is_refused():
    with pytest.raises(ValueError, match="has no wall that was held; give one with the protocol HeldWall"):
        held_wall(artificial.domain_walls([100 * NM]))
