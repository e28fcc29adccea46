r"""Threshold neurons that change one after another until none wants to: recall by Hopfield's network.

A neuron s = +-1 takes the sign of its field,

.. math:: s_i \leftarrow \operatorname{sign} \sum_j J_{ji} s_j ,

one neuron at a time, drawn anew each time (J. J. Hopfield, Proc. Natl. Acad. Sci. USA 79, 2554 (1982)). With symmetric
couplings and nothing below 0 on the diagonal every change lowers :math:`-\tfrac{1}{2} \sum_{ij} J_{ij} s_i s_j`, so
that it ends. Couplings that devices and wires hold are not quite symmetric, and then it may go on.

Readings that change nothing are not followed: of N neurons of which n want to change, the next one that changes is any
of these n, and N / n readings are expected until it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Recalled", "fall_to_rest", "overlaps_after_falling", "wrong_shares"]

Floats = npt.NDArray[np.float64]

_LOST = 0.5
"""Overlap below which no state comes back: of 213 states at N = 1,000 that fell below 0.55 none rose again."""
_LOOKED_AT = 50
"""Changes between two looks at the overlaps."""
_MOST_CHANGES = 20
"""Of each neuron; states that change more often do not come to rest."""


class Recalled(NamedTuple):
    """Where states (starts, N) fell: `states` at the end, expected `readings` of single neurons, whether at rest."""

    states: npt.NDArray[Any]
    readings: Floats
    at_rest: npt.NDArray[np.bool_]


def fall_to_rest(
    couplings: npt.NDArray[Any],
    starts: npt.NDArray[Any],
    generator: np.random.Generator,
    *,
    given_up: float | None = None,
    watch: Callable[[npt.NDArray[Any]], None] | None = None,
) -> Recalled:
    """Let states fall, each by changes of single neurons, until none of its neurons wants to change.

    Parameters
    ----------
    couplings : array (N, N)
        J; a row is what one neuron gives to the others. Its diagonal acts, if it has one.
    starts : array (starts, N)
        +-1.
    generator : numpy.random.Generator
        Draws which neuron changes next.
    given_up : float, optional
        Overlap with its own start below which a state is not followed further, nor is it at rest then.
    watch : callable, optional
        Gets all states before each change, one change of each that is not at rest.

    Returns
    -------
    Recalled
        A state that changes more than 20 N times is left where it is, and is not at rest.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> from solitons.attractors.patterns import hebbian_matrix
    >>> stored = np.array([[1.0, -1.0, 1.0, -1.0, 1.0, 1.0], [1.0, 1.0, 1.0, -1.0, -1.0, -1.0]])
    >>> start = np.array([[-1.0, -1.0, 1.0, -1.0, 1.0, 1.0]])  # the first bit is wrong
    >>> fall_to_rest(hebbian_matrix(stored), start, np.random.default_rng(0)).states.tolist()
    [[1.0, -1.0, 1.0, -1.0, 1.0, 1.0]]
    """
    size = starts.shape[-1]
    if starts.ndim != 2 or couplings.shape != (size, size):
        raise ValueError(
            f"fall_to_rest: couplings have the shape {couplings.shape} and starts {starts.shape}; give (N, N) and "
            "(starts, N)"
        )
    states = np.array(starts, dtype=couplings.dtype)
    fields, readings = states @ couplings, np.zeros(len(states))
    followed, at_rest = np.ones(len(states), dtype=bool), np.zeros(len(states), dtype=bool)
    for changes in range(_MOST_CHANGES * size):
        # A field of 0 leaves a neuron as it is.
        wrong = fields * states < 0
        many = wrong.sum(axis=1)
        at_rest = followed & (many == 0)
        falling = np.flatnonzero(followed & (many > 0))
        if not falling.size:
            break
        if watch is not None:
            watch(states)
        chances = wrong[falling] * generator.random((falling.size, size), dtype=np.float32)
        changed = chances.argmax(axis=1)
        readings[falling] += size / many[falling]
        fields[falling] -= 2 * states[falling, changed][:, None] * couplings[changed]
        states[falling, changed] *= -1
        if given_up is not None and changes % _LOOKED_AT == 0:
            followed &= np.abs(np.mean(states * starts, axis=1)) >= given_up
    return Recalled(states, readings, at_rest)


def wrong_shares(states: npt.NDArray[Any], patterns: npt.NDArray[Any]) -> Floats:
    """Share of the bits in which states (..., N) differ from their patterns (..., N)."""
    return np.asarray(np.mean(states * patterns < 0, axis=-1))


def overlaps_after_falling(patterns: npt.NDArray[np.float32], starts: int, generator: np.random.Generator) -> Floats:
    """Overlap (starts,) with each of the first stored patterns (p, N) of the rest that threshold neurons find from it.

    Hebb's rule, no heat. A state that falls below an overlap of 0.5 is not followed further: none comes back.
    """
    stored = patterns[:starts]
    # Whole numbers, which single precision adds exactly; a common factor of all fields does not matter.
    couplings = patterns.T @ patterns
    np.fill_diagonal(couplings, 0.0)
    states = fall_to_rest(couplings, stored, generator, given_up=_LOST).states
    return np.asarray(np.abs(np.mean(stored * states, axis=-1)), dtype=np.float64)
