"""Why a run has no domain wall: an empty result alone does not show it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xarray as xr

__all__ = ["NoWalls", "walls_at_start", "why_none"]


class NoWalls(UserWarning):
    """A run has no wall in any frame, though its device starts with one."""


def walls_at_start(run: xr.Dataset) -> int:
    """How many walls the device of a run starts with, as far as its spec has it; 0 where there is none."""
    return len(_of_spec(run, "device", "walls"))


def why_none(run: xr.Dataset, first: xr.DataArray, axis: int, threshold: float) -> str:
    """Explain why no wall was found in a run, from its first frames.

    `axis` is the component that was looked at, 2 for z and 0 for x, and `threshold` what it has to reach in a domain.
    """
    m = np.asarray(first.isel(t=0).values, dtype=np.float64)
    size = np.nanmean(np.abs(m), axis=(0, 1, 2))
    magnet = np.isfinite(m[..., axis])
    cells = magnet.sum(axis=(1, 2))
    profile = np.where(magnet, m[..., axis], 0.0).sum(axis=(1, 2))[cells > 0] / cells[cells > 0]
    name, other = ("z", "x") if axis == 2 else ("x", "z")
    reaches, positive = np.abs(profile) >= threshold, profile > 0
    if reaches.mean() < 0.5:
        hint = (
            f"m_{other} is larger, give component={other!r}" if size[2 - axis] > size[axis] else "lower the threshold"
        )
        return (
            f"m_{name}, averaged over the width, reaches the threshold of {threshold:g} in {reaches.mean():.0%} of the "
            f"first frame's columns; {hint}"
        )
    if positive[reaches].any() and not positive[reaches].all():
        return (
            f"its first frame has domains of both signs of m_{name}, and they do not follow each other in one magnet; "
            "look at the parts of the magnet one by one"
        )
    one = f"its first frame is one domain, m_{name} {'>' if positive[reaches].all() else '<'} 0 from end to end"
    count, steps = walls_at_start(run), _of_spec(run, "protocol", "steps")
    if not count:
        return f"{one}, and its device starts without a wall: give it one"
    relaxed = bool(steps) and isinstance(steps[0], dict) and steps[0].get("do") == "relax"
    what = (
        "the wall that its device starts with is"
        if count == 1
        else f"the {count} walls that its device starts with are"
    )
    if not relaxed:
        return f"{one}: {what} outside the magnet, or on a mesh too coarse for it"
    return (
        f"{one}: {what} not there after the relaxation, which drove out what nothing holds. Pin the ends "
        "(device.pinned_ends), put the wall further from an end or into a notch, take the field away that drives it "
        "(protocol.static_field, a taper), or leave the step 'relax' out"
    )


def _of_spec(run: xr.Dataset, part: str, key: str) -> list[Any]:
    """A list in the spec of a run; empty where the run has none."""
    try:
        found = json.loads(run.attrs["spec"])[part][key]
    except (KeyError, TypeError, ValueError):
        return []
    return found if isinstance(found, list) else []
