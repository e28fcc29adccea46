r"""Places of magnets at which their stray fields couple them as a problem asks.

Point dipoles with axes e_i at places p_i have the couplings

.. math:: j_{ij} = \frac{3\,(e_i \cdot \hat r)(e_j \cdot \hat r) - e_i \cdot e_j}{2\,r^3}

in units of the coupling of two magnets one pitch apart in a line with their axes (r in pitches). An ellipse is four,
a / sqrt(2) from its middle along each semi-axis a, which have the second moments of its area. Asked for are couplings
that are proportional to the problem's, A. What is left is their residual, min_s |j - s A| / |j|, the sine of the angle
between the two as vectors over the pairs, without a unit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize
from scipy.sparse import csgraph

__all__ = ["Placement", "coupling_residual", "dipole_couplings", "place_magnets"]

Floats = npt.NDArray[np.float64]

_OVERLAP = 10.0
"""Weight of two magnets less than a pitch apart."""
_SETTLED = 0.05
"""Residual below which no further start is tried."""
_REFINED = 2
_CLOSEST = 0.95
"""Pitches: what the penalty of overlaps may leave, before all places are scaled to a pitch."""
_COUPLED = 0.2
"""Share of the strongest coupling from which two magnets begin in one row."""
_APART = 1.5
"""Pitches between groups in one row."""


class Placement(NamedTuple):
    """Placement of magnets.

    Places (magnets, 2) in pitches within the box, angles of their axes from x in rad, and the residual of the couplings
    of dipoles there, from 0 to 1.
    """

    places: Floats
    angles: Floats
    residual: float


def dipole_couplings(places: npt.ArrayLike, angles: npt.ArrayLike, size: tuple[float, float] = (0.0, 0.0)) -> Floats:
    """Couplings of dipoles, 1 for two points in a line with their axes and a pitch apart.

    Places (magnets, 2) and the size of ellipses along and across their axes (points if left out) are in pitches, angles
    in rad.
    """
    at, phi = np.asarray(places, dtype=np.float64), np.asarray(angles, dtype=np.float64)
    first, second = np.triu_indices(len(at), 1)
    values, _, _, _ = _pairs(at, phi, size, first, second)
    couplings = np.zeros((len(at), len(at)))
    couplings[first, second] = couplings[second, first] = values
    return couplings


def coupling_residual(couplings: npt.ArrayLike, wanted: npt.ArrayLike) -> float:
    """Residual of wanted couplings when an array's couplings are scaled to them, from 0 to 1.

    Examples
    --------
    >>> coupling_residual([[0, 2], [2, 0]], [[0, 1], [1, 0]]), coupling_residual([[0, -1], [-1, 0]], [[0, 1], [1, 0]])
    (0.0, 1.0)
    """
    have, ask = np.asarray(couplings, dtype=np.float64), np.asarray(wanted, dtype=np.float64)
    upper = np.triu_indices(len(ask), 1)
    have, ask = have[upper], ask[upper]
    size = float(np.linalg.norm(have) * np.linalg.norm(ask))
    # Couplings of the wrong sign are not scaled by a negative number: there is no such field.
    along = max(0.0, float(have @ ask) / size) if size else 0.0
    return float(np.sqrt(max(0.0, 1 - along**2)))


def place_magnets(
    wanted: npt.ArrayLike,
    *,
    box: tuple[float, float],
    turned: bool,
    seed: int,
    size: tuple[float, float] = (0.0, 0.0),
    starts: int = 6,
) -> Placement:
    """Look for places, and angles if they are free, at which dipoles have the wanted couplings.

    Parameters
    ----------
    wanted : array (magnets, magnets)
        Symmetric, with nothing on the diagonal; positive where a pair shall be parallel.
    box : (float, float)
        How far apart places may be along x and y, in pitches.
    turned : bool
        Whether axes may be turned; all are along x if not.
    seed : int
        Seed of the random starts.
    size : (float, float)
        Size of ellipses along and across their axes, in pitches; points if left out.
    starts : int
        How many; one more begins with the magnets in rows, in the order in which they are coupled.

    Returns
    -------
    Placement
        The best one, with no two magnets less than a pitch apart.

    Raises
    ------
    ValueError
        If the couplings are not symmetric, all are 0, or no start ends with magnets a pitch apart in the box.

    Examples
    --------
    >>> found = place_magnets([[0, 1], [1, 0]], box=(2, 2), turned=False, seed=1, starts=1)
    >>> bool(found.residual < 0.01)  # a pair along its axes is parallel
    True
    """
    ask = np.asarray(wanted, dtype=np.float64)
    count = len(ask)
    if ask.ndim != 2 or ask.shape != (count, count) or count < 2 or not np.isfinite(ask).all():
        raise ValueError(
            f"place_magnets: wanted has the shape {ask.shape}; give finite numbers over (magnets, magnets)"
        )
    if not np.allclose(ask, ask.T, atol=1e-8 * np.abs(ask).max()) or np.diag(ask).any():
        raise ValueError("place_magnets: wanted must be symmetric, with 0 on the diagonal")
    if not ask.any():
        raise ValueError("place_magnets: all wanted couplings are 0, so that any places far apart would do")
    bounds = [(0.0, box[0]), (0.0, box[1])] * count + [(-np.pi, np.pi)] * (count if turned else 0)
    rng = np.random.default_rng(seed)
    ends: list[Placement] = []
    for start in [_in_rows(ask, box), *(rng.random((count, 2)) * box for _ in range(starts))]:
        axes = rng.uniform(-np.pi / 2, np.pi / 2, count) if turned else np.empty(0)
        found = _fitted(np.concatenate([start.ravel(), axes]), ask, bounds, turned, (0.0, 0.0))
        if found is not None:
            ends.append(found)
            if found.residual < _SETTLED:
                break
    if any(size):
        # Points first, which are fast: only the best of them are worth the ellipses' sixteen pairs of points.
        nearest = sorted(ends, key=lambda end: end.residual)[:_REFINED]
        starts_again = [np.concatenate([e.places.ravel(), e.angles if turned else e.angles[:0]]) for e in nearest]
        refined = [_fitted(x, ask, bounds, turned, size) for x in starts_again]
        ends = [end for end in refined if end is not None]
    if not ends:
        raise ValueError(
            f"place_magnets: in a box of {box[0]:g} by {box[1]:g} pitches no start ends with {count} magnets a pitch "
            "apart; give a larger box or more starts"
        )
    return min(ends, key=lambda end: end.residual)


def _fitted(
    x: Floats, ask: Floats, bounds: list[tuple[float, float]], turned: bool, size: tuple[float, float]
) -> Placement | None:
    """Result of one start, or None if magnets are closer than a pitch there."""
    count = len(ask)
    pairs = np.triu_indices(count, 1)
    goal = ask[pairs] / np.linalg.norm(ask[pairs])
    found = optimize.minimize(
        _misfit, x, (goal, pairs, count, turned, size), "L-BFGS-B", True, bounds=bounds, options={"maxiter": 200}
    )
    places, angles = _unpacked(found.x, count, turned)
    nearest = float(np.linalg.norm(places[pairs[0]] - places[pairs[1]], axis=1).min())
    if nearest < _CLOSEST:
        return None
    places = places / min(1.0, nearest)
    return Placement(places, angles, coupling_residual(dipole_couplings(places, angles, size), ask))


def _unpacked(x: Floats, count: int, turned: bool) -> tuple[Floats, Floats]:
    return x[: 2 * count].reshape(count, 2), x[2 * count :] if turned else np.zeros(count)


def _in_rows(wanted: Floats, box: tuple[float, float]) -> Floats:
    """Groups that are coupled in lines along x, one after the other in rows of the box; the largest group first.

    Within a group magnets are in the order of the second eigenvector of its graph (the Fiedler vector).
    """
    strength = np.abs(wanted)
    count, label = csgraph.connected_components(strength > _COUPLED * strength.max(), directed=False)
    groups = sorted((np.flatnonzero(label == i) for i in range(count)), key=len, reverse=True)
    places, row, column = np.zeros((len(wanted), 2)), 0, -_APART
    for group in groups:
        inside = strength[np.ix_(group, group)]
        order = np.argsort(np.linalg.eigh(np.diag(inside.sum(axis=1)) - inside)[1][:, min(1, len(group) - 1)])
        for position, magnet in enumerate(group[order]):
            column += 1.0 if position else _APART
            if column > box[0]:
                row, column = row + 1, 0.0
            places[magnet] = column, row
    places[:, 1] *= box[1] / max(1, row)
    # Off the line, since there the force across it is 0.
    return np.clip(places + 0.05 * np.sin(1 + np.arange(places.size)).reshape(-1, 2), 0, box)


def _pairs(
    at: Floats, phi: Floats, size: tuple[float, float], first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Couplings of pairs, their gradients to the first place, and their derivatives to both angles."""
    # Imported here: numba takes half a second to import.
    from solitons.magnet_logic.compiled.point_pairs import couplings

    points = np.array([[1.0, -1, 0, 0], [0, 0, 1, -1]]) if any(size) else np.zeros((2, 1))
    along, across = np.array(size)[:, None] / (2 * np.sqrt(2)) * points
    found: tuple[Floats, Floats, Floats, Floats] = couplings(at, phi, along, across, first, second)
    return found


def _misfit(
    x: Floats,
    goal: Floats,
    pairs: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    count: int,
    turned: bool,
    size: tuple[float, float],
) -> tuple[float, Floats]:
    """1 less the cosine between couplings and goal, with a penalty of overlaps, and the gradient."""
    at, phi = _unpacked(x, count, turned)
    first, second = pairs
    values, gradient, to_first, to_second = _pairs(at, phi, size, first, second)
    strength = float(np.linalg.norm(values))
    cosine = float(values @ goal) / strength
    slope = -(goal - cosine * values / strength) / strength
    apart = at[first] - at[second]
    short = np.maximum(0.0, 1 - np.sum(apart**2, axis=1))
    forces = slope[:, None] * gradient - 4 * _OVERLAP * (short[:, None] * apart)
    to_places = np.zeros((count, 2))
    np.add.at(to_places, first, forces)
    np.add.at(to_places, second, -forces)
    total = 1 - cosine + _OVERLAP * float(short @ short)
    if not turned:
        return total, to_places.ravel()
    to_angles = np.bincount(first, slope * to_first, count) + np.bincount(second, slope * to_second, count)
    return total, np.concatenate([to_places.ravel(), to_angles])
