"""Initial magnetisation of a stripe: domains, and walls between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["PlacedWall", "head_to_head", "up_down"]

FloatArray = npt.NDArray[np.float64]


class PlacedWall(NamedTuple):
    """A wall with everything that the material and the stripe decide about it.

    `kind` is "bloch", "neel", "transverse" or "vortex"; `position` and `width` are centre and width parameter in m;
    `sign` and `polarity` the sense of the wall and of a vortex core, 1 or -1; `left_domain` the sign of the
    magnetisation to its left; `bottom` and `top` the stripe's edges at the wall in m.
    """

    kind: str
    position: float
    width: float
    sign: int
    polarity: int
    left_domain: int
    bottom: float
    top: float


def up_down(x: FloatArray, walls: Sequence[PlacedWall], first_domain: int) -> FloatArray:
    """Build up and down domains with Bloch or Neel walls between them: unit vectors (nx, 3).

    Near a wall m_z = -l tanh((x - q) / Delta), l the sign of its left domain, and the rest of m lies in the plane,
    along y in a Bloch wall and along x in a Neel wall. The walls are multiplied, which is exact where they are far
    apart. `x` are cell centres in m, the walls go from left to right, and `first_domain` is the sign of m_z at the left
    end.
    """
    m = np.zeros((x.size, 3))
    m[:, 2] = first_domain
    if not walls:
        return m
    position = np.array([wall.position for wall in walls])
    width = np.array([wall.width for wall in walls])
    distance = (x[:, None] - position) / width
    m[:, 2] *= np.prod(-np.tanh(distance), axis=1)

    azimuth = np.array([(wall.sign, 0.0) if wall.kind == "neel" else (0.0, wall.sign) for wall in walls], dtype=float)
    nearest = np.argmin(np.abs(distance), axis=1)
    m[:, :2] = azimuth[nearest] * np.sqrt(1 - m[:, 2:] ** 2)
    return m


def _transverse_turn(x: FloatArray, wall: PlacedWall) -> FloatArray:
    turn: FloatArray = 2 * np.arctan(np.exp((x[:, None] - wall.position) / wall.width))
    return turn


def _vortex_turn(x: FloatArray, y: FloatArray, wall: PlacedWall) -> FloatArray:
    """Angle by which a vortex wall turns m, 0 on its left, pi (mod 2 pi) on its right.

    The lowest exchange energy of a planar m that is parallel to both edges of a
    strip: a vortex (winding 1) inside, and on each edge a defect of winding -1/2
    where the domain that arrives there ends. With zeta = exp(pi (x + i y) / w) the
    strip is the upper half plane, and the angle the argument of a rational function
    of zeta that is real on the edges.
    """
    w = wall.top - wall.bottom
    across = np.clip((y - wall.bottom) / w, 0, 1)
    along = (x - wall.position) / w
    zeta = np.exp(np.pi * (np.clip(along, -20, 20)[:, None] + 1j * across[None, :]))
    # The bottom edge carries the left domain past the core if the vortex turns the same way.
    shift = wall.left_domain * wall.sign * np.pi / 2 * wall.width / w
    at_bottom, at_top, core = np.exp(np.pi * shift), -np.exp(-np.pi * shift), 1j
    function = (zeta - core) * (zeta - np.conj(core)) / ((zeta - at_bottom) * (zeta - at_top))
    turn: FloatArray = np.angle(function) + np.pi
    return turn


def head_to_head(
    x: FloatArray,
    y: FloatArray,
    walls: Sequence[PlacedWall],
    first_domain: int,
    core_radius: float,
) -> FloatArray:
    """Build domains along the stripe with transverse or vortex walls between them: unit vectors (nx, ny, 3).

    In a transverse wall m_x = -l tanh((x - q) / Delta), l the sign of its left domain, and m turns through the plane. A
    vortex wall closes its flux: m is parallel to both edges and circles around a core in the middle of the stripe,
    between two edge defects that are pi Delta apart; in the core m_z = p exp(-r^2 / (2 core_radius^2)). Every wall
    turns what is on its right, which is exact where the walls are far apart.

    `x` and `y` are cell centres in m, the walls go from left to right, and `first_domain` is the sign of m_x at the
    left end. `core_radius` is in m, about an exchange length. After O. Tchernyshyov, G.-W. Chern, "Fractional vortices
    and composite domain walls in flat nanomagnets", Phys. Rev. Lett. 95, 197204 (2005).
    """
    angle = np.full((x.size, y.size), 0.0 if first_domain > 0 else np.pi)
    m_z = np.zeros((x.size, y.size))
    for wall in walls:
        if wall.kind == "vortex":
            angle += _vortex_turn(x, y, wall)
            middle = (wall.bottom + wall.top) / 2
            squared = (x[:, None] - wall.position) ** 2 + (y - middle) ** 2
            m_z += wall.polarity * np.exp(-squared / (2 * core_radius**2))
        else:
            # From +x through sign * y to -x, or from -x through sign * y to +x.
            angle += wall.left_domain * wall.sign * _transverse_turn(x, wall)
    in_plane = np.sqrt(1 - np.minimum(m_z**2, 1))
    return np.stack([in_plane * np.cos(angle), in_plane * np.sin(angle), np.clip(m_z, -1, 1)], axis=-1)
