"""Chains of perpendicular nanomagnets clocked by a spin-orbit torque at room temperature: errors against length and fall.

    python benchmarks/spin_orbit_wires.py [trials]

Both states of the input have half of the trials; every magnet starts from up. The chance that one magnet beside one
decided neighbour falls to the wrong side when it is released at once is Phi(-h sqrt(M / (k T H_K))), with the
neighbour's field h and the moment M = mu0 Ms V, but for the little heat that the clock leaves it.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from scipy.special import ndtr

from analysis import truth_table
from geometries import Material
from geometries.magnet_array import SPIN_ORBIT, MagnetArray, wire, with_hard_inputs, with_heavy_metal
from runs import spin_orbit_pulses
from solitons.magnet_logic import array_macrospins, follow_protocol

FILM = Material(name="Co/Ni", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1, spin_hall_angle=0.3)
TEMPERATURE = 300.0


def clocked(count: int, state: int, zones: bool) -> MagnetArray:
    """Give a chain over one metal with its spins across, or over one metal a magnet."""
    chain = wire(count, state, zone_length=1 if zones else None, grid=SPIN_ORBIT)
    return with_hard_inputs(with_heavy_metal(chain, zones=zones), 4.5e5)


def errors(trials: int) -> None:
    """Print how often the output is wrong, and any magnet of the chain."""
    for zones, ramp, counts in (
        (False, 1e-12, (2, 3, 4, 8, 16)),
        (False, 1e-9, (2, 3, 4, 8, 16, 32)),
        (False, 5e-9, (2, 3, 4, 8, 16)),
        (False, 20e-9, (2, 3, 4, 8, 16)),
        (True, 1e-9, (2, 4, 8)),
        (True, 5e-9, (2, 4, 8)),
        (True, 20e-9, (2, 4, 8)),
    ):
        for count in counts:
            begun = time.perf_counter()
            spins = array_macrospins(clocked(count, 1, zones), FILM, TEMPERATURE)
            along, broken = [], 0
            for state in (1, -1):
                array = clocked(count, state, zones)
                clock = spin_orbit_pulses(array, FILM, ramp=ramp, hold=2e-9 + ramp, settle=5e-9 + ramp, relax=False,
                                          sampling_interval=1e-12)  # fmt: skip
                run = follow_protocol(
                    array, FILM, clock, members=trials // 2, seed=count + state, macrospins=spins, longest_ramp=1e-8
                ).isel(t=-1)
                expected = state * (-1) ** np.arange(count)
                values = run.projection.values * expected
                along.append(values[:, -1])
                broken += int((values < 0.5).any(axis=1).sum())
            table = truth_table([np.concatenate(along)], [1])
            print(
                f"{'zones' if zones else 'at once'}, fall in {ramp * 1e9:g} ns, {count:3d} magnets: output "
                f"{100 * float(table.error_rate[0]):5.1f} % [{100 * float(table.error_low[0]):.1f}, "
                f"{100 * float(table.error_high[0]):.1f}], any {100 * broken / (2 * (trials // 2)):5.1f} % "
                f"({time.perf_counter() - begun:.0f} s)",
                flush=True,
            )


def alone() -> None:
    """Print the chance of one magnet beside its neighbour."""
    spins = array_macrospins(clocked(2, 1, False), FILM, TEMPERATURE)
    field = float(spins.response[1, 0, 2, 2])
    slope = np.sqrt(spins.moment[1] / (spins.thermal_energy * spins.anisotropy_field(1)))
    print(f"released at once beside one neighbour: {100 * ndtr(-field * slope):.1f} % wrong")


if __name__ == "__main__":
    alone()
    errors(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
