r"""Bits that junctions keep and that pulses write: how many flip at rest, and how many a pulse leaves as they were.

A junction at rest is found flipped with :math:`P(t) = w (1 - e^{-(\Gamma_+ + \Gamma_-) t})`, w being the equilibrium
share of the other state (`SwitchingRates`). Junctions differ in barrier and critical current; the mean over what is
known of them, each cause a normal number, is taken by Gauss and Hermite's rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from solitons.junctions.junction_spread import JunctionSpread
from solitons.junctions.rates import SwitchingRates

__all__ = ["flipped_share", "kept_for", "write_error"]

Floats = npt.NDArray[np.float64]

_ORDER = 24
_LONGEST = 1e18
"""s; longer than the universe."""


def flipped_share(rates: SwitchingRates, unlike: JunctionSpread, time: float, temperature: float) -> float:
    """Mean share of junctions that a time (s) without current at a temperature (K) leaves flipped, the worse state's.

    Examples
    --------
    >>> rates = SwitchingRates(attempt_rate=1e9, stability=40.0, critical_current=2e11)
    >>> f"{flipped_share(rates, JunctionSpread(), 1.0, 300.0):.2e}"  # 1e9 exp(-40)
    '4.25e-09'
    """

    def worse(several: SwitchingRates) -> Floats:
        cold = several.at_temperature(temperature)
        return np.maximum(*(cold.probability(0.0, time, state=state) for state in (-1, 1)))

    return _mean(rates, unlike, worse)


def kept_for(rates: SwitchingRates, unlike: JunctionSpread, bits: int, allowed: float, temperature: float) -> float:
    """Time in s after which a word of so many junctions has a flipped one with a chance of `allowed`."""
    each = float(-np.expm1(np.log1p(-allowed) / bits))

    def beyond(log: float) -> float:
        return flipped_share(rates, unlike, float(np.exp(log)), temperature) - each

    low, high = np.log(1e-15), np.log(_LONGEST)
    return _LONGEST if beyond(high) < 0 else float(np.exp(brentq(beyond, low, high)))


def write_error(rates: SwitchingRates, unlike: JunctionSpread, current_density: float, width: float) -> float:
    """Mean chance that a pulse (A/m2, s) leaves a junction in its old state, the worse direction's."""

    def stays(several: SwitchingRates) -> Floats:
        return np.maximum(*(1 - several.probability(way * current_density, width, state=-way) for way in (1, -1)))

    return _mean(rates, unlike, stays)


def _mean(rates: SwitchingRates, unlike: JunctionSpread, of: Callable[[SwitchingRates], Floats]) -> float:
    """Mean over junctions that differ by their causes."""
    causes = int(np.size(unlike.stability))
    nodes, weights = np.polynomial.hermite_e.hermegauss(_ORDER)
    grid = np.meshgrid(*[nodes] * causes, indexing="ij")
    places = np.stack(grid, axis=-1).reshape(-1, causes) if causes else np.zeros((1, 0))
    chances = np.ones(1)
    for _ in range(causes):
        chances = np.multiply.outer(chances, weights / weights.sum()).ravel()
    barrier, critical, _ = unlike.factors(places)
    several = replace(rates, stability=rates.stability * barrier, critical_current=rates.critical_current * critical)
    return float(chances @ of(several))
