"""Vortex or single domain: states that are made, and discs that come to rest on both sides of the boundary."""

import numpy as np
import pytest
import xarray as xr

from analysis.magnet_logic.disc_states import disc_states
from geometries import Material
from geometries.magnet_logic import free_array
from runs import FieldSteps, RampTo, RunSpec, simulate

PERMALLOY = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)


def discs(count=1, diameter=100e-9, thickness=20e-9):
    places = [[130e-9 * i, 0] for i in range(count)]
    return free_array(places, length=diameter, thickness=thickness, cell=(5e-9, 5e-9, thickness))


def made_run(array, states):
    """A run of one frame: of each disc ("vortex", centre, sign), ("single", angle) or ("up",)."""
    x, y, _ = array.cell_centres()
    placed, labels = array.placed_outlines(), array.cell_labels()
    m = np.full((1, *labels.shape, 3), np.nan)
    for i, (kind, *rest) in enumerate(states):
        cells = np.nonzero(labels == i + 1)
        if kind == "vortex":
            (shift, sign) = rest
            east, north = x[cells[0]] - placed.x[i] - shift, y[cells[1]] - placed.y[i]
            core = np.exp(-(east**2 + north**2) / 10e-9**2)
            around = np.stack([-north, east], axis=1) / np.maximum(np.hypot(east, north), 1e-12)[:, None]
            m[(0, *cells)] = np.column_stack([sign * around * np.sqrt(1 - core**2)[:, None], core])
        else:
            m[(0, *cells)] = [np.cos(rest[0]), np.sin(rest[0]), 0] if kind == "single" else [0, 0, 1]
    coords = {**array.coordinates(), "t": xr.Variable("t", [0.0], {"units": "s"}), "vdims": list("xyz")}
    return xr.Dataset({"m": (("t", "x", "y", "z", "vdims"), m, {"units": "1"})}, coords=coords)


def test_known_states_are_read():
    array = discs(5)
    given = [("vortex", 0, 1), ("vortex", 0, -1), ("single", 2.0), ("vortex", 12e-9, 1), ("up",)]
    found = disc_states(made_run(array, given), array).isel(t=0)
    assert found.state.values.tolist() == [0, 0, 1, 0, -1]
    assert found.circulation.values[0] == pytest.approx(-found.circulation.values[1])
    assert found.circulation.values[0] > 0.9
    np.testing.assert_allclose(found.moment.values[2], [np.cos(2), np.sin(2)], atol=1e-12)
    # A vortex that is moved along x by d has the moment -d / R along y.
    assert found.moment.values[3, 1] == pytest.approx(-12 / 50, rel=0.03)


def test_bad_input_is_refused():
    array = discs()
    run = made_run(array, [("up",)])
    with pytest.raises(ValueError, match="threshold = 1"):
        disc_states(run, array, threshold=1)
    with pytest.raises(ValueError, match="give the array that was simulated"):
        disc_states(run, discs(2))


# Thin discs are single domains and thick ones vortices (Cowburn et al.; measured too by S.-H. Chung, R. D. McMichael,
# D. T. Pierce and J. Unguris, Phys. Rev. B 81, 024410 (2010)). These two thicknesses lie on either side of the border.
@pytest.mark.slow
@pytest.mark.parametrize(("thickness", "state"), [("10 nm", 1), ("20 nm", 0)], ids=["thin", "thick"])
def test_a_disc_falls_to_its_state_on_either_side_of_the_boundary(thickness, state):
    thick = {"10 nm": 10e-9, "20 nm": 20e-9}[thickness]
    # Off the middle of a cell: a disc that is its own mirror image stays in a state that is no minimum.
    disc = discs(thickness=thick).model_copy(update={"margin": 21.7e-9})
    fall = [RampTo(to=7e5, elevation="90 deg", field_steps=1), RampTo(to=0, elevation="90 deg", field_steps=14)]
    clock = FieldSteps(static_field=[1e3, 1e2, 0], steps=fall)
    run = simulate(RunSpec(device=disc, material=PERMALLOY, protocol=clock, engine="native"))
    found = disc_states(run, disc)
    assert found.state.values[[1, -1], 0].tolist() == [-1, state]
