"""Rows that pulses count up and down: levels, and what the verdict states of rows that were not designed for it."""

from dataclasses import replace

import numpy as np
import pytest

from solitons.devices import JunctionReadOut
from solitons.skyrmions import (
    EdgeForce,
    ThieleDynamics,
    level_pulse,
    level_train,
    synapse_of,
)

READ_OUT = JunctionReadOut(resistance_area=1e-11, tmr=1.5, polariser=(0.0, 0.0, -1.0))
SHAPE = {"rise": 50e-12, "period": 4e-9}


def test_cold_pulses_count_the_skyrmions_up_and_down(row):
    pulse = level_pulse(row, 4e11, **SHAPE)
    assert level_pulse(row, -4e11, **SHAPE) == pulse
    found = level_train(row, pulse, rows=2)
    assert found.level.tolist() == [0, 1, 2, 3, 2, 1, 0]
    steps = np.diff(found.conductance[0]) / found.step
    np.testing.assert_allclose(steps, [1, 1, 1, -1, -1, -1], atol=0.01)
    assert (found.wrong == 0).all()
    assert found.spread.max() < 1e-12
    assert found.verdict.verdict == "trusted"
    up, down = found.trains
    assert (up.sign, down.sign) == (1, -1)
    assert up.nonlinearity < 0.01


@pytest.mark.parametrize(("temperature", "verdict"), [(3.0, "trusted"), (10.0, "limited"), (300.0, "failed")])
def test_heat_takes_levels_away_and_the_verdict_says_so(row, temperature, verdict):
    hot = replace(row, temperature=np.asarray(temperature))
    found = level_train(hot, level_pulse(row, 4e11, **SHAPE), rows=200, seed=1)
    assert found.verdict.verdict == verdict
    if verdict == "failed":
        assert "300 K" in found.verdict.why
        assert "levels_wrong" in [reason.code for reason in found.verdict.reasons]
        assert found.worst_error[1][0] > 0.25
    elif verdict == "limited":
        assert 0.01 < found.worst_error[0] < 0.25
    else:
        assert found.spread.max() < 0.05


@pytest.mark.slow
def test_rests_that_are_too_short_fail_cold(row):
    """The skyrmions come back from the edge in 0.6 ns, which the next pulse must wait for."""
    pulse = level_pulse(row, 4e11, rise=50e-12, period=1.5e-9)
    found = level_train(row, pulse, rows=2)
    assert [reason.code for reason in found.verdict.reasons] == ["levels_wrong"]
    assert found.verdict.verdict == "failed"


def test_a_pitch_at_which_neighbours_push_fails_and_a_longer_one_does_not(track_skyrmion):
    found = []
    for pitch, current in ((35e-9, 3e11), (90e-9, 4e11)):
        row = synapse_of(track_skyrmion, (8e-9, 4e-9), READ_OUT, count=3, pitch=pitch)
        found.append(level_train(row, level_pulse(row, current, **SHAPE), rows=2))
    assert [each.verdict.verdict for each in found] == ["failed", "trusted"]


@pytest.mark.slow
def test_another_material_under_a_current_in_the_plane_counts_below_what_its_edges_hold():
    """Ms 800 kA/m, alpha 0.15, P 0.5: texture and edges of runs of the native engine (`other2`, `data/README.md`)."""
    skyrmion = ThieleDynamics(
        -12.557,
        19.313 * np.eye(2),
        alpha=0.15,
        moment_per_area=8e-4,
        beta=0.05,
        drift_per_current=-3.61e-11,
        drift_gyration=12.126 * np.array([[0.0, -1.0], [1.0, 0.0]]),
        drift_dissipation=18.456 * np.eye(2),
        force=EdgeForce(low=0.0, high=80e-9, strength=1.47e-12, distance=22.9e-9, decay=5.92e-9),
    )
    row = synapse_of(skyrmion, (11e-9, 4e-9), READ_OUT, count=2, pitch=70e-9)
    shape = {"rise": 50e-12, "period": 16e-9}
    weak, strong = (level_pulse(row, current, **shape) for current in (0.5e12, 0.9e12))
    # Electrons drag the skyrmions along.
    assert weak.amplitude < 0
    assert level_train(row, weak, rows=2).verdict.verdict == "trusted"
    lost = level_train(row, strong, rows=2).verdict
    assert "skyrmions_leave" in [reason.code for reason in lost.reasons]
    assert lost.verdict == "failed"
    hot = level_train(replace(row, temperature=np.asarray(300.0)), weak, rows=100, seed=2)
    assert hot.verdict.verdict == "failed"


def test_one_row_shows_no_spread(row):
    with pytest.raises(ValueError, match="rows = 1"):
        level_train(row, level_pulse(row, 4e11, **SHAPE), rows=1)
