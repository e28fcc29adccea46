"""When a wall passes a place, and how long a neuron's takes back: times that a circuit sees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.neuron import DomainWallNeuron
from solitons.domain_walls.simulation import follow_wall

__all__ = ["arrival", "least_field", "return_time"]

SAMPLING = 10e-12
"""s; of the way back."""
_FIELDS = np.geomspace(1e3, 1e6, 31)
"""A/m that are tried, 26 % apart."""


def arrival(times: npt.ArrayLike, positions: npt.ArrayLike, place: float, onwards: int, after: float = 0.0) -> float:
    """When in s a wall first passes a place (m) in the direction `onwards` (1 or -1 along x), not before `after`.

    Infinite where it does not. Straight lines join the samples (s, m); NaN is where there is no wall.
    """
    t, x = np.asarray(times, dtype=np.float64), onwards * (np.asarray(positions, dtype=np.float64) - place)
    t, x = t[np.isfinite(x)], x[np.isfinite(x)]
    passes = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    for index in passes:
        share = -x[index] / (x[index + 1] - x[index])
        when = float(t[index] + share * (t[index + 1] - t[index]))
        if when >= after:
            return when
    return float("inf")


def return_time(neuron: DomainWallNeuron, longest: float) -> float | None:
    """How long in s the leak takes to bring a wall from the threshold back to within its width of the start.

    For a single neuron; None where it is not back after `longest` s. Without a reset from outside it is the refractory
    time.
    """
    start, threshold = float(neuron.start), float(neuron.threshold)
    onwards = 1 if threshold > start else -1
    leak = onwards * float(neuron.wall.polarity) * float(neuron.leak_field)
    times = np.arange(0.0, longest + SAMPLING, SAMPLING)
    field = [PiecewiseLinear((0.0,), (each,)) for each in (0.0, 0.0, leak)]
    path = follow_wall(neuron.wall, times, field=field, position=threshold, angle=float(neuron.rest_angle))
    home = start + onwards * float(neuron.wall.width)
    when = arrival(times, path.position, home, -onwards)
    return when if np.isfinite(when) else None


def least_field(neuron: DomainWallNeuron, longest: float) -> float:
    """The weakest of some fields in A/m, 26 % apart, that brings a wall from the threshold to its start.

    Infinite where none up to 1 MA/m does within `longest` s. It overcomes wells, and may take it past its start.
    """
    backs = (return_time(replace(neuron, leak_field=field), longest) for field in _FIELDS)
    return next((float(field) for field, back in zip(_FIELDS, backs, strict=True) if back is not None), float("inf"))
