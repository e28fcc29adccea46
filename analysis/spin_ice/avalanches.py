"""Avalanches of a spin ice: flips that are joined in space and time.

Flips of islands that share a vertex, or of one island, at most a *window* apart in
time or in field steps belong to one avalanche, and so do those that are joined by
others. A flip's *trigger* is the last flip before it that it is joined to directly; it
belongs to the generation after its trigger's, and a flip without a trigger to
generation 0. How many flips a flip triggers, the branching ratio

    sigma_g = n_(g+1) / n_g,

n_g being the flips in generation g, is 1 where avalanches are critical (Harris, The
Theory of Branching Processes, 1963; Beggs and Plenz, J. Neurosci. 23, 11167 (2003)).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.spin_ice.avalanche_kernels import Neighbours, depths, islands_of_groups, join_flips, neighbours_by_vertex
from analysis.spin_ice.schema import check_flips, check_islands

__all__ = ["avalanches", "first_avalanches"]


def avalanches(flips: xr.Dataset, islands: xr.Dataset, window: float = 0.0, *, sequential: bool = False) -> xr.Dataset:
    """Join flips into avalanches, and measure these.

    Parameters
    ----------
    flips : xarray.Dataset
        Result of `analysis.flips` or `solitons.spin_ice.flip_record`: `island`, `frame`
        and `direction` over `flip`, with the coordinate `t` (s) or `step` over
        `flip`, which does not fall.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.
    window : float
        The longest time between two flips that are joined, in s, or as a number of
        steps: as the coordinate of `flips`. With 0 only flips at one time are joined.
    sequential : bool
        Whether flips of one time came one after another in the order in which they are
        listed, as from `solitons.spin_ice.drive_field`. If not, they are taken to
        be simultaneous, and none of them triggers another.

    Returns
    -------
    xarray.Dataset
        Over `flip`: `flip_island`; `flip_avalanche`; `flip_trigger`, an index along `flip`, -1 for none;
        `flip_generation`.

        Over `avalanche`, in the order of their first flips: `size` (flips), `islands`
        (different ones), `generations`, `branching_ratio` (mean of sigma_g over its
        generations; the last triggers none); `start_island`, `start_frame`,
        `start_position` (avalanche, component) in m; `start`, `end` and `duration` in s
        or steps, and `frames`, how many it spans; of its islands' centres,
        `radius_of_gyration` (m), `bounding_box` (avalanche, component) in m, and its
        diagonal `bounding_length` (m).

        Over `generation`, summed over all avalanches: `generation_size`, and
        `branching`, sigma_g.

    Raises
    ------
    TypeError, ValueError
        If a Dataset is not what it should be, an island does not exist, the times fall,
        the window is negative or not finite, or the lattice has no vertices.

    Examples
    --------
    >>> from analysis import flips
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 3, "rows": 3, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("5 nm", "5 nm", "10 nm"),
    ... )
    >>> permalloy = Material(name="permalloy", Ms="800 kA/m", A="13 pJ/m", alpha=0.01)
    >>> spin = np.ones((3, 24), dtype=np.int8)
    >>> spin[1:, 0] = spin[2:, [1, 23]] = -1
    >>> found = avalanches(flips(xr.DataArray(spin, dims=("step", "island"))), ice.islands(permalloy), window=1)
    >>> found["size"].values.tolist(), found["start_island"].values.tolist()
    ([2, 1], [0, 23])
    """
    check_islands(islands)
    check_flips(flips)
    along = _time_of(flips, islands.sizes["island"])
    if not (np.isfinite(window) and window >= 0):
        unit = "s" if along == "t" else "steps"
        raise ValueError(f"avalanches: window is {window}; give a finite number of {unit}, 0 or above")
    if not (islands["island_vertex"] >= 0).any():
        raise ValueError(
            "avalanches: the lattice has no vertices, so that no island has a neighbour; give the table of islands a "
            "vertex_distance"
        )
    island, time = flips["island"].values.astype(np.int64), flips[along].values
    neighbours: Neighbours = neighbours_by_vertex(islands["island_vertex"].values, islands.sizes["vertex"])
    avalanche, trigger = join_flips(island, time, float(window), neighbours, sequential)
    generation = depths(trigger)
    number = int(avalanche.max(initial=-1)) + 1
    per_generation, branching_ratio, sizes = _branching(avalanche, generation, number)
    first = np.unique(avalanche, return_index=True)[1]
    last = np.zeros(number, dtype=np.int64)
    np.maximum.at(last, avalanche, np.arange(island.size))
    frame, position = flips["frame"].values.astype(np.int64), islands["position"].values
    units = flips[along].attrs.get("units", "s" if along == "t" else "1")
    taking_part, gyration, box = _extent(avalanche, island, position, number)
    with np.errstate(invalid="ignore"):
        branching = np.append(sizes[1:], 0) / sizes
    found = xr.Dataset(
        {
            "flip_island": ("flip", island),
            "flip_avalanche": ("flip", avalanche),
            "flip_trigger": ("flip", trigger),
            "flip_generation": ("flip", generation),
            "size": ("avalanche", np.bincount(avalanche, minlength=number)),
            "islands": ("avalanche", taking_part),
            "generations": ("avalanche", per_generation),
            "branching_ratio": ("avalanche", branching_ratio, {"units": "1"}),
            "start_island": ("avalanche", island[first]),
            "start_frame": ("avalanche", frame[first]),
            "start_position": (("avalanche", "component"), position[island[first]], {"units": "m"}),
            "start": ("avalanche", time[first], {"units": units}),
            "end": ("avalanche", time[last], {"units": units}),
            "duration": ("avalanche", time[last] - time[first], {"units": units}),
            "frames": ("avalanche", frame[last] - frame[first] + 1),
            "radius_of_gyration": ("avalanche", gyration, {"units": "m"}),
            "bounding_box": (("avalanche", "component"), box, {"units": "m"}),
            "bounding_length": ("avalanche", np.hypot(*box.T), {"units": "m"}),
            "generation_size": ("generation", sizes),
            "branching": ("generation", branching, {"units": "1"}),
        },
        coords={
            "avalanche": np.arange(number),
            "generation": np.arange(len(sizes)),
            "component": islands["component"].values,
        },
        attrs={"window": float(window), "window_units": units, "sequential": int(sequential)},
    )
    return found.assign_coords({along: flips[along]})


def first_avalanches(avalanches: xr.Dataset, islands: xr.Dataset) -> xr.DataArray:
    """Tell in which avalanche each island flipped first, as `plot_avalanches` draws it.

    -1 where an island did not flip.
    """
    check_islands(islands)
    first = np.full(islands.sizes["island"], -1, dtype=np.int64)
    island, at = np.unique(avalanches["flip_island"].values, return_index=True)
    first[island] = avalanches["flip_avalanche"].values[at]
    return xr.DataArray(first, dims="island", coords={"island": islands["island"]}, name="first_avalanche")


def _time_of(flips: xr.Dataset, islands: int) -> str:
    """The coordinate of the flips, "t" or "step", when they are sound."""
    there = [name for name in ("t", "step") if name in flips.coords]
    if len(there) != 1:
        raise ValueError(
            f"avalanches: flips have the coordinates {there}; they must have one of t (s) and step over flip"
        )
    (along,) = there
    island = flips["island"].values
    wrong = island[(island < 0) | (island >= islands)]
    if wrong.size:
        raise ValueError(f"avalanches: flips name island {wrong[0]}; the lattice has the islands 0 to {islands - 1}")
    values = flips[along].values
    if not np.isfinite(values).all() or (values[1:] < values[:-1]).any():
        raise ValueError(f"avalanches: {along} of flips falls or is not finite; sort the flips along {along}")
    return along


def _branching(
    avalanche: npt.NDArray[np.int64], generation: npt.NDArray[np.int64], number: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Generations and mean branching of every avalanche, and the flips in each generation of all."""
    deepest = int(generation.max(initial=-1)) + 1
    # Within an avalanche every generation up to its last has a flip: the pairs lie one after another.
    pairs, flips = np.unique(avalanche * max(deepest, 1) + generation, return_counts=True)
    group = pairs // max(deepest, 1)
    generations = np.bincount(group, minlength=number)
    following = np.append(np.where(group[1:] == group[:-1], flips[1:], 0), 0)[: len(flips)]
    mean = np.bincount(group, weights=following / flips, minlength=number) / np.maximum(generations, 1)
    return generations, mean, np.bincount(generation, minlength=deepest)


def _extent(
    avalanche: npt.NDArray[np.int64], island: npt.NDArray[np.int64], position: npt.NDArray[np.float64], number: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Islands, radius of gyration and bounding box of every avalanche, each island counting once."""
    group, member = islands_of_groups(avalanche, island)
    where, count = position[member], np.bincount(group, minlength=number)
    if not number:
        return count, np.empty(0), np.empty((0, 2))
    centre = np.stack([np.bincount(group, weights=where[:, axis]) for axis in range(2)], axis=1) / count[:, None]
    squares = np.sum((where - centre[group]) ** 2, axis=1)
    begins = np.searchsorted(group, np.arange(number))
    box = np.maximum.reduceat(where, begins) - np.minimum.reduceat(where, begins)
    return count, np.sqrt(np.bincount(group, weights=squares) / count), box
