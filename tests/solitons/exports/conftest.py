"""Pulses of known devices, so that what a fit finds can be compared with the truth."""

import numpy as np
import pytest

from solitons import FittedRange, Provenance
from solitons.devices import TabulatedSynapse
from solitons.exports import fit_pulses
from solitons.exports.pulse_trains import pulse_trains

PULSES, CYCLES = 40, 6


@pytest.fixture(scope="session")
def exponential():
    """A device whose every pulse takes it a fifteenth of the rest of the way, with noise of pulses and of readings."""
    low, span = 10e-6, 40e-6
    share = 1 - np.exp(-1 / 15)
    return TabulatedSynapse(
        lowest=low,
        highest=low + span,
        up=[1.05 * share * span, 0.05 * share * span],
        down=[-0.05 * share * span, -1.05 * share * span],
        cycle_up=0.3e-6,
        cycle_down=0.4e-6,
        read_noise=0.3e-6,
    )


@pytest.fixture(scope="session")
def measured(exponential):
    return pulse_trains(exponential, count=PULSES, cycles=CYCLES, seed=1)


@pytest.fixture(scope="session")
def fitted(measured):
    return fit_pulses(measured)


def wall_origin(amplitude, verdict):
    """Where a wall comes from that was fitted to pulses of these amplitudes."""
    return Provenance(
        trained_on=("a", "b"),
        held_out=("c",),
        held_out_rms_at_rest=2e-9,
        fitted_range=FittedRange(amplitude=amplitude, width=(0.4e-9, 0.5e-9), position=(50e-9, 250e-9)),
        verdict=verdict,
    )
