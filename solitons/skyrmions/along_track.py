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
    """The same force everywhere: F_x and F_y in N."""

    along: Any = eqx.field(converter=real)
    across: Any = eqx.field(converter=real, default=0.0)

    def force(self, positions: Any, present: Any = None) -> Any:  # noqa: ARG002
        """Force in N."""
        places = jnp.asarray(positions)
        return jnp.stack([jnp.full(places.shape[0], self.along), jnp.full(places.shape[0], self.across)], axis=-1)


class TrackEnds(AbstractForce):
    """The ends of a track, which hold skyrmions with the force of its edges: a current that is too strong expels them.

    `ends` is the force of an edge, with the x in m of the left end as `low` and of the right end as `high`.
    """

    ends: EdgeForce

    def force(self, positions: Any, present: Any = None) -> Any:  # noqa: ARG002
        """Force in N, along the track."""
        return self.ends.force(jnp.asarray(positions)[:, ::-1])[:, ::-1]

    def inside(self, positions: Any) -> Any:
        """Whether they are between the ends."""
        return (positions[..., 0] >= self.ends.low) & (positions[..., 0] <= self.ends.high)
