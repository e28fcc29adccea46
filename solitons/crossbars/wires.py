"""The wires of a crossbar: resistance of a segment, of the drivers and of the sensing ends, and how long lines are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["MOST_CELLS", "Wires", "checked_conductances"]

Floats = npt.NDArray[np.float64]

MOST_CELLS = 2**20
"""Cells of one array: its factors take some 100 bytes a cell times the logarithm of its side, 2 GB at this size."""


@dataclass(frozen=True)
class Wires:
    """Resistances of the lines of a crossbar.

    A word line (row) is driven at its left end, a bit line (column) is sensed at its lower end. From the driver to the
    first cell, and from one cell to the next, there is one segment; likewise from the last cell of a bit line to where
    it is sensed.

    Parameters
    ----------
    word_segment, bit_segment : float
        Resistance of a segment in ohm, 0 or above.
    driver : float
        Resistance of each word line's driver in ohm, in series with its first segment.
    sense : float
        Resistance at the end of each bit line in ohm: 0 for an ideal virtual ground.
    tile : int, optional
        Most word lines, and most bit lines, of one tile; a larger matrix is cut into several (`tiles_of`). Nothing is
        cut if left out.

    Raises
    ------
    ValueError
        If a resistance is negative or not finite, or a tile has no line.

    Examples
    --------
    >>> Wires(word_segment=2.0, bit_segment=2.0).ideal, Wires().ideal
    (False, True)
    """

    word_segment: float = 0.0
    bit_segment: float = 0.0
    driver: float = 0.0
    sense: float = 0.0
    tile: int | None = None

    def __post_init__(self) -> None:
        for name in ("word_segment", "bit_segment", "driver", "sense"):
            value = getattr(self, name)
            if not 0 <= value < np.inf:
                raise ValueError(f"Wires.{name} = {value} ohm must be a finite resistance, 0 or above")
        whole = isinstance(self.tile, (int, np.integer)) and not isinstance(self.tile, bool)
        if self.tile is not None and not (whole and self.tile >= 1):
            raise ValueError(
                f"Wires.tile = {self.tile} must be a whole number of lines, 1 or above; leave it out to cut nothing"
            )

    @property
    def ideal(self) -> bool:
        """Whether no wire has a resistance."""
        return not (self.word_segment or self.bit_segment or self.driver or self.sense)

    def cuts(self, shape: tuple[int, ...]) -> bool:
        """Whether a matrix of so many word lines and bit lines takes more than one tile."""
        return self.tile is not None and max(shape) > self.tile

    def require_one_tile(self, shape: tuple[int, ...], owner: str) -> None:
        """Refuse a matrix that takes several tiles, where one is solved at a time.

        Raises
        ------
        ValueError
            If it does.
        """
        if self.cuts(shape):
            raise ValueError(
                f"{owner}: {shape[0]} x {shape[1]} lines are several tiles of at most {self.tile}, and one is solved "
                "at a time; take those that tiles_of gives"
            )


def checked_conductances(conductance: npt.ArrayLike, owner: str, tile: int | None = None) -> Floats:
    """The conductances (words, bits) of a crossbar in S as an array.

    Each must be finite and above 0, and a tile (the whole matrix if None) have at most `MOST_CELLS`; errors name the
    owner.
    """
    shape = np.shape(conductance)
    if len(shape) != 2 or not all(shape):
        raise ValueError(
            f"{owner}: conductance has the shape {shape}; give a matrix in S, a row for each word line and a column "
            "for each bit line"
        )
    words, bits = (lines if tile is None else min(lines, tile) for lines in shape)
    if words * bits > MOST_CELLS:
        raise ValueError(
            f"{owner}: {words} x {bits} = {words * bits:,} cells are more than the {MOST_CELLS:,} whose factors fit "
            "into the memory of a usual machine; cut the matrix into several crossbars (Wires.tile)"
        )
    found = np.asarray(conductance, dtype=np.float64)
    if not np.isfinite(found).all():
        word, bit = np.argwhere(~np.isfinite(found))[0]
        raise ValueError(f"{owner}: conductance of cell ({word}, {bit}) is {found[word, bit]} S; give finite numbers")
    if not found.min() > 0:
        word, bit = np.unravel_index(int(found.argmin()), found.shape)
        raise ValueError(
            f"{owner}: conductance of cell ({word}, {bit}) is {found[word, bit]:g} S, and must be above 0; give an "
            "open cell its leakage, such as 1e-12 S"
        )
    return found
