"""Factors that depend on time: what multiplies a field or a current during a drive.

The integrator steps onto the breakpoints of every waveform. Between two stops a waveform is a table of equally
spaced values that is interpolated linearly, which is exact for a `PiecewiseLinear` one.
"""

import abc
import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from runs.native.discretisation import is_set
from runs.native.errors import UnsupportedError

SAMPLES_PER_PERIOD = 2048
"""Samples a period of a sine; linear interpolation between them is wrong by at most 1.2e-6 of the amplitude."""


class Waveform(abc.ABC):
    """A factor of time that the integrator can tabulate."""

    @abc.abstractmethod
    def start(self) -> float:
        """The factor at t = 0; at a jump the later one."""

    @abc.abstractmethod
    def breakpoints(self) -> np.ndarray:
        """Times in s that the integrator must step onto."""

    @abc.abstractmethod
    def samples_needed(self, start: float, stop: float) -> int:
        """Number of intervals in which a table from `start` to `stop` (s) resolves the waveform."""

    @abc.abstractmethod
    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        """Values at `intervals + 1` equally spaced times from just after `start` to just before `stop` (s)."""


@dataclasses.dataclass(frozen=True, eq=False)
class PiecewiseLinear(Waveform):
    """A factor of time given by its breakpoints, constant before the first and after the last.

    Use it as `func` of a micromagneticmodel term: `mm.ZhangLi(u=-100, beta=0.05, func=waveform, dt=1e-12)`. This
    engine takes the breakpoints themselves and steps onto them; oommfc samples it at multiples of `dt` as any
    other function. Two equal times make a jump, at which the value is the later one.

    Parameters
    ----------
    times : sequence of float
        Breakpoints in s, not decreasing, at most two equal.
    values : sequence of float
        Factor at each breakpoint.

    Raises
    ------
    ValueError
        Lengths that differ, no breakpoint, values that are not finite, or times that decrease.

    Examples
    --------
    >>> pulse = PiecewiseLinear([0, 0, 1e-9, 1e-9], [0, 1, 1, 0])
    >>> pulse(0.0), pulse(0.5e-9), pulse(1e-9)
    (1.0, 1.0, 0.0)
    """

    times: Sequence[float] | np.ndarray
    values: Sequence[float] | np.ndarray

    def __post_init__(self) -> None:
        times, values = np.asarray(self.times, dtype=float), np.asarray(self.values, dtype=float)
        if times.ndim != 1 or times.shape != values.shape or times.size == 0:
            raise ValueError(
                f"PiecewiseLinear: times and values must be lists of one length, got shapes {times.shape} and "
                f"{values.shape}"
            )
        if not (np.all(np.isfinite(times)) and np.all(np.isfinite(values))):
            raise ValueError("PiecewiseLinear: times and values must be finite")
        if np.any(np.diff(times) < 0):
            first = int(np.argmax(np.diff(times) < 0))
            raise ValueError(
                f"PiecewiseLinear: times must not decrease, got {times[first + 1]} s after {times[first]} s; sort them"
            )
        times.flags.writeable = values.flags.writeable = False
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "values", values)

    def __call__(self, t: float) -> float:
        """The factor at time t in s."""
        times, values = np.asarray(self.times), np.asarray(self.values)
        after = int(np.searchsorted(times, t, side="right"))
        if after == 0:
            return float(values[0])
        if after == times.size:
            return float(values[-1])
        share = (t - times[after - 1]) / (times[after] - times[after - 1])
        return float(values[after - 1] + share * (values[after] - values[after - 1]))

    def start(self) -> float:
        """See `Waveform.start`."""
        return self(0.0)

    def breakpoints(self) -> np.ndarray:
        """See `Waveform.breakpoints`."""
        return np.unique(self.times)

    def samples_needed(self, start: float, stop: float) -> int:
        """See `Waveform.samples_needed`; one, as no breakpoint lies between two stops."""
        return 1

    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        """See `Waveform.tabulate`."""
        # Two inner points give the line itself, so that a jump at either end does not enter.
        inner = np.array([0.25, 0.75])
        low, high = (self(start + share * (stop - start)) for share in inner)
        return low + (np.linspace(0.0, 1.0, intervals + 1) - inner[0]) / (inner[1] - inner[0]) * (high - low)


@dataclasses.dataclass(frozen=True, eq=False)
class Sampled(Waveform):
    """A smooth function of time, sampled at least every `interval` seconds; `owner` names it in errors."""

    function: Callable[[float], float]
    interval: float
    owner: str

    def start(self) -> float:
        """See `Waveform.start`."""
        return self._value(0.0)

    def breakpoints(self) -> np.ndarray:
        """See `Waveform.breakpoints`; none are known."""
        return np.empty(0)

    def samples_needed(self, start: float, stop: float) -> int:
        """See `Waveform.samples_needed`."""
        return max(1, math.ceil((stop - start) / self.interval * (1 - 1e-12)))

    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        """See `Waveform.tabulate`.

        Raises
        ------
        UnsupportedError
            The function returns something else than one number.
        ValueError
            It returns a value that is not finite.
        """
        return np.array([self._value(float(time)) for time in np.linspace(start, stop, intervals + 1)])

    def _value(self, time: float) -> float:
        value = np.asarray(self.function(time), dtype=float)
        if value.size != 1:
            raise UnsupportedError(
                f"{self.owner}: func returned {value.size} values at t={time:.6g} s; runs.native takes one factor a "
                "term: use one Zeeman term for each direction of the field"
            )
        if not np.all(np.isfinite(value)):
            raise ValueError(f"{self.owner}: func returned {value} at t={time:.6g} s; it must be finite")
        return float(value.reshape(()))


def waveform_of(term: Any) -> Waveform | None:
    """The waveform of a micromagneticmodel term, None if the term is constant in time.

    Parameters
    ----------
    term : micromagneticmodel.Zeeman, micromagneticmodel.ZhangLi or micromagneticmodel.Slonczewski
        With `func` a `PiecewiseLinear`, another function of time (with `dt`), or for a field "sin" or "sinc" (with
        `f` and `t0`).

    Returns
    -------
    Waveform or None

    Raises
    ------
    UnsupportedError
        `tcl_strings`: Tcl is for OOMMF only.
    ValueError
        A parameter that belongs to `func` is missing, or is there without it.
    """
    owner = f"{type(term).__name__} {term.name!r}"
    if is_set(term, "tcl_strings"):
        raise UnsupportedError(
            f"{owner}: tcl_strings can only be run by OOMMF; give func=runs.native.PiecewiseLinear(times, values), or a "
            "Python function with dt"
        )
    function = next((getattr(term, name) for name in ("func", "wave") if is_set(term, name)), None)
    if function is None:
        stray = [name for name in ("f", "t0", "dt") if is_set(term, name)]
        if stray:
            raise ValueError(f"{owner}: {', '.join(stray)} given without func; set func or remove it")
        return None
    if isinstance(function, PiecewiseLinear):
        return function
    needed = ("f", "t0") if isinstance(function, str) else ("dt",)
    missing = [name for name in needed if not is_set(term, name)]
    if missing:
        raise ValueError(
            f"{owner}: func={function!r} needs {' and '.join(needed)}; {', '.join(missing)} is not set"
        )
    if not isinstance(function, str):
        return Sampled(function, float(term.dt), owner)
    angular, offset = 2 * math.pi * float(term.f), float(term.t0)

    def sine(t: float) -> float:
        return math.sin(angular * (t - offset))

    def sinc(t: float) -> float:
        return float(np.sinc(angular * (t - offset) / math.pi))

    shape = {"sin": sine, "sinc": sinc}[function]
    return Sampled(shape, 1.0 / float(term.f) / SAMPLES_PER_PERIOD, owner)
