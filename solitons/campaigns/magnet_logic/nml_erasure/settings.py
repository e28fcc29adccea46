"""Settings of an erasure's campaign: the magnet that stores a bit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from geometries import Material, demagnetising_factors
from geometries.description import Description, PositiveLength
from geometries.quantities import format_quantity

if TYPE_CHECKING:
    from solitons.magnet_logic import CoupledMacrospins

__all__ = ["BitMagnet"]


class BitMagnet(Description):
    """An elliptical nanomagnet whose bit is the sign of its magnetisation along its long axis.

    Parameters
    ----------
    length, width, thickness : float
        Axes of the ellipse along x and y, and height, in m.

    Raises
    ------
    pydantic.ValidationError
        If the width is not below the length: a disc has no easy axis and stores no bit.
    """

    length: PositiveLength
    width: PositiveLength
    thickness: PositiveLength

    @model_validator(mode="after")
    def _has_an_easy_axis(self) -> Self:
        if not self.width < self.length:
            raise ValueError(
                f"width = {format_quantity(self.width, 'm')} must be below length = "
                f"{format_quantity(self.length, 'm')}: only a magnet that is longer than wide stores a bit"
            )
        return self

    def __str__(self) -> str:
        """Give the sizes, such as "30 nm x 20 nm x 5 nm"."""
        return " × ".join(format_quantity(size, "m") for size in (self.length, self.width, self.thickness))

    def macrospin(self, material: Material, temperature: float) -> CoupledMacrospins:
        """The magnet as one thermal macrospin, by the demagnetising factors of its ellipse."""
        from solitons.magnet_logic import biaxial_magnet

        return biaxial_magnet(
            math.pi / 4 * self.length * self.width * self.thickness,
            material.Ms,
            demagnetising_factors(self.length, self.width, self.thickness),
            damping=material.alpha,
            temperature=temperature,
            gyromagnetic_ratio=material.gamma0,
        )
