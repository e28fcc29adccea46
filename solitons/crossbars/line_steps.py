r"""How a voltage step is damped along a line of a crossbar with resistance, capacitance and cells that conduct.

With r and c of a segment and g of the cell behind each, :math:`c \dot v_k = (v_{k-1} - 2 v_k + v_{k+1}) / r - g v_k`,
a source at k = 0 and an open end (:math:`v_{n+1} = v_n`) have modes :math:`\sin(k q_m)`, and the far cell sees

.. math:: v_n(t) = \frac{4}{2 n + 1} \sum_{m=1}^{n} \sin q_m \sin(n q_m) \frac{1 - e^{-\lambda_m t}}{\lambda_m r c},
    \qquad q_m = \frac{(2 m - 1) \pi}{2 n + 1}, \quad \lambda_m = \frac{2 (1 - \cos q_m) + r g}{r c}

of 1 V (derived here); :math:`\sin(n q_m) = (-1)^{m + 1} \cos(q_m / 2)`. Without leakage half of it comes after 0.38 r
c n^2, as along any diffusive line, so that a much shorter pulse is lost; with it :math:`\cosh(\kappa / 2) /
\cosh[(n + 1/2) \kappa]`, :math:`\cosh\kappa = 1 + r g / 2`, is left in the end, of a direct voltage too, and it comes
within some c / g. Cells are alike, their other ends at 0 V.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["far_step"]


def far_step(
    times: npt.ArrayLike, cells: int, segment: float, capacitance: float, conductance: float = 0.0
) -> npt.NDArray[np.float64]:
    """Voltage (...) at the farthest of so many cells at times (...) in s after a step of 1 V.

    A pulse of the width w has there `far_step(t, ...) - far_step(t - w, ...)`, as nothing comes before 0. Segments have
    a resistance in ohm and a capacitance in F, cells a conductance in S. What is below 1e-15 V is round-off. ValueError
    if a value is out of range or not finite.

    Examples
    --------
    >>> far_step([0.38 * 100**2 * 5e-16, 1e-9], 100, 2.5, 2e-16).round(2).tolist()
    [0.5, 1.0]
    """
    line = 0 < segment < np.inf and 0 < capacitance < np.inf and 0 <= conductance < np.inf
    if not (isinstance(cells, int | np.integer) and 1 <= cells <= 100_000 and line and np.isfinite(times).all()):
        raise ValueError(
            f"far_step: cells = {cells} must be an integer from 1 to 100,000, segment = {segment} ohm and capacitance "
            f"= {capacitance} F above 0, conductance = {conductance} S 0 or above, and all of these and times finite"
        )
    q = (2 * np.arange(1, cells + 1) - 1) * np.pi / (2 * cells + 1)
    # Half angles, as 1 - cos(q) and sin(n q) lose digits in a long line.
    rate, far = 4 * np.sin(q / 2) ** 2 + segment * conductance, np.cos(q / 2)
    far[1::2] *= -1
    late = np.maximum(np.asarray(times, dtype=np.float64), 0.0)[..., None] / (segment * capacitance)
    return np.asarray(4 / (2 * cells + 1) * np.sum(np.sin(q) * far * -np.expm1(-rate * late) / rate, -1))
