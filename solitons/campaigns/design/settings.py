"""What a design asks for: free fields, an aim, limits, and how long to look."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, model_validator

from analysis.observables import Observable, observables_named
from geometries.description import Description
from geometries.quantities import parse_quantity
from solitons.campaigns.framework.axes import Axis

__all__ = ["Aim", "DesignRun", "FreeField", "Limit", "SearchSettings", "Seeds"]

Quantity = float | str


class FreeField(Description):
    """A field of the device, the material or a protocol that the search may change.

    Parameters
    ----------
    name, fields, unit, label
        As for an axis of a sweep; several fields get the same value.
    between : two of float or str
        The smallest and the largest value.

    Raises
    ------
    pydantic.ValidationError
        If the bounds do not rise, or have another dimension than the unit.
    """

    name: str
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    between: tuple[Quantity, Quantity]
    unit: str = ""
    label: str = ""

    @model_validator(mode="after")
    def _bounds_rise(self) -> FreeField:
        low, high = self.bounds
        if not low < high:
            raise ValueError(f"between = {low:g} to {high:g} of free field {self.name!r} must rise")
        return self

    @cached_property
    def axis(self) -> Axis:
        """The field as an axis, whose two values are the bounds."""
        data = {"name": self.name, "fields": self.fields, "unit": self.unit, "label": self.label}
        return Axis.model_validate({**data, "values": self.between})

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
    """A run that each device is put through.

    Parameters
    ----------
    protocol : mapping
        The protocol, as in a run.
    stops : sequence of mapping
        Of a protocol of kind energy_path: what differs from the device in each of its other starts, such as the place
        of its wall.
    seeds : Seeds, optional
        Chance in it; without, it is run once.
    """

    protocol: dict[str, Any]
    stops: tuple[dict[str, Any], ...] = ()
    seeds: Seeds | None = None

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
        Name of an observable, as sweeps have them; one of the two.
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
        observables_named([self.observable])
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
        Its name.
    of : str
        Name of the run it is read off.
    least, most : float or str, optional
        The smallest and the largest value; one of them at least.
    may_fail : float
        Of a run with seeds: largest share of the seeds that may miss it.

    Raises
    ------
    pydantic.ValidationError
        If the observable is unknown, neither end is given, or an end has another dimension than the observable.
    """

    observable: str
    of: str
    least: float | None = None
    most: float | None = None
    may_fail: Annotated[float, Field(ge=0, lt=1)] = 0.0

    @model_validator(mode="before")
    @classmethod
    def _to_unit(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or not isinstance(data.get("observable"), str):
            return data  # the field reports it
        (found,) = observables_named([data["observable"]])
        given = {name: data[name] for name in ("least", "most") if data.get(name) is not None}
        try:
            return {**data, **{name: parse_quantity(value, found.unit) for name, value in given.items()}}
        except ValueError as error:
            raise ValueError(f"limit of {found.name!r}: {error}") from error

    @model_validator(mode="after")
    def _has_an_end(self) -> Limit:
        if self.least is None and self.most is None:
            raise ValueError(f"limit of {self.observable!r}: give 'least', 'most' or both")
        if self.least is not None and self.most is not None and not self.least < self.most:
            raise ValueError(f"limit of {self.observable!r}: least = {self.least:g} must be below most = {self.most:g}")
        return self

    @property
    def measured(self) -> Observable:
        """The observable."""
        return observables_named([self.observable])[0]

    @property
    def ends(self) -> tuple[tuple[int, float], ...]:
        """Its ends: 1 and the largest value, -1 and the smallest."""
        return tuple((sign, end) for sign, end in ((1, self.most), (-1, self.least)) if end is not None)

    def met(self, value: float) -> bool:
        """Whether a value keeps to it; NaN does not."""
        return all(sign * value <= sign * end for sign, end in self.ends)


class SearchSettings(Description):
    """How long the search goes on.

    Parameters
    ----------
    devices : int
        How many devices are tried at most.
    accuracy : float
        The search by gradients ends where it expects to better the aim by less than this share.
    seed : int
        Of the search without gradients.
    """

    devices: Annotated[int, Field(ge=2, le=10_000)] = 60
    accuracy: Annotated[float, Field(gt=0, lt=1)] = 0.005
    seed: Annotated[int, Field(ge=0)] = 0
