"""The field that turns the first island of a state around."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.spin_ice.flips import check_spins
from solitons.spin_ice.macrospins import MacrospinLattice

__all__ = ["first_reversal_field"]


def first_reversal_field(model: MacrospinLattice, spins: npt.ArrayLike, field_angle: float) -> float:
    """Smallest applied field in A/m along a direction (rad from x) that reverses an island.

    To a part in 10^9; it is 0 if an island turns without a field, infinite if no field of this direction turns any.
    """
    state = check_spins("first_reversal_field", model, spins)
    coupled = model.couplings.fields(state)
    projections = model.projections @ np.kron(np.eye(2), np.array([[np.cos(field_angle)], [np.sin(field_angle)]]))

    def turns(strength: float) -> bool:
        along, across = (each + strength * projections[:, column] for column, each in enumerate(coupled))
        return bool((model.astroid.instability(-state * along, across, model.anisotropy_field) > 0).any())

    # A field this strong along or across any axis is outside every astroid.
    low, high = 0.0, 4 * float(model.anisotropy_field.max() * max(float(model.astroid.b), float(model.astroid.c)))
    if turns(low):
        return low
    if not turns(high):
        return float("inf")
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if turns(middle) else (middle, high)
    return high
