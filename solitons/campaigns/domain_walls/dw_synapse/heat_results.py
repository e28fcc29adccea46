"""What heat does to single pulses and to the steps of trains, as it stands in the results."""

from __future__ import annotations

from typing import Literal

from solitons.campaigns.framework.results import FiniteOrNone, ResultsPart
from solitons.figures import value_label

__all__ = ["Arrival", "ConductanceStep", "Source", "StepStatistics", "WrongPlace"]

Source = Literal["model", "micromagnetics"]
"""Origin of walls: the fitted model, or runs."""


class Arrival(ResultsPart):
    """Where single pulses with heat take the wall from one place.

    Places have numbers from 0 on, from left to right; -1 is none of them.

    Parameters
    ----------
    temperature : float
        In K.
    place : int
        Where it rests before.
    sign : {1, -1}
        Of the pulse's current.
    right : int
        Where the model's wall arrives without heat.
    arrived, expected : dict of int to int
        How many runs and how many of the model's walls end in which place.
    conductance : float
        Mean of the model's before the pulse, in S.
    step, spread : float or None
        Mean and standard deviation in S of the change of the conductance in the runs; None without.
    model_step, model_spread : float
        The same of the model's walls.
    """

    temperature: float
    place: int
    sign: Literal[1, -1]
    right: int
    arrived: dict[int, int]
    expected: dict[int, int]
    conductance: float
    step: float | None
    spread: float | None
    model_step: float
    model_spread: float


class WrongPlace(ResultsPart):
    """How often a single pulse with heat leaves the wall in another place than the fitted wall without heat.

    Parameters
    ----------
    temperature : float
        In K.
    pulses, wrong : int
        Runs of one pulse, and how many of them end in another place.
    ci95 : (float, float) or None
        Exact 95 % interval of the share; None without runs.
    walls, walls_wrong : int
        The same of the model's walls.
    model_ci95 : (float, float)
        Of its share; of the draw, not of the model's error.
    chance : float or None
        Chance that the runs differ as much from the model's walls, place by place, if both are distributed alike, by
        chi-squared; None without runs.
    """

    temperature: float
    pulses: int
    wrong: int
    ci95: tuple[float, float] | None
    walls: int
    walls_wrong: int
    model_ci95: tuple[float, float]
    chance: float | None

    @property
    def share(self) -> float:
        """Of the runs; without, of the model's walls."""
        return self.wrong / self.pulses if self.pulses else self.walls_wrong / self.walls

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share."""
        return self.model_ci95 if self.ci95 is None else self.ci95

    def __str__(self) -> str:
        low, high = self.interval
        of = f"{self.pulses} micromagnetic runs" if self.pulses else f"{self.walls:,} of the model's walls"
        return (
            f"{self.share:.2%} of single pulses end in a wrong place at {value_label(self.temperature, 'K')} "
            f"(95 %: {low:.2%} to {high:.2%}, {of})"
        )


class ConductanceStep(ResultsPart):
    """Pulses from one conductance: a row of the table of steps.

    Parameters
    ----------
    source : {"model", "micromagnetics"}
        Origin of the walls.
    temperature : float
        In K.
    place : int or None
        Of single pulses the place from which they were sent, from 0 on.
    conductance, share : float
        Before the pulses, in S and as a share of the junction's range: the nearest of those at which the wall rests
        without heat, or of single pulses the mean of the model's walls with heat in their place.
    up, up_spread, down, down_spread : float or None
        Mean change by a pulse that raises the conductance, its standard deviation, and the same of the others, as
        shares of the range; None of none, and of one.
    up_pulses, down_pulses : int
        How many they are, of all walls.
    """

    source: Source
    temperature: float
    place: int | None = None
    conductance: float
    share: float
    up: FiniteOrNone
    up_spread: FiniteOrNone
    up_pulses: int
    down: FiniteOrNone
    down_spread: FiniteOrNone
    down_pulses: int


class StepStatistics(ResultsPart):
    """The steps of one train of pulses; `solitons.devices.conductance_steps` has the definitions.

    Parameters
    ----------
    source : {"model", "micromagnetics"}
        Origin of the walls.
    temperature : float
        In K.
    walls : int
        How many.
    train : int
        Number of the train in the run, from 1 on.
    sign : {1, 0, -1}
        Sign of its pulses; 0 for pulses without a current.
    mean_step, spread : float
        In S.
    spread_ci95 : (float, float) or None
        95 % interval of the spread over so many walls, in S; None of one.
    nonlinearity, asymmetry : float or None
        None where a train changes nothing or has one pulse, or there are not two trains.
    """

    source: Source
    temperature: float
    walls: int
    train: int
    sign: int
    mean_step: float
    spread: float
    spread_ci95: tuple[float, float] | None = None
    nonlinearity: float | None
    asymmetry: float | None
