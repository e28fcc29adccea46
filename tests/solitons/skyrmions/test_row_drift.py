"""Rows of skyrmions at rest with heat: a level is lost as the closed form of diffusion in a track has it."""

import numpy as np
import pytest

from solitons.devices import JunctionReadOut
from solitons.devices.drift import DriftUnknownError
from solitons.skyrmions import EdgeForce, ThieleDynamics, retention_time, synapse_of
from solitons.skyrmions.retention import edge_stiffness, level_error, variance_along
from solitons.skyrmions.row_drift import rested_rows

EDGES = EdgeForce(low=0.0, high=60e-9, strength=3.5e-12, distance=14e-9, decay=8e-9)
SKYRMION = ThieleDynamics(-4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, force=EDGES)
ROW = synapse_of(
    SKYRMION, (8e-9, 4e-9), JunctionReadOut(resistance_area="10 ohm um^2", tmr=1.5, polariser=(0, 0, -1)), count=2,
    pitch=60e-9,
)  # fmt: skip


@pytest.mark.slow
def test_a_level_is_lost_as_often_as_diffusion_has_it():
    temperature, level = 100.0, 1
    time = retention_time(ROW, level, temperature=temperature, error=0.1)
    place = float(ROW.level_coordinate(level))
    found = rested_rows(ROW, ROW.skyrmion, np.array([place]), time, temperature, draws=2000)
    wrong = np.mean(np.abs(found - place) > float(ROW.pitch) / 2)
    stiffness = edge_stiffness(ROW.skyrmion, (float(ROW.junction.left), float(ROW.middle)))
    expected = float(level_error(ROW, level, variance_along(ROW.skyrmion, time, temperature, stiffness)))
    assert expected == pytest.approx(0.1, abs=0.003)
    # The junction's edges are as wide as a skyrmion, and sharp in the closed form.
    assert wrong == pytest.approx(expected, abs=0.02 + 2 * np.sqrt(expected / 2000))


def test_cold_rows_keep_their_level():
    start = np.array([float(ROW.level_coordinate(level)) for level in range(3)])
    found = ROW.drift(0.2e-9, 0.01)(start, np.random.default_rng(0))
    assert np.abs(found - start).max() < 3e-9


def test_a_rest_that_is_too_long_is_refused_with_the_remedy():
    with pytest.raises(DriftUnknownError, match=r"for at most 1e-07 s; .*skyrmions.retention_time"):
        ROW.drift(1e-3, 300.0)
