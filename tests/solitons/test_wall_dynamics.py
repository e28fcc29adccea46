"""The (q, phi) model against its closed forms."""

import numpy as np
import pytest
from scipy import constants

from geometries import Material
from runs.waveform import PiecewiseLinear
from solitons.pinning import HarmonicPinning
from solitons.simulation import simulate
from solitons.wall_dynamics import WallDynamics, wall_from_material

ALPHA, WIDTH, HARD = 0.1, 6e-9, 2e4


def wall(**changes):
    values = {"alpha": ALPHA, "width": WIDTH, "hard_axis_field": HARD, "polarity": -1, **changes}
    return WallDynamics(**values)


def constant(value):
    return PiecewiseLinear((0.0,), (value,))


def field(x=0.0, y=0.0, z=0.0):
    return (constant(x), constant(y), constant(z))


def late_velocity(dynamics, *, current=0.0, applied=None, angle=0.3, start=80e-9, span=20e-9):
    path = simulate(
        dynamics,
        [0.0, start, start + span],
        constant(current),
        applied,
        position=0.0,
        angle=angle,
        max_step=5e-12,
    )
    return (path.position[2] - path.position[1]) / span


def mean_velocity_of_precession(dynamics, *, current=0.0, applied=None):
    """Displacement over whole periods of phi over their duration: no bias from a cut period."""
    times = np.linspace(0.0, 80e-9, 8001)
    path = simulate(dynamics, times, constant(current), applied, position=0.0, angle=0.3, max_step=5e-12)
    turns = np.floor(abs(path.angle[-1] - path.angle[2000]) / np.pi)
    assert turns >= 4
    target = path.angle[2000] + np.sign(path.angle[-1] - path.angle[2000]) * turns * np.pi
    order = np.argsort(path.angle)
    end_time = np.interp(target, path.angle[order], times[order])
    end = np.interp(end_time, times, path.position)
    return (end - path.position[2000]) / (end_time - times[2000])


@pytest.mark.parametrize("polarity", [-1, 1])
@pytest.mark.parametrize("hard", [HARD, -HARD])
def test_mobility_below_walker_breakdown(polarity, hard):
    dynamics = wall(polarity=polarity, hard_axis_field=hard)
    strength = 0.5 * float(dynamics.walker_field)
    # +Hz grows the up domain: an up-down wall goes to +x, a down-up wall to -x.
    expected = -polarity * dynamics.gamma0 * WIDTH / ALPHA * strength
    assert late_velocity(dynamics, applied=field(z=strength)) == pytest.approx(expected, rel=1e-6)


def test_walker_breakdown_is_where_it_should_be():
    dynamics = wall()
    walker = float(dynamics.walker_field)
    assert walker == pytest.approx(ALPHA * HARD / 2)
    times = [0.0, 150e-9, 500e-9]
    below = simulate(dynamics, times, field=field(z=0.99 * walker), position=0.0, angle=1.5, max_step=2e-11)
    above = simulate(dynamics, times, field=field(z=1.01 * walker), position=0.0, angle=1.5, max_step=2e-11)
    assert abs(below.angle[2] - below.angle[1]) < 1e-3
    assert abs(above.angle[2] - above.angle[1]) > np.pi


@pytest.mark.parametrize("ratio", [1.5, 4.0])
@pytest.mark.parametrize("polarity", [-1, 1])
def test_mean_velocity_above_walker_breakdown(ratio, polarity):
    dynamics = wall(polarity=polarity)
    walker = float(dynamics.walker_field)
    strength = ratio * walker
    expected = (
        dynamics.gamma0 * WIDTH / ALPHA * (strength - np.sqrt(strength**2 - walker**2) / (1 + ALPHA**2))
    )
    measured = mean_velocity_of_precession(dynamics, applied=field(z=strength))
    assert measured == pytest.approx(-polarity * expected, rel=2e-4)


@pytest.mark.parametrize("polarity", [-1, 1])
@pytest.mark.parametrize("current", [-4e10, 4e10])
def test_spin_transfer_below_its_threshold(polarity, current):
    # u against J for P > 0, whatever the polarity: v = beta u / alpha.
    dynamics = wall(polarity=polarity, beta=0.05, drift_per_current=-1e-10)
    assert late_velocity(dynamics, current=current) == pytest.approx(-0.5e-10 * current, rel=1e-6)


def test_spin_transfer_threshold():
    dynamics = wall(beta=0.05, drift_per_current=-1e-10)
    threshold = dynamics.gamma0 * WIDTH * HARD * ALPHA / (2 * abs(ALPHA - 0.05))
    times = [0.0, 150e-9, 500e-9]
    turned = []
    for factor in (0.99, 1.01):
        path = simulate(
            dynamics, times, constant(-1e10 * threshold * factor), position=0.0, angle=0.3, max_step=2e-11
        )
        turned.append(abs(path.angle[2] - path.angle[1]))
    assert turned[0] < 1e-3
    assert turned[1] > np.pi


@pytest.mark.parametrize("beta", [0.0, 0.05, 0.2])
@pytest.mark.parametrize("polarity", [-1, 1])
def test_mean_velocity_above_the_spin_transfer_threshold(beta, polarity):
    dynamics = wall(beta=beta, drift_per_current=-1e-10, polarity=polarity)
    u = 2.0 * float(dynamics.gamma0) * WIDTH * HARD * ALPHA / (2 * abs(ALPHA - beta))
    precession = (ALPHA - beta) * u / WIDTH
    anisotropy = ALPHA * dynamics.gamma0 * HARD / 2
    root = np.sqrt(precession**2 - anisotropy**2)
    expected = beta * u / ALPHA + np.sign(ALPHA - beta) * WIDTH * root / (ALPHA * (1 + ALPHA**2))
    measured = mean_velocity_of_precession(dynamics, current=-u / 1e-10)
    # The wall's u is +u; a precessing wall goes the faster the less beta holds it back.
    assert measured == pytest.approx(expected, rel=3e-4)


@pytest.mark.parametrize("polarity", [-1, 1])
@pytest.mark.parametrize("current", [-5e11, 5e11])
@pytest.mark.parametrize("dmi", [-5e4, 5e4])
def test_spin_orbit_velocity_with_dmi(polarity, current, dmi):
    # Thiaville et al. 2012: v = (pi/2) gamma0 Delta H_D / sqrt(1 + (alpha H_D / a)^2), towards sign(a H_D).
    ratio = 2e-8
    dynamics = wall(polarity=polarity, hard_axis_field=0.0, damping_like_per_current=ratio, dmi_field=dmi)
    a = ratio * current
    speed = np.pi / 2 * dynamics.gamma0 * WIDTH * abs(dmi) / np.sqrt(1 + (ALPHA * dmi / a) ** 2)
    measured = late_velocity(dynamics, current=current, angle=0.2)
    assert measured == pytest.approx(np.sign(a * dmi) * speed, rel=1e-5)
    assert np.sign(measured) == dynamics.current_direction * np.sign(current)


def test_rest_angles():
    # Bloch under a positive H_K; the chirality that DMI chooses: D > 0 turns an up-down wall to +x.
    times = [0.0, 60e-9]
    bloch = simulate(wall(), times, position=0.0, angle=0.3)
    assert bloch.angle[-1] == pytest.approx(np.pi / 2, abs=1e-6)
    neel = simulate(wall(dmi_field=1e5), times, position=0.0, angle=1.5)
    assert np.cos(neel.angle[-1]) == pytest.approx(1.0, abs=1e-6)
    other = simulate(wall(dmi_field=1e5, polarity=1), times, position=0.0, angle=1.5)
    assert np.cos(other.angle[-1]) == pytest.approx(-1.0, abs=1e-6)


@pytest.mark.parametrize("name", ["x", "y"])
def test_in_plane_fields_turn_the_wall(name):
    times = [0.0, 60e-9]
    path = simulate(wall(), times, field=field(**{name: 1e5}), position=0.0, angle=0.8)
    assert path.angle[-1] == pytest.approx(0.0 if name == "x" else np.pi / 2, abs=1e-6)
    assert wall().rates(0.0, 0.0, 0.0, np.array([0.0, 1e5, 0.0]))[1] > 0


def test_field_like_torque_is_a_field_along_y():
    given = wall(field_like_per_current=1e-8).rates(0.0, 0.4, 2e12, np.zeros(3))
    applied = wall().rates(0.0, 0.4, 0.0, np.array([0.0, 2e4, 0.0]))
    np.testing.assert_allclose(given, applied, rtol=1e-6)


def test_a_push_moves_walls_of_both_polarities_the_same_way():
    for polarity in (-1, 1):
        trapped = wall(polarity=polarity, pinning=HarmonicPinning(stiffness=1e10, centre=0.0))
        path = simulate(trapped, [0.0, 200e-9], position=20e-9, angle=np.pi / 2)
        assert abs(path.position[-1]) < 1e-10


def test_width_follows_the_angle():
    soft = wall(width_softening=0.21, hard_axis_field=0.0, drift_per_current=-1e-10)
    # At phi = 0 the width is Delta / sqrt(1.21), so that precession by spin transfer is 1.1 times as fast.
    ratio = soft.rates(0.0, 0.0, 1e12, np.zeros(3))[1] / soft.rates(0.0, np.pi / 2, 1e12, np.zeros(3))[1]
    assert float(ratio) == pytest.approx(1.1, rel=1e-5)


@pytest.mark.parametrize(
    ("changes", "owner"),
    [({"alpha": -0.1}, "alpha"), ({"width": 0.0}, "width"), ({"polarity": 0.5}, "polarity")],
)
def test_nonsense_is_refused(changes, owner):
    with pytest.raises(ValueError, match=f"WallDynamics.{owner}"):
        wall(**changes)


def material(**changes):
    values = {
        "name": "film",
        "Ms": 6e5,
        "A": 1.2e-11,
        "Ku": 5e5,
        "D": 1e-3,
        "alpha": 0.1,
        "P": 0.6,
        "beta": 0.05,
        "spin_hall_angle": 0.2,
        "field_like_ratio": 0.5,
    }
    return Material(**{**values, **changes})


def test_wall_from_material():
    made = wall_from_material(
        material(), polarity=-1, thickness=1e-9, stripe_width=64e-9, torques=("zhang-li", "spin-orbit")
    )
    assert float(made.width) == pytest.approx(6.62e-9, rel=1e-3)
    # u = -(g mu_B P / 2 e Ms) J: 57.9 m/s against 1e12 A/m2.
    assert float(made.drift_per_current) * 1e12 == pytest.approx(-57.88, abs=0.01)
    expected = constants.hbar * 0.2 / (2 * constants.e * constants.mu_0 * 6e5 * 1e-9)
    assert float(made.damping_like_per_current) == pytest.approx(expected)
    assert float(made.field_like_per_current) == pytest.approx(0.5 * expected)
    assert float(made.dmi_field) == pytest.approx(1e-3 / (constants.mu_0 * 6e5 * float(made.width)))
    still = wall_from_material(material(), polarity=-1, thickness=1e-9, stripe_width=64e-9, torques=())
    assert still.current_direction == 0


@pytest.mark.parametrize(
    ("changes", "arguments", "message"),
    [
        ({"Ku": 1e5}, {}, "raise Ku or lower Ms"),
        ({"easy_axis": (1.0, 0.0, 0.0)}, {}, "easy_axis"),
        ({"dmi": "bulk"}, {}, "bulk DMI"),
        ({}, {"thickness": 0.0}, "thickness"),
        ({}, {"torques": ("slonczewski",)}, "slonczewski"),
    ],
)
def test_wall_from_material_refuses_what_the_model_is_not_about(changes, arguments, message):
    given = {"polarity": -1, "thickness": 1e-9, "stripe_width": 64e-9, **arguments}
    with pytest.raises(ValueError, match=message):
        wall_from_material(material(**changes), **given)
