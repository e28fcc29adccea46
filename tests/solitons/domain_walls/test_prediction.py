import numpy as np
import pytest

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls import WallDynamics
from solitons.domain_walls.fit import WallFit, with_prediction
from solitons.domain_walls.pinning import TabulatedPinning
from solitons.domain_walls.trajectory import Trajectory
from solitons.fits.provenance import FittedRange, Provenance

PERIOD = 40e-9
SEEN = FittedRange(amplitude=(2e11, 1e12), width=(2e-10, 5e-10), position=(4e-8, 3.4e-7))


def run_through(name, rests):
    """A run of one pulse a nanosecond to the right, the last one to the left, with these rests."""
    corners = [(0.0, 0.0)]
    for number in range(len(rests)):
        sign = -1.0 if number == len(rests) - 1 else 1.0
        corners += [(number + 0.1, 0.0), (number + 0.1, 5e11 * sign), (number + 0.4, 5e11 * sign), (number + 0.4, 0.0)]
    wave = PiecewiseLinear(*zip(*((1e-9 * time, each) for time, each in corners), strict=True))
    time = 1e-9 * np.arange(len(rests) + 1)
    return Trajectory(name, time, np.concatenate([[40e-9], rests]), wave, length=400e-9)


def fit_with(left_out, held=True):
    places = np.linspace(0, 400e-9, 801)
    push = -2e4 * np.sin(2 * np.pi * places / PERIOD)
    wall = WallDynamics(
        alpha=0.1,
        width=6e-9,
        hard_axis_field=2e4,
        polarity=-1,
        provenance=Provenance(trained_on=tuple(left_out), fitted_range=SEEN),
        moment_per_length=6e5 * 40e-9 * 2e-9,
        **({"pinning": TabulatedPinning(0.0, 400e-9, push)} if held else {}),
    )
    return WallFit(wall, (), np.zeros((0, 0)), 0.0, {}, 1e-9, 400e-9, {}, left_out=left_out)


RUNS = [run_through(name, np.array([80e-9, 120e-9, 80e-9])) for name in "abcd"]


def test_errors_within_their_wells_reach_no_other_one():
    fit = with_prediction(fit_with({each.run_id: np.array([1e-9, -1e-9, 1e-9]) for each in RUNS}), RUNS)
    found = fit.provenance.prediction
    assert (found.runs, found.pulses, found.place) == (4, 2, 0.0)
    assert found.half_width(np.ones(10)) == pytest.approx(np.full(10, 2.776e-9), rel=1e-3)


def test_one_rest_in_another_well_brings_the_neighbours_in():
    errors = {each.run_id: np.zeros(3) for each in RUNS} | {"c": np.array([0.0, 36e-9, 0.0])}
    found = with_prediction(fit_with(errors), RUNS).provenance.prediction
    # The model's wall was 36 nm off, in the next well, which is 40 nm away.
    assert found.place == pytest.approx(PERIOD, abs=1e-9)
    assert found.half_width([1])[0] >= found.place


def test_in_a_smooth_stripe_there_is_none_to_miss():
    errors = {each.run_id: np.array([0.0, 36e-9, 0.0]) for each in RUNS}
    assert with_prediction(fit_with(errors, held=False), RUNS).provenance.prediction.place == 0.0


def test_the_way_back_counts_as_one():
    errors = {each.run_id: np.array([1e-9, 2e-9, 1e-9]) for each in RUNS}
    found = with_prediction(fit_with(errors), RUNS).provenance.prediction
    assert found.one_way == pytest.approx(1e-9, rel=1e-3)
    assert found.by_pulse < 1e-12


def test_without_unseen_runs_nothing_is_known():
    fit = fit_with({})
    assert with_prediction(fit, RUNS) is fit
