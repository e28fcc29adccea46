"""Descriptions from YAML that holds data only: read with PyYAML's safe loader, and no key twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from geometries.description import Description, plain_errors

__all__ = ["describe", "read_description", "read_table"]

_Kind = TypeVar("_Kind", bound=Description)


def read_description(path: Path, kind: type[_Kind], what: str) -> _Kind:
    """Read a description from a YAML file, which can name no code.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    kind : type
        What it describes.
    what : str
        Its name in an error, such as "a campaign".

    Raises
    ------
    ValueError
        If it is not YAML, names a Python object, gives a key twice, or does not describe such a thing;
        names the file, and the line or the field.
    """
    return describe(path, kind, read_table(path, f"{what} is a table with the keys {', '.join(kind.model_fields)}"))


def read_table(path: Path, what: str) -> dict[str, Any]:
    """Read a YAML file that holds a table of data.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    what : str
        What it should be, for the error.

    Raises
    ------
    ValueError
        As `read_description`.
    """
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_StrictLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not YAML that holds data only: {error}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path}: {what}")
    return content


def describe(path: Path, kind: type[_Kind], content: dict[str, Any]) -> _Kind:
    """Make a description of what a file holds, and name the file where it is wrong.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    kind : type
        What it describes.
    content : dict
        What is in it.

    Raises
    ------
    ValueError
        If it does not describe such a thing.
    """
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise ValueError(f"{path}: {plain_errors(error)}") from None


class _StrictLoader(yaml.SafeLoader):
    """YAML's safe loader, which refuses a key that is given twice rather than taking the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is given twice", node.start_mark)
        return super().construct_mapping(node, deep)
