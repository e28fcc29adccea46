"""Forces along a track: the same everywhere, and at its two ends."""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax.numpy as jnp

from solitons.numerics.parameters import real
from solitons.skyrmions.forces import AbstractForce, EdgeForce

__all__ = [
    "TrackEnds",
    "UniformForce",
]


class UniformForce(AbstractForce):
    """The same force everywhere.

    Parameters
    ----------
    along, across : float
        F_x and F_y in N.

    Examples
    --------
    >>> from solitons.skyrmions.along_track import UniformForce
    >>> float(UniformForce(along=1e-13).along)
    1e-13
    """

    along: Any = eqx.field(converter=real)
    across: Any = eqx.field(converter=real, default=0.0)

    def force(self, positions: Any, present: Any = None) -> Any:  # noqa: ARG002
        """Force in N."""
        places = jnp.asarray(positions)
        return jnp.stack([jnp.full(places.shape[0], self.along), jnp.full(places.shape[0], self.across)], axis=-1)


class TrackEnds(AbstractForce):
    """The ends of a track, which hold skyrmions with the force of its edges: a current that is too strong expels them.

    Parameters
    ----------
    ends : EdgeForce
        That of an edge, with the x in m of the left end as `low` and of the right end as `high`.

    Examples
    --------
    >>> ends = TrackEnds(EdgeForce(low=0.0, high=400e-9, strength=5e-13, distance=14e-9, decay=7e-9))
    >>> [round(float(each) * 1e13, 1) for each in ends.force(jnp.array([[386e-9, 0.0], [200e-9, 0.0]]))[:, 0]]
    [-5.0, 0.0]
    """

    ends: EdgeForce

    def force(self, positions: Any, present: Any = None) -> Any:  # noqa: ARG002
        """Force in N, along the track."""
        return self.ends.force(jnp.asarray(positions)[:, ::-1])[:, ::-1]

    def inside(self, positions: Any) -> Any:
        """Whether they are between the ends."""
        return (positions[..., 0] >= self.ends.low) & (positions[..., 0] <= self.ends.high)
