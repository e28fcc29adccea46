"""A soliton neuron as the leaky integrate-and-fire neuron that is most like it, and how like it that is.

The soliton is driven by steady currents, and tau, r and v_leak are fitted to its intervals between spikes. Then both
are driven by currents that change at random, which were not fitted: from each spike of the soliton the leaky neuron
goes on from its reset under the same current, and the time of its next spike is compared with the soliton's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import scipy

from analysis.statistics.means import student_reach
from solitons.devices.neuron import AbstractNeuron, exciting_sign
from solitons.exports.leaky_neuron import LeakyNeuron
from solitons.fits.trivial_model import root_mean_square

__all__ = ["NeuronFit", "SpikeComparison", "compare_spikes", "fit_neuron", "random_currents", "soliton_spikes"]

Floats = npt.NDArray[np.float64]

STEP = 10e-12
"""s of a soliton's steps, as `solitons.devices.trace` takes them."""
_CURRENTS = 16
"""Steady currents that are tried."""
_NO_LEAK = 1e-6
"""Share of the threshold below which a leak potential is 0 at its bound."""
_LONGEST = 400
"""Crossings at the strongest current for which a spike is waited for at the weakest."""


@dataclass(frozen=True, eq=False)
class NeuronFit:
    """A leaky neuron and the intervals that it was fitted to.

    `current` are steady current densities in A/m2, `interval` the soliton's intervals in s, infinite where it does not
    fire.
    """

    neuron: LeakyNeuron
    current: Floats
    interval: Floats

    @property
    def rms(self) -> float:
        """Root mean square of the relative error of the intervals at which both fire."""
        predicted = self.neuron.interval(self.current)
        both = np.isfinite(predicted) & np.isfinite(self.interval)
        return root_mean_square(predicted[both] / self.interval[both] - 1) if both.any() else np.inf


@dataclass(frozen=True, eq=False)
class SpikeComparison:
    """Spikes of a soliton and of a leaky neuron under the same currents.

    `errors` of each stream are predicted less true interval over the mean true interval (`mean_interval` in s),
    infinite where no spike was predicted. `trivial` is the root mean square error of the mean interval as a prediction,
    over the mean. `soliton` and `leaky` count the spikes when each runs freely.
    """

    errors: tuple[Floats, ...]
    mean_interval: float
    trivial: float
    soliton: int
    leaky: int

    @property
    def compared(self) -> int:
        """Intervals that were compared."""
        return sum(each.size for each in self.errors)

    @property
    def missed(self) -> int:
        """Spikes for which none was predicted."""
        return int(sum(np.isinf(each).sum() for each in self.errors))

    @property
    def bias(self) -> tuple[float, tuple[float, float]]:
        """Mean error over the mean interval, with its 95 % interval by Student's t over streams."""
        return _over_streams([float(each[np.isfinite(each)].mean()) for each in self._told])

    @property
    def rms(self) -> tuple[float, tuple[float, float]]:
        """Root mean square error over the mean interval, with its 95 % interval by Student's t over streams."""
        mean, (low, high) = _over_streams([float(np.mean(each[np.isfinite(each)] ** 2)) for each in self._told])
        return float(np.sqrt(mean)), (float(np.sqrt(max(low, 0.0))), float(np.sqrt(high)))

    @property
    def _told(self) -> list[Floats]:
        return [each for each in self.errors if np.isfinite(each).any()]


def _over_streams(values: list[float]) -> tuple[float, tuple[float, float]]:
    if not values:
        return np.inf, (0.0, np.inf)
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, (-np.inf, np.inf)
    reach = student_reach(values)
    return mean, (mean - reach, mean + reach)


def random_currents(
    drive: tuple[float, float], sign: int, streams: int, segments: int, generator: np.random.Generator
) -> Floats:
    """Current densities in A/m2 that are drawn evenly from a range, (streams, segments)."""
    return sign * generator.uniform(*drive, (streams, segments))


def soliton_spikes(neuron: AbstractNeuron, current: Floats, hold: float) -> list[Floats]:
    """Follow solitons from rest at 0 K, and record when they fire, by stream, in s.

    `current` (streams, segments) are densities in A/m2, each held for `hold` s, a multiple of 10 ps.
    """
    steps = round(hold / STEP)
    with jax.enable_x64(True):
        spikes = np.asarray(_followed(neuron, jnp.asarray(current.T), steps))
    # It fired within the step: its middle is off by 5 ps at most.
    return [STEP * (np.flatnonzero(each) + np.float64(0.5)) for each in spikes.T]


@eqx.filter_jit
def _followed(neuron: AbstractNeuron, current: Any, each: int) -> Any:
    rest = jax.tree.map(lambda part: jnp.broadcast_to(jnp.asarray(part), current.shape[1:]), neuron.rest())

    def segment(state: Any, density: Any) -> tuple[Any, Any]:
        def one(now: Any, _: Any) -> tuple[Any, Any]:
            after = neuron.step(now, density, STEP)
            return after, after.spike

        return jax.lax.scan(one, state, None, length=each)

    _, spikes = jax.lax.scan(segment, rest, current)
    return spikes.reshape(-1, current.shape[1])


def fit_neuron(neuron: AbstractNeuron, drive: tuple[float, float]) -> NeuronFit:
    """Find the leaky neuron whose intervals under steady currents are most like a soliton's.

    Parameters
    ----------
    neuron : AbstractNeuron
        A single one, at 0 K.
    drive : (float, float)
        Weakest and strongest |J| in A/m2.

    Returns
    -------
    NeuronFit

    Raises
    ------
    ValueError
        If the range is empty, current moves the soliton towards its threshold with neither sign, or it fires at fewer
        than three of the currents.

    Examples
    --------
    >>> from solitons.domain_walls import DomainWallNeuron, WallDynamics
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1, drift_per_current=-5.4e-11)
    >>> neuron = DomainWallNeuron(wall, start=80e-9, threshold=100e-9)
    >>> fit = fit_neuron(neuron, drive=(0.9e12, 1e12))
    >>> f"{fit.neuron.v_threshold * 1e9:.0f} nm", fit.rms < 0.05
    ('20 nm', True)
    """
    low, high = drive
    if not 0 < low < high < np.inf:
        raise ValueError(f"fit_neuron: drive = ({low:.3g}, {high:.3g}) A/m2 must rise from above 0")
    if not all(np.ndim(end) == 0 for end in neuron.span):
        raise ValueError("fit_neuron: it is a batch of neurons; give one")
    crossing = _crossing(neuron, high)
    sign = exciting_sign(neuron, high, width=crossing, rise=0.0, period=crossing)
    current = sign * np.linspace(low, high, _CURRENTS)
    refractory = float(getattr(neuron, "refractory", 0.0))
    longest = crossing + refractory
    interval = np.full(current.shape, np.inf)
    # Twice as long each time, for those that have not fired twice: the weakest decide how long that takes.
    for _ in range(int(np.log2(_LONGEST))):
        waiting = np.isinf(interval)
        spikes = soliton_spikes(neuron, current[waiting, None], STEP * np.ceil(2.2 * longest / STEP))
        interval[waiting] = [times[1] - times[0] if times.size > 1 else np.inf for times in spikes]
        if np.isfinite(interval).all():
            break
        longest *= 2
    fires = np.isfinite(interval)
    if fires.sum() < 3:
        raise ValueError(
            f"fit_neuron: of {current.size} steady currents from {low:.3g} to {high:.3g} A/m2, {int(fires.sum())} make "
            "the neuron fire twice; give stronger ones, or less leak"
        )
    span = abs(float(neuron.span[1]) - float(neuron.span[0]))
    fitted = _fitted(np.abs(current), interval - refractory, span)
    tau, r, leak = fitted
    leak = leak if abs(leak) > _NO_LEAK * span else 0.0
    return NeuronFit(LeakyNeuron(tau, sign * r, leak, span, 0.0, refractory, (low, high)), current, interval)


def _crossing(neuron: AbstractNeuron, current: float) -> float:
    """About how long the strongest current takes to the threshold, in s, with either sign."""
    for doubled in range(12):
        hold = STEP * 50 * 2**doubled
        for times in soliton_spikes(neuron, np.array([[current], [-current]]), hold):
            if times.size:
                return max(float(times[0]), 10 * STEP)
    raise ValueError(
        f"fit_neuron: {current:.3g} A/m2 does not make the neuron fire within {hold:.3g} s with either sign; give a "
        "stronger drive, or less leak"
    )


def _fitted(current: Floats, interval: Floats, span: float) -> tuple[float, float, float]:
    """Least squares of the logarithm of intervals; currents that do not fire must stay below the threshold."""
    fires = np.isfinite(interval)
    # As an integrator with a constant leak: span / T = a J - b.
    slope, offset = np.polyfit(current[fires], span / interval[fires], 1)
    shortest, longest = interval[fires].min(), interval[fires].max()

    def parameters(x: Floats) -> tuple[float, float, float]:
        tau = float(np.exp(x[0]))
        # Speed at the start for a current, and the speed of the leak there.
        return tau, float(np.exp(x[1])) * tau, float(x[2]) * abs(slope) * current.max() * tau

    def residual(x: Floats) -> Floats:
        tau, r, leak = parameters(x)
        end = leak + r * current
        with np.errstate(divide="ignore", invalid="ignore"):
            predicted = tau * np.log(end / (end - span))
        off = np.where(end[fires] > span, np.log(np.maximum(predicted[fires], 1e-30) / interval[fires]), 3.0)
        # Beyond the longest wait nothing is known but that it is longer.
        silent = np.maximum(end[~fires] / span - 1, 0.0)
        return np.concatenate([np.nan_to_num(off, nan=3.0, posinf=3.0, neginf=-3.0), silent])

    best = None
    for times in (1000.0, 10.0, 2.0, 0.5):
        start = np.array(
            [np.log(times * longest), np.log(max(abs(slope), 1e-30)), offset / (abs(slope) * current.max())]
        )
        # Without a current it is at its start, and does not creep towards the threshold: v_leak is not above 0.
        limits = ([np.log(0.02 * shortest), -np.inf, -20.0], [np.log(1e4 * longest), np.inf, 0.0])
        start[2] = np.clip(start[2], -19, -1e-9)
        found = scipy.optimize.least_squares(residual, start, bounds=limits, x_scale=[1.0, 0.1, 0.1])
        if best is None or found.cost < best.cost * (1 - 1e-6):
            best = found
    assert best is not None
    return parameters(best.x)


def compare_spikes(soliton: AbstractNeuron, leaky: LeakyNeuron, current: Floats, hold: float) -> SpikeComparison:
    """Compare a soliton's spikes at 0 K with a leaky neuron's under the same currents.

    `current` (streams, segments) are densities in A/m2, each held for `hold` s, a multiple of 10 ps. The soliton has to
    fire twice in some stream.
    """
    true = soliton_spikes(soliton, current, hold)
    start = np.concatenate([each[:-1] for each in true])
    if not start.size:
        raise ValueError("compare_spikes: the soliton does not fire twice; give stronger or longer currents")
    interval = np.concatenate([np.diff(each) for each in true])
    stream = np.repeat(np.arange(len(true)), [max(each.size - 1, 0) for each in true])
    predicted = leaky.first_spikes(start, stream, current, hold) - start
    mean = float(interval.mean())
    errors = (predicted - interval) / mean
    return SpikeComparison(
        tuple(errors[stream == number] for number in range(len(true)) if np.any(stream == number)),
        mean,
        float(interval.std() / mean),
        sum(each.size for each in true),
        sum(each.size for each in leaky.spikes(current, hold)),
    )
