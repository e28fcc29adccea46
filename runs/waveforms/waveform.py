"""Waveforms: how a drive depends on time.

Current pulses, field pulses, ramps and rests are breakpoints joined by straight lines;
alternating drives are sines on top of them (`runs.waveforms.oscillation`). Both engines
take them exactly: the native one steps onto the breakpoints, OOMMF evaluates the same
formulas in Tcl.
"""

from __future__ import annotations

import abc
import itertools
import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from runs.waveforms.oscillation import Oscillation

__all__ = ["Alternating", "PiecewiseLinear", "Waveform"]

FloatArray = npt.NDArray[np.float64]


class Waveform(abc.ABC):
    """A function of time that both engines evaluate exactly."""

    @abc.abstractmethod
    def __call__(self, t: npt.ArrayLike) -> FloatArray:
        """Values at the times `t` in s (any shape)."""

    @abc.abstractmethod
    def __mul__(self, factor: float) -> Self:
        """Scale the values."""

    @property
    @abc.abstractmethod
    def peak(self) -> float:
        """Absolute value that is never exceeded: the largest one of straight lines."""

    @property
    @abc.abstractmethod
    def finest_step(self) -> float:
        """Time in s that resolves the waveform where it is sampled."""

    @property
    @abc.abstractmethod
    def lines_and_oscillations(self) -> tuple[PiecewiseLinear, tuple[Oscillation, ...]]:
        """Terms whose sum is the waveform."""

    @abc.abstractmethod
    def straight_lines(self, owner: str) -> PiecewiseLinear:
        """The waveform as breakpoints, for who cannot do with a sine.

        A ValueError, which `owner` begins, if it alternates.
        """


@dataclass(frozen=True)
class PiecewiseLinear(Waveform):
    """A function of time given by its breakpoints.

    Between two breakpoints the value is interpolated linearly; before the first
    and after the last it is constant. Two breakpoints at one time are a jump, on
    which the later value holds.

    Parameters
    ----------
    times : sequence of float
        Breakpoints in s, not decreasing.
    values : sequence of float
        The value at every breakpoint, as many as `times`.

    Raises
    ------
    ValueError
        If there are no breakpoints, the lengths differ, a number is not finite,
        or the times decrease.

    Examples
    --------
    >>> ramp = PiecewiseLinear((0.0, 1e-9), (0.0, 4.0))
    >>> round(float(ramp(0.5e-9)), 9)
    2.0
    """

    times: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        # A measured pulse comes as arrays.
        for name in ("times", "values"):
            object.__setattr__(self, name, tuple(float(number) for number in getattr(self, name)))
        if not self.times or len(self.times) != len(self.values):
            raise ValueError(
                f"PiecewiseLinear has {len(self.times)} times and {len(self.values)} values; give "
                "as many values as times, and at least one"
            )
        if not all(math.isfinite(number) for number in (*self.times, *self.values)):
            raise ValueError("PiecewiseLinear has a time or value that is not finite")
        for index, (earlier, later) in enumerate(zip(self.times, self.times[1:], strict=False)):
            if later < earlier:
                raise ValueError(
                    f"PiecewiseLinear.times[{index + 1}] = {later} s lies before times[{index}] = "
                    f"{earlier} s; sort the breakpoints"
                )

    @override
    def __call__(self, t: npt.ArrayLike) -> FloatArray:
        """Values at the times `t` (any shape), in the unit of `values`."""
        return np.interp(np.asarray(t, dtype=np.float64), self.times, self.values)

    @override
    def __mul__(self, factor: float) -> PiecewiseLinear:
        """Scale the values."""
        return PiecewiseLinear(self.times, tuple(factor * value for value in self.values))

    @property
    @override
    def peak(self) -> float:
        """Largest absolute value."""
        return max(abs(value) for value in self.values)

    @property
    @override
    def finest_step(self) -> float:
        """Shortest time between two breakpoints, in s; 1 s of a constant."""
        gaps = np.diff(self.times)
        return float(gaps[gaps > 0].min(initial=1.0))

    @property
    @override
    def lines_and_oscillations(self) -> tuple[PiecewiseLinear, tuple[Oscillation, ...]]:
        """Itself, and none."""
        return self, ()

    @override
    def straight_lines(self, owner: str) -> PiecewiseLinear:
        """Itself."""
        return self


@dataclass(frozen=True)
class Alternating(Waveform):
    """Straight lines with oscillations on top of them, one after the other, in the order of time.

    The lines do not change while an oscillation lasts. A ValueError if there is none, or one begins before another
    ends.
    """

    lines: PiecewiseLinear
    oscillations: tuple[Oscillation, ...]

    def __post_init__(self) -> None:
        if not self.oscillations:
            raise ValueError("Alternating has no oscillation; use its lines, a PiecewiseLinear")
        for before, after in itertools.pairwise(self.oscillations):
            if after.start < before.end:
                raise ValueError(
                    f"an oscillation begins at {after.start} s, before another ends at {before.end} s; put one after "
                    "the other"
                )

    @override
    def __call__(self, t: npt.ArrayLike) -> FloatArray:
        """Values at the times `t` in s (any shape)."""
        total: FloatArray = self.lines(t) + sum(one(t) for one in self.oscillations)
        return total

    @override
    def __mul__(self, factor: float) -> Alternating:
        """Scale the values."""
        scaled = tuple(replace(one, amplitude=factor * one.amplitude) for one in self.oscillations)
        return Alternating(self.lines * factor, scaled)

    @property
    @override
    def peak(self) -> float:
        """Absolute value that is never exceeded."""
        reached = (abs(float(self.lines(one.start))) + abs(one.amplitude) for one in self.oscillations)
        return max(self.lines.peak, *reached)

    @property
    @override
    def finest_step(self) -> float:
        """A 64th of the shortest period, in s."""
        return 1 / max(max(one.frequency, one.final_frequency) for one in self.oscillations) / 64

    @property
    @override
    def lines_and_oscillations(self) -> tuple[PiecewiseLinear, tuple[Oscillation, ...]]:
        """Both."""
        return self.lines, self.oscillations

    @override
    def straight_lines(self, owner: str) -> PiecewiseLinear:
        """Raise: a sine is no straight line."""
        raise ValueError(
            f"{owner} alternates ({_described(self.oscillations[0])}), which breakpoints cannot hold; use pulses and "
            "ramps here"
        )

    @property
    def envelope(self) -> PiecewiseLinear:
        """Amplitude of the sine at every time, as straight lines."""
        times, values = zip(*(one.envelope for one in self.oscillations), strict=True)
        return PiecewiseLinear(tuple(itertools.chain(*times)), tuple(itertools.chain(*values)))

    def oscillation_at(self, t: float) -> Oscillation:
        """The oscillation that lasts at a time in s; between two, and before the first, the next; then the last."""
        return next((one for one in self.oscillations if t < one.end), self.oscillations[-1])

    @property
    def quarter_periods(self) -> FloatArray:
        """Times in s that cut every oscillation into equal parts no longer than a quarter of its shortest period."""
        parts = [
            np.linspace(one.start, one.end, 1 + math.ceil(4 * max(one.frequency, one.final_frequency) * one.duration))
            for one in self.oscillations
        ]
        return np.concatenate(parts)


def _described(one: Oscillation) -> str:
    chirp = "" if one.final_frequency == one.frequency else f" to {one.final_frequency:.4g} Hz"
    return f"{one.frequency:.4g} Hz{chirp} from {one.start:.4g} s on"
