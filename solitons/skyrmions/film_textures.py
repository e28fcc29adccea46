"""Textures in an even film: their energies by the native engine, the film without them, and other sizes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import constants, ndimage

from geometries import SkyrmionTrack
from runs import RunSpec
from runs.system import build_system

__all__ = ["FilmEnergies", "resized", "without_skyrmion"]

Floats = npt.NDArray[np.float64]


class FilmEnergies:
    """Energies of textures in the film of a run, by the native engine.

    Its device and material are the film; its currents and changing fields do not count.
    """

    def __init__(self, spec: RunSpec) -> None:
        self._system = build_system(spec, drive=False)
        self._norm = self._system.m.norm

    def energy(self, m: Floats) -> float:
        """Total energy in J of moments (nx, ny, nz, 3)."""
        return float(self._computed(self._system.energy.energy, m))

    def exchange(self, m: Floats) -> Floats:
        """Energy density of exchange over A in 1/m2, (nx, ny, nz)."""
        import micromagneticmodel as mm

        found: Floats = self._computed(mm.Exchange(A=1.0).density, m).array[..., 0]
        return found

    def chiral(self, crystal_class: str, m: Floats) -> Floats:
        """Energy density of the Dzyaloshinskii-Moriya interaction over D in 1/m, (nx, ny, nz)."""
        import micromagneticmodel as mm

        found: Floats = self._computed(mm.DMI(D=1.0, crystalclass=crystal_class).density, m).array[..., 0]
        return found

    def per_magnetisation(self, m: Floats) -> Floats:
        """Derivative of the energy density by Ms in J/(A m2), -mu0 m . (H_d + H), (nx, ny, nz)."""
        import micromagneticmodel as mm

        found = np.zeros(m.shape[:-1])
        for term in self._system.energy:
            if isinstance(term, (mm.Demag, mm.Zeeman)):
                field = self._computed(term.effective_field, m).array
                found -= constants.mu_0 * np.einsum("...i,...i", m, field)
        return found

    def _computed(self, what: Callable[..., Any], m: Floats) -> Any:
        import discretisedfield as df

        import runs.native as nc

        self._system.m = df.Field(self._system.m.mesh, nvdim=3, value=m, norm=self._norm, valid="norm")
        return nc.compute(what, self._system)


def without_skyrmion(m: Floats, own: npt.NDArray[np.bool_], track: SkyrmionTrack) -> Floats:
    """Give a frame without a skyrmion: in its place what most of the track has at this y, tilted at the edges.

    `m` (nx, ny, nz, 3) is 0 outside the magnet; `own` (nx, ny) are the skyrmion's cells.
    """
    columns = np.arange(own.shape[0])
    # A quarter of the track at each end, or as much as the skyrmion takes, is not looked at: moments tilt there.
    end = min(int(own.any(axis=1).sum()) // 2, own.shape[0] // 4)
    free = ~own.any(axis=1) & (columns >= end) & (columns < own.shape[0] - end)
    inside = np.linalg.norm(m, axis=-1, keepdims=True) > 0
    profile = np.median(m[free], axis=0) if free.any() else np.zeros(m.shape[1:])
    length = np.linalg.norm(profile, axis=-1, keepdims=True)
    up = np.array([0.0, 0.0, float(track.background)])
    profile = np.where(length > 0, profile / np.where(length > 0, length, 1.0), up)
    return np.where(inside & own[:, :, None, None], np.broadcast_to(profile, m.shape), m)


def resized(m: Floats, empty: Floats, place: Floats, size: tuple[float, float], share: tuple[float, float]) -> Floats:
    r"""Give a texture with another radius R' and wall width w'.

    Each distance r takes what the texture has at r0, where the profile tan(theta / 2) = sinh(R / w) / sinh(r / w) of
    one size has the value of the other,

    .. math:: \frac{\sinh(r_0 / w)}{\sinh(R / w)} = \frac{\sinh(r / w')}{\sinh(R' / w')}

    so that a texture of this profile becomes another one, and a relaxed one, which differs from it a little, keeps the
    difference. `m` and `empty` (nx, ny, nz, 3) are with and without the skyrmion, 0 outside the magnet; `place` (2, nx,
    ny) is from its centre in m; `size` is R and w in m, `share` R' / R - 1 and w' / w - 1.
    """
    cell = np.array([place[0, 1, 0] - place[0, 0, 0], place[1, 0, 1] - place[1, 0, 0]])
    (radius, width), (wider, thicker) = size, share
    distance = np.maximum(np.hypot(*place), 1e-3 * radius)
    there, here = width, width * (1 + thicker)
    log = _log_sinh(distance / here) - _log_sinh(radius * (1 + wider) / here) + _log_sinh(radius / there)
    # asinh of exp(log), without an overflow.
    former = there * np.where(log > 20, log + np.log(2), np.arcsinh(np.exp(np.minimum(log, 20))))
    source = np.indices(distance.shape) + (former / distance - 1) * place / cell[:, None, None]
    # What decays to 0 is interpolated: the tilt at the edges stays where it is.
    change = m - empty
    moved = np.empty_like(change)
    for index in np.ndindex(change.shape[2:]):
        values = change[(slice(None), slice(None), *index)]
        moved[(slice(None), slice(None), *index)] = ndimage.map_coordinates(values, source, order=3, mode="nearest")
    found = empty + moved
    length = np.linalg.norm(found, axis=-1, keepdims=True)
    inside = np.linalg.norm(m, axis=-1, keepdims=True) > 0
    return np.where(inside, found / np.where(length > 0, length, 1.0), 0.0)


def _log_sinh(value: Floats | float) -> Any:
    return value + np.log(-np.expm1(-2 * np.asarray(value))) - np.log(2)
