"""Energy of pulses in micromagnetic runs: ohmic heat of the path that the run describes, and heat of its magnet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import Length, Resistivity, Time, Voltage
from geometries.terminals import HeavyMetal, InPlaneCurrent, ThroughPlane
from runs import CurrentPulses, PiecewiseLinear, RunSpec
from runs.protocols.steps import place
from solitons.energy.ledger import EnergyRow
from solitons.figures import value_label

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "READ",
    "DeviceEnergy",
    "ReadEnergy",
    "first_train",
    "pulse_run_rows",
    "read_row",
    "squared_current_time",
    "weakest_and_strongest",
    "write_pulse_rows",
]

READ = "read"
_SHEET = {InPlaneCurrent: "the magnet", HeavyMetal: "the heavy metal"}


class ReadEnergy(Description):
    """How a device is read; what is left out is not known.

    Parameters
    ----------
    read_voltage : float or str, optional
        Over the junction in V; with the time.
    read_time : float or str, optional
        Duration of a reading in s.
    source : str
        Source of the numbers; the report states it.

    Raises
    ------
    pydantic.ValidationError
        If one of the two is given without the other, or without a source.
    """

    read_voltage: Annotated[Voltage, Field(gt=0, le=5)] | None = None
    read_time: Annotated[Time, Field(gt=0, le=1e-3)] | None = None
    source: str = ""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if (self.read_voltage is None) != (self.read_time is None):
            raise ValueError("energy: read_voltage and read_time belong together; give both or neither")
        if any(getattr(self, name) is not None for name in type(self).model_fields if name != "source") and not (
            self.source
        ):
            raise ValueError("numbers are given without a source; say in energy.source where they come from")
        return self


class DeviceEnergy(ReadEnergy):
    """Settings for the energy of a device's operations beside its runs; what is left out is not known.

    Parameters
    ----------
    resistivity : float or str, optional
        In ohm m, of what the current flows through: the magnet itself, or the heavy metal under it.
    metal_thickness : float or str, optional
        Thickness of the heavy metal in m; the runs have its current density, and no thickness.
    read_voltage, read_time, source
        As of `ReadEnergy`.
    """

    resistivity: Annotated[Resistivity, Field(gt=0, le=1)] | None = None
    metal_thickness: Annotated[Length, Field(gt=0, le=1e-6)] | None = None


def squared_current_time(times: np.ndarray, values: np.ndarray, until: float = np.inf) -> float:
    """Integral of the square of a current density that is linear between its breakpoints, in A2 s / m4.

    `times` in s rise, or are equal at a jump; `values` are in A/m2. It ends at `until` (s).
    """
    ends = np.minimum(times, until)
    at = np.where(times <= until, values, np.interp(until, times, values))
    first, last = at[:-1], at[1:]
    return float(np.sum((first**2 + first * last + last**2) / 3 * np.diff(ends)))


def first_train(spec: RunSpec) -> tuple[CurrentPulses, float]:
    """The first train of current pulses of a run, and the time in s at which its last period ends."""
    for placed in place(spec.in_time.steps):
        if isinstance(placed.step, CurrentPulses) and placed.step.amplitude > 0:
            return placed.step, placed.end
    raise ValueError(f"run {spec.run_id}: there are no current pulses whose energy could be given; add some")


def weakest_and_strongest(specs: Sequence[RunSpec]) -> list[int]:
    """Places of the runs with the weakest and the strongest first train, by amplitude^2 width; one if all are alike."""
    trains = [first_train(spec)[0] for spec in specs]
    strength = [train.amplitude**2 * train.width for train in trains]
    ends = [int(np.argmin(strength)), int(np.argmax(strength))]
    # Pulses that three digits do not tell apart would be one operation of the ledger.
    return ends if strength[ends[0]] < 0.98 * strength[ends[1]] else ends[:1]


def write_pulse_rows(name: str, spec: RunSpec, run: xr.Dataset, energy: DeviceEnergy) -> list[EnergyRow]:
    """Mean energy of a pulse of a run's first train, with its rest."""
    train, end = first_train(spec)
    operation = f"write pulse of {value_label(train.amplitude, 'A/m^2', 3)}, {value_label(train.width, 's', 3)}"
    # The next train may begin where this one ends.
    until = end - 1e-6 * train.period
    return pulse_run_rows(name, operation, spec, run, energy, second=train.period, count=train.count, until=until)


def pulse_run_rows(
    name: str,
    operation: str,
    spec: RunSpec,
    run: xr.Dataset,
    energy: DeviceEnergy,
    *,
    second: float,
    count: int | None = None,
    after: float = 0.0,
    until: float = np.inf,
) -> list[EnergyRow]:
    """Energy of a run's pulses, each or all from `after` to `until` (s): ohmic heat of each path, and damping's heat.

    `second` is the time of the operation in s. The run's energy is shared among `count` pulses: all that begin within
    these times if None, and 1 for all together. A current that is no train of pulses is an error.
    """
    from analysis import damping_heat
    from solitons.drives.drive_steps import pulses_of

    rows: list[EnergyRow] = []
    begin, number = np.inf, 0
    device, dx, dy, dz = spec.device, *spec.device.spacing
    for terminal, wave in spec.in_time.channels(device):
        if isinstance(terminal, ThroughPlane):
            rows.append(
                EnergyRow(
                    device=name, operation=operation, part="device", name="heat of the current through the plane",
                    joule=None, second=second if not rows else 0.0, origin="derived", source="J A times the voltage",
                    missing=f"what lies under the current of terminal {terminal.name!r} is not described; take a "
                    "current in the plane or in a heavy metal",
                )
            )  # fmt: skip
        if not isinstance(terminal, (InPlaneCurrent, HeavyMetal)):
            continue
        if not isinstance(wave, PiecewiseLinear):
            raise ValueError(
                f"{name}: the current of terminal {terminal.name!r} is a {type(wave).__name__}, which has no pulses "
                "whose energy could be shared; give a train of pulses"
            )
        times, values = np.asarray(wave.times), np.asarray(wave.values)
        pulses = pulses_of(wave)
        pulses = pulses[(pulses[:, 0] >= after) & (pulses[:, 0] < until)]
        # Several terminals that carry the pulses at once are one device.
        begin, number = min(begin, float(pulses[:, 0].min(initial=np.inf))), max(number, len(pulses))
        each = max(len(pulses) if count is None else count, 1)
        cells = terminal.cells(device)
        metal = isinstance(terminal, HeavyMetal)
        sheet = _SHEET[type(terminal)]
        missing = []
        if energy.resistivity is None:
            missing.append(f"the resistivity of {sheet} is not given; give energy.resistivity")
        if metal and energy.metal_thickness is None:
            missing.append("the thickness of the heavy metal is not given; give energy.metal_thickness")
        if terminal.along_path:
            missing.append("the current follows a path, across which its density is not uniform; take a straight one")
        volume = float(cells.any(axis=2).sum()) * dx * dy * (energy.metal_thickness or 0.0)
        if not metal:
            volume = float(cells.sum()) * dx * dy * dz
        heat = None
        if not missing:
            assert energy.resistivity is not None
            spent = squared_current_time(times, values, until) - squared_current_time(times, values, after)
            heat = energy.resistivity * volume * spent / each
        rows.append(
            EnergyRow(
                device=name, operation=operation, part="device", name=f"ohmic heat of {sheet}", joule=heat,
                second=second if not rows else 0.0, origin="derived",
                source=f"rho times the integral of J^2 over {volume:.3g} m3 and the pulse of the run; {energy.source}"
                if not missing
                else "rho times the integral of J^2 over volume and pulse",
                missing="; ".join(missing),
            )
        )  # fmt: skip
    temperature = spec.in_time.temperature
    joule, why = None, f"at {temperature:g} K heat gives the magnet what damping takes; a run at 0 K shows it"
    if not temperature:
        damping = np.zeros(device.shape)
        for part in device.placed_parts(spec.material):
            damping[part.cells] = part.material.alpha
        path = damping_heat(run, device.saturation_magnetisation(spec.material), damping, spec.material.gamma0)
        first, last = (float(np.interp(t, path["t"], path)) for t in (begin, min(until, float(path["t"][-1]))))
        joule, why = max(last - first, 0.0) / max(number if count is None else count, 1), ""
    rows.append(
        EnergyRow(
            device=name, operation=operation, part="device", name="heat of the magnet by damping", joule=joule,
            second=0.0 if rows else second, origin="measured in the run",
            source=f"frames of run {spec.run_id}, a lower bound: mu0 alpha Ms / gamma0 times (dm/dt)^2", missing=why,
        )
    )  # fmt: skip
    return rows


def read_row(name: str, conductance: float, energy: ReadEnergy) -> EnergyRow:
    """A reading of the junction at a conductance (S): V^2 G t."""
    volts, time = energy.read_voltage, energy.read_time
    source = f"V^2 G t at {conductance * 1e6:.3g} uS, the middle of its range"
    known = volts is not None and time is not None
    return EnergyRow(
        device=name, operation=READ, part="device", name="heat in the junction",
        joule=volts**2 * conductance * time if volts is not None and time is not None else None,
        second=time if known else None, origin="derived",
        source=f"{source}; {energy.source}" if known else source,
        missing="" if known else "no reading is described; give energy.read_voltage and energy.read_time",
    )  # fmt: skip
