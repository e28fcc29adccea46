"""The mean heat of a loop of fields, by the field's work and by the damping term, and whether the two agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import stats

__all__ = ["MeanHeat", "damping_p_value", "mean_heat"]


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


def damping_p_value(points: Iterable[tuple[float, float, float]]) -> float:
    """Probability of differences as large between work and damping term if their means are the same (chi-square).

    Parameters
    ----------
    points : iterable of (float, float, float)
        Heat by the work, by the damping term, and the error of their difference.

    Examples
    --------
    >>> round(damping_p_value([(1.0, 1.1, 0.1), (2.0, 1.9, 0.1)]), 4)
    0.3679
    """
    squares = [((damped - heat) / error) ** 2 for heat, damped, error in points]
    return float(stats.chi2.sf(sum(squares), len(squares)))
