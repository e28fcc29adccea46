r"""The exact statistics of any macrospin: the Fokker-Planck equation on the sphere, in spherical harmonics.

With the angular velocity :math:`\omega = \gamma_0 (a + m \times c) / (1 + \alpha^2)` of `Macrospin` and the generators
of rotations :math:`R = m \times \nabla`,

.. math:: \partial_t P = -R \cdot (\omega P) + D R^2 P

For Lambda = 1 omega is a polynomial in m, so that the equation is a sparse matrix between spherical harmonics: what
multiplies by m_x, m_y, m_z and what rotates are known, and the rest is products of matrices (the recurrences of W. T.
Coffey, Y. P. Kalmykov and S. V. Titov for magnetic particles are such a matrix written out). It converges faster than
any power of the highest degree; its round-off is absolute, about 1e-12 of the whole probability, so that it gives
rates and probabilities but no write errors below 1e-9. Those are what `write_error_rate` is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import constants, sparse, special
from scipy.sparse import linalg

from solitons.junctions.axial_fokker_planck import POLE, STAGES
from solitons.junctions.macrospin import Macrospin

__all__ = ["SphereFokkerPlanck", "degree_for", "sphere_fokker_planck"]

Floats = npt.NDArray[np.float64]

_MOST_DEGREE = 300
_DEGREE_OF_WIDTH = 9.0
"""A Gaussian exp(-s x^2) on the sphere has harmonics of 1e-9 at the degree of so many times sqrt(s)."""
_FEWEST = 24
_LOST = 0.1
"""Largest bound of round-off over the slowest rate: rates of discs are then right to 4e-4, shares to 4e-5."""


@dataclass(frozen=True, eq=False)
class SphereFokkerPlanck:
    """The equation of one macrospin under one current, in real spherical harmonics about its easy axis.

    `matrix` is in 1/s between coefficients; `zonal` (degree + 1,) is where the harmonics without dependence on the
    azimuth are, by degree.
    """

    matrix: Any
    zonal: npt.NDArray[np.int64]

    def equilibrium(self) -> Floats:
        """Coefficients of the distribution at rest; the first is 1, the whole probability.

        ValueError as of `slowest`: round-off would then decide how the wells share the probability.
        """
        self._check_digits("equilibrium")
        return self._rest

    def slowest(self) -> tuple[float, Floats]:
        """The lowest eigenvalue above 0 in 1/s, the rate at which the wells come to equilibrium, and its mode.

        ValueError if it is so far below the fastest rates that it is lost in their round-off: a disc of 30 k T, the
        more the lower the damping.
        """
        self._check_digits("slowest")
        return self._slowest

    def _check_digits(self, owner: str) -> None:
        rate, _ = self._slowest
        round_off = float(np.finfo(np.float64).eps * linalg.norm(self.matrix, 1))
        if not rate * _LOST > round_off:
            raise ValueError(
                f"{owner}: the wells exchange less than {round_off / _LOST:.2g} times a second, which is lost in the "
                "round-off of the fastest rates; use axial_fokker_planck where the macrospin is axial, or heat it, and "
                "extrapolate the logarithm of the rate over 1 / T"
            )

    @cached_property
    def _rest(self) -> Floats:
        # The first row of the matrix is 0: probability is kept.
        first = self.matrix[1:, [0]].toarray().ravel()
        return np.concatenate([[1.0], linalg.spsolve(self.matrix[1:, 1:].tocsc(), -first)])

    @cached_property
    def _slowest(self) -> tuple[float, Floats]:
        inner = self.matrix[1:, 1:].tocsc()
        start = np.zeros(inner.shape[0])
        start[self.zonal[1] - 1] = 1.0
        values, modes = linalg.eigs(inner, k=1, sigma=0.0, which="LM", v0=start)
        return float(-values[0].real), np.concatenate([[0.0], modes[:, 0].real])

    def well(self, state: int) -> Floats:
        """Coefficients of the distribution at rest in one state (1 or -1), before it leaks into the other."""
        # How the wells share the probability, which round-off may have decided, is what the mode takes out.
        rest, (_, mode) = self._rest, self._slowest
        other = self.share_above(rest) - (1.0 if state > 0 else 0.0)
        return np.asarray(rest - float(other / self.share_above(mode)) * mode)

    def share_above(self, coefficients: npt.ArrayLike) -> Floats:
        """Probability that m . axis is above 0, of coefficients (..., harmonics)."""
        degree = np.arange(len(self.zonal))
        # The integral of Legendre's polynomial over half the sphere; the coefficients have Y_00 as 1.
        value = np.zeros(len(degree))
        value[0] = 0.5
        value[1:] = (
            (special.eval_legendre(degree[1:] - 1, 0.0) - special.eval_legendre(degree[1:] + 1, 0.0))
            / (2 * (2 * degree[1:] + 1))
            * np.sqrt(2 * degree[1:] + 1)
        )
        return np.asarray(np.asarray(coefficients)[..., self.zonal] @ value)

    def evolve(self, start: npt.ArrayLike, times: npt.ArrayLike, *, steps: int = 100) -> Floats:
        """Follow coefficients in time, by Alexander's L-stable implicit method of third order; (times, harmonics).

        `start` is from `equilibrium` or `well`; times in s are even, dt, 2 dt, 3 dt, so that one factorisation serves
        them all; `steps` go from each to the next.
        """
        wanted = np.asarray(times, dtype=np.float64)
        intervals = np.diff(wanted, prepend=0.0)
        if not (wanted.size and intervals[0] > 0 and np.all(np.abs(intervals / intervals[0] - 1) < 1e-6)):
            raise ValueError("evolve: times must be even and begin one interval after 0, such as dt, 2 dt, 3 dt")
        part = POLE * intervals[0] / steps
        one = sparse.identity(self.matrix.shape[0], format="csc")
        inverse = linalg.splu((one - part * self.matrix).tocsc())
        p, found = np.array(start, dtype=np.float64), []
        for _ in wanted:
            for _ in range(steps):
                stage, total = p, np.zeros_like(p)
                for weight in STAGES:
                    stage = inverse.solve(stage)
                    total += weight * stage
                p = total
            found.append(p)
        return np.array(found)


def sphere_fokker_planck(
    macrospin: Macrospin, current_density: float = 0.0, *, voltage: float = 0.0, degree: int | None = None
) -> SphereFokkerPlanck:
    """Set up the Fokker-Planck equation of a macrospin on the sphere.

    It has Lambda = 1 and a temperature; the current density is in A/m2, and the voltage in V changes the anisotropy.
    `degree` is the highest of the harmonics, from the narrowest distribution if left out, 300 at most. A rate takes 1 s
    at 120, 13 s and 0.7 GB at 240, and half a minute and 1 GB at 300; a distribution in time as much for each interval.
    """
    owner = "sphere_fokker_planck"
    if macrospin.asymmetry != 1:
        raise ValueError(
            f"{owner}: asymmetry = {macrospin.asymmetry}, but the equation in harmonics holds for Lambda = 1; follow "
            "an ensemble (follow_macrospins), or use axial_fokker_planck where it is axial"
        )
    if not macrospin.temperature > 0:
        raise ValueError(f"{owner}: at 0 K there is no distribution; give a temperature above 0")
    easy, middle, _ = macrospin.principal[1].T
    frame = np.array([middle, np.cross(easy, middle), easy])
    along = macrospin.easy_axis / np.linalg.norm(macrospin.easy_axis)
    added = 2 * float(macrospin.anisotropy_per_voltage) * voltage / (constants.mu_0 * float(macrospin.saturation))
    shape = frame @ (macrospin.anisotropy_matrix - added * np.outer(along, along)) @ frame.T
    torque, damping = float(macrospin.torque_field(current_density)), float(macrospin.damping)
    epsilon, secondary = float(macrospin.efficiency(0.0)), macrospin.secondary
    polariser, applied = frame @ macrospin.polariser_direction, frame @ macrospin.field
    degree = degree_for(macrospin, current_density) if degree is None else degree
    if degree > _MOST_DEGREE:
        raise ValueError(
            f"{owner}: the distribution is so narrow that harmonics up to degree {degree} are needed, above "
            f"{_MOST_DEGREE}; follow an ensemble (follow_macrospins) instead"
        )
    position, rotation, real = _operators(degree)
    one = sparse.identity((degree + 1) ** 2, format="csr")
    held = [applied[i] * one - sum(shape[i, j] * position[j] for j in range(3)) for i in range(3)]
    about = [held[i] - (damping * epsilon - secondary) * torque * polariser[i] * one for i in range(3)]
    towards = [damping * held[i] + (epsilon + damping * secondary) * torque * polariser[i] * one for i in range(3)]
    rate = float(macrospin.gyromagnetic_ratio / (1 + damping**2))
    matrix = macrospin.diffusion * sum(each @ each for each in rotation)
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        velocity = about[i] + position[j] @ towards[k] - position[k] @ towards[j]
        matrix = matrix - rate * rotation[i] @ velocity
    return SphereFokkerPlanck(
        (real @ matrix @ real.conj().T).real.tocsc(), np.arange(degree + 1) * np.arange(1, degree + 2)
    )


def degree_for(macrospin: Macrospin, current_density: float = 0.0) -> int:
    """Highest degree of the harmonics that a macrospin's distribution needs under a current density (A/m2)."""
    torque = abs(float(macrospin.torque_field(current_density)))
    along = torque * float(macrospin.efficiency(0.0)) / float(macrospin.damping)
    largest = macrospin.hard_axis_field + along + float(np.linalg.norm(macrospin.field))
    per_field = macrospin.moment_energy / macrospin.thermal_energy / 2
    return max(_FEWEST, int(np.ceil(_DEGREE_OF_WIDTH * np.sqrt(per_field * largest))))


def _operators(degree: int) -> tuple[list[Any], list[Any], Any]:
    """m_x, m_y, m_z and R_x, R_y, R_z between complex harmonics, and what makes them real.

    The harmonic of degree deg and order m is at deg^2 + deg + m.
    """
    size = (degree + 1) ** 2
    deg = np.repeat(np.arange(degree + 1), 2 * np.arange(degree + 1) + 1)
    m = np.arange(size) - deg**2 - deg

    def shifted(value: Floats, to_deg: int, to_m: int) -> Any:
        """The operator that takes (deg, m) to (deg + to_deg, m + to_m), times a value."""
        target_deg, target_m = deg + to_deg, m + to_m
        there = (target_deg >= 0) & (target_deg <= degree) & (np.abs(target_m) <= target_deg)
        rows = (target_deg**2 + target_deg + target_m)[there]
        return sparse.csr_matrix((value[there], (rows, np.arange(size)[there])), shape=(size, size), dtype=complex)

    with np.errstate(invalid="ignore"):
        upwards = shifted(np.sqrt(((deg + 1) ** 2 - m**2) / ((2 * deg + 1) * (2 * deg + 3))), 1, 0)
        raised = shifted(-np.sqrt((deg + m + 1) * (deg + m + 2) / ((2 * deg + 1) * (2 * deg + 3))), 1, 1)
        lowered = shifted(
            np.sqrt(np.maximum((deg - m) * (deg - m - 1), 0) / np.maximum((2 * deg - 1) * (2 * deg + 1), 1)), -1, 1
        )
    z = upwards + upwards.conj().T
    plus = raised + lowered  # sin(theta) exp(i phi)
    minus = plus.conj().T
    turn_z = sparse.diags(1j * m).tocsr()
    turn_plus = 1j * shifted(np.sqrt(np.maximum(deg * (deg + 1) - m * (m + 1), 0)), 0, 1)
    turn_minus = -turn_plus.conj().T
    position = [(plus + minus) / 2, (plus - minus) / 2j, z]
    rotation = [(turn_plus + turn_minus) / 2, (turn_plus - turn_minus) / 2j, turn_z]
    # cos(m phi) and sin(m phi) of the harmonics m and -m.
    sign = (-1.0) ** m
    other = deg**2 + deg - m
    here, half = np.arange(size), np.sqrt(0.5)
    own = np.where(m > 0, half * sign, np.where(m < 0, 1j * half, 1.0))
    mirrored = np.where(m > 0, half, np.where(m < 0, -1j * half * sign, 0.0))
    real = sparse.csr_matrix((own, (here, here)), shape=(size, size)) + sparse.csr_matrix(
        (mirrored, (here, other)), shape=(size, size)
    )
    return position, rotation, real.conj()
