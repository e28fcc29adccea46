"""Which stripe holds its wall for years, and what does that cost? Barrier, current and errors of pulses by statics.

A perpendicular stripe on a heavy metal has strips of lower anisotropy, one period apart. For each width of the stripe
and each anisotropy of the strips a trap measures the landscape, ways of least energy give the barriers, and the wall of
the material's constants is followed through pulses, at 0 K and at 300 K. No run in time is needed: it takes half a
minute a stripe. Check the stripe that you choose with a campaign of kind dw_synapse.

    python places_that_last.py --widths 60e-9 80e-9 100e-9 --wells 0.36e6 0.40e6 --picture trade.png
"""

import argparse
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy import constants

from analysis import held_wall, wall_energy_path
from geometries import Stripe
from runs import CurrentPulses, Protocol, Relax, RunSpec, simulate
from solitons.devices.places import Place, lasting, which_place
from solitons.domain_walls import follow_hot_walls, holding_specs, landscape_of
from solitons.domain_walls.barriers import barrier_uncertainty
from solitons.domain_walls.landscape import moment_along
from solitons.domain_walls.places import left_by_heat, way_specs, with_attempt_rates, with_barriers, with_drives
from solitons.domain_walls.runs import tilting_of, wall_of
from solitons.domain_walls.softening import softened
from solitons.fits.material_uncertainty import MaterialUncertainty

CELL, STRIP, PERIOD, THICKNESS, PLACES = 4e-9, 12e-9, 44e-9, 2e-9, 5
FILM = {"name": "Pt/Co-like film", "Ms": 6e5, "A": 12e-12, "Ku": 5e5, "easy_axis": (0, 0, 1), "D": 0.5e-3}
FILM = FILM | {"alpha": 0.3, "spin_hall_angle": 0.3}
PULSE = {"width": 0.3e-9, "rise": 50e-12, "period": 1e-9}
TEMPERATURE, WALLS = 300.0, 1000


class Trade(NamedTuple):
    """Of the middle place: barrier over k T, time in s, its interval, current in A/m2, and shares of wrong places."""

    barrier: float
    lasts: float
    lasts_ci95: tuple[float, float]
    current: float
    strengths: np.ndarray
    wrong: np.ndarray


def stripe(width: float, anisotropy: float) -> Stripe:
    """Five strips, and the wall in the middle one."""
    middles = [46e-9 + number * PERIOD for number in range(PLACES)]
    parts = [
        {"name": f"well_{number}", "x": (middle - STRIP / 2, middle + STRIP / 2), "Ku": anisotropy}
        for number, middle in enumerate(middles)
    ]
    return Stripe(
        length=middles[-1] + middles[0],
        width=width,
        thickness=THICKNESS,
        cell=(CELL, CELL, THICKNESS),
        walls=[{"position": middles[PLACES // 2], "kind": "neel"}],
        parts=parts,
        terminals=[{"kind": "heavy_metal", "name": "metal"}],
    )


def trade(device: Stripe) -> Trade:
    """What a stripe's middle place is worth."""
    pulses = CurrentPulses(amplitude=1e12, count=1, **PULSE)
    spec = RunSpec(device=device, material=FILM, protocol=Protocol(steps=[Relax(), pulses]), engine="native")
    landscape = landscape_of([held_wall(simulate(each)) for each in holding_specs(spec)], device)
    places = landscape.places(moment_along(device, spec.material, landscape))
    if len(places) != PLACES:
        raise SystemExit(
            f"{len(places)} of {PLACES} strips hold the wall by 5 kT in a stripe of {device.width * 1e9:g} nm: take "
            "strips of less anisotropy, or a wider stripe"
        )
    places = with_barriers(places, [wall_energy_path(simulate(each)) for each in way_specs(spec, places).values()])
    wall = wall_of(spec, -1)
    wall = replace(wall, pinning=landscape.pinning, tilting=tilting_of(spec, float(wall.width)))
    hot = softened(wall, spec, TEMPERATURE)
    places = with_attempt_rates(hot, with_drives(wall, places, 0.0, **PULSE, largest=1e13), TEMPERATURE)
    middle = places[PLACES // 2]
    unknown = barrier_uncertainty(device, spec.material, places, MaterialUncertainty())
    held = lasting(middle, TEMPERATURE, left_by_heat(wall, hot, places), unknown)
    current = middle.right.drive
    strengths = np.array([1.1, 1.2, 1.3, 1.4, 1.6, 1.8]) * current
    wrong = np.array([wrong_places(hot, places, middle, each) for each in strengths])
    return Trade(
        middle.lowest_barrier / (constants.k * TEMPERATURE), held.lasts, held.lasts_ci95, current, strengths, wrong
    )


def wrong_places(wall, places: list[Place], start: Place, current: float) -> float:
    """Share of walls that one pulse does not leave in the next place."""
    polarity = "positive" if current > 0 else "negative"
    pulse = CurrentPulses(amplitude=abs(current), count=1, polarity=polarity, **PULSE)
    path = follow_hot_walls(
        wall,
        [0.0, PULSE["period"]],
        Protocol(steps=[pulse]).current_density,
        temperature=TEMPERATURE,
        walls=WALLS,
        seed=1,
        position=start.position,
        angle=0.0,
    )
    return float(np.mean(which_place(path.position[:, -1], places) != start.right.to))


def draw(found: dict[tuple[float, float], Trade], file: str) -> None:
    """Barrier and current over the width, and errors over the current."""
    import matplotlib.pyplot as plt

    widths = list(dict.fromkeys(width for width, _ in found))
    lines = dict(zip(dict.fromkeys(wells for _, wells in found), ("-", "--", ":", "-.") * 9, strict=False))
    colours = plt.get_cmap("viridis")(np.linspace(0, 0.9, len(widths)))
    # discretisedfield sets a style of its own when it is imported.
    with plt.style.context("default"):
        figure, (barriers, currents, errors) = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
        for anisotropy, line in lines.items():
            of = {width: found[width, anisotropy] for width in widths}
            shown, label = np.array(widths) * 1e9, f"{anisotropy / 1e6:g} MJ/m³ in the strips"
            barriers.plot(shown, [each.barrier for each in of.values()], line, marker="o", color="k", label=label)
            currents.plot(shown, [each.current / 1e12 for each in of.values()], line, marker="o", color="k")
            for (width, each), colour in zip(of.items(), colours, strict=True):
                name = f"{width * 1e9:g} nm" if line == "-" else None
                wrong = np.maximum(each.wrong, 0.5 / WALLS)
                errors.semilogy(each.strengths / 1e12, wrong, line, marker=".", color=colour, label=name)
        barriers.set(xlabel="width of the stripe (nm)", ylabel="barrier (kT at 300 K)", ylim=(0, None))
        currents.set(xlabel="width of the stripe (nm)", ylabel="depinning current (10¹² A/m²)", ylim=(0, None))
        errors.set(xlabel="current density (10¹² A/m²)", ylabel="wrong place per pulse")
        errors.axhline(1 / WALLS, color="0.7", linewidth=0.8)
        barriers.legend(frameon=False, loc="lower right")
        errors.legend(frameon=False, fontsize="small", title="width", loc="center left", bbox_to_anchor=(1, 0.5))
        for ax in (barriers, currents, errors):
            ax.spines[["top", "right"]].set_visible(False)
        figure.savefig(file, dpi=120)


def main() -> None:
    """Print a row for every stripe."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--widths", type=float, nargs="+", default=[80e-9], metavar="W", help="of the stripe, in m")
    parser.add_argument("--wells", type=float, nargs="+", default=[0.36e6], metavar="KU", help="in the strips, in J/m3")
    parser.add_argument("--picture", metavar="FILE", help="draw barrier, current and error into this file")
    arguments = parser.parse_args()
    print("width   Ku in strips   barrier   lasts at 300 K (95 %)              current       wrong place, least")
    found = {}
    for width in arguments.widths:
        for anisotropy in arguments.wells:
            each = found[width, anisotropy] = trade(stripe(width, anisotropy))
            low, high = (f"{seconds / 3.156e7:.1e}" for seconds in each.lasts_ci95)
            print(
                f"{width * 1e9:4.0f} nm  {anisotropy / 1e6:.2f} MJ/m3    {each.barrier:5.1f} kT  "
                f"{each.lasts / 3.156e7:.1e} years ({low} to {high})  {each.current / 1e12:.2f} TA/m2  "
                f"{each.wrong.min():.1%} at {each.strengths[each.wrong.argmin()] / 1e12:.2f} TA/m2",
                flush=True,
            )
    if arguments.picture:
        draw(found, arguments.picture)
        print(f"Wrote {arguments.picture}")


if __name__ == "__main__":
    main()
