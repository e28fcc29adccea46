"""Whether the numbers of an associative memory may be used: what speaks against them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.arrays.array_devices import FoundDevice, device_reasons
from solitons.campaigns.arrays.array_drift import WeightDrift
from solitons.campaigns.arrays.associative_memory.checks import PUBLISHED
from solitons.campaigns.arrays.associative_memory.results import BoltzmannMachine, Cost, IdealCapacity
from solitons.campaigns.arrays.associative_memory.settings import Memory
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_memory"]

_OFF = 0.01
"""Of the capacity, in patterns a neuron: theory without broken replica symmetry is as far from simulations."""
_HALF = 0.5
_RESTLESS = 0.01
_CLIPPED = 0.01
_VARIATION = 0.02
"""Total variation from Boltzmann's distribution, of some million samples."""


def about_memory(
    capacity: IdealCapacity,
    device: FoundDevice,
    outside: float,
    clipped: float,
    costs: Sequence[Cost],
    boltzmann: BoltzmannMachine | None,
    drift: WeightDrift | None,
    memory: Memory,
) -> Iterator[Reason]:
    """Find what speaks against the capacity, and against the recalls of devices; the last cost has the wires."""
    yield from _about_capacity(capacity)
    yield from device_reasons(device, outside)
    read, alone = costs[-1], next(each for each in costs if each.name == "written and read back")
    if alone.score.mean < _HALF:
        yield failure(
            "nothing_recalled",
            f"Networks of {device.name} recall {alone.score.mean:.0%} of the patterns with ideal wires, fewer than "
            "half. Store fewer patterns, or use a device with more levels or less chance.",
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
    if boltzmann is not None and boltzmann.off > _VARIATION:
        yield limitation(
            "not_boltzmann",
            f"The junctions' states are {boltzmann.off:.3f} off Boltzmann's distribution (total variation), of which "
            f"{boltzmann.curve_off:.3f} by odds that are no tanh. Take a junction of an exponent of 2 and a higher "
            "critical current, a smaller chance.beta, or more samples.",
        )
    if drift is not None and not drift.known:
        yield limitation("drift_unknown", f"It is not known for how long the weights last, since {drift.missing}")


def _about_capacity(capacity: IdealCapacity) -> Iterator[Reason]:
    missing = [point.size for point in capacity.points if point.half_point is None]
    if missing:
        yield failure(
            "capacity_not_bracketed",
            f"Of networks of {missing[0]} neurons the recalled share does not fall through 1/2 between the loads "
            f"{capacity.loads[0]:g} and {capacity.loads[-1]:g}. Widen capacity.loads.",
        )
    if capacity.ci95 is None:
        return
    low, high = capacity.ci95
    if (high - low) / 2 > _OFF:
        yield limitation(
            "capacity_uncertain",
            f"The capacity is known to {(high - low) / 2:.2g} N only. Give more draws, or larger sizes.",
        )
    if low > PUBLISHED + _OFF or high < PUBLISHED - _OFF:
        yield limitation(
            "capacity_off_theory",
            f"The capacity is {capacity.limit:.4f} N ({low:.4f} to {high:.4f}), more than {_OFF:g} N off the published "
            f"{PUBLISHED:g} N. Small sizes are far from the limit: take larger ones.",
        )
