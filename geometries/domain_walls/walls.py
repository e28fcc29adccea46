"""Domain walls: where a stripe's initial magnetisation turns, and how."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import model_validator

from geometries.description import Description, PositiveLength
from geometries.materials import Material
from geometries.quantities import Length

__all__ = ["Wall", "usual_width"]


class Wall(Description):
    """A domain wall in the initial magnetisation of a stripe.

    Bloch and Neel walls part up from down domains (a perpendicular film),
    transverse and vortex walls part domains that point head to head, or tail to
    tail, along the stripe (a soft, in-plane film). Which domain is on the left
    follows from the stripe: domains alternate from its `first_domain` on.

    Parameters
    ----------
    position : float
        Centre of the wall along the stripe, in m.
    kind : {"bloch", "neel", "transverse", "vortex"}
        Structure of the wall.
    sign : {1, -1}, optional
        Sense of the wall: the sign of m_y in a Bloch or transverse wall and of
        m_x in a Neel wall; the circulation of a vortex, 1 for counter-clockwise.
        If left out, a Bloch or Neel wall turns as the material's
        Dzyaloshinskii-Moriya interaction prefers, every other one has 1.
    polarity : {1, -1}
        Sign of m_z in the core of a vortex; other walls have no core.
    width : float, optional
        Width parameter Delta in m. If left out, sqrt(A / K_eff) in a
        perpendicular film, and the stripe's width over pi in an in-plane one.

    Raises
    ------
    pydantic.ValidationError
        If a quantity is no length, `width` is not above 0, a wall without a core
        gets a polarity, or a key is unknown.

    References
    ----------
    Width parameter of transverse walls in soft stripes: Y. Nakatani,
    A. Thiaville, J. Miltat, J. Magn. Magn. Mater. 290-291, 750 (2005).

    Examples
    --------
    >>> Wall(position="128 nm", kind="neel").domain_axis
    'z'
    """

    position: Length
    kind: Literal["bloch", "neel", "transverse", "vortex"] = "bloch"
    sign: Literal[1, -1] | None = None
    polarity: Literal[1, -1] = 1
    width: PositiveLength | None = None

    @model_validator(mode="after")
    def _core(self) -> Wall:
        if self.polarity == -1 and self.kind != "vortex":
            raise ValueError(
                f"polarity = -1 in a {self.kind} wall, which has no core; leave polarity out, use sign for "
                "the wall's sense, or make it a vortex"
            )
        return self

    @property
    def domain_axis(self) -> Literal["x", "z"]:
        """Axis of the domains that the wall parts: "z" (up-down) or "x" (head-to-head)."""
        return "z" if self.kind in ("bloch", "neel") else "x"

    def width_in(self, material: Material, stripe_width: float) -> float:
        """Give the width parameter that the wall starts with.

        Parameters
        ----------
        material : Material
            The magnet.
        stripe_width : float
            Width of the stripe where the wall is, in m.

        Returns
        -------
        float
            Delta in m.

        Raises
        ------
        ValueError
            If the width of an up-down wall is left to a material that magnetises
            in its plane.
        """
        if self.width is not None:
            return self.width
        return usual_width(material, stripe_width, self.domain_axis)

    def sign_in(self, material: Material, left_domain: int) -> int:
        """Give the sense that the wall starts with.

        The Dzyaloshinskii-Moriya energy of a wall with left domain l = 1 (up) or
        -1 (down) and sense s is proportional to -D l s for the interfacial form
        in a Neel wall, and to D l s for the bulk form in a Bloch wall.

        Parameters
        ----------
        material : Material
            The magnet.
        left_domain : {1, -1}
            Sign of the magnetisation to the left of the wall.

        Returns
        -------
        int
            1 or -1.
        """
        if self.sign is not None:
            return self.sign
        preferred = {("neel", "interfacial"): 1, ("bloch", "bulk"): -1}.get((self.kind, material.dmi))
        if preferred is None or material.D == 0:
            return 1
        return preferred * left_domain * (1 if material.D > 0 else -1)


def usual_width(material: Material, stripe_width: float, domain_axis: str) -> float:
    """Delta in m of a wall by its material, or (domains along x) by the width of its stripe in m.

    ValueError if there is none: domains along z of a material that magnetises in its plane.
    """
    return material.wall_width if domain_axis == "z" else stripe_width / math.pi
