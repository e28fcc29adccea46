"""The tunnel junction over a stripe's read-out window."""

from __future__ import annotations

from geometries import Stripe
from solitons.devices.junction import Junction, conductances_of
from solitons.devices.junction_read_out import JunctionReadOut

__all__ = ["junction_over"]


def junction_over(device: Stripe, read_out: JunctionReadOut) -> Junction:
    """Make the junction of a stripe's read-out window.

    Parameters
    ----------
    device : geometries.Stripe
        Its `readout_window`, and its width for the junction's area.
    read_out : JunctionReadOut
        Resistance-area product, TMR and polariser.

    Raises
    ------
    ValueError
        If the stripe has no window, or the polariser has no part along the domains.

    Examples
    --------
    >>> from geometries import Stripe
    >>> stripe = Stripe(
    ...     length="400 nm", width="40 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"),
    ...     readout_window={"x": ("50 nm", "350 nm")},
    ... )
    >>> junction = junction_over(stripe, JunctionReadOut(resistance_area="10 ohm um^2", tmr=1.5))
    >>> float(f"{junction.parallel:.3g}"), float(f"{junction.antiparallel:.3g}")  # S
    (0.0012, 0.00048)
    """
    window = device.readout_window
    if window is None:
        raise ValueError("junction_over: the stripe has no readout_window; add one")
    across = device.width if window.y is None else window.y[1] - window.y[0]
    area = (window.x[1] - window.x[0]) * across
    parallel, antiparallel, polariser = conductances_of(area, read_out, device.domain_axis)
    return Junction(
        left=window.x[0], right=window.x[1], parallel=parallel, antiparallel=antiparallel, polariser=polariser
    )
