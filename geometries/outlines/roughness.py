"""Edge roughness: the random outline that lithography leaves, from a seed."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries.description import Description, PositiveLength

__all__ = ["EdgeRoughness"]


class EdgeRoughness(Description):
    """Gaussian-correlated roughness of the two edges of a stripe.

    Each edge is displaced by a stationary Gaussian process d(x) of mean 0 with

        <d(x) d(x + s)> = rms^2 exp(-(s / correlation_length)^2),

    independent of the other edge. It is a sum of random Fourier modes,

        d(x) = sum_n sqrt(S_n) (a_n cos k_n x + b_n sin k_n x),   sum_n S_n = rms^2,

    with a_n, b_n standard normal, k_n = 2 pi n / P, S_n proportional to
    exp(-(k_n correlation_length)^2 / 4), and a period P so much longer than the
    stripe that its ends do not feel each other. The modes depend on the seed and
    the stripe's length alone: a finer cell samples the same edge.

    Parameters
    ----------
    rms : float
        Root mean square displacement of an edge over an ensemble of seeds, in m.
    correlation_length : float
        Distance at which the correlation has fallen to 1/e, in m.
    seed : int
        Seed of the random numbers; part of the device, so that it is one sample
        and not an ensemble.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0, `seed` is negative or not an integer, or a key
        is unknown.

    References
    ----------
    The line-edge roughness model with roughness exponent 1 of V. Constantoudis
    et al., J. Vac. Sci. Technol. B 22, 1974 (2004).

    Examples
    --------
    >>> import numpy as np
    >>> roughness = EdgeRoughness(rms="2 nm", correlation_length="20 nm", seed=1)
    >>> roughness.displacements(np.linspace(0, 500e-9, 251), 500e-9).shape
    (2, 251)
    """

    rms: PositiveLength
    correlation_length: PositiveLength
    seed: int = Field(ge=0)

    def _period(self, length: float) -> float:
        # At 6 correlation lengths the correlation with the periodic image is below 1e-15.
        return length + 6 * self.correlation_length

    def modes(self, length: float) -> int:
        """Give the number of Fourier modes of an edge of a length in m."""
        # At k = 10 / correlation_length the spectrum is below 1e-10 of its maximum.
        return math.ceil(10 * self._period(length) / (2 * np.pi * self.correlation_length))

    def displacements(self, x: npt.NDArray[np.float64], length: float) -> npt.NDArray[np.float64]:
        """Sample the displacement of both edges.

        Parameters
        ----------
        x : numpy.ndarray, shape (n,)
            Positions along the stripe, in m, between 0 and `length`.
        length : float
            Length of the stripe, in m.

        Returns
        -------
        numpy.ndarray, shape (2, n)
            Displacement of the bottom and the top edge, in m.
        """
        period = self._period(length)
        highest = self.modes(length)
        block = math.isqrt(highest) + 1
        order = np.arange(block * block).reshape(block, block)

        spectrum = np.exp(-((np.pi * order * self.correlation_length / period) ** 2))
        spectrum[order > highest] = 0
        spectrum[0, 0] /= 2  # every other mode stands for two frequencies, +k and -k
        amplitude = self.rms * np.sqrt(spectrum / spectrum.sum())
        # The draws depend on the number of modes only, which the cell does not enter.
        normal = np.random.default_rng(self.seed).standard_normal((2, 2, block, block))
        coefficients = amplitude * (normal[:, 0] - 1j * normal[:, 1])

        # exp(i k x) for mode n = block * i + j is a product of two factors: two thin
        # matrices in place of one with a row for each mode.
        phase = 2j * np.pi / period * np.asarray(x, dtype=float)
        coarse = np.exp(block * np.arange(block)[:, None] * phase)
        fine = np.exp(np.arange(block)[:, None] * phase)
        displacements: npt.NDArray[np.float64] = np.einsum("eix,ix->ex", coefficients @ fine, coarse).real
        return displacements
