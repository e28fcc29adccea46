"""Ensembles: one run many times over, each time with noise of its own."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries.description import Description
from geometries.quantities import format_quantity
from geometries.sizes import MOST_BYTES

__all__ = ["Ensemble"]

# The golden ratio of 2^32, rounded to an odd number: steps of it meet all numbers before one comes again.
_STRIDE = 2654435769
_MOST_MEMBERS = 1_000_000
_BYTES_A_CELL, _BYTES_A_FRAME = 12, 32


class Ensemble(Description):
    """How often a run above 0 K is made, and what is kept of it.

    All members begin at the same state (at rest, if the protocol relaxes) and have the same drive; noise alone
    distinguishes them. Where they should begin in thermal equilibrium, let the protocol rest before its first pulse.

    Parameters
    ----------
    members : int
        How many, at least 2.
    keep : {"means", "states"}
        The mean magnetisation and the energy of each member over time, or the magnetisation of every cell too.

    Examples
    --------
    >>> Ensemble(members=3).seeds(7).tolist()
    [2083679832, 443148305, 3097584074]
    """

    members: Annotated[int, Field(ge=2, le=_MOST_MEMBERS)]
    keep: Literal["means", "states"] = "means"

    def seeds(self, seed: int) -> npt.NDArray[np.int64]:
        """Give the seed of each member's thermal field: all different, and others for another seed.

        A run without an ensemble that has a member's seed is that member.

        Parameters
        ----------
        seed : int
            The protocol's.

        Returns
        -------
        numpy.ndarray of int, shape (members,)
            From 0 to 2^32 - 1.
        """
        first = int(np.random.SeedSequence(seed).generate_state(1)[0])
        return np.array([(first + index * _STRIDE) % 2**32 for index in range(self.members)])

    def size(self, frames: int, cells: int) -> int:
        """Give the bytes of what is kept.

        Parameters
        ----------
        frames, cells : int
            Numbers of frames and of cells that one run keeps, including cells without magnet.
        """
        return self.members * frames * (_BYTES_A_FRAME + (_BYTES_A_CELL * cells if self.keep == "states" else 0))

    def check_size(self, frames: int, cells: int) -> None:
        """Refuse an ensemble that no disk could hold.

        Raises
        ------
        ValueError
            Naming members, frames, the bytes and the remedy.
        """
        size = self.size(frames, cells)
        if size > MOST_BYTES:
            raise ValueError(
                f"ensemble: {self.members:,} members of {frames:,} frames of {cells:,} cells would take "
                f"{format_quantity(size, 'B', 3)}, and at most {format_quantity(MOST_BYTES, 'B', 3)} are taken; keep "
                "means, fewer frames or fewer members"
            )
