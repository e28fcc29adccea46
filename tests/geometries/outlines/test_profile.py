"""Outlines: known shapes rasterised, and connectedness."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from rows import rows
from scipy import ndimage

from geometries import EdgeRoughness, Notch, Stripe, Taper
from geometries.outlines import profile as outline


def stripe(**keys):
    sizes = {"length": 200e-9, "width": 40e-9, "thickness": 2e-9, "cell": (2e-9, 2e-9, 1e-9)}
    return Stripe(**sizes | keys)


def test_a_bare_stripe_fills_its_box():
    mask = stripe().mask()
    assert mask.shape == (100, 20, 2)
    assert mask.dtype == bool
    assert mask.all()


def test_a_cell_is_magnet_if_its_centre_is():
    # A triangle 20 nm wide and 10 nm deep at the top edge, cell by cell.
    mask = stripe(notches=[Notch(position=100e-9, depth=10e-9, width=20e-9, edge="top")]).mask()[..., 0]
    x, y = (np.arange(100) + 0.5) * 2, (np.arange(20) + 0.5) * 2
    removed = {(i, j) for i in range(100) for j in range(20) if y[j] > 40 - 10 * (1 - abs(x[i] - 100) / 10) + 1e-6}
    assert {tuple(index) for index in np.argwhere(~mask)} == removed
    assert removed


@rows("edge", ["top", "bottom", "both"])
def test_a_notch_is_cut_from_the_edge_asked_for(edge):
    mask = stripe(notches=[Notch(position=50e-9, depth=10e-9, width=20e-9, edge=edge)]).mask()
    below, above = ~mask[:, 0].any(axis=1), ~mask[:, -1].any(axis=1)
    assert below.any() == (edge in ("bottom", "both"))
    assert above.any() == (edge in ("top", "both"))


def test_the_area_of_fine_shapes_is_the_exact_one():
    fine = stripe(
        cell=(0.25e-9, 0.25e-9, 2e-9),
        taper=Taper(ratio=0.5),
        notches=[
            Notch(position=50e-9, depth=8e-9, width=30e-9, edge="top"),
            Notch(position=100e-9, depth=6e-9, width=20e-9, edge="bottom", shape="round"),
        ],
    )
    area = fine.mask().sum() * 0.25e-9**2
    expected = 200e-9 * 30e-9 - 0.5 * 8e-9 * 30e-9 - np.pi / 4 * 6e-9 * 20e-9
    assert area == pytest.approx(expected, rel=2e-3)


def test_a_rough_stripe_keeps_its_box_and_touches_it():
    rough = stripe(edge_roughness=EdgeRoughness(rms=2e-9, correlation_length=20e-9, seed=4))
    x = np.linspace(0, 200e-9, 801)
    bottom, top = outline.edges(rough.profile, x)
    assert 0 <= bottom.min() < 0.1e-9
    assert 39.9e-9 < top.max() <= 40e-9
    assert np.ptp(bottom) > 2e-9
    assert not np.allclose(bottom, 40e-9 - top, atol=1e-9)


def test_the_edge_of_a_rough_stripe_does_not_depend_on_the_cell():
    roughness = EdgeRoughness(rms=2e-9, correlation_length=20e-9, seed=4)
    x = np.linspace(10e-9, 190e-9, 50)
    coarse = outline.edges(stripe(edge_roughness=roughness).profile, x)
    fine = outline.edges(stripe(edge_roughness=roughness, cell=(1e-9, 1e-9, 1e-9)).profile, x)
    np.testing.assert_array_equal(coarse, fine)


notches = st.builds(
    Notch,
    position=st.floats(20e-9, 180e-9),
    depth=st.floats(1e-9, 39e-9),
    width=st.floats(1e-9, 40e-9),
    edge=st.sampled_from(["top", "bottom", "both"]),
    shape=st.sampled_from(["triangular", "round"]),
)


@settings(max_examples=150)
@given(st.lists(notches, max_size=3), st.integers(0, 5))
def test_a_stripe_that_can_be_made_is_in_one_piece_and_ends_at_its_ends(cuts, seed):
    roughness = EdgeRoughness(rms=2e-9, correlation_length=10e-9, seed=seed) if seed else None
    try:
        made = stripe(notches=cuts, edge_roughness=roughness)
    except ValidationError as error:
        if "in two" in str(error):
            return
        raise
    mask = made.mask()[..., 0]
    assert ndimage.label(mask)[1] == 1
    assert mask.any(axis=1).all()
