"""Vowels: repeats of training and test, accuracies with intervals, and the map of patterns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import scipy

from analysis.statistics.proportions import exact_interval
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.oscillator_vowels import figures
from solitons.campaigns.oscillators.oscillator_vowels.campaign import OscillatorVowelsCampaign
from solitons.campaigns.oscillators.oscillator_vowels.checks import network_of
from solitons.campaigns.oscillators.oscillator_vowels.formants import WORDS
from solitons.campaigns.oscillators.oscillator_vowels.judgement import about_recognition, about_training, about_vowels
from solitons.campaigns.oscillators.oscillator_vowels.recognition import Repeat, one_repeat, pattern_map
from solitons.campaigns.oscillators.oscillator_vowels.results import (
    PUBLISHED,
    RECOGNISERS,
    OscillatorVowelsResults,
    Recognised,
    RecogniserName,
)
from solitons.fits.verdict import judge
from solitons.numerics.threads import shared

__all__ = ["analyse", "recognised_by"]


def analyse(
    campaign: OscillatorVowelsCampaign, runs: ComputedRuns[None], stages: Stages
) -> Findings[OscillatorVowelsResults]:
    """Train and test in every repeat, then compare, and map the patterns of the first repeat's currents."""
    del runs  # there are none
    task = campaign.task
    network, count = network_of(task), campaign.training.repeats
    with stages("Training and test", count) as advance:
        repeats = shared(lambda number: one_repeat(task, network, number), range(count), advance)
    recognised = [recognised_by(name, repeats) for name in RECOGNISERS]
    with stages("Map of patterns", 1) as advance:
        mapped = pattern_map(task, network, repeats[0].coupled.currents)
        advance()
    currents = [each.coupled.currents.tolist() for each in repeats]
    confusions = _confusions(repeats, len(network.wanted))
    agreed = float(np.mean([each.agreed for each in repeats]))
    verdict = judge(
        [
            *about_recognition(recognised, len(network.wanted)),
            *about_vowels(list(campaign.vowels.patterns), confusions),
            *about_training(agreed, currents, campaign.oscillators.currents),
        ]
    )
    results = OscillatorVowelsResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        vowels=list(campaign.vowels.patterns),
        patterns=list(campaign.vowels.patterns.values()),
        recognised=recognised,
        confusions=confusions,
        tested=sum(len(each.labels) for each in repeats),
        training_shares=[list(each.coupled.shares) for each in repeats],
        training_shares_uncoupled=[list(each.uncoupled.shares) for each in repeats],
        start_currents=list(campaign.oscillators.start),
        currents=currents,
        frequencies=[network.tuning.frequency(each).tolist() for each in currents],
        half_width=float(np.mean(network.tuning.half_widths)),
        coupling=network.coupling,
        linewidth=network.linewidth,
        resolution=network.record.resolution,
        agreed=agreed,
    )
    return Findings(
        results,
        values={"published": PUBLISHED, "words": WORDS, "repeats": count},
        figures={
            "map": partial(figures.map_figure, results, mapped),
            "shares": partial(figures.shares_figure, results),
        },
    )


def recognised_by(name: RecogniserName, repeats: Sequence[Repeat]) -> Recognised:
    """Shares of one recogniser over all repeats, and by how much it is behind the coupled, tuned oscillators."""
    right, own = ([each.right(which) for each in repeats] for which in (name, "oscillators"))
    hits, total = int(np.sum(right)), int(np.size(right))
    behind = np.mean(own, axis=1) - np.mean(right, axis=1)
    mean = float(behind.mean())
    half = float(scipy.stats.t.ppf(0.975, len(behind) - 1) * behind.std(ddof=1) / np.sqrt(len(behind)))
    any_pattern = [each.any_pattern[name] == each.labels for each in repeats if name in each.any_pattern]
    return Recognised(
        name=name,
        share=hits / total,
        ci95=exact_interval(hits, total),
        behind=mean,
        behind_ci95=(mean - half, mean + half),
        any_pattern=float(np.mean(any_pattern)) if any_pattern else None,
    )


def _confusions(repeats: Sequence[Repeat], vowels: int) -> list[list[int]]:
    table = np.zeros((vowels, vowels + 1), int)
    for each in repeats:
        # No vowel's pattern is -1, which counts in the last column.
        np.add.at(table, (each.labels, each.answers["oscillators"]), 1)
    return [[int(value) for value in row] for row in table]
