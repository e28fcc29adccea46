"""A heavy metal under the magnets of an array, whose current clocks them, and inputs that it leaves as they are."""

from __future__ import annotations

import numpy as np

from geometries.directions import direction_text
from geometries.magnet_logic.device import MagnetArray
from geometries.magnet_logic.zone_columns import zone_columns
from geometries.parts import Part
from geometries.quantities import format_quantity
from geometries.terminals import HeavyMetal

__all__ = ["heavy_metal_zones", "with_hard_inputs", "with_heavy_metal"]

_PREFIX = "metal_"


def with_heavy_metal(
    array: MagnetArray,
    *,
    direction: tuple[float, float, float] | None = None,
    zones: bool = False,
    spin_hall_angle: float | None = None,
    field_like_ratio: float | None = None,
) -> MagnetArray:
    """Give an array the heavy metal whose current clocks its magnets (`runs.spin_orbit_pulses`).

    While the current flows perpendicular magnets lie along its spins, z x direction. Neighbours along the spins then
    hold each other in the plane, and those across push each other out of it. A chain whose magnets are all clocked at
    once needs its current along itself, so that its spins are across: else its free end falls first.

    Parameters
    ----------
    array : MagnetArray
        Without a heavy metal.
    direction : tuple of three floats, optional
        Direction of a positive current; by default x, and with `zones` y, along which lines under columns run.
    zones : bool
        Whether each run of columns of one zone has a metal of its own, "metal_0", "metal_1" and so on from left to
        right, which reaches to the middle of the gaps beside it; else one under all magnets, "metal".
    spin_hall_angle, field_like_ratio : float, optional
        As of a `HeavyMetal`.

    Raises
    ------
    ValueError
        If there is a heavy metal already, magnets of two zones lie above each other, or lines under columns should
        carry a current across themselves.

    Examples
    --------
    >>> from geometries.magnet_logic import SPIN_ORBIT, wire
    >>> with_heavy_metal(wire(4, grid=SPIN_ORBIT)).terminal("metal").spin_direction
    (0.0, 1.0, 0.0)
    >>> [metal.name for metal in with_heavy_metal(wire(4, zone_length=1, grid=SPIN_ORBIT), zones=True).terminals]
    ['metal_0', 'metal_1', 'metal_2']
    """
    present = [terminal.name for terminal in array.terminals if terminal.kind == "heavy_metal"]
    if present:
        raise ValueError(f"with_heavy_metal: the array has {present[0]!r} already; give it without a heavy metal")
    given = {"spin_hall_angle": spin_hall_angle, "field_like_ratio": field_like_ratio}
    if zones:
        along = (0.0, 1.0, 0.0) if direction is None else direction
        if abs(along[1]) < (1 - 1e-9) * float(np.linalg.norm(along)):
            raise ValueError(
                f"with_heavy_metal: zones = True with direction = {direction_text(along)}; metals under columns are "
                "lines along y, and carry a current along themselves: leave direction out, or zones"
            )
        columns = enumerate(zone_columns(array, "with_heavy_metal"))
        metals = [
            HeavyMetal(name=f"{_PREFIX}{number}", x=(begin, end), direction=along, **given)
            for number, (begin, end, _) in columns
        ]
    else:
        metals = [HeavyMetal(name="metal", direction=(1.0, 0.0, 0.0) if direction is None else direction, **given)]
    return MagnetArray.model_validate(array.model_dump() | {"terminals": (*array.terminals, *metals)})


def heavy_metal_zones(array: MagnetArray) -> dict[str, int]:
    """Give the zone that each metal of `with_heavy_metal` clocks, as its place in `MagnetArray.zones`.

    A single one clocks all, and has 0. A ValueError if the array has no such metal.
    """
    names = [terminal.name for terminal in array.terminals if terminal.kind == "heavy_metal"]
    if names == ["metal"]:
        return {"metal": 0}
    found = zone_columns(array, "heavy_metal_zones")
    if not names or names != [f"{_PREFIX}{number}" for number in range(len(found))]:
        raise ValueError(
            f"heavy_metal_zones: the array has the heavy metals {', '.join(names) or 'none'}; give it those of "
            "geometries.magnet_logic.with_heavy_metal"
        )
    zones = sorted({zone for *_, zone in found})
    return {name: zones.index(zone) for name, (*_, zone) in zip(names, found, strict=True)}


def with_hard_inputs(array: MagnetArray, anisotropy: float) -> MagnetArray:
    """Give held magnets a larger anisotropy, so that a clock under all magnets leaves them as they are.

    Parameters
    ----------
    array : MagnetArray
        Array whose inputs and fixed magnets each get a part "hard_" and the magnet's name.
    anisotropy : float
        Their Ku in J/m3.

    Raises
    ------
    ValueError
        If no magnet is held, or the box around one covers cells of another.
    pydantic.ValidationError
        If one has a part already.

    Examples
    --------
    >>> from geometries.magnet_logic import SPIN_ORBIT
    >>> from geometries.magnet_logic.builders import inverter
    >>> [(part.name, part.Ku) for part in with_hard_inputs(inverter(grid=SPIN_ORBIT), 4.5e5).parts]
    [('hard_in', 450000.0)]
    """
    placed, labels, parts = array.placed_outlines(), array.cell_labels(), []
    across, up = placed.reach(0.0), placed.reach(np.pi / 2)
    for i, magnet in enumerate(array.magnets):
        if not magnet.held:
            continue
        x, y = float(placed.x[i]), float(placed.y[i])
        box = {"x": (x - across[i], x + across[i]), "y": (y - up[i], y + up[i])}
        part = Part(name=f"hard_{magnet.name}", Ku=anisotropy, **box)
        others = set(np.unique(labels[part.magnet_cells(array)]).tolist()) - {0, i + 1}
        if others:
            other = array.magnets[min(others) - 1].name
            raise ValueError(
                f"with_hard_inputs: the box around {magnet.name!r} covers cells of {other!r}, "
                f"{format_quantity(float(np.hypot(x - placed.x[min(others) - 1], y - placed.y[min(others) - 1])), 'm')}"
                " from it; magnets that are turned need parts of their own: give them as parts of the array"
            )
        parts.append(part)
    if not parts:
        raise ValueError("with_hard_inputs: no magnet of the array is held; give one with an input")
    return MagnetArray.model_validate(array.model_dump() | {"parts": (*array.parts, *parts)})
