r"""Table of a device's response to one pulse: steps of its coordinate, by where it stands, by device and by chance.

An array learns by hundreds of thousands of pulses, and following each through a device's equation of motion takes too
long. So every pulse that the array sends is measured on the device once: from each of many places x, of several devices
that differ as its fit has it, and as often as chance asks for,

.. math:: \Delta x = s_{k}(d, x, u), \qquad u \sim U(0, 1),

with k the device, d the drive and u the quantile. A device of the array is one of those measured; where it stands
between two places, its steps of one quantile are interpolated. What a state has beyond its coordinate (a wall's angle,
a row's stretch) is at rest before each pulse: `table_error` follows the device itself and measures what that costs.

Look-up tables of steps by conductance, with their distribution, are how network simulators take a measured device.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from solitons.devices.spreads import normal_parts

__all__ = ["StepTable", "ideal_table"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StepTable:
    """Response of devices to one pulse of each drive.

    Parameters
    ----------
    coordinate : array (places,)
        Rising, in the unit of the device's coordinate (m, or a share).
    conductance : array (places,)
        In S there, all above 0; rising or falling throughout, or level.
    drives : tuple of float
        Amplitudes over the write pulse's; a positive one raises the conductance. 0 is the rest of one period.
    steps : array (devices, drives, places, quantiles)
        Change of the coordinate.
    discrete : bool
        Whether the device has nothing between its places.
    outside : array (devices, drives)
        Whether a drive lies outside what the model was fitted on.
    fitted : (float, float)
        Coordinates that the model was fitted on; infinite where that is not known.
    spread_known, chance_known : bool
        Whether it is known how devices differ, and what heat does from pulse to pulse; if not, they are alike here.
    period : float
        From one pulse to the next in s.
    current_sign : float
        Sign of the current density that raises the conductance, 1 or -1.
    scales : array (devices,), optional
        Conductance of each device over `conductance`; 1 if left out.

    Raises
    ------
    ValueError
        If the arrays do not fit each other, the coordinates do not rise, or a number is not finite or not above 0.

    Examples
    --------
    >>> steps = np.zeros((1, 2, 5, 1))  # one device, up and down, five places, no chance
    >>> steps[0, 0, :-1], steps[0, 1, 1:] = 0.25, -0.25
    >>> table = StepTable(np.linspace(0, 1, 5), np.linspace(1e-6, 2e-6, 5), drives=(1.0, -1.0), steps=steps)
    >>> (1e6 * table.conductance).round(2).tolist()
    [1.0, 1.25, 1.5, 1.75, 2.0]
    """

    coordinate: Floats
    conductance: Floats
    drives: tuple[float, ...]
    steps: Floats
    discrete: bool = False
    outside: npt.NDArray[np.bool_] | None = None
    fitted: tuple[float, float] = (-np.inf, np.inf)
    spread_known: bool = True
    chance_known: bool = True
    period: float = 0.0
    current_sign: float = 1.0
    scales: Floats | None = None

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
        if self.scales is not None and not (
            self.scales.shape == self.steps.shape[:1] and np.isfinite(self.scales).all() and (self.scales > 0).all()
        ):
            raise ValueError(f"StepTable.scales must be {self.steps.shape[0]} finite numbers above 0, one a device")
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
        return np.asarray(np.interp(np.asarray(coordinate, dtype=float), self.coordinate, self.conductance))

    def coordinate_for(self, conductance: npt.ArrayLike) -> Floats:
        """Coordinate with a conductance in S; of a discrete device the nearest level's."""
        if self.discrete:
            given = np.asarray(conductance, dtype=float)
            nearest = np.abs(given[..., None] - self.conductance).argmin(axis=-1)
            return np.asarray(self.coordinate[nearest])
        order = slice(None) if self.conductance[-1] > self.conductance[0] else slice(None, None, -1)
        # In level stretches at the ends take the innermost place; from there a pulse changes the conductance.
        g, x = self.conductance[order], self.coordinate[order]
        low, high = int(np.flatnonzero(g == g[0])[-1]), int(np.flatnonzero(g == g[-1])[0])
        return np.asarray(np.interp(np.asarray(conductance, dtype=float), g[low : high + 1], x[low : high + 1]))

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
        if self.steps.shape[-1] == 1 and not self.discrete:
            return self
        return replace(self, steps=self.steps.mean(axis=-1, keepdims=True), discrete=False)

    def without_spread(self) -> StepTable:
        """The table of one device that has the mean of all devices' steps at each quantile: chance alone is left."""
        if self.steps.shape[0] == 1:
            return self
        outside = None if self.outside is None else self.outside.any(axis=0, keepdims=True)
        return replace(self, steps=self.steps.mean(axis=0, keepdims=True), outside=outside, scales=None)

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
        gains = np.maximum(0.0, 1 + gain * normal_parts(devices))
        outside = None if alike.outside is None else np.repeat(alike.outside, devices, axis=0)
        return replace(alike, steps=gains[:, None, None, None] * alike.steps, outside=outside, spread_known=True)


def ideal_table(table: StepTable, pulses: float | None = None) -> StepTable:
    """A linear and symmetric device of the same conductances, which crosses them in `pulses` pulses.

    By default they are as many as the device's own mean step takes; a device whose pulses do not change its conductance
    is refused.
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
