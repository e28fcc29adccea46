"""The ramp of the lattices themselves: from what the fit predicts of them, and from their first field."""

from __future__ import annotations

import numpy as np

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.spin_ice.ice_avalanche.fitted_models import rotating_model
from solitons.campaigns.spin_ice.ice_avalanche.observation import see_lattice
from solitons.campaigns.spin_ice.ice_avalanche.ramps import lattice_range
from solitons.campaigns.spin_ice.ice_avalanche.runs import FirstField, Role
from solitons.campaigns.spin_ice.ice_avalanche.settings import FieldRange
from solitons.spin_ice.first_rotation import first_fall_field
from solitons.spin_ice.lattice_fit import LatticeFit
from solitons.spin_ice.rotation_driven import rotate_in_field

__all__ = ["predicted_range", "turned_in_first_field"]

# Steps in which the fitted lattices are driven, and how far over their first flip.
_STEPS = 200
_FURTHEST = 5.0


def predicted_range(lattice: DrivenLattice, fit: LatticeFit, field_steps: int) -> FieldRange:
    """A ramp from before the first flip of any of the lattices to behind the last, as the fit predicts them."""
    models = [rotating_model(lattice, fit, seed) for seed in lattice.specs]
    first = min(first_fall_field(model, lattice.initial_spins, lattice.field_angle) for model in models)
    last = 0.0
    strength = 0.9 * first * np.geomspace(1, _FURTHEST, _STEPS)
    for model in models:
        run = rotate_in_field(model, lattice.initial_spins, strength[:, np.newaxis] * lattice.direction)
        last = max(last, float(strength[run["flip_step"].values].max(initial=first)))
    return lattice_range(first, last, field_steps)


def turned_in_first_field(lattice: DrivenLattice, runs: ComputedRuns[Role], field: float) -> dict[int, int]:
    """How many islands of each lattice, by its seed, turn in the first field (A/m) of the ramp; only where some do."""
    found = {}
    for run in runs.labelled:
        if isinstance(run.role, FirstField) and run.role.field == field:
            spins = see_lattice(run.spec, runs.open(run), lattice.field_angle).spins["spin"].values
            if turned := int((spins[-1] != spins[0]).sum()):
                found[run.role.seed] = turned
    return found
