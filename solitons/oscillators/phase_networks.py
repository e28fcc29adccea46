r"""Networks of phase oscillators: Kuramoto's equation for batches, with heat, and its states at rest.

.. math:: \dot\theta_i = \omega_i + \sum_j J_{ij} \sin(\theta_j - \theta_i - \beta) + \sqrt{2 \pi \Delta f}\, \eta_i(t)

It holds for oscillators whose amplitude is kept by a strong restoring rate, so that a weak coupling moves phases
alone; frequencies are then as far as possible counted from their mean. White noise of a phase with the diffusion
<[d theta]^2> = 2 pi Delta f t has a Lorentz line of the full width Delta f. The lag beta is that of
H. Sakaguchi and Y. Kuramoto, Prog. Theor. Phys. 76, 576 (1986).

Couplings are a linear map: with z_i = exp(i theta_i) the local field is h_i = sum_j J_ij z_j, and the sum above is
Im(conj(z_i) h_i exp(-i beta)). So a network needs no matrix where the map is known otherwise (`hebbian_couplings`).

Limits that the tests hold: Adler's equation (one oscillator and a drive, J_10 = K alone) is locked where the detuning
is below K, and slips at the beat sqrt(detuning^2 - K^2) beyond it (R. Adler, Proc. IRE 34, 351 (1946)); K/N between all
and a Lorentz spread g of frequencies synchronises above K_c = 2 / (pi g(0)) with r = sqrt(1 - K_c / K) (Y. Kuramoto,
"Chemical Oscillations, Waves, and Turbulence" (1984); J. A. Acebron et al., Rev. Mod. Phys. 77, 137 (2005)).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "Couplings",
    "Floats",
    "PhaseOscillator",
    "align_phases",
    "follow_phases",
    "matrix_couplings",
    "phase_velocities",
]

Floats: TypeAlias = npt.NDArray[np.floating]
Couplings: TypeAlias = Callable[[Floats], Floats]
"""The map of real states (..., N) to sum_j J_ij x_j (..., N), in rad/s."""

_LARGEST_ADVANCE = 0.5
"""Radians in a step beyond which Heun's rule is no solution."""


@dataclass(frozen=True)
class PhaseOscillator:
    """An oscillator that others pull as K sin(their phase - its own - lag).

    Parameters
    ----------
    frequency, linewidth : float
        Of the free oscillator, in Hz; full width of its line by heat.
    coupling : float
        K / (2 pi) in Hz: the half width of the range in which a network in one pattern holds it.
    lag : float
        In rad.
    """

    frequency: float
    linewidth: float
    coupling: float
    lag: float = 0.0

    @property
    def strength(self) -> float:
        """K in rad/s."""
        return 2 * np.pi * self.coupling


def matrix_couplings(couplings: npt.ArrayLike) -> Couplings:
    """Couplings by a matrix of any kind, J[i, j] in rad/s: how strongly oscillator i follows oscillator j.

    Parameters
    ----------
    couplings : array_like, (N, N)
        Finite; it need not be symmetric. ValueError if it is not square.

    Examples
    --------
    >>> matrix_couplings([[0.0, 2.0], [0.0, 0.0]])(np.array([1.0, 3.0])).tolist()
    [6.0, 0.0]
    """
    matrix = np.asarray(couplings, float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.all(np.isfinite(matrix)):
        raise ValueError(f"matrix_couplings: J has the shape {matrix.shape}; give a square matrix of finite rad/s")
    transposed = np.ascontiguousarray(matrix.T)
    return lambda states: states @ transposed


def phase_velocities(
    couple: Couplings, phases: Floats, frequencies: npt.ArrayLike = 0.0, lag: npt.ArrayLike = 0.0
) -> Floats:
    """Right-hand side of the equation without noise, (..., N) in rad/s, at phases (..., N) and a lag in rad."""
    cos, sin = np.cos(phases), np.sin(phases)
    field = couple(np.stack([cos, sin]))
    behind = np.asarray(lag, float)
    if np.any(behind):
        cos, sin = np.cos(phases + behind), np.sin(phases + behind)
    velocities: Floats = np.asarray(frequencies) + cos * field[1] - sin * field[0]
    return velocities


def follow_phases(
    couple: Couplings,
    phases: Floats,
    frequencies: npt.ArrayLike,
    step: float,
    steps: int,
    *,
    lag: npt.ArrayLike = 0.0,
    linewidth: npt.ArrayLike = 0.0,
    generator: np.random.Generator | None = None,
    watch: Callable[[Floats], Floats] | None = None,
) -> tuple[Floats, Floats]:
    """Follow phases in time by Heun's rule, which takes white noise as Stratonovich and Ito alike.

    Parameters
    ----------
    couple : callable
        Couplings.
    phases : array, (..., N)
        Start, in rad.
    frequencies : array_like
        omega_i in rad/s.
    step : float
        In s.
    steps : int
        Number of steps.
    lag : array_like
        beta in rad.
    linewidth : array_like
        Full width Delta f of each oscillator's line by heat, in Hz.
    generator : numpy.random.Generator, optional
        Draws the noise; needed if there is a linewidth.
    watch : callable, optional
        What is kept of the phases at the start and after each step; the phases themselves if left out.

    Returns
    -------
    phases : array, (..., N)
        At the end, not wrapped.
    kept : array, (steps + 1, ...)
        What `watch` gave.

    Raises
    ------
    ValueError
        If there is a linewidth and no generator, or a phase advances by more than half a radian in the first step.

    Examples
    --------
    Two oscillators that attract each other meet: their difference decays as tan(d/2) ~ exp(-2 K t).

    >>> pair = matrix_couplings([[0.0, 1.0], [1.0, 0.0]])
    >>> end, _ = follow_phases(pair, np.array([0.0, 1.0]), 0.0, 0.01, 100)
    >>> float(np.tan((end[1] - end[0]) / 2) / np.tan(0.5) * np.exp(2)).__round__(3)
    1.0
    """
    noise = np.sqrt(2 * np.pi * np.asarray(linewidth, float) * step)
    hot = bool(np.any(noise > 0))
    if hot and generator is None:
        raise ValueError("follow_phases: a linewidth is noise; give a generator that draws it")
    velocities = partial(phase_velocities, couple, frequencies=frequencies, lag=lag)
    fastest = step * float(np.max(np.abs(velocities(phases)), initial=0.0))
    if not fastest <= _LARGEST_ADVANCE:
        raise ValueError(
            f"follow_phases: a phase advances by {fastest:.3g} rad in a step of {step:.3g} s; at most "
            f"{_LARGEST_ADVANCE} rad: use shorter steps, and count frequencies from their mean"
        )
    look: Callable[[Floats], Floats] = (lambda now: now) if watch is None else watch
    kept = [np.array(look(phases))]
    for _ in range(steps):
        slope = velocities(phases)
        kick: Floats = np.zeros(())
        if hot and generator is not None:
            kick = noise * generator.standard_normal(phases.shape)
        guess = phases + step * slope + kick
        phases = phases + 0.5 * step * (slope + velocities(guess)) + kick
        kept.append(np.array(look(phases)))
    return phases, np.stack(kept)


def align_phases(
    couple: Couplings,
    phases: Floats,
    *,
    tolerance: float = 1e-4,
    most_steps: int = 4000,
    given_up: Callable[[Floats, Floats], npt.NDArray[np.bool_]] | None = None,
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Turn every phase into its local field until all are at rest: theta_i <- arg(h_i), all at once.

    Equal oscillators with symmetric couplings move down the energy -sum_ij J_ij cos(theta_i - theta_j) / 2, and rest
    where each phase lies along its field. Such rests are those of this rule, whose step is one product with the
    couplings. Its way there is another one: compare with `follow_phases` where basins matter.

    Parameters
    ----------
    couple : callable
        Symmetric couplings without self-coupling.
    phases : array, (batch, N)
        Start, in rad. Its precision is kept: single precision takes half of the time.
    tolerance : float
        Root mean square of a state's last turn below which it is at rest, in rad.
    most_steps : int
        Steps after which it stops.
    given_up : callable, optional
        From cos and sin of the phases, (batch, N) each, whether a state need not be followed further.

    Returns
    -------
    phases, rested : array (batch, N), array of bool (batch,)
        At the end, and whether a state came to rest.

    Examples
    --------
    >>> ring = matrix_couplings([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
    >>> end, rested = align_phases(ring, np.array([[0.0, 0.3, 1.0]]))
    >>> bool(rested[0]), float(np.ptp(end)) < 1e-3
    (True, True)
    """
    states = np.stack([np.cos(phases), np.sin(phases)])
    rested = np.zeros(phases.shape[0], bool)
    for _ in range(most_steps):
        field = couple(states)
        size = np.hypot(field[0], field[1])
        # A state without any field stays.
        field = np.where(size > 0, field / np.where(size > 0, size, 1), states)
        turned = np.sqrt(np.mean(np.sum((field - states) ** 2, axis=0), axis=-1))
        states, rested = field, turned < tolerance
        if np.all(rested if given_up is None else rested | given_up(states[0], states[1])):
            break
    return np.arctan2(states[1], states[0]), rested
