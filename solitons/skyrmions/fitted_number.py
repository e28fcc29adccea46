"""A fitted parameter of a skyrmion with its confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from solitons.figures import number_label

__all__ = ["FittedNumber", "interval_text"]


@dataclass(frozen=True)
class FittedNumber:
    """A parameter with its 95 % confidence interval.

    It is named as in `ThieleDynamics`; `edge_strength`, `edge_distance` and `edge_decay` belong to its `EdgeForce`,
    `pair_strength` and `pair_decay` to its `PairForce`. The interval is the wider of the next two, with `by_material`
    in quadrature.

    `by_noise` holds if the model is right and the residuals are noise, correlated in time; `by_runs` is from leaving
    each run out, None for a single run. `by_material` is from the constants that are held and known to a standard
    uncertainty only, None where they are taken as exact; `by_constant` is the change of the value where a held constant
    is larger by its standard uncertainty. `start` is from texture, material and velocities, where the fit began.
    """

    name: str
    unit: str
    value: float
    low: float
    high: float
    by_noise: tuple[float, float]
    by_runs: tuple[float, float] | None
    start: float
    by_material: tuple[float, float] | None = None
    by_constant: Mapping[str, float] = field(default_factory=dict, hash=False)


def interval_text(each: FittedNumber) -> str:
    """Say a parameter's name, value and interval."""
    name = each.name.replace("_", " ")
    value, low, high = (number_label(number, ".3g") for number in (each.value, each.low, each.high))
    return f"{name[0].upper()}{name[1:]} = {value} (95 %: {low} to {high})"
