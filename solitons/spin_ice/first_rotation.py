"""The field in which the first moment of a lattice of rotating moments falls over."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.spin_ice.rotating_lattice import RotatingLattice
from solitons.spin_ice.rotation_driven import rotate_in_field

__all__ = ["first_fall_field"]

Floats = npt.NDArray[np.float64]

# Ratio of two fields of a ramp, and how many fields the two between which a moment falls are parted into.
_RATIO = 1.02
_PARTS = 20
# Range of the ramp, over h_k: from the smallest one, up to the largest.
_FIRST, _LAST = 0.02, 4.0


def first_fall_field(model: RotatingLattice, spins: npt.ArrayLike, field_angle: float) -> float:
    """Smallest field of a slow ramp along a direction (rad from x) in which a moment has fallen over.

    In A/m, to 0.1 %; infinite if no field of this direction turns any moment over.
    """
    direction = np.array([np.cos(field_angle), np.sin(field_angle)])
    scale = model.anisotropy_field
    lowest, highest = _FIRST * float(scale.min()), _LAST * float(scale.max())
    count = int(np.ceil(np.log(highest / lowest) / np.log(_RATIO))) + 1
    coarse = np.asarray(lowest * _RATIO ** np.arange(count), dtype=np.float64)
    low = 0.0
    for start in range(0, coarse.size, _PARTS):
        # A ramp from the start on each time: the first flip is mostly in one of the first few.
        fields = coarse[: start + _PARTS]
        if (fall := _first_fall(model, spins, fields, direction)) is not None:
            low = float(fields[fall - 1]) if fall else 0.0
            break
    else:
        return float("inf")
    fine = np.concatenate([coarse[coarse <= low], low + (coarse[fall] - low) * np.arange(1, _PARTS + 1) / _PARTS])
    fell = _first_fall(model, spins, fine, direction)
    return float(coarse[fall] if fell is None else fine[fell])


def _first_fall(model: RotatingLattice, spins: npt.ArrayLike, strength: Floats, direction: Floats) -> int | None:
    flips = rotate_in_field(model, spins, strength[:, np.newaxis] * direction)["flip_step"].values
    return int(flips[0]) if flips.size else None
