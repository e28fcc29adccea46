"""How long a crossbar of resistors takes: factorised once, and each set of voltages, in CPU time.

    python benchmarks/crossbar_solving.py --lines 32 64 128

Beside it badcrossbar, where it is installed, for one set of voltages.
"""

import argparse
import importlib.util
import logging
import time

import numpy as np

from solitons.crossbars import ResistorCrossbar, Wires
from solitons.crossbars.resistor_network import effective_conductance


def seconds(work):
    started = time.process_time()
    work()
    return time.process_time() - started


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
        print(line)


if __name__ == "__main__":
    main()
