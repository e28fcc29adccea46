"""The campaign of a row of skyrmions: pulses shift it under a junction and back, and a synapse is fitted to it."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from pydantic import model_validator
from typing_extensions import override

from runs import RunSpec
from solitons.campaigns.energy.run_energy import DeviceEnergy
from solitons.campaigns.framework.axes import points
from solitons.campaigns.framework.base import AbstractSweptCampaign, LabelledRun, SweptPoint
from solitons.campaigns.framework.device_samples import Sample
from solitons.campaigns.skyrmions.settings import TrainingRun
from solitons.campaigns.skyrmions.skyrmion_synapse.results import SkyrmionSynapseResults
from solitons.campaigns.skyrmions.skyrmion_synapse.settings import (
    RowDigitsSettings,
    RowFitSettings,
    RowHeatSettings,
    RowReadOut,
    TracksSettings,
)

__all__ = ["SkyrmionSynapseCampaign"]

RowRole = SweptPoint | TrainingRun | Sample
"""Role of any run of such a campaign."""

_UNITS = {"A/m^2": "a current density", "s": "a time"}


@final
class SkyrmionSynapseCampaign(AbstractSweptCampaign[RowRole, SkyrmionSynapseResults]):
    """Runs of a row of skyrmions that pulses shift under a junction and back, and the synapse that is fitted to it.

    One model is fitted to all runs of one track and material; axes over these make variants.

    Parameters
    ----------
    name, title, engine, base, sweep
        As in `AbstractSweptCampaign`. The base's skyrmions are one train; its protocol is a rest, a train of current
        pulses and the same train with the other sign. Axes over the protocol are over the pulses' amplitude or width,
        with the field of both trains.
    read_out : RowReadOut
        The junction that reads the row.
    fit : RowFitSettings
        How the model is fitted, and to which constant currents besides the pulses.
    heat : RowHeatSettings, optional
        Temperatures at which the row is counted, and left alone; left out if None.
    devices : TracksSettings, optional
        Tracks of one drawing among other grains, in which the fitted row is followed; left out if None.
    digits : RowDigitsSettings, optional
        The network of such rows, at 0 K; left out if None.
    energy : DeviceEnergy
        Settings for the energy of pulses and readings beside the runs.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, no axis is over the pulses, or they make too few runs.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The equation: A. A. Thiele, Phys. Rev. Lett. 30, 230 (1973); with a current: A. Thiaville et al., EPL 69, 990 "
        "(2005); along an edge: J. Iwasaki et al., Nat. Commun. 4, 1463 (2013).",
        "Skyrmions under a junction as a synapse: proposed by Y. Huang et al., Nanotechnology 28, 08LT02 (2017); "
        "measured by K. M. Song et al., Nat. Electron. 3, 148 (2020).",
    )
    results_class: ClassVar[type[SkyrmionSynapseResults]] = SkyrmionSynapseResults
    analysed_together: ClassVar[tuple[str, ...]] = ("protocol",)

    kind: Literal["skyrmion_synapse"] = "skyrmion_synapse"
    read_out: RowReadOut
    fit: RowFitSettings = RowFitSettings()
    heat: RowHeatSettings | None = None
    devices: TracksSettings | None = None
    digits: RowDigitsSettings | None = None
    energy: DeviceEnergy = DeviceEnergy()

    @model_validator(mode="after")
    def _pulses_are_swept(self) -> SkyrmionSynapseCampaign:
        if not self.variant_axes:
            self.labelled_runs("native")  # reports a wrong run first
        axes = [axis for axis in self.sweep if axis.is_of("protocol")]
        strange = [axis for axis in axes if axis.unit not in _UNITS]
        if not axes or strange:
            named = ", ".join(f"{axis.name} ({axis.unit or 'no unit'})" for axis in strange or axes) or "none"
            raise ValueError(
                f"sweep has {named} over base.protocol; give an axis there over the pulses' amplitude in A/m^2 or "
                "their width in s, such as fields: [protocol.steps.1.amplitude, protocol.steps.2.amplitude]"
            )
        runs, needed = len(list(points(axes))), self.fit.held_out + 2
        if runs < needed:
            raise ValueError(
                f"sweep has {runs} runs of pulses, and fit.held_out = {self.fit.held_out} asks for {needed} at least: "
                "two to fit, and those that are held out"
            )
        return self

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[RowRole], ...]:
        from solitons.campaigns.skyrmions.skyrmion_synapse.checks import under_constant_current
        from solitons.campaigns.skyrmions.skyrmion_synapse.tracks import spec_with

        swept = super().labelled_runs(engine)
        training = tuple(
            LabelledRun(under_constant_current(swept[0].spec, each), TrainingRun(each.amplitude))
            for each in self.fit.training
        )
        others = []
        if self.devices is not None:
            base, grains = self.base_run(engine), self.devices.grains
            others = [LabelledRun(spec_with(base, seed, grains), Sample(seed)) for seed in self.devices.checked]
        # A track that is the base's own is run once.
        known = {run.spec.run_id for run in swept}
        return swept + training + tuple(run for run in others if run.spec.run_id not in known)

    def base_run(self, engine: str) -> RunSpec:
        """The run from which the others differ."""
        return RunSpec.model_validate({**self.base, "engine": engine})

    @override
    def check(self) -> None:
        from solitons.campaigns.skyrmions.skyrmion_synapse.checks import check_rows
        from solitons.campaigns.skyrmions.skyrmion_synapse.tracks import spec_with

        swept = [run.spec for run in super().labelled_runs("native")]
        check_rows(swept, self.read_out, self.digits)
        if self.devices is not None:
            spec_with(self.base_run("native"), self.devices.seeds[0], self.devices.grains)
