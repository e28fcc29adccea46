"""When a drive keeps a state, and where between two of them the integrator must stop."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from runs.native.waveform import Waveform

LARGEST_CHANGE = 0.1
"""Part of its largest value by which a waveform may leave a straight line within one step."""
CLOSEST = 1e-18
"""s; a breakpoint this close to another stop is taken for the same."""


def check_times(times: Sequence[float] | np.ndarray, owner: str) -> np.ndarray:
    """Return times in s at which a state is kept as an array; a ValueError if they do not increase from 0."""
    stops = np.asarray(times, dtype=float)
    if stops.ndim != 1 or stops.size == 0 or stops[0] != 0 or not np.all(np.diff(stops) > 0):
        raise ValueError(f"{owner}: times must increase from 0, got {times!r}")
    return stops


def stretches(stops: np.ndarray, waveforms: Sequence[Waveform]) -> Iterator[tuple[float, float]]:
    """Return start and end in s of each stretch in which every waveform is smooth."""
    found = np.unique(np.concatenate([np.empty(0), *(waveform.breakpoints() for waveform in waveforms)]))
    found = found[(found > 0) & (found < stops[-1])]
    # Keep the first of breakpoints closer than `CLOSEST` to each other; drop those so close to a save time.
    found = found[np.diff(found, prepend=-np.inf) > CLOSEST]
    after = np.searchsorted(stops, found)
    apart = np.minimum(found - stops[after - 1], stops[after] - found)
    return itertools.pairwise(np.sort(np.concatenate([stops, found[apart > CLOSEST]])).tolist())


def table_length(pairs: Sequence[tuple[float, float]], waveforms: Sequence[Waveform]) -> int:
    """Return the number of intervals for every stretch; a power of two, so that few lengths are ever compiled."""
    needed = max((waveform.intervals(start, stop) for waveform in waveforms for start, stop in pairs), default=1)
    return 1 << (needed - 1).bit_length()


def longest_step(tables: np.ndarray, duration: float) -> float:
    """Return the longest step in s that sees every change of the waveforms in a stretch of this duration in s.

    A system at rest lets the integrator take the whole stretch as one step, whose few stages may all miss a pulse. A
    waveform that is a straight line over the stretch does not bound the step. `tables` (..., intervals + 1) are
    waveforms at equally spaced times.
    """
    intervals = tables.shape[-1] - 1
    values = tables.reshape(-1, intervals + 1)
    bent = values - np.linspace(values[:, 0], values[:, -1], intervals + 1, axis=1)
    allowed = LARGEST_CHANGE * np.max(np.abs(values), axis=1, initial=0.0)
    window = intervals
    while window > 1:
        highest, lowest = (find(bent, window + 1, axis=1) for find in (maximum_filter1d, minimum_filter1d))
        if np.all(np.max(highest - lowest, axis=1, initial=0.0) <= allowed):
            break
        window //= 2
    return float(duration * window / intervals)
