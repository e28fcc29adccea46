"""Anisotropies that change with time, from voltages on gates.

The change is one of the interface, -xi V / t_b in J/m2, and is spread over the height of the magnet under
the gate, so that a column has the same energy however many layers of cells it is cut into.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import lazy_loader
import numpy as np

from geometries.device import AbstractDevice
from runs.protocols.abstract import Channel
from runs.system.time_dependence import TimeDependence, of_function

if TYPE_CHECKING:
    import discretisedfield as df
else:
    df = lazy_loader.load("discretisedfield")

__all__ = ["gated_anisotropies"]


def gated_anisotropies(
    device: AbstractDevice, channels: Sequence[Channel], mesh: df.Mesh, how: TimeDependence
) -> list[Any]:
    """Give a term along z for each gate that has a voltage, named after the terminal.

    The waveforms of the channels are not 0 throughout; only gates count. A ValueError if there is one and
    `how` is "tcl": OOMMF has no anisotropy that depends on time.
    """
    terms = []
    for terminal, waveform in channels:
        if terminal.kind != "voltage_gate":
            continue
        if how != "function":
            raise ValueError(f"terminal {terminal.name!r}: a voltage on a gate cannot be written as Tcl for OOMMF")
        from runs.native import ModulatedAnisotropy

        cells = terminal.cells(device)
        height = cells.sum(axis=2)
        change = np.zeros(cells.shape)
        for layers in np.unique(height[height > 0]):
            column = cells & (height == layers)[:, :, np.newaxis]
            change[column] = terminal.anisotropy_change(waveform.peak, float(layers) * device.cell[2])
        constant = df.Field(mesh, nvdim=1, value=change[..., np.newaxis])
        name = f"gate_{terminal.name}"
        terms.append(ModulatedAnisotropy(K=constant, u=(0, 0, 1), name=name, **of_function(waveform)))
    return terms
