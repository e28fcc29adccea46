"""Whether walls learn by the timing of spikes: what speaks against the window and against the layer.

Limits are round numbers, given with their ground; none was fitted to a campaign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.domain_walls.wall_timing.results import SentPair, WallTimingResults, Window
from solitons.fits.verdict import Reason, VerdictName, failure, limitation

__all__ = ["about_layer", "about_model", "about_runs"]

_PART = 0.2
"""Share of pairs with another sign, above which the model does not show the window."""
_OFF = 0.05
"""Error over the range: about one of sixteen levels."""
_DISTURBED = 0.1
"""Moves by spikes alone for each by a pair, above which a weight is not what its pairs made it."""


def about_model(name: str, verdict: VerdictName | None, devices: int) -> Iterator[Reason]:
    """What is known of the fitted synapse: its verdict, and on how many devices its spread was measured."""
    if verdict == "failed":
        yield failure("fit_failed", f"The fit of {name} failed: its window means nothing. Take one that did not.")
    elif verdict != "trusted":
        known = "has no verdict" if verdict is None else "is limited"
        yield limitation("fit_limited", f"The fit of {name} {known}; its campaign's report gives the reasons.")
    alike = "The walls of the layer are alike"
    if devices:
        yield limitation("spread_left_out", f"{alike}: the spread of {devices} devices that {name} has is left out.")
    else:
        yield limitation("spread_unknown", f"{alike}: it is not known how devices differ from {name}.")


def about_runs(pairs: Sequence[SentPair], windows: Sequence[Window], margin: float) -> Iterator[Reason]:
    """What runs show against the windows; `margin` is that of a spike alone in the model."""
    alone = [each for each in pairs if each.shape in ("pre", "post") and each.steps != 0]
    if alone:
        yield failure(
            "spike_alone_moves",
            f"In micromagnetics a {alone[0].shape}-synaptic spike alone moves the wall, and the model gives it a "
            f"margin of {margin:.2f}: weights change without a pair. Give weaker spikes.",
        )
    if any(each.shape == "outward" and each.steps is None for each in pairs):
        yield failure(
            "wall_lost_at_end",
            "In micromagnetics a pair drives the wall of an end well out of the stripe: a weight that is written to "
            "its end is lost. Pin the ends, or give weaker spikes.",
        )
    first = windows[0]
    if not (first.raises and first.lowers):
        yield failure(
            "no_both_signs",
            f"In micromagnetics pairs raise the conductance by {first.raises:g} wells at most and lower it by "
            f"{first.lowers:g}: a window needs both. Give stronger spikes, or times at which they meet.",
        )
    for each in windows:
        if 1 - each.agreement > _PART:
            yield failure(
                f"{each.shape}_parts",
                f"The model has another sign than micromagnetics for {1 - each.agreement:.0%} of the {each.shape} "
                "pairs: its window is that of another device.",
            )
        elif each.error is None or each.error > _OFF:
            off = "not known (a wall left)" if each.error is None else f"{each.error:.1%} of the range"
            yield limitation(
                f"{each.shape}_off",
                f"The changes of conductance of the {each.shape} window differ from micromagnetics by {off}, rms.",
            )
        if each.shape == "symmetric" and bool(each.raises) == bool(each.lowers):
            yield limitation(
                "symmetric_not_of_one_sign",
                f"Symmetric pairs raise by {each.raises:g} wells and lower by {each.lowers:g}: that is no such window.",
            )


def about_layer(results: WallTimingResults) -> Iterator[Reason]:
    """What speaks against the layer, and what heat does to it; nothing if there is none."""
    if not results.learned:
        return
    _, untrained, junctions, *_ = results.learned
    if untrained.behind_ci95[0] <= 0:
        yield failure(
            "not_better_than_untrained",
            f"Learning adds {untrained.behind:+.1%} to the digits named right, and its 95 % interval goes down to "
            f"{untrained.behind_ci95[0]:+.1%}. Choose a time between the spikes at which pairs move the wall.",
        )
    if junctions.behind_ci95[1] < 0:
        yield limitation(
            "behind_junctions",
            f"Walls name {-junctions.behind:.1%} fewer digits right than junctions (95 %: "
            f"{-junctions.behind_ci95[1]:.1%} to {-junctions.behind_ci95[0]:.1%}).",
        )
    if results.disturbances is None:
        yield limitation(
            "chance_unknown",
            "The layer is at 0 K: what heat does to pairs and to spikes alone is not known. Give a temperature.",
        )
    elif results.disturbances > _DISTURBED:
        yield limitation(
            "spikes_alone_disturb",
            f"Spikes alone move a wall with heat up to {results.disturbances:.2g} times for each move by a pair while "
            "the layer learns, which the layer leaves out. Give weaker spikes, or follow more walls.",
        )
