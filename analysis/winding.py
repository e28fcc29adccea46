"""How often the moments in the plane turn around each point between four cells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["winding"]


def winding(m: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
    r"""Count the turns :math:`\oint \mathrm{d}\varphi / 2\pi` of m around each four neighbouring cells.

    Parameters
    ----------
    m : array, (x, y, 3)
        Moments of a layer, NaN where there is no magnet.

    Returns
    -------
    array of int, (x - 1, y - 1)
        1: they turn once anticlockwise, as around the core of a vortex; -1: of an antivortex; 0 where one of the four
        is no magnet.

    Examples
    --------
    >>> x, y = np.meshgrid([-1.0, 1.0], [-1.0, 1.0], indexing="ij")
    >>> winding(np.stack([-y, x, 0 * x], axis=-1)).item()
    1
    """
    angle = np.arctan2(m[..., 1], m[..., 0])
    corners = np.stack([angle[:-1, :-1], angle[1:, :-1], angle[1:, 1:], angle[:-1, 1:]])
    steps = np.roll(corners, -1, axis=0) - corners
    # Half a turn keeps its sign: two squares then count the step between their common cells once forwards, once back.
    turned = (steps - 2 * np.pi * np.round(steps / (2 * np.pi))).sum(axis=0) / (2 * np.pi)
    return np.where(np.isfinite(turned), np.round(turned), 0).astype(np.int64)
