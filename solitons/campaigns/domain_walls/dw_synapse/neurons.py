"""The neuron of a stripe from runs of its own: a wall that trains of pulses excite, and a field or a pulse takes back.

None of these runs is in the fit. The bias is a field along the domains (a magnet beside the stripe); without it a
taper, which the measured landscape has, must pull the wall back. In each run a train of equal pulses excites the wall
from where it rests, and then it is left alone: when it passes the threshold, and how long its way back from there
takes, are read off and compared with what the fitted wall does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from geometries import Stripe
from runs import CurrentPulses, RunSpec
from solitons.campaigns.domain_walls.dw_synapse.neuron_resets import about_resets, reset_steps, with_resets
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation, observe, pulse_trains
from solitons.campaigns.domain_walls.dw_synapse.results import Firing, NeuronResults
from solitons.campaigns.domain_walls.dw_synapse.roles import Excited, StripeRole
from solitons.campaigns.domain_walls.dw_synapse.settings import NeuronSettings
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun, SweptPoint
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.devices.neuron import firing_times, threshold_current, trace
from solitons.domain_walls.fit import WallFit
from solitons.domain_walls.fitted_devices import neuron_of, threshold_in
from solitons.domain_walls.neuron import DomainWallNeuron
from solitons.domain_walls.neuron_times import arrival, return_time
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation

__all__ = ["NeuronRuns", "excited_runs", "neuron_from_runs"]

_CURRENT_OFF = 0.1
"""Share by which the threshold current may be off."""
_TIME_OFF = 0.15
"""Share by which a time may be off, or one period of the pulses."""


@dataclass(frozen=True, eq=False)
class NeuronRuns:
    """A neuron's own runs beside what the fitted wall does.

    `train` has the amplitude of one run; `predicted` are times in s and the model's positions in m, of each run up to
    where it first fires.
    """

    results: NeuronResults
    neuron: DomainWallNeuron
    train: CurrentPulses
    observations: tuple[Observation, ...]
    predicted: tuple[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]], ...]


def excited_runs(base: Mapping[str, Any], engine: str, settings: NeuronSettings) -> list[LabelledRun[StripeRole]]:
    """The runs of a neuron, one for each amplitude: the base run's first pulses, `count` times, then the rest.

    With a reset pulse there is one for each of its widths too. The base run needs pulses, and a read-out window, where
    the neuron fires.
    """
    spec = RunSpec.model_validate(dict(base) | {"engine": engine})
    trains, stripe = pulse_trains(spec), spec.device
    if not trains or not isinstance(stripe, Stripe) or stripe.readout_window is None or len(stripe.walls) != 1:
        raise ValueError(
            "neuron excites the one wall of a stripe by the base run's first pulses until a junction sees it; give "
            "the base a stripe with one wall and a readout_window, and current pulses, or leave 'neuron' out"
        )
    if any(spec.protocol.static_field) or spec.in_time.temperature:
        raise ValueError(
            f"base.protocol has static_field = {spec.protocol.static_field} A/m and temperature = "
            f"{spec.in_time.temperature} K, but the neuron's runs have the bias only; set both to 0, or leave 'neuron' "
            "out"
        )
    bias = _onwards(stripe) * _polarity(spec, stripe) * settings.bias
    field = tuple(bias if axis == stripe.domain_axis else 0.0 for axis in "xyz")
    made: list[LabelledRun[StripeRole]] = []
    reset = settings.reset
    for amplitude, width in product(settings.amplitudes, (None,) if reset is None else reset.widths):
        train = trains[0].model_copy(update={"amplitude": amplitude, "count": settings.count})
        driven = [train]
        if reset is not None and width is not None:
            driven += reset_steps(train, reset.amplitude, width, settings.rest, spec.in_time.sampling_interval)
        pulses = [each.model_dump(mode="json") for each in driven]
        steps = [{"do": "relax"}, *pulses, {"do": "rest", "duration": settings.rest}]
        protocol = {"sampling_interval": spec.in_time.sampling_interval, "static_field": field, "steps": steps}
        made.append(
            LabelledRun(
                RunSpec.model_validate(dict(base) | {"engine": engine, "protocol": protocol}), Excited(amplitude, width)
            )
        )
    return made


def _onwards(stripe: Stripe) -> int:
    assert stripe.readout_window is not None  # `excited_runs` has refused a stripe without
    return 1 if threshold_in(stripe.readout_window) > stripe.walls[0].position else -1


def _polarity(spec: RunSpec, stripe: Stripe) -> int:
    """+1 where the component along the domains goes from - to + with x."""
    along = stripe.initial_magnetisation(spec.material)[..., "xyz".index(stripe.domain_axis)]
    return 1 if float(np.nanmean(along[-1])) > float(np.nanmean(along[0])) else -1


def neuron_from_runs(
    fit: WallFit, runs: ComputedRuns[StripeRole], read_out: JunctionReadOut, settings: NeuronSettings
) -> tuple[NeuronRuns | None, list[Reason]]:
    """Make the fitted wall the neuron of its runs, and compare.

    There is none where there is no wall in the runs; the reasons are where the runs do otherwise than the model's
    neuron.
    """
    mine = [run for run in runs.labelled if isinstance(run.role, Excited)]
    try:
        seen = [observe(run.spec, SweptPoint(), runs.open(run), read_out, str(run.role)) for run in mine]
    except ValueError as error:
        sentence = f"The neuron's runs cannot be read: {error}. A weaker bias would leave it its wall."
        return None, [limitation("neuron_lost", sentence)]
    spec = seen[0].spec
    stripe, train = spec.device, pulse_trains(spec)[0]
    assert isinstance(stripe, Stripe)
    onwards = _onwards(stripe)
    width, period = train.width, train.period
    # Where the bias holds the wall against the end, it starts.
    start = float(np.mean([each.trajectory.position[0] for each in seen]))
    # These runs say what the model is worth in their field: no warning that the fit has not seen it.
    unwarned = replace(fit.dynamics, provenance=None)
    neuron = replace(neuron_of(fit, stripe, settings.bias), start=start, wall=unwarned)
    threshold, home = float(neuron.threshold), start + onwards * float(neuron.wall.width)
    if onwards * (threshold - home) <= float(neuron.wall.width):
        sentence = (
            f"The neuron's wall rests at {value_label(start, 'm', digits=3)}, not two widths before the threshold at "
            f"{value_label(threshold, 'm', digits=3)}, where it would fire; move the read-out window or the wall."
        )
        return None, [limitation("neuron_lost", sentence)]
    amplitudes = np.array([pulse_trains(each.spec)[0].amplitude for each in seen])
    shape: dict[str, Any] = {"width": width, "rise": train.rise, "period": period, "count": settings.count}
    predicted = firing_times(neuron, train.sign * amplitudes, **shape)
    time, path, _ = trace(neuron, train.sign * amplitudes, **shape)
    firings, ways_back, drawn, never_back = [], [], [], 0
    for each, amplitude, model, positions in zip(seen, amplitudes, predicted, path, strict=True):
        t, x = each.trajectory.time, each.trajectory.position
        last = settings.count * period
        fired = arrival(t, x, threshold, onwards)
        if settings.reset is not None and fired >= last:
            fired = np.inf  # by the pulses after the reset
        # A pulse that resets the wall is no way back by itself.
        passed = arrival(t, x, threshold, -onwards, after=last) if settings.reset is None else np.inf
        back = arrival(t, x, home, -onwards, after=passed) - passed if np.isfinite(passed) else np.inf
        if np.isfinite(back):
            ways_back.append(back)
        elif np.isfinite(fired) and settings.reset is None:
            never_back += 1
        # In the step in which it fires the model's wall is at its start again.
        until = min(fired, model - (time[1] - time[0]), last)
        compared = (t > 0) & (t < until) & np.isfinite(x)
        distance = np.interp(t[compared], time, positions) - x[compared]
        drawn.append((time[time < model], positions[time < model]))
        firings.append(
            Firing(
                amplitude=float(amplitude),
                measured=float(fired) if np.isfinite(fired) else None,
                predicted=float(model) if np.isfinite(model) else None,
                rms=float(np.sqrt(np.mean(distance**2))) if distance.size else None,
            )
        )
    largest = 2 * float(amplitudes.max())
    refractory = return_time(neuron, settings.rest)
    results = NeuronResults(
        bias=settings.bias,
        start=start,
        threshold=threshold,
        threshold_current=threshold_current(neuron, train.sign * largest, **shape),
        fires_from=min((each.amplitude for each in firings if each.measured is not None), default=None),
        silent_up_to=max((each.amplitude for each in firings if each.measured is None), default=None),
        firings=firings,
        pulses=settings.count,
        refractory=refractory,
        measured_refractory=float(np.mean(ways_back)) if ways_back else None,
        never_back=never_back,
        rest=settings.rest,
    )
    neuron = replace(neuron, refractory=refractory or 0.0)
    if settings.reset is not None:
        results, neuron = with_resets(results, neuron, seen, settings)
    neuron = replace(neuron, wall=fit.dynamics)
    found = NeuronRuns(results, neuron, train, tuple(seen), tuple(drawn))
    return found, about_firing(results, period, np.pi * float(neuron.wall.width))


def about_firing(results: NeuronResults, period: float, width: float = 0.0) -> list[Reason]:
    """Differences between a neuron's runs and the model's: which current, when, how long back, and how it is reset.

    `period` of the pulses is in s; `width` of the wall, pi Delta, is in m, and needed for reset pulses only.
    """
    said = []
    edge = results.threshold_current
    for each in results.firings:
        near = edge is not None and abs(each.amplitude - edge) <= _CURRENT_OFF * edge
        current = value_label(each.amplitude, "A/m^2", digits=3)
        if (each.measured is None) != (each.predicted is None):
            if not near:
                fires = "fires" if each.predicted is not None else "does not fire"
                said.append(f"with {current} the model {fires}, and the run {_other(fires)}")
        elif each.measured is not None and each.predicted is not None and not near:
            off = abs(each.predicted - each.measured)
            if off > max(period, _TIME_OFF * each.measured):
                times = (value_label(when, "s", digits=3) for when in (each.predicted, each.measured))
                said.append("with {} the model fires after {}, and the run after {}".format(current, *times))
    if results.threshold_current is None and results.fires_from is None:
        sentence = (
            "The neuron does not fire: neither in its runs nor in the model up to twice their strongest current. The "
            "base run's first pulses must push the wall towards the threshold; change their polarity, or give stronger "
            "ones, more of them, or a smaller bias."
        )
        return [limitation("neuron_silent", sentence)]
    one, other = results.refractory, results.measured_refractory
    if results.never_back and one is not None and one < (1 - _TIME_OFF) * results.rest:
        said.append(
            f"the model's wall is back after {value_label(one, 's', digits=3)}, and in {results.never_back} runs it is "
            f"not back after {value_label(results.rest, 's', digits=3)}"
        )
    if other is not None and (one is None or abs(one - other) > max(period, _TIME_OFF * other)):
        modelled = value_label(one, "s", digits=3) if one is not None else "never"
        said.append(
            f"the model's wall is back {_after(modelled)}, and the runs' after {value_label(other, 's', digits=3)}"
        )
    differs, missed = about_resets(results, period, width)
    said += differs
    if not said:
        return missed
    return [
        *missed,
        limitation("neuron_disagrees", f"The neuron's own runs do otherwise than the fitted wall: {'; '.join(said)}."),
    ]


def _other(fires: str) -> str:
    return "does not" if fires == "fires" else "does"


def _after(when: str) -> str:
    return when if when == "never" else f"after {when}"
