"""What a reader sees of what holds a wall, of its steps in heat, of other devices and of the neuron."""

from types import SimpleNamespace

import numpy as np
import pytest

from solitons.campaigns.domain_walls.dw_synapse import figures
from solitons.campaigns.domain_walls.dw_synapse.heat_results import ConductanceStep, StepStatistics
from solitons.campaigns.domain_walls.dw_synapse.heated import HotSteps
from solitons.campaigns.domain_walls.dw_synapse.report_values import _published, _step_row, _step_table
from solitons.domain_walls.landscape import Landscape
from solitons.domain_walls.pinning import TabulatedPinning


def landscape(strength):
    """Ends that push with 300 kA/m, and between them wells of a strength in A/m."""
    places = np.linspace(0, 400e-9, 801)
    ends = 3e5 * (np.exp(-places / 8e-9) - np.exp(-(400e-9 - places) / 8e-9))
    push = ends + strength * np.sin(2 * np.pi * places / 40e-9)
    seen = slice(60, -60)
    return Landscape(places[seen], push[seen], 1e-9, TabulatedPinning(0.0, 400e-9, push))


@pytest.mark.parametrize(("strength", "cut"), [(5e3, (5, 8)), (2e5, None), (0.0, (0.1, 5))])
def test_wells_that_the_ends_would_hide_are_shown_and_what_is_cut_off_is_said(strength, cut):
    measured = landscape(strength)
    low, high = figures.landscape_figure(measured, []).axes[0].get_ylim()
    if cut:
        assert cut[0] < high == -low < cut[1]  # kA/m
    else:
        assert high > 200
    assert (figures.pushes_between(measured) is not None) == bool(cut)


LOW, HIGH = 1e-4, 2e-4
JUNCTION = SimpleNamespace(junction=SimpleNamespace(attrs={"parallel_conductance": HIGH,
                                                          "antiparallel_conductance": LOW}))  # fmt: skip


def heated(source, walls, spread):
    """Steps of a tenth of the range, up."""
    return StepStatistics(source=source, temperature=300.0, walls=walls, train=1, sign=1, mean_step=1e-5, spread=spread,
                          spread_ci95=(spread / 2, 2 * spread) if walls > 1 else None, nonlinearity=0.25,
                          asymmetry=None)  # fmt: skip


def test_steps_in_heat_are_shares_of_the_range_with_their_spread():
    conductance = LOW + 1e-5 * np.array([[0, 1, 2], [0, 2, 4]])
    seen = HotSteps(300.0, np.array([1, 1]), conductance, conductance, conductance[:1], conductance[:1])
    steps = [heated("model", 64, 2e-6), heated("micromagnetics", 2, 4e-6), heated("micromagnetics", 1, 0.0)]
    # Two walls say little of a spread without its interval, and one says nothing.
    rows = [_step_row(each, HIGH - LOW) for each in steps]
    assert rows[0] == ("300 K", "model, 64 walls", "1: J > 0", "+10.0%", "2.0%", "0.25", "–")
    assert [row[4] for row in rows] == ["2.0%", "4.0% [2.0%, 8.0%]", "–"]
    assert rows[2][1] == "micromagnetics, 1 wall"
    (ax,) = figures.steps_figure(SimpleNamespace(hot=(seen,), observations=[JUNCTION])).axes
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("300 K", "pulse", "conductance (share of range)")
    assert ax.lines[0].get_ydata() == pytest.approx([0, 0.15, 0.3])


def row(source, share, up, spread, down, pulses=10, temperature=300.0):
    return ConductanceStep(source=source, temperature=temperature, conductance=LOW + share * (HIGH - LOW), share=share,
                           up=up, up_spread=spread, up_pulses=pulses, down=down, down_spread=spread,
                           down_pulses=pulses)  # fmt: skip


def test_the_table_of_steps_is_that_of_the_lowest_temperature():
    steps = [
        row("model", 0.0, 0.05, 0.02, -0.04),
        row("model", 0.1, 0.07, 0.02, -0.06),
        row("micromagnetics", 0.0, 0.06, 0.01, -0.05, pulses=2),  # whose spread says little
        row("model", 0.0, 0.09, 0.09, -0.09, temperature=400.0),
    ]
    warm = SimpleNamespace(warm=SimpleNamespace(temperature=300.0))
    values = _step_table(warm, SimpleNamespace(step_table=steps))
    assert values["step_head"] == ["conductance", "up, model", "σ", "down, model", "σ", "up, micromagnetics", "σ",
                                   "down, micromagnetics", "σ"]  # fmt: skip
    assert values["step_table"] == [
        ["0", "5.00", "2.00", "−4.00", "2.00", "6.00", "–", "−5.00", "–"],
        ["10", "7.00", "2.00", "−6.00", "2.00", "–", "–", "–", "–"],
    ]
    # A long table is in the file alone.
    many = [row("model", 0.01 * each, 0.05, 0.02, -0.04) for each in range(60)]
    assert _step_table(warm, SimpleNamespace(step_table=many))["step_table"] == []
    assert _step_table(SimpleNamespace(warm=None), SimpleNamespace(step_table=[]))["step_table"] == []


def test_published_steps_stand_in_the_columns_of_ours():
    assert _published()[1] == ("300 K", "published, spin-orbit torque", "down", "−4.7%", "2.4%", "–", "–")
    assert {len(each) for each in _published()} == {len(_step_row(heated("model", 64, 2e-6), HIGH - LOW))}


def test_the_mean_is_of_devices_that_keep_their_wall():
    (ax,) = figures.devices_figure(1e-9 * np.array([[60, 70, 80], [62, 76, 90], [64, 90, np.nan]])).axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("pulse", "wall position (nm)")
    mean = next(line for line in ax.lines if line.get_label() == "mean")
    assert mean.get_ydata() == pytest.approx([61, 73, 85])
