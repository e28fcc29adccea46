r"""Logic values that an array should compute, from its neighbours and zones alone.

Point dipoles with the axes e pull each other by the sign of :math:`3 (e_i \cdot r)(e_j \cdot r) - e_i \cdot e_j`: with
bits in the plane along y, neighbours above each other are alike and neighbours beside each other opposite; with bits
along the normal all neighbours are opposite. All neighbours pull alike. Zones are released one after the other; one
that is released goes to its state of least energy beside what is decided before, and keeps it.

So with bits along the normal each stage inverts: a magnet between three decided ones is the inverse of their majority,
:math:`\overline{M}(a, b, c)`, which is self-dual, :math:`\overline{M}(a, b, c) = M(\bar a, \bar b, \bar c)`. With
one of them held at 0 it is NAND, with one held at 1 NOR; a further magnet makes them AND and OR.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geometries.magnet_logic.checks import near_pairs
from geometries.magnet_logic.device import MagnetArray

__all__ = ["longest_chain", "netlist_values"]

_MOST_OF_A_ZONE = 16


def netlist_values(array: MagnetArray) -> dict[str, int]:
    """Give the bit that each magnet should have after the clock; blocks have none.

    Parameters
    ----------
    array : MagnetArray
        With the states of its inputs.

    Returns
    -------
    dict of str to int
        1, -1, or 0 where two states of a zone that differ in the magnet are equally good: nothing decides it.

    Raises
    ------
    ValueError
        If a zone has more than 16 magnets.

    Examples
    --------
    >>> from geometries.magnet_logic import PERPENDICULAR, majority_gate
    >>> netlist_values(majority_gate((1, -1, 1), PERPENDICULAR))
    {'a': 1, 'b': -1, 'c': 1, 'centre': -1, 'out': 1}
    """
    signs = _signs(array)
    names = [magnet.name for magnet in array.magnets]
    values = np.array([magnet.state if magnet.held else 0 for magnet in array.magnets])
    for zone in array.zones():
        places = [names.index(name) for name in zone]
        if len(places) > _MOST_OF_A_ZONE:
            raise ValueError(
                f"netlist_values: zone {zone[0]!r} to {zone[-1]!r} has {len(places)} magnets, and the states of up to "
                f"{_MOST_OF_A_ZONE} are compared; give the array more zones"
            )
        every = 2 * (np.arange(2 ** len(places))[:, None] >> np.arange(len(places)) & 1) - 1
        inner = signs[np.ix_(places, places)]
        gain = every @ (signs[places] @ values) + np.einsum("si,ij,sj->s", every, inner, every) // 2
        best = every[gain == gain.max()]
        values[places] = np.where((best == best[0]).all(axis=0), best[0], 0)
    return {
        magnet.name: int(value) for magnet, value in zip(array.magnets, values, strict=True) if magnet.role != "block"
    }


def longest_chain(array: MagnetArray) -> tuple[str, ...]:
    """Give the magnets of the longest chain within a zone of the clock, from one end to the other.

    A chain is the shortest way from one magnet of a zone to another, from neighbour to neighbour. All of its magnets
    are released at once, so that each begins to fall before those that decide it have their bits. Empty where nothing
    is clocked.
    """
    names = [magnet.name for magnet in array.magnets]
    near = _signs(array) != 0
    found: list[int] = []
    for zone in array.zones():
        places = {names.index(name) for name in zone}
        for start in sorted(places):
            ways = {start: [start]}
            for place in (queue := [start]):
                for other in sorted(places & set(np.flatnonzero(near[place]).tolist()) - set(ways)):
                    ways[other] = [*ways[place], other]
                    queue.append(other)
            found = max(found, ways[queue[-1]], key=len)
    return tuple(names[place] for place in found)


def _signs(array: MagnetArray) -> npt.NDArray[np.int64]:
    """Signs of the pull of each magnet on each, (magnets, magnets): 1 to be alike, 0 if they are no neighbours."""
    axes, placed = array.axes, array.placed_outlines()
    signs = np.zeros((len(axes), len(axes)), dtype=np.int64)
    pairs, _ = near_pairs(array.magnets, array.coupling_reach)
    for i, j in pairs:
        if "block" in (array.magnets[i].role, array.magnets[j].role):
            continue
        way = np.array([placed.x[j] - placed.x[i], placed.y[j] - placed.y[i], 0.0])
        way /= np.linalg.norm(way)
        pull = 3 * (axes[i] @ way) * (axes[j] @ way) - axes[i] @ axes[j]
        signs[i, j] = signs[j, i] = int(np.sign(round(float(pull), 9)))
    return signs
