"""Whether a fitted skyrmion may be used: reasons from its errors, its parameters and its expulsion current.

Runs beyond the model's range are judged in `solitons.skyrmions.model_limits`.

Each function gives reasons (`solitons.fits.verdict.Reason`), none where nothing speaks against the model. Limits are
round numbers, given with their ground where they are defined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from solitons.figures import number_label, value_label
from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.reasons import beside_trivial, far_from
from solitons.fits.trivial_model import TrivialModel, root_mean_square
from solitons.fits.verdict import Reason, failure, limitation
from solitons.skyrmions.expulsion import Expulsion
from solitons.skyrmions.fit import ThieleFit
from solitons.skyrmions.trajectory import SkyrmionTrajectory, position_errors
from solitons.skyrmions.trivial_models import trivial_models

__all__ = [
    "ExpulsionRun",
    "about_errors",
    "about_expulsion",
    "about_parameters",
    "best_trivial",
    "interval_text",
    "rms_error",
]

# Shares of the track's width: what a read-out resolves, and what no read-out could use.
_OFF, _LOST = 0.02, 0.1
_WORSE = 3.0  # times the error on held-out runs, from which a fitted run is one that the model misses
# The texture's own tensors and the material's constants give a free skyrmion's velocity to 1 %.
_DOUBTFUL, _ABSURD = 1.2, 2.0
# Share of the expulsion current: the force of an edge has hardly any curvature in runs below.
_FAR_BELOW = 0.75
_EXPULSION_OFF = 0.05


@dataclass(frozen=True)
class ExpulsionRun:
    """A run that checks the expulsion current (A/m2): whether the skyrmion stays by the model, and in the run.

    If it reached the end of the track (`at_end`) the run gives nothing on the edge.
    """

    current: float
    should_stay: bool
    stays: bool
    at_end: bool = False

    @property
    def outcome(self) -> str:
        """Actual and expected outcome."""
        does, should = ("stays", "leave") if self.stays else ("leaves", "stay")
        return f"it {does} at {value_label(self.current, 'A/m^2', digits=3)}, where it should {should}"


def best_trivial(runs: Sequence[SkyrmionTrajectory], held_out: set[str]) -> TrivialModel | None:
    """The trivial model that predicts best where the skyrmions of held-out runs are; None if none is there."""
    tests = [run for run in runs if run.run_id in held_out and run.present[1:].any()]
    trained = [run for run in runs if run.run_id not in held_out]
    return trivial_models(trained, tests)[0] if tests else None


def rms_error(fit: ThieleFit, runs: Sequence[SkyrmionTrajectory]) -> float | None:
    """Root mean square distance in m of the model from the positions in held-out runs; None without any."""
    held_out = set(fit.provenance.held_out)
    errors = [position_errors(run, fit.path_of(run)) for run in runs if run.run_id in held_out]
    off = np.concatenate([np.empty(0), *errors])
    return root_mean_square(off) if off.size else None


def about_errors(fit: ThieleFit, runs: Sequence[SkyrmionTrajectory], cell: float) -> Iterator[Reason]:
    """Reasons against a fit from its errors on held-out runs, which it has. `runs` are all of them, `cell` is in m."""
    best, rms = best_trivial(runs, set(fit.provenance.held_out)), rms_error(fit, runs)
    if best is None or rms is None:
        yield failure(
            "untested",
            "In no held-out run is the skyrmion there after the start, so that nothing is known of the "
            "model's error. Use weaker currents.",
        )
        return
    yield from beside_trivial(
        rms,
        best.rms,
        f"The model is off by {_nm(rms)} in the held-out runs; the rule '{best.says}' is off by {_nm(best.rms)}",
        nothing=", so that the model explains nothing of the motion.",
        little=": it explains little more.",
        least=0.2 * cell,
    )
    lost = [run for run in runs if (run.present & ~np.isfinite(fit.path_of(run)).all(axis=1)).any()]
    if lost:
        yield limitation(
            "lost_by_the_model", f"In {len(lost)} of {len(runs)} runs the model expels a skyrmion that is still there."
        )
    yield from _missed(fit, runs, rms)
    share = fit.held_out_error / fit.width
    if not share <= _OFF:
        yield Reason(
            code="position_off",
            weight="failed" if not share <= _LOST else "limited",
            sentence=f"Positions in held-out runs are off by {_nm(fit.held_out_error)} on average, {share:.1%} of "
            f"the track's width (more than {_OFF:.0%}).",
        )


def _missed(fit: ThieleFit, runs: Sequence[SkyrmionTrajectory], rms: float) -> Iterator[Reason]:
    """Fitted runs that the model misses all the same, by several times its error in held-out runs."""
    fitted = [run for run in runs if run.run_id not in fit.provenance.held_out]
    errors = {run.run_id: float(np.sqrt(np.nanmean(position_errors(run, fit.path_of(run)) ** 2))) for run in fitted}
    missed = [run for run in fitted if errors[run.run_id] > max(_WORSE * rms, _OFF * fit.width)]
    if not missed:
        return
    worst = max(missed, key=lambda run: errors[run.run_id])
    current = max(worst.current_density.values, key=abs)
    yield limitation(
        "fitted_run_missed",
        f"In {len(missed)} of the {len(fitted)} fitted runs the model's skyrmion goes elsewhere: "
        f"in the one with {value_label(current, 'A/m^2', digits=3)} it is off by {_nm(errors[worst.run_id])} rms, "
        f"in the held-out runs by {_nm(rms)}. The model leaves out what such drives do; do not use it for them.",
    )


def about_parameters(fit: ThieleFit) -> Iterator[Reason]:
    """Reasons against a fit from its parameters: what texture and material give is known beforehand."""
    if not fit.converged:
        yield failure("not_converged", "Least squares did not come to an end: the parameters are where it was stopped.")
    if fit.at_bound:
        names = ", ".join(name.replace("_", " ") for name in fit.at_bound)
        yield limitation(
            "at_bound",
            f"The fit took {names} as far as it may go: the runs do not determine it. Sweep currents that "
            "bring the skyrmion nearer to an edge.",
        )
    for each in fit.parameters:
        if not each.name.startswith(("edge_", "pair_")) and each.low <= 0 <= each.high:
            yield limitation(
                "not_determined", f"{interval_text(each)}: the interval holds 0, the runs do not determine it."
            )
        if each.name.startswith("edge_"):
            if each.name == "edge_strength" and each.low <= 0:
                yield limitation(
                    "edge_open",
                    "The runs do not separate the force of one edge from that of the other: their 95 % "
                    "intervals hold 0, and only the sum of both is known, where the skyrmion went. Sweep more or "
                    "stronger currents, or make the track wider.",
                )
            continue
        if each.name.startswith("pair_"):
            continue
        sentence = (
            f"{interval_text(each)}; the relaxed texture and the material give {each.start:.3g}, and the fit "
            f"{each.value / each.start:.2g} times that: it stands for something that the model leaves out, such as "
            "pinning or a texture that changes."
        )
        yield from far_from("far_from_texture", each, each.start, sentence, doubtful=_DOUBTFUL, absurd=_ABSURD)


def interval_text(each: FittedParameter) -> str:
    """A parameter's name, value and interval, as the begin of a sentence."""
    name = each.name.replace("_", " ")
    value, low, high = (number_label(number, ".3g") for number in (each.value, each.low, each.high))
    return f"{name[0].upper()}{name[1:]} = {value} (95 %: {low} to {high})"


def about_expulsion(
    expulsion: Expulsion | None,
    strongest: float,
    stays: float | None,
    leaves: float | None,
    checks: Sequence[ExpulsionRun] = (),
) -> Iterator[Reason]:
    """Reasons from the current that expels the skyrmion.

    `strongest` is the largest current in A/m2, in size, that the fit has seen; `stays` and `leaves` are the largest at
    which it stays in micromagnetics and the smallest at which it leaves; `checks` are runs that were made to check the
    model's expulsion current.
    """
    if expulsion is None or expulsion.current is None:
        if leaves is not None:
            yield limitation(
                "expulsion_unknown",
                f"In micromagnetics the skyrmion leaves at {value_label(leaves, 'A/m^2', digits=3)}, and "
                "the model has no current that expels it.",
            )
        return
    current = abs(expulsion.current)
    if strongest < _FAR_BELOW * current:
        yield limitation(
            "expulsion_extrapolated",
            f"The strongest current that was fitted is {strongest / current:.0%} of that which expels the "
            "skyrmion by the model: the edge's largest force was not seen. Sweep stronger currents.",
        )
    too_low = stays is not None and stays > (1 + _EXPULSION_OFF) * current
    too_high = leaves is not None and leaves < (1 - _EXPULSION_OFF) * current
    unlike = [each for each in checks if each.stays != each.should_stay and not each.at_end]
    if unlike:
        seen = " and ".join(each.outcome for each in unlike)
    elif too_low:
        seen = f"it stays at {value_label(stays or 0.0, 'A/m^2', digits=3)}"
    else:
        seen = f"it leaves at {value_label(leaves or 0.0, 'A/m^2', digits=3)}"
    if unlike or too_low or too_high:
        yield limitation(
            "expulsion_off",
            f"By the model {value_label(current, 'A/m^2', digits=3)} expel the skyrmion, but in "
            f"micromagnetics {seen}: the expulsion current is off by {_EXPULSION_OFF:.0%} or more.",
        )
    if any(each.at_end for each in checks):
        yield limitation(
            "expulsion_unchecked",
            "In a run that should check the expulsion current the skyrmion reached the end of the track, "
            "where it stays for another reason. Make the track longer, or the current shorter.",
        )


def _nm(length: float) -> str:
    return value_label(length, "m", digits=2)
