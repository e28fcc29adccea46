"""An array of synapses with several levels, one at each crossing, that pairs of spikes take from level to level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

__all__ = ["LevelArray", "random_levels"]


@dataclass(frozen=True)
class LevelArray:
    """Synapses that are alike, each at one of a few levels.

    `conductance` (levels,) rises, relative to the highest. `moves` (2, levels, draws) are levels after a pair of spikes
    that raises, then one that lowers the conductance: each draw is equally likely, so that chance is in them.

    Raises
    ------
    ValueError
        If the shapes disagree, the conductances do not rise from 0 or above, or a move leads to no level.

    Examples
    --------
    >>> steps = np.array([[[1], [2], [2]], [[0], [0], [1]]])  # three levels, one up or one down, without chance
    >>> LevelArray(np.array([0.4, 0.7, 1.0]), steps).levels
    3
    """

    conductance: npt.NDArray[np.float64]
    moves: npt.NDArray[np.int64]

    axes: ClassVar[tuple[str, ...]] = ("neurons", "inputs")
    """Axes of its states, which are levels from 0 on."""

    def __post_init__(self) -> None:
        rising = bool(np.all(np.diff(self.conductance, prepend=0.0)[1:] > 0) and self.conductance[0] >= 0)
        if not (rising and self.moves.ndim == 3 and self.moves.shape[:2] == (2, self.levels) and self.levels > 1):
            raise ValueError(
                f"LevelArray: conductance {self.conductance.tolist()} and moves of the shape {self.moves.shape}; give "
                "two or more rising conductances of 0 or above, and moves (2, levels, draws)"
            )
        if not (self.moves.min() >= 0 and self.moves.max() < self.levels):
            raise ValueError(
                f"LevelArray: moves lead to levels {self.moves.min()} to {self.moves.max()}; there are 0 to "
                f"{self.levels - 1}"
            )

    @property
    def levels(self) -> int:
        """Number of levels."""
        return int(self.conductance.size)

    def compiled(self, shape: tuple[int, ...]) -> tuple[Callable[..., int], tuple[Any, ...]]:
        """The compiled function that follows a layer with states of a shape, and what it takes of the synapses."""
        del shape  # all synapses are alike
        from solitons.spiking.compiled.layer import follow_levels

        return follow_levels, (self.conductance.astype(np.float64), np.ascontiguousarray(self.moves, dtype=np.int64))


def random_levels(neurons: int, inputs: int, levels: int, seed: int) -> npt.NDArray[np.uint8]:
    """Synapses that were never written: at levels that are drawn, all equally likely, (neurons, inputs)."""
    return np.random.default_rng(seed).integers(0, levels, (neurons, inputs), dtype=np.uint8)
