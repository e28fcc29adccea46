"""Whether learning on the devices holds what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.arrays.array_devices import device_reasons
from solitons.campaigns.arrays.array_drift import drift_reasons
from solitons.campaigns.arrays.learning_on_devices.results import CHANCE, SMALL_STEPS, SPREAD, DeviceLearning
from solitons.fits.verdict import Reason, limitation

__all__ = ["about_learning"]


def about_learning(devices: Sequence[DeviceLearning], allowed: float) -> Iterator[Reason]:
    """Reasons against devices: limited are those that learn less than is allowed, failed a model that is not its own.

    A network that learns little is a valid result, with its causes; it invalidates no number.
    """
    for each in devices:
        yield from device_reasons(each.device, each.outside)
    for each in devices:
        if each.drift is not None:
            yield from drift_reasons(
                each.device.name, each.drift, allowed, each.written_for, heat_known=each.device.chance_known
            )
    yield from _about_spiking(devices)
    standing = [each for each in devices if each.device.stands]
    for each in (one for one in standing if one.loss.mean > allowed):
        worst = each.largest_cause
        yield limitation(
            "learns_too_little",
            f"The network that learns on {each.device.name} stays {each.loss.points} points below "
            f"floating point, more than the {100 * allowed:g} that are allowed. The largest "
            f"single cost is that of {worst.name}, {worst.cost.points} points.{_remedy(worst.name, each)}",
        )


def _remedy(fault: str, device: DeviceLearning) -> str:
    """Remedy for the fault that costs most; nothing if it is not the device's."""
    across = f"{device.device.pulses_across:.2g}"
    return {
        SMALL_STEPS: " It is that of the learning, not of the device: more epochs (learning.epochs), a larger "
        "learning.rate, or more hidden units.",
        "large steps": f" A mean pulse changes it by a {across}th of its range: weaker or shorter pulses, more levels "
        "(such as more junctions in parallel), or a smaller learning.largest make the changes of a weight finer.",
        "non-linearity and asymmetry": " Use pulses whose steps depend less on the conductance, or train in software "
        "and write.",
        CHANCE: " More parts in parallel average it, and so do more and weaker pulses.",
        SPREAD: " Devices that are read back while they are written (“written” in the report) lose less to it.",
        "wires": " Use smaller tiles (wires.tile), wider lines, or devices that conduct less.",
    }.get(fault, "")


def _about_spiking(devices: Sequence[DeviceLearning]) -> Iterator[Reason]:
    """One neuron is in the networks of all devices, so that its reason stands once."""
    beyond = next((each.spiking.beyond for each in devices if each.spiking is not None and each.spiking.beyond), [])
    if not beyond:
        return
    yield limitation(
        "spiking_outside_fit",
        "The currents of the spiking units lie outside of what their neuron was fitted on. More closely, "
        f"{'; '.join(beyond)}. Its error there is not known, and neither is that of its spikes. Give a neuron whose "
        "own runs hold the current (“neuron” in a dw_synapse campaign), or shorten spiking.time.",
    )
