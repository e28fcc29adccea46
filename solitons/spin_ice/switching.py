"""Switching fields of islands in a run: in which step of a ramp each turns around."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

__all__ = ["field_along", "first_reversals", "fold_field", "switching_fields"]

Floats = npt.NDArray[np.float64]

# Number of states before a fall for a cubic parabola.
_BEFORE_FALL = 6
# rad; beyond the last state at rest, a fall is looked for up to here, on as many places.
_FURTHER, _PLACES = 0.3, 3001
# Share of a step.
_INSIDE = 1e-3


def field_along(applied_field: npt.ArrayLike, field_angle: float) -> Floats:
    """Strength of applied fields (steps, 2 or 3) along a direction in the plane (rad from x), in A/m.

    ValueError if a field does not lie along that direction.
    """
    fields = np.asarray(applied_field, dtype=np.float64)[:, :2]
    direction = np.array([np.cos(field_angle), np.sin(field_angle)])
    strength = fields @ direction
    off = np.abs(fields - strength[:, np.newaxis] * direction).max(initial=0.0)
    if off > 1e-6 * np.abs(strength).max(initial=1.0):
        raise ValueError(
            f"field_along: a field is {off:.4g} A/m off the direction of {np.degrees(field_angle):g} degrees; give the "
            "direction of the ramp"
        )
    return np.asarray(strength)


def first_reversals(spin: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Step in which each island is first found reversed, -1 where it never is; spin (steps, islands)."""
    states = np.asarray(spin)
    turned = states != states[0]
    return np.where(turned.any(axis=0), np.argmax(turned, axis=0), -1)


def switching_fields(spin: xr.DataArray, field: npt.ArrayLike) -> xr.Dataset:
    """Field at which each island first turns around.

    `spin` (step, island) is as of `analysis.macrospins`, `field` the strength in A/m in each step. The result has, over
    `island`, `switching_field` in A/m, the middle of the step, NaN where the island never turns or is found turned in
    the first; `uncertainty` in A/m, the standard deviation of a field that is anywhere in the step; and `step`, -1
    where it never turns.
    """
    strength = np.asarray(field, dtype=np.float64)
    if spin.dims != ("step", "island") or strength.shape != (spin.sizes["step"],):
        raise ValueError(
            f"switching_fields: spin has the dimensions {spin.dims} and field the shape {strength.shape}; give spin "
            "over (step, island) and one field a step"
        )
    step = first_reversals(spin.values)
    seen = step > 0
    before, after = strength[np.maximum(step - 1, 0)], strength[np.maximum(step, 0)]
    return xr.Dataset(
        {
            "switching_field": ("island", np.where(seen, (before + after) / 2, np.nan), {"units": "A/m"}),
            "uncertainty": ("island", np.where(seen, np.abs(after - before) / np.sqrt(12), np.nan), {"units": "A/m"}),
            "step": ("island", step),
        },
        coords={"island": spin["island"]},
    )


def fold_field(turn: npt.ArrayLike, field: npt.ArrayLike, fall: int) -> tuple[float, float]:
    """Field in A/m in which an island falls over, between two steps of a ramp, and the angle in rad that it has there.

    The field over the angle at rest has a maximum there, so that the angle rises like the root of what is left to it; a
    cubic parabola through the last states gives the maximum to some hundredths of a step. `turn` is the angle of the
    mean magnetisation in rad, `field` rises, and `fall` is the step in which the island is first found reversed; where
    it hardly turns before, the middle of this step is returned.
    """
    angles, strength = np.asarray(turn, dtype=np.float64), np.asarray(field, dtype=np.float64)
    last = fall - 1
    states = slice(max(fall - _BEFORE_FALL, 1), fall)
    way = np.abs(angles[states] - angles[last])
    if way.size < 3 or np.any(np.diff(way) >= 0):
        return float(strength[last] + strength[fall]) / 2, float(angles[last])
    rising = np.polynomial.Polynomial.fit(-way, strength[states], min(way.size - 1, 3))
    further = np.linspace(0, _FURTHER, _PLACES)
    values = rising(further)
    sinks = np.flatnonzero(np.diff(values) < 0)
    top = int(sinks[0]) if sinks.size else 0
    sign = np.sign(angles[last] - angles[states.start])
    # Inside of the step: the state at its end has fallen.
    inside = strength[last] + (strength[fall] - strength[last]) * np.array([_INSIDE, 1 - _INSIDE])
    found = float(np.clip(values[top], *inside))
    return found, float(angles[last] + sign * further[top])
