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
    """Name of the part that is a magnet's site.

    Examples
    --------
    >>> from geometries.magnet_logic import PERPENDICULAR, wire
    >>> chain = with_nucleation_sites(wire(2, grid=PERPENDICULAR), {"out": (-12e-9, 0.0)}, size=8e-9, anisotropy=1e5)
    >>> [part.name for part in chain.parts] == [site_name("out")]
    True
    """
    return f"site_{magnet}"


def with_nucleation_sites(
    array: MagnetArray, places: Mapping[str, tuple[float, float]], *, size: float, anisotropy: float
) -> MagnetArray:
    """Give magnets of a perpendicular array a site each.

    Parameters
    ----------
    array : MagnetArray
        With `perpendicular`, and without sites.
    places : mapping of str to (float, float)
        Of each magnet that gets a site, the site's centre from the magnet's own, along x and y in m. A magnet of a
        chain along x has it on the side of the one before, (-x, 0); the centre of a gate has it amid its inputs, and
        its output farther away than those: else the output and the input opposite to it outweigh the two others.
    size : float
        Edge of the square site in m; what of it is no magnet does not count.
    anisotropy : float
        Ku in the sites, in J/m3.

    Raises
    ------
    ValueError
        If bits are in the plane, a magnet is not there, or a site covers cells of another magnet.
    pydantic.ValidationError
        If a site covers no magnet, or there is one already.

    Examples
    --------
    >>> from geometries.magnet_logic import PERPENDICULAR
    >>> from geometries.magnet_logic.builders import inverter
    >>> soft = with_nucleation_sites(inverter(grid=PERPENDICULAR), {"out": (-10e-9, 0.0)}, size=12e-9, anisotropy=1e5)
    >>> [(part.name, part.Ku) for part in soft.parts]
    [('site_out', 100000.0)]
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
