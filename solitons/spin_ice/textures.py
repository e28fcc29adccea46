"""Islands of a lattice that turn by textures of their own, and the fields between them.

In the place of moments that are the same everywhere in an island stand the modes of `IslandTexture`. An island j,
whose modes have the values c(phi_j), acts on the modes of island i by

    g_ik = sum over l of G_kl c_l(phi_j),    G_kl = -M_j / N_i sum over the cells p of i and q of j of
                                                    A_ik(p) . N(r_p - r_q) A_jl(q)

with the demagnetising tensor N between two cells and the number N_i of the cells of i. Its torque on i is
c'(phi_i) . g_i. Further away the mean of the modes counts, in the field that is averaged over the island.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.numerics.parameters import real
from solitons.spin_ice.couplings import dipole_couplings
from solitons.spin_ice.island_texture import IslandTexture
from solitons.spin_ice.moment_fields import MomentCouplings

__all__ = ["IslandTextures", "lattice_textures", "without_near"]

Floats = npt.NDArray[np.float64]

# Lengths of an island within which its texture makes its field: at 2.5 lengths the mean alone is off by some
# 1e-3 of the field of the nearest neighbour.
_NEAR = 2.5
# Deviation, in units of 45 degrees, of a direction that counts as along an axis or a diagonal of the cells.
_ALIGNED = 1e-6


class IslandTextures(eqx.Module):
    """Own torques and textures of a lattice's islands.

    `torque` (islands, parts) are factors in A/m of sin(2 phi), cos(2 phi), sin(4 phi), cos(4 phi), ...; `mean`
    (islands, modes, 2) are means over the islands of their modes, to cos(phi), sin(phi), cos(3 phi), ..., along x and
    y. `first` and `neighbour` are near neighbours, as in `MomentCouplings`, and `overlap` (pairs, modes, modes) is G of
    each in A/m: of the modes of the neighbour, which feels it, with the island's.
    """

    torque: Any = eqx.field(converter=real)
    mean: Any = eqx.field(converter=real)
    first: Any = eqx.field(converter=lambda value: np.asarray(value, dtype=np.int64))
    neighbour: Any = eqx.field(converter=lambda value: np.asarray(value, dtype=np.int32))
    overlap: Any = eqx.field(converter=real)

    def __check_init__(self) -> None:
        islands, modes = self.torque.shape[0], self.mean.shape[1]
        if self.mean.shape != (islands, modes, 2) or self.first.shape != (islands + 1,):
            raise ValueError(f"IslandTextures: torque, mean and first do not agree on {islands} islands")
        if self.overlap.shape != (len(self.neighbour), modes, modes) or self.first[-1] != len(self.neighbour):
            raise ValueError(f"IslandTextures.overlap must be {modes} x {modes} numbers for each near neighbour")
        if not all(np.isfinite(each).all() for each in (self.torque, self.mean, self.overlap)):
            raise ValueError("IslandTextures: every number must be finite")


def lattice_textures(
    islands: xr.Dataset,
    labels: npt.NDArray[np.int64],
    cell: tuple[float, float],
    measured: Mapping[str, IslandTexture],
    scale: npt.ArrayLike,
    field_angle: float,
) -> IslandTextures:
    """Textures of a lattice whose outlines were measured.

    `islands` have an `outline` each; `labels` (x, y) are i + 1 in the cells of island i; cells along x and y are in m,
    and the third size is the islands' thickness. `scale` (islands) is the switching field of each over its outline's,
    by which its torque is multiplied; the outlines were measured in a field along `field_angle` (rad from x).
    """
    from scipy.ndimage import find_objects

    count = islands.sizes["island"]
    windows = find_objects(np.maximum(labels, 0), max_label=count)
    outlines, axes = islands["outline"].values.tolist(), islands["axis"].values
    placed = [
        _placed(measured[outlines[island]], labels[window] == island + 1, axes[island], field_angle)
        for island, window in enumerate(windows)
    ]
    modes = [each for each, _ in placed]
    cells = [np.argwhere(labels[window] == island + 1) for island, window in enumerate(windows)]
    corner = np.array([(window[0].start, window[1].start) for window in windows])
    reach = _NEAR * float(islands["length"].values.max())
    near = dipole_couplings(islands, cut_off=reach)
    size = (*cell, float(islands["thickness"].values[0]))
    overlaps = _Overlaps(modes, cells, corner, size)
    magnetisation = islands["saturation_magnetisation"].values
    source = np.asarray(near.source, dtype=np.int64)
    overlap = [magnetisation[j] * overlaps.between(int(j), int(i)) for j, i in zip(source, near.neighbour, strict=True)]
    wide = modes[0].shape[0]
    torque = np.stack([each for _, each in placed])
    return IslandTextures(
        torque=torque * np.asarray(scale)[:, np.newaxis],
        mean=np.stack([each.mean(axis=1) for each in modes]),
        first=near.first,
        neighbour=near.neighbour,
        overlap=np.reshape(overlap, (-1, wide, wide)),
    )


def without_near(couplings: MomentCouplings, textures: IslandTextures) -> MomentCouplings:
    """Couplings without those pairs that the textures have."""
    source = np.repeat(np.arange(couplings.islands), np.diff(couplings.first))
    of_texture = np.repeat(np.arange(couplings.islands), np.diff(textures.first))
    near = set(zip(of_texture.tolist(), textures.neighbour.tolist(), strict=True))
    kept = np.array([pair not in near for pair in zip(source.tolist(), couplings.neighbour.tolist(), strict=True)])
    kept = kept.astype(bool)
    first = np.concatenate([[0], np.cumsum(np.bincount(source[kept], minlength=couplings.islands))])
    return MomentCouplings(first, couplings.neighbour[kept], couplings.tensor[kept])


def _placed(
    texture: IslandTexture, outline: npt.NDArray[np.bool_], axis: Floats, field_angle: float
) -> tuple[Floats, Floats]:
    """Modes and torque of an island with the cells of the measured one, or their image; see `outline_keys`."""
    number = np.full(texture.outline.shape, -1)
    number[texture.outline] = np.arange(texture.outline.sum())
    eighths = round(field_angle / (np.pi / 4))
    aligned = abs(field_angle / (np.pi / 4) - eighths) < _ALIGNED
    mirrored = [number[::-1]] if eighths % 2 == 0 else [number.T]
    images = [(number, False)] + [(each, True) for each in mirrored if aligned]
    for image, reflected in [*images, *((image[::-1, ::-1], reflected) for image, reflected in images)]:
        if image.shape != outline.shape or ((image >= 0) != outline).any():
            continue
        modes, torque, along = texture.modes[:, image[outline]], texture.torque, texture.axis
        if reflected:
            # About the field's line, with a reversal of all moments: what is along the field stays.
            direction = np.array([np.cos(field_angle), np.sin(field_angle)])
            mirror = 2 * np.outer(direction, direction) - np.eye(2)
            modes, along = (
                np.tile([1.0, -1.0], len(modes) // 2)[:, np.newaxis, np.newaxis] * (modes @ mirror),
                mirror @ along,
            )
            torque = torque * np.tile([1.0, -1.0], torque.size // 2)
        # Counted from the other end of the axis, every mode changes its sign.
        return np.asarray(modes * np.sign(along @ axis)), torque
    raise ValueError("lattice_textures: an island's cells are not those of its outline; give labels of its lattice")


class _Overlaps:
    """G over M of pairs of islands; pairs of a lattice that are placed alike are computed once."""

    def __init__(
        self,
        modes: Sequence[Floats],
        cells: Sequence[npt.NDArray[np.integer[Any]]],
        corner: npt.NDArray[np.integer[Any]],
        cell: tuple[float, float, float],
    ) -> None:
        from runs.native.terms.newell import tensor

        names: dict[tuple[bytes, bytes], int] = {}
        shapes = zip(modes, cells, strict=True)
        self._shape = [names.setdefault((each.tobytes(), place.tobytes()), len(names)) for each, place in shapes]
        self._modes, self._cells, self._corner = modes, cells, corner
        self._known: dict[tuple[int, int, int, int], Floats] = {}
        self._tensor, self._cell = tensor, cell
        self._kernel = np.empty((3, 0, 0))

    def between(self, source: int, target: int) -> Floats:
        x, y = (self._corner[target] - self._corner[source]).tolist()
        key = (self._shape[source], self._shape[target], x, y)
        if key not in self._known:
            self._known[key] = self._sum(source, target)
        return self._known[key]

    def _sum(self, source: int, target: int) -> Floats:
        places = [self._cells[each] + self._corner[each] for each in (source, target)]
        apart = places[1][:, np.newaxis] - places[0]
        x, y = np.abs(apart[..., 0]), np.abs(apart[..., 1])
        kernel = self._reaching(int(x.max()), int(y.max()))
        xx, yy = kernel[0][x, y], kernel[2][x, y]
        xy = kernel[1][x, y] * np.sign(apart[..., 0] * apart[..., 1])
        of_source, of_target = self._modes[source], self._modes[target]
        across, along = of_source[..., 0].T, of_source[..., 1].T
        at = of_target[..., 0] @ (xx @ across + xy @ along) + of_target[..., 1] @ (xy @ across + yy @ along)
        return np.asarray(-at / of_target.shape[1])

    def _reaching(self, x: int, y: int) -> Floats:
        if x >= self._kernel.shape[1] or y >= self._kernel.shape[2]:
            shape = max(2 * x, 64, self._kernel.shape[1]), max(2 * y, 64, self._kernel.shape[2])
            self._kernel = self._tensor((*shape, 1), self._cell, ("xx", "xy", "yy"))[..., 0]
        return self._kernel
