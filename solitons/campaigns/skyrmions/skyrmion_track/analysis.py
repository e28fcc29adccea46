"""From the runs of a track to results: fit the skyrmion on part of them, predict the rest and the expulsion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import constants

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.films import run_film
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.figures import ways_figure
from solitons.campaigns.skyrmions.observation import (
    Observed,
    all_trajectories,
    fit_observed,
    fitted_numbers,
    judge_fit,
    landscape_observed,
    notes_of_leaving,
    observe,
    paths_of,
)
from solitons.campaigns.skyrmions.settings import ThieleFitSettings
from solitons.campaigns.skyrmions.skyrmion_track import figures
from solitons.campaigns.skyrmions.skyrmion_track.results import (
    DrivenRun,
    ExpulsionResult,
    LandscapeResult,
    SkyrmionTrackResults,
)
from solitons.campaigns.skyrmions.skyrmion_track.settings import ExpulsionCheck
from solitons.fits.verdict import Verdict, judge
from solitons.skyrmions.expulsion import Expulsion, expulsion_of
from solitons.skyrmions.fit import ThieleFit
from solitons.skyrmions.forces import EdgeForce, NoForce, part_of
from solitons.skyrmions.judgement import ExpulsionRun, about_expulsion
from solitons.skyrmions.landscape import Landscape
from solitons.skyrmions.near_edge import outline_near_edge
from solitons.skyrmions.simulation import velocities_at
from solitons.skyrmions.trajectory import SkyrmionTrajectory, position_errors

__all__ = ["FittedTrack", "analyse", "fit_track"]

_MARGIN = 0.05
"""Distance from the predicted expulsion current of the runs that check it."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FittedTrack:
    """The runs of a sweep and the skyrmion that is fitted to them.

    `expulsion` is None where the fit failed, or no edge is pushed against.
    """

    observed: tuple[Observed, ...]
    landscape: Landscape | None
    fit: ThieleFit
    expulsion: Expulsion | None

    @property
    def checks(self) -> list[ExpulsionCheck]:
        """Roles of the runs that check the expulsion."""
        if self.expulsion is None or self.expulsion.current is None:
            return []
        # Three digits: the last ones of a fit differ from machine to machine, and the runs' ids must not.
        currents = [float(f"{(1 + sign * _MARGIN) * self.expulsion.current:.3g}") for sign in (-1, 1)]
        return [ExpulsionCheck(current, stays) for current, stays in zip(currents, (True, False), strict=True)]


def fit_track(runs: ComputedRuns[Any], stages: Stages, settings: ThieleFitSettings) -> FittedTrack:
    """Follow the skyrmions of the runs of one track, fit them, and predict the current that expels one."""
    observed = observe(runs, stages)
    with stages("Landscape"):
        landscape = landscape_observed(observed)
    with stages("Fit"):
        fit = fit_observed(observed, settings, landscape)
    with stages("Expulsion"):
        failed = judge_fit(fit, observed, landscape).failed
        return FittedTrack(tuple(observed), landscape, fit, None if failed else _expulsion(fit, observed))


def analyse(
    runs: ComputedRuns[Any], stages: Stages, settings: ThieleFitSettings, known: FittedTrack | None = None
) -> Findings[SkyrmionTrackResults]:
    """Make the runs of one track into the fitted skyrmion, and what it predicts.

    `known` is what the runs of the sweep have shown, if that was asked before.
    """
    checking = [run for run in runs.labelled if isinstance(run.role, ExpulsionCheck)]
    swept = [run for run in runs.labelled if not isinstance(run.role, ExpulsionCheck)]
    track = known or fit_track(replace(runs, labelled=tuple(swept)), stages, settings)
    observed = [*track.observed, *observe(replace(runs, labelled=tuple(checking)), stages)]
    fit, expulsion = track.fit, track.expulsion
    kept = all_trajectories([each for each in observed if each.spec.run_id in fit.predicted])
    numbers = fitted_numbers(fit, kept)
    driven = [_row(each, fit, expulsion) for each in observed]
    verdict = _judge(track, observed)
    judged = fit.provenance.model_copy(update={"verdict": verdict.verdict})
    fit = replace(fit, dynamics=replace(fit.dynamics, provenance=judged))
    first = next(run for run in kept if run.tensors is not None)
    force = (None, None) if verdict.failed else _largest_force(fit)
    results = SkyrmionTrackResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=notes_of_leaving([each for each in observed if each.swept], "swept runs"),
        **numbers,
        radius=float(first.radius[0]) if first.radius is not None else None,
        edge_force=force[0],
        edge_force_distance=force[1],
        hall_angle=None if verdict.failed else _free_hall_angle(fit, first),
        expulsion=ExpulsionResult(predicted=expulsion.current, steady=expulsion.steady, distance=expulsion.distance)
        if expulsion is not None
        else None,
        landscape=_landscape_result(track.landscape, kept),
        driven=driven,
        withheld=dict.fromkeys(("expulsion", "skyrmion"), "the fit failed") if verdict.failed else {},
    )
    example, leaves = _extreme_run(observed, stays=True) or observed[0], _extreme_run(observed, stays=False)
    values = {
        "example": example,
        "leaves": leaves,
        "film": partial(run_film, runs.open((leaves or example).run), frames=60),
        "heat": constants.k * 300,
    }
    drawn: dict[str, Callable[[], Any]] = {
        "track": lambda: example.spec.device.plot().figure,
        "ways": partial(ways_figure, runs, example.run),
        "paths": partial(figures.paths_figure, observed, fit, expulsion),
        "velocity": partial(figures.velocity_figure, observed, fit),
        "edge": partial(figures.edge_figure, observed, fit),
    }
    if track.landscape is not None:
        drawn["landscape"] = partial(figures.landscape_figure, observed, track.landscape)
    if expulsion is not None:
        drawn["expulsion"] = partial(figures.expulsion_figure, observed, fit, expulsion)
    return Findings(results, values=values, figures=drawn, models={} if verdict.failed else {"skyrmion": fit.dynamics})


def _extreme_run(observed: Sequence[Observed], *, stays: bool) -> Observed | None:
    """The run with the strongest current in which all skyrmions stay, or the weakest in which an edge lets one go."""
    order = sorted(
        (each for each in observed if (each.stays if stays else each.expelled)), key=lambda each: abs(each.current)
    )
    return (order[-1] if stays else order[0]) if order else None


def _expulsion(fit: ThieleFit, observed: Sequence[Observed]) -> Expulsion | None:
    """The current that expels the skyrmion in runs such as these, by the fitted model."""
    trained = [each for each in observed if each.spec.run_id in fit.provenance.trained_on]
    strongest = max(trained, key=lambda each: abs(each.current))
    run = strongest.trajectories[0]
    return expulsion_of(
        fit.dynamics,
        run.current_density,
        float(run.time[-1] - run.time[0]),
        [each.position[0] for each in strongest.trajectories],
        begin=float(run.time[0]),
        outline=outline_near_edge(all_trajectories(trained)),
    )


def _judge(track: FittedTrack, observed: Sequence[Observed]) -> Verdict:
    """Judge the fit by all runs, and the expulsion by those that check it."""
    held = [abs(each.current) for each in observed if each.stays]
    expelled = [abs(each.current) for each in observed if each.expelled]
    checks = [
        ExpulsionRun(each.current, each.run.role.stays, each.stays, any(run.at_end for run in each.trajectories))
        for each in observed
        if isinstance(each.run.role, ExpulsionCheck)
    ]
    strongest = track.fit.provenance.fitted_range.amplitude[1]
    seen = max(held, default=None), min(expelled, default=None)
    about = about_expulsion(track.expulsion, strongest, *seen, checks)
    return judge([*judge_fit(track.fit, observed, track.landscape).reasons, *about])


def _largest_force(fit: ThieleFit) -> tuple[float, float]:
    """Largest force of the edges, in N, and its distance in m from the nearer one."""
    edges = part_of(fit.dynamics.force, EdgeForce)
    assert edges is not None
    low, high = edges.edges
    y = np.linspace(low, (low + high) / 2, 2000)
    forces = np.asarray(edges.force(np.stack([np.zeros(y.size), y], axis=-1)))[:, 1]
    return float(forces.max()), float(y[forces.argmax()] - low)


def _landscape_result(landscape: Landscape | None, runs: Sequence[SkyrmionTrajectory]) -> LandscapeResult | None:
    if landscape is None:
        return None
    places = np.concatenate([run.position[run.present] for run in runs])
    energies, left_out, sizes = (
        landscape.on_way(values, places) for values in (landscape.breathing, landscape.left_out, landscape.size)
    )
    return LandscapeResult(
        lowest=float(energies.min()),
        highest=float(energies.max()),
        left_out=float(left_out.max()),
        smallest=float(sizes.min()),
        largest=float(sizes.max()),
    )


def _free_hall_angle(fit: ThieleFit, run: SkyrmionTrajectory) -> float:
    free = replace(fit.dynamics, force=NoForce(), local_texture=None)
    velocity = velocities_at(free, [[0.0, sum(run.edges) / 2]], abs(run.current))[0]
    return float(np.arctan2(velocity[1], velocity[0]))


def _row(each: Observed, fit: ThieleFit, expulsion: Expulsion | None) -> DrivenRun:
    whole, runs = paths_of(fit, each), each.trajectories
    held = whole if expulsion is None else expulsion.let_go(whole, runs[0].edges)
    paths = np.moveaxis(whole, 1, 0)
    off = np.concatenate([position_errors(run, path)[1:] for run, path in zip(runs, paths, strict=True)])
    (speed, angle), (model_speed, model_angle) = (
        _mean_motion(runs, places) for places in ([run.position for run in runs], paths)
    )
    known, name = fit.provenance, each.spec.run_id
    role = "held out" if name in known.held_out else "fitted" if name in known.trained_on else "expelled"
    return DrivenRun(
        run_id=name,
        role=role if each.swept else "check",
        current=each.current,
        stays=each.stays,
        expelled=each.expelled,
        at_end=any(run.at_end for run in runs),
        model_stays=bool(np.isfinite(held[-1]).all()),
        velocity=speed,
        hall_angle=angle,
        model_velocity=model_speed,
        model_hall_angle=model_angle,
        error=float(off.mean()) if off.size else None,
        nearest=each.nearest,
    )


def _mean_motion(runs: Sequence[SkyrmionTrajectory], paths: Sequence[Floats] | Floats) -> tuple[float, float]:
    """Mean of the skyrmions' mean velocities while they are there: its size in m/s, and its angle."""
    velocities = []
    for run, path in zip(runs, paths, strict=True):
        there = np.flatnonzero(np.isfinite(path).all(axis=1) & run.present)
        if there.size > 1:
            velocities.append((path[there[-1]] - path[there[0]]) / (run.time[there[-1]] - run.time[there[0]]))
    if not velocities:
        return float("nan"), float("nan")
    x, y = np.mean(velocities, axis=0)
    return float(np.hypot(x, y)), float(np.arctan2(y, x))
