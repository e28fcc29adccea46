"""Arrays that are released zone by zone with heat: the longer step, and states on the way."""

import numpy as np
import pytest
from scipy import stats

from geometries import Material
from geometries.magnet_logic import majority_gate
from geometries.magnet_logic.builders import inverter
from solitons.magnet_logic import array_macrospins, follow_ramps
from solitons.magnet_logic.zone_release import release_zones

from .test_response import SMALL

FILM = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
CLOCK = {"field": 8.75e4, "hold": 3e-10, "fall": 1e-9, "rest": 5e-10}


def test_error_rates_are_those_of_the_shorter_step_of_a_uniform_clock():
    """A gate of one zone is what `nml-majority` follows with half of the step."""
    gate, members = majority_gate((1, -1, 1), SMALL), 500
    warm = array_macrospins(gate, FILM, 300.0)
    run = release_zones(warm, gate, **CLOCK, members=members, seed=1)
    wrong = int((run.value.isel(t=-1).sel(magnet="out") != -1).sum())
    fields = np.repeat(gate.held_fields()[None], 4, axis=0)
    fields[:2, :, 0] += CLOCK["field"]
    start = np.tile([[[1.0, 0.0, 0.0]]], (members, 5, 1))
    fine = follow_ramps(warm, start, [3e-10, 1e-9, 5e-10], fields, seed=2)
    others = int((fine["m"].values[:, -1, gate.index("out"), 1] > -0.5).sum())
    assert 20 < others < 100
    assert stats.fisher_exact([[wrong, members - wrong], [others, members - others]]).pvalue > 0.01


def test_states_on_the_way_begin_under_the_clock_and_end_with_the_bits():
    pair = inverter(-1, SMALL)
    cold = array_macrospins(pair, FILM)
    every = release_zones(cold, pair, **CLOCK, members=1, frame=5e-11)
    assert float(every.t[0]) == pytest.approx(-2.5e-10)
    assert float(every.t[-1]) == pytest.approx(1.5e-9)
    assert abs(float(every.projection.sel(magnet="out").isel(member=0).sel(t=0.0, method="nearest"))) < 0.5
    assert every.value.isel(member=0, t=-1).values.tolist() == [-1, 1]
    last = release_zones(cold, pair, **CLOCK, members=1)
    np.testing.assert_allclose(last.projection.isel(t=-1), every.projection.isel(t=-1), atol=1e-3)
