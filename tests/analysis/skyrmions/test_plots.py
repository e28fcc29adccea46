import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from analysis import artificial, find_skyrmions, plot_skyrmions
from analysis.skyrmions.plots import plot_charge_density

NM = 1e-9
GONE = (np.nan, np.nan)


@pytest.fixture(scope="module")
def run():
    places = [[(60 + 6 * k, 60), (180, 80 - 5 * k) if k < 3 else GONE] for k in range(5)]
    return artificial.skyrmions(np.array(places) * NM)


def test_tracks_numbers_events_and_outlines(run):
    found = find_skyrmions(run)
    (ax, *_) = plot_skyrmions(found, run, at=1e-10).axes
    solid = [line for line in ax.lines if line.get_linestyle() == "-"]
    np.testing.assert_allclose(solid[0].get_xdata(), found.x.values[:, 0] / NM)
    assert [text.get_text() for text in ax.texts] == ["0", "1", "t = 0.10 ns"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["annihilation"]
    circles = [patch for patch in ax.patches if isinstance(patch, Circle)]
    np.testing.assert_allclose([circle.center for circle in circles], [(66, 60), (180, 75)], atol=0.2)
    np.testing.assert_allclose([circle.radius for circle in circles], 12, atol=0.2)


def test_no_skyrmion_is_a_picture_too():
    empty = artificial.skyrmions([[GONE]])
    (ax, *_) = plot_skyrmions(find_skyrmions(empty), empty).axes
    assert ax.get_legend() is None
    assert not ax.lines


def test_charge_density(run):
    figure = Figure()
    assert plot_charge_density(run, at=0.0, figure=figure) is figure
    ax = figure.axes[0]
    assert ax.get_title(loc="left") == "Q = -2.0000"
    image = ax.images[0].get_array()
    # In 1/nm^2, over cells of 2 nm; most of it in the wall.
    assert image.sum() * 4 == pytest.approx(-2)
    assert ax.images[0].get_clim()[1] == pytest.approx(-image.min())
    zero = artificial.skyrmions([[GONE]])
    assert plot_charge_density(zero).axes[0].get_title(loc="left") == "Q = 0.0000"
