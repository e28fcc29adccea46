r"""A junction whose barrier is so low that it flips by itself: a neuron that fires at a rate which the current tunes.

It fires when it comes into its upper state. A current towards one state makes that state long and the other short, so
that the rate :math:`\Gamma_+ \Gamma_- / (\Gamma_+ + \Gamma_-)` is largest where both are alike and falls to both sides:
for equal barriers as 1 / cosh, a tuning curve (A. Mizrahi et al., Nature Commun. 9, 1533 (2018)).
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices.neuron import AbstractNeuron
from solitons.junctions.rates import SwitchingRates

__all__ = ["SuperparamagneticNeuron", "TelegraphState"]

Floats = npt.NDArray[np.float64]

_MOST_SPIKES = 1e7


class TelegraphState(NamedTuple):
    """State of a junction that flips by itself.

    0 in the lower state, 1 in the upper (no length), and whether it came into the upper state in the last step.
    """

    position: Any
    spike: Any


class SuperparamagneticNeuron(AbstractNeuron):
    """A junction that fires when heat takes it into its upper state.

    `AbstractNeuron` is of a soliton that current moves up to a threshold, and nothing here is one: a junction has no
    threshold to set, and no way on which it could be seen to come nearer. What devices differ in are their rates.

    Parameters
    ----------
    rates : SwitchingRates
        Rates of the junction.

    Examples
    --------
    >>> rates = SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10)
    >>> neuron = SuperparamagneticNeuron(rates)
    >>> curve = neuron.tuning_curve([-1e9, 0.0, 1e9])
    >>> bool(curve[1] > curve[0]), round(float(curve[0] / curve[2]), 6)
    (True, 1.0)
    """

    rates: SwitchingRates

    @property
    def span(self) -> tuple[Any, Any]:
        """The lower state, 0, and the upper, 1."""
        return 0.0, 1.0

    def rest(self) -> TelegraphState:
        """The lower state."""
        return TelegraphState(0.0, False)

    @property
    def noises(self) -> int:
        """One normal number, from which it is drawn whether it flips."""
        return 1

    def step(self, state: TelegraphState, current_density: Any, dt: Any, noise: Any = None) -> TelegraphState:
        """Follow the junction for a time in which it flips once at most: short beside its dwell times.

        Without noise it is 0 K: it flips beyond its critical current, and nowhere else.
        """
        current = jnp.asarray(current_density, dtype=float)
        position = jnp.asarray(state.position, dtype=float)
        if noise is None:
            reduced = (current - self.rates.offset) / self.rates.critical_current
            after = jnp.where(reduced > 1, 1.0, jnp.where(reduced < -1, 0.0, position))
        else:
            up, down = self.rates.rates(current)
            forgets = -jnp.expm1(-(up + down) * dt)
            leaves = jnp.where(position > 0.5, down, up) / (up + down) * forgets
            after = jnp.where(jax.scipy.special.ndtr(noise[0]) < leaves, 1 - position, position)
        return TelegraphState(after, (after > 0.5) & (position < 0.5))

    def with_thresholds(self, thresholds: Any, gains: Any = 1.0) -> Self:
        """Neurons on which the same current acts more strongly by their gain.

        Raises
        ------
        ValueError
            If a threshold is asked for: a junction has none.
        """
        if np.any(np.asarray(thresholds) != 1.0):
            raise ValueError(
                "SuperparamagneticNeuron.with_thresholds: a junction that flips by itself has no threshold, it fires "
                "at a rate; give thresholds = 1, and shift its curve by rates.offset"
            )
        rates = self.rates
        unlike = SwitchingRates(
            rates.attempt_rate, rates.stability, rates.critical_current / gains, rates.exponent, rates.offset / gains,
            rates.temperature, rates.provenance,
        )  # fmt: skip
        return type(self)(unlike)

    def heated(self, temperature: Any) -> Self:
        """The same at another temperature in K."""
        return type(self)(self.rates.at_temperature(temperature))

    def tuning_curve(self, current_density: npt.ArrayLike) -> Floats:
        """How often it fires in 1/s, by the current density in A/m2."""
        return self.rates.flips_per_second(current_density)

    def counts(self, current_density: npt.ArrayLike, time: float, *, seed: int) -> npt.NDArray[np.int64]:
        """Draw how often it fires in a time (s), from dwell times one after another.

        Parameters
        ----------
        current_density : array
            In A/m2; one record for each.
        time : float
            In s, from an arbitrary moment on.
        seed : int
            Seed of the random numbers.

        Returns
        -------
        array
            As `current_density`. A record in which no flip is expected has 0 for the most part, which is no error.
        """
        expected = float(np.max(self.tuning_curve(current_density), initial=0.0)) * time
        if not 0 < time < np.inf or expected > _MOST_SPIKES:
            raise ValueError(
                f"counts: {expected:.3g} spikes in a record of {time} s, drawn one after another; give a time above 0 "
                f"s in which {_MOST_SPIKES:.0e} or fewer are expected"
            )
        generator = np.random.default_rng(seed)
        up, down = (np.atleast_1d(each) for each in self.rates.rates(np.asarray(current_density, dtype=np.float64)))
        found = np.zeros(up.shape, dtype=np.int64)
        upper = generator.random(up.shape) < up / (up + down)
        left = np.full(up.shape, float(time))
        while np.any(left > 0):
            left -= generator.standard_exponential(up.shape) / np.where(upper, down, up)
            found += (left > 0) & ~upper
            upper = ~upper
        return found.reshape(np.shape(current_density))
