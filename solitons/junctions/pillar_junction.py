r"""From a pillar to a macrospin, and the size up to which it is one.

A perpendicular pillar that turns as a whole meets the barrier :math:`K V`, with K the difference of its energy
densities in the plane and along its axis. Once half of it may turn before the other half, a wall goes through it, and
the barrier is less. For a pillar so thin that the stray field is a local anisotropy, in units of :math:`w =
\sqrt{A / K}`:

- The saddle of coherent reversal, m in the plane everywhere, is one only as long as a mode that is odd along the long
  axis costs more exchange than it saves anisotropy. For a disc this mode is J_1(1.841 r / R), so that this holds up to

  .. math:: d_1 = 2 \cdot 1.841\, w = 3.68\, w.

- A straight wall across the middle costs :math:`\sigma = 4 \sqrt{A K} - \pi |D|` over the width times the thickness.
  Coherent reversal costs the same, :math:`K \pi d / 4` per width and thickness, at

  .. math:: d_2 = \frac{4 \sigma}{\pi K} = \frac{16}{\pi}\, w = 5.09\, w \quad (D = 0).

The width drops out, so that both are of an ellipse's length as they are of a disc's diameter; d_1 of an ellipse is
larger by up to 9 %. Between d_1 and d_2 the barrier falls below either closed form, by 12 % at d_2 where they meet.
In micromagnetics it is lower by what the two domains save of the stray field: 5 to 12 % below the wall at 2 d_2, and
at d_2 up to 18 % below both (Ms t of 0.6 and 1.8 mA; the tests have the first). Through the thickness the mode
is cos(pi z / t): above pi w one end turns before the other.

References
----------
G. D. Chaves-O'Flynn, E. Vanden-Eijnden, D. L. Stein and A. D. Kent, arXiv:1208.5233 (its abstract: a wall sweeps
through, and the barrier of discs goes on rising, more slowly, beyond a critical size). The numbers are derived here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from geometries import Material, Pillar
from geometries.demagnetisation import demagnetising_factors
from runs.system.demagnetisation import cell_demagnetising_factors
from solitons.fits.verdict import Reason, Verdict, judge, limitation
from solitons.junctions.macrospin import Macrospin

__all__ = ["CoherentReversal", "coherent_reversal", "pillar_junction"]

_UPRIGHT = 1e-6
"""Sine of the angle between easy axis and z."""


def pillar_junction(
    pillar: Pillar,
    material: Material,
    *,
    temperature: float,
    field: tuple[float, float, float] = (0.0, 0.0, 0.0),
    simulated: bool = False,
) -> Macrospin:
    """Make the macrospin of a pillar's free layer.

    Whether the pillar is one is what `coherent_reversal` judges.

    Parameters
    ----------
    pillar : Pillar
        Without parts. Its terminal "junction" has the polariser, the polarisation, Lambda and the field-like ratio; a
        voltage gate, if there is one, the anisotropy that a voltage changes.
    material : Material
        Free layer: Ms, Ku and its axis, alpha and gamma0. Exchange and D matter where it is no macrospin.
    temperature : float
        In K.
    field : tuple of three floats
        Applied, in A/m.
    simulated : bool
        Take the volume and the demagnetising factors of the cells, as an engine has them, in the place of the ideal
        outline's: to compare with micromagnetics on the same mesh.

    Returns
    -------
    Macrospin
        In a positive current density m turns towards the fixed layer, as in a run of the pillar. Its `stability` is
        Delta, its `critical_current()` in A/m2.

    Raises
    ------
    ValueError
        If the pillar has parts, if "junction" is no current through the plane of all of it, or if a gate changes an
        anisotropy along z and the material's axis is another.

    Examples
    --------
    >>> from geometries import Material, Pillar
    >>> pillar = Pillar(
    ...     length="40 nm", thickness="1 nm", cell=("2 nm", "2 nm", "1 nm"), fixed_layer="up",
    ...     barrier={"resistance_area": "10 ohm um^2", "tmr": "100 %"},
    ... )
    >>> film = Material(name="CoFeB", Ms=1e6, A=1.5e-11, Ku=7e5, alpha=0.01)
    >>> junction = pillar_junction(pillar, film, temperature=300.0)
    >>> print(f"Delta {junction.stability:.1f}, J_c {junction.critical_current():.3g} A/m2")
    Delta 42.6, J_c 1.48e+10 A/m2
    >>> cells = pillar_junction(pillar, film, temperature=300.0, simulated=True)
    >>> print(f"Delta of the cells {cells.stability:.1f}")
    Delta of the cells 43.7
    """
    owner = "pillar_junction"
    if pillar.parts:
        raise ValueError(
            f"{owner}: the pillar has {len(pillar.parts)} parts, and a macrospin has one material; leave them out"
        )
    terminal = pillar.terminal("junction")
    if terminal.kind != "through_plane" or (terminal.x, terminal.y, terminal.z) != (None, None, None):
        raise ValueError(
            f"{owner}: terminal 'junction' is {terminal.describe()!r}, and a macrospin has one current through the "
            "plane of all of it; leave its x, y and z out, or call another terminal so"
        )
    layer = terminal.layer_in(pillar)
    easy_axis, per_voltage = material.easy_axis if material.Ku else (0.0, 0.0, 1.0), 0.0
    for gate in pillar.terminals:
        if gate.kind == "voltage_gate":
            if abs(easy_axis[2]) < 1 - _UPRIGHT**2 or (gate.x, gate.y, gate.z) != (None, None, None):
                raise ValueError(
                    f"{owner}: gate {gate.name!r} changes an anisotropy along z, everywhere or in a region, and a "
                    f"macrospin has one along {easy_axis}; use a material with its easy axis along z and a gate on "
                    "all of the pillar"
                )
            per_voltage += gate.anisotropy_change(1.0, pillar.thickness)
    volume, factors = pillar.area * pillar.thickness, demagnetising_factors(*pillar.axes, pillar.thickness)
    if simulated:
        volume, factors = float(pillar.mask().sum() * np.prod(pillar.cell)), cell_demagnetising_factors(pillar)
    return Macrospin(
        volume=volume,
        thickness=pillar.thickness,
        saturation=material.Ms,
        anisotropy=material.Ku,
        damping=material.alpha,
        temperature=temperature,
        demagnetisation=factors,
        field=field,
        polariser=layer.direction,
        polarisation=layer.polarisation,
        asymmetry=terminal.asymmetry,
        field_like_ratio=terminal.field_like_ratio,
        easy_axis=easy_axis,
        anisotropy_per_voltage=per_voltage,
        gyromagnetic_ratio=material.gamma0,
    )


@dataclass(frozen=True)
class CoherentReversal:
    """Whether a pillar reverses as a whole.

    Barriers are in J, of turning as a whole and of a straight wall across the middle. `coherent_length` is d_1 in m, up
    to which it turns as a whole; `crossing_length` is d_2 in m, at which both barriers are alike; NaN where the pillar
    is not perpendicular. The verdict is "trusted" where it is a macrospin, "limited" where it may be one, or its
    barrier is lower by up to 18 %, "failed" where a wall reverses it.
    """

    macrospin_barrier: float
    wall_barrier: float
    coherent_length: float
    crossing_length: float
    verdict: Verdict


def coherent_reversal(pillar: Pillar, material: Material, *, simulated: bool = False) -> CoherentReversal:
    """Judge whether a pillar is a macrospin, by the closed forms of this module.

    Parameters
    ----------
    pillar : Pillar
        As for `pillar_junction`.
    material : Material
        Material of the free layer.
    simulated : bool
        As in `pillar_junction`.

    Raises
    ------
    ValueError
        As `pillar_junction`, or if there is no barrier at all.

    Examples
    --------
    >>> from geometries import Material, Pillar
    >>> film = Material(name="CoFeB", Ms=1e6, A=1.5e-11, Ku=9e5, alpha=0.01)
    >>> barrier = {"resistance_area": "10 ohm um^2", "tmr": "100 %"}
    >>> for diameter in (20e-9, 32e-9, 80e-9):
    ...     pillar = Pillar(length=diameter, thickness=1e-9, cell=(2e-9, 2e-9, 1e-9), fixed_layer="up", barrier=barrier)
    ...     print(coherent_reversal(pillar, film).verdict.verdict)
    trusted
    limited
    failed
    """
    spin = pillar_junction(pillar, material, temperature=0.0, simulated=simulated)
    volume, length = float(spin.volume), pillar.length
    density = spin.barrier / volume
    if not density > 0:
        raise ValueError(
            f"coherent_reversal: a pillar of {material.name!r} of this shape has no barrier, so that nothing reverses; "
            "give it a width below its length, or the material a larger Ku"
        )
    if math.hypot(*spin.axis[:2]) > _UPRIGHT:
        return CoherentReversal(spin.barrier, math.nan, math.nan, math.nan, judge([_in_plane(spin)]))
    width = math.sqrt(material.A / density)
    energy = 4 * math.sqrt(material.A * density) - math.pi * abs(material.D)
    coherent, crossing = 2 * float(special.jnp_zeros(1, 1)[0]) * width, max(4 * energy / (math.pi * density), 0.0)
    # Per length of a wall across: of the width that the volume has.
    wall = energy * volume * 4 / (math.pi * length)
    found = []
    if length > min(coherent, crossing):
        found.append(_wall(length, min(coherent, crossing), crossing, spin.barrier, wall))
    if pillar.thickness > math.pi * width:
        found.append(
            limitation(
                "thick",
                f"The pillar is {pillar.thickness * 1e9:.3g} nm thick: above "
                f"{math.pi * width * 1e9:.3g} nm one end turns before the other, at a lower barrier, which is not in "
                "these closed forms. Compare with micromagnetics.",
            )
        )
    if material.D:
        found.append(
            limitation(
                "dmi",
                f"D = {material.D:.3g} J/m2 tilts m at the edges, which lowers the barrier below a "
                "macrospin's at any size, and that is not in these closed forms: compare with micromagnetics.",
            )
        )
    return CoherentReversal(spin.barrier, wall, coherent, crossing, judge(found))


def _in_plane(spin: Macrospin) -> Reason:
    x, y, z = (float(part) for part in spin.axis)
    return limitation(
        "not_perpendicular",
        f"The easy axis is ({x:.3g}, {y:.3g}, {z:.3g}), and the closed forms of a wall are of one along z: "
        "whether this pillar turns as a whole cannot be judged. Compare its barrier with micromagnetics.",
    )


def _wall(length: float, limit: float, crossing: float, whole: float, wall: float) -> Reason:
    beyond = length > crossing
    how = (
        f"a wall across it costs {wall:.3g} J where turning as a whole costs {whole:.3g} J: rates and write errors of "
        "the macrospin mean nothing"
        if beyond
        else "one half turns before the other, and the barrier is up to 18 % below the macrospin's"
    )
    return Reason(
        code="wall_reversal",
        weight="failed" if beyond else "limited",
        sentence=f"The pillar is {length * 1e9:.3g} nm long and turns as a whole up to {limit * 1e9:.3g} nm; {how}. "
        "Use a smaller pillar, or micromagnetic ensembles.",
    )
