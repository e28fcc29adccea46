r"""Effect of held constants on fitted parameters: consider parameters, which are uncertain and not fitted.

A fit holds some constants at values that are known to a standard uncertainty only. Where they are wrong, the fitted
parameters make up for them. With the residuals r = J p + J_h h, their covariance C and the estimator's gain

.. math:: K = H^{-1} J^T C^{-1}, \qquad H = J^T C^{-1} J,

an error of h moves the fitted p by K J_h times it (up to the sign), whatever the noise is. Independent constants of
standard uncertainties s_h therefore add

.. math:: \sum_h K J_h \, s_h^2 \, J_h^T K^T

to the covariance of p, Schmidt's consider covariance [1]_ [2]_. Fitted under a prior of the same width instead, the
constants would take up the data's information about them, so that the covariance were no larger, and the same where the
data have no information on them that p does not take up. Unlike it, the estimate and its residuals belong to the model
with the constants that it was given.

How well a material is known is in `solitons.fits.material_uncertainty`.

References
----------
.. [1] S. F. Schmidt, Adv. Control Syst. 3, 293 (1966).
.. [2] B. D. Tapley, B. E. Schutz and G. H. Born, Statistical Orbit Determination (Elsevier, 2004), chapter 6.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from solitons.fits.leave_one_out import inverse, scaled

__all__ = ["NORMAL_95", "Considered", "held_shifts", "in_quadrature", "shifts_by_held"]

Floats = npt.NDArray[np.float64]
Model = TypeVar("Model")

NORMAL_95 = 1.959964
"""Standard deviations on both sides that hold 95 % of a normal distribution."""


def shifts_by_held(slopes: Floats, weighed: Floats, held: Floats) -> Floats:
    """How least squares' parameters follow the constants that are held: -K J_h s_h, (constants, parameters).

    It is the change of the fitted values where each constant is held at a value larger by its standard uncertainty.
    `slopes` (residuals, parameters) are the derivatives J of the residuals at the minimum; `weighed` is C^-1 J, C being
    the covariance of the residuals (J itself where they are independent); `held` (residuals, constants) is J_h s_h,
    what the residuals change by. For independent constants ``shifts.T @ shifts`` is the consider covariance.
    """
    jacobian, norm = scaled(slopes)
    heavy = weighed / norm
    shifts: Floats = -(held.T @ heavy) @ inverse(jacobian.T @ heavy) / norm
    return shifts


def in_quadrature(ends: tuple[float, float], value: float, reach: float) -> tuple[float, float]:
    """An interval around a value to which an independent cause adds a half-width, in quadrature.

    Examples
    --------
    >>> in_quadrature((-4.0, 3.0), 0.0, 3.0)
    (-5.0, 4.242640687119285)
    """
    if not reach:
        return ends
    low, high = ends
    return value - float(np.hypot(value - low, reach)), value + float(np.hypot(high - value, reach))


@dataclass(frozen=True)
class Considered(Generic[Model]):
    """A model with one of its held constants smaller, and larger.

    Parameters
    ----------
    lower, upper : model
        Both.
    apart : float
        How many standard uncertainties the constant differs by in the two.

    Examples
    --------
    >>> Considered(lower=0.95, upper=1.05).apart
    2.0
    """

    lower: Model
    upper: Model
    apart: float = 2.0

    def slope(self, residual: Callable[[Model], Floats]) -> Floats:
        """Change of the residuals for one standard uncertainty: a secant over both sides."""
        change: Floats = (residual(self.upper) - residual(self.lower)) / self.apart
        return change


def held_shifts(
    slopes: Floats, weighed: Floats, considered: Mapping[str, Considered[Model]], residual: Callable[[Model], Floats]
) -> dict[str, Floats]:
    """Change of the parameters at a minimum where each held constant is larger by its standard uncertainty.

    `slopes` and `weighed` are as of `shifts_by_held`; `residual` gives the residuals of a model, with the fitted
    parameters at the minimum. A constant with which the model has no finite residuals is left out with a UserWarning.
    """
    found: dict[str, Floats] = {}
    for constant, models in considered.items():
        change = models.slope(residual)
        if np.isfinite(change).all():
            found[constant] = shifts_by_held(slopes, weighed, change[:, None])[0]
        else:
            warnings.warn(
                f"the runs cannot be followed with {constant} off by its standard uncertainty, so that the fitted "
                "parameters' intervals do not count it; state a smaller one if the material is known better",
                stacklevel=2,
            )
    return found
