r"""Junctions as p-bits: networks whose states have Boltzmann's distribution of a logic gate.

A p-bit is 1 or -1 with probabilities :math:`(1 \pm \tanh I) / 2` of its input I. Coupled, :math:`I_i = \beta (h_i +
\sum_j J_ij m_j)` and updated one after another, they draw from :math:`e^{-\beta E}`, :math:`E = -\sum h_i m_i - \sum_{i
< j} J_ij m_i m_j`. A gate whose valid rows are the lowest energies then works in all directions: with its output held,
its inputs take on every row that gives it (K. Y. Camsari, R. Faria, B. M. Sutton and S. Datta, Phys. Rev. X 7, 031014
(2017)).

A junction that is read slowly beside its dwell times is a p-bit of its own curve, `SwitchingRates.equilibrium`. For
n = 2 and currents well below the critical one that is a tanh; else the network's distribution is another, which is
worked out here exactly for as many states as fit a table.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt

from solitons.attractors.chance_neurons import follow_by_chance
from solitons.junctions.rates import SwitchingRates
from solitons.numerics.parameters import real

__all__ = ["AND_BIASES", "AND_COUPLINGS", "PBit", "exact_distribution", "sample_states"]

Floats = npt.NDArray[np.float64]

AND_COUPLINGS = np.array([[0.0, -1.0, 2.0], [-1.0, 0.0, 2.0], [2.0, 2.0, 0.0]])
"""Between A, B and C of C = A and B."""
AND_BIASES = np.array([1.0, 1.0, -2.0])
"""Biases of A, B and C of C = A and B."""

_MOST, _MOST_COUNTED = 12, 20
"""Bits whose states fit a table of transitions, and a list."""
_MOST_SWEEPS = 10_000


class PBit(eqx.Module):
    """A junction that is read slowly: 1 or -1 by chance, with odds that the input sets.

    Parameters
    ----------
    rates : SwitchingRates
        Rates of the junction.
    current_per_input : float, optional
        In A/m2; by default its curve has the slope of a tanh at input 0.

    Examples
    --------
    >>> bit = PBit(SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10))
    >>> round(float(bit.probability(0.0)), 6), bool(abs(bit.probability(1.0) - (1 + np.tanh(1.0)) / 2) < 1e-3)
    (0.5, True)
    """

    rates: SwitchingRates
    current_per_input: Any = eqx.field(converter=lambda value: None if value is None else real(value), default=None)

    def current(self, inputs: npt.ArrayLike) -> Floats:
        """Current density in A/m2 that an input is."""
        scale = self.current_per_input
        if scale is None:
            # d ln(up / down) / di = 2 (n Delta - 1) at i = 0, and 2 for a tanh.
            steepness = self.rates.exponent * self.rates.stability - 1
            if not np.all(steepness > 0):
                raise ValueError(
                    f"PBit: with a barrier of {self.rates.stability} k T and an exponent of {self.rates.exponent} no "
                    "current favours a state, and no slope is that of a tanh; take a higher barrier, or give "
                    "current_per_input"
                )
            scale = self.rates.critical_current / steepness
        return np.asarray(self.rates.offset + scale * np.asarray(inputs, dtype=np.float64))

    def probability(self, inputs: npt.ArrayLike) -> Floats:
        """Probability of 1."""
        return self.rates.equilibrium(self.current(inputs))


def sample_states(
    bit: PBit,
    couplings: npt.ArrayLike,
    biases: npt.ArrayLike,
    sweeps: int,
    *,
    seed: int,
    strength: float = 1.0,
    held: dict[int, int] | None = None,
    chains: int = 200,
) -> Floats:
    """Count the states of coupled p-bits, updated one after another.

    Parameters
    ----------
    bit : PBit
        Each of them.
    couplings, biases : array (bits, bits), (bits,)
        J, symmetric with 0 on the diagonal, and h.
    sweeps : int
        Updates of every bit in each chain, after a tenth as many that are not counted.
    seed : int
        Seed of the random numbers.
    strength : float
        beta.
    held : dict of int to int, optional
        Bits that are held at 1 or -1.
    chains : int
        Independent networks that are followed at once.

    Returns
    -------
    array (2^bits,)
        Share of the time in each state; the first bit counts highest, 1 as 1 and -1 as 0.

    Raises
    ------
    ValueError
        If the couplings are not symmetric, or act on their own bit: there is no energy then. If a bit is held that is
        none, or at another value; if there are more than 20 bits, or no sweep or chain.

    Examples
    --------
    >>> from solitons.junctions.p_bits import AND_BIASES, AND_COUPLINGS
    >>> bit = PBit(SwitchingRates(attempt_rate=1e9, stability=8.0, critical_current=1e10))
    >>> share = sample_states(bit, AND_COUPLINGS, AND_BIASES, 100, seed=1, strength=1.0)
    >>> exact = exact_distribution(AND_COUPLINGS, AND_BIASES, strength=1.0)
    >>> float(abs(share - exact).max().round(2))
    0.01
    """
    j, h, fixed = _checked(couplings, biases, held)
    count = len(h)
    if count > _MOST_COUNTED or sweeps < 1 or chains < 1:
        raise ValueError(
            f"sample_states: {count} bits, {sweeps} sweeps and {chains} chains; give {_MOST_COUNTED} bits or fewer, "
            "whose states are counted one by one, and 1 or more of the others"
        )
    generator = np.random.default_rng(seed)
    m = np.where(generator.random((chains, count)) < 0.5, -1.0, 1.0)
    for index, value in fixed.items():
        m[:, index] = value
    values = 1 << np.arange(count - 1, -1, -1)
    found = np.zeros(2**count)

    def counted(states: Floats) -> None:
        found[:] += np.bincount((states > 0) @ values, minlength=2**count)

    follow = partial(follow_by_chance, strength * j, strength * h, probability=bit.probability, held=fixed)
    m = follow(states=m, sweeps=sweeps // 10, generator=generator)
    follow(states=m, sweeps=sweeps, generator=generator, watch=counted)
    return np.asarray(found / found.sum())


def exact_distribution(
    couplings: npt.ArrayLike,
    biases: npt.ArrayLike,
    *,
    strength: float = 1.0,
    held: dict[int, int] | None = None,
    bit: PBit | None = None,
) -> Floats:
    """Distribution of coupled p-bits: Boltzmann's, or that at rest of junctions with curves of their own.

    Parameters
    ----------
    couplings, biases, strength, held
        As in `sample_states`.
    bit : PBit, optional
        A junction; without one bits are ideal and the distribution Boltzmann's.

    Returns
    -------
    array (2^bits,)
        As of `sample_states`.

    Raises
    ------
    ValueError
        As `sample_states`; or if there are more than 12 bits of a junction's curve, or if their distribution does not
        come to rest because they are coupled so strongly that states never change.

    Examples
    --------
    >>> from solitons.junctions import exact_distribution
    >>> from solitons.junctions.p_bits import AND_BIASES, AND_COUPLINGS
    >>> odds = exact_distribution(AND_COUPLINGS, AND_BIASES, strength=2.0)
    >>> print(len(odds), f"{odds.sum():.3f}", f"{sorted(odds)[-4:][0]:.2f}")
    8 1.000 0.25
    """
    j, h, fixed = _checked(couplings, biases, held)
    count = len(h)
    if count > (_MOST_COUNTED if bit is None else _MOST):
        raise ValueError(
            f"exact_distribution: {count} bits; of up to {_MOST_COUNTED} ideal bits and {_MOST} with a junction's "
            "curve all states fit a table; sample more"
        )
    states = 2.0 * ((np.arange(2**count)[:, None] >> np.arange(count - 1, -1, -1)) & 1) - 1
    allowed = (
        np.all([states[:, index] == value for index, value in fixed.items()], axis=0)
        if fixed
        else np.ones(len(states), dtype=bool)
    )
    if bit is None:
        energy = -states @ h - np.einsum("si,ij,sj->s", states, j, states) / 2
        weight = np.where(allowed, np.exp(-strength * (energy - energy[allowed].min())), 0.0)
        return np.asarray(weight / weight.sum())
    # One sweep is one update of each bit after the other; its distribution at rest is what a power of it leaves.
    weight = allowed / allowed.sum()
    for _ in range(_MOST_SWEEPS):
        before = weight
        for index in range(count):
            if index in fixed:
                continue
            partner = np.arange(len(states)) ^ (1 << (count - 1 - index))
            p = bit.probability(strength * (h[index] + states @ j[index]))
            here = np.where(states[:, index] > 0, p, 1 - p)
            weight = here * (weight + weight[partner])
        if np.abs(weight - before).max() < 1e-13:
            return np.asarray(weight)
    raise ValueError(
        f"exact_distribution: at strength = {strength} states change so seldom that the distribution is not at rest "
        f"after {_MOST_SWEEPS:,} sweeps; give a lower strength"
    )


def _checked(
    couplings: npt.ArrayLike, biases: npt.ArrayLike, held: dict[int, int] | None
) -> tuple[Floats, Floats, dict[int, int]]:
    j, h = np.asarray(couplings, dtype=np.float64), np.asarray(biases, dtype=np.float64)
    if j.shape != (len(h), len(h)) or not np.allclose(j, j.T) or np.any(np.diag(j)):
        raise ValueError(
            "p-bits: couplings must be symmetric with 0 on the diagonal, one row for each bias: else there is no "
            "energy whose lowest states they could find"
        )
    fixed = held or {}
    if not all(index in range(len(h)) and value in (-1, 1) for index, value in fixed.items()):
        raise ValueError(f"p-bits: held = {fixed}; give bits from 0 to {len(h) - 1}, each at 1 or -1")
    return j, h, fixed
