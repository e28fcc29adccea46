"""The driven device in micromagnetics beside its model: a stretch of a signal, and sines of the current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import walls
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.reservoir_benchmark.devices import driven_device
from solitons.campaigns.reservoir_benchmark.results import Orbit, Stretch
from solitons.campaigns.reservoir_benchmark.settings import OrbitSettings, StretchSettings
from solitons.devices.driven_nodes import Multiplexing, masked_currents, read_slots
from solitons.devices.stability_of_motion import largest_exponent, once_a_period
from solitons.reservoirs.signal_tasks import TASKS

if TYPE_CHECKING:
    from solitons.campaigns.reservoir_benchmark.campaign import Driven, ReservoirBenchmarkCampaign

__all__ = ["HeldCurrents", "compare_orbits", "compare_stretch", "currents_of", "drive_of"]

Floats = npt.NDArray[np.float64]

_SLOTS = 20
"""Slots of a period of a sine."""
_DIAGRAM = 61
"""Amplitudes of the model's bifurcation diagram."""
_TRANSIENT, _KEPT = 100, 30
"""Periods of it: before, and drawn."""
_CHANGED = 0.1
"""Of the first input, towards 0: small, so that the wall stays in its well."""
_SEEN = 1e-12
"""m, below which a difference of two places is not followed."""


@dataclass(frozen=True, eq=False)
class HeldCurrents:
    """Current densities in A/m2, each held for a slot in s."""

    values: Floats
    slot: float

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Points of straight lines, with a jump between slots that differ."""
        edges = self.slot * np.arange(len(self.values) + 1)
        held = [((edges[k], j), (edges[k + 1], j)) for k, j in enumerate(self.values.tolist())]
        return tuple((float(t), j) for both in held for t, j in both)


def drive_of(stretch: StretchSettings) -> Multiplexing:
    """Its drive."""
    return Multiplexing(stretch.bias, stretch.amplitude, stretch.slot, stretch.nodes, stretch.mask_mean)


def currents_of(
    stretch: StretchSettings | None, orbits: OrbitSettings | None, seed: int
) -> dict[tuple[Any, float], HeldCurrents]:
    """The currents of all runs, by what drives them and the amplitude in A/m2."""
    found: dict[tuple[Any, float], HeldCurrents] = {}
    if stretch is not None:
        inputs = TASKS[stretch.task](stretch.inputs, seed).inputs
        another = np.concatenate([[inputs[0] - np.copysign(_CHANGED, inputs[0])], inputs[1:]])
        for by, given in (("stretch", inputs), ("another first input", another)):
            found[by, stretch.amplitude] = HeldCurrents(masked_currents(given, drive_of(stretch), seed), stretch.slot)
    if orbits is not None:
        sine = np.sin(2 * np.pi * (np.arange(_SLOTS) + 0.5) / _SLOTS)
        for each in orbits.amplitudes:
            values = np.tile(orbits.bias + each * sine, orbits.periods)
            found["orbit", each] = HeldCurrents(values, orbits.period / _SLOTS)
    return found


def _read(runs: ComputedRuns[Driven], run: LabelledRun[Driven], slot: float) -> tuple[float, Floats]:
    """Place of the wall in m at the start, and at the end of each slot; NaN once it has left."""
    stored: xr.Dataset = runs.open(run)
    places = walls(stored)["position"]
    slots = round(run.spec.in_time.duration / slot)
    if not places.sizes["wall"] or not np.isfinite(places[0, 0]):
        raise ValueError(
            f"run {run.spec.run_id} ({run.role}): the wall left the stripe as it relaxed; place it elsewhere"
        )
    seen = places.isel(wall=0).sel(t=slot * np.arange(slots + 1), method="nearest").values
    return float(seen[0]), seen[1:]


def _followed(campaign: ReservoirBenchmarkCampaign, start: float, held: HeldCurrents) -> Floats:
    """Places of the model's wall at the end of each slot."""
    device = driven_device(campaign.model, float(np.abs(held.values).max()), start=start)
    return np.asarray(read_slots(device, held.values[None], held.slot)[0])


def compare_stretch(
    campaign: ReservoirBenchmarkCampaign, runs: ComputedRuns[Driven], confirmed: bool
) -> tuple[Stretch, dict[str, Floats]]:
    """Nodes of a stretch, and how fast either forgets its first input; readings by name, for the figure."""
    stretch = campaign.stretch
    assert stretch is not None
    held = currents_of(stretch, None, campaign.test.seed)
    seen: dict[str, tuple[Floats, Floats]] = {}
    for run in runs.labelled:
        if run.role.by != "orbit":
            start, places = _read(runs, run, stretch.slot)
            seen[run.role.by] = places, _followed(campaign, start, held[run.role.by, stretch.amplitude])
    places, predicted = seen["stretch"]
    others, other_predicted = seen["another first input"]
    deviation = float(places.std())
    apart = np.sqrt(np.mean(((predicted - places) / deviation).reshape(stretch.inputs, -1) ** 2, axis=1))
    parted = np.flatnonzero(~(apart < 0.5))
    found = Stretch(
        inputs=stretch.inputs, error=float(np.sqrt(np.mean(apart**2))), parted=int(parted[0]) if parted.size else None,
        exponent=_decay(places - others, stretch.nodes, stretch.slot),
        model_exponent=_decay(predicted - other_predicted, stretch.nodes, stretch.slot), confirmed=confirmed,
    )  # fmt: skip
    times = stretch.slot * (np.arange(places.size) + 1)
    drawn = {"times": times, "current": held["stretch", stretch.amplitude].values, "places": places}
    return found, drawn | {"predicted": predicted, "difference": np.abs(places - others),
                           "predicted difference": np.abs(predicted - other_predicted)}  # fmt: skip


def _decay(difference: Floats, nodes: int, slot: float) -> float | None:
    """Slope in 1/s of the logarithm of a difference, from the end of the first input on, as long as it is seen."""
    after = np.abs(difference[nodes - 1 :])
    gone = np.flatnonzero(~(after > _SEEN))
    after = after[: gone[0]] if gone.size else after
    if after.size < 3:
        return None
    return float(np.polyfit(slot * np.arange(after.size), np.log(after), 1)[0])


def compare_orbits(
    campaign: ReservoirBenchmarkCampaign, runs: ComputedRuns[Driven]
) -> tuple[list[Orbit], dict[str, Floats]]:
    """Where the wall is once in each period, and the model's bifurcation diagram with its exponents."""
    orbits = campaign.orbits
    assert orbits is not None
    held = currents_of(None, orbits, 0)
    found, start = [], 0.0
    low, high = (float(end) for end in campaign.model.window)
    for run in runs.labelled:
        if run.role.by == "orbit":
            one = held["orbit", run.role.amplitude]
            start, places = _read(runs, run, one.slot)
            both = [
                each[_SLOTS - 1 :: _SLOTS][orbits.periods // 2 :] for each in (places, _followed(campaign, start, one))
            ]
            device = driven_device(campaign.model, float(np.abs(one.values).max()), start=start)
            long = np.tile(one.values[:_SLOTS], _TRANSIENT)
            exponent = largest_exponent(device, long[None], one.slot, skipped=long.size // 4)[0]
            found.append(
                Orbit(
                    amplitude=run.role.amplitude, places=both[0].tolist(), model_places=both[1].tolist(),
                    exponent=float(exponent), apart=float(np.sqrt(np.mean((both[0] - both[1]) ** 2))) / (high - low),
                )
            )  # fmt: skip
    sine = np.sin(2 * np.pi * (np.arange(_SLOTS) + 0.5) / _SLOTS)
    amplitudes = np.linspace(min(orbits.amplitudes), max(orbits.amplitudes), _DIAGRAM)
    device = driven_device(campaign.model, float(amplitudes.max()) + abs(orbits.bias), start=start)
    currents = orbits.bias + amplitudes[:, None] * sine
    read = once_a_period(device, currents, orbits.period / _SLOTS, _TRANSIENT + _KEPT, _KEPT)
    exponents = largest_exponent(device, np.tile(currents, _TRANSIENT), orbits.period / _SLOTS, skipped=_SLOTS * 20)
    return found, {"amplitudes": amplitudes, "read": read, "exponents": exponents}
