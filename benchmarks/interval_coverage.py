"""How often the 95 % intervals of a wall's fit hold the truth.

    python benchmarks/interval_coverage.py [--fits 200] [--case spin-transfer] [--noise first] [--chosen] [--off 0.2]
        [--drawn 0.05] [--known 0.05] [--first-seed 200]

The model itself makes eight runs, four current densities and two pulse widths, with noise of three kinds: "white" on
every sample but the first, "first" on every sample, and "correlated", a stationary AR(1) process (0.8 from one sample
to the next, five samples of 50 ps) on every sample. Each set is fitted, from another start, under spin-transfer torque
and under spin-orbit torque. Beside the reported interval stand the one that takes the material as exact, and the two
that this is the wider of, each with the share that holds the truth (200 fits: a standard error of 1.5 % at 95 %), and
with its median width over the value. With `--chosen` the model is chosen by the same runs
(`solitons.domain_walls.choice`); shares are of the fits that fit the parameter, whose number is in the last column.

The material is wrong in two ways. `--off` is by how much in all that may be fitted, the same in each fit. `--drawn` is
the standard deviation of an error of each constant by itself, in what may be fitted, in alpha and in the width, drawn
anew for each fit: what a 95 % interval promises to hold. `--known` is the relative standard uncertainty that is stated
for each of them, what is drawn if left out.
"""

import argparse
import itertools
from dataclasses import replace

import numpy as np
from scipy.signal import lfilter

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.choice import choose_wall
from solitons.domain_walls.fit import fit_wall
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.trajectory import Trajectory
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.fits.consider_parameters import Considered

TRANSFER = WallDynamics(
    alpha=0.1, width=6.3e-9, hard_axis_field=8e3, polarity=-1, beta=0.05, drift_per_current=-9.5e-11
)
ORBIT = WallDynamics(
    alpha=0.1, width=6.3e-9, hard_axis_field=1.2e4, polarity=-1, damping_like_per_current=4.4e-8, dmi_field=4e4
)
CASES = {
    "spin-transfer": (TRANSFER, (6e11, 8e11, 10e11, 12e11), ("hard_axis_field", "beta", "drift_per_current"), -1),
    "spin-orbit": (ORBIT, (3e10, 5e10, 7e10, 9e10), ("hard_axis_field", "damping_like_per_current", "dmi_field"), 1),
}
ALWAYS_HELD = ("alpha", "width")
NOISES = ("white", "first", "correlated")
TIMES = np.linspace(0.0, 3e-9, 61)
WIDTHS = (0.3e-9, 0.6e-9)
POSITION, ANGLE = 0.5e-9, 0.1  # standard deviations in m and rad
REMEMBERED = 0.8  # of a correlated error, from one sample to the next


def train(amplitude, width, count=3, period=1e-9):
    points = [
        (index * period + time, value)
        for index in range(count)
        for time, value in ((0.0, 0.0), (0.0, amplitude), (width, amplitude), (width, 0.0))
    ]
    return PiecewiseLinear(*zip(*points, strict=True))


def errors(kind, generator):
    white = generator.normal(size=TIMES.size)
    if kind == "correlated":
        start = generator.normal()
        innovations = np.sqrt(1 - REMEMBERED**2) * white
        return lfilter([1.0], [1.0, -REMEMBERED], innovations, zi=[REMEMBERED * start])[0]
    return white * (TIMES > 0) if kind == "white" else white


def scaled(wall, factors):
    return replace(wall, **{name: factor * float(getattr(wall, name)) for name, factor in factors.items()})


def made_runs(truth, case, noise, seed):
    """Runs of the model with noise."""
    _, amplitudes, _, sign = CASES[case]
    generator = np.random.default_rng(seed)
    runs = []
    for amplitude, width in itertools.product(amplitudes, WIDTHS):
        wave = train(sign * amplitude, width)
        path = follow_wall(truth, TIMES, wave, position=128e-9, angle=0.2)
        runs.append(
            Trajectory(
                run_id=f"{amplitude:.1e} {width:.1e}",
                time=TIMES,
                position=path.position + POSITION * errors(noise, generator),
                angle=path.angle + ANGLE * errors(noise, generator),
                current_density=wave,
                length=1e-6,
            )
        )
    return runs


INTERVALS = ("reported", "material exact", "by noise", "by runs")


def coverage(case, noise, seeds, chosen, off, drawn, known):
    """By parameter and interval, the share that holds the truth and the median width over it."""
    nominal, _, free, _ = CASES[case]
    start = scaled(nominal, dict.fromkeys(free, 1 + off))
    uncertain = (*free, *ALWAYS_HELD)
    considered = {
        name: Considered(*(scaled(start, {name: 1 + sign * known}) for sign in (-1, 1))) for name in uncertain if known
    }
    found = {name: {which: [] for which in INTERVALS} for name in free}
    for seed in seeds:
        wrong = 1 + drawn * np.random.default_rng([seed, 1]).normal(size=len(uncertain))
        truth = scaled(nominal, dict(zip(uncertain, wrong, strict=True)))
        runs = made_runs(truth, case, noise, seed)
        if chosen:
            fit = choose_wall(runs, start, pinning=False, considered=considered).fit
        else:
            fit = fit_wall(runs, start, free=free, knots=0, starts=1, considered=considered)
        for name in {each.name for each in fit.parameters} & set(free):
            each, right = fit[name], float(getattr(truth, name))
            exact = each.taking_material_as_exact
            intervals = (each.low, each.high), (exact.low, exact.high), each.by_noise, each.by_runs
            for which, (low, high) in zip(found[name], intervals, strict=True):
                found[name][which].append((low <= right <= high, (high - low) / abs(right)))
    return {
        name: {
            which: (np.mean(rows, axis=0)[0], np.median(rows, axis=0)[1], len(rows)) for which, rows in by_name.items()
        }
        for name, by_name in found.items()
        if by_name["reported"]
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fits", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--noise", choices=NOISES, action="append")
    parser.add_argument("--chosen", action="store_true")
    parser.add_argument("--off", type=float, default=0.0)
    parser.add_argument("--drawn", type=float, default=0.0)
    parser.add_argument("--known", type=float)
    options = parser.parse_args()
    known = options.drawn if options.known is None else options.known
    wrong, seeds = (options.off, options.drawn, known), range(options.first_seed, options.first_seed + options.fits)
    print(f"{'torque':14}{'noise':12}{'parameter':26}" + "".join(f"{each:>16}" for each in INTERVALS) + f"{'fits':>6}")
    for case, noise in itertools.product(options.case or CASES, options.noise or NOISES):
        for name, intervals in coverage(case, noise, seeds, options.chosen, *wrong).items():
            cells = "".join(f"{share:9.1%}{width:7.3f}" for share, width, _ in intervals.values())
            print(f"{case:14}{noise:12}{name:26}{cells}{intervals['reported'][2]:6}", flush=True)


if __name__ == "__main__":
    main()
