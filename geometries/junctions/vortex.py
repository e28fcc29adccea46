"""A magnetic vortex in a disc or an ellipse: the texture that a simulation starts from."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

from geometries.description import Description
from geometries.quantities import Coordinate, format_quantity

__all__ = ["Vortex"]

FloatArray = npt.NDArray[np.float64]


class Vortex(Description):
    r"""A vortex: m turns in the plane around a core, where it is along +z or -z.

    In a disc of radius R, with w = (x + i y) / R from its middle and the core at s, the angle of m in the plane is

    .. math:: \varphi = \arg[(w - s)(1 - s^* w)] + C \pi / 2,

    a vortex and its image, so that m is along the outline everywhere; an ellipse is a disc whose axes are
    stretched. In the core m_z = p exp[-(r / 2 l)^2], with the exchange length l = sqrt(2 A / mu0 Ms^2).

    Parameters
    ----------
    polarity : {1, -1}
        p: whether the core is along +z or -z.
    circulation : {1, -1}
        C: whether m turns counterclockwise or clockwise, seen from +z.
    offset : tuple of two floats
        Place of the core from the middle, in m; inside the outline.

    References
    ----------
    K. Yu. Guslienko et al., J. Appl. Phys. 91, 8037 (2002), for the vortex with its image.

    Examples
    --------
    >>> Vortex(circulation=-1, offset=("20 nm", 0))
    Vortex(polarity=1, circulation=-1, offset=(2e-08, 0.0))
    """

    polarity: Literal[1, -1] = 1
    circulation: Literal[1, -1] = 1
    offset: tuple[Coordinate, Coordinate] = (0.0, 0.0)

    def check(self, axes: tuple[float, float]) -> None:
        """Refuse a core outside an ellipse of these axes, in m."""
        if math.hypot(2 * self.offset[0] / axes[0], 2 * self.offset[1] / axes[1]) >= 1:
            place = ", ".join(format_quantity(each, "m") for each in self.offset)
            raise ValueError(
                f"start.offset = ({place}) puts the core of the vortex outside the pillar; keep it within half of "
                f"{' and '.join(format_quantity(each, 'm') for each in axes)} of the middle"
            )

    def magnetisation(self, x: FloatArray, y: FloatArray, axes: tuple[float, float], length: float) -> FloatArray:
        """Give unit vectors at places x (nx) and y (ny) from the middle in m, shape (nx, ny, 3); `length` is l."""
        w = (2 * x / axes[0])[:, None] + 1j * (2 * y / axes[1])[None, :]
        s = complex(2 * self.offset[0] / axes[0], 2 * self.offset[1] / axes[1])
        turned = (w - s) * (1 - s.conjugate() * w)
        # A circle becomes an ellipse: m stays along the outline.
        around = 1j * self.circulation * turned
        around = axes[0] * around.real + 1j * axes[1] * around.imag
        norm = np.abs(around)
        around = np.divide(around, norm, out=np.zeros_like(around), where=norm > 0)
        square = (x - self.offset[0])[:, None] ** 2 + (y - self.offset[1])[None, :] ** 2
        m_z = np.where(norm > 0, np.exp(-square / (4 * length**2)), 1.0)
        in_plane = np.sqrt(1 - m_z**2) * around
        return np.stack([in_plane.real, in_plane.imag, self.polarity * m_z], axis=-1)

    def describe(self) -> str:
        """Say in a few words what it is."""
        turn = "counterclockwise" if self.circulation > 0 else "clockwise"
        core = "+z" if self.polarity > 0 else "-z"
        place = "".join(f", {axis} {format_quantity(each, 'm')}" for axis, each in zip("xy", self.offset, strict=True))
        return f"vortex, {turn}, core {core}{place if any(self.offset) else ''}"
