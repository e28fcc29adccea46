r"""Pillars on one circuit: each one's resistance changes the current of all, and so they lock to each other.

A source of the current I feeds N pillars, beside a load of the resistance R_L. In series they carry one current, in
parallel they have one voltage:

.. math:: I_i = \frac{I R_L}{R_L + \sum_j R_j} \quad\text{(series)}, \qquad
    I_i = \frac{I\, G_i}{1 / R_L + \sum_j G_j} \quad\text{(parallel)}, \qquad
    G_j = \frac{G_P (1 + c_j) + G_{AP} (1 - c_j)}{2}

with :math:`c_j = m_j \cdot p_j` and conductances without bias. Wires have neither resistance nor delay. Each moment
obeys the equation of `solitons.junctions.macrospin` under its own current density.

References
----------
J. Grollier, V. Cros and A. Fert, Phys. Rev. B 73, 060409 (2006): pillars in series beside a load lock by their common
current.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from geometries import Pillar
from solitons.junctions.ensemble import MOST_NUMBERS, parameter_rows
from solitons.junctions.macrospin import Macrospin

__all__ = ["follow_circuit"]


def follow_circuit(
    spins: Sequence[Macrospin],
    pillars: Sequence[Pillar],
    start: npt.ArrayLike,
    current: float,
    load: float,
    duration: float,
    *,
    arrangement: Literal["series", "parallel"] = "series",
    samples: int = 1,
    seed: int = 0,
    time_step: float | None = None,
) -> xr.Dataset:
    """Follow pillars that share a current, each as one moment, with heat.

    Parameters
    ----------
    spins : sequence of Macrospin
        Free layers (`solitons.junctions.pillar_junction`), each in its field and at its temperature.
    pillars : sequence of Pillar
        Their barriers and areas, as many.
    start : array (N, 3)
        Directions at the beginning; normalised.
    current : float
        Of the source, in A; above 0 it turns moments towards their polarisers.
    load : float
        Resistance beside the pillars, in ohm.
    duration : float
        In s.
    arrangement : {"series", "parallel"}
        How the pillars are connected.
    samples : int
        Into how many equal parts the duration is cut; the state is kept after each.
    seed : int
        Seed of the heat's random numbers.
    time_step : float, optional
        Longest step in s; `Macrospin.time_step` of the fastest if left out.

    Returns
    -------
    xarray.Dataset
        `m (oscillator, t, vdims)` and `current (oscillator, t)` in A after each sample, `t` in s.

    Raises
    ------
    ValueError
        If a number is out of range, or the lengths differ.

    Examples
    --------
    >>> from geometries import Material
    >>> from solitons.junctions import pillar_junction
    >>> film = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.05)
    >>> disc = Pillar(length="40 nm", thickness="2 nm", cell=("4 nm", "4 nm", "2 nm"), start="right",
    ...               fixed_layer=(1, 0, 0.2), barrier={"resistance_area": "2 ohm um^2", "tmr": "100 %"})
    >>> moment = pillar_junction(disc, film, temperature=0.0, field=(5e4, 0, 0))
    >>> run = follow_circuit([moment] * 2, [disc] * 2, [[1, 0, 0], [0, 1, 0]], 1e-4, 50.0, 1e-9, samples=4)
    >>> bool(np.allclose(run.current[0], run.current[1]))  # one current in series
    True
    """
    owner = "follow_circuit"
    m = np.array(start, dtype=np.float64)
    if not len(spins) == len(pillars) == len(m) or m.ndim != 2 or m.shape[1] != 3 or not len(m):
        raise ValueError(
            f"{owner}: {len(spins)} moments, {len(pillars)} pillars and starts of the shape {m.shape} differ"
        )
    lengths = np.linalg.norm(m, axis=1, keepdims=True)
    if not (np.isfinite(m).all() and (lengths > 0).all()):
        raise ValueError(f"{owner}: start has a row that is 0 or not finite; give directions")
    if not (0 < load < np.inf and 0 < duration < np.inf and np.isfinite(current) and samples >= 1):
        raise ValueError(
            f"{owner}: load = {load} ohm, duration = {duration} s and samples = {samples} must be above 0, and "
            f"current = {current} A finite"
        )
    if arrangement not in ("series", "parallel"):
        raise ValueError(f"{owner}: arrangement = {arrangement!r} must be 'series' or 'parallel'")
    if 4 * len(m) * samples > MOST_NUMBERS:
        raise ValueError(f"{owner}: {len(m)} pillars with {samples} samples are too many to keep; keep fewer samples")
    areas = np.array([each.area for each in pillars])
    parallel = areas / np.array([each.barrier.resistance_area for each in pillars])
    conductances = np.column_stack([parallel, parallel / (1 + np.array([each.barrier.tmr for each in pillars]))])
    densest = abs(current) / areas.min()
    longest = time_step or min(each.time_step(current_density=densest) for each in spins)
    if not 0 < longest < np.inf:
        raise ValueError(f"{owner}: time_step = {time_step} s must be above 0")
    steps = max(1, int(np.ceil(duration / samples / longest * (1 - 1e-12))))
    dt = duration / samples / steps
    from solitons.oscillators.compiled.circuits import follow

    m /= lengths
    out, currents = np.empty((len(m), samples, 3)), np.empty((len(m), samples))
    rows = parameter_rows(list(spins), dt)
    follow(
        m, rows, conductances, areas, float(current), float(load), arrangement == "series", samples, steps, dt,
        np.uint64(seed), out, currents,
    )  # fmt: skip
    times = ("t", (np.arange(samples) + 1) * (duration / samples), {"units": "s"})
    return xr.Dataset(
        {
            "m": (("oscillator", "t", "vdims"), out),
            "current": (("oscillator", "t"), currents, {"units": "A"}),
        },
        coords={"t": times, "vdims": list("xyz")},
        attrs={"time_step": dt, "seed": seed},
    )
