"""Hills on a way of least energy: how much energy heat must bring to take a device from one place to the next."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import xarray as xr

from analysis.swept_runs import run_by_run

__all__ = ["energy_path"]


@run_by_run
def energy_path(run: xr.Dataset) -> xr.Dataset:
    """Find the hill between every two states of rest of a way of least energy.

    The top of a hill is that of a parabola through the highest state and its two neighbours.

    Parameters
    ----------
    run : xarray.Dataset
        A run with the protocol `runs.EnergyPath`.

    Returns
    -------
    xarray.Dataset
        Over `passage`, from each state of rest to the next: `forth` and `back` (J), the energy of the top less that of
        the state from which it is climbed, and `saddle`, the number of the highest state. Over `step`: `rise` (J), the
        energy less that of the first state, and `stop`.

    Raises
    ------
    ValueError
        If the run is no way of least energy.

    Examples
    --------
    >>> share = np.linspace(0, 1, 5)
    >>> run = xr.Dataset(
    ...     {"energy": ("step", 1e-19 * np.sin(np.pi * share) ** 2), "stop": ("step", [0, -1, -1, -1, 1])}
    ... )
    >>> float(energy_path(run).forth[0] / 1e-19)
    1.0
    """
    if "stop" not in run:
        raise ValueError(
            f"energy_path: run {run.attrs.get('run_id', '')} is no way of least energy; give one with the protocol "
            "EnergyPath"
        )
    energy = run["energy"].values.astype(float)
    stops = np.flatnonzero(run["stop"].values >= 0)
    tops, saddles = [], []
    for first, last in pairwise(stops.tolist()):
        saddle = first + int(energy[first : last + 1].argmax())
        saddles.append(saddle)
        tops.append(energy[saddle] if saddle in (first, last) else _top(*energy[saddle - 1 : saddle + 2]))
    top = np.array(tops)
    units = {"units": "J"}
    return xr.Dataset(
        {
            "forth": ("passage", top - energy[stops[:-1]], {**units, "long_name": "hill towards the next state"}),
            "back": ("passage", top - energy[stops[1:]], {**units, "long_name": "hill back from the next state"}),
            "saddle": ("passage", np.array(saddles), {"units": "1", "long_name": "step of the highest state"}),
            "rise": ("step", energy - energy[0], {**units, "long_name": "energy above the first state"}),
            "stop": run["stop"],
        },
        attrs={name: run.attrs[name] for name in ("run_id",) if name in run.attrs},
    )


def _top(before: float, highest: float, after: float) -> float:
    bend = before - 2 * highest + after
    return highest if bend >= 0 else highest - (after - before) ** 2 / (8 * bend)
