"""A fitted wall as the devices that it makes in its stripe: a synapse and a neuron."""

from __future__ import annotations

from geometries import ReadoutWindow, Stripe
from solitons.walls.fit import WallFit
from solitons.walls.junction import JunctionReadOut, junction_over
from solitons.walls.neuron import DomainWallNeuron
from solitons.walls.spreads import Spreads
from solitons.walls.synapse import DomainWallSynapse

__all__ = ["neuron_of", "synapse_of", "threshold_in"]


def synapse_of(
    fit: WallFit, device: Stripe, read_out: JunctionReadOut, spreads: Spreads | None = None
) -> DomainWallSynapse:
    """The synapse that a fitted wall makes in its stripe, between its pinned ends (or the stripe's)."""
    margin = device.pinned_ends.length if device.pinned_ends is not None else 0.0
    return DomainWallSynapse(
        wall=fit.dynamics,
        junction=junction_over(device, read_out),
        left=margin,
        right=device.length - margin,
        rest_angle=fit.start_angle,
        spreads=spreads if spreads is not None else Spreads(),
    )


def neuron_of(fit: WallFit, device: Stripe, leak_field: float = 0.0) -> DomainWallNeuron:
    """The neuron that a fitted wall makes in its stripe.

    It starts where the runs did, and fires three quarters along the read-out window.
    """
    window = device.readout_window
    if window is None:
        raise ValueError("neuron_of: the stripe has no readout_window; add one")
    return DomainWallNeuron(
        wall=fit.dynamics,
        start=device.walls[0].position,
        threshold=threshold_in(window),
        leak_field=leak_field,
        rest_angle=fit.start_angle,
    )


def threshold_in(window: ReadoutWindow) -> float:
    """Where a neuron fires, in m: three quarters along its read-out window."""
    return window.x[0] + 0.75 * (window.x[1] - window.x[0])
