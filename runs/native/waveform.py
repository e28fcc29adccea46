"""Factors that depend on time: what multiplies a field or a current during a drive.

Between two stops of the integrator a waveform is a table of equally spaced values, interpolated
linearly. The integrator stops at every breakpoint of a `runs.waveforms.waveform.PiecewiseLinear`, so that its
table is exact with two values. A `runs.waveforms.waveform.Alternating` is exact too: envelope, phase and the
two factors of its chirp are straight lines between two stops, and the sine is taken when they are used.
"""

import abc
import dataclasses
import math
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
from typing_extensions import override

from runs.native import tcl
from runs.native.discretisation import is_set
from runs.native.errors import UnsupportedError
from runs.waveforms.waveform import Alternating
from runs.waveforms.waveform import PiecewiseLinear as PiecewiseLinear

SAMPLES_PER_PERIOD = 2048
"""Samples a period of a sine; linear interpolation between them is off by at most 1.2e-6."""
MATRIX = 9
"""Numbers that a function returns which turns a field: a matrix, row by row."""


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
class Phase(Waveform):
    """Phase of an alternating waveform as a straight line, without what a chirp adds; modulo 2 pi at each stop."""

    wave: Alternating

    @override
    def start(self) -> float:
        return float(self.tabulate(0.0, 0.0, 0)[0])

    @override
    def breakpoints(self) -> np.ndarray:
        return self.wave.quarter_periods

    @override
    def intervals(self, start: float, stop: float) -> int:
        return 1

    @override
    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        one = self.wave.oscillation_at(0.5 * (start + stop))
        first = math.remainder(float(one.phase_at(start)), 2 * math.pi)
        turn = 2 * math.pi * float(one.frequency_at(start)) * (stop - start)
        return np.asarray(first + turn * np.linspace(0.0, 1.0, intervals + 1))


@dataclasses.dataclass(frozen=True)
class Chirp(Waveform):
    """One of the two factors whose product a chirp adds to the phase: s, and pi k d^2 s.

    s goes from 0 to 1 over a stretch of d seconds, and k is the rate of the chirp in Hz/s.
    """

    wave: Alternating
    scaled: bool

    @override
    def start(self) -> float:
        return 0.0

    @override
    def breakpoints(self) -> np.ndarray:
        return np.empty(0)

    @override
    def intervals(self, start: float, stop: float) -> int:
        return 1

    @override
    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        rate = self.wave.oscillation_at(0.5 * (start + stop)).chirp_rate
        scale = math.pi * rate * (stop - start) ** 2 if self.scaled else 1.0
        return np.asarray(scale * np.linspace(0.0, 1.0, intervals + 1))


@dataclasses.dataclass(frozen=True)
class Sine(Waveform):
    """An alternating waveform: the sum of lines and envelope x sin(phase + chirp x chirp), see `rows`."""

    wave: Alternating

    @property
    def rows(self) -> tuple[Waveform, ...]:
        """Lines, envelope, phase and the factors of the chirp; each is a straight line between two stops."""
        wave = self.wave
        return Exact(wave.lines), Exact(wave.envelope), Phase(wave), Chirp(wave, False), Chirp(wave, True)

    @override
    def start(self) -> float:
        return float(self.wave(0.0))

    @override
    def breakpoints(self) -> np.ndarray:
        return np.unique(np.concatenate([one.breakpoints() for one in self.rows]))

    @override
    def intervals(self, start: float, stop: float) -> int:
        return max(1, math.ceil(SAMPLES_PER_PERIOD / 4))

    @override
    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        lines, envelope, phase, first, second = (one.tabulate(start, stop, intervals) for one in self.rows)
        return np.asarray(lines + envelope * np.sin(phase + first * second))


class Samples:
    """Values of a function of time, which returns `size` numbers; `owner` names it in errors.

    The last table is kept, because the entries of a matrix ask for it one after the other.
    """

    def __init__(self, function: Callable[[float], Any], size: int, owner: str) -> None:
        self._function, self._size, self._owner = function, size, owner
        self._asked: tuple[float, float, int] | None = None
        self._table = np.empty((0, size))

    def table(self, start: float, stop: float, intervals: int) -> np.ndarray:
        """Return `intervals + 1` rows of `size` numbers."""
        asked = (start, stop, intervals)
        if asked != self._asked:
            self._table = np.array([self._value(float(time)) for time in np.linspace(*asked[:2], intervals + 1)])
            self._asked = asked
        return self._table

    def _value(self, time: float) -> np.ndarray:
        value = np.asarray(self._function(time), dtype=float)
        if value.size != self._size:
            raise ValueError(
                f"{self._owner}: func returned {value.size} values at t={time:.6g} s, {self._size} before; return "
                "as many at all times"
            )
        if not np.all(np.isfinite(value)):
            raise ValueError(f"{self._owner}: func returned {value} at t={time:.6g} s; it must be finite")
        return value.reshape(self._size)


@dataclasses.dataclass(frozen=True, eq=False)
class Sampled(Waveform):
    """One number of a smooth function of time, sampled at least every `interval` seconds."""

    samples: Samples
    interval: float
    entry: int = 0

    @override
    def start(self) -> float:
        return float(self.samples.table(0.0, 0.0, 0)[0, self.entry])

    @override
    def breakpoints(self) -> np.ndarray:
        return np.empty(0)

    @override
    def intervals(self, start: float, stop: float) -> int:
        return max(1, math.ceil((stop - start) / self.interval * (1 - 1e-12)))

    @override
    def tabulate(self, start: float, stop: float, intervals: int) -> np.ndarray:
        return self.samples.table(start, stop, intervals)[:, self.entry]


def register_in(waveforms: list[Waveform]) -> Callable[[Waveform], int]:
    """Return what puts a waveform at the end of a list and returns its place."""

    def register(waveform: Waveform) -> int:
        waveforms.append(waveform)
        return len(waveforms) - 1

    return register


def function_of(term: Any) -> Any:
    """Return what multiplies a micromagneticmodel term's drive, None if the term is constant in time.

    An UnsupportedError for `tcl_strings` that cannot be run here; a ValueError if a parameter that belongs to `func` is
    there without it, or `wave` or `tcl_strings` beside it.
    """
    functions = [name for name in ("func", "wave", "tcl_strings") if is_set(term, name)]
    if not functions:
        stray = [name for name in ("f", "t0", "dt") if is_set(term, name)]
        if stray:
            raise ValueError(f"{name_of(term)}: {', '.join(stray)} given without func; set func or remove it")
        return None
    if len(functions) > 1:
        raise ValueError(
            f"{name_of(term)}: {' and '.join(functions)} are both given; give one (wave is func's old name)"
        )
    return tcl.function_of(term) if functions == ["tcl_strings"] else getattr(term, functions[0])


def waveforms_of(function: Any, term: Any, *, matrix: bool = False) -> tuple[Waveform, ...]:
    """Read one function of time: one waveform, or nine, a matrix row by row, where `matrix` allows it.

    The function is a float, PiecewiseLinear, Alternating, a callable with the term's `dt`, a
    `runs.native.tcl.TclFunction`, or "sin" or "sinc" with the term's `f` and `t0`; the term names it in errors. An
    UnsupportedError if it returns neither one number nor, where it may, nine; a ValueError if a parameter that belongs
    to it is missing or not finite.
    """
    if isinstance(function, numbers.Real):
        return (Exact(PiecewiseLinear((0.0,), (float(function),))),)
    if isinstance(function, PiecewiseLinear):
        return (Exact(function),)
    if isinstance(function, Alternating):
        return (Sine(function),)
    owner = name_of(term)
    needed = ("f", "t0") if isinstance(function, str) else () if isinstance(function, tcl.TclFunction) else ("dt",)
    missing = [name for name in needed if not is_set(term, name)]
    if missing:
        raise ValueError(f"{owner}: func={function!r} needs {' and '.join(needed)}; set {', '.join(missing)}")
    if isinstance(function, str):
        interval = 1.0 / float(term.f) / SAMPLES_PER_PERIOD
        return (Sampled(Samples(_named(function, float(term.f), float(term.t0)), 1, owner), interval),)
    size = np.size(function(0.0))
    if size != 1 and not (matrix and size == MATRIX):
        allowed = f"one, or {MATRIX} (a matrix, row by row)" if matrix else "one"
        raise UnsupportedError(f"{owner}: func returned {size} values at t=0 s; runs.native takes {allowed}")
    samples = Samples(function, size, owner)
    interval = float(term.dt) if is_set(term, "dt") else tcl.INTERVAL
    return tuple(Sampled(samples, interval, entry) for entry in range(size))


def name_of(term: Any) -> str:
    """Return how a term is called in errors."""
    return f"{type(term).__name__} {term.name!r}"


def _named(name: str, frequency: float, offset: float) -> Callable[[float], float]:
    angular = 2 * math.pi * frequency

    def sine(t: float) -> float:
        return math.sin(angular * (t - offset))

    def sinc(t: float) -> float:
        return float(np.sinc(angular * (t - offset) / math.pi))

    return {"sin": sine, "sinc": sinc}[name]
