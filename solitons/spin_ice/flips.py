"""Input and output of both dynamics: states and fields that are checked, flips as a Dataset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.spin_ice.macrospins import MacrospinLattice
from solitons.spin_ice.rotating_lattice import RotatingLattice

__all__ = [
    "check_field",
    "check_islands",
    "check_local_field",
    "check_spins",
    "flip_record",
    "flips_dataset",
    "spins_at",
]

Floats = npt.NDArray[np.float64]
Spins = npt.NDArray[np.int8]


def spins_at(run: xr.Dataset, steps: Sequence[int]) -> xr.DataArray:
    """States after the flips of given steps.

    Parameters
    ----------
    run : xarray.Dataset
        Result of `drive_field` or `rotate_in_field`.
    steps : sequence of int
        Rising numbers of steps.

    Returns
    -------
    xarray.DataArray
        `spin (step, island)`, int8.

    Raises
    ------
    ValueError
        If a step does not exist or they do not rise.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings, drive_field, lattice_model
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> model = lattice_model(islands, dipole_couplings(islands, cut_off=1e-6), anisotropy_field=8e4)
    >>> field = np.linspace(0, -2e5, 21)[:, None] * [np.cos(0.7), np.sin(0.7)]  # A/m
    >>> run = drive_field(model, np.ones(model.islands), field)
    >>> spins_at(run, [0, 20]).mean("island").values.tolist()  # all along the field's way, in the end
    [1.0, -1.0]
    """
    wanted, available = np.asarray(steps), run.sizes["step"]
    if wanted.size and (wanted.min() < 0 or wanted.max() >= available or np.any(np.diff(wanted) <= 0)):
        raise ValueError(f"spins_at: steps {list(steps)} must rise and lie between 0 and {available - 1}")
    ends = np.searchsorted(run["flip_step"].values, wanted, side="right")
    state, island = run["initial_spin"].values.copy(), run["flip_island"].values
    states = np.empty((len(wanted), state.size), dtype=np.int8)
    done = 0
    for row, end in enumerate(ends):
        flipped, times = np.unique(island[done:end], return_counts=True)
        state[flipped[times % 2 == 1]] *= -1
        states[row], done = state, end
    return xr.DataArray(states, dims=("step", "island"), coords={"step": wanted, "island": run["island"]}, name="spin")


def flip_record(run: xr.Dataset) -> xr.Dataset:
    """Flips as `analysis.avalanches` takes them; they came one after another, as they are listed.

    Parameters
    ----------
    run : xarray.Dataset
        Result of `drive_field` or `rotate_in_field`.

    Returns
    -------
    xarray.Dataset
        `island`, `frame` (the step) and `direction` (int8, the spin after the flip) over
        `flip`; the coordinate `t` (s) where the run has times, else `step`.

    Examples
    --------
    >>> from geometries import Material, SpinIce
    >>> from solitons.spin_ice import dipole_couplings, drive_field, lattice_model
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> islands = SpinIce.example().islands(permalloy)
    >>> model = lattice_model(islands, dipole_couplings(islands, cut_off=1e-6), anisotropy_field=8e4)
    >>> field = np.linspace(0, -2e5, 21)[:, None] * [np.cos(0.7), np.sin(0.7)]  # A/m
    >>> found = flip_record(drive_field(model, np.ones(model.islands), field))
    >>> found.sizes["flip"] == model.islands, sorted(set(found.direction.values.tolist()))
    (True, [-1])
    """
    island, step = run["flip_island"].values, run["flip_step"].values
    direction = run["initial_spin"].values[island] * (2 * (_times_turned_before(island) % 2) - 1)
    timed = "flip_time" in run
    along = ("flip", run["flip_time"].values, {"units": "s"}) if timed else ("flip", step)
    return xr.Dataset(
        {"island": ("flip", island), "frame": ("flip", step), "direction": ("flip", direction.astype(np.int8))},
        coords={"t" if timed else "step": along},
    )


def check_spins(owner: str, model: MacrospinLattice | RotatingLattice, spins: npt.ArrayLike) -> Spins:
    """The spins as int8, if they are +1 and -1 and as many as the islands."""
    values = np.asarray(spins)
    if values.shape != (model.islands,) or not np.all(np.abs(values) == 1):
        raise ValueError(
            f"{owner}: spins have the shape {values.shape} and the values {np.unique(values)[:5]}; give +1 or -1 for "
            f"each of the {model.islands} islands"
        )
    return values.astype(np.int8)


def check_field(owner: str, field: npt.ArrayLike) -> Floats:
    """The applied field as floats, if it is finite and (steps, 2)."""
    values = np.asarray(field, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != 2 or not np.isfinite(values).all():
        raise ValueError(
            f"{owner}: field has the shape {values.shape}; give finite numbers in A/m over (steps, 2), x and y"
        )
    return values


def check_islands(owner: str, name: str, model: MacrospinLattice, islands: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Island numbers, if each exists."""
    values = np.asarray(islands, dtype=np.int64)
    wrong = values[(values < 0) | (values >= model.islands)]
    if wrong.size:
        raise ValueError(f"{owner}: {name} names island {wrong[0]}; islands are 0 to {model.islands - 1}")
    return values


def check_local_field(
    owner: str, model: MacrospinLattice, local_field: xr.DataArray | None, steps: int
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Island numbers and (steps, islands there, 2) fields in A/m."""
    if local_field is None:
        return np.empty(0, dtype=np.int64), np.zeros((steps, 0, 2))
    if set(local_field.dims) != {"step", "island", "component"} or "island" not in local_field.coords:
        raise ValueError(
            f"{owner}: local_field has the dimensions {local_field.dims}; it must have step, island and component, and "
            "a coordinate island that names islands"
        )
    values = np.asarray(local_field.transpose("step", "island", "component").values, dtype=np.float64)
    islands = check_islands(owner, "local_field", model, local_field["island"].values)
    if values.shape != (steps, len(set(islands.tolist())), 2) or not np.isfinite(values).all():
        raise ValueError(
            f"{owner}: local_field has the shape {values.shape}; give finite numbers for {steps} steps, islands once "
            "each, x and y"
        )
    return islands, values


def flips_dataset(
    model: MacrospinLattice | RotatingLattice,
    start: Spins,
    final: Spins,
    applied: Floats,
    order: npt.NDArray[np.int32],
    step: npt.NDArray[np.int64],
) -> xr.Dataset:
    """Flips in their order, and the moment after each step, from which islands turned when."""
    # An island's n-th flip undoes its (n-1)-th: what a flip adds follows from how often the island turned before.
    turned = _times_turned_before(order)
    change = (2.0 * (2 * (turned % 2) - 1) * start[order] * model.moment[order])[:, None] * model.axis[order]
    ends = np.searchsorted(step, np.arange(len(applied)), side="right")
    total = np.concatenate((np.zeros((1, 2)), np.cumsum(change, axis=0)))[ends]
    return xr.Dataset(
        {
            "flip_island": ("flip", order),
            "flip_step": ("flip", step),
            "applied_field": (("step", "component"), applied, {"units": "A/m"}),
            "moment": (("step", "component"), model.total_moment(start) + total, {"units": "A m^2"}),
            "initial_spin": ("island", start),
            "spin": ("island", final),
        },
        coords={
            "step": np.arange(len(applied)),
            "island": np.arange(model.islands),
            "component": ["x", "y"],
        },
    )


def _times_turned_before(order: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    arranged = np.argsort(order, kind="stable")
    sorted_islands = order[arranged]
    begins = np.searchsorted(sorted_islands, sorted_islands, side="left")
    times = np.empty(len(order), dtype=np.int64)
    times[arranged] = np.arange(len(order)) - begins
    return times
