"""Swept axes: which fields of a run take several values, and the runs that follow."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, ValidationError, model_validator

from geometries import get_material
from geometries.description import Description, plain_errors
from geometries.quantities import parse_quantity, si_unit
from geometries.sizes import MOST_POINTS, refuse_more
from runs.spec import RunSpec
from solitons.campaigns.framework.swept_units import check_units
from solitons.figures import value_label

__all__ = [
    "Axis",
    "check_axes",
    "check_one_current",
    "check_units_in",
    "in_words",
    "is_current",
    "points",
    "replaced",
    "swept_specs",
]

Point = tuple[float, ...]

# Names of a run's Dataset and of a table of runs, which an axis would hide.
_TAKEN = {
    *("t", "step", "x", "y", "z", "vdims", "wall", "pulse", "terminal"),
    *("m", "mx", "my", "mz", "energy", "current_density", "current", "applied_field", "temperature"),
    *("run_id", "stored", "role", "nx", "ny", "nz"),
}
_SWEPT_PARTS = ("device", "material", "protocol", "numerics")


def _speakable(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise ValueError(
            f"{name[:80]!r} cannot name an axis; use letters (A to Z), digits and underscores, a letter first, such as "
            "'pulse_width' or 'Ku'"
        )
    return name


class Axis(Description):
    """One swept parameter.

    Parameters
    ----------
    name : str
        Its name; a dimension of the campaign's Dataset.
    fields : sequence of str
        Place of the value in the base run, for instance "protocol.steps.1.amplitude",
        "device.notches.0.depth" or "material.Ku"; several fields get the same value.
    values : sequence of float or str
        The values, numbers in SI or texts such as "0.5 ns".
    unit : str
        The SI unit.
    label : str
        How a plot names the axis; `name` if empty.

    Raises
    ------
    pydantic.ValidationError
        If a value has another dimension than the unit or is there twice, or the name is a
        dimension that every run has.

    Examples
    --------
    >>> from solitons import Axis
    >>> axis = Axis(name="width", unit="m", fields=["device.width"], values=["32 nm", "64 nm"])
    >>> axis.name, axis.fields
    ('width', ('device.width',))
    """

    parts: ClassVar[tuple[str, ...]] = _SWEPT_PARTS
    """With what a field may begin."""

    name: Annotated[str, AfterValidator(_speakable)]
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    values: Annotated[tuple[float | str, ...], Field(min_length=1)]
    unit: str = ""
    label: str = ""

    @model_validator(mode="before")
    @classmethod
    def _to_unit(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and isinstance(data.get("values"), (list, tuple)):
            unit = data.get("unit", "")
            if not isinstance(unit, str):
                return data  # the field reports it
            unit = si_unit(unit)
            try:
                return {**data, "unit": unit, "values": [parse_quantity(value, unit) for value in data["values"]]}
            except ValueError as error:
                remedy = "" if unit else "; give the axis the SI unit of its values, such as unit: A/m"
                raise ValueError(f"values of axis {str(data.get('name', ''))[:80]!r}: {error}{remedy}") from error
        return data

    @model_validator(mode="after")
    def _check_values(self) -> Axis:
        if self.name in _TAKEN:
            raise ValueError(f"name = {self.name!r} is a name that every run has already; choose another")
        for field in self.fields:
            if field.split(".")[0] not in self.parts or "." not in field:
                raise ValueError(
                    f"field {field!r} of axis {self.name!r} is none of a run that can be swept; give one of "
                    f"{', '.join(self.parts)}, such as 'material.Ku' or 'protocol.steps.1.amplitude'"
                )
        return self

    @property
    def heading(self) -> str:
        """Name of the axis in figures and tables."""
        return self.label or self.name.replace("_", " ")

    def is_of(self, *parts: str) -> bool:
        """Whether all fields of the axis are in the named parts of a run, such as "protocol"."""
        return all(field.split(".")[0] in parts for field in self.fields)


def check_axes(sweep: Sequence[Axis]) -> None:
    """Refuse axes that share a name or a field, or that make more runs than could be made."""
    sizes = " x ".join(str(len(axis.values)) for axis in sweep)
    refuse_more(
        f"sweep: {sizes} values",
        math.prod(len(axis.values) for axis in sweep),
        MOST_POINTS,
        "runs",
        "give fewer values, or share them out to several campaigns",
    )
    names = [axis.name for axis in sweep]
    if len(set(names)) != len(names):
        raise ValueError(f"sweep names an axis twice: {names}; name each once")
    fields = [field for axis in sweep for field in axis.fields]
    if len(set(fields)) != len(fields):
        raise ValueError("sweep sets a field by two axes; let each field belong to one axis")


def is_current(axis: Axis) -> bool:
    """Whether an axis is over a current density of the protocol."""
    return axis.unit == "A/m^2" and axis.is_of("protocol")


def check_one_current(sweep: Sequence[Axis], held_out: int, fitted: int) -> None:
    """Refuse a sweep without one axis over the current, or with fewer values than are held out and fitted."""
    axes = [axis for axis in sweep if is_current(axis)]
    if len(axes) != 1:
        named = ", ".join(f"{axis.name} ({axis.unit or 'no unit'})" for axis in sweep) or "none"
        raise ValueError(
            f"sweep has {named}; give one axis over the current in base.protocol, a current density with the unit "
            "'A/m^2', such as fields: [protocol.steps.1.amplitude]"
        )
    if len(axes[0].values) < held_out + fitted:
        raise ValueError(
            f"sweep has {len(axes[0].values)} currents, and fit.held_out = {held_out} asks for {held_out + fitted} at "
            f"least: {fitted} to fit, and those that are held out"
        )


def points(sweep: Sequence[Axis]) -> Iterator[Point]:
    """Every combination of the axes' values, in their order; a single empty one without axes."""
    for values in itertools.product(*(axis.values for axis in sweep)):
        yield tuple(float(value) for value in values)


def in_words(sweep: Sequence[Axis], point: Point) -> str:
    """Coordinates of a point, with units, such as "amplitude = 0.2 × 10¹² A/m², width = 150 ps"."""
    return ", ".join(f"{axis.name} = {value_label(value, axis.unit)}" for axis, value in zip(sweep, point, strict=True))


def replaced(base: Mapping[str, Any], sweep: Sequence[Axis], point: Point) -> dict[str, Any]:
    """A base run as data, with the axes' fields at a point.

    A material that the base gives by its name is written out where a field of it is swept. A field that the base does
    not have is an error that names the axis.
    """
    content: Any = dict(base)
    for axis, value in zip(sweep, point, strict=True):
        for field in axis.fields:
            path = field.split(".")
            if path[0] == "material" and isinstance(content.get("material"), str):
                content["material"] = get_material(content["material"]).model_dump(mode="json")
            content = _with_leaf(content, path, value, f"axis {axis.name!r}: field {field!r}")
    return dict(content)


def swept_specs(base: Mapping[str, Any], sweep: Sequence[Axis], engine: str) -> dict[Point, RunSpec]:
    """The runs that differ from a base in swept fields: their outer product, in the order of the axes.

    `base` is a `RunSpec` as data; its engine is replaced. A combination of values that makes no valid run is an error
    that names the axis, the value and the field.
    """
    check_axes(sweep)
    specs: dict[Point, RunSpec] = {}
    for point in points(sweep):
        content = replaced(base, sweep, point) | {"engine": engine}
        try:
            specs[point] = _run(content)
        except ValidationError as error:
            where = f" with {in_words(sweep, point)}" if sweep else ""
            raise ValueError(f"base run{where}: {plain_errors(error)}") from None
        if len(specs) == 1:
            check_units(specs[point], sweep)
    return specs


def check_units_in(base: Mapping[str, Any], sweep: Sequence[Axis]) -> None:
    """Refuse axes whose unit does not fit a field of the base run, as `swept_specs` does of all in one analysis."""
    first = next(points(sweep))
    for point in (first, ()):
        try:
            spec = _run(replaced(base, sweep[: len(point)], point) | {"engine": "native"})
        except ValidationError:
            continue  # reported where the run is made, with its values
        check_units(spec, sweep)
        break


# The devices, materials and protocols that were made last, by their description: most are the same from run to run.
_MADE: OrderedDict[tuple[str, str], Any] = OrderedDict()
_KEPT = 64


def _run(content: dict[str, Any]) -> RunSpec:
    """A run, with those parts that were made before from the same description."""
    known, keys = dict(content), {}
    for part in _SWEPT_PARTS:
        try:
            keys[part] = part, json.dumps(content[part], sort_keys=True)
        except (KeyError, TypeError, ValueError):
            continue  # left out, or what no run takes
        if keys[part] in _MADE:
            known[part] = _MADE[keys[part]]
    spec = RunSpec.model_validate(known)
    for part, key in keys.items():
        _MADE[key] = getattr(spec, part)
        _MADE.move_to_end(key)
    while len(_MADE) > _KEPT:
        _MADE.popitem(last=False)
    return spec


def _with_leaf(content: Any, path: list[str], value: float, who: str) -> Any:
    """A copy of nested dicts and lists with one leaf replaced."""
    key, rest = path[0], path[1:]
    if isinstance(content, Mapping):
        if rest and key not in content:
            raise ValueError(
                f"{who}: the base has no {key!r}; it has {', '.join(map(str, content))}. Write "
                "out in the base what is swept, its default too"
            )
        return {**content, key: _with_leaf(content[key], rest, value, who) if rest else value}
    if isinstance(content, (list, tuple)):
        if not key.isdigit() or int(key) >= len(content):
            raise ValueError(f"{who}: {key!r} is not an index below {len(content)}")
        items = list(content)
        items[int(key)] = _with_leaf(items[int(key)], rest, value, who) if rest else value
        return items
    raise ValueError(f"{who}: {key!r} cannot be looked up in {content!r}; write it out as a table in the base")
