"""Networks that learn on several devices, and the same with one fault of the device after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from solitons.campaigns.arrays.array_devices import ArrayDevice, FoundDevice, found_device
from solitons.campaigns.arrays.array_drift import digits_after_drift, weight_drift
from solitons.campaigns.arrays.array_energy import INFERENCE, WRITE, network_energy
from solitons.campaigns.arrays.learning_on_devices import figures
from solitons.campaigns.arrays.learning_on_devices.campaign import LearningOnDevicesCampaign
from solitons.campaigns.arrays.learning_on_devices.judgement import about_learning
from solitons.campaigns.arrays.learning_on_devices.results import (
    CHANCE,
    SMALL_STEPS,
    SPREAD,
    Cause,
    DeviceLearning,
    LearningOnDevicesResults,
)
from solitons.campaigns.arrays.learning_on_devices.spiking import neuron_in, spiking_results, spiking_rows
from solitons.campaigns.arrays.scores_over_seeds import difference, score_of
from solitons.campaigns.arrays.trained_networks import (
    Trained,
    networks_trained,
    quantised_score,
    varied_point,
    written_networks,
)
from solitons.campaigns.energy.energy_report import energy_figure, energy_values
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.crossbars import StepTable, Wires, learn_on_devices
from solitons.crossbars.learning import Learned, LearningRule
from solitons.crossbars.perceptron import digit_images
from solitons.crossbars.step_table import ideal_table
from solitons.energy import EnergyLedger
from solitons.energy.ledger import EnergyRow, quantity_label
from solitons.fits.verdict import judge
from solitons.networks.image_sets import IMAGE_WORDS
from solitons.numerics.threads import shared
from solitons.spiking.rate_network import RateCurve, rate_curve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["analyse", "faults_of", "findings_of"]

_FINE = 1000
"""Pulses across the range of the ideal devices with which the list of faults begins."""
_RULES = {
    "accumulated": "whole steps of an accumulated change",
    "delta": "steps of each change, rounded by chance",
    "manhattan": "one pulse of the sign of a large change",
}
_WRITTEN = (
    ("rounded to the device's levels, no device", "quantised"),
    ("written and read back", "written"),
    ("the same, trained with noise", "written_noisy"),
    ("written by counted pulses", "counted"),
    ("the same, trained with noise", "counted_noisy"),
)
"""Compared quantities of networks that were trained in software, and their fields."""


def faults_of(table: StepTable, wires: Wires) -> list[tuple[str, StepTable, Wires]]:
    """A device's faults one after another: each line has all of those before it."""
    ideal = Wires()
    alike = table.without_spread()
    return [
        (SMALL_STEPS, ideal_table(table, _FINE), ideal),
        ("large steps", ideal_table(table), ideal),
        ("non-linearity and asymmetry", alike.without_noise(), ideal),
        (CHANCE, alike, ideal),
        (SPREAD, table, ideal),
        ("wires", table, wires),
    ]


def analyse(
    campaign: LearningOnDevicesCampaign, runs: ComputedRuns[None], stages: Stages
) -> Findings[LearningOnDevicesResults]:
    """Train in software, measure each device, and let networks learn on it."""
    del runs  # there are none
    learning, curve = campaign.learning, None
    if campaign.spiking is not None:
        # First: a neuron that never fires, or always, is refused before anything is trained.
        with stages("Follow the neuron"):
            units = campaign.spiking
            curve = rate_curve(neuron_in(units), units.strongest, units.time)
    with stages("Train in software"):
        seeds = range(campaign.seed, campaign.seed + campaign.seeds)
        train = partial(networks_trained, learning.hidden, learning.epochs, seeds, learning.images)
        plain = train()
        noise = learning.training_noise
        noisy = train(noise=noise, largest=learning.largest if noise else None)
    found: list[DeviceLearning] = []
    rows: list[EnergyRow] = []
    for device in campaign.devices:
        one, spent = _on_device(campaign, device, plain, noisy, curve, stages)
        found.append(one)
        rows += spent
    verdict = judge(about_learning(found, learning.allowed_loss))
    return findings_of(
        campaign,
        LearningOnDevicesResults(
            verdict=verdict.verdict,
            reasons=list(verdict.reasons),
            floating=score_of(plain.scores),
            devices=found,
            allowed=learning.allowed_loss,
            energy=EnergyLedger(rows=tuple(rows)),
        ),
    )


def _on_device(
    campaign: LearningOnDevicesCampaign,
    device: ArrayDevice,
    plain: Trained,
    noisy: Trained,
    curve: RateCurve | None,
    stages: Stages,
) -> tuple[DeviceLearning, list[EnergyRow]]:
    """Learning of networks on one device, and its cost; `plain` and `noisy` are trained in software."""
    learning, energy, units = campaign.learning, campaign.energy, campaign.spiking
    wires, seeds = campaign.wires.lines(), plain.seeds
    with stages(f"Measure the steps of {device.name}"):
        known, table = found_device(device)
    faults, rules = faults_of(table, wires), tuple(dict.fromkeys(learning.rules))
    # Faults that a device does not have change nothing, and are not learned again.
    every = dict.fromkeys((faulty, between) for _, faulty, between in faults)
    different = [each for each in every if each != (table, wires)]
    with stages(f"Learn on {device.name}", len(seeds) * (len(different) + len(rules))) as advance:
        by_rule = {rule: _learned(campaign, table, wires, rule, advance) for rule in rules}
        first = by_rule[rules[0]]
        learned = {(table, wires): first} | {
            (faulty, between): _learned(campaign, faulty, between, rules[0], advance) for faulty, between in different
        }
    further: dict[str, Any] = {}
    if campaign.drift is not None and known.stands:
        with stages(f"Let weights of {device.name} drift", len(campaign.drift.times)) as advance:
            shown = [digit_images(seed, learning.images) for seed in seeds]
            read = digits_after_drift(first, shown, seeds, table, learning.largest, wires)
            start = score_of([each.accuracy for each in first])
            further["drift"] = weight_drift(device, start, read, campaign.drift, learning.allowed_loss, advance)
    if campaign.tiles and known.stands:
        further["tiles"] = []
        for tile in stages.over(f"Read {device.name} in other tiles", campaign.tiles):
            lines = campaign.wires.lines(tile=tile)
            found = written_networks(plain, table, lines)
            further["tiles"].append(varied_point("tiles", tile, found, plain, lines, energy))
    if units is not None and curve is not None and known.stands:
        further["spiking"] = spiking_results(units, curve, plain, first)
    pulses = float(np.mean([each.pulses for each in first]))
    results = DeviceLearning(
        device=known,
        rules={rule: score_of([each.accuracy for each in several]) for rule, several in by_rule.items()},
        loss=difference(plain.scores, [each.accuracy for each in first]),
        causes=_causes(faults, learned, plain.scores),
        quantised=quantised_score(plain, known.distinct),
        written=written_networks(plain, table, wires).score,
        written_noisy=written_networks(noisy, table, wires).score,
        counted=written_networks(plain, table, wires, verified=False).score,
        counted_noisy=written_networks(noisy, table, wires, verified=False).score,
        pulses=pulses,
        most_pulses=float(np.mean([each.most_pulses for each in first])),
        outside=float(np.mean([each.outside for each in first])),
        written_for=pulses * table.period,
        history=np.mean([each.history for each in first], axis=0).tolist(),
        **further,
    )
    rows: list[EnergyRow] = []
    with stages(f"Count energy of {device.name}"):
        # Without a valid model of the device there is no valid energy.
        if known.stands:
            rows += _energy_rows(campaign, device, known, first[0])
            if units is not None and curve is not None:
                rows += spiking_rows(known.name, first[0], units, curve, wires, energy, seeds[0], learning.images)
    return results, rows


def findings_of(
    campaign: LearningOnDevicesCampaign, results: LearningOnDevicesResults
) -> Findings[LearningOnDevicesResults]:
    """Results with what the report shows of them."""
    return Findings(
        results,
        values={
            "images": IMAGE_WORDS[campaign.learning.images],
            "rules": _RULES,
            "written": _WRITTEN,
            "fine": _FINE,
            "quantity": quantity_label,
            **energy_values(results.energy),
        },
        figures={
            "history": partial(figures.history_figure, results),
            "causes": partial(figures.causes_figure, results),
            "tiles": partial(figures.tiles_figure, results),
            "drift": partial(figures.drift_figure, results),
            "energy": partial(energy_figure, results.energy),
        },
        tables=_tables(results),
    )


def _energy_rows(
    campaign: LearningOnDevicesCampaign, device: ArrayDevice, known: FoundDevice, learned: Learned
) -> list[EnergyRow]:
    """Energy of a pulse, of learning the network of the first seed on the devices, and of an image that it reads."""
    learning, pairs = campaign.learning, learned.conductances
    images = digit_images(campaign.seed, learning.images)
    count = sum(positive.size + negative.size for positive, negative in pairs)
    counts = {WRITE: learned.pulses * count, INFERENCE: float(learning.epochs * len(images.train))}
    known_by = "pulses counted, first seed; each image read once an epoch, the way back of errors not counted"
    return network_energy(
        device, known, pairs, learned.weights, images.test, campaign.wires.lines(), campaign.energy, "learning", counts,
        known_by,
    )  # fmt: skip


def _learned(
    campaign: LearningOnDevicesCampaign,
    table: StepTable,
    wires: Wires,
    rule: LearningRule,
    advance: Callable[[], None],
) -> list[Learned]:
    learning = campaign.learning

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

    return shared(one, range(campaign.seed, campaign.seed + campaign.seeds), advance)


def _causes(
    faults: Sequence[tuple[str, StepTable, Wires]],
    learned: Mapping[tuple[StepTable, Wires], list[Learned]],
    floating: Sequence[float],
) -> list[Cause]:
    """Faults between floating point and the first rule, one by one."""
    found: list[Cause] = []
    before = floating
    for name, faulty, between in faults:
        now = [each.accuracy for each in learned[faulty, between]]
        found.append(Cause(name=name, score=score_of(now), cost=difference(before, now)))
        before = now
    return found


def _tables(results: LearningOnDevicesResults) -> dict[str, pd.DataFrame]:
    import pandas as pd

    causes, tiles, drift = [], [], []
    for each in results.devices:
        name = each.device.name
        causes += [
            (name, cause.name, cause.score.mean, *cause.score.ci95, cause.cost.mean, *cause.cost.ci95)
            for cause in each.causes
        ]
        tiles += [(name, int(point.value), point.score.mean, *point.score.ci95, point.joule) for point in each.tiles]
        if each.drift is not None:
            for point in each.drift.points:
                score = (None, None, None) if point.score is None else (point.score.mean, *point.score.ci95)
                drift.append((name, each.drift.temperature, point.time, *score, point.missing))
    scores = ["accuracy", "low", "high"]
    return {
        "causes": pd.DataFrame(causes, columns=["device", "cause", *scores, "cost", "cost_low", "cost_high"]),
        "tiles": pd.DataFrame(tiles, columns=["device", "lines", *scores, "joule"]),
        "drift": pd.DataFrame(drift, columns=["device", "temperature", "time", *scores, "missing"]),
        "energy": results.energy.table(),
    }
