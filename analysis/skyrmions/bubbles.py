r"""Magnetic bubbles: cylindrical domains that the stray field of a plate holds open against their wall.

A bubble of diameter d, magnetised against a plate of thickness h, has a wall of energy sigma per area. With the
characteristic length l = sigma / (mu0 Ms^2) and a field H along the plate's own magnetisation, the forces on the wall
balance where

.. math:: \frac{l}{h} + \frac{d}{h} \frac{H}{M_s} = F\!\left(\frac{d}{h}\right), \qquad
    F(x) = \frac{2 x}{\pi} \left[ E(-x^2) - x \right],

K(m) and E(m) being complete elliptic integrals of the parameter m. *Derivation*: to turn the domain D over in a
saturated plate costs -2 mu0 Ms^2 h per area in the plate's own field -Ms, and the magnetostatic energy of a cylinder of
magnetisation 2 Ms, (mu0 Ms^2 / pi) times the double integral over D of G(rho) = 1/rho - (rho^2 + h^2)^(-1/2). The wall
adds sigma h per length, the field 2 mu0 Ms H h per area. The first variation is the balance above; a variation of the
wall, r + eps cos(n theta), has the stiffness, over 2 mu0 Ms^2,

.. math:: \frac{(n^2 - 1) h}{2 r^2} \left[ l - h S_n \right] , \qquad
    S_n = \frac{2 r^3}{\pi h^2 (n^2 - 1)} \int_0^{2 \pi} (\cos\theta - \cos n\theta) \,
    G\!\left(2 r \sin\tfrac{\theta}{2}\right) d\theta .

The radius is stable below S_0 (l / h < S_0 = F - x F'), the circle against an ellipse above S_2 (l / h > S_2). With
J_1 = (E - K) / x^2 and J_2 = [(2 - x^2) K - 2 (1 - x^2) E] / (3 x^4), both of m = -x^2,

.. math:: S_0 = \frac{2 x^2}{\pi} (1 - x J_1), \quad
    S_2 = \frac{x^2}{3 \pi} \left[ \tfrac23 - x (6 J_1 - 8 J_2) \right].

A smaller field than that of S_2 lets the bubble run out into a stripe (strip-out), a larger one than that of S_0
collapses it. The wall is thin (its width parameter sqrt(A / Ku) far below d and h) and straight through the plate, with
sigma = 4 sqrt(A Ku). A film that ends adds a field along its magnetisation, Ms less its demagnetising field: the mean
of it over the wall is added to H, and its slope to the stiffness.

Sources: the theory is A. A. Thiele's, Bell Syst. Tech. J. 48, 3287 (1969) and J. Appl. Phys. 41, 1139 (1970); we had no
access to their text, hence the derivation. It is checked in the tests against the demagnetising factors of cylinders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from geometries.materials import MU0
from geometries.quantities import format_quantity

__all__ = ["BubbleLimit", "CylindricalBubble", "elliptical_stability", "radial_stability", "wall_force"]

Floats = npt.NDArray[np.float64]

_HEIGHTS, _ANGLES = 12, 16
# Diameters that are tried, over the thickness.
_SMALLEST, _LARGEST, _TRIED = 1e-3, 1e3, 100
_CLOSE = 1e-16  # m


def wall_force(diameter_over_thickness: npt.ArrayLike) -> Floats:
    """F(x) of the module: the push outwards on the wall by the stray field."""
    x = np.asarray(diameter_over_thickness, dtype=np.float64)
    return np.asarray(2 * x / np.pi * (special.ellipe(-(x**2)) - x))


def radial_stability(diameter_over_thickness: npt.ArrayLike) -> Floats:
    """S_0(x) of the module: the radius is stable where it is above l / h."""
    x = np.asarray(diameter_over_thickness, dtype=np.float64)
    return np.asarray(2 * x**2 / np.pi * (1 - x * _moments(x)[0]))


def elliptical_stability(diameter_over_thickness: npt.ArrayLike) -> Floats:
    """S_2(x) of the module: the circle is stable against an ellipse where it is below l / h."""
    x = np.asarray(diameter_over_thickness, dtype=np.float64)
    first, second = _moments(x)
    return np.asarray(x**2 / (3 * np.pi) * (2 / 3 - x * (6 * first - 8 * second)))


def _moments(x: Floats) -> tuple[Floats, Floats]:
    """Integrals of sin^2 and sin^4 over sqrt(1 + x^2 sin^2), from 0 to pi / 2."""
    m = -(x**2)
    first, second = special.ellipk(m), special.ellipe(m)
    return (first - second) / m, ((2 + m) * first - 2 * (1 + m) * second) / (3 * m**2)


class BubbleLimit(NamedTuple):
    """Where bubbles end: the field in A/m and the diameter in m."""

    field: float
    diameter: float


@dataclass(frozen=True)
class CylindricalBubble:
    """A bubble in a plate; see the module for the theory.

    Parameters
    ----------
    Ms : float
        Saturation magnetisation in A/m.
    wall_energy : float
        Energy of the wall per area in J/m2; 4 sqrt(A Ku) of a Bloch wall.
    thickness : float
        Of the plate in m.
    size : tuple of two floats, optional
        Length and width in m of a rectangular film with the bubble in its middle; without ends if left out.

    Examples
    --------
    A plate of h = 4 l, and the mean of the two diameters at which bubbles end:

    >>> plate = CylindricalBubble(Ms=4e5, wall_energy=6e-3, thickness=4 * 6e-3 / (4e-7 * np.pi * 4e5**2))
    >>> ends = plate.collapse(), plate.strip_out()
    >>> [round(end.field / plate.Ms, 3) for end in ends]
    [0.329, 0.233]
    >>> [round(end.diameter / plate.characteristic_length, 1) for end in ends]
    [3.9, 11.8]
    """

    Ms: float
    wall_energy: float
    thickness: float
    size: tuple[float, float] | None = None

    @property
    def characteristic_length(self) -> float:
        """Length l = sigma / (mu0 Ms^2) in m."""
        return self.wall_energy / (MU0 * self.Ms**2)

    def edge_field(self, diameter: float) -> float:
        """Ms less the film's demagnetising field, in A/m, mean over the wall of a diameter in m; 0 without ends.

        The faces' charges, +-Ms, of a rectangle with its corners at X, Y of a point at a distance c from the face
        have the field Ms / (4 pi) times the sum over the corners of atan(X Y / (c sqrt(X^2 + Y^2 + c^2))).
        """
        if self.size is None:
            return 0.0
        nodes, weights = np.polynomial.legendre.leggauss(_HEIGHTS)
        height = (nodes + 1) / 2 * self.thickness
        around = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)[:, np.newaxis]
        x, y = (
            length / 2 + diameter / 2 * part(around) for length, part in zip(self.size, (np.cos, np.sin), strict=True)
        )
        angle = np.zeros((_ANGLES, _HEIGHTS))
        for c in (height, self.thickness - height):
            for to_x in (x, self.size[0] - x):
                for to_y in (y, self.size[1] - y):
                    angle += np.arctan2(to_x * to_y, c * np.sqrt(to_x**2 + to_y**2 + c**2))
        return float(self.Ms * (1 - (angle.mean(axis=0) @ weights) / 2 / (4 * np.pi)))

    def field(self, diameter: float) -> float:
        """Applied field in A/m in which the forces on the wall of a bubble of a diameter in m balance."""
        x = diameter / self.thickness
        inner = (float(wall_force(x)) - self.characteristic_length / self.thickness) / x
        return float(self.Ms * inner - self.edge_field(diameter))

    def collapse(self) -> BubbleLimit:
        """Largest field in which there is a bubble, and its diameter there; a ValueError of a film too thin for one."""
        low, high = np.log(self.thickness * _SMALLEST), np.log(self._largest)
        found = optimize.minimize_scalar(lambda log: -self.field(np.exp(log)), bounds=(low, high), method="bounded")
        if found.x > high - 1e-3:
            raise ValueError(
                f"CylindricalBubble: with l / h = {self.characteristic_length / self.thickness:.3g} there is no bubble "
                f"smaller than {format_quantity(self._largest, 'm')}; give a thicker film, or less wall energy"
            )
        return BubbleLimit(self.field(np.exp(found.x)), float(np.exp(found.x)))

    def strip_out(self) -> BubbleLimit:
        """Smallest field in which a bubble is round, and its diameter there.

        In a small film the edges may keep it round up to the film's smaller side, which is given then.
        """
        tried = np.geomspace(self.collapse().diameter, self._largest, _TRIED)
        soft = np.flatnonzero([self._softness(each) > 0 for each in tried])
        diameter = self._largest
        if soft.size:
            diameter = float(optimize.brentq(self._softness, tried[soft[0] - 1], tried[soft[0]], xtol=_CLOSE))
        return BubbleLimit(self.field(diameter), diameter)

    def diameter(self, field: float) -> float:
        """Diameter in m of the bubble in an applied field in A/m.

        Raises
        ------
        ValueError
            If there is no round bubble in this field; the message has the limit.
        """
        upper, lower = self.collapse(), self.strip_out()
        given, most, least = (format_quantity(each, "A/m") for each in (field, upper.field, lower.field))
        if field > upper.field:
            raise ValueError(f"H = {given} is above {most}, where the bubble collapses")
        if field < lower.field:
            raise ValueError(f"H = {given} is below {least}, where the bubble runs out into a stripe")
        return float(optimize.brentq(lambda d: self.field(d) - field, upper.diameter, lower.diameter, xtol=_CLOSE))

    @property
    def _largest(self) -> float:
        return self.thickness * _LARGEST if self.size is None else min(self.size)

    def _softness(self, diameter: float) -> float:
        """S_2 less l / h, and less the share of the edges' field: above 0 the circle is unstable."""
        step = 1e-3 * diameter
        slope = (self.edge_field(diameter) - self.edge_field(diameter - step)) / (step / 2)
        of_edges = diameter**2 / (6 * self.thickness) * slope / self.Ms
        length = self.characteristic_length / self.thickness
        return float(elliptical_stability(diameter / self.thickness)) - length - of_edges
