"""A ledger's sums, and what it says where a number is not known."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from rows import rows

from solitons.energy import REVIEW_LINES, EnergyLedger
from solitons.energy.ledger import EnergyRow


def row(**changes):
    given = {
        "device": "wall", "operation": "write pulse", "part": "device", "name": "heat <of> the metal", "joule": 2e-15,
        "second": 1e-9, "origin": "derived", "source": "R I^2 t",
    }  # fmt: skip
    return EnergyRow(**given | changes)


UNKNOWN = row(
    part="wire", name="segments", joule=None, second=0.0, missing="no resistance is given; give wires.segment"
)


def test_sums_are_of_one_operation_and_part():
    ledger = EnergyLedger(rows=(row(), row(part="wire", joule=1e-15, second=0.0), row(operation="read", joule=5e-15)))
    assert ledger.joule("wall", "write pulse") == pytest.approx(3e-15)
    assert ledger.joule("wall", "write pulse", "wire") == 1e-15
    assert ledger.second("wall", "write pulse") == 1e-9
    assert ledger.operations == [("wall", "write pulse"), ("wall", "read")]
    with pytest.raises(KeyError, match="'spike' of 'wall'; it has wall: write pulse; wall: read"):
        ledger.joule("wall", "spike")


def test_a_sum_with_a_row_that_is_not_known_is_not_known():
    ledger = EnergyLedger(rows=(row(), UNKNOWN))
    assert ledger.joule("wall", "write pulse") is None
    assert ledger.joule("wall", "write pulse", "device") == 2e-15
    assert ledger.second("wall", "write pulse") == 1e-9


@rows("changes", [{"joule": None}, {"second": None}, {"missing": "why"}, {"joule": -1e-15}, {"second": float("inf")}])
def test_what_is_not_known_has_a_reason(changes):
    with pytest.raises(ValidationError):
        row(**changes)


def test_it_prints_and_leaves(tmp_path):
    ledger = EnergyLedger(rows=(row(), UNKNOWN))
    text = ledger._repr_html_()
    assert "heat &lt;of&gt; the metal" in text
    assert "not known: no resistance is given; give wires.segment" in text
    dataset = ledger.to_xarray()
    np.testing.assert_array_equal(dataset["joule"], [2e-15, np.nan])
    assert dataset["joule"].attrs["units"] == "J"
    assert dataset["missing"].values.tolist()[1] == UNKNOWN.missing
    dataset.to_netcdf(tmp_path / "ledger.nc")
    ledger.table().to_csv(tmp_path / "ledger.csv", index=False)
    assert pd.read_csv(tmp_path / "ledger.csv")["joule"].isna().tolist() == [False, True]
    assert EnergyLedger.model_validate_json(ledger.model_dump_json()) == ledger


def test_the_review_is_compared_with():
    assert {line.operation: line.joule for line in REVIEW_LINES} == {"write": 100e-15, "synaptic event": 23e-15}
