"""Roles of the runs of a campaign of recognition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from solitons.figures import value_label

__all__ = ["ALONE", "CALIBRATED", "PAIR", "Part"]


@dataclass(frozen=True)
class Part:
    """The role of a run.

    `name` is the image's or the problem's, of a calibration "a disc alone" or "two discs"; `reading` which magnets,
    "discs" or "ellipses"; `bias` of a calibration in A/m.
    """

    name: str
    reading: Literal["discs", "ellipses"]
    bias: float | None = None

    def __str__(self) -> str:
        """Say it in words."""
        return f"{self.name}, {self.reading}" if self.bias is None else f"{self.name}, {value_label(self.bias, 'A/m')}"


ALONE, PAIR = "a disc alone", "two discs"
CALIBRATED = {ALONE: [[0.0, 0.0]], PAIR: [[0.0, 0.0], [1.0, 0.0]]}
"""Places in pitches."""
