"""YAML that holds data only: read with PyYAML's safe loader, and no key twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

__all__ = ["read_yaml"]


def read_yaml(path: Path) -> Any:
    """Read a YAML file, which can name no code.

    Raises
    ------
    ValueError
        If it is not YAML, names a Python object, or gives a key twice; names the file and the line.
    """
    try:
        return yaml.load(path.read_text("utf-8"), Loader=_StrictLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not YAML that holds data only: {error}") from error


class _StrictLoader(yaml.SafeLoader):
    """YAML's safe loader, which refuses a key that is given twice rather than taking the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is given twice", node.start_mark)
        return super().construct_mapping(node, deep)
