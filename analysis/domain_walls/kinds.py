"""Kinds of walls, and the core of a vortex wall: NumPy arrays in and out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.winding import winding

__all__ = ["KINDS", "SEEN_KIND", "classify"]

FloatArray = npt.NDArray[np.floating]

KINDS = ("bloch", "neel", "transverse", "vortex", "antivortex")
"""Kinds of walls, in the order of their numbers from 1 on; 0 is none."""

SEEN_KIND = np.dtype(
    [
        ("kind", np.int8),
        ("core_x", np.float64),
        ("core_y", np.float64),
        ("core_mz", np.float64),
        ("circulation", np.float64),
    ]
)
"""Kind of a wall; of one with a core also its place in m, m_z there, and its circulation, +1 anticlockwise."""

_PERPENDICULAR = 2


def classify(
    m: FloatArray,
    located: npt.NDArray[np.void],
    measured: npt.NDArray[np.void],
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    axis: int,
) -> npt.NDArray[np.void]:
    r"""Tell the kind of each located wall: a row of dtype `SEEN_KIND` for each of `located`.

    A wall between perpendicular domains is a Neel wall where its moment lies within 45 degrees of the x axis, else a
    Bloch wall. A head-to-head wall is a vortex wall where the moments in the plane, averaged over the thickness, turn
    once around a point inside the magnet: the winding

    .. math:: \frac{1}{2\pi} \oint \mathrm{d}\varphi

    around the four cells at the core is +1. Around the core of an antivortex, through which a moving transverse wall
    changes its sense, it is -1; a transverse wall has neither. Cores count within the stripe's width of the wall's
    position; of several the one nearest to it. Arguments are as for `measure`.
    """
    seen = np.zeros(located.size, dtype=SEEN_KIND)
    for name in ("core_x", "core_y", "core_mz", "circulation"):
        seen[name] = np.nan
    if axis == _PERPENDICULAR:
        neel = np.abs(np.cos(measured["angle"])) > np.sqrt(0.5)
        seen["kind"] = np.where(neel, _number("neel"), _number("bloch"))
        return seen
    seen["kind"] = _number("transverse")
    reach = y.size * (y[1] - y[0]) if y.size > 1 else 0.0
    for wall in np.flatnonzero(np.isfinite(measured["position"])):
        position, between = measured["position"][wall], located[wall]
        near = np.flatnonzero(np.abs(x - position) <= reach)
        near = near[(near >= between["first"]) & (near <= between["last"])]
        if near.size < 2 or y.size < 2:
            continue
        with np.errstate(invalid="ignore"):
            # Over the thickness: a mean over no cells stays NaN, which is outside the magnet.
            plane = np.asarray(m[between["frame"], near[0] : near[-1] + 1].mean(axis=2), dtype=np.float64)
        turns = winding(plane)
        for name, sign in (("vortex", 1), ("antivortex", -1)):
            cores = np.argwhere(turns == sign)
            if not cores.size:
                continue
            # The middle of four cells.
            core_x = (x[near[0] + cores[:, 0]] + x[near[0] + cores[:, 0] + 1]) / 2
            nearest = int(np.argmin(np.abs(core_x - position)))
            i, j = cores[nearest]
            four = plane[i : i + 2, j : j + 2]
            curl = (four[1, :, 1] - four[0, :, 1]).sum() - (four[:, 1, 0] - four[:, 0, 0]).sum()
            seen[wall] = (
                _number(name),
                core_x[nearest],
                (y[j] + y[j + 1]) / 2,
                four[..., 2].mean(),
                np.sign(curl) if sign == 1 else np.nan,
            )
            break
    return seen


def _number(kind: str) -> int:
    return KINDS.index(kind) + 1
