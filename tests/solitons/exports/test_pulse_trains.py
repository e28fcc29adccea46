"""Pulses sent to a device whose steps are known."""

import dataclasses

import numpy as np
import pytest
from rows import rows

from solitons import LinearSynapse
from solitons.devices import Junction, ProgrammingPulse
from solitons.exports.pulse_trains import pulse_trains

PULSE = ProgrammingPulse(amplitude=1e11, shortest=1e-9, longest=1e-9, rise=0.0, period=2e-9)
WALL = LinearSynapse(mobility=5e-11, junction=Junction(0, 1e-7, 2e-4, 1e-4), polarity=-1, left=0.0, right=1e-7)


@pytest.mark.parametrize("mobility", [5e-11, -5e-11])
def test_pulses_of_the_sign_that_raises_the_conductance_come_first(mobility):
    """Each moves the wall by 5 nm of 100, whichever way a current takes it."""
    data = pulse_trains(dataclasses.replace(WALL, mobility=np.float64(mobility)), PULSE, count=4, cycles=2)
    assert [(each.device, each.cycle) for each in data.sequences] == [("1", "1"), ("1", "2")]
    for each in data.sequences:
        assert each.sign.tolist() == [1] * 4 + [-1] * 4
        steps = np.array([0, 1, 2, 3, 4, 3, 2, 1, 0])
        assert each.conductance == pytest.approx(1e-4 + 5e-6 * steps, rel=1e-6)


@rows(
    ("changes", "message"),
    [
        ({"count": 3}, "count = 3, .*give trains of 4 pulses or more"),
        ({"devices": 0}, "devices = 0"),
        ({"pulse": None}, "a pulse is needed"),
        ({"synapse": dataclasses.replace(WALL, mobility=np.float64(0.0))}, "raises the conductance with neither sign"),
    ],
)
def test_trains_that_cannot_be_sent_are_refused(changes, message):
    given = {"synapse": WALL, "pulse": PULSE, "count": 4} | changes
    with pytest.raises(ValueError, match=message):
        pulse_trains(given.pop("synapse"), given.pop("pulse"), **given)
