import numpy as np
import pytest

from solitons.fits.prediction import PredictionError, learn_prediction_error

TEN = np.ones(10)


def normal(seed, runs, deviation):
    return np.random.default_rng(seed).normal(size=(runs, TEN.size)) * deviation


def test_an_error_that_does_not_grow_is_one_number():
    found = learn_prediction_error(normal(1, 400, 2e-9), [TEN] * 400)
    assert found.half_width(TEN) == pytest.approx(np.full(10, 1.966 * 2e-9), rel=0.05)
    # Student's t for as many runs as there are, and not for as many pulses.
    assert found.model_copy(update={"runs": 4}).half_width(TEN)[0] == pytest.approx(2.776 * 2e-9, rel=0.05)


def test_misses_add_up_by_the_root_of_their_number():
    found = learn_prediction_error(np.cumsum(normal(2, 400, 1e-9), axis=1), [TEN] * 400)
    assert found.half_width(TEN) == pytest.approx(1.966e-9 * np.sqrt(np.arange(1, 11)), rel=0.12)


def test_what_is_too_strong_by_a_share_is_taken_back_on_the_way_back():
    signs = np.array([1, 1, 1, -1, -1, -1])
    errors = np.outer(np.random.default_rng(3).normal(size=200) * 1e-9, np.cumsum(signs))
    found = learn_prediction_error(errors, [signs] * 200)
    assert found.by_pulse < 1e-10
    half = found.half_width([*signs, -1, -1])
    assert half[:3] == pytest.approx(1.97e-9 * np.array([1, 2, 3]), rel=0.15)
    assert half[5] < 0.1 * half[0]
    assert half[7] == pytest.approx(half[1])


def test_runs_of_one_pulse_leave_the_growth_open_so_that_the_fastest_is_taken():
    found = learn_prediction_error([[1e-9], [-1e-9]], [[1], [1]])
    assert found.half_width(TEN)[9] == pytest.approx(10 * found.half_width(TEN)[0])
    assert found.pulses == 1


def test_a_missed_place_is_inside_whatever_the_number_of_pulses():
    found = learn_prediction_error([[1e-10, 1e-10]] * 5, [[1, 1]] * 5, place=40e-9)
    assert found.half_width(TEN).tolist() == [40e-9] * 10


def test_a_model_without_any_error_predicts_without_any():
    assert learn_prediction_error([[0.0, 0.0]], [[1, -1]]).half_width([1]).tolist() == [0.0]


def test_a_run_that_lost_its_wall_counts_as_far_as_it_was_there():
    whole = learn_prediction_error([[1e-9], [1e-9, 2e-9]], [[1, 1, 1], [1, 1]])
    assert whole.pulses == 2
    assert whole.half_width([1, 1])[1] == pytest.approx(2 * whole.half_width([1])[0])


@pytest.mark.parametrize("runs", [3, 6])
def test_intervals_from_few_runs_hold_the_next_one(runs):
    generator = np.random.default_rng(4)
    inside = []
    for _ in range(300):
        # A part that is the same in all pulses of a run, and one that adds up.
        made = generator.normal(size=(runs + 1, 1)) + np.cumsum(generator.normal(size=(runs + 1, 4)), axis=1)
        found = learn_prediction_error(made[:-1], [TEN[:4]] * runs)
        inside.append(np.abs(made[-1]) <= found.half_width(TEN[:4]))
    shares = np.mean(inside, axis=0)
    assert np.all((shares > 0.9) & (shares < 0.995)), shares


def test_it_is_saved_as_it_is():
    found = PredictionError(at_rest=1e-9 / 3, by_pulse=0.0, one_way=2e-10 / 7, runs=5, pulses=4, place=0.0)
    assert PredictionError.model_validate_json(found.model_dump_json()) == found
