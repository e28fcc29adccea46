"""Pinning of a wall, from runs at rest: in which a trap holds it place after place, and which take it over a hill."""

from __future__ import annotations

from functools import partial

import numpy as np
import xarray as xr

from analysis.chunks import first_chunk, over_chunks
from analysis.domain_walls.kernels import find, main_component
from analysis.energy_paths import energy_path
from analysis.swept_runs import run_by_run

__all__ = ["held_wall", "wall_energy_path"]


@run_by_run
def held_wall(run: xr.Dataset, *, threshold: float = 0.2) -> xr.Dataset:
    """Measure the push of a stripe on its wall at every place where the wall was held.

    At rest the trap pushes as hard as the landscape: F(q) = p (H + gradient (q - x0)), q being
    where the wall is, x0 the trap's place and H a static field along the domains. F is the push of
    `solitons.domain_walls.pinning`, -1 / (2 mu0 Ms S) dV/dq with the cross-section S at q: notches, a
    taper, roughness, grains, local changes of the material, the stripe's ends and the mesh
    itself, with the wall as wide and as tilted as it is there.

    Parameters
    ----------
    run : xarray.Dataset
        A run with the protocol `runs.HeldWall`.
    threshold : float
        As for `walls`.

    Returns
    -------
    xarray.Dataset
        Over step: `held_at` (m); `position` (m) of the wall; `push` (A/m), positive towards +x;
        `angle` (rad), `width` (m) and `tilt` (rad), as in `walls`. NaN where there is not exactly one wall.
        The attribute `polarity` is p.

    Raises
    ------
    ValueError
        If the run has no trap, or at no step exactly one wall.

    Examples
    --------
    >>> from analysis import artificial
    >>> held_at = np.array([200e-9, 250e-9, 300e-9])  # places of a trap whose field falls by 5 kA/m in a nanometre
    >>> run = artificial.domain_walls(held_at + 2e-9).rename({"t": "step"})  # where the wall was found
    >>> run["step"] = np.arange(3)
    >>> field = np.stack([0 * held_at, 0 * held_at, 5e12 * held_at], axis=1)
    >>> run["applied_field"] = (("step", "vdims"), field, {"units": "A/m"})
    >>> run["held_at"] = ("step", held_at, {"units": "m", "gradient": -5e12})
    >>> (held_wall(run).push / 1e3).values.round(1).tolist()  # kA/m: the stripe pulls it towards +x
    [10.0, 10.0, 10.0]
    """
    if "held_at" not in run or "gradient" not in run["held_at"].attrs:
        raise ValueError(
            f"held_wall: run {run.attrs.get('run_id', '')} has no wall that was held; give one with the protocol "
            "HeldWall"
        )
    measured, polarity, component = _single_walls(run, threshold)
    if not polarity:
        raise ValueError(
            f"held_wall: run {run.attrs.get('run_id', '')} has exactly one wall at none of its {run.sizes['step']} "
            "steps; use a weaker gradient, and places inside the stripe"
        )
    held_at, gradient = run["held_at"], float(run["held_at"].attrs["gradient"])
    static = run["applied_field"].sel(vdims=component).values + gradient * held_at.values
    push = polarity * (static + gradient * (measured["position"][1] - held_at.values))
    return xr.Dataset(
        measured
        | {
            "push": ("step", push, {"units": "A/m", "long_name": "push of the landscape"}),
            "held_at": held_at,
        },
        coords={"step": run["step"]},
        attrs={"polarity": polarity, "gradient": gradient}
        | {name: run.attrs[name] for name in ("run_id",) if name in run.attrs},
    )


@run_by_run
def wall_energy_path(run: xr.Dataset, *, threshold: float = 0.2) -> xr.Dataset:
    """Find the hills on the way of a wall from place to place, and where the wall is on it.

    Parameters
    ----------
    run : xarray.Dataset
        A run of a stripe with the protocol `runs.EnergyPath`.
    threshold : float
        As for `walls`.

    Returns
    -------
    xarray.Dataset
        That of `energy_path`, and over step `position` (m), `angle` (rad), `width` (m) and `tilt` (rad) as in `walls`;
        NaN where there is not exactly one wall. The tilt is that of the straight line through a wall that bends.

    Raises
    ------
    ValueError
        If the run is no way of least energy.

    Examples
    --------
    >>> from analysis import artificial
    >>> way = artificial.domain_walls(np.array([50e-9, 70e-9, 90e-9])).rename({"t": "step"})
    >>> way["step"] = np.arange(3)
    >>> way["energy"], way["stop"] = ("step", [0.0, 1e-19, 0.0], {"units": "J"}), ("step", [0, -1, 1])
    >>> found = wall_energy_path(way)
    >>> (found.position * 1e9).values.round().tolist(), float(found.forth[0])  # nm, J
    ([50.0, 70.0, 90.0], 1e-19)
    """
    return energy_path(run).assign(_single_walls(run, threshold)[0])


def _single_walls(
    run: xr.Dataset, threshold: float
) -> tuple[dict[str, tuple[str, np.ndarray, dict[str, str]]], int, str]:
    """What the wall is at every step that has exactly one, as variables; its polarity, 0 without; its domains' axis."""
    x, y = (run[axis].values.astype(np.float64) for axis in ("x", "y"))
    first = first_chunk(run)
    component = main_component(first.values)
    kernel = partial(find, x=x, y=y, axis="xyz".index(component), threshold=threshold)
    found, frames = over_chunks(run["m"], kernel, first)
    single = found[np.bincount(found["frame"], minlength=frames)[found["frame"]] == 1]
    measured = {}
    for name, unit in {"position": "m", "angle": "rad", "width": "m", "tilt": "rad"}.items():
        values = np.full(frames, np.nan)
        values[single["frame"]] = single[name]
        measured[name] = ("step", values, {"units": unit})
    return measured, int(single["polarity"][0]) if single.size else 0, component
