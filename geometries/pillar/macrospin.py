"""What a pillar is as one magnetic moment: its volume, shape, barrier and critical current, all in closed forms."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geometries.materials import MU0, Material
from geometries.pillar.demagnetisation import demagnetising_factors
from geometries.pillar.device import Pillar

__all__ = ["BOLTZMANN", "ELEMENTARY_CHARGE", "HBAR", "PillarMacrospin", "pillar_macrospin"]

BOLTZMANN = 1.380649e-23
"""Boltzmann's constant in J/K (exact, SI 2019)."""
ELEMENTARY_CHARGE = 1.602176634e-19
"""In C (exact, SI 2019)."""
HBAR = 1.054571817e-34
"""Reduced Planck constant in J s (SI 2019, ten digits)."""

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class PillarMacrospin:
    r"""The numbers of a uniformly magnetised pillar.

    Its energy density is a quadratic form of m, of the shape and the uniaxial anisotropy,

    .. math:: w = \tfrac{1}{2} \mu_0 M_s^2 \, m \cdot N m - K_u (m \cdot u)^2 = m \cdot Q m,

    whose eigenvalues q_1 <= q_2 <= q_3 belong to the easy, the middle and the hard axis. From one easy direction to
    the other m turns through the middle axis, so that the barrier is E_b = (q_2 - q_1) V.

    Parameters
    ----------
    volume : float
        In m3.
    area : float
        In m2.
    demagnetising_factors : tuple of three floats
        N_x, N_y and N_z.
    easy_axis : tuple of three floats
        Unit vector.
    anisotropy_fields : tuple of two floats
        Fields 2 (q_2 - q_1) / (mu0 Ms) and 2 (q_3 - q_1) / (mu0 Ms) in A/m that hold m on the easy axis, towards the
        middle and the hard axis.
    barrier : float
        E_b in J.
    thermal_stability : float
        Delta = E_b / (k_B T).
    critical_current_density : float
        Current density in A/m2 above which the easy direction against the polariser (for a positive current) is not
        stable any more at 0 K; infinite where the polariser is at a right angle to the easy axis.
    """

    volume: float
    area: float
    demagnetising_factors: Vector
    easy_axis: Vector
    anisotropy_fields: tuple[float, float]
    barrier: float
    thermal_stability: float
    critical_current_density: float

    @property
    def critical_current(self) -> float:
        """Critical current density times the area, in A."""
        return self.critical_current_density * self.area


def pillar_macrospin(
    pillar: Pillar, material: Material, *, temperature: float = 300.0, factors: Vector | None = None
) -> PillarMacrospin:
    r"""Give a pillar's numbers as one magnetic moment.

    The easy directions are stable while the divergence of the torque on the sphere is negative there
    (Sodemann and Bazaliy, arXiv:0906.4416). With the damping-like field a = hbar P J / (2 e mu0 Ms t),
    the field-like one b = r a and the fields H_1 and H_2 of the easy axis that gives

    .. math:: (a + \alpha b) \, |p \cdot e| = \alpha \, \frac{H_1 + H_2}{2}, \qquad
        J_c = \frac{2 e}{\hbar} \, \frac{\alpha}{P (1 + \alpha r) \, |p \cdot e|} \, \mu_0 M_s t \, \frac{H_1 + H_2}{2},

    exactly in the damping for a polariser along the easy axis e. It is 4 e alpha E_b / (hbar P) over the area in a
    perpendicular pillar, and H_k + M_s / 2 in place of the mean in a thin one that magnetises in its plane.
    The pillar is taken to stay uniform: a large one reverses by a wall at a lower barrier.

    Parameters
    ----------
    pillar : Pillar
        Without parts.
    material : Material
        Of the free layer.
    temperature : float
        In K, above 0.
    factors : tuple of three floats, optional
        Demagnetising factors; those of the ideal outline if left out. Cells that are not much smaller than
        the thickness have others: `runs.cell_demagnetising_factors` gives them.

    Returns
    -------
    PillarMacrospin

    Raises
    ------
    ValueError
        If the pillar has parts, the temperature is not above 0, no terminal called "junction" carries the current, or
        no axis is easier than the others: then there is no barrier.

    References
    ----------
    J. Z. Sun, Phys. Rev. B 62, 570 (2000).

    Examples
    --------
    >>> pillar = Pillar(
    ...     length="40 nm", thickness="1 nm", cell=("4 nm", "4 nm", "1 nm"), fixed_layer="up",
    ...     barrier={"resistance_area": "10 ohm um^2", "tmr": "100 %"},
    ... )
    >>> film = Material(name="CoFeB", Ms=1e6, A=1.5e-11, Ku=7e5, alpha=0.01)
    >>> one = pillar_macrospin(pillar, film)
    >>> round(one.thermal_stability, 1), one.easy_axis
    (42.6, (0.0, 0.0, 1.0))
    """
    if pillar.parts:
        raise ValueError(f"the pillar has {len(pillar.parts)} parts, and a macrospin has one material; leave them out")
    if not temperature > 0:
        raise ValueError(f"temperature = {temperature!r} K must be above 0")
    length, width = pillar.axes
    factors = demagnetising_factors(length, width, pillar.thickness) if factors is None else factors
    volume = pillar.area * pillar.thickness
    form = np.diag(0.5 * MU0 * material.Ms**2 * np.array(factors))
    form -= material.Ku * np.outer(material.easy_axis, material.easy_axis)
    levels, vectors = np.linalg.eigh(form)
    easy = _pointing_up(vectors[:, 0])
    barrier = float(levels[1] - levels[0]) * volume
    if not barrier > 1e-9 * float(levels[2] - levels[0]) * volume:
        raise ValueError(
            f"a pillar of {material.name!r} of this shape has no easy axis, but a plane in which m turns freely: there "
            "is no barrier; give it a width below its length, or the material a larger Ku"
        )
    fields = tuple(float(2 * (level - levels[0]) / (MU0 * material.Ms)) for level in levels[1:])
    return PillarMacrospin(
        volume=volume,
        area=pillar.area,
        demagnetising_factors=factors,
        easy_axis=easy,
        anisotropy_fields=(fields[0], fields[1]),
        barrier=barrier,
        thermal_stability=barrier / (BOLTZMANN * temperature),
        critical_current_density=_critical(pillar, material, easy, sum(fields) / 2),
    )


def _pointing_up(axis: npt.NDArray[np.float64]) -> Vector:
    """Of the two directions of an axis the one whose largest component is positive."""
    largest = axis[np.argmax(np.abs(axis))]
    x, y, z = (float(component) + 0.0 for component in np.round(axis * np.sign(largest), 15))
    return x, y, z


def _critical(pillar: Pillar, material: Material, easy: Vector, field: float) -> float:
    """Critical current density in A/m2 for a mean anisotropy field in A/m."""
    terminal = pillar.terminal("junction")
    if terminal.kind != "through_plane":
        raise ValueError(
            f"terminal 'junction' is {terminal.kind!r}, and a critical current is one through the plane; call another "
            "terminal so, or leave terminals out"
        )
    layer = terminal.layer_in(pillar)
    along = abs(float(np.dot(layer.direction, easy)))
    share = layer.polarisation * (1 + material.alpha * terminal.field_like_ratio) * along
    if share <= 1e-12:
        return math.inf
    moment = MU0 * material.Ms * pillar.thickness
    return 2 * ELEMENTARY_CHARGE / HBAR * material.alpha / share * moment * field
