"""Table of what a pulse does, as publications print it: step and spread, up and down, by the conductance before it.

Each pulse of each wall counts for the nearest of the conductances at which the wall rests without heat in the first
train; so there is a row for each place where places hold the wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from solitons.campaigns.domain_walls.dw_synapse.heated import HotSteps
from solitons.campaigns.domain_walls.dw_synapse.results import ConductanceStep
from solitons.devices.conductance_steps import resting_conductances, steps_from
from solitons.devices.tabulated_synapse import TabulatedSynapse
from solitons.figures import value_label
from solitons.fits.provenance import PulseProvenance
from solitons.fits.verdict import VerdictName

__all__ = ["PUBLISHED", "MeanStep", "frame_of", "step_table", "synapse_of_steps"]

Floats = npt.NDArray[np.float64]


class MeanStep(NamedTuple):
    """Mean step and standard deviation of one, as shares of a range: of pulses up, then of pulses down."""

    up: float
    up_spread: float
    down: float
    down_spread: float


# CrossSim's tables DWMTJ_SOT/300K and DWMTJ_STT/300K, in the mean over the middle four fifths of their conductances,
# over the range of the table; micromagnetics of notched junctions (Liu et al., Appl. Phys. Lett. 118, 202405 (2021)).
PUBLISHED = {
    "spin-orbit torque": MeanStep(0.0465, 0.0233, -0.0468, 0.0240),
    "spin-transfer torque": MeanStep(0.0358, 0.0053, -0.0359, 0.0056),
}


def step_table(hot: Sequence[HotSteps]) -> list[ConductanceStep]:
    """The table without heat and at each temperature, of the model's walls and of the runs."""
    if not hot:
        return []
    signs = hot[0].signs
    cold = next(each for each in (hot[0].conductance, hot[0].measured_conductance) if len(each))
    nodes = resting_conductances(cold, signs)
    changes = np.diff(cold, axis=1).mean(axis=0)
    raising = 1 if changes[signs > 0].sum() >= changes[signs < 0].sum() else -1
    found = []
    for each in hot:
        for source, conductance in (("model", each.conductance), ("micromagnetics", each.measured_conductance)):
            up, down = (steps_from(conductance, signs == sign, nodes) for sign in (raising, -raising))
            found += [
                ConductanceStep(
                    source=source,
                    temperature=each.temperature,
                    conductance=float(node),
                    up=rise.mean,
                    up_spread=rise.spread,
                    up_pulses=rise.pulses,
                    down=fall.mean,
                    down_spread=fall.spread,
                    down_pulses=fall.pulses,
                )
                for node, rise, fall in zip(nodes, up, down, strict=True)
                if rise.pulses or fall.pulses
            ]
    return found


def frame_of(rows: Sequence[ConductanceStep], low: float, span: float) -> pd.DataFrame:
    """Content of `steps.csv`, conductances in % of the junction's range, which goes from `low` by `span` in S."""
    share = 100 / span
    return pd.DataFrame(
        {
            "source": [row.source for row in rows],
            "temperature (K)": [row.temperature for row in rows],
            "conductance (S)": [row.conductance for row in rows],
            "conductance (% of range)": [share * (row.conductance - low) for row in rows],
        }
        | {
            f"{name} (% of range)": [None if (value := getattr(row, key)) is None else share * value for row in rows]
            for name, key in (
                ("step up", "up"),
                ("sigma up", "up_spread"),
                ("step down", "down"),
                ("sigma down", "down_spread"),
            )
        }
        | {f"pulses {way}": [getattr(row, f"{way}_pulses") for row in rows] for way in ("up", "down")}
    )


def synapse_of_steps(
    rows: Sequence[ConductanceStep], amplitude: float, width: float, verdict: VerdictName
) -> TabulatedSynapse | None:
    """The rows of one source and temperature as a device, which exports take; None where pulses of a sign do nothing.

    As many nodes as rows, at equal distances, and steps linear between them; the spread is the same everywhere, pooled
    over the rows. `amplitude` (A/m2) and `width` (s) are the pulse's.
    """
    nodes, means, spreads = np.array([row.conductance for row in rows]), [], []
    for way, sign in (("up", 1), ("down", -1)):
        pulses = np.array([getattr(row, f"{way}_pulses") for row in rows])
        mean, spread = (np.array([getattr(row, key) for row in rows], float) for key in (way, f"{way}_spread"))
        known, freedom = pulses > 0, np.maximum(pulses - 1, 0)
        if len(rows) < 2 or not known.any() or not np.any(sign * mean[known] > 0):
            return None
        even = np.interp(np.linspace(nodes[0], nodes[-1], nodes.size), nodes[known], mean[known])
        means.append(sign * np.maximum(sign * even, 0.0))
        spreads.append(np.sqrt(np.nan_to_num(spread) ** 2 @ freedom / max(freedom.sum(), 1)))
    return TabulatedSynapse(
        lowest=nodes[0],
        highest=nodes[-1],
        up=means[0],
        down=means[1],
        cycle_up=spreads[0],
        cycle_down=spreads[1],
        provenance=PulseProvenance(
            source=f"walls of a fitted model at {value_label(rows[0].temperature, 'K')}",
            pulse=f"{value_label(amplitude, 'A/m^2', digits=4)}, {value_label(width, 's', digits=4)}",
            width=width,
            model="table",
            devices=1,
            cycles=1,
            pulses=sum(row.up_pulses + row.down_pulses for row in rows),
            verdict=verdict,
            device_spread_known=False,
        ),
    )
