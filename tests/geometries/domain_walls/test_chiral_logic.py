"""Inverters and gates that cannot be built are refused, and lanes are all read."""

import pytest
from rows import rows

from geometries import Lanes, Part, Stripe
from geometries.domain_walls import chiral_gate, chiral_inverter, gate_regions, inverter_regions


@rows(
    ("changes", "words"),
    [
        ({"before": 0}, "a value is 0; give 1 for up or -1 for down"),
        ({"before": 2}, "a value is 2"),
        # In the region, where a wall is already, and behind it.
        ({"before": -1, "wall_position": 95e-9}, "95 nm must lie between the left end and the region"),
        ({"before": -1, "wall_position": 150e-9}, "which begins at 90 nm"),
        ({"stages": 0}, "stages = 0; give 1 or more"),
    ],
)
def test_an_inverter_that_is_none_is_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        chiral_inverter(1, region_anisotropy=1.5e5, **changes)


def test_stages_follow_each_other_and_each_inverts_the_one_before():
    three = chiral_inverter(1, before=-1, region_anisotropy=1.5e5, length=400e-9, stages=3)
    assert three.domains == (1, -1, 1, -1, 1)  # the front of the new value, then what was there
    ends = [tuple(round(1e9 * end) for end in each.x) for each in inverter_regions(three)]
    assert ends == [(0, 90), (110, 190), (210, 290), (310, 355)]


def test_an_inverter_follows_a_gate():
    gate = chiral_gate((1, 1), region_anisotropy=4.6e5, length=372e-9, stages=2)
    assert [region.name for region in gate_regions(gate)] == ["a", "b", "stage_1", "output"]
    assert gate.domains == (1, -1, 1, -1)


@rows(
    ("values", "changes", "words"),
    [
        ((1, 1, 1), {}, "give two, of the lower and of the upper lane"),
        ((1, 0), {}, "a value is 0"),
        ((1, 1), {"reset": 0}, "a value is 0"),
        ((1, 1), {"wall_position": 150e-9}, "which begins at 100 nm"),
        ((1, 1), {"stages": 0}, "stages = 0; give 1 or more"),
    ],
)
def test_a_gate_that_is_none_is_refused(values, changes, words):
    with pytest.raises(ValueError, match=words):
        chiral_gate(values, region_anisotropy=4.6e5, **changes)


def test_no_lane_is_left_out():
    many = Stripe(
        length=80e-9, width=216e-9, thickness=1e-9, cell=(4e-9, 4e-9, 1e-9),
        lanes=Lanes(end=40e-9, gap=4e-9, first_domains=(1,) * 27),
        parts=(Part(name="inverter", x=(40e-9, 60e-9), Ku=4e5),),
    )  # fmt: skip
    found = gate_regions(many)
    assert [region.name for region in found][-3:] == ["z", "lane_27", "output"]
    assert len(found) == 28
