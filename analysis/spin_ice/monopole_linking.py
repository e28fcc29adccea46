"""Monopoles of a spin ice: where they are, and how flips move them from vertex to vertex."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.frame_blocks import frame_blocks
from analysis.schema import frame_dimension
from analysis.spin_ice.island_chains import Chains, join_turned
from analysis.spin_ice.island_ends import incidence
from analysis.spin_ice.schema import check_islands, check_monopoles, check_spins

__all__ = ["monopoles"]

IntArray = npt.NDArray[np.int64]


def monopoles(spin: xr.DataArray, islands: xr.Dataset, *, reference: xr.DataArray | None = None) -> xr.Dataset:
    """Follow monopoles over the frames, linked through the islands that flip.

    A monopole is a charge of +-2 beyond the ice rule (`monopole_charge` of
    `analysis.vertices`), or beyond the charge in a reference state; a vertex with +-4
    has two. Between two frames the flipped islands form chains; each takes a
    charge of 2 from one vertex to another. The result is known without a guess from
    distances: a positive monopole goes along the chain or a negative one back; a pair
    is born at its ends or annihilates; a monopole comes from a loose end or leaves there;
    or it ends at a vertex with an odd number of ends that goes from +1 to -1, which is no
    monopole before or after. A monopole that a chain passes stays: like ones cannot be
    distinguished. Between frames in which a single island flips at a time, nothing is
    left open.

    Parameters
    ----------
    spin : (t | step, island) xarray.DataArray of int
        +1 and -1; lazy ones are read chunk by chunk along the frames.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.
    reference : (island,) xarray.DataArray of int, optional
        A state without monopoles, such as the saturated one of kagome ice, where a
        monopole is then a vertex that has gone from +1 to -1 or back [1]_.

    Returns
    -------
    xarray.Dataset
        Over visit, by monopole and then in time, a monopole's stay at a vertex:
        `monopole`, `vertex`, `first_frame` and `last_frame` in which it is there, and
        `position` (visit, component) in m.

        Over monopole, in the order of birth: `charge`, 2 or -2; `birth_frame`, the first
        in which it is there; `exit_frame`, the first in which it is no more, -1 if it
        stays; `birth_at` and `exit_at`, one of "start", "pair", "edge" and "vertex",
        the latter empty if it stays; `flips`, of the islands that moved it.

        The frames' `t` or `step` comes with it. In frame k are the monopoles of
        `visit` with first_frame <= k <= last_frame.

    Raises
    ------
    TypeError, ValueError
        If `islands` is no lattice, or a state is not +1 or -1 for each of its islands.

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
    >>> spin = np.ones((3, islands.sizes["island"]), dtype=int)
    >>> spin[1:, 10] = -1  # an island in the middle row flips,
    >>> spin[2:, 11] = -1  # then the one on its right
    >>> found = monopoles(xr.DataArray(spin, dims=("step", "island")), islands)
    >>> pair = found.isel(monopole=found.birth_at.values == "pair")
    >>> pair.charge.values.tolist(), pair.flips.values.tolist()
    ([-2, 2], [1, 0])
    """
    check_islands(islands)
    check_spins(spin, islands)
    dimension = frame_dimension(spin)
    if set(spin.dims) != {dimension, "island"}:
        raise ValueError(f"spin has the dimensions {spin.dims}; monopoles are followed over (t | step, island)")
    matrix = incidence(islands).astype(np.int64)
    units = _units_beyond_the_ice_rule(islands["coordination"].values)
    if reference is not None:
        check_spins(reference, islands, owner="reference")
        units = _units_beyond(matrix @ reference.values.astype(np.int64))

    followed = _Followed()
    before: npt.NDArray[np.integer] | None = None
    frame = 0
    for _, block in frame_blocks(spin.transpose(dimension, "island")):
        for values in block:
            if before is None:
                charge = matrix @ values.astype(np.int64)
                _start(followed, units(np.arange(charge.size), charge))
            else:
                turned = np.flatnonzero(values != before)
                if turned.size:
                    _advance(followed, frame, join_turned(islands, turned, values[turned]), charge, units)
            before, frame = values, frame + 1
    return _dataset(followed, frame, spin[dimension], islands)


Units = Callable[[IntArray, IntArray], IntArray]


def _units_beyond_the_ice_rule(coordination: IntArray) -> Units:
    """Give monopoles, with their sign, at vertices from their charges."""
    odd = (coordination % 2).astype(np.int64)

    def units(vertex: IntArray, charge: IntArray) -> IntArray:
        beyond: IntArray = charge - np.sign(charge).astype(np.int64) * odd[vertex]
        return beyond // 2

    return units


def _units_beyond(reference: IntArray) -> Units:
    return lambda vertex, charge: (charge - reference[vertex]) // 2


@dataclass
class _Followed:
    """State so far: charge, birth, exit and flips of each monopole; visits; who is where now."""

    charge: list[int] = field(default_factory=list)
    birth: list[tuple[int, str]] = field(default_factory=list)
    exit: dict[int, tuple[int, str]] = field(default_factory=dict)
    flips: list[int] = field(default_factory=list)
    visits: list[tuple[int, int, int, int]] = field(default_factory=list)
    at: defaultdict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def bear(self, frame: int, vertex: int, charge: int, where: str) -> None:
        self.at[vertex].append((len(self.charge), frame))
        self.charge.append(charge)
        self.birth.append((frame, where))
        self.flips.append(0)

    def leave(self, frame: int, vertex: int) -> int:
        monopole, since = self.at[vertex].pop(0)
        self.visits.append((monopole, vertex, since, frame - 1))
        return monopole

    def move(self, frame: int, old: int, new: int, flips: int) -> None:
        monopole = self.leave(frame, old)
        self.at[new].append((monopole, frame))
        self.flips[monopole] += flips

    def end(self, frame: int, vertex: int, where: str) -> None:
        self.exit[self.leave(frame, vertex)] = (frame, where)


def _start(followed: _Followed, units: IntArray) -> None:
    for vertex in np.flatnonzero(units).tolist():
        for _ in range(abs(int(units[vertex]))):
            followed.bear(0, vertex, 2 * int(np.sign(units[vertex])), "start")


def _advance(followed: _Followed, frame: int, chains: Chains, charge: IntArray, units: Units) -> None:
    """Do what the flips before a frame did to monopoles and charges."""
    chosen = ~chains.closed
    # A vertex is either the tail of chains or the head of others.
    tails = _changes(chains.tail[chosen], -2, charge, units)
    heads = _changes(chains.head[chosen], 2, charge, units)
    for tail, head, at_tail, at_head, size in zip(
        chains.tail[chosen].tolist(),
        chains.head[chosen].tolist(),
        tails,
        heads,
        chains.size[chosen].tolist(),
        strict=True,
    ):
        if at_tail == "lost" and at_head == "gained":
            followed.move(frame, tail, head, size)
        elif at_tail == "gained" and at_head == "lost":
            followed.move(frame, head, tail, size)
        else:
            both = at_tail == at_head
            for vertex, change, other, sign in ((tail, at_tail, at_head, -2), (head, at_head, at_tail, 2)):
                if change == "gained":
                    followed.bear(frame, vertex, sign, "pair" if both else other)
                elif change == "lost":
                    followed.end(frame, vertex, "pair" if both else other)


def _changes(vertex: IntArray, step: int, charge: IntArray, units: Units) -> list[str]:
    """Effect of each chain at its vertex, to whose charge `step` is added.

    A monopole is "lost" (of the sign opposite to the step's) or "gained" (of the step's
    sign), or there is none, and the chain ends at the "edge" or in a "vertex".
    """
    changes = np.full(vertex.size, "edge", dtype="<U6")
    sign = np.sign(step)
    # Where several chains end in one vertex, one after another.
    left = np.flatnonzero(vertex >= 0)
    while left.size:
        at, first = np.unique(vertex[left], return_index=True)
        before = units(at, charge[at])
        charge[at] += step
        same = units(at, charge[at]) == before
        changes[left[first]] = np.select([same, before * sign < 0], ["vertex", "lost"], "gained")
        left = np.delete(left, first)
    return list(changes.tolist())


def _dataset(followed: _Followed, frames: int, over: xr.DataArray, islands: xr.Dataset) -> xr.Dataset:
    stay = [(monopole, vertex, since, frames - 1) for vertex, there in followed.at.items() for monopole, since in there]
    visits = np.array(sorted(followed.visits + stay, key=lambda each: (each[0], each[2])), dtype=np.int64).reshape(
        -1, 4
    )
    exits = [followed.exit.get(monopole, (-1, "")) for monopole in range(len(followed.charge))]
    births = followed.birth
    found = xr.Dataset(
        {
            name: ("visit", visits[:, column])
            for column, name in enumerate(("monopole", "vertex", "first_frame", "last_frame"))
        }
        | {"position": (("visit", "component"), islands["vertex_position"].values[visits[:, 1]], {"units": "m"})}
        | {
            "charge": ("monopole", np.array(followed.charge, dtype=np.int64), {"units": "1"}),
            "birth_frame": ("monopole", np.array([frame for frame, _ in births], dtype=np.int64)),
            "exit_frame": ("monopole", np.array([frame for frame, _ in exits], dtype=np.int64)),
            "birth_at": ("monopole", np.array([where for _, where in births], dtype="<U6")),
            "exit_at": ("monopole", np.array([where for _, where in exits], dtype="<U6")),
            "flips": ("monopole", np.array(followed.flips, dtype=np.int64)),
        },
        coords={over.name: over, "component": ["x", "y"]},
    )
    check_monopoles(found)
    return found
