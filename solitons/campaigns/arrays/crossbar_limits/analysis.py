"""Limits of crossbars: the device, networks in it while things are varied, and single cells."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from solitons.campaigns.arrays.array_devices import FoundDevice, found_device
from solitons.campaigns.arrays.array_energy import READ, WRITE, network_energy
from solitons.campaigns.arrays.crossbar_limits import figures
from solitons.campaigns.arrays.crossbar_limits.campaign import CrossbarLimitsCampaign
from solitons.campaigns.arrays.crossbar_limits.cells import COMPARED, cell_points, loss_points, most_lines
from solitons.campaigns.arrays.crossbar_limits.judgement import about_limits
from solitons.campaigns.arrays.crossbar_limits.networks import breaks_of, lost_in_first_layer, varied_points
from solitons.campaigns.arrays.crossbar_limits.results import CrossbarLimitsResults
from solitons.campaigns.arrays.scores_over_seeds import score_of
from solitons.campaigns.arrays.trained_networks import (
    Trained,
    WrittenNetworks,
    networks_trained,
    quantised_score,
    written_networks,
)
from solitons.campaigns.energy.energy_report import energy_figure, energy_values
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.crossbars import StepTable, Wires
from solitons.crossbars.perceptron import digit_images
from solitons.energy import EnergyLedger
from solitons.fits.verdict import judge
from solitons.networks.image_sets import IMAGE_WORDS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["analyse", "findings_of"]


def analyse(
    campaign: CrossbarLimitsCampaign, runs: ComputedRuns[None], stages: Stages
) -> Findings[CrossbarLimitsResults]:
    """Measure the device, train networks, write them, vary what is asked for, and read and write single cells."""
    del runs  # there are none
    network, varied, cells, wires = campaign.network, campaign.varied, campaign.cells, campaign.wires
    with stages("Measure the device's steps"):
        found, table = found_device(campaign.device)
    lines, ideal = wires.lines(), Wires()
    with stages("Train in software"):
        seeds = range(campaign.seed, campaign.seed + campaign.seeds)
        trained = networks_trained(network.hidden, network.epochs, seeds, network.images)
    with stages("Write and read"):
        alone = written_networks(trained, table, ideal)
        wired = written_networks(trained, table, lines)
        counted = written_networks(trained, table, ideal, verified=False)
    steps = len(varied.segments) + len(varied.hidden) + len(varied.tiles) + len(varied.levels) + len(varied.stuck)
    with stages("Vary one thing at a time", steps + 2 * len(varied.spreads)) as advance:
        points = varied_points(campaign, table, trained, wired, advance)
    with stages("Choose single cells", len(COMPARED) * len(cells.lines)) as advance:
        margins, disturbs = cell_points(table.range, cells, wires, advance)
    verdict = judge(about_limits(found, alone.outside, alone.score, alone.loss, wired.loss, network.allowed_loss))
    energy, ledger = campaign.energy, EnergyLedger()
    with stages("Count energy"):
        if verdict.failed:
            # Without a valid device there is no valid energy.
            energy = type(energy)()
            unknown = {"device_joule": None, "wire_joule": None, "joule": None}
            points = [point.model_copy(update=unknown) for point in points]
        else:
            ledger = _ledger(campaign, found, trained, wired)
        losses = loss_points(table.range, cells, wires, campaign.seed, energy)
    lost = "For some arrays Newton's method found no operating point; they are left out of the figure."
    results = CrossbarLimitsResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=[lost] if any(each.margin is None for each in margins) else [],
        device=found,
        wires=wires,
        floating=score_of(trained.scores),
        quantised=quantised_score(trained, found.distinct),
        alone=alone.score,
        wired=wired.score,
        counted=counted.score,
        pulses=alone.pulses,
        outside=alone.outside,
        lost_through_wires=lost_in_first_layer(trained, table, lines),
        varied=points,
        breaks=breaks_of(points, network.allowed_loss),
        allowed=network.allowed_loss,
        losses=losses,
        margins=margins,
        most_lines=most_lines(margins, cells.least_margin),
        least_margin=cells.least_margin,
        disturbs=disturbs,
        energy=ledger,
    )
    return findings_of(campaign, results, table)


def findings_of(
    campaign: CrossbarLimitsCampaign, results: CrossbarLimitsResults, table: StepTable
) -> Findings[CrossbarLimitsResults]:
    """Results with what the report shows of them."""
    disturbs = {f"{each.cells} {each.scheme}": each for each in results.disturbs}
    cells = [(*figures.cells_in_words(key), lines, disturbs.get(key)) for key, lines in results.most_lines.items()]
    return Findings(
        results,
        values={"images": IMAGE_WORDS[campaign.network.images], "cells": cells, **energy_values(results.energy)},
        figures={
            "steps": partial(figures.steps_figure, table),
            "varied": partial(figures.varied_figure, results),
            "losses": partial(figures.losses_figure, results),
            "margins": partial(figures.margins_figure, results),
            "by_size": partial(figures.array_energy_figure, results),
            "energy": partial(energy_figure, results.energy),
        },
        tables={"points": _points_table(results), "energy": results.energy.table()},
    )


def _ledger(
    campaign: CrossbarLimitsCampaign, found: FoundDevice, trained: Trained, wired: WrittenNetworks
) -> EnergyLedger:
    """Energy of a pulse, a read, an image, and of writing the network of the first seed with reading back."""
    sent = float(sum(array.pulses * array.conductance.size for array in wired.written))
    known_by = "pulses counted, first seed; read after each"
    images = digit_images(trained.seeds[0], trained.images).test
    rows = network_energy(
        campaign.device, found, wired.pairs, wired.weights, images, campaign.wires.lines(), campaign.energy,
        "writing the network", {WRITE: sent, READ: sent}, known_by,
    )  # fmt: skip
    return EnergyLedger(rows=tuple(rows))


def _points_table(results: CrossbarLimitsResults) -> pd.DataFrame:
    """Networks over everything that was varied, a line each, in SI units."""
    import pandas as pd

    rows = [
        (
            each.axis, each.value, each.verified, each.score.mean, *each.score.ci95, each.loss.mean,
            each.device_joule, each.wire_joule, each.joule,
        )
        for each in results.varied
    ]  # fmt: skip
    columns = ["axis", "value", "verified", "accuracy", "low", "high", "loss", "device_joule", "wire_joule", "joule"]
    return pd.DataFrame(rows, columns=columns)
