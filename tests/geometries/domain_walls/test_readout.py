"""Read-out windows: intervals in order."""

import pytest
from pydantic import ValidationError
from rows import rows

from geometries import ReadoutWindow


def test_units_are_read():
    assert ReadoutWindow(x=("200 nm", "300 nm"), y=[0, 1e-8]) == ReadoutWindow(x=(2e-7, 3e-7), y=(0, 1e-8))


@rows(
    ("keys", "message"),
    [
        ({"x": (3e-7, 2e-7)}, "the window ends at x = 200 nm, not after its begin at 300 nm"),
        (
            {"x": (1e-7, 2e-7), "y": (1e-8, 1e-8)},
            "the window ends at y = 10 nm, not after its begin at 10 nm",
        ),
        ({"x": ("1 s", "2 s")}, r"x\.0\n.*dimension \[time\]"),
        ({"x": (1e-7,)}, r"x\.1\n.*required"),
    ],
)
def test_what_no_window_is(keys, message):
    with pytest.raises(ValidationError, match=message):
        ReadoutWindow(**keys)
