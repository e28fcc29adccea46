"""Settings of a gate's campaign: the thermal runs, predicted arrays and the cycles."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import PureNumber
from runs.protocols.abstract_step import Duration
from solitons.campaigns.magnet_logic.logic_results import Bit

__all__ = ["CycleSettings", "EnsembleSettings", "HeldOutSettings"]

Inputs = tuple[Bit, Bit, Bit]
Seed = Annotated[int, Field(ge=0, lt=2**31)]


class EnsembleSettings(Description):
    """One row in micromagnetics with heat, many times.

    Parameters
    ----------
    row : three of 1 and -1
        Inputs a, b and c: the row that fails most often.
    members : int
        How many runs.
    time_step : float or str
        Longest step of the integration in s, see `runs.Numerics`.
    seed : int
        Seed of the thermal field.
    """

    row: Inputs
    members: Annotated[int, Field(ge=2, le=100_000)] = 200
    time_step: Duration = 1e-13
    seed: Seed = 1


class HeldOutSettings(Description):
    """Arrays that are predicted by what was fitted to pairs, besides the gate itself.

    Parameters
    ----------
    gap : float
        Gaps of a wire of four magnets, over the gate's.
    size : float
        Length and width of a gate's magnets, over the gate's, with the same gaps.
    """

    gap: Annotated[PureNumber, Field(gt=0.2, le=5)] = 1.5
    size: Annotated[PureNumber, Field(gt=0.2, le=5)] = 1.5


class CycleSettings(Description):
    """The gate is taken from one row to another and back, in two orders of the fields.

    Parameters
    ----------
    first, second : three of 1 and -1
        Inputs of the two rows; their majorities differ.
    ramp_times : sequence of float or str
        Durations of each ramp, in s; three or more, so slow that the heat goes as one over them.
    fast_ramps : sequence of float or str
        Faster ones, which are measured too and are no part of the limit: there the damping term matters most.
    members : int
        Gates with the slowest ramps; faster ones get more, in proportion.
    """

    first: Inputs
    second: Inputs
    ramp_times: Annotated[tuple[Duration, ...], Field(min_length=3, max_length=12)]
    fast_ramps: Annotated[tuple[Duration, ...], Field(max_length=12)] = ()
    members: Annotated[int, Field(ge=20, le=100_000)] = 100

    @model_validator(mode="after")
    def _can_be_extrapolated(self) -> Self:
        if len(set(self.every_ramp_time)) < len(self.every_ramp_time):
            raise ValueError("ramp_times and fast_ramps share a time; give each once, and more members instead")
        if max(self.fast_ramps, default=0.0) > min(self.ramp_times):
            raise ValueError(
                f"fast_ramps has {max(self.fast_ramps):g} s, slower than {min(self.ramp_times):g} s in ramp_times; "
                "give slow ramps as ramp_times"
            )
        (a, b, c), (d, e, f) = self.first, self.second
        if (a - b + c) * (d - e + f) > 0:
            raise ValueError(
                f"first = {self.first} and second = {self.second} have one majority of a, not b and c, so that the "
                "gate has nothing to compute between them; give rows whose majorities differ"
            )
        return self

    @property
    def every_ramp_time(self) -> tuple[float, ...]:
        """Fast and slow ones in s, the fastest first."""
        return tuple(sorted((*self.fast_ramps, *self.ramp_times)))
