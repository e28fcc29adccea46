"""Gates of perpendicular nanomagnets that a current clocks: truth tables at 0 K, and errors at room temperature.

    python examples/spin_orbit_gates.py [engine]

The model alone takes seconds. With an engine ("native") one row of each gate is run in micromagnetics, too.
"""

from __future__ import annotations

import itertools
import sys

from analysis import logic_values
from geometries import Material
from geometries.magnet_array import (
    SPIN_ORBIT,
    MagnetArray,
    and_gate,
    majority_gate,
    nand_gate,
    netlist_values,
    nor_gate,
    or_gate,
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
TIMES = {"ramp": 5e-9, "hold": 7e-9, "settle": 10e-9}


def clocked(array: MagnetArray) -> MagnetArray:
    """Give a gate a metal under each zone, and inputs that the current leaves as they are."""
    return with_hard_inputs(with_heavy_metal(array, zones=True), 4.5e5)


def main(engine: str | None = None) -> None:
    """Print what each row gives."""
    for name, (build, count) in GATES.items():
        for row in itertools.product((1, -1), repeat=count):
            array = clocked(build(row, SPIN_ORBIT))
            cold = spin_orbit_pulses(array, FILM, **TIMES)
            value = follow_protocol(array, FILM, cold).value.isel(member=0, t=-1).sel(magnet="out")
            warm = follow_protocol(array, FILM, cold, temperature=300.0, members=100, longest_ramp=1e-8)
            wanted = netlist_values(array)["out"]
            errors = int((warm.value.isel(t=-1).sel(magnet="out") != wanted).sum())
            print(f"{name} {row}: {int(value):+d}, by its neighbours {wanted:+d}; at 300 K {errors} of 100 wrong")
        if engine is not None:
            spec = RunSpec(device=array, material=FILM, protocol=cold, engine=engine)
            seen = logic_values(simulate(spec), array).value.isel(t=-1).sel(magnet="out")
            print(f"{name} {row} in micromagnetics ({engine}): {int(seen):+d}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
