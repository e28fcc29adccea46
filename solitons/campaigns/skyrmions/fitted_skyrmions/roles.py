"""What a run is for that is fitted beside those that are swept."""

from __future__ import annotations

from dataclasses import dataclass

from solitons.figures import value_label

__all__ = ["TrainingRun"]


@dataclass(frozen=True)
class TrainingRun:
    """A run under a constant current density (A/m2), which the fit always sees."""

    current: float

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"training: a constant current of {value_label(self.current, 'A/m^2')}"
