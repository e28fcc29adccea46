"""Steps of the conductance by one pulse, up and down: mean, spread, nonlinearity and asymmetry of a device's steps.

A device is programmed by trains of equal pulses, first of one sign and then of the other. Its
conductance after n pulses of a train of N is G(n), G(0) before the first. For a train

    step            dG(n) = G(n) - G(n - 1)
    spread          standard deviation of dG(n) over walls that heat shakes differently, rms over n
    nonlinearity    max_n |G(n) - G(0) - n (G(N) - G(0)) / N| / |G(N) - G(0)|
    asymmetry       max_n |G_up(n) - G_down(N - n)| / |G_up(N) - G_up(0)|

in which G stands for its mean over the walls. 0 and 0 are an ideal synapse. (S. Yu, Proc. IEEE
106, 260 (2018) reviews what they do to learning.)
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Train", "asymmetry", "resting_conductances", "steps_from", "trains_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Train:
    """The conductances in S of a train of pulses of one sign (1 or -1).

    They are (walls, pulses + 1): before the first pulse and after each.
    """

    sign: int
    conductance: Floats

    @property
    def mean(self) -> Floats:
        """Mean conductance in S before the first pulse and after each."""
        mean: Floats = self.conductance.mean(axis=0)
        return mean

    @property
    def steps(self) -> Floats:
        """Change of each wall's conductance with each pulse in S, (walls, pulses)."""
        return np.diff(self.conductance, axis=1)

    @property
    def mean_step(self) -> float:
        """In S."""
        return float(self.steps.mean())

    @property
    def spread(self) -> float:
        """Root mean square over the pulses of the standard deviation of a step over the walls, in S."""
        if len(self.conductance) < 2:
            return 0.0
        return float(np.sqrt(np.mean(np.var(self.steps, axis=0, ddof=1))))

    @property
    def nonlinearity(self) -> float | None:
        """As the module has it; None of one pulse, and of a train that ends where it began (to 1/1000)."""
        mean = self.mean
        if mean.size < 3:
            return None
        whole = mean[-1] - mean[0]
        if abs(whole) <= 1e-3 * np.abs(np.diff(mean)).sum():
            return None
        line = mean[0] + whole * np.arange(mean.size) / (mean.size - 1)
        return float(np.abs(mean - line).max() / abs(whole))


def asymmetry(first: Train, second: Train) -> float | None:
    """The asymmetry, as the module defines it, of two trains of equal length and opposite signs.

    None where the first changes nothing.
    """
    one, other = first.mean, second.mean[::-1]
    whole = abs(one[-1] - one[0])
    if one.size != other.size or one.size < 3 or whole <= 1e-3 * np.abs(np.diff(one)).sum():
        return None
    return float(np.abs(one - other).max() / whole)


def trains_of(conductance: Floats, signs: npt.NDArray[np.integer]) -> list[Train]:
    """Cut the conductances of a run in S, (walls, pulses + 1), into trains of pulses of one sign."""
    edges = np.concatenate([[0], np.flatnonzero(np.diff(signs)) + 1, [signs.size]])
    return [Train(int(signs[first]), conductance[:, first : last + 1]) for first, last in itertools.pairwise(edges)]


def resting_conductances(conductance: Floats, signs: npt.NDArray[np.integer]) -> Floats:
    """Rising conductances in S at which walls rest in the first train of a run, (walls, pulses + 1).

    Two that are nearer than a fifth of a mean step are one: a wall that a pulse did not move rests where it did.
    """
    first = trains_of(conductance, signs)[0]
    mean = np.sort(first.mean)
    apart = np.flatnonzero(np.diff(mean) > np.abs(np.diff(first.mean)).mean() / 5) + 1
    return np.array([part.mean() for part in np.split(mean, apart)])


def steps_from(conductance: Floats, sent: npt.NDArray[np.bool_], nodes: Floats) -> Floats:
    """Mean, standard deviation (S) and number of the pulses that are `sent` in a run, from each node (S): (nodes, 3).

    A pulse counts for the nearest node. NaN is the mean of none, and the standard deviation of one.
    """
    before, change = conductance[:, :-1][:, sent], np.diff(conductance, axis=1)[:, sent]
    nearest = np.abs(before[..., None] - nodes).argmin(axis=-1)
    found = np.full((nodes.size, 3), np.nan)
    for node, row in enumerate(found):
        own = change[nearest == node]
        row[2] = own.size
        row[0] = own.mean() if own.size else np.nan
        row[1] = own.std(ddof=1) if own.size > 1 else np.nan
    return found
