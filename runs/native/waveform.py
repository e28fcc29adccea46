"""Factors that depend on time: what multiplies a field or a current during a drive.

Between two stops of the integrator a waveform is a table of equally spaced values, interpolated
linearly. The integrator stops at every breakpoint of a `runs.waveform.PiecewiseLinear`, so that its
table is exact with two values.
"""

import abc
import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from typing_extensions import override

from runs.native.discretisation import is_set
from runs.native.errors import UnsupportedError
from runs.waveform import PiecewiseLinear

SAMPLES_PER_PERIOD = 2048
"""Samples a period of a sine; linear interpolation between them is off by at most 1.2e-6."""


class Waveform(abc.ABC):
    """A factor of time that the integrator can tabulate."""

    @abc.abstractmethod
    def start(self) -> float:
        """Return the factor at t = 0; at a jump the later one."""

    @abc.abstractmethod
    def breakpoints(self) -> np.ndarray:
        """Return the times in s that the integrator must step onto."""

    @abc.abstractmethod
    def intervals(self, start: float, stop: float) -> int:
        """Return in how many intervals a table from `start` to `stop` (s) resolves the waveform."""

    @abc.abstractmethod
    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        """Return `intervals + 1` equally spaced values from just after `start` to just before `stop` (s)."""


@dataclasses.dataclass(frozen=True)
class Exact(Waveform):
    """A piecewise-linear waveform, taken by its breakpoints."""

    lines: PiecewiseLinear

    @override
    def start(self) -> float:
        return float(self.lines(0.0))

    @override
    def breakpoints(self) -> np.ndarray:
        return np.unique(self.lines.times)

    @override
    def intervals(self, start: float, stop: float) -> int:
        return 1

    @override
    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        # Two inner points give the line itself, so that a jump at either end does not enter.
        first, second = 0.25, 0.75
        low, high = self.lines([start + share * (stop - start) for share in (first, second)])
        shares = (np.linspace(0.0, 1.0, intervals + 1) - first) / (second - first)
        return np.asarray(low + shares * (high - low))


@dataclasses.dataclass(frozen=True)
class Sampled(Waveform):
    """A smooth function of time, sampled at least every `interval` seconds; `owner` names it in errors."""

    function: Callable[[float], float]
    interval: float
    owner: str

    @override
    def start(self) -> float:
        return self._value(0.0)

    @override
    def breakpoints(self) -> np.ndarray:
        return np.empty(0)

    @override
    def intervals(self, start: float, stop: float) -> int:
        return max(1, math.ceil((stop - start) / self.interval * (1 - 1e-12)))

    @override
    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        return np.array([self._value(float(time)) for time in np.linspace(start, stop, intervals + 1)])

    def _value(self, time: float) -> float:
        value = np.asarray(self.function(time), dtype=float)
        if value.size != 1:
            raise UnsupportedError(
                f"{self.owner}: func returned {value.size} values at t={time:.6g} s; runs.native takes one "
                "factor a term: use one Zeeman term for each direction of the field"
            )
        if not np.all(np.isfinite(value)):
            raise ValueError(f"{self.owner}: func returned {value} at t={time:.6g} s; it must be finite")
        return float(value.reshape(()))


def waveform_of(term: Any) -> Waveform | None:
    """Read the time dependence of a micromagneticmodel term.

    Parameters
    ----------
    term : micromagneticmodel.Zeeman, micromagneticmodel.ZhangLi or micromagneticmodel.Slonczewski
        With `func` a `runs.waveform.PiecewiseLinear`, another function of time (with `dt`), or for a
        field "sin" or "sinc" (with `f` and `t0`).

    Returns
    -------
    Waveform or None
        None if the term is constant in time.

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
            f"{owner}: tcl_strings can only be run by OOMMF; give func=runs.native.PiecewiseLinear(times, "
            "values), or a Python function with dt"
        )
    function = next((getattr(term, name) for name in ("func", "wave") if is_set(term, name)), None)
    if function is None:
        stray = [name for name in ("f", "t0", "dt") if is_set(term, name)]
        if stray:
            raise ValueError(f"{owner}: {', '.join(stray)} given without func; set func or remove it")
        return None
    if isinstance(function, PiecewiseLinear):
        return Exact(function)
    needed = ("f", "t0") if isinstance(function, str) else ("dt",)
    missing = [name for name in needed if not is_set(term, name)]
    if missing:
        raise ValueError(f"{owner}: func={function!r} needs {' and '.join(needed)}; set {', '.join(missing)}")
    if not isinstance(function, str):
        return Sampled(function, float(term.dt), owner)
    angular, offset = 2 * math.pi * float(term.f), float(term.t0)

    def sine(t: float) -> float:
        return math.sin(angular * (t - offset))

    def sinc(t: float) -> float:
        return float(np.sinc(angular * (t - offset) / math.pi))

    shape = {"sin": sine, "sinc": sinc}[function]
    return Sampled(shape, 1.0 / float(term.f) / SAMPLES_PER_PERIOD, owner)
