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

    `heat` is the mean of the applied field's work around its loop, with the mean's standard error; `damping_heat` the
    mean heat from the damping term, with the mean change of energy added so that it compares to `heat`, and
    `damping_error` the error of the difference.
    """

    members: int
    heat: float
    heat_error: float
    damping_heat: float
    damping_error: float


def mean_heat(run: xr.Dataset, thermal_energy: float) -> MeanHeat:
    """Average a run of `follow_ramps` over a loop of fields that come back to where they were.

    `thermal_energy` is k T in J.
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

    Errors are estimated from the members too, so that a difference over its error is Student's t; its square is the
    square of the equally unlikely normal number. The points have the attributes of a `MeanHeat`.
    """
    table = np.array([(each.damping_heat - each.heat, each.damping_error, each.members - 1) for each in points]).T
    off, error, freedom = table
    squares = stats.chi2.isf(2 * stats.t.sf(np.abs(off / error), freedom), 1)
    return float(stats.chi2.sf(squares.sum(), len(squares)))


def found_difference(points: Iterable[_Compared], significance: float = 1e-3, power: float = 0.9) -> float:
    """Smallest difference in k T of the two means, the same at all points, that `damping_p_value` finds.

    A share of `power` of campaigns with such a difference has a probability below `significance`: smaller ones may
    be there and not be seen.
    """
    weight = np.array([each.damping_error**-2.0 for each in points])
    beyond = stats.chi2.isf(significance, weight.size)
    # Squares of normal numbers that are shifted are non-central chi-squared.
    square = optimize.brentq(lambda shift: stats.ncx2.sf(beyond, weight.size, shift) - power, 1e-9, 1e4)
    return float(np.sqrt(square / weight.sum()))
