"""What speaks against the errors of a register."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.domain_walls.racetrack_register.judgement import about_register
from solitons.campaigns.domain_walls.racetrack_register.results import (
    CheckedPoint,
    RegisterPoint,
    RegisterResults,
    Window,
)

OF = ["solitons/campaigns/domain_walls/racetrack_register/judgement.py"]


def checked(inside, temperature, given):
    values = {"name": "run", "temperature": temperature, "outcomes": {"shifted": 16}, "ci95": (0.0, 0.2)}
    values |= {"predicted": 0.1, "differs": [], "same": None, "new": 0, "inside": inside}
    return CheckedPoint(**values | given)


def judged(
    verdict="trusted", upper=0.005, low=1e12, cold=1e12, inside=None, outside=None, heat=300.0, runs=(True, False),
    unfitted=0, bound=0.009,
):  # fmt: skip
    windows = [Window(width=3e-10, temperature=t, low=at, high=at) for t, at in ((0.0, cold), (300.0, low))]
    point = RegisterPoint(
        amplitude=1e12, width=3e-10, temperature=300.0, outcomes={}, error=0.0, ci95=(0.0, upper), words_wrong=0.0
    )
    points = [checked(each, heat, (inside if each else outside) or {}) for each in runs]
    results = RegisterResults(
        limit=0.01, points=[point], windows=windows, checked=points, outside=unfitted, bound=bound
    )
    return list(about_register("wall", verdict, results))


@both_ways(
    Limit("fit_failed", "failed", {"verdict": "failed"}, {"verdict": "limited"}),
    Limit("fit_limited", "limited", {"verdict": "limited"}, {}),
    Limit("fit_limited", "limited", {"verdict": None}, {}),
    Limit("too_few_words", "limited", {"upper": 0.011}, {"upper": 0.009}),
    Limit("no_window", "failed", {"low": None, "cold": None}, {"low": None}),
    Limit("window_closes", "limited", {"low": None}, {}),
    Limit("inside_differs", "failed", {"inside": {"differs": ["held"]}}, {"inside": {"same": 1.0}}),
    Limit("inside_differs", "failed", {"inside": {"same": 0.99}}, {"inside": {"same": 1.0}}),
    Limit("outside_differs", "limited", {"outside": {"new": 2}}, {}),
    Limit("outside_fit", "limited", {"unfitted": 1}, {}),
    Limit("few_shifts_checked", "limited", {"bound": 0.011}, {"bound": 0.009}),
    Limit("not_checked", "limited", {"runs": (True,)}, {}),
    Limit("not_checked", "limited", {"runs": (False,)}, {}),
    Limit("heat_not_checked", "limited", {"heat": 0.0}, {}),
)
def test_each_limit_is_crossed(limit):
    crosses(judged, limit)


def test_nothing_is_left_where_all_passes():
    assert judged() == []


def test_a_failed_register_has_no_window():
    results = RegisterResults(limit=0.01, points=[], windows=[], checked=[checked(True, 0.0, {})], verdict="failed")
    assert [each.value for each in results.headlines()] == ["–", "1 of 1"]
