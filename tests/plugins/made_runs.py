"""Runs that the wall model itself has made, with noise: a fit to them has a truth."""

from dataclasses import replace

import numpy as np

from runs.waveforms.waveform import PiecewiseLinear
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.trajectory import Trajectory
from solitons.domain_walls.wall_dynamics import WallDynamics

TRUTH = WallDynamics(alpha=0.1, width=6.3e-9, hard_axis_field=8e3, polarity=-1, beta=0.05, drift_per_current=-9.5e-11)
START = replace(TRUTH, hard_axis_field=12e3, beta=0.06, drift_per_current=-1e-10)
FREE = ("hard_axis_field", "beta", "drift_per_current")
TIMES = np.linspace(0.0, 4e-9, 41)


def train(amplitude, width, count=4, period=1e-9):
    times, values = [0.0], [0.0]
    for index in range(count):
        begin = index * period
        times += [begin, begin, begin + width, begin + width]
        values += [0.0, -amplitude, -amplitude, 0.0]
    return PiecewiseLinear(tuple(times), tuple(values))


def made(dynamics=TRUTH, *, noise=0.5e-9, seed=1, angle=True, drives=None, turn=0.02, on_first=False, memory=0.0):
    """Runs with noise, `turn` in rad of the angle.

    It may be on the first sample too, and be remembered from one sample to the next (AR(1)).
    """
    generator = np.random.default_rng(seed)
    drives = drives or [(a, w) for a in (6e11, 9e11, 12e11) for w in (0.2e-9, 0.5e-9)]
    runs = []
    for amplitude, width in drives:
        wave = train(amplitude, width)
        path = follow_wall(replace(dynamics, provenance=None), TIMES, wave, position=128e-9, angle=0.2, max_step=1e-11)
        position = path.position + _errors(generator, noise, on_first, memory)
        runs.append(
            Trajectory(
                run_id=f"{amplitude:.1e} {width:.1e}",
                time=TIMES,
                position=position,
                current_density=wave,
                length=512e-9,
                angle=path.angle + _errors(generator, turn, on_first, memory) if angle else None,
            )
        )
    return runs


def _errors(generator, size, on_first, memory):
    errors = generator.normal(0.0, size, TIMES.size)
    for index in range(1, TIMES.size if memory else 0):
        errors[index] = memory * errors[index - 1] + np.sqrt(1 - memory**2) * errors[index]
    return errors if on_first else errors * (TIMES > 0)
