"""What every description in the workbench has in common.

A description (a material, a stripe, a notch) is data: frozen, checked when it
is made, JSON in and JSON out, and its errors are plain.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Self, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from geometries.fault_texts import MISSING, fault_text, field_path
from geometries.plugins import Plugin, PluginError, plugins
from geometries.quantities import Length, format_quantity
from geometries.usual_names import FIELDS, proposal

__all__ = ["MAY_REPEAT", "Count", "Description", "PositiveLength", "choices", "plain_errors", "rising", "told_apart_by"]


MAY_REPEAT = "a value may stand twice"
"""Beside the type of a list whose places have a meaning: `Annotated[tuple[int, ...], MAY_REPEAT]`."""


def rising(values: tuple[float, ...]) -> tuple[float, ...]:
    """The values, if each is larger than the one before."""
    if any(a >= b for a, b in itertools.pairwise(values)):
        raise ValueError(f"{', '.join(f'{each:g}' for each in values)} must rise; sort it, each value once")
    return values


class Description(BaseModel):
    """Base of all descriptions: frozen, finite, and strict about its keys.

    Raises
    ------
    pydantic.ValidationError
        If a key is unknown (the message proposes the key that was meant), a number is NaN or
        infinite, true and false are given where a number is needed, or a list of numbers or words
        has one twice.

    Examples
    --------
    >>> from geometries import Notch
    >>> Notch(position="100 nm", width="20 nm", depth="4 nm", edge="both").depth
    4e-09
    >>> try:
    ...     Notch(position="100 nm", width="20 nm", dept="4 nm", edge="both")
    ... except ValueError as error:
    ...     print("did you mean 'depth'?" in str(error))
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy with some fields replaced, and without what was computed from the others."""
        copy = super().model_copy(update=update, deep=deep)
        for name in vars(copy).keys() - type(self).model_fields:
            del vars(copy)[name]
        return copy

    def __getstate__(self) -> dict[Any, Any]:
        """Give what is sent to other processes: the fields, and not what was computed from them."""
        state = super().__getstate__()
        fields = type(self).model_fields
        return state | {"__dict__": {name: value for name, value in state["__dict__"].items() if name in fields}}

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        known = list(cls.model_fields)
        for key in data:
            if key not in known:
                meant = proposal(str(key), known, FIELDS)
                hint = f"did you mean {meant!r}? " if meant else ""
                raise ValueError(f"unknown key {key!r} in {cls.__name__}; {hint}The keys are {', '.join(known)}")
        return data

    @model_validator(mode="before")
    @classmethod
    def _refuse_truth_for_numbers(cls, data: Any) -> Any:
        """Refuse true and false for a number, which Python takes for 1 and 0."""
        if isinstance(data, Mapping):
            for name, value in data.items():
                said = next(_truths(value), None)
                if said is not None and name in _without_truth(cls):
                    allowed = choices(cls.model_fields[name].annotation)
                    remedy = " or ".join(
                        [f"one of {', '.join(allowed)}"] * bool(allowed)
                        + ["a number"] * _takes_numbers(cls.model_fields[name].annotation)
                        + ["a text in quotes"] * (not allowed)
                    )
                    raise ValueError(f"{name} = {str(said).lower()} is not allowed; give {remedy}")
        return data

    @model_validator(mode="after")
    def _refuse_one_twice(self) -> Self:
        """Refuse a value that stands twice in a list of numbers or words: it would be computed or counted twice."""
        for name in _lists_of_values(type(self)):
            values = getattr(self, name)
            if isinstance(values, tuple) and len(set(values)) < len(values):
                twice = next(each for each in values if values.count(each) > 1)
                raise ValueError(f"{name} has {twice!r} twice; name each once")
        return self


def choices(annotation: Any) -> list[str]:
    """The words that a field takes, as they are written in a file; none where it takes numbers or any text."""
    inside = get_args(annotation)
    if get_origin(annotation) is Literal:
        return [str(each).lower() if isinstance(each, bool) else str(each) for each in inside]
    return list(dict.fromkeys(word for each in inside for word in choices(each)))


def _takes_numbers(annotation: Any) -> bool:
    return annotation in (int, float) or any(map(_takes_numbers, get_args(annotation)))


@cache
def _lists_of_values(described: type[BaseModel]) -> tuple[str, ...]:
    """Names of the fields that hold any number of numbers or words."""
    return tuple(
        name
        for name, field in described.model_fields.items()
        if MAY_REPEAT not in field.metadata and _is_list_of_values(field.annotation)
    )


def _is_list_of_values(annotation: Any) -> bool:
    inside = get_args(annotation)
    if MAY_REPEAT in inside:
        return False
    if get_origin(annotation) is tuple:
        return len(inside) == 2 and inside[1] is Ellipsis and _is_value(inside[0])
    return get_origin(annotation) is not Literal and any(_is_list_of_values(each) for each in inside if each is not ...)


def _is_value(annotation: Any) -> bool:
    inside = get_args(annotation)
    if get_origin(annotation) is Literal:
        return all(isinstance(each, str) for each in inside)  # spins, 1 and -1, are one for each place
    if annotation in (int, float, str):
        return True
    if get_origin(annotation) is Annotated:
        return _is_value(inside[0])
    return get_origin(annotation) in (Union, UnionType) and all(map(_is_value, inside))


def _truths(value: Any, depth: int = 3) -> Iterator[bool]:
    """What is true or false in a value, or in lists of it, as deep as any field has them."""
    if isinstance(value, bool):
        yield value
    elif depth and isinstance(value, (list, tuple)):
        for each in value:
            yield from _truths(each, depth - 1)


@cache
def _without_truth(described: type[BaseModel]) -> frozenset[str]:
    """Names of the fields that are never true or false."""
    return frozenset(name for name, field in described.model_fields.items() if not _takes_truth(field.annotation))


def _takes_truth(annotation: Any) -> bool:
    if get_origin(annotation) is Literal:
        return any(isinstance(value, bool) for value in get_args(annotation))
    inside = get_args(annotation)
    return any(map(_takes_truth, inside)) if inside else annotation in (bool, Any)


Count = Annotated[int, Field(ge=1, le=10**12)]
"""How many of something there are, at least one; `geometries.sizes` says how many are too many of what."""

# A thousandth of an atom. Below it squares and cubes of a size come to nothing in a computer.
_SMALLEST = 1e-13


def _refuse_nothing(value: float) -> float:
    if value <= 0:
        raise ValueError(f"{format_quantity(value, 'm')} is not a size; give a length above 0, such as 5e-9")
    if value < _SMALLEST:
        raise ValueError(
            f"{format_quantity(value, 'm')} is a thousandth of an atom or less; give a length of nanometres, such as "
            '"5 nm"'
        )
    return value


def told_apart_by(key: str, group: str = "", base: type[Description] | None = None) -> WrapValidator:
    """Make a union that is told apart by a key say which values the key may have where it is missing.

    With a group of entry points, the union is open: a value of the key that none of its classes has is looked for
    among these, which other packages announce; their classes are of `base`, if it is given.
    """

    def choose(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        missing = isinstance(value, Mapping) and key not in value
        try:
            return handler({**value, key: MISSING} if missing else value)
        except ValidationError as error:
            word = str(value.get(key) if isinstance(value, Mapping) else getattr(value, key, None))
            announced = plugins(group, may_be_none=True) if group else {}
            if word not in announced or {each["type"] for each in error.errors()} != {"union_tag_invalid"}:
                raise
            return _announced_class(announced[word], key, base or Description).model_validate(value)

    return WrapValidator(choose)


def _announced_class(plugin: Plugin, key: str, base: type[Description]) -> type[Description]:
    found, who = plugin.load(), f"{plugin.name!r} of the package {plugin.packages[0]}"
    if not (isinstance(found, type) and issubclass(found, base)):
        raise PluginError(f"{who} is no {base.__name__}; mend the entry point")
    if key not in found.model_fields or found.model_fields[key].default != plugin.name:
        raise PluginError(
            f"{who}: {found.__name__} has not {key} = {plugin.name!r}; give class and entry point one name"
        )
    return found


PositiveLength = Annotated[Length, AfterValidator(_refuse_nothing)]
"""A size in m, above 0."""


def plain_errors(error: ValidationError) -> str:
    """Write what is wrong as a person would: a line for each field, with its value and what is allowed.

    Lines are such as "device.cell: the cell does not divide the stripe".
    """
    texts: dict[str, list[str]] = {}
    faults = error.errors(include_url=False)
    for fault in faults:
        # A default that follows from another field cannot be made when that one is wrong, which is said already; nor
        # is a list too short because what is in it is wrong.
        place = fault["loc"]
        inside = any(len(each["loc"]) > len(place) and each["loc"][: len(place)] == place for each in faults)
        if fault["type"] != "default_factory_not_called" and not (fault["type"] == "too_short" and inside):
            said = texts.setdefault(field_path(fault["loc"]), [])
            # The members of a union that were tried say the same, or each what it would take.
            if (text := fault_text(fault)) not in said:
                said.append(text)
    return "\n".join(f"{where}: {'; or '.join(said)}" if where else "; or ".join(said) for where, said in texts.items())
