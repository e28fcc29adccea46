"""Losses of a target: named, and refused unless they are accepted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from solitons.devices.tabulated_synapse import TabulatedSynapse
from solitons.exports.leaky_neuron import LeakyNeuron

__all__ = ["CannotExpressError", "Loss", "neuron_losses", "refuse_losses", "synapse_losses"]


class CannotExpressError(ValueError):
    """A target cannot express a device, and nobody has accepted what would be lost.

    Examples
    --------
    >>> from solitons.devices import TabulatedSynapse
    >>> from solitons.exports.aihwkit_device import aihwkit_module
    >>> noisy = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[1e-6, 1e-6], down=[-1e-6, -1e-6], read_noise=0.1e-6)
    >>> try:
    ...     aihwkit_module(noisy)
    ... except CannotExpressError as error:
    ...     print("read_noise" in str(error))
    True
    >>> aihwkit_module(noisy, accept=["read_noise"]).count("def device")
    1
    """


@dataclass(frozen=True)
class Loss:
    """Something that a target cannot express: a sentence with its number, and the name by which it is accepted."""

    name: str
    sentence: str


def refuse_losses(target: str, losses: Sequence[Loss], accept: Collection[str]) -> tuple[Loss, ...]:
    """Refuse to export a device if the target loses something that is not accepted.

    Returns the losses that are accepted, which are written beside the export. `CannotExpressError` names each loss, and
    what to do without it.
    """
    refused = [loss for loss in losses if loss.name not in accept]
    if refused:
        sentences = " ".join(loss.sentence for loss in refused)
        names = " ".join(f"--accept {loss.name}" for loss in refused)
        raise CannotExpressError(
            f"{target} cannot express all of this device. {sentences} To export it without, say {names} (in Python "
            f"accept={tuple(loss.name for loss in refused)!r})"
        )
    return tuple(losses)


def neuron_losses(
    neuron: LeakyNeuron, temperature: float, *, refractory: bool = False, stop: bool = False
) -> list[Loss]:
    """Losses of a leaky neuron, by whether a target has a refractory time or a stop at the start."""
    found = []
    if neuron.refractory > 0 and not refractory:
        found.append(Loss("refractory", f"It has no refractory time, here {neuron.refractory:.3g} s after each spike."))
    if neuron.stopped and neuron.v_leak < neuron.v_reset - 0.01 * neuron.v_threshold and not stop:
        below = (neuron.v_reset - neuron.v_leak) / (neuron.v_threshold - neuron.v_reset)
        found.append(
            Loss(
                "stop",
                "Its potential has no stop: without a current it falls below the reset, towards "
                f"{below:.3g} thresholds below it, while the soliton is stopped at its start.",
            )
        )
    if temperature > 0:
        found.append(Loss("heat", f"It knows no heat, which shakes the soliton at {temperature:g} K."))
    return found


def spread_note(synapse: TabulatedSynapse) -> str:
    """The remark of an export where it is not known how devices differ; empty where it is."""
    return "" if synapse.spread_known else "How devices differ is not known: the pulses are of too few devices."


def synapse_losses(synapse: TabulatedSynapse, *, device_spread: bool = False, read_noise: bool = False) -> list[Loss]:
    """Losses of a synapse, by whether a target has devices that differ and readings that scatter."""
    found = []
    if float(synapse.gain) > 0 and not device_spread:
        found.append(
            Loss("device_spread", f"Its devices are alike; here their steps differ by {float(synapse.gain):.1%}.")
        )
    if float(synapse.read_noise) > 1e-4 * (float(synapse.highest) - float(synapse.lowest)) and not read_noise:
        found.append(
            Loss("read_noise", f"Its readings are exact; here they scatter by {float(synapse.read_noise):.3g} S.")
        )
    return found
