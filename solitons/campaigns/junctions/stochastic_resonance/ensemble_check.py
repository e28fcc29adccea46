"""Thermal macrospins under the drive beside the rates that stand for them."""

from __future__ import annotations

import numpy as np
from scipy import stats

from solitons.campaigns.junctions.stochastic_resonance.conditions import ModelledJunction
from solitons.campaigns.junctions.stochastic_resonance.counting import Counted
from solitons.campaigns.junctions.stochastic_resonance.results import EnsemblePoint
from solitons.campaigns.junctions.stochastic_resonance.settings import EnsembleSettings
from solitons.junctions import Macrospin, PeriodicDrive, follow_macrospins, thermal_states

__all__ = ["checked_points", "ensemble_point", "ensemble_steps", "samples_in_a_period"]

_SAMPLES = 48


def checked_points(count: int, best: int, wanted: int) -> list[int]:
    """Points of the axis around the best, which have flips and a swing."""
    near = sorted(range(count), key=lambda each: (abs(each - best), each))
    return sorted(near[:wanted])


def samples_in_a_period(frequency: float, lasting: float) -> int:
    """In how many equal parts the drive's period is cut: where there is noise, in those for which it keeps a value."""
    return max(_SAMPLES, round(1 / (frequency * lasting))) if lasting > 0 else _SAMPLES


def ensemble_steps(macrospin: Macrospin, frequency: float, settings: EnsembleSettings) -> float:
    """Time steps of one point's ensemble."""
    return settings.trajectories * (settings.periods + 1) / frequency / macrospin.time_step()


def ensemble_point(
    junction: ModelledJunction, counted: Counted, drive: PeriodicDrive, settings: EnsembleSettings, seed: int
) -> EnsemblePoint:
    """Follow an ensemble at one point and compare the first harmonic of its mean state, after one period."""
    spin, noise = junction.at(counted.condition.temperature), counted.condition.noise
    samples = samples_in_a_period(drive.frequency, counted.condition.lasting)
    total = samples * (settings.periods + 1)
    interval = 1 / (samples * drive.frequency)
    current = drive.current((np.arange(total) + 0.5) * interval)[None]
    if noise:
        drawn = np.random.default_rng(seed).normal(size=(settings.trajectories, total))
        current = current + noise * drawn
    # The current that favours the upper state is positive, as of the condition's rates.
    sign = np.sign(float(spin.polariser_direction @ spin.axis))
    # They begin as divided between the states as they are long after: at low rates one period does not get them there.
    upper_first = round(settings.trajectories * float(counted.exact.probability[0]))
    parts = ((upper_first, 1), (settings.trajectories - upper_first, -1))
    run = follow_macrospins(
        spin,
        np.concatenate([thermal_states(spin, n, seed=seed + k, state=k) for n, k in parts if n]),
        total * interval,
        seed=seed,
        current_density=sign * current,
        samples=total,
    )
    upper = 2.0 * (run["m"].values[:, samples:] @ spin.axis > 0) - 1
    phase = 2 * np.pi * drive.frequency * run["t"].values[samples:]
    waves = np.stack([np.sin(phase), np.cos(phase)], axis=1) * 2 / phase.size
    each = upper @ waves
    expected = counted.exact.amplitude * np.array([np.cos(counted.exact.lag), -np.sin(counted.exact.lag)])
    mean, covariance = each.mean(axis=0), np.cov(each.T) / settings.trajectories
    off = mean - expected
    # Hotelling's test of two components.
    squared, members = float(off @ np.linalg.pinv(covariance) @ off), settings.trajectories
    p_value = float(stats.f.sf(squared * (members - 2) / (2 * (members - 1)), 2, members - 2))
    return EnsemblePoint(
        value=counted.condition.value,
        amplitude=float(np.hypot(*mean)),
        error=float(np.sqrt(np.trace(covariance) / 2)),
        exact=counted.exact.amplitude,
        p_value=p_value,
    )
