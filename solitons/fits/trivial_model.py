"""A model that knows nothing of the physics: what a fitted one must beat."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TrivialModel"]


@dataclass(frozen=True)
class TrivialModel:
    """What such a model gets wrong.

    Parameters
    ----------
    says : str
        What it takes for true, as the end of a sentence: "the wall stays where it starts".
    rms : float
        Root mean square error in m of the positions in held-out runs.
    """

    says: str
    rms: float
