"""How long the weights of an array last: accuracy against the time since they were written, and what heat is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator, Field

from geometries.description import Description, rising
from geometries.quantities import Duration, Temperature
from solitons.campaigns.arrays.array_devices import ArrayDevice
from solitons.campaigns.arrays.scores_over_seeds import Break, Score, break_of, score_of
from solitons.campaigns.framework.results import FiniteOrNone, ResultsPart
from solitons.devices.drift import AFTER_PULSES, Drift, DriftUnknownError
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation
from solitons.numerics.threads import shared

if TYPE_CHECKING:
    from solitons.crossbars import StepTable, Wires
    from solitons.crossbars.learning import Learned
    from solitons.crossbars.perceptron import DigitImages

__all__ = [
    "ArrayDrift",
    "DriftPoint",
    "WeightDrift",
    "digits_after_drift",
    "drift_reasons",
    "drifted_pair",
    "weight_drift",
]

Floats = npt.NDArray[np.float64]

_DRAWN = 2_000_000
"""Added to the seeds of networks, so that drift has chance of its own."""


class ArrayDrift(Description):
    """When arrays are read again after they were written, without a pulse between.

    Parameters
    ----------
    temperature : float or str
        In K, of devices that have no temperature of their own.
    times : sequence of float or str
        Since the last pulse in s, rising.
    """

    temperature: Annotated[Temperature, Field(gt=0, le=2000)] = 300.0
    times: Annotated[
        tuple[Annotated[Duration, Field(gt=0)], ...], Field(min_length=2, max_length=40), AfterValidator(rising)
    ]


class DriftPoint(ResultsPart):
    """Networks some time after they were written.

    Parameters
    ----------
    time : float
        In s.
    score : Score or None
        Accuracy on the test images, or recalled share; None where the model does not know what heat does for so long.
    missing : str
        Why there is none, and the remedy.
    """

    time: float
    score: Score | None
    missing: str = ""


class WeightDrift(ResultsPart):
    """Effect of heat on the weights of an array.

    Parameters
    ----------
    temperature : float
        In K.
    start : Score
        Accuracy at the end of the last pulse.
    points : list of DriftPoint
    lost : Break
        Time after which more accuracy is lost than allowed, in s.
    lost_ci95 : (float or None, float or None)
        Its 95 % interval by the interval of the device's fit; None where the fit has none, or nothing is lost.
    """

    temperature: float
    start: Score
    points: list[DriftPoint]
    lost: Break
    lost_ci95: tuple[FiniteOrNone, FiniteOrNone] = (None, None)

    @property
    def known(self) -> list[DriftPoint]:
        """The points that have an accuracy."""
        return [point for point in self.points if point.score is not None]

    @property
    def missing(self) -> str:
        """Why some point has no accuracy; empty where all have one."""
        return next((point.missing for point in self.points if point.missing), "")

    @property
    def lasts(self) -> str:
        """How long the weights last, in words."""
        if not self.known:
            return "not known"
        if self.lost.value is not None:
            return value_label(self.lost.value, "s", 2)
        last, first = value_label(self.known[-1].time, "s", 2), value_label(self.known[0].time, "s", 2)
        return f"more than {last}" if self.lost.kind == "within" else f"less than {first}"

    @property
    def interval(self) -> str:
        """Its interval, such as "[2 ms, 5 ms]"; empty where there is none."""
        low, high = self.lost_ci95
        if self.lost.value is None or low is None or high is None:
            return ""
        return f"[{value_label(low, 's', 2)}, {value_label(high, 's', 2)}]"

    def __str__(self) -> str:
        """How long the weights last with its interval."""
        return f"{self.lasts} {self.interval}".strip()


def weight_drift(
    device: ArrayDevice,
    start: Score,
    read: Callable[[int, Drift], Score],
    settings: ArrayDrift,
    allowed: float,
    advance: Callable[[], None],
) -> WeightDrift:
    """Read networks again after each time, every device having drifted by a draw of its own.

    `start` is the score at the end of the last pulse, `read` gives it for the number of a time and the drift until
    then, and `allowed` is how much of it may be lost; `advance` is called after each time.
    """
    from solitons.devices.synapse import AbstractSynapse

    synapse, kelvins = device.synapse(), device.temperature or settings.temperature
    found: list[DriftPoint] = []
    for index, time in enumerate(settings.times):
        try:
            if synapse is None:
                raise DriftUnknownError(AFTER_PULSES)
            drift = synapse.drift(time, kelvins)
        except DriftUnknownError as error:
            found.append(DriftPoint(time=time, score=None, missing=f"{error}."))
        else:
            found.append(DriftPoint(time=time, score=read(index, drift)))
        advance()
    known = [point for point in found if point.score is not None]
    losses = [start.mean - point.score.mean for point in known if point.score is not None]
    lost = break_of([point.time for point in known], losses, allowed) if known else Break(kind="within")
    # A device of tables has no fit of its own to be unsure of.
    speed = synapse.drift_speed_ci95(kelvins) if isinstance(synapse, AbstractSynapse) else None
    ends = (None, None) if speed is None or lost.value is None else (lost.value / speed[1], lost.value / speed[0])
    return WeightDrift(temperature=kelvins, start=start, points=found, lost=lost, lost_ci95=ends)


def drifted_pair(
    coordinates: tuple[Floats, Floats],
    scales: tuple[Floats, Floats],
    drift: Drift,
    generator: np.random.Generator,
    table: StepTable,
) -> tuple[Floats, Floats]:
    """Conductances in S of positive and negative devices that were left alone at these coordinates."""
    one, other = (
        scale * table.conductance_at(drift(each, generator)) for each, scale in zip(coordinates, scales, strict=True)
    )
    return one, other


def digits_after_drift(
    learned: Sequence[Learned],
    images: Sequence[DigitImages],
    seeds: Sequence[int],
    table: StepTable,
    largest: float,
    wires: Wires,
) -> Callable[[int, Drift], Score]:
    """What reads networks of digits for `weight_drift`; seeds are theirs, from which the seed of the drift follows."""
    from solitons.crossbars.perceptron import accuracy
    from solitons.crossbars.weight_pairs import weights_of_pairs

    def read(index: int, drift: Drift) -> Score:
        def one(network: int) -> float:
            generator = np.random.default_rng([_DRAWN + seeds[network], index])
            weights = []
            for pair, scales in zip(learned[network].coordinates, learned[network].scales, strict=True):
                positive, negative = drifted_pair(pair, scales, drift, generator, table)
                weights.append(weights_of_pairs(positive, negative, largest, table.range, wires))
            shown = images[network]
            return accuracy((weights[0], weights[1]), shown.test, shown.test_digits)

        return score_of(shared(one, range(len(learned)), lambda: None))

    return read


def drift_reasons(
    name: str, found: WeightDrift, allowed: float, written_for: float, *, heat_known: bool
) -> Iterator[Reason]:
    """Limits by drift: it is not known, or it is faster than writing.

    `allowed` is the accuracy that may be lost, `written_for` at least the time in s from the first pulse of a device to
    its last, `heat_known` whether the steps hold what heat does to a pulse.
    """
    if not found.known:
        yield limitation(
            "drift_unknown", f"{name}: it is not known for how long its weights last, since {found.missing}"
        )
        return
    # Weights outlast the last time, or fail before the first one: only this bound is known.
    least = found.known[-1].time if found.lost.kind == "within" else found.lost.value or 0.0
    most = np.inf if found.lost.kind == "within" else found.lost.value or found.known[0].time
    if least >= written_for:
        return
    if most > written_for:
        yield limitation(
            "drift_unknown",
            f"{name}: its weights last {found}, and to write them takes {value_label(written_for, 's', 2)} at least: "
            "whether the first fade while the last are written is not known. Give drift.times on both sides of it.",
        )
        return
    learned = (
        "the first weights fade while the last are written"
        if heat_known
        else "what is learned here is learned by devices without heat"
    )
    yield limitation(
        "weights_fade_while_written",
        f"{name}: at {value_label(found.temperature, 'K')} its weights last {found}, and to write them takes "
        f"{value_label(written_for, 's', 2)} at least: {learned}. They count as lost at {100 * allowed:g} points of "
        "accuracy. Use devices that hold their state better, or cool them.",
    )
