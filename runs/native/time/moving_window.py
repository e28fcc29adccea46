"""A window that follows a wall, or what is reversed, along x: when it moves, and by how many cells."""

from typing import Literal

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array

from runs.domains_at_ends import REVERSED, domains_at_ends
from runs.native.discretisation import Discretisation
from runs.native.errors import IntegrationError

Followed = Literal["wall", "reversed"]

LARGEST_OFFSET = 1.0
"""Cells by which what is followed may be out of the middle before the window moves."""
LEAST = 1.0
"""Reversed moments, in cells, below which nothing is left to follow."""


class MovingWindow(eqx.Module):
    r"""Position of the followed texture in the window, along x.

    For a wall between a domain on the left where the component c of m has the mean m_l and one on the
    right with m_r, in n cells along x,

    .. math:: q = n \, \frac{\langle m_c \rangle - m_r}{m_l - m_r},

    and for a reversed texture, such as a skyrmion, the centre of -s m_c over all cells where that is positive, s the
    sign of m_c at both ends. Both are in cells from the left end and are looked at after every step.
    """

    signs: Array
    """Signs of the component at the left and at the right end, (2,)."""
    magnet: Array
    """1 in the magnet, else 0, in one column, (nz, ny)."""
    component: int = eqx.field(static=True)
    followed: Followed = eqx.field(static=True)

    def offset(self, m: Array) -> Array:
        """Return how far from the middle the texture is, in cells, (); 0 where nothing is left to follow."""
        along, count = m[self.component], m.shape[-1]
        if self.followed == "wall":
            columns = jnp.sum(along, axis=(0, 1)) / jnp.sum(self.magnet)
            left, right = columns[0], columns[-1]
            return count * ((jnp.mean(columns) - right) / (left - right) - 0.5)
        weight = jnp.sum(jnp.maximum(0.0, -self.signs[0] * along), axis=(0, 1))
        total = jnp.sum(weight)
        centre = jnp.sum(weight * (jnp.arange(count) + 0.5)) / jnp.where(total > 0, total, 1.0)
        return jnp.where(total < LEAST, 0.0, centre - 0.5 * count)

    def reached(self, m: Array) -> Array:
        """Return whether a moment at an end is reversed, ()."""
        ends = m[self.component][..., jnp.array([0, -1])] * self.signs
        return jnp.min(ends) < REVERSED

    def event(self, m: Array) -> Array:
        """Return whether the window has to move, or cannot go on, ()."""
        return ~(jnp.abs(self.offset(m)) < LARGEST_OFFSET) | self.reached(m)


def window_over(followed: Followed, grid: Discretisation) -> MovingWindow:
    """Return the window that follows something in the state of a grid; in the precision of the moment.

    A ValueError if an end is in no domain, or the domains at both ends do not fit the followed texture.
    """
    found = domains_at_ends(grid.magnetisation.T)
    if found is None or (found.signs[0] != found.signs[1]) != (followed == "wall"):
        wanted = "opposite domains" if followed == "wall" else "the same domain"
        raise ValueError(
            f"moving_window={followed!r} needs {wanted} at both ends of the mesh along x, each along x or z; choose "
            "what is followed, or a longer mesh"
        )
    magnet = (grid.saturation[..., 0] > 0).astype(float)
    return MovingWindow(jnp.asarray(found.signs, float), jnp.asarray(magnet), found.component, followed)


@eqx.filter_jit
def centred(window: MovingWindow, m: Array) -> tuple[Array, Array, Array]:
    """Move a window so that what it follows is in the middle.

    Cells that enter get the moments of the column at their end. Gives m (3, nz, ny, nx) in the window that has moved,
    by how many cells it has moved along +x, and whether the texture is lost: has come to an end, or would be cut by the
    move.
    """
    count, offset = m.shape[-1], window.offset(m)
    cells = jnp.round(offset)
    place = jnp.arange(count)
    leaving = jnp.where(cells > 0, place < cells, place >= count + cells)
    domain = window.signs[jnp.where(cells > 0, 0, 1)]
    cut = jnp.any(leaving & (domain * m[window.component] < REVERSED))
    lost = cut | window.reached(m) | ~jnp.isfinite(offset)
    return m[..., jnp.clip(place + cells, 0, count - 1).astype(int)], cells, lost


def lost(system: str, time: float, magnetisation: np.ndarray) -> IntegrationError:
    """Return the error for a texture that has come to an end of its window."""
    return IntegrationError(
        f"system {system!r}: at t={time:.6g} s what the moving window follows has come to an end of it, or domains "
        "have appeared there; give a longer window, or a weaker drive",
        time,
        magnetisation,
    )
