"""Walls of a run that has grown: what was extracted before, joined with what came since."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.schema import check_run, check_walls

__all__ = ["check_continues", "from_last_frame", "join"]


def from_last_frame(run: xr.Dataset, earlier: xr.Dataset) -> xr.Dataset:
    """The part of a run that must be read: from the last frame on of an earlier result of `analysis.walls`.

    A ValueError if its times are not the first ones of the run.
    """
    check_walls(earlier, owner="earlier")
    if not isinstance(run, xr.Dataset) or "t" not in run:
        check_run(run, in_time=True)
    frames, now = earlier.sizes["t"], run.sizes["t"]
    # OOMMF's table and its files differ in the last digits of a time.
    if not 0 < frames <= now or not np.allclose(earlier["t"], run["t"][:frames], rtol=1e-9, atol=0.0):
        raise ValueError(
            f"earlier.t, of {frames} frames, is not the beginning of run.t, of {now} frames; give what 'walls' "
            "returned for this run, or leave 'earlier' out"
        )
    return run.isel(t=slice(frames - 1, None))


def check_continues(earlier: xr.Dataset, attributes: Mapping[str, object]) -> None:
    """Check that an earlier result has the same run id and was made with the same parameters."""
    for name, value in attributes.items():
        if earlier.attrs.get(name) != value:
            raise ValueError(
                f"earlier has {name} {earlier.attrs.get(name)!r}, not {value!r}; continue with the same, or leave "
                "'earlier' out"
            )


def join(earlier: xr.Dataset, later: xr.Dataset, cell: float) -> xr.Dataset:
    """Join the walls (`analysis.walls`) of two parts of a run: the last frame of `earlier` is the first of `later`.

    Walls of `earlier` keep their numbers, and walls born later follow; `velocity` in the common frame is taken from
    `later`. A ValueError if the walls in the common frame are not the same ones: their positions must agree to a
    millionth of `cell`, the cell's size along x in m.
    """
    numbers = _numbers(earlier, later, cell)
    count = max(int(numbers.max(initial=-1)) + 1, earlier.sizes["wall"])
    both = earlier.sizes["t"] - 1
    joined = xr.Dataset(
        coords={"t": xr.concat([earlier["t"][:both], later["t"]], "t"), "wall": np.arange(count)}, attrs=later.attrs
    )
    for name, variable in later.data_vars.items():
        known = earlier[name].values
        values: npt.NDArray[np.generic]
        if variable.dims == ("t", "wall"):
            text = variable.dtype.kind == "U"
            values = np.full((joined.sizes["t"], count), "" if text else np.nan, dtype=variable.dtype)
            values[:both, : earlier.sizes["wall"]] = known[:both]
            values[both:, numbers] = variable.values
        else:
            values = np.empty(count, dtype=variable.dtype)
            values[numbers] = variable.values
            # What ended in the common frame is known only now; all else of a wall was known before.
            stays = np.ones(earlier.sizes["wall"], dtype=bool)
            if str(name).startswith("exit"):
                stays[numbers[numbers < stays.size]] = False
            values[: stays.size][stays] = known[stays]
        joined[name] = (variable.dims, values, variable.attrs)
    return joined


def _numbers(earlier: xr.Dataset, later: xr.Dataset, cell: float) -> npt.NDArray[np.int64]:
    """The number that every wall of `later` has in the whole run."""
    known, found = earlier.isel(t=-1).dropna("wall", subset=["position"]), later.isel(t=0)
    found = found.dropna("wall", subset=["position"])
    # Positions alone may fall together, where walls leave.
    known, found = (walls.isel(wall=np.lexsort((walls["polarity"], walls["position"]))) for walls in (known, found))
    same = known.sizes["wall"] == found.sizes["wall"] and np.array_equal(known["polarity"], found["polarity"])
    if not same or not np.allclose(known["position"], found["position"], rtol=0.0, atol=1e-6 * cell):
        raise ValueError(
            f"earlier has walls at {known['position'].values.tolist()} m in its last frame, where the run has them "
            f"at {found['position'].values.tolist()} m; it is of another run: leave 'earlier' out"
        )
    numbers = np.empty(later.sizes["wall"], dtype=np.int64)
    again = np.isin(later["wall"], found["wall"])
    numbers[found["wall"].values] = known["wall"].values
    numbers[~again] = earlier.sizes["wall"] + np.arange(int((~again).sum()))
    return numbers
