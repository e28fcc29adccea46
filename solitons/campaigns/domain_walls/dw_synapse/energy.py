"""Energy of pulses on a wall, readings of its junction and spikes of its neuron."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solitons.campaigns.domain_walls.dw_synapse.neuron_resets import reset_span
from solitons.campaigns.domain_walls.dw_synapse.neurons import NeuronRuns
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation
from solitons.campaigns.energy.run_energy import (
    DeviceEnergy,
    pulse_run_rows,
    read_row,
    weakest_and_strongest,
    write_pulse_rows,
)
from solitons.energy import EnergyLedger
from solitons.energy.ledger import EnergyRow
from solitons.figures import value_label

__all__ = ["RESET", "wall_energy"]

_NAME = "domain wall"
RESET = (_NAME, "reset pulse of the neuron")
"""Device and operation."""


def wall_energy(
    observations: Sequence[Observation],
    neuron: NeuronRuns | None,
    energy: DeviceEnergy,
) -> EnergyLedger:
    """Energy of the weakest and strongest pulses of the sweep, of a reading, and of the spike of least current."""
    rows: list[EnergyRow] = []
    for place in weakest_and_strongest([each.spec for each in observations]):
        rows += write_pulse_rows(_NAME, observations[place].spec, observations[place].run, energy)
    read = np.concatenate([each.conductances_at_rest for each in observations])
    rows.append(read_row(_NAME, float(np.nanmin(read) + np.nanmax(read)) / 2, energy))
    if neuron is not None:
        fires = [
            (firing.amplitude, firing.measured, each)
            for firing, each in zip(neuron.results.firings, neuron.observations, strict=True)
            if firing.measured is not None
        ]
        if fires:
            amplitude, moment, each = min(fires, key=lambda one: one[0])
            operation = f"spike at {value_label(amplitude, 'A/m^2', 3)}"
            rows += pulse_run_rows(_NAME, operation, each.spec, each.run, energy, second=moment, count=1, until=moment)
        rows += _reset_rows(neuron, energy)
    return EnergyLedger(rows=tuple(rows))


def _reset_rows(neuron: NeuronRuns, energy: DeviceEnergy) -> list[EnergyRow]:
    """Energy of the pulse that resets the neuron."""
    for reset, each in zip(neuron.results.resets, neuron.observations, strict=False):
        if reset.width == neuron.results.reset_width:
            begin, end = reset_span(each)
            # The next train begins where the rest ends.
            until = end - 1e-3 * (end - begin)
            return pulse_run_rows(
                *RESET, each.spec, each.run, energy, second=end - begin, count=1, after=begin, until=until
            )
    return []
