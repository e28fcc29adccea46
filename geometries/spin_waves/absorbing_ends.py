"""Absorbing ends: damping that rises towards the ends of a waveguide, so that no wave comes back."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries.description import Description, PositiveLength
from geometries.quantities import Damping, PureNumber

__all__ = ["AbsorbingEnds"]

FloatArray = npt.NDArray[np.float64]


class AbsorbingEnds(Description):
    r"""A ramp of Gilbert's damping at both ends of a waveguide.

    .. math:: \alpha(s) = \alpha_0 + \max(\alpha_e - \alpha_0, 0)\, s^p

    with s from 0 where the ramp begins to 1 at the edge, and :math:`\alpha_0` of the material. A wave is reflected
    where the damping changes within a wavelength: the ramp has to be longer than the longest wave in use, the more so
    the higher it rises. `analysis.plane_waves` measures what is reflected.

    Parameters
    ----------
    length : float
        Length of each ramp, in m.
    alpha : float
        Damping at the edge, above 0.
    power : float
        The p of the equation, 1 or more; a ramp with 2 begins without a kink.

    Raises
    ------
    pydantic.ValidationError
        If a value is out of its range or of another dimension.

    References
    ----------
    G. Venkat, H. Fangohr and A. Prabhakar, J. Magn. Magn. Mater. 450, 34 (2018).

    Examples
    --------
    >>> AbsorbingEnds(length="400 nm").alpha
    0.5
    """

    length: PositiveLength
    alpha: Annotated[Damping, Field(gt=0)] = 0.5
    power: Annotated[PureNumber, Field(ge=1)] = 2.0

    def share(self, x: npt.ArrayLike, length: float) -> FloatArray:
        """Give s^p at places x in m of a waveguide of this length in m: 0 between the ramps, towards 1 at its edges."""
        inside = np.asarray(x, dtype=np.float64)
        depth = self.length - np.minimum(inside, length - inside)
        return np.clip(depth / self.length, 0.0, 1.0) ** self.power
