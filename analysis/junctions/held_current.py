"""Ensembles under a current that is switched on and held: who is in the other state when, and how they got there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.statistics.proportions import exact_interval

__all__ = ["reversal_coherence", "switching_in_time"]

FloatArray = npt.NDArray[np.float64]

_IN_STATE = 0.7
"""m along the axis over its length: from here on a member is in one of its states."""
_BETWEEN = 0.3
"""Up to here it is half-way from one to the other."""


def switching_in_time(
    ensemble: xr.Dataset,
    *,
    axis: Sequence[float],
    onset: float,
    widths: npt.ArrayLike,
    confidence: float = 0.95,
) -> xr.Dataset:
    """Count an ensemble's members in the other state at times after a constant current begins.

    A member is in the other state where its mean magnetisation along `axis` has the other sign than at the start. That
    is the state in which a pulse which ends there leaves it, but for members that are just crossing: without the
    current those at the border go either way alike. So one run under a constant current gives the switching probability
    of every shorter pulse.

    Counts at several times are of the same members, and are not independent. What is independent of the past, given
    where the members are, is who passes to the other state from one time to the next: `left` of the `began` that were
    still in the first state. A fit takes those.

    The ensemble has `mx`, `my` and `mz` over member and t. The current begins at `onset` (s), and `widths` are times
    after that in s, above 0 and rising; each must be one of the frames. The result lies over `width` (s): `members`;
    `switched`, those in the other state, and `probability` with a two-sided interval `low` and `high` by Clopper and
    Pearson; `interval` (s, from the width before, or from the onset), `began`, `left`, and `returned`, those that came
    back in it.
    """
    along = _along(ensemble, axis)
    times, signs = ensemble["t"].values.astype(np.float64), np.where(along >= 0, 1, -1)
    if np.abs(signs[:, 0].sum()) != len(signs):
        raise ValueError("ensemble: its members begin in both states; start them all in one")
    away = signs != signs[0, 0]
    wanted = np.concatenate([[0.0], np.atleast_1d(np.asarray(widths, dtype=np.float64))])
    if wanted.size < 2 or np.any(np.diff(wanted) <= 0):
        raise ValueError(f"widths = {np.asarray(widths).tolist()} s must be above 0 and rise")
    places = np.abs(times[:, None] - (onset + wanted)[None, :]).argmin(axis=0)
    step = float(np.diff(times).min())
    off = np.abs(times[places] - onset - wanted)
    if off.max() > 1e-3 * step:
        worst = int(off.argmax())
        raise ValueError(
            f"a width of {wanted[worst]:.6g} s after {onset:.6g} s is not among the frames, which are {step:.3g} s "
            "apart; give multiples of that, and none beyond the end"
        )
    there = away[:, places]
    members, switched = len(there), there[:, 1:].sum(axis=0)
    bounds = np.array([exact_interval(int(each), members, confidence) for each in switched])
    before, after = there[:, :-1], there[:, 1:]
    return xr.Dataset(
        {
            "switched": ("width", switched),
            "probability": ("width", switched / members, {"units": "1"}),
            "low": ("width", bounds[:, 0], {"units": "1"}),
            "high": ("width", bounds[:, 1], {"units": "1"}),
            "interval": ("width", np.diff(wanted), {"units": "s"}),
            "began": ("width", (~before).sum(axis=0)),
            "left": ("width", (~before & after).sum(axis=0)),
            "returned": ("width", (before & ~after).sum(axis=0)),
        },
        coords={"width": ("width", wanted[1:], {"units": "s"})},
        attrs={"members": members, "confidence": confidence},
    )


def reversal_coherence(ensembles: Sequence[xr.Dataset], *, axis: Sequence[float]) -> xr.Dataset:
    """Compare the mean magnetisation's length of members that are reversing with members in a state.

    A layer that turns as a whole keeps its length, which heat alone makes less than 1; one that a wall or a nucleus
    crosses has parts that cancel each other on the way. The ensembles have `mx`, `my` and `mz` over member and t, and
    are of one device at one temperature; `axis` is the easy axis.

    Gives `in_state`, the mean length where m along the axis is at least 0.7 of it; `reversing`, the mean length where
    it is at most 0.3 in size (NaN if no frame shows it); `seen`, how many such frames there are; `coherence`, the
    second length over the first.
    """
    states, crossings = [], []
    for each in ensembles:
        along = _along(each, axis)
        length = np.sqrt(sum(each[name].values.astype(np.float64) ** 2 for name in ("mx", "my", "mz")))
        states.append(length[np.abs(along) >= _IN_STATE * length])
        crossings.append(length[np.abs(along) <= _BETWEEN])
    state, crossing = np.concatenate(states), np.concatenate(crossings)
    rest = float(state.mean()) if state.size else float("nan")
    reversing = float(crossing.mean()) if crossing.size else float("nan")
    return xr.Dataset({"in_state": rest, "reversing": reversing, "seen": crossing.size, "coherence": reversing / rest})


def _along(ensemble: xr.Dataset, axis: Sequence[float]) -> FloatArray:
    """Mean magnetisation along an axis, (member, t)."""
    if not isinstance(ensemble, xr.Dataset):
        raise TypeError(f"ensemble is a {type(ensemble).__name__}; give an xarray.Dataset")
    missing = [name for name in ("mx", "my", "mz", "t") if name not in ensemble]
    if missing or ensemble["mz"].dims != ("member", "t"):
        lacks = ", ".join(missing) or "the dimension member"
        raise ValueError(f"ensemble lacks {lacks}; give an ensemble as the store has it")
    direction = np.asarray(axis, dtype=np.float64)
    if direction.shape != (3,) or not np.isfinite(direction).all() or not direction.any():
        raise ValueError(f"axis is {axis!r}; it must be three numbers, not all zero")
    parts = np.stack([ensemble[name].values.astype(np.float64) for name in ("mx", "my", "mz")], axis=-1)
    return np.asarray(parts @ (direction / np.linalg.norm(direction)))
