"""How often the 95 % intervals of a fit of two walls hold the truth.

    python benchmarks/pair_interval_coverage.py [--fits 80] [--noise correlated]

The model itself makes seven runs of two chiral walls 34 to 44 nm apart, left alone, pushed by a current and squeezed by
a field, with the noise of `interval_coverage.py` on positions and angles. Each set is fitted from torques and a DMI
field that are 10 % wrong: the strength of the walls' interaction, a / J and H_D. Columns as there, and the root mean
square of the fitted value's error over the value.
"""

import argparse
from dataclasses import replace

import numpy as np
from interval_coverage import NOISES, REMEMBERED
from scipy.signal import lfilter

from geometries import Material
from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.pair_fit import fit_wall_pair
from solitons.domain_walls.pair_problem import PairRun, pair_paths
from solitons.domain_walls.wall_dynamics import wall_from_material
from solitons.domain_walls.wall_pair import pair_interaction

FILM = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.3, D=1e-3, spin_hall_angle=0.1)
SIZE = {"thickness": 1e-9, "stripe_width": 32e-9, "width": 6e-9}
TIMES = np.linspace(0.0, 1.5e-9, 31)
# Current density in A/m2 for 0.5 ns, field along z in A/m, distance in m.
DRIVES = (
    (0.0, 0.0, 34e-9),
    (8e10, 0.0, 44e-9),
    (0.0, 1e3, 44e-9),
    (0.0, 0.0, 40e-9),
    (4e10, 0.0, 36e-9),
    (-6e10, 0.0, 38e-9),
    (0.0, 5e2, 38e-9),
)
POSITION, ANGLE = 0.3e-9, 0.05  # standard deviations in m and rad
WRONG = 1.1  # times what is fitted beside the strength, at the start
FREE = ("damping_like_per_current", "dmi_field")


def clean_runs(wall, pair):
    runs = []
    for index, (current, field, distance) in enumerate(DRIVES):
        places, angles = (np.full((2, TIMES.size), each) for each in ([[160e-9], [160e-9]], [[0.0], [np.pi]]))
        wave = PiecewiseLinear((0.0, 0.5e-9, 0.5e-9), (current, current, 0.0))
        squeeze = tuple(PiecewiseLinear((0.0,), (h,)) for h in (0.0, 0.0, field))
        places += distance * np.array([[-0.5], [0.5]])
        runs.append(PairRun(f"run {index}", TIMES, places, angles, wave, squeeze))
    states, met = pair_paths(runs, wall, pair, [], np.empty(0), 5e-12)
    assert not any(met)
    return [replace(run, position=each[:, :2].T, angle=each[:, 2:].T) for run, each in zip(runs, states, strict=True)]


def errors(kind, generator):
    """Of four coordinates at all samples."""
    white = generator.normal(size=(4, TIMES.size))
    if kind == "correlated":
        begin = REMEMBERED * generator.normal(size=(4, 1))
        return lfilter([1.0], [1.0, -REMEMBERED], np.sqrt(1 - REMEMBERED**2) * white, zi=begin)[0]
    return white * (TIMES > 0) if kind == "white" else white


def noisy(runs, kind, seed):
    generator = np.random.default_rng(seed)
    made = []
    for run in runs:
        off = errors(kind, generator)
        made.append(replace(run, position=run.position + POSITION * off[:2], angle=run.angle + ANGLE * off[2:]))
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fits", type=int, default=80)
    parser.add_argument("--noise", choices=NOISES, action="append")
    options = parser.parse_args()
    wall = wall_from_material(FILM, polarity=-1, torques=("spin-orbit",), **SIZE)
    pair = pair_interaction(FILM, length=320e-9, **SIZE)
    truth = {"strength": 1.0, **{name: float(getattr(wall, name)) for name in FREE}}
    start, runs = replace(wall, **{name: WRONG * truth[name] for name in FREE}), clean_runs(wall, pair)
    print(f"{'noise':12}{'parameter':26}{'reported':>16}{'by noise':>16}{'by runs':>16}{'error':>8}")
    for kind in options.noise or NOISES:
        fits = [
            fit_wall_pair(noisy(runs, kind, seed), start, pair, shape_field=1.6e4, free=FREE)
            for seed in range(options.fits)
        ]
        for name, right in truth.items():
            found = [fit[name] for fit in fits]
            cells = ""
            for intervals in zip(
                *(((each.low, each.high), each.by_noise, each.by_runs) for each in found), strict=True
            ):
                ends = np.array(intervals) / right
                held = np.mean((ends.min(axis=1) <= 1) & (ends.max(axis=1) >= 1))
                cells += f"{held:9.1%}{np.median(np.ptp(ends, axis=1)):7.3f}"
            error = np.sqrt(np.mean([(each.value / right - 1) ** 2 for each in found]))
            print(f"{kind:12}{name:26}{cells}{error:8.3f}", flush=True)


if __name__ == "__main__":
    main()
