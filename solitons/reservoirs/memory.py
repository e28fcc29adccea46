"""Separation and memory of a series of inputs by a driven system: the ranks and the memory in one measurement.

Inputs are independent and uniform between -1 and 1. The kernel rank and the generalisation rank are
of the states that streams of inputs leave (`solitons.reservoirs.ranks`), the linear and the nonlinear
memory are sums of the capacities of one long series (`solitons.reservoirs.capacities`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import MAY_REPEAT, Description
from geometries.sizes import check_samples
from solitons.reservoirs.ranks import separation_streams, shared_end_streams, state_rank

__all__ = ["MemoryInputs", "MemorySettings", "SystemMemory", "memory_inputs", "system_memory"]

Floats = npt.NDArray[np.float64]
Count = Annotated[int, Field(ge=1, le=10_000_000)]


class MemorySettings(Description):
    """Measurement of a system's memory.

    Parameters
    ----------
    inputs : int
        Length of the series for the capacities.
    longest_delay : sequence of int
        Longest delays of the capacities of degree 1, 2, ...
    read_outs : int
        How many state variables are used.
    streams, stream_length, common : int
        For the ranks: streams, inputs of each, and how many of them at the end are the
        same for the generalisation rank.
    washout : int
        Inputs before the capacities are measured.
    seed : int
        Seed of inputs, streams and the choice of read-outs.

    Raises
    ------
    pydantic.ValidationError
        If there are too few inputs or streams for the read-outs, or streams that differ in nothing.

    Examples
    --------
    >>> MemorySettings(inputs=500, longest_delay=(5, 2)).inputs
    500
    """

    inputs: Count = 3000
    longest_delay: Annotated[tuple[Count, ...], Field(min_length=2), MAY_REPEAT] = (15, 6, 4)
    read_outs: Count = 100
    streams: Count = 150
    stream_length: Count = 10
    common: Count = 4
    washout: Count = 50
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0

    @model_validator(mode="after")
    def _can_be_measured(self) -> MemorySettings:
        if self.common >= self.stream_length:
            raise ValueError(
                f"common = {self.common} inputs at the end of streams of {self.stream_length} leave none to differ in; "
                "make the streams longer"
            )
        if self.streams <= self.read_outs:
            raise ValueError(
                f"streams = {self.streams} bound the rank of {self.read_outs} read-outs; take more streams than those"
            )
        # Before the longest delay there is no past input to remember.
        start = max(self.washout, *self.longest_delay)
        if self.inputs - start < 4 * self.read_outs:
            what = (
                f"washout = {self.washout}" if start == self.washout else f"longest_delay = {list(self.longest_delay)}"
            )
            raise ValueError(
                f"inputs = {self.inputs}, of which {what} takes {start}, are too few for the capacities of "
                f"{self.read_outs} read-outs, four for each; give at least {start + 4 * self.read_outs} inputs, or "
                "take less of them"
            )
        return self

    @model_validator(mode="after")
    def _can_be_held(self) -> MemorySettings:
        remedy = "take fewer"
        check_samples(f"inputs = {self.inputs}", self.inputs * max(1.0, self.read_outs), remedy)
        given = self.streams * self.stream_length
        check_samples(f"streams = {self.streams} of stream_length = {self.stream_length}", given, remedy)
        check_samples(f"streams = {self.streams}", self.streams * max(1.0, self.read_outs), remedy)
        targets = sum(
            math.comb(longest + 1, parts) * math.comb(degree - 1, parts - 1)
            for degree, longest in enumerate(self.longest_delay[:_HIGHEST_DEGREE], start=1)
            for parts in range(1, degree + 1)
        )
        if len(self.longest_delay) > _HIGHEST_DEGREE:
            raise ValueError(
                f"longest_delay has {len(self.longest_delay)} degrees; give at most {_HIGHEST_DEGREE}, beyond which no "
                "series is long enough"
            )
        check_samples(
            f"longest_delay = {list(self.longest_delay)} with inputs = {self.inputs}",
            targets * self.inputs,
            "shorten the delays of the high degrees, of which all products are taken",
        )
        return self


_HIGHEST_DEGREE = 10


@dataclass(frozen=True)
class MemoryInputs:
    """Input to a system whose memory is measured.

    Streams that differ all along, and streams that end with the same inputs, (streams, stream_length); and one long
    series.
    """

    apart: Floats
    alike_in_the_end: Floats
    series: Floats


def memory_inputs(settings: MemorySettings, sample: int = 0) -> MemoryInputs:
    """Draw the inputs of a measurement, others for each sample."""
    seed = settings.seed + 1 + 3 * sample
    shape = settings.streams, settings.stream_length
    return MemoryInputs(
        apart=separation_streams(*shape, seed=seed),
        alike_in_the_end=shared_end_streams(*shape, settings.common, seed=seed + 1),
        series=np.random.default_rng(seed + 2).uniform(-1, 1, settings.inputs),
    )


@dataclass(frozen=True)
class SystemMemory:
    """Ranks and summed capacities of a system.

    Parameters
    ----------
    kernel_rank, generalisation_rank : float
        Ranks of the states that streams leave.
    linear_memory, nonlinear_memory : float
        Sums of the capacities of degree 1, and of all higher ones that were measured, for
        functions of at least one past input.
    total_capacity : float
        Capacity of all functions, including functions of the present input.

    Examples
    --------
    It distinguishes 12 streams, and would distinguish 2 by what should be forgotten:

    >>> found = SystemMemory(12, 2, linear_memory=4.1, nonlinear_memory=1.3, total_capacity=6.2)
    >>> found.kernel_rank - found.generalisation_rank
    10
    """

    kernel_rank: float
    generalisation_rank: float
    linear_memory: float
    nonlinear_memory: float
    total_capacity: float


def system_memory(
    settings: MemorySettings,
    inputs: MemoryInputs,
    apart: npt.ArrayLike,
    alike_in_the_end: npt.ArrayLike,
    series: npt.ArrayLike,
) -> SystemMemory:
    """Measure a system by its states.

    Parameters
    ----------
    settings : MemorySettings
        How.
    inputs : MemoryInputs
        Input that it was given.
    apart, alike_in_the_end : array (streams, read-outs)
        Its state after each stream.
    series : array (inputs, read-outs)
        Its state after each input of the series.

    Examples
    --------
    A shift register of three places remembers its last two inputs besides the present one, and
    nothing else.

    >>> settings = MemorySettings(inputs=500, longest_delay=(5, 2), read_outs=3, streams=20, common=3)
    >>> given = memory_inputs(settings)
    >>> series = np.stack([np.roll(given.series, delay) for delay in range(3)], axis=1)
    >>> found = system_memory(settings, given, given.apart[:, -3:], given.alike_in_the_end[:, -3:], series)
    >>> found.kernel_rank, found.generalisation_rank
    (3, 1)
    >>> print(f"{found.linear_memory:.2f} {found.nonlinear_memory:.2f} {found.total_capacity:.2f}")
    2.00 0.00 3.00
    """
    from solitons.reservoirs.capacities import memory_capacities

    found = memory_capacities(series, inputs.series, longest_delay=settings.longest_delay, washout=settings.washout)
    capacity, past, linear = found["capacity"].values, found["oldest"].values > 0, found["degree"].values == 1
    return SystemMemory(
        kernel_rank=state_rank(apart),
        generalisation_rank=state_rank(alike_in_the_end),
        linear_memory=float(capacity[past & linear].sum()),
        nonlinear_memory=float(capacity[past & ~linear].sum()),
        total_capacity=float(capacity.sum()),
    )
