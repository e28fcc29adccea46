"""Models on disk: JSON that says what it is, and that nothing unpickles.

A file holds the format, a schema version, and the model: its class, its parameters,
and the same for the models inside it. Floats are written with all their digits, so
that a model comes back bit for bit. Where a wall was fitted, its provenance (ids of
the runs, held-out error, fitted range) is part of it.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
from pathlib import Path
from typing import Any, Self

import equinox as eqx
import jax
import numpy as np
from pydantic import ValidationError

from solitons.provenance import Provenance

__all__ = ["ModelFileError", "StoredModel"]

FORMAT = "soliton-workbench model"
SCHEMA_VERSION = 1
# Where the classes are that a file may name; nothing else is ever made from a file.
CLASSES = {
    "NoPinning": "solitons.pinning",
    "UniformPush": "solitons.pinning",
    "HarmonicPinning": "solitons.pinning",
    "PeriodicPinning": "solitons.pinning",
    "EndConfinement": "solitons.pinning",
    "SplinePinning": "solitons.pinning",
    "PinningSum": "solitons.pinning",
    "WallDynamics": "solitons.wall_dynamics",
    "DomainWallSynapse": "solitons.synapse",
    "LinearSynapse": "solitons.synapse",
    "DomainWallNeuron": "solitons.neuron",
}


class ModelFileError(ValueError):
    """A file is no model, or not one that this version understands."""


class StoredModel(eqx.Module):
    """A model that saves and loads."""

    def save(self, path: str | Path) -> None:
        """Write the model as JSON, whole or not at all.

        Parameters
        ----------
        path : str or pathlib.Path
            The file; an existing one is replaced.

        Raises
        ------
        ValueError
            If a parameter is not finite, which JSON cannot hold, or the model is of
            a class that files do not know.
        """
        document = {"format": FORMAT, "schema_version": SCHEMA_VERSION, "model": _encode(self, "model")}
        text = json.dumps(document, indent=2, allow_nan=False) + "\n"
        target = Path(path)
        unfinished = target.with_name(f".{target.name}.unfinished")
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, target)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a model of this class, or of one derived from it.

        Parameters
        ----------
        path : str or pathlib.Path
            A file that `save` has written.

        Returns
        -------
        StoredModel

        Raises
        ------
        ModelFileError
            If the file is not JSON, of another format or schema version, of another
            class, or lacks a parameter or has one too many.
        """
        try:
            document = json.loads(Path(path).read_text(encoding="utf-8"))
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ModelFileError(
                f"{path} is not JSON ({error}); give a file that save() has written"
            ) from error
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ModelFileError(f"{path} is no {FORMAT}; give a file that save() has written")
        if document.get("schema_version") != SCHEMA_VERSION:
            raise ModelFileError(
                f"{path} has schema_version {document.get('schema_version')!r}, this workbench reads "
                f"{SCHEMA_VERSION}; save the model with the same version, or update the workbench"
            )
        model = _decode(document.get("model"), str(path))
        if not isinstance(model, cls):
            raise ModelFileError(
                f"{path} holds a {type(model).__name__}, not a {cls.__name__}; load it as that"
            )
        return model


def _encode(value: Any, where: str) -> Any:
    if isinstance(value, StoredModel):
        name = type(value).__name__
        if CLASSES.get(name) != type(value).__module__:
            raise ValueError(f"{where} is a {name}, which model files do not know; use {', '.join(CLASSES)}")
        return {
            "class": name,
            "parameters": {
                field.name: _encode(getattr(value, field.name), f"{name}.{field.name}")
                for field in dataclasses.fields(value)
            },
        }
    if isinstance(value, Provenance):
        return value.model_dump(mode="json")
    if isinstance(value, (np.ndarray, np.generic, jax.Array)):
        array = np.asarray(value, dtype=np.float64)
        if not np.all(np.isfinite(array)):
            raise ValueError(f"{where} = {array} is not finite; a model is saved with finite parameters")
        return array.tolist()
    if isinstance(value, tuple):
        return [_encode(item, f"{where}[{index}]") for index, item in enumerate(value)]
    return value  # an int or None


def _decode(document: Any, where: str) -> StoredModel:
    if not isinstance(document, dict) or set(document) != {"class", "parameters"}:
        raise ModelFileError(f"{where}: expected an object with 'class' and 'parameters'")
    name, parameters = document["class"], document["parameters"]
    if name not in CLASSES:
        raise ModelFileError(
            f"{where}: unknown class {name!r}; this workbench reads {', '.join(CLASSES)}. A newer version may know it"
        )
    cls = getattr(importlib.import_module(CLASSES[name]), name)
    fields = {field.name: field for field in dataclasses.fields(cls)}
    if not isinstance(parameters, dict) or set(parameters) != set(fields):
        given = set(parameters) if isinstance(parameters, dict) else set()
        missing, unknown = sorted(set(fields) - given), sorted(given - set(fields))
        raise ModelFileError(
            f"{where}: {name} misses {', '.join(missing) or 'nothing'} and has unknown "
            f"{', '.join(unknown) or 'nothing'}; its parameters are {', '.join(fields) or 'none'}"
        )
    values = {
        key: _decode_value(key, value, bool(fields[key].metadata.get("static")), f"{where}: {name}.{key}")
        for key, value in parameters.items()
    }
    try:
        model: StoredModel = cls(**values)
    except ValueError as error:
        raise ModelFileError(f"{where}: {error}") from error
    return model


def _decode_value(key: str, value: Any, static: bool, where: str) -> Any:
    if key == "provenance":
        try:
            return None if value is None else Provenance.model_validate(value)
        except ValidationError as error:
            raise ModelFileError(f"{where}: {error}") from error
    if isinstance(value, dict):
        return _decode(value, where)
    if key == "parts" and isinstance(value, list):
        return tuple(_decode(item, f"{where}[{index}]") for index, item in enumerate(value))
    if static:
        if type(value) is not int:
            raise ModelFileError(f"{where} = {value!r} must be a whole number")
        return value
    leaves = np.asarray(value, dtype=object).ravel().tolist()
    if not all(type(leaf) in (int, float) and np.isfinite(leaf) for leaf in leaves):
        raise ModelFileError(f"{where} = {value!r} must be a finite number or an array of them")
    return np.asarray(value, dtype=np.float64)
