"""How often heat makes an array wrong: its zones cleared and released one after the other, many times."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.magnet_logic.values import decided
from geometries import MagnetArray
from runs.protocols.magnet_logic.clocks import zone_clock
from solitons.magnet_logic.clocked import protocol_ramps
from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins
from solitons.magnet_logic.driven import follow_ramps

__all__ = ["RELEASE_STEP_ANGLE", "release_zones"]

Floats = npt.NDArray[np.float64]

_TILT = 0.1

RELEASE_STEP_ANGLE = 0.2
"""rad by which a moment turns in a step at most: twice as in `follow_ramps`, where heat is not asked for."""


def release_zones(
    macrospins: CoupledMacrospins,
    array: MagnetArray,
    *,
    field: float,
    hold: float,
    fall: float,
    rest: float,
    members: int,
    seed: int = 0,
    frame: float | None = None,
) -> xr.Dataset:
    """Clear all zones of an array by a field across the bits, and let it fall in one zone after the other.

    The field (A/m) is along x on magnets that are neither held nor blocks, as of `zone_clock`; it falls linearly. All
    of these begin along it, and come to equilibrium while it is held. A held magnet stands still where heat tilts it by
    less than 0.1 rad in each direction, sqrt(k T / M (H_K + h)) with the bias h: that takes less than 1 % of its stray
    field along its axis.

    The array has the states of its inputs. In s: how long the field is held, falls in each zone, and is off before the
    bits are read, and `frame`, the longest time between states that are kept (only the last one, if left out). The
    result has `projection` and `value`, as of `analysis.logic_values`, over `member`, `t` (s, 0 where the first zone
    begins to fall) and `magnet`.
    """
    corners = protocol_ramps(array, zone_clock(array, field, steps_up=1, steps_down=1)).fields[1:]
    fields = np.concatenate([corners[:1], corners, corners[-1:]])
    durations = np.array([hold, *[fall] * (len(corners) - 1), rest])
    if frame is not None:
        durations, fields = _divided(durations, fields, frame)
    clocked = np.array([magnet.clocked for magnet in array.magnets])
    states = array.states[:, None] * array.axes
    still = _still(macrospins, array)
    moving = np.flatnonzero(~still)
    steady = -np.einsum("ijab,jb->ia", macrospins.response[np.ix_(moving, np.flatnonzero(still))], states[still])
    fields = fields[:, moving] + steady
    some = CoupledMacrospins(
        moment=macrospins.moment[moving],
        response=macrospins.response[np.ix_(moving, moving)],
        damping=macrospins.damping,
        temperature=macrospins.temperature,
        gyromagnetic_ratio=macrospins.gyromagnetic_ratio,
    )
    start = np.where(clocked[moving, None], [1.0, 0.0, 0.0], states[moving])
    step = some.time_step(float(np.linalg.norm(fields, axis=2).max()), RELEASE_STEP_ANGLE)
    run = follow_ramps(some, np.tile(start, (members, 1, 1)), durations, fields, seed=seed, time_step=step)
    kept = slice(None) if frame is not None else slice(-1, None)
    m = run["m"].values[:, kept]
    along = np.tile(array.states.astype(np.float64), (members, m.shape[1], 1))
    along[:, :, moving] = np.einsum("mtia,ia->mti", m, array.axes[moving])
    dims = ("member", "t", "magnet")
    return xr.Dataset(
        {
            "projection": (dims, along, {"units": "1", "long_name": "magnetisation along the axis"}),
            "value": (dims, decided(along), {"long_name": "logic value, 0 undecided"}),
        },
        coords={
            "t": ("t", run["t"].values[kept] - hold, {"units": "s"}),
            "magnet": [magnet.name for magnet in array.magnets],
        },
    )


def _still(macrospins: CoupledMacrospins, array: MagnetArray) -> npt.NDArray[np.bool_]:
    """Mask of magnets that are held so that heat does not turn them."""
    found = []
    for place, magnet in enumerate(array.magnets):
        torque = macrospins.moment[place] * (macrospins.anisotropy_field(place) + (magnet.field or 0.0))
        found.append(magnet.held and torque * _TILT**2 > macrospins.thermal_energy)
    return np.array(found)


def _divided(durations: Floats, fields: Floats, longest: float) -> tuple[Floats, Floats]:
    """Ramps in parts no longer than `longest`."""
    parts = np.maximum(1, np.ceil(durations / longest * (1 - 1e-9))).astype(int)
    ends = np.concatenate([[0.0], np.cumsum(durations)])
    times = np.concatenate(
        [[0.0], *(a + (b - a) * np.arange(1, n + 1) / n for a, b, n in zip(ends, ends[1:], parts, strict=False))]
    )
    flat = fields.reshape(len(fields), -1)
    between = np.stack([np.interp(times, ends, column) for column in flat.T], axis=1)
    return np.diff(times), between.reshape(len(times), *fields.shape[1:])
