"""The campaign of a spin ice: fit islands and pairs, predict whole lattices, count avalanches of large ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt
import xarray as xr
from rich.progress import Progress

from analysis import avalanches, fit_power_law
from geometries import SpinIce
from runs import RunSpec
from runs.store.whole_files import write_whole
from solitons.campaigns.computed_campaign import ComputedCampaign
from solitons.campaigns.ice_avalanche.campaign import IceAvalancheCampaign, LargeIces
from solitons.campaigns.ice_avalanche.observation import IceObservation, island_ramp, observe_ice_runs, pair_ramp
from solitons.campaigns.ice_avalanche.summary import (
    AvalancheSummary,
    IceAvalancheSummary,
    PairSummary,
    PredictionSummary,
)
from solitons.campaigns.summary import Parameter
from solitons.provenance import ISLAND_SIZES, IceProvenance
from solitons.saving import save_model
from solitons.spin_ice.comparison import LatticeComparison, compare_lattices
from solitons.spin_ice.field_driven import drive_field
from solitons.spin_ice.first_reversal import first_reversal_field
from solitons.spin_ice.fitted_lattice import fitted_lattice
from solitons.spin_ice.flips import flip_record, spins_at
from solitons.spin_ice.lattice_fit import LatticeFit, fit_lattice
from solitons.spin_ice.macrospins import MacrospinLattice
from solitons.spin_ice.pair_kinds import nearest_distance

__all__ = ["Avalanches", "Prediction", "analyse_ice_avalanche", "check_ice_avalanche", "ice_avalanche_in_words"]

_UNITS = {"anisotropy_field": "A/m"}


@dataclass(frozen=True, eq=False)
class Prediction:
    """A lattice, its run and what the model says of it.

    Parameters
    ----------
    seen : IceObservation
        The run.
    model : MacrospinLattice
        The fitted lattice.
    comparison, dipoles : LatticeComparison
        The run with the model, and with point dipoles along the axes.
    predicted : array (steps, islands)
        The model's states.
    """

    seen: IceObservation
    model: MacrospinLattice
    comparison: LatticeComparison
    dipoles: LatticeComparison
    predicted: npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Avalanches:
    """Avalanches of large lattices.

    Parameters
    ----------
    sizes : xarray.DataArray (avalanche)
        Flips of each, of all lattices.
    law : xarray.Dataset
        `analysis.fit_power_law` of them.
    flips, islands, lattices : int
        How many flips of all; islands of each lattice; lattices.
    first_field : float
        Smallest field in A/m that turns an island in any of them.
    """

    sizes: xr.DataArray
    law: xr.Dataset
    flips: int
    islands: int
    lattices: int
    first_field: float


def check_ice_avalanche(campaign: IceAvalancheCampaign, specs: Mapping[tuple[float, ...], RunSpec]) -> None:
    """Refuse a campaign whose large lattices cannot be made; all else the campaign has checked itself.

    Raises
    ------
    ValueError
        If the lattice is a table or starts from spins that are listed one by one, and large
        ones are asked for.
    """
    del specs
    if campaign.large is None:
        return
    ice = campaign.ideal_device
    if ice.lattice.kind == "table" or ice.initial_spins.kind == "given":
        raise ValueError(
            f"large: a lattice of kind {ice.lattice.kind!r} with initial spins {ice.initial_spins.kind!r} cannot be "
            "made larger; give a regular lattice and saturated spins, or leave 'large' out"
        )


def analyse_ice_avalanche(computed: ComputedCampaign[IceAvalancheCampaign], progress: Progress) -> IceAvalancheSummary:
    """Make a spin ice's campaign into its summary, with the report and a fitted lattice beside it.

    Parameters
    ----------
    computed : ComputedCampaign
        The campaign, its runs in the store.
    progress : rich.progress.Progress
        Where the stages are shown.
    """
    from solitons.campaigns.ice_avalanche.report import write_ice_avalanche_report

    campaign = computed.campaign
    ice_runs = campaign.runs(next(iter(computed.specs.values())).engine)
    task = progress.add_task("Extract", total=len(ice_runs))
    seen = observe_ice_runs(ice_runs, computed.store, campaign.field_angle, lambda: progress.advance(task))
    task = progress.add_task("Fit", total=None)
    lattices = [each for each in seen if each.ice_run.role == "lattice"]
    fitted = [each for each in seen if each.ice_run.role != "lattice"]
    fit = fit_lattice(
        [island_ramp(each) for each in fitted if each.ice_run.role in ("angle", "size")],
        [pair_ramp(each) for each in fitted if each.ice_run.role == "pair"],
        nominal=campaign.ideal_islands,
        spins=campaign.initial_spins,
        field_angle=campaign.field_angle,
        length_unit=nearest_distance(campaign.ideal_islands),
    )
    provenance = IceProvenance(
        trained_on=tuple(each.ice_run.spec.run_id for each in fitted),
        engine=computed.engine,
        engine_version=fitted[0].engine_version,
        errors=fit.errors,
        field_angle=campaign.field_angle,
        **{name: float(campaign.ideal_islands[name].values[0]) for name in ISLAND_SIZES},
    )
    progress.update(task, total=1, completed=1)
    task = progress.add_task("Predict", total=len(lattices))
    predictions = []
    for each in lattices:
        predictions.append(predict(campaign, fit, each, provenance))
        progress.advance(task)
    large = None
    if campaign.large is not None:
        task = progress.add_task("Large lattices", total=len(campaign.large.seeds))
        large = count_avalanches(campaign, campaign.large, fit, lambda: progress.advance(task))
    summary = IceAvalancheSummary(
        campaign=campaign.name,
        engine=computed.engine,
        engine_version=seen[0].engine_version,
        key=computed.key,
        runs=len(ice_runs),
        cached=computed.cached,
        run_ids=[each.spec.run_id for each in ice_runs],
        held_out=[each.ice_run.spec.run_id for each in lattices],
        parameters=_parameters(fit),
        fit_errors=fit.errors,
        pairs=[
            PairSummary(
                islands=(pair.kind.target, pair.kind.source),
                distance=pair.kind.distance,
                coupling=pair.coupling,
                dipole_coupling=pair.dipole_coupling,
                shift_before=pair.unreversed,
                shift_after=pair.reversed,
                scatter=pair.scatter,
            )
            for pair in fit.pairs
        ],
        predictions=[_prediction_summary(each) for each in predictions],
        avalanches=None if large is None else _avalanche_summary(large),
        notes=_notes(campaign, predictions, large),
    )
    task = progress.add_task("Report", total=None)
    save_model(predictions[0].model, computed.folder / "lattice.json")
    write_whole(
        computed.folder / "report.html", write_ice_avalanche_report(campaign, seen, fit, predictions, large, summary)
    )
    progress.update(task, total=1, completed=1)
    return summary


def predict(
    campaign: IceAvalancheCampaign, fit: LatticeFit, seen: IceObservation, provenance: IceProvenance
) -> Prediction:
    """Predict a lattice's run, and compare the two."""
    spins = seen.spins["spin"].values
    direction = np.array([np.cos(campaign.field_angle), np.sin(campaign.field_angle)])
    field = seen.field[:, np.newaxis] * direction

    def states(model: MacrospinLattice) -> npt.NDArray[np.int8]:
        found: npt.NDArray[np.int8] = spins_at(drive_field(model, spins[0], field), range(len(field))).values
        return found

    ideal, islands = campaign.ideal_islands, seen.islands
    model = fitted_lattice(islands, ideal, campaign.initial_spins, fit, provenance=provenance)
    dipoles = fitted_lattice(islands, ideal, campaign.initial_spins, fit, measured_pairs=False, canted=False)
    predicted, along = states(model), model.moment * (model.axis @ direction)
    return Prediction(
        seen=seen,
        model=model,
        comparison=compare_lattices(spins, predicted, seen.field, along),
        dipoles=compare_lattices(spins, states(dipoles), seen.field, along),
        predicted=predicted,
    )


def count_avalanches(
    campaign: IceAvalancheCampaign, large: LargeIces, fit: LatticeFit, progress: Callable[[], None] = lambda: None
) -> Avalanches:
    """Drive large lattices through the campaign's fields and count their avalanches."""
    direction = np.array([np.cos(campaign.field_angle), np.sin(campaign.field_angle)])
    first, last = _range_of(campaign)
    field = np.linspace(first, last, large.field_steps + 1)[:, np.newaxis] * direction
    sizes, flips, lowest, count = [], 0, float("inf"), 0
    for seed in large.seeds:
        device = large_device(campaign, large, seed)
        islands = device.islands(campaign.material)
        ideal = device.model_copy(update={"disorder": None}).islands(campaign.material)
        spins = device.initial_spins.spins(ideal["angle"].values)
        model = fitted_lattice(islands, ideal, spins, fit, cut_off=large.cut_off)
        run = drive_field(model, spins, field)
        found = avalanches(flip_record(run), islands, sequential=True)
        sizes.append(found["size"].values)
        flips += run.sizes["flip"]
        lowest = min(lowest, first_reversal_field(model, spins, campaign.field_angle))
        count = islands.sizes["island"]
        progress()
    together = xr.DataArray(np.concatenate(sizes), dims="avalanche", name="size", attrs={"units": "1"})
    return Avalanches(together, fit_power_law(together, resamples=50), flips, count, len(large.seeds), lowest)


def large_device(campaign: IceAvalancheCampaign, large: LargeIces, seed: int) -> SpinIce:
    """The campaign's lattice with more columns and rows, and the disorder of a seed."""
    plain = campaign.device(campaign.seeds[0]).model_dump(mode="json")
    plain["lattice"] |= {"columns": large.columns, "rows": large.rows}
    plain |= {"ports": [], "missing": None}
    if plain["disorder"] is not None:
        plain["disorder"] |= {"seed": seed}
    return SpinIce.model_validate(plain)


def _range_of(campaign: IceAvalancheCampaign) -> tuple[float, float]:
    protocol = campaign.lattice_protocol
    strength = protocol.applied_field[:, :2] @ np.array([np.cos(campaign.field_angle), np.sin(campaign.field_angle)])
    return float(strength[1]), float(strength.max())


def _parameters(fit: LatticeFit) -> list[Parameter]:
    found, errors = fit.astroid_fit, fit.astroid_fit.standard_errors
    values = {
        "anisotropy_field": found.anisotropy_field,
        **{name: float(getattr(found.astroid, name)) for name in ("b", "beta", "gamma")},
    }
    return [
        Parameter(
            name=name,
            unit=_UNITS.get(name, "1"),
            value=value,
            ci95=(value - 1.96 * errors[name], value + 1.96 * errors[name]),
        )
        for name, value in values.items()
    ] + [
        Parameter(name=f"{name}_exponent", unit="1", value=law.exponent, ci95=law.ci95)
        for name, law in fit.laws.items()
    ]


def _prediction_summary(prediction: Prediction) -> PredictionSummary:
    seen, model, dipoles = prediction.seen, prediction.comparison, prediction.dipoles
    steps = model.measured_steps[model.measured_steps >= 0]
    assert seen.ice_run.seed is not None  # each lattice has one
    return PredictionSummary(
        seed=seen.ice_run.seed,
        run_id=seen.ice_run.spec.run_id,
        islands=model.measured_steps.size,
        final_overlap=model.final_overlap,
        coercive_overlap=_or_none(model.coercive_overlap),
        worst_overlap=model.worst_overlap,
        coercive_field=_or_none(model.measured_coercive_field),
        predicted_coercive_field=_or_none(model.predicted_coercive_field),
        coercive_field_error=_or_none(model.coercive_field_error),
        concordance=_or_none(model.concordance),
        kendall_tau=_or_none(model.kendall_tau),
        same_step=_or_none(model.same_step),
        first_flip_field=float(model.field[steps.min()]) if steps.size else None,
        predicted_first_flip_field=_or_none(_first_field(prediction)),
        dipole_coercive_overlap=_or_none(dipoles.coercive_overlap),
        dipole_coercive_field_error=_or_none(dipoles.coercive_field_error),
    )


def _first_field(prediction: Prediction) -> float:
    origin = prediction.model.provenance
    assert origin is not None  # `predict` gives it
    return first_reversal_field(prediction.model, prediction.predicted[0], origin.field_angle)


def _avalanche_summary(large: Avalanches) -> AvalancheSummary:
    count, law = large.sizes.size, large.law
    verdict = str(law["verdict"].item())
    exponent, error = float("nan"), float("nan")
    if verdict == "power law":
        exponent, error = float(law["exponent"]), float(law["exponent_error"])
    elif verdict == "power law with a cut-off":
        bent = law.sel(alternative="power_law_with_cut_off")
        exponent, error = float(bent["alternative_exponent"]), float(bent["alternative_exponent_error"])
    return AvalancheSummary(
        islands=large.islands,
        lattices=large.lattices,
        flips=large.flips,
        avalanches=count,
        largest=int(large.sizes.max()) if count else 0,
        mean_size=float(large.sizes.mean()) if count else None,
        verdict=verdict,
        reason=str(law["reason"].item()),
        exponent=_or_none(exponent),
        exponent_error=_or_none(error),
        minimum=_or_none(float(law["minimum"])),
    )


def _notes(campaign: IceAvalancheCampaign, predictions: list[Prediction], large: Avalanches | None) -> list[str]:
    last = _range_of(campaign)[1]
    notes = []
    angles = np.unique(np.round(np.degrees(campaign.island_angles), 3))
    if campaign.disordered and angles.size > 1:
        notes.append(
            f"The islands are at {', '.join(f'{angle:g}' for angle in angles)} degrees to the field; the laws of "
            f"{', '.join(campaign.disordered).replace('_', ' ')} are measured at "
            f"{np.degrees(campaign.angle_to_islands):.5g} degrees and taken for all."
        )
    for each in predictions:
        steps = each.comparison.measured_steps
        if (steps < 0).all():
            notes.append(
                f"In the lattice of seed {each.seen.ice_run.seed} no island turns: the field goes up to "
                f"{last / 1e3:.4g} kA/m, and by the fitted lattice the first island turns at "
                f"{_first_field(each) / 1e3:.4g} kA/m; go further."
            )
        elif not isfinite(each.comparison.measured_coercive_field):
            notes.append(
                f"The lattice of seed {each.seen.ice_run.seed} does not reach its coercive field by "
                f"{last / 1e3:.4g} kA/m: {(steps >= 0).sum()} of {steps.size} islands turn; go further for a "
                "coercive field."
            )
        elif not isfinite(each.comparison.predicted_coercive_field):
            turned = each.comparison.predicted_steps >= 0
            notes.append(
                f"The fitted lattice of seed {each.seen.ice_run.seed} does not reach its coercive field by "
                f"{last / 1e3:.4g} kA/m, though micromagnetics does: {turned.sum()} of {turned.size} islands turn."
            )
        if each.seen.spins["has_wall"].values.any():
            island = int(np.argmax(each.seen.spins["has_wall"].values.any(axis=0)))
            notes.append(
                f"Island {island} of the lattice of seed {each.seen.ice_run.seed} has a wall or a vortex in some step, "
                "which the model does not know; make the islands smaller or thinner."
            )
    if large is not None and not large.flips:
        notes.append(
            f"In the large lattices no island turns: the field goes up to {last / 1e3:.4g} kA/m, and the first island "
            f"turns at {large.first_field / 1e3:.4g} kA/m; go further."
        )
    return notes


def _or_none(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def ice_avalanche_in_words(summary: IceAvalancheSummary) -> list[str]:
    """The summary in a few lines."""
    lines = [
        f"runs                 {summary.runs} ({summary.cached} from the store)",
        f"switching field      fitted to {summary.fit_errors['astroid']:.2%} of h_k",
    ]
    for each in summary.predictions:
        overlap, error = each.coercive_overlap, each.coercive_field_error
        at_coercivity = "" if overlap is None else f"{overlap:.1%} of the spins right at the coercive field, "
        order = "" if each.concordance is None else f", order of the flips {each.concordance:.1%} right"
        if overlap is None:
            field = "not reached in the run"
        else:
            field = "not reached by the fitted lattice" if error is None else f"{error:+.2%}"
        lines += [
            f"lattice of seed {each.seed:<4} {at_coercivity}{each.final_overlap:.1%}"
            f"{' of the spins right' if overlap is None else ''} at the end",
            f"                     coercive field {field}{order}",
        ]
    if summary.avalanches is not None:
        found = summary.avalanches
        lines.append(
            f"avalanches           {found.avalanches:,} in {found.lattices} lattices of {found.islands:,} islands; "
            f"sizes: {found.verdict}"
        )
    return lines + [f"note                 {note}" for note in summary.notes]
