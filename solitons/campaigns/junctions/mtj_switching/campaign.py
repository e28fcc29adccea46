"""The campaign of a pillar that heat and a current switch: ensembles at several currents, and rates fitted to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal, final

from pydantic import model_validator
from typing_extensions import override

from geometries import Pillar
from runs import CurrentPulses, Rest, RunSpec
from runs.engine_registry import load_engine
from runs.engines import EngineChoice
from solitons.campaigns.framework.axes import Axis, check_one_current, is_current
from solitons.campaigns.framework.base import AbstractSweptCampaign, LabelledRun
from solitons.campaigns.junctions.mtj_switching.energy import JunctionEnergy
from solitons.campaigns.junctions.mtj_switching.results import MtjSwitchingResults
from solitons.campaigns.junctions.mtj_switching.roles import JunctionRole, PulseCheck, WayBack
from solitons.campaigns.junctions.mtj_switching.settings import SwitchingFitSettings, UnlikeSettings, WriteErrorSettings

__all__ = ["MtjSwitchingCampaign"]

_FEWEST_FITTED = 3


@final
class MtjSwitchingCampaign(AbstractSweptCampaign[JunctionRole, MtjSwitchingResults]):
    """A pillar's free layer under currents through its plane, with heat: how often it switches, and rates that say it.

    One model is fitted to all runs of one pillar, material and temperature; axes over these make variants.

    Parameters
    ----------
    name, title, base, sweep
        As in `AbstractSweptCampaign`. One axis is the current: over fields of the protocol, in A/m^2.
    engine : str
        As in `AbstractCampaign`; one that runs ensembles with heat, which OOMMF does not.
    fit : SwitchingFitSettings
        How switching is counted and fitted.
    unlike : UnlikeSettings, optional
        How junctions of one wafer differ, for arrays of them; not known if None.
    write_errors : WriteErrorSettings, optional
        Pulses that write almost surely, by the pillar's macrospin; none are worked out if it is left out.
    energy : JunctionEnergy
        Settings for the energy of pulses and readings beside the runs.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, there is not one axis over the current, or it has too few values.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Rates: W. F. Brown, Phys. Rev. 130, 1677 (1963); the barrier under a current: D. M. Apalkov and P. B. "
        "Visscher, Phys. Rev. B 72, 180405 (2005).",
        "Write errors in closed form: W. H. Butler et al., IEEE Trans. Magn. 48, 4684 (2012).",
        "Anisotropy of a warm layer: H. B. Callen and E. Callen, J. Phys. Chem. Solids 27, 1271 (1966).",
        "Intervals: C. J. Clopper and E. S. Pearson, Biometrika 26, 404 (1934).",
    )
    results_class: ClassVar[type[MtjSwitchingResults]] = MtjSwitchingResults
    table_names: ClassVar[tuple[str, ...]] = ("energy",)
    analysed_together: ClassVar[tuple[str, ...]] = ("protocol",)

    kind: Literal["mtj_switching"] = "mtj_switching"
    engine: EngineChoice = "native"
    fit: SwitchingFitSettings
    unlike: UnlikeSettings | None = None
    write_errors: WriteErrorSettings | None = None
    energy: JunctionEnergy = JunctionEnergy()

    @model_validator(mode="after")
    def _one_current(self) -> MtjSwitchingCampaign:
        if not self.variant_axes:
            super().labelled_runs("native")  # reports a wrong run first
        check_one_current(self.sweep, self.fit.held_out, _FEWEST_FITTED)
        return self

    @property
    @override
    def variant_axes(self) -> tuple[Axis, ...]:
        """All axes but that over the current: a temperature, of the protocol too, has a fit of its own."""
        return tuple(axis for axis in self.sweep if not is_current(axis))

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[JunctionRole], ...]:
        """The runs of the sweep, and one run of a pulse that checks how they are counted.

        Each has noise of its own, by the seeds from the base's seed on: with the same noise members would switch, or
        not, under several currents together, and their counts would not be independent. The engine needs ensembles with
        heat.
        """
        from solitons.campaigns.junctions.mtj_switching.unlike import other_junctions

        if not getattr(load_engine(engine), "RUNS_ENSEMBLES", False):
            raise ValueError(
                f"engine = {engine!r}, but campaign {self.name!r} counts how often heat switches a layer, in ensembles "
                f"of runs that differ in their noise, and {engine!r} has neither; use engine 'native'"
            )
        if engine not in self._all_runs:
            swept = [
                LabelledRun(_with(run.spec, seed=run.spec.in_time.seed + place), run.role)
                for place, run in enumerate(super().labelled_runs(engine))
            ]
            made = [*swept, *self._pulsed(swept), *self._back(swept)]
            if self.unlike is not None:
                last = max(run.spec.in_time.seed for run in made)
                made += other_junctions(swept, self.unlike, last + 1)
            self._all_runs[engine] = tuple(made)
        return self._all_runs[engine]

    @cached_property
    def _all_runs(self) -> dict[str, tuple[LabelledRun[JunctionRole], ...]]:
        return {}

    def _back(self, swept: Sequence[LabelledRun[JunctionRole]]) -> list[LabelledRun[JunctionRole]]:
        """Each run again, out of the other state and with the other sign of the current; nothing else is mirrored."""
        from solitons.campaigns.junctions.mtj_switching.checks import drive_of

        if not self.fit.both_ways:
            return []
        first = max(run.spec.in_time.seed for run in swept) + 2  # the pulse has the one between
        found: list[LabelledRun[JunctionRole]] = []
        for place, run in enumerate(swept):
            device = run.spec.device
            if not isinstance(device, Pillar):
                continue  # `check` refuses it
            steps = [step.model_dump(mode="json") for step in run.spec.in_time.steps]
            steps[-1]["amplitude"] = -drive_of(run.spec).current
            other = device.model_copy(update={"start": tuple(-part for part in device.start_direction)})
            content = _with(run.spec, seed=first + place, steps=steps).model_dump(mode="json")
            spec = RunSpec.model_validate(content | {"device": other.model_dump(mode="json")})
            found.append(LabelledRun(spec, WayBack(drive_of(spec).current)))
        return found

    def _pulsed(self, swept: Sequence[LabelledRun[JunctionRole]]) -> list[LabelledRun[JunctionRole]]:
        from solitons.campaigns.junctions.mtj_switching.checks import drive_of, held_out_runs

        pulse = self.fit.check_pulse
        if pulse is None:
            return []
        held_out = held_out_runs(swept, self.fit)
        strongest = max((run.spec for run in swept if run.spec.run_id not in held_out), key=_strength)
        drive = drive_of(strongest)
        train = CurrentPulses(
            amplitude=abs(drive.current),
            polarity="positive" if drive.current > 0 else "negative",
            width=pulse.width + pulse.edge,
            period=pulse.width + pulse.edge,
            rise=pulse.edge,
        )
        steps = (*strongest.in_time.steps[:-1], train, Rest(duration=pulse.rest))
        seed = max(run.spec.in_time.seed for run in swept) + 1
        spec = _with(strongest, seed=seed, steps=[step.model_dump(mode="json") for step in steps])
        return [LabelledRun(spec, PulseCheck(drive.current, pulse.width))]

    @override
    def check(self) -> None:
        from solitons.campaigns.junctions.mtj_switching.checks import check_runs
        from solitons.campaigns.junctions.mtj_switching.unlike import spread_of

        specs = [run.spec for run in super().labelled_runs("native")]
        check_runs(specs, self.fit)
        if self.unlike is not None:
            spread_of(specs[0], self.unlike)


def _with(spec: RunSpec, **changes: Any) -> RunSpec:
    """The same run with another protocol."""
    protocol = spec.in_time.model_dump(mode="json") | changes
    return RunSpec.model_validate(spec.model_dump(mode="json") | {"protocol": protocol})


def _strength(spec: RunSpec) -> float:
    from solitons.campaigns.junctions.mtj_switching.checks import drive_of

    return abs(drive_of(spec).current)
