"""The micromagnetic runs of a gate's campaign."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geometries import MagnetArray
from geometries.magnet_logic import majority_gate, wire
from geometries.magnet_logic.builders import MagnetGrid
from runs import Ensemble, FieldRamp, FieldSteps, Numerics, Protocol, RampTo, Relax, Rest, Rotation, RunSpec
from runs.engine_registry import ensemble_engine
from solitons.campaigns.framework.base import LabelledRun
from solitons.campaigns.magnet_logic.logic_campaign import AbstractLogicCampaign, LogicClock, trimmed
from solitons.campaigns.magnet_logic.logic_results import Row, RowRun, row_label
from solitons.campaigns.magnet_logic.nml_majority.settings import EnsembleSettings, HeldOutSettings

__all__ = ["FittedPair", "GateRole", "HeldOutArray", "HotRow", "hot_frames", "planned_runs"]

_TURNS = (0.8, 1.1)
"""Strength of the turning fields, over the clock: with both the magnet follows, and lags by its anisotropy."""
_DIRECTIONS = 24
_FRAME = 100e-12
"""s between frames with heat, where the clock is not up for a short time only."""
_SHIFT = 0.1
"""rad from the axes at which a turn begins: exactly along them there is no torque."""


@dataclass(frozen=True)
class FittedPair:
    """Two magnets in fields that turn one of them: what the macrospins are fitted to."""

    along: str
    drive: str

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"pair {'beside each other' if self.along == 'x' else 'end to end'}, {self.drive}"


@dataclass(frozen=True)
class HeldOutArray:
    """An array that the fit does not see."""

    name: str

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"held out: {self.name}"


@dataclass(frozen=True)
class HotRow:
    """One row with heat, many times."""

    row: Row

    def __str__(self) -> str:
        """Say it as the report does."""
        return f"gate with heat, inputs {row_label(self.row)}"


GateRole = RowRun | FittedPair | HeldOutArray | HotRow
"""Role of any run of a gate's campaign."""


def _falling(clock: LogicClock) -> FieldSteps:
    """The clock at 0 K: up, and down in steps."""
    return FieldSteps(steps=(RampTo(to=clock.field, field_steps=2), RampTo(to=0.0, field_steps=clock.field_steps)))


def planned_runs(
    campaign: AbstractLogicCampaign, held_out: HeldOutSettings, ensemble: EnsembleSettings | None, engine: str
) -> tuple[LabelledRun[GateRole], ...]:
    """The gate's eight rows, pairs to fit, arrays to predict, and one row with heat.

    Heat is with the engine 'native' where `engine` has no ensembles.
    """
    grid, material, clock = campaign.grid, campaign.material, campaign.clock

    def run(array: MagnetArray, protocol: FieldSteps, role: GateRole) -> LabelledRun[GateRole]:
        return LabelledRun(RunSpec(device=array, material=material, protocol=protocol, engine=engine), role)

    falling = _falling(clock)
    planned = [run(campaign.array(row), falling, RowRun(row, "gate, inputs")) for row in campaign.rows]
    drives = {"clock that falls": falling} | {
        f"field of {share:g} of the clock that turns": FieldSteps(
            steps=(Rotation(amplitude=share * clock.field, angle=_SHIFT, turn="360 deg", field_steps=_DIRECTIONS),)
        )
        for share in _TURNS
    }
    for along in ("x", "y"):
        pair = trimmed(wire(2, along=along, grid=grid))
        planned += [run(pair, drive, FittedPair(along, words)) for words, drive in drives.items()]
    wide = _with(grid, gap_beside=held_out.gap * grid.gap_beside, gap_above=held_out.gap * grid.gap_above)
    large = _with(grid, length=held_out.size * grid.length, width=held_out.size * grid.width)
    planned += [
        run(trimmed(wire(4, along="x", grid=wide)), falling, HeldOutArray(f"wire, gaps times {held_out.gap:g}")),
        run(trimmed(majority_gate((1, -1, 1), large)), falling, HeldOutArray(f"gate, magnets times {held_out.size:g}")),
    ]
    if ensemble is not None:
        spec = RunSpec(
            device=campaign.array(ensemble.row),
            material=material,
            protocol=_heated(clock, campaign.temperature, ensemble.seed),
            engine=ensemble_engine(engine),
            numerics=Numerics(thermal_time_step=ensemble.time_step),
            ensemble=Ensemble(members=ensemble.members, keep="states"),
        )
        planned.append(LabelledRun(spec, HotRow(ensemble.row)))
    return tuple(planned)


def _with(grid: MagnetGrid, **changes: float) -> MagnetGrid:
    return MagnetGrid.model_validate(grid.model_dump() | changes)


def hot_frames(clock: LogicClock) -> int:
    """Into how many frames a run with heat is divided: one or more is in the second half of `hold`."""
    total = clock.duration()
    return max(1, round(total / _FRAME), math.ceil(2 * total / clock.hold * (1 - 1e-9)))


def _heated(clock: LogicClock, temperature: float, seed: int) -> Protocol:
    """The clock in time: at rest while it is up, then heat; the field that is on while it relaxes falls at the end."""
    return Protocol(
        temperature=temperature,
        seed=seed,
        sampling_interval=clock.duration() / hot_frames(clock),
        static_field=(clock.field, 0.0, 0.0),
        steps=(
            Relax(),
            Rest(duration=clock.hold),
            FieldRamp(to=(-clock.field, 0.0, 0.0), duration=clock.fall),
            Rest(duration=clock.rest),
        ),
    )
