"""Runs of a sweep in one Dataset: what reads one run reads each of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np
import xarray as xr

__all__ = ["run_by_run"]

F = TypeVar("F", bound=Callable[..., xr.Dataset])
Observe = Callable[[xr.Dataset], xr.Dataset]

_OF_A_RUN = {"t", "step", "x", "y", "z", "vdims", "member"}


def run_by_run(function: F) -> F:
    """Let a function of a run take the runs of a sweep too, as `solitons.open_campaign` opens them.

    A dimension of `m` that no run has is one of the sweep. Each run goes through the function by itself, without the
    times that only others have. The results have the swept dimensions, and are NaN where a run is not `stored` or has
    less than others, such as fewer walls.
    """

    @wraps(function)
    def over_runs(run: xr.Dataset, *args: Any, **kwargs: Any) -> xr.Dataset:
        if not _swept(run):
            return function(run, *args, **kwargs)
        found = _observed(run, lambda each: function(each, *args, **kwargs))
        if found is None:
            raise ValueError(f"no run of the sweep over {', '.join(_swept(run))} is stored; run the campaign first")
        return found

    return cast(F, over_runs)


def _swept(run: xr.Dataset) -> list[str]:
    """The dimensions of a sweep; none of a run, or of what is none, which the function itself refuses."""
    is_run = isinstance(run, xr.Dataset) and "m" in run
    return [str(name) for name in run["m"].dims if name not in _OF_A_RUN] if is_run else []


def _observed(run: xr.Dataset, function: Observe) -> xr.Dataset | None:
    """Result of the function over the swept dimensions; None where no run is stored."""
    swept = _swept(run)
    if not swept:
        stored = "stored" not in run or bool(run["stored"])
        alone = run.drop_vars(["stored", "run_id"], errors="ignore")
        return _numbered(function(_own_frames(alone))) if stored else None
    dimension = swept[0]
    one_by_one = (
        run.isel({dimension: index}).drop_vars(dimension, errors="ignore") for index in range(run.sizes[dimension])
    )
    found = [_observed(each, function) for each in one_by_one]
    known = next((each for each in found if each is not None), None)
    if known is None:
        return None
    nothing = known.map(_nothing_like)
    parts = [nothing if each is None else each for each in found]
    whole = xr.concat(parts, run[dimension], join="outer", data_vars="all", coords="minimal", compat="override")
    # Where a run has less than others a text is empty, as it is within one run, and no NaN.
    texts = {name: each.where(each.notnull(), "").astype(str) for name, each in whole.items() if each.dtype.kind == "O"}
    return whole.assign(texts)


def _nothing_like(found: xr.DataArray) -> xr.DataArray:
    if found.dtype.kind == "U":
        return xr.full_like(found, "")
    return xr.full_like(found, np.nan, dtype=found.dtype if found.dtype.kind == "f" else float)


def _own_frames(run: xr.Dataset) -> xr.Dataset:
    """A run without the frames that were only added to be as long as others: all of its table is NaN there."""
    frames = "t" if "t" in run.dims else "step"
    columns = [each for each in run.data_vars.values() if each.dims == (frames,) and each.dtype.kind == "f"]
    if not columns:
        return run
    there = np.any([each.notnull().values for each in columns], axis=0)
    return run.isel({frames: there})


def _numbered(found: xr.Dataset) -> xr.Dataset:
    """Results whose walls, skyrmions or islands have numbers, which align several runs."""
    unnumbered = [name for name in found.dims if name not in found.coords]
    return found.assign_coords({name: np.arange(found.sizes[name]) for name in unnumbered})
