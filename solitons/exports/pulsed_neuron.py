r"""A soliton neuron under pulses as a leaky neuron whose input is filtered, and how like it that is.

Pulses of tenths of a nanosecond turn a wall's angle before they move it, so that its speed follows the current late. A
leaky neuron with a synaptic current does this (CubaLIF of NIR), with v over the threshold:

.. math:: \tau_{syn} \dot I = J - I, \qquad \tau \dot v = v_{leak} - v + r I

Four numbers are fitted to when the soliton first fires after a reset, under trains of equal pulses and under trains
with every second one. They are judged under pulses that come by chance, with amplitudes drawn by chance. A dead time
after a spike is no part of it: no pulses may come in it. A soliton in wells goes on by whole wells: what is added is
its pulses and not their charge, so that the number of pulses until it fires is stated beside the times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import differential_evolution

from solitons.devices.neuron import AbstractNeuron, exciting_sign
from solitons.devices.pulse_shape import trapezoid
from solitons.exports.leaky_neuron import LeakyNeuron
from solitons.exports.neuron_fit import STEP, SpikeComparison, soliton_spikes

__all__ = ["PulsedFit", "compare_pulsed", "first_spikes_under", "fit_pulsed_neuron"]

Floats = npt.NDArray[np.float64]

_AMPLITUDES = 11
_LONGEST = 128
"""Pulses for which a spike is waited for."""
_LAG_PAYS = 0.8
"""Share of the error without a filter that remains with it, above which it is left out."""
_STREAMS = 200


@dataclass(frozen=True, eq=False)
class PulsedFit:
    """A leaky neuron for pulses of a width and period (s), and when both first fire under the trains of the fit (s)."""

    neuron: LeakyNeuron
    width: float
    period: float
    soliton: Floats
    leaky: Floats

    @property
    def mean_error(self) -> float:
        """Mean size of the error of the first spike over its time; infinite where only one of the two fires."""
        fires = np.isfinite(self.soliton) | np.isfinite(self.leaky)
        soliton, leaky = self.soliton[fires], self.leaky[fires]
        return float(np.mean(np.abs(leaky / soliton - 1))) if np.isfinite([soliton, leaky]).all() else np.inf


def _trains(amplitude: Floats, width: float, period: float) -> Floats:
    """Current of rectangular pulses in A/m2, (streams, steps), by their amplitudes (streams, pulses)."""
    steps = round(period / STEP)
    level = trapezoid((np.arange(steps) + 0.5) * STEP, width, 0.0, STEP)
    return np.asarray((amplitude[:, :, np.newaxis] * level).reshape(len(amplitude), -1))


def _first(spikes: list[Floats]) -> Floats:
    return np.array([each[0] if each.size else np.inf for each in spikes])


def fit_pulsed_neuron(neuron: AbstractNeuron, drive: tuple[float, float], *, width: float, period: float) -> PulsedFit:
    """Find the leaky neuron without a stop that first fires most nearly when a soliton does, under pulses.

    Parameters
    ----------
    neuron : AbstractNeuron
        A single one, at 0 K.
    drive : (float, float)
        Weakest and strongest |J| of the pulses in A/m2.
    width, period : float
        Of the rectangular pulses, in s.

    Raises
    ------
    ValueError
        If the pulse is longer than the period, or the strongest one does not make it fire.
    """
    if not 0 < width <= period:
        raise ValueError(f"fit_pulsed_neuron: width = {width} s must be above 0 and at most period = {period} s")
    sign = exciting_sign(neuron, drive[1], width=width, rise=0.0, period=period)
    amplitude = np.repeat(np.linspace(*drive, _AMPLITUDES), 2)[:, np.newaxis]
    pulses = 8
    while True:
        # Every pulse, and every second one.
        present = np.ones((amplitude.size, pulses))
        present[1::2, 1::2] = 0.0
        current = _trains(amplitude * present, width, period)
        true = _first(soliton_spikes(neuron, sign * current, STEP))
        if np.isfinite(true).all() or pulses >= _LONGEST:
            break
        pulses *= 2
    fires = np.isfinite(true)
    if not fires.any():
        raise ValueError(
            f"fit_pulsed_neuron: {pulses} pulses of {drive[1]:.3g} A/m2 and {width:.3g} s do not make the neuron fire; "
            "give stronger ones, or less leak"
        )
    current = current[:, : int(np.ceil(true[fires].max() / STEP)) + round(period / STEP)]
    charge = float(
        np.median(np.cumsum(current[fires], axis=1)[np.arange(fires.sum()), (true[fires] / STEP).astype(int)])
    )
    span = abs(float(neuron.span[1]) - float(neuron.span[0]))

    def made(x: Floats) -> tuple[Floats, ...]:
        """Time constants in s, gain in thresholds for A s/m2, and leak in thresholds for a second, (candidates, 1)."""
        gain, leak, tau, tau_syn = np.atleast_2d(x.T).T[:, :, np.newaxis]
        return np.exp(tau) * period, np.exp(tau_syn) * period, np.exp(gain) / (charge * STEP), leak / period

    def cost(x: Floats, lags: bool) -> Floats:
        tau, tau_syn, gain, leak = made(x)
        found = _first_spikes(tau, tau_syn if lags else 0.0 * tau_syn, gain, leak, current, stopped=False)
        with np.errstate(invalid="ignore"):
            off = np.where(np.isfinite(found), found / np.where(fires, true, 1.0) - 1, 1.0)
        return np.sqrt(np.mean(np.where(fires, off, np.isfinite(found)) ** 2, axis=1))

    best = []
    for lags in (False, True):
        bounds = [(-0.7, 2.5), (0.0, 0.3), (0.0, 9.0), (-4.0, 1.5)]
        found = differential_evolution(
            cost, bounds, args=(lags,), vectorized=True, updating="deferred", popsize=12, maxiter=60, polish=False,
            tol=1e-6, rng=0,
        )  # fmt: skip
        best.append(found)
    late = int(best[1].fun < _LAG_PAYS * best[0].fun)
    tau, tau_syn, gain, leak = (float(each.squeeze()) for each in made(best[late].x))
    leaky = LeakyNeuron(
        tau, sign * gain * tau * span, -leak * tau * span, span, 0.0, float(getattr(neuron, "refractory", 0.0)), drive,
        False, tau_syn if late else 0.0,
    )  # fmt: skip
    return PulsedFit(leaky, width, period, true, first_spikes_under(leaky, sign * current))


def compare_pulsed(neuron: AbstractNeuron, fit: PulsedFit, seed: int) -> tuple[SpikeComparison, float]:
    """Compare first spikes under pulses that come by chance (one half), with amplitudes by chance.

    Given are the errors over the mean time, and the share of trains in which both fire in the same pulse.
    """
    generator = np.random.default_rng(seed)
    fired = fit.soliton[np.isfinite(fit.soliton)]
    pulses = int(np.ceil(3 * fired.max() / fit.period)) + 8
    drawn = generator.uniform(*fit.neuron.drive, (_STREAMS, pulses)) * (generator.random((_STREAMS, pulses)) < 0.5)
    current = np.sign(fit.neuron.r) * _trains(drawn, fit.width, fit.period)
    true, found = _first(soliton_spikes(neuron, current, STEP)), first_spikes_under(fit.neuron, current)
    fires = np.isfinite(true)
    mean = float(true[fires].mean())
    comparison = SpikeComparison(
        tuple((found[index : index + 1] - true[index]) / mean for index in np.flatnonzero(fires)),
        mean,
        float(true[fires].std() / mean),
        int(fires.sum()),
        int(np.isfinite(found).sum()),
    )
    told = fires & np.isfinite(found)
    same = np.floor(found[told] / fit.period) == np.floor(true[told] / fit.period)
    return comparison, float(same.sum() / fires.sum())


def first_spikes_under(neuron: LeakyNeuron, current: Floats) -> Floats:
    """When a leaky neuron at rest first fires in s, (streams,), under currents (streams, steps) in A/m2 of 10 ps each.

    Its synaptic current is 0 at first. A spike within a step is found by a straight line.
    """
    span = neuron.v_threshold - neuron.v_reset
    numbers = (
        neuron.tau,
        neuron.tau_syn,
        neuron.r / neuron.tau / span,
        (neuron.v_reset - neuron.v_leak) / neuron.tau / span,
    )
    tau, tau_syn, gain, leak = (np.array([[each]]) for each in numbers)
    return np.asarray(_first_spikes(tau, tau_syn, gain, leak, current, neuron.stopped)[0])


def _first_spikes(tau: Floats, tau_syn: Floats, gain: Floats, leak: Floats, current: Floats, stopped: bool) -> Floats:
    """The same in s for many neurons (candidates, 1), as (candidates, streams); potential over its threshold."""
    keeps = np.where(tau_syn > 0, np.exp(-STEP / np.where(tau_syn > 0, tau_syn, 1.0)), 0.0)
    # Of a current that follows at once the whole step has the new value.
    share = np.where(tau_syn > 0, 0.5, 0.0)
    shape = (len(tau), len(current))
    potential, filtered, found = np.zeros(shape), np.zeros(shape), np.full(shape, np.inf)
    for step, density in enumerate(current.T):
        after = density + (filtered - density) * keeps
        change = STEP * (gain * (share * filtered + (1 - share) * after) - leak - potential / tau)
        moved = potential + change
        fires = (moved >= 1) & np.isinf(found)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.where(fires, STEP * (step + (1 - potential) / change), found)
        potential, filtered = (np.maximum(moved, 0.0) if stopped else moved), after
    return found
