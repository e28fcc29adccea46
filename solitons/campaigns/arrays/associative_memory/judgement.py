"""Whether the numbers of an associative memory may be used: what speaks against them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.arrays.array_devices import FoundDevice, device_reasons
from solitons.campaigns.arrays.array_drift import WeightDrift
from solitons.campaigns.arrays.associative_memory.results import THRESHOLDS, BoltzmannMachine, Cost
from solitons.campaigns.arrays.associative_memory.settings import Memory
from solitons.campaigns.capacity.pattern_capacity import Capacity, about_capacity
from solitons.figures import value_label
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_memory"]

_HALF = 0.5
_RESTLESS = 0.01
_CLIPPED = 0.01
_VARIATION = 0.02
"""Total variation from Boltzmann's distribution, beyond what independent samples have."""


def about_memory(
    capacity: Capacity,
    device: FoundDevice,
    outside: float,
    clipped: float,
    costs: Sequence[Cost],
    boltzmann: BoltzmannMachine | None,
    drift: WeightDrift | None,
    memory: Memory,
) -> Iterator[Reason]:
    """Find what speaks against the capacity, and against the recalls of devices; the last cost has the wires."""
    yield from about_capacity(capacity, THRESHOLDS)
    yield from device_reasons(device, outside)
    read, alone = costs[-1], next(each for each in costs if each.name == "written and read back")
    if alone.score.mean < _HALF:
        yield failure(
            "nothing_recalled",
            f"Networks of {device.name} recall {alone.score.mean:.0%} of the patterns with ideal wires, fewer than "
            "half. Store fewer patterns, give a smaller memory.largest, so that more weights use the range, or use "
            "a device with more levels or less chance.",
        )
    elif alone.loss.mean > memory.allowed_loss:
        yield limitation(
            "device_costs",
            f"The device alone, with ideal wires, costs {100 * alone.loss.mean:.1f} points of recall, more than the "
            f"{100 * memory.allowed_loss:g} that are allowed.",
        )
    if read.loss.mean - alone.loss.mean > memory.allowed_loss:
        yield limitation(
            "wires_cost",
            f"The wires cost another {100 * (read.loss.mean - alone.loss.mean):.1f} points. Use devices of higher "
            "resistance, wider wires, or smaller tiles (wires.tile).",
        )
    if read.restless > _RESTLESS:
        yield limitation(
            "recall_restless",
            f"{read.restless:.1%} of the recalls do not come to rest: weights that are not symmetric have no energy. "
            "Write devices with less error.",
        )
    if clipped > _CLIPPED:
        yield limitation(
            "weights_clipped",
            f"{clipped:.1%} of the weights are beyond the range of a pair and are clipped. Give a larger "
            "memory.largest, or leave it out.",
        )
    if boltzmann is not None and max(boltzmann.off - boltzmann.by_chance, boltzmann.curve_off) > _VARIATION:
        yield limitation(
            "not_boltzmann",
            f"The junctions' states are {boltzmann.off:.3f} off Boltzmann's distribution (total variation), of which "
            f"any samples have {boltzmann.by_chance:.3f}, and {boltzmann.curve_off:.3f} is by odds that are no tanh. "
            "Take a junction of an exponent of 2 and a higher barrier, or a smaller chance.beta.",
        )
    if drift is not None and drift.known and drift.lost.kind != "within":
        yield limitation(
            "weights_fade",
            f"At {value_label(drift.temperature, 'K', 3)} the weights last {drift.lasts}, less than the last of "
            "drift.times. Use devices that hold their state better, cool them, or write them again.",
        )
    if drift is not None and not drift.known:
        yield limitation("drift_unknown", f"It is not known for how long the weights last, since {drift.missing}")
