"""How many levels of conductance a device has.

A device that stays in wells has as levels the wells that pulses reach (`levels_in_wells`): nothing lasts between them,
and their distance has no part in it. The levels of one that stays everywhere are what its pulses reach over what
blurs it (`count_levels`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

__all__ = ["LevelCount", "count_levels", "levels_in_wells"]


@dataclass(frozen=True)
class LevelCount:
    """Levels that stay apart by three standard deviations, floor(reach / (3 spread)) + 1, with a 95 % interval.

    `reach` in m is the stretch of wall positions under the junction that the pulses reach, `spread` the standard
    deviation of where the wall rests. It joins `model` (the error where held-out walls rest), `heat` (under equal
    pulses) and `devices` (how devices of one drawing differ), all in m.
    """

    number: int
    ci95: tuple[int, int]
    reach: float
    spread: float
    model: float
    heat: float
    devices: float = 0.0


def count_levels(
    errors: list[npt.NDArray[np.float64]], reach: float, heat: float = 0.0, devices: float = 0.0
) -> LevelCount:
    """Count the levels that stay apart by three standard deviations, from one edge of the reach to the other.

    Conductance is linear in position under the junction, so that levels are counted in position. The
    spread is the model's error without feedback, as when a network is programmed by counting pulses, and what
    heat and the differences between devices add. The interval is for a variance from as many errors as there
    are held-out runs (chi-square): the errors of one run hang together, and may be worth no more than one.

    Parameters
    ----------
    errors : list of array
        The model's errors in m where the wall rests, for each held-out run.
    reach : float
        In m.
    heat, devices : float
        In m.

    Raises
    ------
    ValueError
        If there is no error, all are exactly 0, or the reach is not positive.

    Examples
    --------
    >>> count_levels([np.array([3e-9, -3e-9]), np.array([3e-9])], 288e-9, heat=4e-9).number
    20
    """
    errors = [each[np.isfinite(each)] for each in errors]
    errors = [each for each in errors if each.size]
    if not errors:
        raise ValueError(
            "count_levels: no held-out run has a rest at which its wall is there, so its error is unknown; hold such "
            "runs out"
        )
    squares = np.array([float(each @ each) for each in errors])
    counts = np.array([each.size for each in errors])
    if not squares.sum() > 0:
        raise ValueError(
            "count_levels: the errors are exactly 0 m, so any number of levels stay apart; hold out runs that were "
            "measured rather than made by the model"
        )
    if not reach > 0:
        raise ValueError(f"count_levels: reach = {reach} m must be positive")
    model = squares.sum() / counts.sum()
    interval = model * len(errors) / scipy.stats.chi2.ppf([0.025, 0.975], len(errors))
    # A reach of exactly so many spreads holds one level more, whichever way its quotient is rounded.
    spread = np.sqrt(np.concatenate([[model], interval]) + heat**2 + devices**2)
    number, low, high = (int(np.floor(reach / (3 * each) * (1 + 1e-12))) + 1 for each in np.maximum(spread, 1e-15))
    return LevelCount(number, (low, high), reach, float(spread[0]), float(np.sqrt(model)), heat, devices)


def levels_in_wells(places: npt.ArrayLike, window: tuple[float, float]) -> int:
    """Count the conductances that a device has in its wells, at the coordinates `places` in m that pulses reach.

    The conductance changes along `window` (m): wells beyond one of its ends have one conductance.
    """
    return int(np.unique(np.clip(np.asarray(places, dtype=float), *window)).size)
