"""Couplings as measured: from the energies of pairs of islands to ratios for the whole table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy import constants

from solitons.spin_ice.couplings import Couplings, island_moments

__all__ = ["coupling_ratios", "pair_coupling"]

Floats = npt.NDArray[np.float64]

# Pairs are alike, and a coupling is none, to this part of the distance and of the strongest field.
_ALIKE = 1e-6


def pair_coupling(energies: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Coupling of pairs of islands from the energies of their four states.

    E(s_1, s_2) = E_0 + A_1 s_1 + A_2 s_2 + J s_1 s_2, so that
    J = (E++ + E-- - E+- - E-+) / 4. Without an applied field both A vanish, since
    reversing everything changes no energy; what is found for them is an error.

    Parameters
    ----------
    energies : array (..., 2, 2)
        In J, over s_1 = +1, -1 and s_2 = +1, -1.

    Returns
    -------
    coupling : array (...)
        J in J: positive where the two prefer s_1 = -s_2.
    odd : array (...)
        The larger of |A_1|, |A_2| in J.

    Examples
    --------
    >>> coupling, odd = pair_coupling([[3.0, 1.0], [1.0, 3.0]])
    >>> float(coupling), float(odd)
    (1.0, 0.0)
    """
    values = np.asarray(energies, dtype=np.float64)
    if values.shape[-2:] != (2, 2) or not np.isfinite(values).all():
        raise ValueError(
            f"pair_coupling: energies have the shape {values.shape}; give finite ones over (..., 2, 2), "
            "the states ++, +-, -+ and --"
        )
    both, first, second, neither = values[..., 0, 0], values[..., 0, 1], values[..., 1, 0], values[..., 1, 1]
    odd_first, odd_second = (both + first - second - neither) / 4, (both - first + second - neither) / 4
    return (both + neither - first - second) / 4, np.maximum(np.abs(odd_first), np.abs(odd_second))


def coupling_ratios(
    lattice: xr.Dataset, couplings: Couplings, pairs: Sequence[tuple[int, int]], measured: npt.ArrayLike
) -> Floats:
    """Ratios by which measured pairs scale the couplings of all pairs like them.

    Two pairs are alike if their distances and the magnitudes of their couplings in the
    table are the same, so that on a lattice without disorder one pair of each kind is
    enough. Pairs of no measured kind keep their closed form.

    Parameters
    ----------
    lattice : xarray.Dataset
        The lattice of a spin ice, without disorder.
    couplings : Couplings
        Of a closed form.
    pairs : sequence of (int, int)
        The islands of each measured pair.
    measured : array (pairs)
        Their J in J, from `pair_coupling`. Of pairs that are alike the mean ratio counts.

    Returns
    -------
    array (entries of the couplings)
        For `Couplings.scaled`; 1 where nothing was measured.

    Raises
    ------
    ValueError
        If a pair is not among the couplings, its coupling there is 0, so that there is
        nothing to scale, or the numbers are not finite or not as many as the pairs.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 2, "rows": 2, "lattice_constant": 220e-9},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("5 nm", "5 nm", "10 nm"),
    ... )
    >>> islands = ice.islands(permalloy)
    >>> dipoles = dipole_couplings(islands, cut_off=300e-9)
    >>> one, other = int(dipoles.source[0]), int(dipoles.neighbour[0])
    >>> closed = dipoles.energies(island_moments(islands))[0]
    >>> ratios = coupling_ratios(islands, dipoles, [(one, other)], [1.2 * closed])
    >>> int((ratios > 1.1).sum()) // 2, len(ratios) // 2  # pairs like the measured one, and all
    (6, 30)
    """
    values = np.asarray(measured, dtype=np.float64)
    if values.shape != (len(pairs),) or not np.isfinite(values).all():
        raise ValueError(
            f"coupling_ratios: measured has the shape {values.shape}; give a finite J for each of {len(pairs)} pairs"
        )
    moment = island_moments(lattice)
    energy = couplings.energies(moment)
    position, source = lattice["position"].values, couplings.source
    distance = np.linalg.norm(position[couplings.neighbour] - position[source], axis=1)
    # A coupling that vanishes may be the largest there is; the field across then still says what is small.
    strength = np.hypot(couplings.along, couplings.across) * moment[couplings.neighbour]
    largest = constants.mu_0 * strength.max(initial=0.0)
    total, times = np.zeros(len(energy)), np.zeros(len(energy))
    for (one, other), value in zip(pairs, values, strict=True):
        entry = np.flatnonzero((source == one) & (couplings.neighbour == other))
        if not entry.size:
            raise ValueError(
                f"coupling_ratios: islands {one} and {other} are no pair of the couplings; lengthen their cut-off"
            )
        closed, apart = energy[entry[0]], distance[entry[0]]
        if abs(closed) <= _ALIKE * largest:
            raise ValueError(f"coupling_ratios: the coupling of islands {one} and {other} is 0; measure other pairs")
        alike = (np.abs(distance - apart) <= _ALIKE * apart) & (
            np.abs(np.abs(energy) - abs(closed)) <= _ALIKE * largest
        )
        total[alike] += value / closed
        times[alike] += 1
    return np.where(times > 0, total / np.maximum(times, 1), 1.0)
