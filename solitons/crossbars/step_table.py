r"""What one pulse does to a device, in a table: steps of its coordinate, by where it stands, by device and by chance.

An array learns by hundreds of thousands of pulses, and following each through a device's equation of motion takes too
long. So every pulse that the array sends is measured on the device once: from each of many places x, of several devices
that differ as its fit has it, and as often as chance asks for,

.. math:: \Delta x = s_{k}(d, x, u), \qquad u \sim U(0, 1),

with k the device, d the drive and u the quantile. A device of the array is one of those measured; where it stands
between two places, its steps of one quantile are interpolated. What a state has beyond its coordinate (a wall's angle,
a row's stretch) is at rest before each pulse: `table_error` follows the device itself and says what that costs.

Look-up tables of steps by conductance, with their distribution, are how network simulators take a measured device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import equinox as eqx
import jax
import numpy as np
import numpy.typing as npt
from scipy import special

from solitons.devices.programming import ProgrammingPulse, apply_pulse
from solitons.devices.synapse import AbstractSynapse
from solitons.provenance import Provenance, SwitchingProvenance

__all__ = ["StepTable", "ideal_table", "measured_table", "table_error", "table_from_trains"]

Floats = npt.NDArray[np.float64]

_FOLLOWED = 256
"""Devices of which a table's error is the mean."""
_MEASURING = 1 << 29
"""Of the random numbers with which a table is measured: a writer with the same seed has others."""


@dataclass(frozen=True, eq=False)
class StepTable:
    """What one pulse of each drive does to devices.

    Parameters
    ----------
    coordinate : array (places,)
        Rising, in the unit of the device's coordinate (m, or a share).
    conductance : array (places,)
        In S there, all above 0; rising or falling throughout, or level.
    drives : tuple of float
        Amplitudes over that of the write pulse; a positive one raises the conductance. 0 is the rest of one period.
    steps : array (devices, drives, places, quantiles)
        Change of the coordinate.
    discrete : bool
        Whether the device has nothing between its places.
    outside : array (devices, drives)
        Whether a drive lies outside what the model was fitted on.
    fitted : (float, float)
        Coordinates that the model was fitted on; infinite where that is not known.
    spread_known : bool
        Whether the fit says how cycles or devices differ; if not, they are alike in the table.
    period : float
        From one pulse to the next in s.
    current_sign : float
        Sign of the current density that raises the conductance, 1 or -1.

    Raises
    ------
    ValueError
        If the arrays do not fit each other, the coordinates do not rise, or a number is not finite or not above 0.
    """

    coordinate: Floats
    conductance: Floats
    drives: tuple[float, ...]
    steps: Floats
    discrete: bool = False
    outside: npt.NDArray[np.bool_] | None = None
    fitted: tuple[float, float] = (-np.inf, np.inf)
    spread_known: bool = True
    period: float = 0.0
    current_sign: float = 1.0

    def __post_init__(self) -> None:
        places = self.coordinate.shape
        if len(places) != 1 or places[0] < 2 or not (np.diff(self.coordinate) > 0).all():
            raise ValueError("StepTable.coordinate must rise over two places or more")
        if self.conductance.shape != places or self.steps.ndim != 4 or self.steps.shape[1:3] != (
            len(self.drives), *places,
        ):  # fmt: skip
            raise ValueError(
                f"StepTable: coordinate has the shape {places}, conductance {self.conductance.shape} and steps "
                f"{self.steps.shape}; steps has the axes devices, {len(self.drives)} drives, places, quantiles"
            )
        if not (np.isfinite(self.conductance).all() and (self.conductance > 0).all()):
            raise ValueError("StepTable.conductance must be finite and above 0 everywhere")
        if not np.isfinite(self.steps).all():
            raise ValueError("StepTable.steps must be finite; leave out what was not measured")
        slope = np.diff(self.conductance)
        if not ((slope >= 0).all() or (slope <= 0).all()):
            raise ValueError(
                "StepTable.conductance must rise or fall throughout, but for where it is level; otherwise a "
                "conductance does not say where the device stands"
            )

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest conductance in S."""
        return float(self.conductance.min()), float(self.conductance.max())

    @property
    def devices(self) -> int:
        """How many devices were measured."""
        return int(self.steps.shape[0])

    def conductance_at(self, coordinate: npt.ArrayLike) -> Floats:
        """Conductance in S at coordinates, straight between the places."""
        return np.asarray(np.interp(coordinate, self.coordinate, self.conductance))

    def coordinate_for(self, conductance: npt.ArrayLike) -> Floats:
        """Coordinate with a conductance in S; of a discrete device that of the nearest level."""
        if self.discrete:
            given = np.asarray(conductance, dtype=float)
            nearest = np.abs(given[..., None] - self.conductance).argmin(axis=-1)
            return np.asarray(self.coordinate[nearest])
        order = slice(None) if self.conductance[-1] > self.conductance[0] else slice(None, None, -1)
        # Of level stretches at the ends the innermost place, from which a pulse changes the conductance again.
        g, x = self.conductance[order], self.coordinate[order]
        low, high = int(np.flatnonzero(g == g[0])[-1]), int(np.flatnonzero(g == g[-1])[0])
        return np.asarray(np.interp(conductance, g[low : high + 1], x[low : high + 1]))

    def mean_step(self, drive: float = 1.0) -> float:
        """Mean change of the conductance by a pulse in S, over its range and over all devices."""
        slope = np.gradient(self.conductance, self.coordinate)
        steps = self.steps[:, self.drives.index(drive)].mean(axis=(0, 2))
        return float(np.average(slope * steps, weights=np.abs(slope)))

    @property
    def pulses_across(self) -> float:
        """Pulses of the mean step from one end of the conductances to the other; of the weaker sign."""
        low, high = self.range
        weaker = min(abs(self.mean_step(1.0)), abs(self.mean_step(-1.0)))
        return (high - low) / weaker if weaker else float("inf")

    def without_noise(self) -> StepTable:
        """The table of the mean steps: every pulse does the same, and levels of a discrete device are no more."""
        return replace(self, steps=self.steps.mean(axis=-1, keepdims=True), discrete=False)

    def without_spread(self) -> StepTable:
        """The table of one device that has the mean of all devices' steps at each quantile: chance alone is left."""
        outside = None if self.outside is None else self.outside.any(axis=0, keepdims=True)
        return replace(self, steps=self.steps.mean(axis=0, keepdims=True), outside=outside)

    def with_spread(self, gain: float, devices: int = 8) -> StepTable:
        """The table of devices whose steps are the mean device's, times gains of this relative standard deviation.

        Raises
        ------
        ValueError
            If the spread is negative, or the device has levels, between which a gain would put it.
        """
        if not 0 <= gain < np.inf:
            raise ValueError(f"StepTable.with_spread: gain = {gain} must be finite, 0 or above")
        if self.discrete:
            raise ValueError(
                "StepTable.with_spread: a device with levels has no gain of its steps; give its synapse "
                "`spreads.gain`, a spread of the current, and measure it"
            )
        alike = self.without_spread()
        gains = np.maximum(0.0, 1 + gain * _normal(devices))
        outside = None if alike.outside is None else np.repeat(alike.outside, devices, axis=0)
        return replace(alike, steps=gains[:, None, None, None] * alike.steps, outside=outside, spread_known=True)


def ideal_table(table: StepTable, pulses: float | None = None) -> StepTable:
    """A linear and symmetric device of the same conductances, that crosses them in as many pulses.

    Parameters
    ----------
    table : StepTable
        The device.
    pulses : float, optional
        From one end to the other; as many as the device's own mean step takes if left out.

    Raises
    ------
    ValueError
        If the pulses are not above 0 or not finite: the device's own do not change its conductance then.
    """
    count = table.pulses_across if pulses is None else pulses
    if not 0 < count < np.inf:
        raise ValueError(
            f"ideal_table: pulses = {count} must be finite and above 0; a device that no pulse moves has none"
        )
    low, high = table.range
    step = np.array([drive / count for drive in table.drives])
    steps = np.broadcast_to(step[None, :, None, None], (1, step.size, 2, 1)).copy()
    return StepTable(np.array([0.0, 1.0]), np.array([low, high]), table.drives, steps, period=table.period)


def table_from_trains(up: npt.ArrayLike, down: npt.ArrayLike, quantiles: int = 16, places: int = 33) -> StepTable:
    """A device of which only measured conductances against pulses are known.

    Its coordinate is the share of its range. Each device's mean step at a conductance is that of a straight-line
    interpolation of its own train, and what the devices' steps scatter about their means is chance.

    Parameters
    ----------
    up, down : array (devices, pulses + 1) or (pulses + 1,)
        Conductances in S before the first pulse and after each, of trains of raising and of lowering pulses.
    quantiles, places : int
        Of the table.

    Raises
    ------
    ValueError
        If there are not two pulses each, a conductance is not above 0 or not finite, or a train does not go its way.
    """
    trains = [np.atleast_2d(np.asarray(each, dtype=float)) for each in (up, down)]
    for name, train, sign in (("up", trains[0], 1), ("down", trains[1], -1)):
        if train.ndim != 2 or train.shape[1] < 3:
            raise ValueError(f"table_from_trains: {name} has the shape {train.shape}; give a row of 3 or more a device")
        if not (np.isfinite(train).all() and (train > 0).all()):
            raise ValueError(f"table_from_trains: {name} has a conductance that is not finite or not above 0; give S")
        if not (sign * (train[:, -1] - train[:, 0]) > 0).all():
            raise ValueError(
                f"table_from_trains: a train of {name} ends where it should not, at {train[0, -1]:.3g} S from "
                f"{train[0, 0]:.3g} S; give trains that raise as up and those that lower as down"
            )
    if trains[0].shape[0] != trains[1].shape[0]:
        raise ValueError(
            f"table_from_trains: up has {trains[0].shape[0]} devices and down {trains[1].shape[0]}; give both of each"
        )
    low, high = min(each.min() for each in trains), max(each.max() for each in trains)
    coordinate, levels = np.linspace(0, 1, places), np.linspace(low, high, places)
    found = np.empty((len(trains[0]), 2, places, quantiles))
    chance = (np.arange(quantiles) + 0.5) / quantiles
    for index, train in enumerate(trains):
        steps = np.diff(train, axis=1) / (high - low)
        for device, (before, step) in enumerate(zip(train[:, :-1], steps, strict=True)):
            mean = _smooth(before, step, levels, (high - low) / 8)
            left = step - _smooth(before, step, before, (high - low) / 8)
            found[device, index] = mean[:, None] + np.quantile(left, chance)[None, :]
    return StepTable(coordinate, levels, (1.0, -1.0), found)


def _smooth(at: Floats, values: Floats, wanted: Floats, width: float) -> Floats:
    """Mean of values by a normal kernel; beyond the outermost it is that of the nearest ones."""
    inside = np.clip(wanted, at.min(), at.max())
    weights = np.exp(-(((inside[:, None] - at) / width) ** 2) / 2)
    smoothed: Floats = weights @ values / weights.sum(axis=1)
    return smoothed


def measured_table(
    synapse: AbstractSynapse,
    pulse: ProgrammingPulse,
    *,
    drives: Sequence[float] = (1.0, -1.0),
    devices: int = 8,
    places: int = 33,
    quantiles: int = 16,
    seed: int = 0,
) -> StepTable:
    """Measure what pulses of the longest width do to a synapse and to others of its drawing.

    Parameters
    ----------
    synapse : AbstractSynapse
        The mean device, with its spreads.
    pulse : ProgrammingPulse
        Its amplitude, longest width, rise and period.
    drives : sequence of float
        Amplitudes over that of the pulse. Positive ones raise the conductance whatever the sign of the current.
    devices : int
        Of the table, unlike each other by `spreads.gain`; one where there is none.
    places : int
        At which they are measured.
    quantiles : int
        Of chance; one where neither heat nor the spreads have any.
    seed : int
        Of the devices, and of what heat does.

    Raises
    ------
    ValueError
        If the pulse does not change the conductance.
    """
    with jax.enable_x64(True):
        coordinate, conductance, discrete = _places(synapse, places)
        gain, miss = float(synapse.spreads.gain), float(np.hypot(synapse.spreads.cycle, synapse.spreads.place))
        hot = synapse.noise(jax.random.key(0), (1,)) is not None
        many = devices if gain > 0 else 1
        # Quantiles of the devices' gains as of their misses: few devices stand for the whole spread.
        gains = np.maximum(0.0, 1 + gain * _normal(many))
        misses = miss * _normal(quantiles) if miss > 0 else np.zeros(1)
        draws = quantiles if hot else 1
        shape = (many, coordinate.size, draws)
        start = synapse.at(synapse.repeated(synapse.reset(), shape), np.broadcast_to(coordinate[:, None], shape))
        key = jax.random.fold_in(jax.random.key(seed), _MEASURING)
        sign = _raising(synapse, start, pulse, conductance, key if hot else None)
        found = np.empty((many, len(drives), coordinate.size, draws * misses.size))
        for index, drive in enumerate(drives):
            amplitude = np.broadcast_to((sign * drive * pulse.amplitude * gains)[:, None, None], shape)
            shaken = jax.random.fold_in(key, index) if hot else None
            end = _after_pulse(synapse, start, amplitude, pulse, shaken)
            moved = np.asarray(synapse.coordinate(end)) - coordinate[:, None]
            here = misses if drive else np.zeros(misses.size)
            found[:, index] = np.sort((moved[..., None] + here).reshape(*shape[:2], -1), axis=-1)
    fitted, outside = _fitted(synapse.provenance, pulse, np.abs(np.outer(gains, drives)))
    table = StepTable(
        coordinate,
        conductance,
        tuple(float(each) for each in drives),
        found,
        discrete=discrete,
        outside=outside,
        fitted=fitted,
        spread_known=bool(gain > 0 or miss > 0 or hot),
        period=pulse.period,
        current_sign=sign,
    )
    low, high = table.range
    for drive in (1.0, -1.0):
        if drive in table.drives and not abs(table.mean_step(drive)) > 1e-6 * (high - low):
            raise ValueError(
                f"measured_table: pulses of {drive * pulse.amplitude:.3g} A/m2 and {pulse.longest:.3g} s change the "
                f"conductance by {table.mean_step(drive):.3g} S in the mean, of a range of {high - low:.3g} S; use "
                "stronger or longer ones"
            )
    return table


@eqx.filter_jit
def _after_pulse(synapse: AbstractSynapse, state: Any, amplitude: Any, pulse: ProgrammingPulse, key: Any = None) -> Any:
    """Compiled once for all drives and pulses of a shape."""
    return apply_pulse(synapse, state, amplitude, pulse.longest, pulse.rise, pulse.period, key)


def _normal(count: int) -> Floats:
    """Normal numbers that stand for as many equal parts of the distribution, with its variance; 0 alone."""
    if count == 1:
        return np.zeros(1)
    found = special.ndtri((np.arange(count) + 0.5) / count)
    return np.asarray(found / np.sqrt(np.mean(found**2)))


def _places(synapse: AbstractSynapse, count: int) -> tuple[Floats, Floats, bool]:
    low, high = (float(each) for each in synapse.reach)
    wanted = np.linspace(low, high, count)
    states = synapse.at(synapse.repeated(synapse.reset(), (count,)), wanted)
    reached = np.asarray(synapse.coordinate(states))
    places, first = np.unique(np.round(reached / (high - low), 9), return_index=True)
    conductance = np.asarray(synapse.conductance(states))[first]
    # Rounding of a saturated end must not look like a fall.
    slope = np.sign(conductance[-1] - conductance[0])
    conductance = slope * np.maximum.accumulate(slope * conductance)
    return reached[first], conductance, bool(places.size < count)


def _raising(synapse: AbstractSynapse, start: Any, pulse: ProgrammingPulse, conductance: Floats, key: Any) -> float:
    """Sign of the current that raises the conductance, over all places at which the table is measured."""
    ends = []
    for sign in (1.0, -1.0):
        amplitude = np.full(np.shape(synapse.coordinate(start)), sign * pulse.amplitude)
        ends.append(float(np.mean(synapse.coordinate(_after_pulse(synapse, start, amplitude, pulse, key)))))
    return 1.0 if np.sign(conductance[-1] - conductance[0]) * (ends[0] - ends[1]) >= 0 else -1.0


def _fitted(origin: Any, pulse: ProgrammingPulse, sizes: Floats) -> tuple[tuple[float, float], npt.NDArray[np.bool_]]:
    """Coordinates that a model was fitted on, and which of the drives (devices, drives) lie outside of its range."""
    position, amplitudes, widths = (-np.inf, np.inf), (0.0, np.inf), (0.0, np.inf)
    if isinstance(origin, Provenance):
        position, amplitudes, widths = (
            origin.fitted_range.position, origin.fitted_range.amplitude, origin.fitted_range.width,
        )  # fmt: skip
    elif isinstance(origin, SwitchingProvenance):
        low, high = sorted(abs(each) for each in origin.current_density)
        amplitudes, widths = (
            (0.0 if origin.current_density[0] * origin.current_density[1] < 0 else low, high),
            origin.time,
        )
    drive = sizes * pulse.amplitude
    beyond = (drive < amplitudes[0] * (1 - 1e-9)) | (drive > amplitudes[1] * (1 + 1e-9))
    wide = not widths[0] * (1 - 1e-9) <= pulse.longest <= widths[1] * (1 + 1e-9)
    return position, (sizes > 0) & (beyond | wide)


def table_error(
    synapse: AbstractSynapse, pulse: ProgrammingPulse, table: StepTable, pulses: int = 40, seed: int = 0
) -> float:
    """What the table gets wrong of the device that it was measured on, over the range of conductance.

    The mean device and the table are driven by the same pulses of random signs, each from the middle of its range, 256
    of either with chances of their own. Root mean square over the pulses of the difference of their mean conductances,
    less what chance makes of it, over the range; 0 where chance makes all of it.
    """
    from solitons.crossbars.device_array import DeviceArray

    generator = np.random.default_rng(seed)
    signs = generator.choice([1, -1], pulses)
    low, high = table.range
    cells = DeviceArray.of(table.without_spread(), np.full((_FOLLOWED,), (low + high) / 2), seed=seed)
    with jax.enable_x64(True):
        state = synapse.at(synapse.repeated(synapse.reset(), (_FOLLOWED,)), cells.coordinate)
        hot = synapse.noise(jax.random.key(0), (1,)) is not None
        key = jax.random.fold_in(jax.random.key(seed), _MEASURING + 1)
        squares = []
        for index, each in enumerate(signs):
            noise = jax.random.fold_in(key, index) if hot else None
            amplitude = np.full(_FOLLOWED, table.current_sign * each * pulse.amplitude)
            state = _after_pulse(synapse, state, amplitude, pulse, noise)
            missed = synapse.spreads.misses(jax.random.fold_in(key, 10_000 + index), (_FOLLOWED,))
            moved = np.clip(np.asarray(synapse.coordinate(state) + missed), *(float(end) for end in synapse.reach))
            state = synapse.at(state, moved)
            cells.send(np.full(_FOLLOWED, each))
            ours, its = cells.conductance, np.asarray(synapse.conductance(state))
            chance = (np.var(ours, ddof=1) + np.var(its, ddof=1)) / _FOLLOWED
            squares.append((float(its.mean()) - float(ours.mean())) ** 2 - chance)
    return float(np.sqrt(max(np.mean(squares), 0.0)) / (high - low))
