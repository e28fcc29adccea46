"""Vowels: repeats of training and test, accuracies with intervals, and the map of patterns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from analysis.statistics.means import student_reach
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
    network, count, vowels = network_of(campaign), campaign.training.repeats, campaign.vowels.patterns
    with stages("Training and test", count) as advance:
        repeats = shared(lambda number: one_repeat(campaign, network, number), range(count), advance)
    with stages("Map of patterns"):
        mapped = pattern_map(campaign, network, repeats[0].currents)
    recognised = [recognised_by(name, repeats) for name in RECOGNISERS]
    currents = [each.currents.tolist() for each in repeats]
    confusions = np.zeros((len(vowels), len(vowels) + 1), int)
    for each in repeats:
        # No vowel's pattern is -1, which counts in the last column.
        np.add.at(confusions, (each.labels, each.answers["oscillators"]), 1)
    agreed = float(np.mean([each.agreed for each in repeats]))
    verdict = judge(
        [
            *about_recognition(recognised, len(vowels)),
            *about_vowels(list(vowels), confusions.tolist()),
            *about_training(agreed, currents, campaign.oscillators.currents),
        ]
    )
    results = OscillatorVowelsResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        recognised=recognised,
        confusions=confusions.tolist(),
        training_shares=[each.shares for each in repeats],
        training_shares_uncoupled=[each.shares_uncoupled for each in repeats],
        currents=currents,
        frequencies=[network.tuning.frequency(each).tolist() for each in currents],
        half_width=float(np.mean(network.tuning.half_widths)),
        linewidth=network.linewidth,
        agreed=agreed,
    )
    return Findings(
        results,
        values={"published": PUBLISHED, "words": WORDS, "tested": int(confusions.sum())},
        figures={
            "map": partial(figures.map_figure, vowels, mapped),
            "shares": partial(figures.shares_figure, results),
        },
    )


def recognised_by(name: RecogniserName, repeats: Sequence[Repeat]) -> Recognised:
    """Shares of one recogniser over all repeats, and by how much it is behind the coupled, tuned oscillators."""
    right, own = ([each.right(which) for each in repeats] for which in (name, "oscillators"))
    hits, total = int(np.sum(right)), int(np.size(right))
    behind = np.mean(own, axis=1) - np.mean(right, axis=1)
    mean, half = float(behind.mean()), student_reach(behind.tolist())
    any_pattern = [each.any_pattern[name] == each.labels for each in repeats if name in each.any_pattern]
    return Recognised(
        name=name,
        share=hits / total,
        ci95=exact_interval(hits, total),
        behind=mean,
        behind_ci95=(mean - half, mean + half),
        any_pattern=float(np.mean(any_pattern)) if any_pattern else None,
    )
