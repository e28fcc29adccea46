"""Observables of spin ices: flipped islands, monopoles, types of vertices."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from analysis.observables import NotInThisRun, Observable, Observables, SeenRun
from analysis.spin_ice.island_spins import macrospins
from analysis.spin_ice.vertices import vertex_fractions, vertices
from geometries import SpinIce
from runs.spec import RunSpec

__all__ = ["OBSERVABLES"]


def _has_islands(spec: RunSpec) -> str:
    if isinstance(spec.device, SpinIce):
        return ""
    return f"device is a {spec.device.kind}, which has no islands; give a spin_ice"


def _four_ends(spec: RunSpec) -> str:
    if isinstance(spec.device, SpinIce) and 4 not in spec.device.islands(spec.material)["coordination"].values:
        return "device has no vertex at which four islands meet, and only these are of a type; count monopoles"
    return ""


def _islands(seen: SeenRun) -> xr.Dataset:
    return _ice(seen.spec).islands(seen.spec.material)


def _spins(seen: SeenRun) -> xr.DataArray:
    """Spins of the islands, +1 and -1, over frames and islands."""
    try:
        return macrospins(seen.run, seen.once(_islands), _ice(seen.spec).labels())["spin"]
    except ValueError as error:
        raise NotInThisRun(f"islands cannot be seen in it: {error}") from error


def _ice(spec: RunSpec) -> SpinIce:
    assert isinstance(spec.device, SpinIce)  # `measured` has refused others
    return spec.device


def _flipped(seen: SeenRun) -> float:
    spin = seen.once(_spins).values
    return float((spin[-1] != spin[0]).mean())


def _monopoles(seen: SeenRun) -> float:
    # Each has a charge of two ends of islands.
    found = vertices(seen.once(_spins)[-1], seen.once(_islands))
    return float(np.abs(found["monopole_charge"].values.astype(int)).sum() // 2)


def _of_type(kind: int) -> Callable[[SeenRun], float]:
    def measure(seen: SeenRun) -> float:
        found = vertex_fractions(vertices(seen.once(_spins)[-1], seen.once(_islands)))
        return float(found["type_fraction"].sel(type=kind))

    return measure


def _over_time(spec: RunSpec, run: xr.Dataset) -> Sequence[xr.DataArray]:
    seen = SeenRun(spec, run)
    islands, spin = seen.once(_islands), seen.once(_spins)
    # Each monopole has a charge of two ends of islands.
    monopoles = abs(vertices(spin, islands)["monopole_charge"].astype(float)).sum("vertex") / 2
    moment = (spin * islands["axis"]).mean("island").assign_coords(component=["x", "y"])
    return [
        monopoles.assign_attrs(long_name="monopoles", units="1"),
        moment.assign_attrs(long_name="mean moment of the islands", units="1"),
    ]


OBSERVABLES = Observables(
    numbers=(
        Observable(
            "flipped_fraction",
            "fraction of flipped islands",
            "",
            "Fraction of the islands that are the other way round at the end than at the start",
            _flipped,
            (_has_islands,),
        ),
        Observable(
            "monopoles",
            "monopoles at the end",
            "",
            "How many magnetic monopoles there are at the end, of either sign: charges of vertices beyond the ice rule",
            _monopoles,
            (_has_islands,),
        ),
        *(
            Observable(
                f"vertex_type_{kind}",
                f"fraction of vertices of type {kind} at the end",
                "",
                f"Fraction of type {kind} at the end, of the vertices at which four islands meet",
                _of_type(kind),
                (_has_islands, _four_ends),
            )
            for kind in range(1, 5)
        ),
    ),
    over_time={"spin_ice": _over_time},
)
