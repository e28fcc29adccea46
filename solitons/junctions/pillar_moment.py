"""A pillar as one moment."""

from __future__ import annotations

from geometries import Material, Pillar
from geometries.pillar import demagnetising_factors, pillar_macrospin
from solitons.junctions.macrospin import Macrospin

__all__ = ["macrospin_of"]


def macrospin_of(pillar: Pillar, material: Material, *, temperature: float = 300.0) -> Macrospin:
    """Give the free layer of a pillar as a macrospin: its ideal outline, and its terminal "junction".

    Parameters
    ----------
    pillar : Pillar
        Without parts.
    material : Material
        Of the free layer; its constants are those at every temperature.
    temperature : float
        In K.

    Raises
    ------
    ValueError
        As `geometries.pillar.pillar_macrospin`: parts, no easy axis, or no current through the plane.

    Examples
    --------
    >>> pillar = Pillar(
    ...     length="20 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"), fixed_layer="up",
    ...     barrier={"resistance_area": "10 ohm um^2", "tmr": "100 %"},
    ... )
    >>> film = Material(name="CoFeB", Ms=1e6, A=1.5e-11, Ku=7e5, alpha=0.01)
    >>> spin = macrospin_of(pillar, film)
    >>> spin.axial, round(spin.stability, 1)
    (True, 14.3)
    """
    one = pillar_macrospin(pillar, material)
    terminal = pillar.terminal("junction")
    layer = terminal.layer_in(pillar)  # type: ignore[union-attr]
    length, width = pillar.axes
    return Macrospin(
        volume=one.volume,
        thickness=pillar.thickness,
        saturation=material.Ms,
        anisotropy=material.Ku,
        easy_axis=material.easy_axis,
        demagnetisation=demagnetising_factors(length, width, pillar.thickness),
        damping=material.alpha,
        temperature=temperature,
        polariser=layer.direction,
        polarisation=layer.polarisation,
        asymmetry=terminal.asymmetry,  # type: ignore[union-attr]
        field_like_ratio=terminal.field_like_ratio,  # type: ignore[union-attr]
        gyromagnetic_ratio=material.gamma0,
    )
