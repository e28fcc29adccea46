"""What speaks against a measured capacity."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.capacity.pattern_capacity import Capacity, KindOfMemory, SizePoint, about_capacity

OF = ["solitons/campaigns/capacity/pattern_capacity.py"]
KIND = KindOfMemory("neurons", published=0.042, off=0.004, slope=4.5, power=2, most=1e10)


def judged(half_point=0.045, ci95=(0.040, 0.044)):
    points = [SizePoint(size=1000, shares=[1.0, 0.0], half_point=half_point, ci95=(0.04, 0.05))]
    known = half_point is not None
    found = Capacity(
        loads=[0.03, 0.06], points=points, limit=0.042 if known else None, ci95=ci95 if known else None,
        limit_two_thirds=0.041,
    )  # fmt: skip
    return list(about_capacity(found, KIND))


@both_ways(
    Limit("capacity_not_bracketed", "failed", {"half_point": None}, {}),
    Limit("capacity_uncertain", "limited", {"ci95": (0.0379, 0.0461)}, {"ci95": (0.0381, 0.0459)}),
    Limit("capacity_off_theory", "limited", {"ci95": (0.0461, 0.048)}, {"ci95": (0.0459, 0.048)}),
    Limit("capacity_off_theory", "limited", {"ci95": (0.035, 0.0379)}, {"ci95": (0.035, 0.0381)}),
)
def test_each_limit_is_crossed(limit):
    crosses(judged, limit)


def test_a_capacity_that_agrees_is_given_no_reason():
    assert judged() == []
