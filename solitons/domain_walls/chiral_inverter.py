r"""The currents between which a chiral inverter can work, from the statics of walls in a region of lower anisotropy.

Under a spin-orbit torque of a current along the stripe m rests in the plane of x and z, at an angle theta from z with

.. math:: 2 A \theta'' = K(x) \sin 2 \theta - F, \qquad F = \frac{\hbar \theta_{SH} J}{2 e t},

since H_DL m x sigma is there a field of one size in the direction in which theta grows. The interfacial interaction D
adds nothing to it but at the stripe's ends; it holds m in that plane and gives all walls one sense. Multiplied by
theta' and integrated over the stripe, with n walls to the left of or in a region where Ku is lower by delta,

.. math:: n \pi F = \delta \, (\sin^2 \theta_r - \sin^2 \theta_l) \le \delta

with the angles at the region's right and left end: the torque pushes with pi F a wall and an area, and only where the
anisotropy changes can the stripe hold against it. So a region holds one wall up to F_1 <= delta / pi, and two, of
which one comes from the left, up to F_2 <= delta / 2 pi. Between F_2 and F_1 the second wall pushes the first out and
takes its place: the inverter can work. Below, both stay; above, no wall stays, and the output is lost without an input.

The thresholds themselves depend on the region's length. They are where the stable rest of n walls ends as F grows,
which `largest_held_drive` follows in cells along the stripe. A region much shorter than the wall holds little, and in a
long one with little anisotropy of its own m turns over and over, as the phase of a long Josephson junction above its
critical current.

The stray field counts as a local anisotropy with the factors of a wall in its stripe, and the wall as straight across
it. Whatever the stray field is, the first equation holds, since a stripe's own energy does not change where a wall is.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import constants
from scipy.linalg import lapack

from geometries import HeavyMetal, Material, Part, Stripe
from geometries.domain_walls.chiral_logic import inverter_regions, stage_parts
from geometries.materials import MU0
from solitons.domain_walls.stray_field import wall_factors

__all__ = ["InverterWindow", "inverter_window", "largest_held_drive"]

Floats = npt.NDArray[np.float64]

# In units of Delta: a cell, and the stripe beside the region and to the left of a second wall.
_CELL, _BESIDE, _ROOM = 0.1, 12.0, 6.0
_APART = 4.0  # walls at the start, whose repulsion there is about a weak drive's push
# Of the bound: the drive to begin with and a weaker one where a short region does not hold that, how exactly the
# largest one is found, and how far beyond it m has left a rest that is no more.
_FIRST, _WEAK, _PRECISION, _BEYOND = 0.1, 0.01, 5e-4, 0.02
_LONGEST = 20_000  # steps of the damped motion
_UNEVEN = ("notches", "taper", "edge_roughness", "anisotropy_gradient", "grains")


class InverterWindow(NamedTuple):
    """Between which currents a chiral inverter can work: what its region holds.

    It does not tell whether the inverter works: two walls that meet in the region may annihilate, and how much D keeps
    them from it has no closed form. Run the device.

    Parameters
    ----------
    lowest, highest : float
        Current density in A/m2 along the stripe, with the sign that drives walls to the right: up to the first the
        region holds two walls, from the second on not even one.
    bound : float
        What `highest` cannot exceed whatever the region's length is; `lowest` cannot exceed half of it.
    coupling : float
        Energy in J/m2 of two equal domains beside the region, with m along z in it, over that of two opposite ones:
        above 0 the region couples them antiparallel.
    interaction : float
        |D| over 4 sqrt(A K) / pi, above which domains would break up. Nothing here tells how much is needed; with too
        little the two walls annihilate. In micromagnetics inverters failed with 0.7, and worked or failed with 0.8.
    wall_width : float
        Delta in m of a wall in the film.
    anisotropy_ratio : float
        Effective anisotropy in the region over that in the film, below 0 where it magnetises in the plane.

    Examples
    --------
    >>> window = InverterWindow(
    ...     lowest=1.1e11, highest=2.0e11, bound=2.6e11, coupling=2e-3, interaction=0.75, wall_width=6e-9,
    ...     anisotropy_ratio=-0.3,
    ... )
    >>> window.is_open, round((window.highest - window.middle) / window.middle, 2)  # by how much a current may be off
    (True, 0.29)
    >>> f"{window.middle:.3g}", window.polarity  # of pulses
    ('1.55e+11', 'positive')
    """

    lowest: float
    highest: float
    bound: float
    coupling: float
    interaction: float
    wall_width: float
    anisotropy_ratio: float

    @property
    def is_open(self) -> bool:
        """Whether a current lies between the two and the domains couple antiparallel: necessary, and not enough."""
        return 0 < abs(self.lowest) < abs(self.highest) and self.coupling > 0

    @property
    def polarity(self) -> Literal["positive", "negative"]:
        """Of the `CurrentPulses` that drive walls to the right: negative where D and the spin-Hall angle differ."""
        return "negative" if self.highest < 0 else "positive"

    @property
    def middle(self) -> float:
        """The strength in A/m2 between both ends, an amplitude for pulses of that polarity."""
        return abs(self.lowest + self.highest) / 2


def largest_held_drive(walls: int, region_length: float, anisotropy_ratio: float) -> float:
    """The strongest drive F / K under which a region of lower anisotropy holds walls.

    Parameters
    ----------
    walls : int
        How many half turns m makes from the far right to the far left; at least 1.
    region_length : float
        Over the wall width Delta = sqrt(A / K), above 0.
    anisotropy_ratio : float
        Anisotropy in the region over that of the film, below 1.

    Returns
    -------
    float
        At most (1 - ratio) / (pi walls), and at most 1, where the domains themselves turn over.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the region is so short that it holds less than a hundredth of that.
    """
    if walls < 1 or not 0 < region_length < math.inf or not -math.inf < anisotropy_ratio < 1:
        raise ValueError(
            f"largest_held_drive: walls = {walls}, region_length = {region_length} and anisotropy_ratio = "
            f"{anisotropy_ratio}; give 1 wall or more, a length above 0, and a ratio below 1"
        )
    stripe = _Stripe(region_length, anisotropy_ratio)
    bound = min((1 - anisotropy_ratio) / (math.pi * walls), 1.0)
    # A weak drive does not take walls across a long region in time: the second try begins where they end.
    for share, start in ((_FIRST, stripe.apart(walls)), (_FIRST, stripe.close(walls)), (_WEAK, stripe.close(walls))):
        drive = share * bound
        theta = stripe.rest(stripe.relaxed(start, drive), drive)
        if theta is not None:
            break
    else:
        raise ValueError(
            f"largest_held_drive: no rest of walls = {walls} was found with region_length = {region_length:g} wall "
            f"widths and anisotropy_ratio = {anisotropy_ratio:g}, down to a hundredth of the bound; give a longer "
            "region, or one of lower anisotropy"
        )
    step = drive / 2
    while True:
        further = stripe.rest(theta, drive + step)
        if further is None and step > _PRECISION * bound:
            step /= 4
            continue
        if further is None:
            # This rest ends here. A wall may have gone from beside the region into it, and rest there.
            step = _BEYOND * bound
            further = stripe.rest(stripe.relaxed(theta, drive + step), drive + step)
            if further is None or further[-1] > math.pi / 2:
                return drive
        theta, drive = further, drive + step


class _Stripe:
    """The angle theta in cells along a stripe, in units of Delta and of the film's anisotropy."""

    def __init__(self, region_length: float, ratio: float) -> None:
        edge = region_length / 2
        x = np.arange(-edge - _BESIDE - _ROOM, edge + _BESIDE + _CELL, _CELL)
        self.x, self.edge = x, edge
        # A cell that the region's end cuts belongs to both.
        inside = np.clip((edge - np.abs(x)) / _CELL + 0.5, 0.0, 1.0)
        self.anisotropy = 1 - (1 - ratio) * inside
        self.stiffness = np.full(x.size, 2.0)
        self.stiffness[[0, -1]] = 1.0

    def apart(self, walls: int) -> Floats:
        """The first wall in the region, each further one to the left of it and of the one before."""
        return self._walls([0.0, *(-self.edge - _BESIDE / 2 * number for number in range(1, walls))])

    def close(self, walls: int) -> Floats:
        """The first wall near the region's right end, to which it is driven, each further one to the left of it."""
        return self._walls([max(self.edge - 1.0, 0.0) - _APART * number for number in range(walls)])

    def _walls(self, places: list[float]) -> Floats:
        return np.asarray(sum(2 * np.arctan(np.exp(place - self.x)) for place in places))

    def relaxed(self, theta: Floats, drive: float) -> Floats:
        """Follow the damped motion, which brings walls to the region, to its end or until one has left on the right."""
        step = 0.25
        beside = np.full(theta.size - 1, -step / _CELL**2)
        lower, middle, upper, second, pivots, _ = lapack.dgttrf(beside, 1 + self.stiffness * step / _CELL**2, beside)
        for _ in range(_LONGEST):
            forced = theta + step * (drive - self.anisotropy * np.sin(2 * theta)) / 2
            before, theta = theta, lapack.dgttrs(lower, middle, upper, second, pivots, forced)[0]
            if theta[-1] > math.pi / 2 or np.max(np.abs(theta - before)) < 1e-7 * step:
                break
        return theta

    def rest(self, theta: Floats, drive: float) -> Floats | None:
        """Find the stable rest near theta by Newton's steps; None if there is none."""
        beside = np.full(theta.size - 1, -1 / _CELL**2)
        found = theta
        for _ in range(30):
            bent = np.concatenate([[0.0], np.diff(found), [0.0]])
            force = np.diff(bent) / _CELL**2 + (drive - self.anisotropy * np.sin(2 * found)) / 2
            hardness = self.stiffness / _CELL**2 + self.anisotropy * np.cos(2 * found)
            # Cholesky's factors are there only where the energy is convex: the rest is stable.
            *_, change, fault = lapack.dptsv(hardness, beside, force)
            if fault or np.max(np.abs(change)) > 1:
                return None
            found = np.asarray(found + change, dtype=np.float64)
            if np.max(np.abs(change)) < 1e-9:
                return found
        return None


def inverter_window(inverter: Stripe, material: Material) -> InverterWindow:
    """Predict the currents between which a chiral inverter can work.

    Parameters
    ----------
    inverter : Stripe
        Of `geometries.domain_walls.chiral_inverter`: a heavy metal under everything, and a part "inverter"; of several
        stages all alike, whose window is one, since the stripe between them holds no wall.
    material : Material
        Of the film, with a spin-Hall angle and an interfacial D.

    Raises
    ------
    ValueError
        If the part changes more than Ku or has no lower Ku than the film, it does not go across the whole stripe, the
        stripe is uneven otherwise, the film does not magnetise out of its plane, the interaction is not interfacial, or
        no spin-orbit torque acts.

    Examples
    --------
    >>> from geometries import get_material
    >>> from geometries.domain_walls.chiral_logic import chiral_inverter
    >>> film = get_material("Pt/Co").model_copy(update={"spin_hall_angle": 0.1})
    >>> window = inverter_window(chiral_inverter(1, region_anisotropy=1.5e5), film)
    >>> window.is_open, window.highest < window.bound
    (True, True)
    """
    inverter_regions(inverter)
    stages = stage_parts(inverter)
    part = stages[0]
    uneven = [each.name for each in inverter.parts if each not in stages]
    uneven += [name for name in _UNEVEN if getattr(inverter, name)]
    if any(each.y is not None or each.z is not None for each in stages) or uneven:
        raise ValueError(
            f"inverter_window: {', '.join(uneven) or 'the region'} makes the stripe uneven across it or elsewhere "
            "along it, which the force balance leaves out; let the region go across the whole stripe, and leave others "
            "out"
        )
    unlike = [each.name for each in stages if not _alike(each, part)]
    if unlike:
        raise ValueError(
            f"inverter_window: the regions {part.name!r} and {unlike[0]!r} differ, and each has a window of its own; "
            "give all stages one length and one Ku, or ask for each alone"
        )
    other = part.material_in(material)
    changed = [name for name in ("Ms", "A", "D", "easy_axis") if getattr(other, name) != getattr(material, name)]
    if changed or material.easy_axis[:2] != (0.0, 0.0) or other.Ku >= material.Ku:
        raise ValueError(
            f"inverter_window: the region's {' and '.join(changed) or 'Ku'} cannot be described; it has the film's Ms, "
            f"A and D and a Ku along z below that of the film, {material.Ku:.4g} J/m3"
        )
    fields = [
        each.spin_orbit_fields(material, inverter.thickness)[0]
        for each in inverter.terminals
        if isinstance(each, HeavyMetal) and each.everywhere and each.direction == (1.0, 0.0, 0.0)
    ]
    if material.dmi != "interfacial" or material.D == 0 or len(fields) != 1 or fields[0] == 0:
        raise ValueError(
            "inverter_window: a chiral inverter needs an interfacial D and one heavy metal under everything, with the "
            "current along x and a spin-Hall angle; give the material D and spin_hall_angle"
        )
    assert part.x is not None
    anisotropy = _anisotropy(inverter, material)
    width = math.sqrt(material.A / anisotropy)
    lower = material.Ku - other.Ku
    ratio = 1 - lower / anisotropy
    length = (part.x[1] - part.x[0]) / width
    # Walls that D < 0 has made turn the other way, and go the other way.
    per_current = MU0 * material.Ms * fields[0] * math.copysign(1, material.D)
    lowest, highest = (largest_held_drive(walls, length, ratio) * anisotropy / per_current for walls in (2, 1))
    wall = 4 * math.sqrt(material.A * anisotropy) - 2 * lower * width * math.tanh(length / 2)
    return InverterWindow(
        lowest=lowest,
        highest=highest,
        bound=lower / (math.pi * per_current),
        coupling=math.pi * abs(material.D) - wall,
        interaction=math.pi * abs(material.D) / (4 * math.sqrt(material.A * anisotropy)),
        wall_width=width,
        anisotropy_ratio=ratio,
    )


def _alike(one: Part, other: Part) -> bool:
    """Whether two stages have one length and one material."""
    assert one.x is not None
    assert other.x is not None
    lengths = [end - begin for begin, end in (one.x, other.x)]
    given = [part.model_dump(exclude={"name", "x"}) for part in (one, other)]
    return math.isclose(*lengths, rel_tol=1e-6) and given[0] == given[1]


def _anisotropy(stripe: Stripe, material: Material) -> float:
    """Ku less that of the stray field of a Neel wall, whose width follows from it."""
    magnetic = constants.mu_0 * material.Ms**2 / 2
    found = material.Ku - magnetic
    for _ in range(20):
        if found <= 0:
            raise ValueError(
                f"inverter_window: material {material.name!r} magnetises in the plane of the film (Ku - mu0 Ms^2 / 2 = "
                f"{found:.3g} J/m3); raise Ku or lower Ms"
            )
        factors = wall_factors(math.sqrt(material.A / found), stripe.thickness, stripe.width)
        found = material.Ku + magnetic * (factors.n_x + factors.n_z)
    return float(found)
