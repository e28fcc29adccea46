r"""Closed forms for a junction under a periodic drive: the weak sine, and the square wave of any size.

`solitons.junctions.drive_response` has the exact numbers of any two rates beside them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["adiabatic_resonance", "square_wave_locking"]


def adiabatic_resonance(rate: float, modulation: float, frequency: float) -> tuple[float, float]:
    r"""Response of two equal states to a weak sine, by the adiabatic theory of stochastic resonance.

    With rates :math:`r (1 \pm a \cos \omega t)` the mean state swings by

    .. math:: A = \frac{2 r a}{\sqrt{4 r^2 + \omega^2}}, \qquad
        \mathrm{SNR} = \frac{a^2 r}{4} \left(1 - \frac{A^2}{2}\right)^{-1} \text{Hz},

    the power A^2 / 2 of the line over the one-sided noise density per Hz at its frequency, from which the line has
    taken its share. It is the result of B. McNamara and K. Wiesenfeld, Phys. Rev. A 39, 4854 (1989), derived here anew
    (per radian instead of per Hz it is pi a^2 r / 2). It has no frequency in it but by the share, so that its peak over
    the temperature is no matching of times: with rates of Neel and Arrhenius a is (n Delta - 1) i, and the peak is
    where the barrier has come down to (2 n + 1) / n k T. The amplitude's is where
    :math:`2 r = \omega \sqrt{\Delta - 1 - 1/n}`, near to where twice the mean dwell is a period, r = omega / pi.

    Parameters
    ----------
    rate : float
        r, out of either state without the drive, in 1/s.
    modulation : float
        a, small beside 1.
    frequency : float
        Frequency of the drive in Hz.

    Returns
    -------
    amplitude, signal_to_noise : float
        A, and the ratio in Hz.

    Examples
    --------
    >>> amplitude, ratio = adiabatic_resonance(1e6, 0.1, 1e3)
    >>> round(amplitude, 3), round(ratio)
    (0.1, 2513)
    """
    amplitude = 2 * rate * modulation / np.hypot(2 * rate, 2 * np.pi * frequency)
    return float(amplitude), float(modulation**2 * rate / 4 / (1 - amplitude**2 / 2))


def square_wave_locking(
    towards: npt.ArrayLike, away: npt.ArrayLike, frequency: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    r"""How a two-state junction follows a square wave that favours its states in turn.

    With rates :math:`\phi_+` into the favoured state and :math:`\phi_-` out of it (1/s), for half a period T / 2 each,
    the state at the end of the half periods is a Markov chain that comes to rest at

    .. math:: P = \frac{p (1 - e) + e}{1 + e}, \qquad p = \frac{\phi_+}{\phi_+ + \phi_-}, \quad
              e = e^{-(\phi_+ + \phi_-) T / 2}, \qquad
              F = P \, \phi_+ \frac{e^{-\phi_- T / 2} - e^{-\phi_+ T / 2}}{\phi_+ - \phi_-},

    F being the share of half periods with one flip alone, into the favoured state. F has two borders: half a period is
    long enough to flip surely, :math:`\phi_+ T / 2 \gg 1`, and too short to flip back, :math:`\phi_- T / 2 \ll 1` (the
    conditions of A. Mizrahi et al., Sci. Rep. 6, 30535 (2016)). Arguments broadcast, the frequency is in Hz; P and F
    are returned.
    """
    high, low, half = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64) for each in (towards, away, 0.5 / np.asarray(frequency)))
    )
    left = np.exp(-(high + low) * half)
    following = (high / (high + low) * (1 - left) + left) / (1 + left)
    gap = np.abs(high - low) * half
    safe = np.where(gap > 1e-9, gap, 1.0)
    once = high * half * np.exp(-np.minimum(high, low) * half) * np.where(gap > 1e-9, -np.expm1(-safe) / safe, 1.0)
    return np.asarray(following), np.asarray(following * once)
