"""An array of devices that pulses write: each has its own steps, some are stuck, and chance is in all of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from solitons.crossbars.compiled.pulses import pulsed_by_table
from solitons.crossbars.step_table import StepTable

__all__ = ["DeviceArray", "Written", "write_and_verify", "write_open_loop"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(eq=False)
class DeviceArray:
    """Devices of a table, and where each stands.

    Parameters
    ----------
    table : StepTable
        Table of the steps that pulses make.
    coordinate : array
        Coordinate of each device, any shape.
    device : int array
        Index of each one's device in the table.
    stuck : bool array
        Those that no pulse moves.
    generator : numpy.random.Generator
        Generator of random numbers.
    pulses : int array
        Number of pulses that each has had.
    outside : int
        Number of pulses that began, or had a drive, outside what the model was fitted on.

    Examples
    --------
    >>> steps = np.zeros((1, 2, 2, 1))  # one device, up and down, both ends, no chance
    >>> steps[0, 0], steps[0, 1] = 0.25, -0.25
    >>> table = StepTable(np.array([0.0, 1.0]), np.array([1e-6, 2e-6]), drives=(1.0, -1.0), steps=steps)
    >>> array = DeviceArray.of(table, [1e-6, 1e-6, 2e-6], seed=0)
    >>> array.send([1, 2, -3])
    >>> (1e6 * array.conductance).round(3).tolist(), array.pulses.tolist()
    ([1.25, 1.5, 1.25], [1, 2, 3])
    """

    table: StepTable
    coordinate: Floats
    device: Ints
    stuck: npt.NDArray[np.bool_]
    generator: np.random.Generator
    pulses: Ints = field(init=False)
    outside: int = field(init=False, default=0)
    _conductance: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Pulses change them in place, so that they are this array's own.
        self.coordinate = np.array(self.coordinate, dtype=float, order="C")
        self.pulses = np.zeros(self.coordinate.shape, dtype=np.intp)
        self._conductance = np.array(self.scale * self.table.conductance_at(self.coordinate), order="C")

    @classmethod
    def of(
        cls,
        table: StepTable,
        conductance: npt.ArrayLike,
        *,
        seed: int,
        stuck_low: float = 0.0,
        stuck_high: float = 0.0,
    ) -> DeviceArray:
        """Devices drawn from a table, at these conductances (S) to begin with.

        Parameters
        ----------
        table : StepTable
            Table of the steps that pulses make.
        conductance : array
            In S; within the table's range.
        seed : int
            Seed of the choice of devices, of stuck ones, and of chance.
        stuck_low, stuck_high : float
            Shares of the devices that are stuck at the lowest and at the highest conductance.

        Raises
        ------
        ValueError
            If a conductance lies outside the range, or the shares are no shares.
        """
        wanted = np.asarray(conductance, dtype=float)
        low, high = table.range
        if not (
            np.isfinite(wanted).all() and (wanted >= low * (1 - 1e-9)).all() and (wanted <= high * (1 + 1e-9)).all()
        ):
            raise ValueError(
                f"DeviceArray: conductances from {wanted.min():.4g} to {wanted.max():.4g} S, but the device has "
                f"{low:.4g} to {high:.4g} S; scale them"
            )
        if not (stuck_low >= 0 and stuck_high >= 0 and stuck_low + stuck_high <= 1):
            raise ValueError(
                f"DeviceArray: stuck_low = {stuck_low} and stuck_high = {stuck_high} must be shares, 1 together at most"
            )
        generator = np.random.default_rng(seed)
        device = generator.integers(0, table.devices, wanted.shape)
        drawn = generator.random(wanted.shape)
        coordinate = np.array(table.coordinate_for(wanted), dtype=float)
        ends = table.coordinate_for(np.array([low, high]))
        coordinate = np.where(drawn < stuck_low, ends[0], np.where(drawn > 1 - stuck_high, ends[1], coordinate))
        stuck = (drawn < stuck_low) | (drawn > 1 - stuck_high)
        return cls(table, coordinate, device, stuck, generator)

    @property
    def conductance(self) -> Floats:
        """Conductance of each device in S."""
        return self._conductance.copy()

    @property
    def scale(self) -> Floats:
        """Conductance of each device over the mean device's at the same coordinate; one number where all are alike.

        It may lead a conductance a little out of the table's range.
        """
        return np.ones(()) if self.table.scales is None else np.asarray(self.table.scales[self.device])

    @property
    def outside_share(self) -> float:
        """Share of all pulses that lay outside what the model was fitted on; 0 of no pulse."""
        total = int(self.pulses.sum())
        return self.outside / total if total else 0.0

    def send(self, counts: npt.ArrayLike, size: float = 1.0) -> None:
        """Send each device as many pulses as `counts` has, raising ones where it is above 0.

        Parameters
        ----------
        counts : int array
            Numbers of pulses, in the devices' shape.
        size : float
            Amplitude over the write pulse's; the table must have both signs of it.
        """
        flat = np.asarray(counts).ravel()
        for sign in (1, -1):
            which = np.flatnonzero(flat > 0 if sign > 0 else flat < 0)
            if which.size:
                self.outside += self._pulse(which, np.abs(flat[which]), self._drive(sign * size), self.pulses)

    def rest(self, periods: int) -> None:
        """Leave all devices alone for so many periods: heat and what still moves change them, as the table has it."""
        everyone = np.arange(self.coordinate.size)
        self._pulse(everyone, np.full(everyone.size, periods), self._drive(0.0), np.zeros_like(self.pulses))

    def _drive(self, drive: float) -> int:
        if drive not in self.table.drives:
            raise ValueError(
                f"DeviceArray: drive {drive:g} was not measured; the table has "
                f"{', '.join(f'{each:g}' for each in self.table.drives)}: measure it too"
            )
        return self.table.drives.index(drive)

    def _pulse(self, which: Ints, counts: Ints, drive: int, pulses: Ints) -> int:
        """Pulses of one drive to some of the devices; how many lay outside of the fit."""
        table = self.table
        steps = table.steps[:, drive]
        many = int(counts.sum())
        quantiles = steps.shape[-1]
        outside: int = pulsed_by_table(
            which,
            counts,
            self.generator.integers(0, quantiles, many) if quantiles > 1 else np.zeros(many, dtype=np.int64),
            self.coordinate.reshape(-1),
            self._conductance.reshape(-1),
            pulses.reshape(-1),
            self.device.reshape(-1),
            self.stuck.reshape(-1),
            table.coordinate,
            table.conductance,
            steps,
            table.discrete,
            np.ones(table.devices) if table.scales is None else table.scales,
            table.fitted,
            np.zeros(table.devices, dtype=np.bool_) if table.outside is None else table.outside[:, drive],
        )
        return outside


@dataclass(frozen=True, eq=False)
class Written:
    """How well conductances were written.

    `error` is the root mean square of written less wanted over the range of conductance, `pulses` the mean number a
    device, `outside` the share of pulses outside what the model was fitted on, `conductance` each device's
    afterwards in S.
    """

    error: float
    pulses: float
    outside: float
    conductance: Floats


def write_and_verify(array: DeviceArray, wanted: npt.ArrayLike, most: int | None = None) -> Written:
    """Write conductances (S) by single pulses, each device being read after each.

    A device is left alone once it is within half of the mean step, or as soon as a pulse carries it over its target
    and another one would carry it no nearer. It gets at most `most` pulses; three times as many as lead from one end
    to the other, and 20, if left out.

    Examples
    --------
    >>> steps = np.zeros((1, 2, 2, 1))  # one device, up and down, both ends, no chance
    >>> steps[0, 0], steps[0, 1] = 0.25, -0.25
    >>> table = StepTable(np.array([0.0, 1.0]), np.array([1e-6, 2e-6]), drives=(1.0, -1.0), steps=steps)
    >>> written = write_and_verify(DeviceArray.of(table, [1e-6, 1e-6], seed=0), [1.3e-6, 1.8e-6])
    >>> (1e6 * written.conductance).round(3).tolist(), written.pulses
    ([1.25, 1.75], 2.0)
    """
    target = np.asarray(wanted, dtype=float)
    low, high = array.table.range
    half = min(abs(array.table.mean_step(sign)) for sign in (1.0, -1.0)) / 2
    before = np.zeros(target.shape)
    active = np.ones(target.shape, dtype=bool)
    for _ in range(3 * int(np.ceil(array.table.pulses_across)) + 20 if most is None else most):
        left = target - array.conductance
        active &= (np.abs(left) > half) & ~((left * before < 0) & (np.abs(left) <= 2 * half))
        if not active.any():
            break
        array.send(np.where(active, np.sign(left), 0).astype(np.intp))
        before = left
    return _written(array, target, high - low)


def write_open_loop(array: DeviceArray, wanted: npt.ArrayLike) -> Written:
    """Write conductances (S) by counted pulses from the lowest one, as the mean device takes them.

    Nothing is read, so that stuck devices are not noticed.
    """
    target = np.asarray(wanted, dtype=float)
    table = array.table
    low, high = table.range
    mean = DeviceArray.of(table.without_spread().without_noise(), np.array([low]), seed=0)
    reached = [low]
    for _ in range(4 * int(np.ceil(table.pulses_across)) + 4):
        mean.send(np.ones(1, dtype=np.intp))
        reached.append(float(mean.conductance[0]))
    array.send(_nearest_counts(np.array(reached), target))
    return _written(array, target, high - low)


def _nearest_counts(reached: Floats, target: Floats) -> Ints:
    """After how many pulses each target is nearest; the fewest, of equals. Chance's mean need not rise throughout."""
    values, counts = np.unique(reached, return_index=True)
    above = np.clip(np.searchsorted(values, target), 1, max(values.size - 1, 1))
    below = above - 1
    above = np.minimum(above, values.size - 1)
    return np.where(target - values[below] <= values[above] - target, counts[below], counts[above])


def _written(array: DeviceArray, target: Floats, span: float) -> Written:
    error = float(np.sqrt(np.mean((array.conductance - target) ** 2)) / span)
    return Written(error, float(array.pulses.mean()), array.outside_share, array.conductance)
