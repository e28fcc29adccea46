"""Whether a fitted wall may be used: reasons from its parameters, its errors and the walls themselves.

Each function gives reasons (`solitons.fits.verdict.Reason`), none where nothing speaks against the model. Limits are
round numbers, given with their ground where they are defined; none of them was fitted to a device.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from solitons.domain_walls.fit import WallFit, rest_errors, unseen_errors
from solitons.domain_walls.intervals import traded
from solitons.domain_walls.mesh import drift_in_cells
from solitons.domain_walls.parameters import WALL_PARAMETERS
from solitons.domain_walls.trajectory import Trajectory, rest_samples
from solitons.domain_walls.trivial_models import pulse_charges, trivial_models
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.drives.drive_steps import pulses_of
from solitons.figures import number_label, value_label
from solitons.fits.consider_parameters import NORMAL_95
from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.reasons import beside_trivial, far_from
from solitons.fits.trivial_model import TrivialModel, root_mean_square
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_errors", "about_mesh", "about_motion", "about_parameters", "best_trivial", "missed_runs"]

# u / J, a / J and H_D follow from constants that the engine was given, and what its cells make of them is counted:
# where the runs say that one is a quarter off, it stands for something else. Straight walls that tilt take up a tenth.
_DOUBTFUL, _ABSURD = 1.25, 4.0
# The hard-axis field is the difference of two shape anisotropies; edges that are rough or cut change each of them.
_SHAPES = (1.0, 3.0)
_WORSE = 3.0  # times the error on fitted runs, from which the model fits what it saw rather than the wall
_COARSE = 0.1  # by which the cells make a torque weaker, from which the device is faster than its simulation
_BENT = np.deg2rad(10)  # off the model's tilt, from which a line is taken to bend; walls seen in notches swing by 20
_HELD = 0.25  # share of all pulses that do not move the wall by a cell, from which it is reported
_HELD_EVERYWHERE = 0.5  # the same in every single run: there is nothing that a model could be of


def best_trivial(fit: WallFit, runs: Sequence[Trajectory]) -> tuple[float, TrivialModel] | None:
    """The model's error and the best trivial model where walls rest, each in runs that it has not seen.

    None without any. `runs` are those that were fitted and those that were held out.
    """
    unseen = unseen_errors(fit, runs)
    if not unseen:
        return None
    fitted = [run for run in runs if run.run_id not in fit.provenance.held_out]
    tests = [run for run in runs if run.run_id in unseen]
    return _rms(np.concatenate(list(unseen.values()))), trivial_models(fitted, tests)[0]


def about_errors(fit: WallFit, runs: Sequence[Trajectory], cell: float) -> Iterator[Reason]:
    """Reasons against a fit from its errors on runs that it has not seen; it has held-out runs.

    `runs` are all of them, `cell` is the mesh's along the stripe in m: positions mean little below it.
    """
    beside = best_trivial(fit, runs)
    if beside is None:
        yield failure(
            "untested",
            "In no held-out run is the wall there at a rest, so that nothing is known of the model's "
            "error. Use weaker or fewer pulses, with which the wall stays in the stripe.",
        )
        return
    rms, best = beside
    steps = np.abs(np.concatenate([_steps(run) for run in runs]))
    typical = float(np.median(steps[steps > cell])) if np.any(steps > cell) else 0.0
    yield from beside_trivial(
        rms,
        best.rms,
        f"The model is off by {_nm(rms)} where the walls of runs rest that a fit has not seen; the rule '{best.says}' "
        f"is off by {_nm(best.rms)}",
        nothing=", so that the model explains nothing of the motion.",
        little=": the model explains little beyond that.",
        least=cell,
    )
    if typical and best.rms <= cell:
        yield limitation(
            "unseen_without_power",
            f"The rule '{best.says}' is off by {_nm(best.rms)} where walls rest, less than a cell "
            f"({_nm(cell)}): where the walls of these runs rest tests no model. Add runs in which pulses do "
            "something else, such as weaker ones that leave the wall where it is.",
        )
    if fit.held_out_error > max(_WORSE * fit.training_error, cell):
        yield limitation(
            "held_out_worse",
            f"Held-out runs are predicted worse ({_nm(fit.held_out_error)}) than fitted ones "
            f"({_nm(fit.training_error)}): give more runs to fit, or free fewer parameters.",
        )
    yield from _missed(fit, runs, cell)
    yield from _growing(fit, cell)
    if typical and rms > typical:
        yield limitation(
            "error_above_step",
            f"The model is off by {_nm(rms)}, more than one pulse moves the wall ({_nm(typical)}): it "
            "cannot predict after how many pulses a level is reached. Read the wall back after each pulse.",
        )


def missed_runs(fit: WallFit, runs: Sequence[Trajectory], cell: float) -> list[Trajectory]:
    """Fitted runs whose walls rest elsewhere than the model's, by several times its error in held-out runs.

    A fit is a sum over runs; it can give up a run of a rare kind, such as a wall that only the strongest pulses
    bring to a notch at speed; held-out runs of other kinds do not show that. `runs` are all of them, `cell` is along
    the stripe in m.
    """
    limit = max(_WORSE * (fit.provenance.held_out_rms_at_rest or 0.0), cell)
    fitted = [run for run in runs if run.run_id not in fit.provenance.held_out]
    return [run for run, errors in zip(fitted, rest_errors(fit, fitted), strict=True) if _rms(errors) > limit]


def _missed(fit: WallFit, runs: Sequence[Trajectory], cell: float) -> Iterator[Reason]:
    missed, rms = missed_runs(fit, runs, cell), fit.provenance.held_out_rms_at_rest or 0.0
    if not missed:
        return
    fitted = len(runs) - len(fit.provenance.held_out)
    largest = [np.nanmax(np.abs(errors)) for errors in rest_errors(fit, missed)]
    worst = missed[int(np.argmax(largest))]
    (errors,) = rest_errors(fit, [worst])
    at = int(np.nanargmax(np.abs(errors)))
    there, off = worst.position[rest_samples(worst)[at]], errors[at]
    yield limitation(
        "fitted_run_missed",
        f"In {len(missed)} of the {fitted} runs that were fitted the model's wall rests elsewhere: in the "
        f"one{_strongest_pulse(worst)} at {_nm(there + off)}, where micromagnetics has it at {_nm(there)}. "
        f"In the held-out runs it is off by {_nm(rms)}. {_why_missed(fit, missed)} Do not use it for such drives.",
    )


def _why_missed(fit: WallFit, missed: Sequence[Trajectory]) -> str:
    """Whether the walls of missed runs bend, which a straight line does not, as far as their tilt shows it."""
    turned = [(np.abs(run.tilt), np.abs(run.tilt - fit.tilts[run.run_id])) for run in missed if run.tilt is not None]
    turned = [each for each in turned if np.isfinite(each[1]).any()]
    if not turned:
        return "The model leaves out what such drives do."
    seen, off = max(turned, key=lambda each: float(np.nanmax(each[1])))
    at = int(np.nanargmax(off))
    if off[at] <= _BENT:
        return "The model leaves out what such drives do."
    return (
        f"The wall's line is turned by up to {np.rad2deg(seen[at]):.0f}° there, {np.rad2deg(off[at]):.0f}° off the "
        "model's: it bends, as where one end enters a notch before the other, and the model's line stays straight."
    )


def _strongest_pulse(run: Trajectory) -> str:
    """The run by its drive; nothing where that has no pulse, such as a field's."""
    pulses = pulses_of(run.current_density)
    if not len(pulses):
        return ""
    start, end, peak = pulses[int(np.argmax(pulses[:, 2]))]
    if not np.isfinite(end - start):
        return ""
    return f" with pulses of {value_label(peak, 'A/m^2')} and {value_label(end - start, 's')}"


def _growing(fit: WallFit, cell: float) -> Iterator[Reason]:
    """Errors that grow along a run: whoever drives the wall for longer meets larger ones."""
    early, late = [], []
    for run_id in fit.provenance.held_out:
        residual = fit.residuals[run_id][1:]
        third = residual.size // 3
        early.append(residual[:third])
        late.append(residual[-third:] if third else residual[:0])
    first, last = (_rms(np.concatenate(part)) for part in (early, late))
    if not last > max(2 * first, cell):
        return
    yield limitation(
        "error_grows",
        f"The error grows along a run, from {_nm(first)} in its first third to {_nm(last)} in its last: "
        "in longer trains of pulses it will be larger.",
    )


class Estimates(Protocol):
    """Parameters that were fitted, of one wall or of two."""

    @property
    def parameters(self) -> tuple[FittedParameter, ...]: ...

    @property
    def covariance(self) -> np.ndarray: ...


def about_parameters(
    fit: Estimates, expected: WallDynamics, shape_field: float, leaves_out: str = "pinning"
) -> Iterator[Reason]:
    """Reasons against a fit from its parameters, beside `expected`, the wall of the material alone (`wall_of`).

    Intervals take the material as exact: the engine was given its constants, so that their uncertainty in a real film
    is no excuse. `shape_field` is Ms n_x (domains along x: Ms n_y) in A/m, the smaller of the shape anisotropies whose
    difference is the hard-axis field; a wall with DMI is judged by pi/2 H_D - H_K, which holds its angle. `leaves_out`
    is what a parameter that is off may stand for.
    """
    chiral = _holding_field(expected) > 0 and bool(float(expected.dmi_field))
    for each in (parameter.taking_material_as_exact for parameter in fit.parameters):
        if each.name != "hard_axis_field":
            yield from _against_material(each, expected, leaves_out)
        elif chiral:
            yield from _against_holding(fit, each, expected, leaves_out)
        else:
            yield from _against_shape(each, float(expected.hard_axis_field), shape_field, leaves_out)
    for i, j, correlation in traded(fit.covariance):
        one, other = fit.parameters[i], fit.parameters[j]
        yield limitation(
            "parameters_trade_places",
            f"{_capital(_name(one))} and {_name(other)} cannot be separated "
            f"(correlation {_minus(f'{correlation:.2f}')}): the runs determine their "
            "combination. Vary the pulses' width and amplitude further, or fix one.",
        )


def about_mesh(fit: WallFit, cell: float) -> Iterator[Reason]:
    """Reasons from what cells (m along the stripe) do to the current's torque, unknown to the fit."""
    width = float(fit.dynamics.width)
    weaker = 1 - drift_in_cells(cell, width)
    if weaker <= _COARSE or not float(fit.dynamics.drift_per_current):
        return
    yield limitation(
        "coarse_mesh",
        f"Cells of {_nm(cell)} make the current's torque on a wall with Δ = {_nm(width)} {weaker:.0%} weaker than it "
        "is: the device is faster than its simulation, and the model with it. Use cells of half the width Δ or less.",
    )


def _against_shape(each: FittedParameter, material: float, shape_field: float, leaves_out: str) -> Iterator[Reason]:
    # From the nearer end of its interval: what the runs leave open contradicts nothing.
    off = max(each.low - material, material - each.high, 0.0) / shape_field
    if off <= _SHAPES[0]:
        # Near 0 is a value like others: in a narrow stripe Bloch and Neel walls cost alike.
        if each.high - each.low > shape_field:
            yield from _open(each)
        return
    yield Reason(
        code="unphysical_anisotropy",
        weight="failed" if off > _SHAPES[1] else "limited",
        sentence=f"{_interval(each)}; the stripe's shape gives about {_with_unit(material, each.unit)}, to within "
        f"{_with_unit(shape_field, each.unit)}. The fitted value stands for something that the model leaves "
        f"out, such as {leaves_out}.",
    )


def _holding_field(wall: WallDynamics) -> float:
    """What holds the angle of a chiral wall that DMI has made a Neel wall, in A/m: pi/2 |H_D| - H_K."""
    return float(np.pi / 2 * abs(wall.dmi_field) - wall.hard_axis_field)


def _against_holding(
    fit: Estimates, each: FittedParameter, expected: WallDynamics, leaves_out: str
) -> Iterator[Reason]:
    """A chiral wall's drives see pi/2 H_D - H_K; H_K may be a small part, seen alone only far out."""
    names = [one.name for one in fit.parameters]
    at, material = names.index(each.name), _holding_field(expected)
    if "dmi_field" in names:
        # Each alone is hardly known where both are fitted: what is known is in their covariance.
        of = names.index("dmi_field")
        dmi = fit.parameters[of].value
        slope = np.pi / 2 * np.sign(dmi)
        spread = fit.covariance[at, at] + slope**2 * fit.covariance[of, of] - 2 * slope * fit.covariance[at, of]
        # Runs may leave more open than their noise, and other models more than runs.
        wider = max(
            (one.high - one.low) / (2 * NORMAL_95 * np.sqrt(fit.covariance[index, index]))
            for index, one in ((at, each), (of, fit.parameters[of].taking_material_as_exact))
        )
        half = NORMAL_95 * np.sqrt(max(spread, 0.0)) * max(wider, 1.0)
        value = np.pi / 2 * abs(dmi) - each.value
        low, high = value - half, value + half
    else:
        value, low, high = (
            material + float(expected.hard_axis_field) - end for end in (each.value, each.high, each.low)
        )
    holding = FittedParameter("holding_field", "A/m", float(value), float(low), float(high))
    yield from _far(holding, material, leaves_out)


def _against_material(each: FittedParameter, expected: WallDynamics, leaves_out: str) -> Iterator[Reason]:
    material = float(getattr(expected, each.name, 0.0))
    if material:
        yield from _far(each, material, leaves_out)


def _far(each: FittedParameter, material: float, leaves_out: str) -> Iterator[Reason]:
    """Whether a value is far from what the material gives, by the nearer end of its interval."""
    ratio = each.value / material
    times = f"is {ratio:.2g} times that" if ratio > 0 else "has the opposite sign"
    sentence = (
        f"{_interval(each)}; the material's constants give {_with_unit(material, each.unit)}, and the fit {times}: the "
        f"fitted value stands for something that the model leaves out, such as {leaves_out}."
    )
    # From the nearer end of its interval: what the runs leave open contradicts nothing.
    far = list(far_from("far_from_material", each, material, sentence, doubtful=_DOUBTFUL, absurd=_ABSURD, by_end=True))
    yield from far or _open(each)


def _open(each: FittedParameter) -> Iterator[Reason]:
    """Whether the runs leave it open that a parameter is 0."""
    if each.low <= 0 <= each.high:
        yield limitation("interval_holds_zero", f"{_interval(each)}: the runs do not separate it from 0.")


def _interval(each: FittedParameter) -> str:
    low, high = _with_unit(each.low, each.unit), _with_unit(each.high, each.unit)
    return f"{_capital(_name(each))} = {_with_unit(each.value, each.unit)} (95 %: {low} to {high})"


def about_motion(
    runs: Sequence[Trajectory], cell: float, depinning: tuple[float | None, float] | None = None
) -> Iterator[Reason]:
    """Reasons why the walls' motion makes no synapse, whatever the fit is.

    Motion of a wall by less than `cell` (m along the stripe) sets no conductance. `depinning` is known with the
    stripe's landscape: amplitude in A/m2 of a pulse that takes a held wall on, None if none does, and the pulse's width
    in s.
    """
    by_run = [np.abs(_steps(run)[pulse_charges(run) != 0]) < cell for run in runs]
    by_run = [each for each in by_run if each.size]
    if by_run:
        held = float(np.mean(np.concatenate(by_run)))
        if held > _HELD:
            # Pulses below a threshold hold the wall in the runs that have them; a device that is stuck holds it in all.
            everywhere = min(float(np.mean(each)) for each in by_run) > _HELD_EVERYWHERE
            yield Reason(
                code="stuck",
                weight="failed" if everywhere else "limited",
                sentence=f"{held:.0%} of all pulses move the wall by less than a cell ({_nm(cell)})"
                f"{_where(runs, cell)}: it is held there, by a notch, the stripe's end, or because the pulses are "
                f"too weak. {_remedy(depinning)}",
            )
    left = [run for run in runs if not np.isfinite(run.position[-1])]
    if left:
        yield limitation(
            "wall_left",
            f"In {len(left)} of {len(runs)} runs the wall leaves the stripe. Use fewer or weaker pulses, "
            "or pin the stripe's ends.",
        )


def _remedy(depinning: tuple[float | None, float] | None) -> str:
    if depinning is None or depinning[0] is None:
        return "Use stronger or longer pulses, or what holds the wall less."
    current, width = value_label(depinning[0], "A/m^2", digits=3), value_label(depinning[1], "s")
    return (
        f"By the stripe's landscape one pulse of {width} needs about {current} to take the wall on from every place "
        "that holds it: use more than that, or shallower notches."
    )


def _where(runs: Sequence[Trajectory], cell: float) -> str:
    """Place where walls were held, if it is one place for most of them."""
    places = np.concatenate([run.position[rest_samples(run)][np.abs(_steps(run)) < cell] for run in runs])
    if not places.size:
        return ""
    places = np.sort(places)
    counts = np.searchsorted(places, places + 2 * cell, "left") - np.searchsorted(places, places - 2 * cell, "right")
    most = int(np.argmax(counts))
    if counts[most] <= places.size / 2:
        return ""
    return f", most of them at x = {value_label(places[most], 'm', digits=3)}"


def _steps(run: Trajectory) -> np.ndarray:
    """How far each pulse moves the wall, with the rest that follows it, in m."""
    rests = rest_samples(run)
    return np.diff(np.concatenate([run.position[:1], run.position[rests]]))


def _rms(values: np.ndarray) -> float:
    there = values[np.isfinite(values)]
    return root_mean_square(there) if there.size else 0.0


_NAMES = {name: known.words for name, known in WALL_PARAMETERS.items() if known.words} | {
    "holding_field": "the field π/2 H_D − H_K that holds the chiral wall's angle",
    "strength": "the walls' interaction",
}


def _name(parameter: FittedParameter) -> str:
    return _NAMES.get(parameter.name, parameter.name.replace("_", " "))


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _minus(number: str) -> str:
    return number.replace("-", "−")


def _nm(length: float) -> str:
    return value_label(length, "m", digits=2)


def _with_unit(value: float, unit: str) -> str:
    if unit == "A/m":
        return value_label(value, unit, digits=3)
    return number_label(value, ".3g") + ("" if unit == "1" else f" {unit}")
