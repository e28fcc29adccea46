"""Forces on skyrmions: from the edges of a track, between pairs, from landscapes and from places that pin them.

A potential energy V of the centres gives F = -grad V in N. Forces add up: `ForceSum`. A skyrmion is a point here; how
its texture changes near an edge is in `solitons.skyrmions.thiele.NearEdge`.
"""

from __future__ import annotations

import abc
import math
from dataclasses import replace
from typing import Any, TypeVar

import equinox as eqx
import numpy as np

from solitons.numerics.parameters import namespace_of, real
from solitons.skyrmions.bends import Bends
from solitons.skyrmions.grid_spline import GridSpline

__all__ = [
    "AbstractForce",
    "EdgeForce",
    "ForceSum",
    "LandscapeForce",
    "NoForce",
    "PairForce",
    "PinningSites",
    "part_of",
    "with_part",
]

Part = TypeVar("Part", bound="AbstractForce")

# Largest epsilon of an edge: it draws a skyrmion in beyond the force's zero, and one that is long gone no further.
_GONE = 2.0


class AbstractForce(eqx.Module):
    """A force on skyrmions, by their places and which of them are present."""

    @abc.abstractmethod
    def force(self, positions: Any, present: Any = None) -> Any:
        """Force in N on each skyrmion, (skyrmions, 2), at centres (skyrmions, 2) in m.

        `present` are those that are there and push others; all if left out.
        """

    @property
    def edges(self) -> tuple[float, float]:
        """The y in m beyond which a skyrmion is gone."""
        return -math.inf, math.inf

    def inside(self, positions: Any) -> Any:
        """Whether skyrmions at centres (..., 2) in m are still in the film; a bool for each."""
        return positions[..., 0] == positions[..., 0]


class NoForce(AbstractForce):
    """An endless, perfect film with skyrmions that do not meet."""

    def force(self, positions: Any, present: Any = None) -> Any:  # noqa: ARG002
        """Force in N: none."""
        xp = namespace_of(positions)
        return xp.zeros_like(xp.asarray(positions))


class EdgeForce(AbstractForce):
    r"""Force of the two edges of a straight track along x, which repel a skyrmion and, very near, draw it out.

    With s the distance of the centre from an edge

    .. math:: f(s) = 4 F_0\,\epsilon (1 - \epsilon),\qquad \epsilon = \frac12 e^{-(s - s_0)/\lambda}

    away from the edge: Morse's force. Where a skyrmion is far its tail meets the moments that tilt at the edge, which
    gives an exponential [1]_; nearer, the edge pulls the outline open. F_0 is the largest force, met at s_0; beyond it
    nothing holds the skyrmion.

    Parameters
    ----------
    low, high : float
        y of the edges in m.
    strength : float
        F_0 in N.
    distance : float
        s_0 in m.
    decay : float
        lambda in m.
    bends : Bends, optional
        Bends of a track: an edge has the energy of a straight one times `Bends.edge_shares`.

    References
    ----------
    .. [1] X. Zhang et al., Sci. Rep. 5, 7643 (2015).

    Examples
    --------
    >>> edges = EdgeForce(low=0.0, high=80e-9, strength=5e-13, distance=14e-9, decay=7e-9)
    >>> forces = edges.force(np.array([[0.0, 40e-9], [0.0, 66e-9]]))
    >>> [round(float(each) * 1e13, 1) for each in forces[:, 1]]
    [0.0, -5.0]
    """

    low: Any = eqx.field(converter=real)
    high: Any = eqx.field(converter=real)
    strength: Any = eqx.field(converter=real)
    distance: Any = eqx.field(converter=real)
    decay: Any = eqx.field(converter=real)
    bends: Bends | None = None

    @property
    def edges(self) -> tuple[float, float]:
        """The y of the edges in m."""
        return float(self.low), float(self.high)

    def inside(self, positions: Any) -> Any:
        """Whether they are between the edges."""
        return (positions[..., 1] >= self.low) & (positions[..., 1] <= self.high)

    def away(self, distance: Any) -> Any:
        """Force in N away from one straight edge, at a distance in m from it."""
        near = self._epsilon(distance)
        return 4 * self.strength * near * (1 - near)

    def energy(self, distance: Any) -> Any:
        """Energy in J at a distance in m from one straight edge, over that far away."""
        near = self._epsilon(distance)
        return 4 * self.strength * self.decay * near * (1 - near / 2)

    def force(self, positions: Any, present: Any = None) -> Any:  # noqa: ARG002
        """Force in N, across the track."""
        y = namespace_of(positions).asarray(positions)[:, 1]
        if self.bends is None:
            across = self.away(y - self.low) - self.away(self.high - y)
            xp = namespace_of(across)
            return xp.stack([xp.zeros_like(across), across], axis=-1)
        shares, along, across = self.bends.edge_shares(positions)
        xp = namespace_of(y, self.low, self.high, shares)
        distances = xp.stack([y - self.low, self.high - y])
        forces = self.away(distances) * np.array([[1.0], [-1.0]])
        energies = self.energy(distances)
        both = xp.stack([-along * energies, forces - across * energies], axis=-1)
        return (shares[..., None] * both).sum(axis=0)

    def _epsilon(self, distance: Any) -> Any:
        exponent = (self.distance - distance) / self.decay
        xp = namespace_of(exponent)
        return 0.5 * xp.exp(xp.minimum(exponent, math.log(2 * _GONE)))


class PairForce(AbstractForce):
    r"""Repulsion of skyrmions, F = F_1 K_1(r / lambda) / K_1(d / lambda) away from the other one.

    K_1, a modified Bessel function, is here its asymptote for r over lambda of one and more, which is within 6 % of it,

    .. math:: K_1(z) \approx \sqrt{\frac{\pi}{2z}}\, e^{-z}\left(1 + \frac{3}{8z}\right).

    Parameters
    ----------
    strength : float
        F_1 in N, at the distance d.
    decay : float
        lambda in m.
    distance : float, optional
        d in m; lambda if left out. Where skyrmions were seen at this distance, runs separate F_1 and lambda.

    References
    ----------
    S.-Z. Lin, C. Reichhardt, C. D. Batista and A. Saxena, Phys. Rev. B 87, 214419 (2013).

    Examples
    --------
    >>> from solitons.skyrmions import PairForce
    >>> pair = PairForce(strength=3e-9, decay=5e-9)
    >>> float(pair.decay)
    5e-09
    """

    strength: Any = eqx.field(converter=real)
    decay: Any = eqx.field(converter=real)
    distance: Any = eqx.field(converter=lambda value: None if value is None else real(value), default=None)

    def force(self, positions: Any, present: Any = None) -> Any:
        """Force in N, the sum over all others that are there."""
        xp = namespace_of(positions, present, self.strength, self.decay, self.distance)
        places = xp.asarray(positions)
        apart = places[:, None] - places[None]
        # A skyrmion does not push itself, nor does one that is gone; its own distance must not divide by 0.
        alone = xp.eye(places.shape[0], dtype=bool)
        if present is not None:
            alone = alone | ~present[None, :]
        distance = xp.where(alone, 1.0, xp.sqrt(xp.where(alone, 1.0, (apart**2).sum(axis=-1))))
        z = distance / self.decay
        known = 1.0 if self.distance is None else self.distance / self.decay
        size = self.strength * _bessel(z) / _bessel(known)
        return xp.where(alone[..., None], 0.0, (size / distance)[..., None] * apart).sum(axis=1)


def _bessel(z: Any) -> Any:
    xp = namespace_of(z)
    return xp.exp(-z) / xp.sqrt(z) * (1 + 3 / (8 * z))


class PinningSites(AbstractForce):
    r"""Places that hold skyrmions, V = -\sum_k V_k exp(-|r - r_k|^2 / 2 w_k^2), or repel them where V_k < 0.

    Parameters
    ----------
    places : array (sites, 2)
        In m.
    depth : array (sites,)
        V_k in J.
    width : array (sites,)
        w_k in m.

    Examples
    --------
    >>> from solitons.skyrmions import PinningSites
    >>> sites = PinningSites(places=[[50e-9, 30e-9], [120e-9, 30e-9]], depth=2e-20, width=8e-9)
    >>> sites.places.shape
    (2, 2)
    """

    places: Any = eqx.field(converter=real)
    depth: Any = eqx.field(converter=real)
    width: Any = eqx.field(converter=real)

    def force(self, positions: Any, present: Any = None) -> Any:  # noqa: ARG002
        """Force in N, the sum over all sites."""
        xp = namespace_of(positions, self.places, self.depth, self.width)
        apart = xp.asarray(positions)[:, None] - self.places[None]
        well = self.depth / self.width**2 * xp.exp(-(apart**2).sum(axis=-1) / (2 * self.width**2))
        return -(well[..., None] * apart).sum(axis=1)


class LandscapeForce(AbstractForce):
    """Force of an energy landscape V in J, F = -grad V: conservative, with a continuous slope.

    `landscape_of` computes one from the maps of a track's material.
    """

    energy: GridSpline

    def force(self, positions: Any, present: Any = None) -> Any:  # noqa: ARG002
        """Force in N."""
        return -self.energy.gradient(positions)


class ForceSum(AbstractForce):
    """Several forces at once.

    Parameters
    ----------
    parts : tuple of AbstractForce

    Examples
    --------
    >>> from solitons.skyrmions import EdgeForce, ForceSum, PairForce
    >>> edges = EdgeForce(low=0.0, high=60e-9, strength=3.5e-12, distance=14e-9, decay=8e-9)
    >>> len(ForceSum((edges, PairForce(strength=3e-9, decay=5e-9))).parts)
    2
    """

    parts: tuple[AbstractForce, ...]

    def force(self, positions: Any, present: Any = None) -> Any:
        """Force in N, the sum of the parts'."""
        xp = namespace_of(positions)
        total = xp.zeros_like(xp.asarray(positions))
        for part in self.parts:
            total = total + part.force(positions, present)
        return total

    @property
    def edges(self) -> tuple[float, float]:
        """The innermost edges of the parts."""
        return max(part.edges[0] for part in self.parts), min(part.edges[1] for part in self.parts)

    def inside(self, positions: Any) -> Any:
        """Whether they are inside of all parts."""
        there = positions[..., 0] == positions[..., 0]
        for part in self.parts:
            there = there & part.inside(positions)
        return there


def part_of(force: AbstractForce, kind: type[Part]) -> Part | None:
    """Give the part of a force that is of a kind; None if none is, the first of several."""
    parts = force.parts if isinstance(force, ForceSum) else (force,)
    return next((part for part in parts if isinstance(part, kind)), None)


def with_part(force: AbstractForce, part: AbstractForce) -> AbstractForce:
    """Give a force in which a part stands in the place of the one of its kind.

    ValueError if there is none of this kind.
    """
    old = part_of(force, type(part))
    if old is None:
        raise ValueError(f"with_part: {type(force).__name__} has no {type(part).__name__} to replace")
    if not isinstance(force, ForceSum):
        return part
    return replace(force, parts=tuple(part if each is old else each for each in force.parts))
