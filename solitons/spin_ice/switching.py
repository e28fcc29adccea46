"""Switching fields of islands in a run: in which step of a ramp each turns around."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import xarray as xr

__all__ = ["field_along", "first_reversals", "switching_fields"]

Floats = npt.NDArray[np.float64]


def field_along(applied_field: npt.ArrayLike, field_angle: float) -> Floats:
    """Strength of applied fields (steps, 2 or 3) along a direction in the plane (rad from x), in A/m.

    Raises
    ------
    ValueError
        If a field does not lie along that direction.
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

    Parameters
    ----------
    spin : xarray.DataArray (step, island)
        +1 and -1: `analysis.macrospins(...).spin`.
    field : array (steps)
        Strength of the applied field in A/m in each step.

    Returns
    -------
    xarray.Dataset
        Over `island`: `switching_field` in A/m, the middle of the step, NaN where the island
        never turns or is found turned in the first; `uncertainty` in A/m, the standard
        deviation of a field that is anywhere in the step; `step`, -1 where it never turns.
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
