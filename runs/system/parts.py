"""Energies and dynamics of the materials of a device's parts.

If all parts agree a parameter is one number. If they differ it is a table over the
regions of the mesh, one a part, which OOMMF and `runs.native` read alike. Between two parts
the exchange stiffness is the harmonic mean 2 A B / (A + B), with which A dm/dn is continuous
at the border, and the Dzyaloshinskii-Moriya constant the arithmetic mean.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lazy_loader
import numpy as np
import numpy.typing as npt

from geometries import Material
from geometries.device import AbstractDevice
from geometries.parts import BODY, PlacedPart

if TYPE_CHECKING:
    import discretisedfield as df
    import micromagneticmodel as mm
else:
    df, mm = lazy_loader.load("discretisedfield"), lazy_loader.load("micromagneticmodel")

__all__ = ["MaterialMaps", "dynamics_of_parts", "energies_of_parts", "material_maps", "mesh_with_parts"]

FloatArray = npt.NDArray[np.float64]

_CRYSTAL_CLASSES = {"interfacial": "Cnv_z", "bulk": "T"}


def mesh_with_parts(device: AbstractDevice) -> df.Mesh:
    """Give the mesh of a device, with a subregion for each of its parts."""
    mesh = device.mesh()
    corner, cell = mesh.region.pmin, mesh.cell
    subregions = {}
    for part in device.parts:
        first, after = zip(*part.box(device), strict=True)
        subregions[_region(part.name)] = df.Region(p1=corner + cell * first, p2=corner + cell * after)
    if subregions:
        mesh.subregions = subregions
    return mesh


def energies_of_parts(
    parts: Sequence[PlacedPart],
    mesh: df.Mesh,
    *,
    local_anisotropy: tuple[FloatArray, FloatArray] | None,
    demagnetisation: bool,
) -> list[Any]:
    """Give exchange, anisotropy, Dzyaloshinskii-Moriya interaction and magnetostatic energy.

    `local_anisotropy` has Ku (J/m3) and axis of every cell where they vary within a part; then they are
    fields, which both engines read cell by cell.
    """
    terms = [mm.Exchange(A=_pairs(parts, lambda material: material.A, _harmonic_mean))]
    if local_anisotropy is not None:
        constant, axes = local_anisotropy
        field = df.Field(mesh, nvdim=1, value=constant[..., np.newaxis])
        terms.append(mm.UniaxialAnisotropy(K=field, u=df.Field(mesh, nvdim=3, value=axes)))
    elif any(part.material.Ku for part in parts):
        anisotropy = _per_part(parts, lambda material: material.Ku)
        terms.append(mm.UniaxialAnisotropy(K=anisotropy, u=_per_part(parts, lambda material: material.easy_axis)))
    classes = [kind for kind in _CRYSTAL_CLASSES if any(_dmi(kind, part.material) for part in parts)]
    for kind in classes:
        constant = _pairs(parts, functools.partial(_dmi, kind), _arithmetic_mean)
        name = {} if len(classes) == 1 else {"name": f"dmi_{kind}"}
        terms.append(mm.DMI(D=constant, crystalclass=_CRYSTAL_CLASSES[kind], **name))
    return [*terms, mm.Demag()] if demagnetisation else terms


@dataclass(frozen=True, eq=False)
class MaterialMaps:
    """Maps of `energies_of_parts` for the engines, cell by cell (nx, ny, nz); 0 outside the magnet.

    `saturation` is Ms in A/m, `exchange` A in J/m, `anisotropy` Ku in J/m3 with its `axes` (nx, ny, nz, 3), and `dmi` D
    in J/m2 by crystal class.
    """

    saturation: FloatArray
    exchange: FloatArray
    anisotropy: FloatArray
    axes: FloatArray
    dmi: dict[str, FloatArray]


def material_maps(device: AbstractDevice, material: Material) -> MaterialMaps:
    """Give the energies' parameters cell by cell; `material` is the body's, and parts have theirs."""
    parts = device.placed_parts(material)

    def on_cells(read: Callable[[Material], Any], *component: int) -> FloatArray:
        values = np.zeros((*device.shape, *component))
        for part in parts:
            values[part.cells] = read(part.material)
        return values

    local = device.local_anisotropy(material) if any(part.material.Ku for part in parts) else None
    anisotropy, axes = local or (on_cells(lambda one: one.Ku), on_cells(lambda one: one.easy_axis, 3))
    return MaterialMaps(
        saturation=device.saturation_magnetisation(material),
        exchange=on_cells(lambda one: one.A),
        anisotropy=anisotropy,
        axes=axes,
        dmi={name: on_cells(functools.partial(_dmi, kind)) for kind, name in _CRYSTAL_CLASSES.items()},
    )


def dynamics_of_parts(parts: Sequence[PlacedPart], mesh: df.Mesh, *, local_damping: FloatArray | None) -> list[Any]:
    """Give precession and damping; `local_damping` has alpha of every cell where it varies within a part."""
    alpha = _per_part(parts, lambda material: material.alpha)
    if local_damping is not None:
        alpha = df.Field(mesh, nvdim=1, value=local_damping[..., np.newaxis])
    return [mm.Precession(gamma0=_per_part(parts, lambda material: material.gamma0)), mm.Damping(alpha=alpha)]


def _region(part: str) -> str:
    # A part may be called as a region that OOMMF has anyway.
    return "entire" if part == BODY else f"part_{part}"


def _per_part(parts: Sequence[PlacedPart], read: Callable[[Material], Any]) -> Any:
    """One value where all parts agree, else a table over the regions of the mesh."""
    body, *others = parts
    values = {part.name: read(part.material) for part in parts if part.cells.any()}
    if len(set(values.values())) == 1:
        return next(iter(values.values()))
    return {"default": read(body.material)} | {_region(part.name): values[part.name] for part in others}


def _pairs(
    parts: Sequence[PlacedPart], read: Callable[[Material], float], mean: Callable[[float, float], float]
) -> Any:
    """One value where all parts agree, else a table over the regions of the mesh and their pairs."""
    table = _per_part(parts, read)
    if isinstance(table, dict):
        for one, other in itertools.combinations(parts, 2):
            key = f"{_region(one.name)}:{_region(other.name)}"
            table[key] = mean(read(one.material), read(other.material))
    return table


def _dmi(kind: str, material: Material) -> float:
    return material.D if material.dmi == kind else 0.0


def _harmonic_mean(one: float, other: float) -> float:
    return 2 * one * other / (one + other)


def _arithmetic_mean(one: float, other: float) -> float:
    return (one + other) / 2
