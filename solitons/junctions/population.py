r"""Population coding: junctions with shifted tuning curves count, and a linear read-out makes of the counts a function.

A junction that fires at the rate :math:`r_i` of its own tuning curve is counted for a time t. Its flips up are renewals
of two exponential dwells, so that a count has the mean :math:`r_i t` and, for many flips, the variance
:math:`F_i r_i t`,

.. math:: r = \frac{\Gamma_+ \Gamma_-}{\Gamma_+ + \Gamma_-}, \qquad
   F = \frac{\Gamma_+^2 + \Gamma_-^2}{(\Gamma_+ + \Gamma_-)^2},

F a half where both dwells are alike and 1 far from there. A read-out :math:`y = w_0 + \sum_i w_i n_i / t` is then wrong
by what its curves cannot make, and by chance:

.. math:: \epsilon^2 = \left\langle (w_0 + w \cdot r - y)^2 \right\rangle + \sum_i w_i^2 \langle F_i r_i \rangle / t

Its minimum is a ridge regression in closed form. The set of junctions as basis functions, and a read-out that learns by
trial and error, follow A. Mizrahi et al., Nature Commun. 9, 1533 (2018).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from solitons.junctions.rates import SwitchingRates
from solitons.junctions.superparamagnetic_neuron import SuperparamagneticNeuron

__all__ = ["ReadOut", "best_read_out", "counting_statistics", "learn_read_out", "population"]

Floats = npt.NDArray[np.float64]

_BATCH = 512
"""Trials whose counts are drawn at once."""


@dataclass(frozen=True, eq=False)
class ReadOut:
    """A linear read-out of counts.

    `weights` (junctions + 1, outputs) are of 1, and of the junctions' counts in a second over `scale` (1/s). `error` is
    the root mean square over inputs and outputs: expected, or of trials that were not learned from.
    """

    weights: Floats
    scale: float
    error: float

    def read(self, rates: npt.ArrayLike) -> Floats:
        """Outputs (..., outputs) of counts in a second (..., junctions)."""
        return np.asarray(self.weights[0] + np.asarray(rates, dtype=np.float64) / self.scale @ self.weights[1:])


def population(rates: SwitchingRates, low: float, high: float, count: int) -> SuperparamagneticNeuron:
    """Junctions of one kind whose tuning curves have their middles evenly between two currents.

    Parameters
    ----------
    rates : SwitchingRates
        Rates of one of them; its own offset is left out.
    low, high : float
        In A/m2.
    count : int
        Junctions, 2 or more.

    Examples
    --------
    >>> one = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)
    >>> population(one, -3e9, 3e9, 4).tuning_curve([[0.0]]).shape
    (1, 4)
    """
    if count < 2 or not low < high:
        raise ValueError(f"population: count = {count} must be 2 or more, and low = {low} below high = {high} A/m2")
    return SuperparamagneticNeuron(replace(rates, offset=np.linspace(low, high, count)))


def counting_statistics(junctions: SuperparamagneticNeuron, current_density: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Mean counts in a second, and the variance of a count over its mean, (inputs, junctions).

    The current density in A/m2 is (inputs,), the same for all junctions, or (inputs, junctions).
    """
    up, down = junctions.rates.rates(_each(current_density))
    both = up + down
    return np.asarray(up * down / both), np.asarray((up**2 + down**2) / both**2)


def best_read_out(
    junctions: SuperparamagneticNeuron, current_density: npt.ArrayLike, targets: npt.ArrayLike, time: float
) -> ReadOut:
    """Give the read-out of least expected error, and that error, in closed form.

    Parameters
    ----------
    junctions, current_density
        As of `counting_statistics`; inputs that are equally likely.
    targets : array (inputs,) or (inputs, outputs)
        Values to read out.
    time : float
        For which flips are counted, in s; infinite for ideal tuning curves.

    Raises
    ------
    ValueError
        If the time is not above 0, or targets and currents differ in number.

    Examples
    --------
    >>> from solitons.junctions import population
    >>> one = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)
    >>> angle = np.linspace(-np.pi, np.pi, 37)
    >>> twelve = population(one, -4.5e9, 4.5e9, 12)
    >>> errors = [best_read_out(twelve, 4e9 * angle / np.pi, np.sin(angle), time).error for time in (1e-5, 1e-3)]
    >>> [round(each, 3) for each in errors]  # the longer it counts, the better it knows the sine
    [0.14, 0.015]
    """
    mean, fano = counting_statistics(junctions, current_density)
    wanted = _targets(targets, len(mean), time)
    scale = float(mean.max())
    features = np.concatenate([np.ones((len(mean), 1)), mean / scale], axis=1)
    noise = np.concatenate([[0.0], (fano * mean).mean(axis=0) / scale**2 / time])
    # Ideal curves overlap so much that without any noise their weights need a least square of least size.
    stacked = np.concatenate([features / np.sqrt(len(mean)), np.diag(np.sqrt(noise))])
    right = np.concatenate([wanted / np.sqrt(len(mean)), np.zeros((len(noise), wanted.shape[1]))])
    weights = np.linalg.lstsq(stacked, right)[0]
    squared = ((features @ weights - wanted) ** 2).mean() + (noise @ weights**2).mean()
    return ReadOut(weights, scale, float(np.sqrt(squared)))


def learn_read_out(
    junctions: SuperparamagneticNeuron,
    current_density: npt.ArrayLike,
    targets: npt.ArrayLike,
    time: float,
    *,
    trials: int,
    seed: int,
    step: float = 0.5,
    tests: int = 2000,
) -> ReadOut:
    """Learn a read-out trial by trial from counts, and test it on others.

    In each trial an input is drawn, every junction is counted for the time, and the weights go along the gradient of
    the squared error, by a share of what would undo it (normalised least mean squares). What is read out in the end are
    the weights' means over the second half of the trials, which do not follow the last errors.

    Parameters
    ----------
    junctions, current_density, targets, time
        As of `best_read_out`; the time is finite.
    trials : int
        To learn from.
    seed : int
        Seed of the random numbers.
    step : float
        Share of an error that a trial undoes, at the first; it falls as the inverse root of the trial's number.
    tests : int
        Trials after the learning.

    Returns
    -------
    ReadOut
        Its error is the test error: root mean square of what was read less the target.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> from solitons.junctions import population
    >>> one = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)
    >>> angle = np.linspace(-np.pi, np.pi, 37)
    >>> twelve, current = population(one, -4.5e9, 4.5e9, 12), 4e9 * angle / np.pi
    >>> learned = learn_read_out(twelve, current, np.sin(angle), 1e-4, trials=2000, seed=1)
    >>> best = best_read_out(twelve, current, np.sin(angle), 1e-4)
    >>> bool(best.error < learned.error < 1.5 * best.error)
    True
    """
    currents = np.broadcast_to(_each(current_density), (len(_each(current_density)), _many(junctions)))
    wanted = _targets(targets, len(currents), time)
    if trials < 2 or tests < 2 or not 0 < step < 2 or not np.isfinite(time):
        raise ValueError(
            f"learn_read_out: trials = {trials} and tests = {tests} must be 2 or more, step = {step} between 0 and 2, "
            f"and time = {time} s finite"
        )
    scale = float(counting_statistics(junctions, currents)[0].max())
    generator = np.random.default_rng(seed)

    def counted(number: int) -> tuple[Floats, Floats]:
        chosen = generator.integers(0, len(currents), number)
        found = junctions.counts(currents[chosen], time, seed=int(generator.integers(2**32)))
        return np.concatenate([np.ones((number, 1)), found / (time * scale)], axis=1), wanted[chosen]

    weights = np.zeros((currents.shape[1] + 1, wanted.shape[1]))
    mean, done = np.zeros_like(weights), 0
    while done < trials:
        for feature, target in zip(*counted(min(_BATCH, trials - done)), strict=True):
            share = step / np.sqrt(1 + done / _BATCH)
            weights += share / (feature @ feature) * np.outer(feature, target - feature @ weights)
            done += 1
            if done > trials // 2:
                mean += (weights - mean) / (done - trials // 2)
    features, target = counted(tests)
    return ReadOut(mean, scale, float(np.sqrt(np.mean((features @ mean - target) ** 2))))


def _each(current_density: npt.ArrayLike) -> Floats:
    current = np.asarray(current_density, dtype=np.float64)
    return current[:, None] if current.ndim == 1 else current


def _many(junctions: SuperparamagneticNeuron) -> int:
    rates = junctions.rates
    fields = (rates.attempt_rate, rates.stability, rates.critical_current, rates.exponent, rates.offset)
    return int(np.broadcast(*fields).size)


def _targets(targets: npt.ArrayLike, inputs: int, time: float) -> Floats:
    wanted = np.asarray(targets, dtype=np.float64)
    wanted = wanted[:, None] if wanted.ndim == 1 else wanted
    if len(wanted) != inputs:
        raise ValueError(f"{len(wanted)} targets for {inputs} inputs; give one for each")
    if not time > 0:
        raise ValueError(f"time = {time} s, for which flips are counted, must be above 0")
    return wanted
