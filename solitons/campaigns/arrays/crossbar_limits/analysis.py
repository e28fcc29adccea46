"""Limits of crossbars: the device, networks in it while things are varied, and single cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solitons.campaigns.arrays.array_devices import ArrayDevice, ArrayWires, FoundDevice, found_device
from solitons.campaigns.arrays.array_energy import READ, WRITE, ArrayEnergy, pulse_rows, writing_rows
from solitons.campaigns.arrays.crossbar_limits.cells import COMPARED, cell_points, loss_points, most_lines
from solitons.campaigns.arrays.crossbar_limits.judgement import judge_limits
from solitons.campaigns.arrays.crossbar_limits.networks import (
    breaks_of,
    image_energy,
    lost_in_first_layer,
    varied_points,
)
from solitons.campaigns.arrays.crossbar_limits.results import CrossbarLimitsResults, without_energy
from solitons.campaigns.arrays.crossbar_limits.settings import ChosenCells, Network, Varied
from solitons.campaigns.arrays.scores_over_seeds import score_of
from solitons.campaigns.arrays.trained_networks import (
    Trained,
    WrittenNetworks,
    networks_trained,
    quantised_score,
    written_networks,
)
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.crossbars import StepTable, Wires
from solitons.energy import EnergyLedger

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Shown", "analyse_limits", "points_table"]


@dataclass(frozen=True, eq=False)
class Shown:
    """What the report draws from beside the results."""

    table: StepTable


def analyse_limits(
    device: ArrayDevice,
    wires: ArrayWires,
    network: Network,
    varied: Varied,
    cells: ChosenCells,
    energy: ArrayEnergy,
    seeds: tuple[int, ...],
    stages: Stages,
) -> Findings[CrossbarLimitsResults, Shown]:
    """Measure the device, train networks, write them, vary what is asked for, and read and write single cells."""
    with stages("Measure the device's steps"):
        found, table = found_device(device)
    lines, ideal = wires.lines(), Wires()
    with stages("Train in software"):
        trained = networks_trained(network.hidden, network.epochs, seeds, network.images)
    with stages("Write and read"):
        alone = written_networks(trained, table, ideal)
        wired = written_networks(trained, table, lines)
        counted = written_networks(trained, table, ideal, verified=False)
    steps = len(varied.segments) + len(varied.hidden) + len(varied.tiles) + len(varied.levels) + len(varied.stuck)
    steps += 2 * len(varied.spreads)
    with stages("Vary one thing at a time", steps) as advance:
        points = varied_points(device, network, varied, wires, table, trained, wired, energy, advance)
    with stages("Choose single cells", len(COMPARED) * len(cells.lines)) as advance:
        margins, disturbs = cell_points(table.range, cells, wires, advance)
    verdict = judge_limits(found, alone.outside, alone.score, alone.loss, wired.loss, network.allowed_loss)
    with stages("Count energy"):
        # Of a device that nothing can be said of no energy stands either.
        ledger = EnergyLedger() if verdict.failed else _ledger(device, found, wired, trained, lines, energy)
        if verdict.failed:
            points, energy = [without_energy(point) for point in points], ArrayEnergy()
    notes = []
    if any(each.margin is None for each in margins):
        notes.append("For some arrays Newton's method found no operating point; they are left out of the figure.")
    results = CrossbarLimitsResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=notes,
        device=found,
        segment=wires.segment,
        tile=wires.tile,
        images=network.images,
        hidden=network.hidden,
        seeds=len(seeds),
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
        losses=loss_points(table.range, cells, wires, seeds[0], energy),
        margins=margins,
        most_lines=most_lines(margins, cells.least_margin),
        least_margin=cells.least_margin,
        disturbs=disturbs,
        energy=ledger,
    )
    return Findings(results, Shown(table), tables={"points": points_table(results), "energy": ledger.table()})


def _ledger(
    device: ArrayDevice, found: FoundDevice, wired: WrittenNetworks, trained: Trained, lines: Wires, energy: ArrayEnergy
) -> EnergyLedger:
    """Of a pulse, of a read, of writing the network of the first seed with reading back, and of an image."""
    shapes = [(positive.shape[0], 2 * positive.shape[1]) for positive, _ in wired.pairs]
    each = EnergyLedger(rows=tuple(pulse_rows(device, found, shapes, lines, energy)))
    sent = float(sum(array.pulses * array.conductance.size for array in wired.written))
    counts = {WRITE: sent, READ: sent}
    written = writing_rows(
        "writing the network", each, found.name, counts, "pulses counted, first seed; read after each"
    )
    image = image_energy(wired, trained, lines, energy, found.name)
    return EnergyLedger(rows=(*each.rows, *written, *image.rows))


def points_table(results: CrossbarLimitsResults) -> pd.DataFrame:
    """Networks over everything that was varied, a line each, in SI units."""
    import pandas as pd

    rows = [
        {
            "axis": point.axis,
            "value": point.value,
            "verified": point.verified,
            "accuracy": point.score.mean,
            "low": point.score.ci95[0],
            "high": point.score.ci95[1],
            "loss": point.loss.mean,
            "device_joule": point.device_joule,
            "wire_joule": point.wire_joule,
            "joule": point.joule,
        }
        for point in results.varied
    ]
    columns = ["axis", "value", "verified", "accuracy", "low", "high", "loss", "device_joule", "wire_joule", "joule"]
    return pd.DataFrame(rows, columns=columns)
