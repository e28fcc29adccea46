"""Whether what a campaign of crossbar limits found may be used."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.arrays.array_devices import FoundDevice, device_reasons
from solitons.campaigns.arrays.scores_over_seeds import Score
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_limits"]

_CHANCE = 0.2
"""Twice what a guess among ten digits reads right: a network that reads less holds nothing."""


def about_limits(
    found: FoundDevice, outside: float, accuracy: Score, alone: Score, wired: Score, allowed: float
) -> Iterator[Reason]:
    """Reasons against the device in its array.

    `outside` is the share of the pulses outside of its fit, `accuracy` is with ideal wires; `alone` and `wired` are the
    accuracy lost with ideal wires and with the wires.
    """
    yield from device_reasons(found, outside)
    if accuracy.mean < _CHANCE:
        yield failure(
            "nothing_written",
            f"Networks that are written into {found.name} read only {100 * accuracy.mean:.0f} % of the images right "
            f"even with ideal wires: nothing can be said of other limits. That is {100 * alone.mean:.0f} points less "
            "than in floating point. Use weaker pulses, or a device with less noise; or train longer.",
        )
    elif alone.mean > allowed:
        yield limitation(
            "device_costs",
            f"The device alone, with ideal wires, costs {100 * alone.mean:.1f} points of accuracy, more "
            f"than the {100 * allowed:g} that are allowed: in every other limit its share is in.",
        )
    if wired.mean - alone.mean > allowed:
        yield limitation(
            "wires_cost",
            f"The wires cost another {100 * (wired.mean - alone.mean):.1f} points. Use devices of higher "
            "resistance, wider wires, or smaller tiles (wires.tile).",
        )
