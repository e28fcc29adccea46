"""An anisotropy that varies, in every device that has one."""

import numpy as np
import pytest

from geometries import AnisotropyGradient, Grains, Material, Stripe
from geometries.anisotropy import relative_anisotropy, tilted_axes

FILM = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.1)
X = (np.arange(40) + 0.5) * 2e-9


def stripe(**keys):
    return Stripe(length=80e-9, width=20e-9, thickness=1e-9, cell=(2e-9, 2e-9, 1e-9), **keys)


def test_a_gradient_times_grains():
    gradient, grains = AnisotropyGradient(last=0.8), Grains(size=10e-9, anisotropy_spread=0.05, seed=3)
    device = stripe()
    one, other, both = (
        relative_anisotropy(*each, device) for each in ((gradient, None), (None, grains), (gradient, grains))
    )
    np.testing.assert_allclose(one[:, 0, 0], 1 - 0.2 * X / 80e-9)
    assert np.unique(other).size > 5
    np.testing.assert_allclose(both, one * other)
    assert relative_anisotropy(None, None, device) is None
    assert tilted_axes(grains, (0.0, 0.0, 1.0), device) is None


@pytest.mark.parametrize("along", ["x", "y"])
def test_a_stripe_has_them_cell_by_cell(along):
    device = stripe(
        anisotropy_gradient={"along": along, "first": 1.1, "last": 0.9},
        grains={"size": "10 nm", "axis_spread": "3 deg", "seed": 4},
    )
    constant, axes = device.local_anisotropy(FILM)
    assert constant.shape == (40, 10, 1)
    ends = constant[[0, -1], 0, 0] if along == "x" else constant[0, [0, -1], 0]
    share = 0.5 / (40 if along == "x" else 10)
    np.testing.assert_allclose(ends, 5e5 * np.array([1.1 - 0.2 * share, 0.9 + 0.2 * share]))
    assert 0.005 < np.arccos(axes[..., 2]).std() < 0.1
    rows = dict(device.rows())
    assert rows["anisotropy gradient"].startswith("Ku from 1.1 to 0.9")
    assert "seed 4" in rows["grains"]


def test_a_grain_larger_than_the_stripe_is_refused():
    with pytest.raises(ValueError, match=r"grains.size = 200 nm is more than the device's 80 nm"):
        stripe(grains={"size": "200 nm", "seed": 1})
