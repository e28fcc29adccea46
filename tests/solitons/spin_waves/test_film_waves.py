"""Spin waves of films and guides beside Kalinikos and Slavin's formulas, another package, and both engines."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from rows import rows
from scipy import constants, linalg
from scipy.optimize import brentq, curve_fit, newton

from analysis import mode_profile, packet_velocity, plane_waves, wave_at, wave_branch, wave_spectrum, wave_traces
from geometries import Material, Waveguide
from runs import (
    AlternatingStripLine,
    AtOnce,
    ConstantCurrent,
    Protocol,
    Relax,
    Rest,
    RunSpec,
    StripLineSinc,
    simulate,
)
from runs import native as nc
from solitons.spin_waves import FilmWaves

MU0, THICK = constants.mu_0, 20e-9
FILM = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.005, gamma0=2.212e5)
STATES = {"backward": ((1, 0, 0), 8e4), "surface": ((0, 1, 0), 8e4), "forward": ((0, 0, 1), 1e6)}
K = np.array([5e6, 1e7, 2e7, 4e7, 8e7])
ENGINES = pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])


def waves(name, **changes):
    m, field = STATES[name]
    return FilmWaves(**{"material": FILM, "thickness": THICK, "magnetisation": m, "field": field} | changes)


@pytest.mark.parametrize(
    ("name", "gigahertz"),
    [
        ("backward", [9.17361756, 9.09231215, 9.16226153, 10.05496471, 14.00508394]),
        ("surface", [11.15967279, 12.55664136, 14.65016427, 17.57208053, 22.72559463]),
        ("forward", [7.71496797, 8.34735746, 9.56567902, 12.11625136, 18.63412117]),
    ],
)
def test_frequencies_are_those_of_another_package(name, gigahertz):
    """SpinWaveToolkit 1.3.0, SingleLayer.GetDispersion(0), whose frequencies are without damping."""
    np.testing.assert_allclose(waves(name).frequency(K) * 1e-9, gigahertz, rtol=1e-4)
    # Kittel, Phys. Rev. 73, 155 (1948).
    inside = STATES[name][1] - 8e5 * (name == "forward")
    kittel = inside if name == "forward" else np.sqrt(inside * (inside + 8e5))
    assert waves(name).frequency(0.0) == pytest.approx(2.212e5 * kittel / (2 * np.pi), rel=1e-4)


def test_the_equation_of_motion_has_the_same_frequency_and_decay():
    """Gilbert's equation for two components across m, (1 + alpha m x) dm/dt = -gamma m x h, as a matrix."""
    tilted = Material(name="tilted", Ms=8e5, A=1.3e-11, alpha=0.1, Ku=5e4, easy_axis=(0, 1, 0))
    across, turn = np.array([[0, -1], [1, 0]]), tilted.gamma0
    film = FilmWaves(tilted, THICK, (0, 1, 0), 8e4)
    for k in K:
        pair = 8e4 + 2 * 5e4 / (MU0 * 8e5) + 2 * 1.3e-11 / (MU0 * 8e5) * k**2
        shape = (1 - np.exp(-k * THICK)) / (k * THICK)
        stiff = np.diag([pair + 8e5 * shape, pair + 8e5 * (1 - shape)])  # along z and x, with m along y
        values = np.linalg.eigvals(np.linalg.solve(np.eye(2) + 0.1 * across, turn * across @ stiff))
        assert film.frequency(k) == pytest.approx(np.abs(values.imag).max() / (2 * np.pi), rel=1e-9)
        assert film.decay_rate(k) == pytest.approx(np.abs(values.real).max(), rel=1e-9)


def test_a_wave_of_a_real_frequency_falls_by_the_attenuation_length():
    """k of the same equation at a real frequency is complex: 1 / L is its imaginary part, to first order in alpha."""

    def left(k, omega):
        shape = (1 - np.exp(-k * THICK)) / (k * THICK)
        along = 8e4 + 2 * 1.3e-11 / (MU0 * 8e5) * k**2
        first, second = along + 8e5 * shape, along + 8e5 * (1 - shape)
        damped = 1j * FILM.alpha * omega / FILM.gamma0
        return (first + damped) * (second + damped) - (omega / FILM.gamma0) ** 2

    film = waves("surface")
    for k in K[:4]:
        omega = 2 * np.pi * film.frequency(k)
        # With e^{+i omega t} a wave that goes to +x is e^{-i k x}.
        root = newton(left, complex(k, -1e5), args=(omega,), tol=1e-3)
        assert root.real == pytest.approx(k, rel=1e-3)
        assert film.attenuation_length(k) == pytest.approx(-1 / root.imag, rel=2e-3)
    assert waves("backward").group_velocity(5e6) < 0 < waves("backward").group_velocity(4e7)


def test_the_factor_on_cells_is_that_of_newells_tensor():
    cell, count = 10e-9, 64
    mesh = df.Mesh(p1=(0, 0, 0), p2=(count * cell, cell, THICK), n=(count, 1, 1), bc="xy")
    x = (np.arange(count) + 0.5) * cell
    for periods in (1, 5, 20):
        k = 2 * np.pi * periods / (count * cell)
        m = np.stack([0 * x, np.ones(count), 1e-3 * np.cos(k * x)], axis=1).reshape(count, 1, 1, 3)
        system = mm.System(name="row", energy=mm.Demag(), m=df.Field(mesh, nvdim=3, value=m, norm=8e5))
        field = nc.compute(system.energy.demag.effective_field, system).array[:, 0, 0, 2]
        found = -2 / count * field @ np.cos(k * x) / (8e5 * 1e-3)
        film = waves("surface", cell=cell)
        assert found == pytest.approx(film.demagnetising_factor(k), rel=2e-5)
        assert abs(found - waves("surface").demagnetising_factor(k)) > 1e-4 * found


def test_a_film_that_is_unstable_at_some_wavelength_has_no_frequency_there():
    # Ku of 0.85 of the shape anisotropy, in the plane: stripes grow at 30 rad/um and not at 0.
    film = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.01, Ku=0.85 * MU0 * 8e5**2 / 2, easy_axis=(0, 0, 1))
    found = FilmWaves(film, 100e-9, (1, 0, 0), 3e4).frequency([0.0, 3e7])
    assert np.isfinite(found).tolist() == [True, False]


@rows(
    ("changes", "message"),
    [
        ({"magnetisation": (0, 1, 1), "field": 1e6}, "feels 4e.05 A/m across, and does not rest"),
        ({"magnetisation": (0, 0, 1), "field": 5e5}, "it takes 8e.05 A/m or more"),
        ({"magnetisation": (0, 0, 0)}, "give a vector with a length"),
        ({"thickness": -1e-9}, "sizes above 0"),
    ],
)
def test_a_film_that_does_not_rest_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        waves("surface", **changes)


def guide_run(name, engine, steps, length=8e-6, alpha=0.005, terminals=(), parts=()):
    """A film without edges along y, with an antenna in the middle; along x the start is tilted, or its ends are on a
    ridge of the energy."""
    m, field = STATES[name]
    antenna = {"kind": "strip_line", "name": "antenna", "centre": length / 2, "width": 30e-9, "height": 25e-9}
    device = Waveguide(
        length=length, width=100e-9, thickness=THICK, cell=(5e-9, 100e-9, THICK), repeats="y",
        start=(1, 0.05, 0) if name == "backward" else m, absorbing_ends={"length": 1e-6},
        terminals=[antenna, *terminals], parts=parts,
    )  # fmt: skip
    protocol = Protocol(steps=[Relax(), *steps], static_field=tuple(field * np.array(m)), sampling_interval=5e-12)
    material = FILM.model_copy(update={"alpha": alpha})
    run = simulate(RunSpec(device=device, material=material, protocol=protocol, engine=engine))
    film = waves(name, material=material, length=length, cell=5e-9)
    return wave_traces(run, "x" if name == "forward" else "z"), film


def test_surface_waves_of_a_short_run_follow_the_dispersion():
    pulse = StripLineSinc(amplitude=1e-4, cutoff=30e9, duration=0.3e-9)
    traces, film = guide_run("surface", "native", [pulse, Rest(duration=0.9e-9)], length=4e-6)
    branch = wave_branch(wave_spectrum(traces).sel(k=slice(2e7, 5e7), frequency=slice(2e9, 30e9))).dropna("k")
    assert branch.k.size > 60
    np.testing.assert_allclose(branch.frequency, film.frequency(branch.k), rtol=3e-3)
    np.testing.assert_allclose(branch.group_velocity, film.group_velocity(branch.k), rtol=0.02)


@pytest.mark.slow
@ENGINES
@pytest.mark.parametrize("name", STATES)
def test_waves_of_three_geometries_follow_the_dispersion(name, engine):
    pulse = StripLineSinc(amplitude=1e-4, cutoff=30e9, duration=0.5e-9)
    traces, film = guide_run(name, engine, [pulse, Rest(duration=3.5e-9)])
    branch = wave_branch(wave_spectrum(traces).sel(k=slice(5e6, 6e7), frequency=slice(2e9, 30e9))).dropna("k")
    assert branch.k.size > 250
    np.testing.assert_allclose(branch.frequency, film.frequency(branch.k), rtol=6e-3)
    velocity = branch.group_velocity.sel(k=slice(2e7, 6e7))
    np.testing.assert_allclose(velocity, film.group_velocity(velocity.k), rtol=0.02)


@pytest.mark.slow
@ENGINES
@pytest.mark.parametrize(("name", "k"), [("backward", 5e7), ("surface", 3e7), ("forward", 2e7)])
def test_a_steady_wave_falls_by_its_attenuation_length_and_is_absorbed(name, k, engine):
    film = guide_film(name)
    frequency = round(float(film.frequency(k)), -7)
    lasting = np.ceil(8e-6 / float(film.group_velocity(k)) * 1e9) * 1e-9 + 1e-9
    steps = [AlternatingStripLine(amplitude=1e-4, frequency=frequency, duration=lasting, ramp=5e-10)]
    traces, film = guide_run(name, engine, steps, alpha=0.002)
    found = plane_waves(wave_at(traces, frequency, begin=lasting - 1.5e-9).sel(x=slice(4.4e-6, 6.9e-6)))
    assert found.wavenumber == pytest.approx(k, rel=0.01)
    assert found.attenuation_length == pytest.approx(float(film.attenuation_length(found.wavenumber)), rel=0.05)
    assert found.reflection < 0.01


@pytest.mark.slow
@pytest.mark.parametrize(("name", "k"), [("backward", 5e7), ("surface", 2e7), ("forward", 2e7)])
def test_a_packet_moves_with_the_group_velocity(name, k):
    film = guide_film(name)
    frequency, speed = round(float(film.frequency(k)), -7), float(film.group_velocity(k))
    lasting = round(60 / frequency, 11)
    rest = np.ceil(4e-6 / speed * 1e9) * 1e-9 - lasting + 2e-9
    packet = AlternatingStripLine(amplitude=1e-4, frequency=frequency, duration=lasting, ramp=lasting / 2)
    traces, film = guide_run(name, "native", [packet, Rest(duration=rest)], alpha=0.002)
    assert packet_velocity(traces.sel(x=slice(4.5e-6, 5.5e-6))) == pytest.approx(speed, rel=0.02)


def steady(name, steps=(), **changes):
    """The steady wave of the antenna, while other steps go on."""
    drive = AlternatingStripLine(amplitude=1e-4, frequency=15e9, duration=4e-9, ramp=5e-10, terminal="antenna")
    together = [AtOnce(branches=[[drive], *([each] for each in steps)])] if steps else [drive]
    traces, film = guide_run(name, "native", together, length=6e-6, **changes)
    return wave_at(traces.sel(t=slice(None, 3.4e-9)), 15e9, begin=2.4e-9), film


@pytest.mark.slow
def test_a_spin_orbit_torque_along_the_magnetisation_changes_the_damping_of_a_wave():
    """sigma = y: H_DL m x sigma adds gamma H_DL to the decay of both components, whichever way the wave goes."""
    metal = {"kind": "heavy_metal", "name": "metal", "spin_hall_angle": 0.1}
    falls = []
    for size in (0.0, 1e12, -1e12):
        push = ConstantCurrent(amplitude=size, duration=4e-9, terminal="metal")
        wave, film = steady("surface", [push] if size else [], terminals=[metal])
        falls.append(1 / plane_waves(wave.sel(x=slice(3.3e-6, 4.9e-6))).attenuation_length)
        k = plane_waves(wave.sel(x=slice(3.3e-6, 4.9e-6))).wavenumber
    per_current = constants.hbar * 0.1 / (2 * constants.e * MU0 * FILM.Ms * THICK)
    expected = FILM.gamma0 * per_current * 1e12 / float(film.group_velocity(k))
    assert expected > 0.3 * falls[0]
    assert falls[1] - falls[0] == pytest.approx(-(falls[2] - falls[0]), rel=0.05)
    assert abs(falls[1] - falls[0]) == pytest.approx(expected, rel=0.05)


@pytest.mark.slow
def test_a_region_of_another_anisotropy_shifts_the_phase_by_its_wavenumber():
    """A gate or a magnet on the film: in the length l of another field the phase gains (k' - k) l."""
    region = (3.4e-6, 3.9e-6)
    plain, film = steady("forward")
    shifted, _ = steady("forward", parts=[{"name": "gate", "x": region, "Ku": 4e3}])
    beyond = slice(4.1e-6, 4.9e-6)
    found = np.angle(complex((shifted.sel(x=beyond) / plain.sel(x=beyond)).mean()))
    other = waves("forward", material=FILM.model_copy(update={"Ku": 4e3}), length=6e-6, cell=5e-9)
    k = np.linspace(2e7, 6e7, 4000)
    ks = [float(np.interp(15e9, each.frequency(k), k)) for each in (film, other)]
    assert found == pytest.approx((ks[1] - ks[0]) * (region[1] - region[0]), rel=0.05)
    # Weak steps reflect little.
    assert abs(shifted.sel(x=beyond)).mean() == pytest.approx(float(abs(plain.sel(x=beyond)).mean()), rel=0.05)


def guide_film(name):
    return waves(name, material=FILM.model_copy(update={"alpha": 0.002}), length=8e-6, cell=5e-9)


def guide(antenna, **size):
    line = {"kind": "strip_line", "name": "antenna"} | antenna
    return Waveguide(thickness=size["cell"][2], start=(1, 0.02, 0), terminals=[line], **size)


def width_modes(device, field, k):
    """Frequencies in Hz and profiles of m_z of a guide that is magnetised along itself, the lowest first: by
    (H + N_yy) (H + N_zz), with Kalinikos and Slavin's tensor at (k, q) integrated over q between the cells across."""
    (step, h, thick), count = device.cell, device.shape[1]
    far = 64 * device.width
    q = 2 * np.pi * (np.arange(1280 * count) + 0.5) / far
    images = k + 2 * np.pi * np.arange(-20, 21)[:, None] / step
    total = np.hypot(images, q)
    weight = 2 * h / far * np.sinc(q * h / (2 * np.pi)) ** 2 * np.sinc(images * step / (2 * np.pi)) ** 2
    up = -np.expm1(-total * thick) / (total * thick)
    cosines = np.cos(np.outer(np.arange(count) * h, q))
    slope = np.diff(np.eye(count), axis=0) / h
    rate = (2 / step * np.sin(k * step / 2)) ** 2 * np.eye(count) + slope.T @ slope
    alike = field * np.eye(count) + 2 * FILM.A / (constants.mu_0 * FILM.Ms) * rate
    tensors = [cosines @ (weight * each).sum(axis=0) for each in ((1 - up) * (q / total) ** 2, up)]
    along, across = (alike + FILM.Ms * linalg.toeplitz(each) for each in tensors)
    squares, profiles = linalg.eigh(across, linalg.inv(along))
    return FILM.gamma0 * np.sqrt(squares) / (2 * np.pi), profiles


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:the cell is")
def test_two_width_modes_of_one_run_have_their_profiles():
    line, ends = {"centre": 0.9e-6, "width": 50e-9, "height": 30e-9}, {"length": 0.7e-6}
    device = guide(line, length=4e-6, width=400e-9, cell=(10e-9, 20e-9, 20e-9), absorbing_ends=ends)
    drive = AlternatingStripLine(amplitude=1e-4, frequency=12.5e9, duration=4.5e-9, ramp=3e-10)
    protocol = Protocol(steps=[Relax(), drive], static_field=(4e4, 0, 0), sampling_interval=5e-12)
    run = simulate(RunSpec(device=device, material=FILM, protocol=protocol, engine="native"))
    for mode in (2, 0):  # 73 and 84 rad/um
        k = brentq(lambda k, n=mode: width_modes(device, 4e4, k)[0][n] - 12.5e9, 5e7, 1e8, xtol=1e3)
        found = mode_profile(run, "z", 12.5e9, k, between=(1.1e-6, 3.3e-6), begin=3.6e-9, end=4.2e-9).values[:, 0]
        expected = width_modes(device, 4e4, k)[1][:, mode]
        found *= (expected @ expected) / (expected @ found)
        np.testing.assert_allclose(found, expected, atol=0.01 * abs(expected).max())
    # K. Yu. Guslienko et al., Phys. Rev. B 66, 132402 (2002), of the first mode, without exchange.
    pinning = 2 * np.pi / (0.05 * (1 + 2 * np.log(1 / 0.05)))
    y = device.cell_centres()[1] / 400e-9 - 0.5
    (_, width), _ = curve_fit(lambda y, a, width: a * np.cos(np.pi * y / width), y, found.real, p0=(1, 1))
    assert width == pytest.approx(pinning / (pinning - 2), rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("engines", [["native"], pytest.param(["native", "oommf"], marks=pytest.mark.oommf)])
def test_the_standard_problem_of_a_magnonic_waveguide(engines):
    """Venkat et al., IEEE Trans. Magn. 49, 524 (2013): guide, material and field as magnum.np's documentation has them,
    with its cells. Pulse and damping are ours (with 0.002 OOMMF's steps let the shortest waves grow to 3e-5), and the
    run ends before a wave is back from the ends."""
    line = {"centre": 500e-9, "width": 10e-9, "height": 5e-9}
    device = guide(line, length=1e-6, width=50e-9, cell=(2.5e-9, 2.5e-9, 1e-9))
    steps = [Relax(), StripLineSinc(amplitude=1e-4, cutoff=80e9, duration=1e-10), Rest(duration=3e-10)]
    protocol = Protocol(steps=steps, static_field=(8.04e5, 0, 0), sampling_interval=2e-12)
    asked = {"device": device, "material": FILM.model_copy(update={"alpha": 0.01}), "protocol": protocol}
    runs = [simulate(RunSpec(**asked, engine=engine)) for engine in engines]
    assert abs(runs[-1].m - runs[0].m).max() < 0.01 * wave_traces(runs[0], "z").max()
    spectrum = wave_spectrum(wave_traces(runs[-1], "z")).sel(k=slice(0, 1.45e8), frequency=slice(3.5e10, 8e10))
    branch = wave_branch(spectrum).dropna("k")
    k = branch.k.values
    assert (k.size > 60, k[0] < 1.5e7, k[-1] > 1.3e8) == (True, True, True)
    np.testing.assert_allclose(branch.frequency, [width_modes(device, 8.04e5, each)[0][0] for each in k], rtol=2e-3)
    # Exchange frees the edges of so thin a guide, and k_y is 0.
    np.testing.assert_allclose(branch.frequency, FilmWaves(FILM, 1e-9, (1, 0, 0), 8.04e5).frequency(k), rtol=0.01)
