"""Mean magnetisation of each magnet, of states that are known."""

import numpy as np
import pytest
import xarray as xr

from analysis.magnet_logic.moments import magnet_moments
from geometries.magnet_logic import majority_gate
from geometries.magnet_logic.builders import inverter


def painted(array, states, dims):
    table = np.concatenate([np.full((*states.shape[:-2], 1, 3), np.nan), states], axis=-2)
    m = table[..., array.cell_labels(), :].astype(np.float32)
    return xr.Dataset({"m": ((*dims, "x", "y", "z", "vdims"), m)}, coords={"vdims": list("xyz")})


def test_each_magnet_has_the_mean_of_its_cells_in_runs_and_ensembles():
    array = inverter()
    states = np.random.default_rng(1).normal(size=(3, 2, 2, 3))
    found = magnet_moments(painted(array, states, ("member", "t")), array)
    assert found.dims == ("member", "t", "magnet", "vdims")
    assert found.magnet.values.tolist() == ["in", "out"]
    np.testing.assert_allclose(found, states, atol=1e-6)
    np.testing.assert_allclose(magnet_moments(painted(array, states[0], ("step",)), array), states[0], atol=1e-6)


def test_halves_that_point_apart_make_a_moment_shorter():
    array = inverter()
    run = painted(array, np.tile([0.0, 1.0, 0.0], (1, 2, 1)), ("step",))
    half = run.sizes["y"] // 2
    run["m"][:, :, :half, :, 1] *= -1
    lengths = np.linalg.norm(magnet_moments(run, array), axis=-1)
    assert (lengths < 0.2).all()


def test_a_run_without_states_or_of_another_array_is_refused():
    with pytest.raises(ValueError, match="keep: states"):
        magnet_moments(xr.Dataset(), inverter())
    with pytest.raises(ValueError, match="give the array that was simulated"):
        magnet_moments(painted(inverter(), np.ones((1, 2, 3)), ("step",)), majority_gate((1, 1, 1)))
