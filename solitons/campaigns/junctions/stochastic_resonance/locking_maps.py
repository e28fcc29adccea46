"""Maps of where the junction is locked to a square wave, counted and by the closed form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.interpolate import CubicSpline

from solitons.campaigns.junctions.stochastic_resonance.conditions import Condition
from solitons.campaigns.junctions.stochastic_resonance.counting import normal_score
from solitons.campaigns.junctions.stochastic_resonance.results import AxisName, LockingMap
from solitons.campaigns.junctions.stochastic_resonance.settings import LockingSettings
from solitons.junctions import PeriodicDrive, count_half_periods, follow_rates
from solitons.junctions.drive_response import drive_response
from solitons.junctions.resonance_theory import square_wave_locking

__all__ = ["FineMap", "fine_map", "locking_maps", "locking_point"]

Floats = npt.NDArray[np.float64]

_MOST_FLIPS = 1_000_000
"""Followed at one point of a map."""
_STEPS = 8
_FINE = 160
_EXPECTED = 50
"""Half periods of either kind above which the shares of the records are nearly normal."""


def locking_point(points: Sequence[Condition], amplitude: float, frequency: float) -> int:
    """Index of the axis's point that locks best to a square wave of the drive's size."""
    found = [float(square_wave_locking(*each.rates.rates(amplitude), frequency)[1]) for each in points]
    return int(np.argmax(found))


def locking_maps(
    points: Sequence[Condition],
    axis: AxisName,
    chosen: int,
    settings: LockingSettings,
    critical: float,
    frequency: float,
    seed: int,
    advance: Callable[[], None],
) -> list[LockingMap]:
    """Count the locked half periods over frequency and amplitude at one point, and over the axis at one frequency."""
    generator = np.random.SeedSequence((seed, 1))
    frequencies = [(points[chosen], each, each) for each in settings.frequencies]
    along = [(each, frequency, each.value) for each in points]
    return [
        _map("frequency", frequencies, settings, critical, generator.spawn(1)[0], advance),
        _map(axis, along, settings, critical, generator.spawn(1)[0], advance),
    ]


@dataclass(frozen=True, eq=False)
class FineMap:
    """The closed form on a fine grid, for a figure.

    `values` of the axis, `amplitudes` over the critical current, and (amplitudes, values) as of a `LockingMap`.
    """

    values: Floats
    amplitudes: Floats
    locked: Floats
    sure_to_flip: Floats
    sure_to_stay: Floats


def fine_map(found: LockingMap, points: Sequence[Condition], chosen: int, critical: float, frequency: float) -> FineMap:
    """Draw a map finely: over frequencies at a point, or over the axis by rates between its points."""
    values = np.geomspace(min(found.values), max(found.values), _FINE)
    amplitudes = np.linspace(min(found.amplitudes), max(found.amplitudes), _FINE)
    if found.axis == "frequency":
        up, down = (np.asarray(each)[:, None] for each in points[chosen].rates.rates(amplitudes * critical))
        frequencies = values[None]
    else:
        table = np.log([points[k].rates.rates(amplitudes * critical) for k in range(len(points))])
        between = CubicSpline(np.log([each.value for each in points]), table)(np.log(values))
        up, down = (np.exp(between[:, side]).T for side in (0, 1))
        frequencies = np.full((1, 1), frequency)
    return FineMap(values, amplitudes, *_closed_form(up, down, frequencies))


def _closed_form(up: Floats, down: Floats, frequency: Floats) -> tuple[Floats, Floats, Floats]:
    """Half periods locked, a flip in one that favours it, and none in one against it; by rates in 1/s either way."""
    half = 0.5 / frequency
    return square_wave_locking(up, down, frequency)[1], -np.expm1(-up * half), np.exp(-down * half)


def _map(
    axis: Literal["frequency", "temperature", "noise"],
    columns: Sequence[tuple[Condition, float, float]],
    settings: LockingSettings,
    critical: float,
    seeds: np.random.SeedSequence,
    advance: Callable[[], None],
) -> LockingMap:
    """A map of conditions and frequencies, each at a value of the axis."""
    rates = [[at.rates.rates(each * critical) for at, _, _ in columns] for each in settings.amplitudes]
    towards, away = np.moveaxis(np.array(rates, dtype=np.float64), -1, 0)
    exact, flips_surely, stays_surely = _closed_form(towards, away, np.array([each for _, each, _ in columns]))
    counted: list[list[float | None]] = []
    scores: list[float] = []
    differences: list[float] = []
    halves = 2 * settings.periods * settings.members
    for amplitude, row in zip(settings.amplitudes, exact, strict=True):
        counted.append([])
        for (condition, frequency, _), expected in zip(columns, row.tolist(), strict=True):
            drive = PeriodicDrive(amplitude * critical, frequency, "square")
            seed = int(seeds.spawn(1)[0].generate_state(1)[0])
            shares = _shares(condition, drive, settings, seed)
            counted[-1].append(None if shares is None else float(shares.mean()))
            if shares is not None:
                differences.append(abs(float(shares.mean()) - expected))
                score = normal_score(shares, expected)
                # Where both kinds of half periods were to be expected.
                if score is not None and min(expected, 1 - expected) * halves > _EXPECTED:
                    scores.append(score)
            advance()
    return LockingMap(
        axis=axis,
        values=[value for _, _, value in columns],
        amplitudes=list(settings.amplitudes),
        counted=counted,
        exact=exact.tolist(),
        sure_to_flip=flips_surely.tolist(),
        sure_to_stay=stays_surely.tolist(),
        p_value=float(stats.chi2.sf(np.sum(np.square(scores)), len(scores))) if scores else None,
        worst=max(differences) if differences else None,
    )


def _shares(condition: Condition, drive: PeriodicDrive, settings: LockingSettings, seed: int) -> Floats | None:
    """Half periods locked in each record; None where too many flips would have to be followed."""
    flips = drive_response(condition.rates, drive, steps=_STEPS).mean_frequency * 2 / drive.frequency
    if flips * settings.periods * settings.members > _MOST_FLIPS:
        return None
    followed = follow_rates(condition.rates, drive, settings.periods, settings.members, seed=seed, steps=_STEPS)
    return count_half_periods(followed)[1]
