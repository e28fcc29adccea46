"""Adders of nanomagnets at room temperature: how often each row is wrong, by macrospins in the zones of a clock.

    python benchmarks/magnet_adders.py [trials [ramp in ns [first row [rows]]]]

A full adder with the sizes of `REFERENCE`, of permalloy; the rows with c = -1 are those of the half adder, which has the
same magnets. Clock lines under the columns release one zone after the other in time. All magnets begin along the clock
and are held there for 0.5 ns. A row is wrong if sum or carry is wrong or undecided.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections import Counter

import numpy as np

from analysis import truth_table
from geometries import Material
from geometries.magnet_array import full_adder, netlist_values, with_clock_lines
from runs import zone_pulses
from solitons.magnet_logic import array_macrospins, follow_ramps, protocol_ramps

PERMALLOY = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
FIELD = 1.2e5
TEMPERATURE = 300.0
HOLD = 5e-10
STEP_ANGLE = 0.2


def main(trials: int = 10_000, ramp: float = 2.0, first: int = 0, rows: int = 8) -> None:
    """Print how often each row is wrong, and which magnets are."""
    every = list(itertools.product((1, -1), repeat=3))
    spins = array_macrospins(with_clock_lines(full_adder((1, 1, 1))), PERMALLOY, TEMPERATURE)
    for number, row in list(enumerate(every))[first : first + rows]:
        begun = time.perf_counter()
        array = with_clock_lines(full_adder(row))
        clock = zone_pulses(array, FIELD, ramp=1e-9 * ramp, hold=HOLD, settle=1e-9, relax=False)
        durations, fields, _ = protocol_ramps(array, clock)  # the first ramp is the rise
        start = np.tile([1.0, 0.0, 0.0], (trials, len(array.magnets), 1))
        step = spins.time_step(float(np.linalg.norm(fields, axis=2).max()), STEP_ANGLE)
        run = follow_ramps(spins, start, durations[1:], fields[1:], seed=number, time_step=step)
        wanted, names = netlist_values(array), [magnet.name for magnet in array.magnets]
        right = np.einsum("mia,ia->mi", run.m.values[:, -1], array.axes) * [wanted[name] for name in names]
        outputs = [names.index(name) for name in ("sum", "carry")]
        table = truth_table([right[:, outputs].min(axis=1)], [1])
        rate, low, high = (100 * float(table[name][0]) for name in ("error_rate", "error_low", "error_high"))
        groups = Counter(
            " ".join(name for name, ok in zip(names, member, strict=True) if not ok)
            for member in (right >= 0.5)[(right[:, outputs] < 0.5).any(axis=1)]
        )
        print(
            f"{row}: {rate:.2f} % [{low:.2f}, {high:.2f}] of {trials}; wrong together: {dict(groups.most_common(4))} "
            f"({time.perf_counter() - begun:.0f} s)",
            flush=True,
        )


if __name__ == "__main__":
    trials, ramp, first, rows = (*sys.argv[1:], *(10_000, 2.0, 0, 8)[len(sys.argv) - 1 :])
    main(int(trials), float(ramp), int(first), int(rows))
