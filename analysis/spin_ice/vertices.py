"""Vertices of a spin ice: their charges, their types, and how many there are of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.spin_ice.island_ends import arms, incidence
from analysis.spin_ice.schema import check_islands, check_spins, check_vertices

__all__ = ["vertex_fractions", "vertices"]

Spins = npt.NDArray[np.int8]


def vertices(spin: xr.DataArray, islands: xr.Dataset) -> xr.Dataset:
    r"""Charge and type of every vertex, from the spins alone.

    In the dumbbell picture an island is a pair of charges at its ends [1]_; in units of
    one of them a vertex has the charge

    .. math:: q_v = \sum_{\text{heads at } v} s_i - \sum_{\text{tails at } v} s_i

    Summed over all vertices it is minus the charge of the loose ends. The ice rule is
    that abs(q) is as small as the number of ends z allows: 0 for even, 1 for odd z. What
    is beyond it is the charge of monopoles,

    .. math:: Q_v = q_v - \operatorname{sign}(q_v)\,(z_v \bmod 2)

    two for each. Vertices with four ends are of Wang's types [2]_: 1, two ends in and two
    out, opposite ends alike (the ground state of square ice, 2 of the 16 arrangements);
    2, two in and two out, neighbouring ends alike (4); 3, three in or out (8); 4, all in
    or all out (2). Ends are opposite by the directions of the islands' centres from the
    vertex.

    Parameters
    ----------
    spin : (..., island) xarray.DataArray of int
        +1 from tail to head, -1 back; lazy if it is.
    islands : xarray.Dataset
        The lattice, `SpinIce.islands(material)`.

    Returns
    -------
    xarray.Dataset
        Over the spins' other dimensions and vertex, all int8: `charge`, `monopole_charge`
        and `type`, 1 to 4, 0 where not four ends meet. Coordinates: `coordination`, and
        `vertex_position` (m) over (vertex, component).

    Raises
    ------
    TypeError, ValueError
        If `islands` is no lattice, or `spin` has not +1 or -1 for each of its islands.

    References
    ----------
    .. [1] C. Castelnovo, R. Moessner and S. L. Sondhi, Nature 451, 42 (2008).
    .. [2] R. F. Wang et al., Nature 439, 303 (2006).

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> ice = SpinIce(
    ...     lattice={"kind": "square", "columns": 2, "rows": 2, "lattice_constant": "180 nm"},
    ...     island={"length": "120 nm", "width": "40 nm"}, thickness="10 nm", cell=("10 nm", "10 nm", "10 nm"),
    ... )
    >>> islands = ice.islands(Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.1))
    >>> saturated = xr.DataArray(np.ones(12, dtype=np.int8), dims="island")
    >>> found = vertices(saturated, islands)
    >>> found.charge.values.tolist(), int(found.type[4])
    ([-2, -1, 0, -1, 0, 1, 0, 1, 2], 2)
    """
    check_islands(islands)
    check_spins(spin, islands)
    coordination = islands["coordination"].values
    matrix = incidence(islands)
    four = arms(islands, 4)

    def of_vertices(values: Spins) -> tuple[Spins, Spins, Spins]:
        flat = values.reshape(-1, values.shape[-1])
        charge = (matrix @ flat.T).T.astype(np.int8).reshape(*values.shape[:-1], coordination.size)
        beyond = (charge - np.sign(charge) * (coordination % 2)).astype(np.int8)
        return charge, beyond, _types(values, charge, *four)

    size = {"vertex": coordination.size}
    keywords: dict[str, Any] = {
        "input_core_dims": [["island"]],
        "output_core_dims": [["vertex"]] * 3,
        "dask": "parallelized",
        "dask_gufunc_kwargs": {"output_sizes": size, "allow_rechunk": True},
        "output_dtypes": [np.int8] * 3,
    }
    results = xr.apply_ufunc(of_vertices, spin.drop_vars(_over_islands(spin)).astype(np.int8), **keywords)
    found = xr.Dataset(
        dict(zip(("charge", "monopole_charge", "type"), results, strict=True)),
    ).assign_coords(
        vertex=islands["vertex"],
        coordination=("vertex", coordination),
        vertex_position=islands["vertex_position"],
    )
    for name in ("charge", "monopole_charge", "type"):
        found[name].attrs = {"units": "1"}
    check_vertices(found)
    return found


def vertex_fractions(vertices: xr.Dataset) -> xr.Dataset:
    """Count vertices by type and by charge.

    Parameters
    ----------
    vertices : xarray.Dataset
        Result of `analysis.vertices`.

    Returns
    -------
    xarray.Dataset
        Over the other dimensions: `type_fraction`, over type 1 to 4, of the vertices
        where four ends meet, NaN if there is none; `charge_fraction`, over coordination
        and charge, of the vertices with this coordination (kagome ice: charges of +-1 obey
        the ice rule, +-3 violate it). All are parts of 1.

    Raises
    ------
    TypeError, ValueError
        If `vertices` is not what it should be.

    Examples
    --------
    >>> two = xr.Dataset(
    ...     {name: ("vertex", np.array(values, dtype=np.int8))
    ...      for name, values in {"charge": [0, 2], "monopole_charge": [0, 2], "type": [1, 3]}.items()},
    ...     coords={"coordination": ("vertex", [4, 4])},
    ... )
    >>> found = vertex_fractions(two)
    >>> found.type_fraction.values.tolist(), found.charge_fraction.sel(coordination=4, charge=2).item()
    ([0.5, 0.0, 0.5, 0.0], 0.5)
    """
    check_vertices(vertices)
    coordination = vertices["coordination"]
    kinds = np.unique(coordination.values)
    most = int(kinds.max(initial=0))
    of_four = vertices["type"].isel(vertex=coordination.values == 4)
    number = of_four.sizes["vertex"] or np.nan
    fractions = xr.concat([(of_four == kind).sum("vertex") / number for kind in range(1, 5)], "type")
    by_kind = []
    for kind in kinds:
        charge = vertices["charge"].isel(vertex=coordination.values == kind)
        by_kind.append(xr.concat([(charge == value).mean("vertex") for value in range(-most, most + 1)], "charge"))
    found = xr.Dataset({"type_fraction": fractions.assign_coords(type=np.arange(1, 5))})
    if by_kind:
        found["charge_fraction"] = xr.concat(by_kind, "coordination").assign_coords(
            coordination=kinds, charge=np.arange(-most, most + 1)
        )
    for name in found.data_vars:
        last = [dim for dim in ("coordination", "charge", "type") if dim in found[name].dims]
        found[name] = found[name].transpose(..., *last).assign_attrs(units="1")
    return found


def _over_islands(spin: xr.DataArray) -> list[Any]:
    return [name for name, each in spin.coords.items() if "island" in each.dims]


def _types(
    spin: Spins,
    charge: Spins,
    vertex: npt.NDArray[np.int64],
    island: npt.NDArray[np.int64],
    sign: npt.NDArray[np.int64],
) -> Spins:
    """Types of all vertices, those with four ends being given by their arms."""
    inward = spin[..., island] * sign
    alike = inward[..., 0] == inward[..., 2]
    size = np.abs(charge[..., vertex])
    types = np.zeros(charge.shape, dtype=np.int8)
    types[..., vertex] = np.select([size == 4, size == 2, alike], [4, 3, 1], 2)
    return types
