"""Correlations of a spin ice: of its spins by neighbour shells, of the charges of its vertices."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.spin_ice.schema import check_islands, check_spins
from analysis.spin_ice.vertices import vertices

__all__ = ["charge_correlation", "spin_correlations"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_SAME_COSINE = 0.05  # cosines that differ by less belong to one shell
_NO_COUPLING = 0.01  # of dipoles side by side; pairs below have no energy to speak of
_NUMBERS = 20_000_000  # products of spins that are held at once


def spin_correlations(
    spin: xr.DataArray, islands: xr.Dataset, max_distance: float, *, tolerance: float | None = None
) -> xr.Dataset:
    r"""Correlate the spins of pairs of islands, shell by shell.

    A shell holds the pairs at one distance whose axes lie alike, to each other and to the
    line between them. With the moments' directions m = s e, three numbers say how the
    pairs of a shell lie: their mean

    .. math:: \langle\mathbf{m}_i\cdot\mathbf{m}_j\rangle, \qquad
        \langle\operatorname{sign}(\mathbf{m}_i\cdot\mathbf{m}_j)\rangle, \qquad
        -\langle\operatorname{sign}(\mathbf{m}_i\cdot\mathbf{m}_j
        - 3(\mathbf{m}_i\cdot\hat{\mathbf{r}})(\mathbf{m}_j\cdot\hat{\mathbf{r}}))\rangle

    The second are the C of kagome ice (Wills, Ballou and Lacroix, Phys. Rev. B 66, 144407
    (2002); Qi, Brintlinger and Cumings, Phys. Rev. B 77, 094418 (2008)): the shells in
    their order are C_alpha-beta, C_alpha-gamma, and so on, 1/3 for nearest neighbours if
    every vertex obeys the ice rule. The third is 1 where every pair has the lower energy
    of two dipoles, also where axes are perpendicular, as in square ice.

    Parameters
    ----------
    spin : (..., island) xarray.DataArray of int
        +1 from tail to head, -1 back.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.
    max_distance : float
        The longest distance of two islands' centres, in m.
    tolerance : float, optional
        Distances that differ by less than this, in m, belong to one shell; a fiftieth of
        the shortest if left out. With disorder in the positions take more.

    Returns
    -------
    xarray.Dataset
        Over `shell`, by distance: `distance` (m) and `pairs`; `axis_cosine`, the mean
        abs(e_i . e_j). Over the other dimensions of the spins and `shell`: `moment_product`,
        `alignment`, NaN where axes are perpendicular, and `dipolar`, NaN where dipoles do
        not couple.

    Raises
    ------
    TypeError, ValueError
        If `islands` is no lattice, `spin` has not +1 or -1 for each of its islands, no two
        islands are as near, or the tolerance is negative.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 5, "rows": 5, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("5 nm", "5 nm", "10 nm"),
    ... )
    >>> islands = ice.islands(Material(name="permalloy", Ms="800 kA/m", A="13 pJ/m", alpha=0.01))
    >>> saturated = xr.DataArray(np.ones(60, dtype=np.int8), dims="island")
    >>> found = spin_correlations(saturated, islands, 180e-9)
    >>> found["pairs"].values.tolist()  # perpendicular, side by side, in a row
    [100, 50, 48]
    >>> found["dipolar"].values.tolist()
    [0.0, -1.0, 1.0]
    """
    check_islands(islands)
    check_spins(spin, islands)
    position, axis = (islands[name].transpose("island", "component").values for name in ("position", "axis"))
    pairs = scipy.spatial.cKDTree(position).query_pairs(max_distance * (1 + 1e-9), output_type="ndarray")
    if not len(pairs):
        raise ValueError(f"spin_correlations: no two islands are within max_distance = {max_distance} m; give more")
    between = position[pairs[:, 1]] - position[pairs[:, 0]]
    distance = np.hypot(*between.T)
    if tolerance is None:
        tolerance = float(distance.min()) / 50
    if not tolerance >= 0:
        raise ValueError(f"spin_correlations: tolerance is {tolerance} m; it must be 0 or above")
    product = np.sum(axis[pairs[:, 0]] * axis[pairs[:, 1]], axis=1)
    along = np.stack([np.sum(axis[pairs[:, end]] * between, axis=1) / distance for end in range(2)], axis=1)
    shell = np.zeros(len(pairs), dtype=np.int64)
    lying = np.sort(np.abs(along), axis=1)
    for values, gap in (
        (distance, tolerance),
        (np.abs(product), _SAME_COSINE),
        (lying[:, 0], _SAME_COSINE),
        (lying[:, 1], _SAME_COSINE),
    ):
        shell = _split(shell, values, gap)
    coupling = product - 3 * along[:, 0] * along[:, 1]
    weights = {
        "moment_product": product,
        "alignment": np.where(np.abs(product) < _SAME_COSINE, 0.0, np.sign(product)),
        "dipolar": np.where(np.abs(coupling) < _NO_COUPLING, 0.0, -np.sign(coupling)),
    }
    count = np.bincount(shell)
    others = [dim for dim in spin.dims if dim != "island"]
    states = spin.transpose(*others, "island").values.reshape(-1, spin.sizes["island"])
    found = xr.Dataset(
        {
            "distance": ("shell", np.bincount(shell, distance) / count, {"units": "m"}),
            "pairs": ("shell", count),
            "axis_cosine": ("shell", np.bincount(shell, np.abs(product)) / count, {"units": "1"}),
        },
        coords={
            "shell": np.arange(len(count)),
            **{name: each for name, each in spin.coords.items() if "island" not in each.dims},
        },
    )
    sums = _sums(states, pairs, shell, list(weights.values()))
    for name, weight, total in zip(weights, weights.values(), sums, strict=True):
        counted = count if name == "moment_product" else np.bincount(shell, weight != 0)
        with np.errstate(invalid="ignore"):
            values = total / counted
        shape = (*(spin.sizes[dim] for dim in others), len(count))
        found[name] = ((*others, "shell"), values.reshape(shape), {"units": "1"})
    return found


def charge_correlation(spin: xr.DataArray, islands: xr.Dataset) -> xr.Dataset:
    r"""Correlate the charges of neighbouring vertices.

    .. math:: \langle q_a q_b\rangle \quad\text{and}\quad \langle q_a q_b\rangle / \langle q^2\rangle

    over the pairs of vertices that an island joins and at which as many ends meet as at
    any: the edges are left out. Spins at random have -1 and -1/z with z ends at a vertex,
    since an island adds opposite charges to its two; where charges alternate, as in the
    charge crystal of kagome ice, it is -1 (Möller and Moessner, Phys. Rev. B 80, 140409
    (2009)).

    Parameters
    ----------
    spin : (..., island) xarray.DataArray of int
        +1 from tail to head, -1 back.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.

    Returns
    -------
    xarray.Dataset
        `charge_product`, and `charge_correlation`, which is divided by the mean square at
        the ends of those pairs, NaN where no vertex has a charge; over the other
        dimensions of the spins. attrs: `coordination`, `pairs`.

    Raises
    ------
    TypeError, ValueError
        If `islands` is no lattice, `spin` has not +1 or -1 for each of its islands, or no
        island joins two such vertices.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 5, "rows": 5, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("5 nm", "5 nm", "10 nm"),
    ... )
    >>> islands = ice.islands(Material(name="permalloy", Ms="800 kA/m", A="13 pJ/m", alpha=0.01))
    >>> spin = xr.DataArray(np.random.default_rng(1).choice([-1, 1], (9, 60)), dims=("step", "island"))
    >>> round(float(charge_correlation(spin, islands)["charge_product"].mean()), 1)
    -1.0
    """
    check_islands(islands)
    check_spins(spin, islands)
    ends = islands["island_vertex"].transpose("island", "end").values
    coordination = islands["coordination"].values
    most = int(coordination.max(initial=0))
    chosen = ends[(ends >= 0).all(axis=1)]
    chosen = chosen[(coordination[chosen] == most).all(axis=1)]
    if not len(chosen):
        raise ValueError(
            f"charge_correlation: no island joins two vertices at which {most} ends meet; give a larger lattice, or a "
            "table of islands with a vertex_distance"
        )
    charge = vertices(spin, islands)["charge"].astype(np.float64)
    tail, head = (charge.isel(vertex=xr.DataArray(chosen[:, end], dims="pair")).drop_vars("vertex") for end in range(2))
    product, square = (tail * head).mean("pair"), ((tail**2 + head**2) / 2).mean("pair")
    found = xr.Dataset(
        {"charge_product": product, "charge_correlation": product / square.where(square > 0)},
        attrs={"coordination": most, "pairs": len(chosen)},
    )
    for name in found.data_vars:
        found[name].attrs["units"] = "1"
    return found


def _split(group: Integers, values: Floats, gap: float) -> Integers:
    """Split groups where their values, in order, are more than a gap apart; keeps the order of the groups."""
    order = np.lexsort((values, group))
    new = (np.diff(group[order]) > 0) | (np.diff(values[order]) > gap)
    split = np.empty_like(group)
    split[order] = np.concatenate([[0], np.cumsum(new)])
    return split


def _sums(states: npt.NDArray[np.int8], pairs: Integers, shell: Integers, weights: list[Floats]) -> list[Floats]:
    """Sums over each shell of products of spins, weighted, for each state."""
    order = np.argsort(shell, kind="stable")
    one, other = pairs[order].T
    begins = np.searchsorted(shell[order], np.arange(shell.max() + 1))
    arranged = [weight[order] for weight in weights]
    sums = [np.empty((len(states), len(begins))) for _ in weights]
    block = max(1, _NUMBERS // len(pairs))
    for start in range(0, len(states), block):
        part = slice(start, start + block)
        product = states[part][:, one] * states[part][:, other]
        for weight, total in zip(arranged, sums, strict=True):
            total[part] = np.add.reduceat(product * weight, begins, axis=1)
    return sums
