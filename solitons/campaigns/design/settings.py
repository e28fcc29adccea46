"""What a design asks for: free fields, an aim, limits, and how long to look."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from geometries.description import Description
from geometries.quantities import parse_quantity
from solitons.campaigns.framework.axes import Axis
from solitons.campaigns.framework.results import Number
from solitons.figures import value_label

if TYPE_CHECKING:
    from analysis.observables import Observable

__all__ = ["Aim", "Bound", "DesignRun", "FreeField", "Limit", "SearchSettings", "Seeds"]


def _finite(value: Any) -> Any:
    try:
        fine = not isinstance(value, bool) and math.isfinite(float(value))
    except OverflowError:
        fine = False
    except (TypeError, ValueError):
        return value  # a text with a unit, which is read where the unit is known
    if not fine:
        raise ValueError(f"{str(value)[:40]} is no finite number; give one, or a text with its unit")
    return value


Quantity = Annotated[float | str, BeforeValidator(_finite)]


class _FreeAxis(Axis):
    """An axis that may be over a setting of a campaign, as "campaign.grid.gap_above"."""

    parts: ClassVar[tuple[str, ...]] = (*Axis.parts, "campaign")


class FreeField(Description):
    """A field of the device, the material, a protocol or a campaign that the search may change.

    Parameters
    ----------
    name, fields, unit, label
        As for an axis of a sweep; several fields get the same value. A field of a run that is a campaign begins with
        "campaign", such as "campaign.grid.gap_above".
    between : two of float or str
        The smallest and the largest value.
    step : float or str, optional
        What it changes by, from the smallest on: the width of a cell, or what a laboratory can set.

    Raises
    ------
    pydantic.ValidationError
        If the bounds do not rise, or have another dimension than the unit.
    """

    name: str
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    between: tuple[Quantity, Quantity]
    step: Quantity | None = None
    unit: str = ""
    label: str = ""

    @model_validator(mode="after")
    def _bounds_rise(self) -> FreeField:
        low, high = self.bounds
        if not low < high:
            raise ValueError(f"between = {low:g} to {high:g} of free field {self.name!r} must rise")
        if self.count is not None and abs(self.count * self._step - (high - low)) > 1e-6 * (high - low):
            raise ValueError(
                f"step = {self.step} of free field {self.name!r} must divide the way from {low:g} to {high:g}"
            )
        return self

    @property
    def count(self) -> int | None:
        """How many steps lead from the smallest to the largest value; None where every value between may be."""
        low, high = self.bounds
        return None if self.step is None else max(round((high - low) / self._step), 1)

    @property
    def _step(self) -> float:
        assert self.step is not None
        try:
            step = parse_quantity(self.step, self.axis.unit)
        except ValueError as error:
            raise ValueError(f"step of free field {self.name!r}: {error}") from error
        if not step > 0:
            raise ValueError(f"step = {self.step} of free field {self.name!r} must be above 0")
        return step

    def at(self, share: float) -> float:
        """The value at a share of the way between the bounds; that of a step, where there are some, exactly."""
        low, high = self.bounds
        return low + share * (high - low) if self.count is None else low + round(share * self.count) * self._step

    @cached_property
    def axis(self) -> Axis:
        """The field as an axis, whose two values are the bounds."""
        data = {"name": self.name, "fields": self.fields, "unit": self.unit, "label": self.label}
        return _FreeAxis.model_validate({**data, "values": self.between})

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and the largest value in SI."""
        low, high = map(float, self.axis.values)
        return low, high


class Seeds(Description):
    """Chance in a run: the search takes the mean over some seeds, and what it found is verified with others.

    Parameters
    ----------
    fields : sequence of str
        Fields of the run that are seeds, such as "protocol.seed" of heat or "device.grains.seed".
    search, unseen : sequence of int
        Seeds of the search, and those of the verification, which no search has seen.
    """

    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    search: Annotated[tuple[int, ...], Field(min_length=1)]
    unseen: Annotated[tuple[int, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _truly_unseen(self) -> Seeds:
        if seen := sorted(set(self.search) & set(self.unseen)):
            raise ValueError(f"seeds: {seen[0]} is among both search and unseen; verify with other seeds")
        return self


class DesignRun(Description):
    """A run that each device is put through, or a campaign of its own.

    Parameters
    ----------
    protocol : mapping, optional
        The protocol, as in a run.
    campaign : str, optional
        Or a campaign, by its file or name: what it finds, by macrospins, a fitted model or its runs, is what the device
        shows. It has a device and a material of its own.
    settings : mapping
        What differs in it from its file; an empty table, such as "logic: {}", replaces a whole one.
    stops : sequence of mapping
        Of a protocol of kind energy_path: what differs from the device in each of its other starts, such as the place
        of its wall.
    seeds : Seeds, optional
        Chance in it; without, it is run once.
    """

    protocol: dict[str, Any] = Field(default_factory=dict)
    campaign: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    stops: tuple[dict[str, Any], ...] = ()
    seeds: Seeds | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> DesignRun:
        if bool(self.protocol) == (self.campaign is not None):
            raise ValueError("runs: give each either a protocol or a campaign")
        if self.campaign is not None and self.stops:
            raise ValueError(f"stops: a campaign ({self.campaign!r}) has none; they belong to a protocol")
        if self.settings and self.campaign is None:
            raise ValueError("settings: they are those of a campaign, and this run has none; write the protocol out")
        return self

    def seeds_of(self, *, unseen: bool) -> tuple[int | None, ...]:
        """The seeds of the search, or those that it has not seen; None of a run without chance."""
        if self.seeds is None:
            return (None,)
        return self.seeds.unseen if unseen else self.seeds.search


class Aim(Description):
    """The number that is to be as large or as small as can be.

    Parameters
    ----------
    largest, smallest : str
        Name of an observable, as sweeps have them, or of a number of a campaign's results; one of the two.
    of : str
        Name of the run it is read off.
    """

    largest: str | None = None
    smallest: str | None = None
    of: str

    @model_validator(mode="after")
    def _one_way(self) -> Aim:
        if (self.largest is None) == (self.smallest is None):
            raise ValueError("aim: give an observable either as 'largest' or as 'smallest'")
        return self

    @property
    def observable(self) -> str:
        """Name of the observable."""
        return self.largest or self.smallest or ""

    @property
    def sign(self) -> int:
        """1 if it is to be large, -1 if small."""
        return 1 if self.largest else -1


class Limit(Description):
    """What an observable has to keep to.

    Parameters
    ----------
    observable : str
        Its name, or that of a number of a campaign's results.
    of : str
        Name of the run it is read off.
    least, most : float or str, optional
        The smallest and the largest value; one of them at least.
    may_fail : float
        Of a run with seeds: largest share of the seeds that may miss it.

    Raises
    ------
    pydantic.ValidationError
        If neither end is given.
    """

    observable: str
    of: str
    least: Quantity | None = None
    most: Quantity | None = None
    may_fail: Annotated[float, Field(ge=0, lt=1)] = 0.0

    @model_validator(mode="after")
    def _has_an_end(self) -> Limit:
        if self.least is None and self.most is None:
            raise ValueError(f"limit of {self.observable!r}: give 'least', 'most' or both")
        return self

    def on(self, number: Observable | Number) -> Bound:
        """The same with its ends in SI.

        Raises
        ------
        ValueError
            If an end has another dimension than the number, or the smallest is above the largest.
        """
        try:
            least, most = (None if end is None else parse_quantity(end, number.unit) for end in (self.least, self.most))
        except ValueError as error:
            raise ValueError(f"limit of {self.observable!r}: {error}") from error
        if least is not None and most is not None and not least <= most:
            raise ValueError(f"limit of {self.observable!r}: least = {least:g} must be most = {most:g} or below")
        return Bound(number, self.of, least, most, self.may_fail)


@dataclass(frozen=True)
class Bound:
    """A limit of a number, with its ends in SI."""

    number: Observable | Number
    of: str
    least: float | None
    most: float | None
    may_fail: float

    @property
    def ends(self) -> tuple[tuple[int, float], ...]:
        """Its ends: 1 and the largest value, -1 and the smallest."""
        return tuple((sign, end) for sign, end in ((1, self.most), (-1, self.least)) if end is not None)

    def met(self, value: float) -> bool:
        """Whether a value keeps to it; NaN does not."""
        return all(sign * value <= sign * end for sign, end in self.ends)

    def __str__(self) -> str:
        """Write it as a sentence has it."""
        least, most = (None if end is None else value_label(end, self.number.unit) for end in (self.least, self.most))
        if least is None or most is None:
            return f"{self.number.label} at {'most ' + most if most is not None else f'least {least}'}"
        return f"{self.number.label} from {least} to {most}"


class SearchSettings(Description):
    """How long the search goes on.

    Parameters
    ----------
    devices : int
        How many devices are tried at most.
    accuracy : float
        The search by gradients ends where it expects to better the aim by less than this share.
    enough : float or str, optional
        The search ends with a device within the limits whose aim is as good as this.
    seed : int
        Of the search without gradients.
    """

    devices: Annotated[int, Field(ge=2, le=10_000)] = 60
    accuracy: Annotated[float, Field(gt=0, lt=1)] = 0.005
    enough: Quantity | None = None
    seed: Annotated[int, Field(ge=0)] = 0
