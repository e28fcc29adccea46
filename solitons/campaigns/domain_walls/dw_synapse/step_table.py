"""Table of what a pulse does, as publications print it: step and spread, up and down, by the conductance before it.

Of the trains, each pulse of each wall counts for the nearest of the conductances at which the wall rests without heat
in the first one. Single pulses, where there are runs of them, count for the place from which they were sent.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from runs import CurrentPulses
from solitons.campaigns.domain_walls.dw_synapse.heat_results import Arrival, ConductanceStep, Source
from solitons.campaigns.domain_walls.dw_synapse.heated import HotSteps
from solitons.devices.conductance_steps import resting_conductances, steps_from
from solitons.devices.tabulated_synapse import TabulatedSynapse
from solitons.figures import value_label
from solitons.fits.provenance import PulseProvenance
from solitons.fits.verdict import VerdictName

__all__ = ["PUBLISHED", "frame_of", "step_table", "synapse_of_steps", "with_single_pulses"]

PUBLISHED = {
    "spin-orbit torque": {"up": (0.0465, 0.0233), "down": (-0.0468, 0.0240)},
    "spin-transfer torque": {"up": (0.0358, 0.0053), "down": (-0.0359, 0.0056)},
}
"""Steps and standard deviations of notched junctions at 300 K in micromagnetics, as shares of the range.

After S. Liu et al., Appl. Phys. Lett. 118, 202405 (2021): CrossSim's tables DWMTJ_SOT/300K and DWMTJ_STT/300K, in the
mean over the middle four fifths of their conductances.
"""

_SHARES = ["share", "up", "up_spread", "down", "down_spread"]


def step_table(hot: Sequence[HotSteps], low: float, span: float) -> list[ConductanceStep]:
    """The table without heat and at each temperature, of the model's walls and of the runs.

    The junction has conductances from `low` on over a `span`, in S.
    """
    if not hot:
        return []
    cold = hot[0].conductance if len(hot[0].conductance) else hot[0].measured_conductance
    nodes, signs, changes = resting_conductances(cold, hot[0].signs), hot[0].signs, np.diff(cold, axis=1).sum(axis=0)
    raising = 1 if signs @ changes >= 0 else -1
    return [
        ConductanceStep(
            source=source,
            temperature=each.temperature,
            conductance=node,
            share=(node - low) / span,
            up=rise[0] / span,
            up_spread=rise[1] / span,
            up_pulses=int(rise[2]),
            down=fall[0] / span,
            down_spread=fall[1] / span,
            down_pulses=int(fall[2]),
        )
        for each in hot
        for source, walls in (("model", each.conductance), ("micromagnetics", each.measured_conductance))
        for node, rise, fall in zip(
            nodes.tolist(), *(steps_from(walls, signs == sign, nodes) for sign in (raising, -raising)), strict=True
        )
        if rise[2] or fall[2]
    ]


def with_single_pulses(
    rows: Sequence[ConductanceStep], arrivals: Sequence[Arrival], low: float, span: float
) -> list[ConductanceStep]:
    """The table with rows of single pulses at temperatures at which there are runs of them, in place of the trains'."""
    pulsed = [each for each in arrivals if each.arrived]
    if not pulsed:
        return list(rows)
    raising = 1 if sum(each.sign * each.model_step for each in pulsed) >= 0 else -1
    found = [row for row in rows if row.temperature not in {each.temperature for each in pulsed}]
    by_place = sorted({(each.temperature, each.place) for each in pulsed})
    sources: tuple[Source, ...] = ("model", "micromagnetics")
    for source, (temperature, place) in itertools.product(sources, by_place):
        here: dict[int, Arrival] = {
            each.sign: each for each in pulsed if (each.temperature, each.place) == (temperature, place)
        }
        conductance = next(iter(here.values())).conductance
        rise, fall = (_sent(here.get(sign), source, span) for sign in (raising, -raising))
        found.append(
            ConductanceStep(
                source=source,
                temperature=temperature,
                place=place,
                conductance=conductance,
                share=(conductance - low) / span,
                up=rise[0],
                up_spread=rise[1],
                up_pulses=rise[2],
                down=fall[0],
                down_spread=fall[1],
                down_pulses=fall[2],
            )
        )
    return found


def _sent(pulses: Arrival | None, source: Source, span: float) -> tuple[float | None, float | None, int]:
    """Mean step and its standard deviation of pulses one way, as shares of the range, and their number."""
    if pulses is None:
        return None, None, 0
    if source == "model":
        return pulses.model_step / span, pulses.model_spread / span, sum(pulses.expected.values())
    assert pulses.step is not None
    assert pulses.spread is not None
    return pulses.step / span, pulses.spread / span, sum(pulses.arrived.values())


def frame_of(rows: Sequence[ConductanceStep]) -> pd.DataFrame:
    """Content of `steps.csv`: the rows with shares of the range in %."""
    frame = pd.DataFrame([row.model_dump() for row in rows], columns=list(ConductanceStep.model_fields))
    frame[_SHARES] = 100 * frame[_SHARES].astype(float)
    units = {"temperature": "K", "conductance": "S", **dict.fromkeys(_SHARES, "% of range")}
    return frame.rename(columns={name: f"{name} ({unit})" for name, unit in units.items()})


def synapse_of_steps(
    rows: Sequence[ConductanceStep], span: float, pulse: CurrentPulses, verdict: VerdictName
) -> TabulatedSynapse | None:
    """The rows of one source and temperature as a device, which exports take; None where pulses of a sign do nothing.

    As many nodes as rows, at equal distances, and steps linear between them; the spread is the same everywhere, pooled
    over the rows.
    """
    frame = pd.DataFrame([row.model_dump() for row in rows]).sort_values("conductance")
    found: dict[str, Any] = {}
    for way, sign in (("up", 1), ("down", -1)):
        known = frame[frame[f"{way}_pulses"] > 0]
        if len(frame) < 2 or not (sign * known[way] > 0).any():
            return None
        even = np.linspace(frame.conductance.iloc[0], frame.conductance.iloc[-1], len(frame))
        steps = np.interp(even, known.conductance, known[way].astype(float))
        freedom = known[f"{way}_pulses"] - 1
        variance = (freedom * known[f"{way}_spread"].astype(float) ** 2).sum() / max(freedom.sum(), 1)
        found |= {way: span * sign * np.maximum(sign * steps, 0.0), f"cycle_{way}": span * np.sqrt(variance)}
    origin = PulseProvenance(
        source=f"walls of a fitted model at {value_label(rows[0].temperature, 'K')}",
        pulse=f"{value_label(pulse.amplitude, 'A/m^2', digits=4)}, {value_label(pulse.width, 's', digits=4)}",
        width=pulse.width,
        model="table",
        devices=1,
        cycles=1,
        pulses=int(frame.up_pulses.sum() + frame.down_pulses.sum()),
        verdict=verdict,
        device_spread_known=False,
    )
    return TabulatedSynapse(lowest=even[0], highest=even[-1], provenance=origin, **found)
