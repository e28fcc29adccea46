"""A fitted wall as the devices that it makes in its stripe: a synapse and a neuron."""

from __future__ import annotations

from geometries import ReadoutWindow, Stripe
from solitons.devices.junction import JunctionReadOut
from solitons.devices.pair import DevicePair
from solitons.devices.spreads import Spreads
from solitons.walls.fit import WallFit
from solitons.walls.junction import junction_over
from solitons.walls.neuron import DomainWallNeuron
from solitons.walls.synapse import DomainWallSynapse

__all__ = ["devices_of", "neuron_of", "synapse_of", "threshold_in"]


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


def devices_of(
    fit: WallFit,
    device: Stripe,
    read_out: JunctionReadOut,
    *,
    leak_field: float = 0.0,
    spreads: Spreads | None = None,
) -> DevicePair:
    """Both devices of a fitted wall, for a network.

    Parameters
    ----------
    fit : WallFit
        With held-out runs, at several amplitudes.
    device : geometries.Stripe
        Its stripe.
    read_out : JunctionReadOut
        The junction.
    leak_field : float
        Field that drives a neuron's wall back, in A/m.
    spreads : Spreads, optional
        How devices and cycles differ.

    Raises
    ------
    ValueError
        If nothing was held out, so that the model's error is not known, or all runs had one amplitude.
    """
    error = fit.provenance.held_out_rms_at_rest
    if error is None:
        raise ValueError("devices_of: the fit has no held-out runs, so that its error is unknown; hold some out")
    return DevicePair(
        synapse=synapse_of(fit, device, read_out, spreads),
        neuron=neuron_of(fit, device, leak_field),
        error=error,
        amplitude=fit.provenance.fitted_range.amplitude,
    )
