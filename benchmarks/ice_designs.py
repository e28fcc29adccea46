"""How many spins of a spin ice the fitted lattice has right, on five designs that differ in everything.

    python benchmarks/ice_designs.py STORE [--engine native] [--designs square-150 kagome-110] [--seeds 11]

Each design is a campaign `ice_avalanche` of some 20 to 40 islands in cells of 5 nm: its ramps find themselves, single
islands and pairs are fitted, and a lattice whose run the fit does not see is predicted. The table has the share of the
spins that are right in the worst of all field steps, the width of these steps where islands turn, what the share would
be in steps of 1 and 2 % of the field, how many islands turn more than one step from where they do in the run, and the
share in the step nearest to the coercive field. Then the share in the worst step with islands of two states and with
rigid point dipoles, the error of the coercive field, the root mean square of the errors of the islands' flip fields
(and with dipoles), and the verdict. A share in a step says something with its width only: narrow steps find spins wrong
that wide ones pass over. A design takes some five to ten minutes on one core; its runs are kept in STORE.
"""

import argparse
import itertools
from pathlib import Path
from typing import Any

from rich.console import Console

from solitons import run_campaign
from solitons.campaigns.spin_ice.ice_avalanche.campaign import IceAvalancheCampaign

ANGLES = [f"{angle} deg" for angle in (2, 15, 30, 45, 60, 75, 88)]

# Lattice, its constant in nm, columns and rows, length and width in nm, disorder, direction of the field in degrees,
# reach of measured pairs in nm: nearest neighbours. They are a check, the lattice's model takes nothing from them.
DESIGNS: dict[str, tuple[str, int, tuple[int, int], tuple[int, int], dict[str, float], float, int]] = {
    "square-150": ("square", 250, (3, 3), (150, 50), {"width": 0.07}, 225, 180),
    "pinwheel-120": ("pinwheel", 220, (4, 4), (120, 40), {"saturation_magnetisation": 0.05}, 190, 160),
    "kagome-110": ("kagome", 280, (3, 2), (110, 40), {"width": 0.05}, 190, 145),
    "square-100": ("square", 180, (3, 3), (100, 35), {"length": 0.03}, 215, 130),
    "kagome-150": ("kagome", 400, (2, 2), (150, 50), {"width": 0.10}, 200, 205),
}


def campaign(name: str, seed: int) -> IceAvalancheCampaign:
    """The campaign of a design with the disorder of a seed."""
    kind, constant, (columns, rows), (length, width), disorder, angle, reach = DESIGNS[name]
    device: dict[str, Any] = {
        "kind": "spin_ice",
        "lattice": {"kind": kind, "columns": columns, "rows": rows, "lattice_constant": f"{constant} nm"},
        "island": {"length": f"{length} nm", "width": f"{width} nm"},
        "thickness": "10 nm",
        "cell": ["5 nm", "5 nm", "10 nm"],
        "margin": "20 nm",
        "disorder": disorder | {"seed": 0},
        "initial_spins": {"kind": "saturated", "angle": f"{angle - 180} deg"},
    }
    return IceAvalancheCampaign(
        name=name,
        base={"material": "permalloy", "device": device, "numerics": {"stopping_torque": "1 A/m"}},
        seeds=[seed],
        field={"angle": f"{angle} deg", "field_steps": 60},
        fit={"angles": ANGLES, "reach": f"{reach} nm"},
    )


def main() -> None:
    """Measure the designs and print a row each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--engine", default="native")
    parser.add_argument("--designs", nargs="+", choices=list(DESIGNS), default=list(DESIGNS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[11])
    asked = parser.parse_args()
    columns = (
        "design",
        "seed",
        "islands",
        "worst",
        "step",
        "in 1 %",
        "in 2 %",
        "off",
        "at H_c",
        "two-state",
        "dipoles",
        "H_c error",
        "flip error",
        "… dipoles",
    )
    print("".join(f"{each:>13}" for each in columns) + "  verdict")
    for name, seed in itertools.product(asked.designs, asked.seeds):
        summary = run_campaign(campaign(name, seed), asked.store, engine=asked.engine, console=Console(stderr=True))
        (found,) = summary.results.predictions
        wider = {each.field_step: each.worst_overlap for each in found.in_wider_steps}
        steps = (found.worst_overlap, found.field_step, wider.get(0.01), wider.get(0.02))
        numbers = (
            found.coercive_overlap,
            found.two_state.worst_overlap,
            found.dipoles.worst_overlap,
            found.coercive_field_error,
            found.flip_field_error,
            found.dipoles.flip_field_error,
        )
        shares, errors = ([f"{each:.2%}" if each is not None else "none" for each in part] for part in (steps, numbers))
        row = [name, str(seed), str(found.islands), *shares, str(found.islands_off), *errors]
        print("".join(f"{each:>13}" for each in row) + f"  {summary.results.verdict}", flush=True)


if __name__ == "__main__":
    main()
