"""Checks, before any computation, for what cannot be recalled, would find no capacity, or would take too long."""

from __future__ import annotations

import numpy as np

from solitons.campaigns.arrays.associative_memory.settings import Capacity, ChanceSettings, Memory, VariedMemory
from solitons.junctions import PBit

__all__ = ["PUBLISHED", "check_capacity", "check_chance", "check_memory", "most_patterns"]

PUBLISHED = 0.138
"""Capacity in the limit: Amit, Gutfreund and Sompolinsky (1985)."""
_SLOPE = 12.0
"""Correction by 1/N as measured, for a check of the loads alone."""
_MOST_WORK = 2e13
"""Products of single precision that couplings take, over all loads, sizes and draws: some ten minutes."""
_HALF = 0.5
"""Load of pseudo-inverse networks without their diagonal at which half of the starts with a tenth of the bits wrong
come back; at 3/4 none does (measured with 128 and with 500 neurons)."""


def most_patterns(neurons: int, rule: str) -> int:
    """Most patterns that a network of so many neurons recalls by a rule, at best."""
    return int(neurons * (PUBLISHED if rule == "hebbian" else _HALF))


def check_capacity(capacity: Capacity) -> None:
    """Refuse loads that leave the half-point out, and networks that take too long."""
    for size in capacity.sizes:
        expected = PUBLISHED + _SLOPE / size
        if not capacity.loads[0] < expected < capacity.loads[-1]:
            raise ValueError(
                f"capacity.loads from {capacity.loads[0]:g} to {capacity.loads[-1]:g} do not bracket the capacity: "
                f"{size} neurons recall half of their patterns at about {expected:.3g}; give loads below and above it"
            )
    fewest = round(capacity.loads[0] * capacity.sizes[0])
    if fewest < capacity.starts:
        raise ValueError(
            f"capacity.starts = {capacity.starts}, and {capacity.sizes[0]} neurons at a load of "
            f"{capacity.loads[0]:g} store {fewest} patterns; give fewer starts, larger sizes or larger loads"
        )
    work = capacity.draws * sum(capacity.loads) * float(np.sum(np.power(capacity.sizes, 3.0)))
    if work > _MOST_WORK:
        raise ValueError(
            f"capacity: {capacity.draws} draws of up to {capacity.sizes[-1]} neurons take {work:.2g} products, and at "
            f"most {_MOST_WORK:.2g} are taken; give fewer draws or loads, or smaller sizes"
        )


def check_memory(memory: Memory, varied: VariedMemory) -> None:
    """Refuse more patterns than a network can recall, and starts without a wrong bit."""
    for name, neurons, patterns in (
        ("memory.neurons", memory.neurons, memory.patterns),
        *(("varied.neurons", each, max(1, round(each * memory.patterns / memory.neurons))) for each in varied.neurons),
    ):
        most = most_patterns(neurons, memory.rule)
        if patterns > most:
            raise ValueError(
                f"memory.patterns: {patterns} patterns in {name} = {neurons}, which by the rule {memory.rule} recall "
                f"at most {most}; store fewer, or take more neurons"
                + ("" if memory.rule == "pseudo_inverse" else " or the rule pseudo_inverse")
            )
        if memory.wrong_bits * neurons < 1:
            raise ValueError(
                f"memory.wrong_bits = {memory.wrong_bits:g} of {name} = {neurons} is less than one bit; give more"
            )


def check_chance(chance: ChanceSettings) -> None:
    """Refuse junctions that have no odds like a tanh, and those that are no neurons because they never flip."""
    rates = chance.junction.rates()
    PBit(rates).current(0.0)
    dwell = float(rates.mean_dwell(rates.offset)[0])
    if dwell > 1e-3:
        raise ValueError(
            f"chance.junction: with a barrier of {float(rates.stability):.3g} k T it stays {dwell:.2g} s in a state; "
            "a neuron has to flip by itself, within 1 ms: give a lower stability, such as 8"
        )
