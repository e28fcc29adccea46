"""How the switching field of an island follows its size: a power, by the regression of the logarithms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from solitons.spin_ice.island_ramp import IslandRamp

__all__ = ["SizeLaw", "size_law"]


@dataclass(frozen=True)
class SizeLaw:
    """How the switching field follows a quantity: (q / q_0)^exponent, with q_0 in SI.

    The exponent's standard error is by the regression of the logarithms through the island as drawn; `measurements`
    deviations were fitted; `error` is the root mean square of what the law leaves, over the switching field.
    """

    nominal: float
    exponent: float
    standard_error: float
    measurements: int
    error: float

    @property
    def ci95(self) -> tuple[float, float]:
        """95 % interval of the exponent: Student's t with one degree of freedom less than measurements."""
        half = float(stats.t.ppf(0.975, self.measurements - 1)) * self.standard_error
        return self.exponent - half, self.exponent + half


def size_law(name: str, nominal: float, single: Sequence[IslandRamp]) -> SizeLaw:
    """Fit the law of a quantity to the ramps of single islands, deviating ones and the island as drawn.

    ValueError if it deviates in one ramp only.
    """
    changed = [each for each in single if each.quantity == name]
    if len(changed) < 2:
        raise ValueError(f"fit_lattice: {name} deviates once; a law and its error need two deviations at least")
    reference = min(
        (each for each in single if not each.quantity and abs(each.angle - changed[0].angle) < 1e-9),
        key=lambda each: each.uncertainty,
    )
    size = np.log1p([each.deviation for each in changed])
    field = np.log([each.switching_field / reference.switching_field for each in changed])
    exponent = float(size @ field / (size @ size))
    left = field - exponent * size
    standard_error = float(np.sqrt(left @ left / (len(changed) - 1) / (size @ size)))
    return SizeLaw(nominal, exponent, standard_error, len(changed), float(np.sqrt(np.mean(left**2))))
