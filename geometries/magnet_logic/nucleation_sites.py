"""Sites of lower anisotropy at which perpendicular magnets begin to reverse.

A focused ion beam lowers the anisotropy of a spot; the magnet reverses when the field at that spot, its neighbours'
stray field among it, nucleates a domain there. The place of the spot decides which neighbours a magnet listens to, and
gives a chain its direction: S. Breitkreutz et al., "Majority gate for nanomagnetic logic with perpendicular magnetic
anisotropy", IEEE Trans. Magn. 48, 4336 (2012). We know the idea, and not the paper's sizes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from geometries.magnet_logic.device import MagnetArray
from geometries.parts import Part
from geometries.quantities import format_quantity

__all__ = ["site_name", "with_nucleation_sites"]


def site_name(magnet: str) -> str:
    """Name of the part that is a magnet's site."""
    return f"site_{magnet}"


def with_nucleation_sites(
    array: MagnetArray, places: Mapping[str, tuple[float, float]], *, size: float, anisotropy: float
) -> MagnetArray:
    """Give magnets of a perpendicular array a square site each, of edge `size` (m) and with this anisotropy Ku (J/m3).

    `places` has the site's centre from the magnet's own, along x and y in m, by the magnet's name. A magnet of a chain
    along x has it on the side of the one before, (-x, 0); the centre of a gate has it amid its inputs, and its output
    farther away than those: else the output and the input opposite to it outweigh the two others. What of a site is no
    magnet does not count.

    A ValueError if bits are in the plane, a magnet is not there, or a site covers cells of another magnet; a
    ValidationError if a site covers no magnet, or there is one already.
    """
    if not array.perpendicular:
        raise ValueError(
            "with_nucleation_sites: bits of this array are in its plane; give one with perpendicular = True"
        )
    placed, sites, labels = array.placed_outlines(), [], array.cell_labels()
    for name, (along, across) in places.items():
        i = array.index(name)
        x, y = float(placed.x[i]) + along, float(placed.y[i]) + across
        square = {"x": (x - size / 2, x + size / 2), "y": (y - size / 2, y + size / 2)}
        site = Part(name=site_name(name), Ku=anisotropy, **square)
        others = set(np.unique(labels[site.magnet_cells(array)]).tolist()) - {i + 1}
        if others:
            other, place = array.magnets[min(others) - 1].name, (format_quantity(each, "m") for each in (along, across))
            raise ValueError(
                f"with_nucleation_sites: the site of {name!r} at {', '.join(place)} from its centre covers cells of "
                f"{other!r}; move it into its own magnet, or make it smaller"
            )
        sites.append(site)
    return MagnetArray.model_validate(array.model_dump() | {"parts": (*array.parts, *sites)})
