"""The step of a protocol in field steps that acts on chosen islands only."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from geometries.description import Count, Description
from geometries.quantities import Angle, FieldStrength

__all__ = ["LocalChange", "LocalRampTo"]

FloatArray = npt.NDArray[np.float64]


class LocalRampTo(Description):
    """Change the field on chosen islands of a spin ice or magnets of an array, as a tip or a line does.

    It adds to the field that acts everywhere, and stays until another local step of the
    same islands.

    Parameters
    ----------
    port : str, optional
        Name of the driven port whose islands it acts on.
    sites : tuple of int, optional
        Or the labels of the islands' sites.
    magnets : tuple of str, optional
        Or, of a magnet array, names of magnets.
    to : float or str
        Local field strength H in A/m at the end.
    angle : float or str, optional
        Its direction in the plane from x, in rad. If left out, it is along the easy axis
        of each island, from tail to head, so that a positive field writes spin +1; of a
        magnet, so that it writes state 1.
    elevation : float or str
        Out of the plane towards z, in rad; needs an `angle`.
    field_steps : int
        Number of fields, including the end.

    Examples
    --------
    >>> from runs import FieldSteps
    >>> write = LocalRampTo(port="inputs", to="60 kA/m", field_steps=3)
    >>> FieldSteps(steps=[write, LocalRampTo(port="inputs", to=0.0, field_steps=1)]).states
    5
    """

    do: Literal["local ramp to"] = "local ramp to"
    port: Annotated[str, Field(min_length=1)] | None = None
    sites: Annotated[tuple[Annotated[int, Field(ge=0, le=10**12)], ...], Field(min_length=1)] | None = None
    magnets: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)] | None = None
    to: FieldStrength
    angle: Angle | None = None
    elevation: Angle = 0.0
    field_steps: Count

    @model_validator(mode="after")
    def _says_where(self) -> LocalRampTo:
        given = [name for name in ("port", "sites", "magnets") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"port = {self.port!r}, sites = {self.sites!r} and magnets = {self.magnets!r}: give one of them, which "
                "says where the field acts"
            )
        for name in ("sites", "magnets"):
            several = getattr(self, name) or ()
            if len(set(several)) < len(several):
                twice = next(each for each in several if several.count(each) > 1)
                raise ValueError(f"{name} has {twice!r} twice; name each once")
        if self.angle is None and self.elevation:
            raise ValueError(
                f"elevation = {self.elevation:g} rad without an angle, so that the field is along each island; give "
                "the angle, or leave the elevation out"
            )
        return self

    @property
    def most_fields(self) -> int:
        """How many fields it has."""
        return self.field_steps

    def fields(self, present: FloatArray) -> FloatArray:
        """The fields in A/m everywhere else, which stay: shape (fields, 3)."""
        return np.repeat(present[np.newaxis], self.field_steps, axis=0)


class LocalChange(NamedTuple):
    """A change of the local field: the step, and how much of it is done (states,), 0 before it and 1 after it."""

    step: LocalRampTo
    share: FloatArray
