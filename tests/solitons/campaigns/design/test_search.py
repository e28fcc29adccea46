"""The search on functions whose best place is known in closed form."""

import numpy as np
import pytest
from rows import rows

from solitons.campaigns.design.search import Known, best_of, proceed


def search(start, number, *, devices=60, accuracy=1e-3, seed=0):
    """The places in the order in which they are tried, and the last step."""
    known, places = {}, (start,)
    while places:
        known.update({place: number(np.array(place)) for place in places})
        step = proceed(known, accuracy=accuracy, devices=devices, seed=seed)
        places = step.places
    return known, step


def steepest(x):
    """As graded wells: the aim is a sum, and the limit the largest of slopes, at its best on all kinks."""
    slopes = np.array([[0.4, 0.1, 0.0], [-0.3, 0.5, 0.1], [0.0, -0.2, 0.6]])
    at = slopes @ x
    largest = int(at.argmax())
    return Known(x.sum(), np.array([at.max() - 0.2]), np.array([np.ones(3), slopes[largest]]))


def test_where_the_best_lies_on_all_kinks_it_is_found_in_few_devices():
    known, step = search((0.1, 0.1, 0.1), steepest)
    slopes = np.array([[0.4, 0.1, 0.0], [-0.3, 0.5, 0.1], [0.0, -0.2, 0.6]])
    np.testing.assert_allclose(best_of(known), np.linalg.solve(slopes, np.full(3, 0.2)), atol=1e-6)
    assert step.converged
    assert len(known) <= 10


def bowl(x):
    """Its top at 0.3 and 0.8, which no plane shows, outside a limit along a diagonal."""
    return Known(
        1 - ((x - [0.3, 0.8]) ** 2).sum(), np.array([x.sum() - 0.9]), np.array([-2 * (x - [0.3, 0.8]), [1, 1]])
    )


def test_a_smooth_top_beyond_a_limit_is_found_on_the_limit():
    known, step = search((0.9, 0.1), bowl, accuracy=1e-5)
    np.testing.assert_allclose(best_of(known), [0.2, 0.7], atol=0.01)
    assert step.converged
    assert known[best_of(known)].excess[0] <= 1e-6


@rows("seed", [0, 1])
def test_without_slopes_it_comes_there_too_by_more_devices(seed):
    def plain(x):
        return Known(bowl(x).aim, bowl(x).excess)

    known, _ = search((0.9, 0.1), plain, devices=120, seed=seed)
    np.testing.assert_allclose(best_of(known), [0.2, 0.7], atol=0.03)
    again, _ = search((0.9, 0.1), plain, devices=120, seed=seed)
    assert list(again) == list(known)


@rows("slopes", [True, False])
def test_devices_without_a_number_are_left_behind(slopes):
    def broken(x):
        at = bowl(x)
        if x[0] < 0.5:
            return Known(np.nan, np.array([np.nan]))
        return at if slopes else Known(at.aim, at.excess)

    known, _ = search((0.9, 0.1), broken, devices=200)
    assert best_of(known)[0] >= 0.5
    assert known[best_of(known)].aim > 0.97 * 0.8  # at (0.5, 0.4)


def test_a_wrong_plane_does_not_shut_the_best_out():
    def bent(x):  # a hollow between two tops, the higher at 1
        return Known(float((x[0] - 0.4) ** 2), np.zeros(0), np.array([2 * (x - 0.4)]))

    known, _ = search((0.45,), bent)
    assert best_of(known) == (1.0,)


def test_a_gentle_slope_is_followed_to_the_bound():
    """Of which the first reach shows less than the accuracy."""
    known, step = search((0.1,), lambda x: Known(1 + 0.019 * x[0], np.zeros(0), np.array([[0.019]])), accuracy=5e-3)
    assert known[best_of(known)].aim >= 1.019 - 5e-3
    assert step.converged


@rows("slopes", [True, False])
def test_a_device_within_the_limits_is_better_than_any_outside(slopes):
    """Also where the aim is a hundred times the start's, beside which a limit's excess is small."""

    def steep(x):
        slope = np.array([[1000.0, 1000.0], [1.0, 1.0]])
        return Known(1 + 1000 * x.sum(), np.array([x.sum() - 1.0]), slope if slopes else None)

    known, _ = search((0.001, 0.001), steep, devices=40)
    assert known[best_of(known)].excess[0] <= 1e-9
    assert known[best_of(known)].aim > 0.9 * 1001


def test_fields_with_steps_take_no_other_values():
    def plain(x):
        assert 5 * x[0] == pytest.approx(round(5 * x[0]), abs=1e-6)
        return Known(-((x - [0.6, 0.3]) ** 2).sum(), np.zeros(0))

    known, places = {}, ((0.0, 0.9),)
    while places:
        known.update({place: plain(np.array(place)) for place in places})
        places = proceed(known, accuracy=1e-3, devices=90, seed=0, counts=(5, None)).places
    np.testing.assert_allclose(best_of(known), [0.6, 0.3], atol=0.03)


def test_the_search_ends_when_it_has_enough():
    known, places = {}, ((0.9, 0.1),)
    while places:
        known.update({place: bowl(np.array(place)) for place in places})
        step = proceed(known, accuracy=1e-5, devices=60, seed=0, enough=0.9)
        places = step.places
    assert step.converged
    assert known[best_of(known)].aim >= 0.9
    assert [each.merit >= (0.0, 0.9) for each in known.values()].count(True) == 1


def test_the_search_stops_at_its_number_of_devices_and_says_so():
    known, step = search((0.1, 0.1, 0.1), steepest, devices=3)
    assert len(known) == 3
    assert not step.converged


def test_no_step_leaves_the_bounds():
    known, _ = search((1.0, 0.0), lambda x: Known(x[0] - x[1], np.zeros(0), np.array([[1.0, -1.0]])))
    assert best_of(known) == pytest.approx((1.0, 0.0))
    assert all(0 <= each <= 1 for place in known for each in place)
