"""A skyrmion and a row of them with round numbers, to try the models on."""

from __future__ import annotations

import numpy as np

from solitons.devices.junction_read_out import JunctionReadOut
from solitons.skyrmions.fitted_devices import synapse_of
from solitons.skyrmions.forces import EdgeForce
from solitons.skyrmions.skyrmion_synapse import SkyrmionSynapse
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["example_row", "example_skyrmion"]


def example_skyrmion() -> ThieleDynamics:
    """A skyrmion of some 8 nm in a track 60 nm wide, much as a fit of `skyrmion-synapse` has it; not fitted."""
    spin_orbit = np.array([[0.0, 8.3e-8, 0.0], [-8.3e-8, 0.0, 0.0]])
    edges = EdgeForce(low=0.0, high=60e-9, strength=3.6e-12, distance=14e-9, decay=8e-9)
    return ThieleDynamics(
        -4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, spin_orbit=spin_orbit, force=edges,
        damping_like_per_current=4.5e-8,
    )  # fmt: skip


def example_row(count: int = 3) -> SkyrmionSynapse:
    """A row of such skyrmions, 60 nm apart, under a junction as long as the row."""
    read_out = JunctionReadOut(resistance_area="10 ohm um^2", tmr=1.5, polariser=(0, 0, -1))
    return synapse_of(example_skyrmion(), (8e-9, 4e-9), read_out, count=count, pitch=60e-9)
