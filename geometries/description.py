"""What every description in the workbench has in common.

A description (a material, a stripe, a notch) is data: frozen, checked when it
is made, JSON in and JSON out, and quick to say what is wrong with it.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from geometries.fault_texts import fault_text, field_path
from geometries.quantities import Length, format_quantity

__all__ = ["Description", "PositiveLength", "plain_errors"]


class Description(BaseModel):
    """Base of all descriptions: frozen, finite, and strict about its keys.

    Raises
    ------
    pydantic.ValidationError
        If a key is unknown (the message proposes the key that was meant), a number is NaN or
        infinite, or true and false are given where a number is needed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        known = list(cls.model_fields)
        for key in data:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, n=1)
                hint = f"did you mean {near[0]!r}? " if near else ""
                raise ValueError(f"unknown key {key!r} in {cls.__name__}; {hint}The keys are {', '.join(known)}")
        return data

    @model_validator(mode="before")
    @classmethod
    def _refuse_truth_for_numbers(cls, data: Any) -> Any:
        """Refuse true and false for a number, which Python takes for 1 and 0."""
        if isinstance(data, Mapping):
            for name, value in data.items():
                many = value if isinstance(value, (list, tuple)) else (value,)
                if any(each is True or each is False for each in many) and name in _without_truth(cls):
                    said = next(each for each in many if isinstance(each, bool))
                    raise ValueError(
                        f"{name} = {str(said).lower()} is a truth value, and {name} takes none; give a number or a "
                        "text, in quotes if it is a word"
                    )
        return data


@cache
def _without_truth(described: type[BaseModel]) -> frozenset[str]:
    """Names of the fields that are never true or false."""
    return frozenset(name for name, field in described.model_fields.items() if not _takes_truth(field.annotation))


def _takes_truth(annotation: Any) -> bool:
    if get_origin(annotation) is Literal:
        return any(isinstance(value, bool) for value in get_args(annotation))
    inside = get_args(annotation)
    return any(map(_takes_truth, inside)) if inside else annotation in (bool, Any)


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


PositiveLength = Annotated[Length, AfterValidator(_refuse_nothing)]
"""A size in m, above 0."""


def plain_errors(error: ValidationError) -> str:
    """Say what is wrong as a person would: a line for each field, with its value and what is allowed.

    Parameters
    ----------
    error : pydantic.ValidationError
        What pydantic raised.

    Returns
    -------
    str
        Lines such as "device.cell: the cell does not divide the stripe".
    """
    texts: dict[str, list[str]] = {}
    for fault in error.errors(include_url=False):
        # A default that follows from another field cannot be made when that one is wrong, which is said already.
        if fault["type"] != "default_factory_not_called":
            said = texts.setdefault(field_path(fault["loc"]), [])
            # The members of a union that were tried say the same, or each what it would take.
            if (text := fault_text(fault)) not in said:
                said.append(text)
    return "\n".join(f"{where}: {'; or '.join(said)}" if where else "; or ".join(said) for where, said in texts.items())
