"""Settings of a netlist's campaign: a magnet on the grid, and the plans that ship."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from geometries import MagnetArray
from geometries.description import Description
from geometries.magnet_logic import and_gate, full_adder, half_adder, majority_gate, nand_gate, nor_gate, or_gate
from geometries.magnet_logic.builders import MagnetGrid, corner, fan_out, inverter
from geometries.magnet_logic.magnets import Name, Role
from solitons.campaigns.magnet_logic.logic_campaign import trimmed
from solitons.campaigns.magnet_logic.logic_results import Bit, Row

__all__ = ["GridMagnet", "Plan", "planned_array"]

Plan = Literal[
    "inverter", "corner", "fan_out", "majority", "and", "or", "nand", "nor", "half_adder", "full_adder"
]  # fmt: skip


class GridMagnet(Description):
    """A magnet at a place of the grid.

    Parameters
    ----------
    name : str
        Name of the magnet.
    column, row : int
        Place in the grid: along x and along y.
    role : {"magnet", "input", "fixed", "output", "block"}
        As in `geometries.Magnet`.
    state : {1, -1}
        State of a fixed magnet or a block; an input has the row's.
    signal : str, optional
        Variable whose value an input has; its name if left out.
    zone : int
        Zone of the clock: 0 is released first.
    """

    name: Name
    column: Annotated[int, Field(ge=-1000, le=1000)]
    row: Annotated[int, Field(ge=-1000, le=1000)]
    role: Role = "magnet"
    state: Bit = 1
    signal: Name | None = None
    zone: Annotated[int, Field(ge=0, le=2000)] = 0


_BUILDERS: dict[str, Callable[[Any, MagnetGrid], MagnetArray]] = {
    "inverter": lambda row, grid: inverter(row[0], grid=grid),
    "corner": lambda row, grid: corner(3, 3, row[0], grid=grid),
    "fan_out": lambda row, grid: fan_out(row[0], grid=grid),
    "majority": majority_gate,
    "and": and_gate,
    "or": or_gate,
    "nand": nand_gate,
    "nor": nor_gate,
    "half_adder": half_adder,
    "full_adder": full_adder,
}
_INPUTS = {"inverter": 1, "corner": 1, "fan_out": 1, "majority": 3, "full_adder": 3}
_ANY: Bit = 1
assert set(_BUILDERS) == set(get_args(Plan))


def planned_array(plan: Plan | None, magnets: tuple[GridMagnet, ...], grid: MagnetGrid, row: Row | None) -> MagnetArray:
    """Build the array of a plan or of drawn magnets with the inputs of a row, or any, without empty cells around it."""
    if plan is not None:
        array = _BUILDERS[plan](row or (1,) * _INPUTS.get(plan, 2), grid)
    else:
        signals = list(dict.fromkeys(each.signal or each.name for each in magnets if each.role == "input"))
        given: Row = row or tuple(_ANY for _ in signals)
        bits: dict[str, Bit] = dict(zip(signals, given, strict=True))
        array = grid.array(
            *(
                grid.magnet(
                    each.name,
                    each.column,
                    each.row,
                    each.role,
                    bits[each.signal or each.name] if each.role == "input" else each.state,
                    signal=each.signal,
                    zone=each.zone,
                )
                for each in magnets
            )
        )
    return trimmed(array)
