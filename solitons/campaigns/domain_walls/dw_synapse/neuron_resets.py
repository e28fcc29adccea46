"""How a neuron is reset: by a pulse against those that excite it, in runs and model, beside a constant field.

A run excites the wall by `count` pulses, after which it has fired, sends the reset pulse and a rest, and excites it
again. The model follows the fitted wall through the same current, and nothing puts it at its start; at 300 K it follows
many (`follow_hot_walls`). A wall that ends within its width pi Delta of the start is at its start, else in another
place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from analysis.statistics.proportions import wilson_interval
from runs import CurrentPulses, PiecewiseLinear, RunSpec
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation, pulse_trains
from solitons.campaigns.domain_walls.dw_synapse.results import NeuronResults, ResetRun, ResetWay
from solitons.campaigns.domain_walls.dw_synapse.settings import NeuronSettings
from solitons.devices.neuron import threshold_current
from solitons.domain_walls.heat import follow_hot_walls
from solitons.domain_walls.landscape import ROOM_TEMPERATURE
from solitons.domain_walls.neuron import DomainWallNeuron
from solitons.domain_walls.neuron_times import arrival, least_field, return_time
from solitons.domain_walls.runs import stripe_of
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.softening import softened
from solitons.domain_walls.trajectory import waveforms_of
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation

__all__ = ["about_resets", "reset_span", "reset_steps", "with_resets"]

Bools = npt.NDArray[np.bool_]

_WALLS = 400
"""Walls with heat, for each amplitude."""
_LEAST_WAIT = 20e-9
"""s in which a field is waited for, at least: it does not know when to stop."""


def reset_steps(
    train: CurrentPulses, amplitude: float, width: float, rest: float, sampling: float
) -> list[CurrentPulses]:
    """The reset pulse with its rest, and the pulses that excite the neuron again; in A/m2 and s.

    The rest is longer where a sample of the run would not fall on its end.
    """
    against = "negative" if train.polarity == "positive" else "positive"
    period = math.ceil((width + rest) / sampling - 1e-6) * sampling
    pulse = {"amplitude": amplitude, "width": width, "period": period, "count": 1, "polarity": against}
    return [CurrentPulses.model_validate(train.model_dump() | pulse), train]


def reset_span(each: Observation) -> tuple[float, float]:
    """When in s a run's reset pulse begins, and when the rest after it ends."""
    first, pulse, _ = pulse_trains(each.spec)
    return first.count * first.period, first.count * first.period + pulse.period


def with_resets(
    results: NeuronResults, neuron: DomainWallNeuron, seen: Sequence[Observation], settings: NeuronSettings
) -> tuple[NeuronResults, DomainWallNeuron]:
    """Add what the reset pulse did in runs and model, and both ways beside each other.

    The neuron is one that the shortest pulse resets that brings all walls back that fire, as in the runs: it begins
    where the period ends in which the neuron fires, and the neuron listens again after a whole number of periods. A
    rectangular pulse stands for the trapezoidal one. Where none does, its wall jumps.
    """
    assert settings.reset is not None
    resets = [_reset_run(each, neuron) for each in seen]
    train, pulse, _ = pulse_trains(seen[0].spec)
    before = reset_span(seen[0])[0]
    fired = np.array([np.inf if each.measured is None else each.measured for each in results.firings])
    fires = fired < before
    wrong = _elsewhere(neuron, [np.nan if each.ends is None else each.ends for each in resets])
    widths = np.array([each.width for each in resets])
    good = [each for each in np.unique(widths) if (mine := fires & (widths == each)).any() and not wrong[mine].any()]
    shown = widths == (good[0] if good else widths.max())
    if good:
        after = train.period - float(np.mean(fired[fires] % train.period))
        periods = math.ceil((good[0] + settings.rest) / train.period - 1e-6)
        neuron = replace(
            neuron,
            reset_current=pulse.sign * pulse.amplitude,
            reset_after=after + pulse.rise / 2,
            reset_width=good[0] - pulse.rise,
            refractory=after + periods * train.period,
        )
    cold, hot = (
        np.concatenate([_after_pulse(neuron, seen[at], kelvins, at) for at in np.flatnonzero(shown).tolist()])
        for kelvins in (0.0, ROOM_TEMPERATURE)
    )
    dead, edge = float(neuron.refractory) if good else None, results.threshold_current
    ways = [
        _way("pulse", settings.reset.amplitude, dead, edge, cold, hot, wrong[shown & fires]),
        _field_way(replace(neuron, reset_current=0.0), seen[0].spec, settings),
    ]
    width = float(good[0]) if good else None
    return results.model_copy(update={"resets": resets, "reset_width": width, "ways": ways}), neuron


def _elsewhere(neuron: DomainWallNeuron, position: npt.ArrayLike) -> Bools:
    """Whether walls are in another place than the start, or gone."""
    off = np.abs(np.asarray(position, dtype=np.float64) - float(neuron.start))
    return np.asarray(~(off <= np.pi * float(neuron.wall.width)))


def _onwards(neuron: DomainWallNeuron) -> int:
    return 1 if float(neuron.threshold) > float(neuron.start) else -1


def _at_rest(neuron: DomainWallNeuron) -> dict[str, Any]:
    return {"position": float(neuron.start), "angle": float(neuron.rest_angle)}


def _reset_run(each: Observation, neuron: DomainWallNeuron) -> ResetRun:
    """Where the reset pulse leaves the wall, and when it fires again: the run's and the model's."""
    run, (_, begin), (train, pulse, _) = each.trajectory, reset_span(each), pulse_trains(each.spec)
    path = follow_wall(
        neuron.wall, run.time, *waveforms_of(each.spec.in_time, stripe_of(each.spec).domain_axis), **_at_rest(neuron)
    )
    found: dict[str, float | None] = {}
    for whose, position in (("", run.position), ("predicted_", path.position)):
        end = float(np.interp(begin, run.time, position))
        again = arrival(run.time, position, float(neuron.threshold), _onwards(neuron), after=begin) - begin
        found |= {f"{whose}ends": end if np.isfinite(end) else None, f"{whose}again": again if again < np.inf else None}
    return ResetRun.model_validate({"amplitude": train.amplitude, "width": pulse.width} | found)


def _after_pulse(neuron: DomainWallNeuron, each: Observation, temperature: float, seed: int) -> Bools:
    """Of the model's walls that a run's pulses take past the threshold: which its reset pulse leaves elsewhere."""
    many: dict[str, Any] = {"temperature": temperature, "walls": _WALLS if temperature else 1, "seed": seed}
    current, field = waveforms_of(each.spec.in_time, stripe_of(each.spec).domain_axis)
    wall = softened(neuron.wall, each.spec, temperature)
    path = follow_hot_walls(wall, [0.0, *reset_span(each)], current, field, **many | _at_rest(neuron))
    fired = _onwards(neuron) * (path.position[:, 1] - float(neuron.threshold)) >= 0
    return _elsewhere(neuron, path.position[fired, 2])


def _field_way(neuron: DomainWallNeuron, spec: RunSpec, settings: NeuronSettings) -> ResetWay:
    """A field that is always there: the bias of the runs, or else the smallest that brings the model's wall back."""
    train, longest = pulse_trains(spec)[0], max(settings.rest, _LEAST_WAIT)
    strength = settings.bias or least_field(neuron, longest)
    if not np.isfinite(strength):
        return _way("field", 0.0, None, None, np.ones(1, dtype=bool), np.zeros(0, dtype=bool))
    neuron = replace(neuron, leak_field=strength)
    along_z = _onwards(neuron) * float(neuron.wall.polarity) * strength
    field = [PiecewiseLinear((0.0,), (each,)) for each in (0.0, 0.0, along_z)]
    begins = _at_rest(neuron) | {"position": float(neuron.threshold)}
    cold, hot = (
        follow_hot_walls(
            softened(neuron.wall, spec, kelvins),
            [0.0, longest],
            None,
            field,
            temperature=kelvins,
            walls=walls,
            seed=0,
            **begins,
        ).position[:, 1]
        for kelvins, walls in ((0.0, 1), (ROOM_TEMPERATURE, _WALLS))
    )  # fmt: skip
    shape: dict[str, Any] = {"width": train.width, "rise": train.rise, "period": train.period, "count": settings.count}
    edge = threshold_current(neuron, 2 * train.sign * max(settings.amplitudes), **shape)
    back = return_time(neuron, longest)
    return _way("field", strength, back, edge, _elsewhere(neuron, cold), _elsewhere(neuron, hot))


def _way(
    way: Literal["pulse", "field"], strength: float, dead_time: float | None, fires_from: float | None,
    cold: Bools, hot: Bools, runs: Bools | None = None,
) -> ResetWay:  # fmt: skip
    counts = {"runs": runs if runs is not None else cold[:0], "cold": cold, "walls": hot}
    numbers = {name: each.size for name, each in counts.items()}
    numbers |= {f"{name}_wrong": int(each.sum()) for name, each in counts.items()}
    ci95 = wilson_interval(numbers["walls_wrong"], hot.size) if hot.size else (0.0, 1.0)
    return ResetWay(way=way, strength=strength, dead_time=dead_time, fires_from=fires_from, ci95=ci95, **numbers)


def about_resets(results: NeuronResults, period: float, width: float) -> tuple[list[str], list[Reason]]:
    """Differences of the model from the runs with a reset pulse, and a reason where none resets the neuron.

    `period` of the pulses is in s, and `width` of the wall, pi Delta, in m.
    """

    def label(value: float | None, unit: str) -> str:
        return value_label(value, unit, digits=3) if value is not None else "not at all" if unit == "s" else "no place"

    said = []
    for each in results.resets:
        pairs = ((each.predicted_ends, each.ends, width), (each.predicted_again, each.again, period))
        off = [(a is None) != (b is None) or abs((a or 0.0) - (b or 0.0)) > most for a, b, most in pairs]
        if off[0] or (off[1] and each.width == results.reset_width):
            what, unit, (model, run, _) = ("is at", "m", pairs[0]) if off[0] else ("fires again after", "s", pairs[1])
            said.append(
                f"with {label(each.amplitude, 'A/m^2')} and a reset of {label(each.width, 's')} the model's wall "
                f"{what} {label(model, unit)}, and the run's {label(run, unit)}"
            )
    if not results.resets or results.reset_width is not None:
        return said, []
    ends = ", ".join(f"{label(each.width, 's')}: {label(each.ends, 'm')}" for each in results.resets)
    sentence = (
        f"No reset pulse brings the wall of all runs that fire back to {label(results.start, 'm')}; by their widths it "
        f"ends at {ends}. The saved neuron jumps to its start. Give other widths or another amplitude, or a pinned end "
        "that stops the wall there."
    )
    return said, [limitation("reset_misses", sentence)]
