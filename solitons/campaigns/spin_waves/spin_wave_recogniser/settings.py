"""Places of scatterers and ports on the film, its drive, the images and the training, and the roles of the runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from geometries.description import Description, PositiveLength
from geometries.parts import Part
from geometries.quantities import AnisotropyConstant, Coordinate, PureNumber
from geometries.regions import Name

__all__ = [
    "EMPTY", "FAILED_MISFITS", "ONE_SCATTERER", "TOGETHER", "TRAINED", "ImageTask", "RecogniserRole", "ScattererGrid",
    "SquarePorts", "Template", "Training",
]  # fmt: skip

Point = tuple[float, float]
_Seed = Annotated[int, Field(ge=0, lt=2**31)]


class ScattererGrid(Description):
    """Places of square scatterers, all alike: regions of another anisotropy, each on or off.

    Parameters
    ----------
    corner : (float or str, float or str)
        Corner with the smallest x and y of the first, in m.
    columns, rows : int
        Places along x and y.
    pitch, size : float or str
        From one to the next, and the side of each, in m.
    Ku : float or str
        Anisotropy constant in a scatterer that is on, in J/m3; its axis is the material's.
    """

    corner: tuple[Coordinate, Coordinate]
    columns: Annotated[int, Field(ge=1, le=40)]
    rows: Annotated[int, Field(ge=1, le=40)]
    pitch: PositiveLength
    size: PositiveLength
    Ku: AnisotropyConstant

    @property
    def corners(self) -> list[Point]:
        """Corner of each place, column by column, in m."""
        x, y = self.corner
        return [
            (round(x + column * self.pitch, 15), round(y + row * self.pitch, 15))
            for column in range(self.columns)
            for row in range(self.rows)
        ]

    @property
    def middles(self) -> list[Point]:
        """Middle of each place, in m."""
        return [(x + self.size / 2, y + self.size / 2) for x, y in self.corners]

    def parts(self, on: Iterable[int]) -> list[Part]:
        """The regions of the places that are on, by their numbers."""
        corners, ends = self.corners, self.size
        return [
            Part(name=f"s{each}", x=(x, round(x + ends, 15)), y=(y, round(y + ends, 15)), Ku=self.Ku)
            for each in on
            for x, y in [corners[each]]
        ]


class SquarePorts(Description):
    """Squares of `size` (m) around `x` and each of `y` (m), in which the mean of the precession is read."""

    x: Coordinate
    y: Annotated[tuple[Coordinate, ...], Field(min_length=2, max_length=20)]
    size: PositiveLength


class Template(Description):
    """The image of a class: `pixels` of # (1) and . (-1), an antenna each; white space does not count."""

    name: Name
    pixels: str

    @property
    def values(self) -> list[float]:
        """1 or -1 for each pixel."""
        return [1.0 if each == "#" else -1.0 for each in "".join(self.pixels.split())]


class ImageTask(Description):
    """Images to recognise: templates with normal noise.

    Parameters
    ----------
    templates : tuple of Template
        A port for each, in this order.
    noise : float
        Standard deviation of each pixel.
    phase_known : bool
        Whether the phase that all pixels of an image share is known. If not, it is drawn for each image; powers do not
        depend on it.
    train, test : int
        Images of each class.
    seed : int
        Of noise and phases.
    """

    templates: Annotated[tuple[Template, ...], Field(min_length=2, max_length=20)]
    noise: Annotated[PureNumber, Field(ge=0, le=10)]
    phase_known: bool = False
    train: Annotated[int, Field(ge=10, le=5000)] = 100
    test: Annotated[int, Field(ge=10, le=100_000)] = 1000
    seed: _Seed = 0


class Training(Description):
    """Training by flips: `starts` random patterns, the `sharpness` of the loss, and the `seed` of the patterns."""

    starts: Annotated[int, Field(ge=1, le=1000)] = 30
    sharpness: Annotated[PureNumber, Field(gt=0, le=100)] = 2.0
    seed: _Seed = 0


FAILED_MISFITS = (0.2, 0.3)
"""Misfits of antenna and scatterer above which a film is neither trained nor run."""
EMPTY, ONE_SCATTERER = "one antenna in the empty film, fitted", "the same antenna and one scatterer, fitted"
TRAINED, TOGETHER = "in the trained film, predicted", "all antennas in the trained film: do waves add up?"


@dataclass(frozen=True)
class RecogniserRole:
    """A run that is one of the four above, of one antenna in the trained film."""

    what: str
    antenna: str = ""

    def __str__(self) -> str:
        return f"antenna {self.antenna} {self.what}" if self.antenna else self.what
