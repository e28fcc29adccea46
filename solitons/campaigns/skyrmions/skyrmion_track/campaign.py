"""The campaign of a skyrmion track: runs of one skyrmion under currents, and the equation that is fitted to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, final

from pydantic import PrivateAttr, model_validator
from typing_extensions import override

from runs import RunSpec
from solitons.campaigns.framework.axes import replaced
from solitons.campaigns.framework.base import AbstractSweptCampaign, ComputedRuns, LabelledRun, SweptPoint
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.skyrmion_track.results import SkyrmionTrackResults
from solitons.campaigns.skyrmions.skyrmion_track.settings import ExpulsionCheck, SkyrmionFitSettings

if TYPE_CHECKING:
    from solitons.campaigns.skyrmions.skyrmion_track.analysis import FittedTrack

__all__ = ["SkyrmionTrackCampaign"]

TrackRole = SweptPoint | ExpulsionCheck
"""Role of any run of such a campaign."""


@final
class SkyrmionTrackCampaign(AbstractSweptCampaign[TrackRole, SkyrmionTrackResults]):
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

    _fitted: FittedTrack | None = PrivateAttr(default=None)
    """Results of the sweep's runs, in a settled campaign: it is fitted once."""

    @model_validator(mode="after")
    def _one_current(self) -> SkyrmionTrackCampaign:
        if not self.variant_axes:
            super().labelled_runs("native")  # reports a wrong run first
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
    @override
    def unsettled(self) -> bool:
        return self.fit.check_expulsion and self._fitted is None

    @override
    def settled(self, runs: ComputedRuns[TrackRole]) -> SkyrmionTrackCampaign:
        from solitons.campaigns.skyrmions.skyrmion_track.analysis import fit_track

        further = self.model_copy()
        further._fitted = fit_track(runs, Stages(), self.fit)
        return further

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[TrackRole], ...]:
        """The runs of the sweep, and those that check the expulsion once it is predicted."""
        found = list(super().labelled_runs(engine))
        current = [axis for axis in self.sweep if axis.is_of("protocol")]
        for check in self._fitted.checks if self._fitted is not None and self.fit.check_expulsion else ():
            content = replaced(self.base, current, (check.current,))
            found.append(LabelledRun(RunSpec.model_validate(content | {"engine": engine}), check))
        return tuple(found)

    @override
    def check(self) -> None:
        from solitons.campaigns.skyrmions.checks import check_runs

        check_runs([run.spec for run in super().labelled_runs("native")])

    @override
    def analyse(self, runs: ComputedRuns[TrackRole], stages: Stages) -> Findings[SkyrmionTrackResults]:
        from solitons.campaigns.skyrmions.skyrmion_track.analysis import analyse

        return analyse(runs, stages, self.fit, self._fitted)
