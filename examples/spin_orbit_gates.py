"""Gates of perpendicular nanomagnets that a current clocks: truth tables at 0 K, and errors at room temperature.

    python examples/spin_orbit_gates.py [members] [engine]

The truth tables are those of the model and take seconds. With members the last row of each gate is followed so many
times at 300 K, too; with an engine ("native") it is run in micromagnetics at 0 K.
"""

from __future__ import annotations

import itertools
import sys

from analysis import logic_values
from geometries import MagnetArray, Material
from geometries.magnet_logic import (
    SPIN_ORBIT,
    and_gate,
    majority_gate,
    nand_gate,
    netlist_values,
    nor_gate,
    or_gate,
    with_followers,
    with_hard_inputs,
    with_heavy_metal,
)
from runs import RunSpec, simulate, spin_orbit_pulses
from solitons.magnet_logic import follow_protocol

FILM = Material(name="Co/Ni", Ms=8e5, A=1.2e-11, Ku=3.2e5, alpha=0.1, spin_hall_angle=0.3)
GATES = {
    "majority": (majority_gate, 3),
    "and": (and_gate, 2),
    "nand": (nand_gate, 2),
    "or": (or_gate, 2),
    "nor": (nor_gate, 2),
}
TIMES = {"ramp": 1e-9, "hold": 3e-9, "settle": 5e-9}


def clocked(array: MagnetArray) -> MagnetArray:
    """Give a gate a magnet behind its output, a metal under each zone, and inputs that the current leaves alone."""
    return with_hard_inputs(with_heavy_metal(with_followers(array), zones=True), 4.5e5)


def main(members: int = 0, engine: str | None = None) -> None:
    """Print what each row gives."""
    right = rows = 0
    for name, (build, count) in GATES.items():
        for row in itertools.product((1, -1), repeat=count):
            array = clocked(build(row, SPIN_ORBIT))
            clock = spin_orbit_pulses(array, FILM, **TIMES)
            value = int(follow_protocol(array, FILM, clock).value.isel(member=0, t=-1).sel(magnet="out"))
            wanted = netlist_values(array)["out"]
            print(f"{name} {row}: {value:+d}, by its neighbours {wanted:+d}")
            right, rows = right + (value == wanted), rows + 1
        if members:
            warm = follow_protocol(array, FILM, clock, temperature=300.0, members=members, longest_ramp=1e-8)
            errors = int((warm.value.isel(t=-1).sel(magnet="out") != wanted).sum())
            print(f"{name} {row}: at 300 K {errors} of {members} are wrong")
        if engine is not None:
            spec = RunSpec(device=array, material=FILM, protocol=clock, engine=engine)
            seen = logic_values(simulate(spec), array).value.isel(t=-1).sel(magnet="out")
            print(f"{name} {row}: {int(seen):+d} in micromagnetics ({engine})")
    print(f"{right} of {rows} rows right")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0, sys.argv[2] if len(sys.argv) > 2 else None)
