"""What a stripe's campaign found, in numbers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from scipy import constants

from solitons.campaigns.domain_walls.dw_synapse.wells import PinningSite, WrongWell, depinning_of
from solitons.campaigns.framework.device_samples import SpreadResult
from solitons.campaigns.framework.results import FiniteOrNone, Headline, Parameter, Results, ResultsPart
from solitons.domain_walls.parameters import WALL_PARAMETERS
from solitons.energy import EnergyLedger
from solitons.figures import number_label, value_label
from solitons.networks.digits_result import DigitsResult

__all__ = [
    "ComparedModel",
    "ConductanceStep",
    "Firing",
    "MaterialParameter",
    "NeuronResults",
    "StepStatistics",
    "SynapseResults",
]


# How many of the models that were not taken a tile names.
_RIVALS = 2


class Firing(ResultsPart):
    """A run of the neuron.

    Parameters
    ----------
    amplitude : float
        Of its pulses, in A/m2.
    measured, predicted : float or None
        When the wall first passes the threshold in s, in the run and by the fitted wall; None where it does not.
    rms : float or None
        Root mean square distance in m of the two until then.
    """

    amplitude: float
    measured: float | None
    predicted: float | None
    rms: float | None


class NeuronResults(ResultsPart):
    """What a neuron's own runs did, beside what the fitted wall does.

    Parameters
    ----------
    bias : float
        Field in A/m that pulls the wall back.
    start, threshold : float
        Where the wall rests and where it fires, in m.
    threshold_current : float or None
        Smallest amplitude in A/m2 at which the model fires within the pulses; None up to twice the strongest run's.
    fires_from, silent_up_to : float or None
        Smallest amplitude of a run that fires, and largest of one that does not; None if there is none.
    firings : list of Firing
        The runs.
    pulses : int
        Of each run.
    refractory, measured_refractory : float or None
        Time in s from the threshold back to the start, by the model and in the runs; None if not within their rest.
    never_back : int
        In how many runs the wall passed the threshold and was not back at the end of the rest.
    rest : float
        How long that is, in s.
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


class ComparedModel(ResultsPart):
    """A model that was compared with others by runs that its fits had not seen (`solitons.domain_walls.choice`).

    Parameters
    ----------
    fitted : list of str
        Parameters that it fits; what is not named keeps the material's value.
    knots : int
        Control values of its fitted landscape.
    tilts, breathes : bool
        Whether its wall tilts across the stripe; whether its width follows its angle.
    rms, rms_at_rest : float or None
        Root mean square error in m of the position in these runs, over all samples and where walls rest after a pulse.
    behind, standard_error : float
        By how much the logarithm of the likelihood of these runs is less than the best model's that may be
        chosen, and the standard error of this difference, times Student's t for as many runs.
    at_edge : bool
        Whether a parameter ends at the edge of what is physical: such a model is not chosen.
    unshapely : bool
        Whether its hard-axis field is none that the stripe's shape can have: others within one standard error come
        first.
    chosen : bool
        Whether it is the one that was taken.
    """

    fitted: list[str]
    knots: int
    rms: float
    rms_at_rest: float | None
    behind: float
    standard_error: float
    at_edge: bool
    chosen: bool
    tilts: bool = False
    breathes: bool = False
    unshapely: bool = False
    inseparable: bool = False

    def __str__(self) -> str:
        landscape = [f"landscape of {self.knots} values"] if self.knots else []
        fitted = ", ".join([*(WALL_PARAMETERS[name].symbol for name in self.fitted), *landscape]) or "nothing fitted"
        moves = [word for word, does in (("tilting", self.tilts), ("breathing", self.breathes)) if does]
        return f"{fitted} in a {' and '.join(moves)} wall" if moves else fitted


class MaterialParameter(ResultsPart):
    """A parameter of the model that was not fitted.

    Parameters
    ----------
    name, unit : str
        As of a fitted one.
    value : float
        What the material's constants give.
    """

    name: str
    unit: str
    value: float


class ConductanceStep(ResultsPart):
    """One pulse of a train.

    Parameters
    ----------
    conductance : float
        Before it, in S.
    change, spread : float
        Mean change in S and its standard deviation over the walls.
    """

    conductance: float
    change: float
    spread: float


class StepStatistics(ResultsPart):
    """The steps of one train of pulses; `solitons.devices.conductance_steps` has the definitions.

    Parameters
    ----------
    source : {"model", "micromagnetics"}
        Whose walls.
    temperature : float
        In K.
    walls : int
        How many.
    train : int
        Which train of the run, from 1 on.
    sign : {1, 0, -1}
        Of its pulses; 0 of pulses without a current.
    mean_step, spread : float
        In S.
    spread_ci95 : (float, float) or None
        95 % interval of the spread over so many walls, in S; None of one.
    nonlinearity, asymmetry : float or None
        None where a train changes nothing or has one pulse, or there are not two trains.
    by_pulse : list of ConductanceStep
        Pulse by pulse.
    """

    source: Literal["model", "micromagnetics"]
    temperature: float
    walls: int
    train: int
    sign: int
    mean_step: float
    spread: float
    spread_ci95: tuple[float, float] | None = None
    nonlinearity: float | None
    asymmetry: float | None
    by_pulse: list[ConductanceStep]


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
        What that one takes for true.
    length : float
        The stripe's length in m.
    parameters : list of Parameter
        The fitted parameters.
    from_material : list of MaterialParameter
        Those that a wall's path could determine and that were not fitted.
    compared : list of ComparedModel
        The models that the fitted one was chosen from, the simplest first; empty where none were compared.
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
    wrong_wells : list of WrongWell
        How often heat has the wall in another one, at each temperature that was asked for.
    levels_ci95 : (int, int) or None
        95 % interval of levels that stay apart by 3 sigma; None of wells.
    level_reach, level_spread, level_model, level_heat, level_devices : float or None
        What the pulses reach under the junction, sigma, and the parts of it that the model gets wrong, that heat
        makes and that differ from device to device, in m.
    drift_left_alone, drift_time : float or None
        By how much in m, at most, the model's wall still moves if it is left alone after a pulse and its rest, and for
        how long in s; the time is None where it has not come to rest after 100 ns, both are where a field acts.
    wander : float or None
        Standard deviation in m of where heat at 300 K has the model's wall 1 ns after it was at rest in a smooth
        stripe; None where the model does not know, and where the campaign asks for heat.
    sites : list of PinningSite
        Where the wall is held, by the measured landscape; empty without one.
    site_pulse : float or None
        Width in s of the pulses that are predicted to free it: the campaign's widest.
    site_temperature : float
        T in K at which sites are 5 kT deep or more: the lowest that the campaign asks for, at most 300 K.
    sites_from : {"fit", "material"}
        Which wall the currents that free it are predicted with: the fitted one, or, where the fit failed, that of
        the material's constants.
    steps : list of StepStatistics
        The steps without heat and at each temperature, where they were asked for.
    devices : SpreadResult or None
        How devices differ, where that was asked for.
    neuron : NeuronResults or None
        The neuron's own runs, where they were asked for.
    digits : DigitsResult or None
        The network, if the campaign has one.
    energy : EnergyLedger
        Of pulses, a reading and a spike; without rows where the fit failed.
    withheld : dict of str to str
        What is not given though it was asked for ("levels", "synapse", "neuron", "steps", "network"), and why.
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
    compared: list[ComparedModel] = Field(default_factory=list)
    speedup: float
    engine_speed: float
    reduced_speed: float
    levels: int | None
    level_wells: list[float] = Field(default_factory=list)
    wrong_wells: list[WrongWell] = Field(default_factory=list)
    levels_ci95: tuple[int, int] | None = None
    level_reach: float | None = None
    level_spread: float | None = None
    level_model: float | None = None
    level_heat: float | None = None
    level_devices: float | None = None
    drift_left_alone: float | None = None
    drift_time: float | None = None
    wander: float | None = None
    site_pulse: float | None = None
    sites: list[PinningSite] = Field(default_factory=list)
    site_temperature: float = 300.0
    sites_from: Literal["fit", "material"] = "fit"
    steps: list[StepStatistics] = Field(default_factory=list)
    devices: SpreadResult | None = None
    neuron: NeuronResults | None = None
    digits: DigitsResult | None = None
    energy: EnergyLedger = EnergyLedger()
    withheld: dict[str, str] = Field(default_factory=dict)

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first."""
        beside = ""
        if self.rms_at_rest is not None and self.trivial_rms_at_rest is not None:
            beside = (
                f"; at rest {self.rms_at_rest * 1e9:.2g} nm rms in runs that a fit has not seen, and "
                f"{self.trivial_rms_at_rest * 1e9:.2g} nm if {self.trivial_model}"
            )
        failed = self.verdict == "failed"
        found = [
            Headline(
                value=number_label(self.wall_position_error, ".2%"),
                name="wall position error",
                detail=f"{self.wall_position_error * self.length * 1e9:.1f} nm of {self.length * 1e9:.0f} nm, mean "
                f"over {_held_out(len(self.held_out))}{beside}"
                if self.wall_position_error is not None
                else "no run that was held out keeps its wall",
            ),
            # Of a model that is wrong nobody asks how fast it is.
            *(() if failed else (self._speed(),)),
            Headline(value=f"{self.levels}", name="conductance levels", detail=self._level_detail())
            if self.levels is not None
            else Headline(value="–", name="conductance levels", detail=f"withheld: {self.withheld['levels']}"),
        ]
        if self.compared and not failed:
            found.append(self._model())
        if self.sites and not failed:
            found.append(self._depinning())
        if self.digits is not None:
            low, high = self.digits.ci95
            mean = self.digits.mean_device_accuracy
            beyond = f", {mean:.1%} without heat and with devices all alike" if mean is not None else ""
            rested = self.digits.accuracy_at_rest
            beyond += f"; {rested:.1%} once its walls have come to rest" if rested is not None else ""
            found.append(
                Headline(
                    value=f"{self.digits.accuracy:.1%}",
                    name="digits read right",
                    detail=f"95 % interval {low:.1%} to {high:.1%}; {self.digits.float_accuracy:.1%} in floating "
                    f"point, {self.digits.ideal_synapse_accuracy:.1%} with ideal synapses{beyond}",
                )
            )
        return found

    def _speed(self) -> Headline:
        return Headline(
            value=f"{self.speedup:,.0f} ×",
            name="faster than micromagnetics",
            detail="1,000 devices in a batch, against one run of the engine",
        )

    def _model(self) -> Headline:
        def error(model: ComparedModel) -> str:
            at_edge = " (at the edge of what is physical)" if model.at_edge else ""
            unshapely = " (its H_K is not the shape's)" if model.unshapely else ""
            return f"{model.rms * 1e9:.2g} nm with {model}{at_edge}{unshapely}"

        chosen = next(each for each in self.compared if each.chosen)
        rivals = sorted((each for each in self.compared if not each.chosen), key=lambda each: each.rms)
        others = "; ".join(error(each) for each in rivals[:_RIVALS])
        if len(rivals) > _RIVALS:
            others += f"; {len(rivals) - _RIVALS} other models have larger errors"
        return Headline(
            value=f"{chosen}",
            name="model",
            detail=f"{chosen.rms * 1e9:.2g} nm rms in runs that the fit did not use; {others}; parameters that are not "
            "fitted follow from the material",
        )

    @property
    def goes_on(self) -> str:
        """How far a wall goes on that is left alone after a pulse and its rest; empty where it is at rest."""
        at_rest = not {reason.code for reason in self.reasons} & {"not_at_rest", "held_by_mesh"}
        return "" if at_rest or self.drift_left_alone is None else value_label(self.drift_left_alone, "m", digits=2)

    def _level_detail(self) -> str:
        if self.level_wells:
            return f"wells that the pulses reach, {self.wells_in_words}"
        assert self.levels_ci95 is not None
        assert self.level_spread is not None
        assert self.level_heat is not None
        parts = ["what the model gets wrong"]
        parts += [name for name, size in (("heat", self.level_heat), ("disorder", self.level_devices)) if size]
        of = " and ".join(parts) if len(parts) < 3 else f"{parts[0]}, {parts[1]} and {parts[2]}"
        low, high = self.levels_ci95
        lasting = f"; they do not last, the wall goes on by {self.goes_on}" if self.goes_on else ""
        if self.wander is not None:
            lasting += (
                f"; without heat, which at 300 K moves the wall by {value_label(self.wander, 'm', digits=2)} in 1 ns"
            )
        return f"3 σ apart, σ = {self.level_spread * 1e9:.2g} nm of {of}; 95 % interval {low} to {high}{lasting}"

    @property
    def wells_in_words(self) -> str:
        """How well the wells that are reached hold the wall, and how often heat has it in another one."""
        reached = [site for site in self.sites if site.position in self.level_wells]
        barriers = [each for site in reached for each in (site.barrier_left, site.barrier_right) if each is not None]
        depth = min(barriers, default=0.0) / (constants.k * self.site_temperature)
        heat = "; ".join(str(each) for each in self.wrong_wells) or "not tried with heat"
        return f"of {len(self.sites)}; {depth:.0f} kT or more at {value_label(self.site_temperature, 'K')}; {heat}"

    def _depinning(self) -> Headline:
        count = len(self.sites)
        where = f"{count} places that hold it" if count > 1 else "the one place that holds it"
        current = depinning_of(self.sites)
        if "depinning_off" in {reason.code for reason in self.reasons}:
            contradicted = "what the landscape predicts is contradicted by pulses of the runs"
            return Headline(value="–", name="depinning current", detail=contradicted)
        if current is None or self.site_pulse is None:
            return Headline(
                value="–", name="depinning current", detail=f"no pulse that was tried frees it from {where}"
            )
        return Headline(
            value=value_label(current, "A/m^2", digits=3),
            name="depinning current",
            detail=f"of one pulse of {value_label(self.site_pulse, 's')}, from {'each of ' if count > 1 else ''}"
            f"{where}; predicted from the measured landscape",
        )


def _held_out(runs: int) -> str:
    return "1 run that was held out" if runs == 1 else f"{runs} runs that were held out"
