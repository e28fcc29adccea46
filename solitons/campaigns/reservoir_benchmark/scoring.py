"""Drives tried on series of their own, and the best of each length of the mask tested once, beside taps."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from analysis.statistics.means import student_reach
from solitons.campaigns.reservoir_benchmark.results import DEVICE, LINEAR, MASK, QUADRATIC, Drive, Row, Tested
from solitons.campaigns.reservoir_benchmark.settings import WASHOUT, SearchSettings, TestSettings
from solitons.devices.driven_nodes import DrivenDevice, Multiplexing, masked_currents, read_nodes, read_slots
from solitons.reservoirs.delay_taps import delay_taps, quadratic_taps, taps_of_weights
from solitons.reservoirs.signal_read_out import SignalReadOut, read_signal
from solitons.reservoirs.signal_tasks import TASKS, SignalTask

__all__ = ["OTHER_SEEDS", "read_noisily", "references_of", "search_drives", "series_of", "tested_once"]

Floats = npt.NDArray[np.float64]

OTHER_SEEDS = 2**20
"""From where on the seeds of the search are, apart from all tests."""
_LONG_LINE, _KERNEL = 50, 11
"""A line of fifty taps, and all products of eleven beside it: what NARMA-10 is compared with."""


def read_noisily(nodes: Floats, device: DrivenDevice, noise: float, generator: np.random.Generator) -> Floats:
    """Readings with noise, whose standard deviation is given over the range of readings."""
    low, high = (float(end) for end in device.window)
    return nodes + noise * (high - low) * generator.standard_normal(nodes.shape)


def search_drives(
    device: DrivenDevice, search: SearchSettings, test: TestSettings, noise: float, advance: Callable[[], None]
) -> tuple[list[Multiplexing], dict[str, Floats]]:
    """All drives, and their errors on each task, (drives,), on series that no test has; NaN where the device is lost.

    `advance` is called after each length of slots and masks, which are followed together.
    """
    tried: list[Multiplexing] = []
    errors: dict[str, list[float]] = {name: [] for name in test.tasks}
    seeds = range(OTHER_SEEDS + test.seed, OTHER_SEEDS + test.seed + search.series)
    many = [TASKS[name](search.times, seed) for name in test.tasks for seed in seeds]
    inputs, generator = np.stack([each.inputs for each in many]), np.random.default_rng(seeds[0])
    for slot, nodes in itertools.product(search.slots, search.nodes):
        drives = [
            Multiplexing(bias, amplitude, slot, nodes, mean)
            for bias, amplitude, mean in itertools.product(search.biases, search.amplitudes, search.mask_means)
        ]
        density = np.concatenate([masked_currents(inputs, each, test.seed) for each in drives])
        read = read_slots(device, density, slot, seeds[0]).reshape(len(drives), len(many), -1, nodes)
        for each in read_noisily(read, device, noise, generator):
            found = [_error(nodes, task, search.times // 2) for nodes, task in zip(each, many, strict=True)]
            for name, mean in zip(test.tasks, np.reshape(found, (-1, search.series)).mean(axis=1), strict=True):
                errors[name].append(float(mean))
        tried += drives
        advance()
    return tried, {name: np.array(each) for name, each in errors.items()}


def _error(nodes: Floats, task: SignalTask, train: int) -> float:
    if not np.isfinite(nodes).all():
        return float("nan")
    return read_signal({"nodes": nodes}, task.targets, train=train + WASHOUT, washout=WASHOUT).error


def tested_once(
    device: DrivenDevice,
    drive: Multiplexing,
    many: Sequence[SignalTask],
    test: TestSettings,
    noise: float,
    validated: float,
) -> tuple[Tested, list[float]]:
    """Errors on series with the drive that was chosen, of the device and of taps; the device's one by one as well."""
    nodes = read_nodes(device, np.stack([each.inputs for each in many]), drive, test.seed)
    seen = read_noisily(nodes, device, noise, np.random.default_rng([test.seed, drive.nodes]))
    found = {
        DEVICE: _read([{"nodes": each} for each in seen], many, test),
        LINEAR: _read([{"taps": delay_taps(each.inputs, drive.nodes)} for each in many], many, test),
        QUADRATIC: _read([_quadratic(each.inputs, drive.nodes) for each in many], many, test),
        MASK: _read([{"input": delay_taps(each.inputs, 1)} for each in many], many, test),
    }
    own = [each.error for each in found[DEVICE]]
    rows = [_row(label, each, own, many, test) for label, each in found.items()]
    chosen = found[QUADRATIC][0].chosen
    return Tested(
        drive=Drive(**drive._asdict()), validated=validated, rows=rows, chosen=chosen, place=float(nodes.mean()),
        deviation=float(nodes.std()),
    ), own  # fmt: skip


def references_of(many: Sequence[SignalTask], own: Sequence[float], test: TestSettings) -> list[Row]:
    """Errors of long lines of taps, beside those of a device on the same series."""
    lines = [{"taps": delay_taps(each.inputs, _LONG_LINE)} for each in many]
    both = [{"taps": quadratic_taps(each.inputs, _LONG_LINE, _KERNEL)} for each in many]
    return [
        _row(label, _read(features, many, test), own, many, test)
        for label, features in (
            (f"{_LONG_LINE} linear taps", lines),
            (f"these and quadratic ones of {_KERNEL}", both),
        )
    ]


def series_of(name: str, test: TestSettings) -> list[SignalTask]:
    """The series of a test."""
    return [TASKS[name](test.train + test.test, test.seed + number) for number in range(test.series)]


def _quadratic(inputs: Floats, weights: int) -> dict[str, Floats]:
    return {f"{n} + {q}": quadratic_taps(inputs, n, q) for n, q in taps_of_weights(weights)}


def _read(
    features: Sequence[Mapping[str, Floats]], many: Sequence[SignalTask], test: TestSettings
) -> list[SignalReadOut]:
    return [
        read_signal(each, task.targets, train=test.train, washout=WASHOUT)
        for each, task in zip(features, many, strict=True)
    ]


def _row(
    label: str, found: Sequence[SignalReadOut], own: Sequence[float], tasks: Sequence[SignalTask], test: TestSettings
) -> Row:
    errors = np.array([each.error for each in found])
    behind = errors - own
    targets = [task.targets[test.train :] for task in tasks]
    signs = all((np.abs(each) == 1).all() for each in targets)
    wrong = [np.mean(np.sign(each.prediction) != target) for each, target in zip(found, targets, strict=True)]
    return Row(
        name=label, weights=max(each.weights for each in found), error=float(errors.mean()),
        reach=student_reach(errors.tolist()), gain=float(behind.mean()), gain_reach=student_reach(behind.tolist()),
        wrong=float(np.mean(wrong)) if signs else None,
    )  # fmt: skip
