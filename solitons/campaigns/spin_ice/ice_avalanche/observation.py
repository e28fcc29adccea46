"""Observations of a spin ice's runs: when islands turn, and how their moments lean."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import macrospins
from geometries import SpinIce
from runs.spec import RunSpec
from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.spin_ice.ice_avalanche.runs import IslandAtAngle, IslandOfLattice, IslandOfSize, Pair
from solitons.spin_ice.coherent_rotation import CoherentRotation
from solitons.spin_ice.island_ramp import IslandRamp
from solitons.spin_ice.island_texture import IslandTexture, fit_texture
from solitons.spin_ice.lattice_fit import MeasuredOutline, PairRamp
from solitons.spin_ice.switching import field_along, fold_field, switching_fields

__all__ = ["OutlineStates", "SeenLattice", "see_island", "see_lattice", "see_outline", "see_pair"]


@dataclass(frozen=True, eq=False)
class SeenLattice:
    """Islands in a ramp and what was read off it."""

    seed: int | None  # of their disorder
    run_id: str
    islands: xr.Dataset
    spins: xr.Dataset  # `analysis.macrospins`
    field: npt.NDArray[np.float64]  # along the ramp in each step, A/m

    @property
    def switching(self) -> xr.Dataset:
        """Field at which each island first turns, see `switching_fields`."""
        return switching_fields(self.spins["spin"], self.field)


@dataclass(frozen=True, eq=False)
class OutlineStates:
    """The states that an island of a lattice alone passes through in its ramp."""

    outline: npt.NDArray[np.bool_]  # its cells (x, y)
    magnetisation: npt.NDArray[np.float64]  # in them, (steps, cells, 2)
    field: npt.NDArray[np.float64]  # A/m, (steps, 2)
    axis: npt.NDArray[np.float64]

    def texture(self, rotation: CoherentRotation) -> IslandTexture | None:
        """The texture fitted to them; `rotation` belongs to the island as drawn."""
        return fit_texture(self.outline, self.magnetisation, self.field, self.axis, rotation)


def see_lattice(spec: RunSpec, run: xr.Dataset, field_angle: float, seed: int | None = None) -> SeenLattice:
    """Read macrospins off a run whose field is along a direction (rad from x)."""
    assert isinstance(spec.device, SpinIce)  # the campaign has refused others
    islands = spec.device.islands(spec.material)
    spins = macrospins(run, islands, spec.device.labels())
    return SeenLattice(seed, spec.run_id, islands, spins, field_along(run["applied_field"].values, field_angle))


def see_outline(
    role: IslandOfLattice, spec: RunSpec, run: xr.Dataset, field_angle: float
) -> tuple[MeasuredOutline, OutlineStates]:
    """A run of an island of the lattice alone, as the fit takes it."""
    seen = see_lattice(spec, run, field_angle)
    assert isinstance(spec.device, SpinIce)
    cells = spec.device.cell_labels() > 0
    rows, columns = (np.flatnonzero(cells[:, :, 0].any(axis=axis)) for axis in (1, 0))
    states = OutlineStates(
        outline=cells[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, 0],
        magnetisation=run["m"].values[:, cells, :2],
        field=run["applied_field"].values[:, :2],
        axis=seen.islands["axis"].values[0],
    )
    measured = MeasuredOutline(
        outline=role.outline,
        island=role.island,
        ideal=role.seed is None,
        angle=role.angle,
        start=float(seen.field[1]),
        end=float(seen.field[-1]),
        switching_field=_fold(seen),
    )
    return measured, states


def _fold(seen: SeenLattice) -> float:
    """Field in A/m in which the first island falls over, from how it leans before; NaN if it does not."""
    step = int(seen.switching["step"][0])
    if step < 1:
        return float(seen.switching["switching_field"][0])
    mean, axis = seen.spins["macrospin"].values[:, 0, :2], seen.islands["axis"].values[0]
    turn = np.unwrap(np.arctan2(mean @ [-axis[1], axis[0]], mean @ axis))
    return fold_field(turn, seen.field, step)[0]


def see_island(role: IslandAtAngle | IslandOfSize, spec: RunSpec, run: xr.Dataset) -> IslandRamp:
    """A run of one island along x, as the fit takes it."""
    seen = see_lattice(spec, run, math.pi - role.angle)
    changed = (role.quantity, role.deviation) if isinstance(role, IslandOfSize) else ("", 0.0)
    return IslandRamp(
        role.angle,
        *changed,
        field=seen.field,
        # The field comes from the upper left: it has a part along +y.
        macrospin=seen.spins["macrospin"].values[:, 0, :2],
        switching_field=_fold(seen),
        uncertainty=float(seen.switching["uncertainty"][0]),
    )


def see_pair(role: Pair, spec: RunSpec, run: xr.Dataset, lattice: DrivenLattice) -> PairRamp:
    """A run of two islands, as the fit takes it."""
    seen = see_lattice(spec, run, lattice.field_angle)
    outlines = lattice.ideal_islands["outline"].values[[role.kind.target, role.kind.source]]
    switching = seen.switching["switching_field"].values.copy()
    if role.reversed_source:
        # The first turns alone.
        switching[0] = _fold(seen)
    return PairRamp(
        kind=role.kind,
        islands=seen.islands.assign(outline=("island", outlines)),
        reversed_source=role.reversed_source,
        disordered=role.seed is not None,
        # At rest, before the field comes.
        energy=float(run["energy"].values[0]),
        start=float(seen.field[1]),
        switching_field=switching,
    )
