"""Results of a campaign of associative memories."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.arrays.array_devices import ArrayWires, FoundDevice
from solitons.campaigns.arrays.array_drift import WeightDrift
from solitons.campaigns.arrays.scores_over_seeds import Break, Score, VariedPoint
from solitons.campaigns.capacity.pattern_capacity import Capacity, KindOfMemory, capacity_headline
from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.energy import EnergyLedger
from solitons.figures import value_label

__all__ = [
    "AXIS_WORDS",
    "RECALL",
    "THRESHOLDS",
    "AssociativeMemoryResults",
    "BoltzmannMachine",
    "Cost",
    "DigitMemory",
    "Handwriting",
    "NoisyDigits",
    "RecallFrames",
    "StablePatterns",
]

RECALL = "recall"
THRESHOLDS = KindOfMemory("threshold neurons", published=0.138, off=0.01, slope=17.0, power=3, most=2e13)
"""By D. J. Amit, H. Gutfreund and H. Sompolinsky (1985); simulations end some 0.006 above their theory, which has no
broken replica symmetry. The largest draws take some ten minutes."""
AXIS_WORDS: dict[str, tuple[str, str]] = {
    "errors": ("error of a conductance over its range, ideal weights", ""),
    "levels": ("levels of a device, ideal weights", ""),
    "segments": ("resistance of a segment", "ohm"),
    "neurons": ("neurons at the same load", ""),
    "stuck": ("share of stuck devices", ""),
}


class StablePatterns(ResultsPart):
    """Patterns that are exactly stable by ideal weights, beside the closed form.

    Parameters
    ----------
    neurons, patterns : int
        Of each network.
    wrong_bits, expected_bits : float
        Share of the bits that are not stable, and by the closed form.
    stable, expected : float
        Share of the patterns without such a bit, and by independent neurons.
    """

    neurons: int
    patterns: int
    wrong_bits: float
    expected_bits: float
    stable: float
    expected: float


class Cost(ResultsPart):
    """Recalls with one cause of errors, or several.

    Parameters
    ----------
    name : str
        Cause, in words.
    score : Score
        Recalled share.
    loss : Score
        Share that is recalled by ideal weights and not here, network by network.
    readings : float
        Neurons that are read in a recall, in the mean.
    restless : float
        Share of the recalls that do not come to rest.
    """

    name: str
    score: Score
    loss: Score
    readings: float
    restless: float


class BoltzmannMachine(ResultsPart):
    """Distribution of a few junctions as neurons, against Boltzmann's by enumeration: total variations.

    Parameters
    ----------
    neurons, patterns, samples : int
    beta : float
    off, written_off : float
        By ideal weights, and by written ones that are read through the wires.
    curve_off : float
        Of the junctions' own distribution at rest by ideal weights, without chance: their odds are not quite a tanh.
    by_chance : float
        Mean of as many independent samples of Boltzmann's own distribution.
    """

    neurons: int
    patterns: int
    samples: int
    beta: float
    off: float
    written_off: float
    curve_off: float
    by_chance: float


class NoisyDigits(ResultsPart):
    """Recalled shares of mean images with a share of wrong pixels, by ideal and by written weights."""

    wrong_bits: float
    ideal: Score
    written: Score


class RecallFrames(ResultsPart):
    """Images of a recall, rows of black (1) and white (0) pixels, after so many changes of single neurons."""

    changes: list[int]
    states: list[list[int]]
    wanted: list[int]
    at_rest: bool


class Handwriting(ResultsPart):
    """Handwritten images that fall by written weights.

    Parameters
    ----------
    images : int
    fallen, elsewhere : float
        Shares that come to rest in the attractor of their digit, or of another one; the rest end in neither.
    nearest : float
        Share whose nearest stored image is that of their digit, without any network.
    """

    images: int
    fallen: float
    elsewhere: float
    nearest: float


class DigitMemory(ResultsPart):
    """Images as attractors, with the frames of some recalls by written weights of the first network.

    `hebbian` is how many of them would be at rest by ideal weights of Hebb's rule.
    """

    digits: list[int]
    hebbian: int
    noisy: list[NoisyDigits]
    frames: list[RecallFrames]
    handwriting: Handwriting


class AssociativeMemoryResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    capacity : Capacity
        Of ideal weights.
    stable : StablePatterns
    device : FoundDevice
    wires : ArrayWires
    clipped : float
        Share of the weights beyond the range of a pair.
    field_share : float
        Fields through devices and wires over those of the rule's weights, which thresholds do not notice.
    ideal : Score
        Recalled share by ideal weights and threshold neurons.
    costs : list of Cost
        By cause; the last one has device and wires.
    varied : list of VariedPoint
    breaks : dict of str to Break
        By axis: where more is lost than allowed.
    allowed : float
        Recalled share that may be lost.
    pulses : float
        Pulses a device, written and read back.
    boltzmann : BoltzmannMachine or None
    chance : tuple of VariedPoint
        Recalled share by junctions as neurons and written weights, over beta.
    chance_sweep : float or None
        Time in s in which a junction forgets its state without a current, 1 / (up + down).
    digits : DigitMemory or None
    drift : WeightDrift or None
    energy : EnergyLedger
    """

    capacity: Capacity
    stable: StablePatterns
    device: FoundDevice
    wires: ArrayWires
    clipped: float
    field_share: float
    ideal: Score
    costs: list[Cost]
    varied: list[VariedPoint]
    breaks: dict[str, Break]
    allowed: float
    pulses: float
    boltzmann: BoltzmannMachine | None = None
    chance: tuple[VariedPoint, ...] = ()
    chance_sweep: float | None = None
    digits: DigitMemory | None = None
    drift: WeightDrift | None = None
    energy: EnergyLedger = EnergyLedger()

    @property
    def read(self) -> Cost:
        """Recalls by devices that are written and read through the wires."""
        return self.costs[-1]

    @property
    def best_beta(self) -> VariedPoint | None:
        """The beta at which junctions as neurons recall most."""
        return max(self.chance, key=lambda each: each.score.mean, default=None)

    def breaks_at(self, axis: str) -> str:
        """Where recall breaks on an axis, in words."""
        found, unit = self.breaks[axis], AXIS_WORDS[axis][1]
        tried = [each.value for each in self.varied if each.axis == axis]
        if found.value is not None:
            return value_label(found.value, unit, 2)
        if found.kind == "within":
            return "nowhere"
        return "broken throughout" if found.kind == "throughout" else f"already at {_first(axis, tried, unit)}"

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first; no numbers of devices where the verdict is that they do not hold."""
        yield capacity_headline(self.capacity, THRESHOLDS)
        if self.verdict == "failed":
            yield Headline(value="withheld", name="recall by devices", detail="the verdict states why")
            return
        low, high = self.read.score.possible
        yield Headline(
            value=f"{self.read.score.mean:.1%}",
            name=f"of the corrupted patterns are recalled by {self.device.name}",
            detail=f"95 %: {100 * low:.1f} to {100 * high:.1f} %; ideal weights {self.ideal.mean:.1%}",
        )
        if self.digits is not None:
            middle = self.digits.noisy[len(self.digits.noisy) // 2]
            yield Headline(
                value=f"{middle.written.mean:.0%}",
                name=f"of digits with {middle.wrong_bits:.0%} wrong pixels are recalled",
                detail=f"ideal weights: {middle.ideal.mean:.0%}",
            )
        if self.boltzmann is not None:
            yield Headline(
                value=f"{self.boltzmann.off:.3f}",
                name="total variation of junctions as neurons from Boltzmann's distribution",
                detail=f"by written weights {self.boltzmann.written_off:.3f}; independent samples "
                f"{self.boltzmann.by_chance:.3f}",
            )
        if self.energy.rows:
            joule = self.energy.joule(self.device.name, RECALL)
            second = self.energy.second(self.device.name, RECALL)
            yield Headline(
                value="not known" if joule is None else value_label(joule, "J", 2),
                name="energy of a recall",
                detail="its time is not known"
                if second is None
                else f"{value_label(second, 's', 2)}, one neuron after another",
            )


def _first(axis: str, tried: list[float], unit: str) -> str:
    return value_label(max(tried) if axis == "levels" else min(tried), unit)
