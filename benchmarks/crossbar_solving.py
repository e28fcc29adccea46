"""How long a crossbar of resistors takes: factorised once, and each set of voltages, in CPU time.

    python benchmarks/crossbar_solving.py --lines 32 64 128

Beside it: `bounded_bit_currents`, whose answers have a bound on their error, for an array that is new and for one of
which one cell in a hundred was written by a tenth since it was last read; and badcrossbar, where it is installed, for
one set of voltages.
"""

import argparse
import importlib.util
import logging
import time

import numpy as np

from solitons.crossbars import ResistorCrossbar, Wires, bounded_bit_currents, effective_conductance


def seconds(work):
    started = time.process_time()
    work()
    return time.process_time() - started


def bounded(cells, wires, voltage, first, generator, tolerance):
    """Say how much longer the exact currents of a new array take, and what the bound and the error are."""
    exact = ResistorCrossbar(cells, wires).bit_currents(voltage)
    bounded_bit_currents(cells, wires, voltage, most=1)  # compiles
    found, many = bounded_bit_currents(cells, wires, voltage, tolerance=tolerance), 20
    whole = seconds(lambda: [bounded_bit_currents(cells, wires, voltage, tolerance=tolerance) for _ in range(many)])
    off = np.abs(found.bit_current - exact).sum() / np.abs(exact).sum()
    changed = np.where(generator.random(cells.shape) < 0.01, 1.1 * cells, cells)
    begun = {"tolerance": tolerance, "start": found.bit_voltage}
    again = bounded_bit_currents(changed, wires, voltage, **begun)
    warm = seconds(lambda: [bounded_bit_currents(changed, wires, voltage, **begun) for _ in range(many)])
    return (
        f"\n  bound {found.relative_bound:.1e} (off by {off:.1e}) in {found.sweeps} sweeps, "
        f"{1e3 * whole / many:.2f} ms: exact {first * many / whole:.0f} times as long; "
        f"after some writing {again.sweeps} sweeps, "
        f"{1e3 * warm / many:.2f} ms, {first * many / warm:.0f} times"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[32, 64, 128])
    parser.add_argument("--batch", type=int, default=128)
    options = parser.parse_args()
    generator = np.random.default_rng(0)
    wires = Wires(2.0, 2.0)
    for lines in options.lines:
        cells = 1 / generator.uniform(5e3, 1e4, (lines, lines))
        voltages = generator.uniform(0, 1, (options.batch, lines))
        crossbar = ResistorCrossbar(cells, wires)
        first = seconds(lambda: crossbar.bit_currents(voltages[:1]))  # noqa: B023
        each = seconds(lambda: crossbar.bit_currents(voltages)) / options.batch  # noqa: B023
        whole = seconds(lambda: effective_conductance(cells, wires))  # noqa: B023
        line = f"{lines} x {lines}: factors and one {first:.3f} s, in batches {1e3 * each:.2f} ms, matrix {whole:.2f} s"
        if importlib.util.find_spec("badcrossbar"):
            import badcrossbar

            logging.disable(logging.INFO)
            other = seconds(lambda: badcrossbar.compute(voltages[:1].T, 1 / cells, r_i=2.0))  # noqa: B023
            line += f"; badcrossbar {other:.2f} s, {other / first:.1f} times as long"
        for tolerance in (1e-2, 1e-3):
            line += bounded(cells, wires, voltages[0], first, generator, tolerance)
        print(line)


if __name__ == "__main__":
    main()
