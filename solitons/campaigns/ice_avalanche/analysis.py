"""From a spin ice's runs to results: fit islands and pairs, predict whole lattices, count avalanches of large ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, TypeVar

import numpy as np

from solitons.campaigns.base import ComputedRuns, LabelledRun
from solitons.campaigns.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.ice_avalanche.judgement import judge_predictions
from solitons.campaigns.ice_avalanche.observation import SeenLattice, see_island, see_lattice, see_pair
from solitons.campaigns.ice_avalanche.prediction import Avalanches, Prediction, count_avalanches, predict
from solitons.campaigns.ice_avalanche.results import IceAvalancheResults, PairResults, PredictionResults
from solitons.campaigns.ice_avalanche.runs import LatticeOfSeed, Pair, Role
from solitons.campaigns.ice_avalanche.settings import LargeLattices
from solitons.campaigns.results import Findings, Parameter, ResultsPart
from solitons.campaigns.stages import Stages
from solitons.provenance import ISLAND_SIZES, IceProvenance
from solitons.spin_ice.lattice_fit import IslandRamp, LatticeFit, PairFit, PairRamp, fit_lattice
from solitons.spin_ice.pair_kinds import nearest_distance

__all__ = ["Shown", "analyse_lattice"]


@dataclass(frozen=True, eq=False)
class Shown:
    """What the report draws from: what ran, the ramps of single islands, the fit, and what the model predicts."""

    runs: Sequence[LabelledRun[Role]]
    islands: Sequence[IslandRamp]
    fit: LatticeFit
    predictions: Sequence[Prediction]
    large: Avalanches | None


def analyse_lattice(
    runs: ComputedRuns[Role], stages: Stages, lattice: DrivenLattice, large: LargeLattices | None
) -> Findings[IceAvalancheResults, Shown]:
    """Fit islands and pairs, predict the lattices that the fit has not seen, and count avalanches of large ones."""
    islands: list[IslandRamp] = []
    pairs: list[PairRamp] = []
    lattices: list[SeenLattice] = []
    for run in stages.over("Extract", runs.labelled):
        opened, role = runs.open(run), run.role
        if isinstance(role, LatticeOfSeed):
            lattices.append(see_lattice(run.spec, opened, lattice.field_angle, role.seed))
        elif isinstance(role, Pair):
            pairs.append(see_pair(role, run.spec, opened, lattice.field_angle))
        else:
            islands.append(see_island(role, run.spec, opened))
    nominal, held_out = lattice.ideal_islands, [each.run_id for each in lattices]
    with stages("Fit"):
        fit = fit_lattice(
            islands,
            pairs,
            nominal=nominal,
            spins=lattice.initial_spins,
            field_angle=lattice.field_angle,
            length_unit=nearest_distance(nominal),
        )
    provenance = IceProvenance(
        trained_on=tuple(run.spec.run_id for run in runs.labelled if run.spec.run_id not in held_out),
        engine=runs.engine,
        engine_version=runs.engine_version,
        errors=fit.errors,
        field_angle=lattice.field_angle,
        **{name: float(nominal[name].values[0]) for name in ISLAND_SIZES},
    )
    predictions = [predict(lattice, fit, each, provenance) for each in stages.over("Predict", lattices)]
    predicted = [_prediction_results(each) for each in predictions]
    verdict = judge_predictions(predicted)
    counted = None
    if large is not None and not verdict.failed:
        with stages("Large lattices", len(large.seeds)) as advance:
            counted = count_avalanches(lattice, large, fit, advance)
    results = IceAvalancheResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        held_out=held_out,
        parameters=_parameters(fit),
        fit_errors=fit.errors,
        pairs=[_pair_results(pair) for pair in fit.pairs],
        predictions=predicted,
        avalanches=counted and counted.results,
        notes=[
            *_notes(lattice, predictions, counted),
            *(
                ["Avalanches of large lattices are withheld: the fit failed."]
                if large is not None and verdict.failed
                else []
            ),
        ],
    )
    shown = Shown(runs.labelled, islands, fit, predictions, counted)
    model = predictions[0].model
    judged = provenance.model_copy(update={"verdict": verdict.verdict})
    return Findings(results, shown, {"lattice": replace(model, provenance=judged)})


def _parameters(fit: LatticeFit) -> list[Parameter]:
    astroid, errors = fit.astroid_fit.astroid, fit.astroid_fit.standard_errors
    values = {"anisotropy_field": fit.astroid_fit.anisotropy_field}
    values |= {name: float(getattr(astroid, name)) for name in ("b", "beta", "gamma")}
    found = [
        (name, value, (value - 1.96 * errors[name], value + 1.96 * errors[name])) for name, value in values.items()
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
    steps = model.measured_steps[model.measured_steps >= 0]
    return _from(
        model,
        PredictionResults,
        seed=seen.seed,
        run_id=seen.run_id,
        islands=model.measured_steps.size,
        coercive_field=model.measured_coercive_field,
        first_flip_field=float(model.field[steps.min()]) if steps.size else None,
        predicted_first_flip_field=prediction.first_field,
        dipole_coercive_overlap=dipoles.coercive_overlap,
        dipole_coercive_field_error=dipoles.coercive_field_error,
    )


def _notes(lattice: DrivenLattice, predictions: Sequence[Prediction], large: Avalanches | None) -> list[str]:
    """What went otherwise than asked."""
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
        measured, seed = each.comparison.measured_steps >= 0, each.seen.seed
        if not measured.any():
            notes.append(
                f"In the lattice of seed {seed} no island turns: the field goes up to {last}, and by the fitted "
                f"lattice the first island turns at {each.first_field / 1e3:.4g} kA/m; go further."
            )
        elif not isfinite(each.comparison.measured_coercive_field):
            notes.append(
                f"The lattice of seed {seed} does not reach its coercive field by {last}: {measured.sum()} of "
                f"{measured.size} islands turn; go further for a coercive field."
            )
        elif not isfinite(each.comparison.predicted_coercive_field):
            turned = each.comparison.predicted_steps >= 0
            notes.append(
                f"The fitted lattice of seed {seed} does not reach its coercive field by {last}, though "
                f"micromagnetics does: {turned.sum()} of {turned.size} islands turn."
            )
        walls = each.seen.spins["has_wall"].values.any(axis=0)
        if walls.any():
            notes.append(
                f"Island {int(np.argmax(walls))} of the lattice of seed {seed} has a wall or a vortex in some step, "
                "which the model does not know; make the islands smaller or thinner."
            )
    if large is not None and not large.results.flips:
        notes.append(
            f"In the large lattices no island turns: the field goes up to {last}, and the first island turns at "
            f"{large.first_field / 1e3:.4g} kA/m; go further."
        )
    return notes
