"""Layers over currents, spreads and numbers of junctions: which current is enough, and what the layer then does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression

from analysis.statistics.counts import poisson_interval
from analysis.statistics.means import student_reach
from analysis.statistics.proportions import exact_interval
from solitons.campaigns.junctions.stochastic_stdp.results import LearningPoint, Score, TaskResults
from solitons.campaigns.junctions.stochastic_stdp.settings import CarsTask, DigitsTask, Writing
from solitons.campaigns.junctions.stochastic_stdp.trials import Junctions, Trial, run_trial, usual_trouble
from solitons.junctions.pillar_pulses import PillarPulse
from solitons.networks.image_sets import split_images
from solitons.numerics.threads import shared

__all__ = ["Learned", "cheapest_good", "gain_of", "learn", "steps_of"]

OF_ITS_OWN = 1000
"""What is added to the seeds that chose the current, for those whose numbers are reported."""


@dataclass(frozen=True)
class Learned:
    """Results of one task.

    `example` is the first of the layers that are reported, to draw; `untrained` are the same layers as `finals` without
    learning.
    """

    results: TaskResults
    example: Trial
    finals: tuple[Trial, ...]
    untrained: tuple[Trial, ...]


def steps_of(writing: Writing, seeds: int) -> int:
    """Layers that `learn` makes for one task."""
    return seeds * (len(writing.currents) + len(writing.spreads) + len(writing.junctions) + 2)


def learn(
    task: CarsTask | DigitsTask,
    pulse: PillarPulse,
    writing: Writing,
    seeds: Sequence[int],
    advance: Callable[[], None],
) -> Learned:
    """Compare currents, choose one, and compare spreads and numbers of junctions with it.

    `pulse` is on the mean junction. `seeds` are of the layers that are compared; those that are reported have others.
    `advance` is called after each layer.
    """

    def layers(junctions: Junctions, numbers: Sequence[int], learns: bool = True) -> tuple[Trial, ...]:
        def one(seed: int) -> Trial:
            return run_trial(task, junctions, seed, learns=learns)

        return tuple(shared(one, numbers, advance))

    known: dict[tuple[float, float, int], LearningPoint] = {}

    def point(current: float, spread: float, count: int) -> LearningPoint:
        key = (current, spread, count)
        if key in known:
            for _ in seeds:
                advance()
        else:
            junctions = Junctions.of(pulse, *key)
            known[key] = _point(junctions, layers(junctions, seeds))
        return known[key]

    currents = [point(current, writing.spread, task.junctions) for current in writing.currents]
    chosen = cheapest_good(currents)
    spreads = [point(chosen.current, spread, task.junctions) for spread in writing.spreads]
    counts = [point(chosen.current, writing.spread, count) for count in writing.junctions]
    own = [seed + OF_ITS_OWN for seed in seeds]
    junctions = Junctions.of(pulse, chosen.current, writing.spread, task.junctions)
    finals, untrained = layers(junctions, own), layers(junctions, own, learns=False)
    repeated = isinstance(task, DigitsTask)
    results = TaskResults(
        chosen=chosen,
        final=_share(finals, repeated),
        alarms=_alarms(finals) if isinstance(task, CarsTask) else None,
        untrained=_share(untrained, repeated),
        untrained_score=float(np.mean([trial.score for trial in untrained])),
        constant=float(np.mean([trial.constant for trial in finals])),
        references=_references(task, own) if isinstance(task, DigitsTask) else {},
        named_neurons=float(np.mean([trial.named for trial in finals])),
        neurons=task.layer.neurons,
        unseen=float(np.mean([trial.unseen for trial in finals])),
        seeds=len(own),
        currents=currents,
        spreads=spreads,
        junctions=counts,
    )
    return Learned(results, finals[0], finals, untrained)


def cheapest_good(points: Sequence[LearningPoint]) -> LearningPoint:
    """The point of least learning energy whose score is within the 95 % interval of the best."""
    best = max(points, key=lambda each: each.score)
    return min((each for each in points if each.score >= best.ci95[0]), key=lambda each: each.learning_energy)


def seeds_interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % interval of the mean of a score by Student's t, within 0 and 1; (0, 1) for a single value."""
    if len(values) < 2:
        return 0.0, 1.0
    mean, reach = float(np.mean(values)), student_reach(values)
    return max(mean - reach, 0.0), min(mean + reach, 1.0)


def gain_of(learned: Learned) -> tuple[float, float]:
    """Gain of the score by learning, layer by layer: the mean, and the lower end of its 95 % interval by t."""
    pairs = zip(learned.finals, learned.untrained, strict=True)
    gains = [trained.score - untrained.score for trained, untrained in pairs]
    mean = float(np.mean(gains))
    return mean, mean - student_reach(gains)


def _point(junctions: Junctions, trials: Sequence[Trial]) -> LearningPoint:
    scores = [trial.score for trial in trials]
    pulses, energy = (float(np.mean([getattr(trial, name) for trial in trials])) for name in ("pulses", "energy"))
    return LearningPoint(
        current=junctions.current,
        spread=junctions.spread,
        junctions=junctions.count,
        chance=float(np.mean(junctions.pulse.chances(junctions.current))),
        score=float(np.mean(scores)),
        ci95=seeds_interval(scores),
        worst=min(scores),
        pulse_energy=energy / pulses if pulses else 0.0,
        learning_energy=energy,
        written=float(np.mean([trial.written for trial in trials])),
        parallel=float(np.mean([trial.parallel for trial in trials])),
        trouble=usual_trouble(trials),
    )


def _share(trials: Sequence[Trial], repeated: bool) -> Score:
    """Share of cars or images that are right; what all layers are shown alike (`repeated`) counts once."""
    shares = [trial.right / trial.total for trial in trials]
    total = trials[0].total if repeated else sum(trial.total for trial in trials)
    right = round(float(np.mean(shares)) * total) if repeated else sum(trial.right for trial in trials)
    value = float(np.mean(shares)) if repeated else right / total
    exact, seeds = exact_interval(right, total), seeds_interval(shares)
    return Score(value=value, ci95=(min(exact[0], seeds[0], value), max(exact[1], seeds[1], value)))


def _alarms(trials: Sequence[Trial]) -> tuple[float, tuple[float, float]]:
    """False alarms for each car with the wider of the exact interval of a Poisson number and that over seeds."""
    alarms, cars = sum(trial.alarms for trial in trials), sum(trial.total for trial in trials)
    low, high = poisson_interval(alarms)
    each = [trial.alarms / trial.total for trial in trials]
    reach = student_reach(each) if len(each) > 1 else 0.0
    mean = alarms / cars
    return mean, (max(0.0, min(float(low) / cars, mean - reach)), max(float(high) / cars, mean + reach))


def _references(task: DigitsTask, seeds: Sequence[int]) -> dict[str, float]:
    """Scores of k-means with as many prototypes, named alike, and of logistic regression on the same images."""
    learning, held_out, names, right = split_images("digits", task.held_out, task.split_seed)
    shares = []
    for seed in seeds:
        means = KMeans(task.layer.neurons, n_init=1, random_state=seed).fit(learning)
        counts = np.zeros((task.layer.neurons, 10))
        np.add.at(counts, (means.labels_, names), 1)
        shares.append(float((counts.argmax(axis=1)[means.predict(held_out)] == right).mean()))
    taught = LogisticRegression(max_iter=1000).fit(learning, names)
    return {
        f"{task.layer.neurons} k-means": float(np.mean(shares)),
        "logistic regression (taught)": float(taught.score(held_out, right)),
    }
