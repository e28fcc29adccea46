"""A fitted parameter of a skyrmion with its confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from solitons.figures import number_label

__all__ = ["FittedNumber", "interval_text"]


@dataclass(frozen=True)
class FittedNumber:
    """A parameter with its 95 % confidence interval.

    Parameters
    ----------
    name, unit : str
        As of `ThieleDynamics`; `edge_strength`, `edge_distance` and `edge_decay` are those of its `EdgeForce`,
        `pair_strength` and `pair_decay` those of its `PairForce`.
    value : float
    low, high : float
        The wider of the next two, with `by_material` in quadrature.
    by_noise : (float, float)
        If the model is right and the residuals are noise, correlated in time.
    by_runs : (float, float) or None
        From how the value changes as each run is left out; None of a single run.
    start : float
        What the texture, the material and the velocities gave, from where the fit began.
    by_material : (float, float), optional
        From the constants that are held and known to a standard uncertainty only (`solitons.fits.consider_parameters`);
        None where they are taken as exact.
    by_constant : mapping of str to float
        What the value changes by where a held constant is larger by its standard uncertainty.

    Examples
    --------
    >>> intervals = (3.40e-12, 3.54e-12), (3.36e-12, 3.57e-12)  # by noise, by leaving out runs
    >>> strength = FittedNumber("edge_strength", "N", 3.47e-12, *intervals[1], *intervals, start=2e-12)
    >>> strength.low == strength.by_runs[0]  # the wider of the two is taken
    True
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
