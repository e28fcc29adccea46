"""Kinds of pairs of islands in a field: pairs are alike if a symmetry of lattice and field takes one to the other."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["PairKind", "nearest_distance", "ordered_pairs", "pair_keys", "pair_kinds"]

Integers = npt.NDArray[np.int64]

# Keys are whole numbers: directions, and distances over the shortest one, in steps of this.
_STEP = 1e-4


@dataclass(frozen=True)
class PairKind:
    """A kind of ordered pairs, and two islands that show it: `target` feels the field of `source`.

    The distance of their centres is in m; `key` is the same for all pairs like it (`pair_keys`).
    """

    target: int
    source: int
    distance: float
    key: tuple[int, ...]


def ordered_pairs(islands: xr.Dataset, reach: float) -> tuple[Integers, Integers]:
    """Targets and sources of all pairs up to a distance in m, each pair in both orders."""
    from scipy.spatial import cKDTree  # here, since a campaign's class has its pairs' kinds and needs no tree

    pairs = cKDTree(islands["position"].values).query_pairs(reach * (1 + 1e-9), output_type="ndarray").astype(np.int64)
    return np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])


def pair_keys(
    islands: xr.Dataset,
    spins: npt.ArrayLike,
    field_angle: float,
    target: Integers,
    source: Integers,
    unit: float,
) -> Integers:
    """Whole numbers (pairs, 6) that are the same for pairs that are alike.

    Distance vector and moments are written along and across the field. Two symmetries take a pair to one like it: the
    inversion, which leaves moments as they are; and the mirror plane through the field's line, together with a reversal
    of all moments, which so acts on moments as on vectors and leaves the field. The lattice is without disorder, in the
    state in which the field (rad from x) finds it; `unit` is the length in m that distances are measured in.
    """
    along = np.array([np.cos(field_angle), np.sin(field_angle)])
    frame = np.stack([along, [-along[1], along[0]]], axis=1)
    moment = islands["axis"].values * np.asarray(spins, dtype=np.float64)[:, np.newaxis]
    position = islands["position"].values
    offset = (position[source] - position[target]) / unit
    vectors = [each @ frame for each in (offset, moment[target], moment[source])]
    images = []
    for inversion, mirror in itertools.product((1, -1), repeat=2):
        turned = [vectors[0] * inversion, *vectors[1:]]
        images.append(np.rint(np.concatenate(turned, axis=1) * ([1, mirror] * 3) / _STEP).astype(np.int64))
    # The first of the four images in lexical order stands for all.
    best = images[0]
    for image in images[1:]:
        place = np.argmax(image != best, axis=1)[:, np.newaxis]
        smaller = np.take_along_axis(image, place, axis=1) < np.take_along_axis(best, place, axis=1)
        best = np.where(smaller, image, best)
    return best


def pair_kinds(islands: xr.Dataset, spins: npt.ArrayLike, field_angle: float, reach: float) -> list[PairKind]:
    """The kinds of ordered pairs up to a distance in m, the nearest first; each with the pair of lowest numbers.

    Arguments are as for `pair_keys`; ValueError if there are no pairs up to that distance.
    """
    target, source = ordered_pairs(islands, reach)
    position = islands["position"].values
    distance = np.linalg.norm(position[source] - position[target], axis=1)
    if not distance.size:
        raise ValueError(f"reach = {reach:g} m is shorter than the distance of any two islands; lengthen it")
    keys = pair_keys(islands, spins, field_angle, target, source, nearest_distance(islands))
    found: dict[tuple[int, ...], PairKind] = {}
    for place in np.lexsort((source, target)):
        key = tuple(int(each) for each in keys[place])
        found.setdefault(key, PairKind(int(target[place]), int(source[place]), float(distance[place]), key))
    return sorted(found.values(), key=lambda kind: (round(kind.distance, 12), kind.key))


def nearest_distance(islands: xr.Dataset) -> float:
    """Shortest distance in m between the centres of two islands."""
    from scipy.spatial import cKDTree

    nearest, _ = cKDTree(islands["position"].values).query(islands["position"].values, k=2)
    return float(nearest[:, 1].min())
