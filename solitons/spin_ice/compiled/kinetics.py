"""Compiled: thermally activated flips, one after another, without rejections.

The rates stand at the leaves of a binary tree whose nodes hold the sums of their two
children, so that an island is drawn with a probability in proportion to its rate, and
a rate changed, at the cost of the logarithm of how many there are. Every sum is made
anew from its children: nothing drifts.

Source: A. B. Bortz, M. H. Kalos and J. L. Lebowitz, J. Comput. Phys. 17, 10 (1975).
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["fill", "wait"]


@njit(cache=True)
def _rate(spin, along, across, doubled, limit, intrinsic, beta, gamma, attempts):
    """Arrhenius rate of one island; energies in units of kT."""
    beside = min(abs(across) / limit, 1.0)
    barrier = intrinsic * (1.0 - beside ** (2.0 / beta)) ** (gamma / 2.0)
    change = doubled * spin * along
    if change <= -4.0 * barrier:
        return attempts
    if change >= 4.0 * barrier:
        return attempts * np.exp(-change)
    return attempts * np.exp(-barrier * (1.0 + change / (4.0 * barrier)) ** 2)


@njit(cache=True)
def fill(tree, spins, along, across, doubled, limit, intrinsic, beta, gamma, attempts):
    """Work out all rates. Islands whose attempt frequency is 0 never turn."""
    half = tree.size // 2
    for island in range(spins.size):
        tree[half + island] = _rate(
            spins[island],
            along[island],
            across[island],
            doubled[island],
            limit[island],
            intrinsic[island],
            beta,
            gamma,
            attempts[island],
        )
    for node in range(half - 1, 0, -1):
        tree[node] = tree[2 * node] + tree[2 * node + 1]


@njit(cache=True)
def wait(
    generator,
    time,
    end,
    tree,
    spins,
    along,
    across,
    doubled,
    limit,
    intrinsic,
    beta,
    gamma,
    attempts,
    first,
    neighbour,
    coupled_along,
    coupled_across,
    flips,
    times,
):
    """Let islands turn until `end`, or until `flips` is full; how many turned, and the time then."""
    half = tree.size // 2
    count = 0
    while count < flips.size:
        if not tree[1] > 0.0:
            return count, end
        time += generator.standard_exponential() / tree[1]
        if time > end:
            return count, end
        drawn = generator.random() * tree[1]
        node = 1
        while node < half:
            node *= 2
            # What rounding leaves over must not lead to where nothing can happen.
            if drawn >= tree[node] and tree[node + 1] > 0.0:
                drawn -= tree[node]
                node += 1
        island = node - half
        spins[island] = -spins[island]
        flips[count] = island
        times[count] = time
        count += 1
        change = 2.0 * spins[island]
        for entry in range(first[island] - 1, first[island + 1]):
            # The island itself comes first: its field stays, its rate does not.
            other = island
            if entry >= first[island]:
                other = np.int64(neighbour[entry])
                along[other] += change * coupled_along[entry]
                across[other] += change * coupled_across[entry]
            node = half + other
            tree[node] = _rate(
                spins[other],
                along[other],
                across[other],
                doubled[other],
                limit[other],
                intrinsic[other],
                beta,
                gamma,
                attempts[other],
            )
            node //= 2
            while node > 0:
                tree[node] = tree[2 * node] + tree[2 * node + 1]
                node //= 2
    return count, time
