"""What a campaign of crossbar limits found, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from solitons.campaigns.arrays.array_devices import FoundDevice
from solitons.campaigns.arrays.array_energy import image_headline
from solitons.campaigns.arrays.scores_over_seeds import Break, Score, percent
from solitons.campaigns.framework.results import Headline, Results, ResultsPart
from solitons.energy import EnergyLedger
from solitons.figures import value_label
from solitons.networks.image_sets import ImageSet

__all__ = [
    "AXIS_WORDS",
    "AxisName",
    "CrossbarLimitsResults",
    "DisturbPoint",
    "LossPoint",
    "MarginPoint",
    "VariedPoint",
    "break_words",
    "without_energy",
]

AxisName = Literal["segments", "hidden", "tiles", "spreads", "junctions", "levels", "stuck"]

AXIS_WORDS: dict[str, tuple[str, str]] = {
    "segments": ("resistance of a segment", "ohm"),
    "hidden": ("hidden units", ""),
    "tiles": ("lines of a tile", ""),
    "spreads": ("spread of the steps from device to device", ""),
    "junctions": ("spread of the critical current from junction to junction", ""),
    "levels": ("pulses across the range, ideal devices", ""),
    "stuck": ("share of stuck devices", ""),
}
_CELL_WORDS = (("passive", "passive"), ("selector", "with a selector"), ("transistor", "with a transistor"))


class VariedPoint(ResultsPart):
    """Networks at one value of what is varied.

    Parameters
    ----------
    axis : str
    value : float
        In SI units.
    verified : bool
        Whether devices are read back while they are written.
    score : Score
        Accuracy on the test images.
    loss : Score
        The same network in floating point less that, seed by seed.
    device_joule, wire_joule, joule : float or None
        Energy in J of reading an image: in the devices, in the segments, and in all; of the first seed, and of wires,
        tiles and hidden units alone. None where it is not known.
    """

    axis: AxisName
    value: float
    verified: bool
    score: Score
    loss: Score
    device_joule: float | None = None
    wire_joule: float | None = None
    joule: float | None = None


def without_energy(point: VariedPoint) -> VariedPoint:
    """The same without what it costs."""
    return point.model_copy(update={"device_joule": None, "wire_joule": None, "joule": None})


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
        What other lines are held at.
    lines : int
    margin : float or None
        Over the applied voltage; None where no operating point was found.
    """

    cells: Literal["passive", "selector", "transistor"]
    scheme: str
    lines: int
    margin: float | None


class DisturbPoint(ResultsPart):
    """What a write does to others in the largest array.

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


class CrossbarLimitsResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    device : FoundDevice
    segment : float
        Of the wires in ohm.
    tile : int or None
        Most lines of a tile; None where arrays are not cut.
    images : {"digits", "mnist"}
    hidden, seeds : int
    floating : Score
        Accuracy in floating point.
    quantised : Score
        Of the same weights rounded to the device's levels, or to as many as it has pulses across, and one.
    alone : Score
        Written into the devices and verified, with ideal wires.
    wired : Score
        The same with the wires.
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
        Of a pulse, a read, an image and of writing the network; without rows where the verdict is that nothing stands.
    """

    device: FoundDevice
    segment: float
    tile: int | None = None
    images: ImageSet = "digits"
    hidden: int
    seeds: int
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

    def headlines(self) -> list[Headline]:
        """The numbers that a reader sees first; none where the verdict is that they say nothing."""
        from solitons.campaigns.arrays.array_devices import wires_words

        if self.verdict == "failed":
            name = f"what arrays of {self.device.name} can do"
            return [Headline(value="withheld", name=name, detail="the verdict states why")]
        found = [
            Headline(
                value=percent(self.wired),
                name=f"digits read through wires of {wires_words(self.segment, self.tile)}",
                detail=f"in floating point {percent(self.floating)}, with ideal wires {percent(self.alone)}; "
                f"{self.seeds} seeds, 95 % intervals",
            )
        ]
        for axis in ("segments", "hidden", "tiles", "levels", "stuck"):
            if axis not in self.breaks:
                continue
            words, unit = AXIS_WORDS[axis]
            values = [point.value for point in self.varied if point.axis == axis]
            found.append(
                Headline(
                    value=break_words(self, axis),
                    name=f"{words} at which accuracy breaks",
                    detail=f"more than {100 * self.allowed:g} points below floating point; {_tried(values, unit)}",
                )
            )
        if self.energy.rows:
            found.append(image_headline(self.energy, self.device.name))
        found.append(
            Headline(
                value=", ".join(self._most_words(*each) for each in _CELL_WORDS if self._most(each[0]) is not None),
                name="largest array whose cells can be told apart one by one",
                detail=f"a margin of {self.least_margin:.0%} of the voltage, worst cell and pattern, other lines "
                "at the best of the voltages compared",
            )
        )
        return found

    def _most(self, kind: str) -> int | None:
        """The largest array of a kind of cells, with the best scheme of the other lines."""
        return max((lines for key, lines in self.most_lines.items() if key.partition(" ")[0] == kind), default=None)

    def _most_words(self, kind: str, name: str) -> str:
        most = self._most(kind)
        return f"{most}{' or more' if most == max(each.lines for each in self.losses) else ''} {name}"


def _tried(values: Sequence[float], unit: str) -> str:
    first, last = value_label(min(values), unit), value_label(max(values), unit)
    return f"{first} alone was tried" if first == last else f"{first} to {last} were tried"


def break_words(results: CrossbarLimitsResults, name: str) -> str:
    """Where accuracy breaks over an axis, or " counted" of it; a value only where it was found between two others."""
    axis, _, how = name.partition(" ")
    found, unit = results.breaks[name], AXIS_WORDS[axis][1]
    some = [each for each in results.varied if each.axis == axis and each.verified == (not how)]
    if found.value is not None:
        return value_label(found.value, unit, 2)
    if found.kind == "within":
        # Fewer hidden units than those of the least loss are not looked at, and may lose more than is allowed.
        best = min(some, key=lambda each: each.loss.mean)
        return f"nowhere above {best.value:g}" if axis == "hidden" else "nowhere"
    if found.kind == "first":
        values = [each.value for each in some]
        return f"already at {value_label(max(values) if axis == 'levels' else min(values), unit)}"
    return "broken throughout"
