import threading
import weakref

import dask.array
import numpy as np
import pytest
import xarray as xr

from analysis import artificial, walls
from analysis.chunks import first_chunk, over_chunks

STRIPE = artificial.domain_walls(
    np.linspace(20e-9, 90e-9, 7), length=128e-9, magnet_width=32e-9, dtype=np.float32
).drop_vars(["true_position", "energy", "mx", "my", "mz", "current_density", "applied_field"])


class Frames:
    """A lazy run that counts the chunks that are made of it, and those that are in memory."""

    def __init__(self, frames, frames_a_chunk):
        self.made, self.alive, self.most = [], 0, 0
        self.lock = threading.Lock()
        shape = STRIPE.m.shape[1:]
        zeros = dask.array.zeros((frames, *shape), chunks=(frames_a_chunk, *shape), dtype=np.float32)
        lazy = zeros.map_blocks(self.make, dtype=np.float32, meta=np.empty((0,) * 5, np.float32))
        coordinates = {name: STRIPE[name] for name in ("x", "y", "z", "vdims")}
        t = ("t", np.arange(frames) * 1e-12, {"units": "s"})
        self.run = xr.Dataset({"m": (STRIPE.m.dims, lazy)}, coords=coordinates | {"t": t})

    def make(self, block, block_id=None):
        chunk = np.repeat(STRIPE.m.values[block_id[0] % 7][np.newaxis], len(block), axis=0)
        with self.lock:
            self.made.append(block_id[0])
            self.alive += 1
            self.most = max(self.most, self.alive)
        weakref.finalize(chunk, self.drop)
        return chunk

    def drop(self):
        with self.lock:
            self.alive -= 1


@pytest.mark.parametrize("frames", [40, 400])
@pytest.mark.parametrize("workers", [1, 2])
def test_chunks_are_made_once_and_one_for_each_worker_is_in_memory(frames, workers):
    counted = Frames(frames, 4)
    with dask.config.set(num_workers=workers):
        found = walls(counted.run)
    assert found.position.notnull().all()
    assert sorted(counted.made) == list(range(frames // 4))
    # The first chunk stays, while the others come and go.
    assert counted.most <= workers + 1
    assert counted.alive == 0


def test_operations_before_the_kernel_keep_no_more():
    counted = Frames(200, 2)
    m = counted.run.m
    norm = (m.astype(np.float64) ** 2).sum("vdims") ** 0.5
    run = counted.run.assign(m=(m / norm).astype(np.float32).transpose(*m.dims))
    with dask.config.set(num_workers=2):
        walls(run)
    assert sorted(counted.made) == list(range(100))
    assert counted.most <= 3


def test_continuing_reads_only_what_is_new():
    counted = Frames(40, 4)
    earlier = walls(counted.run.isel(t=slice(22)))
    counted.made.clear()
    walls(counted.run, earlier=earlier)
    assert sorted(counted.made) == [5, 6, 7, 8, 9]


def frame_means(block):
    means = np.empty(len(block), dtype=[("frame", int), ("sum", float)])
    means["frame"], means["sum"] = np.arange(len(block)), block[..., 0].sum(axis=(1, 2, 3))
    return means


def test_any_kernel_over_any_array(tmp_path):
    stored = STRIPE.drop_vars("vdims")
    stored.to_zarr(
        tmp_path / "run.zarr", encoding={"m": {"chunks": (3, *STRIPE.m.shape[1:])}}, zarr_format=3, consolidated=False
    )
    without_dask = xr.open_zarr(tmp_path / "run.zarr", chunks=None, consolidated=False).assign_coords(
        vdims=["x", "y", "z"]
    )
    reversed_layout = np.asfortranarray(STRIPE.m.values)
    runs = [
        without_dask,
        STRIPE.chunk({"t": (2, 0, 4, 1)}),
        STRIPE.chunk({"t": 3, "x": 5, "y": 2}),
        STRIPE.assign(m=STRIPE.m.copy(data=reversed_layout)),
    ]
    table, stop = over_chunks(STRIPE.m, frame_means, first_chunk(STRIPE))
    assert stop == 7
    assert table["frame"].tolist() == list(range(7))
    np.testing.assert_allclose(table["sum"], STRIPE.m[..., 0].sum(("x", "y", "z")), rtol=1e-5)
    for run in runs:
        again, stop = over_chunks(run.m, frame_means, first_chunk(run))
        assert stop == 7
        np.testing.assert_array_equal(again, table)


def test_lazy_array_without_dask_is_read_along_its_chunks(monkeypatch):
    monkeypatch.setattr("analysis.chunks._READ_BYTES", 5 * STRIPE.m[0].nbytes)
    read = []
    run = STRIPE.copy()
    run.m.encoding["preferred_chunks"] = {"t": 2}
    over_chunks(run.m, lambda block: read.append(len(block)) or frame_means(block), first_chunk(run))
    assert read == [4, 3]


def test_what_is_no_run_is_named_before_anything_is_read():
    counted = Frames(8, 4)
    with pytest.raises(ValueError, match=r"run has .* but not 'm'"):
        walls(counted.run.drop_vars("m"))
    with pytest.raises(ValueError, match=r"run\.m has the dimensions"):
        walls(counted.run.transpose("x", ...))
    with pytest.raises(ValueError, match=r"run\.t is empty"):
        walls(counted.run.isel(t=slice(0)))
    with pytest.raises(TypeError, match="run is a DataArray"):
        walls(counted.run.m)
    assert counted.made == []
