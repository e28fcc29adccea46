"""Whether a stripe is the one that a wall was fitted to."""

from __future__ import annotations

import math

import numpy as np

from geometries import Material, Stripe
from solitons.domain_walls.synapse import DomainWallSynapse

__all__ = ["check_fitted_stripe"]


def check_fitted_stripe(
    device: Stripe, material: Material, name: str, model: DomainWallSynapse, field: str, hottest: float = 0.0
) -> None:
    """Refuse a stripe with another junction or another magnetic moment than the model's; `field` holds it.

    A head-to-head wall is refused up to a temperature `hottest` (K) above 0.
    """
    if device.domain_axis == "x" and hottest:
        raise ValueError(
            f"{field} has a wall between domains along x, and a temperature of {hottest:g} K is asked for: what spin "
            "waves do to such a wall is not known; give 0 K, or a perpendicular stripe"
        )
    window = device.readout_window
    if len(device.walls) != 1 or window is None:
        raise ValueError(
            f"{field} has {len(device.walls)} walls and readout_window = {window}; give one wall and the window of the "
            "synapse"
        )
    there, moment = (window.x, material.Ms * device.width * device.thickness)
    own = (float(model.junction.left), float(model.junction.right))
    if not (
        np.allclose(there, own, atol=1e-12) and math.isclose(moment, float(model.wall.moment_per_length), rel_tol=1e-3)
    ):
        raise ValueError(
            f"{field} has its junction from {there[0]:g} to {there[1]:g} m and Ms w t = {moment:.4g} A m, and "
            f"{name!r} was fitted with {own[0]:g} to {own[1]:g} m and "
            f"{float(model.wall.moment_per_length):.4g} A m; give the device and material of its campaign"
        )
