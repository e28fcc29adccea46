"""Kernel rank and generalisation rank: how many streams of inputs a system distinguishes, and how many it should not.

Each of m streams of inputs leaves the system in a state x(u_i), a row of n read-outs. The
rank of the m x n matrix of these states is

- the kernel rank, if the streams differ all along: how many of them a linear read-out
  can give answers of their own;
- the generalisation rank, if all streams end with the same inputs and differ before only: how
  many it distinguishes by what should be forgotten, an estimate of its VC dimension.

A system separates well and generalises well where the first is high and the second low.

Source: R. Legenstein and W. Maass, Neural Networks 20, 323 (2007); for spin ice J. H.
Jensen, E. Folven and G. Tufte, Proc. ALIFE 2018, 15, and J. H. Jensen and G. Tufte, Proc.
ALIFE 2020, 376.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["separation_streams", "shared_end_streams", "state_rank"]

Floats = npt.NDArray[np.float64]


def state_rank(states: npt.ArrayLike) -> int:
    """Rank of a matrix of states.

    Parameters
    ----------
    states : array (streams, read-outs)
        A row for each stream of inputs.

    Returns
    -------
    int
        From 0 to the smaller of the two numbers; 1 for a system that ends in one state
        whatever comes in. It cannot exceed the number of streams: take more of them than
        read-outs.

    Raises
    ------
    ValueError
        If it is no matrix of finite numbers.

    Examples
    --------
    >>> state_rank(np.eye(4)), state_rank(np.ones((4, 3)))
    (4, 1)
    """
    matrix = np.asarray(states, dtype=np.float64)
    if matrix.ndim != 2 or not matrix.size or not np.isfinite(matrix).all():
        raise ValueError(f"state_rank: states has the shape {matrix.shape}; give finite numbers (streams, read-outs)")
    return int(np.linalg.matrix_rank(matrix))


def separation_streams(streams: int, length: int, seed: int) -> Floats:
    """Independent inputs for the kernel rank, uniform between -1 and 1, (streams, length).

    A system that holds the last three inputs distinguishes as many streams as it has places, three.
    """
    return np.random.default_rng(seed).uniform(-1, 1, (streams, length))


def shared_end_streams(streams: int, length: int, common: int, seed: int) -> Floats:
    """Inputs for the generalisation rank: independent at first, and the last `common` of them the same in all streams.

    A system that holds no more than the last `common` inputs forgets all before and has the rank 1.
    """
    if not 1 <= common <= length:
        raise ValueError(f"shared_end_streams: common = {common} must be between 1 and the length, {length}")
    inputs = separation_streams(streams, length, seed)
    inputs[:, length - common :] = inputs[0, length - common :]
    return inputs
