"""A register's errors against the closed form of a free skyrmion, and what each kind of error is."""

from dataclasses import replace

import numpy as np
import pytest

from solitons.skyrmions import ForceSum, PinningSites, Register, shift_error_map, shift_errors, shift_pulse
from solitons.skyrmions.forces import NoForce
from solitons.skyrmions.register import free_shift_error
from solitons.skyrmions.shifting import ShiftPulse

SHAPE = {"rise": 50e-12, "period": 2e-9}


@pytest.fixture
def film(track_skyrmion):
    return Register(skyrmion=replace(track_skyrmion, force=NoForce()), pitch=60e-9)


@pytest.fixture
def track(track_skyrmion):
    return Register(skyrmion=track_skyrmion, pitch=60e-9, middle=30e-9)


def test_bits_are_written_and_read(film):
    bits = [1, 0, 1, 1, 0]
    places = film.write(bits)
    assert film.read(places, 5).tolist() == [bool(bit) for bit in bits]
    moved = places + np.array([25e-9, 0.0])
    assert film.read(moved, 5).tolist() == film.read(places, 5).tolist()
    assert film.read(places + np.array([35e-9, 0.0]), 5).tolist() == [False, True, False, True, True]
    gone = np.where(np.arange(3)[:, None] == 1, np.nan, places)
    assert film.read(gone, 5).tolist() == [True, False, False, True, False]


@pytest.mark.slow
@pytest.mark.parametrize("temperature", [100.0, 300.0])
def test_a_free_skyrmion_errs_as_diffusion_says(film, temperature):
    pulse = shift_pulse(film, 2e12, **SHAPE)
    found = shift_errors(film, [1], pulse, 3, temperature=temperature, tracks=2000, seed=11)
    expected = free_shift_error(60e-9, temperature * float(film.skyrmion.diffusion_per_kelvin), 6e-9)
    low, high = found.ci95
    assert low < expected < high
    assert (found.left, found.pushed) == (0, 0)
    # Heat has no direction.
    assert abs(found.behind - found.ahead) < 4 * np.sqrt(found.behind + found.ahead)
    assert (found.behind + found.ahead + found.left + found.pushed) / found.skyrmions == found.error


@pytest.mark.slow
def test_cold_bits_shift_by_whole_cells_either_way(track):
    for amplitude in (4e11, -4e11):
        pulse = shift_pulse(track, amplitude, **SHAPE)
        found = shift_errors(track, [1, 0, 1], pulse, 3, temperature=0.0, tracks=1)
        assert found.wrong_tracks == 0


@pytest.mark.slow
def test_a_pulse_that_is_too_short_leaves_them_behind_and_one_too_long_ahead(track):
    right = shift_pulse(track, 4e11, **SHAPE)
    for factor, kind in ((0.7, "behind"), (1.3, "ahead")):
        pulse = replace(right, width=factor * right.width)
        found = shift_errors(track, [1, 0, 1], pulse, 3, temperature=0.0, tracks=1)
        assert getattr(found, kind) == found.skyrmions == 2
        assert found.error == 1.0


@pytest.mark.slow
def test_neighbours_in_short_cells_push_each_other(track):
    close = replace(track, pitch=np.asarray(30e-9))
    pulse = shift_pulse(close, 4e11, rise=20e-12, period=2e-9)
    found = shift_errors(close, [1, 1, 1], pulse, 2, temperature=0.0, tracks=1)
    assert found.pushed == found.skyrmions - 1 == 2  # the middle one is held by both
    assert shift_errors(close, [1, 0, 0], pulse, 2, temperature=0.0, tracks=1).pushed == 0


def test_too_strong_a_current_drives_them_out(track):
    pulse = ShiftPulse(amplitude=1.2e12, width=2e-9, rise=50e-12, period=2e-9)
    found = shift_errors(track, [1, 0, 1], pulse, 3, temperature=0.0, tracks=1)
    assert found.left == 2


@pytest.mark.slow
def test_sites_that_pin_correct_a_pulse_and_resist_cold_heat(track):
    """Wells as deep as 97 k T at 30 K, whose force of 1.2 pN needs 0.8e12 A/m2."""
    cells = np.arange(-1, 10)
    places = np.stack([60e-9 * cells, np.full(cells.size, 30e-9)], axis=-1)
    sites = PinningSites(places=places, depth=np.full(cells.size, 4e-20), width=np.full(cells.size, 20e-9))
    pinned = replace(track, skyrmion=replace(track.skyrmion, force=ForceSum((*track.skyrmion.force.parts, sites))))
    shape = {"rise": 50e-12, "period": 3e-9}
    with pytest.raises(ValueError, match="at most"):
        shift_pulse(pinned, 2e11, **shape)
    pulse = shift_pulse(pinned, 8e11, **shape)
    for width in (pulse.width, 1.1 * pulse.width):
        off = replace(pulse, width=width)
        assert shift_errors(pinned, [1, 0, 1, 1], off, 3, temperature=0.0, tracks=1).wrong_tracks == 0
    cold = shift_errors(pinned, [1, 0, 1, 1], pulse, 3, temperature=30.0, tracks=300, seed=2)
    bare = shift_errors(track, [1, 0, 1, 1], shift_pulse(track, 4e11, **shape), 3, temperature=30.0, tracks=300, seed=2)
    assert cold.ci95[1] < 0.05 < bare.ci95[0]


@pytest.mark.slow
def test_a_map_says_where_no_pulse_shifts(film):
    found = shift_error_map(film, [1], [5e11, 2e12], [100.0, 300.0], 3, tracks=200, seed=1, **SHAPE)
    assert np.isnan(found.error[0]).all()
    assert (found.behind[0] == -1).all()
    assert float(found.error[1, 0]) < float(found.error[1, 1])
    assert (found.error_low <= found.error)[1].all()


def test_bad_questions_are_refused(film):
    pulse = ShiftPulse(1e12, 1e-9, 0.0, 2e-9)
    with pytest.raises(ValueError, match="a pattern with a 1"):
        shift_errors(film, [0, 0], pulse, 1, temperature=0.0)
    with pytest.raises(ValueError, match="in this order"):
        ShiftPulse(1e12, 3e-9, 0.0, 2e-9)
    with pytest.raises(ValueError, match="pitch = 0"):
        replace(film, pitch=np.asarray(0.0))
