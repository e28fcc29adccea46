"""What writing and reading a junction cost: against closed forms, and what is not known."""

import numpy as np
import pytest

from geometries import Barrier, Pillar
from solitons.campaigns.junctions.mtj_switching.energy import JunctionEnergy, switching_ledger
from solitons.campaigns.junctions.mtj_switching.results import SwitchingPoint, WriteErrorCurve
from solitons.energy.electric_paths import barrier_voltage

RA, TMR = 5e-12, 1.2
PILLAR = Pillar(
    length=20e-9, thickness=1.6e-9, cell=[4e-9, 4e-9, 1.6e-9], start=[0, 0, -1], fixed_layer=[0, 0, 1],
    barrier={"resistance_area": RA, "tmr": TMR},
)  # fmt: skip
AREA = 21 * 16e-18  # cells of the pillar
GIVEN = JunctionEnergy(read_voltage=0.1, read_time=5e-9, transistor_resistance=600.0, source="a test")


def counted(current, shares, members=100):
    return [
        SwitchingPoint(
            current=current, width=1e-9 * (index + 1), members=members, switched=round(share * members), low=0.0,
            high=1.0, use="fitted", model=None, warm=0.5, cold=0.5,
        )
        for index, share in enumerate(shares)
    ]  # fmt: skip


def curve(current, exact):
    widths = np.linspace(1e-9, 4e-9, 4).tolist()
    return WriteErrorCurve(
        overdrive=2.0, current=current, widths=widths if exact else [], exact=exact, closed_form=[], sampled=[],
        width_for_lowest=4e-9, closed_form_ratio=None,
    )  # fmt: skip


def ledger(points, ways, curves=(), energy=GIVEN):
    return switching_ledger(PILLAR, points, ways, curves, 1e-6, energy)


def test_a_voltage_is_that_of_its_state_and_its_bias():
    falls = Barrier(resistance_area=RA, tmr=TMR, half_bias=0.5)
    volts = barrier_voltage(falls, -0.1e12, parallel=False)
    assert volts == pytest.approx(0.5 * (1 + TMR / (1 + (volts / 0.5) ** 2)), rel=1e-9)
    assert 0.5 < volts < 1.1
    assert barrier_voltage(falls, 0.1e12, parallel=True) == pytest.approx(0.5)
    assert barrier_voltage(PILLAR.barrier, 0.1e12, parallel=False) == pytest.approx(1.1)
    assert barrier_voltage(falls, 0.0, parallel=False) == 0


def test_a_pulse_is_the_voltage_of_each_state_for_as_long_as_members_are_in_it():
    assert PILLAR.window_mask().sum() * 16e-18 == pytest.approx(AREA)
    # Out of the antiparallel state at 1.1 V; half of the members are over within 1 ns, evenly, and stay.
    found = ledger(counted(0.1e12, [0.5, 0.5]), [(0.1e12, False)])
    (_, operation), _ = found.operations
    assert operation == "pulse of 0.1 × 10¹² A/m², 2 ns: 50% switch"
    amperes = 0.1e12 * AREA
    mean = (0.75 * 1.1 + 0.25 * 0.5) / 2 + (0.5 * 1.1 + 0.5 * 0.5) / 2
    assert found.joule("tunnel junction", operation, "device") == pytest.approx(amperes * mean * 2e-9, rel=1e-12)
    assert found.joule("tunnel junction", operation, "driver") == pytest.approx(600 * amperes**2 * 2e-9, rel=1e-12)
    assert found.second("tunnel junction", operation) == pytest.approx(2e-9)


def test_each_way_has_the_voltages_of_its_own_states():
    never = counted(0.1e12, [0.0]) + counted(-0.1e12, [0.0])
    found = ledger(never, [(0.1e12, False), (-0.1e12, True)])
    by = [found.joule(*operation, "device") for operation in found.operations[:2]]
    assert by == pytest.approx([0.1e12 * AREA * 1.1e-9, 0.1e12 * AREA * 0.5e-9], rel=1e-12)


def test_pulses_that_hardly_fail_are_over_early():
    found = ledger([*counted(0.1e12, [0.0])], [(0.1e12, False)], [curve(0.3e12, [0.0, 0.0, 0.0, 0.0])])
    operation = found.operations[1]
    # Straight from all to none within the first of 4 ns.
    mean = (1 * (3.3 + 1.5) / 2 + 3 * 1.5) / 4
    assert found.joule(*operation, "device") == pytest.approx(0.3e12 * AREA * mean * 4e-9, rel=1e-12)


def test_a_reading_is_that_of_both_states_in_the_mean():
    found = ledger(counted(0.1e12, [0.0]), [(0.1e12, False)])
    conductance = AREA / RA * (1 + 1 / 2.2) / 2
    assert found.joule("tunnel junction", "read") == pytest.approx(0.01 * conductance * 5e-9, rel=1e-12)


def test_what_is_not_known_is_not_guessed():
    found = ledger(counted(0.1e12, [0.0]), [(0.1e12, False)], [curve(0.3e12, [])], JunctionEnergy())
    missing = {row.missing for row in found.rows if row.missing}
    assert any("give energy.transistor_resistance, 0 for a junction without" in each for each in missing)
    assert any("give energy.read_voltage and energy.read_time" in each for each in missing)
    assert any("it lies between 605 fJ and 1.33 pJ" in each for each in missing)
    with pytest.raises(ValueError, match="numbers are given without a source"):
        JunctionEnergy(transistor_resistance=600.0)
