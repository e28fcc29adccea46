"""How often a wall is where its fitted model predicts it, within the 95 % interval, after pulses that no fit saw.

    python benchmarks/prediction_coverage.py [--devices 20] [--first 0] [--output found.jsonl]

Stripes are drawn from a fixed seed: 40 to 120 nm wide, 1 to 2 nm thick, with wells, notches in both edges or in one,
or smooth, films of Ms 0.4 to 1.1 MA/m, A 8 to 16 pJ/m, walls of 5 to 8 nm, alpha 0.1 to 0.4, under spin-orbit torque
with DMI or under Zhang-Li torque. A trap measures what holds the wall. One native run of ever stronger pulses, 0.7 to
2.5 times what the model of the material's wall needs, gives the weakest that takes the wall on by a place (in a
smooth stripe by 25 nm). Five runs of two pulses there and two back, 0.85 to 1.3 times that, are fitted as a campaign
fits them, one held out. Then a train of ten pulses, 3 there, 3 back and 4 there, of another amplitude and width
within those of the fit, is run and predicted. Fits whose verdict is `failed` are counted and make no prediction;
neither does a device that no pulse moves. A wall that is not there at a rest is a miss.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy import constants

from analysis import held_wall
from geometries import Stripe
from runs import CurrentPulses, Protocol, Relax, RunSpec, simulate
from solitons.campaigns.domain_walls.dw_synapse.fitting import fit_observations
from solitons.campaigns.domain_walls.dw_synapse.judgement import judge_fit
from solitons.campaigns.domain_walls.dw_synapse.observation import observe
from solitons.campaigns.domain_walls.dw_synapse.settings import WallFitSettings
from solitons.campaigns.framework.base import SweptPoint
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.domain_walls.depinning import depinning_pulse
from solitons.domain_walls.fit import unseen_errors
from solitons.domain_walls.landscape import has_landscape, holding_specs, landscape_of, moment_along
from solitons.domain_walls.runs import wall_of
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.trajectory import rest_samples

KINDS = ("wells", "facing notches", "smooth", "one-sided notches", "wells")
STRENGTHS = ((0.85, 0.3e-9), (1.0, 0.4e-9), (1.0, 0.3e-9), (1.3, 0.3e-9), (1.15, 0.4e-9))
UNSEEN = (1.08, 0.35e-9)
THERE_AND_BACK = np.array([1, -1])
LADDER = np.geomspace(0.7, 2.5, 7)
PULSES, LOOKED_AT = (3, 3, 4), (1, 3, 10)
RISE, PERIOD = 50e-12, 1e-9
STRONGEST, FREE_STEP = 1e13, 25e-9  # A/m2, m
READ_OUT = JunctionReadOut(resistance_area="10 ohm*um^2", tmr=1.5)


def nanometres(value):
    return f"{value:.4g} nm"


def drawn(number):
    """Device and material of a number, and its kind in words."""
    generator = np.random.default_rng([33, number])
    kind, orbit = KINDS[number % len(KINDS)], number % 2 == 0
    width, thickness = 4 * int(generator.integers(10, 31)), float(generator.choice([1.0, 1.5, 2.0]))
    magnetisation, stiffness = generator.uniform(0.4e6, 1.1e6), generator.uniform(8e-12, 16e-12)
    effective = stiffness / generator.uniform(5e-9, 8e-9) ** 2
    material = {
        "name": f"film-{number}",
        "Ms": magnetisation,
        "A": stiffness,
        "Ku": effective + constants.mu_0 * magnetisation**2 / 2,
        "alpha": generator.uniform(0.1, 0.4),
    }
    if orbit:
        chiral = generator.uniform(0.2, 0.6) * 4 * np.sqrt(stiffness * effective) / np.pi
        material |= {"D": chiral, "spin_hall_angle": generator.uniform(0.1, 0.3)}
    else:
        material |= {"P": generator.uniform(0.4, 0.7), "beta": material["alpha"] * generator.uniform(0.5, 1.5)}
    period, size = 4 * int(generator.integers(7, 13)), 4 * int(generator.integers(3, 5))
    places = [60 + period * index for index in range(6)]
    length = 120 + 5 * period if kind != "smooth" else 400
    device = {
        "length": nanometres(length),
        "width": nanometres(width),
        "thickness": nanometres(thickness),
        "cell": ["4 nm", "4 nm", nanometres(thickness)],
        "walls": [
            {
                "position": nanometres(places[1 if orbit else 4] if kind != "smooth" else 120 if orbit else 280),
                "kind": "neel" if orbit else "bloch",
            }
        ],
        "pinned_ends": {"length": "20 nm", "field": 2e5},
        "readout_window": {"x": ["20 nm", nanometres(length - 20)]},
        "terminals": [{"kind": "heavy_metal" if orbit else "in_plane", "name": "metal"}],
    }
    if kind == "wells":
        lower = effective * generator.uniform(0.65, 0.85) + material["Ku"] - effective
        device["parts"] = [
            {"name": f"well_{at}", "x": [nanometres(at - size / 2), nanometres(at + size / 2)], "Ku": float(lower)}
            for at in places
        ]
    elif kind != "smooth":
        edge = "both" if kind.startswith("facing") else "top"
        deep = 4 * int(generator.integers(1, 3)) * (1 if edge == "both" else 2)
        notch = {"first": nanometres(60), "period": nanometres(period), "count": 6, "depth": nanometres(deep)}
        device["notches"] = [notch | {"width": nanometres(size), "edge": edge}]
    words = f"{kind}, {width} x {thickness:g} nm, every {period} nm, {'orbit' if orbit else 'Zhang-Li'}"
    return Stripe.model_validate(device), material, words


def pushed(stripe, material, amplitudes, width, counts):
    """A run of trains, each with the sign of its amplitude."""
    trains = [
        CurrentPulses(
            amplitude=abs(each),
            width=width,
            rise=RISE,
            period=PERIOD,
            count=count,
            polarity="positive" if each > 0 else "negative",
        )
        for each, count in zip(amplitudes, counts, strict=True)
    ]
    protocol = Protocol(steps=[Relax(), *trains], sampling_interval=50e-12)
    return RunSpec(device=stripe, material=material, protocol=protocol, engine="native")


def observed(spec):
    return observe(spec, SweptPoint(), simulate(spec), READ_OUT)


def weakest(wall, place, places):
    """The pulse in A/m2 that takes the material's wall one place on to either side, without places 25 nm; or None."""
    hills = [place - FREE_STEP, place + FREE_STEP]
    inside = [each for each in places if abs(each.position - place) < 15e-9]
    if inside:
        hills = [each.border for each in inside[0].passages]
    shape = {"width": 0.3e-9, "rise": RISE, "period": PERIOD, "largest": STRONGEST}
    angle = float(follow_wall(wall, np.linspace(0, 5e-9, 3), position=place, angle=1.5).angle[-1])  # at rest
    found = [depinning_pulse(wall, place, angle, hill=hill, **shape) for hill in hills]
    return max((abs(each.current) for each in found if each is not None), default=None)


def judged(number):
    """What became of a device: in words, its unseen errors and its predictions."""
    stripe, material, words = drawn(number)
    found = {"number": number, "device": words, "kind": KINDS[number % len(KINDS)]}
    spec = pushed(stripe, material, [1e11], 0.3e-9, [1])
    wall, place, places, landscape = wall_of(spec, -1), stripe.walls[0].position, [], None
    if has_landscape(stripe):
        landscape = landscape_of([held_wall(simulate(each)) for each in holding_specs(spec)], stripe)
        wall = replace(wall, pinning=landscape.pinning)
        places = landscape.places(moment_along(stripe, spec.material, landscape))
    found |= {"places": [each.position for each in places], "weakest": weakest(wall, place, places)}
    if found["weakest"] is None:
        return found | {"refused": "no pulse takes the material's wall on"}
    step = np.diff(found["places"]).min() if len(places) > 1 else FREE_STEP
    ladder = found["weakest"] * LADDER
    rests = observed(pushed(stripe, material, ladder, 0.3e-9, [1] * len(ladder))).positions_at_rest
    moving = np.flatnonzero(np.abs(np.diff(rests)) > step / 2)
    if not moving.size:
        return found | {"refused": "no pulse up to 2.5 times the model's weakest takes the wall on"}
    amplitude = found["amplitude"] = ladder[moving[0]]
    observations = [
        observed(pushed(stripe, material, part * amplitude * THERE_AND_BACK, width, [2, 2]))
        for part, width in STRENGTHS
    ]
    fit = fit_observations(observations, WallFitSettings(held_out=1), landscape).fit
    verdict = judge_fit(fit, observations)
    found |= {"verdict": verdict.verdict, "reasons": [each.code for each in verdict.reasons]}
    part, width = UNSEEN
    run = observed(pushed(stripe, material, part * amplitude * np.array([1, -1, 1]), width, PULSES)).trajectory
    path = follow_wall(
        fit.dynamics,
        run.time,
        run.current_density,
        run.field,
        position=float(run.position[0]),
        angle=fit.start_angle if run.angle is None or not np.isfinite(run.angle[0]) else float(run.angle[0]),
        tilt=run.start_tilt,
    )
    ends = np.round(np.cumsum(np.full(sum(PULSES), PERIOD)) / 50e-12).astype(int)
    first = run.time.size - 1 - ends[-1]
    signs = np.repeat([1, -1, 1], PULSES)
    known = fit.provenance.prediction
    found |= {
        "error": (path.position - run.position)[first + ends].tolist(),
        "half_width": known.half_width(signs).tolist(),
        "prediction": known.model_dump(),
        "measured": run.position[first + ends].tolist(),
        "unseen": {
            name: each.tolist() for name, each in unseen_errors(fit, [each.trajectory for each in observations]).items()
        },
    }
    assert set(rest_samples(run)) <= set((first + ends).tolist())
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    all_found = []
    for number in range(options.first, options.first + options.devices):
        started = time.perf_counter()
        try:
            found = judged(number)
        except ValueError as error:
            found = {"number": number, "device": drawn(number)[2], "refused": str(error)[:200]}
        found["seconds"] = time.perf_counter() - started
        all_found.append(found)
        if options.output is not None:
            with options.output.open("a") as file:
                file.write(json.dumps(found) + "\n")
        print(line(found), flush=True)
    summary(all_found)


def line(found):
    head = f"{found['number']:3} {found['device']:58} {found['seconds']:5.0f} s "
    if "refused" in found:
        return f"{head} refused: {found['refused']}"
    error, half = 1e9 * np.array(found["error"]), 1e9 * np.array(found["half_width"])
    cells = "".join(f"{error[n - 1]:9.2f} +-{half[n - 1]:6.2f}" for n in LOOKED_AT)
    return f"{head}{found['verdict']:8}{cells}"


def summary(all_found):
    predicted = [each for each in all_found if each.get("verdict") in ("trusted", "limited")]
    refused = [each for each in all_found if "refused" in each]
    print(f"\n{len(all_found)} devices: {len(refused)} without runs or a wall, ", end="")
    print(f"{len(all_found) - len(refused) - len(predicted)} fits failed, {len(predicted)} predict")
    print(f"{'pulses':>8}{'inside':>10}{'rms error':>12}{'half-width: median':>20}{'mean':>8}  in nm")
    for n in LOOKED_AT:
        error, half = (np.array([each[name][n - 1] for each in predicted]) for name in ("error", "half_width"))
        inside = np.abs(np.nan_to_num(error, nan=np.inf)) <= half
        cells = 1e9 * np.sqrt(np.nanmean(error**2)), 1e9 * np.median(half), 1e9 * half.mean()
        print(f"{n:8}{inside.sum():6} of {inside.size}{cells[0]:12.2f}{cells[1]:20.2f}{cells[2]:8.2f}")


if __name__ == "__main__":
    main()
