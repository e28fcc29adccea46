"""The reduced lattice that a fit makes of any lattice of its islands."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.fits.provenance import IceProvenance
from solitons.spin_ice.canting import dipole_field
from solitons.spin_ice.couplings import Couplings, dipole_couplings, island_moments
from solitons.spin_ice.lattice_fit import LatticeFit
from solitons.spin_ice.macrospins import MacrospinLattice
from solitons.spin_ice.pair_kinds import pair_keys

__all__ = ["fitted_lattice"]

Floats = npt.NDArray[np.float64]


def fitted_lattice(
    islands: xr.Dataset,
    ideal: xr.Dataset,
    spins: npt.ArrayLike,
    fit: LatticeFit,
    *,
    cut_off: float = np.inf,
    measured_pairs: bool = True,
    canted: bool = True,
    provenance: IceProvenance | None = None,
) -> MacrospinLattice:
    """Make the reduced lattice of a spin ice whose islands and pairs were fitted.

    `ideal` is the lattice without disorder, by which kinds of pairs are distinguished; `spins` is the state that the
    field reverses; the couplings' cut-off is in m. With `measured_pairs`, pairs of measured kinds shift the switching
    field as measured, else all have the closed form: of moments that lean in the field (`canted`), else of point
    dipoles along the axes without response, the usual picture, to compare with. ValueError if the lattices have not the
    same islands, or rigid moments are asked for with measured pairs.
    """
    if islands.sizes["island"] != ideal.sizes["island"]:
        raise ValueError(
            f"fitted_lattice: the lattice has {islands.sizes['island']} islands and the ideal one "
            f"{ideal.sizes['island']}; give the same lattice with and without disorder"
        )
    if measured_pairs and not canted:
        raise ValueError("fitted_lattice: pairs are measured with moments that lean; set measured_pairs = False too")
    astroid, scale = fit.astroid_fit.astroid, fit.astroid_fit.anisotropy_field
    table = dipole_couplings(islands, cut_off=cut_off)
    response = None
    if canted:
        table, response = _canted(islands, ideal, np.asarray(spins, dtype=np.float64), fit, table, measured_pairs)
    return MacrospinLattice(
        axis=islands["axis"].values,
        moment=island_moments(islands),
        anisotropy_field=scale * fit.relative_thresholds(islands),
        astroid=astroid,
        couplings=table,
        response=response,
        provenance=provenance,
    )


def _canted(
    islands: xr.Dataset, ideal: xr.Dataset, spins: Floats, fit: LatticeFit, table: Couplings, measured: bool
) -> tuple[Couplings, Floats]:
    """Couplings and response of moments that lean in the field."""
    source, target = np.asarray(table.source, dtype=np.int64), np.asarray(table.neighbour, dtype=np.int64)
    axis, position, moment = islands["axis"].values, islands["position"].values, island_moments(islands)
    offset = position[target] - position[source]
    states = fit.canted.directions(axis, spins, fit.field_angle)
    before, after = (dipole_field((moment[:, np.newaxis] * each)[source], offset) for each in states)
    if measured and fit.pairs:
        kinds = _kinds_of(ideal, spins, fit, target, source)
        known = kinds >= 0
        scales = fit.astroid_fit.anisotropy_field * fit.relative_thresholds(ideal)
        for field, shift in (
            (before, np.array([np.nan if pair.unreversed is None else pair.unreversed for pair in fit.pairs])),
            (after, np.array([pair.reversed for pair in fit.pairs])),
        ):
            # What was not measured keeps the closed form.
            seen = known.copy()
            seen[known] = np.isfinite(shift[kinds[known]])
            at = target[seen]
            opposing = _opposing_field(fit, ideal["angle"].values[at], scales[at], shift[kinds[seen]])
            strength = -spins[at] * opposing * moment[source[seen]] / fit.moment
            field[seen] = strength[:, np.newaxis] * axis[at]
    odd = (before - after) / 2 * spins[source][:, np.newaxis]
    along = np.sum(odd * axis[target], axis=1)
    across = odd[:, 1] * axis[target, 0] - odd[:, 0] * axis[target, 1]
    couplings = Couplings(table.first, table.neighbour, along, across)
    even = np.zeros((len(axis), 2))
    for component in (0, 1):
        even[:, component] = np.bincount(target, (before + after)[:, component] / 2, minlength=len(axis))
    direction = np.array([np.cos(fit.field_angle), np.sin(fit.field_angle)])
    return couplings, even[:, :, np.newaxis] * direction / fit.thresholds(ideal)[:, np.newaxis, np.newaxis]


def _kinds_of(
    ideal: xr.Dataset, spins: Floats, fit: LatticeFit, target: npt.NDArray[np.int64], source: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Index of the fit's pair that each pair is like, -1 for none."""
    position = ideal["position"].values
    reach = max(pair.kind.distance for pair in fit.pairs) * (1 + 1e-6)
    near = np.flatnonzero(np.linalg.norm(position[target] - position[source], axis=1) <= reach)
    keys = pair_keys(ideal, spins, fit.field_angle, target[near], source[near], fit.length_unit)
    kinds = np.full(len(target), -1)
    for number, pair in enumerate(fit.pairs):
        kinds[near[(keys == np.array(pair.kind.key)).all(axis=1)]] = number
    return kinds


def _opposing_field(fit: LatticeFit, angle: Floats, scale: Floats, shift: Floats) -> Floats:
    """Field in A/m against an island's moment, along its axis, that shifts its switching field as asked."""
    astroid = fit.astroid_fit.astroid
    from_axis = np.arccos(np.clip(np.abs(np.cos(angle - fit.field_angle)), 0, 1))
    field = astroid.switching_field(from_axis, scale) + shift
    return np.asarray(astroid.easy_axis_limit(field * np.sin(from_axis), scale) - field * np.cos(from_axis))
