"""What a fitted model says about its origin, and when it warns."""

import warnings

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from solitons.fits.provenance import FittedRange, OutsideFittedRange, Provenance

RANGE = FittedRange(amplitude=(1e12, 4e12), width=(0.5e-9, 2e-9), field=1e3, position=(50e-9, 300e-9))
PROVENANCE = Provenance(
    trained_on=("a", "b"),
    held_out=("c",),
    held_out_error=2e-9,
    held_out_rms_at_rest=3e-9,
    fitted_range=RANGE,
)


@rows(
    "drive",
    [
        {},
        {"amplitude": 1e12, "width": 2e-9},
        {"amplitude": -4e12},
        {"amplitude": 0.0, "width": 0.0, "field": 0.0},
        {"field": -1e3},
        {"amplitude": 4e12 * (1 + 1e-12)},
    ],
)
def test_inside_is_silent(drive):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert PROVENANCE.check_range(**drive)


@rows(
    ("drive", "said"),
    [
        ({"amplitude": -5e12}, r"pulse amplitude 5e\+12 A/m2 lies outside the fitted range 1e\+12 to 4e\+12"),
        ({"amplitude": 1e11}, r"pulse amplitude 1e\+11 A/m2"),
        ({"width": 3e-9}, "pulse width 3e-09 s lies outside the fitted range 5e-10 to 2e-09 s"),
        ({"field": 2e3}, "applied field 2000 A/m lies outside the fitted range 0 to 1000 A/m"),
    ],
)
def test_outside_warns_with_value_range_and_remedy(drive, said):
    with pytest.warns(OutsideFittedRange, match=said + ".*fit it on runs that cover it") as caught:
        assert not PROVENANCE.check_range(**drive)
    assert caught[0].filename == __file__


def test_each_quantity_that_is_outside_warns():
    with pytest.warns(OutsideFittedRange) as caught:
        PROVENANCE.check_range(9e12, 9e-9, 9e3)
    assert len(caught) == 3


def test_it_goes_through_json_unchanged():
    assert Provenance.model_validate_json(PROVENANCE.model_dump_json()) == PROVENANCE


def test_it_is_frozen_and_can_be_the_key_of_a_compilation():
    with pytest.raises(ValidationError):
        PROVENANCE.held_out_error = 1.0
    with pytest.raises(ValidationError):
        RANGE.field = 1.0
    assert hash(PROVENANCE) == hash(PROVENANCE.model_copy())


@rows("name", ["held_out_error", "held_out_rms_at_rest"])
@rows("bad", [-1e-9, np.nan, np.inf])
def test_an_error_that_is_no_error_is_refused(name, bad):
    with pytest.raises(ValidationError, match=name):
        Provenance(trained_on=("a",), fitted_range=RANGE, **{name: bad})
