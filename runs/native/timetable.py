"""When a drive keeps a state, and where between two of them the integrator must stop."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from runs.native.waveform import Waveform

CLOSEST = 1e-18
"""s; a breakpoint this close to another stop is taken for the same."""


def check_times(times: Sequence[float] | np.ndarray, owner: str) -> np.ndarray:
    """Return times in s at which a state is kept as an array.

    Raises
    ------
    ValueError
        They do not increase from 0.
    """
    stops = np.asarray(times, dtype=float)
    if stops.ndim != 1 or stops.size == 0 or stops[0] != 0 or not np.all(np.diff(stops) > 0):
        raise ValueError(f"{owner}: times must increase from 0, got {times!r}")
    return stops


def stretches(stops: np.ndarray, waveforms: Sequence[Waveform]) -> Iterator[tuple[float, float]]:
    """Return start and end in s of each stretch in which every waveform is smooth."""
    edges = list(stops)
    for time in np.unique(np.concatenate([np.empty(0), *(waveform.breakpoints() for waveform in waveforms)])):
        if 0 < time < stops[-1] and min(abs(time - edge) for edge in edges) > CLOSEST:
            edges.append(time)
    return itertools.pairwise(np.sort(edges).tolist())


def table_length(pairs: Sequence[tuple[float, float]], waveforms: Sequence[Waveform]) -> int:
    """Return the number of intervals for every stretch; a power of two, so that few lengths are ever compiled."""
    needed = max((waveform.intervals(start, stop) for waveform in waveforms for start, stop in pairs), default=1)
    return 1 << (needed - 1).bit_length()
