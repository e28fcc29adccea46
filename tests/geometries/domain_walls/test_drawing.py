"""Drawings: what a stripe shows of itself, without a display."""

import subprocess
import sys

import numpy as np
import pytest

from geometries import Stripe

SIZES = {"length": "512 nm", "width": "64 nm", "thickness": "1 nm", "cell": ("4 nm", "4 nm", "1 nm")}
FULL = SIZES | {
    "walls": [{"position": "128 nm"}, {"position": "400 nm", "kind": "neel"}],
    "pinned_ends": {"length": "20 nm", "field": "100 kA/m"},
    "notches": [
        {"first": "100 nm", "period": "100 nm", "count": 4, "depth": "8 nm", "width": "24 nm"},
        {"position": "60 nm", "depth": "8 nm", "width": "24 nm", "shape": "round", "edge": "top"},
    ],
    "taper": {"ratio": 0.9},
    "edge_roughness": {"rms": "1 nm", "correlation_length": "15 nm", "seed": 3},
    "readout_window": {"x": ("200 nm", "300 nm"), "y": ("10 nm", "50 nm")},
}


def test_walls_and_window_are_drawn_where_they_are_and_named_once():
    ax = Stripe(**FULL).plot()
    np.testing.assert_allclose([line.get_xdata() for line in ax.lines], [[128, 128], [400, 400]])
    (window,) = ax.patches
    np.testing.assert_allclose(window.get_bbox().extents, [200, 10, 300, 50])
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["magnet", "pinned end", "wall", "read-out window"]


def test_the_legend_is_outside_the_drawing():
    ax = Stripe(**FULL).plot()
    ax.figure.canvas.draw()
    assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1


def test_a_hair_of_a_stripe_is_stretched_and_says_so():
    ax = Stripe(**SIZES | {"length": "8 um", "width": "20 nm"}).plot()
    assert ax.get_aspect() == 29
    assert ax.get_ylabel() == "y (nm)\nx 29"


def test_a_line_of_text_says_it_all():
    assert str(Stripe(**FULL)) == (
        "stripe 512 nm x 64 nm x 1 nm, 128 x 16 x 1 cells of 4 nm x 4 nm x 1 nm, domains: up-down, + first, "
        "walls: bloch wall at 128 nm; neel wall at 400 nm, taper: to 57.6 nm at the right end, "
        "notches: 4 triangular notches from 100 nm every 100 nm, 8 nm deep and 24 nm wide, both edges; "
        "a round notch at 60 nm, 8 nm deep and 24 nm wide, the top edge, "
        "edge roughness: rms 1 nm over 15 nm, seed 3, pinned ends: 20 nm each, 100 kA/m, "
        "read-out window: x 200 nm to 300 nm, y 10 nm to 50 nm"
    )


@pytest.mark.slow
def test_drawing_touches_no_window_system():
    code = (
        "import sys; from geometries import Stripe; "
        "Stripe(length=1e-7, width=2e-8, thickness=1e-9, cell=(2e-9, 2e-9, 1e-9))._repr_html_(); "
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
