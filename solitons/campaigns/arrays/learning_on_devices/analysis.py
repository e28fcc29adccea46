"""Networks that learn on several devices, and the same with one fault of the device after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.arrays.array_devices import (
    ArrayDevice,
    ArrayWires,
    FoundDevice,
    found_device,
    stands_for_device,
)
from solitons.campaigns.arrays.array_drift import ArrayDrift, weight_drift
from solitons.campaigns.arrays.array_energy import INFERENCE, WRITE, ArrayEnergy, network_rows, pulse_rows, writing_rows
from solitons.campaigns.arrays.learning_on_devices.faults import faults_of
from solitons.campaigns.arrays.learning_on_devices.judgement import judge_learning
from solitons.campaigns.arrays.learning_on_devices.results import (
    Cause,
    DeviceLearning,
    LearningOnDevicesResults,
    TilePoint,
)
from solitons.campaigns.arrays.learning_on_devices.settings import Learning, SpikingUnits
from solitons.campaigns.arrays.learning_on_devices.spiking import curve_of, spiking_results, spiking_rows
from solitons.campaigns.arrays.scores_over_seeds import score_of
from solitons.campaigns.arrays.trained_networks import (
    Trained,
    difference,
    networks_trained,
    quantised_score,
    written_networks,
)
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.crossbars import StepTable, Wires, learn_on_devices
from solitons.crossbars.learning import Learned, LearningRule
from solitons.crossbars.perceptron import digit_images
from solitons.energy import EnergyLedger
from solitons.energy.ledger import EnergyRow
from solitons.numerics.threads import shared
from solitons.spiking.rate_network import RateCurve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["analyse_learning"]


def analyse_learning(
    devices: Sequence[ArrayDevice],
    lines: ArrayWires,
    learning: Learning,
    energy: ArrayEnergy,
    units: SpikingUnits | None,
    drift: ArrayDrift | None,
    seeds: tuple[int, ...],
    stages: Stages,
    *,
    tiles: Sequence[int] = (),
) -> Findings[LearningOnDevicesResults, None]:
    """Train in software, measure each device, and let networks learn on it."""
    wires = lines.lines()
    curve: RateCurve | None = None
    if units is not None:
        # First: a neuron that never fires, or always, is refused before anything is trained.
        with stages("Follow the neuron"):
            curve = curve_of(units)
    with stages("Train in software"):
        plain = networks_trained(learning.hidden, learning.epochs, seeds, learning.images)
        noisy = networks_trained(
            learning.hidden,
            learning.epochs,
            seeds,
            learning.images,
            noise=learning.training_noise,
            largest=learning.largest if learning.training_noise else None,
        )
    floating = plain.scores
    found: list[DeviceLearning] = []
    rows: list[EnergyRow] = []
    for device in devices:
        with stages(f"Measure the steps of {device.name}"):
            known, table = found_device(device)
        faults, rules = faults_of(table, wires), tuple(dict.fromkeys(learning.rules))
        # Faults that a device does not have change nothing, and are not learned again.
        every = dict.fromkeys((faulty, between) for _, faulty, between in faults)
        different = [each for each in every if each != (table, wires)]
        with stages(f"Learn on {device.name}", len(seeds) * (len(different) + len(rules))) as advance:
            by_rule = {rule: _learned(table, wires, learning, rule, seeds, advance) for rule in rules}
            first = next(iter(by_rule.values()))
            learned = {(table, wires): first} | {
                (faulty, between): _learned(faulty, between, learning, rules[0], seeds, advance)
                for faulty, between in different
            }
            causes = _causes(faults, learned, floating)
        fading = None
        if drift is not None and stands_for_device(known):
            with stages(f"Let weights of {device.name} drift", len(drift.times)) as advance:
                shown = [digit_images(seed, learning.images) for seed in seeds]
                fading = weight_drift(
                    device, table, first, shown, seeds, learning.largest, wires, drift, learning.allowed_loss, advance
                )
        by_tile: list[TilePoint] = []
        if tiles and stands_for_device(known):
            with stages(f"Read {device.name} in other tiles", len(tiles)) as advance:
                by_tile = [_in_tiles(lines, each, table, plain, learning, energy, seeds[0], advance) for each in tiles]
        scores = {rule: score_of([each.accuracy for each in several]) for rule, several in by_rule.items()}
        found.append(
            DeviceLearning(
                device=known,
                rules=scores,
                loss=difference(floating, [each.accuracy for each in first]),
                causes=causes,
                quantised=quantised_score(plain, known.distinct),
                written=written_networks(plain, table, wires).score,
                written_noisy=written_networks(noisy, table, wires).score,
                counted=written_networks(plain, table, wires, verified=False).score,
                counted_noisy=written_networks(noisy, table, wires, verified=False).score,
                pulses=float(np.mean([each.pulses for each in first])),
                most_pulses=float(np.mean([each.most_pulses for each in first])),
                outside=float(np.mean([each.outside for each in first])),
                written_for=float(np.mean([each.pulses for each in first])) * table.period,
                drift=fading,
                history=np.mean([each.history for each in first], axis=0).tolist(),
                spiking=spiking_results(units, curve, plain, first)
                if units is not None and curve is not None and stands_for_device(known)
                else None,
                tiles=by_tile,
            )
        )
        with stages(f"Count energy of {device.name}"):
            # Of a device whose model does not stand for it no energy stands either.
            if stands_for_device(known):
                rows += _energy_rows(device, known, first[0], wires, learning, energy, seeds[0])
                if units is not None and curve is not None:
                    rows += spiking_rows(known.name, first[0], units, curve, wires, energy, seeds[0], learning.images)
    ledger = EnergyLedger(rows=tuple(rows))
    verdict = judge_learning(found, learning.allowed_loss)
    results = LearningOnDevicesResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        floating=score_of(floating),
        devices=found,
        segment=lines.segment,
        tile=lines.tile,
        seeds=len(seeds),
        allowed=learning.allowed_loss,
        energy=ledger,
    )
    tables = {
        "causes": _causes_table(results),
        "tiles": _tiles_table(results),
        "drift": _drift_table(results),
        "energy": ledger.table(),
    }
    return Findings(results, None, tables=tables)


def _in_tiles(
    lines: ArrayWires,
    tile: int,
    table: StepTable,
    plain: Trained,
    learning: Learning,
    energy: ArrayEnergy,
    seed: int,
    advance: Callable[[], None],
) -> TilePoint:
    """Networks that were trained in software, written and read back, in tiles of one size."""
    wires = lines.lines(tile=tile)
    found = written_networks(plain, table, wires)
    shown = digit_images(seed, learning.images).test
    spent = EnergyLedger(rows=tuple(network_rows("network", found.pairs, found.weights, shown, wires, energy)))
    advance()
    return TilePoint(lines=tile, score=found.score, joule=spent.joule("network", INFERENCE))


def _energy_rows(
    device: ArrayDevice,
    known: FoundDevice,
    learned: Learned,
    wires: Wires,
    learning: Learning,
    energy: ArrayEnergy,
    seed: int,
) -> list[EnergyRow]:
    """Of a pulse, of the network of the first seed that learned on the devices, and of an image that it reads."""
    pairs = learned.conductances
    shapes = [(positive.shape[0], 2 * positive.shape[1]) for positive, _ in pairs]
    images = digit_images(seed, learning.images)
    image = network_rows(known.name, pairs, learned.weights, images.test, wires, energy)
    each = EnergyLedger(rows=(*pulse_rows(device, known, shapes, wires, energy), *image))
    count = sum(positive.size + negative.size for positive, negative in pairs)
    counts = {WRITE: learned.pulses * count, INFERENCE: float(learning.epochs * len(images.train))}
    known_by = "pulses counted, first seed; each image read once an epoch, the way back of errors not counted"
    return [*each.rows, *writing_rows("learning", each, known.name, counts, known_by)]


def _learned(
    table: StepTable,
    wires: Wires,
    learning: Learning,
    rule: LearningRule,
    seeds: Sequence[int],
    advance: Callable[[], None],
) -> list[Learned]:
    def one(seed: int) -> Learned:
        return learn_on_devices(
            digit_images(seed, learning.images),
            table,
            learning.hidden,
            seed,
            rule=rule,
            wires=wires,
            epochs=learning.epochs,
            batch=learning.batch,
            rate=learning.rate,
            largest=learning.largest,
        )

    return shared(one, seeds, advance)


def _causes(
    faults: Sequence[tuple[str, StepTable, Wires]],
    learned: Mapping[tuple[StepTable, Wires], list[Learned]],
    floating: Sequence[float],
) -> list[Cause]:
    """What lies between floating point and the first rule with all faults, one by one."""
    found: list[Cause] = []
    before = floating
    for name, faulty, between in faults:
        now = [each.accuracy for each in learned[faulty, between]]
        found.append(Cause(name=name, score=score_of(now), cost=difference(before, now)))
        before = now
    return found


def _causes_table(results: LearningOnDevicesResults) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            "device": each.device.name,
            "cause": cause.name,
            "accuracy": cause.score.mean,
            "low": cause.score.ci95[0],
            "high": cause.score.ci95[1],
            "cost": cause.cost.mean,
            "cost_low": cause.cost.ci95[0],
            "cost_high": cause.cost.ci95[1],
        }
        for each in results.devices
        for cause in each.causes
    ]
    return pd.DataFrame(rows, columns=["device", "cause", "accuracy", "low", "high", "cost", "cost_low", "cost_high"])


def _tiles_table(results: LearningOnDevicesResults) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (each.device.name, point.lines, point.score.mean, *point.score.ci95, point.joule)
        for each in results.devices
        for point in each.tiles
    ]
    return pd.DataFrame(rows, columns=["device", "lines", "accuracy", "low", "high", "joule"])


def _drift_table(results: LearningOnDevicesResults) -> pd.DataFrame:
    import pandas as pd

    columns = ["device", "temperature", "time", "accuracy", "low", "high", "missing"]
    rows = [
        (
            each.device.name, each.drift.temperature, point.time,
            *((None, None, None) if point.score is None else (point.score.mean, *point.score.ci95)), point.missing,
        )
        for each in results.devices if each.drift is not None
        for point in each.drift.points
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
