"""A pulse that was never sent has no energy."""

import pytest

from solitons.campaigns.junctions.stochastic_stdp.analysis import learning_rows
from solitons.campaigns.junctions.stochastic_stdp.results import LearningPoint
from solitons.energy import EnergyLedger


def ledger_of(pulse, learning):
    point = LearningPoint(
        current=1e11, spread=0.0, junctions=1, chance=0.1, score=0.5, ci95=(0.4, 0.6), worst=0.4, pulse_energy=pulse,
        learning_energy=learning, written=0.0, parallel=0.5, trouble="",
    )  # fmt: skip
    return EnergyLedger(rows=tuple(learning_rows("cars", point, 10e-9, 100.0)))


def test_a_pulse_that_was_sent_and_one_that_was_not():
    ledger = ledger_of(5e-14, 1e-9)
    assert ledger.joule("junction", "write pulse, cars") == pytest.approx(5e-14)
    assert ledger.joule("junction", "learning cars") == pytest.approx(1e-9)
    assert ledger.second("junction", "write pulse, cars") == 10e-9
    none = ledger_of(0.0, 0.0)
    assert none.joule("junction", "write pulse, cars") is None
    assert none.joule("junction", "learning cars") == 0.0
