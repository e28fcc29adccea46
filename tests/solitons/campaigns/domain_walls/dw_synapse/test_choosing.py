"""Runs of a sweep that are added until the interval asked for is reached, or the sweep ends."""

import numpy as np
import pytest
from rows import rows

from solitons.campaigns.domain_walls.dw_synapse.choosing import Choosing
from solitons.campaigns.framework.axes import Axis
from solitons.campaigns.framework.base import LabelledRun, SweptPoint

CURRENTS = (1e12, 2e12, 3e12, 4e12, 5e12, 6e12)
AXIS = Axis(name="amplitude", unit="A/m^2", fields=["protocol.steps.1.amplitude"], values=CURRENTS)
SWEEP = [LabelledRun(None, SweptPoint((AXIS,), (value,))) for value in CURRENTS]


def begun(enough=5e-8, needed=()):
    """Of six currents the second is held out."""
    points = {place: (value,) for place, value in enumerate(CURRENTS) if place != 1}
    return Choosing.begun(enough, points, 3, needed)


def first(left):
    return left[0]


def test_runs_are_added_until_the_interval_is_reached_twice():
    choosing = begun()
    assert choosing.made == (0, 5, 2)
    choosing = choosing.after(200e-9, lambda left: left[-1])
    assert (choosing.made, choosing.left, choosing.ended) == ((0, 5, 2, 4), [3], False)
    choosing = choosing.after(31.2e-9, first)
    assert (choosing.made, choosing.reached, choosing.ended) == ((0, 5, 2, 4, 3), False, False)
    choosing = choosing.after(20e-9, first)
    assert (choosing.made, choosing.ended, list(choosing.about())) == ((0, 5, 2, 4, 3), True, [])


def test_it_says_which_runs_were_made_and_how_well_predictions_are_known():
    choosing = begun().after(40e-9, first).after(31.2e-9, first)
    assert choosing.ended
    assert choosing.statement(SWEEP) == (
        "4 of the 5 runs of the sweep that are not held out were made. First: 1 × 10¹² A/m²; 6 × 10¹² A/m²; "
        "3 × 10¹² A/m². Then by expected information: 4 × 10¹² A/m². With all parameters free and an exact material, "
        "positions are known to ±31 nm (95 %), where "
        "±50 nm was asked for."
    )


def test_a_run_that_others_are_compared_with_is_among_the_first():
    assert begun(needed=[4, 1]).made == (4, 0, 5, 2)
    assert begun(needed=[5]).made == (5, 0, 2)


@pytest.mark.parametrize("interval", [200e-9, np.nan])
def test_an_interval_that_is_not_reached_limits(interval):
    choosing = begun()
    while not choosing.ended:
        choosing = choosing.after(interval, first)
    (reason,) = choosing.about()
    assert (reason.code, reason.weight) == ("interval_not_reached", "limited")
    assert len(choosing.made) == 5
    known = "known to ±200 nm (95 %)" if interval == 200e-9 else "No interval"
    assert known in reason.sentence
    assert (
        "where ±50 nm was asked for; every run is made. Add runs to the sweep or raise fit.enough." in reason.sentence
    )


@rows(("count", "needed"), [(5, ()), (9, ()), (3, (3, 4, 5))])
def test_a_sweep_with_nothing_to_choose_is_refused(count, needed):
    points = {place: (value,) for place, value in enumerate(CURRENTS) if place != 1}
    message = r"fit.enough = 50 nm .* the first 5, but the sweep has 5 run\(s\) .* leave enough out"
    with pytest.raises(ValueError, match=message):
        Choosing.begun(5e-8, points, count, needed)
