"""Synapses for CrossSim: look-up tables of its training (version 2) and a device of its inference (version 3).

Version 2 reads two files, for pulses up and down. After a line of words come the conductances (columns), the cumulative
probabilities (rows), and the matrix of changes, all in S and separated by commas; both files have the same columns and
rows. Its fast interpolation needs both equally spaced; it takes changes in the mean over all rows but the last, and the
mean of the whole range must be above 0 in the one file and below in the other.

Version 3 has no pulses. A device there is a class whose `programming_error` and `read_noise` make of conductances over
the largest one what is really written and read: here what counted pulses miss, from the fitted device.
(CrossSim's source, versions 2.0 and 3.2, which is on no package index.)
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import scipy

from solitons.devices.tabulated_synapse import TabulatedSynapse
from solitons.exports.losses import refuse_losses, spread_note, synapse_losses

__all__ = ["crosssim_device", "crosssim_tables"]

Floats = npt.NDArray[np.float64]

_COLUMNS, _ROWS = 201, 401
_DEVICES, _TARGETS = 2000, 33


def crosssim_tables(synapse: TabulatedSynapse, *, accept: Collection[str] = ()) -> tuple[str, str]:
    """Contents of ``dG_increasing.txt`` and ``dG_decreasing.txt``, the two look-up tables that CrossSim 2 reads.

    `accept` names what may be lost: "device_spread", "read_noise". CrossSim takes the sign of a table from its mean, so
    that pulses of each sign must do something.
    """
    refuse_losses("CrossSim 2", synapse_losses(synapse), accept)
    conductance = np.linspace(float(synapse.lowest), float(synapse.highest), _COLUMNS)
    probability = np.linspace(0.0, 1.0, _ROWS)
    # The middle of what each row stands for: at 0 and 1 a normal number would be infinite.
    normal = scipy.stats.norm.ppf((np.arange(_ROWS) + 0.5) / _ROWS)
    found = []
    for sign, cycle in ((1, float(synapse.cycle_up)), (-1, float(synapse.cycle_down))):
        mean = synapse.mean_step(conductance, sign)
        changes = mean + cycle * normal[:, None]
        if not sign * mean.mean() > 0:
            word = "up" if sign > 0 else "down"
            raise ValueError(
                f"crosssim_tables: pulses {word} change the conductance by {mean.mean():.3g} S in the mean, from which "
                "CrossSim cannot tell the sign; fit a device whose pulses of both signs do something"
            )
        rows = [conductance, probability, *changes]
        lines = [",".join(f"{value:.17g}" for value in row) for row in rows]
        head = "Row 1: conductance (S); row 2: cumulative probability; then change (S), a row for each probability"
        head = head if synapse.spread_known else f"{head}. {spread_note(synapse)}"
        found.append("\n".join([head, *lines]) + "\n")
    return found[0], found[1]


def crosssim_device(synapse: TabulatedSynapse, *, seed: int = 0, accept: Collection[str] = ()) -> str:
    """A Python module with a device class of CrossSim 3.

    Its programming error is what counted pulses miss, without reading back, in the mean and by chance: of 2000 devices
    (drawn by `seed`) that are written from the lowest conductance to each of 33 targets. Nothing is lost of what
    CrossSim 3 uses; it has no learning by pulses.
    """
    refuse_losses("CrossSim 3", synapse_losses(synapse, device_spread=True, read_noise=True), accept)
    low, high = float(synapse.lowest), float(synapse.highest)
    targets = np.linspace(low, high, _TARGETS)
    written = synapse.write(np.broadcast_to(targets, (_DEVICES, _TARGETS)).copy(), seed=seed).conductance
    off, spread = written.mean(axis=0) - targets, written.std(axis=0, ddof=1)
    known = "" if synapse.spread_known else f". {spread_note(synapse)}"
    return f'''"""A synapse fitted by the soliton workbench, as a device of CrossSim (written for 3.2).

Import this module, then say parameters(params) before you make an AnalogCore. Conductances are over the largest one,
{high:.6g} S; {low:.6g} S is the lowest.
"""

import numpy as np
from simulator.backend import ComputeBackend
from simulator.devices.idevice import EmptyDevice

xp = ComputeBackend()
LOWEST, HIGHEST = {low!r}, {high!r}  # S
TARGET = np.array({(targets / high).tolist()!r})
OFF = np.array({(off / high).tolist()!r})  # mean of what is written, less its target
SPREAD = np.array({(spread / high).tolist()!r})  # standard deviation of what is written{known}
READ_NOISE = {float(synapse.read_noise) / high!r}  # standard deviation of a reading


class SolitonSynapse(EmptyDevice):
    """Written by counted pulses without reading back."""

    def programming_error(self, input_):
        """What is written where input_ is asked for."""
        where = np.asarray(input_, dtype=float)
        off, spread = np.interp(where, TARGET, OFF), np.interp(where, TARGET, SPREAD)
        return input_ + xp.asarray(off + spread * np.random.normal(size=where.shape))

    def read_noise(self, input_):
        """What is read where input_ was written."""
        return input_ + READ_NOISE * xp.random.normal(size=input_.shape)


def parameters(params):
    """Put the device into CrossSimParameters."""
    device = params.xbar.device
    device.Rmin, device.Rmax, device.infinite_on_off_ratio = 1 / HIGHEST, 1 / LOWEST, False
    for error in (device.programming_error, device.read_noise):
        error.enable, error.model = True, "SolitonSynapse"
    return params
'''
