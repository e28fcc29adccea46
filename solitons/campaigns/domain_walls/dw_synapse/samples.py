"""Devices of one drawing that chance made different: their runs, and how far apart their walls rest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.campaigns.domain_walls.dw_synapse.observation import NoWallError, observe
from solitons.campaigns.domain_walls.dw_synapse.roles import StripeRole
from solitons.campaigns.framework.base import ComputedRuns, SweptPoint
from solitons.campaigns.framework.device_samples import Sample
from solitons.devices.device_spread import DeviceSpread, device_spread
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation

__all__ = ["positions_of", "spread_among"]


def positions_of(runs: ComputedRuns[StripeRole], read_out: JunctionReadOut) -> npt.NDArray[np.float64]:
    """Rest position of each device's wall before the first pulse and after each, in m, (devices, pulses + 1).

    NaN once the wall has left, and throughout where relaxation has expelled it.
    """
    found = []
    for run in runs.labelled:
        if not isinstance(run.role, Sample):
            continue
        try:
            seen = observe(run.spec, SweptPoint(), runs.open(run), read_out, str(run.role))
            found.append(seen.positions_at_rest)
        except NoWallError:
            found.append(np.full(len(run.spec.in_time.pulse_edges()) + 1, np.nan))
    return np.array(found)


def spread_among(positions: npt.NDArray[np.float64]) -> tuple[DeviceSpread | None, list[Reason]]:
    """How the devices differ, and what one model for all of them does not know."""
    try:
        found = device_spread(positions)
    except ValueError as error:
        reason = limitation("devices_lose_wall", f"How devices differ is not known: {error}.")
        return None, [reason]
    if not found.lost:
        return found, []
    reason = limitation(
        "devices_lose_wall",
        f"In {found.lost} of {found.devices} devices the base run's pulses drive the wall out: the spread "
        f"of {value_label(found.at_rest, 'm', digits=2)} from device to device is that of the others.",
    )
    return found, [reason]
