r"""Write errors too rare to be seen: macrospins steered towards them, and the odds taken back.

A current that is strong enough fails where the layer stays near the pole from which it starts. Its energy E over the
state grows as :math:`e^{2 r t}`, with heat adding to it all the time. The probability that it is still there at the end
T is, from an energy E at the time t, about proportional to

.. math:: h(t) = e^{-a(t) E / k_B T}, \qquad a(t) = \frac{g}{\Delta + (g - 1) / (i - 1)}, \qquad g = e^{2 r (T - t)}

which is the solution of the linear problem (a two-dimensional unstable Ornstein-Uhlenbeck process). An ensemble begins
colder by 1 + a(0), and is drawn anew with weights h(t) / h(t') at times on the way: sequential Monte Carlo with twisted
potentials. The product of the mean weights is the probability without bias, whatever h is; a good h makes it certain.

Sources: P. Del Moral, Feynman-Kac Formulae (Springer, 2004); for twisting P. Guarniero, A. M. Johansen and A. Lee, J.
Am. Stat. Assoc. 112, 1636 (2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from solitons.junctions.ensemble import advance, parameter_rows
from solitons.junctions.macrospin import Macrospin
from solitons.junctions.thermal_states import thermal_states

__all__ = ["WriteError", "write_error_rate"]

Floats = npt.NDArray[np.float64]

_BETWEEN = 0.35
"""Growth r dt from one drawing to the next."""
_QUADRATURE = (4000, 64)
_NO_VOLTAGE = np.zeros((1, 1))
_HIGHEST = 60.0
"""k T: higher energies have the weight of this one."""
_LARGEST_GROWTH = 300.0


@dataclass(frozen=True)
class WriteError:
    """How often a pulse fails to write.

    The probability that it does not switch, with the ends of its 95 % interval, from independent groups (Student's t of
    the mean), and how many macrospins were followed. Means of few macrospins are skewed: with 16 groups of 100 the
    interval holds the truth in 9 of 10 cases at rates below 1e-15.
    """

    rate: float
    low: float
    high: float
    trajectories: int


def write_error_rate(
    macrospin: Macrospin,
    current_density: float,
    duration: float,
    *,
    seed: int,
    state: int = -1,
    groups: int = 16,
    size: int = 2000,
    time_step: float | None = None,
    threads: int | None = None,
) -> WriteError:
    """Find the probability that a pulse does not switch a macrospin, however small it is.

    The macrospin is in thermal equilibrium in its `state` before a pulse with sharp edges, of a current density in A/m2
    above the critical one and a duration in s. The interval is from independent `groups` of `size` macrospins;
    `time_step` in s is `Macrospin.time_step` if left out. ValueError if the current does not make the state unstable,
    where nothing is written and no error is rare, or if there was no error at all.
    """
    owner = "write_error_rate"
    overdrive = current_density / macrospin.critical_current(state)
    if not overdrive > 1:
        raise ValueError(
            f"{owner}: the current is {overdrive:.3g} of the critical one, which leaves the state stable: heat must "
            "write, and errors are not rare. Use axial_fokker_planck, sphere_fokker_planck or follow_macrospins"
        )
    if not macrospin.temperature > 0 or groups < 2 or size < 2 or not duration > 0:
        raise ValueError(
            f"{owner}: a temperature above 0 K, a duration above 0 s, and 2 or more groups and macrospins in each are "
            f"needed; given are {macrospin.temperature} K, {duration} s, {groups} and {size}"
        )
    growth = macrospin.relaxation_rate * (overdrive - 1)
    if time_step is None:
        longest = macrospin.time_step(current_density=current_density) / max(1.0, overdrive / 4)
    else:
        longest = time_step
    steps = max(2, int(np.ceil(duration / longest)))
    dt = duration / steps
    each = max(1, int(_BETWEEN / (growth * dt)))
    bottom = _bottom(macrospin, state)
    rows, current = parameter_rows(macrospin, dt), np.array([[float(current_density)]])
    generators = np.random.default_rng(seed).spawn(groups)

    highest = min(macrospin.stability, _HIGHEST)

    def above(m: Floats) -> Floats:
        return np.asarray((macrospin.energy(m) - bottom) / macrospin.thermal_energy)

    def chance(m: Floats, t: float) -> Floats:
        """Height h of each macrospin; in the other state the saddle's."""
        height = np.where(m @ macrospin.axis * state > 0, np.minimum(above(m), highest), highest)
        return np.asarray(np.exp(-_twist(macrospin, overdrive, growth, duration - t) * height))

    colder = _twist(macrospin, overdrive, growth, duration)
    m = thermal_states(macrospin, groups * size, seed=seed, state=state, colder=1 + colder)
    logarithm = np.full(groups, _log_share(macrospin, state, bottom, colder))
    # Drawn with exp(-a E), which the first weight takes back.
    weights = np.exp(colder * above(m))
    for first in range(0, steps, each):
        done = min(first + each, steps)
        advance(m, rows, current, _NO_VOLTAGE, dt, done - first, seed=seed, stream=1, first_step=first, threads=threads)
        weights *= chance(m, done * dt) if done < steps else m @ macrospin.axis * state > 0
        by_group = weights.reshape(groups, size)
        mean = by_group.mean(axis=1)
        with np.errstate(divide="ignore"):
            logarithm += np.log(mean)
        if done < steps:
            chosen = [
                _drawn(group, generator) + index * size
                for index, (group, generator) in enumerate(zip(by_group, generators, strict=True))
            ]
            m = m[np.concatenate(chosen)]
            weights = 1 / chance(m, done * dt)
    rates = np.exp(logarithm)
    if not np.any(rates > 0):
        raise ValueError(
            f"{owner}: none of {groups} groups of {size} macrospins had one that failed to switch, so that the rate is "
            "not known; follow more of them, or a shorter pulse"
        )
    rate = float(rates.mean())
    spread = float(stats.t.ppf(0.975, groups - 1) * rates.std(ddof=1) / np.sqrt(groups))
    return WriteError(rate, max(rate - spread, 0.0), min(rate + spread, 1.0), groups * size)


def _twist(macrospin: Macrospin, overdrive: float, growth: float, left: float) -> float:
    grown = float(np.exp(min(2 * growth * left, _LARGEST_GROWTH)))
    return grown / (macrospin.stability + (grown - 1) / (overdrive - 1))


def _bottom(macrospin: Macrospin, state: int) -> float:
    """Energy in J of the state's minimum."""
    m = state * macrospin.axis
    scale = float(np.linalg.norm(macrospin.field)) + 2 * macrospin.hard_axis_field
    for _ in range(2000):
        field = macrospin.field - macrospin.anisotropy_matrix @ m + scale * m
        m = field / np.linalg.norm(field)
    return float(macrospin.energy(m))


def _log_share(macrospin: Macrospin, state: int, bottom: float, colder: float) -> float:
    """Logarithm of the mean of exp(-colder E / k T) in a state, by quadrature about its axis."""
    axis = state * macrospin.axis
    one = macrospin.principal[1][:, 1]
    other = np.cross(axis, one)
    # Even in the logarithm of the distance from the axis: the sharp part is near it.
    angle = np.concatenate([[0.0], np.geomspace(1e-8, np.pi / 2, _QUADRATURE[0])])
    theta, width = (angle[1:] + angle[:-1]) / 2, np.diff(angle)
    phi = (np.arange(_QUADRATURE[1]) + 0.5) * 2 * np.pi / _QUADRATURE[1]
    across = np.cos(phi)[:, None] * one + np.sin(phi)[:, None] * other
    m = np.cos(theta)[:, None, None] * axis + np.sin(theta)[:, None, None] * across
    above = (macrospin.energy(m) - bottom) / macrospin.thermal_energy
    area = (np.sin(theta) * width)[:, None]
    both = [np.sum(area * np.exp(-(1 + share) * above)) for share in (colder, 0.0)]
    return float(np.log(both[0] / both[1]))


def _drawn(weights: Floats, generator: np.random.Generator) -> npt.NDArray[np.int64]:
    """Systematic resampling: each as often as its share of the weights, to within one."""
    places = (generator.random() + np.arange(len(weights))) / len(weights)
    return np.searchsorted(np.cumsum(weights / weights.sum()), places).clip(max=len(weights) - 1)
