"""What a spin ice tells apart and remembers of a series of inputs, over field and disorder."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.campaigns.ice_recogniser.campaign import IceMemory, IceRecogniserCampaign
from solitons.campaigns.ice_recogniser.ice import Ice
from solitons.campaigns.ice_recogniser.summary import MemoryPoint
from solitons.reservoirs import memory_capacities, separation_streams, shared_end_streams, state_rank
from solitons.spin_ice import MacrospinLattice, series_states

__all__ = ["measure_memory"]

Floats = npt.NDArray[np.float64]


def measure_memory(
    campaign: IceRecogniserCampaign, ice: Ice, advance: Callable[[], None] = lambda: None
) -> list[MemoryPoint]:
    """Ranks and capacities over the fields and the disorder.

    Parameters
    ----------
    campaign : IceRecogniserCampaign
        How.
    ice : Ice
        Its lattice and read-outs.
    advance : function
        Called after each field and disorder.
    """
    settings = campaign.memory
    read = np.random.default_rng(settings.seed).choice(ice.read_outs, settings.read_outs, replace=False)
    samples = range(settings.samples)
    inputs = [_memory_inputs(settings, settings.seed + 1 + 3 * sample) for sample in samples]
    points = []
    for spread in settings.spreads:
        models = [ice.model(spread, campaign.switching.seed + sample) for sample in samples]
        for amplitude in settings.amplitudes:
            rows = [
                _memory_of(model, settings, amplitude, read, *given)
                for model, given in zip(models, inputs, strict=True)
            ]
            mean = np.mean(rows, axis=0)
            error = np.std(rows, axis=0, ddof=1) / np.sqrt(len(rows))
            values = [(float(a), float(b)) for a, b in zip(mean, error, strict=True)]
            points.append(
                MemoryPoint(
                    amplitude=amplitude,
                    spread=spread,
                    kernel_rank=values[0],
                    generalisation_rank=values[1],
                    linear_memory=values[2],
                    nonlinear_memory=values[3],
                    total_capacity=values[4],
                    flips=values[5][0],
                )
            )
            advance()
    return points


def _memory_inputs(settings: IceMemory, seed: int) -> tuple[Floats, Floats, Floats]:
    """Streams that differ, streams that end alike, and a series."""
    shape = settings.streams, settings.stream_length
    return (
        separation_streams(*shape, seed=seed),
        shared_end_streams(*shape, settings.common, seed=seed + 1),
        np.random.default_rng(seed + 2).uniform(-1, 1, (1, settings.inputs)),
    )


def _memory_of(
    model: MacrospinLattice,
    settings: IceMemory,
    amplitude: float,
    read: npt.NDArray[np.int64],
    apart: Floats,
    shared: Floats,
    series: Floats,
) -> list[float]:
    """Kernel and generalisation rank, linear, nonlinear and total capacity, and flips an input, of one lattice."""

    def answer(inputs: Floats) -> xr.Dataset:
        return series_states(model, inputs, angle=settings.angle, amplitude=amplitude)

    ranks = [state_rank(answer(each)["spin"].values[:, -1, read]) for each in (apart, shared)]
    answered = answer(series)
    found = memory_capacities(
        answered["spin"].values[0][:, read],
        series[0],
        longest_delay=settings.longest_delay,
        washout=settings.washout,
    )
    capacity, past, linear = found["capacity"].values, found["oldest"].values > 0, found["degree"].values == 1
    sums = [capacity[past & linear].sum(), capacity[past & ~linear].sum(), capacity.sum()]
    return [*ranks, *sums, answered["flips"].values.mean()]
