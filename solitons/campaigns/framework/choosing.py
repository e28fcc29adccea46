"""Runs of a plan that a campaign chooses one after another, until its predictions are known as well as is asked for.

Runs that are held out are no part of it: they are always made, and judge the fit as they do without a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import Field

from geometries.description import Description
from solitons.campaigns.framework.base import LabelledRun
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation

__all__ = ["Choosing", "ChosenRuns"]


class ChosenRuns(Description):
    """Which runs of the sweep the fit takes: some spread over it, then each time the one that it learns most from.

    A kind adds `until`, the half-width of the predictions' 95 % interval that ends it.

    Parameters
    ----------
    first : int
        Runs before the first that is chosen, spread over the sweep.
    most : int, optional
        Most runs to fit; all that are not held out if left out.
    """

    unit: ClassVar[str] = ""
    """Of `until`."""

    first: Annotated[int, Field(ge=3, le=1000)] = 3
    most: Annotated[int, Field(ge=3, le=100_000)] | None = None
    until: Any

    def check(self, planned: int) -> None:
        """Refuse a plan of so few runs to fit that none could be left out, and a limit below the first runs."""
        if self.first >= planned:
            raise ValueError(
                f"choose.first = {self.first}, but the sweep has {planned} run(s) beside those held out, so that there "
                "is nothing to choose; give the sweep more values, or leave choose out"
            )
        if self.most is not None and self.most < self.first:
            raise ValueError(
                f"choose.most = {self.most} must be choose.first = {self.first} or more, or left out for all runs"
            )


@dataclass(frozen=True)
class Choosing:
    """The runs of a plan that were chosen so far, by their places in it, in the order in which they are made.

    `points` are the swept values of all runs that may be fitted; `interval` is the half-width of the predictions' 95 %
    interval by the runs so far, NaN where none is known; `doubted` is whether the same misfit in the whole plan would
    make doubt of the model; `ended` is whether all of `made` are to be fitted.
    """

    settings: ChosenRuns
    points: Mapping[int, Sequence[float]]
    made: tuple[int, ...]
    interval: float = np.nan
    doubted: bool = False
    ended: bool = False

    @classmethod
    def begun(cls, settings: ChosenRuns, points: Mapping[int, Sequence[float]]) -> Self:
        """With the first runs, before there is a fit."""
        from solitons.fits.chosen_runs import spread_out

        places = list(points)
        return cls(settings, points, tuple(places[each] for each in spread_out(list(points.values()), settings.first)))

    @property
    def left(self) -> list[int]:
        """Places of the runs that are not made, in the order of the plan."""
        return [place for place in self.points if place not in self.made]

    @property
    def reached(self) -> bool:
        """Whether the predictions are known as well as is asked for."""
        return bool(self.interval <= self.settings.until)

    def after(self, interval: float, following: Callable[[Sequence[int]], int], *, doubted: bool = False) -> Self:
        """With what the runs so far have shown: one more run of those left (`following`), or the end."""
        known = replace(self, interval=interval, doubted=doubted)
        if known.reached or not self.left or len(self.made) == self.settings.most:
            return replace(known, ended=True)
        return replace(known, made=(*self.made, following(self.left)))

    def about(self) -> Iterator[Reason]:
        """Whether predictions are less certain than was asked for, or the model is in doubt without the other runs."""
        if not self.reached:
            yield limitation("interval_not_reached", f"{self._known} Add runs or raise choose.until.")
        if self.doubted and self.left:
            yield limitation(
                "misfit_open",
                f"The model's misfit in the {len(self.made)} runs that were made may be chance; the same in all "
                f"{len(self.points)} would hardly be. Leave choose out to know.",
            )

    def statement(self, plan: Sequence[LabelledRun]) -> str:
        """Say which runs of the plan were made, and why no more."""
        spread, chosen = (
            ", ".join(str(plan[place].role) for place in places)
            for places in (self.made[: self.settings.first], self.made[self.settings.first :])
        )
        then = f"then by expected information: {chosen}" if chosen else "none had to be chosen"
        return (
            f"{len(self.made)} of the {len(self.points)} runs of the sweep that are not held out were made. Spread "
            f"over it: {spread}; {then}. {self._known}"
        )

    @property
    def _known(self) -> str:
        asked = value_label(self.settings.until, self.settings.unit)
        why = "the interval is reached" if self.reached else "every run is made"
        if not self.reached and self.left:
            why = f"choose.most = {self.settings.most}"
        if np.isnan(self.interval):
            return f"No interval of the predictions is known, where ±{asked} was asked for ({why})."
        known = value_label(self.interval, self.settings.unit, digits=2)
        return f"Predictions are known to ±{known} (95 %), where ±{asked} was asked for ({why})."
