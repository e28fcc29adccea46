"""Gates and adders that are majority gates of nanomagnets, for a clock whose zones are columns of the grid.

A magnet between four neighbours takes the majority of those above and below and of the inverse of those beside it. What
is decided in one zone is at rest when the next zone is released, so that a neighbour that follows later does not take
part. Inputs may be needed at several places: they are copies of one signal, each held by its own bias.

On a perpendicular grid all four neighbours are taken inverted, and each magnet inverts. A majority gate there has one
stage less or one more, and its third input the other state; an adder has another plan (`perpendicular_adders`).
`netlist_values` derives what an array computes from its neighbours and zones.

With the sizes of `REFERENCE` and permalloy all rows of AND, OR, adders and slanted gates are right at 0 K in
micromagnetics (the native engine), as in the model; perpendicular gates are right in the model with the sizes of
`PERPENDICULAR` and of `SPIN_ORBIT`.
"""

from __future__ import annotations

from typing import Literal

from geometries.magnet_logic.builders import REFERENCE, Bit, MagnetGrid
from geometries.magnet_logic.device import MagnetArray
from geometries.magnet_logic.perpendicular_adders import perpendicular_adder

__all__ = ["and_gate", "full_adder", "half_adder", "nand_gate", "nor_gate", "or_gate", "slanted_gate"]


def and_gate(states: tuple[Bit, Bit], grid: MagnetGrid = REFERENCE) -> MagnetArray:
    """A AND b: a majority gate whose third input is held, and a wire to the output.

    The clock has zones of one column each: in one zone the output, whose neighbours are fewer, is decided first in two
    of the four rows. The held input is at 1 where bits are in the plane, since it is inverted, and at 0 where they are
    along the normal, where all three are.

    Parameters
    ----------
    states : two of 1 and -1
        States of a and b.
    grid : MagnetGrid
        Sizes.

    Examples
    --------
    >>> and_gate((1, 1)).signals, and_gate((1, 1)).zones()
    (('a', 'b'), (('centre',), ('inverse',), ('out',)))
    >>> from geometries.magnet_logic import PERPENDICULAR
    >>> and_gate((1, 1), PERPENDICULAR).zones()
    (('centre',), ('out',))
    """
    return _held_majority(states, False, not grid.perpendicular, grid)


def nand_gate(states: tuple[Bit, Bit], grid: MagnetGrid = REFERENCE) -> MagnetArray:
    """NOT (a AND b): as `and_gate`, with one magnet less or, on a perpendicular grid, one more.

    Parameters
    ----------
    states, grid
        As in `and_gate`.

    Examples
    --------
    >>> from geometries.magnet_logic import PERPENDICULAR, netlist_values
    >>> [netlist_values(nand_gate(row, PERPENDICULAR))["out"] for row in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
    [-1, 1, 1, 1]
    """
    return _held_majority(states, False, grid.perpendicular, grid)


def or_gate(states: tuple[Bit, Bit], grid: MagnetGrid = REFERENCE) -> MagnetArray:
    """A OR b: as `and_gate`, with the third input held at the other state.

    Parameters
    ----------
    states, grid
        As in `and_gate`.

    Examples
    --------
    >>> [(magnet.name, magnet.role) for magnet in or_gate((1, -1)).magnets]
    [('a', 'input'), ('held', 'fixed'), ('b', 'input'), ('centre', 'magnet'), ('inverse', 'magnet'), ('out', 'output')]
    """
    return _held_majority(states, True, not grid.perpendicular, grid)


def nor_gate(states: tuple[Bit, Bit], grid: MagnetGrid = REFERENCE) -> MagnetArray:
    """NOT (a OR b): as `nand_gate`, with the third input held at the other state.

    Parameters
    ----------
    states, grid
        As in `and_gate`.

    Examples
    --------
    >>> from geometries.magnet_logic import netlist_values
    >>> [netlist_values(nor_gate(row))["out"] for row in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
    [-1, -1, -1, 1]
    """
    return _held_majority(states, True, grid.perpendicular, grid)


def _held_majority(states: tuple[Bit, Bit], either: bool, longer: bool, grid: MagnetGrid) -> MagnetArray:
    """The majority of a, b and 0, or 1 where `either` is enough, with two magnets after the centre or, shorter, one."""
    grid.check_alike("logic gates")
    a, b = states
    held: Bit = 1 if either == grid.perpendicular else -1
    inverse = (grid.magnet("inverse", 1, 0, zone=1),) if longer else ()
    last = 1 + len(inverse)
    return grid.array(
        grid.magnet("a", 0, 1, "input", a),
        grid.magnet("held", -1, 0, "fixed", held),
        grid.magnet("b", 0, -1, "input", b),
        grid.magnet("centre", 0, 0),
        *inverse,
        grid.magnet("out", last, 0, "output", zone=last),
    )


def slanted_gate(
    states: tuple[Bit, Bit], gate: Literal["and", "or"], *, slant: float = 8e-9, grid: MagnetGrid = REFERENCE
) -> MagnetArray:
    """AND or OR without a third input: two inputs above and below a rectangle with a slanted edge.

    The slanted edge turns the easy axis, so that a clock along +x leaves the magnet in one of its states unless both
    inputs pull it to the other. The plan follows US patent 8,058,906 (M. T. Niemier et al., University of Notre
    Dame); sizes are ours.

    Parameters
    ----------
    states : two of 1 and -1
        States of a and b.
    gate : {"and", "or"}
        Function under a clock along +x; the other one under a clock along -x.
    slant : float
        Slant of the edge, in m. The model has all four rows right from 4 to 12 nm, micromagnetics at 8.
    grid : MagnetGrid
        Sizes; bits in the plane.

    Raises
    ------
    ValueError
        If bits are along the normal.

    Examples
    --------
    >>> [round(magnet.slant * 1e9) for magnet in slanted_gate((1, -1), "and").magnets]
    [0, -8, 0]
    """
    if grid.perpendicular:
        raise ValueError(
            "slanted_gate: grid.perpendicular = True; a slanted edge turns an axis in the plane and none along the "
            "normal, so that the output would be the inverse of two inputs that agree (NAND and NOR alike) and "
            "undecided where they differ; use and_gate, or_gate, nand_gate or nor_gate, or bits in the plane"
        )
    a, b = states
    shape = {"shape": "rectangle", "slant": slant if gate == "or" else -slant}
    return grid.array(
        grid.magnet("a", 0, 1, "input", a),
        grid.magnet("out", 0, 0, "output").model_copy(update=shape),
        grid.magnet("b", 0, -1, "input", b),
    )


def full_adder(states: tuple[Bit, Bit, Bit], grid: MagnetGrid = REFERENCE) -> MagnetArray:
    r"""The sum of three bits as two: carry, and sum, from three majority gates in a row of the grid.

    .. math:: carry = M(a, b, c), \qquad sum = M(\overline{carry}, M(a, b, \overline{c}), c)

    The sum's magnet lies between the magnet that inverts the second gate and the carry, which it inverts itself. The
    clock has two zones: the columns of both first gates, then the sum's. With one zone two of the eight rows fail. On a
    perpendicular grid the plan is from `perpendicular_adders`.

    Parameters
    ----------
    states : three of 1 and -1
        States of a, b and c. There are two copies of a and b, and three of c.
    grid : MagnetGrid
        Sizes.

    Examples
    --------
    >>> adder = full_adder((1, 1, -1))
    >>> adder.signals, [each.name for each in adder.magnets if each.role == "output"]
    (('a', 'b', 'c'), ['sum', 'carry'])
    """
    return _adder(*states, third="input", grid=grid)


def half_adder(states: tuple[Bit, Bit], grid: MagnetGrid = REFERENCE) -> MagnetArray:
    """The sum of two bits, as a two-bit number of carry and sum: a full adder whose third bit is held at 0.

    The carry is a AND b, the sum is 1 where just one of them is.

    Parameters
    ----------
    states : two of 1 and -1
        States of a and b.
    grid : MagnetGrid
        Sizes.

    Examples
    --------
    >>> half_adder((1, 1)).signals
    ('a', 'b')
    """
    return _adder(*states, -1, third="fixed", grid=grid)


def _adder(a: Bit, b: Bit, c: Bit, *, third: Literal["input", "fixed"], grid: MagnetGrid) -> MagnetArray:
    """Three gates in a row: two inputs above and below the outer ones, the third beside them and above the sum."""
    if grid.perpendicular:
        return perpendicular_adder(a, b, c, third=third, grid=grid)
    signal = "c" if third == "input" else None
    return grid.array(
        grid.magnet("a_1", 0, 1, "input", a, signal="a"),
        grid.magnet("b_1", 0, -1, "input", b, signal="b"),
        grid.magnet("c_1", -1, 0, third, c, signal=signal),
        grid.magnet("other", 0, 0),
        grid.magnet("not_other", 1, 0),
        grid.magnet("sum", 2, 0, "output", zone=1),
        grid.magnet("carry", 3, 0, "output"),
        grid.magnet("not_c", 4, 0),
        grid.magnet("c_2", 2, 1, third, c, signal=signal),
        grid.magnet("a_2", 3, 1, "input", a, signal="a"),
        grid.magnet("b_2", 3, -1, "input", b, signal="b"),
        grid.magnet("c_3", 5, 0, third, c, signal=signal),
    )
