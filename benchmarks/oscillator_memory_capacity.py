"""Half-points of the recalled share of phases and of Hopfield's spins from N = 1,000 to 8,000, and their limits.

    python benchmarks/oscillator_memory_capacity.py [DRAWS] [STARTS]

An hour on one core. Each size's shares are written into oscillator_memory_capacity.npz once they are there.
"""

from __future__ import annotations

import sys
import time
from typing import Any, Literal

import numpy as np

from solitons.attractors.capacity import half_point, limit_of_sizes, recalled_shares
from solitons.attractors.threshold_neurons import overlaps_after_falling
from solitons.oscillators.phase_memory import RECALLED, phase_overlaps

SIZES = (1000, 2000, 4000, 8000)
LOADS: dict[Literal["phases", "spins"], dict[int, list[float]]] = {
    "phases": {
        1000: np.arange(0.032, 0.0601, 0.002).tolist(),
        2000: np.arange(0.034, 0.0541, 0.002).tolist(),
        4000: np.arange(0.036, 0.0501, 0.002).tolist(),
        8000: np.arange(0.0385, 0.0461, 0.0015).tolist(),
    },
    "spins": {size: np.arange(0.132, 0.1801, 0.004).tolist() for size in SIZES},
}
OVERLAPS = {"phases": phase_overlaps, "spins": overlaps_after_falling}


def main() -> None:
    """Measure the table and print it."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    starts = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    kept: dict[str, Any] = {}
    for memory, by_size in LOADS.items():
        points = []
        for size in SIZES:
            began, loads = time.perf_counter(), by_size[size]
            shares = recalled_shares(size, loads, draws, starts, 0, OVERLAPS[memory], RECALLED)
            kept[f"{memory}_{size}"] = shares
            np.savez("oscillator_memory_capacity.npz", **kept)
            found = half_point(loads, shares)
            points.append(found)
            print(
                f"{memory} N = {size}: {found.value:.5f} [{found.low:.5f}, {found.high:.5f}], "
                f"{time.perf_counter() - began:.0f} s"
            )
            print(
                "  " + ", ".join(f"{load:.4f}: {share:.2f}" for load, share in zip(loads, shares.mean(0), strict=True))
            )
            sys.stdout.flush()
        for power in (1.0, 2 / 3, 0.5):
            limit = limit_of_sizes(SIZES, points, power)
            print(
                f"{memory} limit with N^-{power:.2f}: {limit.value:.5f} [{limit.low:.5f}, {limit.high:.5f}], "
                f"slope {limit.slope:.3g}, chi2 {limit.chi_squared:.2f} of {len(SIZES) - 2}"
            )


if __name__ == "__main__":
    main()
