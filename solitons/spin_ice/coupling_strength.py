"""How strong the fields between rotating moments are, from runs of pairs.

`moment_couplings` has the mean field of an island magnetised the same everywhere. What turns an island over is the
field where the island yields, and just before it turns over its magnetisation is a few per cent shorter. Both make
fields between neighbours somewhat weaker. How much is measured: by one factor for all of them, with which two
rotating moments shift each other's switching field as two islands of micromagnetics do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.spin_ice.fitted_rotation import fitted_rotation
from solitons.spin_ice.lattice_fit import LatticeFit, PairRamp
from solitons.spin_ice.moment_couplings import MomentCouplings
from solitons.spin_ice.rotating_lattice import RotatingLattice
from solitons.spin_ice.rotation_driven import rotate_in_field

__all__ = ["CouplingStrength", "coupling_strength"]

Floats = npt.NDArray[np.float64]

# Of the ramp in which two moments are driven, over the switching fields of both alone; and its steps.
_RANGE = (0.7, 1.3)
_STEPS = 1200


@dataclass(frozen=True)
class CouplingStrength:
    """A fitted strength.

    Parameters
    ----------
    factor : float
        What fields between islands are multiplied with.
    error : float
        Root mean square of what is left of the pairs' shifts, in A/m.
    """

    factor: float
    error: float


def coupling_strength(
    fit: LatticeFit,
    pairs: Sequence[PairRamp],
    islands: xr.Dataset,
    labels: npt.NDArray[np.int64],
    cell: tuple[float, float],
    spins: npt.ArrayLike,
) -> CouplingStrength:
    """Fit the strength to pairs of which the second island was reversed from the start.

    There each run shows the shift of one island that falls over next to one that hardly yields. The other runs
    have no say: they are predicted.

    Parameters
    ----------
    fit : LatticeFit
        Of the single islands.
    pairs : sequence of PairRamp
        Runs of pairs; at least one with the second reversed and without disorder.
    islands : xarray.Dataset
        The lattice without disorder, with the islands' `outline`.
    labels : int array (x, y)
        i + 1 in the cells of its island i.
    cell : tuple of two floats
        Size of a cell along x and y in m.
    spins : array (islands)
        The state that the field reverses.
    """
    chosen = [pair for pair in pairs if pair.reversed_source and not pair.disordered]
    reach = max(pair.kind.distance for pair in chosen) * (1 + 1e-6)
    whole = fitted_rotation(islands, labels, cell, fit, cut_off=reach)
    alone = fit.thresholds(islands)
    measured = np.array([pair.switching_field[0] - alone[pair.kind.target] for pair in chosen])
    factor, model = 1.0, np.zeros(len(chosen))
    # The shifts are nearly in proportion to the fields.
    for last in (False, False, True):
        model = np.array([_shift(whole, pair, spins, alone, fit.field_angle, factor) for pair in chosen])
        if last or not model.any():
            break
        factor *= float(measured @ model / (model @ model))
    return CouplingStrength(factor, float(np.sqrt(np.mean((model - measured) ** 2))))


def _shift(
    whole: RotatingLattice, pair: PairRamp, spins: npt.ArrayLike, alone: Floats, field_angle: float, factor: float
) -> float:
    """Of the first island's switching field beside the second, reversed, in A/m."""
    members = [pair.kind.target, pair.kind.source]
    state = np.asarray(spins)[members] * [1, -1]
    model = _two_of(whole, pair.kind.target, pair.kind.source, factor)
    direction = np.array([np.cos(field_angle), np.sin(field_angle)])
    strength = np.linspace(*_RANGE, _STEPS) * alone[members[0]]
    run = rotate_in_field(model, state, strength[:, np.newaxis] * direction)
    steps = run["flip_step"].values[run["flip_island"].values == 0]
    if not steps.size:
        raise ValueError(
            f"coupling_strength: beside island {members[1]}, reversed, island {members[0]} does not turn within "
            f"{strength[0]:.4g} to {strength[-1]:.4g} A/m in the model, but it does in the run; are the islands too "
            "close?"
        )
    # In the middle of its step.
    return float(strength[steps[0]] - (strength[1] - strength[0]) / 2 - alone[members[0]])


def _two_of(whole: RotatingLattice, target: int, source: int, factor: float) -> RotatingLattice:
    """Two islands of a lattice, with their fields times a factor."""
    coupled = whole.couplings

    def tensor(of: int, at: int) -> Floats:
        start, end = coupled.first[of : of + 2]
        return np.asarray(coupled.tensor[start + int(np.flatnonzero(coupled.neighbour[start:end] == at)[0])])

    both = np.array([target, source])
    return RotatingLattice(
        axis=whole.axis[both],
        moment=whole.moment[both],
        anisotropy_field=whole.anisotropy_field[both],
        rotation=whole.rotation,
        couplings=MomentCouplings(
            [0, 1, 2], [1, 0], factor * np.stack([tensor(target, source), tensor(source, target)])
        ),
    )
