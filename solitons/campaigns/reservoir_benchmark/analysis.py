"""From a fitted device to its errors on signals, beside delay taps, and to its motion in micromagnetics."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.reservoir_benchmark import figures
from solitons.campaigns.reservoir_benchmark.campaign import Driven, ReservoirBenchmarkCampaign
from solitons.campaigns.reservoir_benchmark.devices import driven_device, strongest_of_fit, unit_of
from solitons.campaigns.reservoir_benchmark.judgement import about_device, about_motion, about_search, beyond_fit
from solitons.campaigns.reservoir_benchmark.micromagnetics import compare_orbits, compare_stretch
from solitons.campaigns.reservoir_benchmark.results import TASK_NAMES, Memory, ReservoirResults, TaskResult
from solitons.campaigns.reservoir_benchmark.scoring import (
    OTHER_SEEDS,
    read_noisily,
    references_of,
    search_drives,
    series_of,
    tested_once,
)
from solitons.campaigns.reservoir_benchmark.settings import WASHOUT
from solitons.devices.driven_nodes import DrivenDevice, Multiplexing, masked_currents, read_nodes, time_constant
from solitons.devices.stability_of_motion import largest_exponent
from solitons.fits.verdict import judge
from solitons.models.saving import origin_of
from solitons.reservoirs.capacities import memory_capacities

__all__ = ["analyse"]

_MEMORY = 4000
_DELAYS = (25, 10, 5)
"""Longest delays of functions of degree 1, 2 and 3."""
_SLOTS = 4000
"""Slots over which an exponent is taken."""


def analyse(
    campaign: ReservoirBenchmarkCampaign, runs: ComputedRuns[Driven], stages: Stages
) -> Findings[ReservoirResults]:
    """Search, test once, measure the memory and the stability, and compare with micromagnetics."""
    search, test, given = campaign.search, campaign.test, campaign.device
    of = partial(driven_device, campaign.model, search.strongest, copies=given.copies, start=given.start)
    device, cold = of(temperature=given.temperature), of(temperature=0.0)
    with stages("Search", len(search.slots) * len(search.nodes)) as advance:
        tried, errors = search_drives(device, search, test, given.reading_noise, advance)
    tasks = []
    with stages("Test", len(test.tasks) * len(search.nodes)) as advance:
        for name, each in errors.items():
            many, tested, own = series_of(name, test), [], []
            for nodes in sorted(search.nodes):
                among = [k for k, drive in enumerate(tried) if drive.nodes == nodes]
                if np.isnan(each[among]).all():
                    raise ValueError(
                        f"search: with {nodes} nodes the device is lost under every drive; give amplitudes below "
                        f"{min(search.amplitudes):.3g} A/m2"
                    )
                best = min(among, key=lambda k: np.nan_to_num(each[k], nan=np.inf))
                found, errors_of = tested_once(device, tried[best], many, test, given.reading_noise, float(each[best]))
                tested.append(found)
                own.append(errors_of)
                advance()
            tasks.append(TaskResult(task=name, tested=tested, references=references_of(many, own[-1], test)))
    first = Multiplexing(**tasks[0].tested[-1].drive.model_dump())
    with stages("Memory and stability"):
        memory = memory_of(campaign, device, first)
        exponents = stability(campaign, cold, first)
    shortest = min(device.longest_step, *search.slots)
    values = {
        "unit": "in m" if unit_of(campaign.model) else "a share",
        "tried": len(tried) // len(search.nodes),
        "edge": len({at > 0 for row in exponents for at in row if at is not None}) == 2,
    }
    results = ReservoirResults(
        time_constant=max(time_constant(cold, bias, shortest) for bias in search.biases), tasks=tasks, memory=memory,
        exponents=exponents, device_seconds=speed(campaign, device, first), orbits=[],
    )  # fmt: skip
    drawn: dict[str, Any] = {
        "search": partial(figures.search_figure, search, TASK_NAMES, tried, errors, exponents),
        "tasks": partial(figures.tasks_figure, tasks),
        "memory": partial(figures.memory_figure, memory),
    }
    if campaign.has_runs:
        with stages("Micromagnetics"):
            more, figures_of = confirmed(campaign, runs, results)
        results, drawn = results.model_copy(update=more), drawn | figures_of
    verdict = getattr(origin_of(campaign.model), "verdict", None)
    reasons = about_device(given.model, verdict, device.heat, given.reading_noise)
    known = strongest_of_fit(campaign.model)
    judged = judge([*reasons, *beyond_fit(results, known), *about_search(search, results), *about_motion(results)])
    results = results.model_copy(update={"verdict": judged.verdict, "reasons": list(judged.reasons)})
    table = pd.DataFrame(tried).assign(**errors)
    return Findings(results, values, drawn, tables={"search": table})


def confirmed(
    campaign: ReservoirBenchmarkCampaign, runs: ComputedRuns[Driven], results: ReservoirResults
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What micromagnetics shows, as fields of the results and as figures."""
    found: dict[str, Any] = {"engine_seconds": runs.device_seconds}
    drawn: dict[str, Any] = {}
    unit = unit_of(campaign.model)
    if campaign.stretch is not None:
        found["stretch"], seen = compare_stretch(campaign, runs, results.tasks)
        drawn["stretch"] = partial(figures.stretch_figure, seen, unit)
    if campaign.orbits is not None:
        found["orbits"], diagram = compare_orbits(campaign, runs)
        drawn["orbits"] = partial(figures.orbits_figure, found["orbits"], diagram, unit)
    return found, drawn


def memory_of(campaign: ReservoirBenchmarkCampaign, device: DrivenDevice, drive: Multiplexing) -> Memory:
    """Linear and nonlinear memory capacity of the nodes, with the noise of reading."""
    seed = campaign.test.seed
    inputs = np.random.default_rng(OTHER_SEEDS + seed).uniform(-1, 1, (1, _MEMORY))
    generator = np.random.default_rng([seed, _MEMORY])
    read = read_nodes(device, inputs, drive, seed)
    nodes = read_noisily(read, device, campaign.device.reading_noise, generator)[0]
    found = memory_capacities(nodes, inputs[0], longest_delay=_DELAYS, washout=WASHOUT)
    by_degree = [float(found.capacity.where(found.degree == k + 1).sum()) for k in range(len(_DELAYS))]
    linear = found.capacity.values[: _DELAYS[0] + 1]
    return Memory(by_degree=by_degree, linear_by_delay=linear.tolist(), rank=int(found.attrs["rank"]))


def stability(
    campaign: ReservoirBenchmarkCampaign, cold: DrivenDevice, drive: Multiplexing
) -> list[list[float | None]]:
    """Largest Lyapunov exponents in 1/s under a random signal: biases by amplitudes."""
    search = campaign.search
    inputs = np.random.default_rng(campaign.test.seed).uniform(-1, 1, -(-_SLOTS // drive.nodes))
    points = [drive._replace(bias=b, amplitude=a) for b in search.biases for a in search.amplitudes]
    currents = np.stack([masked_currents(inputs, each, campaign.test.seed) for each in points])
    found = largest_exponent(cold, currents, drive.slot, skipped=_SLOTS // 10).reshape(len(search.biases), -1)
    return [[float(each) if np.isfinite(each) else None for each in row] for row in found]


def speed(campaign: ReservoirBenchmarkCampaign, device: DrivenDevice, drive: Multiplexing) -> float:
    """Device-seconds in a second of computing, of all series of a test at once, compiled before."""
    test = campaign.test
    inputs = np.random.default_rng(test.seed).uniform(-1, 1, (test.series, test.train + test.test))
    read_nodes(device, inputs, drive, test.seed)
    began = time.perf_counter()
    read_nodes(device, inputs, drive, test.seed)
    return inputs.size * drive.nodes * drive.slot / (time.perf_counter() - began)
