"""Results of a campaign of crossbar limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from solitons.campaigns.arrays.array_devices import ArrayWires, FoundDevice
from solitons.campaigns.arrays.array_energy import image_headline
from solitons.campaigns.arrays.scores_over_seeds import Break, Score, VariedPoint
from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.energy import EnergyLedger
from solitons.figures import value_label

__all__ = ["AXIS_WORDS", "AxisInWords", "CrossbarLimitsResults", "DisturbPoint", "LossPoint", "MarginPoint"]

AXIS_WORDS: dict[str, tuple[str, str]] = {
    "segments": ("resistance of a segment", "ohm"),
    "hidden": ("hidden units", ""),
    "tiles": ("lines of a tile", ""),
    "spreads": ("spread of the steps from device to device", ""),
    "junctions": ("spread of the critical current from junction to junction", ""),
    "levels": ("pulses across the range, ideal devices", ""),
    "stuck": ("share of stuck devices", ""),
}


class LossPoint(ResultsPart):
    """Current that wires cost an array whose cells are anywhere in the device's range.

    Parameters
    ----------
    lines : int
        Word lines, and as many bit lines.
    lost : float
        Share of the current.
    device_joule, wire_joule : float or None
        Energy in J of a read with all word lines on: in the devices, and in segments and ends. None where no reading
        is described.
    """

    lines: int
    lost: float
    device_joule: float | None = None
    wire_joule: float | None = None


class MarginPoint(ResultsPart):
    """How far a reading distinguishes two states of a cell.

    Parameters
    ----------
    cells : {"passive", "selector", "transistor"}
    scheme : str
        Voltages of the other lines.
    lines : int
    margin : float or None
        Over the applied voltage; None where no operating point was found.
    """

    cells: Literal["passive", "selector", "transistor"]
    scheme: str
    lines: int
    margin: float | None


class DisturbPoint(ResultsPart):
    """Disturbance of other cells by a write in the largest array.

    Parameters
    ----------
    cells : {"passive", "selector", "transistor"}
    scheme : str
    lines : int
    chosen : float
        Voltage over the device that is written, over the applied one.
    share : float
        Largest current through another device over the current through the chosen one.
    """

    cells: Literal["passive", "selector", "transistor"]
    scheme: str
    lines: int
    chosen: float
    share: float


@dataclass(frozen=True)
class AxisInWords:
    """Axis that was varied, its range, where accuracy breaks, and the worst of it."""

    words: str
    unit: str
    least: float
    most: float
    breaks: str
    worst: VariedPoint


class CrossbarLimitsResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    device : FoundDevice
    wires : ArrayWires
        Wires of all arrays.
    floating : Score
        Accuracy in floating point.
    quantised : Score
        Score of the same weights rounded to the device's levels, or to one more than its pulses across.
    alone, wired : Score
        Written into the devices and verified, with ideal wires, and with the wires.
    counted : Score
        Written by counted pulses, with ideal wires.
    pulses : float
        A device, verified.
    outside : float
        Share of the pulses outside what the device's model was fitted on.
    lost_through_wires : float
        Share of the first array's current, in the mean of the seeds.
    varied : list of VariedPoint
    breaks : dict of str to Break
        By axis, and " counted" for writing without reading back: where more is lost than allowed.
    allowed : float
        Accuracy that may be lost.
    losses : list of LossPoint
    margins : list of MarginPoint
    most_lines : dict of str to int
        By cells and scheme: the largest of the compared arrays up to which the margin is kept; 0 of none.
    least_margin : float
    disturbs : list of DisturbPoint
    energy : EnergyLedger
        Energy of a pulse, a read, an image and of writing the network; without rows if the verdict is "failed".
    """

    device: FoundDevice
    wires: ArrayWires
    floating: Score
    quantised: Score
    alone: Score
    wired: Score
    counted: Score
    pulses: float
    outside: float
    lost_through_wires: float
    varied: list[VariedPoint]
    breaks: dict[str, Break]
    allowed: float
    losses: list[LossPoint]
    margins: list[MarginPoint]
    most_lines: dict[str, int]
    least_margin: float
    disturbs: list[DisturbPoint]
    energy: EnergyLedger = EnergyLedger()

    @property
    def largest(self) -> int:
        """Lines of the largest array whose cells were chosen one by one."""
        return max(each.lines for each in self.losses)

    def axis(self, name: str) -> AxisInWords:
        """An axis, or " counted" of it; a break is a value only where it was found between two others."""
        axis, _, how = name.partition(" ")
        (words, unit), found = AXIS_WORDS[axis], self.breaks[name]
        some = [each for each in self.varied if each.axis == axis and each.verified == (not how)]
        least, most = (end(each.value for each in some) for end in (min, max))
        breaks = "broken throughout"
        if found.value is not None:
            breaks = value_label(found.value, unit, 2)
        elif found.kind == "within":
            # Fewer hidden units than at the least loss are not considered; they may lose more than is allowed.
            best = min(some, key=lambda each: each.loss.mean)
            breaks = f"nowhere above {best.value:g}" if axis == "hidden" else "nowhere"
        elif found.kind == "first":
            breaks = f"already at {value_label(most if axis == 'levels' else least, unit)}"
        worst = min(some, key=lambda each: each.score.mean)
        words += ", counted pulses" if how else ""
        return AxisInWords(words=words, unit=unit, least=least, most=most, breaks=breaks, worst=worst)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first; none where the verdict is that they say nothing."""
        if self.verdict == "failed":
            name = f"what arrays of {self.device.name} can do"
            yield Headline(value="withheld", name=name, detail="the verdict states why")
            return
        low, high = self.wired.ci95
        yield Headline(
            value=f"{self.wired.mean:.1%}",
            name=f"digits read through wires of {self.wires.words}",
            detail=f"95 %: {100 * low:.1f} to {100 * high:.1f} %; in floating point {self.floating.mean:.1%}, with "
            f"ideal wires {self.alone.mean:.1%}",
        )
        for each in (self.axis(name) for name in ("segments", "levels")):
            ends = [value_label(end, each.unit) for end in (each.least, each.most)]
            tried = f"{ends[0]} alone was tried" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]} were tried"
            detail = f"more than {100 * self.allowed:g} points below floating point; {tried}"
            yield Headline(value=each.breaks, name=f"{each.words} at which accuracy breaks", detail=detail)
        if self.energy.rows:
            yield image_headline(self.energy, self.device.name)
        with_others = "; ".join(
            f"with a {kind} {self._most(kind)}" for kind in ("selector", "transistor") if self._most(kind)
        )
        yield Headline(
            value=self._most("passive"),
            name="lines of the largest passive array whose cells can be told apart one by one",
            detail=f"a margin of {self.least_margin:.0%} of the voltage" + (with_others and f"; {with_others}"),
        )

    def _most(self, kind: str) -> str:
        """Lines of the largest array of a kind of cells, with the best scheme of the other lines."""
        most = max((lines for key, lines in self.most_lines.items() if key.partition(" ")[0] == kind), default=None)
        return "" if most is None else f"{most} or more" if most == self.largest else f"{most}"
