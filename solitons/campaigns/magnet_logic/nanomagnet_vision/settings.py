"""Settings of a campaign of recognition: images, small problems, and the magnets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from geometries.description import Description, PositiveLength
from geometries.quantities import Angle, FieldStrength

__all__ = ["Completion", "Image", "MaxCut", "VisionMagnets"]

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9 _.-]{0,39}$")]
MOST_MAGNETS = 20


class Image(Description):
    """An image whose strongest edge segments are looked at.

    Parameters
    ----------
    name : str
        Name of the image, in reports.
    source : {"contour", "noise", "china.jpg", "flower.jpg"}
        Edge elements, some along a contour; noise without a contour; or a photograph of scikit-learn's.
    segments : int
        How many edge segments, a magnet each; 4 to 20, so that the exact minimum is known. For "contour" as many
        elements are drawn.
    contour : int
        How many elements lie along the contour; only of "contour".
    turn : float
        Largest angle between one element of the contour and the next, in rad.
    reduced : int
        Pixels of a photograph that are averaged to one along each side: the scale at which edges are looked at.
    seed : int
        Seed of the drawing.
    """

    name: Name
    source: Literal["contour", "noise", "china.jpg", "flower.jpg"]
    segments: Annotated[int, Field(ge=4, le=MOST_MAGNETS)] = 14
    contour: Annotated[int, Field(ge=2)] | None = None
    reduced: Annotated[int, Field(ge=1, le=16)] = 4
    turn: Annotated[Angle, Field(ge=0, le=1.6)] = 0.35
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0

    @model_validator(mode="after")
    def _has_a_contour(self) -> Image:
        if (self.source == "contour") != (self.contour is not None):
            remedy = "give it" if self.source == "contour" else "leave it out"
            raise ValueError(f"image {self.name!r}: contour is of source = 'contour' and of no other; {remedy}")
        if self.contour is not None and self.contour >= self.segments:
            raise ValueError(
                f"image {self.name!r}: contour = {self.contour} must be below segments = {self.segments}, so that "
                "there is something beside the contour"
            )
        return self


class MaxCut(Description):
    """A graph whose nodes shall be parted in two so that the weights of the edges between the parts are largest.

    Parameters
    ----------
    name : str
        Name of the graph, in reports.
    nodes : int
        How many, 3 to 20; a magnet each.
    edges : sequence of (int, int, float)
        Two nodes, counted from 0, and the edge's weight.
    """

    name: Name
    nodes: Annotated[int, Field(ge=3, le=MOST_MAGNETS)]
    edges: Annotated[tuple[tuple[int, int, float], ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_a_graph(self) -> MaxCut:
        seen = set()
        for one, other, weight in self.edges:
            if not (0 <= one < self.nodes and 0 <= other < self.nodes) or one == other or not weight:
                raise ValueError(
                    f"graph {self.name!r}: edge ({one}, {other}, {weight:g}) must join two nodes of 0 to "
                    f"{self.nodes - 1} with a weight that is not 0"
                )
            if frozenset((one, other)) in seen:
                raise ValueError(f"graph {self.name!r}: two edges join {one} and {other}; give one, with their sum")
            seen.add(frozenset((one, other)))
        return self


class Completion(Description):
    """Stored patterns, and what is shown of the first: the rest shall be completed.

    Parameters
    ----------
    name : str
        Name of the patterns, in reports.
    patterns : sequence of str
        Rows from top to bottom with "/" between, "#" for 1 and "." for -1; a magnet for each place.
    shown : str
        As a pattern, with "?" for what is not shown.
    """

    name: Name
    patterns: Annotated[tuple[str, ...], Field(min_length=1, max_length=4)]
    shown: str

    @model_validator(mode="after")
    def _fit(self) -> Completion:
        first = self.patterns[0]
        for text, allowed in (*((each, "#./") for each in self.patterns), (self.shown, "#.?/")):
            if set(text) - set(allowed):
                raise ValueError(f"patterns {self.name!r}: {text!r} must be of {' '.join(allowed)}")
            if [len(row) for row in text.split("/")] != [len(row) for row in first.split("/")]:
                raise ValueError(f"patterns {self.name!r}: {text!r} has not the rows of {first!r}")
        places = len(first.replace("/", ""))
        if not 3 <= places <= MOST_MAGNETS:
            raise ValueError(f"patterns {self.name!r} have {places} places; give 3 to {MOST_MAGNETS}")
        if any(shown not in ("?", known) for shown, known in zip(self.shown, first, strict=True)):
            raise ValueError(f"patterns {self.name!r}: what is shown must be a part of the first pattern, {first!r}")
        if not set(self.shown) & set("#.") or "?" not in self.shown:
            raise ValueError(f"patterns {self.name!r}: show a part of the first pattern, and leave a part to complete")
        return self


class VisionMagnets(Description):
    """The magnets of all arrays, and the fall of the perpendicular field that lets them choose.

    Parameters
    ----------
    length : float
        Diameter of the discs and long axis of the ellipses, in m.
    width : float
        Short axis of the ellipses in m.
    thickness : float
        In m.
    pitch : float
        Least distance of two magnets' centres in m.
    cell : tuple of three floats
        In m.
    clock_field : float
        Perpendicular field in A/m that takes all magnets out of the plane.
    field_steps : int
        In how many steps it falls to 0.
    bias : float
        Field in the plane in A/m on the discs while it falls. It sets how much a disc needs of its neighbours to stay
        a single domain.
    hold : float
        Bias in A/m that holds what a small problem gives.
    """

    length: PositiveLength
    width: PositiveLength
    thickness: PositiveLength
    pitch: PositiveLength
    cell: tuple[PositiveLength, PositiveLength, PositiveLength]
    clock_field: Annotated[FieldStrength, Field(gt=0)]
    field_steps: Annotated[int, Field(ge=2, le=200)] = 14
    bias: Annotated[FieldStrength, Field(gt=0)]
    hold: Annotated[FieldStrength, Field(gt=0)]

    @model_validator(mode="after")
    def _can_be_made(self) -> VisionMagnets:
        if not self.width < self.length:
            raise ValueError("magnets.width must be below magnets.length: an ellipse's bit is the sign along its axis")
        if self.pitch < self.length + max(self.cell[:2]):
            raise ValueError(
                f"magnets.pitch = {self.pitch:g} m must be a cell more than magnets.length = {self.length:g} m, so "
                "that no two magnets touch"
            )
        return self
