"""The lattice of rotating moments that a fit makes of any lattice of its islands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import xarray as xr
from scipy.ndimage import find_objects

from solitons.fits.provenance import IceProvenance
from solitons.spin_ice.couplings import island_moments
from solitons.spin_ice.island_texture import IslandTexture, even_texture
from solitons.spin_ice.lattice_fit import LatticeFit
from solitons.spin_ice.moment_fields import moment_couplings
from solitons.spin_ice.rotating_lattice import RotatingLattice
from solitons.spin_ice.textures import IslandTextures, lattice_textures, without_near

__all__ = ["fitted_rotation"]


def fitted_rotation(
    islands: xr.Dataset,
    labels: npt.NDArray[np.int64],
    cell: tuple[float, float],
    fit: LatticeFit,
    *,
    cut_off: float = np.inf,
    provenance: IceProvenance | None = None,
) -> RotatingLattice:
    """Make the lattice of rotating moments of a spin ice whose single islands were fitted.

    No run of a pair goes into it: fields between islands follow from their cells and magnetisation. Where the textures
    of all its outlines were measured, islands turn by them. Otherwise all have the torque of the island as drawn, each
    scaled to the field that turns it over on its own, and are magnetised the same everywhere.

    `islands` have their disorder, and an `outline` where outlines were measured; `labels` (x, y) are i + 1 in the cells
    of island i; cell and cut-off are in m.
    """
    rotation, thresholds = fit.rotation_fit.rotation, fit.thresholds(islands)
    model = RotatingLattice(
        axis=islands["axis"].values,
        moment=island_moments(islands),
        anisotropy_field=thresholds / rotation.switching_field(fit.angles(islands), 1.0),
        rotation=rotation,
        couplings=moment_couplings(islands, labels, cell, cut_off=cut_off),
        provenance=provenance,
    )
    textures = _textures(islands, labels, cell, fit, thresholds)
    if textures is None:
        return model
    return replace(model, textures=textures, couplings=without_near(model.couplings, textures))


def _textures(
    islands: xr.Dataset,
    labels: npt.NDArray[np.int64],
    cell: tuple[float, float],
    fit: LatticeFit,
    thresholds: npt.NDArray[np.float64],
) -> IslandTextures | None:
    """None where not all outlines of the islands were measured, or none of them has a texture."""
    outlines = {each.outline: each for each in fit.outlines}
    own = islands["outline"].values.tolist() if "outline" in islands else []
    if not own or not set(own) <= outlines.keys() or all(outlines[each].texture is None for each in own):
        return None
    rotation, angles, axes = fit.rotation_fit.rotation, fit.angles(islands), islands["axis"].values
    found: dict[str, IslandTexture] = {}
    for island, (name, window) in enumerate(
        zip(own, find_objects(np.maximum(labels, 0), max_label=len(own)), strict=True)
    ):
        texture, switching = outlines[name].texture, outlines[name].switching_field
        if name not in found and texture is None:
            scale = switching / float(rotation.switching_field(angles[island], 1.0))
            texture = even_texture(labels[window] == island + 1, axes[island], scale * rotation.harmonics)
        if texture is not None:
            found[name] = texture
    scales = thresholds / [outlines[name].switching_field for name in own]
    return lattice_textures(islands, labels, cell, found, scales, fit.field_angle)
