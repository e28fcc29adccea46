"""The campaign of an oscillator: a pillar under direct currents, and the amplitude and phase that are fitted to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, final

from pydantic import PrivateAttr, model_validator
from typing_extensions import override

from runs.engine_registry import ensemble_engine
from solitons.campaigns.framework.axes import Axis, check_one_current, is_current
from solitons.campaigns.framework.base import AbstractSweptCampaign, ComputedRuns, LabelledRun, SweptPoint
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.oscillator.results import OscillatorResults
from solitons.campaigns.oscillators.oscillator.roles import HeatedRun, InjectionCheck
from solitons.campaigns.oscillators.oscillator.settings import HeatSettings, InjectionSettings, OscillatorFitSettings

if TYPE_CHECKING:
    from solitons.campaigns.oscillators.oscillator.following import FollowedOscillator

__all__ = ["OscillatorCampaign"]

OscillatorRole = SweptPoint | InjectionCheck | HeatedRun
"""Role of any run of such a campaign."""


@final
class OscillatorCampaign(AbstractSweptCampaign[OscillatorRole, OscillatorResults]):
    """Runs of a pillar under direct currents, and the oscillator that is fitted to them.

    One model is fitted to all currents of one pillar in one field; axes over these make variants.

    Parameters
    ----------
    name, title, engine, base, sweep
        As in `AbstractSweptCampaign`. One axis is the current: over fields of the protocol, in A/m^2.
    fit : OscillatorFitSettings
        How amplitude and phase are fitted.
    heat : HeatSettings or None
        Ensembles and runs with heat that check the model's line; None leaves them out.
    injection : InjectionSettings or None
        Injected signals and the runs that check what they lock; None leaves them out.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, there is not one axis over the current, or it has too few values.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Amplitude and phase: A. Slavin and V. Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009).",
        "The line with heat: J.-V. Kim, V. Tiberkevich and A. Slavin, Phys. Rev. Lett. 100, 017207 (2008) and "
        "arXiv:0806.4116.",
        "Locking: R. Adler, Proc. IRE 34, 351 (1946).",
    )
    results_class: ClassVar[type[OscillatorResults]] = OscillatorResults
    analysed_together: ClassVar[tuple[str, ...]] = ("protocol",)

    kind: Literal["oscillator"] = "oscillator"
    fit: OscillatorFitSettings = OscillatorFitSettings()
    heat: HeatSettings | None = HeatSettings()
    injection: InjectionSettings | None = None

    _followed: FollowedOscillator | None = PrivateAttr(default=None)
    """What the sweep's runs have shown, in a settled campaign: they are followed and fitted once."""

    @model_validator(mode="after")
    def _one_current(self) -> OscillatorCampaign:
        if not self.variant_axes:
            super().labelled_runs("native")  # reports a wrong run first
        check_one_current(self.sweep, self.fit.held_out, fitted=4)
        return self

    @property
    @override
    def variant_axes(self) -> tuple[Axis, ...]:
        """All axes but that over the current: in another field it is another oscillator."""
        return tuple(axis for axis in self.sweep if not is_current(axis))

    @property
    @override
    def unsettled(self) -> bool:
        asked = self.injection is not None or (self.heat is not None and self.heat.runs is not None)
        return asked and self._followed is None

    @override
    def settled(self, runs: ComputedRuns[OscillatorRole]) -> OscillatorCampaign:
        from solitons.campaigns.oscillators.oscillator.following import follow

        further = self.model_copy()
        further._followed = follow(runs, Stages(), self.fit, self.heat, self.injection)
        return further

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[OscillatorRole], ...]:
        """The runs of the sweep, and those that check what is predicted once it is."""
        found = list(super().labelled_runs(engine))
        if self._followed is not None:
            for spec, role in self._followed.further:
                runner = ensemble_engine(engine) if isinstance(role, HeatedRun) else engine
                found.append(LabelledRun(spec.for_engine(runner), role))
        return tuple(found)

    @override
    def check(self) -> None:
        from solitons.campaigns.oscillators.oscillator.checks import check_heat, check_injection, check_runs

        specs = [run.spec for run in super().labelled_runs("native")]
        check_runs(specs, self.fit)
        if self.heat is not None:
            check_heat(specs, self.heat)
        if self.injection is not None:
            check_injection(specs, self.fit, self.injection)

    @override
    def analyse(self, runs: ComputedRuns[OscillatorRole], stages: Stages) -> Findings[OscillatorResults]:
        from solitons.campaigns.oscillators.oscillator.analysis import analyse

        return analyse(runs, stages, self.fit, self.heat, self.injection, self._followed)
