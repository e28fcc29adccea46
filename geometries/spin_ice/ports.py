"""Ports of a spin ice: islands that are written, and islands that are read."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Discriminator, Field, Tag, model_validator

from geometries.description import Count, Description
from geometries.quantities import FieldStrength
from geometries.regions import Interval
from geometries.spin_ice.placement import PlacedIslands

__all__ = ["Port", "SiteRule", "port_sites"]

Site = Annotated[int, Field(ge=0, le=10**12)]


class SiteRule(Description):
    """Sites of a lattice by a rule: by kind, by place, every n-th, or those in no other port.

    From the sites of the complete lattice, by ascending label, it takes the sites of the kind and in the intervals, of
    these every n-th, and of these the ones whose islands are
    there and in none of the ports named.

    Parameters
    ----------
    of : str, optional
        Kind of island, one of the lattice's `kinds`.
    x, y : tuple of two floats, optional
        Interval of the islands' ideal centres, in m, from the begin to before the end.
    first : int
        How many are passed over at the beginning.
    every : int
        Then every n-th is taken.
    count : int, optional
        How many are taken, missing islands included; all if left out.
    not_in : tuple of str
        Names of ports, each listed before, whose islands are left out.

    Examples
    --------
    >>> SiteRule(of="vertical", x=("0 nm", "300 nm"), every=2).every
    2
    """

    of: str | None = None
    x: Interval | None = None
    y: Interval | None = None
    first: Annotated[int, Field(ge=0, le=10**12)] = 0
    every: Count = 1
    count: Count | None = None
    not_in: tuple[str, ...] = ()

    def sites(self, placed: PlacedIslands, ports: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
        """Give the labels of the sites, in ascending order.

        Parameters
        ----------
        placed : PlacedIslands
            The islands of the ice.
        ports : mapping of str to tuple of int
            The sites of the ports before.

        Returns
        -------
        tuple of int

        Raises
        ------
        ValueError
            If there is no such kind or no such port before.
        """
        kinds = np.unique(placed.site_kind).tolist()
        if self.of is not None and self.of not in kinds:
            near = difflib.get_close_matches(self.of, kinds, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise ValueError(
                f"of = {self.of!r} is no kind of island of this lattice; {hint}Its kinds are {', '.join(kinds)}"
            )
        for name in self.not_in:
            if name not in ports:
                raise ValueError(
                    f"not_in has {name!r}, which is no port before this one; those are "
                    f"{', '.join(map(repr, ports)) or 'none'}: put that port above"
                )
        chosen = np.ones(placed.site_count, dtype=bool)
        if self.of is not None:
            chosen &= placed.site_kind == self.of
        for interval, place in zip((self.x, self.y), placed.site_position.T, strict=True):
            if interval is not None:
                # A centre on a border is on it, whichever way it rounds.
                slack = 1e-9 * float(np.ptp(placed.site_position)) if placed.site_count > 1 else 0.0
                chosen &= (place >= interval[0] - slack) & (place < interval[1] - slack)
        counted = np.flatnonzero(chosen)[self.first :: self.every][: self.count]
        elsewhere = [site for name in self.not_in for site in ports[name]]
        there = counted[np.isin(counted, placed.site) & ~np.isin(counted, elsewhere)]
        return tuple(there.tolist())


def _given_as(sites: Any) -> str:
    return "rule" if isinstance(sites, Mapping | SiteRule) else "labels"


class Port(Description):
    """A named group of islands through which information enters or leaves.

    Parameters
    ----------
    name : str
        Name in protocols and read-outs.
    role : {"held", "driven", "readout"}
        "held": a static field holds the islands in their initial state. "driven": a
        protocol gives them a field of their own. "readout": they are looked at.
    sites : tuple of int or SiteRule
        Labels of the islands' sites, or a rule that chooses them; `SpinIce.port_sites`
        gives the labels in either case.
    field : float, optional
        Field that holds a held port, in A/m, along the easy axis.

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
    sites: Annotated[
        Annotated[tuple[Site, ...], Tag("labels")] | Annotated[SiteRule, Tag("rule")], Discriminator(_given_as)
    ]
    field: FieldStrength | None = None

    @model_validator(mode="after")
    def _can_work(self) -> Port:
        if isinstance(self.sites, tuple) and not self.sites:
            raise ValueError(f"port {self.name!r} has no islands; give the labels of some in sites")
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


def port_sites(ports: Sequence[Port], placed: PlacedIslands) -> dict[str, tuple[int, ...]]:
    """Give the sites of ports, those by a rule included, by the name of the port and in its order.

    A ValueError if two ports have one name, or a rule names what there is not or chooses no island.
    """
    found: dict[str, tuple[int, ...]] = {}
    for port in ports:
        if port.name in found:
            raise ValueError(f"ports has {port.name!r} twice; give each port a name of its own")
        if isinstance(port.sites, SiteRule):
            try:
                found[port.name] = port.sites.sites(placed, found)
            except ValueError as error:
                raise ValueError(f"port {port.name!r}: sites.{error}") from None
            if not found[port.name]:
                raise ValueError(
                    f"port {port.name!r} has no islands: none is where sites.x and sites.y are, of the kind and in no "
                    "port of not_in; make the rule wider"
                )
        else:
            found[port.name] = port.sites
    return found
