"""A stripe's levels: the wells that its pulses reach, or as many as stay apart where none holds the wall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geometries import Stripe
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation
from solitons.devices.level_count import LevelCount, count_levels
from solitons.devices.places import Place, which_place
from solitons.domain_walls.fit import WallFit, rest_errors
from solitons.domain_walls.judgement import missed_runs
from solitons.domain_walls.trajectory import rest_samples

__all__ = ["levels_apart", "reach_of", "wells_reached", "why_no_levels"]

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
