r"""An adder whose bits are along the film's normal, where each magnet is the inverse of its neighbours' majority.

.. math::

   \overline{carry} = \overline{M}(a, b, c), \qquad o = \overline{M}(a, b, \bar c), \qquad
   \overline{sum} = \overline{M}(\bar o, \overline{carry}, c)

since the sum is :math:`M(M(a, b, \bar c), \overline{carry}, c)`. So c is inverted before the second gate, whose result
o is inverted once on its way to the third; the first's result passes two magnets, one of them the carry. The sum is
the inverse below the third gate.
"""

from __future__ import annotations

from typing import Literal

from geometries.magnet_logic.builders import Bit, MagnetGrid
from geometries.magnet_logic.device import MagnetArray

__all__ = ["perpendicular_adder"]


def perpendicular_adder(
    a: Bit, b: Bit, c: Bit, *, third: Literal["input", "fixed"] = "input", grid: MagnetGrid
) -> MagnetArray:
    """Give an adder of 15 magnets in a row of a perpendicular grid, with the names "sum" and "carry" of its outputs.

    The clock has five zones, from both ends of the row to the middle, and last the sum below it. The inputs `a`, `b`
    and `c` are 1 or -1: two copies of a and b, three of c. `third` is what c is, "input" or "fixed"; fixed at -1 it is
    a half adder.
    """
    grid.check_alike("perpendicular_adder")
    signal = "c" if third == "input" else None
    return grid.array(
        grid.magnet("c_1", -2, 0, third, c, signal=signal),
        grid.magnet("not_c", -1, 0),
        grid.magnet("a_1", 0, 1, "input", a, signal="a"),
        grid.magnet("b_1", 0, -1, "input", b, signal="b"),
        grid.magnet("other", 0, 0, zone=1),
        grid.magnet("not_other", 1, 0, zone=2),
        grid.magnet("not_sum", 2, 0, zone=3),
        grid.magnet("c_2", 2, 1, third, c, signal=signal),
        grid.magnet("sum", 2, -1, "output", zone=4),
        grid.magnet("carried", 3, 0, zone=2),
        grid.magnet("carry", 4, 0, "output", zone=1),
        grid.magnet("not_carry", 5, 0),
        grid.magnet("a_2", 5, 1, "input", a, signal="a"),
        grid.magnet("b_2", 5, -1, "input", b, signal="b"),
        grid.magnet("c_3", 6, 0, third, c, signal=signal),
    )
