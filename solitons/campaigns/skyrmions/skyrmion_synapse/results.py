"""Results of a row's campaign."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from solitons.campaigns.framework.results import FiniteOrNone, Headline, ResultsPart
from solitons.campaigns.skyrmions.results import FittedSkyrmionResults
from solitons.devices.device_spread import DeviceSpread
from solitons.devices.places import Place
from solitons.energy import EnergyLedger
from solitons.figures import long_time, number_label, value_label
from solitons.fits.verdict import VerdictName
from solitons.networks.digits_result import DigitsResult
from solitons.skyrmions.shifting import ShiftPulse

__all__ = [
    "LevelsAt",
    "PulsedRun",
    "RetentionAt",
    "RowTraining",
    "SkyrmionSynapseResults",
    "TracksResult",
]


class RowTraining(ResultsPart):
    """A run under a constant current, which is fitted together with the runs of pulses.

    Parameters
    ----------
    run_id : str
    fitted : bool
        Not where a skyrmion leaves.
    current : float
        In A/m2.
    nearest : float
        Smallest distance in m of a skyrmion from an edge.
    error : float or None
        Mean distance in m of the fitted model from the positions.
    """

    run_id: str
    fitted: bool
    current: float
    nearest: float
    error: FiniteOrNone


class PulsedRun(ResultsPart):
    """A run, beside the model's prediction.

    Parameters
    ----------
    run_id, role : str
        Which, and what it is for: "fitted", "held out" or "not fitted", where a skyrmion leaves.
    amplitude, width : float
        Current density and width of its pulses in A/m2 and s.
    stays, model_stays : bool
        Whether all skyrmions are there at the end.
    at_end : bool
        Whether one came to an end of the track, where its trajectory stops.
    error : float or None
        Mean distance in m of the model from the positions.
    step_error : float
        Mean size of the model's error of a pulse's step of conductance, in levels.
    measured, predicted : list of float
        Conductance in S before the first pulse and at the end of the rest behind each.
    nearest : float
        Smallest distance in m of a skyrmion from an edge.
    """

    run_id: str
    role: str
    amplitude: float
    width: float
    stays: bool
    model_stays: bool
    at_end: bool
    error: FiniteOrNone
    step_error: float
    measured: list[float]
    predicted: list[float]
    nearest: float


class LevelsAt(ResultsPart):
    """Rows that such pulses counted up to the last level and down again, without looking.

    Parameters
    ----------
    temperature : float
        In K.
    levels : int
        At how many of them not more than one row in a hundred is read wrong.
    possible : int
        How many there are, none under the junction included.
    rows : int
        How many were counted.
    worst_error : float
        Share of the rows at a wrong level after the worst pulse.
    worst_error_ci95 : (float, float) or None
        Its 95 % Wilson interval; None at 0 K.
    spread : float
        Largest standard deviation of the conductance over rows, in levels.
    lost : int
        Rows that a skyrmion has left.
    verdict : {"trusted", "limited", "failed"}
        Whether counting pulses sets a level.
    why : str
        Why it is not simply trusted.
    """

    temperature: float
    levels: int
    possible: int
    rows: int
    worst_error: float
    worst_error_ci95: tuple[float, float] | None
    spread: float
    lost: int
    verdict: VerdictName
    why: str


class RetentionAt(ResultsPart):
    """How long a row at rest keeps its level.

    Parameters
    ----------
    temperature : float
        In K.
    error : float
        Probability of another level at which it counts as lost.
    times : list of float or None
        In s, a level after the other from none under the junction on; None beyond 30 years.
    places : list of Place
        Places of the track that hold a skyrmion; empty where nothing pins the row.
    """

    temperature: float
    error: float
    times: list[float | None]
    places: list[Place] = Field(default_factory=list)

    @property
    def shortest(self) -> float | None:
        """Time in s at which the first level is lost; None if none is within 30 years."""
        return min((time for time in self.times if time is not None), default=None)


class TracksResult(ResultsPart):
    """How rows in tracks of one drawing differ.

    Parameters
    ----------
    spread : DeviceSpread
        Spread of the mean place of the row.
    measured : bool
        Whether that is of runs in micromagnetics; of the model in the tracks' landscapes if not.
    step, even_step : float
        How far a pulse moves the row in the mean, in m: in these tracks, and by the fitted model in the even one.
    stuck : int
        Tracks in which it moves less than a tenth as far as in the even one.
    levels, possible : int or None
        Numbers of skyrmions under the junction that all of these tracks read as the fitted one does, and how many there
        are; None where tracks were not run.
    checked : int
        Tracks that were also run in micromagnetics.
    rms_checked : float or None
        By how much in m the model's row is off there at the rests, root mean square; None where none was run.
    """

    spread: DeviceSpread
    measured: bool = False
    step: float = 0.0
    even_step: float = 0.0
    stuck: int = 0
    levels: int | None = None
    possible: int | None = None
    checked: int
    rms_checked: FiniteOrNone


class SkyrmionSynapseResults(FittedSkyrmionResults):
    """Everything that a row's campaign found, in numbers.

    Parameters
    ----------
    count : int
        Skyrmions in the row.
    pitch : float
        From one to the next in m, as the track is described.
    radius, wall_width : float
        Sizes of a relaxed skyrmion in m.
    level_step : float
        By how much in S a skyrmion changes the conductance.
    step_error : float or None
        Mean size of the error of a pulse's step of conductance in held-out runs, in levels.
    offset : float
        By how much in S the film conducts more than the model before the first pulse, a mean over runs.
    pulse : ShiftPulse or None
        Pulse that brings one more skyrmion under the junction; None if the fit failed or no pulse does it.
    levels : list of LevelsAt
        At 0 K and the temperatures that were asked for.
    retention : list of RetentionAt
    tracks : TracksResult or None
        How tracks of one drawing differ; None where that was not asked for, or too few keep their row.
    digits : DigitsResult or None
    energy : EnergyLedger
        Energy of pulses and a reading; without rows if the fit failed.
    pulsed : list of PulsedRun
        The runs of the sweep.
    training : list of RowTraining
    """

    count: int
    pitch: float
    radius: float
    wall_width: float
    level_step: float
    step_error: FiniteOrNone
    offset: float
    pulse: ShiftPulse | None = None
    levels: list[LevelsAt] = Field(default_factory=list)
    retention: list[RetentionAt] = Field(default_factory=list)
    digits: DigitsResult | None = None
    tracks: TracksResult | None = None
    energy: EnergyLedger = EnergyLedger()
    pulsed: list[PulsedRun]
    training: list[RowTraining] = Field(default_factory=list)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        yield self._steps()
        if "levels" in self.withheld:
            yield self.withheld_headline("levels", "levels")
        elif self.levels:
            cold, *hot = self.levels
            hottest = "".join(f"; {each.levels} at {each.temperature:g} K ({each.verdict})" for each in hot[-1:])
            detail = f"stay apart as pulses count up and down at 0 K ({cold.verdict}){hottest}"
            yield Headline(value=f"{cold.levels} of {cold.possible}", name="levels", detail=detail)
        yield from (self.withheld_headline(each, each) for each in self.withheld if each.startswith("retention"))
        if self.retention:
            first, *rest = self.retention
            last = "".join(f"; {_time(one.shortest)} at {one.temperature:g} K" for one in rest[-1:])
            detail = f"at {first.temperature:g} K until a level is wrong in {first.error:.0%} of the rows{last}"
            yield Headline(value=_time(first.shortest), name="retention", detail=detail)
        if self.tracks is not None:
            yield _spread(self.tracks)
        if "digits" in self.withheld:
            yield self.withheld_headline("digits", "digits")
        elif self.digits is not None:
            low, high = self.digits.ci95
            detail = f"at 0 K (95 %: {low:.1%} to {high:.1%}); {self.digits.float_accuracy:.1%} in floating point"
            yield Headline(value=f"{self.digits.accuracy:.1%}", name="digits read right", detail=detail)

    def _steps(self) -> Headline:
        """How well the model has what the junction reads, and where the skyrmions are."""
        detail = "no run that was held out keeps its skyrmions"
        if self.step_error is not None:
            detail = f"of a level's {value_label(abs(self.level_step), 'S', digits=3)}, {self.unseen_in_words}"
        if self.position_error is not None:
            detail += f"; positions off by {self.position_error:.2%} of the track's width"
        return Headline(value=number_label(self.step_error, ".1%"), name="conductance-step error", detail=detail)


def _spread(found: TracksResult) -> Headline:
    by = "in micromagnetics" if found.measured else "by the model"
    apart = value_label(found.spread.at_rest, "m", digits=2)
    return Headline(
        value=number_label(found.spread.gain),
        name="spread of a pulse's step from track to track",
        detail=f"{found.spread.devices} tracks {by}; rows rest {apart} apart, {found.stuck} stuck, "
        f"{found.spread.lost} lost",
    )


def _time(time: float | None) -> str:
    return "over 30 years" if time is None else long_time(time)
