"""Where the next state of a loop is expected, and that a loop finds the same with it."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest

from runs.native import field_rest
from runs.native.extrapolation import expected
from runs.native.hysteresis import hysteresis


def pointing(*angles):
    return [np.array([np.cos(angle), np.sin(angle), 0.0]).reshape(3, 1, 1, 1) for angle in angles]


def along(*strengths, direction=(0.6, 0.8, 0)):
    return [strength * np.array(direction) for strength in strengths]


def test_a_parabola_is_gone_on_with_on_uneven_steps():
    def angle(strength):
        return 0.1 + 2e-5 * strength + 1e-9 * strength**2

    strengths = np.array([1e3, 2e3, 3.5e3, 4.5e3])
    m = expected(along(*strengths[:3]), pointing(*angle(strengths[:3])), *along(strengths[3]))
    # The parabola is of m, of which a third power is left.
    np.testing.assert_allclose(m, *pointing(angle(strengths[3])), atol=1e-4)
    assert np.linalg.norm(m, axis=0) == pytest.approx(1)


def test_two_states_give_a_line_and_a_turn_of_the_field_leaves_the_line_behind():
    two = expected(along(1e3, 2e3), pointing(0.1, 0.12), *along(3e3))
    np.testing.assert_allclose(two, *pointing(0.14), atol=1e-3)
    fields = [*along(5e3, direction=(1, 0, 0)), *along(1e3, 2e3)]
    np.testing.assert_allclose(expected(fields, pointing(0.7, 0.1, 0.12), *along(3e3)), two)


@pytest.mark.parametrize(
    "fields",
    [along(1e3, 2e3), along(1e3, 2e3, 1e3), along(1e3, 2e3, 4e3), [*along(1e3, 2e3), np.array([0, 3e3, 0.0])]],
)
def test_nothing_is_expected_behind_a_turn_or_far_away(fields):
    *before, field = fields
    assert expected(before, pointing(*np.linspace(0, 0.1, len(before))), field) is None


def test_nothing_is_expected_where_a_moment_would_turn_far():
    fields = along(1e3, 2e3, 3e3)
    assert expected(fields[:2], pointing(0.1, 0.29), fields[2]) is not None
    assert expected(fields[:2], pointing(0.1, 0.31), fields[2]) is None


def test_a_loop_takes_fewer_evaluations_and_falls_in_the_same_field(monkeypatch):
    """A particle in a field at 20 degrees to its axis."""
    mesh = df.Mesh(p1=(0, 0, 0), p2=(60e-9, 20e-9, 5e-9), cell=(5e-9, 5e-9, 5e-9))
    system = mm.System(name="particle", energy=mm.Exchange(A=1.3e-11) + mm.Demag())
    system.m = df.Field(mesh, nvdim=3, value=(1, 0.1, 0), norm=8e5)
    direction = np.array([np.cos(np.radians(20)), np.sin(np.radians(20)), 0])
    fields = np.linspace(0, -1e5, 101)[:, np.newaxis] * direction
    m, table = hysteresis(system, fields, stopping_mxHxm=0.1)
    followed = field_rest.followed
    monkeypatch.setattr(field_rest, "followed", lambda *given: followed(*given[:4]))
    plain, slower = hysteresis(system, fields, stopping_mxHxm=0.1)
    fall = int(np.argmax(table.mx < 0))
    assert fall > 30
    np.testing.assert_allclose(m, plain, atol=1e-5)
    np.testing.assert_array_equal(np.sign(table.mx), np.sign(slower.mx))
    quiet = [each.iteration[fall - 1] - each.iteration[2] for each in (table, slower)]
    # So small a particle has few soft modes; in lattices it is half of them.
    assert quiet[0] < 0.85 * quiet[1]
