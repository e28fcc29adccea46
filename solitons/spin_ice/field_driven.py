"""Field-driven reversal without temperature: islands turn one at a time, the most unstable first.

The applied field goes from step to step. After each step the island that is furthest
outside its astroid turns around, which changes its neighbours' fields; then the one that
is furthest outside now; until none is. Each flip lowers the energy, since the field
along the axis pointed against the moment and the couplings are mutual, so that it ends.

Source: J. H. Jensen et al., Phys. Rev. B 106, 064408 (2022), arXiv:2002.11401, for the
order of the flips.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.spin_ice.macrospins import MacrospinLattice

__all__ = ["drive_field", "spins_at"]

Floats = npt.NDArray[np.float64]
Spins = npt.NDArray[np.int8]

# More flips than this many times the islands in one field step cannot come from mutual couplings.
_MOST_FLIPS = 100


def drive_field(
    model: MacrospinLattice,
    spins: npt.ArrayLike,
    field: npt.ArrayLike,
    *,
    held: Sequence[int] = (),
    local_field: xr.DataArray | None = None,
) -> xr.Dataset:
    """Take a lattice through a list of applied fields.

    Parameters
    ----------
    model : MacrospinLattice
        The lattice.
    spins : array (islands)
        Where it starts, +1 or -1.
    field : array (steps, 2)
        Applied field in A/m, the same everywhere.
    held : sequence of int
        Islands that never turn, by number.
    local_field : xarray.DataArray (step, island, component), optional
        A further field in A/m on the islands that its coordinate `island` names: a tip, or
        driven input ports.

    Returns
    -------
    xarray.Dataset
        `flip_island (flip)` in the order of the flips, `flip_step (flip)`;
        `applied_field (step, component)` in A/m; `moment (step, component)` in A m2, after
        the flips of each step; `initial_spin` and `spin (island)`. `spins_at` gives the
        states between.

    Raises
    ------
    ValueError
        If a shape is wrong, a spin is not +1 or -1, a field is not finite, an island
        does not exist, or flips go on without end because couplings are not mutual.

    Notes
    -----
    Fields are updated and never summed again: rounding adds up to some 1e-16 of the
    coupling a flip. Where two islands are exactly as unstable, as in a lattice without
    disorder, the lower number goes first.
    """
    # Imported here: numba takes half a second to import.
    from solitons.spin_ice.compiled import reversal as kernels

    start, applied = check_spins("drive_field", model, spins), check_field("drive_field", field)
    islands, extra = check_local_field("drive_field", model, local_field, len(applied))
    state = _initial_state(model, start)
    frozen = check_islands("drive_field", "held", model, held)
    state[frozen] = (-1.0, 0.0, 0.0, 0.0)
    powers = 2 / float(model.astroid.gamma), 2 / float(model.astroid.beta)
    # Where the field does not point against the moment, no field across turns the island.
    bounds = kernels.power_bounds(powers[0], negative=-np.inf), kernels.power_bounds(powers[1], negative=0.0)
    coupled = model.couplings
    # numba looks at every signed index whether it counts from the end.
    neighbour = coupled.neighbour.view(np.uint32)
    heap, place = np.empty(model.islands, dtype=np.int64), np.full(model.islands, -1, dtype=np.int64)
    key, buffer = np.zeros(model.islands), np.empty(max(model.islands, 1), dtype=np.int32)

    current = start.copy()
    flips: list[npt.NDArray[np.int32]] = []
    counts = np.zeros(len(applied), dtype=np.int64)
    before, extra_before = np.zeros(2), np.zeros(extra.shape[1:])
    for step, value in enumerate(applied):
        kernels.advance(state, model.axis, *(value - before))
        before = value
        if islands.size:
            _advance_locally(model, state, islands, extra[step] - extra_before)
            extra_before = extra[step]
        done = False
        while not done:
            count, done = kernels.settle(
                current, state, powers, bounds, coupled.first, neighbour, coupled.along, coupled.across,
                heap, place, key, buffer,
            )  # fmt: skip
            flips.append(buffer[:count].copy())
            counts[step] += count
            if counts[step] > _MOST_FLIPS * model.islands:
                raise ValueError(
                    f"drive_field: more than {_MOST_FLIPS} flips an island at step {step}, field {value} A/m; such "
                    "couplings are not mutual: the fields of a pair times the other's moment must agree"
                )
    order = np.concatenate([np.empty(0, dtype=np.int32), *flips])
    return _dataset(model, start, current, applied, order, np.repeat(np.arange(len(applied)), counts))


def spins_at(run: xr.Dataset, steps: Sequence[int]) -> xr.DataArray:
    """States after the flips of given steps.

    Parameters
    ----------
    run : xarray.Dataset
        What `drive_field` returned.
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


def check_spins(owner: str, model: MacrospinLattice, spins: npt.ArrayLike) -> Spins:
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


def _initial_state(model: MacrospinLattice, spins: Spins) -> Floats:
    along, across = model.couplings.fields(spins)
    state = np.empty((model.islands, 4))
    state[:, 2] = -spins / (model.astroid.b * model.anisotropy_field)
    state[:, 3] = 1 / (model.astroid.c * model.anisotropy_field)
    state[:, 0], state[:, 1] = along * state[:, 2], across * state[:, 3]
    return state


def _advance_locally(model: MacrospinLattice, state: Floats, islands: npt.NDArray[np.int64], change: Floats) -> None:
    axis = model.axis[islands]
    state[islands, 0] += np.sum(change * axis, axis=1) * state[islands, 2]
    state[islands, 1] += (change[:, 1] * axis[:, 0] - change[:, 0] * axis[:, 1]) * state[islands, 3]


def _dataset(
    model: MacrospinLattice,
    start: Spins,
    final: Spins,
    applied: Floats,
    order: npt.NDArray[np.int32],
    step: npt.NDArray[np.int64],
) -> xr.Dataset:
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
