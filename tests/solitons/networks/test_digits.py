from dataclasses import replace

import numpy as np
import pytest

from geometries import Stripe
from solitons import FittedRange, Provenance
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.devices.pulse_shape import ProgrammingPulse
from solitons.devices.spreads import Spreads
from solitons.domain_walls import WallDynamics, devices_of
from solitons.domain_walls.fit import WallFit
from solitons.networks import read_digits
from solitons.skyrmions import devices_of as devices_of_a_skyrmion

STRIPE = Stripe(
    length=384e-9,
    width=32e-9,
    thickness=1e-9,
    cell=(4e-9, 4e-9, 1e-9),
    walls=[{"position": 72e-9}],
    readout_window={"x": (48e-9, 336e-9)},
    pinned_ends={"length": 24e-9, "field": 3e5},
)
READ_OUT = JunctionReadOut(resistance_area=1e-11, tmr=1.5)


def fit_with(sigma):
    provenance = Provenance(
        trained_on=("a",),
        held_out=("b",),
        held_out_error=sigma,
        held_out_rms_at_rest=sigma,
        fitted_range=FittedRange(amplitude=(0.5e12, 1.5e12), width=(0.2e-9, 0.5e-9), position=(40e-9, 340e-9)),
    )
    constants = {"alpha": 0.1, "width": 6e-9, "hard_axis_field": -5e3, "polarity": -1}
    wall = WallDynamics(**constants, beta=0.05, drift_per_current=-5.4e-11, provenance=provenance)
    return WallFit(wall, (), np.zeros((0, 0)), np.pi / 2, {}, training_error=sigma, length=384e-9, tilts={})


@pytest.fixture(scope="module")
def driver():
    return ProgrammingPulse(amplitude=1e12, shortest=0.2e-9, longest=0.5e-9, rise=50e-12, period=1e-9)


@pytest.fixture(scope="module")
def small_errors(driver):
    """What is read with walls that are off by 2 nm."""
    return read_digits(devices_of(fit_with(2e-9), STRIPE, READ_OUT), driver)


@pytest.mark.slow
def test_small_errors_read_nearly_as_well_as_floats(small_errors):
    result = small_errors
    assert result.test_size == 629
    assert result.float_accuracy > 0.95
    assert result.accuracy > result.float_accuracy - 0.03
    assert result.ideal_synapse_accuracy > result.float_accuracy - 0.03
    assert result.ci95[0] < result.accuracy < result.ci95[1]
    confusion = np.array(result.confusion)
    assert confusion.sum() == result.test_size
    assert np.trace(confusion) == round(result.accuracy * result.test_size)


@pytest.mark.slow
def test_large_errors_cost_accuracy_and_the_ideal_synapse_does_not_see_synapse_errors(driver, small_errors):
    large = read_digits(devices_of(fit_with(60e-9), STRIPE, READ_OUT), driver)
    assert large.accuracy < small_errors.accuracy - 0.1
    # Written currents are off too; the neurons' thresholds cost the rest.
    assert small_errors.by_current > large.by_current > large.accuracy


@pytest.mark.slow
def test_devices_that_differ_cost_accuracy_and_the_result_says_how_much(driver, small_errors):
    unlike = Spreads(cycle=8e-9, gain=0.3, place=8e-9)
    found = read_digits(devices_of(fit_with(2e-9), STRIPE, READ_OUT, spreads=unlike), driver)
    # The same network of devices all alike is read beside it, with the same errors of the model.
    assert found.mean_device_accuracy == small_errors.accuracy
    assert found.accuracy < small_errors.accuracy - 0.02
    assert (found.cycle_spread, found.gain_spread, found.place_spread) == (8e-9, 0.3, 8e-9)
    assert small_errors.mean_device_accuracy is None


@pytest.mark.slow
def test_the_seed_decides(driver, small_errors):
    again, other = (read_digits(devices_of(fit_with(2e-9), STRIPE, READ_OUT), driver, seed=seed) for seed in (0, 1))
    assert again == small_errors
    assert other.confusion != small_errors.confusion


def test_a_fit_without_held_out_runs_has_no_error_to_draw_from():
    fit = fit_with(1e-9)
    blind = fit.provenance.model_copy(update={"held_out_rms_at_rest": None})
    with pytest.raises(ValueError, match="hold some out"):
        devices_of(replace(fit, dynamics=replace(fit.dynamics, provenance=blind)), STRIPE, READ_OUT)


def row_reads(skyrmion, pitch):
    """Two skyrmions a synapse, at 0 K; the weights lie on the soft edges between three levels."""
    devices = devices_of_a_skyrmion(
        skyrmion, (8e-9, 4e-9), READ_OUT, count=2, pitch=pitch, error=0.2e-9, amplitude=(1e11, 4e11)
    )
    pulse = ProgrammingPulse(amplitude=4e11, shortest=0.1e-9, longest=0.9e-9, rise=25e-12, period=1.2e-9)
    return read_digits(devices, pulse)


@pytest.mark.slow
def test_a_row_of_skyrmions_reads_them_with_the_same_call(track_skyrmion):
    found = row_reads(track_skyrmion, 80e-9)
    assert found.accuracy > found.float_accuracy - 0.03
    assert found.ideal_synapse_accuracy > found.float_accuracy - 0.03
    assert 1 < found.pulses_a_synapse < 10


@pytest.mark.slow
def test_skyrmions_that_push_each_other_do_not_keep_their_weights(track_skyrmion):
    """While others are written, for 48 ns, rows 60 nm apart stretch; nothing pins them."""
    found = row_reads(track_skyrmion, 60e-9)
    assert found.accuracy < found.ideal_synapse_accuracy - 0.2
