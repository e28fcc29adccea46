"""Ensembles under a held current whose members' ways are known."""

import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis.junctions.held_current import reversal_coherence, switching_in_time
from analysis.statistics.proportions import exact_interval


def ensemble(*rows):
    """Members with these m_z, a frame every nanosecond."""
    mz = np.array(rows, dtype=float)
    parts = {name: (("member", "t"), values) for name, values in (("mx", 0 * mz), ("my", 0 * mz), ("mz", mz))}
    return xr.Dataset(parts, coords={"t": np.arange(mz.shape[1]) * 1e-9})


WAYS = ensemble(
    [-1, -1, -1, -1, -1],
    [-1, -1, 0.2, 1, 1],  # across before the first width
    [-1, -1, -1, 1, -1],  # comes back
    [-1, -1, -1, -0.1, 1],
)


def test_members_are_counted_where_they_are_and_as_they_leave():
    found = switching_in_time(WAYS, axis=(0, 0, 2), onset=1e-9, widths=[1e-9, 2e-9, 3e-9])
    assert found["switched"].values.tolist() == [1, 2, 2]
    assert found["began"].values.tolist() == [4, 3, 2]
    assert found["left"].values.tolist() == [1, 1, 1]
    assert found["returned"].values.tolist() == [0, 0, 1]
    np.testing.assert_allclose(found["interval"], 1e-9)
    assert (float(found["low"][1]), float(found["high"][1])) == pytest.approx(exact_interval(2, 4))


def test_counts_from_the_other_state_are_the_same():
    one, other = (
        switching_in_time(each, axis=(0, 0, 1), onset=1e-9, widths=[2e-9, 3e-9]) for each in (WAYS, -1 * WAYS)
    )
    xr.testing.assert_identical(one, other)


@rows(
    ("given", "changes", "message"),
    [
        (WAYS, {"widths": [1.5e-9]}, "is not among the frames, which are 1e-09 s apart"),
        (WAYS, {"widths": [4e-9]}, "none beyond the end"),
        (WAYS, {"widths": [2e-9, 1e-9]}, "must be above 0 and rise"),
        (WAYS, {"axis": (0, 0, 0)}, "three numbers, not all zero"),
        (ensemble([-1, -1, -1], [1, 1, 1]), {}, "begin in both states"),
        (WAYS.isel(member=0), {}, "lacks the dimension member"),
        (WAYS.drop_vars("mx"), {}, "ensemble lacks mx"),
    ],
)
def test_what_cannot_be_counted_is_refused(given, changes, message):
    arguments = {"axis": (0, 0, 1), "onset": 1e-9, "widths": [1e-9]} | changes
    with pytest.raises(ValueError, match=message):
        switching_in_time(given, **arguments)


def test_a_layer_that_turns_as_a_whole_keeps_its_length():
    angle = np.linspace(0, np.pi, 91)
    whole = xr.Dataset(
        {name: (("member", "t"), 0.9 * values[None, :]) for name, values in
         (("mx", np.sin(angle)), ("my", 0 * angle), ("mz", -np.cos(angle)))},
        coords={"t": np.arange(91) * 1e-12},
    )  # fmt: skip
    found = reversal_coherence([whole], axis=(0, 0, 1))
    assert float(found["coherence"]) == pytest.approx(1.0)
    assert float(found["in_state"]) == pytest.approx(0.9)
    # A wall crosses: nothing of the mean points aside.
    assert float(reversal_coherence([whole.assign(mx=0 * whole["mx"])], axis=(0, 0, 1))["coherence"]) < 0.3


def test_without_a_reversal_there_is_no_coherence():
    found = reversal_coherence([ensemble([-1.0, -0.9])], axis=(0, 0, 1))
    assert int(found["seen"]) == 0
    assert np.isnan(float(found["coherence"]))
