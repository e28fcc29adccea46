"""Saving models as JSON, and loading them without running anything.

A file has the class of every part and its parameters, floats with all their
digits, and where a fitted model comes from. Only classes of this workbench are
made from it; nothing is unpickled.
"""

from __future__ import annotations

import dataclasses
import json
import re
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ValidationError

from geometries.plain_files import LARGEST_TABLE, read_json
from geometries.plain_text import shortened
from runs.whole_files import write_whole
from solitons.fits.provenance import FailedModel, IceProvenance, Provenance, PulseProvenance, SwitchingProvenance

if TYPE_CHECKING:
    import equinox as eqx

__all__ = [
    "FORMAT",
    "is_saved_model",
    "load_model",
    "load_model_of",
    "model_file",
    "origin_of",
    "save_model",
    "saved_devices",
]

FORMAT = "soliton-workbench model 1"
_SAVED = Path(__file__).with_name("saved_devices")


@cache
def _classes() -> dict[str, type[eqx.Module]]:
    """The models that are saved, by name. They bring JAX, for which `is_saved_model` need not wait."""
    from solitons.devices import junction, spreads, synapse, tabulated_synapse
    from solitons.domain_walls import breathing, neuron, pinning, tilting, wall_dynamics
    from solitons.domain_walls import synapse as wall_synapse
    from solitons.junctions import binary_synapse, junction_spread, macrospin, p_bits, rates, superparamagnetic_neuron
    from solitons.magnet_logic import coupled_macrospins, response_fit
    from solitons.skyrmions import along_track, bends, forces, grid_spline, skyrmion_neuron, skyrmion_synapse, thiele
    from solitons.skyrmions import junction as skyrmion_junction
    from solitons.spin_ice import (
        astroid,
        coherent_rotation,
        couplings,
        macrospins,
        moment_fields,
        rotating_lattice,
        textures,
    )

    return {
        each.__name__: each
        for each in (
            along_track.TrackEnds,
            along_track.UniformForce,
            astroid.SwitchingAstroid,
            bends.Bends,
            binary_synapse.StochasticBinarySynapse,
            breathing.Breathing,
            coherent_rotation.CoherentRotation,
            coupled_macrospins.CoupledMacrospins,
            couplings.Couplings,
            forces.EdgeForce,
            forces.ForceSum,
            forces.LandscapeForce,
            forces.NoForce,
            forces.PairForce,
            forces.PinningSites,
            grid_spline.GridSpline,
            junction.Junction,
            junction_spread.JunctionSpread,
            macrospin.Macrospin,
            rates.SwitchingRates,
            response_fit.ResponseFactors,
            macrospins.MacrospinLattice,
            moment_fields.MomentCouplings,
            neuron.DomainWallNeuron,
            p_bits.PBit,
            pinning.EndConfinement,
            pinning.HarmonicPinning,
            pinning.NoPinning,
            pinning.PeriodicPinning,
            pinning.PinningSum,
            pinning.SplinePinning,
            pinning.TabulatedPinning,
            pinning.UniformPush,
            rotating_lattice.RotatingLattice,
            textures.IslandTextures,
            skyrmion_junction.SkyrmionJunction,
            skyrmion_neuron.SkyrmionNeuron,
            skyrmion_synapse.SkyrmionSynapse,
            spreads.Spreads,
            superparamagnetic_neuron.SuperparamagneticNeuron,
            tabulated_synapse.TabulatedSynapse,
            wall_synapse.DomainWallSynapse,
            synapse.LinearSynapse,
            thiele.LocalTexture,
            tilting.Tilting,
            thiele.NearEdge,
            thiele.ThieleDynamics,
            wall_dynamics.WallDynamics,
        )
    }


# Fields of a class that files written before lack; their default stands for them.
_ADDED_LATER = {
    "RotatingLattice": frozenset({"textures"}),
    "DomainWallNeuron": frozenset({"refractory", "temperature"}),
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


def save_model(model: eqx.Module, path: str | Path) -> Path:
    """Write a wall, synapse, neuron, skyrmion or spin ice to a JSON file.

    Parameters
    ----------
    model : equinox.Module
        One of this workbench's models.
    path : str or pathlib.Path
        The file; an existing one is replaced whole.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    TypeError
        If the model has a part that is not one of this workbench's.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
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


def load_model(path: str | Path) -> Any:
    """Read what `save_model` wrote; every number comes back exactly.

    Parameters
    ----------
    path : str or pathlib.Path
        The file, or the name of a device that comes with the workbench: "junction", "wall", "wall-grains".

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


def saved_devices() -> list[str]:
    """Name the fitted devices that come with the workbench."""
    return sorted(each.stem for each in _SAVED.glob("*.json"))


def model_file(named: str | Path) -> Path:
    """Give the file of a model: of a device that comes with the workbench, by its name, or the named file.

    Examples
    --------
    >>> model_file("wall").parent.name, str(model_file("mine.json"))
    ('saved_devices', 'mine.json')
    """
    own = Path(named)
    return _SAVED / f"{named}.json" if str(named) in saved_devices() and not own.is_file() else own


def load_model_of(field: str, named: str | Path, remedy: str) -> Any:
    """Read the model that a field of a description names, such as ``device.fitted_model``; an error names the field.

    `remedy` is what to give instead where there is no such file; else errors are as in `load_model`.

    Examples
    --------
    >>> load_model_of("device.fitted_model", "nowhere.json", "give the synapse.json of a campaign")
    Traceback (most recent call last):
    ValueError: device.fitted_model = 'nowhere.json' cannot be read: No such file or directory; give the synapse.json...
    """
    try:
        return load_model(named)
    except OSError as error:
        raise ValueError(f"{field} = {str(named)!r} cannot be read: {error.strerror or error}; {remedy}") from error


def origin_of(model: Any) -> Any:
    """Where a model comes from, or that which moves in it; None if it was not fitted."""
    return getattr(getattr(model, "wall", getattr(model, "skyrmion", model)), "provenance", None)


def _to_plain(value: Any) -> Any:
    import equinox as eqx

    if isinstance(value, eqx.Module):
        name = type(value).__name__
        if _classes().get(name) is not type(value):
            raise TypeError(f"save_model: {name} is not a model of this workbench, so it could not be loaded again")
        fields = {each.name: _to_plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
        return {"class": name, **fields}
    if isinstance(value, BaseModel):
        return {"class": type(value).__name__, **value.model_dump(mode="json")}
    if isinstance(value, (tuple, list)):
        return [_to_plain(item) for item in value]
    if value is None:
        return None
    return np.asarray(value, dtype=np.float64).tolist()


def _from_plain(value: Any) -> Any:
    import equinox as eqx

    if isinstance(value, list):
        parts = [_from_plain(item) for item in value]
        return tuple(parts) if any(isinstance(part, eqx.Module) for part in parts) else parts
    if not isinstance(value, dict):
        return value
    name = value.get("class")
    content = {key: item for key, item in value.items() if key != "class"}
    for origin in (IceProvenance, Provenance, PulseProvenance, SwitchingProvenance):
        if name == origin.__name__:
            return origin.model_validate(content)
    if name not in _classes():
        raise ValueError(f"class {name!r} is not one of {', '.join(sorted(_classes()))}")
    for key, idle in _REMOVED.get(name, {}).items():
        if content.pop(key, idle) != idle:
            raise ValueError(
                f"{name}.{key} is not {idle:g}, and this version has no such parameter; fit the model again"
            )
    fields = {each.name for each in dataclasses.fields(_classes()[name])}
    needed = fields - _ADDED_LATER.get(name, frozenset())
    if not needed <= content.keys() <= fields:
        missing, unknown = sorted(needed - content.keys()), sorted(content.keys() - fields)
        raise ValueError(f"{name}: missing {missing}, unknown {unknown}; it needs {sorted(fields)}")
    made = {key: _from_plain(item) for key, item in content.items()}
    for each in dataclasses.fields(_classes()[name]):
        if each.name in made:
            _check_part(f"{name}.{each.name}", str(each.type), made[each.name])
    return _classes()[name](**made)


def _check_part(where: str, wanted: str, part: Any) -> None:
    """Refuse a part of another kind than its field has, such as "WallDynamics", "Bends | None" or "Any"."""
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
