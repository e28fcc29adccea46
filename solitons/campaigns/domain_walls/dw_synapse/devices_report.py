"""The section of a stripe's report about devices of one drawing that chance made different."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solitons.campaigns.domain_walls.dw_synapse.analysis import Shown
from solitons.campaigns.domain_walls.dw_synapse.results import SynapseResults
from solitons.campaigns.framework.device_samples import spread_words
from solitons.campaigns.framework.page import Section, figure, paragraph
from solitons.figures import MEASURED, PREDICTED, new_figure

__all__ = ["devices_sections"]


def devices_sections(results: SynapseResults, shown: Shown) -> Sequence[Section]:
    """How devices of one drawing differ."""
    if shown.samples is None or results.devices is None:
        return []
    words = spread_words(results.devices, "devices of one drawing, each with random edges of its own,", "the wall")
    words += " Relaxation has left it there; a reset against an end would make its first places more alike."
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
    return [Section("From device to device", [picture, paragraph(words)])]
