"""Torques and time integration: against OOMMF and closed forms."""

import discretisedfield as df
import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet
from rate_of_change import rate
from rows import rows

import runs.native as nc

GAMMA0 = mm.consts.gamma0
OOMMF_GAMMA0 = 2.211e5
TORQUE_TIME = 2e-12


def macrospin(direction, dynamics, energy=0):
    return magnet((1, 1, 1), direction, energy, dynamics)


def run_macrospin(system, times, **options):
    m, _ = nc.evolve(system, times, **options)
    return m[:, 0, 0, 0].T


def azimuth(x, y):
    return np.unwrap(np.arctan2(y, x))


def check_motion(system, final):
    m, _ = nc.evolve(system, [0, TORQUE_TIME], tolerance=1e-9)
    magnet = np.isfinite(m[-1]).all(axis=-1)
    assert np.array_equal(magnet, system.m.norm.array[..., 0] > 0)
    # m turns by 0.8. Ours interpolates a sine; in OOMMF a Python function is a staircase.
    functions = [getattr(term, "func", None) for term in (*system.energy, *system.dynamics)]
    waves = any(isinstance(function, str) for function in functions)
    tolerance = 1e-4 if any(map(callable, functions)) else 1e-6 if waves else 1e-8
    assert np.abs(m[-1] - final)[magnet].max() < tolerance


def test_torque_is_as_recorded_from_oommf(shape, torque_name, make_torque_system, recorded_motions):
    check_motion(make_torque_system(shape, torque_name), recorded_motions[f"{shape}/{torque_name}"])


@pytest.mark.slow
@pytest.mark.oommf
def test_torque_is_oommfs(torque_name, make_torque_system, oommf_moves, tmp_path):
    final = oommf_moves(make_torque_system("film", torque_name), tmp_path)
    check_motion(make_torque_system("film", torque_name), final)


@pytest.mark.parametrize("axis", "xyz")
def test_the_current_drives_every_cell_of_a_ring_alike(axis):
    # m turns once around a period, at rest but for the current, so that no cell is other than its neighbours.
    along, count = "xyz".index(axis), 12
    n = np.where(np.arange(3) == along, count, 1).tolist()
    angle = (2 * np.pi * np.arange(count) / count).reshape(n)
    c, s, none = np.cos(angle), np.sin(angle), 0 * angle
    torque = mm.ZhangLi(u=tuple(np.where(np.arange(3) == along, 300.0, 0.0)), beta=0.1)
    dynamics = mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=0.1) + torque
    ring = magnet(n, np.stack([c, s, none], axis=-1), mm.Zeeman(H=(0, 0, 0)), dynamics, bc=axis)
    # With beta = alpha it goes along with u, by the mean of both differences: sin(k d) / d.
    expected = -300.0 * np.sin(2 * np.pi / count) / 2e-9 * np.stack([-s, c, none]).swapaxes(1, 3)
    np.testing.assert_allclose(rate(ring), expected, atol=1e-9 * np.abs(expected).max())


def test_torques_add_up(make_torque_system):
    system = make_torque_system("block", "graded")
    base = system.dynamics
    terms = [
        make_torque_system("block", "zhang_li_local").dynamics.get(type=mm.ZhangLi)[0],
        mm.ZhangLi(u=(0, 300.0, 0), beta=0.3, name="second"),
        make_torque_system("block", "slonczewski_local").dynamics.get(type=mm.Slonczewski)[0],
        mm.Slonczewski(J=-1e12, mp=(1, 0, 0), P=0.3, Lambda=1, name="second"),
        nc.SpinOrbitTorque(J=3e12, theta_SH=-0.2, field_like_ratio=0.5),
    ]
    alone = rate(system)
    added = []
    for term in terms:
        system.dynamics = base + term
        added.append(rate(system) - alone)
    assert all(np.abs(one).max() > 1e-3 * np.abs(alone).max() for one in added)
    system.dynamics = base + mm.dynamics.Dynamics(terms)
    total = rate(system)
    np.testing.assert_allclose(total, alone + sum(added), atol=1e-12 * np.abs(total).max())
    m = np.nan_to_num(system.m.orientation.array).T
    assert np.abs(np.sum(total * m, axis=0)).max() <= 1e-12 * np.abs(total).max()


def test_two_dampings_are_refused():
    twice = mm.Damping(alpha=0.1) + mm.Damping(alpha=0.2, name="second")
    with pytest.raises(ValueError, match="2 terms of Damping"):
        nc.evolve(macrospin((1, 0, 0), twice, mm.Zeeman(H=(0, 0, 1))), [0, 1e-12])


def test_spin_orbit_torque_is_slonczewskis_in_one_layer(make_torque_system):
    system = make_torque_system("film", "graded")
    base, mesh = system.dynamics, system.m.mesh
    random = np.random.default_rng(3)
    current = df.Field(mesh, nvdim=1, value=random.normal(size=(*mesh.n, 1)) * 1e12)
    angle, ratio = (df.Field(mesh, nvdim=1, value=random.uniform(0.1, 0.5, size=(*mesh.n, 1))) for _ in range(2))
    sigma = df.Field(mesh, nvdim=3, value=random.normal(size=(*mesh.n, 3)))
    system.dynamics = base + nc.SpinOrbitTorque(J=current, theta_SH=angle, sigma=sigma, field_like_ratio=ratio)
    ours = rate(system)
    system.dynamics = base + mm.Slonczewski(J=current, mp=sigma, P=angle, Lambda=1, eps_prime=0.5 * angle * ratio)
    np.testing.assert_allclose(ours, rate(system), atol=1e-12 * np.abs(ours).max())
    regions = {"J": {"one": 1e12, "two": -2e12}, "theta_SH": {"one": 0.1, "two": 0.2, "default": 0.3}}
    system.dynamics = base + nc.SpinOrbitTorque(**regions, sigma={"one": (0, 2, 0), "two": (1, 0, 0)})
    ours = rate(system)
    system.dynamics = base + mm.Slonczewski(
        J=regions["J"], P=regions["theta_SH"], Lambda=1, mp={"one": (0, 1, 0), "two": (1, 0, 0)}
    )
    np.testing.assert_allclose(ours, rate(system), atol=1e-12 * np.abs(ours).max())


def test_layers_share_the_spin_current():
    norm = np.full((2, 1, 3, 1), 8e5)
    norm[0, 0, 2] = 0

    def layers(**options):
        torque = nc.SpinOrbitTorque(**{"J": 1e12, "theta_SH": 0.1, **options})
        return magnet((2, 1, 3), (0.6, 0, 0.8), dynamics=mm.dynamics.Dynamics([torque]), Ms=norm)

    def strength(**options):
        return np.linalg.norm(rate(layers(**options)), axis=0)[:, 0].T

    unit = strength(thickness=2e-9)
    np.testing.assert_allclose(unit, unit[1, 0] * np.array([[1, 1, 0], [1, 1, 1]]), rtol=1e-12)
    np.testing.assert_allclose(strength(), unit / np.array([[2], [3]]), rtol=1e-12)
    mesh = layers().m.mesh
    bottom = df.Field(mesh, nvdim=1, value=np.array([1e12, 0, 0]).reshape(1, 1, 3, 1) * np.ones((2, 1, 1, 1)))
    np.testing.assert_allclose(strength(J=bottom), unit * np.array([1, 0, 0]), rtol=1e-12)


def tilting(share, **options):
    """A perpendicular macrospin whose damping-like field is `share` of the anisotropy field."""
    anisotropy_field = 2 * 4e5 / (mm.consts.mu0 * 8e5)
    current = 2 * mm.consts.e * mm.consts.mu0 * 8e5 * 2e-9 * share * anisotropy_field / (mm.consts.hbar * 0.2)
    torque = nc.SpinOrbitTorque(J=current, theta_SH=0.2, **options)
    dynamics = mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=0.5) + torque
    return macrospin((0, 0, 1), dynamics, mm.UniaxialAnisotropy(K=4e5, u=(0, 0, 1)))


def test_spin_orbit_torque_tilts_a_perpendicular_macrospin():
    # With sigma = y, H_K cos(theta) sin(theta) balances a: sin(2 theta) = -2 a / H_K, towards -x.
    x, y, z = run_macrospin(tilting(0.4), [0, 3e-9])[:, -1]
    assert np.arctan2(x, z) == pytest.approx(-np.arcsin(0.8) / 2, abs=1e-6)
    assert abs(y) < 1e-6
    x, y, z = run_macrospin(tilting(0.4, sigma=(-3, 0, 0)), [0, 3e-9])[:, -1]
    assert np.arctan2(y, z) == pytest.approx(-np.arcsin(0.8) / 2, abs=1e-6)
    assert abs(x) < 1e-6


def test_spin_orbit_torque_has_its_critical_current():
    # Above a = H_K / 2 no tilted state is left; Lee et al., Appl. Phys. Lett. 102, 112410 (2013).
    slowly = nc.PiecewiseLinear((0, 2e-9), (0, 1))
    z = [run_macrospin(tilting(share, func=slowly), [0, 4e-9])[2, -1] for share in (0.495, 0.505)]
    assert z[0] == pytest.approx(np.cos(np.arcsin(0.99) / 2), abs=1e-3)
    assert abs(z[1]) < 0.1


def test_spin_orbit_torque_is_a_term_of_ubermag():
    torque = nc.SpinOrbitTorque(J=1e12, theta_SH=0.1)
    dynamics = mm.Precession(gamma0=GAMMA0) + torque
    dynamics += mm.Damping(alpha=0.1)
    assert dynamics.spinorbittorque is torque
    assert repr(torque) == "SpinOrbitTorque(J=1000000000000.0, theta_SH=0.1)"
    assert r"\theta_\text{SH}" in dynamics._repr_latex_()
    with pytest.raises(NotImplementedError):
        torque.dmdt(None, None)
    with pytest.raises(TypeError):
        nc.SpinOrbitTorque(J="1e12")
    with pytest.raises(AttributeError):
        nc.SpinOrbitTorque(P=0.1)


@rows(
    ("options", "message"),
    [
        ({"J": 1e12}, "theta_SH is not set"),
        ({"J": 1e12, "theta_SH": 0.1, "sigma": (0, 0, 0)}, "sigma=.* is zero"),
        ({"J": np.inf, "theta_SH": 0.1}, "J has values that are not finite"),
        ({"J": 1e12, "theta_SH": 0.1, "dt": 1e-13}, "dt given without func"),
    ],
)
def test_bad_spin_orbit_torque_is_named(options, message):
    dynamics = mm.Precession(gamma0=GAMMA0) + nc.SpinOrbitTorque(**options)
    with pytest.raises(ValueError, match=f"SpinOrbitTorque 'spinorbittorque'.*{message}"):
        nc.evolve(macrospin((1, 0, 0), dynamics, mm.Zeeman(H=(0, 0, 1))), [0, 1e-12])


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


def test_damping_alone_needs_no_precession():
    system = macrospin((1, 0, 0), mm.Damping(alpha=0.5), mm.Zeeman(H=(0, 0, 1e5)))
    times = np.linspace(0, 0.1e-9, 5)
    _, y, z = run_macrospin(system, times, tolerance=1e-7)
    np.testing.assert_allclose(z, np.tanh(OOMMF_GAMMA0 * 1e5 * 0.5 / 1.25 * times), atol=1e-6)
    assert np.all(y == 0)


def test_second_run_compiles_nothing():
    compiled = []
    jax.monitoring.register_event_duration_secs_listener(
        lambda event, _, **__: compiled.append(event) if event.endswith("backend_compile_duration") else None
    )
    counts = []
    for u, duration in ((10.0, 1e-11), (-7.0, 1.3e-11)):
        torque = mm.ZhangLi(u=u, beta=0.1, func=nc.PiecewiseLinear((0.0, duration / 2), (1.0, abs(u))))
        dynamics = mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=0.1) + torque
        compiled.clear()
        nc.evolve(magnet((7, 1, 1), (0.1, 0, 1), mm.Exchange(A=1e-11), dynamics), [0, duration])
        counts.append(len(compiled))
    assert counts[0] > 0
    assert counts[1] == 0


def test_leaves_the_system_and_jax_alone(make_torque_system):
    system = make_torque_system("film", "zhang_li")
    before = system.m.array.copy()
    nc.evolve(system, [0, 1e-13])
    assert np.array_equal(system.m.array, before)
    assert jnp.zeros(1).dtype == jnp.float32
