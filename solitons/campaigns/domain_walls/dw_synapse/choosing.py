"""The run of a stripe's sweep that its wall model learns most from.

All parameters are free that a wall's path determines, whichever the simplest model at the end has: what is not fitted
may be wrong, and the runs are to show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import jax
import numpy as np

from solitons.campaigns.domain_walls.dw_synapse.fitting import measured_landscape
from solitons.campaigns.domain_walls.dw_synapse.material_wall import start_of
from solitons.campaigns.domain_walls.dw_synapse.observation import observe
from solitons.campaigns.domain_walls.dw_synapse.roles import StripeRole
from solitons.campaigns.domain_walls.dw_synapse.settings import WallFitSettings
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun, SweptPoint
from solitons.campaigns.framework.choosing import Choosing
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.domain_walls.candidates import fittable
from solitons.domain_walls.fit import WallFit, fit_wall
from solitons.domain_walls.fit_problem import NANOMETRE, POSITION, pose, with_landscape
from solitons.domain_walls.runs import stripe_of
from solitons.domain_walls.trajectory import Trajectory, waveforms_of
from solitons.fits.chosen_runs import most_telling, predicted_interval
from solitons.fits.leave_one_out import covariance_by_runs

__all__ = ["one_more_run"]

# As of `fit_wall`.
_ANGLE_WEIGHT, _MAX_STEP = 0.2, 1e-11


def one_more_run(
    choosing: Choosing,
    plan: Sequence[LabelledRun[SweptPoint]],
    runs: ComputedRuns[StripeRole],
    read_out: JunctionReadOut,
    settings: WallFitSettings,
) -> Choosing:
    """Fit the runs that are made, and choose the next one of the plan, or find that they are enough.

    Held-out runs are not looked at.
    """
    made = [plan[place] for place in choosing.made]
    observations = [observe(run.spec, run.role, runs.open(run), read_out) for run in made]
    trainees = [each.trajectory for each in observations]
    start = start_of(observations, measured_landscape(runs)[0])
    knots = settings.knots or 0
    fit = fit_wall(trainees, start, free=fittable(start), knots=knots)
    names, best = zip(*((each.name, each.value) for each in fit.parameters), strict=True)
    template = with_landscape(start, trainees, knots)
    seen, planned = (
        pose(each, template, names, _ANGLE_WEIGHT, _MAX_STEP)
        for each in (trainees, [_expected(run, trainees[0], fit) for run in plan])
    )
    with jax.enable_x64(True):
        slopes, residual, rows = (of(np.array(best)) for of in (seen.jacobian, seen.residual, planned.jacobian))
    # A wall that the model loses tells nothing from there on.
    rows = np.where(np.isfinite(rows), rows, 0.0)
    by_runs = covariance_by_runs(slopes, slopes, residual, seen.run)
    assert by_runs is not None  # three runs are made at first
    positions = rows[planned.kind == POSITION] * NANOMETRE
    both = predicted_interval(positions, fit.covariance), predicted_interval(positions, *by_runs)
    known = [rows[planned.run == place] for place in choosing.made]
    return choosing.after(
        float(np.max(both)), lambda left: most_telling(known, {place: rows[planned.run == place] for place in left})
    )


def _expected(run: LabelledRun[SweptPoint], like: Trajectory, fit: WallFit) -> Trajectory:
    """A run as it would be seen: it begins as another of the same stripe, and its wall stays."""
    protocol, stripe = run.spec.in_time, stripe_of(run.spec)
    current, field = waveforms_of(protocol, stripe.domain_axis)
    times = protocol.sample_times
    angle = fit.start_angle if like.angle is None or not np.isfinite(like.angle[0]) else like.angle[0]
    return replace(
        like,
        run_id=run.spec.run_id,
        time=times,
        position=np.full(times.size, like.position[0]),
        angle=np.full(times.size, angle),
        tilt=np.full(times.size, like.start_tilt),
        current_density=current,
        field=field,
    )
