"""How fast magnets follow a field that clocks them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Response"]


class Response(NamedTuple):
    """How magnets follow a field that clocks them.

    Attributes
    ----------
    anisotropy_field : float
        Largest H_K of theirs, in A/m: from there on a field across the easy axis leaves no state.
    time : float
        Longest time in s in which their small oscillations die away.
    cells : int array (nx, ny, nz), optional
        i + 1 in the i-th of them, 0 elsewhere; given where a heavy metal may clock them.
    """

    anisotropy_field: float
    time: float
    cells: npt.NDArray[np.int64] | None = None
