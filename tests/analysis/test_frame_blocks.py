import numpy as np
import xarray as xr

from analysis.frame_blocks import frame_blocks


def test_lazy_chunks_are_read_once_and_alone():
    read = []

    def note(block, block_info=None):
        read.append(block_info[0]["array-location"][0])
        return block

    values = np.arange(21.0).reshape(7, 3)
    lazy = xr.DataArray(values, dims=("t", "x")).chunk({"t": 3, "x": -1})
    lazy = lazy.copy(data=lazy.data.map_blocks(note, dtype=float, meta=np.empty((0, 0))))
    read.clear()
    blocks = []
    for start, block in frame_blocks(lazy):
        assert len(read) == len(blocks) + 1
        blocks.append((start, block))
    assert [start for start, _ in blocks] == [0, 3, 6]
    assert read == [(0, 3), (3, 6), (6, 7)]
    np.testing.assert_array_equal(np.concatenate([block for _, block in blocks]), values)


def test_array_in_memory_is_cut():
    m = xr.DataArray(np.zeros((5, 2**21), dtype=np.float64), dims=("t", "x"))
    assert [len(block) for _, block in frame_blocks(m)] == [2, 2, 1]
