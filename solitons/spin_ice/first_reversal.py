"""The field that turns the first island of a state around."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.spin_ice.flips import check_spins
from solitons.spin_ice.macrospins import MacrospinLattice

__all__ = ["first_reversal_field"]


def first_reversal_field(model: MacrospinLattice, spins: npt.ArrayLike, field_angle: float) -> float:
    """Smallest applied field along a direction that reverses an island of a state.

    Parameters
    ----------
    model : MacrospinLattice
        The lattice.
    spins : array (islands)
        Its state, +1 or -1.
    field_angle : float
        Direction of the field in rad from x.

    Returns
    -------
    float
        In A/m, to a part in 10^9; 0 if an island turns without a field, infinite if no field of
        this direction turns any.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings, lattice_model, saturated_spins
    >>> from solitons.spin_ice.first_reversal import first_reversal_field
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> model = lattice_model(islands, dipole_couplings(islands, cut_off=1e-6), anisotropy_field=8e4)
    >>> first_reversal_field(model, saturated_spins(model, 0.7), 0.7 + 3.14159) > 0  # A/m, against the islands
    True
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
