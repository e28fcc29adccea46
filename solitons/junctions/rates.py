r"""The two-state model of a junction: Neel and Brown's rates, whose barrier a current lowers.

.. math::

   \Gamma_\pm = f_0 (1 \mp i)(1 - i^2)\, e^{-\Delta (1 \mp i)^n}, \qquad i = \frac{J - J_0}{J_c}

Gamma_+ takes the junction from its lower into its upper state (-1 to 1, towards the polariser), Gamma_- back. The
attempt rate f_0 belongs to the junction: it is fitted, and nowhere taken as 1 ns. What stands before the exponential is
how well and saddle flatten under the current, as Brown's formula has it for a field along the axis; without it an
exponent is fitted that is too large. With it the formula turns back to 0 at i = 1, where a junction flips fast: from
its maximum on, about 2 / n of k T below the top of the barrier, a rate does not fall. The exponent is 2 where the
current acts as a field along the axis (a perpendicular layer), and about 1 where it changes the damping of an ellipse
that heat drives through its orbits (in-plane; D. M. Apalkov and P. B. Visscher, Phys. Rev. B 72, 180405 (2005)).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import constants, special

from solitons.devices.places import Passage
from solitons.fits.provenance import SwitchingProvenance
from solitons.numerics.parameters import real

__all__ = ["SwitchingRates"]

Floats = npt.NDArray[np.float64]


class SwitchingRates(eqx.Module):
    """Rates of a junction that flips by chance, by the current density.

    Parameters
    ----------
    attempt_rate : float
        f_0 in 1/s.
    stability : float
        Delta, the barrier over k T at `temperature`.
    critical_current : float
        J_c in A/m2; it has the sign of the current that favours the upper state.
    exponent : float
        n.
    offset : float
        J_0 in A/m2, at which both states are equally long.
    temperature : float
        In K.
    provenance : SwitchingProvenance or None
        Provenance of the fit; None if the parameters were chosen.

    Raises
    ------
    ValueError
        If the attempt rate, stability or temperature is not above 0, or the critical current is 0.

    Examples
    --------
    >>> rates = SwitchingRates(attempt_rate=1e9, stability=12.0, critical_current=2e10, exponent=2.0)
    >>> up, down = rates.rates(0.0)
    >>> f"{float(up):.4g}", bool(up == down)
    ('6144', True)
    """

    attempt_rate: Any = eqx.field(converter=real)
    stability: Any = eqx.field(converter=real)
    critical_current: Any = eqx.field(converter=real)
    exponent: Any = eqx.field(converter=real, default=2.0)
    offset: Any = eqx.field(converter=real, default=0.0)
    temperature: Any = eqx.field(converter=real, default=300.0)
    provenance: SwitchingProvenance | None = eqx.field(static=True, default=None)

    def __check_init__(self) -> None:
        for name, unit in (("attempt_rate", "1/s"), ("stability", ""), ("exponent", ""), ("temperature", "K")):
            value = getattr(self, name)
            if not (np.all(value > 0) and np.all(np.isfinite(value))):
                raise ValueError(f"SwitchingRates.{name} = {value} {unit}".rstrip() + " must be finite and above 0")
        if not (np.all(self.critical_current != 0) and np.all(np.isfinite(self.critical_current))):
            raise ValueError("SwitchingRates.critical_current must be finite and not 0")

    def reduced_current(self, current_density: npt.ArrayLike) -> Floats:
        """The i of a current density in A/m2."""
        return np.asarray((np.asarray(current_density, dtype=np.float64) - self.offset) / self.critical_current)

    def rates(self, current_density: Any) -> tuple[Any, Any]:
        """Rates in 1/s into the upper state, and back, under a current density in A/m2.

        The formula has its maximum where about 2 / n of k T is left of a barrier. From there on, beyond the critical
        current too, the barrier is held: a rate is then the fastest of an activated junction, and too low; use
        the macrospin there.
        """
        # JAX calls it in the step of a device.
        xp: Any = jnp if isinstance(current_density, jax.Array) else np
        i = (xp.asarray(current_density, dtype=float) - self.offset) / self.critical_current
        up, down = (xp.maximum(left, self._least(xp)) for left in (1 - i, 1 + i))
        scale = self.attempt_rate * up * down
        both = [scale * each * xp.exp(-self.stability * each**self.exponent) for each in (up, down)]
        return both[0], both[1]

    def equilibrium(self, current_density: npt.ArrayLike) -> Floats:
        """Share of the time in the upper state."""
        i = self.reduced_current(current_density)
        up, down = (np.maximum(left, self._least(np)) for left in (1 - i, 1 + i))
        # By logarithms: both rates of a high barrier may be too small for a number.
        odds = np.log(up / down) + self.stability * (down**self.exponent - up**self.exponent)
        return np.asarray(special.expit(odds))

    def _least(self, xp: Any) -> Any:
        """The s = 1 - i from which on a barrier is held: where s^2 (2 - s) exp(-Delta s^n) is largest, 1 at most."""
        n, barrier = self.exponent, self.stability
        s = xp.minimum((2 / (n * barrier)) ** (1 / n), 1.0)
        for _ in range(4):  # Newton's steps from a little above it
            slope = -2 / s**2 - 1 / (2 - s) ** 2 - n * (n - 1) * barrier * s ** (n - 2)
            s = s - (2 / s - 1 / (2 - s) - n * barrier * s ** (n - 1)) / slope
        return xp.minimum(s, 1.0)

    def probability(self, current_density: npt.ArrayLike, time: npt.ArrayLike, *, state: npt.ArrayLike = -1) -> Floats:
        """Probability that a current that lasts a time (s) leaves the junction in the state it was not in before.

        Parameters
        ----------
        current_density, time : array
            In A/m2 and s; they broadcast.
        state : {-1, 1} or array
            State before.
        """
        up, down = self.rates(current_density)
        upper = self.equilibrium(current_density)
        other = np.where(np.asarray(state) < 0, upper, 1 - upper)
        return np.asarray(other * -np.expm1(-(up + down) * np.asarray(time, dtype=np.float64)))

    def mean_dwell(self, current_density: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Mean time in s in the lower state, and in the upper."""
        up, down = self.rates(current_density)
        return np.asarray(1 / up), np.asarray(1 / down)

    def flips_per_second(self, current_density: npt.ArrayLike) -> Floats:
        """How often it comes into its upper state, in 1/s: what a counter of rising edges shows."""
        _, down = self.rates(current_density)
        return np.asarray(down * self.equilibrium(current_density))

    def passages(self) -> tuple[Passage, Passage]:
        """Ways without current from the lower into the upper state (0 and 1), and back, by the cosine to the polariser.

        The drive of a way is the current density in A/m2 that leaves no barrier on it. ValueError if no barrier is left
        without a current.
        """
        i, n = float(self.reduced_current(0.0)), float(self.exponent)
        if 1 - abs(i) <= self._least(np):
            left = float(self.stability) * max(1 - abs(i), 0) ** n
            raise ValueError(
                f"SwitchingRates: stability = {float(self.stability):.3g} with offset = {float(self.offset):.3g} A/m2 "
                f"leaves {left:.2g} k T without a current, where a state lasts from about {2 / n:.2g} k T on; give a "
                "higher stability, or an offset nearer to 0"
            )
        height, rate, free = constants.k * self.temperature * self.stability, self.attempt_rate, self.critical_current
        up, down = (
            Passage(
                to, 0.0 - i, float(height * s**n), attempt_rate=float(rate * s * (1 - i**2)), drive=drive, arrives=to
            )
            for to, s, drive in ((1, 1 - i, float(self.offset + free)), (0, 1 + i, float(self.offset - free)))
        )
        return up, down

    def at_temperature(self, temperature: float) -> SwitchingRates:
        """The same junction at another temperature in K, with the same barrier and attempt rate."""
        changed = self.stability * self.temperature / temperature
        return replace(self, stability=changed, temperature=temperature)
