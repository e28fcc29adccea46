"""The runs and campaigns of a device at a place between the bounds, and what they show."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from geometries.description import plain_errors
from runs.spec import RunSpec
from solitons.campaigns.design.search import Known, Place
from solitons.campaigns.design.settings import Aim, Bound, DesignRun, FreeField, Limit
from solitons.campaigns.framework.axes import in_words, replaced
from solitons.campaigns.framework.base import AbstractCampaign, ComputedRuns, LabelledRun
from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.results import Number, Results
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.swept_units import check_units

if TYPE_CHECKING:
    import xarray as xr

    from analysis.observables import Observable
    from runs import Store

__all__ = ["Asked", "Made", "Shown", "engines_of", "runs_of"]

_FEW = 4  # free fields, of whose bounds all combinations are looked at

Floats = npt.NDArray[np.float64]
Made = RunSpec | AbstractCampaign[Any, Any]


@dataclass(frozen=True, eq=False)
class Asked:
    """What a design asks for; makes runs from places, and numbers from runs."""

    base: Mapping[str, Any]
    runs: Mapping[str, DesignRun]
    free: Sequence[FreeField]
    wanted: Aim
    limits: Sequence[Limit]
    verification: Sequence[Limit]
    _made: dict[tuple[str, Place, int | None], Made] = field(default_factory=dict, repr=False)

    @property
    def searched(self) -> tuple[str, ...]:
        """Names of the runs that the search needs."""
        return tuple(dict.fromkeys([self.wanted.of, *(each.of for each in self.limits)]))

    @cached_property
    def campaigns(self) -> dict[str, AbstractCampaign[Any, Any]]:
        """The campaigns of those runs that are some, by the runs' names."""
        return {name: _opened(name, run) for name, run in self.runs.items() if run.campaign is not None}

    @cached_property
    def aim(self) -> Observable | Number:
        """The number that is to be large or small."""
        return self._number(self.wanted.observable, self.wanted.of, "aim")

    @cached_property
    def bounds(self) -> tuple[Bound, ...]:
        """The limits, with their numbers."""
        return tuple(each.on(self._number(each.observable, each.of, "limit")) for each in self.limits)

    @cached_property
    def checks(self) -> tuple[Bound, ...]:
        """What is looked at in the end: limits of runs with chance, and the verification."""
        return (
            *(each for each in self.bounds if self.runs[each.of].seeds is not None),
            *(each.on(self._number(each.observable, each.of, "verification")) for each in self.verification),
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """A name for each of the numbers: its own, with its run's where several runs have it."""
        runs: dict[str, set[str]] = {}
        for number, of in self.numbers:
            runs.setdefault(number.name, set()).add(of)
        return tuple(n.name if len(runs[n.name]) == 1 else f"{n.name}_of_{of}" for n, of in self.numbers)

    @property
    def numbers(self) -> tuple[tuple[Observable | Number, str], ...]:
        """The aim and the limits' numbers, each with its run."""
        return ((self.aim, self.wanted.of), *((each.number, each.of) for each in self.bounds))

    def _number(self, name: str, of: str, what: str) -> Observable | Number:
        """The observable, or the campaign's number; refuses a run that does not exist or cannot have it."""
        if of not in self.runs:
            raise ValueError(f"{what}: there is no run {of!r} for {name!r}; give one of {', '.join(self.runs)}")
        if of in self.campaigns:
            known = {each.name: each for each in self.campaigns[of].results_class.numbers}
            if name not in known:
                there = f"it has {', '.join(known)}" if known else "campaigns of its kind have none for designs"
                raise ValueError(f"{what}: campaign {self.campaigns[of].name!r} has no number {name!r}; {there}")
            return known[name]
        from analysis.observables import observables_named  # with xarray, which the name of a kind does not need

        (observable,) = observables_named([name])
        spec = self.made(of, (0.0,) * len(self.free))
        assert isinstance(spec, RunSpec)
        for need in observable.needs:
            if why := need(spec):
                raise ValueError(f"{what}: run {of!r} cannot have {name!r}: {why}")
        return observable

    def values_at(self, place: Place) -> tuple[float, ...]:
        """Values of the free fields in SI."""
        return tuple(each.at(share) for each, share in zip(self.free, place, strict=True))

    @cached_property
    def start(self) -> Place:
        """Where the search begins: the base's own values, as shares of the way between the bounds."""
        places = []
        plain = [_as_data(self._valid(run, self._plain(run))) for run in self.runs]
        for each in self.free:
            found = {path: _at(content, path) for path in each.fields for content in plain if _has(content, path)}
            value = found[each.fields[0]]
            for path, other in found.items():
                if other != value:
                    raise ValueError(
                        f"free field {each.name!r}: in the base {each.fields[0]!r} is {value} and {path!r} is {other}, "
                        "and the search begins there, with one value of all; make them alike, or two free fields"
                    )
            low, high = each.bounds
            if not isinstance(value, (int, float)) or not low <= value <= high:
                raise ValueError(
                    f"free field {each.name!r}: {each.fields[0]!r} is {value} in the base, outside {low:g} to "
                    f"{high:g}, and the search begins there; widen 'between' or change the base"
                )
            share = round((value - low) / (high - low), 9)
            if each.count is not None and abs(share * each.count - round(share * each.count)) > 1e-6:
                raise ValueError(
                    f"free field {each.name!r}: {each.fields[0]!r} is {value} in the base, no whole number of steps "
                    f"from {low:g}, and the search begins there; change the base or the step"
                )
            places.append(share)
        return tuple(places)

    def made(self, run: str, place: Place, seed: int | None = None) -> Made:
        """The run of a device, or its campaign.

        Raises
        ------
        ValueError
            If the device at this place makes none that is valid; names the values and the field.
        """
        if (run, place, seed) not in self._made:
            point = self.values_at(place)
            try:
                self._made[run, place, seed] = self._valid(run, self._content(run, point, seed))
            except ValidationError as error:
                where = in_words([each.axis for each in self.free], point)
                raise ValueError(f"run {run!r} with {where}: {plain_errors(error)}") from None
        return self._made[run, place, seed]

    def _spec(self, run: str, seed: int | None, place: Place) -> RunSpec:
        made = self.made(run, place, seed)
        assert isinstance(made, RunSpec)
        return made

    def _valid(self, run: str, content: Mapping[str, Any]) -> Made:
        if run in self.campaigns:
            return type(self.campaigns[run]).model_validate(content["campaign"])
        stops = [{**content["device"], **stop} for stop in self.runs[run].stops]
        protocol = {**content["protocol"], "stops": stops} if stops else content["protocol"]
        return RunSpec.model_validate({**content, "protocol": protocol})

    def _plain(self, run: str) -> dict[str, Any]:
        """The run of the base as data."""
        if run in self.campaigns:
            return _as_data(self.campaigns[run])
        return {**self.base, "protocol": self.runs[run].protocol, "engine": "native"}

    def _content(self, run: str, point: Sequence[float], seed: int | None) -> dict[str, Any]:
        asked, content = self.runs[run], self._plain(run)
        for each, value in zip(self.free, point, strict=True):
            # A field of a protocol or a campaign is one of those runs alone that have it.
            if there := tuple(path for path in each.fields if _has(content, path)):
                content = replaced(content, [each.axis.model_copy(update={"fields": there})], (value,))
        if asked.seeds is not None and seed is not None:
            for path in asked.seeds.fields:
                content = _seeded(content, path.split("."), seed)
        return content

    def check(self) -> None:
        """Refuse free fields that no run has or of another unit, numbers that no run can have, and invalid devices."""
        for each in self.free:
            for path in each.fields:
                if not any(_has(self._plain(run), path) for run in self.runs):
                    raise ValueError(
                        f"free field {each.name!r}: field {path!r} is in no run; write it out in the base, or in the "
                        "protocol of a run, with the value from which the search begins"
                    )
        for run, asked in self.runs.items():
            for path in () if asked.seeds is None else asked.seeds.fields:
                content = _as_data(self._valid(run, self._plain(run)))
                if not _has(content, path) or not isinstance(_at(content, path), int):
                    raise ValueError(
                        f"seeds of run {run!r}: there is no seed {path!r} in it; write out what has one, such as "
                        "protocol.seed with a temperature, or device.grains.seed"
                    )
        ends, count = (0.0, 1.0), len(self.free)
        corners = [*itertools.product(ends, repeat=count)] if count <= _FEW else [(at,) * count for at in ends]
        for run in self.runs:  # both ends of every bound are devices
            for corner in corners:
                made = self.made(run, corner)
            content = _as_data(made)
            for each in self.free:
                there = tuple(path.removeprefix("campaign.") for path in each.fields if _has(content, path))
                check_units(made, [each.axis.model_copy(update={"fields": there})])
        _ = self.aim, self.bounds, self.checks, self.start

    @property
    def without_slopes(self) -> tuple[str, ...]:
        """What has no slopes, in words: numbers that are not of energies, and lengths, which are rounded to cells."""
        plain = dict.fromkeys(each.label for each, _ in self.numbers if not each.from_energies)
        return (*plain, *(each.axis.heading for each in self.free if each.axis.unit == "m" or each.count is not None))

    def table(self, place: Place, shown: Shown) -> Floats:
        """Aim and limits' numbers, means over the seeds, and their slopes if all have some: (numbers, 1 + fields).

        NaN of what a run does not have. Slopes are over the whole way between the bounds.
        """
        from solitons.campaigns.design.slopes import slopes_of

        tables = []
        for run in self.searched:
            numbers = [each for each, of in self.numbers if of == run]
            observables = [each for each in numbers if not isinstance(each, Number)]
            for seed in self.runs[run].seeds_of(unseen=False):
                made = self.made(run, place, seed)
                rows = [[shown.value(each, made)] for each in numbers]
                if not self.without_slopes and isinstance(made, RunSpec):
                    slopes = slopes_of(observables, partial(self._spec, run, seed), place, shown.run(made))
                    rows = [[*row, *slope] for row, slope in zip(rows, slopes, strict=True)]
                tables.append((run, rows))
        means = {run: iter(np.mean([rows for each, rows in tables if each == run], axis=0)) for run in self.searched}
        return np.array([next(means[of]) for _, of in self.numbers])

    def known(self, table: Floats, first: Floats, margin: float) -> Known:
        """What the search learns from a `table`: the aim in units of the start's, and limits in units of themselves.

        By gradients the search keeps a margin, a share of each limit, as a device on a limit may be a little beyond it.
        """
        sizes = np.abs(first[:, 0])
        rows = [self.wanted.sign * table[0] / (sizes[0] or 1.0)]
        for each, row, size in zip(self.bounds, table[1:], sizes[1:], strict=True):
            for sign, end in each.ends:
                scale = abs(end) or size or 1.0
                excess = sign * row / scale
                excess[0] += margin - sign * end / scale
                rows.append(excess)
        found = np.array(rows)
        slopes = found[:, 1:]
        there = slopes.size > 0 and bool(np.isfinite(slopes).all())
        return Known(float(found[0, 0]), found[1:, 0], slopes if there else None)


@dataclass(frozen=True, eq=False)
class Shown:
    """Where what a device shows is read: stored runs, and the analyses of campaigns, each of which is made once."""

    store: Store
    engine: str
    missing: dict[str, str] = field(default_factory=dict)
    _results: dict[str, Results] = field(default_factory=dict, repr=False)

    def run(self, spec: RunSpec) -> xr.Dataset:
        """Open the run."""
        return self.store.open(_taken_by(spec, self.engine).run_id)

    def value(self, number: Observable | Number, made: Made) -> float:
        """The number of a run or a campaign; NaN if it has none, for the reason that is then in `missing`."""
        from solitons.campaigns.design.slopes import value_of

        if not isinstance(number, Number):
            assert isinstance(made, RunSpec)
            return value_of(number, _taken_by(made, self.engine), self.run(made), self.missing)
        assert not isinstance(made, RunSpec)
        key = made.model_dump_json()
        if key not in self._results:
            runs = tuple(runs_of(made, self.engine))
            computed = ComputedRuns(runs, self.store, runs[0].spec.engine if runs else "model")
            self._results[key] = made.analyse(computed, Stages()).results
        return float(getattr(self._results[key], number.name))


def runs_of(made: Made, engine: str) -> list[LabelledRun[Any]]:
    """The runs of a device's run or campaign by an engine, or by the native one where it cannot."""
    if isinstance(made, RunSpec):
        return [LabelledRun(_taken_by(made, engine), "")]
    try:
        return list(made.labelled_runs(engine))
    except ValueError:
        return list(made.labelled_runs("native"))


def engines_of(made: Made, engine: str) -> tuple[str, ...]:
    """Engines that verify it: the native one, and the campaign's where it can; "model" where there are no runs."""
    by = (run.spec.engine for each in ("native", engine) for run in runs_of(made, each)[:1])
    return tuple(dict.fromkeys(by)) or ("model",)


def _taken_by(spec: RunSpec, engine: str) -> RunSpec:
    try:
        return spec.for_engine(engine)
    except ValueError:
        return spec.for_engine("native")


def _opened(name: str, run: DesignRun) -> AbstractCampaign[Any, Any]:
    assert run.campaign is not None
    found = load_campaign(run.campaign)
    try:
        campaign = type(found).model_validate(_merged(found.model_dump(mode="json"), run.settings))
    except ValidationError as error:
        raise ValueError(f"run {name!r}: settings of campaign {run.campaign!r}: {plain_errors(error)}") from None
    if campaign.unsettled or len(campaign.variants()) > 1:
        raise ValueError(
            f"run {name!r}: campaign {run.campaign!r} has runs that follow from others, or several variants; give one "
            "of whose runs all are known at once, and that is analysed as a whole"
        )
    return campaign


def _merged(content: Any, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Nested tables with some of their values replaced; an empty table leaves nothing of the one it replaces."""
    found = dict(content)
    for key, value in changes.items():
        nested = bool(value) and isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = _merged(found[key], value) if nested else value
    return found


def _as_data(made: Made) -> dict[str, Any]:
    content = made.model_dump(mode="json")
    return content if isinstance(made, RunSpec) else {"campaign": content}


def _at(content: Any, path: str) -> Any:
    for key in path.split("."):
        content = content[int(key)] if isinstance(content, list) else content[key]
    return content


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
