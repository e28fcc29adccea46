"""Ends of a spin ice's islands that meet in each vertex."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

__all__ = ["arms", "incidence"]

IntArray = npt.NDArray[np.int64]

# Tail, head: what an end's charge is of its island's spin.
SIGNS = np.array([-1, 1], dtype=np.int8)


def incidence(islands: xr.Dataset) -> scipy.sparse.csr_array:
    """Give the matrix (vertices, islands) that takes spins to charges of vertices.

    It has +1 where an island's head is at a vertex, -1 where its tail is.
    """
    vertex = islands["island_vertex"].transpose("island", "end").values
    island, end = np.nonzero(vertex >= 0)
    shape = islands.sizes["vertex"], islands.sizes["island"]
    return scipy.sparse.csr_array((SIGNS[end], (vertex[island, end], island)), shape=shape)


def arms(islands: xr.Dataset, coordination: int) -> tuple[IntArray, IntArray, IntArray]:
    """List the ends at vertices of one coordination, anticlockwise around each.

    Gives the vertices (v,), the islands there (v, coordination) by the direction of their centres, and +1 where the
    head is there, -1 where the tail is.
    """
    ends = islands["island_vertex"].transpose("island", "end").values
    island, end = np.nonzero(ends >= 0)
    vertex = ends[island, end]
    number = np.bincount(vertex, minlength=islands.sizes["vertex"])
    chosen = number[vertex] == coordination
    island, end, vertex = island[chosen], end[chosen], vertex[chosen]
    away = islands["position"].values[island] - islands["vertex_position"].values[vertex]
    order = np.lexsort((np.arctan2(away[:, 1], away[:, 0]), vertex))
    shape = (-1, coordination)
    return (
        vertex[order][::coordination],
        island[order].reshape(shape),
        SIGNS[end[order]].astype(np.int64).reshape(shape),
    )
