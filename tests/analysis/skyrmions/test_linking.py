import numpy as np
import pytest

from analysis.skyrmions.linking import Hiding, Motion, estimate_motion, link


def table(places, radius=1.0):
    """Frame, position, charge and radius of a list of lists of places."""
    frame = np.repeat(np.arange(len(places)), [len(each) for each in places])
    position = np.array([place for each in places for place in each], dtype=float).reshape(-1, 2)
    return frame, position, np.full(frame.size, -1.0), np.full(frame.size, radius)


def test_expected_places_keep_two_apart_that_pass():
    # Each is nearer to where the other was than to where it was itself.
    ways = [[(4 * k, 0), (12 - 4 * k, 1.5)] for k in range(5)]
    names = link(*table(ways), Motion(persistence=1.0, reach=5.0))
    assert names.tolist() == [0, 1] * 5


def test_one_that_is_too_far_is_another():
    assert link(*table([[(0, 0)], [(9, 0)]]), Motion(0.0, 5.0)).tolist() == [0, 1]


def test_birth_and_end_in_one_frame_are_no_jump():
    places = [[(0, 0), (50, 0)], [(0, 1), (50, 1)], [(0, 2), (90, 40)], [(0, 3), (90, 41)]]
    assert link(*table(places), estimate_motion(*table(places))).tolist() == [0, 1, 0, 1, 0, 2, 0, 2]


@pytest.mark.parametrize("hidden", [True, False])
def test_a_gap_is_bridged_where_something_can_hide_it(hidden):
    frame, *rest = table([[(0, 0)], [(1, 0)], [], [(3, 0)]])
    hiding = Hiding(np.array([2]), np.array([[2.0, 1.0]]), np.array([1.0])) if hidden else None
    names = link(frame, *rest, Motion(1.0, 0.9, first_reach=2.0), memory=1, hiding=hiding)
    assert names.tolist() == ([0, 0, 0] if hidden else [0, 0, 1])


def test_other_charges_are_not_taken_for_each_other():
    frame, position, charge, radius = table([[(0, 0), (2, 0)], [(1.4, 0), (0.6, 0)]])
    charge = np.array([-1.0, 1.0, -1.0, 1.0])
    assert link(frame, position, charge, radius, Motion(0.0, 3.0)).tolist() == [0, 1, 0, 1]


def test_motion_of_drift_and_of_diffusion():
    rng = np.random.default_rng(5)
    start = rng.uniform(0, 200, (10, 2)) * [1, 4]
    drifting = [(start + np.array([3 * k, 0])).tolist() for k in range(12)]
    assert estimate_motion(*table(drifting)).persistence == pytest.approx(1.0)
    walks = start + np.cumsum(rng.normal(0, 1, (40, 10, 2)), axis=0)
    assert estimate_motion(*table(walks.tolist())).persistence < 0.2


def test_a_single_one_that_jumps_in_pulses_is_one():
    places = [[(0.0, 0.0)]] * 30 + [[(20.0 * k, 0.0)] for k in range(1, 4)] + [[(60.0, 0.0)]] * 30
    assert set(link(*table(places), estimate_motion(*table(places))).tolist()) == {0}


def test_nothing_gives_nothing():
    assert link(*table([]), estimate_motion(*table([]))).size == 0
