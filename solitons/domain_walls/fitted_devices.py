"""A fitted wall as the devices that it makes in its stripe: a synapse and a neuron."""

from __future__ import annotations

from geometries import ReadoutWindow, Stripe
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.devices.pair import DevicePair
from solitons.devices.spreads import Spreads
from solitons.domain_walls.fit import WallFit
from solitons.domain_walls.junction import junction_over
from solitons.domain_walls.neuron import DomainWallNeuron
from solitons.domain_walls.synapse import DomainWallSynapse

__all__ = ["devices_of", "neuron_of", "synapse_of", "threshold_in"]


def synapse_of(
    fit: WallFit, device: Stripe, read_out: JunctionReadOut, spreads: Spreads | None = None
) -> DomainWallSynapse:
    """The synapse that a fitted wall makes in its stripe, between its pinned ends (or the stripe's).

    Examples
    --------
    >>> import numpy as np
    >>> from solitons.domain_walls import WallDynamics
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11)
    >>> fit = WallFit(wall, (), np.zeros((0, 0)), np.pi / 2, {}, training_error=1e-9, length=400e-9, tilts={})
    >>> stripe = Stripe(
    ...     length="400 nm", width="40 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"),
    ...     readout_window={"x": ("50 nm", "350 nm")},
    ... )
    >>> synapse = synapse_of(fit, stripe, JunctionReadOut(resistance_area="10 ohm um^2", tmr=1.5))
    >>> [round(float(each) * 1e3, 2) for each in synapse.conductances]  # mS
    [0.48, 1.2]
    """
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

    It starts where the runs did (where the wall is drawn, if the fit does not give it), and fires three quarters along
    the read-out window.

    Examples
    --------
    >>> import numpy as np
    >>> from solitons.domain_walls import WallDynamics
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11)
    >>> fit = WallFit(wall, (), np.zeros((0, 0)), np.pi / 2, {}, training_error=1e-9, length=400e-9, tilts={})
    >>> stripe = Stripe(
    ...     length="400 nm", width="40 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"),
    ...     readout_window={"x": ("50 nm", "350 nm")}, walls=[{"position": "80 nm"}],
    ... )
    >>> neuron = neuron_of(fit, stripe, leak_field=1.6e3)
    >>> [round(float(end) * 1e9) for end in neuron.span]  # nm
    [80, 275]
    """
    window = device.readout_window
    if window is None:
        raise ValueError("neuron_of: the stripe has no readout_window; add one")
    return DomainWallNeuron(
        wall=fit.dynamics,
        start=device.walls[0].position if fit.start_position is None else fit.start_position,
        threshold=threshold_in(window),
        leak_field=leak_field,
        rest_angle=fit.start_angle,
    )


def threshold_in(window: ReadoutWindow) -> float:
    """Position where a neuron fires, in m: three quarters along its read-out window."""
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

    Examples
    --------
    >>> import numpy as np
    >>> from solitons import FittedRange, Provenance
    >>> from solitons.domain_walls import WallDynamics
    >>> seen = FittedRange(amplitude=(6e11, 1.5e12), width=(2e-10, 5e-10), position=(4e-8, 3.4e-7))
    >>> origin = Provenance(trained_on=("run-1",), held_out=("run-2",), held_out_rms_at_rest=2e-9, fitted_range=seen)
    >>> wall = WallDynamics(
    ...     alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11, provenance=origin
    ... )
    >>> fit = WallFit(wall, (), np.zeros((0, 0)), np.pi / 2, {}, training_error=1e-9, length=400e-9, tilts={})
    >>> stripe = Stripe(
    ...     length="400 nm", width="40 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"),
    ...     readout_window={"x": ("50 nm", "350 nm")}, walls=[{"position": "80 nm"}],
    ... )
    >>> pair = devices_of(fit, stripe, JunctionReadOut(resistance_area="10 ohm um^2", tmr=1.5), leak_field=1.6e3)
    >>> pair.error, pair.amplitude  # of the runs that the fit did not see, and of those that it saw
    (2e-09, (600000000000.0, 1500000000000.0))
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
