"""Results of a campaign on stochastic learning."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.energy import EnergyLedger
from solitons.figures import value_label

__all__ = ["LearningPoint", "LearningResults", "Score", "TaskResults"]


class LearningPoint(ResultsPart):
    """Layers with one current, spread and number of junctions, one a seed.

    Parameters
    ----------
    current : float
        Density in A/m2.
    spread : float
        Standard deviation of the logarithms of barrier and critical current.
    junctions : int
        In parallel at each crossing.
    chance : float
        Probability that a pulse switches the mean junction.
    score : float
        Mean over seeds: detected cars over cars and false alarms, or images named right over images.
    ci95 : (float, float)
        95 % interval of the mean by Student's t over seeds.
    worst : float
        Score of the worst seed.
    pulse_energy : float
        Mean energy in J of the pulses that were sent.
    learning_energy : float
        Energy in J of all pulses of a layer.
    written : float
        Pulses that switched, for each junction.
    parallel : float
        Share of junctions that are parallel after learning.
    trouble : str
        Fault of most layers, in a word; empty if there is none.
    """

    current: float
    spread: float
    junctions: int
    chance: float
    score: float
    ci95: tuple[float, float]
    worst: float
    pulse_energy: float
    learning_energy: float
    written: float
    parallel: float
    trouble: str

    @property
    def interval(self) -> str:
        """The score and its interval in per cent."""
        return str(Score(value=self.score, ci95=self.ci95))


class Score(ResultsPart):
    """A share with its 95 % interval.

    Parameters
    ----------
    value : float
        Mean over seeds.
    ci95 : (float, float)
        The wider of the exact binomial interval of the counts and Student's t interval over seeds.
    """

    value: float
    ci95: tuple[float, float]

    def __str__(self) -> str:
        """The share and its interval in per cent."""
        low, high = (100 * each for each in self.ci95)
        return f"{100 * self.value:.1f} % [{low:.1f}, {high:.1f}]"


class TaskResults(ResultsPart):
    """How layers do one task.

    Parameters
    ----------
    chosen : LearningPoint
        The layers of the cheapest current whose score is within the interval of the best.
    final : Score
        Cars detected, or held-out digits named right, by layers with the chosen current and seeds of their own.
    alarms : (float, (float, float)) or None
        False alarms for each car, with the 95 % interval; None of digits.
    untrained : Score
        Cars or digits that the same layers get right without learning.
    untrained_score : float
        Their mean score, defined as for the points.
    constant : float
        Share that always naming the most frequent lane or digit gets right.
    references : dict of str to float
        Scores of others on the same held-out images.
    named_neurons, neurons : float, int
        Mean number of neurons with a name, and of all.
    unseen : float
        Share of held-out images that no neuron with a name answers.
    seeds : int
        Layers of each kind.
    currents, spreads, junctions : list of LearningPoint
        Points of each comparison.
    """

    chosen: LearningPoint
    final: Score
    alarms: tuple[float, tuple[float, float]] | None
    untrained: Score
    untrained_score: float
    constant: float
    references: dict[str, float]
    named_neurons: float
    neurons: int
    unseen: float
    seeds: int
    currents: list[LearningPoint]
    spreads: list[LearningPoint]
    junctions: list[LearningPoint]


class LearningResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    stability : float
        Barrier of the mean junction over k T.
    critical_current : float
        Density in A/m2 above which no barrier is left.
    retention : float
        Mean time in s for which a junction keeps its state.
    antiparallel : float
        Conductance of an antiparallel junction over a parallel one's, as the layer reads it.
    cars, digits : TaskResults or None
        None where the task was not asked for, or where nothing was learned: then its numbers are withheld.
    energy : EnergyLedger
        Energy of pulses, learning and a synaptic event; without rows if nothing was learned.
    """

    stability: float
    critical_current: float
    retention: float
    antiparallel: float
    cars: TaskResults | None
    digits: TaskResults | None
    energy: EnergyLedger = EnergyLedger()

    @property
    def tasks(self) -> dict[str, TaskResults]:
        """Results of the learned tasks, by name."""
        return {name: task for name, task in (("cars", self.cars), ("digits", self.digits)) if task is not None}

    @property
    def compared(self) -> list[tuple[str, LearningPoint]]:
        """Layers of other spreads and numbers of junctions, with their task's name."""
        return [(name, point) for name, task in self.tasks.items() for point in (*task.spreads, *task.junctions)]

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        if self.cars is not None:
            alarms = "" if self.cars.alarms is None else f"; {100 * self.cars.alarms[0]:.1f} false alarms for 100 cars"
            yield _share("cars detected", self.cars, alarms)
        if self.digits is not None:
            yield _share("held-out digits named", self.digits)
        for name, task in self.tasks.items():
            at = task.chosen
            detail = f"{at.current / self.critical_current:.2f} of the critical current; switches with {at.chance:.2g}"
            energy = value_label(at.pulse_energy, "J", digits=3)
            yield Headline(value=energy, name=f"a pulse, {name}", detail=detail)
        if not self.tasks:
            yield Headline(value="–", name="nothing was learned", detail="numbers are withheld")


def _share(name: str, task: TaskResults, further: str = "") -> Headline:
    low, high = (100 * each for each in task.final.ci95)
    detail = f"95 %: {low:.1f} to {high:.1f} %; without learning {task.untrained.value:.0%}{further}"
    return Headline(value=f"{task.final.value:.1%}", name=name, detail=detail)
