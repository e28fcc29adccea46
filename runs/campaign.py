"""Campaigns: a base run, the axes that are swept, what to extract and what to fit.

A `Campaign` is data. YAML and Python say the same thing, a quantity may be written
with its unit, and nothing in a campaign file is ever run as code.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import xarray as xr
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from geometries.description import Description, plain_errors
from geometries.quantities import CurrentDensity, FieldStrength, ResistanceArea, check_si_unit, parse_quantity
from runs.engines import EngineName
from runs.spec import RunSpec
from runs.store import Store
from runs.strict_yaml import read_description

__all__ = ["Axis", "Campaign", "Digits", "Extract", "Fit", "load_campaign", "open_campaign"]


class Axis(Description):
    """One swept parameter.

    Parameters
    ----------
    name : str
        Its name; a dimension of the campaign's Dataset.
    fields : sequence of str
        Where the value goes in the base spec, for instance
        "protocol.steps.1.amplitude"; several fields get the same value.
    values : sequence of float or str
        The values, numbers in SI or texts such as "0.5 ns".
    unit : str
        The SI unit.
    label : str
        How a plot names the axis; `name` if empty.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    values: Annotated[tuple[float | str, ...], Field(min_length=1)]
    unit: str = ""
    label: str = ""

    @model_validator(mode="before")
    @classmethod
    def _to_unit(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and isinstance(data.get("values"), (list, tuple)):
            unit = str(data.get("unit", ""))
            check_si_unit(unit)
            return {**data, "values": [parse_quantity(value, unit) for value in data["values"]]}
        return data

    @model_validator(mode="after")
    def _check_values(self) -> Axis:
        if len(set(self.values)) != len(self.values):
            raise ValueError(f"values of axis {self.name!r} has one twice; name each once")
        if self.name in {"t", "x", "y", "z", "vdims", "wall", "pulse"}:
            raise ValueError(f"name = {self.name!r} is a dimension of every run already; choose another")
        return self


class Extract(Description):
    """What is read off a run: its walls, and a tunnel junction over the read-out window.

    Parameters
    ----------
    resistance_area : float or str
        Resistance-area product of the junction in the parallel state, in ohm m2.
    tmr : float
        Tunnel magnetoresistance ratio (R_AP - R_P) / R_P, such as 1.5.
    polariser : three of float
        Direction of the junction's fixed layer.
    """

    resistance_area: Annotated[ResistanceArea, Field(gt=0)]
    tmr: Annotated[float, Field(gt=0)]
    polariser: tuple[float, float, float] = (0.0, 0.0, 1.0)

    @field_validator("polariser")
    @classmethod
    def _points_somewhere(cls, value: tuple[float, float, float]) -> tuple[float, float, float]:
        if not any(value):
            raise ValueError("polariser = (0, 0, 0) has no direction; give one, such as [0, 0, 1]")
        return value


class Fit(Description):
    """How the reduced-order model is fitted.

    Parameters
    ----------
    held_out : int
        How many runs the fit does not see; it predicts them afterwards.
    seed : int
        Seed that chooses them.
    knots : int
        Control values of a pinning landscape along the stripe that is fitted too.
    """

    held_out: Annotated[int, Field(ge=1)]
    seed: Annotated[int, Field(ge=0)] = 0
    knots: Annotated[int, Field(ge=0)] = 0


class Digits(Description):
    """The network that reads handwritten digits with the fitted devices.

    Parameters
    ----------
    pulse_amplitude : float or str
        Current density of the programming pulses in A/m2.
    neuron_bias : float or str
        Field that drives a neuron's wall back (its leak), in A/m.
    seed : int
        Seed of the test split and of the write errors.
    """

    seed: Annotated[int, Field(ge=0)] = 0
    pulse_amplitude: Annotated[CurrentDensity, Field(gt=0)] | None = None
    neuron_bias: Annotated[FieldStrength, Field(ge=0)] | None = None


def _read_base(value: Any) -> Any:
    if isinstance(value, RunSpec):
        return value.model_dump(mode="json")
    return value


class Campaign(Description):
    """A set of runs and what is made of them.

    Parameters
    ----------
    name : str
        Name of the campaign and of its folder in the store.
    title : str
        What it does, in a line.
    engine : {"auto", "oommf", "native", "mock"}
        The engine; ``auto`` takes OOMMF where it is found, else native.
    base : RunSpec or mapping
        The run from which the others differ in the swept fields. Its own engine
        is replaced by the campaign's.
    sweep : sequence of Axis
        The swept parameters; runs are their outer product.
    extract : Extract
        What is read off each run.
    fit : Fit
        How the model is fitted.
    digits : Digits, optional
        The network at the end; left out if None.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, or a combination of swept values makes no valid run:
        the error names the axis, the value and the field.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=80)]
    title: str = ""
    engine: Literal["auto"] | EngineName = "auto"
    base: Annotated[dict[str, Any], BeforeValidator(_read_base)]
    sweep: tuple[Axis, ...] = ()
    extract: Extract
    fit: Fit
    digits: Digits | None = None

    @model_validator(mode="after")
    def _check_runs(self) -> Campaign:
        names = [axis.name for axis in self.sweep]
        if len(set(names)) != len(names):
            raise ValueError(f"sweep names an axis twice: {names}; name each once")
        fields = [field for axis in self.sweep for field in axis.fields]
        if len(set(fields)) != len(fields):
            raise ValueError("sweep sets a field by two axes; let each field belong to one axis")
        runs = len(self.specs("native"))
        if self.fit.held_out >= runs:
            raise ValueError(
                f"fit.held_out = {self.fit.held_out}, but the sweep has {runs} run(s); leave at least one to fit on"
            )
        return self

    def specs(self, engine: EngineName) -> dict[tuple[float, ...], RunSpec]:
        """The run of every combination of swept values, in the order of the axes."""
        specs: dict[tuple[float, ...], RunSpec] = {}
        for point in itertools.product(*(axis.values for axis in self.sweep)):
            values = tuple(float(value) for value in point)
            where = ", ".join(f"{axis.name} = {value:g}" for axis, value in zip(self.sweep, values, strict=True))
            content = {**self.base, "engine": engine}
            for axis, value in zip(self.sweep, values, strict=True):
                for field in axis.fields:
                    content = _replaced(content, field.split("."), value, f"axis {axis.name!r}: field {field!r}")
            try:
                specs[values] = RunSpec.model_validate(content)
            except ValidationError as error:
                raise ValueError(f"base run{' with ' + where if where else ''}: {plain_errors(error)}") from None
        return specs


def _replaced(content: Any, path: list[str], value: float, who: str) -> Any:
    """A copy of nested dicts and lists with one leaf replaced."""
    key, rest = path[0], path[1:]
    if isinstance(content, Mapping):
        if rest and key not in content:
            raise ValueError(f"{who}: the base has no {key!r}; it has {', '.join(map(str, content))}")
        return {**content, key: _replaced(content[key], rest, value, who) if rest else value}
    if isinstance(content, (list, tuple)):
        if not key.isdigit() or int(key) >= len(content):
            raise ValueError(f"{who}: {key!r} is not an index below {len(content)}")
        items = list(content)
        items[int(key)] = _replaced(items[int(key)], rest, value, who) if rest else value
        return items
    raise ValueError(f"{who}: {key!r} cannot be looked up in {content!r}; write it out as a table in the base")


def load_campaign(campaign: str | Path) -> Campaign:
    """Read a campaign from a YAML file, or one that comes with the workbench by its name.

    The file is data: it is read with YAML's safe loader and can name no code.

    Parameters
    ----------
    campaign : str or pathlib.Path
        A file that ends in ".yaml" or ".yml", or a name such as "dw-synapse".

    Raises
    ------
    ValueError
        If there is no such file or name, or if it is not a campaign; the error names
        the file and the field.

    Examples
    --------
    >>> load_campaign("dw-synapse").name
    'dw-synapse'
    """
    path = Path(campaign)
    if path.suffix not in {".yaml", ".yml"}:
        path = _shipped(str(campaign))
    elif not path.is_file():
        raise ValueError(f"campaign {str(campaign)!r}: there is no such file")
    return read_description(path, Campaign, "a campaign")


def _shipped(name: str) -> Path:
    folder = Path(__file__).parent / "campaigns"
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in known:
        raise ValueError(
            f"campaign {name!r} is not one of {', '.join(known)}; for a file of your own give its name with .yaml"
        )
    return folder / f"{name}.yaml"


def open_campaign(
    campaign: Campaign,
    store: str | Path,
    engine: EngineName,
    *,
    missing: Literal["raise", "fill"] = "raise",
) -> xr.Dataset:
    """All stored runs of a campaign as one lazy Dataset, a swept parameter a dimension.

    Parameters
    ----------
    campaign : Campaign
        The campaign.
    store : str or pathlib.Path
        The store's folder.
    engine : {"oommf", "native", "mock"}
        The engine whose runs are opened.
    missing : {"raise", "fill"}
        What is done where a run is not in the store: raise, or fill its place with NaN, which takes
        no memory. So a campaign that is being computed can be looked at; open it again to see more.

    Returns
    -------
    xarray.Dataset
        As a run's, with a dimension for every axis, and ``run_id`` and the coordinate ``stored`` (bool)
        over them. Runs of different length are padded with NaN.

    Raises
    ------
    KeyError
        If a run is not in the store, or none is.
    """
    folder = Store(Path(store))
    specs = campaign.specs(engine)
    opened = {
        point: folder.open(spec.run_id).drop_attrs(deep=False)
        for point, spec in specs.items()
        if missing == "raise" or folder.holds(spec.run_id)
    }
    if not opened:
        raise KeyError(f"campaign {campaign.name!r} has no run of engine {engine} in store {str(store)!r} yet")
    nothing = _nothing_like(next(iter(opened.values())))
    runs = {
        point: opened.get(point, nothing).assign(run_id=spec.run_id, stored=point in opened)
        for point, spec in specs.items()
    }
    return _concatenated(runs, list(campaign.sweep)).set_coords("stored")


def _nothing_like(run: xr.Dataset) -> xr.Dataset:
    """The place of a run that is not there: its dimensions, and lazy NaN."""
    return run.map(lambda each: xr.full_like(each, np.nan, dtype=each.dtype if each.dtype.kind == "f" else float))


def _concatenated(runs: dict[tuple[float, ...], xr.Dataset], axes: list[Axis]) -> xr.Dataset:
    if not axes:
        return runs[()]
    axis = axes[0]
    parts = [
        _concatenated({point[1:]: run for point, run in runs.items() if point[0] == value}, axes[1:])
        for value in axis.values
    ]
    dimension = xr.DataArray(list(axis.values), dims=axis.name, name=axis.name, attrs={"units": axis.unit})
    return xr.concat(parts, dim=dimension, join="outer", data_vars="all", coords="minimal", compat="override")
