"""Runs of a window that moves: the same places as in the whole track, in what is found and in what is drawn."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from analysis import artificial, film, find_skyrmions, plot_magnetisation, plot_skyrmions, tunnel_junction, walls
from analysis.domain_walls.thiele_width import thiele_width

CELLS = 40


def window_of(run, moved):
    """A window of 40 cells that has moved by so many cells in each frame."""
    m = np.stack([frame[start : start + CELLS] for frame, start in zip(run.m.values, moved, strict=True)])
    x = run.x.values
    cut = run.isel(x=slice(0, CELLS)).assign(m=(run.m.dims, m, run.m.attrs))
    return cut.assign(window_position=("t", (x[1] - x[0]) * np.asarray(moved, dtype=float), {"units": "m"}))


@pytest.fixture(scope="module")
def stripe():
    places = 62e-9 + np.array([0.0, 13e-9, 31e-9, 84e-9, 160e-9])
    return artificial.domain_walls(places[:, None], length=320e-9)


@pytest.fixture(scope="module")
def track():
    way = [[[40e-9 + 12e-9 * frame, 44e-9 + 1e-9 * frame]] for frame in range(5)]
    return artificial.skyrmions(way, extent=(160e-9, 128e-9), radius=9e-9)


def cells_per(run, way):
    return np.round(way / (run.x.values[1] - run.x.values[0])).astype(int)


def test_walls_are_where_they_are_in_the_whole_stripe(stripe):
    window = window_of(stripe, cells_per(stripe, np.array([0.0, 0.0, 24e-9, 72e-9, 140e-9])))
    found, whole = walls(window), walls(stripe)
    for name in ("position", "velocity", "angle"):
        np.testing.assert_allclose(found[name], whole[name], rtol=1e-9, atol=1e-15)
    assert np.isnan(found.exit.values).all()
    np.testing.assert_allclose(thiele_width(window, found), thiele_width(stripe, whole), rtol=1e-9)
    part = walls(window.isel(t=slice(3)))
    np.testing.assert_array_equal(walls(window, earlier=part).position, found.position)


def test_a_wall_that_leaves_does_so_at_an_end_of_the_window():
    # In the coordinates of the first window the wall is last seen next to its right end.
    run = artificial.domain_walls(np.array([[62e-9], [100e-9], [150e-9], [152e-9]]), length=400e-9)
    found = walls(window_of(run, [0, 10, 30, 45]))
    assert np.isnan(found.position.values[-1, 0])
    assert found.exit_at.values.tolist() == ["left end"]


def test_skyrmions_are_where_they_are_in_the_whole_track(track):
    window = window_of(track, cells_per(track, np.array([0.0, 8e-9, 24e-9, 36e-9, 44e-9])))
    found, whole = find_skyrmions(window), find_skyrmions(track)
    for name in ("x", "y", "charge_x", "velocity_x"):
        np.testing.assert_allclose(found[name], whole[name], rtol=1e-4)
    # The window is 80 nm long and the skyrmion near its end, which is no edge: the whole track's edges are farther.
    assert found.edge_distance.values == pytest.approx(whole.y.values, abs=1.1e-9)
    assert found.event_kind.size == 0


def test_pictures_and_films_are_of_the_track(stripe, track, tmp_path):
    moved = cells_per(stripe, np.array([0.0, 0.0, 24e-9, 72e-9, 140e-9]))
    window = window_of(stripe, moved)
    figure = plot_magnetisation(window, [0.0, 4e-10], walls=walls(window))
    FigureCanvasAgg(figure).draw()
    first, last = figure.axes[:2]
    assert first.get_xlim()[0] == pytest.approx(0, abs=1e-9)
    assert last.get_xlim() == pytest.approx((140, 300))
    assert "window at x = 140 nm" in last.texts[0].get_text()
    with Image.open(film(window, tmp_path / "window.gif", walls=walls(window))) as image:
        assert image.n_frames == 5
    window = window_of(track, [0, 4, 12, 18, 22])
    # The track begins outside the last frame's window.
    left, right = plot_skyrmions(find_skyrmions(window), window).axes[0].get_xlim()
    assert left < 40
    assert right == pytest.approx(124)


def test_a_junction_needs_a_place_in_the_track(stripe):
    window = window_of(stripe, [0, 0, 0, 0, 0])
    with pytest.raises(ValueError, match=r"tunnel_junction needs cells that stay .* without protocol\.moving_window"):
        tunnel_junction(window, (50e-9, 90e-9), resistance_area=1e-11, tmr=1.0)
