"""Checks, before any computation, for what cannot be recalled."""

from __future__ import annotations

from solitons.campaigns.arrays.associative_memory.results import THRESHOLDS
from solitons.campaigns.arrays.associative_memory.settings import ChanceSettings, Memory, VariedMemory
from solitons.junctions import PBit

__all__ = ["check_chance", "check_memory", "most_patterns"]

_HALF = 0.5
"""Load of pseudo-inverse networks without their diagonal at which half of the starts with a tenth of the bits wrong
come back; at 3/4 none does (measured with 128 and with 500 neurons)."""


def most_patterns(neurons: int, rule: str) -> int:
    """Most patterns that a network of so many neurons recalls by a rule, at best."""
    return int(neurons * (THRESHOLDS.published if rule == "hebbian" else _HALF))


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
