"""Whether a leaky integrate-and-fire neuron may stand for a soliton, by the times of its spikes."""

from __future__ import annotations

from solitons.exports.neuron_fit import SpikeComparison
from solitons.fits.reasons import beside_trivial
from solitons.fits.verdict import Verdict, judge, limitation

__all__ = ["judge_neuron"]

_NOTICED = 0.05
"""Share of the mean interval: spikes that are off by less are in the right order almost always."""
_COUNTED = 0.05
"""Share of the spikes that are too many or too few when both go their own way."""


def judge_neuron(comparison: SpikeComparison) -> Verdict:
    """Judge a leaky neuron by a comparison under currents that it was not fitted to, with at least one interval."""
    rms, (low, high) = comparison.rms
    missed = comparison.missed / comparison.compared
    beside = (
        f"From spike to spike it is off by {rms:.1%} of the mean interval (root mean square, 95 % interval {low:.1%} "
        f"to {high:.1%}); a model in which every interval is the mean is off by {comparison.trivial:.1%}"
    )
    against = beside_trivial(
        rms,
        comparison.trivial,
        beside,
        nothing=f", and it misses {missed:.1%} of the spikes: it does not predict the spike times from the currents.",
        little=": the soliton remembers more than its place, such as its angle. Use currents that change more slowly, "
        "or the soliton itself.",
        useless=missed > 0.5,
    )
    found = list(against)
    if not found and rms > _NOTICED:
        found.append(
            limitation("spikes_are_off", f"{beside}. Codes that rest on the order of near spikes are not safe.")
        )
    if not found or found[0].weight != "failed":
        if missed > _COUNTED:
            found.append(
                limitation(
                    "spikes_are_missed",
                    f"It does not fire within the recording for {missed:.1%} of the soliton's spikes.",
                )
            )
        more = comparison.leaky / comparison.soliton - 1
        if abs(more) > _COUNTED:
            found.append(
                limitation(
                    "counts_differ",
                    f"Left to itself it fires {comparison.leaky} times where the soliton fires "
                    f"{comparison.soliton} times.",
                )
            )
    return judge(found)
