"""Waveforms: how a drive depends on time.

Current pulses, field pulses, ramps and rests are breakpoints joined by straight lines;
alternating drives are sines on top of them (`runs.protocols.oscillation`). Both engines
take them exactly: the native one steps onto the breakpoints, OOMMF evaluates the same
formulas in Tcl.
"""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from typing_extensions import override

__all__ = ["PiecewiseLinear", "Waveform", "tidy"]


def tidy(time: float) -> float:
    """A time in s without the rounding noise of sums, which would let one pulse end after the next starts."""
    return float(f"{time:.12g}")


class Waveform(abc.ABC):
    """A function of time that both engines evaluate exactly."""

    @abc.abstractmethod
    def __call__(self, t: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Values at the times `t` in s (any shape)."""

    @abc.abstractmethod
    def __mul__(self, factor: float) -> Self:
        """Scale the values."""

    @property
    @abc.abstractmethod
    def peak(self) -> float:
        """Absolute value that is never exceeded: the largest one of straight lines."""

    @abc.abstractmethod
    def straight_lines(self, owner: str) -> PiecewiseLinear:
        """The waveform as breakpoints, for who cannot do with a sine.

        Raises
        ------
        ValueError
            If it alternates; `owner` begins the message.
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
    def __call__(self, t: npt.ArrayLike) -> npt.NDArray[np.float64]:
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

    @override
    def straight_lines(self, owner: str) -> PiecewiseLinear:
        """Itself."""
        return self
