"""Runs of a stripe's sweep that are chosen one after another, until positions are known as well as is asked for.

Runs that are held out are no part of it: they are always made, and judge the fit as they do without a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from solitons.campaigns.framework.base import LabelledRun
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation

__all__ = ["Choosing"]


@dataclass(frozen=True)
class Choosing:
    """The runs of a sweep that were chosen so far, by their places in it, in the order in which they are made.

    `enough` is the half-width in m of the predictions' 95 % interval that was asked for (`fit.enough`), and
    `intervals` what it was after the first runs (`first` of them) and after each further one; NaN where none is known.
    `points` are the swept values of all runs that may be fitted.
    """

    enough: float
    points: Mapping[int, Sequence[float]]
    made: tuple[int, ...]
    first: int
    intervals: tuple[float, ...] = ()

    @classmethod
    def begun(
        cls, enough: float, points: Mapping[int, Sequence[float]], count: int, needed: Sequence[int] = ()
    ) -> Self:
        """With the first runs, before there is a fit: those that are `needed`, and `count` spread over the sweep.

        ValueError if that leaves none to choose.
        """
        from solitons.fits.chosen_runs import spread_out

        places = list(points)
        spread = (places[each] for each in spread_out(list(points.values()), min(count, len(places))))
        made = tuple(dict.fromkeys([*(place for place in needed if place in points), *spread]))
        if len(made) >= len(places):
            raise ValueError(
                f"fit.enough = {value_label(enough, 'm')} lets the fit choose runs after the first {len(made)}, but "
                f"the sweep has {len(places)} run(s) beside those held out, so that there is nothing to choose; give "
                "the sweep more values, or leave enough out"
            )
        return cls(enough, points, made, len(made))

    @property
    def left(self) -> list[int]:
        """Places of the runs that are not made, in the order of the sweep."""
        return [place for place in self.points if place not in self.made]

    @property
    def reached(self) -> bool:
        """Whether predictions are known well enough.

        With runs left to make that is so twice in a row: an interval of few runs is uncertain itself, and the first to
        be narrow enough may be so by chance.
        """
        everything = self._everything
        narrow = [interval <= self.enough for interval in self.intervals[-1 if everything else -2 :]]
        return all(narrow) and len(narrow) == (1 if everything else 2)

    @property
    def ended(self) -> bool:
        """Whether all runs that were made are fitted, and no further one follows."""
        return self.reached or self._everything

    @property
    def _everything(self) -> bool:
        """Whether all runs of the sweep were made and fitted."""
        return not self.left and len(self.intervals) > len(self.made) - self.first

    def after(self, interval: float, following: Callable[[Sequence[int]], int]) -> Self:
        """With what the runs so far have shown, and one more of those left (`following`) unless that is the end."""
        known = replace(self, intervals=(*self.intervals, interval))
        return known if known.ended else replace(known, made=(*self.made, following(self.left)))

    def about(self) -> Iterator[Reason]:
        """Whether predictions are less certain than was asked for."""
        if not self.reached:
            yield limitation("interval_not_reached", f"{self._known} Add runs to the sweep or raise fit.enough.")

    def statement(self, sweep: Sequence[LabelledRun]) -> str:
        """Say which runs of the sweep were made, and why no more."""
        spread, chosen = (
            "; ".join(str(sweep[place].role) for place in places)
            for places in (self.made[: self.first], self.made[self.first :])
        )
        return (
            f"{len(self.made)} of the {len(self.points)} runs of the sweep that are not held out were made. First: "
            f"{spread}. Then by expected information: {chosen}. {self._known}"
        )

    @property
    def _known(self) -> str:
        asked = value_label(self.enough, "m")
        why = "" if self.left else "; every run is made"
        if not self.intervals or not np.isfinite(self.intervals[-1]):
            return f"No interval of the positions is known, where ±{asked} was asked for{why}."
        known = value_label(self.intervals[-1], "m", digits=2)
        return (
            f"With all parameters free and an exact material, positions are known to ±{known} (95 %), where ±{asked} "
            f"was asked for{why}."
        )
