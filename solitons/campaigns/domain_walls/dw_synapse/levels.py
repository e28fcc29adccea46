"""A stripe's levels: the wells that its pulses reach, or as many as stay apart where none holds the wall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from analysis.statistics.proportions import wilson_interval
from geometries import Stripe
from solitons.campaigns.domain_walls.dw_synapse.heated import HotSteps
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation
from solitons.campaigns.domain_walls.dw_synapse.results import WrongWell
from solitons.devices.level_count import LevelCount, count_levels
from solitons.devices.places import Place, which_place
from solitons.domain_walls.fit import WallFit, rest_errors
from solitons.domain_walls.judgement import missed_runs
from solitons.domain_walls.trajectory import rest_samples

__all__ = ["levels_apart", "reach_of", "wells_reached", "why_no_levels", "wrong_wells"]

Floats = npt.NDArray[np.float64]


def wells_reached(places: Sequence[Place], observations: Sequence[Observation]) -> list[float]:
    """Places in m of the wells in which the walls of the runs rest, before the first pulse or after any.

    None where most of the rests are in no well: of a smooth stripe with one notch, say.
    """
    rests = np.concatenate([each.positions_at_rest for each in observations])
    found = which_place(rests[np.isfinite(rests)], places)
    if (found < 0).sum() > found.size / 2:
        return []
    return [places[number].position for number in np.unique(found[found >= 0])]


def why_no_levels(reach: float, wells: Sequence[float], shaken: float) -> str:
    """Why no number of levels is given; empty where there is one.

    `reach` is the stretch in m under the junction that pulses reach, `wells` those in which the walls rest, `shaken`
    the largest spread of the model's walls with heat, in m.
    """
    if np.isinf(shaken):
        return "heat drives the model's walls out of the stripe before their first rest"
    if not reach > 0:
        return "no pulse moves the wall under the junction"
    if len(wells) == 1:
        return "all pulses of the runs leave the wall in one well or where no well holds it"
    return ""


def wrong_wells(places: Sequence[Place], steps: Sequence[HotSteps]) -> list[WrongWell]:
    """How often walls with heat rest in another well than without, after the worst pulse.

    Every second wall decides which pulse that is, and the others are counted: a share of the walls that chose the
    largest share would be too large, and beyond its own interval too often. The first of the `steps` is without heat;
    its run has the micromagnetic wells, or else the model's. With heat there are two walls or more.
    """
    if not steps or steps[0].temperature or not len(steps[0].position):
        return []
    right = which_place(steps[0].position[:1], places)
    meant = which_place(steps[0].measured[:1], places) if len(steps[0].measured) else right
    found = []
    for each in steps[1:]:
        elsewhere = which_place(each.position, places) != right
        choose, count = elsewhere[::2], elsewhere[1::2]
        pulse = int(choose[:, 1:].sum(axis=0).argmax()) + 1
        walls, wrong = len(count), int(count[:, pulse].sum())
        found.append(
            WrongWell(
                temperature=each.temperature,
                walls=walls,
                wrong=wrong,
                pulse=pulse,
                share=wrong / walls,
                ci95=wilson_interval(wrong, walls),
                runs=len(each.measured),
                runs_wrong=int((which_place(each.measured, places) != meant)[:, pulse].sum()),
            )
        )
    return found


def reach_of(observations: Sequence[Observation], stripe: Stripe, left: float, right: float) -> float:
    """Stretch of positions in m under the junction, between the ends, that the pulses of all runs reach."""
    window = stripe.readout_window
    assert window is not None  # `check_runs` has refused a device without
    rests = [each.trajectory.position[[0, *rest_samples(each.trajectory)]] for each in observations]
    low, high = (float(extreme(np.concatenate(rests))) for extreme in (np.nanmin, np.nanmax))
    first, last = max(window.x[0], left), min(window.x[1], right)
    return float(np.clip(high, first, last) - np.clip(low, first, last))


def levels_apart(
    fit: WallFit, observations: Sequence[Observation], cell: float, reach: float, heat: float, devices: float
) -> LevelCount:
    """Levels of a wall that no well holds, by what the model gets wrong and what heat and devices add, in m."""
    trajectories = [each.trajectory for each in observations]
    # A run that the fit saw and misses all the same is as good a test as one that was held out.
    missed = {run.run_id for run in missed_runs(fit, trajectories, cell)}
    tests = [run for run in trajectories if run.run_id in missed.union(fit.provenance.held_out)]
    return count_levels(rest_errors(fit, tests), reach, heat, devices)
