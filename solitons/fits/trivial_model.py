"""A model that knows nothing of the physics: what a fitted one must beat."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TrivialModel"]


@dataclass(frozen=True)
class TrivialModel:
    """What a model that knows nothing gets wrong.

    `rms` is the root mean square error in m of the positions in held-out runs; `says` what the model assumes, as the
    end of a sentence: "the wall stays where it starts".
    """

    says: str
    rms: float
