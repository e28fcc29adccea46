"""Observables of skyrmions and bubbles: how many there are at the end, their diameter beside theory, and over time."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence

import numpy as np
import xarray as xr

from analysis.applied_fields import applied_fields
from analysis.observables import NotInThisRun, Observable, Observables, SeenRun
from analysis.schema import frame_dimension
from analysis.skyrmions.absence import NoSkyrmions
from analysis.skyrmions.bubbles import CylindricalBubble
from analysis.skyrmions.finding import find_skyrmions
from geometries import SkyrmionTrack
from geometries.skyrmions.paths import StraightPath
from runs.spec import RunSpec

__all__ = ["OBSERVABLES"]

_UNEVEN = ("parts", "notches", "edge_roughness", "anisotropy_gradient", "grains")


def _is_film(spec: RunSpec) -> str:
    if not isinstance(spec.device, SkyrmionTrack):
        return f"device is a {spec.device.kind}; give a film with textures, a skyrmion_track"
    return ""


def _is_bubble(spec: RunSpec) -> str:
    """Why Thiele's theory does not hold for a run."""
    device, material = spec.device, spec.material
    if not isinstance(device, SkyrmionTrack) or not isinstance(device.path, StraightPath):
        return "the theory is of a bubble in a rectangular film; give a skyrmion_track with a straight path"
    if material.D or material.effective_anisotropy <= 0 or abs(material.easy_axis[2]) < 1:
        return (
            f"the theory is of a film with Ku above mu0 Ms^2 / 2 along z and without D; material {material.name!r} has "
            f"D = {material.D:g} J/m2, Ku - mu0 Ms^2 / 2 = {material.effective_anisotropy:g} J/m3 and the easy axis "
            f"{material.easy_axis}"
        )
    uneven = [each for each in _UNEVEN if getattr(device, each)]
    if uneven:
        return f"the theory is of a film that is the same everywhere; the device has {', '.join(uneven)}"
    return ""


def _found(seen: SeenRun) -> xr.Dataset:
    """Textures at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoSkyrmions)  # a sweep's notes have it
        found = find_skyrmions(seen.run)
    return found.isel({frame_dimension(seen.run): -1})


def _count(seen: SeenRun) -> float:
    return float((~np.isin(seen.once(_found)["kind"], ("", "stripe domain", "cluster"))).sum())


def _diameter(seen: SeenRun) -> float:
    found = seen.once(_found)
    kinds = [str(kind) for kind in found["kind"].values if kind]
    if len(kinds) != 1:
        raise NotInThisRun(f"there are {len(kinds)} textures at the end, not one: {found['state'].item()}")
    if kinds[0] in ("stripe domain", "cluster"):
        raise NotInThisRun(f"the texture is a {kinds[0]} at the end")
    return 2 * float(found["radius"].max())


def _theory(seen: SeenRun) -> float:
    device, material = seen.spec.device, seen.spec.material
    assert isinstance(device, SkyrmionTrack)  # `measured` has refused others
    fields = applied_fields(seen.run, frame_dimension(seen.run))
    if fields is not None and np.any(fields[-1, :2]):
        raise NotInThisRun("the last field has a part in the film's plane, and the theory has none")
    if "temperature" in seen.run and np.any(seen.run["temperature"] > 0):
        raise NotInThisRun("the run has heat, and the theory is of 0 K")
    field = 0.0 if fields is None else device.background * float(fields[-1, 2])
    energy = 4 * math.sqrt(material.A * material.Ku)
    bubble = CylindricalBubble(material.Ms, energy, device.thickness, device.extent[:2])
    try:
        return bubble.diameter(field)
    except ValueError as error:
        raise NotInThisRun(str(error)) from error


def _over_time(spec: RunSpec, run: xr.Dataset) -> Sequence[xr.DataArray]:
    del spec
    found = find_skyrmions(run)
    drawn = [found["number"].assign_attrs(long_name="number of skyrmions", units="1")]
    if found.sizes["skyrmion"]:
        drawn += [found[each].assign_attrs(long_name=f"skyrmion {each}", units="m") for each in ("x", "y")]
    return drawn


OBSERVABLES = Observables(
    numbers=(
        Observable(
            "skyrmion_count",
            "round textures at the end",
            "",
            "How many skyrmions and bubbles there are at the end, without stripe domains",
            _count,
            (_is_film,),
        ),
        Observable(
            "skyrmion_diameter",
            "diameter at the end",
            "m",
            "Diameter of a circle with the area of the texture at the end, where there is one",
            _diameter,
            (_is_film,),
        ),
        Observable(
            "thiele_diameter",
            "diameter by Thiele's theory",
            "m",
            "Diameter of a cylindrical bubble with a thin wall, of energy 4 √(A Ku), in the middle of the film in the "
            "last field",
            _theory,
            (_is_bubble,),
            beside="skyrmion_diameter",
        ),
    ),
    over_time={"skyrmion_track": _over_time},
)
