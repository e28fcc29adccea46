"""The runs of a campaign as trajectories, a fit to them, and its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from runs import RunSpec
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun, SweptPoint
from solitons.campaigns.framework.results import Parameter
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.checks import outside_model
from solitons.campaigns.skyrmions.settings import ThieleFitSettings, TrainingRun
from solitons.fits.verdict import Verdict, judge, limitation
from solitons.skyrmions.fit import ThieleFit, fit_thiele, follow_together
from solitons.skyrmions.judgement import about_errors, about_parameters, best_trivial, rms_error
from solitons.skyrmions.landscape import Landscape
from solitons.skyrmions.model_limits import about_bends, about_landscape, about_motion, about_pairs
from solitons.skyrmions.runs import landscape_in, skyrmion_of, track_of
from solitons.skyrmions.trajectory import SkyrmionTrajectory, trajectories_from

__all__ = [
    "Observed",
    "all_trajectories",
    "fit_observed",
    "fitted_numbers",
    "judge_fit",
    "landscape_observed",
    "notes_of_leaving",
    "observe",
    "paths_of",
]

Floats = npt.NDArray[np.float64]

_FEWEST = 3  # runs in which the skyrmion stays: two to fit, one to predict


@dataclass(frozen=True, eq=False)
class Observed:
    """A run, what it is for, and the trajectories of its skyrmions."""

    run: LabelledRun[Any]
    trajectories: tuple[SkyrmionTrajectory, ...]

    @property
    def spec(self) -> RunSpec:
        """The run's spec."""
        return self.run.spec

    @property
    def swept(self) -> bool:
        """Whether it is one of the sweep."""
        return isinstance(self.run.role, SweptPoint)

    @property
    def for_fit(self) -> bool:
        """Whether the fit may see it, or hold it out."""
        return isinstance(self.run.role, (SweptPoint, TrainingRun))

    @property
    def current(self) -> float:
        """Current density of the largest size in A/m2, with its sign."""
        return self.trajectories[0].current

    @property
    def stays(self) -> bool:
        """Whether all skyrmions are in the track at the end."""
        return all(each.stays for each in self.trajectories)

    @property
    def expelled(self) -> bool:
        """Whether an edge has let one go."""
        return any(each.expelled for each in self.trajectories)

    @property
    def nearest(self) -> float:
        """Smallest distance of a skyrmion from an edge in m."""
        return min(float(np.nanmin(each.edge_distance)) for each in self.trajectories)


def observe(runs: ComputedRuns[Any], stages: Stages) -> list[Observed]:
    """Follow the skyrmions of every run."""
    return [Observed(run, trajectories_from(runs.open(run), run.spec)) for run in stages.over("Extract", runs.labelled)]


def landscape_observed(observed: Sequence[Observed]) -> Landscape | None:
    """The landscape of the track, with the texture of the first run; None of an even track."""
    return landscape_in(observed[0].spec, all_trajectories(observed))


def fit_observed(
    observed: Sequence[Observed], settings: ThieleFitSettings, landscape: Landscape | None = None
) -> ThieleFit:
    """Fit the runs of the sweep and for training in which no edge lets a skyrmion go, but those that are held out."""
    kept = sorted(
        (each for each in observed if each.for_fit and not each.expelled),
        key=lambda each: (abs(each.current), each.spec.run_id),
    )
    if len(kept) < _FEWEST:
        least = min(abs(each.current) for each in observed if each.expelled)
        raise ValueError(
            f"sweep: the skyrmion stays in the track in {len(kept)} of {sum(each.for_fit for each in observed)} runs, "
            f"and a fit with a run to test it needs {_FEWEST}; sweep more currents below {least:.3g} A/m^2, which "
            "expels it, or shorten the current"
        )
    # The strongest shows most of an edge's force.
    count = min(settings.held_out, len(kept) - _FEWEST + 1)
    candidates = [each for each in kept[:-1] if each.swept]
    order = np.random.default_rng(settings.seed).permutation(len(candidates))[:count]
    held_out = [candidates[index].spec.run_id for index in order]
    trained = [each for each in kept if each.spec.run_id not in held_out]
    start = skyrmion_of(observed[0].spec, all_trajectories(trained), landscape)
    return fit_thiele(all_trajectories(kept), start, held_out=held_out)


def all_trajectories(observed: Sequence[Observed]) -> list[SkyrmionTrajectory]:
    """The trajectories of several runs, one after another."""
    return [each for one in observed for each in one.trajectories]


def judge_fit(fit: ThieleFit, observed: Sequence[Observed], landscape: Landscape | None = None) -> Verdict:
    """Judge a fit by its held-out runs, its parameters, what the skyrmions did and how far the landscape holds."""
    track = track_of(observed[0].spec)
    cell = max(track.cell[:2])
    kept = all_trajectories([each for each in observed if each.spec.run_id in fit.predicted])
    reasons = [*about_errors(fit, kept, cell), *about_motion(kept, cell, track.length), *about_bends(kept)]
    lost = all_trajectories([each for each in observed if each.spec.run_id not in fit.predicted])
    reasons += [*about_parameters(fit), *about_landscape(landscape, kept, lost), *about_pairs(fit, kept)]
    if has := outside_model(track, observed[0].spec.material):
        reasons.append(
            limitation(
                "outside_model",
                f"The track has {' and '.join(has)}, which the model leaves out. It describes a track of "
                "one width, and its edge force is a mean one.",
            )
        )
    return judge(reasons)


def notes_of_leaving(observed: Sequence[Observed], which: str) -> list[str]:
    """A note of those runs, called `which`, in which a skyrmion leaves the track; none if all stay."""
    gone = [each for each in observed if each.expelled]
    if not gone:
        return []
    names = ", ".join(str(each.run.role) for each in gone)
    return [f"In {len(gone)} {which} ({names}) a skyrmion leaves by an edge; the fit does not see them."]


def fitted_numbers(fit: ThieleFit, kept: Sequence[SkyrmionTrajectory]) -> dict[str, Any]:
    """The fields of `FittedSkyrmionResults` of a fit to trajectories."""
    held_out = fit.provenance.held_out
    trivial = best_trivial(kept, set(held_out))
    tensors = next(run.tensors for run in kept if run.tensors is not None)
    return {
        "held_out": list(held_out),
        "charge": tensors.gyration / (4 * np.pi),
        "dissipation": float(tensors.dissipation[0, 0]),
        "width": fit.width,
        "position_error": fit.held_out_error / fit.width,
        "training_error": fit.training_error / fit.width,
        "rms": rms_error(fit, kept),
        "trivial_rms": trivial.rms if trivial else None,
        "trivial_model": trivial.says if trivial else "",
        "parameters": [Parameter.of(each) for each in fit.parameters],
        "starts": {each.name: each.start for each in fit.parameters},
    }


def paths_of(fit: ThieleFit, observed: Observed) -> Floats:
    """Paths of the model's skyrmions in a run, (samples, skyrmions, 2) in m; from their measured first places."""
    known = fit.predicted.get(observed.spec.run_id)
    if known is not None:
        return known
    # A run that checks the fit may be beyond its range.
    return follow_together(replace(fit.dynamics, provenance=None), observed.trajectories)
