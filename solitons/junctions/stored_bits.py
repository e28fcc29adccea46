"""Bits that junctions keep and that pulses write: for how long, and how many a pulse leaves as they were.

Junctions differ in barrier and critical current. The mean of `SwitchingRates.probability` over what is known of them,
each cause a normal number, is taken by Gauss and Hermite's rule, which keeps chances too rare to be drawn.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from solitons.junctions.junction_spread import JunctionSpread
from solitons.junctions.rates import SwitchingRates

__all__ = ["kept_for", "write_error"]

_ORDER, _SHORTEST, _LONGEST = 24, 1e-30, 1e18


def kept_for(rates: SwitchingRates, unlike: JunctionSpread, bits: int, allowed: float, temperature: float) -> float:
    """Time in s at a temperature (K) after which one of so many bits is flipped with a chance of `allowed`.

    Each junction is in the worse of its states. Longer than 1e18 s is 1e18 s.

    Examples
    --------
    >>> rates = SwitchingRates(attempt_rate=1e9, stability=40.0, critical_current=2e11)
    >>> f"{kept_for(rates, JunctionSpread(), 1, 1e-3, 300.0):.3g}"  # 1e-3 exp(40) / 1e9
    '2.36e+05'
    """
    several, shares = _several(rates, unlike)
    cold, each = several.at_temperature(temperature), -np.expm1(np.log1p(-allowed) / bits)

    def beyond(log: float) -> float:
        flips = [cold.probability(0.0, np.exp(log), state=state) for state in (-1, 1)]
        return float(shares @ np.maximum(*flips) - each)

    low, high = np.log(_SHORTEST), np.log(_LONGEST)
    return _LONGEST if beyond(high) < 0 else float(np.exp(brentq(beyond, low, high)))


def write_error(rates: SwitchingRates, unlike: JunctionSpread, current_density: float, width: float) -> float:
    """Mean chance that a pulse (A/m2, s) leaves a junction in its old state, each in its worse direction."""
    several, shares = _several(rates, unlike)
    stays = [1 - several.probability(way * current_density, width, state=-way) for way in (1, -1)]
    return float(shares @ np.maximum(*stays))


def _several(rates: SwitchingRates, unlike: JunctionSpread) -> tuple[SwitchingRates, npt.NDArray[np.float64]]:
    """Rates of junctions at the rule's nodes, and their shares; of no cause there is one node."""
    causes, (nodes, weights) = int(np.size(unlike.stability)), np.polynomial.hermite_e.hermegauss(_ORDER)
    places, shares = (np.array(list(product(each, repeat=causes))) for each in (nodes, weights / weights.sum()))
    barrier, critical, _ = unlike.factors(places)
    several = replace(rates, stability=rates.stability * barrier, critical_current=rates.critical_current * critical)
    return several, shares.prod(axis=1)
