"""A model that the runs may choose, and how it compares with the others."""

from __future__ import annotations

from dataclasses import dataclass

from solitons.domain_walls.parameters import WALL_PARAMETERS

__all__ = ["Candidate", "Compared"]


@dataclass(frozen=True)
class Candidate:
    """A model that the runs may choose.

    Fitted parameters of the wall, how many control values a fitted landscape has (0 for none), and whether
    the wall tilts or breathes by the material's constants.
    """

    free: tuple[str, ...]
    knots: int = 0
    tilts: bool = False
    breathes: bool = False

    @property
    def size(self) -> int:
        """How many values are fitted, and one more for each of tilt and width: the simpler model comes first."""
        return len(self.free) + self.knots + self.tilts + self.breathes

    def holds(self, other: Candidate) -> bool:
        """Whether the other one is a special case of this one."""
        nested = other.knots == 0 or (self.knots and (self.knots - 1) % (other.knots - 1) == 0)
        return set(other.free) <= set(self.free) and bool(nested) and self._moves_as(other)

    def _moves_as(self, other: Candidate) -> bool:
        return self.tilts >= other.tilts and self.breathes >= other.breathes

    def __str__(self) -> str:
        landscape = [f"landscape of {self.knots} values"] if self.knots else []
        fitted = ", ".join([*(WALL_PARAMETERS[name].symbol for name in self.free), *landscape]) or "nothing fitted"
        moves = [word for word, does in (("tilting", self.tilts), ("breathing", self.breathes)) if does]
        return f"{fitted} in a {' and '.join(moves)} wall" if moves else fitted


@dataclass(frozen=True)
class Compared:
    """A candidate beside the others.

    `rms` is the root mean square position error in m, over all samples, in runs that its fits did not see;
    `rms_at_rest` the same where walls rest after a pulse, None where none does. `behind` is by how much the logarithm
    of its likelihood of these runs is below the best that may be chosen, and `standard_error` how large that is by
    chance one time in six, by Student's t or by signs at random.

    A parameter `at_edge` of what is physical (`bounds_of`) stands for something else: such a model is not
    chosen. Models that are `unshapely` (the stripe's shape cannot have their hard-axis field) or `inseparable` (the
    runs give two parameters by their combination only) come after others.
    """

    candidate: Candidate
    rms: float
    rms_at_rest: float | None
    behind: float
    standard_error: float
    at_edge: bool
    unshapely: bool
    inseparable: bool
    chosen: bool
