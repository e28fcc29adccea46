"""Ports of a spin ice: islands that are written, and islands that are read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from geometries.description import Description
from geometries.quantities import FieldStrength

__all__ = ["Port"]


class Port(Description):
    """A named group of islands through which information enters or leaves.

    Parameters
    ----------
    name : str
        What a protocol or a read-out calls it.
    role : {"held", "driven", "readout"}
        "held": a static field holds the islands in their initial state. "driven": a
        protocol gives them a field of their own. "readout": they are looked at.
    sites : tuple of int
        Labels of the islands' sites.
    field : float, optional
        Of a held port: the field that holds, in A/m, along the easy axis.

    Raises
    ------
    pydantic.ValidationError
        If the name is empty, there are no sites or one twice, or a held port lacks a
        field above 0, or another has one.

    Examples
    --------
    >>> Port(name="in", role="held", sites=[0, 1], field="200 kA/m").field
    200000.0
    """

    name: str = Field(min_length=1)
    role: Literal["held", "driven", "readout"]
    sites: tuple[Annotated[int, Field(ge=0)], ...]
    field: FieldStrength | None = None

    @model_validator(mode="after")
    def _can_work(self) -> Port:
        if not self.sites:
            raise ValueError(f"port {self.name!r} has no islands; give the labels of some in sites")
        if len(set(self.sites)) < len(self.sites):
            twice = next(site for site in self.sites if self.sites.count(site) > 1)
            raise ValueError(f"port {self.name!r} has site {twice} twice; name each once")
        if self.role == "held" and (self.field is None or self.field <= 0):
            raise ValueError(
                f"port {self.name!r} is held, but its field is {self.field}; give the strength that holds the islands, "
                'above the field in which they switch, such as "200 kA/m"'
            )
        if self.role != "held" and self.field is not None:
            raise ValueError(
                f"port {self.name!r} is {self.role!r} and has a field of {self.field:g} A/m, which only a held port "
                "needs; leave it out, or choose role = 'held'"
            )
        return self
