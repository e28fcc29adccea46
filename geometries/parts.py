"""Parts of a device: regions with a material of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.directions import Direction
from geometries.materials import Material, MaterialField
from geometries.quantities import (
    AnisotropyConstant,
    Damping,
    DMIConstant,
    ExchangeConstant,
    Magnetisation,
    format_quantity,
)
from geometries.regions import Box, Meshed, Region

__all__ = ["BODY", "Part", "PlacedPart", "alike", "anisotropy_of_cells", "check_parts", "part_rows", "place_parts"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

BODY = "body"
"""Name of what belongs to no part."""

_CHANGES = {"Ms": "A/m", "A": "J/m", "Ku": "J/m^3", "easy_axis": "", "D": "J/m^2", "alpha": ""}


class Part(Region):
    """A region of a device whose material differs from the rest.

    An irradiated window with another anisotropy, a gate, a softer end, a second layer: a
    box of cells. Give its `material`, or what is different from the device's.

    Parameters
    ----------
    name : str
        Letters, digits and underscores; not "body".
    x, y, z : tuple of two floats, optional
        Begin and end of the part, in m; everywhere if left out. Intervals of z make
        layers.
    material : Material or str, optional
        The whole material, or the name of one in the library.
    Ms, A, Ku, D, alpha : float, optional
        Local values, in A/m, J/m, J/m3, J/m2 and 1; by default the device's material's.
    easy_axis : tuple of three floats, optional
        Local direction of the uniaxial axis.

    Raises
    ------
    pydantic.ValidationError
        If a value is out of its range or of another dimension, both a material and local
        values are given, nothing is changed, or a key is unknown.

    Examples
    --------
    >>> from geometries import get_material
    >>> gate = Part(name="gate", x=("100 nm", "200 nm"), Ku="0.4 MJ/m^3")
    >>> gate.material_in(get_material("perpendicular film")).Ku
    400000.0
    """

    material: MaterialField | None = None
    Ms: Magnetisation | None = Field(default=None, gt=0)
    A: ExchangeConstant | None = Field(default=None, gt=0)
    Ku: AnisotropyConstant | None = None
    easy_axis: Direction | None = None
    D: DMIConstant | None = None
    alpha: Damping | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _is_different(self) -> Part:
        if self.name == BODY:
            raise ValueError(f"{BODY!r} is what belongs to no part; give the part another name")
        if self.material is not None and self._changes():
            raise ValueError(
                f"part {self.name!r} has both a material and {', '.join(self._changes())}; put all values into the "
                "material, or leave it out"
            )
        if self.material is None and not self._changes():
            raise ValueError(
                f"part {self.name!r} is like the rest of the device; give it a material or one of {', '.join(_CHANGES)}"
            )
        return self

    def _changes(self) -> dict[str, object]:
        return {name: value for name in _CHANGES if (value := getattr(self, name)) is not None}

    def material_in(self, base: Material) -> Material:
        """Give the material of the part.

        Parameters
        ----------
        base : Material
            Material of the rest of the device.

        Returns
        -------
        Material
            The part's own, or `base` with the part's values, named "base (part)".
        """
        if self.material is not None:
            return self.material
        return Material.model_validate({**base.model_dump(), **self._changes(), "name": f"{base.name} ({self.name})"})

    def describe(self) -> str:
        """Say in a few words what is different here."""
        if self.material is not None:
            return self.material.name
        texts = []
        for name, value in self._changes().items():
            unit = _CHANGES[name]
            if isinstance(value, tuple):
                texts.append(f"{name} ({', '.join(f'{component:.3g}' for component in value)})")
            elif isinstance(value, float):
                texts.append(f"{name} {format_quantity(value, unit) if unit else format(value, 'g')}")
        return ", ".join(texts)


def alike(parts: Sequence[Part]) -> dict[str, list[Part]]:
    """Parts by what is different in them, in words; names and places may differ."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.describe(), []).append(part)
    return found


def part_rows(parts: Sequence[Part]) -> list[tuple[str, str]]:
    """Rows of a table in words: a row for each part, one for those that are alike."""
    rows = []
    for what, several in alike(parts).items():
        if len(several) == 1:
            rows.append((f"part {several[0].name}", what + several[0].place_text()))
        else:
            places = "; ".join(part.name + part.place_text() for part in several)
            rows.append((f"{len(several)} parts", f"{what}: {places}"))
    return rows


@dataclass(frozen=True)
class PlacedPart:
    """A part on the mesh of its device, with its material; "body" is what belongs to no part.

    `cells` (nx, ny, nz) are the magnet in the part; `box` has the first cell and the one after the last along x, y and
    z, magnet or not.
    """

    name: str
    cells: BoolArray
    box: Box
    material: Material


def place_parts(parts: tuple[Part, ...], device: Meshed, material: Material) -> tuple[PlacedPart, ...]:
    """Put parts that share no cell on the mesh of a device whose body is of this material.

    The body, which is what no part covers and may be empty, comes first, then the parts in their order.
    """
    mask = device.mask()
    body = mask.copy()
    placed = []
    for part in parts:
        cells = part.magnet_cells(device, mask)
        body &= ~cells
        placed.append(PlacedPart(part.name, cells, part.box(device), part.material_in(material)))
    nx, ny, nz = device.shape
    return (PlacedPart(BODY, body, ((0, nx), (0, ny), (0, nz)), material), *placed)


def anisotropy_of_cells(
    parts: Sequence[PlacedPart], easy_axes: Callable[[tuple[float, float, float]], FloatArray | None]
) -> tuple[FloatArray, FloatArray]:
    """Ku in J/m3 (nx, ny, nz) and easy axes (nx, ny, nz, 3) of placed parts; outside the magnet 0 and +z.

    `easy_axes` gives the easy axis of every cell for a material's axis, or None where all have the material's
    (`AbstractDevice.easy_axes`).
    """
    shape = parts[0].cells.shape
    constant, axes = np.zeros(shape), np.zeros((*shape, 3))
    axes[..., 2] = 1.0
    for part in parts:
        constant[part.cells] = part.material.Ku
        local = easy_axes(part.material.easy_axis)
        axes[part.cells] = part.material.easy_axis if local is None else local[part.cells]
    return constant, axes


def check_parts(parts: tuple[Part, ...], device: Meshed) -> None:
    """Refuse parts that reach out of their device, cover no magnet or share cells."""
    if not parts:
        return
    mask = device.mask()
    for index, part in enumerate(parts):
        part.check_inside(device, f"parts[{index}]")
        part.magnet_cells(device, mask)
    boxes = [(part, part.box(device)) for part in parts]
    for (one, box), (other, theirs) in combinations(boxes, 2):
        if all(max(a[0], b[0]) < min(a[1], b[1]) for a, b in zip(box, theirs, strict=True)):
            raise ValueError(
                f"the parts {one.name!r} and {other.name!r} overlap; move their borders apart, a cell belongs to one "
                "part at most"
            )
