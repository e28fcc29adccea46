r"""A track that bends: what an arc does to Thiele's equation, in coordinates of the track's middle.

A place is its length x along the middle and its distance y from the right edge. There the edges are straight lines
again, and a round texture is the same in every direction, so that the equation keeps its form with three changes. On an
arc of the middle's curvature kappa, at a = y - W/2 to the left of the middle:

A way at the inner edge is shorter, and a current around a centre has a density proportional to 1 / r, with the same sum
across the track as on a straight piece,

.. math::

   \frac{dx}{dt} = \frac{v_\parallel}{1 - \kappa a}, \qquad
   J(a) = J\,\frac{\kappa W}{(1 - \kappa a)\,\ln\frac{1 + \kappa W/2}{1 - \kappa W/2}}.

An edge acts through the tilt of the moments at it, which falls off as exp(-s / lambda) at a straight one, lambda =
sqrt(A / K). Around a centre the tilt obeys Helmholtz's equation with modified Bessel functions, whose asymptotes are
sqrt(rho / r) exp(-s / lambda) at both edges, rho the edge's radius and r the skyrmion's distance from the centre. The
energy of a straight edge is therefore multiplied by

.. math:: \sqrt{\frac{1 \pm \kappa W/2}{1 - \kappa a}}

with the upper sign at the right edge, and the force is its derivative: less at the inner edge, more at the outer one,
and along the track where a bend begins or ends. There the tilt that reaches a skyrmion is a mean over
sqrt(lambda W / 2) of the edge, over which the curvature is smoothed. How the texture shrinks near an edge follows from
its tilt too: it does as at a straight edge that acts alike.

The next order in lambda or the skyrmion's radius over the radii of the edges is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import equinox as eqx
import jax.scipy.special
import numpy as np
from scipy import special

from solitons.numerics.parameters import namespace_of, real

if TYPE_CHECKING:
    from geometries import Material, SkyrmionTrack

__all__ = ["Bends", "bends_of"]


class Bends(eqx.Module):
    """Positions and angles of a track's bends.

    Its straight pieces and arcs begin at `begin` along its middle (m, rising from 0) with a `curvature` in 1/m,
    positive where it turns left and 0 for a straight piece. `width` is W and `tilt_length` lambda, both in m.
    """

    begin: Any = eqx.field(converter=real)
    curvature: Any = eqx.field(converter=real)
    width: Any = eqx.field(converter=real)
    tilt_length: Any = eqx.field(converter=real)

    def stretch(self, positions: Any) -> Any:
        """Give the length of a way at places (n, 2) in m over its length along the middle; (n,)."""
        xp = self._namespace(positions)
        places = xp.asarray(positions)
        there = xp.asarray(self.curvature)[xp.searchsorted(self.begin[1:], places[:, 0], side="right")]
        return 1 - there * (places[:, 1] - self.width / 2)

    def current_share(self, positions: Any) -> Any:
        """Give the current density at places (n, 2) in m over a straight piece's; (n,)."""
        xp = self._namespace(positions)
        places = xp.asarray(positions)
        curvature = self._smoothed(places)[0]
        turned = curvature * self.width
        # 2 artanh(kappa W / 2), which is kappa W where it is small.
        straight = abs(turned) < 1e-6
        bent = xp.where(straight, 1.0, turned)
        even = xp.where(straight, 1.0, bent / (2 * xp.arctanh(bent / 2)))
        return even / (1 - curvature * (places[:, 1] - self.width / 2))

    def edge_shares(self, positions: Any) -> tuple[Any, Any, Any]:
        """Energies of the right and the left edge at places (n, 2) in m over straight edges', (2, n).

        Also the slopes of their logarithms in 1/m along the track, (2, n), and along y, which both have, (n,).
        """
        xp = self._namespace(positions)
        places = xp.asarray(positions)
        aside, half = places[:, 1] - self.width / 2, self.width / 2
        curvature, change = self._smoothed(places)
        inside, signs = 1 - curvature * aside, np.array([[1.0], [-1.0]])
        edges = 1 + signs * curvature * half
        along = change / self.stretch(places) * (signs * half / edges + aside / inside) / 2
        return xp.sqrt(edges / inside), along, curvature / (2 * inside)

    def farther(self, positions: Any) -> Any:
        """Give by how much farther, in m, straight right and left edges act alike at places (n, 2) in m; (2, n)."""
        return -self.tilt_length * self._namespace(positions).log(self.edge_shares(positions)[0])

    def _smoothed(self, places: Any) -> tuple[Any, Any]:
        """The curvature that a skyrmion feels in 1/m, and its slope along the middle."""
        xp = self._namespace(places)
        normal: Any = special if xp is np else jax.scipy.special
        spread = xp.sqrt(self.tilt_length * self.width / 2)
        steps = xp.diff(self.curvature)
        beyond = (places[:, 0, None] - self.begin[1:]) / spread
        curvature = self.curvature[0] + (steps * normal.ndtr(beyond)).sum(axis=-1)
        density = xp.exp(-(beyond**2) / 2) / np.sqrt(2 * np.pi)
        return curvature, (steps * density).sum(axis=-1) / spread

    def _namespace(self, places: Any) -> Any:
        return namespace_of(places, self.begin, self.curvature, self.width, self.tilt_length)


def bends_of(track: SkyrmionTrack, material: Material) -> Bends | None:
    """Give the bends of a track of a material; None for a straight one.

    ValueError if its path is not one way with one width.
    """
    if track.path.kind == "straight":
        return None
    if track.path.kind != "curved":
        raise ValueError(
            f"path.kind is {track.path.kind!r}, but the model is of one way between two edges at the track's width; "
            "give a path of kind 'straight' or 'curved'"
        )
    (pieces,) = track.path.chains()
    begin, curvature = (np.array([getattr(each, name) for each in pieces]) for name in ("before", "curvature"))
    return Bends(begin, curvature, track.width, material.wall_width)
