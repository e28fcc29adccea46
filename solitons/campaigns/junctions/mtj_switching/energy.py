r"""Energy of writing and reading a junction: the current through its barrier times the voltage over it.

A current density J that is held gives the barrier the voltage of the state that the layer is in,

.. math:: V_P = J\,RA, \qquad V_{AP} = J\,RA\,[1 + \mathrm{TMR}(V_{AP})],

and while a pulse of width w flows some members are still in the first state (their share is 1 - p) and the others in
the second one,

.. math:: E = J A \int_0^w \left[(1 - p)\,V_{first} + p\,V_{second}\right] dt .

It includes the torque's work, which damping turns into heat: some barriers k T, a millionth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries import Pillar
from geometries.quantities import Resistance
from solitons.campaigns.energy.run_energy import ReadEnergy, read_row
from solitons.campaigns.junctions.mtj_switching.results import SwitchingPoint, WriteErrorCurve
from solitons.energy import EnergyLedger
from solitons.energy.electric_paths import barrier_voltage
from solitons.energy.ledger import EnergyRow, Origin
from solitons.figures import value_label

__all__ = ["JunctionEnergy", "switching_ledger"]

Floats = npt.NDArray[np.float64]

_NAME = "tunnel junction"
_NO_CHANNEL = "the transistor in series is not described; give energy.transistor_resistance, 0 for a junction without"


class JunctionEnergy(ReadEnergy):
    """Settings for the energy of a junction's operations beside its runs; what is left out is not known.

    Parameters
    ----------
    transistor_resistance : float or str, optional
        Resistance in ohm of the open transistor in series with it; 0 for none.
    read_voltage, read_time, source
        As of `ReadEnergy`.
    """

    transistor_resistance: Annotated[Resistance, Field(ge=0, le=1e9)] | None = None


def switching_ledger(
    pillar: Pillar,
    points: Sequence[SwitchingPoint],
    ways: Sequence[tuple[float, bool]],
    curves: Sequence[WriteErrorCurve],
    lowest: float | None,
    energy: JunctionEnergy,
) -> EnergyLedger:
    """Energy of the strongest counted current of each way, of pulses that write almost surely, and of a reading.

    `ways` has the current density in A/m2 of each run, and whether its layer begins parallel to the fixed layer;
    `curves` are write errors of one moment of the first way, and `lowest` the smallest one that was asked for.
    """
    rows: list[EnergyRow] = []
    for start in (False, True):
        currents = [current for current, parallel in ways if parallel is start]
        if not currents:
            continue
        current = max(currents, key=abs)
        counted = sorted((each for each in points if each.current == current), key=lambda each: each.width)
        widths = np.array([0.0, *(each.width for each in counted)])
        left = np.array([0.0, *(each.probability for each in counted)])
        operation = f"{_pulse_words(current, widths[-1])}: {left[-1]:.0%} switch"
        known_by = f"J A times the mean voltage over {counted[-1].members} members by when each has switched"
        rows += _pulse_rows(pillar, operation, current, start, widths, left, "measured in the run", known_by, energy)
    parallel = ways[0][1]
    for curve in curves:
        if curve.width_for_lowest is None or lowest is None:
            continue
        width = curve.width_for_lowest
        operation = f"{_pulse_words(curve.current, width)}: one in {1 / lowest:,.0f} fails"
        at = np.array([0.0, *(each for each in curve.widths if each < width), width])
        over = 1 - np.interp(at, [0.0, *curve.widths], [1.0, *curve.exact]) if curve.exact else None
        known_by = "J A times the mean voltage, by the exact write errors of one moment"
        rows += _pulse_rows(pillar, operation, curve.current, parallel, at, over, "derived", known_by, energy)
    read = _area(pillar) / pillar.barrier.resistance_area
    bias = 0.0 if energy.read_voltage is None else energy.read_voltage
    rows.append(read_row(_NAME, read * (1 + 1 / (1 + float(pillar.barrier.tmr_at(bias)))) / 2, energy))
    return EnergyLedger(rows=tuple(rows))


def _area(pillar: Pillar) -> float:
    """Area of the cells under the junction in m2."""
    return float(pillar.window_mask().sum() * pillar.cell[0] * pillar.cell[1])


def _pulse_words(current: float, width: float) -> str:
    return f"pulse of {value_label(current, 'A/m^2', 3)}, {value_label(width, 's', 3)}"


def _pulse_rows(
    pillar: Pillar,
    operation: str,
    current: float,
    parallel: bool,
    widths: Floats,
    left: Floats | None,
    origin: Origin,
    known_by: str,
    energy: JunctionEnergy,
) -> list[EnergyRow]:
    """Energy of a pulse with sharp edges; the share `left` has left the first state at each of the widths."""
    first, second = (barrier_voltage(pillar.barrier, current, parallel=state) for state in (parallel, not parallel))
    amperes, width = abs(current) * _area(pillar), float(widths[-1])
    joule, why = None, ""
    if left is None:
        why = (
            "when a layer that is not symmetric about its easy axis switches is not worked out; it lies between "
            f"{value_label(amperes * min(first, second) * width, 'J', 3)} and "
            f"{value_label(amperes * max(first, second) * width, 'J', 3)}"
        )
    else:
        joule = amperes * (first * width + (second - first) * float(np.trapezoid(left, widths)))
    channel = energy.transistor_resistance
    volts = f"{value_label(first, 'V', 3)} before and {value_label(second, 'V', 3)} after"
    return [
        EnergyRow(
            device=_NAME, operation=operation, part="device", name="barrier and layer", joule=joule, second=width,
            origin=origin, source=f"{known_by}; {value_label(amperes, 'A', 3)}, {volts}", missing=why,
        ),
        EnergyRow(
            device=_NAME, operation=operation, part="driver", name="channel of the open transistor",
            joule=None if channel is None else channel * amperes**2 * width, origin="derived",
            source=f"R I^2 t; {energy.source}" if channel is not None else "R I^2 t",
            missing="" if channel is not None else _NO_CHANNEL,
        ),
    ]  # fmt: skip
