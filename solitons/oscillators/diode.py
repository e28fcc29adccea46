r"""A junction that rectifies: the voltage that an alternating current makes at a resonance (spin-torque diode).

A current :math:`J + j \cos 2\pi f t` turns the moment a little, and its resistance R with it, in step with the current,
so that their product has a mean. For a small j the moment obeys the linear equation of small oscillations about its
rest under J,

.. math:: \delta m(f) = (2 \pi i f - \mathsf{A})^{-1}\, \mathbf{b}\, j, \qquad
    V = \tfrac12\, a j\, \mathrm{Re}\left[ \frac{\partial R}{\partial \mathbf{m}} \cdot \delta m(f) \right],

with the Jacobian :math:`\mathsf{A}` and the derivative :math:`\mathbf{b}` of dm/dt by the current density, both across
the rest, and the area a. The resistance is that of the barrier without bias, whose conductance is linear in
:math:`m \cdot p`. V goes as the square of j.

References
----------
A. A. Tulapurkar et al., Nature 438, 339 (2005), by its abstract: the effect; the equation is derived here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geometries import Pillar
from solitons.junctions.macrospin import Macrospin
from solitons.oscillators.threshold import linear_motion, rest_direction, resting_under

__all__ = ["diode_voltage"]

Floats = npt.NDArray[np.float64]


def diode_voltage(
    spin: Macrospin,
    pillar: Pillar,
    amplitude: float,
    frequency: npt.ArrayLike,
    *,
    current_density: float = 0.0,
) -> Floats:
    """Give the mean voltage that a small alternating current makes.

    Parameters
    ----------
    spin : Macrospin
        The pillar's free layer as one moment (`solitons.junctions.pillar_junction`), in its field.
    pillar : Pillar
        Its barrier, its area, and the direction near which it rests.
    amplitude : float
        j in A/m2.
    frequency : array_like
        f in Hz.
    current_density : float
        Direct current J in A/m2, below the threshold.

    Returns
    -------
    numpy.ndarray
        V, of the shape of `frequency`: above 0 where the resistance is largest while the current is.

    Raises
    ------
    ValueError
        If the amplitude is not above 0, the pillar does not start along a direction, or the moment has no rest that
        lasts under J.

    Examples
    --------
    >>> from geometries import Material
    >>> from solitons.junctions import pillar_junction
    >>> film = Material(name="film", Ms=8e5, A=1.3e-11, alpha=0.02)
    >>> pillar = Pillar(length="80 nm", width="40 nm", thickness="2 nm", cell=("4 nm", "4 nm", "2 nm"), start="right",
    ...                 fixed_layer=(0, 1, 0), barrier={"resistance_area": "5 ohm um^2", "tmr": "100 %"})
    >>> moment = pillar_junction(pillar, film, temperature=0.0)
    >>> voltage = diode_voltage(moment, pillar, 1e9, np.linspace(1e9, 1e10, 500))
    >>> bool(abs(voltage).max() > 10 * abs(voltage[-1]))
    True
    """
    if not amplitude > 0:
        raise ValueError(f"diode_voltage: amplitude = {amplitude!r} A/m2 must be above 0")
    rest = resting_under(spin, rest_direction(spin, pillar.start_direction), current_density)
    if rest is None:
        raise ValueError(
            f"diode_voltage: at {current_density:.4g} A/m2 the moment has no rest; give a weaker direct current"
        )
    matrix, by_current, across = linear_motion(spin, rest, current_density)
    if np.linalg.eigvals(matrix).real.max() >= 0:
        raise ValueError(
            f"diode_voltage: at {current_density:.4g} A/m2 the moment oscillates by itself; give a current below the "
            "threshold (`solitons.oscillators.threshold`)"
        )
    frequencies = np.asarray(frequency, dtype=np.float64)
    turned = 2j * np.pi * frequencies[..., None, None] * np.eye(2) - matrix
    moved = np.linalg.solve(turned, np.broadcast_to(by_current, (*frequencies.shape, 2))[..., None])[..., 0] * amplitude
    fixed, barrier = np.array(pillar.fixed_layer), pillar.barrier
    fixed = fixed / np.linalg.norm(fixed)
    # G = (a / RA) [(1 + c) / 2 + (1 - c) / (2 (1 + TMR))], and R = 1 / G.
    low = 1 / (1 + barrier.tmr)
    relative, slope = (1 + rest @ fixed) / 2 + (1 - rest @ fixed) / 2 * low, (1 - low) / 2
    per_cosine = -barrier.resistance_area / pillar.area * slope / relative**2
    along = moved @ np.array([each @ fixed for each in across])
    return np.asarray(0.5 * pillar.area * amplitude * per_cosine * along.real)
