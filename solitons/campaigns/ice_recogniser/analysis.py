"""The campaign of a recognising spin ice: digits through the ice, and what it remembers of a series of inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from rich.progress import Progress
from sklearn.datasets import load_digits

from geometries import format_quantity
from runs import RunSpec
from runs.store.whole_files import write_whole
from solitons.campaigns.computed_campaign import ComputedCampaign
from solitons.campaigns.ice_recogniser.campaign import IceRecogniserCampaign
from solitons.campaigns.ice_recogniser.ice import ice_of, switching_parameters
from solitons.campaigns.ice_recogniser.memory import measure_memory
from solitons.campaigns.ice_recogniser.recognition import recognise
from solitons.campaigns.ice_recogniser.summary import IceRecogniserSummary, MemoryPoint, Recognition
from solitons.saving import save_model
from solitons.spin_ice import first_reversal_field, saturated_spins
from solitons.spin_ice.macrospins import normal_deviations

__all__ = ["analyse_ice_recogniser", "check_ice_recogniser", "fitted_model_file", "ice_recogniser_in_words"]


def check_ice_recogniser(campaign: IceRecogniserCampaign, specs: Mapping[tuple[float, ...], RunSpec]) -> None:
    """Refuse a campaign that would fail late.

    Raises
    ------
    ValueError
        As `ice_of`; if a digit has fewer images than there are folds; or if a spread leaves an
        island without a positive h_k.
    """
    del specs
    lattice = campaign.device.islands(campaign.material)
    switching_parameters(campaign, lattice)
    fewest = int(np.bincount(load_digits().target).min())
    if campaign.patterns.folds > fewest:
        raise ValueError(
            f"patterns.folds = {campaign.patterns.folds}, but one of the digits has {fewest} images, and each fold "
            f"needs one of every digit; give at most {fewest}"
        )
    seed, islands = campaign.switching.seed, lattice.sizes["island"]
    _check_spread("switching.spread", campaign.switching.spread, islands, [seed])
    for spread in campaign.memory.spreads:
        _check_spread("memory.spreads", spread, islands, range(seed, seed + campaign.memory.samples))


def _check_spread(owner: str, spread: float, islands: int, seeds: Sequence[int]) -> None:
    lowest = min(float(normal_deviations(islands, seed).min()) for seed in seeds)
    if 1 + spread * lowest <= 0:
        # Rounded down, so that what is named is allowed.
        widest = np.floor(-1000 / lowest) / 1000
        raise ValueError(
            f"{owner} has {spread:g}, but of {islands} islands one is {-lowest:.3g} standard deviations below the "
            f"mean, so that its h_k is not above 0; with switching.seed = {seeds[0]} at most {widest:g} is allowed"
        )


def fitted_model_file(campaign: IceRecogniserCampaign) -> list[Path]:
    """The file of the fitted model, if there is one: the results follow from it too."""
    fitted = campaign.switching.fitted_model
    return [] if fitted is None else [Path(fitted)]


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
    from solitons.campaigns.ice_recogniser.report import write_ice_recogniser_report

    campaign = computed.campaign
    ice = ice_of(campaign)
    model = ice.model(campaign.switching.spread, campaign.switching.seed)
    task = progress.add_task("Read digits", total=None)
    along = campaign.patterns.angle
    first = first_reversal_field(model, saturated_spins(model, along), along + np.pi)
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
            (
                f"{found.by_read_outs[-1].read_outs} random binary features",
                found.by_read_outs[-1].random,
                found.by_read_outs[-1].against_random,
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
