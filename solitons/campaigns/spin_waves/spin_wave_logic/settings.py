"""How the waves of a gate are driven, read and heated, and the roles of its runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from geometries.description import Description, PositiveLength
from geometries.quantities import Length, PureNumber, Temperature
from runs.protocols.abstract_step import Duration
from solitons.campaigns.spin_waves.steady_drive import SteadyDrive

__all__ = [
    "Alone",
    "Bits",
    "Displaced",
    "GateRow",
    "HeatSettings",
    "OutputPort",
    "Quiet",
    "WaveDrive",
    "WaveRole",
    "phases_of",
]

Bits = tuple[int, int, int]
"""Inputs of a row, each 1 (phase 0) or -1 (phase pi), from the antenna that is farthest from the output."""

_Whole = Annotated[int, Field(ge=0, lt=2**31)]


class OutputPort(Description):
    """Where the output is read: the mean of a component of m over an interval of x, all of y and z.

    `begin` and `end` are in m; `component` lies across the magnetisation at rest.
    """

    begin: Length
    end: Length
    component: Literal["x", "y", "z"] = "x"


class WaveDrive(SteadyDrive):
    """A drive with the `amplitude` of m, at the output, of the wave of each antenna in the rows."""

    amplitude: Annotated[PureNumber, Field(gt=0, le=0.2)]


class HeatSettings(Description):
    """Runs with heat.

    Parameters
    ----------
    temperature : float or str
        In K.
    quiet, fitted, decisions : int
        Decisions that runs last, after the settling: without current, for the noise; of one antenna alone, to which the
        wave is fitted once more; and of each row.
    time_step : float or str
        Of the thermal field, in s.
    seed : int
        Seed of the thermal fields.
    """

    temperature: Annotated[Temperature, Field(gt=0)] = 300.0
    quiet: Annotated[int, Field(ge=10, le=1000)] = 40
    fitted: Annotated[int, Field(ge=1, le=1000)] = 10
    decisions: Annotated[int, Field(ge=2, le=1000)] = 8
    time_step: Duration = 1e-13
    seed: _Whole = 0


class Displaced(Description):
    """Many gates whose antennas are displaced along x, each by chance.

    Parameters
    ----------
    deviations : tuple of float or str
        Standard deviations of the normal displacements, in m.
    members : int
        Gates of each.
    tolerated : float
        Error probability of a gate's worst row above which it counts as lost.
    seed : int
        Seed of the displacements.
    """

    deviations: Annotated[tuple[PositiveLength, ...], Field(min_length=1, max_length=30)]
    members: Annotated[int, Field(ge=100, le=100_000)] = 10_000
    tolerated: Annotated[PureNumber, Field(gt=0, lt=0.5)] = 1e-3
    seed: _Whole = 0


def phases_of(bits: Bits) -> str:
    """Phases of bits as a report writes them, such as "0 π 0"."""
    return " ".join("0" if each > 0 else "π" for each in bits)


@dataclass(frozen=True)
class Alone:
    """A run in which one antenna is driven alone: the first is fitted, the others are predicted."""

    antenna: str
    fitted: bool
    hot: bool = False

    def __str__(self) -> str:
        heat = ", with heat" if self.hot else ""
        return f"antenna {self.antenna} alone{heat}, {'fitted' if self.fitted else 'predicted'}"


@dataclass(frozen=True)
class GateRow:
    """A row of the truth table, at 0 K or with heat."""

    bits: Bits
    hot: bool

    def __str__(self) -> str:
        return f"row {phases_of(self.bits)}{', with heat' if self.hot else ''}"


@dataclass(frozen=True)
class Quiet:
    """A run with heat and without current: the noise."""

    def __str__(self) -> str:
        return "heat without current"


WaveRole = Alone | GateRow | Quiet
"""Role of any run of such a campaign."""
