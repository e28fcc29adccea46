"""How well rotating moments shift each other's switching field, beside runs of pairs.

The fields between rotating moments follow from the islands' cells and their textures alone, with no run of a pair. So
pairs are a test of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.spin_ice.fitted_rotation import fitted_rotation
from solitons.spin_ice.lattice_fit import LatticeFit, PairRamp
from solitons.spin_ice.rotating_lattice import RotatingLattice
from solitons.spin_ice.rotation_driven import rotate_in_field

__all__ = ["shift_errors"]

Floats = npt.NDArray[np.float64]

# Range of the ramp that drives two moments, over the switching fields of both alone; and its steps.
_RANGE = (0.7, 1.3)
_STEPS = 1200


def shift_errors(
    fit: LatticeFit,
    pairs: Sequence[PairRamp],
    islands: xr.Dataset,
    labels: npt.NDArray[np.int64],
    cell: tuple[float, float],
    spins: npt.ArrayLike,
) -> Floats:
    """Shift in A/m of the first island's switching field beside the second, reversed.

    Shift of two rotating moments less the run's. `fit` is of single islands; pairs with the second reversed from the
    start and without disorder are taken, one at least. The lattice is without disorder, with the islands' `outline`;
    `labels` (x, y) are i + 1 in the cells of its island i; cells are in m; `spins` is the state that the field
    reverses.
    """
    chosen = [pair for pair in pairs if pair.reversed_source and not pair.disordered]
    alone = fit.thresholds(islands)
    measured = np.array([pair.switching_field[0] - alone[pair.kind.target] for pair in chosen])

    def shift(pair: PairRamp) -> float:
        members = [pair.kind.target, pair.kind.source]
        two = fitted_rotation(islands.isel(island=members), _labels_of(labels, members), cell, fit)
        return _shift(two, pair, spins, alone, fit.field_angle)

    return np.asarray([shift(pair) for pair in chosen] - measured)


def _labels_of(labels: npt.NDArray[np.int64], members: Sequence[int]) -> npt.NDArray[np.int64]:
    """1, 2, ... in the cells of these islands alone."""
    found = np.zeros_like(labels)
    for place, member in enumerate(members, start=1):
        found[labels == member + 1] = place
    return found


def _shift(model: RotatingLattice, pair: PairRamp, spins: npt.ArrayLike, alone: Floats, field_angle: float) -> float:
    """Shift of the first island's switching field beside the second, reversed, in A/m."""
    members = [pair.kind.target, pair.kind.source]
    state = np.asarray(spins)[members] * [1, -1]
    direction = np.array([np.cos(field_angle), np.sin(field_angle)])
    strength = np.linspace(*_RANGE, _STEPS) * alone[members[0]]
    run = rotate_in_field(model, state, strength[:, np.newaxis] * direction)
    steps = run["flip_step"].values[run["flip_island"].values == 0]
    if not steps.size:
        raise ValueError(
            f"shift_errors: beside island {members[1]}, reversed, island {members[0]} does not turn within "
            f"{strength[0]:.4g} to {strength[-1]:.4g} A/m in the model, but it does in the run; are the islands too "
            "close?"
        )
    # In the middle of its step.
    return float(strength[steps[0]] - (strength[1] - strength[0]) / 2 - alone[members[0]])
