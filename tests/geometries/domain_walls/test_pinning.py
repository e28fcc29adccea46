"""Pinned ends: a length and a strength, both above zero."""

import pytest
from pydantic import ValidationError
from rows import rows

from geometries import PinnedEnds


def test_a_flux_density_over_mu0_is_a_strength():
    ends = PinnedEnds(length="20 nm", field="250 mT/mu0")
    assert ends.field == pytest.approx(198943.68, rel=1e-6)


@rows(
    ("keys", "message"),
    [
        ({"length": "20 nm", "field": 0}, "field\n.*holds no domain; give a strength above 0"),
        ({"length": "20 nm", "field": "-5 kA/m"}, "field\n.*-5 kA/m holds no domain"),
        ({"length": "20 nm", "field": "250 mT"}, "field\n.*'250 mT' is not taken.*250 mT/mu0"),
        ({"length": 0, "field": 1e5}, "length\n.*above 0"),
        ({"length": "20 nm"}, "field\n.*required"),
    ],
)
def test_what_pins_nothing(keys, message):
    with pytest.raises(ValidationError, match=message):
        PinnedEnds(**keys)
