r"""Spin waves of one frequency among small scatterers in a film: multiple scattering of three partial waves.

In a film that is magnetised across its plane waves run alike in all directions. A wave of the frequency
:math:`\omega` solves Helmholtz's equation, and leaves a small thing at the origin as a sum of partial waves
:math:`H_m(\kappa r) e^{i m \varphi}`, with :math:`H_m = H_m^{(1)}` of Hankel and :math:`\kappa = k + i / L`. The
amplitude is that of the precessing part of m (`analysis.precession_map`).

An antenna drives along x only. Precession is elliptic, with the axes a along k and b across it, so that a wave at the
angle phi is excited in proportion to :math:`1 + \eta e^{-2 i \varphi}`, :math:`\eta = (a - b) / (a + b)`: partial waves
of the orders 0 and -2, in a film along -z 0 and 2. An antenna that is not square adds to both :math:`\pm 2`.

A scatterer that an incoming wave :math:`\sum_n c_n J_n(\kappa r) e^{i n \varphi}` meets sends out
:math:`\sum_n t_n c_n H_n(\kappa r) e^{i n \varphi}`. Of one smaller than half a wavelength the orders -1, 0 and 1
matter. Without losses :math:`\mathrm{Re}\, t_n = -|t_n|^2`, since :math:`1 + 2 t_n` has the modulus 1: the optical
theorem.

From one place j to another i Graf's addition theorem takes partial waves, with R and Phi the distance and the
direction from j to i:

.. math:: H_m(\kappa r_j) e^{i m \varphi_j} = \sum_n H_{m-n}(\kappa R) e^{i (m - n) \Phi}\,
    J_n(\kappa r_i) e^{i n \varphi_i}.

With :math:`\tau` the t of every place, 0 where a scatterer is off, and G these transfers, the incoming waves are
:math:`e = e_0 + G \tau e`, Foldy's and Lax's equation for three partial waves in the place of one, and the outputs
follow. A flip of one place changes the outputs by :math:`f_j (1 - \Delta_j W_{jj})^{-1} \Delta_j e_j`, with
:math:`W = (1 - G \tau)^{-1} G` and f what arrives from a unit source at j: all flips of N places are tried in
:math:`O(N)`, and one is done in :math:`O(N^2)`.

Square cells make the wavenumber depend on the direction, :math:`k (1 + g \cos 4 \varphi)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import equinox as eqx
import numpy as np
import numpy.typing as npt
from scipy import special

from solitons.fits.provenance import WaveProvenance
from solitons.numerics.parameters import real

__all__ = ["ANTENNA_ORDERS", "ORDERS", "FlippedScatterers", "ScattererArray", "ScatteringFilm"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]
Bools = npt.NDArray[np.bool_]

ORDERS = (-1, 0, 1)
"""Partial waves of a scatterer."""
ANTENNA_ORDERS = (0, -2, 2)
"""Partial waves of an antenna."""


class ScatteringFilm(eqx.Module):
    """A film with small antennas and small scatterers that are alike, at one frequency.

    Parameters
    ----------
    frequency : float
        In Hz.
    wavenumber, attenuation : float
        k in rad/m and 1 / L in 1/m.
    grid : float
        g of the cells; 0 in a continuous film.
    antenna : array_like (3, 2)
        Real and imaginary part of the amplitudes of the orders 0, -2 and 2 for 1 A, in 1/A.
    scatterer : array_like (3, 2)
        Real and imaginary part of t for the orders -1, 0 and 1.
    provenance : WaveProvenance or None
        Where it comes from, if it is fitted.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    A scatterer of order 0 without losses that is half as strong as can be, before and after it is on:

    >>> t = [(0, 0), (-0.5, 0.5), (0, 0)]
    >>> film = ScatteringFilm(5e9, 3.6e7, 0.0, 0.0, antenna=[(1, 0), (0, 0), (0, 0)], scatterer=t)
    >>> array = film.array(antennas=[(0, 0)], places=[(4e-7, 0)], ports=[[(8e-7, 0)]])
    >>> np.round(np.abs(array.transmission([[False], [True]])).ravel(), 3)
    array([0.149, 0.152])
    """

    frequency: Any = eqx.field(converter=real)
    wavenumber: Any = eqx.field(converter=real)
    attenuation: Any = eqx.field(converter=real)
    grid: Any = eqx.field(converter=real)
    antenna: Any = eqx.field(converter=real)
    scatterer: Any = eqx.field(converter=real)
    provenance: WaveProvenance | None = eqx.field(static=True, default=None)

    def __check_init__(self) -> None:
        for name, least in (("frequency", 0), ("wavenumber", 0), ("attenuation", -1e-300), ("grid", None)):
            value = np.asarray(getattr(self, name))
            if value.shape != () or not np.isfinite(value) or (least is not None and not value > least):
                raise ValueError(
                    f"ScatteringFilm.{name} = {value} must be one finite number, k above 0, attenuation 0 or more"
                )
        for name, orders in (("antenna", ANTENNA_ORDERS), ("scatterer", ORDERS)):
            value = np.asarray(getattr(self, name))
            if value.shape != (len(orders), 2) or not np.isfinite(value).all():
                raise ValueError(
                    f"ScatteringFilm.{name} has the shape {value.shape}: give finite real and imaginary parts for each "
                    f"of the orders {', '.join(map(str, orders))}"
                )

    @property
    def strengths(self) -> Complexes:
        """The t of the orders -1, 0 and 1."""
        return np.asarray(np.asarray(self.scatterer) @ np.array([1, 1j]))

    def waves(
        self, sources: npt.ArrayLike, out: tuple[int, ...], places: npt.ArrayLike, into: tuple[int, ...]
    ) -> Complexes:
        """Give what partial waves of sources are at places, shape (places, into, sources, out).

        Parameters
        ----------
        sources, places : array_like (sources, 2), (places, 2)
            In m; a source acts on no place where it is itself.
        out, into : tuple of int
            Orders of what the sources send, and of what comes in.
        """
        apart = np.asarray(places, dtype=np.float64)[:, None] - np.asarray(sources, dtype=np.float64)[None]
        distance, angle = np.hypot(apart[..., 0], apart[..., 1]), np.arctan2(apart[..., 1], apart[..., 0])
        there = distance > 1e-12
        kappa = complex(float(self.wavenumber), float(self.attenuation)) * (1 + float(self.grid) * np.cos(4 * angle))
        phase = np.where(there, kappa * distance, 1.0)
        change = np.array(out)[None] - np.array(into)[:, None]
        needed = {order: special.hankel1(order, phase) * np.exp(1j * order * angle) for order in np.unique(change)}
        found = np.empty((len(distance), len(into), distance.shape[1], len(out)), dtype=np.complex128)
        for (row, column), order in np.ndenumerate(change):
            found[:, row, :, column] = np.where(there, needed[order], 0.0)
        return found

    def array(self, antennas: npt.ArrayLike, places: npt.ArrayLike, ports: npt.ArrayLike) -> ScattererArray:
        """Put antennas, places of scatterers and ports onto the film.

        Parameters
        ----------
        antennas, places : array_like (antennas, 2), (places, 2)
            Their middles in m.
        ports : array_like (ports, points, 2)
            Points of each port in m, over which its mean is taken; none where partial waves begin.
        """
        spots, driven, middles = (np.asarray(each, dtype=np.float64) for each in (ports, antennas, places))
        if any(each.ndim != axes or each.shape[-1] != 2 for each, axes in ((spots, 3), (driven, 2), (middles, 2))):
            raise ValueError("ScatteringFilm.array: antennas and places must be (number, 2), ports (ports, points, 2)")
        flat = spots.reshape(-1, 2)
        sources, here = np.concatenate([driven, middles]), np.concatenate([flat, middles])
        if (np.abs(here[:, None] - sources[None]).max(axis=-1) < 1e-12).sum() > len(middles):
            raise ValueError("ScatteringFilm.array: antennas, places and ports' points must be apart; move one")
        lead, count = np.asarray(self.antenna) @ np.array([1, 1j]), len(ORDERS) * len(middles)

        def seen(sources: Floats, out: tuple[int, ...]) -> Complexes:
            """Means of the ports for the orders of each source."""
            each = self.waves(sources, out, flat, (0,))[:, 0]
            return np.asarray(each.reshape(*spots.shape[:2], *each.shape[1:]).mean(axis=1))

        return ScattererArray(
            between=self.waves(middles, ORDERS, middles, ORDERS).reshape(count, count),
            incoming=(self.waves(driven, ANTENNA_ORDERS, middles, ORDERS) @ lead).reshape(count, -1),
            outgoing=seen(middles, ORDERS).reshape(len(spots), count),
            direct=seen(driven, ANTENNA_ORDERS) @ lead,
            strengths=self.strengths,
        )


@dataclass(frozen=True, eq=False)
class ScattererArray:
    """Places of scatterers between antennas and ports, each on or off.

    `between` (3 N, 3 N), `incoming` (3 N, antennas), `outgoing` (ports, 3 N) and `direct` (ports, antennas) are what
    partial waves become from place to place, from antennas in 1/A, to the ports, and past all places; `strengths` (3,)
    are the t of one scatterer.
    """

    between: Complexes
    incoming: Complexes
    outgoing: Complexes
    direct: Complexes
    strengths: Complexes

    @property
    def count(self) -> int:
        """Number of places."""
        return len(self.between) // len(ORDERS)

    def transmission(self, patterns: npt.ArrayLike) -> Complexes:
        """Give the amplitude at each port for 1 A in each antenna, (..., ports, antennas), for patterns (..., N)."""
        on = np.asarray(patterns, dtype=bool)
        tau = (on[..., None] * self.strengths).reshape(*on.shape[:-1], -1)
        inside = np.linalg.solve(np.eye(len(self.between)) - self.between * tau[..., None, :], self.incoming)
        return np.asarray(self.direct + self.outgoing @ (tau[..., None] * inside))

    def flipped(self, pattern: npt.ArrayLike) -> FlippedScatterers:
        """Start from a pattern (N,) whose places are then flipped one by one."""
        on = np.array(pattern, dtype=bool)
        tau = (on[:, None] * self.strengths).ravel()
        inverse = np.linalg.inv(np.eye(len(self.between)) - self.between * tau)
        dressed, inside = inverse @ self.between, inverse @ self.incoming
        outside = self.outgoing + (self.outgoing * tau) @ dressed
        return FlippedScatterers(
            on, dressed, inside, outside, self.direct + (self.outgoing * tau) @ inside, self.strengths
        )


@dataclass(eq=False)
class FlippedScatterers:
    """A pattern with what it does, changed in place: `pattern` (N,) and `transmission` (ports, antennas)."""

    pattern: Bools
    _dressed: Complexes
    _inside: Complexes
    _outside: Complexes
    transmission: Complexes
    _strengths: Complexes

    def _answers(self) -> Complexes:
        """(1 - Delta W_jj)^-1 Delta of every place, shape (N, 3, 3)."""
        count, orders = len(self.pattern), len(ORDERS)
        own = self._dressed.reshape(count, orders, count, orders)[np.arange(count), :, np.arange(count)]
        change = np.where(self.pattern, -1, 1)[:, None] * self._strengths
        return np.asarray(np.linalg.inv(np.eye(orders) - change[:, :, None] * own) * change[:, None, :])

    def tried(self) -> Complexes:
        """Give the transmissions after a flip of each place, shape (N, ports, antennas)."""
        count, orders = len(self.pattern), len(ORDERS)
        sent = self._answers() @ self._inside.reshape(count, orders, -1)
        seen = self._outside.reshape(-1, count, orders).transpose(1, 0, 2)
        return np.asarray(self.transmission + seen @ sent)

    def flip(self, place: int) -> None:
        """Flip one place."""
        here = slice(len(ORDERS) * place, len(ORDERS) * (place + 1))
        answer = self._answers()[place]
        sent, column, seen = answer @ self._inside[here], self._dressed[:, here].copy(), self._outside[:, here].copy()
        row = answer @ self._dressed[here]
        self.transmission = self.transmission + seen @ sent
        self._inside, self._dressed = self._inside + column @ sent, self._dressed + column @ row
        self._outside = self._outside + seen @ row
        self.pattern[place] = not self.pattern[place]
