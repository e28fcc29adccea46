"""Wires of nanomagnets at room temperature: errors against length, clocked at once, by zones and not at all; fronts.

    python benchmarks/magnet_wires.py [trials]

Both states of the input have half of the trials. A wire without a clock starts in its ground state for the other input.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from analysis import truth_table
from analysis.magnet_logic.fronts import first_failure, front_speed, settling_times
from geometries import Material
from geometries.magnet_logic import wire
from geometries.magnet_logic.clock_lines import with_clock_lines
from geometries.magnet_logic.device import MagnetArray
from runs import FieldRamp, Protocol, Rest
from runs.protocols.magnet_logic.clocks import zone_pulses
from solitons.magnet_logic import array_macrospins, follow_protocol

PERMALLOY = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
FIELD = 1.2e5
PITCH = 76e-9
LENGTHS = (4, 8, 16, 32)
TEMPERATURE = 300.0


def falling(fall: float) -> Protocol:
    """Give a uniform clock that falls in `fall` (s)."""
    up = FieldRamp(to=(FIELD, 0.0, 0.0), duration=1e-9)
    down = FieldRamp(to=(0.0, 0.0, 0.0), duration=fall)
    return Protocol(steps=(up, Rest(duration=1e-9), down, Rest(duration=1e-9)), sampling_interval=1e-10)


def waiting(array: MagnetArray, state: int) -> MagnetArray:
    """Give the array in its ground state for the other input."""
    magnets = (
        each if each.role == "input" else each.model_copy(update={"state": -state * (-1) ** place})
        for place, each in enumerate(array.magnets)
    )
    return array.model_copy(update={"magnets": tuple(magnets)})


def errors(trials: int) -> None:
    """Print how often the output is wrong, and which magnet fails first in the first wrong trial."""
    kinds = {
        "no clock, 5 ns": (lambda n, s: waiting(wire(n, s), s), lambda _: Protocol(steps=(Rest(duration=5e-9),))),
        "at once, 3 ns": (lambda n, s: wire(n, s), lambda _: falling(3e-9)),
        "at once, 3 ns, block": (lambda n, s: wire(n, s, end_block=True), lambda _: falling(3e-9)),
        "at once, 10 ns, block": (lambda n, s: wire(n, s, end_block=True), lambda _: falling(10e-9)),
        "zones of 2, 2 ns": (
            lambda n, s: with_clock_lines(wire(n, s, zone_length=2)),
            lambda array: zone_pulses(array, FIELD, ramp=2e-9, hold=1e-9, relax=False),
        ),
    }
    for name, (build, clock) in kinds.items():
        for count in LENGTHS:
            begun = time.perf_counter()
            spins = array_macrospins(build(count, 1), PERMALLOY, TEMPERATURE)
            along, failures = [], []
            for state in (1, -1):
                array = build(count, state)
                run = follow_protocol(
                    array, PERMALLOY, clock(array), members=trials // 2, seed=count + state, macrospins=spins,
                    longest_ramp=1e-9,
                )  # fmt: skip
                output = run.projection.isel(t=-1).sel(magnet="out").values
                along.append(output * (-1) ** (count - 1) * state)
                expected = {each.name: state * (-1) ** i for i, each in enumerate(array.magnets[:count])}
                wrong = np.flatnonzero(along[-1] < 0.5)
                failures += [first_failure(run.isel(member=int(member)), expected) for member in wrong[:20]]
            table = truth_table([np.concatenate(along)], [1])
            places = [failure.place for failure in failures if failure is not None]
            first = f", first failures at magnets {min(places)} to {max(places)}" if places else ""
            print(
                f"{name:22s} {count:3d} magnets: {100 * float(table.error_rate[0]):5.1f} % "
                f"[{100 * float(table.error_low[0]):.1f}, {100 * float(table.error_high[0]):.1f}]{first}"
                f" ({time.perf_counter() - begun:.0f} s)",
                flush=True,
            )


def fronts() -> None:
    """Print the front's speed at 0 K, with a block at the end, from the third magnet on."""
    count = 16
    spins = array_macrospins(wire(count, end_block=True), PERMALLOY)
    for fall in (1e-9, 2e-9, 4e-9, 10e-9):
        array = wire(count, end_block=True)
        run = follow_protocol(array, PERMALLOY, falling(fall), macrospins=spins, longest_ramp=5e-12).isel(member=0)
        expected = {each.name: (-1) ** i for i, each in enumerate(array.magnets[:count])}
        times = settling_times(run, expected).values
        alone = 3 + int(np.argmax(np.append(np.diff(times[3:]) <= 0, True)))
        fit = front_speed(settling_times(run, expected)[3 : alone + 1], np.arange(3, alone + 1) * PITCH)
        print(
            f"fall in {fall * 1e9:.0f} ns: {float(fit.speed):.0f}({float(fit.speed_error):.0f}) m/s, "
            f"{float(fit.delay_per_magnet) * 1e12:.0f} ps a magnet, over magnets 3 to {alone} of {count - 1}",
            flush=True,
        )


if __name__ == "__main__":
    fronts()
    errors(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
