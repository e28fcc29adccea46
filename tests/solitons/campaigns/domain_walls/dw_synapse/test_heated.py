"""What the verdict makes of runs with heat: from numbers written down here."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from runs import CurrentPulses, Protocol, RunSpec
from solitons.campaigns.domain_walls.dw_synapse.heated import (
    HotSteps,
    about_heat,
    hot_steps,
    spread_interval,
    statistics_of,
)
from solitons.campaigns.domain_walls.dw_synapse.settings import HeatSettings
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.domain_walls.heat import follow_hot_walls
from solitons.domain_walls.pinning import HarmonicPinning
from solitons.domain_walls.softening import softened
from solitons.domain_walls.wall_dynamics import wall_from_material

NM = 1e-9
CELL = 4 * NM


def hot(measured, *, mean=(60.0, 120.0, 60.0), spread=5.0, walls=400, lost=0, signs=(1, -1)):
    rng = np.random.default_rng(3)
    position = (np.array(mean) + spread * rng.standard_normal((walls, len(mean)))) * NM
    position[:lost, 1:] = np.nan
    measured = np.array(measured, dtype=float).reshape(-1, len(mean)) * NM
    return HotSteps(
        temperature=300.0,
        signs=np.array(signs),
        position=position,
        conductance=np.linspace(1e-4, 2e-4, len(mean)) * np.ones((walls, 1)),
        measured=measured,
        measured_conductance=np.full(measured.shape, 1.5e-4),
    )


def codes(*steps):
    return [reason.code for reason in about_heat(steps, CELL)]


@pytest.mark.slow
def test_the_fitted_wall_is_softened_by_heat_alone():
    stripe = {"kind": "stripe", "length": 120e-9, "width": 40e-9, "thickness": 1e-9, "cell": [4e-9, 4e-9, 1e-9]}
    stripe |= {"walls": [{"position": 60e-9}], "readout_window": {"x": [20e-9, 100e-9]}}
    stripe |= {"terminals": [{"kind": "heavy_metal", "name": "metal"}]}
    film = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "D": 5e-4, "alpha": 0.3, "spin_hall_angle": 0.1}
    pulse = CurrentPulses(amplitude=1e10, width=2e-11, rise=1e-11, period=1e-10, count=1)
    base = RunSpec(device=stripe, material=film, protocol=Protocol(steps=[pulse], sampling_interval=5e-11))
    well = HarmonicPinning(stiffness=1e13, centre=60 * NM)
    wall = wall_from_material(base.material, polarity=-1, thickness=NM, stripe_width=40 * NM, pinning=well)
    settings = HeatSettings(temperatures=[300.0], walls=50)
    fit = SimpleNamespace(dynamics=wall, start_angle=0.0)
    cold, warm = hot_steps(fit, base, JunctionReadOut(tmr=1.5, resistance_area=1e-11), settings, 62 * NM, [])
    current = base.in_time.current_density
    keys = {"seed": 0, "position": 62 * NM, "angle": 0.0}
    for found, expected, temperature in ((cold, wall, 0.0), (warm, softened(wall, base, 300.0), 300.0)):
        walls = len(found.position)
        path = follow_hot_walls(expected, [0.0, 1e-10], current, temperature=temperature, walls=walls, **keys)
        np.testing.assert_allclose(found.position[:, -1], path.position[:, -1], rtol=1e-9)
    assert len(warm.position) == 50


def test_runs_as_the_model_has_them_are_no_reason():
    assert codes(hot([[60, 118, 63], [60, 124, 58]])) == []
    assert codes(hot([])) == []
    # Of the model's walls one in two leaves, and of the runs one of two.
    assert codes(hot([[60, 120, 61], [60, np.nan, np.nan]], lost=200)) == []


def test_runs_that_end_elsewhere_are_named_with_both_places():
    (reason,) = about_heat([hot([[60, 180, 60], [60, 176, 60]])], CELL)
    assert (reason.code, reason.weight) == ("heat_disagrees", "limited")
    assert "of 2 runs rest at 178 nm on average after train 1" in reason.sentence
    # Less than a cell is no difference.
    assert codes(hot([[60, 123, 60], [60, 123, 60]], spread=0.1)) == []


def test_runs_that_spread_otherwise_than_the_model_are_named():
    # Means agree in all of these; the model's walls spread by 25 nm, as many of them by 15 to 35 nm.
    places = stats.norm.ppf((np.arange(12) + 0.5) / 12)
    near, alike = (np.stack([0 * places + 60, 120 + each * places, 60 + each * places], axis=1) for each in (9, 25))
    (reason,) = about_heat([hot(near, spread=25.0)], CELL)
    assert (reason.code, reason.weight) == ("heat_spread_disagrees", "limited")
    assert "the resting places of 12 runs spread by 8." in reason.sentence
    assert codes(hot(alike, spread=25.0)) == []
    assert codes(hot(near[:1], spread=25.0)) == [], "one run has no spread"
    # Less than a cell is no difference.
    assert codes(hot(near, spread=6.0)) == []


def test_a_spread_of_few_runs_has_its_interval():
    # Of five drawn from a normal distribution it holds the standard deviation 95 times in 100.
    rng = np.random.default_rng(1)
    ends = [spread_interval(float(np.std(each, ddof=1)), 5) for each in rng.standard_normal((2000, 5))]
    assert np.mean([low < 1 < high for low, high in ends]) == pytest.approx(0.95, abs=0.015)
    assert spread_interval(1.0, 1) is None
    rows = statistics_of(hot([[60, 120, 60], [60, 124, 62]]))
    assert [row.spread_ci95 is not None for row in rows] == [True] * 4
    assert statistics_of(hot([[60, 120, 60]]))[2].spread_ci95 is None


def test_walls_that_heat_drives_out_of_the_runs_alone_are_counted():
    gone = [60, np.nan, np.nan]
    (reason,) = about_heat([hot([gone] * 5)], CELL)
    assert reason.code == "heat_loses_wall"
    assert "leaves the stripe in 5 of 5 runs, and in 0% of the model's" in reason.sentence
    assert codes(hot([gone] * 5, lost=390)) == []


def test_the_spread_is_that_of_the_walls_that_are_left():
    assert hot([], spread=5.0, lost=200).spread == pytest.approx(5 * NM, rel=0.1)
    assert hot([], lost=400).spread == np.inf


def test_each_train_has_a_row_with_its_number():
    rows = statistics_of(hot([[60, 120, 60]]))
    assert [(row.source, row.train, row.sign) for row in rows] == [
        ("model", 1, 1),
        ("model", 2, -1),
        ("micromagnetics", 1, 1),
        ("micromagnetics", 2, -1),
    ]
    # Trains of one pulse have no line to leave.
    assert all(row.nonlinearity is None and row.asymmetry is None for row in rows)
    assert rows[0].mean_step == pytest.approx(5e-5)


def test_runs_have_steps_where_no_model_is_trusted():
    rows = statistics_of(hot([[60, 120, 60], [60, 124, 62]], walls=0))
    assert [(row.source, row.walls, row.train) for row in rows] == [("micromagnetics", 2, 1), ("micromagnetics", 2, 2)]
