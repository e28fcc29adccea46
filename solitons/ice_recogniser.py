"""The campaign of a recognising spin ice: digits through the ice, and what it remembers of a series of inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xarray as xr
from rich.progress import Progress
from sklearn.datasets import load_digits

from geometries import format_quantity
from runs import IceMemory, IceRecogniserCampaign, RunSpec
from runs.store.whole_files import write_whole
from solitons.computed_campaign import ComputedCampaign
from solitons.ice_recogniser_summary import (
    Accuracy,
    Difference,
    IceRecogniserSummary,
    MemoryPoint,
    ReadOutCount,
    Recognition,
)
from solitons.reservoirs import (
    compare_read_outs,
    memory_capacities,
    paired_difference,
    random_projection,
    separation_streams,
    shared_end_streams,
    state_rank,
)
from solitons.saving import load_model, save_model
from solitons.spin_ice import (
    MacrospinLattice,
    SwitchingAstroid,
    dumbbell_couplings,
    first_flip_field,
    lattice_model,
    pattern_cascades,
    series_states,
)
from solitons.spin_ice.couplings import island_moments

__all__ = [
    "Ice",
    "analyse_ice_recogniser",
    "check_ice_recogniser",
    "fitted_model_file",
    "ice_of",
    "ice_recogniser_in_words",
    "measure_memory",
    "recognise",
]

Floats = npt.NDArray[np.float64]

# Of the moments of islands that are the same but for their disorder, averaged over a hundred islands or more.
_SAME_MOMENT = 0.02


@dataclass(frozen=True)
class Ice:
    """The ice of a campaign as the reduced model has it.

    Parameters
    ----------
    lattice : xarray.Dataset
        The device's islands.
    inputs, read_outs : int array
        Written islands, pixel by pixel, and islands that are read, by number.
    model : function of (spread, seed)
        The model with a spread of h_k.
    anisotropy_field : float
        Mean h_k in A/m.
    astroid : SwitchingAstroid
        Its shape.
    parameters_from : str
        Where the parameters come from.
    """

    lattice: xr.Dataset
    inputs: npt.NDArray[np.int64]
    read_outs: npt.NDArray[np.int64]
    model: Callable[[float, int], MacrospinLattice]
    anisotropy_field: float
    astroid: SwitchingAstroid
    parameters_from: str


def check_ice_recogniser(campaign: IceRecogniserCampaign, specs: Mapping[tuple[float, ...], RunSpec]) -> None:
    """Refuse a campaign whose fitted model is not there, or is of other islands.

    Raises
    ------
    ValueError
        As `ice_of`.
    """
    del specs
    _parameters(campaign, campaign.device.islands(campaign.material))


def fitted_model_file(campaign: IceRecogniserCampaign) -> list[Path]:
    """The file of the fitted model, if there is one: the results follow from it too."""
    fitted = campaign.switching.fitted_model
    return [] if fitted is None else [Path(fitted)]


def ice_of(campaign: IceRecogniserCampaign) -> Ice:
    """Make the campaign's ice: couplings once, h_k for every spread and seed.

    Parameters
    ----------
    campaign : IceRecogniserCampaign
        What was asked for.

    Raises
    ------
    ValueError
        If the fitted model cannot be read, is no spin ice, or its islands have another moment.
    """
    lattice = campaign.device.islands(campaign.material)
    number = {int(site): island for island, site in enumerate(lattice["site"].values)}
    driven = [site for port in campaign.device.ports if port.role == "driven" for site in port.sites]
    read = [site for port in campaign.device.ports if port.role == "readout" for site in port.sites]
    switching = campaign.switching
    couplings = dumbbell_couplings(lattice, charge_distance=switching.charge_distance, cut_off=np.inf)
    astroid, anisotropy_field, source = _parameters(campaign, lattice)

    def model(spread: float, seed: int) -> MacrospinLattice:
        return lattice_model(
            lattice, couplings, anisotropy_field=anisotropy_field, astroid=astroid, spread=spread, seed=seed
        )

    inputs, read_outs = (np.array([number[site] for site in sites]) for sites in (driven, read))
    return Ice(lattice, inputs, read_outs, model, anisotropy_field, astroid, source)


def _parameters(campaign: IceRecogniserCampaign, lattice: xr.Dataset) -> tuple[SwitchingAstroid, float, str]:
    """The astroid's shape, h_k in A/m, and where they come from."""
    switching = campaign.switching
    if switching.fitted_model is None:
        astroid = SwitchingAstroid(b=switching.b, c=switching.c, beta=switching.beta, gamma=switching.gamma)
        return astroid, float(switching.anisotropy_field or np.nan), str(switching.source)
    owner = f"switching.fitted_model = {switching.fitted_model!r}"
    try:
        fitted = load_model(switching.fitted_model)
    except OSError as error:
        raise ValueError(f"{owner} cannot be read ({error}); run the campaign that fits one first") from error
    if not isinstance(fitted, MacrospinLattice):
        raise ValueError(f"{owner} is a {type(fitted).__name__}; give a MacrospinLattice")
    theirs, ours = float(np.mean(fitted.moment)), float(np.mean(island_moments(lattice)))
    if abs(theirs / ours - 1) > _SAME_MOMENT:
        raise ValueError(
            f"{owner} is of islands with a moment of {theirs:.4g} A m^2 on average, the device's have {ours:.4g}; "
            "their astroids differ, so describe the islands that were fitted"
        )
    source = (
        f"astroid and mean h_k of the fitted model {switching.fitted_model}; "
        "couplings of dumbbells, which were not fitted"
    )
    return fitted.astroid, float(np.mean(fitted.anisotropy_field)), source


def recognise(campaign: IceRecogniserCampaign, ice: Ice, model: MacrospinLattice) -> Recognition | None:
    """Read the digits off the ice and off what went into it; None if no field turns an island.

    Parameters
    ----------
    campaign : IceRecogniserCampaign
        How.
    ice : Ice
        Its ports.
    model : MacrospinLattice
        The lattice.
    """
    settings = campaign.patterns
    images, labels = load_digits(return_X_y=True)
    pixels = images / 16.0
    bright = pixels > settings.threshold
    cascades = [
        pattern_cascades(
            model, bright, ice.inputs.tolist(), angle=settings.angle, amplitude=amplitude, steps=settings.steps
        )
        for amplitude in settings.amplitudes
    ]
    if not any(int(each["flips"].sum()) for each in cascades):
        return None
    states = [each["spin"].values[:, ice.read_outs].astype(np.float64) for each in cascades]
    order = np.random.default_rng(settings.seed).permutation(ice.read_outs.size)
    counts = [*(count for count in settings.read_outs if count < ice.read_outs.size), ice.read_outs.size]
    features: dict[str, list[Floats]] = {"pixels": [pixels], "written": [bright.astype(np.float64)]}
    for count in counts:
        features[f"ice {count}"] = [each[:, order[:count]] for each in states]
        features[f"projection {count}"] = [random_projection(pixels, count, settings.seed)]
    found = compare_read_outs(features, labels, folds=settings.folds, repeats=settings.repeats, seed=settings.seed)
    ice_name = f"ice {counts[-1]}"
    chosen = int(np.bincount(found["choice"].sel(features=ice_name).values).argmax())
    return Recognition(
        images=len(images),
        ice=_accuracy(found, ice_name),
        pixels=_accuracy(found, "pixels"),
        written=_accuracy(found, "written"),
        against_pixels=_difference(found, ice_name, "pixels"),
        against_written=_difference(found, ice_name, "written"),
        by_read_outs=[
            ReadOutCount(
                read_outs=count,
                ice=_accuracy(found, f"ice {count}"),
                projection=_accuracy(found, f"projection {count}"),
                against_projection=_difference(found, f"ice {count}", f"projection {count}"),
            )
            for count in counts
        ],
        chosen_amplitude=settings.amplitudes[chosen],
        cascade=float(cascades[chosen]["flips"].mean()),
    )


def _accuracy(found: xr.Dataset, name: str) -> Accuracy:
    values = found["accuracy"].sel(features=name).values
    return Accuracy(mean=float(values.mean()), spread=float(values.std(ddof=1)))


def _difference(found: xr.Dataset, one: str, other: str) -> Difference:
    difference = paired_difference(found, one, other)
    return Difference(
        mean=difference.mean, ci95=difference.ci95, p_value=difference.p_value, verdict=difference.verdict
    )


def measure_memory(
    campaign: IceRecogniserCampaign, ice: Ice, advance: Callable[[], None] = lambda: None
) -> list[MemoryPoint]:
    """Ranks and capacities over the fields and the disorder.

    Parameters
    ----------
    campaign : IceRecogniserCampaign
        How.
    ice : Ice
        Its lattice and read-outs.
    advance : function
        Called after each field and disorder.
    """
    settings = campaign.memory
    read = np.random.default_rng(settings.seed).choice(ice.read_outs, settings.read_outs, replace=False)
    samples = range(settings.samples)
    inputs = [_memory_inputs(settings, settings.seed + 1 + 3 * sample) for sample in samples]
    points = []
    for spread in settings.spreads:
        models = [ice.model(spread, campaign.switching.seed + sample) for sample in samples]
        for amplitude in settings.amplitudes:
            rows = [
                _memory_of(model, settings, amplitude, read, *given)
                for model, given in zip(models, inputs, strict=True)
            ]
            mean = np.mean(rows, axis=0)
            error = np.std(rows, axis=0, ddof=1) / np.sqrt(len(rows))
            values = [(float(a), float(b)) for a, b in zip(mean, error, strict=True)]
            points.append(
                MemoryPoint(
                    amplitude=amplitude,
                    spread=spread,
                    kernel_rank=values[0],
                    generalisation_rank=values[1],
                    linear_memory=values[2],
                    nonlinear_memory=values[3],
                    total_capacity=values[4],
                    flips=values[5][0],
                )
            )
            advance()
    return points


def _memory_inputs(settings: IceMemory, seed: int) -> tuple[Floats, Floats, Floats]:
    """Streams that differ, streams that end alike, and a series."""
    shape = settings.streams, settings.stream_length
    return (
        separation_streams(*shape, seed=seed),
        shared_end_streams(*shape, settings.common, seed=seed + 1),
        np.random.default_rng(seed + 2).uniform(-1, 1, (1, settings.inputs)),
    )


def _memory_of(
    model: MacrospinLattice,
    settings: IceMemory,
    amplitude: float,
    read: npt.NDArray[np.int64],
    apart: Floats,
    shared: Floats,
    series: Floats,
) -> list[float]:
    """Kernel and generalisation rank, linear, nonlinear and total capacity, and flips an input, of one lattice."""

    def answer(inputs: Floats) -> xr.Dataset:
        return series_states(model, inputs, angle=settings.angle, amplitude=amplitude)

    ranks = [state_rank(answer(each)["spin"].values[:, -1, read]) for each in (apart, shared)]
    answered = answer(series)
    found = memory_capacities(
        answered["spin"].values[0][:, read],
        series[0],
        longest_delay=settings.longest_delay,
        washout=settings.washout,
    )
    capacity, past, linear = found["capacity"].values, found["oldest"].values > 0, found["degree"].values == 1
    sums = [capacity[past & linear].sum(), capacity[past & ~linear].sum(), capacity.sum()]
    return [*ranks, *sums, answered["flips"].values.mean()]


def analyse_ice_recogniser(
    computed: ComputedCampaign[IceRecogniserCampaign], progress: Progress
) -> IceRecogniserSummary:
    """Make the campaign into its summary, with the report and the lattice's model beside it.

    Parameters
    ----------
    computed : ComputedCampaign
        The campaign; it has no runs.
    progress : rich.progress.Progress
        Where the stages are shown.
    """
    # Imported here: the report draws, and half of what the command does needs no figures.
    from solitons.ice_recogniser_report import write_ice_recogniser_report

    campaign = computed.campaign
    ice = ice_of(campaign)
    model = ice.model(campaign.switching.spread, campaign.switching.seed)
    task = progress.add_task("Read digits", total=None)
    first = first_flip_field(model, campaign.patterns.angle)
    recognition = recognise(campaign, ice, model)
    progress.update(task, total=1, completed=1)
    points = len(campaign.memory.spreads) * len(campaign.memory.amplitudes)
    task = progress.add_task("Measure memory", total=points)
    memory = measure_memory(campaign, ice, lambda: progress.advance(task))
    summary = IceRecogniserSummary(
        campaign=campaign.name,
        engine=computed.engine,
        engine_version=version("soliton-workbench"),
        key=computed.key,
        runs=0,
        cached=0,
        run_ids=[],
        islands=ice.lattice.sizes["island"],
        inputs=ice.inputs.size,
        read_outs=ice.read_outs.size,
        parameters_from=ice.parameters_from,
        first_flip_field=first,
        recognition=recognition,
        memory=memory,
        notes=_notes(campaign.patterns.amplitudes, first, recognition, memory),
    )
    task = progress.add_task("Report", total=None)
    save_model(model, computed.folder / "lattice.json")
    write_whole(computed.folder / "report.html", write_ice_recogniser_report(campaign, ice, model, summary))
    progress.update(task, total=1, completed=1)
    return summary


def _notes(
    amplitudes: Sequence[float], first: float, recognition: Recognition | None, memory: Sequence[MemoryPoint]
) -> list[str]:
    notes = []
    if recognition is None:
        notes.append(
            f"no pattern turns an island: the largest field is {format_quantity(max(amplitudes), 'A/m')}, and the ice "
            f"without a pattern turns first in {format_quantity(first, 'A/m')}; raise patterns.amplitudes"
        )
    if all(point.flips == 0 for point in memory):
        notes.append("no input of the memory's series turns an island; raise memory.amplitudes")
    return notes


def ice_recogniser_in_words(summary: IceRecogniserSummary) -> list[str]:
    """The summary in a few lines."""
    lines = [
        f"ice                  {summary.islands} islands, {summary.inputs} written, {summary.read_outs} read",
        f"parameters           {summary.parameters_from}",
        f"first flip           {format_quantity(summary.first_flip_field, 'A/m')}",
    ]
    found = summary.recognition
    if found is not None:
        lines.append(f"digits               {found.ice.mean:.1%} right, {found.ice.spread:.1%} from split to split")
        for name, accuracy, difference in (
            ("grey pixels", found.pixels, found.against_pixels),
            ("written pixels", found.written, found.against_written),
            (
                f"{found.by_read_outs[-1].read_outs} projections",
                found.by_read_outs[-1].projection,
                found.by_read_outs[-1].against_projection,
            ),
        ):
            lines.append(
                f"                     {accuracy.mean:.1%} from {name}: {difference.verdict} of the ice, "
                f"{100 * difference.mean:+.1f} points, 95 % interval {100 * difference.ci95[0]:+.1f} to "
                f"{100 * difference.ci95[1]:+.1f}"
            )
    best = max(summary.memory, key=lambda point: point.total_capacity[0])
    lines.append(
        f"memory               {best.linear_memory[0]:.2f} linear, {best.nonlinear_memory[0]:.2f} nonlinear, at "
        f"{format_quantity(best.amplitude, 'A/m')} and a spread of {best.spread:.0%}"
    )
    return lines + [f"note                 {note}" for note in summary.notes]
