r"""A synapse that is known by its pulses alone: how far one more pulse takes its conductance, from where it is.

Between two pulses the conductance G is all that the device remembers. A pulse of sign s takes it to

.. math:: G' = G + g\, v_s(G) + \sigma_s \xi, \qquad G_{min} \le G' \le G_{max}

with v_s linear between nodes at equal distances from G_min to G_max, normal numbers xi, and the gain g of the device,
1 on average. Two equal nodes are a device whose every pulse does the same. Two unlike ones are the usual exponential:
with v = (1 - e^{-1/A}) (G_end - G), n pulses lead to G_end - (G_end - G_0) e^{-n/A}, which is NeuroSim's
parametrisation of potentiation and depression (P.-Y. Chen, X. Peng and S. Yu, IEEE Trans. CAD 37, 3067 (2018); its
source, MLP+NeuroSim V3.0, has G = B (1 - e^{-P/A}) + G_min). More nodes are any shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt

from solitons.devices.device_spread import FEWEST_DEVICES
from solitons.devices.drift import AFTER_PULSES, Drift, DriftUnknownError, checked_rest
from solitons.fits.provenance import PulseProvenance
from solitons.numerics.parameters import real, with_numbers

__all__ = ["TabulatedSynapse", "WrittenByCounting"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WrittenByCounting:
    """Result of counted pulses: the conductance of each device in S, and its pulses.

    Both have the shape of the targets.
    """

    conductance: Floats
    pulses: npt.NDArray[np.int64]


class TabulatedSynapse(eqx.Module):
    """A synapse by the mean change of its conductance with a pulse up and a pulse down.

    Parameters
    ----------
    lowest, highest : float
        Range of the conductance in S, at whose ends pulses stop it.
    up, down : array (nodes,)
        Mean change in S by one pulse, at equally spaced conductances from lowest to highest; not below 0 for up, not
        above for down.
    cycle_up, cycle_down : float
        Standard deviation in S of what one pulse does, from pulse to pulse of one device.
    read_noise : float
        Standard deviation in S of a reading.
    gain : float
        Relative standard deviation over devices of what a pulse does; 0 too where that is not known (`spread_known`).
    provenance : PulseProvenance or None
        Provenance of the pulses that it was fitted to.

    Raises
    ------
    ValueError
        If the range is empty, the nodes are not as many up and down, a change has the wrong sign, or a spread is
        negative.

    Examples
    --------
    >>> synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6, 1e-6], down=[0.0, -2e-6])
    >>> (1e6 * synapse.train(1e-6, [1, 1, 1])).round(3).tolist()
    [1.0, 2.0, 3.0, 4.0]
    >>> (1e6 * synapse.train(5e-6, [-1, -1])).round(3).tolist()
    [5.0, 3.0, 2.0]
    """

    lowest: Any = eqx.field(converter=real)
    highest: Any = eqx.field(converter=real)
    up: Any = eqx.field(converter=real)
    down: Any = eqx.field(converter=real)
    cycle_up: Any = eqx.field(converter=real, default=0.0)
    cycle_down: Any = eqx.field(converter=real, default=0.0)
    read_noise: Any = eqx.field(converter=real, default=0.0)
    gain: Any = eqx.field(converter=real, default=0.0)
    provenance: PulseProvenance | None = eqx.field(static=True, default=None)

    def __repr__(self) -> str:
        return with_numbers(self)

    def __check_init__(self) -> None:
        if not 0 < self.lowest < self.highest:
            raise ValueError(
                f"TabulatedSynapse: lowest = {self.lowest} S and highest = {self.highest} S must be above 0 and in "
                "this order"
            )
        if self.up.ndim != 1 or self.up.shape != self.down.shape or self.up.size < 2:
            raise ValueError(
                f"TabulatedSynapse: up has the shape {self.up.shape} and down {self.down.shape}; give both as many "
                "nodes, 2 or more, in one dimension"
            )
        if not (np.all(np.isfinite(self.up)) and np.all(self.up >= 0)):
            raise ValueError(f"TabulatedSynapse.up = {self.up} S must be finite and not below 0 at any node")
        if not (np.all(np.isfinite(self.down)) and np.all(self.down <= 0)):
            raise ValueError(f"TabulatedSynapse.down = {self.down} S must be finite and not above 0 at any node")
        for name in ("cycle_up", "cycle_down", "read_noise", "gain"):
            if not 0 <= getattr(self, name) < np.inf:
                raise ValueError(f"TabulatedSynapse.{name} = {getattr(self, name)} must be a finite number, 0 or above")

    @property
    def spread_known(self) -> bool:
        """Whether it is known how devices differ: from pulses of three devices or more."""
        origin = self.provenance
        measured = origin is not None and origin.device_spread_known and origin.devices >= FEWEST_DEVICES
        return measured or bool(self.gain > 0)

    @property
    def nodes(self) -> Floats:
        """Conductances in S at which the changes are given."""
        return np.linspace(float(self.lowest), float(self.highest), self.up.size)

    def mean_step(self, conductance: npt.ArrayLike, sign: npt.ArrayLike) -> Floats:
        """Mean change in S by a pulse of a sign (1 or -1, 0 for none), from conductances in S."""
        here, which = np.asarray(conductance, dtype=np.float64), np.asarray(sign)
        up, down = np.interp(here, self.nodes, self.up), np.interp(here, self.nodes, self.down)
        return np.where(which > 0, up, np.where(which < 0, down, 0.0))

    def pulsed(
        self,
        conductance: npt.ArrayLike,
        sign: npt.ArrayLike,
        generator: np.random.Generator | None = None,
        gains: npt.ArrayLike = 1.0,
    ) -> Floats:
        """Conductances in S after one pulse each.

        Parameters
        ----------
        conductance : array
            In S.
        sign : array
            1 up, -1 down, 0 for no pulse.
        generator : numpy.random.Generator, optional
            Draws how pulses differ; each does the mean if None.
        gains : array
            Gains of the devices (`gains`).
        """
        which = np.asarray(sign)
        change = np.asarray(gains) * self.mean_step(conductance, which)
        if generator is not None:
            size = np.where(which > 0, self.cycle_up, np.where(which < 0, self.cycle_down, 0.0))
            change = change + size * generator.standard_normal(change.shape)
        return np.clip(np.asarray(conductance) + change, self.lowest, self.highest)

    def gains(self, shape: tuple[int, ...], generator: np.random.Generator) -> Floats:
        """Draw how far a pulse takes as many devices, over the mean; not below 0."""
        return np.maximum(0.0, 1 + float(self.gain) * generator.standard_normal(shape))

    def train(
        self,
        start: npt.ArrayLike,
        signs: npt.ArrayLike,
        generator: np.random.Generator | None = None,
        gains: npt.ArrayLike = 1.0,
    ) -> Floats:
        """Conductances in S before a train of pulses and after each, (..., pulses + 1)."""
        found = [np.asarray(start, dtype=np.float64) * np.ones(np.shape(gains))]
        for sign in np.asarray(signs):
            found.append(self.pulsed(found[-1], sign, generator, gains))
        return np.stack(found, axis=-1)

    def write(self, target: npt.ArrayLike, *, seed: int | None = None, verify: bool = False) -> WrittenByCounting:
        """Write conductances by counted pulses, all from the lowest.

        Without `verify` as many pulses up are sent as bring the mean device nearest to its target. With it, each
        device is read after every pulse, with the noise of a reading, and gets pulses of either sign until one more
        would not bring it nearer in the mean square, at most twice as many as the mean device needs over its range.

        Parameters
        ----------
        target : array
            In S, any shape.
        seed : int, optional
            Seed of differences between devices, pulses and readings; all are the mean if None.
        verify : bool
            Whether devices are read.

        Raises
        ------
        ValueError
            If a target is outside the range, or pulses up do not lead from one end of it to the other.
        """
        wanted = np.asarray(target, dtype=np.float64)
        low, high = float(self.lowest), float(self.highest)
        if wanted.size and not (low * (1 - 1e-9) <= wanted.min() and wanted.max() <= high * (1 + 1e-9)):
            raise ValueError(
                f"TabulatedSynapse.write: target goes from {wanted.min():.10g} to {wanted.max():.10g} S, but the "
                f"synapse has {low:.10g} to {high:.10g} S; scale it"
            )
        reached = self.reached_by_counting()
        generator = None if seed is None else np.random.default_rng(seed)
        gains = np.ones(wanted.shape) if generator is None else self.gains(wanted.shape, generator)
        now, count = np.full(wanted.shape, low), np.zeros(wanted.shape, dtype=np.int64)
        if not verify:
            needed = np.abs(reached - wanted[..., None]).argmin(axis=-1)
            for number in range(int(needed.max(initial=0))):
                more = needed > number
                now, count = np.where(more, self.pulsed(now, 1, generator, gains), now), count + more
            return WrittenByCounting(now, count)
        for _ in range(2 * reached.size):
            read = now if generator is None else now + float(self.read_noise) * generator.standard_normal(now.shape)
            sign = np.sign(wanted - read)
            noise = 0.0 if generator is None else np.where(sign > 0, self.cycle_up, self.cycle_down)
            more = (wanted - read) ** 2 > (wanted - read - self.mean_step(read, sign)) ** 2 + noise**2
            if not more.any():
                break
            now, count = np.where(more, self.pulsed(now, sign, generator, gains), now), count + more
        return WrittenByCounting(now, count)

    def drift(self, time: float, temperature: float) -> Drift:
        """Not known of a device that is known by its pulses.

        Raises
        ------
        DriftUnknownError
            Always.
        """
        checked_rest(time, temperature, "TabulatedSynapse.drift")
        raise DriftUnknownError(AFTER_PULSES)

    def reached_by_counting(self, most: int = 100_000) -> Floats:
        """Conductances in S of the mean device after 0, 1, 2, ... pulses up from the lowest, while they still rise.

        Raises
        ------
        ValueError
            If a pulse up from the lowest does not move it.
        """
        found, resolved = [float(self.lowest)], 1e-4 * (float(self.highest) - float(self.lowest))
        while len(found) <= most:
            after = float(self.pulsed(found[-1], 1))
            if after - found[-1] < resolved:
                break
            found.append(after)
        if len(found) == 1:
            raise ValueError(
                f"TabulatedSynapse: a pulse up from lowest = {float(self.lowest):.4g} S changes it by less than "
                f"{resolved:.2g} S, so that it cannot be written by pulses up; fit it to data with such pulses"
            )
        return np.array(found)
