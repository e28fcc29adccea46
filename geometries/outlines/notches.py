"""Notches: bites out of the edges of a stripe that pin domain walls."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Discriminator, Tag

from geometries.description import Count, Description, PositiveLength
from geometries.quantities import Length

__all__ = ["AnyNotch", "Notch", "PeriodicNotches"]


class Notch(Description):
    """A notch in one edge of a stripe, or in both.

    Seen from above, a triangular notch of depth d and width w at x0 removes the
    magnet up to d (1 - |s|) from the edge, a round one, half an ellipse, up to
    d sqrt(1 - s^2), and a rectangular one up to d, with s = 2 (x - x0) / w between -1
    and 1.

    Parameters
    ----------
    position : float
        Position x0 of the notch's middle along the stripe, in m.
    depth : float
        How far the notch reaches in from the edge, in m.
    width : float
        Extent of its opening along the edge, in m.
    shape : {"triangular", "round", "rectangular"}
        Form of the notch.
    edge : {"top", "bottom", "both"}
        The edge it is cut from; y grows from bottom to top.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0, a quantity is no length, or a key is unknown.

    Examples
    --------
    >>> notch = Notch(position="100 nm", depth="20 nm", width="40 nm", edge="top")
    >>> notch.depth
    2e-08
    """

    position: Length
    depth: PositiveLength
    width: PositiveLength
    shape: Literal["triangular", "round", "rectangular"] = "triangular"
    edge: Literal["top", "bottom", "both"] = "both"

    def expand(self) -> tuple[Notch, ...]:
        """List the single notches that this description stands for: itself."""
        return (self,)

    def depth_at(self, x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Give the depth of the notch along the stripe.

        Parameters
        ----------
        x : numpy.ndarray
            Positions along the stripe, in m; any shape.

        Returns
        -------
        numpy.ndarray
            Depth in m, of the shape of `x`; 0 beside the notch.
        """
        distance = np.minimum(np.abs(x - self.position) / (self.width / 2), 1.0)
        if self.shape == "rectangular":
            # A position on its side is beside it.
            return np.where(distance < 1 - 1e-9, self.depth, 0.0)
        profile = 1 - distance if self.shape == "triangular" else np.sqrt(1 - distance**2)
        return self.depth * profile


class PeriodicNotches(Description):
    """Equal notches at equal distances along a stripe.

    Notch number k sits at ``first + k * period``, k = 0 ... count - 1.

    Parameters
    ----------
    first : float
        Position of the first notch along the stripe, in m.
    period : float
        Distance from one notch to the next, in m.
    count : int
        How many notches there are.
    depth, width, shape, edge
        As for `Notch`.

    Raises
    ------
    pydantic.ValidationError
        If a size is not above 0, `count` is below 1, or a key is unknown.

    Examples
    --------
    >>> notches = PeriodicNotches(first=50e-9, period=100e-9, count=3, depth=10e-9, width=20e-9)
    >>> [round(1e9 * notch.position) for notch in notches.expand()]
    [50, 150, 250]
    """

    first: Length
    period: PositiveLength
    count: Count
    depth: PositiveLength
    width: PositiveLength
    shape: Literal["triangular", "round", "rectangular"] = "triangular"
    edge: Literal["top", "bottom", "both"] = "both"

    def expand(self) -> tuple[Notch, ...]:
        """List the single notches, from left to right."""
        return tuple(
            Notch(
                position=self.first + k * self.period,
                depth=self.depth,
                width=self.width,
                shape=self.shape,
                edge=self.edge,
            )
            for k in range(self.count)
        )


def _which_notch(value: Any) -> str:
    # One branch of the union is tried, so that an error speaks of the notch that was meant.
    periodic = isinstance(value, PeriodicNotches) or (
        isinstance(value, dict) and not value.keys().isdisjoint({"first", "period", "count"})
    )
    return "periodic" if periodic else "single"


AnyNotch = Annotated[
    Annotated[Notch, Tag("single")] | Annotated[PeriodicNotches, Tag("periodic")],
    Discriminator(_which_notch),
]
"""A `Notch`, or `PeriodicNotches` where "first", "period" or "count" is given."""
