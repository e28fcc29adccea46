"""A row of skyrmions that loses some, is held by its ends, and is refused where it does not fit."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from runs.waveforms.waveform import PiecewiseLinear
from solitons.devices import apply_pulse
from solitons.skyrmions import devices_of, follow_skyrmions, synapse_of
from solitons.skyrmions.forces import NoForce
from solitons.skyrmions.row_state import advanced


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@pytest.mark.slow
def test_a_pulse_moves_the_row_as_thieles_equation_does(row):
    after = apply_pulse(row, row.reset(), 3e11, 1e-9, 0.0, 2e-9)
    wave = PiecewiseLinear((0.0, 1e-9, 1e-9), (3e11, 3e11, 0.0))
    path = follow_skyrmions(row.skyrmion, [0.0, 2e-9], wave, positions=np.asarray(row.reset().places))
    np.testing.assert_allclose(after.places[:, 0], path[-1, :, 0], atol=0.1e-9)


@pytest.mark.slow
def test_noise_in_steps_is_that_of_the_tracks(row):
    rows, steps, dt = 2000, 20, 1e-11
    free = replace(row.skyrmion, force=NoForce())
    state = row.repeated(row.reset(), (rows,))
    for index in range(steps):
        noise = jax.random.normal(jax.random.fold_in(jax.random.key(3), index), (rows, 3, 2))
        state = advanced(free, state, np.zeros(rows), dt, 300.0, noise)
    moved = np.asarray(state.places - row.reset().places)
    expected = 2 * 300.0 * float(free.diffusion_per_kelvin) * steps * dt
    assert (moved**2).mean() == pytest.approx(expected, rel=4 * np.sqrt(2 / moved.size))


def test_a_current_that_is_too_strong_drives_skyrmions_out_for_good(row):
    state = apply_pulse(row, row.reset(), 2e12, 2e-9, 0.0, 2e-9)
    assert not np.asarray(state.there).all()
    assert float(row.conductance(state)) < float(row.conductances[1])
    again = apply_pulse(row, state, -3e11, 2e-9, 0.0, 2e-9)
    assert np.asarray(again.there).sum() <= np.asarray(state.there).sum()
    assert np.isfinite(np.asarray(again.places)).all()
    none = row.reset()._replace(there=np.zeros(3, dtype=bool))
    assert float(row.coordinate(none)) == pytest.approx(float(row.window[0]))
    assert float(row.conductance(none)) == pytest.approx(float(row.conductances[0]), rel=1e-6)


def test_ends_hold_the_row_against_a_current_that_goes_on(row):
    state = row.reset()
    for _ in range(6):
        state = apply_pulse(row, state, 3e11, 4e-9, 0.0, 4e-9)
    places = np.sort(np.asarray(state.places)[:, 0])
    assert np.asarray(state.there).all()
    assert places[-1] < float(row.right)
    # They queue at the end, each held by the one before.
    assert (np.diff(places) > 12e-9).all()
    assert (np.diff(places) < 60e-9).all()


def test_a_row_that_does_not_fit_is_refused(row):
    with pytest.raises(ValueError, match="left of the junction there are"):
        replace(row, left=np.asarray(100e-9))
    with pytest.raises(ValueError, match="under the junction there are"):
        replace(row, count=4, left=np.asarray(-100e-9))
    with pytest.raises(ValueError, match="count = 0"):
        replace(row, count=0)
    with pytest.raises(ValueError, match=r"temperature = -1\.0"):
        replace(row, temperature=np.asarray(-1.0))


def test_devices_of_a_skyrmion_need_edges_an_error_and_currents(track_skyrmion, row):
    keys = {"size": (8e-9, 4e-9), "read_out": None, "count": 3, "pitch": 60e-9}
    with pytest.raises(ValueError, match="give error and amplitude"):
        devices_of(track_skyrmion, **keys)
    with pytest.raises(ValueError, match="no EdgeForce"):
        synapse_of(replace(track_skyrmion, force=NoForce()), **keys)
