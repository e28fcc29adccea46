"""Chains of islands that were turned: the ways on which charge went through a spin ice."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.spin_ice.schema import check_islands, check_spins
from analysis.spin_ice.vertices import vertices

__all__ = ["Chains", "dirac_strings", "join_turned"]

IntArray = npt.NDArray[np.int64]


class Chains(NamedTuple):
    """Turned islands in chains, each moment's head at the next one's tail.

    `chain` (turned islands,) is the chain that each belongs to, numbered by their first islands. For each chain `tail`
    and `head` are the vertices at its two ends, which lost and gained a charge of 2, -1 at a loose end and in a closed
    chain; `size` is how many islands it has, and `closed` whether it has no ends.
    """

    chain: IntArray
    tail: IntArray
    head: IntArray
    size: IntArray
    closed: npt.NDArray[np.bool_]


def join_turned(islands: xr.Dataset, turned: npt.NDArray[np.integer], spin: npt.NDArray[np.integer]) -> Chains:
    """Join islands that were turned to chains.

    A turned island takes a charge of 2 from the vertex where its tail now is to that where its head now is. At each
    vertex as many moments that end there as possible are joined to ones that begin there, the straightest pairs first:
    chains end only where the charge has changed, and every one of them carries 2. `turned` (n,) are places of the
    turned islands in the lattice, and `spin` (n,) their spins now.
    """
    ends = islands["island_vertex"].values[turned]
    along = spin[:, None] > 0
    tail, head = np.where(along, ends, ends[:, ::-1]).T
    following = _following(tail, head, islands["axis"].values[turned] * spin[:, None])

    number = turned.size
    leads = np.flatnonzero(following >= 0)
    links = scipy.sparse.csr_array((np.ones(leads.size, dtype=np.int8), (leads, following[leads])), (number, number))
    count, label = scipy.sparse.csgraph.connected_components(links, directed=False)
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(count)
    chain = rank[inverse]

    begins, stops = np.ones(number, dtype=bool), following < 0
    begins[following[leads]] = False
    vertex_at_tail, vertex_at_head = np.full(count, -1), np.full(count, -1)
    vertex_at_tail[chain[begins]] = tail[begins]
    vertex_at_head[chain[stops]] = head[stops]
    closed = np.ones(count, dtype=bool)
    closed[chain[begins]] = False
    return Chains(chain, vertex_at_tail, vertex_at_head, np.bincount(chain, minlength=count), closed)


def dirac_strings(spin: xr.DataArray, reference: xr.DataArray, islands: xr.Dataset) -> xr.Dataset:
    """Trace the Dirac strings: chains of islands turned since a reference state, which join monopoles.

    Along a string the moments run from its tail, where charge is missing, to its head,
    where it is: in a saturated square ice from a negative to a positive monopole, or to
    a loose end [1]_. Where strings touch in a vertex they go on as straight as they can.

    Parameters
    ----------
    spin : (island,) xarray.DataArray of int
        The state, +1 and -1.
    reference : (island,) xarray.DataArray of int
        State to compare with: the state before, or a saturated one.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.

    Returns
    -------
    xarray.Dataset
        Over island: `island_string`, the string that it belongs to, -1 where it has not
        turned. Over string: `size`, its number of islands; `closed`, whether it is a loop.
        Over (string, end), end being "tail" and "head": `string_vertex`, -1 at a loose
        end and in a loop, and `monopole_charge`, the vertex's charge in the state `spin`,
        0 where there is none.

    Raises
    ------
    TypeError, ValueError
        If `islands` is no lattice, or a state is not one of its islands alone.

    References
    ----------
    .. [1] E. Mengotti et al., Nature Phys. 7, 68 (2011).

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 4, "rows": 2, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("10 nm", "10 nm", "10 nm"),
    ... )
    >>> islands = ice.islands(Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.1))
    >>> saturated = xr.DataArray(np.ones(islands.sizes["island"], dtype=int), dims="island")
    >>> spin = saturated.copy()
    >>> spin[[10, 11]] = -1  # in the middle row
    >>> found = dirac_strings(spin, saturated, islands)
    >>> found["size"].values.tolist(), found.monopole_charge.values.tolist()
    ([2], [[-2, 2]])
    """
    check_islands(islands)
    for owner, state in (("spin", spin), ("reference", reference)):
        check_spins(state, islands, owner=owner)
        if state.dims != ("island",):
            raise ValueError(f"{owner} has the dimensions {state.dims}; strings are those of one state: select a frame")
    values = spin.values
    turned = np.flatnonzero(values != reference.values)
    chains = join_turned(islands, turned, values[turned])
    of_islands = np.full(values.size, -1)
    of_islands[turned] = chains.chain
    ends = np.stack([chains.tail, chains.head], axis=1)
    charge = np.append(vertices(spin, islands)["monopole_charge"].values, 0)[ends]
    return xr.Dataset(
        {
            "island_string": ("island", of_islands),
            "size": ("string", chains.size),
            "closed": ("string", chains.closed),
            "string_vertex": (("string", "end"), ends),
            "monopole_charge": (("string", "end"), charge.astype(np.int64), {"units": "1"}),
        },
        coords={"island": islands["island"], "string": np.arange(len(ends)), "end": ["tail", "head"]},
    )


def _following(tail: IntArray, head: IntArray, moment: npt.NDArray[np.float64]) -> IntArray:
    """The island at whose tail each one's head is, once each; -1 for none."""
    by_tail = np.argsort(tail, kind="stable")
    begin, end = (np.searchsorted(tail[by_tail], head, side=side) for side in ("left", "right"))
    many = np.where(head >= 0, end - begin, 0)
    ahead = np.repeat(np.arange(head.size), many)
    place = np.arange(ahead.size) - np.repeat(np.cumsum(many) - many, many) + np.repeat(begin, many)
    behind = by_tail[place]

    # Islands with disorder are a little askew: what is as straight to 1e-9 is equally straight.
    straight = np.einsum("pc,pc->p", moment[ahead], moment[behind]).round(9)
    left = np.argsort(-straight, kind="stable")
    following = np.full(head.size, -1)
    taken = np.zeros(head.size, dtype=bool)
    while left.size:
        _, best = np.unique(head[ahead[left]], return_index=True)
        chosen = left[best]
        following[ahead[chosen]] = behind[chosen]
        taken[behind[chosen]] = True
        left = left[(following[ahead[left]] < 0) & ~taken[behind[left]]]
    return following
