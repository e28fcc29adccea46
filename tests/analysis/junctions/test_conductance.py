"""The conductance of a pillar's junction: its extremes, its angle, its bias, and the voltage that a current makes."""

import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis import pillar_conductance, tunnel_junction
from geometries import Pillar, Stripe
from runs import ConstantCurrent, Protocol, RunSpec
from runs.dataset import ensemble_dataset, run_dataset

FILM = {"name": "film", "Ms": 1e6, "A": 1.5e-11, "Ku": 8e5, "alpha": 0.02}
BARRIER = {"resistance_area": 1e-11, "tmr": 1.5, "half_bias": 0.4}
DISC = Pillar(length=16e-9, thickness=1e-9, cell=(4e-9, 4e-9, 1e-9), fixed_layer="down", barrier=BARRIER)
AREA = 12 * 16e-18


def spec_of(density=0.0, device=DISC, **keys):
    step = ConstantCurrent(amplitude=density, duration=3e-9)
    protocol = Protocol(steps=[step], sampling_interval=1e-9, **keys.pop("protocol", {}))
    return RunSpec(device=device, material=FILM, protocol=protocol, **keys)


def turning(density=0.0):
    """Parallel, at a right angle and antiparallel to the fixed layer, and parallel again."""
    spec = spec_of(density)
    m = np.zeros((4, *spec.device.shape, 3))
    m[0, ..., 2] = m[3, ..., 2] = -1
    m[1, ..., 0] = m[2, ..., 2] = 1
    return run_dataset(spec, m, np.zeros(4), {"engine": "native", "engine_version": "1"})


def test_states_and_angles_without_bias_are_those_of_a_tunnel_junction():
    found = pillar_conductance(turning(), bias=0)
    np.testing.assert_allclose(found["conductance"][:3] / (AREA / 1e-11), [1, 0.7, 0.4])
    np.testing.assert_allclose(found["tmr"][2], 1.5)
    same = tunnel_junction(turning(), DISC.window_mask(), resistance_area=1e-11, tmr=1.5, polariser=(0, 0, -1))
    np.testing.assert_allclose(found["conductance"], same["conductance"])
    assert found.attrs["area"] == pytest.approx(AREA)


def test_bias_lowers_the_resistance_of_the_antiparallel_state_alone():
    found = pillar_conductance(turning(), bias=[0.4, 0.4, 0.4, 0.0])
    np.testing.assert_allclose(found["tmr"], [0, 1 / ((1 + 1 / 1.75) / 2) - 1, 0.75, 0], atol=1e-12)


@pytest.mark.parametrize("density", [3e10, -8e10])
def test_the_voltage_under_a_current_gives_that_current(density):
    found = pillar_conductance(turning(density))
    # The last frame is at the end of the current.
    np.testing.assert_allclose((found["voltage"] * found["conductance"])[:3] / AREA, density, rtol=1e-12)
    assert abs(float(found["voltage"][2])) > abs(float(found["voltage"][0])) == pytest.approx(abs(density) * 1e-11)


def test_members_of_an_ensemble_are_read_from_their_means():
    spec = spec_of(protocol={"temperature": 300}, ensemble={"members": 2})
    m = np.zeros((2, 4, 3))
    m[0, :, 2], m[1, :, 2] = -1, 0.5
    run = ensemble_dataset(spec, {"m": m, "energy": np.zeros((2, 4))}, {"engine": "native", "engine_version": "1"})
    found = pillar_conductance(run)
    assert found["conductance"].dims == ("member", "t")
    np.testing.assert_allclose(found["conductance"][:, 0] / (AREA / 1e-11), [1, 0.25 + 0.75 * 0.4])


@rows(
    ("act", "message"),
    [
        (lambda: pillar_conductance(1), "run is a int"),
        (lambda: pillar_conductance(xr.Dataset()), r"run lacks t, mx, my, mz, attrs\['spec'\]"),
        (lambda: pillar_conductance(turning(), bias=[1, 2]), r"bias has the shape \(2,\)"),
    ],
)
def test_what_has_no_junction_is_refused(act, message):
    with pytest.raises((TypeError, ValueError), match=message):
        act()


def test_the_junction_of_another_device_is_read_otherwise():
    stripe = Stripe(length=16e-9, width=8e-9, thickness=1e-9, cell=(4e-9, 4e-9, 1e-9))
    spec = spec_of(device=stripe)
    m = np.broadcast_to([0.0, 0, 1], (4, *stripe.shape, 3))
    run = run_dataset(spec, m, np.zeros(4), {"engine": "native", "engine_version": "1"})
    with pytest.raises(ValueError, match="run is one of a stripe, and this reads the junction of a pillar"):
        pillar_conductance(run)
