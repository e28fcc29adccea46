"""Pictures and films of spin ices: what is drawn is what is there."""

import itertools

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.quiver import Quiver
from PIL import Image

from analysis import dirac_strings, film_spins, plot_avalanches, plot_spins

from .ices import KAGOME, SQUARE, lattice, state


def drawn(ax, kind):
    # A quiver is a PolyCollection too.
    return [each for each in ax.collections if type(each) is kind]


@pytest.fixture(scope="module")
def square(ice, soft):
    return lattice(ice, soft, SQUARE | {"columns": 4, "rows": 3})


def inner_pair(islands):
    """The saturated state, and one in which an island between two vertices of four has flipped."""
    ends = islands.island_vertex.values
    coordination = islands.coordination.values
    turned = int(np.flatnonzero((coordination[ends] == 4).all(axis=1))[0])
    spin = np.ones(islands.sizes["island"], dtype=int)
    spin[turned] = -1
    return state(np.ones_like(spin)), state(spin), turned


def test_islands_charges_and_strings_are_where_they_are(square):
    saturated, spin, turned = inner_pair(square)
    ax = plot_spins(spin, square, strings=dirac_strings(spin, saturated, square))
    (outlines,), (circles,), (strings,), (arrows,) = (
        drawn(ax, kind) for kind in (PolyCollection, PathCollection, LineCollection, Quiver)
    )
    centres = np.array([path.vertices[:-1].mean(axis=0) for path in outlines.get_paths()])
    np.testing.assert_allclose(centres, square.position.values * 1e9, atol=1e-6)
    sizes = np.array([np.ptp(path.vertices, axis=0).max() for path in outlines.get_paths()])
    np.testing.assert_allclose(sizes, 120, atol=0.5)
    colours = outlines.get_facecolors()
    # Three directions: those along x, along y, and the one that has flipped.
    assert len(np.unique(colours, axis=0)) == 3
    assert np.all(colours == colours[turned], axis=1).sum() == 1
    np.testing.assert_allclose(circles.get_offsets(), square.vertex_position.values * 1e9)
    shown = np.flatnonzero(circles.get_sizes())
    corners = np.flatnonzero(square.coordination == 2)
    assert set(shown) == set(square.island_vertex.values[turned]) | {corners[0], corners[-1]}
    (line,) = strings.get_segments()
    ends = square.vertex_position.values[square.island_vertex.values[turned]] * 1e9
    np.testing.assert_allclose(line[[0, 2]], ends)
    assert (arrows.U[turned], arrows.V[turned]) == pytest.approx(-0.7 * 120 * square.axis.values[turned])
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_aspect()) == ("x (nm)", "y (nm)", 1)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["monopole +", "monopole −", "Dirac string"]


def test_all_charge_is_drawn_on_request_or_none(ice, soft):
    islands = lattice(ice, soft, KAGOME)
    spin = state(np.ones(islands.sizes["island"]))
    three = islands.coordination.values == 3
    assert (drawn(plot_spins(spin, islands, charges="vertex"), PathCollection)[0].get_sizes()[three] > 0).all()
    ax = plot_spins(spin, islands, charges=None)
    assert drawn(ax, PathCollection) == []
    assert ax.get_legend() is None


def test_a_large_lattice_is_in_micrometres_and_without_arrows(ice, soft):
    islands = lattice(ice, soft, SQUARE | {"columns": 30, "rows": 20}, cell=("10 nm", "10 nm", "10 nm"))
    ax = plot_spins(state(np.ones(islands.sizes["island"])), islands)
    assert ax.get_xlabel() == "x (µm)"
    assert drawn(ax, Quiver) == []
    assert ax.get_xlim()[1] == pytest.approx(5.6, abs=0.2)


def test_each_avalanche_has_its_colour(square):
    number = np.arange(square.sizes["island"]) % 4 - 1
    given = Figure().subplots()
    ax = plot_avalanches(number, square, ax=given)
    assert ax is given
    colours = drawn(ax, PolyCollection)[0].get_facecolors()
    _, group = np.unique(colours, axis=0, return_inverse=True)
    assert len({(int(a), int(b)) for a, b in zip(number, group.ravel(), strict=True)}) == 4
    assert ax.get_legend().get_texts()[0].get_text() == "in no avalanche"
    assert plot_avalanches(np.zeros(31, dtype=int), square).get_legend() is None


def test_a_film_has_every_frame(square, tmp_path, monkeypatch):
    saturated, spin, _ = inner_pair(square)
    states = state(np.stack([saturated, spin, saturated, spin, spin])).chunk(step=2)
    with Image.open(film_spins(states, square, tmp_path / "ice.gif", reference=saturated, every=1)) as image:
        frames = []
        for frame in range(image.n_frames):
            image.seek(frame)
            # Without the title; a GIF rounds the colours of each frame, which changes some 30 pixels.
            frames.append(np.array(image.convert("RGB"))[60:].astype(int))
    assert len(frames) == 5
    changed = [
        bool((np.abs(first - second) > 100).any(axis=-1).sum() > 500) for first, second in itertools.pairwise(frames)
    ]
    assert changed == [True, True, True, False]
    field = xr.DataArray(np.outer(np.arange(5), [0, 1e3, 0]), dims=("step", "vdims"))
    titles = []
    monkeypatch.setattr(Axes, "set_title", lambda _, text, **__: titles.append(text))
    path = film_spins(states, square, tmp_path / "part.gif", charges=None, every=2, applied_field=field)
    with Image.open(path) as image:
        assert image.n_frames <= 3
    assert titles[1:] == ["step 0, H = 0", "step 2, H = 2 kA/m along y", "step 4, H = 4 kA/m along y"]


def test_bad_input_is_named(square, tmp_path):
    spin = state(np.ones(31))
    with pytest.raises(ValueError, match="charges is 'magnetic'; it must be 'monopole', 'vertex' or None"):
        plot_spins(spin, square, charges="magnetic")
    with pytest.raises(ValueError, match="one state is drawn: select a frame"):
        plot_spins(state(np.ones((2, 31))), square)
    with pytest.raises(ValueError, match=r"avalanche has the shape \(3,\) and the dtype int64; give a whole number"):
        plot_avalanches([0, 1, 2], square)
    with pytest.raises(ValueError, match="a film needs frames"):
        film_spins(spin, square, tmp_path / "ice.gif")
    with pytest.raises(ValueError, match=r"a film's name ends in '\.gif' or '\.mp4'"):
        film_spins(state(np.ones((2, 31))), square, tmp_path / "ice.avi")
    with pytest.raises(ValueError, match="every is 0; both must be positive"):
        film_spins(state(np.ones((2, 31))), square, tmp_path / "ice.gif", every=0)
    with pytest.raises(ValueError, match=r"applied_field has the dimensions .*'step': 3.* in each of the 2 frames"):
        film_spins(
            state(np.ones((2, 31))),
            square,
            tmp_path / "ice.gif",
            applied_field=xr.DataArray(np.ones((3, 3)), dims=("step", "vdims")),
        )
    assert list(tmp_path.iterdir()) == []
