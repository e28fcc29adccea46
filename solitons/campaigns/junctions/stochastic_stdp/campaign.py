"""The campaign of stochastic learning: what junctions that are written by chance learn without a teacher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, final

from pydantic import Field, model_validator
from typing_extensions import override

from geometries import Material, Pillar
from geometries.quantities import Temperature
from solitons.campaigns.energy.run_energy import ReadEnergy
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.junctions.stochastic_stdp.results import LearningResults
from solitons.campaigns.junctions.stochastic_stdp.settings import CarsTask, DigitsTask, Writing
from solitons.figures import value_label

if TYPE_CHECKING:
    from solitons.campaigns.junctions.stochastic_stdp.trials import Trial
    from solitons.junctions.pillar_pulses import PillarPulse

__all__ = ["StochasticLearningCampaign"]

_FEWEST_WRITES = 0.1
"""Times that a junction is switched while the layer learns, below which nothing can be learned."""


@final
class StochasticLearningCampaign(AbstractCampaign[None, LearningResults]):
    """A layer of spiking neurons that learns without a teacher on tunnel junctions that are written by chance.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    device : Pillar
        One junction: round and perpendicular, its fixed layer along z.
    material : Material
        Material of its free layer.
    temperature : float or str
        In K.
    writing : Writing
        The pulses, and what is compared.
    cars : CarsTask, optional
        Cars on the lanes of a road, seen by an artificial event camera.
    digits : DigitsTask, optional
        Scikit-learn's handwritten digits.
    energy : ReadEnergy
        How a junction is read, from which the energy of a synaptic event follows.
    seeds : int
        Layers of each kind, 2 or more: devices, recordings and pulses of their own.
    seed : int
        Seed of the first.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, or there is no task.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The scheme: J. Grollier, D. Querlioz and M. D. Stiles, Proc. IEEE 104, 2024 (2016); A. F. Vincent et al., "
        "IEEE Trans. Biomed. Circuits Syst. 9, 166 (2015), by its abstract.",
        "Stochastic binary synapses and how many a synapse needs: D. Querlioz, O. Bichler, A. F. Vincent and C. "
        "Gamrat, Proc. IEEE 103, 1398 (2015), by its abstract.",
        "Thresholds that follow a neuron's own activity: D. Querlioz, O. Bichler, P. Dollfus and C. Gamrat, IEEE "
        "Trans. Nanotechnol. 12, 288 (2013), by its abstract.",
        "The Fokker-Planck equation of a layer: W. F. Brown, Phys. Rev. 130, 1677 (1963).",
    )
    results_class: ClassVar[type[LearningResults]] = LearningResults
    table_names: ClassVar[tuple[str, ...]] = ("points",)

    kind: Literal["stochastic_stdp"] = "stochastic_stdp"
    device: Pillar
    material: Material
    temperature: Annotated[Temperature, Field(gt=0)] = 300.0
    writing: Writing
    cars: CarsTask | None = None
    digits: DigitsTask | None = None
    energy: ReadEnergy = ReadEnergy()
    seeds: Annotated[int, Field(ge=2, le=100)] = 5
    seed: Annotated[int, Field(ge=0, lt=2**28)] = 0

    @model_validator(mode="after")
    def _has_a_task(self) -> StochasticLearningCampaign:
        if not self.tasks:
            raise ValueError("there is nothing to learn: give cars, digits, or both; cars: {} takes the usual road")
        return self

    @property
    def tasks(self) -> dict[str, CarsTask | DigitsTask]:
        """The tasks by their names."""
        return {name: task for name, task in (("cars", self.cars), ("digits", self.digits)) if task is not None}

    def pulse(self) -> PillarPulse:
        """The pulses on the mean junction."""
        from solitons.junctions.pillar_pulses import pulsed_pillar

        return pulsed_pillar(self.device, self.material, width=self.writing.width, temperature=self.temperature)

    def digits_with_junctions(self, current: float, seed: int, *, learns: bool = True) -> Trial:
        """One layer that learns the digits by pulses of a current density in A/m2; `seed` is for devices too."""
        from solitons.campaigns.junctions.stochastic_stdp.trials import Junctions, run_trial

        if self.digits is None:
            raise ValueError(f"campaign {self.name!r} has no digits; give it some")
        junctions = Junctions.of(self.pulse(), current, self.writing.spread, self.digits.junctions)
        return run_trial(self.digits, junctions, seed, learns=learns)

    @override
    def check(self) -> None:
        from solitons.junctions import coherent_reversal

        pulse = self.pulse()
        strongest = self.writing.currents[-1]
        chance = min(pulse.chances(strongest))
        for name, task in self.tasks.items():
            writes = task.expected_spikes * chance
            if writes < _FEWEST_WRITES:
                raise ValueError(
                    f"writing.currents: the strongest, {value_label(strongest, 'A/m^2', digits=3)}, is "
                    f"{strongest / pulse.critical_current:.2g} of the critical current density "
                    f"{value_label(pulse.critical_current, 'A/m^2', digits=3)}; a pulse of "
                    f"{value_label(self.writing.width, 's')} over a barrier of "
                    f"{float(pulse.macrospin.stability):.3g} k T switches with the chance {chance:.2g}. In {name} a "
                    f"neuron fires about {task.expected_spikes:.3g} times while it learns, so that a junction is "
                    f"switched {writes:.2g} times, and nothing can be learned: give stronger or longer pulses, or a "
                    "lower barrier"
                )
            if task.duration > pulse.retention:
                raise ValueError(
                    f"device and material: a barrier of {float(pulse.macrospin.stability):.3g} k T keeps a junction's "
                    f"state for {pulse.retention:.3g} s at {self.temperature:g} K, and {name} are learned in "
                    f"{task.duration:.3g} s: what was learned is lost by heat, which the layer does not model; give a "
                    "larger pillar or Ku, or a lower temperature"
                )
        reversal = coherent_reversal(self.device, self.material).verdict
        if reversal.failed:
            raise ValueError(f"device and material: the chance of a pulse is that of one moment. {reversal.why}")
