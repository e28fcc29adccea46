"""The stripe of a run, for what is about domain walls only."""

from __future__ import annotations

from geometries import Stripe
from runs import RunSpec

__all__ = ["stripe_of"]


def stripe_of(spec: RunSpec) -> Stripe:
    """Give the device of a run whose walls are looked at.

    Parameters
    ----------
    spec : RunSpec
        The run.

    Returns
    -------
    geometries.Stripe

    Raises
    ------
    ValueError
        If the device is no stripe.
    """
    if not isinstance(spec.device, Stripe):
        raise ValueError(
            f"run {spec.run_id}: device.kind is {spec.device.kind!r}, but domain walls run in a stripe; give a device "
            "of kind 'stripe'"
        )
    return spec.device
