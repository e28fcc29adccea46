"""Whether the unit of a swept axis fits the fields it sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Protocol, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from geometries.quantities import same_dimension

__all__ = ["Swept", "check_units"]


class Swept(Protocol):
    """Data needed of a swept axis."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Place of its values in a run."""

    @property
    def unit(self) -> str:
        """Its SI unit."""


def check_units(described: BaseModel, sweep: Sequence[Swept]) -> None:
    """Refuse an axis whose unit does not fit a field of a run or a campaign: 6e11 kg are no current density."""
    for axis in sweep:
        for field in axis.fields:
            unit = _unit_at(described, field.split("."))
            if not same_dimension(axis.unit, unit):
                said = f"unit = {axis.unit!r}" if axis.unit else "no unit"
                remedy = f"give unit: {unit}" if unit else "leave the unit out"
                raise ValueError(
                    f"axis {axis.name!r}: it has {said}, and its field {field!r} is "
                    f"{f'a quantity in {unit}' if unit else 'a number without a unit'}; {remedy}, and values with "
                    "theirs or in SI"
                )


def _unit_at(described: Any, path: Sequence[str]) -> str:
    """The unit of the field at a path; empty where it has none."""
    annotation: Any = None
    for key in path:
        if isinstance(described, BaseModel):
            field = type(described).model_fields[key]
            annotation, described = _annotated(field), getattr(described, key)
        elif isinstance(described, (list, tuple)):
            members = [each for each in get_args(_bare(annotation)) if each is not Ellipsis]
            annotation = members[min(int(key), len(members) - 1)] if members else None
            described = described[int(key)]
        else:
            return ""
    return _unit_of(annotation)


def _annotated(field: FieldInfo) -> Any:
    extra = field.json_schema_extra
    return Annotated[field.annotation, field] if isinstance(extra, dict) and "unit" in extra else field.annotation


def _bare(annotation: Any) -> Any:
    """An annotation without its metadata, and the tuple of one that may be left out."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    for member in get_args(annotation):
        bare = get_args(member)[0] if get_origin(member) is Annotated else member
        if get_origin(annotation) is not tuple and get_origin(bare) is tuple:
            return bare
    return annotation


def _unit_of(annotation: Any) -> str:
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        for each in metadata:
            extra = each.json_schema_extra if isinstance(each, FieldInfo) else None
            if isinstance(extra, dict) and "unit" in extra:
                return str(extra["unit"])
        return _unit_of(inner)
    return next(filter(None, map(_unit_of, get_args(annotation))), "")
