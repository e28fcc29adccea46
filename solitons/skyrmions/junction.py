r"""The tunnel junction over a window of a track: what skyrmions under it conduct.

Reversed and unreversed film conduct in parallel, so that a skyrmion at x_i adds in proportion to the area that it has
reversed between the junction's ends a and b,

.. math::

   A(x_i) = \int_0^\infty 2\pi r\, \frac{1 - \cos\theta(r)}{2}\, \big[f((b - x_i)/r) - f((a - x_i)/r)\big]\, dr,
   \qquad f(u) = 1 - \frac{\arccos u}{\pi}

f, held at 0 and 1, is the share of a ring left of a line, and theta the profile of a 360 degree wall,
tan(theta / 2) = sinh(R / w) / sinh(r / w). For n skyrmions well inside

.. math:: G = G_{AP} + (G_P - G_{AP})\, n A_{sk} / A_{junction},

levels that are an A_sk / A_junction apart, and as wide as the skyrmion where one enters. Near an edge a skyrmion is
smaller, up to a quarter before it leaves, which is not in this.

Source: X. S. Wang, H. Y. Yuan and X. R. Wang, Commun. Phys. 1, 31 (2018) for the profile.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import numpy as np

from solitons.devices.junction import conductances_of
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.numerics.parameters import namespace_of, real

__all__ = ["SkyrmionJunction", "skyrmion_junction"]

# Radii of the integral: 1e-5 of the area, for w down to a fifth of R.
_RADII = 160
# Wall widths beyond the radius: sin^2(theta / 2) is exp(-16) there.
_TAIL = 8.0


class SkyrmionJunction(eqx.Module):
    """A junction across a whole track, over skyrmions of one size.

    Its ends along the track and its width in m, G_P > G_AP > 0 in S with the whole junction in one domain, R and w of
    the skyrmions in m. `polariser` is 1 where the core of a skyrmion is parallel to the fixed layer and raises the
    conductance, -1 where it lowers it.
    """

    left: Any = eqx.field(converter=real)
    right: Any = eqx.field(converter=real)
    across: Any = eqx.field(converter=real)
    parallel: Any = eqx.field(converter=real)
    antiparallel: Any = eqx.field(converter=real)
    radius: Any = eqx.field(converter=real)
    wall_width: Any = eqx.field(converter=real)
    polariser: Any = eqx.field(converter=real, default=1.0)

    def __check_init__(self) -> None:
        lengths = {
            "right - left": self.right - self.left,
            "across": self.across,
            "radius": self.radius,
            "wall_width": self.wall_width,
        }
        if not all(isinstance(number, (np.ndarray, np.generic)) for number in lengths.values()):
            return  # traced parameters have no value to look at
        for name, length in lengths.items():
            if not length > 0:
                raise ValueError(f"SkyrmionJunction: {name} = {length} m must be above 0")
        if not self.parallel > self.antiparallel > 0:
            raise ValueError(
                f"SkyrmionJunction.parallel = {self.parallel} S must be larger than antiparallel = "
                f"{self.antiparallel} S, and both above 0"
            )

    def reversed_left_of(self, distance: Any) -> Any:
        """Area in m2 that a skyrmion has reversed left of a line, at a distance in m to the right of its centre."""
        xp = namespace_of(distance, self.radius, self.wall_width)
        radii = (np.arange(_RADII) + 0.5) / _RADII * (self.radius + _TAIL * self.wall_width)
        log_t = _log_sinh(self.radius / self.wall_width) - _log_sinh(radii / self.wall_width)
        ring = 2 * np.pi * radii * (radii[1] - radii[0]) / (1 + xp.exp(-2 * log_t))
        share = 1 - xp.arccos(xp.clip(xp.asarray(distance)[..., None] / radii, -1.0, 1.0)) / np.pi
        return (ring * share).sum(axis=-1)

    def conductance(self, positions: Any, there: Any = True) -> Any:
        """Conductance in S with centres at x (m), (..., skyrmions); `there` marks skyrmions still in the track."""
        under = self.reversed_left_of(self.right - positions) - self.reversed_left_of(self.left - positions)
        share = namespace_of(under, there).where(there, under, 0.0).sum(axis=-1) / (
            (self.right - self.left) * self.across
        )
        # The share that is parallel to the fixed layer: what is reversed, or what is not.
        aligned = (1 - self.polariser) / 2 + self.polariser * share
        return self.antiparallel + (self.parallel - self.antiparallel) * aligned


def _log_sinh(value: Any) -> Any:
    xp = namespace_of(value)
    return value + xp.log(-xp.expm1(-2 * value)) - np.log(2.0)


def skyrmion_junction(
    read_out: JunctionReadOut,
    window: tuple[float, float],
    across: float,
    size: tuple[float, float],
    core: int = -1,
) -> SkyrmionJunction:
    """Make the junction over a window of a track.

    The window's ends, the track's width and the skyrmion's radius and wall width are in m; `core` (1 or -1) is where
    the skyrmion's core points along z.
    """
    parallel, antiparallel, up = conductances_of((window[1] - window[0]) * across, read_out)
    return SkyrmionJunction(
        left=window[0],
        right=window[1],
        across=across,
        parallel=parallel,
        antiparallel=antiparallel,
        radius=size[0],
        wall_width=size[1],
        polariser=up * core,
    )
