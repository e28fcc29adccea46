"""What speaks against a leaky neuron that stands for a soliton."""

import numpy as np
from both_ways import Limit, both_ways, crosses

from solitons.campaigns.export_check import analysis
from solitons.exports.neuron_fit import SpikeComparison
from solitons.exports.neuron_judgement import judge_neuron

OF = ["solitons/exports/neuron_judgement.py", "solitons/campaigns/export_check/analysis.py"]


def comparison(off=0.01, missed=0, leaky=100, trivial=0.4):
    """Two streams of 50 intervals, each off by so much of the mean one."""
    errors = np.full((2, 50), off)
    errors.flat[:missed] = np.inf
    return SpikeComparison(tuple(errors), mean_interval=5e-9, trivial=trivial, soliton=100, leaky=leaky)


def judged(**changes):
    return judge_neuron(comparison(**changes))


@both_ways(
    Limit("no_better_than_trivial", "failed", {"off": 0.41}, {"off": 0.39}),
    Limit("no_better_than_trivial", "failed", {"missed": 51}, {"missed": 50}),
    Limit("little_better_than_trivial", "limited", {"off": 0.21}, {"off": 0.19}),
    Limit("spikes_are_off", "limited", {"off": 0.051}, {"off": 0.049}),
    Limit("spikes_are_missed", "limited", {"missed": 6}, {"missed": 5}),
    Limit("counts_differ", "limited", {"leaky": 106}, {"leaky": 104}),
    Limit("counts_differ", "limited", {"leaky": 94}, {"leaky": 96}),
    # Of a neuron that failed nothing more is stated.
    Limit("counts_differ", "limited", {"leaky": 94}, {"leaky": 94, "off": 0.41}),
)
def test_a_limit_of_a_leaky_neuron(limit):
    crosses(judged, limit)


def exported(compared=100, round_trip=0.0):
    return [*analysis._about_number(compared, 100), *analysis._about_nir(round_trip, comparison())]


@both_ways(
    Limit("too_few_spikes", "limited", {"compared": 99}, {"compared": 100}),
    Limit("changed_by_nir", "failed", {"round_trip": 5.1e-18}, {"round_trip": 4.9e-18}),
)
def test_a_limit_of_an_export(limit):
    crosses(exported, limit)


def test_a_good_neuron_is_trusted():
    assert judged().verdict == "trusted"
