"""Slopes of what a way of least energy shows, from its states in devices beside it.

A state of rest and a hill's top change the energy only to second order when they shift, so that the slope of an energy
is that of the same states in another device: no further way is looked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.observables import NotInThisRun, Observable, SeenRun, measured
from runs.spec import RunSpec
from solitons.campaigns.design.search import Place

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["slopes_of", "value_of"]

_DIFFERENCE = 1e-3  # share of the way between the bounds over which slopes are taken


def value_of(observable: Observable, spec: RunSpec, run: xr.Dataset, missing: dict[str, str] | None = None) -> float:
    """The observable of a run; NaN if it has none, for the reason that is then in `missing`."""
    try:
        return float(measured(observable, SeenRun(spec, run)))
    except NotInThisRun as error:
        if missing is not None:
            missing[observable.name] = str(error)
        return math.nan


def slopes_of(
    observables: Sequence[Observable], spec_at: Callable[[Place], RunSpec], place: Place, run: xr.Dataset
) -> list[list[float]]:
    """Slopes of each observable along each free field, over the whole way between the bounds: (observables, fields).

    NaN along a field that no energy depends on.

    Parameters
    ----------
    observables : sequence of Observable
        With `from_energies`.
    spec_at : callable
        Gives the run of the device at a place.
    place : tuple of float
        Where the device lies.
    run : Dataset
        Its way.
    """
    columns = []
    for number in range(len(place)):
        ends = [
            tuple(float(np.clip(at + sign * _DIFFERENCE * (each == number), 0, 1)) for each, at in enumerate(place))
            for sign in (-1, 1)
        ]
        specs = [spec_at(end) for end in ends]
        below, above = (_with_energies(spec, run) for spec in specs)
        if np.array_equal(below["energy"], above["energy"]):
            columns.append([math.nan] * len(observables))
            continue
        apart = ends[1][number] - ends[0][number]
        columns.append(
            [(value_of(each, specs[1], above) - value_of(each, specs[0], below)) / apart for each in observables]
        )
    return [list(row) for row in zip(*columns, strict=True)]


def _with_energies(spec: RunSpec, run: xr.Dataset) -> xr.Dataset:
    """A way whose states have the energies in J that they have in another device."""
    import discretisedfield as df

    import runs.native as nc
    from runs.system.build import build_system

    system = build_system(spec, drive=False)
    mesh, norm = system.m.mesh, system.m.norm
    states = np.nan_to_num(run["m"].transpose("step", "x", "y", "z", "vdims").values.astype(np.float64))
    energies = []
    for state in states:
        system.m = df.Field(mesh, nvdim=3, value=state, norm=norm)
        energies.append(nc.compute(system.energy.energy, system))
    return run.assign(energy=run["energy"].copy(data=energies))
