"""The section of a stripe's report about devices of one drawing that chance made different."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solitons.campaigns.dw_synapse.analysis import Shown
from solitons.campaigns.dw_synapse.results import SynapseResults
from solitons.campaigns.page import Section, figure, paragraph
from solitons.figures import MEASURED, PREDICTED, new_figure, value_label

__all__ = ["devices_sections"]


def devices_sections(results: SynapseResults, shown: Shown) -> Sequence[Section]:
    """How devices of one drawing differ."""
    if shown.samples is None or results.devices is None:
        return []
    found = results.devices
    kept = found.devices - found.lost
    if found.gain is None or found.gain_ci95 is None:
        words = (
            f"In {kept} devices of one drawing, each with random edges of its own, the walls rest "
            f"{value_label(found.at_rest, 'm', digits=2)} apart (standard deviation, root mean square over the pulses) "
            "after the same pulses. The mean wall moves too little to show how far that is a gain of the device."
        )
    else:
        low, high = found.gain_ci95
        words = (
            f"In {kept} devices of one drawing, each with random edges of its own, the same pulse moves the wall by "
            f"{found.gain:.1%} more or less (standard deviation over devices; 95 % interval {low:.1%} to {high:.1%}). "
            f"Beyond that, the walls rest {value_label(found.place, 'm', digits=2)} apart, at places of their own. "
            f"Where they start included, that is {value_label(found.at_rest, 'm', digits=2)} after the same pulses "
            "(root mean square over the pulses)."
        )
    words += (
        f" Before the pulses, where relaxation has left them, they rest {value_label(found.start, 'm', digits=2)} "
        "apart; a reset against an end would make that smaller."
    )
    lost = f" In {found.lost} of {found.devices} devices the wall left; they are not in these numbers."
    drawn = new_figure(7.6, 2.6)
    ax = drawn.subplots()
    count = np.arange(shown.samples.shape[1])
    for index, each in enumerate(shown.samples):
        name = "_" if index else "a device"
        ax.plot(count, each * 1e9, "-", color=MEASURED, linewidth=0.8, alpha=0.6, label=name)
    whole = shown.samples[np.isfinite(shown.samples).all(axis=1)]
    ax.plot(count, whole.mean(axis=0) * 1e9, "-", color=PREDICTED, linewidth=1.8, label="mean")
    ax.set_xlabel("pulse")
    ax.set_ylabel("wall position (nm)")
    ax.legend(frameon=False, fontsize="small")
    ax.spines[["top", "right"]].set_visible(False)
    picture = figure(
        drawn,
        "Where the wall rests before the base run's pulses and after each, one line a device: the campaign's drawing "
        "with other random numbers.",
    )
    return [Section("From device to device", [picture, paragraph(words + (lost if found.lost else ""))])]
