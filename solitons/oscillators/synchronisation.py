r"""Coupled oscillators under several injected signals: who follows which, and how frequencies learn a pattern.

Each oscillator i has a phase and is pulled by the signals s and, through a common current, by all the others:

.. math:: \dot\theta_i = \omega_i + \Delta_i \sum_s \sin(\omega_s t - \theta_i) + \Delta_c \sum_j \sin(\theta_j -
    \theta_i) + \sqrt{2 \pi \Delta f}\, \eta_i(t)

(R. Adler, Proc. IRE 34, 351 (1946), for one signal; Y. Kuramoto for the coupling). :math:`\Delta_i / 2 \pi` is the half
width of the range in which a signal alone holds the oscillator, for a fitted one `injection.weak_half_width`, and
:math:`\Delta_c / 2 \pi` the same for another oscillator that nothing moves. Noise gives a free oscillator the full
width :math:`\Delta f`.

**Synchronised** to a signal is an oscillator whose mean frequency over a record of the length T is within 1 / T of it,
one slip of the phase in the record: no shorter difference is seen in it. The *pattern* is which oscillator follows
which signal (M. Romera et al., Nature 563, 230 (2018)).
"""

from __future__ import annotations

import math
from typing import Annotated, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries.description import Description
from geometries.quantities import Duration
from solitons.numerics.threads import in_chunks

__all__ = ["Record", "SignalledOscillators", "mean_frequencies", "steps_of", "synchronised", "tuned_towards"]

Floats = npt.NDArray[np.float64]
Patterns = npt.NDArray[np.int8]

_TURN = 0.3
"""Radians in a step: none of 150 patterns differed from those with a thirtieth of it."""


class Record(Description):
    """How long oscillators are followed.

    Parameters
    ----------
    waiting, length : float or str
        In s: until the start is forgotten, and then to take the mean frequency. Frequencies closer than 1 / length are
        equal.
    """

    waiting: Annotated[Duration, Field(gt=0)] = 1e-6
    length: Annotated[Duration, Field(gt=0)] = 2.4e-6

    @property
    def resolution(self) -> float:
        """Difference of frequencies in Hz that is one turn in the record."""
        return 1 / self.length


class SignalledOscillators(NamedTuple):
    """Oscillators that signals and each other pull, all in Hz.

    Parameters
    ----------
    frequencies, half_widths : array (oscillators,)
        Of the free oscillators, and the range on each side in which one signal alone holds each.
    coupling, linewidth : float
        The half width for another oscillator, and the full width of a free one's line by heat.
    """

    frequencies: Floats
    half_widths: Floats
    coupling: float = 0.0
    linewidth: float = 0.0


def mean_frequencies(
    oscillators: SignalledOscillators,
    signals: npt.ArrayLike,
    record: Record,
    *,
    seed: int = 0,
    numbers: npt.ArrayLike | None = None,
    threads: int | None = None,
) -> Floats:
    """Mean frequencies in Hz over a record, for a batch of signals.

    Parameters
    ----------
    oscillators : SignalledOscillators
        The same for all.
    signals : array_like, (batch, signals)
        Their frequencies in Hz.
    record : Record
        How long.
    seed : int
        Of the phases at the start and of the noise.
    numbers : array_like of int, (batch,)
        Number of each row's noise: equal numbers have equal noise. Counted if left out.
    threads : int, optional
        As many as there are cores if left out.

    Returns
    -------
    array, (batch, oscillators)

    Raises
    ------
    ValueError
        If a number is not finite, a width is below 0, or there is not one half width for each oscillator.

    Examples
    --------
    Adler: held within the half width, and beyond it slipping at the beat sqrt(6^2 - 5^2) MHz.

    >>> one = SignalledOscillators([300e6], [5e6])
    >>> found = mean_frequencies(one, [[304e6], [306e6]], Record(waiting="1 us", length="20 us"))
    >>> (found[:, 0] * 1e-6).round(1).tolist()
    [304.0, 302.7]
    """
    given, own, widths = (np.asarray(each, float) for each in (signals, *oscillators[:2]))
    others = np.array([*widths, oscillators.coupling, oscillators.linewidth])
    if own.shape != widths.shape or not all(np.isfinite(each).all() for each in (own, others, given)):
        raise ValueError(f"mean_frequencies: {oscillators} and signals must be finite Hz, and each have one half width")
    if others.min() < 0:
        raise ValueError(f"mean_frequencies: half widths, coupling and linewidth of {oscillators} must be 0 or above")
    from solitons.oscillators.compiled.synchronised import advance

    # In the frame of the mean frequency: couplings know differences of phases alone.
    frame = float(own.mean())
    step, waiting, steps = steps_of(oscillators, given, record)
    agitation = math.sqrt(2 * math.pi * oscillators.linewidth * step)
    rows = np.arange(len(given)) if numbers is None else np.asarray(numbers)
    turned = np.empty((len(given), own.size))
    arguments = (
        2 * np.pi * (own - frame), 2 * np.pi * widths, 2 * np.pi * oscillators.coupling,
        2 * np.pi * (given - frame), agitation, step, waiting, steps, rows.astype(np.uint64), np.uint64(seed), turned,
    )  # fmt: skip
    in_chunks(advance, len(given), arguments, threads)
    return frame + turned / (2 * np.pi * steps * step)


def steps_of(oscillators: SignalledOscillators, signals: Floats, record: Record) -> tuple[float, int, int]:
    """Step in s in which no phase turns far, and how many there are before and in a record."""
    own = np.asarray(oscillators.frequencies)
    away = max(float(np.ptp(own)), float(np.abs(signals - own.mean()).max(initial=0.0)))
    pulled = signals.shape[1] * max(oscillators.half_widths) + (own.size - 1) * oscillators.coupling
    longest = _TURN / (2 * math.pi * (away + pulled)) if away + pulled > 0 else record.length / 10
    steps = math.ceil(record.length / longest)
    step = record.length / steps
    return step, math.ceil(record.waiting / step), steps


def synchronised(frequencies: npt.ArrayLike, signals: npt.ArrayLike, tolerance: float) -> Patterns:
    """The number of the signal, from 1, that each oscillator follows, or 0: the nearest within the tolerance.

    Mean frequencies are (batch, oscillators), signals (batch, signals), all in Hz.

    Examples
    --------
    >>> synchronised([[1.0, 2.4, 3.0]], [[1.01, 3.0]], 0.1).tolist()
    [[1, 0, 2]]
    """
    away = np.abs(np.asarray(frequencies, float)[:, :, None] - np.asarray(signals, float)[:, None, :])
    return np.where(away.min(axis=-1) <= tolerance, away.argmin(axis=-1) + 1, 0).astype(np.int8)


def tuned_towards(
    frequencies: npt.ArrayLike,
    signals: npt.ArrayLike,
    found: npt.ArrayLike,
    wanted: npt.ArrayLike,
    step: float,
) -> Floats:
    """Tune oscillators after one presentation: towards the signal that one should follow, away from one it should not.

    An oscillator that should follow a signal and does not moves towards it, by a step or, if it is nearer, onto it; one
    that should follow none and follows one moves a step away from it. The others stay. Frequencies, signals and step
    are in Hz; `found` and `wanted` are the numbers of the signals that each oscillator follows, as in `synchronised`.

    Examples
    --------
    >>> tuned_towards([10.0, 20.0, 30.0], [14.0, 29.5], [0, 0, 2], [1, 0, 0], 1.0).tolist()
    [11.0, 20.0, 31.0]
    """
    own, injected = np.array(frequencies, float), np.asarray(signals, float)
    seen, goal = np.asarray(found), np.asarray(wanted)
    to_goal = injected[np.maximum(goal, 1) - 1] - own
    from_seen = own - injected[np.maximum(seen, 1) - 1]
    towards = np.clip(to_goal, -step, step)
    away = step * np.where(from_seen < 0, -1.0, 1.0)
    return np.where(seen == goal, own, np.where(goal > 0, own + towards, own + away))
