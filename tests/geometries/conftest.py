"""Spin ices that tests share."""

import pytest

from geometries import Material, SpinIce


@pytest.fixture(scope="session")
def ice():
    """Make the closed 3 x 3 square ice that was recorded with OOMMF, or another with other keys."""

    def make(**keys):
        described = {
            "lattice": {"kind": "square", "columns": 3, "rows": 3, "lattice_constant": "180 nm"},
            "island": {"length": "120 nm", "width": "40 nm"},
            "thickness": "10 nm",
            "cell": ("5 nm", "5 nm", "10 nm"),
            "margin": "70 nm",
        }
        return SpinIce(**described | keys)

    return make


@pytest.fixture(scope="session")
def soft():
    """The soft magnet of the recorded ice."""
    return Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.1)
