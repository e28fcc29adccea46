"""Inverters and gates that cannot be built are refused."""

import pytest

from geometries.stripe import chiral_gate, chiral_inverter


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"before": 0}, "a value is 0; give 1 for up or -1 for down"),
        ({"before": 2}, "a value is 2"),
        # In the region, where a wall is already, and behind it.
        ({"before": -1, "wall_position": 95e-9}, "95 nm must lie between the left end and the region"),
        ({"before": -1, "wall_position": 150e-9}, "which begins at 90 nm"),
    ],
)
def test_an_inverter_that_is_none_is_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        chiral_inverter(1, region_anisotropy=1.5e5, **changes)


@pytest.mark.parametrize(
    ("values", "changes", "words"),
    [
        ((1, 1, 1), {}, "give two, of the lower and of the upper lane"),
        ((1, 0), {}, "a value is 0"),
        ((1, 1), {"reset": 0}, "a value is 0"),
        ((1, 1), {"wall_position": 150e-9}, "which begins at 100 nm"),
    ],
)
def test_a_gate_that_is_none_is_refused(values, changes, words):
    with pytest.raises(ValueError, match=words):
        chiral_gate(values, region_anisotropy=4.6e5, **changes)
