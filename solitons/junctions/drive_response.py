r"""The statistics of a two-state junction under a periodic drive, exactly: no simulation and no small amplitude.

The probability p of the upper state follows :math:`\dot p = \Gamma_+(t) (1 - p) - \Gamma_-(t) p`, which a period
takes back to itself. For the state x = 1 or -1, the mean over many records is periodic, and what is left decays as

.. math:: C(\tau) = \left\langle (1 - \bar x(t)^2)\, e^{-\int_t^{t + \tau} \Gamma} \right\rangle_t, \qquad
   \Gamma = \Gamma_+ + \Gamma_-,

so that the spectrum is a line at each harmonic above a noise without lines (the decomposition of R. Löfstedt and
S. N. Coppersmith, Phys. Rev. E 49, 4821 (1994)). A period is cut into steps in which rates are constant, and every
integral over a step is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solitons.junctions.driven_rates import PeriodicDrive, TwoStates

__all__ = ["DriveResponse", "drive_response", "rates_in_a_period"]

Floats = npt.NDArray[np.float64]

STEPS = 1024
"""Steps of a period, a multiple of 4."""
_LEAST_NOISE = 1e-200
_RARE = 1e-9
"""Flips in a period below which a period's memory is lost in rounding."""


@dataclass(frozen=True, eq=False)
class DriveResponse:
    """How a two-state junction answers to a periodic drive.

    `probability` (steps + 1,) of the upper state is over a period, from the drive's rise through 0. `amplitude` is the
    first harmonic of the mean state, 1 at most for a sine and 4 / pi for a square wave, and `lag` its phase behind the
    drive in rad. `noise_density` is the one-sided power density of the noise at the drive's frequency in 1/Hz, and
    `signal_to_noise` the power of the line, amplitude^2 / 2, over it, in Hz.

    `following` is the probability of the favoured state at the end of a half period, `fraction_locked` the share of the
    half periods with one flip alone, into the favoured state, and `mean_frequency` counts flips into the upper state in
    1/s. `residence_share` is the share of the dwells between a quarter and three quarters of a period: the first peak
    of the distribution of residence times, at half a period.
    """

    probability: Floats
    amplitude: float
    lag: float
    noise_density: float
    signal_to_noise: float
    following: float
    fraction_locked: float
    mean_frequency: float
    residence_share: float


def rates_in_a_period(rates: TwoStates, drive: PeriodicDrive, steps: int = STEPS) -> tuple[Floats, Floats]:
    """Rates up and down in 1/s in the middle of each of the steps of a period, (steps,)."""
    if steps < 4 or steps % 4:
        raise ValueError(f"steps = {steps} must be a multiple of 4: half and quarter periods end with a step")
    middles = (np.arange(steps) + 0.5) / (steps * drive.frequency)
    # A square wave has two currents only.
    current, which = np.unique(drive.current(middles), return_inverse=True)
    up, down = (np.asarray(each, dtype=np.float64)[which] for each in rates.rates(current))
    return up, down


def drive_response(rates: TwoStates, drive: PeriodicDrive, *, steps: int = STEPS) -> DriveResponse:
    """Give the exact response of a two-state junction to a periodic drive, long after its start.

    Parameters
    ----------
    rates : object with rates
        `SwitchingRates`, `NoisyRates`, or what `fokker_planck_rates` gives.
    drive : PeriodicDrive
        Drive of the junction.
    steps : int
        Steps of constant rates in a period, a multiple of 4; a square wave is exact with any.

    Returns
    -------
    DriveResponse

    Examples
    --------
    >>> from solitons.junctions import SwitchingRates
    >>> junction = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)
    >>> found = drive_response(junction, PeriodicDrive(1e9, 1e5, "square"))
    >>> round(found.following, 3)
    0.9
    """
    up, down = rates_in_a_period(rates, drive, steps)
    h = 1 / (steps * drive.frequency)
    total = up + down
    # What is near 1 of the memory must not be rounded to it: a high barrier changes little in a step.
    target, forgotten = up / total, -np.expm1(-total * h)
    # p after a period is its start times what has not decayed, and what it is from 0 on.
    start = _followed(0.0, target, forgotten)[-1] / -np.expm1(-h * total.sum())
    p = _followed(float(start), target, forgotten)
    filled = forgotten / (total * h)
    inside = target + (p[:-1] - target) * filled
    mean = 2 * inside - 1
    phase = 2 * np.pi * (np.arange(steps) + 0.5) / steps
    # Each step's mean stands for all of it.
    line = complex(2 * np.mean(mean * np.exp(-1j * phase)) * np.sinc(1 / steps))
    flux_up, flux_down = up * (1 - inside), down * inside
    if h * total.sum() < _RARE:
        # The state hardly follows: its wave is below the digits of the state itself, but not of the flux into it.
        into = flux_up - flux_down
        line = complex(2 * np.mean(into * np.exp(-1j * phase)) * np.sinc(1 / steps) / (1j * np.pi * drive.frequency))
        # Flips that are so rare have nothing to do with each other: steps of 2 at random moments.
        noise = 8 * float(flux_up.mean() + flux_down.mean()) / (2 * np.pi * drive.frequency) ** 2
    else:
        noise = _noise_density(2 * p - 1, total, h, drive.frequency)
    # One that follows surely leaves no noise that a double holds.
    noise = max(noise, _LEAST_NOISE)
    return DriveResponse(
        probability=p,
        amplitude=float(np.abs(line)),
        # A sine is -i times the exponential.
        lag=float(-np.angle(1j * line)),
        noise_density=noise,
        signal_to_noise=float(np.abs(line) ** 2 / 2 / noise),
        following=float((p[steps // 2] + 1 - p[steps]) / 2),
        fraction_locked=(
            (1 - p[0]) * _one_flip(up[: steps // 2], down[: steps // 2], h)
            + p[steps // 2] * _one_flip(down[steps // 2 :], up[steps // 2 :], h)
        )
        / 2,
        mean_frequency=float(flux_up.mean()),
        residence_share=_residence_share(flux_up, down, flux_down, up, h),
    )


def _followed(start: float, target: Floats, forgotten: Floats) -> Floats:
    p = np.empty(len(target) + 1)
    p[0] = start
    for k, (aim, share) in enumerate(zip(target, forgotten, strict=True)):
        p[k + 1] = p[k] + (aim - p[k]) * share
    return p


def _noise_density(mean: Floats, total: Floats, h: float, frequency: float) -> float:
    """4 Re of the average of (1 - x^2) G, with G(t) what is left of the state's memory, over all later times."""
    rate = total + 2j * np.pi * frequency
    decay, own = np.exp(-rate * h), -np.expm1(-rate * h) / rate
    steps = len(total)
    # G before a step is that step's own part and what follows, and after a period G is as before.
    later = 0j
    for k in range(steps - 1, -1, -1):
        later = own[k] + decay[k] * later
    after = later / -np.expm1(-h * rate.sum())
    memory = np.empty(steps + 1, dtype=complex)
    memory[steps] = after
    for k in range(steps - 1, -1, -1):
        memory[k] = own[k] + decay[k] * memory[k + 1]
    values = (1 - mean**2) * memory
    # Simpson's rule would need the middles; edges alone are right to the second order.
    return float(4 * np.mean((values[:-1] + values[1:]) / 2).real)


def _one_flip(leaving: Floats, back: Floats, h: float) -> float:
    """Probability of one flip alone in a half period that begins in the state that is left."""
    before = np.concatenate([[0.0], np.cumsum(leaving)[:-1]]) * h
    after = np.concatenate([np.cumsum(back[::-1])[::-1][1:], [0.0]]) * h
    # The integral of exp(-leaving s) leaving exp(-back (h - s)) over a step.
    gap = np.abs(leaving - back) * h
    safe = np.where(gap > 1e-12, gap, 1.0)
    within = leaving * h * np.exp(-np.minimum(leaving, back) * h)
    within = within * np.where(gap > 1e-12, -np.expm1(-safe) / safe, 1.0)
    return float(np.sum(np.exp(-before - after) * within))


def _residence_share(flux_up: Floats, down: Floats, flux_down: Floats, up: Floats, h: float) -> float:
    steps, share, flips = len(up), 0.0, 0.0
    for flux, leaving in ((flux_up, down), (flux_down, up)):
        passed = np.concatenate([[0.0], np.cumsum(np.tile(leaving, 2))]) * h
        # A dwell begins in the middle of its step.
        begun = (passed[:steps] + passed[1 : steps + 1]) / 2
        survived = [
            np.exp(begun - (passed[k : steps + k] + passed[k + 1 : steps + k + 1]) / 2)
            for k in (steps // 4, 3 * steps // 4)
        ]
        share += float(np.sum(flux * (survived[0] - survived[1])))
        flips += float(flux.sum())
    return share / flips
