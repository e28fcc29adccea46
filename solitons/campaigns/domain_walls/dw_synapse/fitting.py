"""The wall that a stripe's runs give: its landscape, the fit, and how fast the model is."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np

from analysis import held_wall
from runs import CurrentPulses, RunSpec
from solitons.campaigns.domain_walls.dw_synapse.material_wall import considered_walls, start_of
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation, pulse_trains
from solitons.campaigns.domain_walls.dw_synapse.roles import Held, StripeRole
from solitons.campaigns.domain_walls.dw_synapse.settings import WallFitSettings
from solitons.campaigns.framework.base import ComputedRuns
from solitons.devices.drift import DriftUnknownError
from solitons.devices.pulse_shape import ProgrammingPulse
from solitons.domain_walls.candidates import fittable
from solitons.domain_walls.choice import Choice, choose_wall
from solitons.domain_walls.fit import WallFit, fit_wall
from solitons.domain_walls.landscape import ROOM_TEMPERATURE, Landscape, landscape_of
from solitons.domain_walls.runs import breathing_of, shape_field_of, stripe_of, tilting_of
from solitons.domain_walls.simulation import follow_walls
from solitons.domain_walls.synapse import DomainWallSynapse
from solitons.fits.verdict import Reason, limitation

__all__ = [
    "about_choice",
    "device_seconds",
    "fit_observations",
    "measured_landscape",
    "programming_pulse",
    "wander_of",
    "widest_pulses",
]

DEVICES = 1000
_WALLS = 10_000  # drawn, so that their spread is known to a per cent


def measured_landscape(runs: ComputedRuns[StripeRole]) -> tuple[Landscape | None, list[Reason]]:
    """Pinning of the wall, if runs have measured it; or why they have not."""
    held = [run for run in runs.labelled if isinstance(run.role, Held)]
    if not held:
        return None, []
    try:
        return landscape_of([held_wall(runs.open(run)) for run in held], stripe_of(held[0].spec)), []
    except ValueError as error:
        reason = limitation(
            "landscape_lost", f"What holds the wall was not measured: {error}. The model leaves it out."
        )
        return None, [reason]


def fit_observations(
    observations: Sequence[Observation],
    settings: WallFitSettings,
    held_out: Sequence[str],
    landscape: Landscape | None = None,
) -> Choice:
    """Fit the wall model to runs, without those that are held out, which take no part in the choice of a model."""
    start = start_of(observations, landscape)
    runs = [each.trajectory for each in observations]
    considered = considered_walls(observations, landscape, settings.material_uncertainty)
    if settings.knots is None:
        # A landscape that was measured is not fitted besides, or what holds the wall would have two answers.
        spec = observations[0].spec
        return choose_wall(
            runs,
            start,
            held_out=held_out,
            pinning=landscape is None,
            tilting=tilting_of(spec, float(start.width)),
            breathing=breathing_of(spec, float(start.width)),
            shape_field=shape_field_of(spec, float(start.width)),
            considered=considered,
        )
    free = fittable(start)
    return Choice(fit_wall(runs, start, held_out=held_out, free=free, knots=settings.knots, considered=considered), ())


def about_choice(choice: Choice, settings: WallFitSettings) -> Iterator[Reason]:
    """Whether the runs could choose a model."""
    if settings.knots is not None or choice.compared:
        return
    sentence = (
        "One run is left to fit on, so that models cannot be compared by runs which a fit has not seen: the material's "
        "constants are taken as they are. Give more runs."
    )
    yield limitation("nothing_to_choose_by", sentence)


def widest_pulses(observations: Sequence[Observation]) -> CurrentPulses:
    """The campaign's widest pulses."""
    return max((pulse_trains(each.spec)[0] for each in observations), key=lambda train: train.width)


def wander_of(synapse: DomainWallSynapse) -> float | None:
    """Standard deviation in m of where heat at 300 K has a wall after 1 ns; None where the model does not know."""
    middle = np.full(_WALLS, (float(synapse.left) + float(synapse.right)) / 2)
    try:
        drawn = synapse.drift(1e-9, ROOM_TEMPERATURE)
    except DriftUnknownError:
        return None
    return float(np.std(drawn(middle, np.random.default_rng(0))))


def programming_pulse(fit: WallFit, spec: RunSpec, amplitude: float | None) -> ProgrammingPulse:
    """The driver's pulses: the widths that were fitted, and a given or the middle amplitude in A/m2."""
    train, seen = pulse_trains(spec)[0], fit.provenance.fitted_range
    chosen = amplitude or float(np.mean(seen.amplitude))
    fit.check_range(chosen)
    return ProgrammingPulse(
        amplitude=chosen,
        shortest=seen.width[0],
        longest=seen.width[1],
        rise=train.rise,
        period=train.period,
    )


def device_seconds(fit: WallFit, spec: RunSpec) -> float:
    """Simulated device-seconds of the fitted model per second of wall time, 1,000 devices in a batch.

    It follows the protocol of a run and samples its path as often as the run did; the time that
    compiling takes is left out.
    """
    protocol, seconds = spec.in_time, np.inf
    position = np.full(DEVICES, stripe_of(spec).walls[0].position)
    for _ in range(3):  # the first call compiles
        started = time.perf_counter()
        follow_walls(
            fit.dynamics, protocol.sample_times, protocol.current_density, position=position, angle=fit.start_angle
        )
        seconds = min(seconds, time.perf_counter() - started)
    return DEVICES * protocol.duration / float(seconds)
