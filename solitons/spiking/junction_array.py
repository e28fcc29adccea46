"""An array of binary junctions that are written by chance: what each pulse does, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

__all__ = ["JunctionArray", "PulseCounts", "random_states"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PulseCounts:
    """How many pulses were sent, by kind and by the state that they met.

    `sent` (2, states) are set pulses, then reset pulses, on antiparallel, then on parallel junctions, or on each level
    of a `LevelArray`; `switched` (2,) those of the set and of the reset pulses that changed the state.
    """

    sent: npt.NDArray[np.int64]
    switched: npt.NDArray[np.int64]

    @property
    def total(self) -> int:
        """Number of pulses."""
        return int(self.sent.sum())


@dataclass(frozen=True)
class JunctionArray:
    """Junctions between inputs and neurons, one or more in parallel at each crossing.

    A set pulse makes an antiparallel junction parallel with a chance of its own and leaves a parallel one as it is; a
    reset pulse does the reverse. Each array is (neurons, inputs, junctions), or broadcasts to the shape of the states.
    Conductances are relative to a parallel junction of the mean device, chances from 0 to 1, and `energies` (2, 2) the
    mean energies of a pulse in J in the order of `PulseCounts.sent`.
    """

    parallel: Floats | float
    antiparallel: Floats | float
    set_chance: Floats | float
    reset_chance: Floats | float
    energies: Floats

    axes: ClassVar[tuple[str, ...]] = ("neurons", "inputs", "junctions")
    """Axes of its states: 1 where a junction is parallel, else 0."""
    levels: ClassVar[int] = 2
    """Number of states of a junction."""

    def __post_init__(self) -> None:
        for name in ("set_chance", "reset_chance"):
            values = np.asarray(getattr(self, name), dtype=float)
            if not np.all((values >= 0) & (values <= 1)):
                wrong = values[~((values >= 0) & (values <= 1))].flat[0]
                raise ValueError(f"JunctionArray: {name} = {wrong:g}; a chance is from 0 to 1")
        for name in ("parallel", "antiparallel", "energies"):
            if not np.all(np.asarray(getattr(self, name), dtype=float) >= 0):
                raise ValueError(f"JunctionArray: {name} has a value below 0, or none; give values of at least 0")
        if np.shape(self.energies) != (2, 2):
            raise ValueError(
                f"JunctionArray: energies have the shape {np.shape(self.energies)}; give (2, 2): set and reset pulses, "
                "on antiparallel and on parallel junctions"
            )

    def compiled(self, shape: tuple[int, ...]) -> tuple[Callable[..., int], tuple[Any, ...]]:
        """The compiled function that follows a layer with states of a shape, and what it takes of the junctions."""
        # It takes numba, half a second to import.
        from solitons.spiking.compiled.layer import follow

        def of_each(values: Floats | float, share: float = 1.0) -> Floats:
            return np.ascontiguousarray(np.broadcast_to(np.asarray(values, dtype=float) * share, shape))

        each = 1 / shape[2]
        conductances = of_each(self.parallel, each), of_each(self.antiparallel, each)
        return follow, (*conductances, of_each(self.set_chance), of_each(self.reset_chance))

    def energy(self, counts: PulseCounts) -> float:
        """Energy in J of all pulses that were sent."""
        return float(np.sum(np.asarray(self.energies) * counts.sent))


def random_states(neurons: int, inputs: int, junctions: int, seed: int) -> npt.NDArray[np.uint8]:
    """Junctions that were never written: half of them parallel (1), at random, (neurons, inputs, junctions)."""
    return np.random.default_rng(seed).integers(0, 2, (neurons, inputs, junctions), dtype=np.uint8)
