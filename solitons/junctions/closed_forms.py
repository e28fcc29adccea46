r"""A closed form for a perpendicular macrospin under a current above the critical one.

It is an approximation; `solitons.junctions.axial_fokker_planck` has the exact number beside it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.junctions.macrospin import Macrospin

__all__ = ["linear_write_error"]

Floats = npt.NDArray[np.float64]


def linear_write_error(macrospin: Macrospin, current_density: float, times: npt.ArrayLike) -> Floats:
    r"""Probability that a current above the critical one has not yet switched a perpendicular macrospin.

    .. math:: W(t) = 1 - \exp\left[-\frac{\pi^2 \Delta (i - 1) / 4}{i\, e^{2 (i - 1) \tau} - 1}\right], \qquad
              \tau = \frac{\gamma_0 \alpha H_K}{1 + \alpha^2} t

    Near the pole from which it starts the angle is a two-dimensional unstable Ornstein-Uhlenbeck process: <theta^2>
    grows from 1 / Delta to (i exp(2 (i - 1) tau) - 1) / (Delta (i - 1)); the formula takes it up to theta = pi / 2. So
    it is of the form of Butler's (W. H. Butler et al., IEEE Trans. Magn. 48, 4684 (2012)), and falls as exp(-2 (i - 1)
    tau) at long times as his does. It holds where i is 2 or more and Delta large: at Delta = 40 the exact error is 6 to
    7 % below it at i = 3, half of it at i = 2 and W = 1e-9, and a tenth of it at i = 1.5, because the slowest rate
    itself is 1.2 and 6 % above 2 (i - 1).

    The macrospin is `axial`, with Lambda = 1 and no field; the current density is in A/m2, times are in s. ValueError
    below the critical current, where the formula means nothing.
    """
    if not macrospin.axial or macrospin.asymmetry != 1 or np.any(macrospin.field):
        raise ValueError(
            "linear_write_error: the formula is of an axial macrospin with Lambda = 1 and no field; use "
            "write_error_rate or axial_fokker_planck"
        )
    i = abs(current_density / macrospin.critical_current())
    if not i > 1:
        raise ValueError(
            f"linear_write_error: the current is {i:.3g} of the critical one, but the formula is of an unstable state; "
            "use a current above it, or the rates of heat"
        )
    tau = macrospin.damping_rate * macrospin.anisotropy_field * np.asarray(times, dtype=np.float64)
    grown = i * np.exp(2 * (i - 1) * tau) - 1
    return np.asarray(-np.expm1(-(np.pi**2) * macrospin.stability * (i - 1) / 4 / grown))
