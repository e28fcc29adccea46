"""Parameters that were fitted, with their intervals and what these count.

The runs leave open the wider of two intervals: from noise, and from differences between runs, since noise is in the
second too; other models that predict as well widen it. Constants that are held are another cause
(`solitons.fits.consider_parameters`): independent of the samples, it adds in quadrature.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from solitons.fits.consider_parameters import NORMAL_95, in_quadrature

__all__ = ["FittedParameter", "HasParameters", "fitted_parameters"]

Floats = npt.NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class FittedParameter:
    """A parameter with its 95 % interval, named as in the model; NaN where the data reject the model.

    The interval is the widest of the first three below, as far as a fit has them, with the fourth in quadrature.

    `by_noise` holds if the model is right and the residuals are noise, correlated in time. `by_runs` is from leaving
    each run out, which counts what the model gets wrong in one run otherwise than in another; None for a single run.
    `by_models` is the span of the intervals of other models that predict as well. `by_material` is from the constants
    that are held and known to a standard uncertainty only; None where they are taken as exact. `by_constant` is the
    change of the value where a held constant is larger by its standard uncertainty. `start` is where the fit began,
    NaN where that is not known beforehand.
    """

    name: str
    unit: str
    value: float
    low: float
    high: float
    by_noise: Interval | None = None
    by_runs: Interval | None = None
    by_models: Interval | None = None
    by_material: Interval | None = None
    by_constant: Mapping[str, float] = field(default_factory=dict, hash=False)
    start: float = field(default=np.nan, compare=False)

    @property
    def by_cause(self) -> dict[str, Interval]:
        """The intervals that it has, by what they count."""
        causes = ("noise", "runs", "models", "material")
        found = {cause: getattr(self, f"by_{cause}") for cause in causes}
        return {cause: ends for cause, ends in found.items() if ends is not None}

    @property
    def taking_material_as_exact(self) -> FittedParameter:
        """The same with the interval that it has if the constants that are held are right."""
        ends = [interval for cause, interval in self.by_cause.items() if cause != "material"]
        if self.by_material is None or not ends:
            return self
        low, high = _span(ends)
        return replace(self, low=low, high=high, by_material=None, by_constant={})

    def widened(self, others: Sequence[FittedParameter]) -> FittedParameter:
        """The same with an interval that holds the intervals of other models too."""
        exact, by_models = self.taking_material_as_exact, _span((other.low, other.high) for other in others)
        reach = 0.0 if self.by_material is None else (self.by_material[1] - self.by_material[0]) / 2
        low, high = in_quadrature(_span([(exact.low, exact.high), by_models]), self.value, reach)
        return replace(self, low=low, high=high, by_models=by_models)


class HasParameters:
    """A fit with `parameters`, each found by its name."""

    parameters: tuple[FittedParameter, ...]

    def __getitem__(self, name: str) -> FittedParameter:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = ", ".join(parameter.name for parameter in self.parameters)
        raise KeyError(f"{type(self).__name__} has no free parameter {name!r}; it has {names}")


def fitted_parameters(
    units: Mapping[str, str],
    best: Floats,
    by_noise: tuple[Floats, float],
    by_runs: tuple[Floats, float] | None,
    shifts: Mapping[str, Floats] | None = None,
    start: Floats | None = None,
) -> tuple[FittedParameter, ...]:
    """Parameters of a minimum with their intervals; `units` are by their names, in the order of `best`.

    `best` are their values, over `start` where that is given. `by_noise` and `by_runs` are covariances of `best`, each
    with the quantile that makes a 95 % interval of a standard error; `shifts` is what `best` changes by where a held
    constant is larger by its standard uncertainty.

    Examples
    --------
    >>> (width,) = fitted_parameters({"width": "m"}, np.array([2.0]), (np.eye(1), 2.0), None, {"A": np.array([1.0])})
    >>> width.by_noise, round(width.high - width.value, 3)
    ((0.0, 4.0), 2.8)
    """
    scale = np.ones(len(best)) if start is None else start
    known = [each for each in (by_noise, by_runs) if each is not None]
    reaches = [quantile * np.sqrt(np.maximum(np.diag(matrix), 0.0)) for matrix, quantile in known]
    found = []
    for index, (name, unit) in enumerate(units.items()):
        times, value = float(scale[index]), float(best[index] * scale[index])
        sides = [[float((best[index] + sign * reach[index]) * times) for sign in (-1, 1)] for reach in reaches]
        intervals = [(min(ends), max(ends)) for ends in sides]
        by_constant = {constant: float(shift[index] * times) for constant, shift in (shifts or {}).items()}
        reach = NORMAL_95 * float(np.linalg.norm(list(by_constant.values())))
        found.append(
            FittedParameter(
                name,
                unit,
                value,
                *in_quadrature(_span(intervals), value, reach),
                by_noise=intervals[0],
                by_runs=intervals[1] if by_runs is not None else None,
                by_material=(value - reach, value + reach) if shifts is not None else None,
                by_constant=by_constant,
                start=np.nan if start is None else times,
            )
        )
    return tuple(found)


def _span(intervals: Iterable[Interval]) -> Interval:
    lows, highs = zip(*intervals, strict=True)
    return min(lows), max(highs)
