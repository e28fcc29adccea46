"""Wires and gates of nanomagnets on a grid.

Magnets have their axes along y. Two that lie beside each other along x couple antiferromagnetically, two above each
other along y ferromagnetically. A majority gate needs its two ferromagnetic inputs alike, and the third no
stronger than both; its smallest margin is largest where all three are alike, which they are within 1 % with the sizes
of `REFERENCE` (the tests show it). The sizes are ours, chosen for that: no published gate was found with the couplings
of its sizes. The gate's plan, three inputs about a magnet, is due to A. Imre, G. Csaba, L. Ji, A. Orlov, G. H.
Bernstein and W. Porod, Science 311, 205 (2006).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from geometries.description import Description, PositiveLength
from geometries.magnet_logic.device import MagnetArray
from geometries.magnet_logic.magnets import Magnet, Role
from geometries.quantities import FieldStrength, format_quantity

__all__ = [
    "PERPENDICULAR",
    "REFERENCE",
    "SPIN_ORBIT",
    "Bit",
    "MagnetGrid",
    "corner",
    "fan_out",
    "inverter",
    "majority_gate",
    "wire",
]

Bit = Literal[1, -1]


class MagnetGrid(Description):
    """Sizes that all magnets of an array share.

    Parameters
    ----------
    length, width, thickness : float
        Size of a magnet along y, x and z, in m.
    gap_beside, gap_above : float
        Between neighbours along x and along y, in m.
    shape : {"ellipse", "stadium", "rectangle"}
        Shape of a magnet.
    cell : tuple of three floats
        In m.
    field : float
        Bias in A/m that holds inputs.
    perpendicular : bool
        Whether bits are along the film's normal: then neighbours couple antiferromagnetically along y, too.

    Examples
    --------
    >>> wide = REFERENCE.model_copy(update={"gap_beside": 30e-9})
    >>> second = wide.magnet("second", column=1, row=0)
    >>> round((second.x - wide.width) * 1e9)  # nm between it and the magnet in column 0
    30
    """

    length: PositiveLength
    width: PositiveLength
    thickness: PositiveLength
    gap_beside: PositiveLength
    gap_above: PositiveLength
    shape: Literal["ellipse", "stadium", "rectangle"] = "ellipse"
    cell: tuple[PositiveLength, PositiveLength, PositiveLength]
    field: Annotated[FieldStrength, Field(gt=0)]
    perpendicular: bool = False

    def magnet(
        self,
        name: str,
        column: int,
        row: int,
        role: Role = "magnet",
        state: Bit = 1,
        *,
        signal: str | None = None,
        zone: int = 0,
    ) -> Magnet:
        """Give the magnet at a place of the grid; see `Magnet`."""
        return Magnet(
            name=name,
            x=column * (self.width + self.gap_beside),
            y=row * (self.length + self.gap_above),
            length=self.length,
            width=self.width,
            shape=self.shape,
            role=role,
            state=state,
            field=self.field if role in ("input", "fixed") else None,
            signal=signal,
            zone=zone,
        )

    def check_alike(self, owner: str) -> None:
        """Refuse a perpendicular grid whose neighbours along x and along y do not pull alike.

        Their distances may not differ by more than 5 %.
        """
        beside, above = self.width + self.gap_beside, self.length + self.gap_above
        if self.perpendicular and abs(beside - above) > 0.05 * min(beside, above):
            raise ValueError(
                f"{owner}: magnets of the grid are {format_quantity(beside, 'm')} apart along x and "
                f"{format_quantity(above, 'm')} along y; with bits along the normal the nearer ones pull more, and the "
                "gate counts neighbours alike: choose sizes and gaps with one distance"
            )

    def array(self, *magnets: Magnet) -> MagnetArray:
        """Make magnets an array; only nearest ones of the grid count as neighbours."""
        return MagnetArray(
            magnets=magnets,
            thickness=self.thickness,
            cell=self.cell,
            perpendicular=self.perpendicular,
            reach=1.2 * max(self.gap_beside, self.gap_above),
        )


REFERENCE = MagnetGrid(
    length=92e-9,
    width=60e-9,
    thickness=20e-9,
    gap_beside=16e-9,
    gap_above=28e-9,
    cell=(4e-9, 4e-9, 20e-9),
    field=2.4e5,
)
"""Sizes on which wire and gate work, for permalloy (800 kA/m, 13 pJ/m)."""

PERPENDICULAR = MagnetGrid(
    length=32e-9,
    width=32e-9,
    thickness=12e-9,
    gap_beside=8e-9,
    gap_above=8e-9,
    cell=(4e-9, 4e-9, 12e-9),
    field=2.4e5,
    perpendicular=True,
)
"""Discs with bits along the normal, for a film such as Co/Pt (600 kA/m, 12 pJ/m, Ku = 0.2 MJ/m3 along z).

Sizes and film are ours. Published gates have larger dots, whose switching begins at a site of lower anisotropy.
"""

SPIN_ORBIT = MagnetGrid(
    length=48e-9,
    width=48e-9,
    thickness=4e-9,
    gap_beside=8e-9,
    gap_above=8e-9,
    cell=(4e-9, 4e-9, 4e-9),
    field=1e3,
    perpendicular=True,
)
"""Flat discs with bits along the normal that a current in a heavy metal can clock, for a film such as Co/Ni.

That is 800 kA/m, 12 pJ/m, Ku = 0.32 MJ/m3 along z and a spin-Hall angle of 0.3: H_K is 59 kA/m, and a magnet's barrier
51 kT at 300 K. Sizes and film are ours. The bias is too weak to hold an input under the clock: `with_hard_inputs`.
"""


def wire(
    count: int,
    state: Bit = 1,
    *,
    along: Literal["x", "y"] = "x",
    zone_length: int | None = None,
    end_block: bool = False,
    grid: MagnetGrid = REFERENCE,
) -> MagnetArray:
    """A chain with a held input at its beginning and an output at its end.

    Under a clock along x the last magnet of a chain along x has one neighbour that helps to hold it across and all
    others have two, so that it falls first as the clock falls, and a front comes back from there. A block beyond it,
    magnetised along the clock, holds it as a neighbour would: then there is one front, from the input on. The output is
    left with m at 20 degrees from its axis, since the block's field stays.

    Parameters
    ----------
    count : int
        Magnets, the input and the output among them; at least 2.
    state : {1, -1}
        State of the input; all others start from 1.
    along : {"x", "y"}
        Along x neighbours are antiparallel, along y parallel; of a perpendicular grid antiparallel along both.
    zone_length : int, optional
        Magnets of a zone of the clock, counted from the input; one zone if left out.
    end_block : bool
        Whether a block follows the output of a chain along x with bits in the plane; it is as large as a magnet, lies
        along x, and is named "end".
    grid : MagnetGrid
        Sizes.

    Examples
    --------
    >>> [magnet.role for magnet in wire(3).magnets], wire(5, zone_length=2).zones()
    (['input', 'magnet', 'output'], (('m1', 'm2'), ('m3', 'out')))
    """
    if count < 2:
        raise ValueError(f"wire: count = {count} must be 2 or more: an input and an output")
    if zone_length is not None and zone_length < 1:
        raise ValueError(f"wire: zone_length = {zone_length} must be 1 or more")
    if end_block and along == "y":
        raise ValueError(
            "wire: end_block = True with along = 'y', in which neighbours do not hold each other across; leave it out"
        )
    names = ["in", *(f"m{i}" for i in range(1, count - 1)), "out"]
    middle: list[Role] = ["magnet"] * (count - 2)
    roles: list[Role] = ["input", *middle, "output"]
    block = Magnet(
        name="end",
        x=count * (grid.width + grid.gap_beside) + (grid.length - grid.width) / 2,
        y=0.0,
        length=grid.length,
        width=grid.width,
        angle=0.0,
        shape="rectangle",
        role="block",
    )
    return grid.array(
        *(
            grid.magnet(
                name,
                *((i, 0) if along == "x" else (0, i)),
                role,
                state if i == 0 else 1,
                zone=(i - 1) // zone_length if i and zone_length else 0,
            )
            for i, (name, role) in enumerate(zip(names, roles, strict=True))
        ),
        *((block,) if end_block else ()),
    )


def corner(columns: int, rows: int, state: Bit = 1, grid: MagnetGrid = REFERENCE) -> MagnetArray:
    """A wire along x that goes on along y.

    The clock has up to four zones: the magnets before the last two columns, the last but one, the corner, and the
    magnets above it. With one zone a corner of three columns or more fails in one of its two states: magnets that the
    clock holds along x pull those diagonal to them along y, always to the same side, while bits are decided, and a
    magnet beside the corner pulls the one above it to the wrong side. One that is released after its neighbour has a
    bit is pulled by it three times as strongly. Corner and magnets above it are in one column: no line along y clocks
    these zones.

    `columns` and `rows` are magnets along x, from the input to the corner, and along y, from the corner to the output;
    2 or more. `state` is the input's, 1 or -1.
    """
    if columns < 2 or rows < 2:
        raise ValueError(f"corner: columns = {columns} and rows = {rows} must be 2 or more: the corner belongs to both")
    return grid.array(
        grid.magnet("in", 0, 0, "input", state),
        *(grid.magnet(f"h{i}", i, 0, zone=max(0, i - columns + 3)) for i in range(1, columns)),
        *(grid.magnet(f"v{j}", columns - 1, j, zone=3) for j in range(1, rows - 1)),
        grid.magnet("out", columns - 1, rows - 1, "output", zone=3),
    )


def fan_out(state: Bit = 1, grid: MagnetGrid = REFERENCE) -> MagnetArray:
    """One input of `state` 1 or -1 that sets two outputs: a magnet beside it, and one output above and one below that.

    Both outputs are the inverted input, of a perpendicular grid the input itself.
    """
    return grid.array(
        grid.magnet("in", 0, 0, "input", state),
        grid.magnet("middle", 1, 0),
        grid.magnet("out_1", 1, 1, "output"),
        grid.magnet("out_2", 1, -1, "output"),
    )


def inverter(state: Bit = 1, grid: MagnetGrid = REFERENCE) -> MagnetArray:
    """Two magnets beside each other: the output is the inverted input."""
    return wire(2, state, grid=grid)


def majority_gate(states: tuple[Bit, Bit, Bit], grid: MagnetGrid = REFERENCE) -> MagnetArray:
    """Three inputs about a magnet, and an output beside it.

    Inputs a and c are above and below the centre and couple ferromagnetically, b is beside it and is inverted: the
    centre takes the majority of a, not b and c, and the output, on its other side, the inverse of the centre.

    Parameters
    ----------
    states : three of 1 and -1
        States of a, b and c; the others start from 1. In a perpendicular grid all three couple alike: the centre is the
        inverse of the majority of a, b and c, and the output is their majority. The output is in a zone of its own
        there: a and c lie diagonal to it, and together pull it as strongly as a centre that is half decided.
    grid : MagnetGrid
        Sizes.

    Examples
    --------
    >>> gate = majority_gate((1, -1, 1))
    >>> {magnet.name: magnet.state for magnet in gate.magnets if magnet.role == "input"}
    {'a': 1, 'b': -1, 'c': 1}
    """
    a, b, c = states
    return grid.array(
        grid.magnet("a", 0, 1, "input", a),
        grid.magnet("b", -1, 0, "input", b),
        grid.magnet("c", 0, -1, "input", c),
        grid.magnet("centre", 0, 0),
        grid.magnet("out", 1, 0, "output", zone=int(grid.perpendicular)),
    )
