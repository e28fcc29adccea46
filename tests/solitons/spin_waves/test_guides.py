"""Waves of guides with edges: profiles across them, and the standard problem of a magnonic waveguide."""

import numpy as np
import pytest
from scipy import constants
from scipy.optimize import brentq, curve_fit

from analysis import mode_profile, wave_branch, wave_spectrum, wave_traces
from geometries import Material, Waveguide
from runs import AlternatingStripLine, Protocol, Relax, Rest, RunSpec, StripLineSinc, simulate
from solitons.spin_waves import FilmWaves

FILM = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.002, gamma0=2.212e5)


def width_modes(device, material, field, k):
    """Frequencies in Hz and profiles of m_z, from the lowest on, of a guide that is magnetised along itself.

    Kalinikos and Slavin's tensor F, 1 - F at (k, q), as an integral over q between cells across; along the guide as on
    its cells. omega^2 / gamma^2 is an eigenvalue of (H + N_yy) (H + N_zz), with H for all but the stray field.
    """
    (step, h, thick), count = device.cell, device.shape[1]
    far, i = 64 * device.width, np.arange(count)
    q = 2 * np.pi * (np.arange(1280 * count) + 0.5) / far
    images = k + 2 * np.pi * np.arange(-20, 21)[:, None] / step
    total = np.hypot(images, q)
    weight = 2 * h / far * np.sinc(q * h / (2 * np.pi)) ** 2 * np.sinc(images * step / (2 * np.pi)) ** 2
    up = -np.expm1(-total * thick) / (total * thick)
    tensors = [np.cos(np.outer(i * h, q)) @ (weight * each).sum(axis=0) for each in ((1 - up) * (q / total) ** 2, up)]
    slope = np.diff(np.eye(count), axis=0) / h
    rate = (2 / step * np.sin(k * step / 2)) ** 2 * np.eye(count) + slope.T @ slope
    alike = field * np.eye(count) + 2 * material.A / (constants.mu_0 * material.Ms) * rate
    along, across = (alike + material.Ms * each[abs(np.subtract.outer(i, i))] for each in tensors)
    squares, profiles = np.linalg.eig(along @ across)
    order = np.argsort(squares.real)
    return material.gamma0 * np.sqrt(squares.real[order]) / (2 * np.pi), profiles.real[:, order]


def effective_width(thickness, width):
    """K. Yu. Guslienko et al., Phys. Rev. B 66, 132402 (2002): the cosine of a first mode ends there."""
    p = thickness / width
    pinning = 2 * np.pi / (p * (1 + 2 * np.log(1 / p)))
    return width * pinning / (pinning - 2)


def test_a_wide_guide_has_the_waves_of_a_film():
    device = Waveguide(length=1e-6, width=8e-6, thickness=20e-9, cell=(10e-9, 8e-6, 20e-9))
    film = FilmWaves(FILM, 20e-9, (1, 0, 0), 4e4, cell=10e-9)
    assert width_modes(device, FILM, 4e4, 5e7)[0][0] == pytest.approx(float(film.frequency(5e7)), rel=3e-3)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:the cell is")
def test_two_width_modes_of_one_run_have_their_profiles():
    """400 nm x 20 nm at 12.5 GHz: the first and the third mode travel, with 84 and 73 rad/um."""
    antenna = {"kind": "strip_line", "name": "antenna", "centre": 0.9e-6, "width": 50e-9, "height": 30e-9}
    device = Waveguide(
        length=4e-6, width=400e-9, thickness=20e-9, cell=(10e-9, 20e-9, 20e-9), start=(1, 0.02, 0),
        absorbing_ends={"length": 0.7e-6}, terminals=[antenna],
    )  # fmt: skip
    drive = AlternatingStripLine(amplitude=1e-4, frequency=12.5e9, duration=4.5e-9, ramp=3e-10)
    protocol = Protocol(steps=[Relax(), drive], static_field=(4e4, 0, 0), sampling_interval=5e-12)
    run = simulate(RunSpec(device=device, material=FILM, protocol=protocol, engine="native"))
    for mode in (0, 2):
        k = brentq(lambda k, n=mode: width_modes(device, FILM, 4e4, k)[0][n] - 12.5e9, 5e7, 1e8, xtol=1e3)
        found = mode_profile(run, "z", 12.5e9, k, between=(1.1e-6, 3.3e-6), begin=3.6e-9, end=4.2e-9)[:, 0]
        expected = width_modes(device, FILM, 4e4, k)[1][:, mode]
        expected /= abs(expected).max()
        found = found / (expected @ found.values) * (expected @ expected)
        np.testing.assert_allclose(found, expected, atol=0.01)
        if mode == 0:
            y = (found.y - device.width / 2).values
            (_, width), _ = curve_fit(lambda y, a, w: a * np.cos(np.pi * y / w), y, found.real, p0=(1, 4.4e-7))
            assert width == pytest.approx(effective_width(20e-9, 400e-9), rel=0.03)


def standard_problem(engine):
    """Venkat et al., IEEE Trans. Magn. 49, 524 (2013): guide, material and field as magnum.np's documentation has them,
    with its cells. Pulse and damping are ours (with 0.002 OOMMF's steps let the shortest waves grow to 3e-5), and the
    run ends before a wave is back from the ends."""
    antenna = {"kind": "strip_line", "name": "antenna", "centre": 500e-9, "width": 10e-9, "height": 5e-9}
    device = Waveguide(
        length=1e-6, width=50e-9, thickness=1e-9, cell=(2.5e-9, 2.5e-9, 1e-9), start=(1, 0.02, 0), terminals=[antenna]
    )
    steps = [Relax(), StripLineSinc(amplitude=1e-4, cutoff=80e9, duration=1e-10), Rest(duration=3e-10)]
    protocol = Protocol(steps=steps, static_field=(8.04e5, 0, 0), sampling_interval=2e-12)
    lossy = FILM.model_copy(update={"alpha": 0.01})
    run = simulate(RunSpec(device=device, material=lossy, protocol=protocol, engine=engine))
    spectrum = wave_spectrum(wave_traces(run, "z")).sel(k=slice(0, 1.45e8), frequency=slice(3.5e10, 8e10))
    return device, run, wave_branch(spectrum).dropna("k")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_the_standard_problem_of_a_magnonic_waveguide(engine):
    device, run, branch = standard_problem(engine)
    k = branch.k.values
    assert (k.size > 60, k[0] < 1.5e7, k[-1] > 1.3e8) == (True, True, True)
    theory = [width_modes(device, FILM, 8.04e5, each)[0][0] for each in k]
    np.testing.assert_allclose(branch.frequency, theory, rtol=2e-3)
    # Exchange frees the edges of so thin a guide: a film's waves with k_y = 0 are near, those of pinned edges far.
    free, pinned = (
        np.array([float(FilmWaves(FILM, 1e-9, (each, ky, 0), 8.04e5).frequency(np.hypot(each, ky))) for each in k])
        for ky in (0.0, np.pi / effective_width(1e-9, 50e-9))
    )
    np.testing.assert_allclose(branch.frequency, free, rtol=0.01)
    assert (branch.frequency.values[k < 5e7] < 0.95 * pinned[k < 5e7]).all()
    if engine == "oommf":
        native = standard_problem("native")[1]
        waves = abs(native.m - native.m[0])[..., 2].max()
        assert abs(run.m - native.m).max() < 0.01 * waves
