"""Macrospins and flips: made ones, then those of a loop that OOMMF computed."""

from pathlib import Path

import dask
import numpy as np
import pytest
import scipy.ndimage
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import rows

from analysis import artificial, flips, macrospins
from analysis.spin_ice.schema import check_flips

RECORDED = Path(__file__).parents[2] / "runs" / "native" / "data" / "oommf_square_ice.npz"
KAGOME = {"kind": "kagome", "columns": 2, "rows": 2, "lattice_constant": "340 nm"}


@pytest.fixture(scope="module")
def kagome(ice, soft):
    """Islands and labels of a bridged kagome ice with two layers of cells."""
    device = ice(
        lattice=KAGOME, margin="60 nm", bridge={"width": "20 nm"}, cell=("10 nm", "10 nm", "5 nm"),
        disorder={"angle": "2 deg", "seed": 3},
    )  # fmt: skip
    return device.islands(soft), device.labels()


@pytest.mark.parametrize("frames", ["step", "t"])
def test_made_macrospins_come_back(kagome, frames):
    islands, labels = kagome
    generator = np.random.default_rng(1)
    spins = generator.choice([-1, 1], size=(5, 19))
    rotation = generator.uniform(-1.4, 1.4, size=(5, 19))
    run = artificial.spin_ice(spins, islands, labels, frames=frames, rotation=rotation)
    found = macrospins(run, islands, labels)
    assert found.spin.dims == (frames, "island")
    assert found.spin.dtype == np.int8
    np.testing.assert_array_equal(found.spin, spins)
    angle = islands.angle.values + rotation
    direction = np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=-1) * spins[..., None]
    np.testing.assert_allclose(found.macrospin, direction, atol=1e-6)
    np.testing.assert_allclose(found.coherence, 1, atol=1e-6)
    assert not found.has_wall.any()
    assert found[frames].identical(run[frames])
    np.testing.assert_array_equal(found.kind, islands.kind)


@rows(
    ("part", "threshold", "flagged"),
    [(0.05, 0.8, False), (0.2, 0.8, True), (0.2, 0.5, False), (0.5, 0.5, True), (0.95, 0.8, False)],
)
def test_an_island_with_a_wall_in_it_is_flagged(kagome, part, threshold, flagged):
    islands, labels = kagome
    parts = np.zeros((1, 19))
    parts[0, 7] = part
    run = artificial.spin_ice(np.ones((1, 19)), islands, labels, reversed_part=parts)
    found = macrospins(run, islands, labels, coherence_threshold=threshold)
    # One of the island's some hundred cells more or less.
    assert float(found.coherence[0, 7]) == pytest.approx(abs(1 - 2 * part), abs=0.03)
    assert np.flatnonzero(found.has_wall).tolist() == ([7] if flagged else [])
    assert found.spin[0, 7] == (1 if part <= 0.5 else -1)


def test_an_island_across_its_axis_keeps_its_spin(kagome):
    islands, labels = kagome
    spins = np.full((4, 19), -1)
    rotation = np.zeros((4, 19))
    rotation[[0, 2], 4] = np.pi / 2
    found = macrospins(artificial.spin_ice(spins, islands, labels, rotation=rotation), islands, labels)
    # There is none before the first frame.
    assert found.spin[:, 4].values.tolist() == [1, -1, -1, -1]
    assert (np.delete(found.spin.values, 4, axis=1) == -1).all()


@pytest.mark.parametrize("chunks", [{"step": 1}, {"step": 3}, {"step": 2, "x": 20}])
def test_a_lazy_run_gives_the_same(kagome, chunks):
    islands, labels = kagome
    spins = np.random.default_rng(2).choice([-1, 1], size=(7, 19))
    run = artificial.spin_ice(spins, islands, labels, rotation=0.3)
    with dask.config.set(scheduler="synchronous"):
        xr.testing.assert_identical(macrospins(run.chunk(chunks), islands, labels), macrospins(run, islands, labels))


def test_frames_that_are_not_written_yet_are_left_out(kagome):
    islands, labels = kagome
    run = artificial.spin_ice(np.ones((4, 19)), islands, labels)
    run["m"][2:] = np.nan
    assert macrospins(run, islands, labels).sizes["step"] == 2
    run["m"][3] = run["m"][0]
    with pytest.raises(ValueError, match="0 cells of magnet in the frame at step = 2, but"):
        macrospins(run, islands, labels)


def test_all_macrospins_and_flips_of_the_ice_that_oommf_computed(square_ice_run):
    run, islands, labels = square_ice_run
    found = macrospins(run, islands, labels)
    with np.load(RECORDED) as data:
        pieces, count = scipy.ndimage.label(np.linalg.norm(data["start"], axis=-1) > 0)
        moments = data["coarse_moments"]
    assert count == 24
    # The recorded order is scipy's.
    centre = np.rint(islands.position.values / 5e-9 - 0.5).astype(int)
    recorded = moments[:, pieces[centre[:, 0], centre[:, 1]] - 1]
    # Directions are stored to 5e-5, m_z (below 0.003) is not.
    np.testing.assert_allclose(found.macrospin[..., :2], recorded[..., :2], atol=1e-4)
    along = np.einsum("fic,ic->fi", recorded[..., :2], islands.axis.values)
    np.testing.assert_array_equal(found.spin, np.sign(along))
    assert not found.has_wall.any()
    assert float(found.coherence.min()) > 0.97

    turned = flips(found.spin)
    assert turned.island.values.tolist() == list(range(24))
    assert set(turned.frame.values) == set(turned.step.values) == {5}
    assert set(turned.direction.values) == {-1}


@pytest.mark.parametrize(("loop", "late"), [("coarse", 0), ("fine", 4)])
def test_flips_are_oommfs(loop, late):
    with np.load(RECORDED) as data:
        moments = data[f"{loop}_moments"]
    upright = np.abs(moments[0, :, 1]) > np.abs(moments[0, :, 0])
    spin = np.where(np.where(upright, moments[..., 1], moments[..., 0]) > 0, 1, -1)
    found = flips(xr.DataArray(spin, dims=("step", "island")))
    assert found.sizes["flip"] == 24
    assert np.sum(found.step == 7) == late
    assert np.sum(found.step == 5) == 24 - late


@settings(max_examples=50)
@given(st.integers(1, 8), st.integers(1, 9), st.integers(0, 2**31))
def test_flips_take_the_first_state_to_the_last(frames, islands, seed):
    values = np.random.default_rng(seed).choice([-1, 1], size=(frames, islands))
    t = np.arange(frames) * 1e-9
    spin = xr.DataArray(
        values, dims=("t", "island"), coords={"t": ("t", t, {"units": "s"}), "island": np.arange(islands)}
    )
    found = flips(spin)
    check_flips(found)
    state = values[0].copy()
    for frame in range(1, frames):
        for flip in np.flatnonzero(found.frame == frame):
            assert found.t[flip] == t[frame]
            state[found.island[flip]] *= -1
            assert state[found.island[flip]] == found.direction[flip]
        np.testing.assert_array_equal(state, values[frame])


def test_bad_input_is_named(kagome, square_ice_run):
    islands, labels = kagome
    run = artificial.spin_ice(np.ones((1, 19)), islands, labels)
    with pytest.raises(ValueError, match="coherence_threshold is 1; it must lie between 0 and 1"):
        macrospins(run, islands, labels, coherence_threshold=1)
    with pytest.raises(ValueError, match=r"labels have 144 cells along x from .* give the labels of the device"):
        macrospins(run, islands, square_ice_run[2])
    with pytest.raises(ValueError, match="labels go up to 19, of 18 islands"):
        macrospins(run, islands.isel(island=slice(18)), labels)
    with pytest.raises(ValueError, match="island 4 has no cell, of 19"):
        macrospins(run, islands, labels.where(labels != 5, 0))
    hole = run.assign(m=run.m.where(labels != 3))
    with pytest.raises(ValueError, match=r"run\.m is NaN in a cell of island 2"):
        macrospins(hole, islands, labels)
    with pytest.raises(ValueError, match=r"islands\.end is \['head', 'tail'\]; it must be"):
        macrospins(run, islands.isel(end=[1, 0]), labels)
    with pytest.raises(ValueError, match=r"spin has the values .* a spin is"):
        flips(xr.DataArray([[0, 1]], dims=("step", "island")))
    with pytest.raises(ValueError, match="it must have 'island'"):
        flips(xr.DataArray([[1, 1]], dims=("step", "site")))
