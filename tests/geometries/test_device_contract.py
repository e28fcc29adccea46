"""Every registered family of devices keeps what a device promises; one that does not is found out."""

import numpy as np
import pytest

from geometries import device_class
from geometries.contract import broken_promises
from geometries.devices import DEVICES
from geometries.plugins import plugins


@pytest.mark.parametrize("kind", plugins(DEVICES))
def test_a_family_keeps_its_promises(kind):
    device = device_class(kind).example()
    assert broken_promises(device) == []
    for axis in "xyz":
        # To the last digit, or xarray would not find them in a run.
        np.testing.assert_array_equal(device.labels()[axis], getattr(device.mesh().cells, axis))
        assert device.labels()[axis].attrs["units"] == "m"


def test_ours_are_registered():
    assert {"stripe", "spin_ice"} <= set(plugins(DEVICES))
    assert device_class("stripe").__name__ == "Stripe"


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("cell_labels", lambda labels: labels + 1, "labels are 0 outside the magnet and nowhere in it"),
        ("initial_magnetisation", lambda m: 2 * m, "it is of unit length inside"),
    ],
)
def test_a_broken_promise_is_found(monkeypatch, part, change, said):
    stripe = device_class("stripe").example()
    honest = getattr(type(stripe), part)
    monkeypatch.setattr(type(stripe), part, lambda self, *of: change(honest(self, *of)))
    assert broken_promises(stripe) == [said]
