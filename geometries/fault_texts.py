"""Pydantic's errors in the workbench's words: the field's value, allowed values, the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from geometries.usual_names import STEPS, proposal

__all__ = ["MISSING", "fault_text", "field_path"]

MISSING = ""
"""Value of a missing key that distinguishes members of a union."""


def fault_text(fault: Mapping[str, Any]) -> str:
    """Write what is wrong with a value, from one of ``ValidationError.errors()``, without the name of the field.

    Errors that the workbench raised itself are unchanged.
    """
    say = _TEXTS.get(fault["type"])
    if say is not None:
        return say(fault.get("input"), fault.get("ctx", {}))
    what = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return what if fault["type"] in ("value_error", "assertion_error") else f"{what} (it is {_short(fault['input'])})"


def field_path(place: tuple[int | str, ...]) -> str:
    """Write where a field is, such as "device.cell.0", without what pydantic calls the members of a union."""
    path = ".".join(str(part) for part in place if isinstance(part, int) or not _OF_A_UNION.fullmatch(part))
    return _KIND_OF_PROTOCOL.sub("protocol", path)


# A field has no spaces in its name; the kinds of steps do.
_OF_A_UNION = re.compile(r"(int|float|bool|str|.*\[.*\].*|.*\(.*\).*|.* .*)")
_KIND_OF_PROTOCOL = re.compile(r"\bprotocol\.(in_time|field_steps|held_wall)\b")


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, (list, tuple)) and len(value) > 4:
        return f"a list of {len(value)}"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:40]}...{text[-10:]}"


def _tags(context: Mapping[str, Any]) -> str:
    return str(context.get("expected_tags", ""))


def _key(context: Mapping[str, Any]) -> str:
    """The key that distinguishes members of a union; a function that does it is named after the key."""
    return str(context["discriminator"]).strip("'").removesuffix("()").lstrip("_")


def _no_such_tag(value: Any, context: Mapping[str, Any]) -> str:
    key, tags = _key(context), _tags(context)
    if context["tag"] == MISSING:
        return f"{key!r} is missing; give one of {tags}"
    given = value.get(key) if isinstance(value, Mapping) else context["tag"]
    meant = proposal(str(given), re.findall(r"'([^']*)'", tags), STEPS)
    return f"{key} = {_short(given)} is none that is known; {f'did you mean {meant!r}? ' if meant else ''}Give {tags}"


def _no_choice(value: Any, context: Mapping[str, Any]) -> str:
    allowed = str(context["expected"])
    meant = proposal(str(value), re.findall(r"'([^']*)'", allowed))
    return f"{_short(value)} is not allowed; {f'did you mean {meant!r}? ' if meant else ''}Give {allowed}"


def _no_text(value: Any, context: Mapping[str, Any]) -> str:
    del context
    if isinstance(value, (bool, int, float)):
        written = str(value).lower() if isinstance(value, bool) else str(value)
        return f"{_short(value)} is not a text; put it in quotes: '{written[:60]}'"
    return f"{_short(value)} is not a text; give one"


def _fixed(words: str) -> Callable[[Any, Mapping[str, Any]], str]:
    def say(value: Any, context: Mapping[str, Any]) -> str:
        return words.format(value=_short(value), **context)

    return say


_NUMBER = _fixed("{value} is not a number; give one, such as 0.5")
_WHOLE = _fixed("{value} is not a whole number; give one in digits, such as 3")
_TRUTH = _fixed("{value} is neither true nor false; give one of the two")
_LIST = _fixed("{value} is not a list; give one, such as [1, 2, 3]")
_TABLE = _fixed("{value} is not a table; give keys with their values")
_TEXTS: Mapping[str, Callable[[Any, Mapping[str, Any]], str]] = {
    "missing": lambda *_: "it is missing; give it",
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _fixed("{value} is not finite; give a finite number"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "string_type": _no_text,
    "string_sub_type": _no_text,
    "string_unicode": _no_text,
    "string_too_short": _fixed("it is empty; give a text of {min_length} characters or more"),
    "string_too_long": _fixed("{value} is too long; give at most {max_length} characters"),
    "greater_than": _fixed("{value} is too small; give a value above {gt}"),
    "greater_than_equal": _fixed("{value} is too small; give at least {ge}"),
    "less_than": _fixed("{value} is too large; give a value below {lt}"),
    "less_than_equal": _fixed("{value} is too large; give at most {le}"),
    "literal_error": _no_choice,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "too_short": _fixed("it has {actual_length} entries; give at least {min_length}"),
    "too_long": _fixed("it has {actual_length} entries; give at most {max_length}"),
    "union_tag_invalid": _no_such_tag,
    "union_tag_not_found": lambda value, context: (
        f"{_key(context)!r} is missing; name it: {_key(context)} is {_tags(context) or 'needed'}"
        if isinstance(value, Mapping)
        else _TABLE(value, {})
    ),
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "dict_type": _TABLE,
    "mapping_type": _TABLE,
    "recursion_loop": lambda *_: "it contains itself; write it out",
}
