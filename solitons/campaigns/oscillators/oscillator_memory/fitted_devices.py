"""The numbers that fitted oscillators and synapses bring to a memory."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solitons.campaigns.oscillators.oscillator_memory.settings import CouplingSettings, OscillatorSettings
from solitons.devices.level_count import levels_in_wells
from solitons.devices.synapse import AbstractSynapse
from solitons.models.loading import load_model_of
from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.oscillators.phase_networks import PhaseOscillator
from solitons.oscillators.phase_reduction import phase_of

__all__ = ["levels_and_error", "oscillator_of"]


def oscillator_of(given: OscillatorSettings) -> PhaseOscillator:
    """One oscillator as a phase, by its fitted model or by the given numbers, with the coupling's lag."""
    if given.frequency is not None and given.linewidth is not None and given.coupling is not None:
        return PhaseOscillator(given.frequency, given.linewidth, given.coupling, given.lag)
    remedy = "give the oscillator.json of a campaign, 'oscillator', or frequency, linewidth and coupling"
    model = load_model_of("oscillator.model", str(given.model), remedy, AutoOscillator)
    numbers = (float(each or 0.0) for each in (given.current_density, given.field, given.temperature))
    found = phase_of(model, *numbers)
    return replace(found, lag=found.lag + given.lag)


def levels_and_error(couplings: CouplingSettings) -> tuple[int, float]:
    """Levels of the devices that hold the couplings, and their error over the range.

    Of a fitted synapse they are the wells in which its wall stays under the junction; in a device with fewer than two,
    what stays apart by three standard deviations. The error joins what its model gets wrong at rest, heat, and how
    devices differ, over the window.
    """
    if couplings.levels is not None and couplings.error is not None:
        return couplings.levels, couplings.error
    remedy = "give the synapse.json of a campaign, or levels and error"
    model = load_model_of("couplings.synapse", str(couplings.synapse), remedy, AbstractSynapse)
    left, right = (float(each) for each in model.window)
    missed = getattr(model.provenance, "held_out_rms_at_rest", None) or 0.0
    error = float(np.sqrt(missed**2 + model.spreads.cycle**2 + model.spreads.place**2)) / (right - left)
    if not error > 0:
        raise ValueError(
            f"couplings.synapse = {couplings.synapse!r} has no error that is known; give levels and error instead"
        )
    wells = levels_in_wells(model.wells(), (left, right))
    return (wells if wells > 1 else int(1 / (3 * error)) + 1), error
