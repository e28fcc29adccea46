"""Vowels by the oscillators that follow a signal: training of the currents, and what a test recognises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from solitons.campaigns.oscillators.oscillator_vowels.formants import draw_formants
from solitons.campaigns.oscillators.oscillator_vowels.settings import VowelTask
from solitons.oscillators.current_tuning import CurrentTuning
from solitons.oscillators.synchronisation import (
    Patterns,
    Record,
    SignalledOscillators,
    mean_frequencies,
    synchronised,
    tuned_towards,
)

__all__ = [
    "Network",
    "PatternMap",
    "Repeat",
    "Trained",
    "linear_answers",
    "one_repeat",
    "pattern_map",
    "signals_of",
    "train",
    "wanted_patterns",
]

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]

_MAP_POINTS = 81
_SHOWN_SPEAKERS = 40

NONE = -1
"""The answer where the pattern is no vowel's."""


@dataclass(frozen=True)
class Network:
    """Oscillators without their currents: how these tune them, what couples and heats them, and the record.

    `wanted` (vowel, oscillator) is the pattern of each vowel; coupling and linewidth are in Hz.
    """

    tuning: CurrentTuning
    coupling: float
    linewidth: float
    record: Record
    wanted: Patterns

    def at(self, currents: npt.ArrayLike) -> SignalledOscillators:
        """The oscillators under their currents in A/m2."""
        return SignalledOscillators(
            tuple(self.tuning.frequency(currents).tolist()),
            tuple(self.tuning.half_width(currents).tolist()),
            self.coupling,
            self.linewidth,
        )

    def patterns(
        self, currents: npt.ArrayLike, signals: Floats, seed: int, first: int = 0, threads: int | None = 1
    ) -> Patterns:
        """Patterns of signals (batch, 2) in Hz; the noise has numbers from `first`."""
        numbers = first + np.arange(len(signals))
        found = mean_frequencies(self.at(currents), signals, self.record, seed=seed, numbers=numbers, threads=threads)
        return synchronised(found, signals, self.record.resolution)

    def answers(self, patterns: Patterns) -> Numbers:
        """The vowel whose pattern each is, or `NONE`."""
        same = (patterns[:, None, :] == self.wanted).all(axis=-1)
        return np.where(same.any(axis=-1), same.argmax(axis=-1), NONE)


def wanted_patterns(words: Mapping[str, str]) -> Patterns:
    """Patterns (vowel, oscillator) of words such as ``A-B-``."""
    longest = max(map(len, words.values()))
    return np.array([["-AB".index(letter) for letter in word.ljust(longest, "-")] for word in words.values()], np.int8)


def signals_of(task: VowelTask, formants: Floats) -> Floats:
    """Frequencies in Hz of both signals (batch, 2) for formants (batch, 2) in Hz."""
    maps = (task.signal_a, task.signal_b)
    return np.stack([each.offset + formants @ [each.per_f1, each.per_f2] for each in maps], axis=-1)


@dataclass(frozen=True)
class Trained:
    """Currents in A/m2 of the best epoch, and the share of training vowels that are right before and after each."""

    currents: Floats
    shares: tuple[float, ...]


def train(
    network: Network,
    start: Sequence[float],
    signals: Floats,
    labels: Numbers,
    *,
    epochs: int,
    step: float,
    seed: int,
) -> Trained:
    """Tune the currents one vowel after another, and keep those of the epoch that is right most often in training.

    Where the pattern is not the vowel's, oscillators that should follow a signal are tuned towards it, and those that
    should not away from it (`tuned_towards`); a current stays in its range. The step falls to 0.

    Parameters
    ----------
    network : Network
        The oscillators.
    start : sequence of float
        Currents before, in A/m2.
    signals, labels : array (batch, 2), array of int (batch,)
        Of the training speakers: in Hz, and numbers of vowels.
    epochs : int
        Rounds through all of them.
    step : float
        First step in half widths.
    seed : int
        Of the order and the noise.
    """
    generator = np.random.default_rng(seed)
    currents, presented = np.array(start, float), 0

    def share() -> float:
        return float(np.mean(network.answers(network.patterns(currents, signals, seed)) == labels))

    kept, shares = currents, [share()]
    for epoch in range(epochs):
        size = step * float(np.mean(network.tuning.half_widths)) * (1 - epoch / epochs)
        for at in generator.permutation(len(labels)):
            presented += 1
            found = network.patterns(currents, signals[at : at + 1], seed + 1, first=presented)[0]
            wanted = network.wanted[labels[at]]
            if np.any(found != wanted):
                tuned = tuned_towards(network.tuning.frequency(currents), signals[at], found, wanted, size)
                currents = network.tuning.current(tuned)
        shares.append(share())
        kept = currents if shares[-1] > max(shares[:-1]) else kept
    return Trained(kept, tuple(shares))


def linear_answers(formants: Floats, labels: Numbers, tested: Floats) -> Numbers:
    """Answers of a logistic regression on the two formants, whose borders are straight lines."""
    from sklearn.linear_model import LogisticRegression

    mean, deviation = formants.mean(axis=0), formants.std(axis=0)
    fitted = LogisticRegression(max_iter=2000).fit((formants - mean) / deviation, labels)
    return np.asarray(fitted.predict((tested - mean) / deviation))


def _by_any_pattern(seen: Patterns, labels: Numbers, tested: Patterns) -> Numbers:
    """Answers where every pattern stands for the vowel that it had most often in training."""
    counts: dict[bytes, Numbers] = {}
    for pattern, label in zip(seen, labels, strict=True):
        counts.setdefault(pattern.tobytes(), np.zeros(labels.max() + 1, np.intp))[label] += 1
    return np.array([int(counts[each.tobytes()].argmax()) if each.tobytes() in counts else NONE for each in tested])


@dataclass(frozen=True)
class Repeat:
    """One repeat: answers to the test vowels by each recogniser, and what training did.

    `any_pattern` has answers where every pattern counts, `agreed` the share of patterns that a second record repeats.
    """

    labels: Numbers
    answers: dict[str, Numbers]
    any_pattern: dict[str, Numbers]
    agreed: float
    coupled: Trained
    uncoupled: Trained

    def right(self, name: str) -> npt.NDArray[np.bool_]:
        """Which test vowels a recogniser has right."""
        return np.asarray(self.answers[name] == self.labels)


def one_repeat(task: VowelTask, network: Network, number: int) -> Repeat:
    """Draw speakers, train with and without coupling, and ask everybody the same test vowels."""
    given, vowels, start = task.training, task.vowels, task.oscillators.start
    seed = given.seed + 1000 * number
    generator = np.random.default_rng([given.seed, number])
    names = tuple(vowels.patterns)
    formants, labels = draw_formants(names, vowels.group, vowels.training_speakers, generator)
    tested, true = draw_formants(names, vowels.group, vowels.test_speakers, generator)
    signals, asked = signals_of(task, formants), signals_of(task, tested)
    alone = replace(network, coupling=0.0)
    coupled, uncoupled = (
        train(each, start, signals, labels, epochs=given.epochs, step=given.step, seed=seed)
        for each in (network, alone)
    )
    patterns, trained = {}, {}
    for name, each, currents in (
        ("oscillators", network, coupled.currents),
        ("coupling_off", alone, uncoupled.currents),
        ("tuning_off", network, np.array(start)),
    ):
        patterns[name] = each.patterns(currents, asked, seed + 2)
        trained[name] = each.patterns(currents, signals, seed + 3)
    again = network.patterns(coupled.currents, asked, seed + 4)
    return Repeat(
        labels=true,
        answers={name: network.answers(found) for name, found in patterns.items()}
        | {"linear": linear_answers(formants, labels, tested)},
        any_pattern={name: _by_any_pattern(trained[name], labels, found) for name, found in patterns.items()},
        agreed=float(np.mean((patterns["oscillators"] == again).all(axis=-1))),
        coupled=coupled,
        uncoupled=uncoupled,
    )


class PatternMap(NamedTuple):
    """Patterns (b, a, oscillator) over frequencies in Hz of signals A and B, and drawn vowels with their signals."""

    a: Floats
    b: Floats
    patterns: Patterns
    signals: Floats
    labels: Numbers


def pattern_map(task: VowelTask, network: Network, currents: Floats) -> PatternMap:
    """Patterns over all frequencies that both signals have, under currents in A/m2, and speakers on them."""
    names, seed = tuple(task.vowels.patterns), task.training.seed
    formants, labels = draw_formants(names, task.vowels.group, _SHOWN_SPEAKERS, np.random.default_rng(seed))
    signals = signals_of(task, formants)
    margin = network.tuning.half_widths[0] / 2
    a, b = (
        np.linspace(each.min() - margin, each.max() + margin, _MAP_POINTS) for each in (signals[:, 0], signals[:, 1])
    )
    points = np.stack(np.meshgrid(a, b), axis=-1)
    patterns = network.patterns(currents, points.reshape(-1, 2), seed, threads=None)
    return PatternMap(a, b, patterns.reshape(len(b), len(a), -1), signals, labels)
