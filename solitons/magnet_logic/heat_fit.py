r"""The heat of an operation in the limit of slow ramps: Q = Q_inf + c / tau.

In linear response what is produced beyond the quasi-static heat is the square of a thermodynamic length over tau (D. A.
Sivak and G. E. Crooks, Phys. Rev. Lett. 108, 190602 (2012)), if the ramps are slow beside the magnet's own relaxation.
Whether they are shows in the scatter about the line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.statistics.misfit import birge_ratio

__all__ = ["SlowLimit", "slow_limit"]


@dataclass(frozen=True)
class SlowLimit:
    """Heat against ramp time, as a straight line over 1 / tau.

    Q_inf in the unit of the heats, with its standard error, wider by the scatter about the line where chance does not
    explain it, and the slope c in that unit times s, likewise. `p_value` is the probability of as much scatter about
    the line if it is right (chi-square), `confidence` belongs to `interval`.
    """

    heat: float
    heat_error: float
    slope: float
    slope_error: float
    p_value: float
    confidence: float = 0.95

    @property
    def interval(self) -> tuple[float, float]:
        """Confidence interval of `heat`."""
        reach = float(stats.norm.ppf(0.5 + self.confidence / 2)) * self.heat_error
        return self.heat - reach, self.heat + reach

    def at(self, ramp_times: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Q of the line at ramp times in s."""
        return np.asarray(self.heat + self.slope / np.asarray(ramp_times, dtype=np.float64))


def slow_limit(ramp_times: npt.ArrayLike, heats: npt.ArrayLike, errors: npt.ArrayLike) -> SlowLimit:
    """Extrapolate mean heats to slow ramps, by weighted least squares.

    Parameters
    ----------
    ramp_times : array (ramps,)
        In s, three or more that differ.
    heats, errors : array (ramps,)
        Means with their standard errors.

    Raises
    ------
    ValueError
        If there are too few ramp times, or a number is not finite or not above 0.

    Examples
    --------
    >>> found = slow_limit([1e-9, 2e-9, 4e-9], [1.7, 1.2, 0.95], [0.01, 0.01, 0.01])
    >>> round(found.heat, 6), round(found.slope, 12)
    (0.7, 1e-09)
    """
    times, values, sigmas = (np.asarray(each, dtype=np.float64) for each in (ramp_times, heats, errors))
    if times.ndim != 1 or times.shape != values.shape or times.shape != sigmas.shape or len(np.unique(times)) < 3:
        raise ValueError(
            f"slow_limit: {times.size} ramp times, {values.size} heats and {sigmas.size} errors; give one of each for "
            "three ramp times or more: two always lie on a line"
        )
    if not (np.isfinite(values).all() and np.all(times > 0) and np.all(sigmas > 0) and np.isfinite(sigmas).all()):
        raise ValueError("slow_limit: ramp times and errors must be above 0, and all numbers finite")
    design = np.stack([np.ones(len(times)), times.min() / times], axis=1) / sigmas[:, None]
    covariance = np.linalg.inv(design.T @ design)
    heat, slope = covariance @ design.T @ (values / sigmas)
    chi_square = float(np.sum((design @ (heat, slope) - values / sigmas) ** 2))
    covariance *= birge_ratio(chi_square, len(times) - 2) ** 2
    return SlowLimit(
        heat=float(heat),
        heat_error=float(np.sqrt(covariance[0, 0])),
        slope=float(slope * times.min()),
        slope_error=float(np.sqrt(covariance[1, 1]) * times.min()),
        p_value=float(stats.chi2.sf(chi_square, len(times) - 2)),
    )
