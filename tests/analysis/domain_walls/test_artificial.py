import numpy as np
import pytest
from rows import rows

from analysis import artificial
from analysis.schema import check_run


def test_is_a_complete_run_of_unit_vectors():
    run = artificial.domain_walls([[100e-9, 200e-9], [110e-9, 190e-9]], wall_width=[5e-9, 9e-9], tilt=0.2)
    check_run(run, complete=True)
    np.testing.assert_allclose(np.linalg.norm(run.m.values, axis=-1), 1.0, atol=1e-12)


@rows("left", [1, -1])
@rows("component", ["z", "x"])
def test_profile_is_walkers(component, left):
    run = artificial.domain_walls(201e-9, wall_width=7e-9, left=left, component=component)
    along = run.m.sel(vdims=component).isel(t=0, y=3, z=0).values
    np.testing.assert_allclose(along, left * np.tanh((201e-9 - run.x.values) / 7e-9), atol=1e-12)


@pytest.mark.parametrize(("angle", "axis"), [(0.0, "x"), (np.pi / 2, "y")])
def test_angle_of_perpendicular_wall(angle, axis):
    run = artificial.domain_walls(202e-9, angle=angle)
    centre = run.m.sel(x=202e-9, vdims=axis).values
    np.testing.assert_allclose(centre, 1.0, atol=1e-12)


def test_mask_is_nan_outside():
    mask = np.ones((128, 16), dtype=bool)
    mask[40:50, :3] = False
    run = artificial.domain_walls(300e-9, mask=mask)
    np.testing.assert_array_equal(np.isfinite(run.m.values).all(axis=-1)[0, :, :, 0], mask)


def test_pair_that_does_not_exist_leaves_a_uniform_state():
    run = artificial.domain_walls([[np.nan, np.nan]])
    np.testing.assert_allclose(run.m.sel(vdims="z").values, 1.0)


@rows(
    ("arguments", "match"),
    [
        ({"positions": [[np.nan, 1e-7, 2e-7]]}, "odd number of NaN in row 0"),
        ({"positions": 1e-7, "length": 511e-9}, "length is .* make it a whole number"),
        ({"positions": 1e-7, "component": "y"}, "component is 'y'"),
        ({"positions": 1e-7, "left": 0}, "left is 0"),
        ({"positions": [1e-7, 2e-7], "t": [0.0]}, r"t has the shape \(1,\)"),
        ({"positions": 1e-7, "mask": np.ones((3, 3))}, r"mask has the shape \(3, 3\)"),
        ({"positions": np.zeros((1, 1, 1))}, "positions has 3 dimensions"),
    ],
)
def test_bad_input_is_named(arguments, match):
    with pytest.raises(ValueError, match=match):
        artificial.domain_walls(**arguments)
