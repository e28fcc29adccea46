import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from solitons.spin_ice.comparison import compare_lattices
from solitons.spin_ice.switching import field_along, switching_fields

FIELD = np.arange(10.0)


def ramp(steps):
    """States in which island i turns in step steps[i]."""
    return np.where(np.arange(10)[:, None] >= np.asarray(steps), -1, 1)


def test_the_numbers_of_a_case_done_by_hand():
    """Islands turn in 1, 2, 3, 4 and are said to turn in 1, 3, 2, 2."""
    found = compare_lattices(ramp([1, 2, 3, 4]), ramp([1, 3, 2, 2]), FIELD, [1, 1, 1, 1])
    # Of six pairs 0 is right with all three, (1, 2) and (1, 3) are wrong, (2, 3) is a tie.
    assert found.concordance == pytest.approx(3.5 / 6)
    assert found.same_step == 0.25
    np.testing.assert_allclose(found.overlap[:5], [1, 1, 0.25, 0.75, 1])
    assert found.worst_overlap == 0.25
    # Fields are the steps' numbers.
    assert found.flip_field_error == pytest.approx(np.sqrt((0 + 1 + 1 + 4) / 4) / 2.5)
    # One of them is two steps off. Islands turn from step 0 to 4, in steps of 1.
    assert found.islands_off == 1
    assert found.field_step == 1 / 4
    # The moment goes 1, 1/2, 0: 0 is reached in step 2; in the prediction 1, 1/2, -1/2 in the middle of it.
    assert (found.measured_coercive_field, found.predicted_coercive_field) == (2.0, 1.5)
    assert found.coercive_field_error == -0.25


def test_islands_that_never_turn_come_last():
    found = compare_lattices(ramp([1, 2, 99]), ramp([1, 99, 2]), FIELD, np.ones(3))
    assert found.measured_steps.tolist() == [1, 2, -1]
    assert found.concordance == pytest.approx(2 / 3)
    assert found.final_overlap == pytest.approx(1 / 3)
    # The last field is 9.
    assert found.flip_field_error == pytest.approx(np.sqrt((0 + 7**2 + 7**2) / 3) / 4)


def test_nothing_that_turns_has_no_order_and_no_coercive_field():
    still = ramp([99, 99])
    found = compare_lattices(still, still, FIELD, np.ones(2))
    assert np.isnan([found.concordance, found.kendall_tau, found.same_step, found.measured_coercive_field]).all()
    assert np.isnan(found.coercive_overlap)
    assert np.isnan(found.flip_field_error)


def test_a_cascade_that_breaks_up_has_pairs_wrong():
    """Four turn in one step. A step apart is no more than the run can tell; further apart, a pair counts half."""
    assert np.isnan(compare_lattices(ramp([2, 2, 2, 2]), ramp([2, 2, 3, 3]), FIELD, np.ones(4)).concordance)
    broken = compare_lattices(ramp([2, 2, 2, 2]), ramp([2, 2, 6, 6]), FIELD, np.ones(4))
    assert broken.concordance == 0.5
    # With one before them: four pairs are right, of four a half is.
    assert compare_lattices(ramp([1, 2, 2, 2, 2]), ramp([1, 2, 2, 6, 6]), FIELD, np.ones(5)).concordance == 0.75


@given(st.permutations(range(1, 21)))
def test_at_equal_numbers_of_turned_islands_spins_are_right_as_pairs_are(steps):
    """The inequality of Diaconis and Graham, for one island a step."""
    run, model = (np.where(np.arange(21)[:, None] >= np.asarray(each), -1, 1) for each in (range(1, 21), steps))
    found = compare_lattices(run, model, np.arange(21.0), np.ones(20))
    share = found.overlap[1:].mean()
    assert found.concordance - 1e-9 <= share <= (1 + found.concordance) / 2 + (1 - found.concordance) / 40 + 1e-9


@given(st.lists(st.integers(1, 12), min_size=2, max_size=20), st.randoms(use_true_random=False))
def test_the_comparison_does_not_ask_which_island_is_which(steps, random):
    other = [min(max(each + random.randint(-1, 1), 1), 12) for each in steps]
    order = list(range(len(steps)))
    random.shuffle(order)
    first = compare_lattices(ramp(steps), ramp(other), FIELD, np.ones(len(steps)))
    second = compare_lattices(ramp(steps)[:, order], ramp(other)[:, order], FIELD, np.ones(len(steps)))
    np.testing.assert_allclose(first.overlap, second.overlap)
    np.testing.assert_allclose(first.concordance, second.concordance)


def test_states_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match="start in different states"):
        compare_lattices(ramp([0, 3]), ramp([2, 3]), FIELD, np.ones(2))
    with pytest.raises(ValueError, match=r"states of \(10, 2\) and \(10, 3\)"):
        compare_lattices(ramp([1, 3]), ramp([2, 3, 4]), FIELD, np.ones(2))


def test_a_switching_field_is_in_the_middle_of_its_step():
    spin = xr.DataArray(ramp([3, 99, 0]), dims=("step", "island"), coords={"island": [0, 1, 2]})
    found = switching_fields(spin, 1000.0 * np.arange(10))
    np.testing.assert_allclose(found["switching_field"], [2500.0, np.nan, np.nan])
    np.testing.assert_allclose(found["uncertainty"], [1000 / np.sqrt(12), np.nan, np.nan])
    assert found["step"].values.tolist() == [3, -1, -1]
    with pytest.raises(ValueError, match="one field a step"):
        switching_fields(spin, [1.0, 2.0])


def test_fields_off_the_ramp_are_refused():
    direction = np.array([np.cos(0.3), np.sin(0.3), 0.0])
    np.testing.assert_allclose(field_along([2 * direction, -3 * direction], 0.3), [2, -3])
    with pytest.raises(ValueError, match="off the direction"):
        field_along([2 * direction], 0.4)
