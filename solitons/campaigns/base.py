"""Campaigns: what all kinds have in common, and how their stored runs are opened.

A campaign is data. YAML and Python say the same thing, a quantity may be written
with its unit, and nothing in a campaign file is ever run as code.
"""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import xarray as xr
from pydantic import Field, ValidationError, model_validator

from geometries.description import Description, plain_errors
from geometries.quantities import check_si_unit, parse_quantity
from runs.engines import EngineChoice, EngineName
from runs.spec import RunSpec
from runs.store import Store

__all__ = ["AbstractCampaign", "Axis", "open_campaign", "swept_specs"]


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
        if self.name in {"t", "step", "x", "y", "z", "vdims", "wall", "pulse"}:
            raise ValueError(f"name = {self.name!r} is a dimension of every run already; choose another")
        return self


class AbstractCampaign(Description):
    """What every kind of campaign has: a name, an engine, and runs.

    A kind adds a literal field ``kind``, by which `load_campaign` knows it.

    Parameters
    ----------
    name : str
        Name of the campaign and of its folder in the store.
    title : str
        What it does, in a line.
    engine : str
        The engine, by its name in `runs.engines`; ``auto`` takes OOMMF where it is found, else native.
    sweep : sequence of Axis
        The swept parameters.
    """

    has_runs: ClassVar[bool] = True
    """Whether the kind has micromagnetic runs at all; it has none where the reduced model is all of it."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=80)]
    title: str = ""
    engine: EngineChoice = "auto"
    sweep: tuple[Axis, ...] = ()

    @abstractmethod
    def specs(self, engine: EngineName) -> dict[tuple[float, ...], RunSpec]:
        """The run of every combination of swept values, in the order of the axes; none if the kind has none."""


def swept_specs(base: Mapping[str, Any], sweep: Sequence[Axis], engine: EngineName) -> dict[tuple[float, ...], RunSpec]:
    """The runs that differ from a base in swept fields: their outer product, in the order of the axes.

    Parameters
    ----------
    base : mapping
        A `RunSpec` as data; its engine is replaced.
    sweep : sequence of Axis
        The swept parameters.
    engine : str
        The engine.

    Raises
    ------
    ValueError
        If an axis or a field is swept twice, or a combination of values makes no valid
        run: the error names the axis, the value and the field.
    """
    names = [axis.name for axis in sweep]
    if len(set(names)) != len(names):
        raise ValueError(f"sweep names an axis twice: {names}; name each once")
    fields = [field for axis in sweep for field in axis.fields]
    if len(set(fields)) != len(fields):
        raise ValueError("sweep sets a field by two axes; let each field belong to one axis")
    specs: dict[tuple[float, ...], RunSpec] = {}
    for point in itertools.product(*(axis.values for axis in sweep)):
        values = tuple(float(value) for value in point)
        where = ", ".join(f"{axis.name} = {value:g}" for axis, value in zip(sweep, values, strict=True))
        content: Any = {**base, "engine": engine}
        for axis, value in zip(sweep, values, strict=True):
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


def open_campaign(
    campaign: AbstractCampaign,
    store: str | Path,
    engine: EngineName,
    *,
    missing: Literal["raise", "fill"] = "raise",
) -> xr.Dataset:
    """All stored runs of a campaign as one lazy Dataset, a swept parameter a dimension.

    Parameters
    ----------
    campaign : AbstractCampaign
        The campaign.
    store : str or pathlib.Path
        The store's folder.
    engine : str
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
    ValueError
        If the campaign has no runs by its kind, or they are not those of a sweep of one device.
    """
    folder = Store(Path(store))
    if not campaign.has_runs:
        raise ValueError(
            f"campaign {campaign.name!r} has no micromagnetic runs and never will: the reduced model computes all of "
            "it; read summary.json in its folder of the store"
        )
    specs = campaign.specs(engine)
    if any(len(point) != len(campaign.sweep) for point in specs):
        raise ValueError(
            f"campaign {campaign.name!r} has runs of several devices, which are no dimensions of one Dataset; open "
            "them one by one with open_run"
        )
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
