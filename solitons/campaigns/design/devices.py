"""The runs of a device at a place between the bounds, and what they say of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from analysis.observables import NotInThisRun, Observable, SeenRun, measured
from geometries.description import plain_errors
from runs.spec import RunSpec
from solitons.campaigns.design.search import Known, Place
from solitons.campaigns.design.settings import Aim, DesignRun, FreeField, Limit
from solitons.campaigns.framework.axes import in_words, replaced
from solitons.campaigns.framework.swept_units import check_units

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Asked", "start_of", "taken_by", "value_of"]

_DIFFERENCE = 1e-3  # share of the way between the bounds over which slopes are taken

Floats = npt.NDArray[np.float64]
Opened = Callable[[RunSpec], "xr.Dataset"]
_Seen = tuple[RunSpec, "xr.Dataset"]
_Both = tuple[_Seen, _Seen]


@dataclass(frozen=True, eq=False)
class Asked:
    """What a design asks for; makes runs from places, and numbers from runs."""

    base: Mapping[str, Any]
    runs: Mapping[str, DesignRun]
    free: Sequence[FreeField]
    aim: Aim
    limits: Sequence[Limit]
    _made: dict[tuple[str, Place, int | None], RunSpec] = field(default_factory=dict, repr=False)

    @property
    def searched(self) -> tuple[str, ...]:
        """Names of the runs that the search needs."""
        return tuple(dict.fromkeys([self.aim.of, *(each.of for each in self.limits)]))

    def values_at(self, place: Place) -> tuple[float, ...]:
        """Values of the free fields in SI."""
        bounds = np.array([each.bounds for each in self.free])
        return tuple((bounds[:, 0] + np.array(place) * np.diff(bounds).ravel()).tolist())

    def spec(self, run: str, place: Place, seed: int | None = None) -> RunSpec:
        """The run of a device.

        Raises
        ------
        ValueError
            If the device at this place makes no valid run; names the values and the field.
        """
        if (run, place, seed) not in self._made:
            point = self.values_at(place)
            try:
                self._made[run, place, seed] = RunSpec.model_validate(self._content(run, point, seed))
            except ValidationError as error:
                where = in_words([each.axis for each in self.free], point)
                raise ValueError(f"run {run!r} with {where}: {plain_errors(error)}") from None
        return self._made[run, place, seed]

    def _content(self, run: str, point: Sequence[float], seed: int | None) -> dict[str, Any]:
        asked = self.runs[run]
        content = {**self.base, "protocol": asked.protocol, "engine": "native"}
        for each, value in zip(self.free, point, strict=True):
            # A field of a protocol is one of those runs alone that have it.
            there = tuple(path for path in each.fields if not path.startswith("protocol.") or _has(content, path))
            if there:
                content = replaced(content, [each.axis.model_copy(update={"fields": there})], (value,))
        if asked.seeds is not None and seed is not None:
            for path in asked.seeds.fields:
                content = _seeded(content, path.split("."), seed)
        if asked.stops:
            stops = [{**content["device"], **stop} for stop in asked.stops]
            content["protocol"] = {**content["protocol"], "stops": stops}
        return content

    def check(self) -> None:
        """Refuse runs that do not exist, observables that no run can have, and free fields that no run has."""
        for what, observable, of in self._numbers():
            if of not in self.runs:
                raise ValueError(f"{what}: there is no run {of!r}; give one of {', '.join(self.runs)}")
            place = (0.0,) * len(self.free)
            for need in observable.needs:
                if why := need(self.spec(of, place)):
                    raise ValueError(f"{what}: run {of!r} cannot have {observable.name!r}: {why}")
        for each in self.free:
            for path in each.fields:
                if not any(_has({**self.base, "protocol": run.protocol}, path) for run in self.runs.values()):
                    raise ValueError(
                        f"free field {each.name!r}: field {path!r} is in no run; write it out in the base, or in the "
                        "protocol of a run, with the value from which the search begins"
                    )
        for run in self.runs:
            spec = self.spec(run, (0.0,) * len(self.free))
            content = spec.model_dump(mode="json")
            there = [
                each.axis.model_copy(update={"fields": tuple(path for path in each.fields if _has(content, path))})
                for each in self.free
            ]
            check_units(spec, [axis for axis in there if axis.fields])

    def _numbers(self) -> Iterator[tuple[str, Observable, str]]:
        from analysis.observables import observables_named

        yield "aim", observables_named([self.aim.observable])[0], self.aim.of
        for each in self.limits:
            yield f"limit of {each.observable!r}", each.measured, each.of

    @property
    def without_slopes(self) -> tuple[str, ...]:
        """What has no slopes, in words: observables that are not of energies, and lengths, which are rounded to cells."""
        observables = dict.fromkeys(each.label for _, each, _ in self._numbers() if not each.from_energies)
        return (*observables, *(each.axis.heading for each in self.free if each.axis.unit == "m"))

    def table(self, place: Place, opened: Opened) -> Floats:
        """Aim and limits' observables, means over the seeds, and their slopes if all have some: (numbers, 1 + fields).

        NaN of what a run does not have, and of slopes along a field that no energy depends on. Slopes are over the whole
        way between the bounds. A state of rest and a hill's top change the energy only to second order when they shift,
        so that an energy's slope is that of the same states in another device.
        """
        of_runs = {}
        for run in self.searched:
            for seed in self.runs[run].seeds_of(unseen=False):
                spec = self.spec(run, place, seed)
                seen = opened(spec)
                beside = [] if self.without_slopes else self._beside(run, place, seed, seen)
                of_runs[run, seed] = spec, seen, beside
        rows = []
        for _, observable, of in self._numbers():
            found = []
            for seed in self.runs[of].seeds_of(unseen=False):
                spec, seen, beside = of_runs[of, seed]
                slopes = [_slope(observable, *both, apart) for both, apart in beside]
                found.append([value_of(observable, spec, seen), *slopes])
            rows.append(np.mean(found, axis=0))
        return np.array(rows)

    def known(self, table: Floats, aim_size: float, margin: float) -> Known:
        """What the search learns from a `table`: numbers in units of each limit, or of an aim's size.

        The search keeps a margin, a share of each limit, as a device on a limit may be a little beyond it.
        """
        rows = [self.aim.sign * table[0] / aim_size]
        for each, row in zip(self.limits, table[1:], strict=True):
            for sign, end in each.ends:
                excess = sign * row / (abs(end) or 1.0)
                excess[0] += margin - sign * end / (abs(end) or 1.0)
                rows.append(excess)
        found = np.array(rows)
        slopes = found[:, 1:]
        there = slopes.size > 0 and bool(np.isfinite(slopes).all())
        return Known(float(found[0, 0]), found[1:, 0], slopes if there else None)

    def _beside(self, run: str, place: Place, seed: int | None, seen: xr.Dataset) -> list[tuple[_Both, float]]:
        """For each free field the same states in devices to both sides, and how far these are apart."""
        found = []
        for number in range(len(place)):
            ends = [
                tuple(float(np.clip(at + sign * _DIFFERENCE * (each == number), 0, 1)) for each, at in enumerate(place))
                for sign in (-1, 1)
            ]
            below, above = ((spec, _with_energies(spec, seen)) for spec in (self.spec(run, end, seed) for end in ends))
            found.append(((below, above), ends[1][number] - ends[0][number]))
        return found


def _slope(observable: Observable, below: _Seen, above: _Seen, apart: float) -> float:
    if np.array_equal(below[1]["energy"], above[1]["energy"]):
        return math.nan
    return (value_of(observable, *above) - value_of(observable, *below)) / apart


def start_of(free: Sequence[FreeField], asked: Asked) -> Place:
    """Where the search begins: the base's own values, as shares of the way between the bounds."""
    places = []
    for each in free:
        run = next(
            name for name, run in asked.runs.items() if _has({**asked.base, "protocol": run.protocol}, each.fields[0])
        )
        content: Any = {**asked.base, "protocol": asked.runs[run].protocol, "engine": "native"}
        stops = [{**content["device"], **stop} for stop in asked.runs[run].stops]
        content["protocol"] = {**content["protocol"], **({"stops": stops} if stops else {})}
        value = RunSpec.model_validate(content).model_dump(mode="json")
        for key in each.fields[0].split("."):
            value = value[int(key)] if isinstance(value, list) else value[key]
        low, high = each.bounds
        if not isinstance(value, (int, float)) or not low <= value <= high:
            raise ValueError(
                f"free field {each.name!r}: {each.fields[0]!r} is {value} in the base, outside {low:g} to {high:g}, "
                "and the search begins there; widen 'between' or change the base"
            )
        places.append(round((value - low) / (high - low), 9))
    return tuple(places)


def taken_by(spec: RunSpec, engine: str) -> RunSpec:
    """The run by an engine, or by the native one where the engine cannot run it; the report says which ran."""
    try:
        return spec.for_engine(engine)
    except ValueError:
        return spec.for_engine("native")


def value_of(observable: Observable, spec: RunSpec, run: xr.Dataset) -> float:
    """The observable of a run; NaN if it has none."""
    try:
        return float(measured(observable, SeenRun(spec, run)))
    except NotInThisRun:
        return float("nan")


def _with_energies(spec: RunSpec, run: xr.Dataset) -> xr.Dataset:
    """A run whose states have the energies in J that they have in another device."""
    import discretisedfield as df

    import runs.native as nc
    from runs.system.build import build_system

    system = build_system(spec, drive=False)
    mesh, norm = system.m.mesh, system.m.norm
    states = np.nan_to_num(run["m"].transpose("step", "x", "y", "z", "vdims").values.astype(np.float64))
    energies = []
    for state in states:
        system.m = df.Field(mesh, nvdim=3, value=state, norm=norm)
        energies.append(nc.compute(system.energy.energy, system))
    return run.assign(energy=run["energy"].copy(data=energies))


def _has(content: Any, path: str) -> bool:
    for key in path.split("."):
        if isinstance(content, (list, tuple)):
            if not key.isdigit() or int(key) >= len(content):
                return False
            content = content[int(key)]
        elif isinstance(content, Mapping) and key in content:
            content = content[key]
        else:
            return False
    return True


def _seeded(content: Any, path: Sequence[str], seed: int) -> Any:
    if not path:
        return seed
    if isinstance(content, (list, tuple)):
        at = int(path[0])
        return [_seeded(each, path[1:], seed) if number == at else each for number, each in enumerate(content)]
    return {**content, path[0]: _seeded(content.get(path[0], {}), path[1:], seed)}
