"""From the runs of islands and pairs to the fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.spin_ice.ice_avalanche.observation import OutlineStates, see_island, see_outline, see_pair
from solitons.campaigns.spin_ice.ice_avalanche.runs import (
    CoarseRamp,
    FirstField,
    IslandAtAngle,
    IslandOfLattice,
    IslandOfSize,
    LatticeOfSeed,
    Pair,
    Role,
)
from solitons.spin_ice.island_ramp import IslandRamp
from solitons.spin_ice.lattice_fit import LatticeFit, MeasuredOutline, PairRamp, fit_lattice
from solitons.spin_ice.pair_kinds import nearest_distance
from solitons.spin_ice.rotating_pairs import shift_errors

__all__ = ["FittedIslands", "fit_islands"]


@dataclass(frozen=True, eq=False)
class FittedIslands:
    """The ramps of single islands, and the fit to all runs except lattices."""

    islands: Sequence[IslandRamp]
    fit: LatticeFit


def fit_islands(runs: ComputedRuns[Role], stages: Stages, lattice: DrivenLattice) -> FittedIslands:
    """Read the runs of islands and pairs, and fit them."""
    islands: list[IslandRamp] = []
    pairs: list[PairRamp] = []
    outlines: list[MeasuredOutline] = []
    states: list[OutlineStates] = []
    seen_by_the_fit = [
        run for run in runs.labelled if not isinstance(run.role, CoarseRamp | FirstField | LatticeOfSeed)
    ]
    for run in stages.over("Extract", seen_by_the_fit):
        opened, role = runs.open(run), run.role
        if isinstance(role, Pair):
            pairs.append(see_pair(role, run.spec, opened, lattice))
        elif isinstance(role, IslandOfLattice):
            outline, seen = see_outline(role, run.spec, opened, lattice.field_angle)
            outlines.append(outline)
            states.append(seen)
        elif isinstance(role, IslandAtAngle | IslandOfSize):
            islands.append(see_island(role, run.spec, opened))
    nominal = lattice.ideal_islands
    with stages("Fit"):
        fit = fit_lattice(
            islands,
            pairs,
            outlines=outlines,
            nominal=nominal,
            spins=lattice.initial_spins,
            field_angle=lattice.field_angle,
            length_unit=nearest_distance(nominal),
        )
        rotation = fit.rotation_fit.rotation
        own = [replace(one, texture=seen.texture(rotation)) for one, seen in zip(outlines, states, strict=True)]
        fit = replace(fit, outlines=own)
        cell, labels = lattice.device.cell[:2], lattice.labels_of(None)
        errors = shift_errors(fit, pairs, nominal, labels, cell, lattice.initial_spins)
        fit = replace(fit, coupling_error=float(np.sqrt(np.mean(errors**2))))
    return FittedIslands(islands, fit)
