"""What each run of a design is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["DesignRole", "Tried", "Verified"]


@dataclass(frozen=True)
class Tried:
    """A run of a device that the search tries, from number 1, the start; `part` is its role in a campaign."""

    number: int
    run: str
    seed: int | None = None
    part: str = ""

    def __str__(self) -> str:
        """Write it as the report does."""
        return f"device {self.number}: {self.run}{_with(self.seed, self.part)}"


@dataclass(frozen=True)
class Verified:
    """A run that looks at the start or at the device found, with what the search has not seen."""

    device: Literal["start", "found"]
    run: str
    engine: str
    seed: int | None = None
    part: str = ""

    def __str__(self) -> str:
        """Write it as the report does."""
        device = "start" if self.device == "start" else "device found"
        return f"verification, {device}: {self.run}{_with(self.seed, self.part)}"


DesignRole = Tried | Verified
"""Role of any run of such a campaign."""


def _with(seed: int | None, part: str) -> str:
    return ("" if seed is None else f", seed {seed}") + (f", {part}" if part else "")
