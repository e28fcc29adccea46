"""A guided wave: amplitude and phase of known waves, its errors by heat, and heat's noise in closed form."""

import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy import constants

from analysis import port_signal, wave_at, wave_traces
from geometries import Material, Waveguide
from runs import Numerics, Protocol, Rest, RunSpec, simulate
from solitons import load_model
from solitons.fits.provenance import WaveProvenance
from solitons.models.saving import save_model
from solitons.spin_waves import FilmWaves, GuidedWave, fit_guided_wave

WAVE = {"frequency": 6e9, "wavenumber": -3e7, "attenuation": 1 / 1.5e-6, "gain": (3.0, -4.0), "port": 8e-8}


def test_the_wave_that_a_port_reads_is_the_mean_of_the_one_that_was_fitted():
    x = (np.arange(600) + 0.5) * 5e-9
    kappa = -3e7 + 1j / 1.5e-6
    # 2 mA from an antenna at 0.4 um; a sine of phase 0 is i e^(-i omega t).
    seen = np.where(x > 4e-7, (3 - 4j) * 2e-3 * 1j * np.exp(1j * kappa * (x - 4e-7)), 0)
    wave = xr.DataArray(seen, {"x": x}, ("x",), attrs={"frequency": 6e9})
    found, plane = fit_guided_wave(wave, 4e-7, 2e-3, (6e-7, 2.9e-6), port=8e-8)
    np.testing.assert_allclose(found.gain, (3, -4), rtol=1e-6)
    assert plane.reflection < 1e-9
    port = port_signal(wave.sel(x=slice(1.96e-6, 2.04e-6)), (1.96e-6, 2.04e-6))
    assert abs(found.superposed([2e-3j], [1.6e-6])) == pytest.approx(port.amplitude, rel=2e-3)
    assert np.angle(found.superposed([2e-3j], [1.6e-6])) == pytest.approx(port.phase, abs=1e-3)
    with pytest.raises(ValueError, match=r"grows by 1\.5 of its amplitude away from the antenna"):
        fit_guided_wave(wave[::-1].assign_coords(x=x), 0.0, 2e-3, (1e-7, 2.3e-6))


def test_a_wave_that_hardly_falls_is_one_without_losses():
    # Two thousandths come back, and the amplitude rises by as much over the stretch.
    x = (np.arange(400) + 0.5) * 5e-9
    seen = 1j * (np.exp((3e7j + 1e3) * x) + 2e-3 * np.exp(-3e7j * x))
    found, _ = fit_guided_wave(xr.DataArray(seen, {"x": x}, ("x",), attrs={"frequency": 6e9}), 0.0, 1.0, (1e-7, 1.9e-6))
    assert float(found.wavenumber) == pytest.approx(3e7, rel=1e-4)
    assert np.isinf(found.attenuation_length)
    assert abs(found.superposed([1.0], [1.5e-6])) == pytest.approx(1, rel=5e-3)


def test_waves_that_were_made_alike_vote_in_a_batch():
    model, distances = GuidedWave(**WAVE), np.array([2e-6, 1.3e-6, 0.4e-6])
    alike = model.currents(distances, 0.01)
    np.testing.assert_allclose(model.transmission(distances) * alike, 0.01, rtol=1e-12)
    votes = np.random.default_rng(1).choice([-1, 1], (5000, 3))
    np.testing.assert_allclose(model.superposed(votes * alike, distances), 0.01 * votes.sum(axis=1), atol=1e-12)


def test_heat_turns_as_many_signs_as_the_error_probability():
    model = GuidedWave(**WAVE | {"noise_density": 4e-14})
    sigma = float(model.noise(1e-9))
    assert sigma == pytest.approx(np.sqrt(4e-14 / 1e-9))
    drawn = 0.01 + sigma * np.random.default_rng(2).normal(size=400_000)
    assert (drawn < 0).mean() == pytest.approx(float(model.error_probability(0.01, 1e-9)), rel=0.02)
    assert GuidedWave(**WAVE).error_probability([1e-9, 0.0, -1e-9], 1e-9).tolist() == [0.0, 0.5, 1.0]


def test_a_wave_is_saved_and_comes_back(tmp_path):
    model = GuidedWave(**WAVE, provenance=WaveProvenance(trained_on=("a",), held_out_error=0.02, amplitude=0.01))
    save_model(model, tmp_path / "wave.json")
    found = load_model(tmp_path / "wave.json")
    assert found.transmission(1e-6) == model.transmission(1e-6)
    assert found.provenance == model.provenance


@rows(
    ("changes", "message"),
    [
        ({"frequency": 0}, "frequency = 0.0 must be one number above 0"),
        ({"attenuation": -1e6}, "attenuation = -1000000.0 must be one number, 0 or above"),
        ({"wavenumber": np.nan}, "one finite number"),
        ({"gain": (0, 0)}, "not both 0"),
        ({"noise_density": -1}, "0 or above"),
    ],
)
def test_what_is_no_wave_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        GuidedWave(**WAVE | changes)
    with pytest.raises(ValueError, match="all ports are on one side"):
        GuidedWave(**WAVE).transmission(-1e-9)


@pytest.mark.slow
def test_heat_has_the_density_of_equipartition_at_a_port():
    """A component of a wave has k T / 2 of the energy mu0 Ms V A_ii m_i^2 / 2. In a film of the cross-section s, whose
    waves at f are those of +k and -k with dk = 2 pi df / v_g, that is S = 2 k T W / (mu0 Ms s A_ii v_g), W the square
    of the mean of a wave over the port."""
    film = Material(name="film", Ms=3e5, A=8e-12, alpha=0.01)
    thick, period, field, port = 1e-8, 4e-8, 6e5, (9e-7, 9.4e-7)
    device = Waveguide(
        length=1.8e-6, width=period, thickness=thick, cell=(1e-8, period, thick), start=(0, 0, 1), repeats="y",
        absorbing_ends={"length": 4e-7, "alpha": 0.3},
    )  # fmt: skip
    protocol = Protocol(
        steps=[Rest(duration=32e-9)], static_field=(0, 0, field), sampling_interval=5e-12, temperature=20.0, seed=3
    )
    run = simulate(RunSpec(device=device, material=film, protocol=protocol, numerics=Numerics(thermal_time_step=1e-13)))
    traces = wave_traces(run, "x").sel(x=slice(*port))
    waves = FilmWaves(film, thick, (0, 0, 1), field, length=1.8e-6, cell=1e-8)
    ratios = []
    for frequency in (1.4e10, 1.6e10, 1.8e10, 2e10):
        windows = [
            port_signal(wave_at(traces.sel(t=slice(begin, begin + 1e-9)), frequency), port).amplitude
            for begin in 2e-9 + 1e-9 * np.arange(30)
        ]
        grid = np.linspace(1e6, 2e8, 4000)
        k = float(np.interp(frequency, waves.frequency(grid), grid))
        stiffness = 2 * np.pi * frequency / film.gamma0
        shape = np.sinc(k * 4e-8 / (2 * np.pi)) ** 2
        energy = constants.mu_0 * 3e5 * thick * period * stiffness
        density = 2 * constants.k * 20 * shape / (energy * float(waves.group_velocity(k)))
        ratios.append(np.mean(np.square(windows)) / 2 * 1e-9 / density)
    # 120 decisions of two quadratures know a variance to 6.5 %.
    assert np.mean(ratios) == pytest.approx(1, abs=0.2)
