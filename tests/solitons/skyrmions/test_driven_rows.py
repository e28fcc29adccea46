"""Rows of three skyrmions under pulses against the native engine (`data/driven_rows.npz`, its README).

The equation of one skyrmion is that which the campaign `skyrmion_track` fits, to runs of one. The pair force has the
decay that the material gives a skyrmion's tail, sqrt(A / K); its strength alone is from the row 60 nm apart, and the
row 40 nm apart has seen nothing of it.
"""

import pathlib
from dataclasses import replace

import jax
import numpy as np
import pytest
from stored_tracks import COBALT, runs_of

from solitons.devices import JunctionReadOut
from solitons.skyrmions import EdgeForce, ForceSum, PairForce, follow_skyrmions, synapse_of
from solitons.skyrmions.near_edge import near_edge_from
from solitons.skyrmions.shifting import ShiftPulse
from solitons.skyrmions.thiele import thiele_from_texture

DATA = pathlib.Path(__file__).with_name("data") / "driven_rows.npz"
EDGES = EdgeForce(low=0.0, high=60e-9, strength=3.477e-12, distance=14.54e-9, decay=8.183e-9)
PULSE = ShiftPulse(amplitude=4e11, width=1.05e-9, rise=50e-12, period=2.5e-9)
# The film's anisotropy, less what the demagnetising field of a film takes.
DECAY = float(np.sqrt(15e-12 / (8e5 - 2e-7 * np.pi * 5.8e5**2)))
PAIRS = PairForce(strength=2.93e-9, decay=DECAY)
SIZE = (8.4e-9, 4.2e-9)


@pytest.fixture(scope="module")
def rows():
    with np.load(DATA) as data:
        return {name: data[name].astype(float) for name in data.files}


@pytest.fixture(scope="module")
def skyrmion():
    runs = runs_of("skyrmion_track")[:6]
    found = thiele_from_texture(runs[0].tensors, COBALT, 1e-9, near_edge=near_edge_from(runs))
    return replace(found, damping_like_per_current=np.asarray(4.527e-8))


def errors(rows, name, skyrmion, force, signs):
    """Distances in m of the model from every sample, from the first on."""
    corners = np.array([0.0, PULSE.rise, PULSE.width - PULSE.rise, PULSE.width])
    wave = PULSE.train(len(signs))
    assert wave.times[:4] == tuple(corners)
    wave = replace(wave, values=tuple(np.asarray(wave.values) * np.repeat(signs, 4)))
    measured = rows[f"{name}_position"]
    path = follow_skyrmions(replace(skyrmion, force=force), rows[f"{name}_time"], wave, positions=measured[0])
    return path, np.linalg.norm(path - measured, axis=-1)


def test_a_row_goes_as_its_skyrmions_and_their_pair_force_say(rows, skyrmion):
    assert pytest.approx(5.04e-9, rel=1e-2) == DECAY
    path, off = errors(rows, "row60", skyrmion, ForceSum((EDGES, PAIRS)), [1, 1, 1, -1])
    # It goes 186 nm to and 62 nm fro, and stretches from 120 to 128 nm.
    assert off.mean() < 0.4e-9
    assert np.ptp(path[-1, :, 0]) == pytest.approx(128.2e-9, abs=1e-9)
    _, alone = errors(rows, "row60", skyrmion, EDGES, [1, 1, 1, -1])
    assert alone.mean() > 1e-9


def test_what_they_reverse_under_a_window_is_the_synapses_conductance(rows, skyrmion):
    read_out = JunctionReadOut(resistance_area=1e-11, tmr=1.5, polariser=(0.0, 0.0, -1.0))
    force = ForceSum((EDGES, PAIRS))
    path, _ = errors(rows, "row60", skyrmion, force, [1, 1, 1, -1])
    row = synapse_of(replace(skyrmion, force=force), SIZE, read_out, count=3, pitch=60e-9)
    junction = row.junction
    assert (float(junction.left), float(junction.right)) == pytest.approx((210e-9, 390e-9))
    with jax.enable_x64(True):
        span = float(junction.parallel) - float(junction.antiparallel)
        model = (np.asarray(junction.conductance(path[..., 0])) - float(junction.antiparallel)) / span
    # Moments that tilt at the edges take 0.6 % off all levels, which the junction does not know.
    measured = rows["row60_reversed"] - rows["row60_reversed"][0]
    step = model[50] - model[25]
    rests = [0, 25, 50, 75, 100]
    np.testing.assert_allclose(np.diff(measured[rests]), step * np.array([1, 1, 1, -1]), atol=0.02 * step)
    np.testing.assert_allclose(np.diff(model[rests]), step * np.array([1, 1, 1, -1]), atol=0.01 * step)
    # In a pulse the skyrmions are near an edge and smaller, which the junction does not know.
    assert 0.5 * step < np.abs(model - measured).max() < 0.7 * step


def test_a_row_that_was_not_fitted_is_predicted(rows, skyrmion):
    _, off = errors(rows, "row40", skyrmion, ForceSum((EDGES, PAIRS)), [1, -1])
    assert off.mean() < 0.7e-9
    _, alone = errors(rows, "row40", skyrmion, EDGES, [1, -1])
    assert alone.mean() > 3e-9
