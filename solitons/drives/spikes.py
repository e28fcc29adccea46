r"""Spikes of two terminals that overlap on a device with a threshold: the current that it sees.

Both terminals of the device send a spike of the same or of another shape, and the device sees the difference,

.. math:: j(t) = s_\mathrm{pre}(t - t_\mathrm{pre}) - s_\mathrm{post}(t - t_\mathrm{post}), \qquad
          \Delta t = t_\mathrm{post} - t_\mathrm{pre}.

A spike is a pulse A of the length w and a tail of the other sign that begins at -k A and decays linearly in T. Alone,
each stays below the current that frees the device. Where a later pulse meets an earlier tail, the device sees

.. math:: j = \mp A \left(1 + k \left(1 - \frac{|\Delta t| - w}{T}\right)\right)

as that pulse begins (the rise is left out), - for a pre-synaptic spike that comes first and + for one that is second:
the learning window is antisymmetric, and ends with the tail. Two pulses without tails, of opposite signs at the
terminals, add up where they overlap, whichever is first: that window is symmetric.

Sources: overlapping spikes on a device with a threshold: B. Linares-Barranco and T. Serrano-Gotarredona, Nature
Precedings, npre.2009.3010.1 (2009), by its abstract; measured devices: S. Saighi et al., Front. Neurosci. 9, 51 (2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import CurrentDensity, PureNumber, Time
from runs.waveforms.waveform import PiecewiseLinear

__all__ = ["Spike", "SpikePair"]

Floats = npt.NDArray[np.float64]


class Spike(Description):
    """Current of one terminal: a trapezoidal pulse, and after it a tail of the other sign that decays linearly.

    Parameters
    ----------
    amplitude : float or str
        Current density of the pulse in A/m2, with its sign.
    width, rise : float or str
        Length of the pulse, with its rise and fall, and of either in s. The tail rises as fast.
    tail : float
        Largest size of the tail over the pulse's; 0 for a spike without one.
    tail_length : float or str
        Time in s in which the tail decays.

    Examples
    --------
    >>> spike = Spike(amplitude="8e11 A/m2", width="0.3 ns", rise="50 ps", tail=0.5, tail_length="0.8 ns")
    >>> [f"{time:.3g}: {value:.3g}" for time, value in zip(*spike.lines(), strict=True)][2:]
    ['2.5e-10: 8e+11', '3e-10: 0', '3.5e-10: -4e+11', '1.15e-09: 0']
    """

    amplitude: CurrentDensity
    width: Annotated[Time, Field(gt=0)]
    rise: Annotated[Time, Field(gt=0)] = 50e-12
    tail: Annotated[PureNumber, Field(ge=0, le=1)] = 0.0
    tail_length: Annotated[Time, Field(gt=0)] = 0.8e-9

    @model_validator(mode="after")
    def _has_a_pulse(self) -> Spike:
        if self.amplitude == 0 or 2 * self.rise > self.width * (1 + 1e-12):
            raise ValueError(
                f"amplitude = {self.amplitude:g} A/m2 with rise = {self.rise:g} s in width = {self.width:g} s is no "
                "pulse; give an amplitude that is not 0, and a rise of at most half of the width"
            )
        return self

    def lines(self) -> tuple[Floats, Floats]:
        """Its breakpoints: times in s from its start, and current densities in A/m2."""
        times = [0.0, self.rise, self.width - self.rise, self.width]
        values = [0.0, self.amplitude, self.amplitude, 0.0]
        if self.tail:
            times += [self.width + self.rise, self.width + self.rise + self.tail_length]
            values += [-self.tail * self.amplitude, 0.0]
        return np.array(times), np.array(values)

    @property
    def duration(self) -> float:
        """Length in s, the tail included."""
        return float(self.lines()[0][-1])


@dataclass(frozen=True)
class SpikePair:
    """A spike of each terminal; `post` acts with the other sign (None: that terminal is silent, or `pre` is)."""

    pre: Spike | None
    post: Spike | None

    def current(self, difference: float = 0.0) -> PiecewiseLinear:
        """Current density in A/m2 that the device sees, from the start of the first spike on.

        The post-synaptic spike comes `difference` (s) after the other, before it if that is negative.

        Examples
        --------
        >>> pulse = Spike(amplitude=1e12, width=0.2e-9, rise=50e-12)
        >>> seen = SpikePair(pulse, pulse).current(0.1e-9)
        >>> (seen(np.array([0.08e-9, 0.22e-9])) / 1e12).round(2).tolist()
        [1.0, -1.0]
        """
        sent = [
            (each.lines(), sign, start)
            for each, sign, start in (
                (self.pre, 1.0, max(-difference, 0.0)), (self.post, -1.0, max(difference, 0.0)),
            )
            if each is not None
        ]  # fmt: skip
        times = np.unique(np.round(np.concatenate([at + start for (at, _), _, start in sent]), 17))
        values = sum(sign * np.interp(times - start, at, lines, 0.0, 0.0) for (at, lines), sign, start in sent)
        return PiecewiseLinear(tuple(times.tolist()), tuple(np.asarray(values).tolist()))

    @property
    def longest(self) -> float:
        """Length in s of the longer spike: spikes further apart do not meet."""
        return max(each.duration for each in (self.pre, self.post) if each is not None)
