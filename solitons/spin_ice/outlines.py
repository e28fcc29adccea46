"""Islands as a mesh shows them: which have the same cells.

A mesh shows an island in whole cells. Islands that are drawn alike may have other cells, by
where they lie between the cells and by how they are turned, and one that is 3 % wider may have
the same, or a tenth more. The field at which an island reverses follows its cells, so that they distinguish
islands. Two symmetries take an island to one that reverses in the same field: the inversion, and a mirror
plane through the field's line or across it, with a reversal of all moments, where it maps the cells onto themselves.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

__all__ = ["outline_keys"]

# Deviation, in units of 45 degrees, of a direction that counts as along an axis or a diagonal of the cells.
_ALIGNED = 1e-6


def outline_keys(
    labels: npt.NDArray[np.int64], islands: int, field_angle: float, cell: tuple[float, float]
) -> list[str]:
    """Names of the islands' outlines, the same for islands that reverse in the same field; 16 hexadecimal digits each.

    `labels` (x, y) are i + 1 in the cells of island i; the field's direction is in rad from x, cells in m.
    """
    from scipy.ndimage import find_objects

    windows = find_objects(np.maximum(labels, 0), max_label=islands)
    return [_key(labels[window] == island + 1, field_angle, cell) for island, window in enumerate(windows)]


def _key(outline: npt.NDArray[np.bool_], field_angle: float, cell: tuple[float, float]) -> str:
    images = [outline]
    eighths = field_angle / (np.pi / 4)
    if abs(eighths - round(eighths)) < _ALIGNED:
        if round(eighths) % 2 == 0:
            images.append(outline[::-1])
        elif abs(cell[0] / cell[1] - 1) < _ALIGNED:
            images.append(outline.T)
    images += [image[::-1, ::-1] for image in images]
    return min(hashlib.sha256(repr(image.shape).encode() + image.tobytes()).hexdigest()[:16] for image in images)
