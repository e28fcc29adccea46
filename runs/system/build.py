"""The one place that turns a `RunSpec` into a `micromagneticmodel.System`."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import lazy_loader
import numpy as np

from runs.system.anisotropies import gated_anisotropies
from runs.system.fields import driven_fields, static_fields
from runs.system.parts import dynamics_of_parts, energies_of_parts, mesh_with_parts
from runs.system.time_dependence import TimeDependence
from runs.system.torques import torques

if TYPE_CHECKING:
    import discretisedfield as df
    import micromagneticmodel as mm

    from runs.spec import RunSpec
else:
    # They take seconds to import, and engines say their version without them.
    df, mm = lazy_loader.load("discretisedfield"), lazy_loader.load("micromagneticmodel")

__all__ = ["build_system"]


def build_system(spec: RunSpec, *, drive: bool, time_dependence: TimeDependence = "function") -> mm.System:
    """The spec as a ubermag system, with energy, dynamics, and the device's initial magnetisation.

    For a protocol in field steps it has local fields only, with the number of the field step in the place of time: the
    field that acts everywhere is a hysteresis driver's. `drive` is whether the currents and the fields that change are
    part of it; without them it is the system that is relaxed. `time_dependence` is how a waveform is written: as Tcl
    that OOMMF evaluates exactly ("tcl"), or as a `Waveform` in the term's ``func`` ("function").
    """
    device, material, protocol = spec.device, spec.material, spec.protocol
    parts = device.placed_parts(material)
    mesh = mesh_with_parts(device)
    energy = [
        *energies_of_parts(
            parts,
            mesh,
            local_anisotropy=device.local_anisotropy(material),
            demagnetisation=spec.numerics.demagnetisation,
        ),
        *static_fields(device, protocol, mesh),
    ]
    dynamics = dynamics_of_parts(parts, mesh, local_damping=device.local_damping(material))
    if drive:
        channels = [channel for channel in protocol.channels(device) if channel.waveform.peak]
        energy += driven_fields(device, protocol, channels, mesh, time_dependence)
        energy += gated_anisotropies(device, channels, mesh, time_dependence)
        dynamics += torques(device, parts, channels, mesh, time_dependence)
    # No magnet: Ms = 0 there, and ubermag wants a finite vector beside it.
    initial = np.nan_to_num(device.initial_magnetisation(material), nan=0.0)
    norm = device.saturation_magnetisation(material)[..., np.newaxis]
    return mm.System(
        name=device.kind,
        energy=_sum(energy),
        dynamics=_sum(dynamics),
        m=df.Field(mesh, nvdim=3, value=initial, norm=norm, valid="norm"),
    )


def _sum(terms: Iterable[Any]) -> Any:
    return functools.reduce(operator.add, terms)
