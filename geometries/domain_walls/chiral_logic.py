r"""Inverters and gates of domain-wall logic: a region in the plane, in a stripe that magnetises out of it.

The interfacial Dzyaloshinskii-Moriya interaction gives m one sense of turning along the stripe. From an up domain over
the region to a down domain m turns by half a turn, always in that sense, so that the domains on the two sides of a
region no longer than a domain wall are opposite: the region holds a wall. A spin-orbit torque that drives a second
wall into the region pushes the first one out on the other side and leaves its own there. The domain that the second
wall brought is then inverted behind the region [1]_ [2]_ (known to us by their abstracts; the sizes here are ours).

Two lanes that end in one region are a gate. Each wall pushes with its lane's share of the width: a current at which two
walls are just enough inverts the output only if both lanes have brought one. The published gates have a third lane that
never changes, and no such threshold.

References
----------
.. [1] Z. Luo, A. Hrabec, T. P. Dao, G. Sala, S. Finizio, J. Feng, S. Mayr, J. Raabe, P. Gambardella and L. J.
   Heyderman, "Current-driven magnetic domain-wall logic", Nature 579, 214 (2020).
.. [2] Z. Luo et al., "Field- and current-driven magnetic domain-wall inverter and diode", arXiv:2105.06716 (2021).
"""

from __future__ import annotations

import itertools
from typing import Literal

from geometries.domain_walls.device import Stripe
from geometries.domain_walls.lanes import Lanes
from geometries.domain_walls.walls import Wall
from geometries.parts import Part
from geometries.quantities import format_quantity
from geometries.regions import Region
from geometries.terminals import HeavyMetal

__all__ = ["REGION", "chiral_gate", "chiral_inverter", "gate_regions", "inverter_regions", "stage_parts"]

REGION = "inverter"
"""Name of the part that magnetises in the plane."""

_METAL = "metal"


def chiral_inverter(
    value: Literal[1, -1],
    *,
    before: Literal[1, -1] | None = None,
    region_anisotropy: float,
    region_length: float = 20e-9,
    length: float = 200e-9,
    width: float = 64e-9,
    thickness: float = 0.8e-9,
    cell: tuple[float, float, float] = (2e-9, 4e-9, 0.8e-9),
    wall_position: float = 40e-9,
    stages: int = 1,
) -> Stripe:
    """A stripe whose right half will be the inverse of its left half, once a current has driven it.

    It is at rest with the value `before` at its input, the inverse at its output, and the wall between them in the
    region in its middle. A new value that differs is a domain at the left end, with a wall at its front. The current
    enters the terminal "metal", a heavy metal under everything, in the direction that drives walls to the right: walls
    that an interaction D > 0 has made go along J where the spin-Hall angle is positive.

    With more stages the stripe has so many regions at equal distances, each with a wall: the wall that the first lets
    go is what comes to the second, and each inverts what the one before has put out.

    Parameters
    ----------
    value : {1, -1}
        The new input, 1 for up.
    before : {1, -1}, optional
        The input that the output still is the inverse of; that of `value` if left out, so that no wall comes.
    region_anisotropy : float
        Ku of the region in J/m3, below that of the film; it magnetises in the plane where this is below
        mu0 Ms^2 / 2.
    region_length : float
        Of the region along the stripe in m.
    length, width, thickness, cell
        Of the stripe, in m.
    wall_position : float
        Where the front of a new value starts, in m.
    stages : int
        How many inverters follow each other.

    Raises
    ------
    ValueError
        If a value is not 1 or -1, a new value's front does not start left of the region, or there is no stage.
    pydantic.ValidationError
        As of `Stripe`.

    Examples
    --------
    >>> inverter = chiral_inverter(-1, before=1, region_anisotropy=1.5e5)
    >>> inverter.domains  # the new value, the one before, and the inverse of that
    (-1, 1, -1)
    >>> [region.name for region in inverter_regions(inverter)]
    ['input', 'output']
    >>> twice = chiral_inverter(1, region_anisotropy=1.5e5, length=300e-9, stages=2)
    >>> twice.domains, [region.name for region in inverter_regions(twice)]
    ((1, -1, 1), ['input', 'stage_1', 'output'])
    """
    parts, walls = _stages("chiral_inverter", stages, length, region_length, region_anisotropy)
    _check_values("chiral_inverter", value if before is None else before, value)
    if before is not None and before != value:
        _check_front("chiral_inverter", wall_position, walls[0].position - region_length / 2)
        walls.insert(0, Wall(position=wall_position, kind="neel"))
    return Stripe(
        length=length,
        width=width,
        thickness=thickness,
        cell=cell,
        walls=tuple(walls),
        first_domain=value,
        parts=parts,
        terminals=(HeavyMetal(name=_METAL),),
    )


def inverter_regions(inverter: Stripe) -> tuple[Region, ...]:
    """Where input and output of an inverter are read: left of the region, and in the near half of what is right of it.

    A wall that the current drives against the stripe's end may rest before it, held off by m's tilt at the edge. Of
    several stages what each puts out is read up to the next region.

    Parameters
    ----------
    inverter : Stripe
        Of `chiral_inverter`, or any stripe with a part of its name.

    Raises
    ------
    ValueError
        If the stripe has no such part.

    Examples
    --------
    >>> inverter = chiral_inverter(1, region_anisotropy=1.5e5, length=200e-9, region_length=20e-9)
    >>> {each.name: tuple(round(end * 1e9) for end in each.x) for each in inverter_regions(inverter)}  # nm
    {'input': (0, 90), 'output': (110, 155)}
    """
    ends = [each.x for each in stage_parts(inverter) if each.x is not None]
    if not ends:
        raise ValueError(
            f"inverter_regions: this stripe has no part {REGION!r} with a beginning and an end along x; make it with "
            "chiral_inverter"
        )
    between = [
        Region(name=f"stage_{number}", x=(one[1], other[0]))
        for number, (one, other) in enumerate(itertools.pairwise(ends), start=1)
    ]
    end = ends[-1][1]
    output = Region(name="output", x=(end, (end + inverter.length) / 2))
    return (Region(name="input", x=(0.0, ends[0][0])), *between, output)


def stage_parts(inverter: Stripe) -> tuple[Part, ...]:
    """The regions that hold a wall, from left to right.

    Parameters
    ----------
    inverter : Stripe
        Of `chiral_inverter` or `chiral_gate`.

    Examples
    --------
    >>> [part.name for part in stage_parts(chiral_inverter(1, region_anisotropy=1.5e5, stages=2, length=300e-9))]
    ['inverter', 'inverter_2']
    """
    found = [each for each in inverter.parts if each.name == REGION or each.name.startswith(f"{REGION}_")]
    return tuple(sorted(found, key=lambda part: 0.0 if part.x is None else part.x[0]))


def chiral_gate(
    values: tuple[Literal[1, -1], Literal[1, -1]],
    *,
    reset: Literal[1, -1] = -1,
    region_anisotropy: float,
    region_length: float = 40e-9,
    length: float = 240e-9,
    lane_width: float = 16e-9,
    gap: float = 8e-9,
    thickness: float = 1.5e-9,
    cell: tuple[float, float, float] = (4e-9, 4e-9, 1.5e-9),
    wall_position: float = 60e-9,
    stages: int = 1,
) -> Stripe:
    """Two lanes that end in one region, and an output behind it: NAND or NOR, by what it is reset to.

    It is at rest with both inputs at `reset` and the output at the inverse. An input that differs is a domain at the
    left end of its lane. Under a current at which it takes two walls, the output becomes the inverse of both inputs
    where both differ from `reset`, and stays where one does not: NAND where that is -1, NOR where it is 1. Afterwards
    it is reset. All rows were right in micromagnetics at 1.3 times the lowest current of
    `solitons.domain_walls.inverter_window`, in a film with Ms = 900 kA/m, A = 16 pJ/m, Ku = 0.71 MJ/m3, D = 2.25 mJ/m2
    and a region of Ku = 0.46 MJ/m3; with D = 2 mJ/m2 or in Pt/Co a row failed, since walls annihilated.

    Parameters
    ----------
    values : two of 1 and -1
        The inputs a and b, the lower and the upper lane.
    reset : {1, -1}
        The inputs that the output starts as the inverse of.
    region_anisotropy, region_length, length, thickness, cell, wall_position
        As of `chiral_inverter`.
    lane_width, gap : float
        Of the lanes and between them, in m.
    stages : int
        1 for the gate alone; each further one is an inverter behind it, as of `chiral_inverter`: AND or OR with 2.

    Raises
    ------
    ValueError
        If there are not two values, one is not 1 or -1, a new value's front does not start left of the region, or there
        is no stage.
    pydantic.ValidationError
        As of `Stripe`.

    Examples
    --------
    >>> gate = chiral_gate((1, -1), reset=1, region_anisotropy=4.6e5)
    >>> gate.lanes.first_domains, [region.name for region in gate_regions(gate)]
    ((1, -1), ['a', 'b', 'output'])
    """
    parts, walls = _stages("chiral_gate", stages, length, region_length, region_anisotropy)
    begin = walls[0].position - region_length / 2
    if len(values) != 2:
        raise ValueError(f"chiral_gate: values = {values}; give two, of the lower and of the upper lane")
    _check_values("chiral_gate", reset, *values)
    changed = any(value != reset for value in values)
    if changed:
        _check_front("chiral_gate", wall_position, begin)
        walls.insert(0, Wall(position=wall_position, kind="neel"))
    return Stripe(
        length=length,
        width=2 * lane_width + gap,
        thickness=thickness,
        cell=cell,
        walls=tuple(walls),
        first_domain=-reset if changed else reset,
        lanes=Lanes(end=begin, gap=gap, first_domains=values),
        parts=parts,
        terminals=(HeavyMetal(name=_METAL),),
    )


def _stages(
    owner: str, stages: int, length: float, region_length: float, region_anisotropy: float
) -> tuple[tuple[Part, ...], list[Wall]]:
    """Regions at equal distances along a stripe, each with a wall."""
    if stages < 1:
        raise ValueError(f"{owner}: stages = {stages}; give 1 or more")
    middles = [length * number / (stages + 1) for number in range(1, stages + 1)]
    parts = tuple(
        Part(
            name=REGION if number == 1 else f"{REGION}_{number}",
            x=(middle - region_length / 2, middle + region_length / 2),
            Ku=region_anisotropy,
        )
        for number, middle in enumerate(middles, start=1)
    )
    return parts, [Wall(position=middle, kind="neel") for middle in middles]


def _check_values(owner: str, *values: int) -> None:
    wrong = [value for value in values if value not in (1, -1)]
    if wrong:
        raise ValueError(f"{owner}: a value is {wrong[0]!r}; give 1 for up or -1 for down")


def _check_front(owner: str, position: float, begin: float) -> None:
    if not 0 < position < begin:
        raise ValueError(
            f"{owner}: wall_position = {format_quantity(position, 'm')} must lie between the left end and the region, "
            f"which begins at {format_quantity(begin, 'm')}: there the new value's front starts"
        )


def gate_regions(gate: Stripe) -> tuple[Region, ...]:
    """Where the inputs a, b and so on, one a lane (lane_27 after z), and the output of each stage of a gate are read.

    Parameters
    ----------
    gate : Stripe
        Of `chiral_gate`.

    Raises
    ------
    ValueError
        If the stripe has no part of the inverter's name, or no lanes.

    Examples
    --------
    >>> gate = chiral_gate((1, -1), reset=1, region_anisotropy=4.6e5, lane_width=16e-9, gap=8e-9)
    >>> a, b, output = gate_regions(gate)
    >>> [tuple(round(end * 1e9) for end in lane.y) for lane in (a, b)], output.y  # nm; None is everywhere
    ([(0, 16), (24, 40)], None)
    """
    before, *outputs = inverter_regions(gate)
    if gate.lanes is None:
        raise ValueError("gate_regions: this stripe has no lanes; make it with chiral_gate")
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [*letters, *(f"lane_{number}" for number in range(len(letters) + 1, gate.lanes.count + 1))]
    borders = gate.lanes.borders(gate.width)
    return (*(Region(name=name, x=before.x, y=y) for name, y in zip(names, borders, strict=False)), *outputs)
