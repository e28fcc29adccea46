"""Push a domain wall by spin-orbit torque for several currents, and print how fast it goes.

A run script to start from: change the device, the material or the protocol, and run

    python wall_by_hand.py --store my-runs --jobs 2

Runs that are in the store already are only read.
"""

import argparse

from analysis import walls
from geometries import Stripe
from runs import CurrentPulses, Protocol, Relax, RunSpec, execute, open_run, resolve


def spec(amplitude: float, engine: str) -> RunSpec:
    """One run: a Neel wall in Pt/Co, and one long current pulse."""
    stripe = Stripe(
        length="256 nm",
        width="32 nm",
        thickness="0.8 nm",
        cell=("2 nm", "2 nm", "0.8 nm"),
        walls=[{"position": "96 nm", "kind": "neel"}],
        terminals=[{"kind": "heavy_metal", "name": "metal"}],
    )
    film = {
        "name": "Pt/Co",
        "Ms": "580 kA/m",
        "A": "15 pJ/m",
        "Ku": "0.8 MJ/m^3",
        "D": "1 mJ/m^2",
        "alpha": 0.3,
        "spin_hall_angle": 0.1,
    }
    pulse = CurrentPulses(amplitude=amplitude, width="0.4 ns", rise="20 ps", period="0.5 ns")
    protocol = Protocol(steps=[Relax(), pulse], sampling_interval="25 ps")
    return RunSpec(device=stripe, material=film, protocol=protocol, engine=engine)


def main() -> None:
    """Run the sweep and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", default="store")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--engine", default="auto", choices=["auto", "oommf", "native"])
    parser.add_argument("--amplitudes", type=float, nargs="+", default=[2e11, 4e11, 6e11], metavar="J")
    arguments = parser.parse_args()

    engine = resolve(arguments.engine)
    specs = {amplitude: spec(amplitude, engine) for amplitude in arguments.amplitudes}
    for report in execute(specs.values(), arguments.store, jobs=arguments.jobs):
        print(f"{report.run_id}: {report.in_words} {report.note}")
    print("J (A/m^2)  wall moved (nm)  largest speed (m/s)")
    for amplitude, each in specs.items():
        found = walls(open_run(each.run_id, arguments.store)).isel(wall=0)
        moved = float(found.position[-1] - found.position[0]) * 1e9
        print(f"{amplitude:9.2e}  {moved:15.1f}  {float(abs(found.velocity).max()):19.0f}")


if __name__ == "__main__":
    main()
