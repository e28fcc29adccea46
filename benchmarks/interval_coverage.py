"""How often the 95 % intervals of a wall's fit hold the truth.

    python benchmarks/interval_coverage.py [--fits 200] [--case spin-transfer] [--noise first] [--chosen] [--off 0.2]

The model itself makes eight runs, four current densities and two pulse widths, with noise of three kinds: "white" on
every sample but the first, "first" on every sample, and "correlated", a stationary AR(1) process (0.8 from one sample
to the next, five samples of 50 ps) on every sample. Each set is fitted, from another start, under spin-transfer torque
and under spin-orbit torque. Beside the reported interval stand the two that it is the wider of, each with the share
that holds the truth (200 fits: a standard error of 1.5 % at 95 %), and with its median width over that value. With
`--chosen` the model is chosen by the same runs (`solitons.walls.choice`); shares are of the fits that fit the
parameter, whose number is in the last column. `--off` is by how much the material is wrong in all that may be fitted.
"""

import argparse
import itertools
from dataclasses import replace

import numpy as np
from scipy.signal import lfilter

from runs.protocols.waveform import PiecewiseLinear
from solitons.walls.choice import choose_wall
from solitons.walls.fit import fit_wall
from solitons.walls.simulation import follow_wall
from solitons.walls.trajectory import Trajectory
from solitons.walls.wall_dynamics import WallDynamics

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


def made_runs(case, noise, seed):
    """Runs of the model with noise."""
    truth, amplitudes, _, sign = CASES[case]
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


def coverage(case, noise, fits, chosen, off):
    """By parameter and interval, the share that holds the truth and the median width over it."""
    truth, _, free, _ = CASES[case]
    start = replace(truth, **{name: (1 + off) * float(getattr(truth, name)) for name in free})
    found = {name: {which: [] for which in ("reported", "by noise", "by runs")} for name in free}
    for seed in range(fits):
        runs = made_runs(case, noise, seed)
        if chosen:
            fit = choose_wall(runs, start, pinning=False).fit
        else:
            fit = fit_wall(runs, start, free=free, knots=0, starts=1)
        for name in {each.name for each in fit.parameters} & set(free):
            each, right = fit[name], float(getattr(truth, name))
            intervals = (each.low, each.high), each.by_noise, each.by_runs
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
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--noise", choices=NOISES, action="append")
    parser.add_argument("--chosen", action="store_true")
    parser.add_argument("--off", type=float, default=0.2)
    options = parser.parse_args()
    print(f"{'torque':14}{'noise':12}{'parameter':26}{'reported':>16}{'by noise':>16}{'by runs':>16}{'fits':>6}")
    for case, noise in itertools.product(options.case or CASES, options.noise or NOISES):
        for name, intervals in coverage(case, noise, options.fits, options.chosen, options.off).items():
            cells = "".join(f"{share:9.1%}{width:7.3f}" for share, width, _ in intervals.values())
            print(f"{case:14}{noise:12}{name:26}{cells}{intervals['reported'][2]:6}", flush=True)


if __name__ == "__main__":
    main()
