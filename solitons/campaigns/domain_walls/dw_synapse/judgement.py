"""Whether what was fitted to a stripe's runs may be used: the fitted wall, and the neuron that it would make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from geometries import Stripe
from geometries.domain_walls.notches_in_cells import notches_in_cells
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation, pulse_trains
from solitons.devices.coming_to_rest import Rested, come_to_rest
from solitons.devices.neuron import exciting_sign, trace
from solitons.domain_walls.fit import WallFit
from solitons.domain_walls.judgement import about_errors, about_mesh, about_motion, about_parameters
from solitons.domain_walls.landscape import has_landscape
from solitons.domain_walls.neuron import DomainWallNeuron
from solitons.domain_walls.pinning import is_convex
from solitons.domain_walls.runs import domains_of, shape_field_of, stripe_of, wall_of
from solitons.domain_walls.synapse import DomainWallSynapse, WallState
from solitons.domain_walls.trajectory import rest_samples
from solitons.figures import value_label
from solitons.fits.verdict import Reason, Verdict, judge, limitation

__all__ = [
    "about_cores",
    "about_holding",
    "about_neuron",
    "about_notches",
    "about_rest",
    "about_start",
    "judge_fit",
    "left_alone",
]

_TILTED = np.deg2rad(20)  # the driving torques, which go with the cosine, are 6 % off there
_NEAR = 1e-9  # m, within which a wall that is left alone has come to where it stays
_LANDSCAPE = 0.5  # share of the way on that walls go with their angles at rest, from which on a landscape takes them
_NOTCH = 0.15  # share of a notch's depth, by which cells may make it deeper or flatter
_WRONG_WAY = 0.1  # share of a train's conductance steps that may go against its others


def judge_fit(
    fit: WallFit, observations: Sequence[Observation], depinning: tuple[float | None, float] | None = None
) -> Verdict:
    """Judge a fit by its errors, its parameters, and what the walls of all runs did.

    `depinning` is the amplitude in A/m2 that takes a held wall on, and the width in s of the pulse that does, where the
    landscape is known.
    """
    first = observations[0].spec
    runs, stripe = [each.trajectory for each in observations], stripe_of(first)
    cell, expected = stripe.cell[0], wall_of(first, runs[0].polarity, float(fit.dynamics.width))
    shape_field = shape_field_of(first, float(expected.width))
    # Nothing in a smooth stripe bends a head-to-head wall, whose domains push it to the ends: not convex either.
    smooth = is_convex(fit.dynamics.pinning) or (stripe.domain_axis == "x" and not has_landscape(stripe))
    leaves_out = "pinning" if smooth else "the bending of the wall"
    return judge(
        [
            *about_motion(runs, cell, depinning),
            *about_errors(fit, runs, cell),
            *about_parameters(fit, expected, shape_field, leaves_out),
            *about_mesh(fit, cell),
            *about_notches(stripe),
            *_about_walls(fit, observations),
            *_about_conductance(observations),
        ]
    )


def about_notches(stripe: Stripe) -> Iterator[Reason]:
    """Notches whose depth is another in the cells of the mesh: what holds the wall goes with it."""
    off = [each for each in notches_in_cells(stripe) if abs(each.meshed - each.drawn) > _NOTCH * each.drawn]
    if not off:
        return
    worst = max(off, key=lambda each: abs(each.meshed / each.drawn - 1))
    cell = value_label(stripe.cell[1], "m", digits=3)
    yield limitation(
        "notch_in_cells",
        f"The notch at {value_label(worst.position, 'm', digits=3)} takes "
        f"{value_label(worst.drawn, 'm', digits=3)} of the width as it is drawn, and "
        f"{value_label(worst.meshed, 'm', digits=3)} in cells of {cell}: the runs are those of another notch, and "
        f"barriers and times go with it. Draw depths that are multiples of {cell}, or use smaller cells.",
    )


def _about_walls(fit: WallFit, observations: Sequence[Observation]) -> Iterator[Reason]:
    """Reasons against the model's one wall."""
    total = len(observations)
    several = [each for each in observations if bool((each.walls["position"].notnull().sum("wall") > 1).any())]
    if several:
        yield Reason(
            code="second_wall",
            weight="failed" if 2 * len(several) > total else "limited",
            sentence=f"In {len(several)} of {total} runs ({several[0].point}) there is more than one wall for a "
            "time, and the model has one. Use weaker pulses, or a material with more anisotropy.",
        )
    yield from about_start(observations, float(fit.dynamics.width))
    yield from about_cores(observations)
    yield from _about_tilt(fit, observations)


def about_start(observations: Sequence[Observation], width: float) -> Iterator[Reason]:
    """A wall that relaxation takes elsewhere by more than its `width` Delta (m).

    It goes to where the stripe holds it, or nothing holds it.
    """
    drawn = stripe_of(observations[0].spec).walls[0].position
    starts = np.array([each.trajectory.position[0] for each in observations])
    farthest = float(starts[np.argmax(np.abs(starts - drawn))])
    if abs(farthest - drawn) <= np.pi * width:
        return
    places = f"{value_label(drawn, 'm', digits=3)}, where it is drawn, to {value_label(farthest, 'm', digits=3)}"
    if has_landscape(stripe_of(observations[0].spec)):
        why = (
            ", where what varies along the stripe holds it. The runs and the neuron begin there. Draw it at a place "
            "that holds it."
        )
    else:
        why = (
            ": nothing holds it where it is drawn, and the stray field of the two domains, or an edge, moves it. A "
            "wall that a pulse leaves elsewhere goes back in time. Draw it where it stays, or give the stripe what "
            "holds a wall: notches, rough edges, or a film with less stray field."
        )
    sentence = f"Before any pulse the wall relaxes from {places}{why}"
    yield limitation("start_moved", sentence)


def about_cores(observations: Sequence[Observation]) -> Iterator[Reason]:
    """Head-to-head walls with a core, whose way across the stripe is no coordinate of the model.

    A vortex wall goes straight while its core stays beside the middle; a transverse wall gets an antivortex where a
    current drives it above its breakdown.
    """
    stripe = stripe_of(observations[0].spec)
    if stripe.domain_axis == "z":
        return
    seen = []
    for each in observations:
        kinds, y = (each.walls[name].isel(wall=0).values for name in ("kind", "core_y"))
        # A vortex and an antivortex are two cores, between which none goes.
        cores = [(float(np.ptp(y[kinds == kind])), kind) for kind in ("antivortex", "vortex") if np.any(kinds == kind)]
        if cores:
            seen.append((*max(cores), str(each.point)))
    if not seen:
        return
    across, kind, point = max(seen)
    drawn, article = stripe.walls[0].kind, "a" if kind == "vortex" else "an"
    named = "" if drawn == kind else f", which is drawn as a {drawn} wall,"
    share = f"{across / stripe.width:.0%}"
    goes = "" if share == "0%" else f" goes across the stripe by up to {share} of its width and"
    yield limitation(
        "wall_with_core",
        f"In {len(seen)} of {len(observations)} runs the wall{named} is one with {article} {kind} ({point}), whose "
        f"core{goes} is no coordinate of the model. Use a narrower or thinner stripe for a transverse wall, or "
        "weaker pulses.",
    )


def _about_tilt(fit: WallFit, observations: Sequence[Observation]) -> Iterator[Reason]:
    """A wall that tilts where the model's stands straight, or otherwise than the model's does."""
    runs = [each.trajectory for each in observations]
    if fit.dynamics.tilting is None:
        tilts = [run.largest_tilt for run in runs]
        worst = int(np.argmax(tilts))
        if tilts[worst] <= _TILTED:
            return
        says = "the model's wall stands straight: at such drives it is too fast or too slow"
    else:
        off = [replace(run, tilt=run.tilt - fit.tilts[run.run_id]) for run in runs if run.tilt is not None]
        tilts = [run.largest_tilt for run in off]
        if not tilts or max(tilts) <= _TILTED / 2:
            return
        worst = int(np.argmax([run.largest_tilt for run in runs]))
        says = (
            f"the model's wall is up to {np.rad2deg(max(tilts)):.0f}° off: its line bends, or its ends do not move "
            "freely"
        )
    yield limitation(
        "tilted",
        f"The wall tilts by {np.rad2deg(runs[worst].largest_tilt):.0f}° across the stripe "
        f"({observations[worst].point}), and {says}.",
    )


def _about_conductance(observations: Sequence[Observation]) -> Iterator[Reason]:
    """Pulses of one polarity that change the conductance now up, now down."""
    against = total = 0
    for each in observations:
        steps = each.conductance_steps
        amplitudes = each.pulses["amplitude"].values
        noise = 1e-3 * np.ptp(each.junction["conductance"].values)
        for sign in (-1, 1):
            train = steps[(np.sign(amplitudes) == sign) & (np.abs(steps) > noise)]
            against += min(int(np.sum(train > 0)), int(np.sum(train < 0)))
            total += train.size
    if total == 0 or against <= _WRONG_WAY * total:
        return
    yield limitation(
        "conductance_not_monotonic",
        f"{against} of {total} steps of the conductance go against the others of the same polarity: the "
        "device cannot be set by counting pulses.",
    )


def about_neuron(neuron: DomainWallNeuron, fit: WallFit, observation: Observation) -> tuple[list[Reason], str | None]:
    """Reasons against the wall as a neuron within the currents that were fitted, and why there is none, if so."""
    train, seen = pulse_trains(observation.spec)[0], fit.provenance.fitted_range
    shape = {"width": seen.width[1], "rise": train.rise, "period": train.period}
    try:
        sign = exciting_sign(neuron, seen.amplitude[1], **shape)
    except ValueError as error:
        why = str(error).removeprefix("exciting_sign: ")
        return [limitation("neuron_silent", f"There is no neuron: {why}.")], why
    currents = np.linspace(*seen.amplitude, 9)
    driven = partial(trace, neuron, width=seen.width[1], rise=train.rise, period=train.period)
    _, _, spikes = driven(sign * currents, count=100)
    counts = spikes.sum(axis=1)
    if not counts.any():
        why = (
            f"none of the fitted currents makes it fire in 100 pulses: its wall does not reach the threshold at "
            f"{float(neuron.threshold) * 1e9:.0f} nm"
        )
        return [limitation("neuron_silent", f"There is no neuron: {why}.")], why
    # One spike more or less is a matter of phase.
    if np.any(np.diff(counts) < -1):
        sentence = "The neuron fires less often with more current in part of the fitted range."
        return [limitation("neuron_slows", sentence)], None
    return [], None


def left_alone(
    synapse: DomainWallSynapse, observations: Sequence[Observation], *, turned: bool = True
) -> Rested | None:
    """Motion of the model's wall without a current, from the places of all runs' walls after each pulse and its rest.

    With `turned`, walls begin with angle and tilt of the runs, else of a wall at rest: then the landscape
    alone moves them. None where a field acts besides, which moves walls on for good, and where no wall is there at a
    rest.
    """
    if any(np.any(each.spec.protocol.static_field) for each in observations):
        return None
    states = []
    for run in (each.trajectory for each in observations):
        rests = rest_samples(run)
        angle = np.full(run.time.size, np.nan) if run.angle is None else run.angle
        tilt = np.zeros(run.time.size) if run.tilt is None else np.nan_to_num(run.tilt)
        states.append(np.stack([run.position, angle, tilt])[:, rests])
    rested = np.concatenate(states, axis=1)
    position, angle, tilt = rested[:, np.isfinite(rested).all(axis=0)]
    if not turned:
        angle, tilt = np.full_like(angle, float(synapse.rest_angle)), np.zeros_like(tilt)
    # A wall that a strong pulse has pressed into an end comes out of it, which sets no conductance.
    inside = np.clip(position, *synapse.reach)
    return come_to_rest(synapse, WallState(inside, angle, tilt), near=_NEAR) if position.size else None


def about_rest(
    rested: Rested | None, observations: Sequence[Observation], cell: float, pushed: Rested | None = None
) -> Iterator[Reason]:
    """Whether conductances last that are read after a pulse and its rest.

    Motion of a wall by less than `cell` (of the mesh along the stripe, in m) sets no conductance. `pushed` is
    `left_alone` of walls whose angle is not turned, where the stripe may push them; in a smooth stripe it is taken off,
    since `about_holding` reports it.
    """
    if rested is None:
        return
    moved, needed = rested.moved, float(rested.time.max())
    smooth = not has_landscape(stripe_of(observations[0].spec))
    if pushed is not None and smooth:
        moved = moved - pushed.moved
    moved = np.abs(moved)
    if moved.max() <= cell:
        return
    trains = [pulse_trains(each.spec)[0] for each in observations]
    rests = [train.period - train.width for train in trains]
    shortest, longest, most, middle = (
        value_label(float(each), unit, digits=2)
        for each, unit in ((min(rests), "s"), (max(rests), "s"), (moved.max(), "m"), (np.median(moved), "m"))
    )
    rest = shortest if shortest == longest else f"{shortest} to {longest}"
    until = f" within {value_label(needed, 's', digits=2)}" if np.isfinite(needed) else " for more than 100 ns"
    if smooth and not np.isfinite(needed) and pushed is not None and not np.isfinite(pushed.time.max()):
        until = ""  # it is the stray field that takes so long
    if not smooth and pushed is not None and np.abs(pushed.moved).max() > _LANDSCAPE * moved.max():
        why = "the stripe pushes it on to a place that holds it"
        remedy = (
            "Only the places that hold it last: give the stripe more of them, nearer to each other, or read the "
            "junction once the wall is there."
        )
    else:
        why = "its angle turns back slowly"
        remedy = (
            "Make the pulses' period longer, or hold the wall's angle: by more damping, more DMI, or a width at which "
            "the hard-axis field is larger."
        )
    yield limitation(
        "not_at_rest",
        f"After a pulse and a rest of {rest} the wall is not at rest. If no other pulse comes, the "
        f"model's wall goes on by up to {most} ({middle} or more after half of the pulses){until}, because {why}. "
        f"Conductances and levels are those at the end of the rest; they do not last. {remedy}",
    )


def about_holding(unheld: Rested | None, observations: Sequence[Observation], cell: float) -> Iterator[Reason]:
    """Whether a smooth stripe holds its wall at all: at 0 K the mesh of a simulation may, as no film does.

    `unheld` is from `left_alone` with walls whose angle is not turned, in the stray field of their domains alone; None
    where something is meant to hold them. What moves a wall by less than `cell` (of the mesh along the stripe, in m)
    sets no conductance.
    """
    if unheld is None or np.abs(unheld.moved).max() <= cell:
        return
    runs = [each.trajectory for each in observations]
    rests = np.concatenate([run.position[rest_samples(run)] for run in runs])
    domains = domains_of(observations[0].spec, float(wall_of(observations[0].spec, runs[0].polarity).width))
    largest = float(np.max(np.abs(domains.push(rests[np.isfinite(rests)])))) if domains is not None else 0.0
    with_ends = "" if stripe_of(observations[0].spec).pinned_ends is None else "with the pinned ends "
    moved = np.abs(unheld.moved)
    most, middle = (value_label(float(each), "m", digits=2) for each in (moved.max(), np.median(moved)))
    yield limitation(
        "held_by_mesh",
        "Nothing in this smooth stripe holds the wall. The stray field of its two domains pushes it with "
        f"up to {value_label(largest, 'A/m', digits=2)} where it rests, and {with_ends}takes the model's wall on "
        f"by up to {most} within 100 ns ({middle} or more after half of the pulses). In micromagnetics at 0 K the "
        "cells of the mesh hold the wall; a real film does not. Conductances and levels do not last. Give the "
        "stripe something that holds the wall: strips of lower anisotropy, notches, rough edges or grains.",
    )
