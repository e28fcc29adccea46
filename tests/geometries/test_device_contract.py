"""Every registered family of devices keeps what a device promises; one that does not is found out."""

import numpy as np
import pytest

from geometries import device_class
from geometries.contract import broken_promises
from geometries.devices import DEVICES
from geometries.plugins import plugins


@pytest.mark.parametrize("kind", plugins(DEVICES))
def test_a_family_keeps_its_promises(kind):
    assert broken_promises(device_class(kind).example()) == []


def test_ours_are_registered():
    assert {"stripe", "spin_ice"} <= set(plugins(DEVICES))
    assert device_class("stripe").__name__ == "Stripe"


def test_a_broken_promise_is_found(monkeypatch):
    stripe = device_class("stripe").example()
    labels = type(stripe).cell_labels
    monkeypatch.setattr(type(stripe), "cell_labels", lambda self: labels(self) + 1)
    assert broken_promises(stripe) == ["labels are 0 outside the magnet and nowhere in it"]


def test_a_magnetisation_that_is_no_unit_vector_is_found(monkeypatch):
    stripe = device_class("stripe").example()
    initial = type(stripe).initial_magnetisation
    monkeypatch.setattr(
        type(stripe), "initial_magnetisation", lambda self, material: np.ones(3) * initial(self, material) * 2
    )
    assert broken_promises(stripe) == ["it is of unit length inside"]
