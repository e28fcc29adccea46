"""Where the next state of a loop is expected, and that a loop finds the same with it."""

from types import SimpleNamespace

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from runs.native import field_rest
from runs.native.errors import MinimisationError
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


def test_fewer_than_three_states_on_the_line_give_nothing():
    assert expected(along(1e3, 2e3), pointing(0.1, 0.11), *along(3e3)) is None
    turned = [*along(5e3, direction=(1, 0, 0)), *along(1e3, 2e3)]
    assert expected(turned, pointing(0.12, 0.1, 0.11), *along(3e3)) is None


@pytest.mark.parametrize(
    "fields",
    [
        along(0, 1e3, 2e3, 1e3),
        along(0, 1e3, 2e3, 4e3),
        along(0, 1e3, 2e3, 2e3),
        [*along(0, 1e3, 2e3), np.array([0, 3e3, 0.0])],
    ],
)
def test_nothing_is_expected_behind_a_turn_or_far_away(fields):
    *before, field = fields
    assert expected(before, pointing(*np.linspace(0, 0.1, len(before))), field) is None


def test_nothing_is_expected_where_a_moment_would_turn_far():
    *fields, field = along(1e3, 2e3, 3e3, 4e3)
    assert expected(fields, pointing(0.1, 0.29, 0.48), field) is not None
    assert expected(fields, pointing(0.1, 0.31, 0.52), field) is None


def test_nothing_is_expected_behind_a_jump():
    *fields, field = along(1e3, 2e3, 3e3, 4e3)
    assert expected(fields, pointing(0.1, 0.1, 0.115), field) is not None
    assert expected(fields, pointing(0.1, 0.1, 0.125), field) is None
    assert expected(fields, pointing(0.1, 0.125, 0.125), field) is None


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


CONES = np.array([0.05, 0.2])
FALLS = np.array([190.0, 256.0])
PUSH = 290.0
"""Of two moments with easy cones: sines of the cones, fields along x in A/m in which each alone falls from one side of
its cone to the other, and what a change of m of one by 1 is as a field at the other, in A/m."""


def moments_on_cones():
    """Two cells with energies k (sin^4 - 2 c^2 sin^2) of the angle to z, and exchange."""
    size, saturation = 5e-9, 8e5
    names = ("one", "two")
    corners = [((n * size, 0, 0), ((n + 1) * size, size, size)) for n in range(2)]
    regions = {name: df.Region(p1=p1, p2=p2) for name, (p1, p2) in zip(names, corners, strict=True)}
    mesh = df.Mesh(p1=(0, 0, 0), p2=(2 * size, size, size), n=(2, 1, 1), subregions=regions)
    induction = mm.consts.mu0 * saturation
    depth = dict(zip(names, FALLS * induction / (8 / 3**1.5 * CONES**3), strict=True))
    cone = dict(zip(names, CONES, strict=True))
    first = {name: each * (2 - 2 * cone[name] ** 2) for name, each in depth.items()}
    second = {name: -each for name, each in depth.items()}
    energy = mm.UniaxialAnisotropy(K1=first, K2=second, u=(0, 0, 1), name="cone")
    energy += mm.UniaxialAnisotropy(K=-1e5, u=(0, 1, 0), name="hard") + mm.Exchange(A=PUSH * induction * size**2 / 2)
    system = mm.System(name="cones", energy=energy)
    m = {name: (-sine, 0, np.sqrt(1 - sine**2)) for name, sine in cone.items()}
    system.m = df.Field(mesh, nvdim=3, value=m, norm=saturation)
    return system


def followed_by_damping(strengths):
    """Sines of both angles in each field, by their equation of motion."""
    depth = FALLS / (8 / 3**1.5 * CONES**3)
    angle, found = -np.arcsin(CONES), []

    def torque(_, angle, field):
        sine, cosine = np.sin(angle), np.cos(angle)
        own = 4 * depth * (CONES**2 * sine - sine**3) * cosine
        return field * cosine + own + PUSH * np.sin(angle[::-1] - angle)

    for strength in strengths:
        path = solve_ivp(torque, (0, 1e4), angle, method="LSODA", rtol=1e-9, atol=1e-12, args=(strength,))
        angle = path.y[:, -1]
        found.append(np.sin(angle))
    return np.array(found)


def test_what_is_expected_takes_no_moment_over_its_edge():
    """Near an edge an expected state may lie beyond it; both moments turn by less than 0.5 rad as they fall."""
    strengths = np.arange(205.0, 223.0)
    truth = followed_by_damping(strengths)
    assert 3 < np.argmax(truth[:, 1] > 0) < len(truth) - 1
    m, _ = hysteresis(moments_on_cones(), strengths[:, np.newaxis] * [1.0, 0, 0], stopping_mxHxm=1e-2)
    np.testing.assert_allclose(m[:, :, 0, 0, 0], truth, atol=1e-3)


def test_an_expected_state_from_which_no_step_leads_is_not_taken():
    m = pointing(0.1)[0]
    tried = []

    def to_rest(model, start, nearest, largest_turn):
        tried.append(start)
        if start is not m:
            raise MinimisationError("rounding", start)
        return SimpleNamespace(nearness=1.0, iteration=3)

    state, evaluations = field_rest.followed(None, m, np.zeros(0), to_rest, pointing(0.11)[0])
    assert len(tried) == 2
    assert (state.nearness, evaluations) == (1.0, 3)
