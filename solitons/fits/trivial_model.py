"""Models that know nothing of the physics: what a fitted one must beat, in runs that neither has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["TrivialModel", "best_first", "root_mean_square"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TrivialModel:
    """Errors of a trivial model.

    `rms` is the root mean square error in held-out runs, in m of positions; `says` is the model's assumption, as the
    end of a sentence: "the wall stays where it starts".
    """

    says: str
    rms: float


def root_mean_square(errors: Floats, coordinates: int = 1) -> float:
    """Root mean square of errors, or of distances with so many `coordinates` each; NaN of none.

    Examples
    --------
    >>> root_mean_square(np.array([3.0, 4.0]), coordinates=2)
    5.0
    """
    return float(np.sqrt(np.mean(errors**2) * coordinates)) if errors.size else float("nan")


def best_first(errors: Mapping[str, Sequence[Floats]], coordinates: int = 1) -> list[TrivialModel]:
    """Trivial models by what they assume, with their errors in held-out runs."""
    found = [TrivialModel(says, root_mean_square(np.concatenate(each), coordinates)) for says, each in errors.items()]
    return sorted(found, key=lambda model: model.rms)
