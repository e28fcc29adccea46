r"""Signals in time and what is wanted of them: tasks whose answers depend on the past of an input.

**NARMA** of the order n (A. F. Atiya and A. G. Parlos, IEEE Trans. Neural Netw. 11, 697 (2000)), with v uniform between
0 and 1/2,

.. math:: y_{t+1} = 0.3 y_t + 0.05 y_t \sum_{i=0}^{n-1} y_{t-i} + 1.5 v_{t-n+1} v_t + 0.1 .

**Sine or square**: whole periods of either, drawn by chance, of which every sample has to be named.

**A movement**: after a pulse, the speed of a hand that moves from rest to rest with the least jerk (T. Flash and N.
Hogan, J. Neurosci. 5, 1688 (1985)), :math:`30 \tau^2 (1 - \tau)^2` of its mean over the time of the movement.

Inputs go from -1 to 1. A target at t depends on inputs up to and with u_t.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["TASKS", "SignalTask", "movement", "narma", "sine_or_square"]

Floats = npt.NDArray[np.float64]

_WASHOUT = 200
_MOST_DRAWS = 100


class SignalTask(NamedTuple):
    """An input between -1 and 1, and what is wanted at each time: both (times,)."""

    inputs: Floats
    targets: Floats


def narma(times: int, seed: int, order: int = 10) -> SignalTask:
    """A series of NARMA; draws of the input for which it grows without bound are drawn again.

    Examples
    --------
    >>> task = narma(1000, seed=0)
    >>> bool(abs(task.inputs).max() <= 1), round(float(task.targets.mean()), 2)
    (True, 0.39)
    """
    generator = np.random.default_rng(seed)
    for _ in range(_MOST_DRAWS):
        v = generator.uniform(0.0, 0.5, times + _WASHOUT)
        y = np.zeros(times + _WASHOUT + 1)
        for t in range(order - 1, times + _WASHOUT):
            past = y[t - order + 1 : t + 1].sum()
            y[t + 1] = 0.3 * y[t] + 0.05 * y[t] * past + 1.5 * v[t - order + 1] * v[t] + 0.1
            if y[t + 1] > 1:
                break
        else:
            return SignalTask(4 * v[_WASHOUT:] - 1, y[_WASHOUT + 1 :])
    raise ValueError(f"narma: of {_MOST_DRAWS} draws of order {order} all grow without bound; give a lower order")


def sine_or_square(times: int, seed: int, samples: int = 8) -> SignalTask:
    """Periods of `samples` each, targets -1 in a sine and 1 in a square.

    Examples
    --------
    >>> task = sine_or_square(16, seed=1)
    >>> task.inputs.round(2).tolist()[:8], task.targets.tolist()[:8:7]
    ([0.0, 0.71, 1.0, 0.71, 0.0, -0.71, -1.0, -0.71], [-1.0, -1.0])
    """
    which = np.random.default_rng(seed).random(-(-times // samples)) < 0.5
    phase = 2 * np.pi * np.arange(samples) / samples
    shapes = np.stack([np.sin(phase), np.where(np.arange(samples) < samples / 2, 1.0, -1.0)])
    inputs = shapes[which.astype(int)].ravel()[:times]
    return SignalTask(inputs, np.repeat(np.where(which, 1.0, -1.0), samples)[:times])


def movement(times: int, seed: int, duration: int = 20) -> SignalTask:
    """Pulses at random times, at least twice a duration apart, and the speeds of the movements that they begin.

    Examples
    --------
    >>> task = movement(100, seed=0, duration=10)
    >>> round(float(task.targets.max()), 2), int((task.inputs == 1).sum())
    (1.84, 4)
    """
    generator, inputs, targets = np.random.default_rng(seed), np.full(times, -1.0), np.zeros(times)
    share = (np.arange(duration) + 0.5) / duration
    speed, at = 30 * share**2 * (1 - share) ** 2, int(generator.integers(0, duration))
    while at < times:
        inputs[at] = 1.0
        end = min(at + duration, times)
        targets[at:end] = speed[: end - at]
        at += 2 * duration + int(generator.integers(0, duration))
    return SignalTask(inputs, targets)


TASKS = {"narma": narma, "sine_or_square": sine_or_square, "movement": movement}
"""Tasks of so many times and a seed, by name."""
