"""Torques and time integration: against OOMMF and closed forms."""

import discretisedfield as df
import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pytest

import runs.native as nc
from runs.native.translate import initial_amplitudes, translate

GAMMA0 = mm.consts.gamma0
TORQUE_TIME = 2e-12


def macrospin(direction, dynamics, energy=0):
    mesh = df.Mesh(p1=(0, 0, 0), p2=(2e-9, 2e-9, 2e-9), n=(1, 1, 1))
    m = df.Field(mesh, nvdim=3, value=direction, norm=8e5)
    return mm.System(name="macrospin", m=m, energy=energy, dynamics=dynamics)


def run_macrospin(system, times, **options):
    m, _ = nc.simulate(system, times, **options)
    return m[:, 0, 0, 0].T


def azimuth(x, y):
    return np.unwrap(np.arctan2(y, x))


def check_motion(system, final):
    m, _ = nc.simulate(system, [0, TORQUE_TIME], tolerance=1e-7)
    magnet = np.isfinite(m[-1]).all(axis=-1)
    assert np.array_equal(magnet, system.m.norm.array[..., 0] > 0)
    # OOMMF's own error in these 2 ps is some 1e-4; m turns by 0.8.
    assert np.abs(m[-1] - final)[magnet].max() < 2e-4


def test_torque_is_as_recorded_from_oommf(shape, torque_name, make_torque_system, recorded_motions):
    check_motion(make_torque_system(shape, torque_name), recorded_motions[f"{shape}/{torque_name}"])


@pytest.mark.oommf
def test_torque_is_oommfs(torque_name, make_torque_system, oommf_moves, tmp_path):
    final = oommf_moves(make_torque_system("film", torque_name), tmp_path)
    check_motion(make_torque_system("film", torque_name), final)


def test_torques_add_up(make_torque_system):
    both, one, other = (make_torque_system("block", "zhang_li") for _ in range(3))
    slonczewski = make_torque_system("block", "slonczewski").dynamics.get(type=mm.Slonczewski)[0]
    both.dynamics += slonczewski
    other.dynamics = both.dynamics - one.dynamics.get(type=mm.ZhangLi)[0]
    base = mm.System(
        name="base", m=one.m, energy=one.energy, dynamics=mm.Precession(gamma0=2.3e5) + mm.Damping(alpha=0.3)
    )
    rates = []
    for system in (both, one, other, base):
        translation = translate(system)
        with jax.enable_x64(True):
            m = translation.discretisation.magnetisation
            rates.append(np.asarray(translation.model.derivative(jnp.asarray(m), initial_amplitudes([]))))
    total = rates[1] + rates[2] - rates[3]
    np.testing.assert_allclose(rates[0], total, atol=1e-12 * np.abs(total).max())
    assert np.abs(np.sum(rates[0] * m, axis=0)).max() <= 1e-12 * np.abs(rates[0]).max()


def test_damped_precession_of_a_macrospin():
    strength, alpha, polar = 5e5, 0.1, 2.5
    system = macrospin(
        (np.sin(polar), 0, np.cos(polar)),
        mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=alpha),
        mm.Zeeman(H=(0, 0, strength)),
    )
    times = np.linspace(0, 0.3e-9, 31)
    x, y, z = run_macrospin(system, times, tolerance=1e-7)
    rate = GAMMA0 * strength / (1 + alpha**2)
    np.testing.assert_allclose(z, np.cos(2 * np.arctan(np.tan(polar / 2) * np.exp(-alpha * rate * times))), atol=2e-6)
    np.testing.assert_allclose(azimuth(x, y), rate * times, atol=2e-5)
    np.testing.assert_allclose(x**2 + y**2 + z**2, 1, atol=1e-14)


def test_spin_current_turns_a_macrospin():
    density, degree, secondary, thickness = 1e12, 0.3, 0.05, 2e-9
    torque = mm.Slonczewski(J=density, mp=(0, 0, 1), P=degree, Lambda=1, eps_prime=secondary)
    system = macrospin((0.6, 0, -0.8), mm.Precession(gamma0=GAMMA0) + torque)
    times = np.linspace(0, 0.5e-9, 11)
    x, y, z = run_macrospin(system, times, tolerance=1e-7)
    consts = mm.consts
    rate = GAMMA0 * consts.hbar * density / (consts.mu0 * consts.e * thickness * 8e5)
    np.testing.assert_allclose(z, np.tanh(np.arctanh(-0.8) + rate * degree / 2 * times), atol=1e-6)
    # dm/dt = -rate eps' m x z turns m about +z.
    np.testing.assert_allclose(azimuth(x, y), rate * secondary * times, atol=1e-6)


@pytest.mark.parametrize("dt", [None, 1e-13])
def test_piecewise_linear_field_is_exact(dt):
    waveform = nc.PiecewiseLinear((1e-11, 1e-11, 3e-11, 3e-11, 5e-11), (0.0, 1.0, 1.0, -0.5, 0.25))
    extra = {} if dt is None else {"dt": dt}
    system = macrospin((1, 0, 0), mm.Precession(gamma0=GAMMA0), mm.Zeeman(H=(0, 0, 1e6), func=waveform, **extra))
    times = np.array([0, 1, 2, 3, 4, 5, 6, 8]) * 1e-11
    x, y, _ = run_macrospin(system, times, tolerance=1e-8)
    impulse = np.array([0, 0, 1, 2, 2 - 0.3125, 2 - 0.25, 2, 2.5]) * 1e-11
    np.testing.assert_allclose(azimuth(x, y), GAMMA0 * 1e6 * impulse, atol=1e-6)


@pytest.mark.parametrize(
    ("waveform", "impulse"),
    [
        (
            {"func": "sin", "f": 2e9, "t0": 1e-11},
            lambda t: (np.cos(4e9 * np.pi * 1e-11) - np.cos(4e9 * np.pi * (t - 1e-11))) / (4e9 * np.pi),
        ),
        ({"func": lambda t: np.exp(-t / 2e-10), "dt": 1e-13}, lambda t: 2e-10 * (1 - np.exp(-t / 2e-10))),
    ],
    ids=["sine", "function"],
)
def test_function_of_time(waveform, impulse):
    system = macrospin((1, 0, 0), mm.Precession(gamma0=GAMMA0), mm.Zeeman(H=(0, 0, 1e5), **waveform))
    times = np.linspace(0, 0.4e-9, 9)
    x, y, _ = run_macrospin(system, times, tolerance=1e-8)
    np.testing.assert_allclose(azimuth(x, y), GAMMA0 * 1e5 * impulse(times), atol=1e-5)


def wall_system(**options):
    """A Bloch wall at 100 nm in a stripe of one row of cells, held in its plane by a hard axis along x."""
    mesh = df.Mesh(p1=(0, 0, 0), p2=(200e-9, 2e-9, 2e-9), cell=(1e-9, 2e-9, 2e-9))
    x = mesh.cells.x
    width = np.sqrt(1e-11 / 4e5)
    m = np.stack([0 * x, 1 / np.cosh((x - 100e-9) / width), -np.tanh((x - 100e-9) / width)], axis=-1)
    system = mm.System(name="wall", m=df.Field(mesh, nvdim=3, value=m[:, None, None, :], norm=6e5))
    hard = mm.UniaxialAnisotropy(K=-1e5, u=(1, 0, 0), name="hard")
    system.energy = mm.Exchange(A=1e-11) + mm.UniaxialAnisotropy(K=4e5, u=(0, 0, 1), name="easy") + hard
    system.dynamics = mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=0.1) + mm.ZhangLi(**options)
    return system


def test_bloch_wall_has_its_width_and_energy():
    system = wall_system(u=0.0, beta=0.0)
    system.energy -= system.energy.hard
    m, table = nc.minimise(system, stopping_mxHxm=1e-3)
    area = 2e-9 * 2e-9
    width = np.sqrt(1e-11 / 4e5)
    discrete = 1 - (1e-9 / width) ** 2 / 24  # leading correction for the finite cell
    assert table.E[0] / area == pytest.approx(4 * np.sqrt(1e-11 * 4e5) * discrete, rel=1e-4)
    z = m[:, 0, 0, 2]
    inner = np.abs(z) < 0.9
    slope = np.polyfit(system.m.mesh.cells.x[inner], np.arctanh(z[inner]), 1)[0]
    assert -1 / slope == pytest.approx(width, rel=1e-2)


@pytest.mark.parametrize(("u", "beta"), [(20.0, 0.04), (-20.0, 0.1), (15.0, 0.3)])
def test_wall_moves_at_beta_u_over_alpha(u, beta):
    system = wall_system(u=u, beta=beta)
    m, _ = nc.simulate(system, [0, 0.5e-9, 1e-9, 1.5e-9])
    position = 0.5 * (m[:, :, 0, 0, 2].mean(axis=1) + 1) * 200e-9
    assert position[0] == pytest.approx(100e-9, abs=0.1e-9)
    assert (position[3] - position[2]) / 0.5e-9 == pytest.approx(beta * u / 0.1, rel=0.01)


def test_damping_alone_needs_no_precession():
    system = macrospin((1, 0, 0), mm.Damping(alpha=0.5), mm.Zeeman(H=(0, 0, 1e5)))
    times = np.linspace(0, 0.1e-9, 5)
    _, y, z = run_macrospin(system, times, tolerance=1e-7)
    np.testing.assert_allclose(z, np.tanh(GAMMA0 * 1e5 * 0.5 / 1.25 * times), atol=1e-6)
    assert np.all(y == 0)


def test_second_run_compiles_nothing():
    compiled = []
    jax.monitoring.register_event_duration_secs_listener(
        lambda event, _, **__: compiled.append(event) if event.endswith("backend_compile_duration") else None
    )
    counts = []
    for u, duration in ((10.0, 1e-11), (-7.0, 1.3e-11)):
        waveform = nc.PiecewiseLinear((0.0, duration / 2), (1.0, abs(u)))
        compiled.clear()
        nc.simulate(wall_system(u=u, beta=0.1, func=waveform), [0, duration])
        counts.append(len(compiled))
    assert counts[0] > 0
    assert counts[1] == 0


def test_leaves_the_system_and_jax_alone(make_torque_system):
    system = make_torque_system("film", "zhang_li")
    before = system.m.array.copy()
    nc.simulate(system, [0, 1e-13])
    assert np.array_equal(system.m.array, before)
    assert jnp.zeros(1).dtype == jnp.float32
