"""How switching is counted and fitted, and which write errors are worked out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import CurrentDensity, PureNumber
from runs.protocols.abstract_step import Duration

__all__ = ["CheckedPulse", "SwitchingFitSettings", "UnlikeSettings", "WriteErrorSettings"]

Seed = Annotated[int, Field(ge=0, lt=2**31)]


class CheckedPulse(Description):
    """A pulse with edges, followed by a rest, in a run of its own.

    Parameters
    ----------
    width : float or str
        At half height, in s: one of the widths that are counted.
    edge : float or str
        Length of its linear rise, and of its fall, in s.
    rest : float or str
        How long the layer is watched afterwards, in s.
    """

    width: Duration
    edge: Duration = 50e-12
    rest: Duration = 1e-9


class SwitchingFitSettings(Description):
    """How switching is counted, and how two states with a rate each are fitted to it.

    Parameters
    ----------
    interval : float or str
        From one width at which switching is counted to the next, in s: a multiple of the sampling interval that divides
        the time for which the current flows.
    longest : float or str
        Longest width that the fit sees, in s. Longer ones are predicted.
    held_out : int
        How many currents the fit does not see; it predicts them afterwards. The weakest and the strongest are never
        among them.
    seed : int
        Chooses them.
    critical_current : {"one moment", "fitted"} or float or str
        In A/m2: the warm layer's as one moment; fitted too; or a number.
    exponent : {"symmetry", "fitted"} or float
        Exponent n of the barrier under a current, (1 - i)^n: 2 for a layer whose easy axis is its symmetry axis and the
        polariser's, where it is exact, and 1 of others, where it is about that; fitted too; or a number. Micromagnetic
        ensembles of some hundred members determine the rate and its slope, and the exponent hardly.
    both_ways : bool
        Whether each current also flows the other way, in a run of its own out of the other state, and one model is
        fitted to all: then a synapse of it holds for pulses of either sign.
    check_pulse : CheckedPulse, optional
        A pulse at the strongest fitted current in a run of its own, or null for none.
    """

    interval: Duration
    longest: Duration
    held_out: Annotated[int, Field(ge=1, le=1000)] = 1
    seed: Seed = 0
    critical_current: Literal["one moment", "fitted"] | Annotated[CurrentDensity, Field(gt=0)] = "one moment"
    exponent: Literal["symmetry", "fitted"] | Annotated[float, Field(ge=0.3, le=4)] = "symmetry"
    both_ways: bool = False
    check_pulse: CheckedPulse | None = None


class UnlikeSettings(Description):
    """How junctions of one wafer differ, as its process has it; what that does to barrier and current is derived.

    Parameters
    ----------
    critical_current : float
        Relative standard deviation of the critical current density, as switching voltages of an array show it. What
        diameters do not make of it is put down to the anisotropy.
    diameter : float
        Relative standard deviation of the diameter, which changes barrier and conductance too.
    source : str
        Source of both; the report states it.
    checked : sequence of float
        Anisotropies of other junctions, in standard deviations from the mean. Each is run at one of the swept currents,
        in an ensemble of its own that the fit does not see.
    """

    critical_current: Annotated[PureNumber, Field(gt=0, le=0.3)]
    diameter: Annotated[PureNumber, Field(ge=0, le=0.1)] = 0.0
    source: Annotated[str, Field(min_length=1)]
    checked: Annotated[tuple[Annotated[float, Field(ge=-4, le=4)], ...], Field(max_length=8)] = (-2.0, 2.0)

    @model_validator(mode="after")
    def _others(self) -> UnlikeSettings:
        if 0.0 in self.checked:
            raise ValueError(f"unlike.checked = {list(self.checked)} names the mean junction; give others")
        return self


class WriteErrorSettings(Description):
    """Pulses that write almost surely: how often they fail, by the pillar's macrospin.

    Parameters
    ----------
    overdrives : sequence of float
        Currents over the critical one, above 1.
    lowest : float
        Smallest write error that is worked out.
    seed : int
        Seed of the random numbers.
    """

    overdrives: Annotated[tuple[Annotated[float, Field(gt=1, le=100)], ...], Field(min_length=1, max_length=8)] = (
        1.5,
        2.0,
        3.0,
    )
    lowest: Annotated[float, Field(ge=1e-11, le=1e-2)] = 1e-6
    seed: Seed = 0
