"""The driven device in micromagnetics beside its model: a stretch of a signal, and sines of the current."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import precession, walls
from geometries import Stripe
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.reservoir_benchmark.currents import SLOTS, HeldCurrents, currents_of, drive_of, sine
from solitons.campaigns.reservoir_benchmark.devices import driven_device
from solitons.campaigns.reservoir_benchmark.results import Drive, Orbit, Stretch, TaskResult
from solitons.devices.driven_nodes import read_slots
from solitons.devices.stability_of_motion import largest_exponent, once_a_period

if TYPE_CHECKING:
    from solitons.campaigns.reservoir_benchmark.campaign import Driven, ReservoirBenchmarkCampaign

__all__ = ["compare_orbits", "compare_stretch"]

Floats = npt.NDArray[np.float64]

_DIAGRAM = 61
"""Amplitudes of the model's bifurcation diagram."""
_TRANSIENT, _KEPT = 100, 30
"""Periods of it: before, and drawn."""
_SEEN = 1e-4
"""Of a difference of two readings over its largest, below which it is not followed."""


def _read(
    campaign: ReservoirBenchmarkCampaign, runs: ComputedRuns[Driven], run: LabelledRun[Driven], slot: float
) -> tuple[float, Floats]:
    """What is read of a run at the start, and at the end of each slot: the place of the wall in m, or the power.

    NaN once the wall has left.
    """
    stored: xr.Dataset = runs.open(run)
    cells = campaign.micromagnetics
    assert cells is not None
    times = slot * np.arange(round(run.spec.in_time.duration / slot) + 1)
    if not isinstance(cells.device, Stripe):
        amplitude = precession(stored, cells.static_field)
        seen = np.abs(amplitude.sel(t=times, method="nearest").values) ** 2
        return float(seen[0]), seen[1:]
    places = walls(stored)["position"]
    if not places.sizes["wall"] or not np.isfinite(places[0, 0]):
        raise ValueError(
            f"run {run.spec.run_id} ({run.role}): the wall left the stripe as it relaxed; place it elsewhere"
        )
    seen = places.isel(wall=0).sel(t=times, method="nearest").values
    return float(seen[0]), seen[1:]


def _followed(campaign: ReservoirBenchmarkCampaign, start: float, held: HeldCurrents) -> Floats:
    """Places of the model's wall at the end of each slot."""
    device = driven_device(campaign.model, float(np.abs(held.values).max()), start=start)
    return np.asarray(read_slots(device, held.values[None], held.slot)[0])


def compare_stretch(
    campaign: ReservoirBenchmarkCampaign, runs: ComputedRuns[Driven], tasks: Sequence[TaskResult]
) -> tuple[Stretch, dict[str, Floats]]:
    """Nodes of a stretch, and how fast either forgets its first input; and readings, for the figure."""
    stretch = campaign.stretch
    assert stretch is not None
    held = currents_of(stretch, None, campaign.test.seed)
    seen: dict[str, tuple[Floats, Floats]] = {}
    for run in runs.labelled:
        if run.role.by != "orbit":
            start, places = _read(campaign, runs, run, stretch.slot)
            seen[run.role.by] = places, _followed(campaign, start, held[run.role.by, stretch.amplitude])
    places, predicted = seen["stretch"]
    others, other_predicted = seen["another first input"]
    deviation = float(places.std())
    apart = np.sqrt(np.mean(((predicted - places) / deviation).reshape(stretch.inputs, -1) ** 2, axis=1))
    parted = np.flatnonzero(~(apart < 0.5))
    drive = Drive(**drive_of(stretch)._asdict())
    # Two oscillators keep a difference of their phases, which shows in an orbit that is no circle.
    cells = campaign.micromagnetics
    forgets = cells is not None and isinstance(cells.device, Stripe)
    tests = [each for task in tasks if task.task == stretch.task for each in task.tested if each.drive == drive]
    found = Stretch(
        task=stretch.task, drive=drive, inputs=stretch.inputs, lost=not np.isfinite(places).all(),
        error=float(np.sqrt(np.mean(apart**2))), parted=int(parted[0]) if parted.size else None,
        exponent=_decay(places - others, stretch.slot) if forgets else None,
        model_exponent=_decay(predicted - other_predicted, stretch.slot) if forgets else None,
        place=float(places.mean()), test_place=tests[0].place if tests else None,
        test_deviation=tests[0].deviation if tests else None,
    )  # fmt: skip
    times = stretch.slot * (np.arange(places.size) + 1)
    drawn = {"times": times, "current": held["stretch", stretch.amplitude].values, "places": places}
    return found, drawn | {"predicted": predicted, "difference": np.abs(places - others),
                           "predicted difference": np.abs(predicted - other_predicted)}  # fmt: skip


def _decay(difference: Floats, slot: float) -> float | None:
    """Slope in 1/s of the logarithm of a difference, from where it is largest on, as long as it is seen."""
    size = np.abs(difference)
    after = size[int(np.argmax(size)) :]
    gone = np.flatnonzero(~(after > _SEEN * after.max()))
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
    low, high = (float(end) for end in driven_device(campaign.model, 1.0).window)
    for run in runs.labelled:
        if run.role.by == "orbit":
            one = held["orbit", run.role.amplitude]
            start, places = _read(campaign, runs, run, one.slot)
            both = [
                each[SLOTS - 1 :: SLOTS][orbits.periods // 2 :] for each in (places, _followed(campaign, start, one))
            ]
            device = driven_device(campaign.model, float(np.abs(one.values).max()), start=start)
            long = np.tile(one.values[:SLOTS], _TRANSIENT)
            exponent = largest_exponent(device, long[None], one.slot, skipped=long.size // 4)[0]
            found.append(
                Orbit(
                    amplitude=run.role.amplitude, places=both[0].tolist(), model_places=both[1].tolist(),
                    exponent=float(exponent), apart=float(np.sqrt(np.mean((both[0] - both[1]) ** 2))) / (high - low),
                )
            )  # fmt: skip
    amplitudes = np.linspace(min(orbits.amplitudes), max(orbits.amplitudes), _DIAGRAM)
    device = driven_device(campaign.model, float(amplitudes.max()) + abs(orbits.bias), start=start)
    currents = orbits.bias + amplitudes[:, None] * sine()
    read = once_a_period(device, currents, orbits.period / SLOTS, _TRANSIENT + _KEPT, _KEPT)
    exponents = largest_exponent(device, np.tile(currents, _TRANSIENT), orbits.period / SLOTS, skipped=SLOTS * 20)
    return found, {"amplitudes": amplitudes, "read": read, "exponents": exponents}
