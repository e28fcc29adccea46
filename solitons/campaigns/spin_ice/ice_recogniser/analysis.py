"""Recognition and memory of a spin ice, and deviations from the request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.spin_ice.ice_recogniser import figures
from solitons.campaigns.spin_ice.ice_recogniser.campaign import IceRecogniserCampaign
from solitons.campaigns.spin_ice.ice_recogniser.memory import measure_memory
from solitons.campaigns.spin_ice.ice_recogniser.recognition import recognise
from solitons.campaigns.spin_ice.ice_recogniser.reduced_model import reduced_ice
from solitons.campaigns.spin_ice.ice_recogniser.results import MemoryPoint, RecogniserResults, Recognition, in_words
from solitons.figures import value_label
from solitons.spin_ice import saturated_spins
from solitons.spin_ice.first_reversal import first_reversal_field

__all__ = ["analyse"]


def analyse(campaign: IceRecogniserCampaign, runs: ComputedRuns[None], stages: Stages) -> Findings[RecogniserResults]:
    """Let the ice read digits, and measure its memory."""
    del runs  # there are none
    switching, patterns, memory = campaign.switching, campaign.patterns, campaign.memory
    with stages("Read digits"):
        ice = reduced_ice(campaign.device, campaign.material, switching)
        model = ice.model(switching.spread, switching.seed)
        first = first_reversal_field(model, saturated_spins(model, patterns.angle), patterns.angle + np.pi)
        recognition = recognise(patterns, ice, model)
    with stages("Measure memory", len(memory.spreads) * len(memory.amplitudes)) as advance:
        remembered = measure_memory(memory, ice, switching.seed, advance)
    results = RecogniserResults(
        islands=model.islands,
        inputs=ice.inputs.size,
        read_outs=ice.read_outs.size,
        parameters_from=ice.switching.source,
        first_flip_field=first,
        recognition=recognition,
        memory=remembered,
        notes=_notes(max(patterns.amplitudes), first, recognition, remembered),
    )
    drawn = {
        "ports": partial(figures.ports_figure, ice),
        "ranks": partial(figures.ranks_figure, remembered),
        "memory": partial(figures.memory_figure, remembered),
    }
    if recognition is not None:
        chosen = recognition.chosen_amplitude
        drawn["cascades"] = partial(figures.cascades_figure, patterns, ice, model, chosen)
        drawn["recognition"] = partial(figures.recognition_figure, recognition)
    values = {"switching": ice.switching, "in_words": in_words}
    return Findings(results, values=values, figures=drawn, models={"lattice": model})


def _notes(largest: float, first: float, found: Recognition | None, memory: Sequence[MemoryPoint]) -> list[str]:
    notes = []
    if found is None:
        notes.append(
            f"no pattern turns an island: the largest field is {value_label(largest, 'A/m')}, and the ice without a "
            f"pattern turns first in {value_label(first, 'A/m')}; raise patterns.amplitudes"
        )
    if all(point.flips == 0 for point in memory):
        notes.append("no input of the memory's series turns an island; raise memory.amplitudes")
    return notes
