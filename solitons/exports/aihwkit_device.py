r"""Synapses as aihwkit's piecewise step device.

There a weight w between w_min and w_max changes by dw_min v(w) (1 + sigma xi) with a pulse, v given at nodes that are
equally spaced and linear between, as many up as down (`PiecewiseStepDevice` of aihwkit 1.1). The nodes are ours; w is
-1 at the lowest conductance and 1 at the highest, and steps are counted in dw_min, their mean. Its noise is relative to
the step and ours is not, which is a loss: sigma gives the same variance in the mean over the range.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from solitons.devices.tabulated_synapse import TabulatedSynapse
from solitons.exports.losses import Loss, refuse_losses, spread_note, synapse_losses

__all__ = ["aihwkit_module"]

_MOST_NODES = 63
"""GPUs take fewer than 64."""


def aihwkit_module(synapse: TabulatedSynapse, *, accept: Collection[str] = ()) -> str:
    """A Python module for aihwkit whose `device()` is the synapse, which has at most 63 nodes and steps of both signs.

    `accept` names what may be lost: "read_noise", "noise_of_small_steps". Another loss raises `CannotExpressError`.
    """
    if synapse.up.size > _MOST_NODES:
        raise ValueError(f"aihwkit_module: {synapse.up.size} nodes; aihwkit takes {_MOST_NODES} or fewer on GPUs")
    for name, steps in (("up", synapse.up), ("down", synapse.down)):
        if not np.any(steps):
            raise ValueError(f"aihwkit_module: pulses {name} do nothing, and aihwkit's devices learn with both")
    losses = synapse_losses(synapse, device_spread=True)
    to_weight = 2 / (float(synapse.highest) - float(synapse.lowest))
    up, down = to_weight * synapse.up, -to_weight * synapse.down
    smallest = float(np.mean(np.concatenate([up, down])))
    fine = np.linspace(float(synapse.lowest), float(synapse.highest), 257)
    steps = to_weight * np.abs(np.stack([synapse.mean_step(fine, 1), synapse.mean_step(fine, -1)]))
    cycles = to_weight * np.array([float(synapse.cycle_up), float(synapse.cycle_down)])
    relative = float(np.sqrt(np.mean(cycles**2) / np.mean(steps**2)))
    if relative > 1e-3:
        losses.append(
            Loss(
                "noise_of_small_steps",
                f"Its noise of a pulse is a share of the step, here {relative:.0%} in the mean over the range; that of "
                "this device is the same for small and large steps.",
            )
        )
    lost = refuse_losses("aihwkit", losses, accept)
    known = "" if synapse.spread_known else f". {spread_note(synapse)}"
    said = "\n".join(f"# Lost: {loss.sentence}" for loss in lost)
    return f'''"""A synapse fitted by the soliton workbench, as a device of aihwkit (written for 1.1).

Weight -1 is {float(synapse.lowest):.6g} S, weight 1 is {float(synapse.highest):.6g} S. One pulse is one dw_min times
the value at its node.
"""

from aihwkit.simulator.configs.devices import PiecewiseStepDevice

{said}
LOWEST, HIGHEST = {float(synapse.lowest)!r}, {float(synapse.highest)!r}  # S
DW_MIN = {smallest!r}
UP = {(up / smallest).tolist()!r}
DOWN = {(down / smallest).tolist()!r}
RELATIVE_NOISE = {relative!r}  # of a step, from pulse to pulse
DEVICE_SPREAD = {float(synapse.gain)!r}  # relative, of dw_min{known}


def weight(conductance):
    """Weight of a conductance in S."""
    return 2 * (conductance - LOWEST) / (HIGHEST - LOWEST) - 1


def conductance(weight):
    """Conductance in S of a weight."""
    return LOWEST + (weight + 1) * (HIGHEST - LOWEST) / 2


def device(noise=True):
    """The device; without noise, every pulse of every device does the mean."""
    return PiecewiseStepDevice(
        w_min=-1.0,
        w_max=1.0,
        w_min_dtod=0.0,
        w_max_dtod=0.0,
        dw_min=DW_MIN,
        dw_min_std=RELATIVE_NOISE if noise else 0.0,
        dw_min_dtod=DEVICE_SPREAD if noise else 0.0,
        up_down=0.0,
        up_down_dtod=0.0,
        piecewise_up=UP,
        piecewise_down=DOWN,
    )
'''
