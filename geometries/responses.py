"""How fast magnets follow a field that clocks them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Response"]


class Response(NamedTuple):
    """How magnets follow a field that clocks them.

    `anisotropy_field` is the largest H_K of theirs in A/m: from there on a field across the easy axis leaves no state.
    `time` is the longest time in s in which their small oscillations die away. `cells` (nx, ny, nz) has i + 1 in the
    i-th of them and 0 elsewhere; it is given where a heavy metal may clock them.
    """

    anisotropy_field: float
    time: float
    cells: npt.NDArray[np.int64] | None = None
