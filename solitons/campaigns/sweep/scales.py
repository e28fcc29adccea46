"""How a column of numbers is shown: one prefix for all of them, and the unit that goes with it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geometries.quantities import format_quantity
from solitons.figures import number_label, value_label

__all__ = ["Scale", "in_words", "scale_of"]

# Written with a prefix, these would puzzle a reader: km/s, MK, and a prefix of no unit at all.
_PLAIN = ("", "1", "rad", "m/s", "K")


class Scale(NamedTuple):
    """From SI to what is shown: the factor of values in SI, and their unit then, empty for plain numbers."""

    factor: float
    unit: str

    def heading(self, label: str) -> str:
        """The label of an axis or a column, with the unit."""
        return f"{label} ({self.unit})" if self.unit else label

    def text(self, value: float) -> str:
        """A value as a table shows it; a dash for NaN."""
        return number_label(value * self.factor if math.isfinite(value) else None, ".4g")


def scale_of(values: npt.ArrayLike, unit: str) -> Scale:
    """The prefix that suits the largest of some values in SI."""
    sizes = np.abs(np.asarray(values, dtype=np.float64))
    largest = float(np.max(sizes, where=np.isfinite(sizes), initial=0.0))
    if unit == "A/m^2":
        return Scale(1e-12, "10¹² A/m²")
    if unit in _PLAIN or largest == 0:
        return Scale(1.0, "" if unit == "1" else _typeset(unit))
    number, prefixed = format_quantity(largest, unit).split(" ", 1)
    return Scale(10.0 ** -round(math.log10(largest / float(number))), _typeset(prefixed))


def in_words(value: float, unit: str) -> str:
    """One value with its unit."""
    if unit in _PLAIN:
        return f"{value:.4g} {unit if unit != '1' else ''}".strip().replace("-", "−")
    return value_label(float(value), unit)


def _typeset(unit: str) -> str:
    return unit.replace("^2", "²").replace("^3", "³")
