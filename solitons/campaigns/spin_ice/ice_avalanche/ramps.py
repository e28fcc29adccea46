"""Ramps of a field along one direction: fine ones around the fields at which islands turn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from geometries.quantities import format_quantity
from runs.protocols.field_steps import FieldSteps, RampTo
from solitons.campaigns.spin_ice.ice_avalanche.settings import FieldRange

__all__ = ["Ramp", "coarse_fields", "field_in_words", "fine_ramp", "jumps", "lattice_range", "lowered"]

_COARSE = 1.04
"""Ratio of two neighbouring fields of a coarse ramp."""
_FINE = 0.0015
"""Step of a fine ramp over its field: errors of pairs add up over eight neighbours."""
_MARGIN = (0.93, 1.06)
"""Ends of a lattice's ramp, over its first and its last flip as the fit predicts them."""
_BEFORE = 0.94
"""Over the field at which an island turns at the earliest: an island is looked at just before it turns."""


@dataclass(frozen=True)
class Ramp:
    """A ramp: a jump to the start of each range of rising fields, and its steps."""

    ranges: tuple[FieldRange, ...]

    def protocol(self, angle: float) -> FieldSteps:
        """The ramp along a direction, rad from x."""
        steps: list[RampTo] = []
        for each in self.ranges:
            steps.append(RampTo(to=each.start, angle=angle, field_steps=1))
            steps.append(RampTo(to=each.end, angle=angle, field_steps=each.field_steps))
        return FieldSteps(steps=tuple(steps))


def jumps(fields: Sequence[float], angle: float) -> FieldSteps:
    """Fields (A/m, rising) along a direction, rad from x, one after the other."""
    return FieldSteps(steps=tuple(RampTo(to=field, angle=angle, field_steps=1) for field in fields))


def coarse_fields(lowest: float, highest: float) -> tuple[float, ...]:
    """Fields in A/m from the one to the other, each 4 % above the one before."""
    count = max(2, math.ceil(math.log(highest / lowest) / math.log(_COARSE)))
    # Rounded, so that the runs' ids do not depend on the last digits of a logarithm.
    return tuple(float(f"{lowest * _COARSE**place:.4g}") for place in range(count + 1))


def fine_ramp(brackets: Sequence[tuple[float, float]]) -> Ramp:
    """The ramp for islands that a coarse one has seen turn between two fields (A/m) each."""
    ranges: list[tuple[float, float]] = []
    for low, high in sorted(set(brackets)):
        margin = (high - low) / 2
        start, end = low - margin, high + margin
        if ranges and start <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    first = _BEFORE * ranges[0][0]
    looked_at = FieldRange(start=_round(first), end=_round(ranges[0][0]), field_steps=1)
    return Ramp((looked_at, *(_range(start, end) for start, end in ranges)))


def lattice_range(first: float, last: float, field_steps: int) -> FieldRange:
    """The range of a lattice's ramp, if the fit predicts its first and its last flip at these fields (A/m)."""
    return FieldRange(start=_round(_MARGIN[0] * first), end=_round(_MARGIN[1] * last), field_steps=field_steps)


def lowered(found: FieldRange) -> FieldRange:
    """The range with a start that is a tenth lower."""
    return found.model_copy(update={"start": _round(0.9 * found.start)})


def _range(start: float, end: float) -> FieldRange:
    return FieldRange(
        start=_round(start * (1 + _FINE / 10)), end=_round(end), field_steps=math.ceil((end - start) / (_FINE * start))
    )


def field_in_words(field: float) -> str:
    """A field in A/m, to three digits, with its unit."""
    return format_quantity(float(f"{field:.3g}"), "A/m")


def _round(field: float) -> float:
    return float(f"{field:.5g}")
