"""Settings of a campaign on the timing of spikes: the pairs that are sent, and what a layer learns by them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geometries.description import Description
from geometries.quantities import CurrentDensity, Time
from solitons.drives.spikes import Spike, SpikePair

__all__ = ["LearningSettings", "PairSettings"]


class PairSettings(Description):
    """Pairs of spikes of one shape, over the time between them.

    Parameters
    ----------
    pre : Spike
        Spike of the pre-synaptic terminal.
    post : Spike, optional
        That of the post-synaptic terminal, which acts with the other sign; as `pre` if left out.
    differences : sequence of float or str
        Times in s from the start of the pre-synaptic spike to that of the other, negative where it comes first.
    pairs : int
        Pairs of one difference, one after the other, in each run.
    """

    pre: Spike
    post: Spike | None = None
    differences: Annotated[tuple[Time, ...], Field(min_length=2, max_length=50)]
    pairs: Annotated[int, Field(ge=1, le=20)] = 1

    @property
    def spikes(self) -> SpikePair:
        """Both spikes."""
        return SpikePair(self.pre, self.pre if self.post is None else self.post)


class LearningSettings(Description):
    """A layer that learns images without a teacher, beside one with junctions.

    Parameters
    ----------
    like : str
        Campaign of the kind stochastic_stdp, shipped or a file, whose images, neurons and junctions are taken.
    current : float or str
        Current density in A/m2 of its junctions' pulses.
    difference : float or str
        Time in s between the spikes of a pair; with the sign reversed for an input that was silent.
    walls : int
        Walls that are followed with heat from each well for the chance of each move.
    seeds, seed : int
        Layers of each kind, and the seed of the first.
    """

    like: str = "stochastic-stdp"
    current: Annotated[CurrentDensity, Field(gt=0)]
    difference: Annotated[Time, Field(gt=0)]
    walls: Annotated[int, Field(ge=20, le=10_000)] = 200
    seeds: Annotated[int, Field(ge=2, le=100)] = 5
    seed: Annotated[int, Field(ge=0, lt=2**28)] = 0
