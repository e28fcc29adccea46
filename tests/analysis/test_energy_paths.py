"""Hills on a way of least energy that is written down here."""

import numpy as np
import pytest
import xarray as xr

from analysis import energy_path
from analysis.energy_paths import _top


def test_hills_are_those_of_the_parabola_through_the_highest_states():
    # Tops at 0.5 and 1.5 of 7 and 4; between them a place of 2, at the end one of -1.
    along = np.linspace(0, 2, 19)
    energy = np.where(along < 1, 7 - 28 * (along - 0.5) ** 2, 4 - 12 * (along - 1.5) ** 2)
    energy[[0, 9, 18]] = 0, 2, -1
    stop = np.full(19, -1)
    stop[[0, 9, 18]] = 0, 1, 2
    found = energy_path(xr.Dataset({"energy": ("step", energy), "stop": ("step", stop)}))
    np.testing.assert_allclose(found["forth"], [7, 2])
    np.testing.assert_allclose(found["back"], [5, 5])
    assert found["rise"].values[9] == 2
    assert _top(1.0, 3.0, 1.0) == 3.0


def test_a_way_without_a_hill_has_none_and_another_run_is_refused():
    down = xr.Dataset({"energy": ("step", [0.0, -1.0, -2.0]), "stop": ("step", [0, -1, 1])})
    assert energy_path(down)["forth"].values.tolist() == [0.0]
    lost = xr.Dataset({"energy": ("step", [0.0, np.nan, -2.0]), "stop": ("step", [0, -1, 1])})
    assert np.isnan(energy_path(lost)["forth"]).all()
    with pytest.raises(ValueError, match="no way of least energy"):
        energy_path(down.drop_vars("stop"))
