"""Descriptions from YAML that holds data only: read with PyYAML's safe loader, and no key twice.

Plain words and numbers are as in YAML 1.2: ``on`` and ``no`` are texts, ``1e9`` is a number. What YAML 1.1, which
PyYAML speaks, takes for a number and others for another or for none (``1:30``, ``017``, ``1_000``) is refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml
from pydantic import ValidationError

from geometries.description import Description, plain_errors
from geometries.plain_files import LARGEST, read_text

__all__ = ["describe", "read_description", "read_table"]

_Kind = TypeVar("_Kind", bound=Description)


def read_description(path: Path, kind: type[_Kind], what: str) -> _Kind:
    """Read a description of this kind from a YAML file, which can name no code; `what` is "a campaign" in an error.

    A ValueError, with the file and the line or the field, if it is not YAML, names a Python object, gives a key twice,
    or does not describe such a thing.
    """
    return describe(path, kind, read_table(path, f"{what} is a table with the keys {', '.join(kind.model_fields)}"))


def read_table(path: Path, what: str) -> dict[str, Any]:
    """Read a YAML file that holds a table of data; a ValueError as `read_description`."""
    if path.stat().st_size > LARGEST:
        raise ValueError(
            f"{path} has {path.stat().st_size / 1e6:.0f} MB; give at most {LARGEST / 1e6:.0f} MB: "
            "a rule in the place of a long list"
        )
    try:
        content = yaml.load(read_text(path), Loader=_StrictLoader)
        _count(content, {})
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
        raise ValueError(f"{path}: not YAML that holds data only: {where}{error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError) as error:
        why = str(error).removeprefix(f"{path}: ")
        raise ValueError(f"{path}: not YAML that holds data only: {why}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path}: {what}")
    return content


def describe(path: Path, kind: type[_Kind], content: dict[str, Any]) -> _Kind:
    """Make a description of what a file holds; a ValueError with the name of the file where it is wrong."""
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise ValueError(f"{path}: {plain_errors(error)}") from None


# What is written once can be named often; a description has some thousand values, and none a hundred levels.
_MOST_VALUES, _MOST_LEVELS, _MOST_DIGITS = 2_000_000, 60, 300
_TOO_DEEP = f"it is nested deeper than {_MOST_LEVELS} levels, or contains itself; write it out flat"


def _count(content: Any, known: dict[int, tuple[int, int]], level: int = 0) -> tuple[int, int]:
    """Count the values and the levels that a description has when all that it names twice is written out."""
    if level > _MOST_LEVELS:
        raise ValueError(_TOO_DEEP)
    if not isinstance(content, (dict, list)):
        return 1, 1
    if id(content) not in known:
        inside = [
            _count(each, known, level + 1) for each in (content.values() if isinstance(content, dict) else content)
        ]
        known[id(content)] = (
            1 + sum(values for values, _ in inside),
            1 + max((levels for _, levels in inside), default=0),
        )
    values, levels = known[id(content)]
    if values > _MOST_VALUES:
        raise ValueError(f"written out it has more than {_MOST_VALUES:,} values; name less of it again with '*'")
    if levels > _MOST_LEVELS:
        raise ValueError(_TOO_DEEP)
    return values, levels


class _StrictLoader(yaml.SafeLoader):
    """YAML's safe loader, for data that everybody reads alike."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - its base has it so
    _level = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None) not in (None, "!"):
            self._refuse(event, f"{event.tag!r} names a kind of object; leave it out, a description is plain data")
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and _AMBIGUOUS.fullmatch(event.value):
            self._refuse(
                event,
                f"{event.value[:40]} is a number to some readers of YAML and another or a text to others (1:30 is 90, "
                "017 is 15, 1_000 is 1000 to those of YAML 1.1); write the number in decimal digits, or in quotes if "
                "it is a text",
            )
        if self._level > _MOST_LEVELS:
            self._refuse(event, _TOO_DEEP)
        if isinstance(event, yaml.ScalarEvent) and event.value.isdigit() and len(event.value) > _MOST_DIGITS:
            self._refuse(
                event, f"a number of {len(event.value)} digits is too large for any quantity; write a smaller one"
            )
        self._level += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._level -= 1

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key is no name, but a list or a table", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is given twice", node.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    @staticmethod
    def _refuse(event: Any, problem: str) -> NoReturn:
        raise yaml.constructor.ConstructorError(None, None, problem, event.start_mark)


_AMBIGUOUS = re.compile(
    r"[-+]?([0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|0[0-9_]+(\.[0-9_]*)?|0[box][0-9a-fA-F_]+|[0-9]*_[0-9_]*(\.[0-9_]*)?"
    r"|[0-9]+\.[0-9]*_[0-9_]*)([eE][-+]?[0-9]+)?"
)
# The core schema of YAML 1.2, and '<<', which brings in a table that is named elsewhere.
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+."),
    ("merge", r"<<", "<"),
):
    _StrictLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), [c.replace("\0", "") for c in _first]
    )
