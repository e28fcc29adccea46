r"""Neurons that are 1 or -1 by chance: a Boltzmann machine, where their odds are those of a heat bath.

One neuron after the other is drawn anew from the odds that its field sets,

.. math:: P(s_i = 1) = p\!\left(\beta \left(h_i + \sum_j J_{ji} s_j\right)\right),

in parallel in many networks. With :math:`p(x) = (1 + \tanh x) / 2` and symmetric couplings this is Gibbs sampling of
:math:`e^{-\beta E}` (D. H. Ackley, G. E. Hinton and T. J. Sejnowski, Cognitive Science 9, 147 (1985)).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["follow_by_chance"]

Floats = npt.NDArray[np.float64]


def follow_by_chance(
    couplings: Floats,
    biases: Floats,
    states: Floats,
    probability: Callable[[Floats], Floats],
    sweeps: int,
    generator: np.random.Generator,
    *,
    held: Collection[int] = (),
    watch: Callable[[npt.NDArray[Any]], None] | None = None,
) -> Floats:
    """Draw every neuron of many networks anew, one after another, and again.

    Parameters
    ----------
    couplings : array (N, N)
        J times beta; a row is what one neuron gives to the others.
    biases : array (N,)
        h times beta.
    states : array (networks, N)
        +-1, to begin with.
    probability : callable
        Odds of 1 by the field, such as `solitons.junctions.PBit.probability`.
    sweeps : int
        Times that every neuron is drawn.
    generator : numpy.random.Generator
    held : collection of int
        Neurons that stay as they are.
    watch : callable, optional
        Gets the states after each sweep.

    Returns
    -------
    array (networks, N)
        The states in the end.

    Examples
    --------
    A single neuron in a field of 1 is up with (1 + tanh(1)) / 2 = 0.88:

    >>> up = follow_by_chance(np.zeros((1, 1)), np.ones(1), np.ones((20_000, 1)), lambda x: (1 + np.tanh(x)) / 2, 1,
    ...                       np.random.default_rng(0))
    >>> round(float((up > 0).mean()), 2)
    0.88
    """
    found = np.array(states, dtype=np.float64, order="F")
    for _ in range(sweeps):
        for index in range(found.shape[1]):
            if index not in held:
                odds = probability(biases[index] + found @ couplings[:, index])
                found[:, index] = np.where(generator.random(len(found)) < odds, 1.0, -1.0)
        if watch is not None:
            watch(found)
    return found
