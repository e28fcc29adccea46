r"""The line of an oscillator in its spectrum: where, how wide, and of which shape.

The periodogram of a noisy oscillation is its spectral density S times a random number of exponential distribution,
another one at each frequency, so that the likelihood of S is Whittle's,

.. math:: \log L = -\sum_k \left[ \log S(f_k) + I_k / S(f_k) \right].

S is a line on an even background. Where the frequency follows white noise the line is Lorentz's; where it changes more
slowly than the line is wide, as when heat moves the amplitude of an oscillator whose frequency depends on it much, it
is the distribution of the frequencies: Gauss's, with a width that goes as the square root of the temperature
(arXiv:0806.4116). Fitted is the weighed sum of both with one full width at half of the height (the pseudo-Voigt line),
since a few per cent of Lorentz's wings make a Gauss line alone look twice as wide in this likelihood. A line between
the two shapes has wings of neither: its background is taken from all around, and its width from its core.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy
import xarray as xr

from analysis.oscillators.signals import strongest_frequency
from analysis.traces import sampling_interval

__all__ = ["SpectralLine", "spectral_line"]

Floats = npt.NDArray[np.float64]

_WIDTHS = 12.0
"""Half the range of frequencies that is fitted, over the width."""
_CORE = 1.0
"""The same of a line that is not Lorentz's: what its far wings are would decide on its width."""
_FEWEST = 12
"""Frequencies of the record at either side of the line."""
_RESOLVED = 3.0
"""Width over the distance of the record's frequencies below which a line is as narrow as the record allows."""
_TOLD_APART = 2.0
"""What Gauss's part must add to the logarithm of the likelihood to be believed, and Lorentz's too."""
_INTERVAL = 1.92
"""Loss of the same at the ends of an interval of 95 %."""
_PIECES = 10
_WIDTH, _BACKGROUND, _SHARE = 1, 3, 4
"""Places of a line's parameters."""


class SpectralLine(NamedTuple):
    """The line of an oscillation: the frequency of its middle, its full width at half of the height, and its shape.

    `lower` and `upper` are the width's interval of 95 %, in Hz. Of a line that is narrower than the record resolves,
    `width` and `lower` are NaN, and `upper` is what the record resolves. The shape is "Lorentz" or "Gauss", whichever
    has the larger part of the height, or "either" where the record does not tell.
    """

    frequency: float
    width: float
    lower: float
    upper: float
    shape: str


def spectral_line(trace: xr.DataArray) -> SpectralLine:
    """Fit the line of an oscillation.

    Parameters
    ----------
    trace : xarray.DataArray
        Real or complex, over t in s, evenly sampled; of an ensemble the members are records of one oscillator.

    Returns
    -------
    SpectralLine
        Middle, width and shape.

    Raises
    ------
    TypeError, ValueError
        If `trace` is no trace or does not change, or is too short to have a line.

    References
    ----------
    P. Whittle, Ark. Mat. 2, 423 (1953).

    Examples
    --------
    >>> from analysis import artificial
    >>> heard = artificial.noisy_oscillation(3e9, 20e6, 2e-6, 2e-11, seed=1)
    >>> found = spectral_line(heard)
    >>> found.shape, bool(found.lower < 20e6 < found.upper)
    ('Lorentz', True)
    """
    interval = sampling_interval(trace)
    values = trace.transpose(..., "t").values.reshape(-1, trace.sizes["t"])
    middle = strongest_frequency(trace)
    count = values.shape[-1]
    resolution = 1 / (count * interval)
    if abs(middle) < _FEWEST * resolution:
        raise ValueError(
            f"trace has its largest peak at {abs(middle):.3g} Hz, {abs(middle) / resolution:.2g} periods in all: "
            "that is no line; give a longer record of an oscillation"
        )
    frequency, power = _periodogram(values, interval)
    width = _half_width(frequency, power.mean(axis=0), middle, resolution)
    for _ in range(2):  # the range follows the width
        line = _near(frequency, power, middle, width, resolution)
        starts = ((0.0, 0.0, -1.0, -6.0, share) for share in (-1.0, 1.0))
        least, found = min((line.least(start) for start in starts), key=lambda pair: pair[0])
        middle, width = middle + width * float(found[0]), width * math.exp(found[1])
    if width < _RESOLVED * resolution:
        return SpectralLine(middle, math.nan, math.nan, _RESOLVED * resolution, "either")
    other = line.least(found, {_SHARE: -_PURE if found[_SHARE] > 0 else _PURE})[0] - least
    shape = "either" if other < _TOLD_APART else "Gauss" if found[_SHARE] > 0 else "Lorentz"
    held = found[_BACKGROUND] + math.log(line.largest) if shape != "Lorentz" else None
    for _ in range(3 if shape != "Lorentz" else 0):
        line = _near(frequency, power, middle, width, resolution, held)
        least, found = line.least((0.0, 0.0, -1.0, 0.0, found[_SHARE]))
        middle, width = middle + width * float(found[0]), width * math.exp(found[1])
    best, level = found[_WIDTH], least + _INTERVAL
    ends = [_end(lambda x: line.least(found, {_WIDTH: x})[0], best, sign, level) - best for sign in (-1, 1)]
    spread = _spread_of_pieces(values, interval, middle, width, found, held) if shape != "Lorentz" else 0.0
    lower, upper = (width * math.exp(sign * max(sign * end, spread)) for sign, end in zip((-1, 1), ends, strict=True))
    return SpectralLine(middle, width, lower, upper, shape)


def _periodogram(values: npt.NDArray[Any], interval: float) -> tuple[Floats, Floats]:
    """Frequencies in Hz, rising, above 0 of real records; and the periodogram of each record."""
    count = values.shape[-1]
    frequency = np.fft.fftfreq(count, interval)
    power = np.abs(np.fft.fft(values - values.mean(axis=-1, keepdims=True), axis=-1)) ** 2 * (interval / count)
    order = np.argsort(frequency)
    if not np.iscomplexobj(values):
        order = order[frequency[order] > 0]
    return frequency[order], power[:, order]


def _near(
    frequency: Floats, power: Floats, middle: float, width: float, resolution: float, background: float | None = None
) -> _Problem:
    """The periodogram near a line: all around it, or where the background's logarithm is known, its core."""
    reach = _WIDTHS if background is None else _CORE
    inside = np.abs(frequency - middle) <= max(reach * width, _FEWEST * resolution)
    return _Problem(frequency[inside], power[:, inside].sum(axis=0), len(power), middle, width, background)


def _spread_of_pieces(
    values: npt.NDArray[Any], interval: float, middle: float, width: float, found: Floats, background: float | None
) -> float:
    """Half the interval of 95 % of the width's logarithm, from leaving out each tenth of the records (jackknife).

    The frequencies of a line that wanders are no independent witnesses, as Whittle's likelihood takes them to be.
    Infinite where a tenth is too short to resolve the line.
    """
    pieces = max(1, math.ceil(_PIECES / len(values)))
    count = values.shape[-1] // pieces
    resolution = 1 / (count * interval)
    if width < _RESOLVED * resolution:
        return math.inf
    cut = values[:, : pieces * count].reshape(len(values) * pieces, count)
    frequency, power = _periodogram(cut, interval)
    groups = np.array_split(np.arange(len(power)), _PIECES)
    kept = (np.delete(power, group, axis=0) for group in groups)
    lines = (_near(frequency, each, middle, width, resolution, background) for each in kept)
    widths = [line.least((0.0, 0.0, *found[2:]))[1][_WIDTH] for line in lines]
    deviation = math.sqrt((_PIECES - 1) * float(np.var(widths)))
    return deviation * float(scipy.stats.t.ppf(0.975, _PIECES - 1))


def _half_width(frequency: Floats, power: Floats, middle: float, resolution: float) -> float:
    """A first width in Hz: that of the narrowest range around the middle that holds half of the power near it."""
    distance = np.abs(frequency - middle)
    near = distance < abs(middle) / 3
    order = np.argsort(distance[near])
    grown = np.cumsum(power[near][order])
    # Half of a Lorentz line is within its half width.
    half = distance[near][order][np.searchsorted(grown, grown[-1] / 2)]
    return float(max(2 * half, resolution))


_PURE = 8.0
"""Logarithm of one line's height over the other's at which the other no longer counts."""


class _Problem(NamedTuple):
    """The periodogram near a line: frequencies, power summed over the records, their number, and a first guess.

    Parameters of the line are its middle less the guessed one over the guessed width, the logarithms of its width over
    that, of its height over the largest power and of the background over that, and of Gauss's height over Lorentz's.
    """

    at: Floats
    summed: Floats
    records: int
    middle: float
    width: float
    background: float | None = None

    @property
    def largest(self) -> float:
        """The largest power of a record's mean."""
        return float(self.summed.max()) / self.records

    def least(self, start: npt.ArrayLike, held: Mapping[int, float] | None = None) -> tuple[float, Floats]:
        """Least negative logarithm of the likelihood and the parameters there; some are `held`."""
        first = np.array(start, dtype=np.float64)
        bounds = [(-3.0, 3.0), (-4.0, 4.0), (-12.0, 4.0), (-25.0, 1.0), (-_PURE, _PURE)]
        fixed = dict(held or {})
        if self.background is not None:
            fixed[_BACKGROUND] = min(max(self.background - math.log(self.largest), -25.0), 1.0)
        for place, value in fixed.items():
            first[place], bounds[place] = value, (value, value)
        scaled = self.summed / self.largest

        def cost(parameters: Floats) -> float:
            middle, width, height, background, share = parameters
            away = ((self.at - self.middle) / self.width - middle) / math.exp(width)
            part = 1 / (1 + math.exp(-share))
            line = (1 - part) / (1 + 4 * away**2) + part * np.exp(-4 * math.log(2) * away**2)
            density = math.exp(height) * line + math.exp(background)
            return float(np.sum(self.records * np.log(density) + scaled / density))

        found = scipy.optimize.minimize(cost, first, method="L-BFGS-B", bounds=bounds)
        return float(found.fun), np.asarray(found.x)


def _end(profile: Callable[[float], float], best: float, sign: int, level: float) -> float:
    """Where the profile reaches a level, beside the logarithm of the best width."""
    far = 0.05
    while profile(best + sign * far) < level and far < 5:
        far *= 2
    if far >= 5:
        return best + sign * far
    return float(scipy.optimize.brentq(lambda x: profile(x) - level, best, best + sign * far, xtol=1e-2))
