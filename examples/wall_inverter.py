"""Invert both values of a bit by domain walls that a spin-orbit current drives, and print the truth table.

    python wall_inverter.py --store my-runs --jobs 2

Each new input meets both outputs that an earlier one can have left: four rows. Runs that are in the store already are
only read.
"""

import argparse
import itertools

from analysis import delay, region_values, truth_table
from geometries import get_material
from geometries.domain_walls import chiral_inverter, inverter_regions
from runs import CurrentPulses, Protocol, Relax, RunSpec, execute, open_run, resolve
from solitons.domain_walls import inverter_window

FILM = get_material("Pt/Co").model_copy(update={"spin_hall_angle": 0.1})
REGION_ANISOTROPY = 1.5e5


def spec(before: int, value: int, current: float, polarity: str, engine: str) -> RunSpec:
    """A new value at the input of an inverter that has inverted another one, and a pulse."""
    inverter = chiral_inverter(value, before=before, region_anisotropy=REGION_ANISOTROPY)
    pulse = CurrentPulses(amplitude=current, polarity=polarity, width="1 ns", rise="50 ps", period="1.2 ns")
    protocol = Protocol(steps=[Relax(), pulse], sampling_interval="50 ps")
    return RunSpec(device=inverter, material=FILM, protocol=protocol, engine=engine)


def main() -> None:
    """Run the four rows and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", default="store")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--engine", default="auto", choices=["auto", "oommf", "native"])
    parser.add_argument("--current", type=float, help="A/m^2; the middle of the predicted window if left out")
    arguments = parser.parse_args()

    window = inverter_window(chiral_inverter(1, region_anisotropy=REGION_ANISOTROPY), FILM)
    print(f"the region lets one wall pass another between {window.lowest:.2e} and {window.highest:.2e} A/m^2")
    current = arguments.current or window.middle
    engine = resolve(arguments.engine)
    rows = list(itertools.product((1, -1), repeat=2))
    specs = [spec(before, value, current, window.polarity, engine) for before, value in rows]
    for report in execute(specs, arguments.store, jobs=arguments.jobs):
        print(f"{report.run_id}: {report.in_words} {report.note}")

    found = [
        region_values(open_run(each.run_id, arguments.store), each.device, inverter_regions(each.device))
        for each in specs
    ]
    table = truth_table([[float(each.projection[-1, 1])] for each in found], [-value for _, value in rows])
    print("before  new  output  right  margin  delay (ns)")
    for row, (before, value) in enumerate(rows):
        late = delay(found[row], {"output": -value}) * 1e9
        output, right = int(found[row].value[-1, 1]), bool(table.right[row])
        print(f"{before:6d}  {value:3d}  {output:6d}  {right!s:>5}  {float(table.margin[row]):6.2f}  {late:10.2f}")
    print(f"{int(table.right.sum())} of {len(rows)} rows right at {current:.2e} A/m^2")


if __name__ == "__main__":
    main()
