"""Checks of the runs, so that the row can be counted, fitted and read, before anything runs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pydantic import ValidationError

from geometries import SkyrmionTrack
from geometries.skyrmions.skyrmions import SkyrmionTrain
from runs import AtOnce, ConstantCurrent, CurrentPulses, RunSpec
from solitons.campaigns.skyrmions.checks import check_runs
from solitons.campaigns.skyrmions.skyrmion_synapse.settings import RowDigitsSettings, RowReadOut, TrainingCurrent
from solitons.skyrmions.runs import track_of

__all__ = ["check_rows", "pulses_up", "row_of", "under_constant_current"]

# A junction that ends at the row's length is as long as the row, whatever the rounding.
_ROUNDING = 1e-9


def row_of(track: SkyrmionTrack) -> SkyrmionTrain:
    """The row of a track, which must be one train of two or more skyrmions along it."""
    found = track.skyrmions
    if len(found) != 1 or not isinstance(found[0], SkyrmionTrain):
        described = ", ".join(each.describe(getattr(each, "count", 1)) for each in found) or "none"
        raise ValueError(
            f"base.device.skyrmions has {described}; a row is one train along the track, such as [{{first: [60 nm, "
            "30 nm], spacing: 60 nm, count: 3, radius: 8 nm}]"
        )
    row = found[0]
    if row.count < 2:
        raise ValueError(
            f"base.device.skyrmions.0.count = {row.count}: a single skyrmion is no row; give two or more, or use the "
            "campaign of kind 'skyrmion_track'"
        )
    if abs(row.direction[1]) > _ROUNDING:
        raise ValueError(
            f"base.device.skyrmions.0.direction = {row.direction} leads across the track; a row lies along "
            "it, [1, 0, 0]"
        )
    return row


def pulses_up(spec: RunSpec) -> CurrentPulses:
    """The pulses of a run that bring the row under the junction.

    Its current must be a train of pulses and the same one back, with a rest in which the row is read.
    """
    steps = [step for step in spec.in_time.steps if isinstance(step, AtOnce) or step.driven]
    trains = [step for step in steps if isinstance(step, CurrentPulses)]
    asked = "give two steps 'current pulses', one 'positive' and one 'negative', with the same numbers otherwise"
    if len(trains) != len(steps) or len(trains) != 2:
        has = ", ".join(repr(step.do) for step in steps) or "no current"
        raise ValueError(f"base.protocol.steps has {has}; a row is counted up by pulses and down by the same: {asked}")
    up, down = trains
    if {up.polarity, down.polarity} != {"positive", "negative"}:
        raise ValueError(
            f"base.protocol.steps: the pulses are {up.polarity} and then {down.polarity}, which does not bring the row "
            f"back: {asked}"
        )
    for name in ("amplitude", "width", "rise", "period", "count"):
        one, other = getattr(up, name), getattr(down, name)
        if one != other:
            raise ValueError(
                f"base.protocol.steps: {name} is {one:g} in the pulses up and {other:g} in those down; they are the "
                f"same, swept axes name the field of both: {asked}"
            )
    if not up.amplitude:
        raise ValueError("base.protocol.steps: the pulses have an amplitude of 0 and move nothing; give them another")
    if not up.width < up.period:
        raise ValueError(
            f"base.protocol.steps: pulses of width {up.width:g} s come every {up.period:g} s, without a rest in which "
            "the row could be read; lengthen the period"
        )
    if up.period - up.width < spec.in_time.sampling_interval:
        raise ValueError(
            f"base.protocol.sampling_interval = {spec.in_time.sampling_interval:g} s is longer than the rest of "
            f"{up.period - up.width:g} s between two pulses, in which the row is read; make it shorter"
        )
    return up


def under_constant_current(spec: RunSpec, training: TrainingCurrent) -> RunSpec:
    """The run of a row under a constant current, from the rest of another run on.

    Its sampling interval must divide the duration.
    """
    before = list(
        itertools.takewhile(lambda step: not isinstance(step, AtOnce) and not step.driven, spec.in_time.steps)
    )
    terminal = next((step.terminal for step in spec.in_time.steps if isinstance(step, CurrentPulses)), None)
    current = ConstantCurrent(amplitude=training.amplitude, duration=training.duration, terminal=terminal)
    try:
        protocol = type(spec.in_time).model_validate(spec.in_time.model_dump() | {"steps": [*before, current]})
    except ValidationError as error:
        raise ValueError(f"fit.training: duration = {training.duration:g} s: {error.errors()[0]['msg']}") from None
    return spec.model_copy(update={"protocol": protocol})


def check_rows(specs: Sequence[RunSpec], read_out: RowReadOut, digits: RowDigitsSettings | None) -> None:
    """Refuse runs of one track and material that the fit, the junction or the levels cannot answer.

    Beside what `row_of`, `pulses_up` and the check of a skyrmion track's runs refuse, the row must fit left of the
    junction and under it, and the device be no moving window.
    """
    if specs[0].protocol.window is not None:
        raise ValueError(
            "base.protocol.moving_window is given, and a junction stays in its place of the track; leave it out, and "
            "make the track long enough"
        )
    track = track_of(specs[0])
    if track.path.kind != "straight":
        raise ValueError(
            f"base.device.path.kind is {track.path.kind!r}, but a junction over a row lies across a straight track; "
            "give a path of kind 'straight'"
        )
    row = row_of(track)
    for spec in specs:
        pulses_up(spec)
    (begin, end), length = read_out.window, track.extent[0]
    if not 0 <= begin < end <= length * (1 + _ROUNDING):
        raise ValueError(
            f"read_out.window = ({begin:g}, {end:g}) m is not within the track, which ends at x = {length:g} m; move it"
        )
    needed = row.count * row.spacing
    for where, room in (("left of it", begin), ("under it", end - begin)):
        if room < needed * (1 - _ROUNDING):
            raise ValueError(
                f"read_out.window = ({begin:g}, {end:g}) m: {row.count} skyrmions {row.spacing:g} m apart take "
                f"{needed:g} m, and {where} there are {room:g} m; move or lengthen it, or make the track longer"
            )
    if not read_out.polariser[2]:
        raise ValueError(
            f"read_out.polariser = {read_out.polariser} has no part along z, so that up and down conduct alike; give "
            "it one"
        )
    train = pulses_up(specs[0])
    if digits is not None and not (2 * train.rise <= digits.shortest and digits.longest <= train.period):
        raise ValueError(
            f"digits.shortest = {digits.shortest:g} s and digits.longest = {digits.longest:g} s: pulses are between "
            f"twice the rise, {2 * train.rise:g} s, and the period of {train.period:g} s of the base run's"
        )
    check_runs(specs)
