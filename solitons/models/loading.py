"""Loading saved models, without running anything: what is wrong with a file is named with the part."""

from __future__ import annotations

import dataclasses
import re
import types
import warnings
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from geometries.plain_files import LARGEST_TABLE, read_json
from geometries.plain_text import shortened
from geometries.plugins import plugins
from solitons.fits.provenance import (
    FailedModel,
    IceProvenance,
    OscillatorProvenance,
    Provenance,
    PulseProvenance,
    SwitchingProvenance,
    WaveProvenance,
)
from solitons.models.saving import FORMAT, GROUP, class_named, model_file, origin_of

__all__ = ["load_model", "load_model_of"]

_ORIGINS = (IceProvenance, OscillatorProvenance, Provenance, PulseProvenance, SwitchingProvenance, WaveProvenance)

# Fields of a class that files written before lack; their default stands for them.
_ADDED_LATER = {
    "RotatingLattice": frozenset({"textures"}),
    "DomainWallNeuron": frozenset({"refractory", "temperature", "reset_current", "reset_after", "reset_width"}),
    "DomainWallSynapse": frozenset({"spreads"}),
    "LinearSynapse": frozenset({"spreads"}),
    "MacrospinLattice": frozenset({"response", "provenance"}),
    "PairForce": frozenset({"distance"}),
    "Spreads": frozenset({"devices", "temperature"}),
    "EdgeForce": frozenset({"bends"}),
    "NearEdge": frozenset({"bends"}),
    "ThieleDynamics": frozenset({"bends", "local_texture"}),
    "StochasticBinarySynapse": frozenset({"unlike"}),
    "WallDynamics": frozenset({"breathing", "moment_per_length", "tilting"}),
}

# Fields that files written before have and that did nothing at this value.
_REMOVED = {"WallDynamics": {"width_softening": 0.0}}


def load_model(path: str | Path) -> Any:
    """Read what `save_model` wrote; every number comes back exactly.

    Parameters
    ----------
    path : str or pathlib.Path
        The file, or the name of a model that comes with the workbench: "junction", "wall",
        "wall-grains", "wall-wells", "oscillator".

    Warns
    -----
    FailedModel
        If a campaign judged that the fit it comes from failed.

    Raises
    ------
    ValueError
        If the file is not such a file, or a class or parameter in it is unknown or
        missing; the error names the file and the part.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from solitons import save_model
    >>> from solitons.devices import Junction
    >>> junction = Junction(left=50e-9, right=350e-9, parallel=5e-4, antiparallel=2e-4)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = save_model(junction, Path(folder) / "junction.json")
    ...     print(load_model(path).parallel)
    0.0005
    >>> load_model("wall").provenance.fitted_range.amplitude  # A/m2
    (150000000000.0, 300000000000.0)
    """
    import equinox as eqx

    path = model_file(path)
    try:
        content = read_json(path, LARGEST_TABLE)
    except ValueError as error:
        raise ValueError(f"{error}; is it a file that save_model wrote?") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else None
        raise ValueError(f"{path}: its format is {found!r}, but {FORMAT!r} is what this version reads")
    try:
        model = _from_plain(content.get("model"))
        if not isinstance(model, eqx.Module):
            raise ValueError(f"its model is {shortened(repr(model), 80)}; is it a file that save_model wrote?")
    except (TypeError, ValueError, ValidationError) as error:
        raise ValueError(f"{path}: {error}") from error
    if getattr(origin_of(model), "verdict", None) == "failed":
        warnings.warn(
            f"{path}: the fit that this model comes from failed; the campaign's report and summary.json beside it give "
            "the reasons. Use it only to see what it gets wrong",
            FailedModel,
            stacklevel=2,
        )
    return model


def load_model_of(field: str, named: str | Path, remedy: str, wanted: type | types.UnionType = object) -> Any:
    """Read the model that a field of a description names, such as ``device.fitted_model``; an error names the field.

    `remedy` is what to give instead where there is no such file, or one that holds no `wanted` class; else errors are
    as in `load_model`.

    Examples
    --------
    >>> load_model_of("device.fitted_model", "nowhere.json", "give the synapse.json of a campaign")
    Traceback (most recent call last):
    ValueError: device.fitted_model = 'nowhere.json' cannot be read: No such file or directory; give the synapse.json...
    """
    try:
        model = load_model(named)
    except OSError as error:
        raise ValueError(f"{field} = {str(named)!r} cannot be read: {error.strerror or error}; {remedy}") from error
    if not isinstance(model, wanted):
        raise ValueError(f"{field} = {str(named)!r} holds a {type(model).__name__}; {remedy}")
    return model


def _from_plain(value: Any) -> Any:
    import equinox as eqx

    if isinstance(value, list):
        parts = [_from_plain(item) for item in value]
        return tuple(parts) if any(isinstance(part, eqx.Module) for part in parts) else parts
    if not isinstance(value, dict):
        return value
    name = str(value.get("class"))
    content = {key: item for key, item in value.items() if key != "class"}
    for origin in _ORIGINS:
        if name == origin.__name__:
            return origin.model_validate(content)
    if name not in plugins(GROUP):
        raise ValueError(f"class {shortened(repr(name), 80)} is not one of {', '.join(sorted(plugins(GROUP)))}")
    made_of = class_named(name)
    for key, idle in _REMOVED.get(name, {}).items():
        if content.pop(key, idle) != idle:
            raise ValueError(
                f"{name}.{key} is not {idle:g}, and this version has no such parameter; fit the model again"
            )
    fields = {each.name for each in dataclasses.fields(made_of)}
    needed = fields - _ADDED_LATER.get(name, frozenset())
    if not needed <= content.keys() <= fields:
        missing, unknown = sorted(needed - content.keys()), sorted(content.keys() - fields)
        raise ValueError(f"{name}: missing {missing}, unknown {unknown}; it needs {sorted(fields)}")
    made = {key: _from_plain(item) for key, item in content.items()}
    for each in dataclasses.fields(made_of):
        if each.name in made:
            _check_part(f"{name}.{each.name}", str(each.type), made[each.name])
    return made_of(**made)


def _check_part(where: str, wanted: str, part: Any) -> None:
    """Refuse a part of another kind than its field's, such as "WallDynamics", "Bends | None" or "Any"."""
    kinds = set(re.findall(r"\w+", wanted)) - {"tuple"}
    for each in part if isinstance(part, tuple) else (part,):
        if kinds & {"Any", "int"}:
            fits = each is None or _is_numbers(each)
        else:
            fits = bool(kinds & {kind.__name__ for kind in type(each).__mro__}) or (each is None and "None" in kinds)
        if not fits:
            raise ValueError(f"{where} is {shortened(repr(each), 80)}; it must be {_WORDS.get(wanted, wanted)}")


def _is_numbers(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_numbers, value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_WORDS = {"Any": "a number or numbers", "int": "a number"}
