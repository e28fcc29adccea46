r"""The leaky integrate-and-fire neuron of network simulators, in continuous time and SI units.

Its membrane potential is how far the soliton is from its start towards the threshold, in m:

.. math:: \tau \dot v = v_{leak} - v + r J

With v above v_threshold it fires and is at v_reset, for `refractory` deaf to its input. It never comes below its start,
as a soliton that an end stops. A soliton under a constant pull leaks at a constant speed: that is a tau far above the
interval and a v_leak far below the start. Under a constant J a spike comes after

.. math:: T = \tau \ln\frac{v_{leak} + r J - v_{reset}}{v_{leak} + r J - v_{threshold}}

so that between two changes of J everything is known without steps in time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = ["LeakyNeuron"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LeakyNeuron:
    """A leaky integrate-and-fire neuron.

    Parameters
    ----------
    tau : float
        Time constant in s.
    r : float
        Potential for each current density, in m/(A/m2), with the sign of the current that excites.
    v_leak, v_threshold, v_reset : float
        In m from the start.
    refractory : float
        Time in s for which it is deaf after a spike.
    drive : (float, float)
        Weakest and strongest |J| in A/m2 that it was fitted on.
    stopped : bool
        Whether its potential stops at v_reset from above; most targets have no such stop.
    tau_syn : float
        Time constant in s by which its input follows the current late (`solitons.exports.pulsed_neuron`); 0 at once.
        `spikes` and `first_spikes` are of neurons without.

    Raises
    ------
    ValueError
        If tau or the threshold is not above, or a number is not finite.

    Examples
    --------
    >>> neuron = LeakyNeuron(tau=1e-8, r=2e-19, v_leak=0.0, v_threshold=1e-7)
    >>> bool(np.isclose(neuron.interval(1e12), 1e-8 * np.log(2.0), atol=0))
    True
    >>> bool(np.isinf(neuron.interval(4e11)))
    True
    """

    tau: float
    r: float
    v_leak: float
    v_threshold: float
    v_reset: float = 0.0
    refractory: float = 0.0
    drive: tuple[float, float] = field(default=(0.0, np.inf))
    stopped: bool = True
    tau_syn: float = 0.0

    def __post_init__(self) -> None:
        for name in ("tau", "r", "v_leak", "v_threshold", "v_reset", "refractory", "tau_syn"):
            if not np.isfinite(getattr(self, name)):
                raise ValueError(f"LeakyNeuron.{name} = {getattr(self, name)} must be a finite number")
        if not (self.tau > 0 and self.v_threshold > self.v_reset and self.refractory >= 0 and self.r):
            raise ValueError(
                f"LeakyNeuron: tau = {self.tau} s must be above 0, v_threshold = {self.v_threshold} m above v_reset = "
                f"{self.v_reset} m, refractory = {self.refractory} s not below 0, and r = {self.r} not 0"
            )
        if self.tau_syn < 0:
            raise ValueError(f"LeakyNeuron.tau_syn = {self.tau_syn} s must not be below 0")

    def interval(self, current_density: npt.ArrayLike) -> Floats:
        """Time in s from one spike to the next under a constant current density (A/m2); infinite where none comes."""
        end = self.v_leak + self.r * np.asarray(current_density, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.refractory + self.tau * np.log((end - self.v_reset) / (end - self.v_threshold))
        return np.where(end > self.v_threshold, found, np.inf)

    def first_spikes(self, start: Floats, stream: npt.NDArray[np.intp], current: Floats, hold: float) -> Floats:
        """When neurons that were reset at some moment fire next.

        Parameters
        ----------
        start : array (n,)
            Moments of a reset in s; each is followed by the refractory time.
        stream : int array (n,)
            Index of the stream that each listens to.
        current : array (streams, segments)
            Current densities in A/m2, each held for `hold` s, from time 0 on.

        Returns
        -------
        array (n,)
            In s; infinite where it does not fire before its stream ends.
        """
        if self.tau_syn:
            raise ValueError(
                f"LeakyNeuron.first_spikes: tau_syn = {self.tau_syn} s has no closed form; use "
                "solitons.exports.pulsed_neuron.first_spikes_under"
            )
        now = start + self.refractory
        potential, found = np.full(start.shape, self.v_reset), np.full(start.shape, np.inf)
        segment = np.minimum((now / hold).astype(np.intp), current.shape[1])
        left = np.flatnonzero(segment < current.shape[1])
        while left.size:
            here = segment[left]
            end = self.v_leak + self.r * current[stream[left], here]
            until = (here + 1) * hold
            after, fires = self._advanced(potential[left], end, until - now[left])
            found[left] = np.where(np.isfinite(fires), now[left] + fires, np.inf)
            potential[left], now[left], segment[left] = after, until, here + 1
            left = left[~np.isfinite(fires) & (here + 1 < current.shape[1])]
        return found

    def spikes(self, current: Floats, hold: float) -> list[Floats]:
        """All spikes of neurons that are reset at time 0, by stream, in s.

        Parameters
        ----------
        current : array (streams, segments)
            Current densities in A/m2, each held for `hold` s.
        """
        streams = current.shape[0]
        found: list[list[float]] = [[] for _ in range(streams)]
        which, start = np.arange(streams), np.zeros(streams)
        first = True
        while which.size:
            # Nothing fired before the first reset, so that it is not deaf then.
            times = self.first_spikes(start - (self.refractory if first else 0.0), which, current, hold)
            first = False
            fired = np.isfinite(times)
            which, start = which[fired], times[fired]
            for stream, time in zip(which, start, strict=True):
                found[stream].append(float(time))
        return [np.array(each) for each in found]

    def _advanced(self, potential: Floats, end: Floats, time: Floats) -> tuple[Floats, Floats]:
        """Potential after a time towards `end`, and after which time it fires (infinite if it does not)."""
        time = np.maximum(time, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            fires = self.tau * np.log((end - potential) / (end - self.v_threshold))
        fires = np.where((end > self.v_threshold) & (fires <= time), fires, np.inf)
        after = end + (potential - end) * np.exp(-time / self.tau)
        return (np.maximum(after, self.v_reset) if self.stopped else after), fires
