"""Separation and memory of a series of inputs by a spin ice, over field and disorder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

import numpy as np
import numpy.typing as npt
import xarray as xr

from solitons.campaigns.spin_ice.ice_recogniser.reduced_model import ReducedIce
from solitons.campaigns.spin_ice.ice_recogniser.results import MemoryPoint
from solitons.campaigns.spin_ice.ice_recogniser.settings import IceMemory
from solitons.reservoirs import system_memory
from solitons.reservoirs.memory import MemoryInputs, memory_inputs
from solitons.spin_ice import MacrospinLattice
from solitons.spin_ice.input_encoding import series_states

__all__ = ["measure_memory"]


def measure_memory(settings: IceMemory, ice: ReducedIce, seed: int, advance: Callable[[], None]) -> list[MemoryPoint]:
    """Ranks and capacities over the fields and the disorder.

    `seed` is of the first lattice's disorder; the others have the next ones. `advance` is called after each field and
    disorder.
    """
    read = np.random.default_rng(settings.seed).choice(ice.read_outs, settings.read_outs, replace=False)
    inputs = [memory_inputs(settings, sample) for sample in range(settings.samples)]
    points = []
    for spread in settings.spreads:
        models = [ice.model(spread, seed + sample) for sample in range(settings.samples)]
        for amplitude in settings.amplitudes:
            lattices = zip(models, inputs, strict=True)
            found = [_memory_of(model, settings, amplitude, read, given) for model, given in lattices]
            points.append(_mean_point(amplitude, spread, found))
            advance()
    return points


def _memory_of(
    model: MacrospinLattice, settings: IceMemory, amplitude: float, read: npt.NDArray[np.int64], inputs: MemoryInputs
) -> dict[str, float]:
    """The memory of one lattice, and the flips an input."""

    def driven(streams: npt.NDArray[np.float64]) -> xr.Dataset:
        return series_states(model, streams, angle=settings.angle, amplitude=amplitude)

    apart, alike = (driven(each)["spin"].values[:, -1, read] for each in (inputs.apart, inputs.alike_in_the_end))
    series = driven(inputs.series[None])
    found = system_memory(settings, inputs, apart, alike, series["spin"].values[0][:, read])
    return asdict(found) | {"flips": float(series["flips"].mean())}


def _mean_point(amplitude: float, spread: float, found: Sequence[Mapping[str, float]]) -> MemoryPoint:
    values = {name: np.array([each[name] for each in found]) for name in found[0]}
    flips = values.pop("flips").mean()
    means = {name: (each.mean(), each.std(ddof=1) / np.sqrt(each.size)) for name, each in values.items()}
    return MemoryPoint.model_validate({"amplitude": amplitude, "spread": spread, "flips": flips, **means})
