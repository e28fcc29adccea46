"""A matrix in several crossbars: tiles of at most so many lines, each with drivers and sensing ends of its own.

Wires take the more of the current the longer the lines are, so that circuits cut a large matrix into tiles. A row of
tiles shares its inputs, which every tile drives anew. What flows out of the tiles of a column is converted tile by
tile, and the numbers are added. ISAAC's tiles have 128 x 128 cells (A. Shafiee et al., ISCA 2016, pp. 14-26, by
implementations of its table). In each tile the lines are as `Wires` has them, and its cells lie next to driver and
sensing end where it is not full.
"""

from __future__ import annotations

import numpy as np

from solitons.crossbars.wires import Wires

__all__ = ["Tile", "tile_with", "tiles_of"]

Tile = tuple[slice, slice]
"""Word lines and bit lines of the whole matrix."""


def tiles_of(shape: tuple[int, ...], wires: Wires) -> list[Tile]:
    """The tiles of a matrix of `shape` (words, bits), row by row of tiles; one where nothing is cut."""
    words, bits = (_pieces(lines, wires.tile) for lines in shape)
    return [(rows, columns) for rows in words for columns in bits]


def tile_with(cell: tuple[int, int], shape: tuple[int, ...], wires: Wires) -> Tile:
    """The tile that has a cell; an error if there is no such cell."""
    for rows, columns in tiles_of(shape, wires):
        if rows.start <= cell[0] < rows.stop and columns.start <= cell[1] < columns.stop:
            return rows, columns
    raise ValueError(f"tile_with: there is no cell {cell} in an array of {shape[0]} x {shape[1]}")


def _pieces(lines: int, most: int | None) -> list[slice]:
    step = lines if most is None else most
    return [slice(int(first), min(int(first) + step, lines)) for first in np.arange(0, lines, step)]
