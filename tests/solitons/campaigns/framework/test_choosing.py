"""Runs of a plan that are added until the interval asked for is reached, or the plan ends."""

import numpy as np
import pytest
from rows import rows

from solitons.campaigns.framework.axes import Axis
from solitons.campaigns.framework.base import LabelledRun, SweptPoint
from solitons.campaigns.framework.choosing import Choosing, ChosenRuns

CURRENTS = (1e12, 2e12, 3e12, 4e12, 5e12, 6e12)
AXIS = Axis(name="amplitude", unit="A/m^2", fields=["protocol.steps.1.amplitude"], values=CURRENTS)
PLAN = [LabelledRun(None, SweptPoint((AXIS,), (value,))) for value in CURRENTS]


def begun(**settings):
    """Of six currents the second is held out."""
    points = {place: (value,) for place, value in enumerate(CURRENTS) if place != 1}
    return Choosing.begun(ChosenRuns(**({"until": 0.05} | settings)), points)


def test_runs_are_added_until_the_interval_is_reached():
    choosing = begun()
    assert choosing.made == (0, 5, 2)
    choosing = choosing.after(0.2, lambda left: left[-1])
    assert (choosing.made, choosing.left, choosing.ended) == ((0, 5, 2, 4), [3], False)
    choosing = choosing.after(0.0312, lambda left: left[0])
    assert (choosing.made, choosing.ended) == ((0, 5, 2, 4), True)
    assert list(choosing.about()) == []
    assert choosing.statement(PLAN) == (
        "4 of the 5 runs of the sweep that are not held out were made. Spread over it: 1 × 10¹² A/m², 6 × 10¹² A/m², "
        "3 × 10¹² A/m²; then by expected information: 5 × 10¹² A/m². Predictions are known to ±0.031 (95 %), where "
        "±0.05 was asked for (the interval is reached)."
    )
    assert "none had to be chosen" in begun().after(0.01, lambda left: left[0]).statement(PLAN)


@rows(
    ("settings", "interval", "made", "words"),
    [
        ({}, 0.2, 5, "±0.2 (95 %), where ±0.05 was asked for (every run is made). Add runs"),
        ({"most": 4}, 0.2, 4, "(choose.most = 4)"),
        ({}, np.nan, 5, "No interval of the predictions is known, where ±0.05 was asked for (every run is made)."),
    ],
)
def test_an_interval_that_is_not_reached_limits(settings, interval, made, words):
    choosing = begun(**settings)
    while not choosing.ended:
        choosing = choosing.after(interval, lambda left: left[0])
    (reason,) = choosing.about()
    assert (reason.code, reason.weight) == ("interval_not_reached", "limited")
    assert words in reason.sentence
    assert len(choosing.made) == made


def test_a_misfit_that_more_runs_may_show_limits_as_long_as_there_are_more():
    doubted = begun().after(0.01, lambda left: left[0], doubted=True)
    (reason,) = doubted.about()
    assert (reason.code, reason.weight, doubted.ended) == ("misfit_open", "limited", True)
    assert "in the 3 runs that were made may be chance; the same in all 5 would hardly be" in reason.sentence
    whole = begun(until=1e-3)
    while not whole.ended:
        whole = whole.after(0.01, lambda left: left[0], doubted=True)
    assert [each.code for each in whole.about()] == ["interval_not_reached"]


@rows(
    ("settings", "planned", "message"),
    [
        ({"first": 5}, 5, r"choose.first = 5, but the sweep has 5 run\(s\) .* give the sweep more values, or leave"),
        ({"first": 4, "most": 3}, 9, "choose.most = 3 must be choose.first = 4 or more, or left out"),
    ],
)
def test_a_plan_with_nothing_to_choose_is_refused(settings, planned, message):
    with pytest.raises(ValueError, match=message):
        ChosenRuns(until=0.1, **settings).check(planned)
