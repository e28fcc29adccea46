"""Logic values and truth tables, of states that are known."""

import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis import logic_values, truth_table
from analysis.magnet_logic.values import decided
from geometries.magnet_logic import majority_gate
from geometries.magnet_logic.builders import inverter


def made_run(array, states):
    """A run whose magnets have given directions (frames, magnets, 3)."""
    table = np.concatenate([np.full((len(states), 1, 3), np.nan), states], axis=1)
    m = table[:, array.cell_labels()]
    t = xr.Variable("t", np.arange(len(states)) * 1e-9, {"units": "s"})
    coords = {**array.coordinates(), "t": t, "vdims": list("xyz")}
    return xr.Dataset({"m": (("t", "x", "y", "z", "vdims"), m, {"units": "1"})}, coords=coords)


def test_a_magnet_is_read_along_its_axis_and_is_undecided_across_it():
    array = inverter(-1)
    states = np.array([[[0, -1, 0], [1, 0, 0]], [[0, -1, 0], [0.8, 0.6, 0]], [[0, 1, 0], [0.96, -0.28, 0]]])
    found = logic_values(made_run(array, states), array)
    assert found.value.sel(magnet="in").values.tolist() == [-1, -1, 1]
    assert found.value.sel(magnet="out").values.tolist() == [0, 1, 0]
    np.testing.assert_allclose(found.projection.sel(magnet="out"), [0, 0.6, -0.28], atol=1e-12)
    assert logic_values(made_run(array, states), array, threshold=0.7).value.values[1, 1] == 0


def test_the_start_of_a_gate_is_read_as_its_states():
    array = majority_gate((1, -1, -1))
    run = made_run(array, np.array([[[0, each.state, 0] for each in array.magnets]], dtype=float))
    assert logic_values(run, array).value.values.tolist() == [[1, -1, -1, 1, 1]]


def test_a_run_of_another_array_is_refused():
    with pytest.raises(ValueError, match="give the array that was simulated"):
        logic_values(made_run(inverter(), np.ones((1, 2, 3)) / np.sqrt(3)), majority_gate((1, 1, 1)))


def test_an_undecided_output_is_an_error():
    table = truth_table([[0.9, 0.2, -0.9, 0.8], [-0.9, -0.9, -0.9, -0.9]], [1, -1])
    assert table.right.values.tolist() == [2, 4]
    assert table.wrong.values.tolist() == [1, 0]
    assert table.undecided.values.tolist() == [1, 0]
    assert table.error_rate.values.tolist() == [0.5, 0]
    np.testing.assert_allclose(table.margin, [-0.9, 0.9])
    assert table.error_low.values[1] == 0
    assert table.error_high.values[1] == pytest.approx(1 - 0.025 ** (1 / 4))  # Clopper and Pearson's without an error


@rows(
    ("projections", "expected", "words"),
    [
        ([[1.0]], [0], "other than 1 and -1"),
        ([[1.0]], [1, 1], r"shape \(1, 1\) and expected \(2,\)"),
        ([[np.nan]], [1], "finite"),
        ([[2.0]], [1], "between -1 and 1"),
    ],
)
def test_what_is_no_truth_table_is_refused(projections, expected, words):
    with pytest.raises(ValueError, match=words):
        truth_table(projections, expected)


def test_a_threshold_out_of_range_is_refused():
    with pytest.raises(ValueError, match="threshold = 1"):
        decided([0.5], 1.0)
