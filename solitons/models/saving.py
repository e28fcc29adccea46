"""Saving models as JSON.

A file has the class of every part and its parameters, floats with all their digits, and where a
fitted model comes from. Only classes that a package announces are made from it, as entry points of
the group ``solitons.models`` that have the class's name; nothing is unpickled.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from geometries.plain_files import LARGEST_TABLE, read_json
from geometries.plugins import PluginError, get_plugin, plugins
from runs.whole_files import write_whole

if TYPE_CHECKING:
    import equinox as eqx

__all__ = [
    "FORMAT",
    "GROUP",
    "class_named",
    "is_saved_model",
    "model_file",
    "origin_of",
    "save_model",
    "saved_devices",
]

FORMAT = "soliton-workbench model 1"
GROUP = "solitons.models"
_DEVICES, _OSCILLATORS = (Path(__file__).with_name(f"saved_{kind}") for kind in ("devices", "oscillators"))


def save_model(model: eqx.Module, path: str | Path) -> Path:
    """Write a wall, synapse, neuron, skyrmion or spin ice to a JSON file.

    Parameters
    ----------
    model : equinox.Module
        Model of a class that the workbench or another package announces.
    path : str or pathlib.Path
        The file; an existing one is replaced whole.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    TypeError
        If the model has a part whose class no package announces.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from solitons import load_model
    >>> from solitons.domain_walls import WallDynamics
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, damping_like_per_current=4e-8)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save_model(wall, Path(folder) / "wall.json")
    ...     print(round(float(load_model(path).width) * 1e9, 3))  # nm
    6.0
    """
    target = Path(path)
    text = json.dumps({"format": FORMAT, "model": _to_plain(model)}, indent=2, allow_nan=False)
    write_whole(target, text + "\n")
    return target


def is_saved_model(path: str | Path) -> bool:
    """Whether a file is one that `save_model` wrote."""
    try:
        content = read_json(path, LARGEST_TABLE)
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("format") == FORMAT


def saved_devices() -> list[str]:
    """Name the fitted synapses and junctions that come with the workbench."""
    return sorted(each.stem for each in _DEVICES.glob("*.json"))


def model_file(named: str | Path) -> Path:
    """Give the file of a model: of one that comes with the workbench, by its name, or the named file.

    Examples
    --------
    >>> model_file("wall").parent.name, str(model_file("mine.json"))
    ('saved_devices', 'mine.json')
    """
    own = Path(named)
    ours = (folder / f"{named}.json" for folder in (_DEVICES, _OSCILLATORS) if own.name == str(named))
    return own if own.is_file() else next((each for each in ours if each.is_file()), own)


def origin_of(model: Any) -> Any:
    """Provenance of a model, or of the one that moves in it; None if it was not fitted."""
    return getattr(getattr(model, "wall", getattr(model, "skyrmion", model)), "provenance", None)


def _to_plain(value: Any) -> Any:
    import equinox as eqx

    if isinstance(value, eqx.Module):
        name = type(value).__name__
        if name not in plugins(GROUP) or class_named(name) is not type(value):
            raise TypeError(
                f"save_model: {name} is announced by no package, so it could not be loaded again; give it an entry "
                f"point {name} of the group {GROUP}"
            )
        fields = {each.name: _to_plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
        return {"class": name, **fields}
    if isinstance(value, BaseModel):
        return {"class": type(value).__name__, **value.model_dump(mode="json")}
    if isinstance(value, (tuple, list)):
        return [_to_plain(item) for item in value]
    if value is None:
        return None
    return np.asarray(value, dtype=np.float64).tolist()


def class_named(name: str) -> Any:
    """Return the class of saved models that a package announces by a name."""
    import equinox as eqx

    plugin = get_plugin(GROUP, name, "class of saved models")
    found, where = plugin.load(), plugin.entry_points[0].value
    if not (isinstance(found, type) and issubclass(found, eqx.Module) and found.__name__ == name):
        raise PluginError(f"class {name!r}: {where} is no equinox.Module of that name; mend the entry point")
    return found
