"""Antenna and scatterer of a film from two steady runs: one antenna in the empty film, and the same beside a scatterer.

Both are least squares over the places between the absorbing edges, a bit away from what is fitted. Nothing is fitted to
several scatterers. The attenuation is not fitted, since in a film of a few wavelengths it would explain what comes back
from the edges: it is the closed form's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import optimize

from analysis.spin_waves.steady_waves import plane_waves
from solitons.spin_waves.scattering import ANTENNA_ORDERS, ORDERS, ScatteringFilm

__all__ = ["FittedWaves", "NoWave", "fit_antenna", "fit_scatterer"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_DIGITS = 4


class NoWave(ValueError):
    """No wave leaves an antenna."""


class FittedWaves(NamedTuple):
    """The film as far as it is fitted, and what it leaves of the waves, over them in root mean square."""

    film: ScatteringFilm
    misfit: float


def _rounded(numbers: npt.ArrayLike) -> Floats:
    """Four digits of each: the last ones differ from machine to machine, and what follows must not."""
    given = np.asarray(numbers, dtype=np.float64)
    return np.array([float(f"{each:.{_DIGITS}g}") for each in given.flat]).reshape(given.shape)


def _parts(values: Complexes) -> Floats:
    return _rounded(np.stack([values.real, values.imag], axis=-1))


def _points(wave: xr.DataArray, away: float, *things: tuple[float, float]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Places (points, 2) of a map, and which are away from all things."""
    flat = np.stack(np.meshgrid(wave["x"], wave["y"], indexing="ij"), axis=-1).reshape(-1, 2)
    return flat, np.all([np.hypot(*(flat - each).T) > away for each in things], axis=0)


def fit_antenna(
    wave: xr.DataArray, antenna: tuple[float, float], drive: complex, away: float, attenuation: Callable[[float], float]
) -> FittedWaves:
    """Fit wavenumber, the grid's anisotropy and the orders of an antenna.

    Parameters
    ----------
    wave : xarray.DataArray
        What `analysis.precession_map` gives with this antenna alone, cut to where damping is even.
    antenna : (float, float)
        Its middle, in m.
    drive : complex
        Amplitude of its current in A (`guided_wave.drive_amplitude`).
    away : float
        Distance from the antenna in m within which nothing is fitted.
    attenuation : callable
        1 / L in 1/m at a wavenumber in rad/m (`FilmWaves.decay_rate` over the group velocity).

    Raises
    ------
    NoWave
        If no wave leaves the antenna along +x.

    Examples
    --------
    >>> made = ScatteringFilm(5e9, 3.6e7, 0.0, 0.0, antenna=[(2, 1), (0.2, 0), (0, 0)], scatterer=np.zeros((3, 2)))
    >>> x, y = np.arange(0.5, 60) * 1.25e-8, np.arange(0.5, 40) * 1.25e-8
    >>> points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 1, 2)
    >>> wave = made.array([(1e-7, 2.5e-7)], [(6e-7, 2.5e-7)], points).transmission([False])[:, 0]
    >>> seen = xr.DataArray(wave.reshape(60, 40), {"x": x, "y": y}, ("x", "y"), attrs={"frequency": 5e9})
    >>> found, misfit = fit_antenna(seen, (1e-7, 2.5e-7), 1.0, 7e-8, lambda k: 0.0)
    >>> float(found.wavenumber), np.round(found.antenna[0], 2).tolist(), misfit < 1e-3
    (36000000.0, [2.0, 1.0], True)
    """
    beyond = wave.sel(x=slice(antenna[0] + away, None)).sel(y=antenna[1], method="nearest", drop=True)
    try:
        first = plane_waves(beyond)
    except ValueError as error:
        raise NoWave(str(error)) from error
    points, used = _points(wave, away, antenna)
    seen = wave.values.ravel()[used]
    frequency, units = float(wave.attrs["frequency"]), np.array([abs(first.wavenumber), 1e-2])

    def film(numbers: Floats, orders: npt.ArrayLike = ((1, 0), (0, 0), (0, 0))) -> ScatteringFilm:
        k, grid = numbers
        return ScatteringFilm(frequency, k, attenuation(k), grid, orders, np.zeros((len(ORDERS), 2)))

    def left(numbers: Floats) -> tuple[Complexes, Complexes]:
        basis = film(numbers).waves([antenna], ANTENNA_ORDERS, points[used], (0,))[:, 0, 0]
        orders = np.linalg.lstsq(basis, seen, rcond=None)[0]
        return orders, seen - basis @ orders

    def residual(numbers: Floats) -> Floats:
        rest = left(numbers * units)[1] / np.abs(seen).mean()
        return np.concatenate([rest.real, rest.imag])

    bounds = ([0.5, -10.0], [2.0, 10.0])
    best = _rounded(optimize.least_squares(residual, [1.0, 0.1], bounds=bounds).x * units)
    orders, rest = left(best)
    found = replace(film(best, _parts(orders / drive)), attenuation=_rounded(attenuation(best[0])))
    return FittedWaves(found, float(np.linalg.norm(rest) / np.linalg.norm(seen)))


def fit_scatterer(
    film: ScatteringFilm, change: xr.DataArray, antenna: tuple[float, float], place: tuple[float, float],
    drive: complex, away: float,
) -> FittedWaves:  # fmt: skip
    """Fit the three t of one scatterer.

    Parameters
    ----------
    film : ScatteringFilm
        With its antenna.
    change : xarray.DataArray
        Map with the scatterer less the one of the empty film, cut to where damping is even.
    antenna, place : (float, float)
        Middles of both, in m.
    drive : complex
        As for `fit_antenna`.
    away : float
        Distance from the scatterer and from the antenna in m within which nothing is fitted.

    Examples
    --------
    >>> t = [(0, 0), (-0.2, -0.4), (0, 0)]
    >>> made = ScatteringFilm(5e9, 3.6e7, 0.0, 0.0, antenna=[(2, 1), (0, 0), (0, 0)], scatterer=t)
    >>> x, y = np.arange(0.5, 60) * 1.25e-8, np.arange(0.5, 40) * 1.25e-8
    >>> points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 1, 2)
    >>> off, on = made.array([(1e-7, 2e-7)], [(4e-7, 2e-7)], points).transmission([[False], [True]])[..., 0]
    >>> change = xr.DataArray((on - off).reshape(60, 40), {"x": x, "y": y}, ("x", "y"))
    >>> found, misfit = fit_scatterer(made, change, (1e-7, 2e-7), (4e-7, 2e-7), 1.0, 6e-8)
    >>> np.round(found.strengths[1], 3), misfit < 1e-9
    (np.complex128(-0.2-0.4j), True)
    """
    points, used = _points(change, away, antenna, place)
    seen = change.values.ravel()[used]
    lead = np.asarray(film.antenna) @ np.array([1, 1j]) * drive
    incoming = (film.waves([antenna], ANTENNA_ORDERS, [place], ORDERS) @ lead)[0, :, 0]
    basis = film.waves([place], ORDERS, points[used], (0,))[:, 0, 0] * incoming
    strengths = np.linalg.lstsq(basis, seen, rcond=None)[0]
    misfit = np.linalg.norm(seen - basis @ strengths) / np.linalg.norm(seen)
    return FittedWaves(replace(film, scatterer=_parts(strengths)), float(misfit))
