import numpy as np
import pytest
from rows import rows
from scipy import stats

from geometries import Material, Pillar
from geometries.terminals import ThroughPlane
from solitons.junctions import axial_fokker_planck, follow_macrospins, thermal_states
from solitons.junctions.pillar_pulses import pulsed_pillar

FILM = Material(name="CoFeB", Ms=1e6, A=1.5e-11, Ku=7e5, alpha=0.02)


def _pillar(**changes):
    barrier = {"resistance_area": 5e-12, "tmr": 1.5} | changes.pop("barrier", {})
    content = {"length": 40e-9, "thickness": 1e-9, "cell": (4e-9, 4e-9, 1e-9), "fixed_layer": "up", "barrier": barrier}
    return Pillar(**content | changes)


def _pulse(width=10e-9, material=FILM, **changes):
    return pulsed_pillar(_pillar(**changes), material, width=width)


def test_the_chance_is_that_of_an_ensemble_of_the_stochastic_equation():
    pulse = _pulse(width=3e-9)
    current = 1.5 * pulse.critical_current
    start = thermal_states(pulse.macrospin, 1500, seed=1, state=-1)
    run = follow_macrospins(pulse.macrospin, start, 3e-9, seed=2, current_density=current, samples=1)
    up = int((run["m"].values[..., -1, 2] > 0).sum())
    assert 0.1 < pulse.chances(current)[0] < 0.9
    assert stats.binomtest(up, 1500, pulse.chances(current)[0]).pvalue > 0.01


def test_a_pulse_that_hardly_switches_costs_what_the_state_says_and_a_sure_one_less():
    pulse = _pulse()
    area = np.pi * 20e-9**2
    weak = 0.4 * pulse.critical_current
    assert pulse.chances(weak)[0] < 1e-4
    parallel = weak**2 * 5e-12 * area * 10e-9
    expected = np.array([[2.5, 1.0], [2.5, 1.0]]) * parallel
    np.testing.assert_allclose(pulse.energies(weak), expected, rtol=1e-3)
    strong = 3 * pulse.critical_current
    assert pulse.chances(strong)[0] > 0.999
    found = pulse.energies(strong) / (strong**2 * 5e-12 * area * 10e-9)
    # A set pulse passes a parallel junction for most of the time, a reset pulse an antiparallel one.
    assert found[0, 1] == pytest.approx(1.0)
    assert found[1, 0] == pytest.approx(2.5)
    assert 1.0 < found[0, 0] < 1.75
    assert found[0, 0] + found[1, 1] == pytest.approx(3.5)


def test_the_voltage_is_where_the_magnetoresistance_at_it_says():
    pulse = _pulse(barrier={"half_bias": 0.4})
    current = pulse.critical_current
    volts = pulse.voltage(current, parallel=False)
    assert volts == pytest.approx(current * 5e-12 * (1 + 1.5 / (1 + (volts / 0.4) ** 2)))
    assert pulse.voltage(current, parallel=True) == pytest.approx(current * 5e-12)
    assert volts < _pulse().voltage(current, parallel=False)
    assert pulse.read_ratio == pytest.approx(0.4)


@pytest.mark.parametrize("share", [0.6, 0.8, 1.2])
def test_finer_cells_change_the_chance_by_less_than_one_per_cent(share, monkeypatch):
    pulse = _pulse()
    coarse = pulse.chances(share * pulse.critical_current)[0]
    monkeypatch.setattr("solitons.junctions.pillar_pulses.CELLS", 1000)
    fine = _pulse().chances(share * pulse.critical_current)[0]
    assert coarse == pytest.approx(fine, rel=0.01)


def test_a_table_has_the_chances_of_junctions_that_differ():
    pulse, generator = _pulse(), np.random.default_rng(3)
    current = 0.8 * pulse.critical_current
    stability, critical = np.exp(0.2 * generator.standard_normal((2, 6)))
    found = pulse.table(current, 0.2).chances(stability, critical)
    exact = [pulse.chances(current, *each)[0] for each in zip(stability, critical, strict=True)]
    np.testing.assert_allclose(found[0], exact, rtol=0.02, atol=5e-6)
    assert found[1] is found[0]


def test_a_higher_barrier_and_a_higher_critical_current_switch_less():
    pulse = _pulse()
    current = 0.8 * pulse.critical_current
    mean = pulse.chances(current)[0]
    assert pulse.chances(current, stability=1.2)[0] < mean < pulse.chances(current, stability=0.8)[0]
    assert pulse.chances(current, critical=1.2)[0] < mean < pulse.chances(current, critical=0.8)[0]
    # Twice the critical current and twice the current are the same.
    assert pulse.chances(2 * current, critical=2.0)[0] == pytest.approx(mean)


@pytest.mark.slow
def test_a_torque_that_depends_on_the_angle_sets_more_easily_than_it_resets():
    terminal = ThroughPlane(name="junction", asymmetry=1.5)
    pulse = _pulse(terminals=(terminal,))
    up, down = pulse.chances(0.7 * pulse.critical_current)
    assert up > 2 * down
    energies = pulse.energies(0.7 * pulse.critical_current)
    assert energies[1, 1] > energies[0, 1]
    table = pulse.table(0.7 * pulse.critical_current, 0.05)
    found = table.chances(np.ones(1), np.ones(1))
    assert [float(each[0]) for each in found] == pytest.approx([up, down], rel=0.02)


def test_a_fixed_layer_that_points_down_makes_down_the_parallel_state():
    current = 0.8 * _pulse().critical_current
    assert _pulse(fixed_layer="down").chances(current) == pytest.approx(_pulse().chances(current))


def test_the_solver_does_not_care_which_way_is_up():
    # Where all is in the lower state the mode is 0 there to rounding, whose sign says nothing.
    layer = _pulse().macrospin
    for share in (0.4, 0.8, 1.2):
        up, down = (
            axial_fokker_planck(layer, sign * share * layer.critical_current(-1), cells=400).slowest_rate()
            for sign in (1, -1)
        )
        assert up == pytest.approx(down, rel=1e-9)


def test_it_keeps_its_state_for_the_time_over_the_barrier():
    pulse = _pulse()
    assert pulse.retention == pytest.approx(axial_fokker_planck(pulse.macrospin).mean_time(1.0, -1.0), rel=0.01)


@rows(
    ("changes", "words"),
    [
        (
            {"material": Material(name="soft", Ms=1e6, A=1.5e-11, alpha=0.02), "width": 10e-9},
            "share one axis",
        ),
        ({"length": 48e-9, "width_of": 32e-9}, "share one axis"),
        ({"fixed_layer": (1.0, 0.0, 0.0)}, "share one axis"),
        ({"width": 0.0}, "width = 0 s must be above 0"),
    ],
)
def test_what_is_not_round_and_perpendicular_is_refused(changes, words):
    changes = dict(changes)
    outline = {"width": changes.pop("width_of")} if "width_of" in changes else {}
    width, material = changes.pop("width", 10e-9), changes.pop("material", FILM)
    with pytest.raises(ValueError, match=words):
        pulsed_pillar(_pillar(**changes | outline), material, width=width)
