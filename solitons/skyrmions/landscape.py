r"""The energy landscape of a skyrmion from the maps of the material: nothing is fitted.

A texture m0(r - X) in a film whose parameters differ by delta p(r) from an even film's costs, in first order,

.. math:: E(X) = t \int \sum_p \delta p(r)\, w_p(r - X)\, dA

.. math:: w_{K} = -(\mathbf m\cdot\mathbf u)^2, \quad w_A = (\nabla\mathbf m)^2, \quad
   w_D = m_z \nabla\cdot\mathbf m - \mathbf m\cdot\nabla m_z, \quad
   w_{M_s} = -\mu_0\,\mathbf m\cdot(\mathbf H_d + \mathbf H)

(w_D of an interface, up to its sign), each less its value without the skyrmion: a correlation of the device's
maps with the texture's own energy densities. So Navau, Del-Valle and Sanchez treat a rigid skyrmion and local changes
of exchange, anisotropy and Dzyaloshinskii-Moriya interaction [1]_. K enters as the tensor K u u, so that grains that
lean count too. The maps are those that the engines get (`runs.system.material_maps`), and the energy densities of
exchange and Dzyaloshinskii-Moriya interaction and the demagnetising field H_d are the native engine's own.

**What first order leaves out.** The texture gives way, which always lowers its energy: E(X) of the rigid texture is an
upper bound. Most of the change is breathing, a skyrmion's softest mode. Wider and narrower textures are correlated with
the maps too, and with the energy U(s) that they have in the even film

.. math:: E_b(X) = \min_s \left[U(s) + E_s(X)\right] \le E(X)

is the landscape of a skyrmion that breathes without delay: s is its radius and its wall's width, and with them D and S
change (`Landscape.texture`): a wider skyrmion is pushed more by a current. Over a barrier of 4 % in K, near the current
that it just lets through, a rigid texture was 5 nm ahead of micromagnetics, and the breathing one within 0.7 nm. What
breathing lowers (`Landscape.left_out`) and by how much the size changes show how far first order holds. Where no size
is the best the skyrmion collapses or bursts, and no landscape holds (`Landscape.at_limit`). A wall that bends around a
border is in neither.

References
----------
.. [1] C. Navau, N. Del-Valle and A. Sanchez, J. Magn. Magn. Mater. (2018), doi:10.1016/j.jmmm.2018.06.044.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import interpolate, ndimage, signal

from geometries import SkyrmionTrack
from runs import RunSpec
from runs.system import MaterialMaps, material_maps
from solitons.skyrmions.film_textures import FilmEnergies, resized, without_skyrmion
from solitons.skyrmions.forces import LandscapeForce
from solitons.skyrmions.grid_spline import spline_through
from solitons.skyrmions.texture_tensors import own_cells, reach_of, texture_tensors
from solitons.skyrmions.thiele import LocalTexture

__all__ = ["Landscape", "even_track", "is_uneven", "landscape_of"]

Floats = npt.NDArray[np.float64]
Weight = Callable[[Floats], Floats]

# Changes of radius and width over them: a skyrmion that changes by more is another one.
_RADII = np.array([-0.45, -0.3, -0.15, -0.05, 0.0, 0.05, 0.15, 0.3, 0.45])
_WIDTHS = np.array([-0.1, 0.0, 0.1])
_FINE = 91


@dataclass(frozen=True, eq=False)
class Landscape:
    """Energy of a skyrmion over the places of its centre (m, a cell apart), all (nx, ny).

    In J of the `rigid` texture over the one in the even film, and of the `breathing` texture, whose size is the best
    one everywhere; `size` is its radius over the texture's, `dissipation` and `spin_orbit` are its D and S
    over the texture's.
    """

    x: Floats
    y: Floats
    rigid: Floats
    breathing: Floats
    size: Floats
    dissipation: Floats
    spin_orbit: Floats

    @property
    def left_out(self) -> Floats:
        """Energy beyond first order: how much more the rigid texture costs, (nx, ny) in J, not below 0."""
        return self.rigid - self.breathing

    @property
    def at_limit(self) -> npt.NDArray[np.bool_]:
        """Mask of places where no tried size is the best: the skyrmion collapses or bursts, (nx, ny)."""
        far: npt.NDArray[np.bool_] = np.abs(self.size - 1) > _RADII[-1] - 1e-9
        return far

    def on_way(self, values: npt.NDArray[Any], places: Floats) -> npt.NDArray[Any]:
        """Give values (nx, ny) at the grid's nearest to places (n, 2) in m, (n,)."""
        rows = [
            np.clip(np.rint((places[:, axis] - grid[0]) / (grid[1] - grid[0])), 0, grid.size - 1).astype(int)
            for axis, grid in enumerate((self.x, self.y))
        ]
        found: npt.NDArray[Any] = values[tuple(rows)]
        return found

    def force(self, *, rigid: bool = False) -> LandscapeForce:
        """Force of the breathing texture, or of the rigid one."""
        return LandscapeForce(spline_through(self.x, self.y, self.rigid if rigid else self.breathing))

    def texture(self) -> LocalTexture:
        """How the breathing texture's tensors change from place to place."""
        return LocalTexture(*(spline_through(self.x, self.y, each) for each in (self.dissipation, self.spin_orbit)))


def even_track(track: SkyrmionTrack) -> SkyrmionTrack:
    """Give the track with the material of its body everywhere."""
    return track.model_copy(update={"parts": (), "anisotropy_gradient": None, "grains": None})


def is_uneven(track: SkyrmionTrack) -> bool:
    """Whether a track's material differs from place to place."""
    return bool(track.parts) or track.anisotropy_gradient is not None or track.grains is not None


def landscape_of(
    m: npt.NDArray[np.floating],
    spec: RunSpec,
    centre: tuple[float, float],
    size: tuple[float, float],
    others: npt.ArrayLike = (),
) -> Landscape:
    """Correlate the maps of a track with the texture of its skyrmion.

    `m` (nx, ny, nz, 3) is a frame in which the skyrmion is relaxed, NaN outside the magnet; the run's track and
    material give the maps. Centre, radius and wall width are in m; what is nearer to the centre of one of the `others`
    (n, 2) is not this skyrmion's. ValueError if the device is no skyrmion track, or the centre lies outside its mesh.
    """
    track = spec.device
    if not isinstance(track, SkyrmionTrack):
        raise ValueError(f"landscape_of: device.kind is {track.kind!r}; skyrmions run in a 'skyrmion_track'")
    x, y, _ = track.cell_centres()
    cell, (nx, ny, _) = np.array(track.cell), track.shape
    nearest = int(centre[0] // cell[0]), int(centre[1] // cell[1])
    if not (0 <= nearest[0] < nx and 0 <= nearest[1] < ny):
        raise ValueError(f"landscape_of: centre = {centre} m is outside the track's mesh; give that of a skyrmion")
    film = FilmEnergies(spec.model_copy(update={"device": even_track(track)}))
    moments, reach = np.nan_to_num(np.asarray(m, dtype=np.float64)), reach_of(*size)
    place = np.stack(np.meshgrid(x - centre[0], y - centre[1], indexing="ij"))
    own = own_cells(x, y, centre, reach, others)
    empty = without_skyrmion(moments, own, track)
    weighed = [(weight, weight(empty), difference) for weight, difference in _differences(film, spec)]
    window = int(np.ceil(reach / cell[0])), int(np.ceil(reach / cell[1]))
    reference = film.energy(moments)

    def resized_to(wider: float, thicker: float) -> tuple[Floats, float, float]:
        share = (float(wider), float(thicker))
        texture = resized(moments, empty, place, size, share) if any(share) else moments
        found = np.full((nx, ny), film.energy(texture) - reference)
        for weight, without, difference in weighed:
            density = np.where(own[:, :, None], weight(texture) - without, 0.0)
            found += _correlated(difference, density, nearest, window) * cell.prod()
        tensors = texture_tensors(np.where(track.mask()[..., None], texture, np.nan), x, y, centre, reach, others)
        return found, float(tensors.dissipation[0, 0]), float(np.hypot(*tensors.spin_orbit[0, :2]))

    sizes = [[resized_to(wider, thicker) for thicker in _WIDTHS] for wider in _RADII]
    relaxed = sizes[_RADII.size // 2][_WIDTHS.size // 2]
    lowest, wider, thicker = _best_size(np.array([[each[0] for each in row] for row in sizes]))
    best = np.stack([wider, thicker], axis=-1)
    dissipation, spin_orbit = (
        interpolate.RegularGridInterpolator(
            (_RADII, _WIDTHS), [[each[which] for each in row] for row in sizes], bounds_error=False, fill_value=None
        )(best)
        / relaxed[which]
        for which in (1, 2)
    )
    return Landscape(
        x=x + centre[0] - x[nearest[0]],
        y=y + centre[1] - y[nearest[1]],
        rigid=relaxed[0],
        breathing=np.minimum(relaxed[0], lowest),
        size=1 + wider,
        dissipation=dissipation,
        spin_orbit=spin_orbit,
    )


def _best_size(energies: Floats) -> tuple[Floats, Floats, Floats]:
    """The least energy over sizes (radii, widths, nx, ny), and the changes of radius and width that have it."""
    # For each radius the energy of the best width: the minimum of a parabola through three.
    thin, same, thick = np.moveaxis(energies, 1, 0)
    curvature, slope = (thin + thick) / 2 - same, (thick - thin) / 2
    change = np.clip(-slope / np.maximum(2 * curvature, 1e-300), -2, 2)
    best, widths = same + slope * change + curvature * change**2, change * _WIDTHS[-1]
    # Over all radii the minimum of a spline, and of a parabola through its lowest three points.
    radii = np.linspace(_RADII[0], _RADII[-1], _FINE)
    between = interpolate.CubicSpline(_RADII, best, axis=0)(radii)
    lowest = between.argmin(axis=0)
    inner = np.clip(lowest, 1, _FINE - 2)
    before, here, after = (np.take_along_axis(between, inner[None] + step, axis=0)[0] for step in (-1, 0, 1))
    bend = np.maximum(before + after - 2 * here, 1e-300)
    shift = np.where(lowest == inner, (before - after) / (2 * bend), lowest - inner)
    radius = radii[inner] + shift * (radii[1] - radii[0])
    energy = here + (after - before) * shift / 2 + bend * shift**2 / 2
    # Interpolate the width between the radii on both sides.
    below = np.clip(np.searchsorted(_RADII, radius, side="right") - 1, 0, _RADII.size - 2)
    share = (radius - _RADII[below]) / (_RADII[below + 1] - _RADII[below])
    lower, upper = (np.take_along_axis(widths, below[None] + step, axis=0)[0] for step in (0, 1))
    return energy, radius, lower + share * (upper - lower)


def _differences(film: FilmEnergies, spec: RunSpec) -> Iterator[tuple[Weight, Floats]]:
    """Differences of a track's maps from the even one's: the energy density per parameter, and the difference."""
    track, material = spec.device, spec.material
    assert isinstance(track, SkyrmionTrack)
    here, even = material_maps(track, material), material_maps(even_track(track), material)
    found: list[tuple[Weight, Floats]] = [
        (film.exchange, here.exchange - even.exchange),
        (film.per_magnetisation, here.saturation - even.saturation),
    ]
    for name in here.dmi:
        found.append((lambda m, name=name: film.chiral(name, m), here.dmi[name] - even.dmi[name]))  # type: ignore[misc]
    for i in range(3):
        for j in range(3):
            found.append((lambda m, i=i, j=j: -m[..., i] * m[..., j], _tensor(here, i, j) - _tensor(even, i, j)))  # type: ignore[misc]
    # Beyond the edges a map goes on as it is there: what an edge does is no part of the landscape.
    inside = track.mask()
    nearest = ndimage.distance_transform_edt(~inside, return_distances=False, return_indices=True)
    for weight, difference in found:
        if np.any(difference):
            yield weight, difference[tuple(nearest)]


def _tensor(maps: MaterialMaps, i: int, j: int) -> Floats:
    found: Floats = maps.anisotropy * maps.axes[..., i] * maps.axes[..., j]
    return found


def _correlated(difference: Floats, density: Floats, centre: tuple[int, int], window: tuple[int, int]) -> Floats:
    """Sum over the cells of the difference times the shifted density, for every cell that the centre may be in."""
    whole = [(reach, reach) for reach in window]
    total = np.zeros(difference.shape[:2])
    for layer in range(difference.shape[2]):
        padded = np.pad(density[:, :, layer], whole)
        own = padded[tuple(slice(place, place + 2 * reach + 1) for place, reach in zip(centre, window, strict=True))]
        total += signal.fftconvolve(np.pad(difference[:, :, layer], whole, mode="edge"), own[::-1, ::-1], mode="valid")
    return total
