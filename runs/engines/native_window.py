"""The native engine's moving window: the domains outside, and rest among them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal

import lazy_loader
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import discretisedfield as df
    import micromagneticmodel as mm
else:
    df, mm = lazy_loader.load("discretisedfield"), lazy_loader.load("micromagneticmodel")

__all__ = ["FOLLOWED", "OutsideFieldLags", "field_left_out", "rest_in_track", "stray_field_term"]

FloatArray = npt.NDArray[np.float64]

FOLLOWED: dict[str, Literal["wall", "reversed"]] = {"wall": "wall", "skyrmion": "reversed"}
"""The native engine's names for what `runs.MovingWindow` follows."""

# Share of Ms: field at the texture beyond which a warning states that the domains outside would have turned.
_LAGS = 1e-3

# Passes after which a domain's cross-section is given up, and the change of m with which it is there.
_PASSES = 20
_SAME = 1e-7


class OutsideFieldLags(UserWarning):
    """The drive turns the domains so far that their stray field, kept from rest, is wrong in the window."""


def field_left_out(system: mm.System, frames: npt.NDArray[np.floating]) -> float:
    """Give the largest field in A/m that the domains outside a window would add to their stray field at rest.

    Outside they are taken to turn as the cells at the ends do, which respond to the drive. At each end the mean over
    the cross-section counts, so that heat adds up to little. The field is looked at in the middle half of the window,
    in the frame in which the ends have turned most; frames (frames, nx, ny, nz, 3) are unit vectors, the first one at
    rest, NaN outside the magnet. It warns (`OutsideFieldLags`) if the field is more than 0.1 % of Ms.
    """
    import runs.native as nc

    ends = np.nanmean(frames[:, [0, -1]].astype(float), axis=(2, 3))
    turned = ends - ends[0]
    strongest = int(np.abs(turned).max(axis=(1, 2)).argmax())
    fields = []
    for shift in (0.0 * turned[0], turned[strongest]):
        m = np.nan_to_num(frames[0].astype(float))
        m[[0, -1]] += shift[:, None, None]
        columns = mm.System(name=system.name, energy=system.energy, m=_field(system, m))
        fields.append(nc.outside_field(columns, neighbours=False).array)
    count = frames.shape[1]
    middle = slice(count // 4, count - count // 4)
    largest = float(np.linalg.norm(fields[1] - fields[0], axis=-1)[middle].max())
    saturation = float(system.m.norm.array.max())
    if largest > _LAGS * saturation:
        warnings.warn(
            f"moving window: the drive turns the domains at the ends of the window; outside of it they would add "
            f"{largest:.3g} A/m ({largest / saturation:.2%} of Ms) to their stray field at what is followed, which "
            "stays that of rest. Use a weaker drive or a longer window, or run the whole track without moving_window",
            OutsideFieldLags,
            stacklevel=2,
        )
    return largest


def rest_in_track(system: mm.System, stopping: float) -> None:
    """Bring a window to rest, to a largest torque in A/m, between domains that are at rest themselves.

    The domain at an end is first relaxed alone: a window full of copies of the end's column, between more of them,
    whose middle column becomes the next copy, until it stays. Then the window is relaxed between these domains, which
    do not move. The system is left with the end columns of the domains, so that `stray_field_term` gives their field. A
    ValueError if a domain does not come to rest.
    """
    start = system.m.array.copy()
    columns = [start[0]]
    for column in [start[0]] if np.array_equal(start[0], start[-1]) else [start[0], start[-1]]:
        columns += [_domain_at_rest(system, column, stopping)]
    start[0], start[-1] = columns[1], columns[-1]
    relaxed = _relaxed(system, start, stopping)
    relaxed[0], relaxed[-1] = columns[1], columns[-1]
    system.m.array = relaxed


def stray_field_term(system: mm.System) -> Any:
    """Give the stray field of the domains outside, which are as the end columns of a system."""
    import runs.native as nc

    return mm.Zeeman(H=nc.outside_field(system, neighbours=False), name="domains_outside")


def _domain_at_rest(system: mm.System, column: FloatArray, stopping: float) -> FloatArray:
    count = system.m.mesh.n[0]
    for _ in range(_PASSES):
        before, column = column, _relaxed(system, np.repeat(column[None], count, axis=0), stopping)[count // 2]
        if np.abs(column - before).max() <= _SAME * np.abs(before).max():
            return column
    raise ValueError(
        f"the domain at an end of the moving window does not come to rest in {_PASSES} passes; check that it is "
        "stable in this material and static field"
    )


def _relaxed(system: mm.System, m: FloatArray, stopping: float) -> FloatArray:
    """Relax a magnetisation whose end columns are copied outside."""
    import runs.native as nc

    inside = mm.System(name=system.name, energy=system.energy, m=_field(system, m))
    inside.energy = system.energy + mm.Zeeman(H=nc.outside_field(inside), name="domains_outside")
    nc.MinDriver(stopping_mxHxm=stopping).drive(inside, save=False, verbose=0)
    return np.array(inside.m.array)


def _field(system: mm.System, m: FloatArray) -> df.Field:
    return df.Field(system.m.mesh, nvdim=3, value=m, norm=system.m.norm, valid="norm")
