"""The campaign of a stripe: runs of a wall under current pulses, and the synapse and neuron that are fitted to it."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar, Literal, final

from pydantic import PrivateAttr, model_validator
from typing_extensions import override

from geometries import Stripe
from runs import Protocol, RunSpec
from solitons.campaigns.domain_walls.dw_synapse.choosing import Choosing
from solitons.campaigns.domain_walls.dw_synapse.results import SynapseResults
from solitons.campaigns.domain_walls.dw_synapse.roles import Heated, Held, StripeRole
from solitons.campaigns.domain_walls.dw_synapse.settings import (
    DigitsSettings,
    HeatSettings,
    NeuronSettings,
    WallFitSettings,
)
from solitons.campaigns.energy.run_energy import DeviceEnergy
from solitons.campaigns.framework.axes import points, replaced
from solitons.campaigns.framework.base import AbstractSweptCampaign, ComputedRuns, LabelledRun, SweptPoint
from solitons.campaigns.framework.device_samples import DevicesSettings, Sample, seed_axis
from solitons.devices.junction_read_out import JunctionReadOut

__all__ = ["SynapseCampaign"]

_FIRST = 3
"""Runs before the first that is chosen, spread over the sweep."""


@final
class SynapseCampaign(AbstractSweptCampaign[StripeRole, SynapseResults]):
    """Runs of a stripe's wall, and the synapse and neuron that are fitted to it.

    One model is fitted to all runs of one device and material; axes over these make variants.

    Parameters
    ----------
    name, title, engine, base, sweep
        As in `AbstractSweptCampaign`.
    extract : JunctionReadOut
        Observables of each run.
    fit : WallFitSettings
        How the model is fitted.
    heat : HeatSettings, optional
        Temperatures at which the device's steps are followed too; left out if None.
    devices : DevicesSettings, optional
        Devices that differ by chance, which the base run is repeated with; left out if None.
    neuron : NeuronSettings, optional
        Runs of the neuron's own; left out if None.
    digits : DigitsSettings, optional
        The network at the end, made of devices that differ as far as that was asked for; left out if None.
    energy : DeviceEnergy
        Settings for the energy of pulses, readings and spikes beside the runs.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, or a combination of swept values makes no valid run:
        the error names the axis, the value and the field.
    """

    results_class: ClassVar[type[SynapseResults]] = SynapseResults
    analysed_together: ClassVar[tuple[str, ...]] = ("protocol",)

    kind: Literal["dw_synapse"] = "dw_synapse"
    extract: JunctionReadOut
    fit: WallFitSettings
    heat: HeatSettings | None = None
    devices: DevicesSettings | None = None
    neuron: NeuronSettings | None = None
    digits: DigitsSettings | None = None
    energy: DeviceEnergy = DeviceEnergy()

    _further: tuple[LabelledRun[StripeRole], ...] | None = PrivateAttr(None)
    _choosing: Choosing | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _runs_can_be_held_out(self) -> SynapseCampaign:
        if not self.variant_axes:
            super().labelled_runs("native")  # reports a wrong swept value first
        runs = len(list(points(self.sweep)))
        if self.fit.held_out >= runs:
            raise ValueError(
                f"fit.held_out = {self.fit.held_out}, but the sweep has {runs} run(s); leave at least one to fit on"
            )
        if not self.variant_axes:
            self.labelled_runs("native")
        return self

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[StripeRole], ...]:
        """Runs of the sweep, that hold the wall, with heat, of other devices, of the neuron; then those that follow."""
        from solitons.campaigns.domain_walls.dw_synapse.neurons import excited_runs

        if engine not in self._all_runs:
            swept = super().labelled_runs(engine)
            excited = excited_runs(self.base, engine, self.neuron) if self.neuron is not None else []
            self._all_runs[engine] = (
                *(*swept, *self._holding(swept[0].spec)),
                *(*self._heated(), *self._samples(engine), *excited),
            )
        left = () if self.choosing is None else [self.choosing.points[place] for place in self.choosing.left]
        made = [
            run for run in self._all_runs[engine] if not (isinstance(run.role, SweptPoint) and run.role.values in left)
        ]
        return (*made, *(self._further or ()))

    def swept_runs(self, engine: str) -> list[LabelledRun[SweptPoint]]:
        """All runs of the sweep, in its order, those too that are not made."""
        self.labelled_runs(engine)
        return [LabelledRun(run.spec, run.role) for run in self._all_runs[engine] if isinstance(run.role, SweptPoint)]

    @cached_property
    def _first_runs(self) -> Choosing | None:
        from solitons.campaigns.domain_walls.dw_synapse.checks import held_out_runs

        if self.fit.enough is None or self.variant_axes:
            return None
        swept = super().labelled_runs("native")
        tests = held_out_runs(swept, self.fit)
        fitted = {
            place: run.role.values
            for place, run in enumerate(swept)
            if isinstance(run.role, SweptPoint) and run.spec.run_id not in tests
        }
        needed: list[int] = []
        if self.heat is not None:  # whose runs are compared with the one that has their pulses
            base = self.base_run.protocol
            needed = [place for place in fitted if swept[place].spec.protocol == base]
        return Choosing.begun(self.fit.enough, fitted, _FIRST, needed)

    @property
    def choosing(self) -> Choosing | None:
        """The runs of the sweep that are fitted, where they are chosen."""
        return self._choosing or self._first_runs

    @property
    def base_run(self) -> RunSpec:
        """The run that is swept, without the axes, by the native engine: what runs with heat repeat."""
        return RunSpec.model_validate(self.base | {"engine": "native"})

    @property
    @override
    def table_names(self) -> tuple[str, ...]:  # type: ignore[override]
        """The steps, where they are asked for."""
        return () if self.heat is None else ("steps",)

    @property
    @override
    def unsettled(self) -> bool:
        """Until runs are chosen, and it is known which places hold the wall."""
        if self.variant_axes:
            return False
        if self.choosing is not None and not self.choosing.ended:
            return True
        return self._further is None and any(isinstance(run.role, Held) for run in self.labelled_runs("native"))

    @override
    def settled(self, runs: ComputedRuns[StripeRole]) -> SynapseCampaign:
        from solitons.campaigns.domain_walls.dw_synapse.next_run import one_more_run
        from solitons.campaigns.domain_walls.dw_synapse.places import further_runs

        known = self.model_copy()
        if self.choosing is not None and not self.choosing.ended:
            known._choosing = one_more_run(self.choosing, self.swept_runs(runs.engine), runs, self.extract)
            return known
        known._further = tuple(further_runs(runs, self.base_run, self.heat))
        return known

    @cached_property
    def _all_runs(self) -> dict[str, tuple[LabelledRun[StripeRole], ...]]:
        return {}

    def _holding(self, spec: RunSpec) -> list[LabelledRun[StripeRole]]:
        from solitons.domain_walls.landscape import has_landscape, holding_specs

        stripe, wanted = spec.device, self.fit.landscape
        # What is no stripe, or has not one wall, `check` refuses in words of its own.
        if wanted == "none" or not isinstance(stripe, Stripe) or len(stripe.walls) != 1:
            return []
        if wanted == "auto" and (self.fit.fits_landscape or not has_landscape(stripe)):
            return []
        right, left = holding_specs(spec)
        return [LabelledRun(right, Held("right")), LabelledRun(left, Held("left"))]

    def _heated(self) -> list[LabelledRun[StripeRole]]:
        if self.heat is None:
            return []
        base = self.base_run
        if not isinstance(base.protocol, Protocol):
            raise ValueError(
                f"heat follows a wall in time, and base.protocol is of kind {base.protocol.kind!r}; give one with "
                "current pulses, or leave 'heat' out"
            )
        found: list[LabelledRun[StripeRole]] = []
        for temperature in self.heat.temperatures:
            for seed in self.heat.seeds:
                protocol = base.protocol.model_copy(update={"temperature": temperature, "seed": seed})
                changed = {"engine": "native", "protocol": protocol, "numerics": self.heat.numerics(base.numerics)}
                spec = RunSpec.model_validate(self.base | changed)
                found.append(LabelledRun(spec, Heated(temperature, seed)))
        return found

    def _samples(self, engine: str) -> list[LabelledRun[StripeRole]]:
        if self.devices is None:
            return []
        axis = seed_axis(self.base, self.devices.seeds)
        made = [(seed, replaced(self.base, [axis], (float(seed),))) for seed in self.devices.seeds]
        return [
            LabelledRun(RunSpec.model_validate(content | {"engine": engine}), Sample(seed)) for seed, content in made
        ]

    @override
    def check(self) -> None:
        from solitons.campaigns.domain_walls.dw_synapse.checks import check_runs

        specs = [run.spec for run in super().labelled_runs("native")]
        held = any(isinstance(run.role, Held) for run in self.labelled_runs("native"))
        if self.heat is not None and self.heat.single_pulses:
            self._check_single_pulses(self.heat.single_pulses, held)
        resets = self.neuron is not None and self.neuron.reset is not None
        hottest = max(300.0 if resets else 0.0, *(self.heat.temperatures if self.heat is not None else (0.0,)))
        check_runs(specs, self.extract, reads_digits=self.digits is not None, has_landscape=held, hottest=hottest)

    def _check_single_pulses(self, wanted: int, held: bool) -> None:
        from solitons.campaigns.domain_walls.dw_synapse.observation import pulse_trains

        if not held:
            raise ValueError(
                f"heat.single_pulses = {wanted}, but nothing in base.device holds the wall in places where pulses "
                "could leave it; give it parts, notches, rough edges or grains, or leave single_pulses out"
            )
        trains = pulse_trains(self.base_run)
        shapes = {(each.amplitude, each.width, each.rise, each.period) for each in trains}
        if len(shapes) > 1:
            raise ValueError(
                f"heat.single_pulses = {wanted}, but the trains of base.protocol.steps have pulses of {len(shapes)} "
                "kinds; give all one amplitude, width, rise and period, or leave single_pulses out"
            )
