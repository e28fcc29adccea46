"""The run of a stripe's sweep that its wall model learns most from.

It is not the simplest model, which is chosen at the end: all parameters are free that a wall's path determines, for
what is not fitted may be wrong, and the runs are to show it. The material's constants are taken as exact, since no run
tells them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import jax
import numpy as np

from solitons.campaigns.domain_walls.dw_synapse.choosing import Choosing
from solitons.campaigns.domain_walls.dw_synapse.fitting import measured_landscape
from solitons.campaigns.domain_walls.dw_synapse.material_wall import start_of
from solitons.campaigns.domain_walls.dw_synapse.observation import observe
from solitons.campaigns.domain_walls.dw_synapse.roles import StripeRole
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun, SweptPoint
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.domain_walls.candidates import fittable
from solitons.domain_walls.fit import fit_wall
from solitons.domain_walls.fit_problem import NANOMETRE, POSITION, pose
from solitons.domain_walls.runs import stripe_of
from solitons.domain_walls.trajectory import Trajectory, waveforms_of
from solitons.fits.chosen_runs import most_telling, predicted_interval

__all__ = ["one_more_run"]

# As of `fit_wall`.
_ANGLE_WEIGHT, _MAX_STEP = 0.2, 1e-11


def one_more_run(
    choosing: Choosing,
    sweep: Sequence[LabelledRun[SweptPoint]],
    runs: ComputedRuns[StripeRole],
    read_out: JunctionReadOut,
) -> Choosing:
    """Fit the runs that are made, and choose the next one of the sweep, or find that they are enough.

    Held-out runs are not looked at. The interval is that of the positions of all frames of all runs of the sweep, where
    the model has the wall in its stripe, by the wider of the fit's two covariances; none is known with as many
    parameters as runs, which leave directions of the parameters open.
    """
    made = [sweep[place] for place in choosing.made]
    observations = [observe(run.spec, run.role, runs.open(run), read_out) for run in made]
    trainees = [each.trajectory for each in observations]
    start = start_of(observations, measured_landscape(runs)[0])
    fit = fit_wall(trainees, start, free=fittable(start), knots=0)
    names, best = zip(*((each.name, each.value) for each in fit.parameters), strict=True)
    asked = pose([_expected(run, trainees[0]) for run in sweep], start, names, _ANGLE_WEIGHT, _MAX_STEP)
    with jax.enable_x64(True):
        rows = asked.jacobian(np.array(best))
    positions = rows[asked.kind == POSITION] * NANOMETRE
    interval = np.nan
    if fit.covariance_by_runs is not None and len(made) > len(names):
        by_runs = predicted_interval(positions, *fit.covariance_by_runs)
        interval = float(np.max([by_runs, predicted_interval(positions, fit.covariance)]))
    # A wall that the model loses tells nothing from there on.
    told = np.where(np.isfinite(rows), rows, 0.0)
    of_run = {place: told[asked.run == place] for place in choosing.points}
    return choosing.after(
        interval, lambda left: most_telling([of_run[each] for each in choosing.made], {at: of_run[at] for at in left})
    )


def _expected(run: LabelledRun[SweptPoint], like: Trajectory) -> Trajectory:
    """A run as it would be seen: it begins as another of the same stripe, and its wall stays."""
    protocol = run.spec.in_time
    current, field = waveforms_of(protocol, stripe_of(run.spec).domain_axis)
    times = protocol.sample_times
    return replace(
        like,
        run_id=run.spec.run_id,
        time=times,
        position=np.full(times.size, like.position[0]),
        angle=None if like.angle is None else np.full(times.size, like.angle[0]),
        tilt=np.full(times.size, like.start_tilt),
        current_density=current,
        field=field,
    )
