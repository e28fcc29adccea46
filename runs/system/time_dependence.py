"""How a term depends on time: as a function for `runs.native`, or as Tcl for OOMMF."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from runs.system import tcl
from runs.waveforms.waveform import PiecewiseLinear, Waveform

__all__ = ["TimeDependence", "of_current", "of_field_on_cells", "of_function", "of_shares", "of_uniform_field"]

TimeDependence = Literal["tcl", "function"]


def of_current(waveform: Waveform, how: TimeDependence) -> dict[str, Any]:
    """Give the keyword arguments of a torque whose current is the waveform's peak."""
    profile = waveform * (1 / waveform.peak)
    if how == "function":
        return _function(profile)
    name = "CurrentProfile"
    return {
        "tcl_strings": {
            "script": tcl.procedure(name, profile),
            "script_args": "total_time",
            "script_name": name,
        }
    }


def of_uniform_field(waveform: Waveform, how: TimeDependence, axis: int) -> dict[str, Any]:
    """Give the keyword arguments of a Zeeman term whose H is the waveform's peak along an axis."""
    if how == "function":
        return _function(waveform * (1 / waveform.peak))
    name = f"FieldProfile{'XYZ'[axis]}"
    return {
        "tcl_strings": {
            "script": tcl.along_axis(name, waveform, axis),
            "energy": "Oxs_ScriptUZeeman",
            "script_args": "total_time",
            "script_name": name,
        }
    }


def of_field_on_cells(waveform: Waveform, how: TimeDependence, label: str) -> dict[str, Any]:
    """Give the keyword arguments of a Zeeman term whose H on every cell is that at the waveform's peak."""
    profile = waveform * (1 / waveform.peak)
    if how == "function":
        return _function(profile)
    name = f"LineProfile_{label}"
    return {
        "tcl_strings": {
            "script": tcl.times_identity(name, profile),
            "energy": "Oxs_TransformZeeman",
            "type": "diagonal",
            "script_args": "total_time",
            "script_name": name,
        }
    }


def of_function(waveform: Waveform) -> dict[str, Any]:
    """Give the keyword arguments of a term of `runs.native` whose strength is that at the waveform's peak."""
    return _function(waveform * (1 / waveform.peak))


def of_shares(share: npt.NDArray[np.float64], how: TimeDependence, number: int) -> dict[str, Any]:
    """Give the keyword arguments of a Zeeman term with a factor for each field step."""
    if how == "function":
        return {"func": PiecewiseLinear(tuple(map(float, range(share.size))), tuple(share.tolist()))}
    name = f"LocalShare{number}"
    return {
        "tcl_strings": {
            "script": tcl.shares(name, share.tolist()),
            "energy": "Oxs_TransformZeeman",
            "type": "diagonal",
            "script_args": "stage",
            "script_name": name,
        }
    }


def _function(profile: Waveform) -> dict[str, Any]:
    # oommfc's own calculator samples a function every dt; runs.native takes these exactly.
    return {"func": profile, "dt": profile.finest_step}
