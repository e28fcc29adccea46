"""The drive as an integrator sees it: steps, and the current and field within each.

Steps end on every sample and on every breakpoint of a waveform, so that a jump
never falls inside a step and a Runge-Kutta method keeps its order.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt

from runs.waveforms.waveform import PiecewiseLinear

__all__ = ["DriveSteps", "drive_steps", "few_lengths", "of_few_lengths", "pulses_of", "stack_drives"]

Floats = npt.NDArray[np.float64]


class DriveSteps(eqx.Module):
    """Steps of an integration with what drives a wall or a skyrmion at their start, middle and end.

    `step` (steps,) in s is 0 for padding, which leaves everything where it is. `current_density` (steps, 3) is J in
    A/m2 and `field` (steps, 3, 3) in A/m at start, middle and end, the last axis x, y, z. `sample` (samples,) has after
    how many steps each sample is taken.
    """

    step: Any
    current_density: Any
    field: Any
    sample: Any


def drive_steps(
    times: npt.ArrayLike,
    current_density: PiecewiseLinear | None = None,
    field: Sequence[PiecewiseLinear] | None = None,
    *,
    max_step: float = 5e-12,
) -> DriveSteps:
    """Cut a time span into steps of at most `max_step` (s) that end on all samples and breakpoints.

    `times` in s increase; J(t) is in A/m2, and `field` is Hx(t), Hy(t) and Hz(t) in A/m, none by default.
    """
    samples = np.asarray(times, dtype=np.float64)
    if samples.ndim != 1 or samples.size == 0 or not np.all(np.diff(samples) > 0):
        raise ValueError(
            f"drive_steps: times has shape {samples.shape} and does not increase throughout; give one "
            "dimension of increasing times, at least one"
        )
    if not max_step > 0:
        raise ValueError(f"drive_steps: max_step = {max_step} s must be positive")
    if field is not None and len(field) != 3:
        raise ValueError(f"drive_steps: field has {len(field)} components; give three, along x, y and z")
    waveforms = [wave for wave in (current_density, *(field or ())) if wave is not None]
    inner = [t for wave in waveforms for t in wave.times if samples[0] < t < samples[-1]]
    marks = np.concatenate([samples, inner])
    marks.sort()
    # Breakpoints that differ from a sample by rounding only would make a useless step.
    marks = marks[np.concatenate([[True], np.diff(marks) > 1e-9 * max_step])]
    gaps = np.diff(marks)
    counts = np.maximum(np.ceil(gaps / max_step * (1 - 1e-9)).astype(int), 1)
    step = np.repeat(gaps / counts, counts)
    first = np.cumsum(counts) - counts
    start = np.repeat(marks[:-1], counts) + step * (np.arange(step.size) - np.repeat(first, counts))
    none = np.zeros((step.size, 3))
    current = none if current_density is None else _within_steps(current_density, start, step)
    components = [none] * 3 if field is None else [_within_steps(wave, start, step) for wave in field]
    fields = np.stack(components, axis=-1)
    steps_to_mark = np.concatenate([[0], np.cumsum(counts)])
    nearest = np.searchsorted(marks, samples - 1e-9 * max_step)
    return DriveSteps(step, current, fields, steps_to_mark[np.minimum(nearest, marks.size - 1)])


def _within_steps(wave: PiecewiseLinear, start: Floats, step: Floats) -> Floats:
    # The line is chosen by the step's middle: at a jump, the start then sees the later value and the end
    # the earlier one, which evaluating the waveform there would not give.
    times, values = np.asarray(wave.times), np.asarray(wave.values)
    following = np.searchsorted(times, start + step / 2, side="right")
    left, right = np.maximum(following - 1, 0), np.minimum(following, times.size - 1)
    span = np.where(right > left, times[right] - times[left], 1.0)
    stages = start[:, None] + step[:, None] * np.array([0.0, 0.5, 1.0])
    share = np.clip((stages - times[left, None]) / span[:, None], 0.0, 1.0)
    return np.asarray(values[left, None] * (1 - share) + values[right, None] * share)


def of_few_lengths(drive: DriveSteps) -> DriveSteps:
    """Pad a drive with steps of no length to one of four numbers of steps an octave.

    Code compiled for one number of steps serves no other one, so that drives of nearly one length share it. The
    drive has one wall or track, and becomes up to a quarter longer.

    Examples
    --------
    >>> [of_few_lengths(drive_steps([0.0, n * 1e-9], max_step=1e-9)).step.size for n in (4, 9, 10, 97, 112, 113)]
    [4, 10, 10, 112, 112, 128]
    """
    return _of_length(drive, few_lengths(drive.step.size), drive.sample.size)


def few_lengths(steps: int) -> int:
    """Return the first of the lengths 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, ... that holds so many steps.

    Code compiled for one length of an array serves no other one.
    """
    unit = 1 << max(max(steps - 1, 0).bit_length() - 3, 0)
    return -(-steps // unit) * unit


def _of_length(drive: DriveSteps, steps: int, samples: int) -> DriveSteps:
    def padded(array: Floats, length: int, mode: Any) -> Floats:
        widths = [(0, length - array.shape[0])] + [(0, 0)] * (array.ndim - 1)
        return np.pad(array, widths, mode=mode)

    return DriveSteps(
        padded(drive.step, steps, "constant"),
        padded(drive.current_density, steps, "constant"),
        padded(drive.field, steps, "constant"),
        padded(drive.sample, samples, "edge"),
    )


def stack_drives(drives: Sequence[DriveSteps]) -> DriveSteps:
    """Put drives of different lengths into one batch, padded with steps of no length.

    Every array gets a leading axis over the drives, with as many steps as `of_few_lengths` would give the longest.
    If the numbers of samples differ the last one is repeated.
    """
    if not drives:
        raise ValueError("stack_drives: drives is empty; give at least one")
    steps = few_lengths(max(drive.step.size for drive in drives))
    samples = max(drive.sample.size for drive in drives)
    alike = [_of_length(drive, steps, samples) for drive in drives]
    return DriveSteps(
        np.stack([drive.step for drive in alike]),
        np.stack([drive.current_density for drive in alike]),
        np.stack([drive.field for drive in alike]),
        np.stack([drive.sample for drive in alike]),
    )


def pulses_of(current_density: PiecewiseLinear) -> Floats:
    """Find the pulses of a waveform J(t) in A/m2, stretches where the current is not zero, (pulses, 3).

    Each has its start and its end in s and its largest abs(J) in A/m2. A current that flows before the first breakpoint
    or after the last one is a pulse without a start (-inf) or an end (inf).
    """
    pulses: list[list[float]] = []
    points = list(zip(current_density.times, current_density.values, strict=True))
    points = [(-np.inf, points[0][1]), *points, (np.inf, points[-1][1])]
    for (t0, v0), (t1, v1) in itertools.pairwise(points):
        if t1 == t0 or (v0 == 0 and v1 == 0):
            continue
        peak = max(abs(v0), abs(v1))
        # A segment that starts where the last one ended on a current goes on with its pulse.
        if pulses and pulses[-1][1] == t0 and v0 != 0:
            pulses[-1][1], pulses[-1][2] = t1, max(pulses[-1][2], peak)
        else:
            pulses.append([t0, t1, peak])
    return np.array(pulses, dtype=np.float64).reshape(-1, 3)
