"""A taper: linear, towards the end that was asked for."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from geometries import Taper

X = np.array([0, 250e-9, 500e-9])


@rows(
    ("taper", "widths"),
    [
        (Taper(ratio=0.5), [100, 75, 50]),
        (Taper(end_width="20 nm"), [100, 60, 20]),
        (Taper(ratio=0.5, narrow_end="left"), [50, 75, 100]),
        (Taper(ratio=1), [100, 100, 100]),
    ],
)
def test_the_width_falls_linearly_to_the_narrow_end(taper, widths):
    np.testing.assert_allclose(taper.width_at(X, 500e-9, 100e-9) * 1e9, widths)


@rows(
    ("keys", "message"),
    [
        ({}, "give either end_width or ratio, not neither"),
        ({"ratio": 0.5, "end_width": 1e-8}, "give either end_width or ratio, not both"),
        ({"ratio": 0}, "ratio = 0 is not above 0 and at most 1"),
        ({"ratio": 1.5}, "ratio = 1.5 is not above 0 and at most 1.*choose narrow_end"),
        ({"end_width": "-2 nm"}, "end_width\n.*-2 nm is not a size"),
    ],
)
def test_what_no_taper_is(keys, message):
    with pytest.raises(ValidationError, match=message):
        Taper(**keys)
