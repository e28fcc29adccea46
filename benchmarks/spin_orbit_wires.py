"""Chains of perpendicular nanomagnets under a spin-orbit clock at room temperature: errors against length and fall.

    python benchmarks/spin_orbit_wires.py round|long|zones [trials]

`round` and `long` chains lie over one metal with their spins across, which are along the longer axis of `long` magnets;
`zones` are round with a metal under each magnet. Both states of the input have half of the trials; every magnet starts
from up. The chance that a round magnet beside one decided neighbour falls to the wrong side when it is released at once
is Phi(-h sqrt(M / (k T H_K))), with the neighbour's field h and M = mu0 Ms V, but for what the clock leaves it of heat.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from scipy.special import ndtr

from analysis import truth_table
from geometries import Material
from geometries.magnet_logic import SPIN_ORBIT, wire, with_hard_inputs, with_heavy_metal
from geometries.magnet_logic.device import MagnetArray
from runs import spin_orbit_pulses
from solitons.magnet_logic import array_macrospins, follow_protocol

FILM = Material(name="Co/Ni", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1, spin_hall_angle=0.3)
LONG = SPIN_ORBIT.model_copy(update={"length": 56e-9, "width": 44e-9})
TEMPERATURE = 300.0
KINDS = {
    "round": (SPIN_ORBIT, FILM, False, (1e-12, 1e-9, 5e-9, 20e-9), (2, 3, 4, 8, 16)),
    "long": (LONG, FILM.model_copy(update={"Ku": 3.3e5}), False, (1e-9, 5e-9, 20e-9), (2, 4, 8, 16)),
    "zones": (SPIN_ORBIT, FILM, True, (1e-9, 5e-9), (2, 4, 8)),
}


def clocked(kind: str, count: int, state: int) -> MagnetArray:
    """Give a chain over its metals, with a hard input."""
    grid, _, zones, _, _ = KINDS[kind]
    chain = wire(count, state, zone_length=1 if zones else None, grid=grid)
    return with_hard_inputs(with_heavy_metal(chain, zones=zones), 4.6e5)


def errors(kind: str, trials: int) -> None:
    """Print how often the output is wrong, and any magnet of the chain."""
    _, film, _, ramps, counts = KINDS[kind]
    for ramp in ramps:
        for count in counts:
            begun = time.perf_counter()
            spins = array_macrospins(clocked(kind, count, 1), film, TEMPERATURE)
            along, broken = [], 0
            for state in (1, -1):
                array = clocked(kind, count, state)
                clock = spin_orbit_pulses(array, film, ramp=ramp, hold=2e-9 + ramp, settle=5e-9 + ramp, relax=False,
                                          sampling_interval=1e-12)  # fmt: skip
                run = follow_protocol(
                    array, film, clock, members=trials // 2, seed=count + state, macrospins=spins, longest_ramp=1e-8
                ).isel(t=-1)
                expected = state * (-1) ** np.arange(count)
                values = run.projection.values * expected
                along.append(values[:, -1])
                broken += int((values < 0.5).any(axis=1).sum())
            table = truth_table([np.concatenate(along)], [1])
            rate, low, high = (100 * float(table[name][0]) for name in ("error_rate", "error_low", "error_high"))
            print(
                f"{kind}, fall in {ramp * 1e9:g} ns, {count:3d} magnets: output {rate:5.1f} % [{low:.1f}, {high:.1f}], "
                f"any {100 * broken / (2 * (trials // 2)):5.1f} % ({time.perf_counter() - begun:.0f} s)",
                flush=True,
            )


def alone() -> None:
    """Print the chance of one round magnet beside its neighbour."""
    spins = array_macrospins(clocked("round", 2, 1), FILM, TEMPERATURE)
    field = float(spins.response[1, 0, 2, 2])
    slope = np.sqrt(spins.moment[1] / (spins.thermal_energy * spins.anisotropy_field(1)))
    print(f"released at once beside one neighbour: {100 * ndtr(-field * slope):.1f} % wrong")


if __name__ == "__main__":
    alone()
    errors(sys.argv[1] if len(sys.argv) > 1 else "round", int(sys.argv[2]) if len(sys.argv) > 2 else 400)
