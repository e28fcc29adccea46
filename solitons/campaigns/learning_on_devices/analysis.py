"""Networks that learn on several devices, and the same with one fault of the device after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from solitons.campaigns.array_devices import ArrayDevice, ArrayWires, found_device
from solitons.campaigns.learning_on_devices.judgement import judge_learning
from solitons.campaigns.learning_on_devices.results import Cause, DeviceLearning, LearningOnDevicesResults
from solitons.campaigns.learning_on_devices.settings import Learning
from solitons.campaigns.results import Findings
from solitons.campaigns.scores_over_seeds import Score, score_of
from solitons.campaigns.stages import Stages
from solitons.crossbars import (
    Learned,
    StepTable,
    Wires,
    digit_images,
    ideal_table,
    learn_on_devices,
    train_in_software,
    write_weights,
)
from solitons.crossbars.learning import LearningRule
from solitons.crossbars.perceptron import Weights, accuracy_on_digits, quantised
from solitons.threads import shared

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CHANCE", "FINE", "SPREAD", "analyse_learning", "faults_of"]

FINE = 1000
"""Pulses across the range of the ideal devices with which the list of faults begins."""

CHANCE, SPREAD = "chance from pulse to pulse", "spread from device to device"
"""Faults that the fit of a device may not know."""


def faults_of(table: StepTable, wires: Wires) -> list[tuple[str, StepTable, Wires]]:
    """A device's faults one after another: each line has all of those before it."""
    ideal = Wires()
    alike = table.without_spread()
    return [
        ("learning on ideal devices in small steps", ideal_table(table, FINE), ideal),
        ("large steps", ideal_table(table), ideal),
        ("non-linearity and asymmetry", alike.without_noise(), ideal),
        (CHANCE, alike, ideal),
        (SPREAD, table, ideal),
        ("wires", table, wires),
    ]


def analyse_learning(
    devices: Sequence[ArrayDevice],
    lines: ArrayWires,
    learning: Learning,
    seeds: tuple[int, ...],
    stages: Stages,
) -> Findings[LearningOnDevicesResults, None]:
    """Train in software, measure each device, and let networks learn on it."""
    wires = lines.lines()
    with stages("Train in software"):
        plain = _trained(learning, seeds, 0.0)
        noisy = _trained(learning, seeds, learning.training_noise)
    floating = [accuracy_on_digits(each, seed) for each, seed in zip(plain, seeds, strict=True)]
    found = []
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
        scores = {rule: score_of([each.accuracy for each in several]) for rule, several in by_rule.items()}
        levels = known.distinct
        found.append(
            DeviceLearning(
                device=known,
                rules=scores,
                loss=_difference(floating, [each.accuracy for each in first]),
                causes=causes,
                quantised=score_of(
                    [
                        accuracy_on_digits(quantised(each, 2 * levels - 1), seed)
                        for each, seed in zip(plain, seeds, strict=True)
                    ]
                ),
                written=_written(plain, table, wires, seeds, verified=True),
                written_noisy=_written(noisy, table, wires, seeds, verified=True),
                counted=_written(plain, table, wires, seeds, verified=False),
                counted_noisy=_written(noisy, table, wires, seeds, verified=False),
                pulses=float(np.mean([each.pulses for each in first])),
                most_pulses=float(np.mean([each.most_pulses for each in first])),
                outside=float(np.mean([each.outside for each in first])),
                history=np.mean([each.history for each in first], axis=0).tolist(),
            )
        )
    verdict = judge_learning(found, learning.allowed_loss)
    results = LearningOnDevicesResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        floating=score_of(floating),
        devices=found,
        segment=lines.segment,
        seeds=len(seeds),
        allowed=learning.allowed_loss,
    )
    return Findings(results, None, tables={"causes": _causes_table(results)})


def _trained(learning: Learning, seeds: Sequence[int], noise: float) -> list[Weights]:
    def one(seed: int) -> Weights:
        return train_in_software(
            digit_images(seed),
            learning.hidden,
            seed,
            epochs=learning.epochs,
            noise=noise,
            largest=learning.largest if noise else None,
        )

    return shared(one, seeds, lambda: None)


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
            digit_images(seed),
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
        found.append(Cause(name=name, score=score_of(now), cost=_difference(before, now)))
        before = now
    return found


def _difference(before: Sequence[float], now: Sequence[float]) -> Score:
    return score_of([one - other for one, other in zip(before, now, strict=True)])


def _written(
    weights: Sequence[Weights], table: StepTable, wires: Wires, seeds: Sequence[int], *, verified: bool
) -> Score:
    def one(index: int) -> float:
        read, _ = write_weights(weights[index], table, seed=seeds[index], wires=wires, verified=verified)
        return accuracy_on_digits(read, seeds[index])

    return score_of(shared(one, range(len(seeds)), lambda: None))


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
