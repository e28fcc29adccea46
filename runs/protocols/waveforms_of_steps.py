"""From placed steps to waveforms: one for each terminal, for the field and for the temperature."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from runs.protocols.abstract_step import Shape
from runs.protocols.steps import Placed
from runs.waveforms.oscillation import Oscillation
from runs.waveforms.times import tidy
from runs.waveforms.waveform import Alternating, PiecewiseLinear, Waveform

__all__ = ["check_in_turn", "current_waveform", "field_waveforms", "pulse_edges", "temperature_waveform"]

FloatArray = npt.NDArray[np.float64]


def check_in_turn(placed: Sequence[Placed]) -> None:
    """Refuse two steps that change one thing at the same time."""
    for what in sorted({name for each in placed for name in each.step.occupies}):
        sharing = [each for each in placed if what in each.step.occupies]
        for before, after in itertools.pairwise(sharing):
            if tidy(after.start) < before.end:
                raise ValueError(
                    f"steps: {after.step.do!r} begins at {tidy(after.start):g} s, while {before.step.do!r} changes "
                    f"{what} until {before.end:g} s; put one after the other, or give them different terminals"
                )


def current_waveform(placed: Iterable[Placed]) -> Waveform:
    """Give the current, or its density, of the steps that drive one terminal: 0 where none of them lasts."""
    return _current_waveform(tuple(placed))


@lru_cache(maxsize=64)
def _current_waveform(placed: tuple[Placed, ...]) -> Waveform:
    return _waveform(0.0, [(each.start, each.step.current_shape()) for each in placed])


def field_waveforms(placed: Iterable[Placed]) -> tuple[Waveform, Waveform, Waveform]:
    """Give the applied field in A/m along x, y and z; each step begins where the one before left it."""
    present = np.zeros(3)
    shapes: tuple[list[tuple[float, Shape]], ...] = ([], [], [])
    for each in placed:
        for axis, shape in enumerate(each.step.field_shapes(present.copy())):
            shapes[axis].append((each.start, shape))
            if shape.points:
                present[axis] = shape.points[-1][1]
    x, y, z = (_waveform(0.0, one) for one in shapes)
    return x, y, z


def temperature_waveform(initial: float, placed: Iterable[Placed]) -> PiecewiseLinear:
    """Give the temperature in K."""
    points = [(0.0, initial)]
    for each in placed:
        points += _shifted(each.start, each.step.temperature_shape(points[-1][1]))
    return _joined(points)


def pulse_edges(placed: Iterable[Placed]) -> FloatArray:
    """Give the start and end in s of every current pulse: float, shape (pulses, 2)."""
    edges = [
        (tidy(each.start + first), tidy(each.start + last))
        for each in placed
        for first, last in each.step.pulse_edges()
    ]
    return np.array(edges, dtype=float).reshape(-1, 2)


def _waveform(initial: float, shapes: Sequence[tuple[float, Shape]]) -> Waveform:
    points, oscillations = [(0.0, initial)], list[Oscillation]()
    for start, shape in shapes:
        points += _shifted(start, shape)
        oscillations += [replace(one, start=tidy(start + one.start)) for one in shape.oscillations]
    lines = _joined(points)
    return Alternating(lines, tuple(oscillations)) if oscillations else lines


def _shifted(start: float, shape: Shape) -> list[tuple[float, float]]:
    return [(start + time, value) for time, value in shape.points]


def _joined(points: list[tuple[float, float]]) -> PiecewiseLinear:
    """Breakpoints as a waveform; of several at one time the first and the last make the jump."""
    kept: list[tuple[float, float]] = []
    for time, value in points:
        point = (tidy(time), float(value))
        if len(kept) > 1 and kept[-2][0] == kept[-1][0] == point[0]:
            kept[-1] = point
        elif not kept or kept[-1] != point:
            kept.append(point)
    return PiecewiseLinear(tuple(time for time, _ in kept), tuple(value for _, value in kept))
