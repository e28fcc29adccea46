"""Domains of a magnetisation at both ends of its mesh along x."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["REVERSED", "DomainsAtEnds", "domains_at_ends"]

REVERSED = -0.5
"""Component along its domain below which a moment at an end shows that a texture has come there."""

# Mean component along x or z that a domain at an end has at least.
_DOMAIN = 0.5


class DomainsAtEnds(NamedTuple):
    """The component of m along which the domains lie, 0 or 2, and its signs at the left and at the right end."""

    component: int
    signs: tuple[int, int]


def domains_at_ends(m: npt.NDArray[np.floating]) -> DomainsAtEnds | None:
    """Tell which domains the first and the last column of cells of m (nx, ny, nz, 3) are in.

    None if an end is in no domain along x or z, or a moment there is reversed; m is NaN or zero outside the magnet.
    """
    columns = [column[np.nan_to_num(column).any(axis=-1)] for column in (m[0], m[-1])]
    if not all(len(column) for column in columns):
        return None
    means = np.array([column.mean(axis=0) for column in columns])
    component = 2 if abs(means[0, 2]) >= abs(means[0, 0]) else 0
    along = means[:, component]
    left, right = (1 if mean > 0 else -1 for mean in along)
    touched = any((column[:, component] * mean < 0).any() for column, mean in zip(columns, along, strict=True))
    return None if touched or np.abs(along).min() < _DOMAIN else DomainsAtEnds(component, (left, right))
