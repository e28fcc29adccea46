"""From a spin ice's runs to results: fit islands and pairs, predict whole lattices, count avalanches of large ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from scipy import stats

from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.results import Findings, Parameter, ResultsPart
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.spin_ice.ice_avalanche.fitting import fit_islands
from solitons.campaigns.spin_ice.ice_avalanche.judgement import judge_predictions
from solitons.campaigns.spin_ice.ice_avalanche.observation import see_lattice
from solitons.campaigns.spin_ice.ice_avalanche.prediction import Avalanches, Prediction, count_avalanches, predict
from solitons.campaigns.spin_ice.ice_avalanche.ramp_results import ramps_of
from solitons.campaigns.spin_ice.ice_avalanche.results import (
    IceAvalancheResults,
    OverlapInSteps,
    PairResults,
    PredictionResults,
)
from solitons.campaigns.spin_ice.ice_avalanche.runs import FirstField, LatticeOfSeed, Role
from solitons.campaigns.spin_ice.ice_avalanche.settings import LargeLattices
from solitons.fits.provenance import ISLAND_SIZES, IceProvenance
from solitons.spin_ice.island_ramp import IslandRamp
from solitons.spin_ice.lattice_fit import LatticeFit, PairFit

__all__ = ["Shown", "analyse_lattice"]

# Field steps, over the field, for which the share of right spins is reported too.
_WIDER_STEPS = (0.005, 0.01, 0.02)


@dataclass(frozen=True, eq=False)
class Shown:
    """What the report draws from: what ran, the ramps of single islands, the fit, and what the model predicts."""

    runs: Sequence[LabelledRun[Role]]
    islands: Sequence[IslandRamp]
    fit: LatticeFit
    predictions: Sequence[Prediction]
    large: Avalanches | None


def analyse_lattice(
    runs: ComputedRuns[Role],
    stages: Stages,
    lattice: DrivenLattice,
    large: LargeLattices | None,
    given: Collection[str] = (),
) -> Findings[IceAvalancheResults, Shown]:
    """Fit islands and pairs, predict the lattices that the fit has not seen, and count avalanches of large ones.

    `given` names the ramps that the description has, as `ramps_of` takes it.
    """
    fitted = fit_islands(runs, stages, lattice)
    fit, seen = fitted.fit, [run for run in runs.labelled if isinstance(run.role, LatticeOfSeed)]
    lattices = [
        see_lattice(run.spec, runs.open(run), lattice.field_angle, run.role.seed)
        for run in stages.over("Extract lattices", seen)
        if isinstance(run.role, LatticeOfSeed)
    ]
    nominal, held_out = lattice.ideal_islands, [each.run_id for each in lattices]
    provenance = IceProvenance(
        trained_on=tuple(
            run.spec.run_id for run in runs.labelled if not isinstance(run.role, LatticeOfSeed | FirstField)
        ),
        engine=runs.engine,
        engine_version=runs.engine_version,
        errors=fit.errors,
        field_angle=lattice.field_angle,
        **{name: float(nominal[name].values[0]) for name in ISLAND_SIZES},
    )
    predictions = [predict(lattice, fit, each, provenance) for each in stages.over("Predict", lattices)]
    predicted = [_prediction_results(each) for each in predictions]
    verdict = judge_predictions(predicted, fit.rotation_fit.coherence)
    of_two_states = judge_predictions(
        [_prediction_results(replace(each, comparison=each.two_state)) for each in predictions]
    )
    counted = None
    if large is not None and not verdict.failed:
        with stages("Large lattices", len(large.seeds)) as advance:
            counted = count_avalanches(lattice, large, fit, advance)
    results = IceAvalancheResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        ramps=ramps_of(runs.labelled, given),
        held_out=held_out,
        parameters=_parameters(fit),
        fit_errors=fit.errors,
        coherence=fit.rotation_fit.coherence,
        pairs=[_pair_results(pair) for pair in fit.pairs],
        predictions=predicted,
        avalanches=counted and counted.results,
        notes=[
            *_notes(lattice, predictions, counted),
            *_about_textures(fit),
            *(
                ["Avalanches of large lattices are withheld: the fit failed."]
                if large is not None and verdict.failed
                else []
            ),
        ],
    )
    shown = Shown(runs.labelled, fitted.islands, fit, predictions, counted)
    first = predictions[0]
    judged, other = (provenance.model_copy(update={"verdict": each.verdict}) for each in (verdict, of_two_states))
    models = {
        "rotating_lattice": replace(first.model, provenance=judged),
        "lattice": replace(first.two_state_model, provenance=other),
    }
    return Findings(results, shown, models)


def _parameters(fit: LatticeFit) -> list[Parameter]:
    astroid, errors = fit.astroid_fit.astroid, fit.astroid_fit.standard_errors
    values = {"anisotropy_field": fit.astroid_fit.anisotropy_field}
    values |= {name: float(getattr(astroid, name)) for name in ("b", "beta", "gamma")}
    # The scatter about the astroid is all that the errors are from, and angles are few.
    reach = float(stats.t.ppf(0.975, max(fit.astroid_fit.residuals.size - len(values), 1)))
    found = [
        (name, value, (value - reach * errors[name], value + reach * errors[name])) for name, value in values.items()
    ]
    found += [(f"{name}_exponent", law.exponent, law.ci95) for name, law in fit.laws.items()]
    units = {"anisotropy_field": "A/m"}
    return [Parameter(name=name, unit=units.get(name, "1"), value=value, ci95=ci95) for name, value, ci95 in found]


P = TypeVar("P", bound=ResultsPart)


def _from(source: object, part: type[P], **more: Any) -> P:
    """Results from what the source has by the same names, and more."""
    same = {name: getattr(source, name) for name in part.model_fields if hasattr(source, name)}
    return part.model_validate(same | more)


def _pair_results(pair: PairFit) -> PairResults:
    kind, shifts = pair.kind, {"shift_before": pair.unreversed, "shift_after": pair.reversed}
    return _from(pair, PairResults, islands=(kind.target, kind.source), distance=kind.distance, **shifts)


def _prediction_results(prediction: Prediction) -> PredictionResults:
    seen, model, dipoles = prediction.seen, prediction.comparison, prediction.dipoles
    two_state = prediction.two_state
    steps = model.measured_steps[model.measured_steps >= 0]
    return _from(
        model,
        PredictionResults,
        seed=seen.seed,
        run_id=seen.run_id,
        islands=model.measured_steps.size,
        in_wider_steps=[
            OverlapInSteps(field_step=width, worst_overlap=overlap)
            for width in _WIDER_STEPS
            if np.isfinite(overlap := model.worst_overlap_in_steps(width))
        ],
        coercive_field=model.measured_coercive_field,
        first_flip_field=float(model.field[steps.min()]) if steps.size else None,
        predicted_first_flip_field=prediction.first_field,
        two_state_coercive_overlap=two_state.coercive_overlap,
        two_state_worst_overlap=two_state.worst_overlap,
        two_state_coercive_field_error=two_state.coercive_field_error,
        two_state_flip_field_error=two_state.flip_field_error,
        dipole_coercive_overlap=dipoles.coercive_overlap,
        dipole_worst_overlap=dipoles.worst_overlap,
        dipole_coercive_field_error=dipoles.coercive_field_error,
        dipole_flip_field_error=dipoles.flip_field_error,
    )


def _about_textures(fit: LatticeFit) -> list[str]:
    without = [each for each in fit.outlines if each.texture is None]
    if not without:
        return []
    return [
        f"{len(without)} of {len(fit.outlines)} outlines of islands have no texture (the first is of island "
        f"{without[0].island}): before they reverse they do not lean, or not by states that follow the angle of their "
        "mean. In the lattice of rotating moments they are magnetised the same everywhere."
    ]


def _notes(lattice: DrivenLattice, predictions: Sequence[Prediction], large: Avalanches | None) -> list[str]:
    """What went otherwise than asked, beside the verdict's reasons."""
    last = f"{lattice.field_range[1] / 1e3:.4g} kA/m"
    notes = []
    angles = np.unique(np.round(np.degrees(lattice.island_angles), 3))
    if lattice.disordered and angles.size > 1:
        notes.append(
            f"The islands are at {', '.join(f'{angle:g}' for angle in angles)} degrees to the field; the laws of "
            f"{', '.join(lattice.disordered).replace('_', ' ')} are measured at "
            f"{np.degrees(lattice.angle_to_islands):.5g} degrees and taken for all."
        )
    for each in predictions:
        walls = each.seen.spins["has_wall"].values.any(axis=0)
        if walls.any():
            notes.append(
                f"Island {int(np.argmax(walls))} of the lattice of seed {each.seen.seed} has a wall or a vortex in "
                "some step, which the model leaves out; make the islands smaller or thinner."
            )
    if large is not None and not large.results.flips:
        notes.append(
            f"In the large lattices no island turns: the field goes up to {last}, and the first island turns at "
            f"{large.first_field / 1e3:.4g} kA/m; go further."
        )
    return notes
