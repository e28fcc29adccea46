"""How much faster than micromagnetics the reduced model is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runs import RunSpec, Store
from solitons.campaigns.dw_synapse.stripe_device import stripe_of
from solitons.walls.simulation import simulate_many
from solitons.walls.wall_dynamics import WallDynamics

__all__ = ["Speed", "compare_speed"]

DEVICES = 1000


@dataclass(frozen=True)
class Speed:
    """Simulated device-seconds per second of wall time.

    Parameters
    ----------
    engine : float
        Of the micromagnetic engine, one run on one thread, over all runs.
    reduced : float
        Of the reduced model, `devices` devices in a batch, without compilation.
    devices : int
        Size of the batch.
    """

    engine: float
    reduced: float
    devices: int = DEVICES

    @property
    def ratio(self) -> float:
        """Reduced over engine."""
        return self.reduced / self.engine


def compare_speed(dynamics: WallDynamics, angle: float, specs: Sequence[RunSpec], store: str | Path) -> Speed:
    """Run the fitted model on the campaign's longest protocol, 1,000 devices at once, and time it.

    The engine's speed comes from the wall times in the store; the reduced model
    samples its path as often as the runs did.
    """
    folder = Store(Path(store))
    records = [folder.provenance(spec.run_id) for spec in specs]
    engine = sum(record["simulated_time"] for record in records) / sum(record["wall_time"] for record in records)
    longest = max(specs, key=lambda spec: (spec.in_time.duration, spec.in_time.current_density.peak))
    protocol = longest.in_time
    position = np.full(DEVICES, stripe_of(longest).walls[0].position)
    seconds = np.inf
    for _ in range(3):  # the first call compiles
        started = time.perf_counter()
        simulate_many(dynamics, protocol.sample_times, protocol.current_density, position=position, angle=angle)
        seconds = min(seconds, time.perf_counter() - started)
    return Speed(engine=engine, reduced=DEVICES * protocol.duration / seconds)
