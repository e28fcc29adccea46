"""The campaign without a fit: runs over any axes, and a table of observables with plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, final

from markupsafe import Markup
from pydantic import Field, model_validator
from typing_extensions import override

from runs.spec import RunSpec
from solitons.campaigns.framework.base import AbstractSweptCampaign, ComputedRuns, SweptPoint
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.sweep.results import SweepResults

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["SweepCampaign"]

# What a figure shows: along x, as curves, and a panel each.
_MOST_AXES = 3


@final
class SweepCampaign(AbstractSweptCampaign[SweptPoint, SweepResults]):
    """Runs of any device over any axes, without a fit: observables of choice in one table, and plots of them.

    Parameters
    ----------
    name, title, engine, base, sweep
        As in `AbstractSweptCampaign`. The device may be of any family, the protocol any, and all axes belong
        to one table: the first lies along x in the plots, the second are curves, the third panels; means and
        deviations are taken over axes of seeds, which come beside these three.
    observables : sequence of str
        Observables of each run, by names such as wall_velocity; an unknown one is answered with all there are.

    Raises
    ------
    pydantic.ValidationError
        If an observable is unknown, named twice or as an axis is, there are more axes than a figure
        shows, or a combination of swept values makes no valid run.
    """

    results_class: ClassVar[type[SweepResults]] = SweepResults
    analysed_together: ClassVar[tuple[str, ...]] = ("device", "material", "protocol", "numerics")
    table_names: ClassVar[tuple[str, ...]] = ("observables",)

    kind: Literal["sweep"] = "sweep"
    observables: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _can_be_shown(self) -> SweepCampaign:
        from analysis.observables import observables_named
        from solitons.campaigns.sweep.figures import seed_axes

        observables_named(self.observables)
        names = [axis.name for axis in self.sweep]
        if clash := set(names) & set(self.observables):
            raise ValueError(
                f"sweep has an axis {min(clash)!r}, which is an observable too; give the axis another name"
            )
        seeds = [axis.name for axis in seed_axes(self.sweep)]
        shown = [name for name in names if name not in seeds]
        if len(shown) > _MOST_AXES:
            raise ValueError(
                f"sweep has {len(shown)} axes beside those of seeds ({', '.join(shown)}), and a plot shows at most "
                f"{_MOST_AXES}: along x, as curves, as panels; share them out to several campaigns, or let one axis "
                "set several fields"
            )
        return self

    @override
    def check(self) -> None:
        from analysis.observables import observables_named, why_unfit

        runs = self.labelled_runs("native")
        for each in observables_named(self.observables):
            # One run that can have it is enough: a field that is swept may be 0 in some.
            if all(why_unfit(each, run.spec) for run in runs):
                why = why_unfit(each, runs[0].spec)
                raise ValueError(f"observables: {each.name!r} cannot be read off these runs: {why}")

    @override
    def analyse(self, runs: ComputedRuns[SweptPoint], stages: Stages) -> Findings[SweepResults]:
        from solitons.campaigns.sweep.analysis import analyse

        return analyse(runs, stages, self.sweep, self.observables)

    @override
    def observed(self, spec: RunSpec, run: xr.Dataset) -> xr.Dataset:
        import xarray as xr

        from solitons.campaigns.sweep.analysis import read_off

        return xr.Dataset(
            {
                each.name: xr.Variable((), value, {"units": each.unit or "1", "long_name": each.label})
                for each, value, _ in read_off(self.observables, spec, run)
            }
        )

    @override
    def rehearsed(self) -> Markup:
        from solitons.campaigns.sweep.analysis import rehearse

        return self.report(rehearse(self.labelled_runs("native"), self.sweep, self.observables))
