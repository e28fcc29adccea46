"""An anisotropy that varies, in every device that has one."""

import numpy as np
import pytest

from geometries import AnisotropyGradient, Grains, Material, SkyrmionTrack, Stripe
from geometries.anisotropy import bias_of_grains, relative_anisotropy, tilted_axes

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


def test_grains_that_a_device_cannot_have_are_refused():
    with pytest.raises(ValueError, match=r"grains.size = 200 nm is more than the device's 80 nm"):
        stripe(grains={"size": "200 nm", "seed": 1})
    with pytest.raises(ValueError, match=r"exchange_bias_spread"):
        Grains(size="10 nm", exchange_bias_spread="-1 mT/mu0", seed=1)
    track = SkyrmionTrack.example().model_dump()
    track["grains"]["exchange_bias"] = (1e4, 0, 0)
    with pytest.raises(ValueError, match=r"takes no grains.exchange_bias; .* give a stripe"):
        SkyrmionTrack.model_validate(track)


def test_grains_over_an_antiferromagnet_have_a_bias_each():
    grains = {"size": "10 nm", "exchange_bias": ("20 mT/mu0", 0, 5e3), "exchange_bias_spread": "15 mT/mu0", "seed": 2}
    biases = Grains(**grains).biases(20_000) * 4e-7 * np.pi
    np.testing.assert_allclose(biases.mean(axis=0), [20e-3, 0, 5e3 * 4e-7 * np.pi], atol=3e-4)
    np.testing.assert_allclose(biases.std(axis=0), [15e-3, 15e-3, 0], atol=3e-4)
    assert abs(np.corrcoef(biases[:, :2].T)[0, 1]) < 0.02
    assert np.abs(biases - [20e-3, 0, 5e3 * 4e-7 * np.pi]).max() == pytest.approx(3 * 15e-3)  # cut at three
    tilts = Grains(**grains, axis_spread=0.1).axes((0, 0, 1), 20_000)
    assert np.abs(np.corrcoef(biases[:, :2].T, tilts[:, :2].T)[:2, 2:]).max() < 0.02
    coarse, ends = stripe(grains=grains), {"length": "8 nm", "field": 2e5}
    fine = coarse.model_copy(update={"cell": (1e-9, 2e-9, 0.5e-9)})
    # The same grains in smaller cells: most of the film is far from a border.
    same = np.all(fine.bias_field()[::2, :, :1] == coarse.bias_field(), axis=-1)
    assert same.mean() > 0.8
    held = stripe(grains=grains, pinned_ends=ends).bias_field() - coarse.bias_field()
    np.testing.assert_allclose(held[:4, ..., 2], 2e5)
    assert not held[4:-4].any()
    assert "exchange bias (15.92 kA/m, 0 A/m, 5 kA/m) +- 11.94 kA/m along x and y" in dict(coarse.rows())["grains"]
    assert bias_of_grains(Grains(size="10 nm", seed=1), coarse) is None
