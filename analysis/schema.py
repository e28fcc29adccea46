"""Schema of a run and of every observable: the one definition, with `ice_schema` for spin ices.

A *run* goes into `analysis`, *observables* come out of it; both are
`xarray.Dataset` objects. The checks read the labels and, for a run, its first
frame: a lazy run stays lazy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

__all__ = [
    "Variable",
    "cell_size",
    "check_junction",
    "check_pulses",
    "check_run",
    "check_variables",
    "check_walls",
    "current_density_of",
    "frame_dimension",
]


@dataclass(frozen=True)
class Variable:
    """Requirements of a variable.

    `kinds` are the kinds of dtype that it may have, in NumPy's letters: "f", "i", "b" or "UOT" (text); `units` is its
    unit, if that is checked.
    """

    dims: tuple[str, ...]
    kinds: str = "f"
    units: str | None = None


_FRAMES = {"t": Variable(("t",), "f", "s"), "step": Variable(("step",), "i")}
_CELLS = {
    "x": Variable(("x",), "f", "m"),
    "y": Variable(("y",), "f", "m"),
    "z": Variable(("z",), "f", "m"),
    "vdims": Variable(("vdims",), "UOT"),
}


def _run_table(frames: str, run: xr.Dataset) -> dict[str, Variable]:
    """The columns of a run; a field step has no current, and each of several driven terminals has its own."""
    several = "current_density" in run and "terminal" in run["current_density"].dims
    terminals = ("terminal",) if several else ()
    columns = {
        "energy": Variable((frames,), "f", "J"),
        "mx": Variable((frames,)),
        "my": Variable((frames,)),
        "mz": Variable((frames,)),
        "current_density": Variable((frames, *terminals), "f", "A/m^2"),
        "applied_field": Variable((frames, "vdims"), "f", "A/m"),
    }
    return columns if frames == "t" else {name: each for name, each in columns.items() if name != "current_density"}


_IN_SOME = {"temperature": Variable(("t",), "f", "K"), "window_position": Variable(("t",), "f", "m")}
_RUN_ATTRIBUTES = ("run_id", "engine", "engine_version", "spec")
_WALLS = {
    "t": Variable(("t",), "f", "s"),
    "position": Variable(("t", "wall"), "f", "m"),
    "angle": Variable(("t", "wall"), "f", "rad"),
    "width": Variable(("t", "wall"), "f", "m"),
    "velocity": Variable(("t", "wall"), "f", "m/s"),
    "tilt": Variable(("t", "wall"), "f", "rad"),
    "polarity": Variable(("wall",), "i"),
    "birth": Variable(("wall",), "f", "s"),
    "exit": Variable(("wall",), "f", "s"),
    "birth_at": Variable(("wall",), "UOT"),
    "exit_at": Variable(("wall",), "UOT"),
}
_KINDS_OF_WALLS = {
    "kind": Variable(("t", "wall"), "UOT"),
    "core_x": Variable(("t", "wall"), "f", "m"),
    "core_y": Variable(("t", "wall"), "f", "m"),
    "core_mz": Variable(("t", "wall"), "f", "1"),
    "circulation": Variable(("t", "wall"), "f", "1"),
}
_JUNCTION = {
    "t": Variable(("t",), "f", "s"),
    "conductance": Variable(("t",), "f", "S"),
    "resistance": Variable(("t",), "f", "ohm"),
    "tmr": Variable(("t",), "f", "1"),
}
_PULSES = {
    "start": Variable(("pulse",), "f", "s"),
    "end": Variable(("pulse",), "f", "s"),
    "rest_end": Variable(("pulse",), "f", "s"),
    "amplitude": Variable(("pulse",), "f", "A/m^2"),
}
_PULSES_OF_WALLS = {
    "displacement": Variable(("pulse", "wall"), "f", "m"),
    "rest_displacement": Variable(("pulse", "wall"), "f", "m"),
}
_PULSES_OF_JUNCTION = {"conductance": Variable(("pulse",), "f", "S")}


def check_run(run: xr.Dataset, *, complete: bool = False, in_time: bool = False, owner: str = "run") -> None:
    """Check that a Dataset is a run that `analysis` can read; an ensemble is none, a member of it with states is one.

    A run holds the unit vector `m` over (t, x, y, z, vdims), NaN outside the magnet, with cell centres x, y, z in m,
    evenly spaced and rising, t in s and rising, and vdims = x, y, z. The columns over t (`energy`, `mx`, `my`, `mz`,
    `current_density`, `applied_field`, `temperature` of one above 0 K, and `window_position` in m of a moving window)
    are checked where they are present; `current_density` of several driven terminals lies over (t, terminal). A run of
    quasi-static field steps has whole numbers, `step`, in place of t, and no `current_density`.

    `complete` also demands every column and the attributes `run_id`, `engine`, `engine_version` and `spec`, as a run
    from the store has them, and `in_time` that frames lie along t. A TypeError if `run` is not a Dataset; a ValueError
    if it lacks something, or something has other dimensions, another dtype or another unit. The error calls the Dataset
    `owner`, names what is wrong, what it is, and the remedy.
    """
    frames = frame_dimension(run, owner=owner)
    if "member" in run.dims:
        choose = "choose one with .isel(member=0)"
        if "m" not in run:
            choose = "of its members only means were kept: run the ensemble with keep 'states'"
        raise ValueError(f"{owner} is an ensemble of {run.sizes['member']} members, and this needs one run; {choose}")
    if in_time and frames != "t":
        raise ValueError(f"{owner} has field steps, at rest each; this needs a run in time, along t")
    magnetisation = {"m": Variable((frames, "x", "y", "z", "vdims"))}
    check_variables(owner, run, {frames: _FRAMES[frames]} | _CELLS | magnetisation)
    table = _run_table(frames, run)
    check_variables(owner, run, {name: rule for name, rule in table.items() if complete or name in run})
    check_variables(owner, run, {name: rule for name, rule in _IN_SOME.items() if name in run})
    if complete:
        for name in _RUN_ATTRIBUTES:
            if name not in run.attrs:
                raise ValueError(
                    f"{owner}.attrs has {sorted(map(str, run.attrs))} but not {name!r}; a complete run has "
                    f"{', '.join(_RUN_ATTRIBUTES)}"
                )
    if list(run["vdims"].values) != ["x", "y", "z"]:
        raise ValueError(
            f"{owner}.vdims is {list(run['vdims'].values)}; it must be ['x', 'y', 'z']: select and sort the components"
        )
    for axis in (frames, "x", "y", "z"):
        _check_rising(owner, run, axis)
    first = np.asarray(run["m"][0].values)
    length = np.sqrt(np.sum(first.astype(np.float64) ** 2, axis=-1))
    if not np.isfinite(length).any():
        raise ValueError(f"{owner}.m is NaN in every cell of its first frame; a run needs a magnet")
    # Half precision rounds a unit vector by 1e-3.
    if np.nanmax(np.abs(length - 1.0)) > 1e-2:
        worst = float(length.flat[np.nanargmax(np.abs(length - 1.0))])
        raise ValueError(
            f"{owner}.m has a vector of length {worst:.6g} in its first frame; every vector must have "
            "length 1 inside the magnet and be NaN outside: divide by the saturation magnetisation"
        )


def current_density_of(run: xr.Dataset, *, purpose: str) -> npt.NDArray[np.float64]:
    """Give the current density of a run in time over its frames, in A/m2; `purpose` needs it, for the error.

    A ValueError if the run has none, or one of several terminals.
    """
    if "current_density" not in run:
        raise ValueError(f"run has no current_density; {purpose} needs it over t, in A/m2")
    density = run["current_density"]
    if "terminal" in density.dims:
        names = ", ".join(repr(str(name)) for name in density["terminal"].values)
        raise ValueError(
            f"run has the current_density of several terminals, {names}, and {purpose} needs one; choose it with "
            f"run.sel(terminal={str(density['terminal'].values[0])!r})"
        )
    return density.values.astype(np.float64)


def frame_dimension(run: xr.Dataset | xr.DataArray, *, owner: str = "run") -> str:
    """Give the dimension along which the frames of a run, or of what was seen in it, lie: "t" or "step".

    It is "step" where that is there and t is not. A ValueError if both are there.
    """
    if not isinstance(run, xr.Dataset | xr.DataArray):
        raise TypeError(f"{owner} is a {type(run).__name__}; give an xarray.Dataset")
    found = [name for name in _FRAMES if name in run.dims]
    if len(found) > 1:
        raise ValueError(f"{owner} has the dimensions t and step; frames lie along one of them: select along the other")
    return found[0] if found else "t"


def check_walls(walls: xr.Dataset, *, owner: str = "walls") -> None:
    """Check, as `check_run` does, that a Dataset is one that `analysis.walls` gives.

    It has `position` (m), `angle` (rad), `width` (m), `velocity` (m/s) and `tilt` (rad) over (t, wall); `polarity`,
    `birth` and `exit` (s), `birth_at` and `exit_at` over wall. Where they are there also `kind`, `core_x` and `core_y`
    (m), `core_mz` and `circulation` over (t, wall).
    """
    check_variables(owner, walls, _WALLS)
    check_variables(owner, walls, {name: rule for name, rule in _KINDS_OF_WALLS.items() if name in walls})
    wrong = set(np.unique(walls["polarity"].values).tolist()) - {-1, 1}
    if wrong:
        raise ValueError(f"{owner}.polarity has the values {sorted(wrong)}; a wall's polarity is +1 or -1")


def check_junction(junction: xr.Dataset, *, owner: str = "junction") -> None:
    """Check, as `check_run` does, that a Dataset is one that `analysis.tunnel_junction` gives.

    It has `conductance` (S, positive), `resistance` (ohm) and `tmr` (1) over t.
    """
    check_variables(owner, junction, _JUNCTION)
    lowest = float(junction["conductance"].min())
    if not lowest > 0.0:
        raise ValueError(f"{owner}.conductance falls to {lowest} S; a junction's conductance is positive")


def check_pulses(pulses: xr.Dataset, *, owner: str = "pulses") -> None:
    """Check, as `check_run` does, that a Dataset is one that `analysis.pulses` gives.

    It has `start`, `end` and `rest_end` (s) and `amplitude` (A/m2) over pulse; where walls or a junction went in, also
    `displacement` and `rest_displacement` (m) over (pulse, wall), `conductance` (S) over pulse.
    """
    optional = _PULSES_OF_WALLS | _PULSES_OF_JUNCTION
    check_variables(owner, pulses, _PULSES)
    check_variables(owner, pulses, {name: rule for name, rule in optional.items() if name in pulses})


def check_variables(owner: str, dataset: Any, rules: dict[str, Variable]) -> None:
    """Check that something is a Dataset with variables as `rules` have them, by name.

    Errors are as in `check_run`.
    """
    if not isinstance(dataset, xr.Dataset):
        raise TypeError(f"{owner} is a {type(dataset).__name__}; give an xarray.Dataset")
    for name, rule in rules.items():
        if name not in dataset.variables:
            raise ValueError(
                f"{owner} has {sorted(map(str, dataset.variables))} but not {name!r}; add it with the "
                f"dimensions {rule.dims}" + (f" in {rule.units}" if rule.units else "")
            )
        variable = dataset[name]
        if variable.dims != rule.dims:
            raise ValueError(
                f"{owner}.{name} has the dimensions {variable.dims}; they must be {rule.dims}: "
                "select, expand or transpose it"
            )
        if variable.dtype.kind not in rule.kinds:
            allowed = {"f": "float", "i": "int", "b": "bool", "UOT": "text"}[rule.kinds]
            raise ValueError(f"{owner}.{name} has the dtype {variable.dtype}; it must be {allowed}: convert it")
        units = variable.attrs.get("units")
        if rule.units is not None and units != rule.units:
            raise ValueError(
                f"{owner}.{name} has units {units!r}; they must be {rule.units!r}: convert the numbers "
                f"and set .attrs['units']"
            )


def cell_size(run: xr.Dataset, axis: str) -> float:
    """Size in m of a run's cells along x, y or z.

    For a single cell it is twice its centre, since a device's corner is at the origin; a run that was cut down to one
    cell does not have it.
    """
    centres = run[axis].values.astype(np.float64)
    return float(centres[1] - centres[0]) if centres.size > 1 else float(2 * centres[0])


def _check_rising(owner: str, run: xr.Dataset, axis: str) -> None:
    values = run[axis].values
    steps = np.diff(values)
    if not values.size:
        raise ValueError(f"{owner}.{axis} is empty; a run has at least one frame and one cell")
    if not np.isfinite(values).all() or (steps <= 0).any():
        raise ValueError(f"{owner}.{axis} does not rise everywhere; sort the run along {axis}")
    if axis not in _FRAMES and steps.size and np.ptp(steps) > 1e-3 * steps.mean():
        raise ValueError(
            f"{owner}.{axis} has steps from {steps.min()} to {steps.max()} m; cells must be of one size: "
            "resample the run on a regular mesh"
        )
