"""The thermal field: Boltzmann's distribution, what it leaves alone, and what is refused.

Statistics are of many macrospins at once: cells that no term couples. A test on right code fails with
the probability `FALSE_ALARM`; seeds are fixed, so that it fails always or never.
"""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
import scipy.integrate
import scipy.stats
from magnets import magnet
from rows import rows

import runs.native as nc
from runs.native.time.stochastic import steps_in

FALSE_ALARM = 1e-6
BOLTZMANN, MU0, GAMMA0 = mm.consts.kB, mm.consts.mu0, mm.consts.gamma0
EDGE, SATURATION = 5e-9, 8e5
VOLUME = EDGE**3
UNIT_FIELD = BOLTZMANN * 300 / (MU0 * SATURATION * VOLUME)
"""A/m; the field in which a macrospin has the energy k_B T at 300 K."""
LLG = mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=0.5)


def macrospins(n, energy, dynamics, *, saturation=SATURATION, temperature=300.0, boxes=None):
    """Cells in directions at random."""
    directions = np.random.default_rng(1).normal(size=(*n, 3))
    return magnet(n, directions, energy, dynamics, cell=EDGE, Ms=saturation, boxes=boxes, T=temperature)


def p_value(z, energy):
    """Probability of such a sample of m_z or a stranger one, if its density is exp(-energy(m_z) / k_B T).

    The smaller of two p-values, doubled: of the mean energy, which knows best how strong the noise is,
    and of Kolmogorov and Smirnov's distance, which sees any shape.
    """
    grid = np.linspace(-1, 1, 4001)
    weight = np.exp(-(energy(grid) - energy(grid).min()))
    cumulative = scipy.integrate.cumulative_trapezoid(weight, grid, initial=0)
    weight, cumulative = weight / cumulative[-1], cumulative / cumulative[-1]
    mean, square = (np.trapezoid(weight * energy(grid) ** power, grid) for power in (1, 2))
    deviation = (energy(z).mean() - mean) / np.sqrt((square - mean**2) / z.size)
    of_energy = 2 * scipy.stats.norm.sf(abs(deviation))
    of_shape = scipy.stats.kstest(z, lambda value: np.interp(value, grid, cumulative)).pvalue
    return min(1.0, 2 * min(of_energy, of_shape))


def final(system, duration, step, **options):
    m, _ = nc.evolve(system, [0, duration], thermal=nc.ThermalField(seed=5, time_step=step, **options))
    return m[-1]


@pytest.mark.parametrize(
    "dynamics",
    [LLG, mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=0.2), mm.dynamics.Dynamics([mm.Damping(alpha=0.5)])],
    ids=["strong damping", "weak damping", "no precession"],
)
@pytest.mark.slow
def test_macrospin_in_a_field_is_langevins(dynamics):
    system = macrospins((32, 32, 16), mm.Zeeman(H=(0, 0, 2 * UNIT_FIELD)), dynamics)
    z = final(system, 2.5e-9, 1.25e-12)[..., 2].ravel()
    assert p_value(z, lambda z: -2 * z) > FALSE_ALARM
    # What the test sees: a temperature that is 10 % off, either way.
    for share in (0.9, 1.1):
        assert p_value(z, lambda z, share=share: -2 * z / share) < FALSE_ALARM


@pytest.mark.slow
def test_uniaxial_macrospin_is_boltzmanns():
    anisotropy = mm.UniaxialAnisotropy(K=3 * BOLTZMANN * 300 / VOLUME, u=(0, 0, 1))
    z = final(macrospins((32, 32, 16), anisotropy, LLG), 1.5e-9, 1e-12)[..., 2].ravel()
    assert p_value(z, lambda z: -3 * z**2) > FALSE_ALARM
    for share in (0.9, 1.1):
        assert p_value(z, lambda z, share=share: -3 * z**2 / share) < FALSE_ALARM


@pytest.mark.slow
def test_every_parameter_may_vary_in_space():
    alpha = {"a": 0.3, "b": 1.0, "c": 0.5, "d": 0.4}
    gamma0 = {"a": 2.2e5, "b": 1.8e5, "c": 1.0e5, "d": 3.0e5}
    saturation = {"a": 8e5, "b": 6e5, "c": 8e5, "d": 1e6}
    temperature = {"a": 300.0, "b": 150.0, "c": 400.0, "d": 200.0}
    boxes = {name: ((8 * place, 0, 0), (8 * place + 8, 32, 32)) for place, name in enumerate("abcd")}
    field = mm.Zeeman(H=(0, 0, 2 * UNIT_FIELD))
    dynamics = mm.Precession(gamma0=gamma0) + mm.Damping(alpha=alpha)
    system = macrospins((32, 32, 32), field, dynamics, saturation=saturation, temperature=0, boxes=boxes)
    z = final(system, 2.5e-9, 1.25e-12, temperature=temperature)[..., 2].reshape(4, -1)
    for name, sample in zip("abcd", z, strict=True):
        ratio = 2 * 300 / temperature[name] * saturation[name] / SATURATION
        assert p_value(sample, lambda z, ratio=ratio: -ratio * z) > FALSE_ALARM / 4


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["slonczewski", "spin_orbit"])
def test_spin_current_acts_as_a_field_over_alpha(kind):
    # A spin current along the axis of a uniaxial macrospin pulls as damping in the field a / alpha does, so the
    # stationary distribution is Boltzmann's with this field's energy; the field b acts as itself.
    field, alpha = 0.4 * UNIT_FIELD, 0.5
    current = 2 * mm.consts.e * MU0 * SATURATION * EDGE * field / (mm.consts.hbar * 0.3)
    if kind == "slonczewski":
        torque, total = mm.Slonczewski(J=current, mp=(0, 0, 1), P=0.3, Lambda=1), 0.4 / alpha
    else:
        torque = nc.SpinOrbitTorque(J=current, theta_SH=0.3, sigma=(0, 0, 1), field_like_ratio=0.5, thickness=EDGE)
        total = 0.4 / alpha + 0.2
    anisotropy = mm.UniaxialAnisotropy(K=BOLTZMANN * 300 / VOLUME, u=(0, 0, 1))
    z = final(macrospins((32, 32, 16), anisotropy, LLG + torque), 1.5e-9, 1e-12)[..., 2].ravel()
    assert p_value(z, lambda z: -(z**2) - total * z) > FALSE_ALARM
    assert p_value(z, lambda z: -(z**2) - 0.8 * total * z) < FALSE_ALARM


@pytest.mark.slow
def test_every_spin_wave_has_the_energy_of_its_temperature():
    # Far below the Curie temperature each cell has two modes, each with k_B T / 2 of energy over the ground state.
    energy = mm.Exchange(A=1.3e-11) + mm.Demag() + mm.Zeeman(H=(0, 0, 5e6))
    system = magnet((8, 8, 8), (0, 0, 1), energy, mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=0.3), T=5.0)
    times = np.linspace(0, 1.2e-10, 21)
    _, table = nc.evolve(system, times, thermal=nc.ThermalField(seed=3, time_step=2e-14))
    system.T = 0
    lowest = nc.minimise(system)[1].E[0]
    # Twice the energy over k_B T is a sum of 2 N squares of normal numbers; 6 ps later all are new.
    energies = 2 * (table.E[5:] - lowest) / (BOLTZMANN * 5.0)
    freedoms = 2 * 512 * len(energies)
    assert scipy.stats.chi2.sf(energies.sum(), freedoms) > FALSE_ALARM / 2
    assert scipy.stats.chi2.cdf(energies.sum(), freedoms) > FALSE_ALARM / 2


@pytest.mark.slow
@pytest.mark.oommf
def test_way_to_equilibrium_is_oommfs(tmp_path):
    import oommfc as oc

    def turned_aside():
        system = macrospins((32, 32, 8), mm.Zeeman(H=(0, 0, 2 * UNIT_FIELD)), LLG)
        system.m = df.Field(system.m.mesh, nvdim=3, value=(1, 0, 0), norm=SATURATION)
        return system

    ours, system = final(turned_aside(), 1e-10, 5e-13), turned_aside()
    evolver = oc.UHH_ThetaEvolver(fixed_timestep=2e-13, uniform_seed=7)
    oc.TimeDriver(evolver=evolver).drive(system, t=1e-10, n=1, n_threads=1, verbose=0, dirname=str(tmp_path))
    theirs = system.m.orientation.array
    for component in range(3):
        one, other = ours[..., component].ravel(), theirs[..., component].ravel()
        assert scipy.stats.ks_2samp(one, other).pvalue > FALSE_ALARM / 3
    # Far from the start, and from equilibrium.
    assert 0.1 < ours[..., 0].mean() < 0.5
    assert 0.1 < ours[..., 2].mean() < 0.45


def small(dynamics=LLG, temperature=300.0):
    """Exchange-coupled cells, three of them without magnet, in two subregions."""
    norm = np.full((4, 3, 1, 1), SATURATION)
    norm[3] = 0
    directions = np.random.default_rng(2).normal(loc=(0, 0, 2), size=(4, 3, 1, 3))
    energy = mm.Exchange(A=1e-12) + mm.Zeeman(H=(0, 0, 1e5))
    left = {"left": ((0, 0, 0), (2, 3, 1))}
    return magnet((4, 3, 1), directions, energy, dynamics, cell=EDGE, Ms=norm, boxes=left, name="small", T=temperature)


def test_seed_decides():
    thermal = {"time_step": 1e-13}
    one, again, other = (
        nc.evolve(small(), [0, 1e-11], thermal=nc.ThermalField(seed=seed, **thermal))[0] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, again)
    assert np.nanmax(np.abs(one[-1] - other[-1])) > 0.01
    # More frames on the same steps see the same noise.
    frames, table = nc.evolve(small(), np.linspace(0, 1e-11, 5), thermal=nc.ThermalField(seed=1, **thermal))
    np.testing.assert_allclose(frames[-1], one[-1], atol=1e-9)
    assert table.evaluations.tolist() == [0, 50, 100, 150, 200]
    driven = small()
    nc.TimeDriver(thermal=nc.ThermalField(seed=1, **thermal)).drive(driven, t=1e-11, n=1, save=False, verbose=0)
    np.testing.assert_allclose(driven.m.orientation.array[:3], one[-1, :3], atol=1e-12)


def test_steps_hit_save_times():
    assert steps_in(1e-12, 1e-13) == 10
    assert steps_in(1.01e-12, 1e-13) == 11
    assert steps_in(1e-14, 1e-13) == 1
    _, table = nc.evolve(small(), [0, 2.5e-13, 1e-12], thermal=nc.ThermalField(seed=1, time_step=1e-13))
    assert table.evaluations.tolist() == [0, 6, 22]


def test_free_moments_diffuse_as_browns_equation_says():
    # <|dm|^2> = 4 D t with D = alpha gamma0 k T / ((1 + alpha^2) mu0 Ms V), W. F. Brown, Phys. Rev. 130, 1677 (1963).
    system = macrospins((16, 16, 16), mm.Zeeman(H=(0, 0, 0)), LLG)
    m, _ = nc.evolve(system, [0, 1e-14], thermal=nc.ThermalField(seed=3, time_step=1e-14, check="never"))
    moved = np.sum((m[1] - m[0]) ** 2, axis=-1)
    expected = 4 * 0.5 * GAMMA0 * UNIT_FIELD / (1 + 0.5**2) * 1e-14
    assert moved.mean() == pytest.approx(expected, rel=0.08)  # five standard errors of 8192 squares


def test_without_noise_a_step_is_of_second_order():
    # A moment on its way from the equator into the field: m_z = tanh(alpha gamma0 H t / (1 + alpha^2)).
    system = macrospins((1, 1, 1), mm.Zeeman(H=(0, 0, 1e6)), LLG, temperature=0)
    system.m = df.Field(system.m.mesh, nvdim=3, value=(1, 0, 0), norm=SATURATION)
    expected = np.tanh(0.5 * GAMMA0 * 1e6 / (1 + 0.5**2) * 8e-12)
    errors = []
    for step in (4e-13, 2e-13):
        thermal = nc.ThermalField(seed=1, time_step=step, temperature=1e-12, check="never")
        m, _ = nc.evolve(system, [0, 8e-12], thermal=thermal)
        errors.append(abs(m[1, 0, 0, 0, 2] - expected))
    assert errors[0] < 1e-2
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.3)


@pytest.mark.slow
def test_cold_limit_has_every_torque_and_waveform():
    torques = (
        mm.ZhangLi(u=(200.0, -100.0, 0), beta=0.1, func=nc.PiecewiseLinear((0, 2e-12), (0.5, 2.0)))
        + mm.Slonczewski(J=2e12, mp=(0, 1, 0), P=0.4, Lambda=1.5, eps_prime=0.1, func=np.cos, dt=1e-13)
        + nc.SpinOrbitTorque(J=3e12, theta_SH=0.2, field_like_ratio=-0.4)
        + mm.ZhangLi(u=(0, 300.0, 0), beta=0.3, name="second")
    )
    times = [0, 1.5e-12, 4e-12]
    expected, _ = nc.evolve(small(LLG + torques, 0), times, tolerance=1e-9)
    moved = np.nanmax(np.abs(expected[-1] - expected[0]))
    assert moved > 0.2
    errors = []
    for step in (2e-14, 1e-14):
        thermal = nc.ThermalField(seed=1, time_step=step, temperature=1e-12)
        m, _ = nc.evolve(small(LLG + torques, 0), times, thermal=thermal)
        errors.append(np.nanmax(np.abs(m - expected)))
    assert errors[1] < 1e-5
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.1)


def test_noise_is_where_there_are_magnet_damping_and_temperature():
    alpha = df.Field(small().m.mesh, nvdim=1, value=np.where(np.arange(3) == 1, 0.0, 0.5)[None, :, None, None])
    system = small(mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=alpha), 0)
    system.energy = mm.Zeeman(H=(0, 0, 0))
    thermal = nc.ThermalField(seed=1, time_step=1e-13, temperature={"left": 300.0})
    m, _ = nc.evolve(system, [0, 1e-12], thermal=thermal)
    moved = np.linalg.norm(m[1] - m[0], axis=-1)[..., 0]
    assert np.all(np.isnan(moved[3]))
    assert np.all(moved[2] < 1e-12)
    assert np.all(moved[:2, 1] < 1e-12)
    assert np.all(moved[:2, [0, 2]] > 1e-4)
    held, _ = nc.evolve(system, [0, 1e-12], thermal=thermal, fixed_subregions=["left"])
    assert np.nanmax(np.abs(held[1] - held[0])) < 1e-12


@pytest.mark.slow
def test_temperature_follows_its_waveform():
    system = small(temperature=0)
    system.energy = mm.Zeeman(H=(0, 0, 0))
    pulse = nc.PiecewiseLinear((1e-12, 1e-12, 2e-12, 2e-12), (0.0, 4.0, 4.0, 0.0))
    functions = {"left": pulse, "default": 1.0}
    options = {"seed": 1, "time_step": 1e-13, "temperature": 300.0}
    m, _ = nc.evolve(system, np.arange(4) * 1e-12, thermal=nc.ThermalField(func=nc.PerRegion(functions), **options))
    steps = np.linalg.norm(np.diff(m, axis=0), axis=-1)[..., 0]
    assert np.all(steps[[0, 2], :2] < 1e-12)
    assert np.all(steps[:, 2] > 1e-4)
    # Four times the temperature is twice the noise.
    hot, _ = nc.evolve(system, [0, 1e-12], thermal=nc.ThermalField(func=lambda _: 4.0, dt=1e-13, **options))
    cold, _ = nc.evolve(system, [0, 1e-12], thermal=nc.ThermalField(**options))
    turned = [np.linalg.norm(np.cross(one[0], one[1]), axis=-1) for one in (hot, cold)]
    assert np.nanmedian(turned[0] / turned[1]) == pytest.approx(2, rel=0.2)


def test_step_that_is_too_long_names_one_that_is_not():
    with pytest.raises(nc.IntegrationError, match=r"small'.* too long .*give time_step=(\S+) or less") as caught:
        # Of the steps to the frames the longest counts.
        nc.evolve(small(), [0, 1e-15, 1e-10], thermal=nc.ThermalField(seed=1, time_step=1e-11))
    named = float(str(caught.value).split("time_step=")[1].split()[0])
    nc.evolve(small(), [0, 10 * named], thermal=nc.ThermalField(seed=1, time_step=named))
    assert caught.value.time == 0
    assert caught.value.magnetisation.shape == (4, 3, 1, 3)


@pytest.mark.slow
def test_weak_damping_needs_a_shorter_step():
    # At this step the path looks well resolved, but Heun's scheme feeds the fastest spin waves more than damping takes.
    energy = mm.Exchange(A=1.3e-11) + mm.Zeeman(H=(0, 0, 5e6))
    system = magnet((4, 4, 4), (0, 0, 1), energy, mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=0.02), T=20.0)
    with pytest.raises(nc.IntegrationError, match="fastest spin wave"):
        nc.evolve(system, [0, 1e-10], thermal=nc.ThermalField(seed=1, time_step=4.5e-14))
    ground = -MU0 * 8e5 * 5e6 * (8e-9) ** 3
    heat = []
    for step, check in ((4.5e-14, "never"), (8e-15, "start")):
        _, table = nc.evolve(system, [0, 3e-10], thermal=nc.ThermalField(seed=1, time_step=step, check=check))
        heat.append((table.E[1] - ground) / (64 * BOLTZMANN * 20))
    assert heat[0] > 3
    assert heat[1] < 1.7


def test_step_is_checked_at_every_frame_if_asked():
    pulse = nc.PiecewiseLinear((1e-12, 1e-12), (1.0, 1e5))
    options = {"seed": 1, "time_step": 1e-13, "temperature": 1.0, "func": pulse}
    nc.evolve(small(temperature=0), [0, 1e-12, 2e-12], thermal=nc.ThermalField(**options))
    with pytest.raises(nc.IntegrationError, match="too long") as caught:
        nc.evolve(small(temperature=0), [0, 1e-12, 2e-12], thermal=nc.ThermalField(check="frames", **options))
    assert caught.value.time == 1e-12


@rows(
    ("run", "error", "message"),
    [
        (lambda s: nc.evolve(s, [0, 1e-12]), RuntimeError, r"T=300.0 K needs a thermal field; give thermal="),
        (nc.minimise, nc.UnsupportedError, "T=300.0 K.*set system.T=0"),
        (nc.relax, nc.UnsupportedError, "T=300.0 K.*set system.T=0"),
    ],
)
def test_temperature_is_not_ignored(run, error, message):
    with pytest.raises(error, match=message):
        run(small())


def test_energy_can_be_computed_at_a_temperature():
    warm, cold = small(), small(temperature=0)
    assert nc.compute(warm.energy.energy, warm) == nc.compute(cold.energy.energy, cold)


@rows(
    ("options", "message"),
    [
        ({"temperature": -1.0}, "temperature=-1.0 is negative"),
        ({"seed": 1.5}, "seed=1.5"),
        ({"seed": -1}, "seed=-1"),
        ({"time_step": 0}, "time_step=0"),
        ({"check": "always"}, "check='always'"),
        ({"func": "sin"}, "negative"),
        ({"func": lambda t: -1e12 * t, "dt": 1e-13}, "must not be negative"),
        ({"func": lambda t: t}, "needs dt"),
        ({"func": nc.PerRegion({"right": 1.0})}, "'right'.*there are: 'left'"),
    ],
)
def test_bad_thermal_field_is_named(options, message):
    given = {"seed": 1, "time_step": 1e-13, "temperature": 300.0, **options}
    with pytest.raises(ValueError, match=message):
        nc.evolve(small(temperature=0), [0, 1e-12], thermal=nc.ThermalField(**given))


@rows(
    ("system", "options", "message"),
    [
        (small(), {"thermal": nc.ThermalField(seed=1, time_step=1e-13, temperature=100.0)}, "both given"),
        (small(), {"thermal": nc.ThermalField(seed=1, time_step=1e-13), "tolerance": 1e-4}, "tolerance.*leave one out"),
        (small(temperature=0), {"thermal": nc.ThermalField(seed=1, time_step=1e-13)}, "no temperature"),
        (
            small(mm.Precession(gamma0=GAMMA0)),
            {"thermal": nc.ThermalField(seed=1, time_step=1e-13)},
            "a temperature without damping",
        ),
    ],
)
def test_thermal_runs_that_make_no_sense_are_named(system, options, message):
    with pytest.raises(ValueError, match=message):
        nc.evolve(system, [0, 1e-12], **options)
