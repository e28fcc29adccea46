"""Runs of discs with a vortex whose core is at known places."""

import numpy as np

from analysis.artificial_runs import complete_run
from geometries import Vortex


def vortex_disc(positions, t, *, cell=4e-9, core_length=6e-9, polarity=1, circulation=1):
    """A disc of 200 nm with its core at positions (t, 2) in m from the middle; NaN: m is along +x everywhere."""
    times, diameter = np.asarray(t, dtype=np.float64), 200e-9
    count = round(diameter / cell)
    away = (np.arange(count) - (count - 1) / 2) * cell
    x = away + diameter / 2
    inside = np.hypot(away[:, None], away) <= diameter / 2
    m = np.full((times.size, x.size, x.size, 1, 3), np.nan, dtype=np.float32)
    for frame, (place, sign) in enumerate(zip(positions, np.broadcast_to(polarity, times.shape), strict=True)):
        texture = np.broadcast_to([1.0, 0.0, 0.0], (x.size, x.size, 3))
        if np.isfinite(place).all():
            vortex = Vortex(polarity=int(sign), circulation=circulation, offset=tuple(place))
            texture = vortex.magnetisation(away, away, (diameter, diameter), core_length)
        m[frame, :, :, 0][inside] = texture[inside]
    return complete_run(m, times, (x, x.copy(), np.array([4e-9])), {}, kind="artificial vortex")


def gyrating_vortex(radius, frequency, duration, *, sampling_interval=0.1e-9, growth=0.0):
    """A core that gyrates, clockwise where the frequency is below 0: its radius grows as exp(growth t)."""
    t = np.arange(round(duration / sampling_interval) + 1) * sampling_interval
    place = radius * np.exp((growth + 2j * np.pi * frequency) * t)
    return vortex_disc(np.stack([place.real, place.imag], axis=1), t)
