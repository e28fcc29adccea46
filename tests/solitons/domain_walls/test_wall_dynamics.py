"""The (q, phi) equations against closed forms, symmetries and the energy balance."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import rows
from scipy import constants

from geometries import Material
from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.breathing import Breathing
from solitons.domain_walls.pinning import HarmonicPinning
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.tilting import Tilting
from solitons.domain_walls.wall_dynamics import WallDynamics, wall_from_material

ALPHA, WIDTH, HARD_AXIS = 0.1, 6e-9, 2e4
DRIFT = -4e-11  # u / J: 40 m/s at 1e12 A/m2


def wall(polarity=-1, **changes):
    return WallDynamics(
        **({"alpha": ALPHA, "width": WIDTH, "hard_axis_field": HARD_AXIS, "polarity": polarity} | changes)
    )


def constant(value):
    return PiecewiseLinear((0.0,), (value,))


def along_z(value):
    return [constant(0.0), constant(0.0), constant(value)]


def steady_velocity(dynamics, *, angle, current_density=None, field=None, settle=100e-9):
    times = [0.0, settle, settle + 2e-9]
    path = follow_wall(dynamics, times, current_density, field, position=0.0, angle=angle, max_step=1e-11)
    return (path.position[2] - path.position[1]) / 2e-9


def mean_velocity(dynamics, *, current_density=None, field=None):
    """Displacement over a whole number of half turns, over the time it took: no window to average out."""
    times = np.linspace(0.0, 200e-9, 50_001)
    path = follow_wall(dynamics, times, current_density, field, position=0.0, angle=0.3, max_step=4e-12)
    turned = np.abs(path.angle - path.angle[0]) / np.pi
    whole = np.floor(turned[-1])
    assert whole >= 3
    end = np.interp(whole, turned, times)
    return np.interp(end, times, path.position) / end


@pytest.mark.parametrize("polarity", [-1, 1])
@pytest.mark.parametrize("ratio", [-0.9, 0.2, 0.95])
def test_mobility_below_walker_breakdown(polarity, ratio):
    dynamics = wall(polarity)
    strength = ratio * dynamics.walker_field
    expected = -polarity * dynamics.gamma0 * WIDTH / ALPHA * strength
    velocity = steady_velocity(dynamics, angle=1.57, field=along_z(strength))
    assert velocity == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("polarity", [-1, 1])
@pytest.mark.parametrize("ratio", [-1.3, 1.05, 2.5, 6.0])
def test_mean_velocity_above_walker_breakdown(polarity, ratio):
    # With p = -1 the second rate equation is <v> = (Delta / alpha) (gamma0 H - <dphi/dt>), and eliminating v
    # leaves (1 + alpha^2) dphi/dt = gamma0 (H + H_W sin 2 phi), whose mean is gamma0 sqrt(H^2 - H_W^2).
    dynamics = wall(polarity)
    walker = ALPHA * HARD_AXIS / 2
    strength = ratio * walker
    slowed = np.sign(strength) * np.sqrt(strength**2 - walker**2) / (1 + ALPHA**2)
    expected = -polarity * dynamics.gamma0 * WIDTH / ALPHA * (strength - slowed)
    assert mean_velocity(dynamics, field=along_z(strength)) == pytest.approx(expected, rel=1e-4)


def breakdown_drift(beta):
    # Static angle: gamma0 (H_K / 2) sin 2 phi = p (beta - alpha) u / (alpha Delta), up to sin 2 phi = 1.
    gamma0 = float(wall().gamma0)
    return gamma0 * WIDTH * HARD_AXIS / 2 * ALPHA / abs(ALPHA - beta)


@rows("polarity", [-1, 1])
@rows("beta", [0.0, 0.03, 0.3])
@rows("ratio", [-0.9, 0.5])
def test_zhang_li_velocity_below_its_threshold(polarity, beta, ratio):
    drift = ratio * breakdown_drift(beta)
    dynamics = wall(polarity, beta=beta, drift_per_current=DRIFT)
    velocity = steady_velocity(dynamics, angle=1.57, current_density=constant(drift / DRIFT))
    assert velocity == pytest.approx(beta * drift / ALPHA, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("polarity", [-1, 1])
@pytest.mark.parametrize("beta", [0.0, 0.03, 0.3])
@pytest.mark.parametrize("ratio", [-3.0, 1.2])
def test_mean_zhang_li_velocity_above_the_threshold(polarity, beta, ratio):
    threshold = breakdown_drift(beta)
    drift = ratio * threshold
    dynamics = wall(polarity, beta=beta, drift_per_current=DRIFT)
    turning = np.sign(drift) * np.sqrt(drift**2 - threshold**2)
    expected = beta * drift / ALPHA + (ALPHA - beta) / ALPHA * turning / (1 + ALPHA**2)
    velocity = mean_velocity(dynamics, current_density=constant(drift / DRIFT))
    assert velocity == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("polarity", [-1, 1])
@pytest.mark.parametrize("dmi_field", [-8e4, 8e4])
@pytest.mark.parametrize("damping_like", [-2e4, 5e2, 2e4])
def test_spin_orbit_torque_on_a_chiral_wall(polarity, dmi_field, damping_like):
    # Static angle without hard axis: h_z = -alpha h_phi gives tan phi = -p a / (alpha H_D), and with it
    # v = sign(a H_D) gamma0 Delta (pi/2) |H_D| / sqrt(1 + (alpha H_D / a)^2).
    dynamics = wall(polarity, hard_axis_field=0.0, dmi_field=dmi_field, damping_like_per_current=1e-8)
    chiral = 0.0 if polarity * dmi_field < 0 else np.pi
    expected = np.sign(damping_like * dmi_field) * dynamics.gamma0 * WIDTH * np.pi / 2 * abs(dmi_field)
    expected /= np.sqrt(1 + (ALPHA * dmi_field / damping_like) ** 2)
    current = constant(damping_like / 1e-8)
    velocity = steady_velocity(dynamics, angle=chiral, current_density=current)
    assert velocity == pytest.approx(expected, rel=1e-6)
    angle = follow_wall(dynamics, [0.0, 20e-9], current, position=0.0, angle=chiral).angle[1]
    assert np.tan(angle) == pytest.approx(-polarity * damping_like / (ALPHA * dmi_field), rel=1e-6)


def test_a_field_like_torque_is_a_field_along_y():
    torque = wall(field_like_per_current=1e-8)
    with_torque = follow_wall(torque, [0.0, 1e-9], constant(3e11), position=0.0, angle=0.2)
    with_field = follow_wall(
        wall(), [0.0, 1e-9], field=[constant(0.0), constant(3e3), constant(0.0)], position=0.0, angle=0.2
    )
    np.testing.assert_allclose(with_torque.position, with_field.position, rtol=1e-12)
    assert abs(with_torque.position[1]) > 1e-10


def test_the_walker_field_of_a_neel_wall():
    dynamics = wall(hard_axis_field=-HARD_AXIS)
    assert dynamics.walker_field == pytest.approx(1e3)
    expected = dynamics.gamma0 * WIDTH / ALPHA * 900.0
    assert steady_velocity(dynamics, angle=0.1, field=along_z(900.0)) == pytest.approx(expected, rel=1e-6)


def test_the_width_follows_the_angle():
    # Precession by spin transfer goes with 1 / Delta, and at phi = 0 Delta is width / sqrt(1.21).
    soft = wall(breathing=Breathing(softness=1e-6, shape_field=2.1e5), hard_axis_field=0.0, drift_per_current=DRIFT)
    with jax.enable_x64(True):
        narrow, wide = (float(soft.rates(0.0, angle, 1e12, np.zeros(3))[1]) for angle in (0.0, np.pi / 2))
    assert narrow / wide == pytest.approx(1.1, rel=1e-9)


EVERYTHING = {
    "beta": 0.04,
    "drift_per_current": DRIFT,
    "damping_like_per_current": 2e-8,
    "field_like_per_current": 5e-9,
    "dmi_field": 3e4,
    "breathing": Breathing(softness=2e-6, shape_field=1e5),
}
numbers = st.floats(-1.0, 1.0)


@settings(max_examples=40, deadline=None)
@given(
    position=numbers,
    angle=st.floats(-4.0, 4.0),
    current=numbers,
    field=st.tuples(numbers, numbers, numbers),
    shift=numbers,
)
def test_symmetries_of_the_rates(position, angle, current, field, shift):
    q, current, shift = position * 1e-7, current * 3e12, shift * 1e-7
    field = np.array(field) * 3e4
    with jax.enable_x64(True):
        base = wall(**EVERYTHING, pinning=HarmonicPinning(3e9, 2e-8))
        v, w, _ = base.rates(q, angle, current, field)
        tolerance = {"rtol": 1e-9, "atol": 1e-6}

        moved = replace(base, pinning=HarmonicPinning(3e9, 2e-8 + shift))
        np.testing.assert_allclose(moved.rates(q + shift, angle, current, field)[0], v, **tolerance)

        # Mirror x -> -x (axial fields: Hx stays, Hy and Hz change sign; m_z as a function of x turns over
        # twice and keeps p; J changes sign, and so does the axial sigma along y).
        mirrored = replace(base, pinning=HarmonicPinning(3e9, -2e-8))
        v2, w2, _ = mirrored.rates(-q, -angle, -current, field * [1, -1, -1])
        np.testing.assert_allclose([v2, w2], [-v, -w], **tolerance)

        # Half a turn about z: x and y change sign, z does not; the wall's polarity does.
        turned = replace(mirrored, polarity=np.float64(1))
        v3, w3, _ = turned.rates(-q, angle + np.pi, -current, field * [-1, -1, 1])
        np.testing.assert_allclose([v3, w3], [-v, w], **tolerance)


@settings(max_examples=40, deadline=None)
@given(
    q=st.floats(-1e-7, 1e-7),
    angle=st.floats(-4.0, 4.0),
    polarity=st.sampled_from([-1, 1]),
    softness=st.sampled_from([0.0, 2e-6]),
    along=st.tuples(numbers, numbers, numbers),
)
def test_energy_falls_at_the_rate_of_gilbert_damping(q, angle, polarity, softness, along):
    # Thiele: dE/dt = -(2 mu0 Ms S alpha / gamma0) (v^2 / Delta + Delta w^2), here over 2 mu0 Ms S.
    hx, hy, hz = np.array(along) * 2e4
    dmi_field, shape = 3e4, -7e4
    breathing = Breathing(softness=softness, shape_field=shape)
    dynamics = wall(polarity, dmi_field=dmi_field, breathing=breathing, pinning=HarmonicPinning(3e9, 2e-8))

    def energy(q, angle):
        along = hx * jnp.cos(angle) + hy * jnp.sin(angle)
        # At the width where it is lowest; over a softness of 0 nothing is stretched.
        stiff = 1 / softness if softness else 0.0
        width = WIDTH * jnp.sqrt(stiff / (stiff + shape * jnp.cos(angle) ** 2 - jnp.pi * along)) if softness else WIDTH
        wall_energy = stiff / 2 * (WIDTH**2 / width + width) + HARD_AXIS * WIDTH / 2 * jnp.cos(angle) ** 2
        wall_energy = wall_energy + shape / 2 * (width - WIDTH) * jnp.cos(angle) ** 2 - jnp.pi / 2 * width * along
        chiral = jnp.pi / 2 * polarity * dmi_field * WIDTH * jnp.cos(angle)
        return wall_energy + chiral + polarity * hz * q + 3e9 / 2 * (q - 2e-8) ** 2

    with jax.enable_x64(True):
        v, w, _ = dynamics.rates(q, angle, 0.0, np.array([hx, hy, hz]))
        slope_q, slope_angle = jax.grad(energy, argnums=(0, 1))(q, angle)
        width = WIDTH / float(breathing.narrowing(np.cos(angle), hx * np.cos(angle) + hy * np.sin(angle)))
        dissipated = ALPHA / dynamics.gamma0 * (v**2 / width + width * w**2)
        scale = ALPHA / float(dynamics.gamma0) * 1e10
        np.testing.assert_allclose(slope_q * v + slope_angle * w, -dissipated, rtol=1e-7, atol=1e-7 * scale)


def test_parameters_that_cannot_be_are_refused():
    for name in ("alpha", "width", "gamma0"):
        for bad in (0.0, -1.0, np.nan):
            with pytest.raises(ValueError, match=rf"WallDynamics\.{name} = {bad} must be positive"):
                wall(**{name: bad})
    with pytest.raises(ValueError, match=r"polarity = 0\.0 must be \+1"):
        wall(polarity=0)


FILM = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6, "beta": 0.05}


def from_material(thickness=1e-9, stripe_width=32e-9, torques=("zhang-li",), polarity=-1, width=None, **changes):
    return wall_from_material(
        Material(**(FILM | changes)),
        polarity=polarity,
        thickness=thickness,
        stripe_width=stripe_width,
        torques=torques,
        width=width,
    )


def test_a_wall_from_material_constants():
    both = ("zhang-li", "spin-orbit")
    dynamics = from_material(D=1e-3, spin_hall_angle=0.2, field_like_ratio=0.5, torques=both)
    effective = 5e5 - constants.mu_0 * 6e5**2 / 2
    width = np.sqrt(1.2e-11 / effective)
    assert dynamics.width == pytest.approx(width)
    magneton = constants.e * constants.hbar / (2 * constants.m_e)
    assert dynamics.drift_per_current == pytest.approx(-2 * magneton * 0.6 / (2 * constants.e * 6e5))
    damping_like = constants.hbar * 0.2 / (2 * constants.e * constants.mu_0 * 6e5 * 1e-9)
    assert dynamics.damping_like_per_current == pytest.approx(damping_like)
    assert dynamics.field_like_per_current == pytest.approx(damping_like / 2)
    assert dynamics.dmi_field == pytest.approx(1e-3 / (constants.mu_0 * 6e5 * width))
    # In a wide and thin stripe the charges of a Neel wall are all that counts.
    film = from_material(thickness=0.05e-9, stripe_width=10e-6)
    assert film.hard_axis_field == pytest.approx(6e5 * 0.05e-9 * np.log(2) / (np.pi * width), rel=0.02)
    # Seen narrower, it has stronger charges and DMI.
    both = [from_material(D=1e-3, width=each) for each in (5e-9, 6e-9)]
    assert both[0].dmi_field / both[1].dmi_field == pytest.approx(1.2)
    assert both[0].hard_axis_field > both[1].hard_axis_field
    assert dynamics.beta == 0.05


def test_only_the_torques_that_were_asked_for_act():
    assert from_material(spin_hall_angle=0.2).damping_like_per_current == 0
    assert from_material(spin_hall_angle=0.2, torques=("spin-orbit",)).drift_per_current == 0


@rows(
    ("changes", "said"),
    [
        ({"Ku": 1e5}, "raise Ku or lower Ms"),
        ({"easy_axis": (1.0, 0.0, 0.0)}, "give a material with easy axis z"),
        ({"D": 1e-3, "dmi": "bulk"}, "give interfacial DMI or D = 0"),
        ({"thickness": 0.0}, r"thickness = 0\.0 m must be positive"),
        ({"stripe_width": -1e-9}, r"stripe_width = -1e-09 m must be positive"),
        ({"torques": ("zhang_li",)}, "torques has zhang_li; choose among 'zhang-li' and 'spin-orbit'"),
    ],
)
def test_a_material_or_stripe_that_the_model_does_not_know_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        from_material(**changes)


def test_no_loop_of_the_compiled_rates_repeats_a_sine():
    # XLA for CPUs puts what several loops use into each of them; with 21 of them a wall took three times as long. Each
    # angle is brought to within a right angle in the loops of its sine and of its cosine.
    tilted = wall(dmi_field=6e4, tilting=Tilting(stripe_width=32e-9, tension_field=8e5))
    with jax.enable_x64(True):
        many = jnp.linspace(0.0, 1.0, 100)
        rates = jax.jit(lambda q, phi, chi: tilted.rates(q, phi, 1e12, jnp.zeros(3), tilt=chi))
        compiled = rates.lower(many, many, many).compile().as_text()
    assert 0 < compiled.count(" round-nearest-even(") <= 4
    assert not any(f" {name}(" in compiled for name in ("sine", "cosine"))
