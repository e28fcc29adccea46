"""Observables of nanomagnet logic: what the outputs of an array show at the end, and how clearly."""

from __future__ import annotations

import numpy as np
import xarray as xr

from analysis.magnet_logic.values import logic_values
from analysis.observables import NotInThisRun, Observable, Observables, SeenRun
from analysis.schema import frame_dimension
from geometries import MagnetArray
from runs.spec import RunSpec

__all__ = ["OBSERVABLES"]


def _has_outputs(spec: RunSpec) -> str:
    if not isinstance(spec.device, MagnetArray):
        return f"device is a {spec.device.kind}, which has no outputs; give a magnet_array"
    if not any(magnet.role == "output" for magnet in spec.device.magnets):
        return "device has no output; give a magnet that role"
    return ""


def _output_values(seen: SeenRun) -> xr.Dataset:
    array = seen.spec.device
    assert isinstance(array, MagnetArray)  # `measured` has refused others
    last = seen.run.isel({frame_dimension(seen.run): slice(-1, None)})
    names = [magnet.name for magnet in array.magnets if magnet.role == "output"]
    return logic_values(last, array).sel(magnet=names)


def _output_pattern(seen: SeenRun) -> float:
    found = _output_values(seen)
    values = found["value"].values[0].tolist()
    if 0 in values:
        raise NotInThisRun(f"output {str(found['magnet'].values[values.index(0)])!r} is undecided at the end")
    return float(sum((value > 0) << place for place, value in enumerate(reversed(values))))


def _output_margin(seen: SeenRun) -> float:
    return float(np.abs(_output_values(seen)["projection"].values).min())


OBSERVABLES = Observables(
    numbers=(
        Observable(
            "output_pattern",
            "outputs at the end, as a binary number",
            "",
            "Values of a magnet array's outputs at the end as a binary number, a digit 1 for +1, the first output's "
            "the highest: the row's result where device.input_pattern is swept; there is none where an output is "
            "undecided",
            _output_pattern,
            (_has_outputs,),
        ),
        Observable(
            "output_margin",
            "least output at the end",
            "",
            "Smallest size of the mean m of an output along its axis, at the end",
            _output_margin,
            (_has_outputs,),
        ),
    )
)
