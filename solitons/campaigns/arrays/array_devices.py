"""Devices in the cells of an array and the pulses that write them, shared by campaigns of arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from geometries.description import MAY_REPEAT, Description, told_apart_by
from geometries.quantities import (
    Area,
    Coordinate,
    CurrentDensity,
    Length,
    PureNumber,
    Resistance,
    Resistivity,
    Temperature,
)
from runs.protocols.abstract_step import Duration
from solitons.campaigns.framework.results import ResultsPart
from solitons.devices.level_count import levels_in_wells
from solitons.energy import JunctionPath, MetalPath
from solitons.figures import value_label
from solitons.fits.verdict import Reason, failure, limitation
from solitons.models.loading import load_model_of
from solitons.models.saving import model_file, saved_devices

if TYPE_CHECKING:
    from solitons.crossbars import StepTable, Wires
    from solitons.devices.pulse_shape import ProgrammingPulse
    from solitons.devices.synapse import AbstractSynapse
    from solitons.devices.tabulated_synapse import TabulatedSynapse

__all__ = [
    "ArrayDevice",
    "ArrayWires",
    "CellPulse",
    "FoundDevice",
    "TileLines",
    "device_reasons",
    "found_device",
    "table_with_spread",
]

MOST_TABLE_ERROR = 0.1
"""Share of the range; a table of steps with a larger error does not represent its device."""
SMALL_TABLE_ERROR = 0.03
MOST_OUTSIDE = 0.01
"""Share of the pulses outside of the fit, above which it is reported."""


class CellPulse(Description):
    """The pulse that writes a device.

    Parameters
    ----------
    amplitude : float or str
        Current density in A/m2.
    width : float or str
        In s, rise and fall included.
    rise : float or str
        In s.
    period : float or str
        From one pulse to the next in s.
    """

    amplitude: Annotated[CurrentDensity, Field(gt=0)]
    width: Annotated[Duration, Field(gt=0, le=1e-6)]
    rise: Annotated[Duration, Field(ge=0)] = 0.0
    period: Annotated[Duration, Field(gt=0, le=1e-6)]

    @model_validator(mode="after")
    def _fits(self) -> CellPulse:
        if not 2 * self.rise <= self.width <= self.period:
            raise ValueError(
                f"pulse: width = {self.width:g} s must be at least twice rise = {self.rise:g} s, and no longer than "
                f"period = {self.period:g} s"
            )
        return self

    @property
    def programming(self) -> ProgrammingPulse:
        """The same for a driver."""
        from solitons.devices.pulse_shape import ProgrammingPulse

        return ProgrammingPulse(self.amplitude, self.width, self.width, self.rise, self.period)


Conductances = Annotated[
    tuple[Annotated[PureNumber, Field(gt=0)], ...], Field(min_length=3, max_length=2000), MAY_REPEAT
]


class MetalWritePath(Description):
    """The metal along which the current flows that writes a device: its stripe, or the heavy metal under it.

    Parameters
    ----------
    resistivity : float or str
        In ohm m.
    length, width, thickness : float or str
        Along the current and across it, in m.
    source : str
        Source of the numbers; the ledger states it.
    """

    kind: Literal["metal"] = "metal"
    resistivity: Annotated[Resistivity, Field(gt=0, le=1)]
    length: Annotated[Coordinate, Field(gt=0, le=1e-3)]
    width: Annotated[Coordinate, Field(gt=0, le=1e-3)]
    thickness: Annotated[Length, Field(gt=0)]
    source: Annotated[str, Field(min_length=1)]

    def path(self, conductance: float, count: int) -> MetalPath:
        """The path of the current; what the device conducts does not matter."""
        del conductance, count
        return MetalPath(self.resistivity, self.length, self.width, self.thickness)


class JunctionWritePath(Description):
    """A junction that is written through itself, at its own conductance.

    Parameters
    ----------
    area : float or str
        Area of one junction in m2.
    source : str
        Source of the number; the ledger states it.
    """

    kind: Literal["junction"] = "junction"
    area: Annotated[Area, Field(gt=0, le=1e-6)]
    source: Annotated[str, Field(min_length=1)]

    def path(self, conductance: float, count: int) -> JunctionPath:
        """The path of the current through so many junctions of a conductance (S) each."""
        return JunctionPath(self.area, conductance, count)


WritePath = Annotated[MetalWritePath | JunctionWritePath, Field(discriminator="kind"), told_apart_by("kind")]


class ArrayDevice(Description):
    """A device of an array: a saved synapse with its pulse, or measured conductances against pulses.

    Parameters
    ----------
    name : str
        As the report has it.
    fitted_model : str, optional
        The file of a saved synapse, such as ``synapse.json`` of a campaign, or ``wall``,
        ``wall-grains`` or ``junction``, which come with the workbench.
    junctions : int, optional
        Number of junctions in parallel in one device, if junctions are written by chance; they multiply its
        conductance.
    pulse : CellPulse, optional
        Pulse that writes it; with a fitted model. For a synapse fitted to pulses only the energy needs it.
    write_path : WritePath, optional
        Path of the pulse's current, which sets its energy; with a pulse.
    temperature : float or str, optional
        In K, at which it is kept after writing; as for all devices if left out (`drift`).
    up, down : sequence of float, optional
        Conductances in S before the first pulse and after each, of raising and of lowering pulses.

    Raises
    ------
    pydantic.ValidationError
        If there is neither or both of a model and conductances, conductances have a pulse, or a train goes another way.
    """

    name: Annotated[str, Field(min_length=1, max_length=40)]
    fitted_model: Annotated[str, Field(min_length=1)] | None = None
    junctions: Annotated[int, Field(ge=1, le=256)] | None = None
    pulse: CellPulse | None = None
    write_path: WritePath | None = None
    temperature: Annotated[Temperature, Field(gt=0, le=2000)] | None = None
    up: Conductances | None = None
    down: Conductances | None = None

    @model_validator(mode="after")
    def _from_one_source(self) -> ArrayDevice:
        from solitons.crossbars.measured_trains import checked_trains

        measured = self.up is not None or self.down is not None
        if measured == (self.fitted_model is not None) or (measured and (self.up is None or self.down is None)):
            raise ValueError(
                f"device {self.name!r}: give either fitted_model with its pulse, or both up and down, conductances in S"
            )
        if self.fitted_model is None and self.pulse is not None:
            raise ValueError(f"device {self.name!r}: a pulse belongs to a fitted_model; leave it out")
        if self.write_path is not None and self.pulse is None:
            raise ValueError(
                f"device {self.name!r}: write_path is given without the pulse whose energy would follow from it; give "
                "both or neither"
            )
        if self.up is not None and self.down is not None:
            checked_trains(self.up, self.down, f"device {self.name!r}")
        return self

    @property
    def file(self) -> Path | None:
        """File of the fitted model: the named one, or one that comes with the workbench."""
        return None if self.fitted_model is None else model_file(self.fitted_model)

    def synapse(self) -> AbstractSynapse | TabulatedSynapse | None:
        """The fitted synapse; None where conductances are given.

        A `TabulatedSynapse`, as ``solitons fit-pulses`` saves it, is known by its pulses; any other needs a pulse.
        """
        from solitons.devices.synapse import AbstractSynapse
        from solitons.devices.tabulated_synapse import TabulatedSynapse
        from solitons.junctions import StochasticBinarySynapse

        if self.file is None:
            return None
        assert self.fitted_model is not None
        remedy = f"give the synapse.json of a campaign, or one of {', '.join(saved_devices())}"
        wanted = AbstractSynapse | TabulatedSynapse
        model = load_model_of("device.fitted_model", self.fitted_model, remedy, wanted)
        if self.junctions is not None:
            if not isinstance(model, StochasticBinarySynapse):
                raise ValueError(
                    f"device.junctions = {self.junctions}, but {self.fitted_model!r} is one {type(model).__name__}; "
                    "leave junctions out"
                )
            # As many junctions in parallel conduct as many times as well.
            more = self.junctions / model.count
            junction = replace(
                model.junction, parallel=model.junction.parallel * more, antiparallel=model.junction.antiparallel * more
            )
            model = replace(model, junction=junction, count=self.junctions)
        if self.pulse is None and isinstance(model, AbstractSynapse):
            raise ValueError(
                f"device.fitted_model = {self.fitted_model!r} holds a {type(model).__name__}, which moves as its pulse "
                "has it; give the pulse that writes it as device.pulse"
            )
        synapse: AbstractSynapse | TabulatedSynapse = model
        return synapse


TileLines = Annotated[int, Field(ge=2, le=1024)]
"""Lines of a tile: one device is no array, and what is solved at once must fit the memory."""


class ArrayWires(Description):
    """Resistances of the lines of all arrays.

    Parameters
    ----------
    segment : float or str
        From one cell to the next, of word lines and of bit lines, in ohm; 0.2 is 0.5 um of copper of 0.25 um x 0.2 um.
    driver, sense : float or str
        Resistances of the driver of a word line and of the end of a bit line, in ohm.
    tile : int, optional
        Most word lines, and most bit lines, of one tile: a larger array is cut into tiles with drivers and converters
        of their own, whose numbers are added column by column. Nothing is cut if left out.
    """

    segment: Annotated[Resistance, Field(ge=0, le=1e6)] = 0.2
    driver: Annotated[Resistance, Field(ge=0, le=1e6)] = 0.0
    sense: Annotated[Resistance, Field(ge=0, le=1e6)] = 0.0
    tile: TileLines | None = None

    def lines(self, segment: float | None = None, tile: int | None = None) -> Wires:
        """The wires of an array, with another resistance of a segment in ohm or other tiles if they are given."""
        from solitons.crossbars import Wires

        along = self.segment if segment is None else segment
        return Wires(along, along, self.driver, self.sense, self.tile if tile is None else tile)

    @property
    def words(self) -> str:
        """The wires as reports have them."""
        tiles = "" if self.tile is None else f", in tiles of at most {self.tile} x {self.tile} devices"
        return f"{value_label(self.segment, 'ohm')} a segment{tiles}"


class FoundDevice(ResultsPart):
    """Properties of a device before it is in an array.

    Parameters
    ----------
    name : str
    lowest, highest : float
        Conductances in S.
    pulses_across : float
        Pulses of the mean step from one end to the other.
    levels : int or None
        Number of levels of a device that stays nowhere between them (`solitons.devices.level_count`).
    table_error : float or None
        Error of its table of steps, over its range; None for given conductances.
    spread_known, chance_known : bool
        Whether it is known how devices differ, and what heat does from pulse to pulse.
    verdict : {"trusted", "limited", "failed"} or None
        Verdict of its fit.
    junctions : int
        In parallel in one device, each under the pulse's current density.
    """

    name: str
    lowest: float
    highest: float
    pulses_across: float
    levels: int | None
    table_error: float | None
    spread_known: bool
    chance_known: bool
    verdict: Literal["trusted", "limited", "failed"] | None
    junctions: int = 1

    @property
    def stands(self) -> bool:
        """Whether what arrays of the device's model do may be taken for what arrays of the device do."""
        return all(reason.weight != "failed" for reason in device_reasons(self, 0.0))

    @property
    def distinct(self) -> int:
        """How many conductances it can have: its levels, or those that pulses of the mean step distinguish."""
        return self.levels if self.levels is not None else max(round(self.pulses_across) + 1, 2)


_DRAWN, _CHANCES = 32, 256
"""Devices of junctions that differ, and quantiles of chance, in a table of them."""


def table_with_spread(device: ArrayDevice, table: StepTable, spread: float) -> StepTable:
    """The table of a device's own model with another spread from device to device.

    For a junction, the spread is the spread of its critical current, and barrier and conductance differ in the known
    proportion; if none is known, barrier and critical current differ alike, as with an anisotropy. For other devices it
    is the spread of the steps.
    """
    from solitons.crossbars import measured_table
    from solitons.junctions import StochasticBinarySynapse

    synapse = device.synapse()
    if not isinstance(synapse, StochasticBinarySynapse):
        return table.with_spread(spread)
    assert device.pulse is not None
    unlike = replace(synapse, unlike=synapse.unlike.scaled_to(spread))
    return measured_table(unlike, device.pulse.programming, quantiles=_CHANCES, devices=_DRAWN)


def found_device(device: ArrayDevice) -> tuple[FoundDevice, StepTable]:
    """Measure a device's steps, and the error of their table.

    A device whose pulses of one sign or of both do not change it is refused: nothing can be written.
    """
    from solitons.crossbars import measured_table
    from solitons.crossbars.measured_trains import table_from_trains, table_of
    from solitons.devices.synapse import AbstractSynapse
    from solitons.devices.tabulated_synapse import TabulatedSynapse
    from solitons.junctions import StochasticBinarySynapse

    synapse, error, verdict = device.synapse(), None, None
    if synapse is None:
        assert device.up is not None
        assert device.down is not None
        table = table_from_trains(np.array(device.up), np.array(device.down))
    elif isinstance(synapse, TabulatedSynapse):
        table = table_of(synapse)
        verdict = None if synapse.provenance is None else synapse.provenance.verdict
    else:
        assert device.pulse is not None
        # Devices of junctions are drawn; few quantiles stand for the devices and the chance of most others.
        by_chance = isinstance(synapse, StochasticBinarySynapse)
        many, drawn = (_CHANCES, _DRAWN) if by_chance else (32, 8)
        table = measured_table(synapse, device.pulse.programming, quantiles=many, devices=drawn)
        from solitons.crossbars.measured_steps import table_error

        error = table_error(synapse, device.pulse.programming, table)
        verdict = getattr(synapse.provenance, "verdict", None)
    levels = table.conductance.size if table.discrete else None
    if isinstance(synapse, AbstractSynapse) and (wells := synapse.wells()).size > 1:
        levels = levels_in_wells(wells, synapse.window)
    low, high = table.range
    if not np.isfinite(table.pulses_across):
        raise ValueError(
            f"device {device.name!r}: its pulses change nothing in the mean with one sign or with both, so that no "
            "conductance can be written; give stronger or longer pulses, or another synapse"
        )
    found = FoundDevice(
        name=device.name,
        lowest=low,
        highest=high,
        pulses_across=table.pulses_across,
        levels=levels,
        table_error=error,
        spread_known=table.spread_known,
        chance_known=table.chance_known,
        verdict=verdict,
        junctions=synapse.count if isinstance(synapse, StochasticBinarySynapse) else 1,
    )
    return found, table


def device_reasons(found: FoundDevice, outside: float) -> Iterator[Reason]:
    """Limits of a device's results, and the share of its pulses outside of its fit."""
    if found.verdict == "failed":
        yield failure(
            "failed_fit", f"The fit of {found.name} failed; see the report of the campaign that it comes from."
        )
    if found.table_error is not None and found.table_error > SMALL_TABLE_ERROR:
        bad = found.table_error > MOST_TABLE_ERROR
        yield Reason(
            code="pulses_remembered",
            weight="failed" if bad else "limited",
            sentence=f"{found.name}: pulses of random signs lead the device and its table of steps apart by "
            f"{found.table_error:.1%} of its range of conductance. Each pulse begins before the one before has "
            "come to rest: give a longer pulse.period.",
        )
    if outside > MOST_OUTSIDE:
        yield limitation(
            "outside_fit",
            f"{found.name}: {outside:.0%} of the pulses start or drive outside what its model was fitted "
            "on, so that its error there is not known. Fit it on runs that cover them.",
        )
    if found.verdict == "limited":
        yield limitation(
            "limited_fit",
            f"The fit of {found.name} is limited; the report of the campaign that it comes from says why.",
        )
    for known, code, sentence in (
        (
            found.spread_known,
            "spread_unknown",
            "it is not known how devices differ, so that here they are alike. Fit it with devices of several seeds, or "
            "to measured pulses of three devices or more.",
        ),
        (
            found.chance_known,
            "chance_unknown",
            "it is not known what heat does from pulse to pulse, so that equal pulses do the same here. Fit it with "
            "heat, or to several measured cycles.",
        ),
    ):
        if not known:
            yield limitation(code, f"{found.name}: {sentence}")
