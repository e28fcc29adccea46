"""Cells of a mesh that are in a track."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import scipy

from geometries.description import Description
from geometries.outlines.checks import check_details
from geometries.outlines.notches import AnyNotch
from geometries.outlines.profile import Profile, edges, find_cut_at_tip
from geometries.outlines.roughness import EdgeRoughness
from geometries.quantities import format_quantity
from geometries.skyrmions.paths import AnyPath, ChamberPath, Piece, along_piece, corners

__all__ = ["Shape", "current_paths_of", "magnet_of", "middle_coordinates"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# Share of a cell: a centre on an edge is inside, whichever way it rounds.
_SLACK = 1e-6
# Samples of an edge in a cell.
_FINE = 4


class Shape(Description):
    """What decides which cells of a track are magnet.

    Parameters
    ----------
    path : StraightPath, CurvedPath, ForkedPath or ChamberPath
    width : float
        In m.
    cell : tuple of two floats
        In m.
    notches : tuple of Notch or PeriodicNotches
        By their positions along the path; in a fork each of its arms has them.
    edge_roughness : EdgeRoughness, optional
        In a fork each arm has edges of its own.
    """

    path: AnyPath
    width: float
    cell: tuple[float, float]
    notches: tuple[AnyNotch, ...] = ()
    edge_roughness: EdgeRoughness | None = None

    def box(self) -> tuple[tuple[int, int], tuple[float, float]]:
        """Give the number of cells along x and y around it, and the corner in the path's coordinates, in m."""
        low, high = corners([piece for chain in self.path.chains() for piece in chain], self.width)
        numbers = [max(1, math.ceil(size / step - 1e-6)) for size, step in zip(high - low, self.cell, strict=True)]
        # What the last cell has too much is on both sides.
        spare = np.array(numbers) * self.cell - (high - low)
        corner = low - spare / 2
        return (numbers[0], numbers[1]), (float(corner[0]), float(corner[1]))

    def profile(self, arm: int, length: float) -> Profile:
        """Give the outline of an arm of a length in m."""
        walls = self.path.walls(self.width) if isinstance(self.path, ChamberPath) else ()
        rough = self.edge_roughness
        if rough is not None and arm:
            # A stream of its own: with seed + 1 it would be another sample's.
            rough = rough.model_copy(
                update={"seed": int(np.random.SeedSequence([rough.seed, arm]).generate_state(1)[0])}
            )
        return Profile(length, self.width, None, (*walls, *self.notches), rough, "track")

    def check(self) -> None:
        """Refuse what does not fit the track, or cuts it in two."""
        if isinstance(self.path, ChamberPath) and self.path.channel_width >= self.width:
            raise ValueError(
                f"path.channel_width = {_nm(self.path.channel_width)} is not less than the track's width of "
                f"{_nm(self.width)}; give a narrower channel, or a straight path"
            )
        for arm, chain in enumerate(self.path.chains()):
            length = _length(chain)
            for piece in chain:
                if piece.curvature and abs(1 / piece.curvature) <= self.width / 2:
                    raise ValueError(
                        f"path.radius = {_nm(abs(1 / piece.curvature))} is not more than half of the track's width of "
                        f"{_nm(self.width)}, so that its inner edge would cross itself; give a larger radius"
                    )
            profile = self.profile(arm, length)
            check_details(profile, math.ceil(length / self.cell[0]))
            if (tip := find_cut_at_tip(profile)) is not None:
                raise ValueError(
                    f"notches cut the track of width {_nm(self.width)} in two at {_nm(tip)} along its path; cut less "
                    "deep or farther apart"
                )
        magnet = magnet_of(self)
        pieces, count = scipy.ndimage.label(magnet)
        if count != 1:
            sizes = np.bincount(pieces.ravel())[1:]
            where = np.argwhere(pieces == 1 + int(np.argmin(sizes)))[0] * self.cell if count else (0.0, 0.0)
            raise ValueError(
                "no cell of the track is magnet; make it wider than a cell"
                if not count
                else f"notches, edge_roughness or narrow channels cut the track into {count} pieces, one of them at "
                f"({_nm(float(where[0]))}, {_nm(float(where[1]))}); cut less deep, or take finer cells"
            )


@lru_cache(maxsize=32)
def magnet_of(shape: Shape) -> BoolArray:
    """Tell which cells are magnet, shape (nx, ny)."""
    x, y = _centres(shape)
    magnet = np.zeros((x.size, y.size), dtype=bool)
    slack = _SLACK * min(shape.cell)
    for arm, chain in enumerate(shape.path.chains()):
        length = _length(chain)
        samples = np.linspace(0, length, 1 + math.ceil(_FINE * length / min(shape.cell)))
        if len(chain) == 1 and not chain[0].angle:
            # Along x the columns of cells themselves, as of a stripe.
            samples = np.clip(x[:, 0] - chain[0].start[0], 0, length)
        bottom, top = edges(shape.profile(arm, length), samples)
        for piece in chain:
            along, aside = along_piece(piece, x, y)
            within = (along >= -slack) & (along <= piece.length + slack)
            way, across = np.clip(along, 0, piece.length) + piece.before, aside + shape.width / 2
            low, high = np.interp(way, samples, bottom), np.interp(way, samples, top)
            magnet |= within & (across >= low - slack) & (across <= high + slack)
    magnet.flags.writeable = False  # many ask for the same
    return magnet


@lru_cache(maxsize=8)
def current_paths_of(shape: Shape) -> FloatArray:
    """Give the way of a current along a track, times its density over that at the beginning: (nx, ny, 2)."""
    x, y = _centres(shape)
    paths = np.zeros((x.size, y.size, 2))
    left = np.ones((x.size, y.size), dtype=bool)
    chains = shape.path.chains()
    slack = _SLACK * min(shape.cell)
    for arm, chain in enumerate(chains):
        # Behind the stem of a fork the current parts in equal shares.
        density = 1.0 if not arm else 1.0 / (len(chains) - 1)
        for piece in chain:
            along, aside = along_piece(piece, x, y)
            mine = left & (along >= -slack) & (along <= piece.length + slack)
            mine &= np.abs(aside) <= shape.width / 2 + slack
            angle = piece.angle + along * piece.curvature
            share = density * np.ones_like(along)
            if piece.curvature:
                half, radius = shape.width / 2, abs(1 / piece.curvature)
                distance = np.maximum(radius - math.copysign(1, piece.curvature) * aside, min(shape.cell))
                share *= shape.width / (distance * math.log((radius + half) / (radius - half)))
            paths[mine] = np.stack([share * np.cos(angle), share * np.sin(angle)], axis=-1)[mine]
            left &= ~mine
    paths.flags.writeable = False  # many ask for the same
    return paths


def middle_coordinates(shape: Shape, places: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Give places as lengths along the middle and distances from the right edge, and the track's direction there.

    See `SkyrmionTrack.along_middle`.
    """
    chains = shape.path.chains()
    if len(chains) != 1:
        raise ValueError(
            f"along_middle: path.kind is {shape.path.kind!r}, which has a middle in each arm; give a straight or "
            "curved track"
        )
    where = np.asarray(places, dtype=np.float64) + shape.box()[1]
    best: FloatArray = np.full(where.shape[:-1], np.inf)
    found, angle = np.full(where.shape, np.nan), np.full(where.shape[:-1], np.nan)
    for piece in chains[0]:
        along, aside = along_piece(piece, where[..., 0], where[..., 1])
        beyond = np.maximum(np.maximum(-along, along - piece.length), 0)
        off = np.hypot(beyond, aside)
        nearer = off < best
        best = np.where(nearer, off, best)
        here = np.stack([along + piece.before, aside + shape.width / 2], axis=-1)
        found = np.where(nearer[..., None], here, found)
        angle = np.where(nearer, piece.angle + along * piece.curvature, angle)
    return found, angle


def _centres(shape: Shape) -> tuple[FloatArray, FloatArray]:
    (nx, ny), corner = shape.box()
    x: FloatArray = (corner[0] + (np.arange(nx, dtype=np.float64) + 0.5) * shape.cell[0])[:, None]
    y: FloatArray = (corner[1] + (np.arange(ny, dtype=np.float64) + 0.5) * shape.cell[1])[None, :]
    return x, y


def _length(chain: tuple[Piece, ...]) -> float:
    return chain[-1].before + chain[-1].length


def _nm(value: float) -> str:
    return format_quantity(value, "m")
