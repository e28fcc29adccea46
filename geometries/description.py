"""What every description in the workbench has in common.

A description (a material, a stripe, a notch) is data: frozen, checked when it
is made, JSON in and JSON out, and quick to say what is wrong with it.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator

from geometries.quantities import Length, format_quantity

__all__ = ["Description", "PositiveLength", "plain_errors"]


class Description(BaseModel):
    """Base of all descriptions: frozen, and strict about its keys.

    Raises
    ------
    pydantic.ValidationError
        If a key is unknown; the message proposes the key that was meant.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

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


def _refuse_nothing(value: float) -> float:
    if value <= 0:
        raise ValueError(f"{format_quantity(value, 'm')} is not a size; give a length above 0, such as 5e-9")
    return value


PositiveLength = Annotated[Length, AfterValidator(_refuse_nothing)]
"""A size in m, above 0."""


def plain_errors(error: ValidationError) -> str:
    """Say what is wrong as a person would: a line for each fault, with the field it is in.

    Parameters
    ----------
    error : pydantic.ValidationError
        What pydantic raised.

    Returns
    -------
    str
        Lines such as "device.cell: the cell does not divide the stripe".
    """
    lines = []
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        where = ".".join(str(part) for part in fault["loc"])
        what = fault["msg"].removeprefix("Value error, ")
        # A default that follows from another field cannot be made when that one is wrong, which is said already.
        if fault["type"] != "default_factory_not_called":
            lines.append(f"{where}: {what}" if where else what)
    return "\n".join(lines)
