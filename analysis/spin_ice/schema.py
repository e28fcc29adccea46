"""Schema of a spin ice's lattice and of results on its state."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from analysis.schema import Variable, check_variables, frame_dimension

__all__ = ["check_flips", "check_islands", "check_macrospins", "check_monopoles", "check_spins", "check_vertices"]

_ISLANDS = {
    "position": Variable(("island", "component"), "f", "m"),
    "axis": Variable(("island", "component"), "f"),
    "length": Variable(("island",), "f", "m"),
    "width": Variable(("island",), "f", "m"),
    "island_vertex": Variable(("island", "end"), "i"),
    "vertex_position": Variable(("vertex", "component"), "f", "m"),
    "coordination": Variable(("vertex",), "i"),
}
_FLIPS = {
    "island": Variable(("flip",), "i"),
    "frame": Variable(("flip",), "i"),
    "direction": Variable(("flip",), "i"),
}
_MONOPOLES = {
    "monopole": Variable(("visit",), "i"),
    "vertex": Variable(("visit",), "i"),
    "first_frame": Variable(("visit",), "i"),
    "last_frame": Variable(("visit",), "i"),
    "charge": Variable(("monopole",), "i"),
    "flips": Variable(("monopole",), "i"),
    "birth_at": Variable(("monopole",), "UOT"),
    "exit_at": Variable(("monopole",), "UOT"),
}


def check_islands(islands: xr.Dataset, *, owner: str = "islands") -> None:
    """Check that a Dataset is the lattice of a spin ice (see `geometries.spin_ice.dataset`).

    A TypeError or ValueError if it is no Dataset, lacks something, something has other dimensions, another dtype or
    another unit, a label is another, or an end is at no vertex that is there.
    """
    check_variables(owner, islands, _ISLANDS)
    for name, labels in (("end", ["tail", "head"]), ("component", ["x", "y"])):
        found = islands[name].values.tolist() if name in islands.coords else None
        if found != labels:
            raise ValueError(f"{owner}.{name} is {found}; it must be {labels}, as SpinIce.islands gives it")
    ends, count = islands["island_vertex"].values, islands.sizes["vertex"]
    if ends.size and not (ends.min() >= -1 and ends.max() < count):
        raise ValueError(
            f"{owner}.island_vertex lies between {ends.min()} and {ends.max()}; an end is at vertex 0 to {count - 1}, "
            "or at -1 if it is loose"
        )


def check_spins(spin: xr.DataArray, islands: xr.Dataset | None = None, *, owner: str = "spin") -> None:
    """Check that an array (..., island) of +1 and -1 is a state of a spin ice, or several, and fits the lattice.

    Values of a lazy array are not checked.
    """
    if not isinstance(spin, xr.DataArray):
        raise TypeError(f"{owner} is a {type(spin).__name__}; give an xarray.DataArray over island")
    if "island" not in spin.dims:
        raise ValueError(f"{owner} has the dimensions {spin.dims}; it must have 'island'")
    if spin.chunks is None:
        values = spin.values
        if values.dtype.kind not in "if" or not (np.abs(values) == 1).all():
            raise ValueError(f"{owner} has the values {np.unique(values)[:5]}; a spin is +1 or -1")
    if islands is not None and (
        spin.sizes["island"] != islands.sizes["island"] or not np.array_equal(spin["island"], islands["island"])
    ):
        raise ValueError(
            f"{owner} has {spin.sizes['island']} islands, the lattice {islands.sizes['island']}, or other "
            "labels; give the lattice of the device whose spins they are"
        )


def check_macrospins(macrospins: xr.Dataset, *, owner: str = "macrospins") -> None:
    """Check, as `check_islands` does, that a Dataset is one that `analysis.macrospins` gives.

    It has `macrospin` (1) over (t | step, island, vdims), `spin` (+1 or -1), `coherence` (1) and `has_wall` over (t |
    step, island).
    """
    over = (frame_dimension(macrospins, owner=owner), "island")
    rules = {
        "macrospin": Variable((*over, "vdims"), "f", "1"),
        "spin": Variable(over, "i"),
        "coherence": Variable(over, "f", "1"),
        "has_wall": Variable(over, "b"),
    }
    check_variables(owner, macrospins, rules)
    check_spins(macrospins["spin"], owner=f"{owner}.spin")


def check_flips(flips: xr.Dataset, *, owner: str = "flips") -> None:
    """Check, as `check_islands` does, that a Dataset is one that `analysis.flips` gives.

    It has `island`, `frame` and `direction` over flip, and frames never fall.
    """
    check_variables(owner, flips, _FLIPS)
    if (np.diff(flips["frame"].values) < 0).any():
        raise ValueError(f"{owner}.frame falls; sort the flips by frame")


def check_vertices(vertices: xr.Dataset, *, owner: str = "vertices") -> None:
    """Check, as `check_islands` does, that a Dataset is one that `analysis.vertices` gives.

    It has `charge`, `monopole_charge` and `type` over (..., vertex); `coordination` over vertex.
    """
    rules: dict[str, Variable] = {"coordination": Variable(("vertex",), "i")}
    if isinstance(vertices, xr.Dataset) and "charge" in vertices:
        over: tuple[Any, ...] = vertices["charge"].dims
        rules |= {name: Variable(over, "i") for name in ("monopole_charge", "type")}
    else:
        rules["charge"] = Variable(("vertex",), "i")
    check_variables(owner, vertices, rules)


def check_monopoles(monopoles: xr.Dataset, *, owner: str = "monopoles") -> None:
    """Check, as `check_islands` does, that a Dataset is one that `analysis.monopoles` gives.

    It has `monopole`, `vertex`, `first_frame` and `last_frame` over visit; `charge`, `flips`, `birth_at` and `exit_at`
    over monopole.
    """
    check_variables(owner, monopoles, _MONOPOLES)
