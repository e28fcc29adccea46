"""Results of a stripe's campaign."""

from __future__ import annotations

from operator import attrgetter
from typing import Literal

from pydantic import Field
from scipy import constants

from solitons.campaigns.domain_walls.dw_synapse.heat_results import (
    Arrival,
    ConductanceStep,
    StepStatistics,
    WrongPlace,
)
from solitons.campaigns.framework.results import FiniteOrNone, Headline, Parameter, Results, ResultsPart
from solitons.devices.device_spread import DeviceSpread
from solitons.devices.level_count import LevelCount
from solitons.devices.places import Place, drive_between
from solitons.domain_walls.candidate import Compared
from solitons.energy import EnergyLedger
from solitons.figures import long_time, number_label, value_label
from solitons.networks.digits_result import DigitsResult

__all__ = [
    "Firing",
    "MaterialParameter",
    "NeuronResults",
    "ResetRun",
    "ResetWay",
    "SynapseResults",
]


class Firing(ResultsPart):
    """A run of the neuron.

    Parameters
    ----------
    amplitude : float
        Current density of its pulses, in A/m2.
    measured, predicted : float or None
        When the wall first passes the threshold in s, in the run and by the fitted wall; None where it does not.
    rms : float or None
        Root mean square distance in m of the two until then.
    """

    amplitude: float
    measured: float | None
    predicted: float | None
    rms: float | None


class ResetRun(ResultsPart):
    """A run in which a pulse resets the neuron.

    Parameters
    ----------
    amplitude, width : float
        Current density in A/m2 of the pulses that excite it, and width in s of the one that resets it.
    ends, predicted_ends : float or None
        Place in m of the wall when the next pulses begin, in the run and by the fitted wall; None without a wall.
    again, predicted_again : float or None
        How long after their begin it fires again, in s; None where it does not.
    """

    amplitude: float
    width: float
    ends: float | None
    predicted_ends: float | None
    again: float | None
    predicted_again: float | None


class ResetWay(ResultsPart):
    """One way to reset the neuron.

    Parameters
    ----------
    way : {"pulse", "field"}
        By a pulse of current, or by a field along the domains that is always there.
    strength : float
        Current density in A/m2, or field in A/m.
    dead_time : float or None
        From the spike until the wall is at its start at rest (pulse), or within its width of it (field), by the model,
        in s; None where it never is.
    fires_from : float or None
        Smallest amplitude in A/m2 at which the model fires.
    runs, runs_wrong : int
        Runs that fire, and in how many of them the wall then ends in another place than its start.
    cold, cold_wrong : int
        The same of the model's walls at 0 K, one for each amplitude.
    walls, walls_wrong : int
        The same of the model's walls at 300 K.
    ci95 : (float, float)
        95 % Wilson interval of the share at 300 K; of the model's chance, not of its error.
    """

    way: Literal["pulse", "field"]
    strength: float
    dead_time: float | None
    fires_from: float | None
    runs: int
    runs_wrong: int
    cold: int
    cold_wrong: int
    walls: int
    walls_wrong: int
    ci95: tuple[float, float]


class NeuronResults(ResultsPart):
    """Results of a neuron's own runs, beside the fitted wall's.

    Parameters
    ----------
    bias : float
        Field in A/m that pulls the wall back.
    start, threshold : float
        Places in m where the wall rests and where it fires.
    threshold_current : float or None
        Smallest amplitude in A/m2 at which the model fires within the pulses; None up to twice the strongest run's.
    fires_from, silent_up_to : float or None
        Smallest amplitude of a run that fires, and largest of one that does not; None if there is none.
    firings : list of Firing
        The runs.
    pulses : int
        Pulses of each run.
    refractory, measured_refractory : float or None
        Time in s from the threshold back to the start, by the model and in the runs; None if not within their rest.
    never_back : int
        In how many runs the wall passed the threshold and was not back at the end of the rest.
    rest : float
        How long that is, in s.
    resets : list of ResetRun
        The runs with a reset pulse.
    reset_width : float or None
        Shortest width in s of the pulses that bring the wall back in all runs that fire; None if none does.
    ways : list of ResetWay
        Both ways to reset it, where it has a reset pulse.
    """

    bias: float
    start: float
    threshold: float
    threshold_current: float | None
    fires_from: float | None
    silent_up_to: float | None
    firings: list[Firing]
    pulses: int
    refractory: float | None
    measured_refractory: float | None
    never_back: int
    rest: float
    resets: list[ResetRun] = Field(default_factory=list)
    reset_width: float | None = None
    ways: list[ResetWay] = Field(default_factory=list)


class MaterialParameter(ResultsPart):
    """A parameter of the model that was not fitted.

    Parameters
    ----------
    name, unit : str
        As of a fitted one.
    value : float
        Value from the material's constants.
    """

    name: str
    unit: str
    value: float


class SynapseResults(Results):
    """Everything that a stripe's campaign found, in numbers.

    Parameters
    ----------
    held_out : list of str
        The runs that the fit did not see.
    wall_position_error : float or None
        Mean absolute error of the wall's position that the fitted model predicts
        for held-out runs, over the stripe's length; None where none keeps its wall.
    training_error : float
        The same for the runs that were fitted.
    rms_at_rest, trivial_rms_at_rest : float or None
        Root mean square error in m of where walls rest after a pulse, in runs that a fit has not seen: the held-out
        ones, and each of the others by a fit without it. The model's, and the best trivial one's.
    trivial_model : str
        Assumption of the trivial model.
    length : float
        The stripe's length in m.
    parameters : list of Parameter
        The fitted parameters.
    from_material : list of MaterialParameter
        Those that a wall's path could determine and that were not fitted.
    compared : list of Compared
        The models that the fitted one was chosen from, the simplest first, each by runs that its fits had not seen
        (`solitons.domain_walls.candidate`); empty where none were compared.
    speedup : float
        Simulated device-seconds per second of wall time, reduced model (batched
        over 1,000 devices) over engine.
    engine_speed, reduced_speed : float
        The two, in device-seconds per second.
    levels : int or None
        Conductance levels: the wells that the pulses reach, or, where most walls rest in none, what stays apart by 3
        sigma (`solitons.devices.level_count`).
    level_wells : list of float
        Places in m of the wells that the pulses of all runs reach; empty where most walls rest in none.
    arrivals : list of Arrival
        Where single pulses take the wall from each place, at each temperature that was asked for.
    wrong_places : list of WrongPlace
        How often they leave it in a wrong one.
    level_count : LevelCount or None
        Number of levels that stay apart by 3 sigma: 95 % interval, reach of the pulses under the junction, sigma, and
        the parts of it that the model gets wrong, that heat makes and that differ from device to device; None of wells.
    drift_left_alone, drift_time : float or None
        By how much in m, at most, the model's wall still moves if it is left alone after a pulse and its rest, and for
        how long in s; the time is None where it has not come to rest after 100 ns, both are where a field acts.
    wander : float or None
        Standard deviation in m of where heat at 300 K has the model's wall 1 ns after it was at rest in a smooth
        stripe; None where the model does not know, and where the campaign asks for heat.
    places : list of Place
        Places where the wall is held, with how long each lasts at 300 K and the pulses that take it on; empty without
        a measured landscape.
    place_pulse : float or None
        Width in s of these pulses: the campaign's widest.
    place_temperature : float
        T in K at which places are 5 kT deep or more: the lowest that the campaign asks for, at most 300 K.
    places_from : {"fit", "material"}
        Wall that predicts the currents that free it: the fitted one or, if the fit failed, the one from the material's
        constants.
    steps : list of StepStatistics
        The steps without heat and at each temperature, where they were asked for.
    step_table : list of ConductanceStep
        The same from each conductance, as in `steps.csv`.
    devices : DeviceSpread or None
        How devices differ, where that was asked for.
    neuron : NeuronResults or None
        The neuron's own runs, where they were asked for.
    digits : DigitsResult or None
        The network, if the campaign has one.
    energy : EnergyLedger
        Energy of pulses, a reading and a spike; without rows if the fit failed.
    withheld : dict of str to str
        Requested results that are not given ("levels", "synapse", "neuron", "steps", "network"), and why.
    """

    held_out: list[str]
    wall_position_error: FiniteOrNone
    training_error: float
    rms_at_rest: float | None = None
    trivial_rms_at_rest: float | None = None
    trivial_model: str = ""
    length: float
    parameters: list[Parameter]
    from_material: list[MaterialParameter] = Field(default_factory=list)
    compared: list[Compared] = Field(default_factory=list)
    speedup: float
    engine_speed: float
    reduced_speed: float
    levels: int | None
    level_wells: list[float] = Field(default_factory=list)
    arrivals: list[Arrival] = Field(default_factory=list)
    wrong_places: list[WrongPlace] = Field(default_factory=list)
    level_count: LevelCount | None = None
    drift_left_alone: float | None = None
    drift_time: float | None = None
    wander: float | None = None
    place_pulse: float | None = None
    places: list[Place] = Field(default_factory=list)
    place_temperature: float = 300.0
    places_from: Literal["fit", "material"] = "fit"
    steps: list[StepStatistics] = Field(default_factory=list)
    step_table: list[ConductanceStep] = Field(default_factory=list)
    devices: DeviceSpread | None = None
    neuron: NeuronResults | None = None
    digits: DigitsResult | None = None
    energy: EnergyLedger = EnergyLedger()
    withheld: dict[str, str] = Field(default_factory=dict)

    @property
    def goes_on(self) -> str:
        """How far a wall goes on that is left alone after a pulse and its rest; empty where it is at rest."""
        at_rest = not {reason.code for reason in self.reasons} & {"not_at_rest", "held_by_mesh"}
        return "" if at_rest or self.drift_left_alone is None else value_label(self.drift_left_alone, "m", digits=2)

    @property
    def least_barrier(self) -> float:
        """Lowest barrier of the places that are reached over k T at `place_temperature`."""
        barriers = [each.lowest_barrier for each in self.reached if each.lowest_barrier is not None]
        return float(min(barriers, default=0.0) / (constants.k * self.place_temperature))

    @property
    def straight(self) -> bool:
        """Whether `least_barrier` is an upper limit: the lowest barrier of a place that is reached is."""
        lowest = [min(each.passages, key=attrgetter("barrier")) for each in self.reached if each.passages]
        return any(way.at_most for way in lowest)

    @property
    def reached(self) -> list[Place]:
        """Places that the pulses of the runs reach, from left to right."""
        return [each for each in self.places if each.position in self.level_wells]

    @property
    def shortest(self) -> Place | None:
        """The place of those that are reached that lasts shortest; None where no time is known."""
        return min((each for each in self.reached if each.lasts is not None), key=attrgetter("lasts"), default=None)

    @property
    def lasts(self) -> str:
        """How long the places that are reached last at 300 K, in words."""
        shortest = self.shortest
        if shortest is None or shortest.lasts is None:
            return "not known"
        if shortest.lasts_ci95 is None:
            return f"{long_time(shortest.lasts)} or more"
        low, high = map(long_time, shortest.lasts_ci95)
        return f"{long_time(shortest.lasts)} or more (95 %: {low} to {high})"

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first."""
        failed = self.verdict == "failed"
        error, runs = self.wall_position_error, len(self.held_out)
        off = "no run that was held out keeps its wall"
        if error is not None:
            off = f"{error * self.length * 1e9:.1f} nm of {self.length * 1e9:.0f} nm, mean over {runs} held-out run"
            off += "" if runs == 1 else "s"
        found = [Headline(value=number_label(error, ".2%"), name="wall position error", detail=off)]
        if failed and self.rms_at_rest is not None and self.trivial_rms_at_rest is not None:
            # A mean over one run may be small where the model is wrong.
            value, beside = (value_label(each, "m", digits=2) for each in (self.rms_at_rest, self.trivial_rms_at_rest))
            detail = f'at rest in unseen runs; {beside} of the rule "{self.trivial_model}"'
            found = [Headline(value=value, name="wall position error", detail=detail)]
        if not failed:  # of a model that is wrong nobody asks how fast it is
            detail = "1,000 devices in a batch, against one run of the engine"
            found.append(Headline(value=f"{self.speedup:,.0f} ×", name="faster than micromagnetics", detail=detail))
        found.append(self._levels())
        if self.places and not failed:
            found.append(self._depinning())
        if (digits := self.digits) is not None:
            low, high = digits.ci95
            detail = f"95 %: {low:.1%} to {high:.1%}; {digits.float_accuracy:.1%} in floating point"
            if digits.by_current is not None:
                detail += f", {digits.by_current:.1%} by the largest current instead of neurons"
            found.append(Headline(value=f"{digits.accuracy:.1%}", name="digits read right", detail=detail))
        return found

    def _levels(self) -> Headline:
        name = "conductance levels"
        if self.levels is None:
            return Headline(value="–", name=name, detail=f"withheld: {self.withheld['levels']}")
        if self.level_wells:
            worst = max(self.wrong_places, key=lambda each: each.share, default=None)
            heat = "heat not tried"
            if worst is not None:
                low, high = worst.interval
                heat = f"wrong at {value_label(worst.temperature, 'K')}: {low:.1%} to {high:.1%} of pulses"
            lasts = "at most" if self.straight else "over"
            lasts += f" {self.least_barrier:.0f} kT at {value_label(self.place_temperature, 'K')}"
            lasts += ", how long unknown" if self.straight and worst is None else ""
            if (shortest := self.shortest) is not None and shortest.lasts is not None:
                lasts = f"each lasts over {long_time(shortest.lasts)} at 300 K"
            detail = f"of {len(self.places)} places; {lasts}; {heat}"
            return Headline(value=f"{self.levels}", name=name, detail=detail)
        assert self.level_count is not None
        low, high = self.level_count.ci95
        detail = f"3 σ apart, σ = {self.level_count.spread * 1e9:.2g} nm; 95 % interval {low} to {high}"
        detail += "; they do not last" if self.goes_on else ""
        return Headline(value=f"{self.levels}", name=name, detail=detail)

    def _depinning(self) -> Headline:
        name, current = "depinning current", drive_between(self.places)
        if "depinning_off" in {reason.code for reason in self.reasons}:
            return Headline(value="–", name=name, detail="pulses of the runs contradict what the landscape predicts")
        count, held = len(self.places), [way for place in self.places for way in place.passages]
        if count == 1:
            places, none = "the one place that holds it", "no pulse that was tried frees the wall from the one place"
        else:
            places, none = f"each of {count} places that hold it to the next", "no pulse that was tried frees the wall"
            if any(way.drive is not None for way in held):
                none = f"from one of {count} places the weakest pulse does not take the wall to the next"
        if current is None or self.place_pulse is None:
            return Headline(value="–", name=name, detail=none)
        detail = f"one pulse of {value_label(self.place_pulse, 's')}, from {places}; by the landscape"
        return Headline(value=value_label(current, "A/m^2", digits=3), name=name, detail=detail)
