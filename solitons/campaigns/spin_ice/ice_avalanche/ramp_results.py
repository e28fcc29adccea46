"""Ramps of a campaign's runs, for its results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from runs.protocols.field_steps import FieldSteps
from solitons.campaigns.framework.base import LabelledRun
from solitons.campaigns.spin_ice.ice_avalanche.results import RampResults
from solitons.campaigns.spin_ice.ice_avalanche.runs import (
    IslandAtAngle,
    IslandOfLattice,
    IslandOfSize,
    LatticeOfSeed,
    Pair,
    Role,
)
from solitons.campaigns.spin_ice.ice_avalanche.settings import LatticeFitSettings

__all__ = ["ramps_of"]

_OF: dict[str, type] = {
    "single islands, over the angle": IslandAtAngle,
    "single islands of other sizes": IslandOfSize,
    "islands of the lattice, alone": IslandOfLattice,
    "pairs": Pair,
    "lattices": LatticeOfSeed,
}


def ramps_of(labelled: Sequence[LabelledRun[Role]], fit: LatticeFitSettings, *, described: bool) -> list[RampResults]:
    """The ramps of each kind of runs; `described`: whether the description has the lattices' ramp."""
    given = {
        IslandAtAngle: fit.angle_ramp is not None,
        IslandOfSize: fit.ramp is not None,
        Pair: fit.ramp is not None,
        LatticeOfSeed: described,
    }
    found = []
    for name, role in _OF.items():
        runs = [run for run in labelled if isinstance(run.role, role)]
        if not runs:
            continue
        starts, ends, steps = [], [], []
        for run in runs:
            protocol = run.spec.protocol
            assert isinstance(protocol, FieldSteps)  # the campaign has refused others
            strength = np.linalg.norm(protocol.applied_field, axis=1)
            starts.append(strength[1])
            ends.append(strength[-1])
            steps.append(np.diff(strength[1:]).min())
        found.append(
            RampResults(
                of=name,
                start=float(min(starts)),
                end=float(max(ends)),
                smallest_step=float(min(steps)),
                found=not given.get(role, False),
            )
        )
    return found
