"""Walls of lazy runs, and of runs that grow."""

import sys

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import artificial, walls
from analysis.domain_walls.kernels import locate, measure
from analysis.schema import check_walls

NM = 1e-9
FRAMES = 9


def noisy_run(seed, dtype=np.float32):
    """Tilted walls that move, leave, and come in pairs, in a thermal field."""
    random = np.random.default_rng(seed)
    first = np.sort(random.uniform(0, 256, 4))
    positions = first + np.cumsum(random.uniform(-30, 30, (FRAMES, 4)), axis=0)
    positions[random.integers(1, FRAMES) :, 1:3] = np.nan
    run = artificial.domain_walls(
        positions * NM, length=256 * NM, magnet_width=16 * NM, tilt=random.uniform(-0.8, 0.8), angle=1.0
    )
    m = run.m.values + random.uniform(0, 1) * random.normal(size=run.m.shape)
    m /= np.linalg.norm(m, axis=-1, keepdims=True)
    return run.assign(m=run.m.copy(data=m.astype(dtype)))


seeds = st.integers(0, 2**20)
chunks_along_t = st.lists(st.integers(1, FRAMES), min_size=1, max_size=FRAMES).map(
    lambda sizes: tuple(np.diff(np.unique([0, *np.minimum(np.cumsum(sizes), FRAMES - 1), FRAMES])).tolist())
)


@settings(max_examples=15)
@given(seed=seeds, along_t=chunks_along_t, along_x=st.integers(1, 64), fortran=st.booleans())
def test_chunks_and_layout_change_no_bit(seed, along_t, along_x, fortran):
    run = noisy_run(seed)
    whole = walls(run)
    m = np.asfortranarray(run.m.values) if fortran else run.m.values
    assert walls(run.assign(m=run.m.copy(data=m)).chunk({"t": along_t, "x": along_x})).identical(whole)


@settings(max_examples=8)
@given(seed=seeds)
def test_walls_are_those_of_the_kernels_over_all_frames_at_once(seed):
    run = noisy_run(seed)
    x, y = run.x.values, run.y.values
    located = locate(run.m.values[..., 2])
    measured = measure(run.m.values, located, x, y)
    crossed = np.isfinite(measured["position"])
    found = walls(run.chunk({"t": 2}))
    for name in ("position", "angle", "width", "tilt"):
        for frame in range(FRAMES):
            expected = measured[name][crossed & (located["frame"] == frame)]
            values = found[name][frame].values
            np.testing.assert_array_equal(np.sort(values[np.isfinite(values)]), np.sort(expected))


@pytest.mark.slow
def test_distributed_workers_change_no_bit(tmp_path):
    """The kernel goes to processes of their own, and nothing of m comes back but the first chunk."""
    distributed = pytest.importorskip("distributed")
    run = noisy_run(3)
    encoding = {"m": {"chunks": (1, *run.m.shape[1:])}}
    run.drop_vars("vdims").to_zarr(tmp_path / "run.zarr", encoding=encoding, zarr_format=3, consolidated=False)
    lazy = xr.open_zarr(tmp_path / "run.zarr", consolidated=False).assign_coords(vdims=["x", "y", "z"])
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0", "host": "127.0.0.1"}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        found = walls(lazy)
        # A worker imports the kernel when it gets it.
        assert any(client.run(lambda: "analysis.domain_walls.kernels" in sys.modules).values())
    assert found.identical(walls(run))


def assert_same_beginning(shorter, longer):
    """All but what the next frame decides: the last velocity, and the exit of walls in the last frame."""
    frames, count = shorter.sizes["t"], shorter.sizes["wall"]
    beginning = longer.isel(t=slice(frames), wall=slice(count))
    decided = ["t", "position", "angle", "width", "tilt", "polarity", "birth", "birth_at"]
    assert shorter[decided].drop_attrs(deep=False).identical(beginning[decided].drop_attrs(deep=False))
    assert longer.position[:frames, count:].isnull().all()
    before = {"t": slice(frames - 1)}
    np.testing.assert_array_equal(shorter.velocity.isel(before), beginning.velocity.isel(before))
    gone = shorter.position[-1].isnull().values
    for name in ("exit", "exit_at"):
        np.testing.assert_array_equal(shorter[name][gone], beginning[name][gone])
    assert shorter.exit[~gone].isnull().all()


@pytest.mark.slow
@settings(max_examples=15)
@given(seed=seeds, frames=st.lists(st.integers(1, FRAMES), min_size=1, max_size=4).map(sorted))
def test_longer_run_changes_only_what_the_next_frame_decides(seed, frames):
    run = noisy_run(seed)
    whole = walls(run)
    found = None
    for count in frames:
        found = walls(run.isel(t=slice(count)).chunk({"t": 2}), earlier=found)
        assert found.identical(walls(run.isel(t=slice(count))))
        assert_same_beginning(found, whole)
    assert walls(run, earlier=found).identical(whole)


def test_growing_zarr(tmp_path):
    """Frames appended, three a chunk, and room for two more that are not written."""
    run = noisy_run(5)[["m"]].drop_vars("vdims")
    path = tmp_path / "run.zarr"
    encoding = {"m": {"chunks": (3, *run.m.shape[1:])}}
    found, seen = None, []
    for start, stop in ((0, 3), (3, 6), (6, 8), (8, 9)):
        options = {"encoding": encoding} if not start else {"append_dim": "t"}
        run.isel(t=slice(start, stop)).to_zarr(path, **options, zarr_format=3, consolidated=False)
        opened = xr.open_zarr(path, consolidated=False).assign_coords(vdims=["x", "y", "z"])
        unwritten = opened.assign_coords(t=opened.t + 1.0)[["m"]].isel(t=[0, 1]).where(False)
        found = walls(
            xr.concat([opened, unwritten.assign_coords(t=[1.0, 2.0])], "t", combine_attrs="override"), earlier=found
        )
        seen.append(found.sizes["t"])
    assert seen == [3, 6, 8, 9]
    assert found.identical(walls(run.assign_coords(vdims=["x", "y", "z"])))


def test_unwritten_frames_at_the_end_are_left_out():
    run = noisy_run(7)
    m = run.m.values.copy()
    m[6:] = np.nan
    growing = run.assign(m=run.m.copy(data=m))
    expected = walls(run.isel(t=slice(6)))
    assert walls(growing).identical(expected)
    assert walls(growing.chunk({"t": 2})).identical(expected)
    m[2] = np.nan
    with pytest.raises(ValueError, match=r"run\.m has 0 cells of magnet in the frame at t = 2e-10 s, but 256 in its"):
        walls(run.assign(m=run.m.copy(data=m)))


def test_earlier_of_another_run_is_named():
    run = noisy_run(8)
    earlier = walls(run.isel(t=slice(4)))
    with pytest.raises(ValueError, match=r"earlier has threshold 0\.2, not 0\.3"):
        walls(run, earlier=earlier, threshold=0.3)
    with pytest.raises(ValueError, match="earlier has run_id 'artificial', not 'other'"):
        walls(run.assign_attrs(run_id="other"), earlier=earlier)
    with pytest.raises(ValueError, match=r"earlier\.t, of 4 frames, is not the beginning of run\.t, of 3"):
        walls(run.isel(t=slice(3)), earlier=earlier)
    with pytest.raises(ValueError, match=r"earlier\.t, of 4 frames, is not the beginning of run\.t, of 8"):
        walls(run.isel(t=slice(1, None)), earlier=earlier)
    with pytest.raises(ValueError, match=r"earlier has walls at .* it is of another run"):
        walls(noisy_run(9), earlier=earlier)
    with pytest.raises(ValueError, match=r"earlier has .* but not 'angle'"):
        walls(run, earlier=earlier.drop_vars("angle"))


def test_earlier_from_a_file(tmp_path):
    run = noisy_run(4)
    walls(run.isel(t=slice(5))).to_netcdf(tmp_path / "walls.nc", engine="scipy")
    with xr.open_dataset(tmp_path / "walls.nc", engine="scipy") as earlier:
        check_walls(earlier)
        xr.testing.assert_identical(walls(run, earlier=earlier), walls(run))
