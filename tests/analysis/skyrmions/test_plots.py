import numpy as np
import pytest
from matplotlib.patches import Circle

from analysis import artificial, find_skyrmions, plot_skyrmions

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
