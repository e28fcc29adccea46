"""Results of a campaign on reservoirs."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart

__all__ = [
    "DEVICE",
    "LINEAR",
    "MASK",
    "QUADRATIC",
    "TASK_NAMES",
    "Drive",
    "Memory",
    "Orbit",
    "ReservoirResults",
    "Row",
    "Stretch",
    "TaskResult",
    "Tested",
]

DEVICE, LINEAR, QUADRATIC = "the device", "linear taps, as many weights", "quadratic taps, as many weights"
MASK = "the present input alone"
TASK_NAMES = {"narma": "NARMA-10", "sine_or_square": "sine or square", "movement": "a movement"}


class Drive(ResultsPart):
    """The drive that the search chose: `Multiplexing`, in SI units."""

    bias: float
    amplitude: float
    slot: float
    nodes: int
    mask_mean: float


class Row(ResultsPart):
    """One set of features on one task.

    Parameters
    ----------
    name : str
    weights : int
        Features, without the offset.
    error, reach : float
        NRMSE, mean over series, and half of its 95 % interval by Student's t.
    gain, gain_reach : float
        By how much the device's error is lower, series by series, with half of its 95 % interval.
    wrong : float or None
        Share of the times that are named wrongly, where the target is a sign.
    """

    name: str
    weights: int
    error: float
    reach: float
    gain: float
    gain_reach: float
    wrong: float | None

    @property
    def verdict(self) -> str:
        """What the device is beside it: a gain, a loss, or no gain where the interval has 0."""
        if abs(self.gain) <= self.gain_reach:
            return "no gain"
        return "gain" if self.gain > 0 else "loss"


class Tested(ResultsPart):
    """The drive that the search chose for one length of the mask, tested once.

    Parameters
    ----------
    drive : Drive
        Chosen on other series.
    validated : float
        Error on those.
    rows : list of Row
        The device, linear and quadratic taps, and the mask alone.
    chosen : str
        The quadratic taps that were best of all with so many weights: linear taps + taps with all products.
    place, deviation : float or None
        Mean and standard deviation of all readings in the test, in the model's unit.
    """

    drive: Drive
    validated: FiniteOrNone
    rows: list[Row]
    chosen: str
    place: FiniteOrNone
    deviation: FiniteOrNone

    def row(self, name: str) -> Row:
        """A row by its name."""
        return next(each for each in self.rows if each.name == name)


class TaskResult(ResultsPart):
    """A task.

    Parameters
    ----------
    task : str
    tested : list of Tested
        By the number of nodes.
    references : list of Row
        Long lines of taps, beside the device with most nodes.
    """

    task: str
    tested: list[Tested]
    references: list[Row]

    @property
    def title(self) -> str:
        """The task's name in words."""
        return TASK_NAMES[self.task]

    @property
    def named(self) -> bool:
        """Whether times are named: the target is a sign."""
        return all(each.rows[0].wrong is not None for each in self.tested)

    @property
    def without_gain(self) -> str:
        """What the device is beside quadratic taps where it is no gain with any number of nodes."""
        return "loss" if all(each.row(QUADRATIC).verdict == "loss" for each in self.tested) else "no gain"

    def gains(self, name: str) -> list[int]:
        """Numbers of nodes with which the device is better than a row."""
        return [each.drive.nodes for each in self.tested if each.row(name).verdict == "gain"]


class Memory(ResultsPart):
    """Memory capacity, at the drive of the first task with most nodes.

    Parameters
    ----------
    by_degree : list of float
        Sum over functions of degree 1, 2, ...
    linear_by_delay : list of float
        Of an input so many times ago.
    rank : int
        Independent nodes, the bound of the sum.
    """

    by_degree: list[float]
    linear_by_delay: list[float]
    rank: int


class Stretch(ResultsPart):
    """A stretch of a task: the model beside micromagnetics, both at 0 K.

    Parameters
    ----------
    task : str
    drive : Drive
    inputs : int
    lost : bool
        Whether the wall left the stripe in micromagnetics.
    error : float or None
        Root mean square difference of the nodes over the standard deviation of those of micromagnetics; None if it is
        not known.
    parted : int or None
        Inputs until the difference is above half of that deviation for the first time; None if never.
    exponent, model_exponent : float or None
        In 1/s, of the difference that another first input makes to a wall; None of an oscillator, or if it dies out at
        once.
    place, test_place, test_deviation : float or None
        Mean reading in micromagnetics; mean and standard deviation in the test, None if no test has this drive.
    """

    task: str
    drive: Drive
    inputs: int
    lost: bool
    error: FiniteOrNone
    parted: int | None
    exponent: FiniteOrNone
    model_exponent: FiniteOrNone
    place: FiniteOrNone
    test_place: FiniteOrNone
    test_deviation: FiniteOrNone

    @property
    def confirmed(self) -> bool:
        """Whether a test has its drive."""
        return self.test_place is not None


class Orbit(ResultsPart):
    """A sine of one amplitude.

    Parameters
    ----------
    amplitude : float
        In A/m2.
    places, model_places : list of float or None
        What is read at the end of each of the last periods, in the model's unit.
    exponent : float or None
        Largest Lyapunov exponent of the model in 1/s.
    apart : float or None
        Root mean square difference of the places over the range of readings.
    """

    amplitude: float
    places: list[FiniteOrNone]
    model_places: list[FiniteOrNone]
    exponent: FiniteOrNone
    apart: FiniteOrNone


def _short(row: Row) -> str:
    return f"{round(row.error, 6):.2g}"


class ReservoirResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    time_constant : float
        The longest, over biases, in s, in which the device forgets a small difference at rest.
    tasks : list of TaskResult
    memory : Memory
    exponents : list of list of float or None
        Largest Lyapunov exponents in 1/s under a random signal, biases by amplitudes; None where a difference is lost.
    device_seconds, engine_seconds : float, float or None
        Simulated seconds in a second, of the model and of the engine.
    stretch : Stretch or None
    orbits : list of Orbit
    """

    time_constant: float
    tasks: list[TaskResult]
    memory: Memory
    exponents: list[list[FiniteOrNone]]
    device_seconds: float
    engine_seconds: float | None = None
    stretch: Stretch | None = None
    orbits: list[Orbit]

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        if self.verdict != "failed":
            yield from self._computed()
        if self.stretch is not None and self.stretch.error is not None:
            yield Headline(
                value=f"{self.stretch.error:.0%}",
                name="nodes beside micromagnetics",
                detail=f"rms over their deviation, {self.stretch.inputs} inputs",
            )

    def _computed(self) -> Iterator[Headline]:
        for each in self.tasks:
            won = each.gains(QUADRATIC)
            shown = next((one for one in reversed(each.tested) if one.drive.nodes in won), each.tested[-1])
            device, linear, quadratic = (shown.row(name) for name in (DEVICE, LINEAR, QUADRATIC))
            yield Headline(
                value=f"gain with {', '.join(map(str, won))} weights" if won else each.without_gain,
                name=f"{each.title}, beside quadratic taps",
                detail=f"NRMSE {_short(device)}; quadratic taps {_short(quadratic)}, linear {_short(linear)}, "
                f"with {device.weights} weights",
            )
        yield Headline(
            value=f"{sum(self.memory.by_degree):.1f} of {self.memory.rank}",
            name="memory capacity",
            detail=f"linear {self.memory.by_degree[0]:.2g}; the rest of products of inputs",
        )
