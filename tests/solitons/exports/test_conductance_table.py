"""Tables of conductance against pulse: what is in them, and that every number comes back."""

import numpy as np
import pytest
import xarray as xr

from solitons.exports import conductance_table, read_table, write_table


@pytest.fixture(scope="module")
def table(fitted):
    return conductance_table(fitted)


@pytest.mark.slow
def test_it_has_units_spreads_provenance_and_residual(table, fitted, measured):
    up = table.sel(sign=1)
    first = np.mean([train.conductance for train in measured.trains() if train.sign > 0], axis=0)
    np.testing.assert_allclose(up.conductance, first)
    np.testing.assert_allclose(up.residual, up.conductance - up.model)
    assert float(np.abs(up.residual).max()) < 2e-6
    # Readings scatter by 0.3 uS, and pulses by 0.3 each.
    assert 0.25e-6 < float(up.cycle_spread.mean()) < 1.5e-6
    assert np.isnan(up.device_spread).all(), "one device says nothing of others"
    assert np.isnan(table.attrs["device_spread_of_gain"]), "nor is their spread known to be none"
    assert table.conductance.units == "S"
    assert table.attrs["verdict"] == "limited"  # one device
    assert '"source":"TabulatedSynapse"' in table.attrs["provenance"]
    assert table.attrs["held_out_rms_S"] == fitted.errors.rms
    assert table.attrs["levels"] == fitted.levels.number


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["nc", "csv"])
def test_every_number_comes_back(table, tmp_path, ending):
    path = write_table(table, tmp_path / f"table.{ending}")
    back = read_table(path)
    xr.testing.assert_identical(back, table)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_another_ending_and_another_file_are_refused(table, tmp_path):
    with pytest.raises(ValueError, match=r"table.xlsx ends with '.xlsx'; write .nc \(NetCDF\) or .csv"):
        write_table(table, tmp_path / "table.xlsx")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="its format is None"):
        read_table(tmp_path / "other.csv")
