"""Checks of a spin ice; each names field, value and remedy."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from geometries.outlines.convex import gaps_along, separations
from geometries.quantities import format_quantity
from geometries.spin_ice.island_table import IslandTable
from geometries.spin_ice.lattices import KagomeLattice
from geometries.spin_ice.placement import Layout, PlacedIslands

__all__ = ["check_cell", "check_islands", "check_layout", "check_ports"]

FloatArray = npt.NDArray[np.float64]


def _nm(value: float) -> str:
    return format_quantity(value, "m")


def check_layout(ice: Layout) -> None:
    """Refuse a layout whose fields do not fit each other, before islands are placed."""
    if isinstance(ice.lattice, IslandTable):
        if ice.island is not None or ice.other_islands:
            raise ValueError(
                "island gives the islands a size, which the table of the lattice does already; leave it out, and give "
                "their shape in lattice.shape"
            )
    elif ice.island is None:
        raise ValueError(
            f"island is missing: a {ice.lattice.kind} lattice gives the places of islands, not their size; give it, "
            'such as {"length": "120 nm", "width": "40 nm"}'
        )
    kinds = [other.of for other in ice.other_islands]
    for index, kind in enumerate(kinds):
        if kind not in ice.lattice.kinds:
            near = difflib.get_close_matches(kind, ice.lattice.kinds, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise ValueError(
                f"other_islands[{index}].of = {kind!r} is no kind of island of this {ice.lattice.kind} lattice; {hint}"
                f"Its kinds are {', '.join(ice.lattice.kinds)}"
            )
        if kind in kinds[:index]:
            raise ValueError(f"other_islands has {kind!r} twice; give each kind one size")


def check_cell(thickness: float, cell: float) -> None:
    """Refuse a cell (m) along z that does not divide the thickness (m), naming the cell that does."""
    ratio = thickness / cell
    if round(ratio) >= 1 and abs(ratio - round(ratio)) < 1e-6:
        return
    nearest = thickness / max(1, round(ratio))
    # Twelve digits, so that what is proposed here passes when it is copied.
    raise ValueError(
        f"cell = {_nm(cell)} along z does not divide the thickness of {_nm(thickness)}; the nearest cell "
        f"that does is {format_quantity(nearest, 'm', 12)}"
    )


def check_islands(ice: Layout, placed: PlacedIslands, cell: tuple[float, float]) -> None:
    """Refuse islands that cannot be made or meshed with cells of this size (m) along x and y."""
    if not placed.site.size:
        raise ValueError("missing leaves no island; leave fewer out")
    _check_sizes(ice, placed, max(cell))
    _check_inside(ice, placed, min(cell))
    try:
        _check_apart(placed, cell, bridged=ice.bridge_width is not None)
    except ValueError as error:
        raise ValueError(f"{error}{_in_vertex_distances(ice)}") from None
    _check_bridge(ice.bridge_width, placed, max(cell))


def _check_sizes(ice: Layout, placed: PlacedIslands, cell: float) -> None:
    length, width = placed.outlines.length, placed.outlines.width
    disordered = " with its disorder" if ice.disorder is not None else ""
    for thin in np.flatnonzero(width < 2 * cell * (1 - 1e-6))[:1]:
        raise ValueError(
            f"island {placed.site[thin]} is {_nm(width[thin])} wide{disordered}, thinner than two cells of "
            f"{_nm(cell)}; choose cells of at most {_nm(width[thin] / 2)}, or wider islands"
        )
    for short in np.flatnonzero(length < width * (1 - 1e-9))[:1]:
        raise ValueError(
            f"island {placed.site[short]} is {_nm(length[short])} long and {_nm(width[short])} wide{disordered}: "
            "its easy axis would be across it; make the gap smaller or the island longer, or narrower"
        )
    for none in np.flatnonzero(placed.magnetisation <= 0)[:1]:
        raise ValueError(
            f"island {placed.site[none]} has {placed.magnetisation[none]:.3g} of the material's magnetisation; make "
            "disorder.saturation_magnetisation smaller"
        )


def _check_inside(ice: Layout, placed: PlacedIslands, cell: float) -> None:
    outlines = placed.outlines
    outside = np.zeros(outlines.x.shape)
    for centre, angle, size in ((outlines.x, 0.0, placed.box[0]), (outlines.y, np.pi / 2, placed.box[1])):
        reach = outlines.reach(angle)
        outside = np.maximum(outside, np.maximum(reach - centre, centre + reach - size))
    worst = int(np.argmax(outside))
    if outside[worst] > 1e-6 * cell:
        margin = (placed.outlines.width.max() / 2 if ice.margin is None else ice.margin) + outside[worst]
        needed = math.ceil(margin / cell) * cell
        raise ValueError(
            f"island {placed.site[worst]} reaches {_nm(outside[worst])} out of the box with its disorder; set "
            f"margin = {_nm(needed)} or more"
        )


def _check_apart(placed: PlacedIslands, cell: tuple[float, float], bridged: bool) -> None:
    from scipy.spatial import cKDTree

    outlines = placed.outlines
    # Less than a cell apart, cells of two islands may touch and feel each other's exchange.
    needed = 0.0 if bridged else max(cell)
    across = float(np.hypot(outlines.length, outlines.width).max())
    tree = cKDTree(placed.position)
    # Islands that are piled up make more pairs than could be held, and it is enough to look at nearest neighbours.
    crowded = tree.count_neighbors(tree, across + needed) > _MOST_NEIGHBOURS * placed.site.size
    if crowded:
        nearest = tree.query(placed.position, k=2)[1][:, 1]
        pairs = np.stack([np.arange(nearest.size), nearest], axis=1)
    else:
        pairs = tree.query_pairs(across + needed, output_type="ndarray")
    for chunk in np.array_split(pairs, 1 + len(pairs) // 100_000):
        first, second = outlines.take(chunk[:, 0]), outlines.take(chunk[:, 1])
        # Most pairs are apart along or across one of the two islands, which is quickly seen.
        quick = np.maximum.reduce(
            [gaps_along(first, second, each.angle + turn * np.pi / 2) for each in (first, second) for turn in range(4)]
        )
        close = chunk[quick < needed]
        distance = separations(outlines.take(close[:, 0]), outlines.take(close[:, 1]))
        if np.any(distance < needed * (1 - 1e-3) - 1e-3 * min(cell)):
            worst = int(np.argmin(distance))
            one, other = placed.site[close[worst]]
            raise ValueError(_touching(max(cell), int(one), int(other), float(distance[worst])))
    if crowded:
        raise ValueError(
            f"islands of {_nm(across)} have more than {_MOST_NEIGHBOURS} others within their reach, too many for it to "
            "be said that none touch; make them shorter, or put them further apart"
        )


def _in_vertex_distances(ice: Layout) -> str:
    """The lattice constant of a kagome lattice in terms of the distance that others call so."""
    if not isinstance(ice.lattice, KagomeLattice):
        return ""
    return (
        f". In this kagome lattice lattice_constant = {_nm(ice.lattice.lattice_constant)} is the distance between "
        f"hexagons, and vertices are {_nm(ice.lattice.vertex_distance)} apart; for vertices "
        f"{_nm(ice.lattice.lattice_constant)} apart give {_nm(math.sqrt(3) * ice.lattice.lattice_constant)}"
    )


_MOST_NEIGHBOURS = 1000


def _touching(cell: float, one: int, other: int, distance: float) -> str:
    if distance < 0:
        return (
            f"islands {one} and {other} overlap by {_nm(-distance)}; put them further apart, make them shorter or "
            "narrower, or the disorder smaller"
        )
    return (
        f"islands {one} and {other} are {_nm(distance)} apart, less than a cell of {_nm(cell)}, so that "
        "they may touch on the mesh; choose a finer cell, or put them further apart"
    )


def _check_bridge(width: float | None, placed: PlacedIslands, cell: float) -> None:
    if width is None:
        return
    if not (placed.island_vertex >= 0).any():
        raise ValueError(
            "bridge joins islands at vertices, but this lattice has none; give the table a vertex_distance, or leave "
            "the bridge out"
        )
    if width < 2 * cell * (1 - 1e-6):
        raise ValueError(
            f"bridge.width = {_nm(width)} is thinner than two cells of {_nm(cell)}; make it at least {_nm(2 * cell)}"
        )
    if width > placed.outlines.width.min() * (1 + 1e-9):
        raise ValueError(
            f"bridge.width = {_nm(width)} is more than the width of the narrowest island, "
            f"{_nm(placed.outlines.width.min())}; make it at most that"
        )


def check_ports(ports: Mapping[str, tuple[int, ...]], placed: PlacedIslands) -> None:
    """Refuse ports, sites by name, that name no island, and islands in two ports."""
    owner: dict[int, str] = {}
    there = set(placed.site.tolist())
    for name, sites in ports.items():
        for site in sites:
            if site >= placed.site_count:
                raise ValueError(
                    f"port {name!r} names site {site}, but the lattice has {placed.site_count} sites; use labels "
                    f"from 0 to {placed.site_count - 1}"
                )
            if site not in there:
                raise ValueError(
                    f"port {name!r} names site {site}, where the island is missing; take another site or leave it "
                    "in place"
                )
            if site in owner:
                raise ValueError(
                    f"site {site} is in the ports {owner[site]!r} and {name!r}; an island belongs to one port at most"
                )
            owner[site] = name
