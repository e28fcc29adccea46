"""From a spin ice's runs to results: fit islands and pairs, predict whole lattices, count avalanches of large ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
from scipy import stats

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings, Parameter, ResultsPart
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.spin_ice.ice_avalanche import figures
from solitons.campaigns.spin_ice.ice_avalanche.campaign import IceAvalancheCampaign
from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.spin_ice.ice_avalanche.fitting import fit_islands
from solitons.campaigns.spin_ice.ice_avalanche.judgement import about_predictions
from solitons.campaigns.spin_ice.ice_avalanche.observation import see_lattice
from solitons.campaigns.spin_ice.ice_avalanche.prediction import Avalanches, Prediction, count_avalanches, predict
from solitons.campaigns.spin_ice.ice_avalanche.ramp_results import ramps_of
from solitons.campaigns.spin_ice.ice_avalanche.results import (
    IceAvalancheResults,
    OtherModel,
    PairResults,
    PredictionResults,
)
from solitons.campaigns.spin_ice.ice_avalanche.runs import CoarseRamp, FirstField, LatticeOfSeed, Role
from solitons.fits.provenance import ISLAND_SIZES, IceProvenance
from solitons.fits.verdict import judge
from solitons.spin_ice.lattice_fit import LatticeFit, PairFit

__all__ = ["analyse"]


def analyse(campaign: IceAvalancheCampaign, runs: ComputedRuns[Role], stages: Stages) -> Findings[IceAvalancheResults]:
    """Fit islands and pairs, predict the lattices that the fit has not seen, and count avalanches of large ones."""
    lattice, large = campaign.lattice, campaign.large
    fitted = campaign.known.fitted or fit_islands(runs, stages, lattice)
    fit, held_out = fitted.fit, [run for run in runs.labelled if isinstance(run.role, LatticeOfSeed)]
    lattices = [
        see_lattice(run.spec, runs.open(run), lattice.field_angle, run.role.seed)
        for run in stages.over("Extract lattices", held_out)
        if isinstance(run.role, LatticeOfSeed)
    ]
    provenance = _provenance(runs, lattice, fit)
    predictions = [predict(lattice, fit, each, provenance) for each in stages.over("Predict", lattices)]
    predicted = [_prediction_results(each) for each in predictions]
    verdict = judge(about_predictions(predicted, fit.rotation_fit.coherence))
    of_two_states = judge(
        about_predictions([_prediction_results(replace(each, comparison=each.two_state)) for each in predictions])
    )
    counted = None
    if large is not None and not verdict.failed:
        with stages("Large lattices", len(large.seeds)) as advance:
            counted = count_avalanches(lattice, large, fit, advance)
    withheld = ["Avalanches of large lattices are withheld: the fit failed."]
    results = IceAvalancheResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        ramps=ramps_of(runs.labelled, campaign.fit, described=campaign.field is None),
        held_out=[each.run_id for each in lattices],
        parameters=_parameters(fit),
        fit_errors=fit.errors,
        coherence=fit.rotation_fit.coherence,
        pairs=[_pair_results(pair) for pair in fit.pairs],
        predictions=predicted,
        avalanches=counted and counted.results,
        notes=[
            *_notes(lattice, predictions, counted),
            *_about_textures(fit),
            *(withheld if large is not None and verdict.failed else []),
        ],
    )
    first = predictions[0]
    judged, other = (provenance.model_copy(update={"verdict": each.verdict}) for each in (verdict, of_two_states))
    models = {
        "rotating_lattice": replace(first.model, provenance=judged),
        "lattice": replace(first.two_state_model, provenance=other),
    }
    left = {f"{name}_exponent": f"{error:.2%}" for name, error in fit.errors.items()}
    values = {
        "steps": len(lattice.protocol.applied_field) - 1,
        "law_leaves": {"the law leaves": left} if fit.laws else {},
        "worst_field": first.comparison.field[first.comparison.worst_step],
        "runs": [(run, _use(run.role)) for run in runs.labelled],
    }
    drawn: dict[str, Callable[[], Any]] = {
        "device": lambda: lattice.device.plot().figure,
        "astroid": partial(figures.astroid_figure, fitted.islands, fit),
        "reversal": partial(figures.reversal_figure, predictions),
        "states": partial(figures.states_figure, first),
        "order": partial(figures.order_figure, predictions),
        "avalanches": partial(figures.avalanche_figure, first),
    }
    if counted is not None:
        drawn["sizes"] = partial(figures.sizes_figure, counted)
    return Findings(results, values=values, figures=drawn, models=models)


def _use(role: Role) -> str:
    """Whether the fit sees a run of a role."""
    if isinstance(role, CoarseRamp | FirstField):
        return "its ramps"
    return "no" if isinstance(role, LatticeOfSeed) else "yes"


def _provenance(runs: ComputedRuns[Role], lattice: DrivenLattice, fit: LatticeFit) -> IceProvenance:
    seen = [run for run in runs.labelled if not isinstance(run.role, LatticeOfSeed | FirstField)]
    return IceProvenance(
        trained_on=tuple(run.spec.run_id for run in seen),
        engine=runs.engine,
        engine_version=runs.engine_version,
        errors=fit.errors,
        field_angle=lattice.field_angle,
        **{name: float(lattice.ideal_islands[name].values[0]) for name in ISLAND_SIZES},
    )


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
    seen, model = prediction.seen, prediction.comparison
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
        two_state=_from(prediction.two_state, OtherModel),
        dipoles=_from(prediction.dipoles, OtherModel),
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
    """Deviations from the request, beside the verdict's reasons."""
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
