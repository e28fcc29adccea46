"""The mean heat of a loop of fields, by the field's work and by the damping term, and whether the two agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import xarray as xr
from scipy import optimize, stats

__all__ = ["MeanHeat", "damping_p_value", "found_difference", "mean_heat"]


@dataclass(frozen=True)
class MeanHeat:
    """Means over an ensemble that was taken around a loop, in units of k T.

    Parameters
    ----------
    members : int
        How many.
    heat, heat_error : float
        Mean of the applied field's work around its loop, and the mean's standard error.
    damping_heat, damping_error : float
        Mean heat from the damping term, with the mean change of energy added so that it compares to `heat`; the error
        is that of the difference.

    Examples
    --------
    >>> found = MeanHeat(members=4000, heat=0.71, heat_error=0.01, damping_heat=0.70, damping_error=0.02)
    >>> bool(abs(found.heat - np.log(2)) < 2 * found.heat_error)  # Landauer's bound, in k T
    True
    """

    members: int
    heat: float
    heat_error: float
    damping_heat: float
    damping_error: float


def mean_heat(run: xr.Dataset, thermal_energy: float) -> MeanHeat:
    """Average over a loop.

    Parameters
    ----------
    run : xarray.Dataset
        Of `follow_ramps`, with fields that come back to where they were.
    thermal_energy : float
        K T in J.

    Examples
    --------
    >>> from solitons.magnet_logic import biaxial_magnet, follow_ramps
    >>> bit = biaxial_magnet(3e-24, 8e5, (0.08, 0.14, 0.78), damping=0.1, temperature=300.0)
    >>> start = np.tile([[[1.0, 0, 0]]], (200, 1, 1))
    >>> loop = [[0, 0, 0], [0, 2e4, 0], [0, 0, 0]]  # a little along the hard axis, and back
    >>> found = mean_heat(follow_ramps(bit, start, [1e-9, 1e-9], loop, seed=1), bit.thermal_energy)
    >>> found.members, bool(found.heat > -3 * found.heat_error)  # second law: on average it is not below 0
    (200, True)
    """
    work, change, damped = (
        (run[name].sum("ramp") / thermal_energy).values for name in ("work", "energy_change", "damping_heat")
    )
    members, off = len(work), damped + change - work
    return MeanHeat(
        members=members,
        heat=float(work.mean()),
        heat_error=float(work.std(ddof=1) / np.sqrt(members)),
        damping_heat=float(work.mean() + off.mean()),
        damping_error=float(off.std(ddof=1) / np.sqrt(members)),
    )


class _Compared(Protocol):
    """A point at which work and damping term are known: a `MeanHeat`, or a campaign's record of one."""

    @property
    def members(self) -> int: ...
    @property
    def heat(self) -> float: ...
    @property
    def damping_heat(self) -> float: ...
    @property
    def damping_error(self) -> float: ...


def damping_p_value(points: Iterable[_Compared]) -> float:
    """Probability of differences as large between work and damping term if their means are the same (chi-square).

    Errors are estimated from the members too, so that a difference over its error is Student's t; its square is that
    of the normal number that is as unlikely.

    Parameters
    ----------
    points : iterable
        Each with `members`, `heat`, `damping_heat` and `damping_error`, as of `MeanHeat`.

    Examples
    --------
    >>> many = [MeanHeat(10_000, 1.0, 0.1, 1.1, 0.1), MeanHeat(10_000, 2.0, 0.1, 1.9, 0.1)]
    >>> few = [MeanHeat(5, 1.0, 0.1, 1.1, 0.1), MeanHeat(5, 2.0, 0.1, 1.9, 0.1)]
    >>> round(damping_p_value(many), 3), round(damping_p_value(few), 3)
    (0.368, 0.454)
    """
    table = np.array([(each.damping_heat - each.heat, each.damping_error, each.members - 1) for each in points]).T
    off, error, freedom = table
    squares = stats.chi2.isf(2 * stats.t.sf(np.abs(off / error), freedom), 1)
    return float(stats.chi2.sf(squares.sum(), len(squares)))


def found_difference(points: Iterable[_Compared], significance: float = 1e-3, power: float = 0.9) -> float:
    """Smallest difference in k T of the two means, the same at all points, that `damping_p_value` finds.

    Of campaigns with such a difference a share of `power` has a probability below `significance`: what is smaller may
    be there and not be seen.

    Parameters
    ----------
    points : iterable
        As of `damping_p_value`.
    significance, power : float
        Between 0 and 1.

    Examples
    --------
    >>> round(found_difference([MeanHeat(10_000, 1.0, 0.1, 1.1, 0.5)]), 2)  # 4.57 standard errors
    2.29
    """
    weight = np.array([each.damping_error**-2.0 for each in points])
    beyond = stats.chi2.isf(significance, weight.size)
    # Squares of normal numbers that are shifted are non-central chi-squared.
    square = optimize.brentq(lambda shift: stats.ncx2.sf(beyond, weight.size, shift) - power, 1e-9, 1e4)
    return float(np.sqrt(square / weight.sum()))
