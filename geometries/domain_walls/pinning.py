"""Pinned ends: domains held by an exchange bias, so that no wall leaves."""

from __future__ import annotations

from typing import Any

from pydantic import field_validator

from geometries.description import Description, PositiveLength
from geometries.quantities import FieldStrength, format_quantity

__all__ = ["PinnedEnds"]


class PinnedEnds(Description):
    """Both ends of a stripe held by an exchange bias.

    An antiferromagnet on the ends adds a static field of strength `field` along
    the direction of the domain that begins (ends) there; a wall that is driven
    to an end stops before it instead of leaving. It is a field and not a set of
    frozen cells, because OOMMF drops frozen cells without a word where a
    Zhang-Li torque acts.

    Parameters
    ----------
    length : float
        Length of each pinned end, in m.
    field : float
        Strength H of the exchange bias, in A/m ("200 mT/mu0" is one).

    Raises
    ------
    pydantic.ValidationError
        If `length` or `field` is not above 0 or has another dimension.

    Examples
    --------
    >>> PinnedEnds(length="20 nm", field="250 mT/mu0").length
    2e-08
    """

    length: PositiveLength
    field: FieldStrength

    @field_validator("field", mode="after")
    @classmethod
    def _holds(cls, value: Any) -> Any:
        if value <= 0:
            raise ValueError(
                f"{format_quantity(value, 'A/m')} holds no domain; give a strength above 0 (the direction "
                "follows the domain), or leave pinned_ends out"
            )
        return value
