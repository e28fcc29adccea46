"""The magnetic structure factor of a spin ice: what neutrons or X-rays would see of its moments."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.spin_ice.schema import check_islands, check_spins

__all__ = ["structure_factor"]

Floats = npt.NDArray[np.float64]

_ISLANDS = 4096  # islands whose waves are held at once
_NUMBERS = 4_000_000  # amplitudes that are held at once


def structure_factor(
    spin: xr.DataArray, islands: xr.Dataset, qx: npt.ArrayLike, qy: npt.ArrayLike | None = None
) -> xr.DataArray:
    r"""Sum the waves of all moments, those parts of them that are perpendicular to q.

    .. math:: S(\mathbf{q}) = \frac1N\sum_{ij} s_i s_j\,
        \mathbf{e}^\perp_i\cdot\mathbf{e}^\perp_j\, e^{i\mathbf{q}\cdot(\mathbf{r}_i-\mathbf{r}_j)},
        \qquad \mathbf{e}^\perp = \mathbf{e} - (\mathbf{e}\cdot\hat{\mathbf{q}})\hat{\mathbf{q}}

    with the axes e and the centres r of the N islands (Perrin, Canals and Rougemaille,
    Nature 540, 410 (2016); Östman et al., Nat. Phys. 14, 375 (2018)). Moments count as
    unit vectors. At q = 0 there is no direction to be perpendicular to, and all of e
    counts. Spins at random have the mean of :math:`|\mathbf{e}^\perp|^2`, 1/2 where as
    many islands lie along x as along y. The sums are exact wherever the islands are;
    N nx ny terms take some 10 ns each.

    Parameters
    ----------
    spin : (..., island) xarray.DataArray of int
        +1 from tail to head, -1 back.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.
    qx, qy : (n,) array_like of float
        Components of q, in rad/m; all pairs are taken; qy is qx if left out. For
        reciprocal lattice units multiply by 2 pi / lattice constant.

    Returns
    -------
    xarray.DataArray
        `structure_factor` (1), over the other dimensions of the spins and `qx`, `qy`.

    Raises
    ------
    TypeError, ValueError
        If `islands` is no lattice, `spin` has not +1 or -1 for each of its islands, or a q
        is not finite or not in one row.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 5, "rows": 5, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("5 nm", "5 nm", "10 nm"),
    ... )
    >>> islands = ice.islands(Material(name="permalloy", Ms="800 kA/m", A="13 pJ/m", alpha=0.01))
    >>> saturated = xr.DataArray(np.ones(60, dtype=np.int8), dims="island")
    >>> unit = 2 * np.pi / 180e-9
    >>> structure_factor(saturated, islands, [0.0, unit]).round(6).values.tolist()  # 60 islands: peaks of 60/4 and 60/2
    [[30.0, 15.0], [15.0, 0.0]]
    """
    check_islands(islands)
    check_spins(spin, islands)
    axes = {"qx": _components("qx", qx), "qy": _components("qy", qx if qy is None else qy)}
    others = [dim for dim in spin.dims if dim != "island"]
    spins = spin.transpose(*others, "island")
    states = spins.values.reshape(-1, spin.sizes["island"])
    found = np.empty((len(states), axes["qx"].size, axes["qy"].size))
    block = max(1, _NUMBERS // max(1, found[0].size if len(found) else 1))
    position, axis = (islands[name].transpose("island", "component").values for name in ("position", "axis"))
    # Where the origin lies only turns the phase.
    position = position - position.mean(axis=0)
    for start in range(0, len(states), block):
        part = slice(start, start + block)
        found[part] = _perpendicular_power(states[part], position, axis, axes["qx"], axes["qy"])
    return xr.DataArray(
        (found / spin.sizes["island"]).reshape(*(spin.sizes[dim] for dim in others), *found.shape[1:]),
        dims=(*others, "qx", "qy"),
        coords={
            **{name: each for name, each in spin.coords.items() if "island" not in each.dims},
            **{name: (name, each, {"units": "rad/m"}) for name, each in axes.items()},
        },
        name="structure_factor",
        attrs={"units": "1"},
    )


def _components(name: str, values: npt.ArrayLike) -> Floats:
    components = np.atleast_1d(np.asarray(values, dtype=np.float64))
    if components.ndim != 1 or not np.isfinite(components).all():
        raise ValueError(f"structure_factor: {name} has the shape {components.shape}; give finite numbers in one row")
    return components


def _perpendicular_power(
    states: npt.NDArray[np.int8], position: Floats, axis: Floats, qx: Floats, qy: Floats
) -> Floats:
    """Square of the part perpendicular to q of the sum of s e exp(i q r), for each state."""
    amplitude = np.zeros((len(states), 2, qx.size, qy.size), dtype=np.complex128)
    for start in range(0, len(position), _ISLANDS):
        part = slice(start, start + _ISLANDS)
        # exp(i q r) is a product: over a grid of q the sums are products of matrices.
        along_x = np.exp(1j * np.outer(qx, position[part, 0]))
        along_y = np.exp(1j * np.outer(position[part, 1], qy))
        for number, state in enumerate(states):
            for component in range(2):
                moment = state[part] * axis[part, component]
                amplitude[number, component] += (along_x * moment) @ along_y
    size = np.hypot(qx[:, None], qy)
    with np.errstate(invalid="ignore"):
        x, y = (np.where(size > 0, each / size, 0.0) for each in (qx[:, None], qy))
    along = amplitude[:, 0] * x + amplitude[:, 1] * y
    total = np.sum(np.abs(amplitude) ** 2, axis=1)
    # Rounding can leave a little less than nothing.
    return np.asarray(np.maximum(total - np.abs(along) ** 2, 0.0))
