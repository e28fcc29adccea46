"""The campaign of a skyrmion track: runs of one skyrmion under currents, and the equation that is fitted to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, final

from pydantic import PrivateAttr, model_validator
from typing_extensions import override

from runs import RunSpec
from solitons.campaigns.framework.axes import Axis, replaced
from solitons.campaigns.framework.base import AbstractSweptCampaign, ComputedRuns, LabelledRun
from solitons.campaigns.framework.page import Section
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.skyrmion_track.results import SkyrmionTrackResults
from solitons.campaigns.skyrmions.skyrmion_track.roles import ExpulsionCheck
from solitons.campaigns.skyrmions.skyrmion_track.settings import SkyrmionFitSettings

if TYPE_CHECKING:
    from solitons.campaigns.skyrmions.skyrmion_track.analysis import Shown

__all__ = ["SkyrmionTrackCampaign"]

# How far from the predicted expulsion current the runs are that check it.
_MARGIN = 0.05


@final
class SkyrmionTrackCampaign(AbstractSweptCampaign):
    """Runs of one skyrmion in a straight track under currents, and Thiele's equation that is fitted to it.

    One model is fitted to all runs of one track and material; axes over these make variants.

    Parameters
    ----------
    name, title, engine, base, sweep
        As in `AbstractSweptCampaign`. One axis is the current: over fields of the protocol, in A/m^2.
    fit : SkyrmionFitSettings
        How the model is fitted.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, there is not one axis over the current, or it has too few values.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The equation: A. A. Thiele, Phys. Rev. Lett. 30, 230 (1973); with a current: A. Thiaville et al., EPL 69, 990 "
        "(2005); along an edge: J. Iwasaki et al., Nat. Commun. 4, 1463 (2013).",
    )
    results_class: ClassVar[type[SkyrmionTrackResults]] = SkyrmionTrackResults
    analysed_together: ClassVar[tuple[str, ...]] = ("protocol",)

    kind: Literal["skyrmion_track"] = "skyrmion_track"
    fit: SkyrmionFitSettings = SkyrmionFitSettings()

    _checks: tuple[ExpulsionCheck, ...] | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _one_current(self) -> SkyrmionTrackCampaign:
        if not self.variant_axes:
            super().labelled_runs("native")  # what is wrong with a run is said first
        axes = [axis for axis in self.sweep if axis.is_of("protocol")]
        if len(axes) != 1 or axes[0].unit != "A/m^2":
            named = ", ".join(f"{axis.name} ({axis.unit or 'no unit'})" for axis in axes) or "none"
            raise ValueError(
                f"sweep has {named} over base.protocol; give one axis there, a current density with the unit 'A/m^2', "
                "such as fields: [protocol.steps.1.amplitude]"
            )
        needed = self.fit.held_out + 2
        if len(axes[0].values) < needed:
            raise ValueError(
                f"sweep has {len(axes[0].values)} currents, and fit.held_out = {self.fit.held_out} asks for {needed} "
                "at least: two to fit, and those that are held out"
            )
        return self

    @property
    def current_axis(self) -> Axis:
        """The axis over the current."""
        return next(axis for axis in self.sweep if axis.is_of("protocol"))

    @property
    @override
    def unsettled(self) -> bool:
        return self.fit.check_expulsion and self._checks is None

    @override
    def settled(self, runs: ComputedRuns[Any]) -> SkyrmionTrackCampaign:
        from solitons.campaigns.skyrmions.fitted_skyrmions.observation import (
            fit_observed,
            judge_fit,
            landscape_observed,
            observe,
        )
        from solitons.campaigns.skyrmions.skyrmion_track.analysis import predicted_expulsion

        observed = observe(runs, Stages())
        landscape = landscape_observed(observed)
        fit = fit_observed(observed, self.fit, landscape)
        found = None if judge_fit(fit, observed, landscape).failed else predicted_expulsion(fit, observed)
        further = type(self).model_validate({name: getattr(self, name) for name in type(self).model_fields})
        checks = []
        if found is not None and found.current is not None:
            # Three digits: the last ones of a fit differ from machine to machine, and the runs' ids must not.
            for share, stays in ((1 - _MARGIN, True), (1 + _MARGIN, False)):
                checks.append(ExpulsionCheck(float(f"{share * found.current:.3g}"), stays))
        further._checks = tuple(checks)
        return further

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[Any], ...]:
        """The runs of the sweep, and those that check the expulsion once it is predicted."""
        return (*super().labelled_runs(engine), *self._checking(engine))

    def _checking(self, engine: str) -> Sequence[LabelledRun[Any]]:
        found = []
        for check in self._checks or ():
            content = replaced(self.base, [self.current_axis], (check.current,))
            spec = RunSpec.model_validate(content | {"engine": engine})
            found.append(LabelledRun(spec, check))
        return found

    @override
    def check(self) -> None:
        from solitons.campaigns.skyrmions.fitted_skyrmions.checks import check_runs

        runs = super().labelled_runs("native")
        check_runs([run.spec for run in runs])

    @override
    def analyse(self, runs: ComputedRuns[Any], stages: Stages) -> Findings[SkyrmionTrackResults, Shown]:
        from solitons.campaigns.skyrmions.skyrmion_track.analysis import analyse_track

        return analyse_track(runs, stages, self.fit)

    @override
    def report(self, findings: Findings[SkyrmionTrackResults, Shown]) -> Sequence[Section]:
        from solitons.campaigns.skyrmions.skyrmion_track.report import track_sections

        return track_sections(findings.results, findings.shown)
