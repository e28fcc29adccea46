"""Resonances of made ring-downs, and of a film beside closed forms."""

import math

import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy import constants

from analysis import mode_map, resonances
from geometries import Material, Stripe
from runs import FieldPulses, Numerics, Protocol, Rest, RunSpec, simulate

T = np.arange(2000) * 5e-12


def made(modes):
    """A row of 16 cells in which standing waves ring: frequency, number of half waves, size."""
    x = (np.arange(16) + 0.5) / 16
    m = np.zeros((len(T), 16, 1, 1, 3))
    for frequency, half_waves, size in modes:
        ring = size * np.exp(-T / 3e-9) * np.cos(2 * np.pi * frequency * T)
        m[..., 0] += (ring[:, None] * np.cos(np.pi * half_waves * x))[..., None, None]
    m[..., 2] = 1.0
    m[:, -1] = np.nan
    return xr.Dataset({"m": (("t", "x", "y", "z", "vdims"), m)}, {"t": T, "vdims": ["x", "y", "z"]})


def test_modes_are_found_where_and_how_large_they_are():
    # The second has no mean moment.
    run = made([(5e9, 0, 0.1), (9e9, 2, 0.05), (14e9, 1, 0.02)])
    found = resonances(run)
    np.testing.assert_allclose(found["peak"][:3], [5e9, 9e9, 14e9], rtol=3e-3)
    heights = found["height"].values / found["height"].values[0]
    # Of a wave the mean square over the row is half.
    np.testing.assert_allclose(heights[1:3], [0.25 / 2, 0.04 / 2], rtol=0.15)
    shape = mode_map(run, 9e9).sel(vdims="x").values[:-1, 0, 0]
    expected = np.cos(np.pi * 2 * (np.arange(15) + 0.5) / 16)
    np.testing.assert_allclose((shape / shape[0]).real, expected / expected[0], atol=0.03)
    assert np.isnan(mode_map(run, 9e9).values[-1]).all()


@pytest.mark.slow
def test_a_film_rings_with_exchange_modes_of_the_closed_form():
    """No stray field, along z in a field H: f_n = gamma0 [H + (2 A / mu0 Ms) (n pi / L)^2] / 2 pi, of free ends."""
    film = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.005, Ku=1e5, easy_axis=(0, 0, 1))
    length, field = 128e-9, 2e5
    stripe = Stripe(length=length, width=4e-9, thickness=4e-9, cell=(4e-9, 4e-9, 4e-9), walls=())
    pulse = FieldPulses(amplitude=(2e4, 0, 0), width=20e-12, period=20e-12)
    spec = RunSpec(
        device=stripe,
        material=film,
        protocol=Protocol(steps=[pulse, Rest(duration=4.98e-9)], sampling_interval=5e-12, static_field=(0, 0, field)),
        numerics=Numerics(demagnetisation=False),
        engine="native",
    )
    found = resonances(simulate(spec), begin=30e-12)
    stiff = field + 2 * film.Ku / (constants.mu_0 * film.Ms)
    assert float(found["peak"][0]) == pytest.approx(film.gamma0 * stiff / (2 * math.pi), rel=0.01)


REFUSED = {
    "few": (lambda: resonances(made([(5e9, 0, 0.1)]).isel(t=slice(0, 40))), "40 frames .* 64 are needed"),
    "quiet": (lambda: resonances(made([])), "nothing rings"),
    "slow": (lambda: mode_map(made([(5e9, 0, 0.1)]), 1e8), "has 1 periods in the record"),
}


@rows(("call", "message"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
