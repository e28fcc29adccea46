"""Neurons as Python modules of a few lines for snnTorch, Norse and Brian2, which need nothing of this workbench.

All have the potential over the threshold, from 0 at the reset to 1. snnTorch has no time: its leak for a step is
exp(-dt / tau), exact under a constant input, and its reset has no delay. Norse takes Euler steps, and the step is in
the module. Brian2 has equations with units, a refractory time, and can stop the potential at the start.
(Sources of snnTorch 1.0, Norse 1.1 and Brian2 2.9.)
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from solitons.exports.leaky_neuron import LeakyNeuron
from solitons.exports.losses import Loss, neuron_losses, refuse_losses

__all__ = ["brian2_module", "norse_module", "snntorch_module"]


def snntorch_module(neuron: LeakyNeuron, *, step: float, temperature: float = 0.0, accept: Collection[str] = ()) -> str:
    """A module whose `cell()` is a `snntorch.Leaky`, and whose `drive(current_density)` is its input.

    `step` is the time of the device in s that one step of the cell stands for, `temperature` (K) the soliton's.
    `accept` names what may be lost: "refractory", "stop", "heat".
    """
    _check(neuron, step)
    lost = refuse_losses("snnTorch", neuron_losses(neuron, temperature), accept)
    share = float(-np.expm1(-step / neuron.tau))
    slope, offset = _drive(neuron)
    return f'''"""{_head(neuron, lost)}

A step of the cell is {step!r} s of the device.
"""

import snntorch

STEP = {step!r}  # s
BETA = {1 - share!r}  # exp(-STEP / tau)


def drive(current_density):
    """Input of the cell for a current density in A/m2."""
    return {share * slope!r} * current_density + {share * offset!r}


def cell():
    """The neuron; its potential is 1 at the threshold."""
    return snntorch.Leaky(beta=BETA, threshold=1.0, reset_mechanism="zero", reset_delay=False)
'''


def norse_module(neuron: LeakyNeuron, *, step: float, temperature: float = 0.0, accept: Collection[str] = ()) -> str:
    """A module whose `cell()` is Norse's `LIFBoxCell`, in microseconds; as `snntorch_module` else."""
    _check(neuron, step)
    lost = refuse_losses("Norse", neuron_losses(neuron, temperature), accept)
    slope, offset = _drive(neuron)
    return f'''"""{_head(neuron, lost)}

Times are in microseconds, so that single precision suffices. A step of the cell is {step!r} s of the device.
"""

import torch
from norse.torch.functional.lif_box import LIFBoxParameters
from norse.torch.module.lif_box import LIFBoxCell

STEP = {1e6 * step!r}  # us
TAU = {1e6 * neuron.tau!r}  # us


def drive(current_density):
    """Input of the cell for a current density in A/m2."""
    return {slope!r} * current_density + {offset!r}


def cell():
    """The neuron; its potential is 1 at the threshold."""
    return LIFBoxCell(
        LIFBoxParameters(
            tau_mem_inv=torch.as_tensor(1 / TAU),
            v_leak=torch.as_tensor(0.0),
            v_th=torch.as_tensor(1.0),
            v_reset=torch.as_tensor(0.0),
        ),
        dt=STEP,
    )
'''


def brian2_module(neuron: LeakyNeuron, *, step: float, temperature: float = 0.0, accept: Collection[str] = ()) -> str:
    """A module whose `group(count, current)` is a `brian2.NeuronGroup`; as `snntorch_module` else."""
    _check(neuron, step)
    lost = refuse_losses("Brian2", neuron_losses(neuron, temperature, refractory=True, stop=True), accept)
    slope, offset = _drive(neuron)
    stop = '    found.run_regularly("v = clip(v, 0, inf)", clock=found.clock)\n' if neuron.stopped else ""
    return f'''"""{_head(neuron, lost)}

The clock of the group has steps of {step!r} s of the device, and Brian2's seconds are its seconds.
"""

from brian2 import NeuronGroup, second

STEP = {step!r} * second
TAU = {neuron.tau!r} * second
REFRACTORY = {neuron.refractory!r} * second


def group(count, current):
    """Neurons, and what gives their current density in A/m2: an expression of t and i, such as "5e11" or "J(t, i)"."""
    found = NeuronGroup(
        count,
        f"""
        dv/dt = ({slope!r} * j + {offset!r} - v) / TAU : 1 (unless refractory)
        j = {{current}} : 1
        """,
        threshold="v > 1",
        reset="v = 0",
        refractory=REFRACTORY,
        method="exponential_euler",
        dt=STEP,
        namespace={{"TAU": TAU}},
    )
{stop}    return found
'''


def _check(neuron: LeakyNeuron, step: float) -> None:
    shortest = float(neuron.interval(np.sign(neuron.r) * neuron.drive[1])) if np.isfinite(neuron.drive[1]) else np.inf
    if not 0 < step <= min(neuron.tau, shortest) / 4:
        raise ValueError(
            f"a step of {step:.3g} s is not above 0 s and at most a quarter of tau = {neuron.tau:.3g} s and of the "
            f"shortest interval {shortest:.3g} s; give a shorter one"
        )


def _drive(neuron: LeakyNeuron) -> tuple[float, float]:
    """Limit of the potential, 1 at the threshold: slope (1/(A/m2)) and offset."""
    span = neuron.v_threshold - neuron.v_reset
    return neuron.r / span, (neuron.v_leak - neuron.v_reset) / span


def _head(neuron: LeakyNeuron, lost: Collection[Loss]) -> str:
    low, high = neuron.drive
    sentences = " ".join(f"Lost: {loss.sentence}" for loss in lost)
    return (
        "A neuron fitted by the soliton workbench.\n\n"
        f"It holds for current densities of {low:.4g} to {high:.4g} A/m2 in size, with the sign that excites. "
        f"{sentences}"
    ).rstrip()
