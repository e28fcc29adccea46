"""Parameters that were fitted, with their intervals and what these count.

What the runs leave open is the wider of two intervals, noise's and that of runs which differ, since noise is in the
second too; other models that predict as well widen it (`solitons.domain_walls.choice`). Constants that are held are
another cause (`solitons.fits.consider_parameters`): independent of the samples, it adds in quadrature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from solitons.domain_walls.intervals import held_shifts, noise_covariance, run_covariance
from solitons.domain_walls.noisy_starts import Marginal
from solitons.fits.consider_parameters import NORMAL_95, Considered, in_quadrature

__all__ = ["UNITS", "FittedParameter", "fitted_parameters"]

Floats = npt.NDArray[np.float64]

UNITS = {
    "alpha": "1",
    "width": "m",
    "hard_axis_field": "A/m",
    "gamma0": "m/(A s)",
    "beta": "1",
    "drift_per_current": "m3/(A s)",
    "damping_like_per_current": "m",
    "field_like_per_current": "m",
    "dmi_field": "A/m",
    "moment_per_length": "A m",
    "start_angle": "rad",
}


@dataclass(frozen=True)
class FittedParameter:
    """A parameter with its 95 % interval.

    It is named as in `WallDynamics`; `push_k` is the k-th control value of the landscape. The interval is the widest of
    the first three below, with the fourth in quadrature.

    `by_noise` holds if the model is right and the residuals are noise, correlated in time. `by_runs` is from leaving
    each run out, which counts what the model gets wrong in one run otherwise than in another; None for a single run.
    `by_models` is the span of the intervals of other models that predict as well (`choose_wall`). `by_material` is from
    the constants that are held and known to a standard uncertainty only; None where they are taken as exact.
    `by_constant` is the change of the value where a held constant is larger by its standard uncertainty.
    """

    name: str
    unit: str
    value: float
    low: float
    high: float
    by_noise: tuple[float, float] | None = None
    by_runs: tuple[float, float] | None = None
    by_models: tuple[float, float] | None = None
    by_material: tuple[float, float] | None = None
    by_constant: Mapping[str, float] = field(default_factory=dict, hash=False)

    @property
    def taking_material_as_exact(self) -> FittedParameter:
        """The same with the interval that it has if the constants that are held are right."""
        ends = [each for each in (self.by_noise, self.by_runs, self.by_models) if each is not None]
        if self.by_material is None or not ends:
            return self
        low, high = min(low for low, _ in ends), max(high for _, high in ends)
        return replace(self, low=low, high=high, by_material=None, by_constant={})


def fitted_parameters(
    marginal: Marginal,
    names: Sequence[str],
    best: Floats,
    considered: Mapping[str, Considered[Any]] | None = None,
) -> tuple[tuple[FittedParameter, ...], Floats]:
    """The parameters of a minimum with their intervals, and their covariance if the residuals are noise.

    `considered` are models with a held constant smaller and larger, as the problem takes them.
    """
    with jax.enable_x64(True):
        by_noise, by_runs = noise_covariance(marginal, best), run_covariance(marginal, best)
        shifts = held_shifts(marginal, best, considered) if considered else {}
    reaches = [
        quantile * np.sqrt(np.maximum(np.diag(matrix), 0.0)) for matrix, quantile in (by_noise, by_runs or by_noise)
    ]
    parameters = []
    for index, (name, value, noise, runs) in enumerate(zip(names, best, *reaches, strict=True)):
        intervals = [(float(value - reach), float(value + reach)) for reach in (noise, runs)]
        low, high = max(intervals, key=lambda ends: ends[1] - ends[0])
        by_constant = {constant: float(shift[index]) for constant, shift in shifts.items()}
        reach = NORMAL_95 * float(np.linalg.norm(list(by_constant.values())))
        parameters.append(
            FittedParameter(
                name,
                _unit(name),
                float(value),
                *in_quadrature((low, high), float(value), reach),
                by_noise=intervals[0],
                by_runs=intervals[1] if by_runs is not None else None,
                by_material=(float(value) - reach, float(value) + reach) if considered else None,
                by_constant=by_constant,
            )
        )
    return tuple(parameters), by_noise[0]


def _unit(name: str) -> str:
    if name.startswith("push_"):
        return "A/m"
    if name.startswith("pinning."):
        return {"strength": "A/m", "stiffness": "A/m2"}.get(name.rpartition(".")[2], "m")
    # Factors have none.
    return UNITS.get(name, "1")
