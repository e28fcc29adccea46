"""A magnet behind each output, which is still cleared while the output falls."""

from __future__ import annotations

from geometries.magnet_logic.device import MagnetArray

__all__ = ["with_followers"]


def with_followers(array: MagnetArray) -> MagnetArray:
    """Give each output a further magnet behind it, one zone later.

    While it lies in the plane along the spins of a spin-orbit clock, its stray field holds the output there too, and
    the output leans to where its other neighbour pushes it before it falls (`runs.protocols.magnet_logic.clearing`).
    The last magnet of a round chain lacks this: with the sizes of `SPIN_ORBIT` it is wrong in 11 to 22 % of the cases
    at 300 K, and those before it in less than 1 %. It helps where spins lie along the way from the output's neighbour
    to it, as they do over metals under columns.

    Parameters
    ----------
    array : MagnetArray
        Its outputs with one neighbour each get one; others, such as an adder's carry, have a magnet behind them.

    Returns
    -------
    MagnetArray
        With magnets "after_" and the output's name, as far behind it as its neighbour is before it.

    Raises
    ------
    ValueError
        If no output has just one neighbour.
    pydantic.ValidationError
        If a magnet is in the way.

    Examples
    --------
    >>> from geometries.magnet_logic import SPIN_ORBIT
    >>> from geometries.magnet_logic.builders import inverter
    >>> longer = with_followers(inverter(grid=SPIN_ORBIT))
    >>> [magnet.name for magnet in longer.magnets], longer.zones()
    (['in', 'out', 'after_out'], (('out',), ('after_out',)))
    """
    added = []
    for output in array.magnets:
        near = array.neighbours(output.name)
        if output.role != "output" or len(near) != 1:
            continue
        before = array.magnets[array.index(near[0])]
        changes = {
            "name": f"after_{output.name}",
            "role": "magnet",
            "x": 2 * output.x - before.x,
            "y": 2 * output.y - before.y,
            "zone": output.zone + 1,
        }
        added.append(output.model_copy(update=changes))
    if not added:
        raise ValueError("with_followers: no output has just one neighbour; give an array whose outputs are at an end")
    return MagnetArray.model_validate(array.model_dump() | {"magnets": (*array.magnets, *added)})
