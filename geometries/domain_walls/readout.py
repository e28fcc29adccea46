"""The read-out window: where a tunnel junction sits on a stripe."""

from __future__ import annotations

from pydantic import ValidationInfo, field_validator

from geometries.description import Description
from geometries.quantities import Length, format_quantity

__all__ = ["ReadoutWindow"]


class ReadoutWindow(Description):
    """The rectangle of a stripe under a magnetic tunnel junction.

    Parameters
    ----------
    x : tuple of two floats
        Begin and end of the junction along the stripe, in m.
    y : tuple of two floats, optional
        Begin and end across the stripe, in m; the whole width if left
        out.

    Raises
    ------
    pydantic.ValidationError
        If an interval does not end after it begins, or is no length.

    Examples
    --------
    >>> ReadoutWindow(x=("200 nm", "300 nm")).x
    (2e-07, 3e-07)
    """

    x: tuple[Length, Length]
    y: tuple[Length, Length] | None = None

    @field_validator("x", "y", mode="after")
    @classmethod
    def _ordered(cls, interval: tuple[float, float] | None, info: ValidationInfo) -> tuple[float, float] | None:
        if interval is not None and interval[1] <= interval[0]:
            begin, end = (format_quantity(edge, "m") for edge in interval)
            raise ValueError(
                f"the window ends at {info.field_name} = {end}, not after its begin at {begin}; give the "
                "smaller value first"
            )
        return interval
