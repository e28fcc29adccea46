"""The collective-coordinate model of a domain wall: position q and angle phi.

Derivation
----------
The wall of a perpendicular stripe is taken as rigid, m = (sin theta cos phi,
sin theta sin phi, cos theta) with cos theta = p tanh((x - q) / Delta), p = +1
where m goes from - to + with x (an up-down wall has p = -1). Put into

    dm/dt = -gamma0 m x H + alpha m x dm/dt - (u . grad) m + beta m x (u . grad) m

with the spin-orbit effective fields H_DL = a (m x y), H_FL = b y, projected on
the wall's two soft modes (multiplied by sin theta and integrated over x), it gives

    p (dq/dt - u) / Delta + alpha dphi/dt          = gamma0 h_phi
    dphi/dt - p (alpha dq/dt - beta u) / Delta     = gamma0 h_z

    h_phi = (pi/2) [-(Hx - p H_D) sin phi + (Hy + b) cos phi] + (H_K / 2) sin 2 phi
    h_z   = Hz + (pi/2) a cos phi - p F(q)

and solved for the rates

    (1 + alpha^2) dq/dt   = p gamma0 Delta (h_phi - alpha h_z) + (1 + alpha beta) u
    (1 + alpha^2) dphi/dt = gamma0 (h_z + alpha h_phi) + p (alpha - beta) u / Delta

Signs: below breakdown a field +Hz moves an up-down wall (p = -1) to
+x, since the up domain grows; every wall drifts along +u, which is against J for
P > 0; and spin-orbit torque moves a chiral wall of either polarity towards
sign(a H_D), so that walls of both polarities move together.

A head-to-head wall, between domains along the stripe, is the same with the axes turned: (y, z, x) take the places of
(x, y, z), as they are right-handed too. m_x = p tanh((x - q) / Delta), phi goes from +y to +z, Hx pushes the wall, and
H_K = Ms (n_y - n_z) is negative, so that a transverse wall lies in the film, phi = 0 or 180 degrees. A current drives
it by the same terms: below breakdown at beta u / alpha, up to (Thiaville et al.)

    |u| = gamma0 Delta |H_K| alpha / (2 |beta - alpha|).

Sources: A. Thiaville et al., Europhys. Lett. 69, 990 (2005) for the spin-transfer
terms; A. Mougin et al., EPL 78, 57007 (2007) for walls in perpendicular stripes
and their H_K; A. Thiaville et al., EPL 100, 57002 (2012) for the DMI field; S. Emori
et al., Phys. Rev. B 90, 184427 (2014) and E. Martinez et al., J. Appl. Phys. 115,
213909 (2014) for the spin-orbit terms. H_K comes from the wall's stray field
(`solitons.domain_walls.stray_field`); a width that follows the angle is in
`solitons.domain_walls.breathing`, the wall's tilt in `solitons.domain_walls.tilting`.
"""

from __future__ import annotations

import math
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from scipy import constants

from geometries import HeavyMetal, Material
from geometries.domain_walls.walls import usual_width
from solitons.domain_walls.breathing import Breathing
from solitons.domain_walls.pinning import AbstractPinning, NoPinning
from solitons.domain_walls.stray_field import stripe_factors, wall_factors
from solitons.domain_walls.tilting import Tilting
from solitons.fits.provenance import Provenance
from solitons.numerics.parameters import real, with_numbers
from solitons.numerics.sine_and_cosine import sine_and_cosine

__all__ = ["WallDynamics", "wall_from_material"]

BOHR_MAGNETON = constants.physical_constants["Bohr magneton"][0]
_ACROSS = 0.5  # share of Ms n_y, a round number

_once: Any = jax.lax.optimization_barrier
"""XLA would compute what several loops use in each of them: of four sines and cosines it made 21."""


class WallDynamics(eqx.Module):
    """Parameters of a wall, and the rates of its position and angle.

    The equations stand in the module's docstring. Nothing in a wall states its domains' axis: one between domains
    along x takes fields along (y, z, x), and no heat, whose effect on it is not known. All parameters may be arrays
    with one leading axis: a batch of devices, mapped over by `jax.vmap`.

    Parameters
    ----------
    alpha : float
        Gilbert damping.
    width : float
        Delta_0 in m, the Bloch parameter of the wall (m_z = p tanh((x - q) / Delta))
        as a Bloch wall without fields.
    hard_axis_field : float
        H_K in A/m, 2 K / (mu0 Ms) of the wall's in-plane anisotropy energy
        K cos^2 phi. Positive: the wall wants to be a Bloch wall (phi = +-90 degrees),
        negative: a Neel wall.
    polarity : float
        p: +1 where m goes from - to + with x, -1 for an up-down wall.
    gamma0 : float
        Gyromagnetic ratio times mu0 in m/(A s).
    beta : float
        Non-adiabaticity of the spin-transfer torque.
    drift_per_current : float
        u / J in m3/(A s): -(g mu_B P) / (2 e Ms), negative for P > 0.
    damping_like_per_current, field_like_per_current : float
        a / J and b / J in m, J being the current density in the heavy metal:
        hbar theta_SH / (2 e mu0 Ms t), and the field-like ratio times it.
    dmi_field : float
        H_D = D / (mu0 Ms width) of interfacial DMI in A/m, signed as
        micromagneticmodel's D: positive favours phi = 0 in an up-down wall.
    moment_per_length : float
        Ms S in A m, S being the stripe's cross-section: turns a push into an energy, and gives how
        strongly heat shakes the wall. 0 where it is not known.
    pinning : AbstractPinning
        The landscape F(q).
    breathing : Breathing
        How the width follows angle and fields (`solitons.domain_walls.breathing`); rigid if left out. H_K and H_D are
        those at Delta_0.
    tilting : Tilting or None
        How the wall turns across the stripe (`solitons.domain_walls.tilting`); it stands straight if left out.
    provenance : Provenance or None
        Provenance of the parameters, if they were fitted.

    Examples
    --------
    >>> wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=2e4, polarity=-1)
    >>> round(float(wall.walker_field))
    1000
    """

    alpha: Any = eqx.field(converter=real)
    width: Any = eqx.field(converter=real)
    hard_axis_field: Any = eqx.field(converter=real)
    polarity: Any = eqx.field(converter=real)
    gamma0: Any = eqx.field(converter=real, default=constants.mu_0 * 1.760859630e11)
    beta: Any = eqx.field(converter=real, default=0.0)
    drift_per_current: Any = eqx.field(converter=real, default=0.0)
    damping_like_per_current: Any = eqx.field(converter=real, default=0.0)
    field_like_per_current: Any = eqx.field(converter=real, default=0.0)
    dmi_field: Any = eqx.field(converter=real, default=0.0)
    moment_per_length: Any = eqx.field(converter=real, default=0.0)
    pinning: AbstractPinning = eqx.field(default_factory=NoPinning)
    breathing: Breathing = eqx.field(default_factory=Breathing)
    tilting: Tilting | None = None
    provenance: Provenance | None = eqx.field(static=True, default=None)

    def __repr__(self) -> str:
        return with_numbers(self)

    def __check_init__(self) -> None:
        for name in ("alpha", "width", "gamma0"):
            value = getattr(self, name)
            # Traced parameters have no value to look at.
            if isinstance(value, np.ndarray) and not np.all(value > 0):
                raise ValueError(f"WallDynamics.{name} = {value} must be positive; check its sign and unit")
        if isinstance(self.polarity, np.ndarray) and not np.all(np.abs(self.polarity) == 1):
            raise ValueError(
                f"WallDynamics.polarity = {self.polarity} must be +1 (m from - to + with x) or -1 (up-down)"
            )

    @property
    def walker_field(self) -> Any:
        """Walker breakdown field alpha |H_K| / 2 in A/m, without DMI and in-plane fields."""
        return self.alpha * abs(self.hard_axis_field) / 2

    def rates(
        self,
        position: Any,
        angle: Any,
        current_density: Any,
        field: Any,
        agitation: tuple[Any, Any, Any] | None = None,
        tilt: Any = 0.0,
    ) -> tuple[Any, Any, Any]:
        """Velocity and angular velocities of the wall.

        Parameters
        ----------
        position, angle : float or array
            q in m and phi in rad.
        current_density : float or array
            J along +x in A/m2.
        field : array (3, ...)
            Applied field along x, y and z in A/m.
        agitation : three of float or array, optional
            What heat adds to h_phi and h_z of a straight wall, and to what turns it, in A/m
            (`solitons.domain_walls.heat`); nothing if left out.
        tilt : float or array
            chi in rad; without `tilting` it is not looked at.

        Returns
        -------
        velocity, precession, turning : array
            dq/dt in m/s, dphi/dt and dchi/dt in rad/s.
        """
        p, alpha, gamma0 = self.polarity, self.alpha, self.gamma0
        sine, cosine = sine_and_cosine(angle)
        # The wall's own fields see the angle from its normal. Sines and cosines take most of the time: no more of them.
        leaning, upright = (0.0, 1.0) if self.tilting is None else sine_and_cosine(tilt)
        sine, cosine, leaning, upright = _once((sine, cosine, leaning, upright))
        own_sine, own_cosine = sine * upright + cosine * leaning, cosine * upright - sine * leaning
        drift = self.drift_per_current * current_density
        damping_like = self.damping_like_per_current * current_density
        field_like = self.field_like_per_current * current_density
        along = field[0] * cosine + (field[1] + field_like) * sine
        # Few divisions, which take as long as four products or more.
        narrowing = _once(self.breathing.narrowing(own_cosine, along))
        along_x = _once(self.width / (narrowing * upright))
        # What does not depend on the width, over a width.
        dmi_field = self.dmi_field * narrowing
        hard_axis_field = self.breathing.shape_field + (self.hard_axis_field - self.breathing.shape_field) * narrowing
        applied = -field[0] * sine + (field[1] + field_like) * cosine
        edge_field = 0.0 if self.tilting is None else self.tilting.edge_field * narrowing
        normal_field = hard_axis_field - edge_field
        torque = jnp.pi / 2 * (applied + p * dmi_field * own_sine)
        torque = torque + normal_field * own_sine * own_cosine + edge_field * sine * cosine
        # Domains that lean along x take their share of what a spin-orbit torque pushes.
        pushed = jnp.pi / 2 * cosine - self.breathing.softness * field[0]
        along_z = field[2] + damping_like * pushed - p * self.pinning.push(position)
        shaken = None
        if agitation is not None:
            # Heat shakes a wide wall less.
            calm = jnp.sqrt(upright * narrowing)
            torque, along_z = torque + calm * agitation[0], along_z + calm * agitation[1]
            shaken = agitation[2] * jnp.sqrt(narrowing)
        torque, along_z = _once((torque, along_z))
        share = 1 / (1 + alpha**2)
        velocity = (p * gamma0 * along_x * (torque - alpha * along_z) + (1 + alpha * self.beta) * drift) * share
        precession = (
            gamma0 * (along_z + alpha * torque) + p * (alpha - self.beta) * drift * narrowing * upright / self.width
        ) * share
        if self.tilting is None:
            return velocity, precession, jnp.zeros_like(velocity)
        slope = -(normal_field * own_cosine + jnp.pi / 2 * p * dmi_field) * own_sine
        added = (normal_field * own_cosine**2 + edge_field * cosine**2) / 2
        added = added + jnp.pi / 2 * (p * dmi_field * own_cosine - along)
        added = (
            added
            + self.tilting.tension_field * (narrowing - 1)
            + self.breathing.elastic_field(own_cosine, along, narrowing)
        )
        width, damped = along_x * upright, gamma0 / alpha
        turning = self.tilting.rate((leaning, upright), slope, added, width, damped, shaken)
        return velocity, precession, turning


def wall_from_material(
    material: Material,
    *,
    polarity: int,
    thickness: float,
    stripe_width: float,
    torques: tuple[str, ...] = ("zhang-li",),
    pinning: AbstractPinning | None = None,
    width: float | None = None,
    cell: float = 0.0,
    domain_axis: str = "z",
) -> WallDynamics:
    """Wall of a stripe, from material constants alone.

    The starting point of a fit. Delta = sqrt(A / K_eff) with
    K_eff = Ku - mu0 Ms^2 / 2, and H_K = Ms (n_x - n_y) with the demagnetising
    factors of a wall in its stripe (`solitons.domain_walls.stray_field`). Between domains along x
    Delta is w / pi, as a transverse wall is drawn (Y. Nakatani, A. Thiaville, J. Miltat, J. Magn.
    Magn. Mater. 290-291, 750 (2005)), H_K = Ms (n_y - n_z) + 2 Ku (e_z^2 - e_y^2) / (mu0 Ms) with
    the easy axis e, and the factors' sum is 1.

    Parameters
    ----------
    material : geometries.Material
        Its constants; the easy axis must be z, or any axis for domains along x.
    polarity : int
        +1 where m goes from - to + with x, -1 for an up-down or head-to-head wall.
    thickness, stripe_width : float
        Size of the stripe, in m.
    torques : tuple of str
        How the current acts: "zhang-li", "spin-orbit" or both.
    pinning : AbstractPinning, optional
        The landscape; none by default.
    width : float, optional
        Delta in m where it was seen, in the place of the above; H_K and H_D = D / (mu0 Ms Delta) are then those at it.
    cell : float
        Length in m of the cells in which the wall is simulated, which change its stray field; 0 in a continuum.
    domain_axis : {"z", "x"}
        Axis of the domains.

    Returns
    -------
    WallDynamics

    Raises
    ------
    ValueError
        If the material is not perpendicular (its easy axis is not z, or
        K_eff <= 0), its DMI is of the bulk kind, which has no field H_D, a size is
        not positive, or a torque is unknown. Between domains along x, if it is
        perpendicular, has DMI, an easy axis beside all axes or an anisotropy across the stripe with a field above
        Ms n_y / 2, or there is spin-orbit torque.

    Examples
    --------
    >>> from geometries import Material
    >>> from solitons.domain_walls import wall_from_material
    >>> film = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.1, P=0.6)
    >>> wall = wall_from_material(film, polarity=1, thickness=1e-9, stripe_width=32e-9)
    >>> print(f"{float(wall.width) * 1e9:.1f} nm")
    6.6 nm
    """
    for name, size in (("thickness", thickness), ("stripe_width", stripe_width)):
        if not size > 0:
            raise ValueError(f"wall_from_material: {name} = {size} m must be positive")
    if unknown := sorted(set(torques) - {"zhang-li", "spin-orbit"}):
        raise ValueError(
            f"wall_from_material: torques has {', '.join(unknown)}; choose among 'zhang-li' and 'spin-orbit'"
        )
    if domain_axis == "x":
        _check_in_plane(material, torques, thickness, stripe_width)
        stated = usual_width(material, stripe_width, "x")
    else:
        stated = _perpendicular_width(material)
    width = stated if width is None else width
    factors = wall_factors(width, thickness, stripe_width, cell)
    hard_axis_field = material.Ms * (factors.n_x - factors.n_y)
    if domain_axis == "x":
        # m_y and m_z are now the components that are largest in the wall.
        hard_axis_field = material.Ms * (factors.n_y - (1 - factors.n_x - factors.n_y))
        difference = material.easy_axis[2] ** 2 - material.easy_axis[1] ** 2
        hard_axis_field += 2 * material.Ku * difference / (constants.mu_0 * material.Ms)
    drift = -BOHR_MAGNETON * material.P / (constants.e * material.Ms) if "zhang-li" in torques else 0.0
    damping_like, field_like = 0.0, 0.0
    if "spin-orbit" in torques:
        damping_like, field_like = HeavyMetal(name="metal").spin_orbit_fields(material, thickness)
    return WallDynamics(
        alpha=material.alpha,
        width=width,
        hard_axis_field=hard_axis_field,
        polarity=polarity,
        gamma0=material.gamma0,
        beta=material.beta,
        drift_per_current=drift,
        damping_like_per_current=damping_like,
        field_like_per_current=field_like,
        dmi_field=material.D / (constants.mu_0 * material.Ms * width),
        moment_per_length=material.Ms * thickness * stripe_width,
        pinning=NoPinning() if pinning is None else pinning,
    )


def _perpendicular_width(material: Material) -> float:
    """Delta in m of a material between up and down domains; ValueError if it has none."""
    if abs(material.easy_axis[2]) < 1 - 1e-9:
        raise ValueError(
            f"wall_from_material: material {material.name!r} has easy_axis {material.easy_axis}; the (q, "
            "phi) model is of perpendicular walls, so give a material with easy axis z"
        )
    if material.D != 0 and material.dmi == "bulk":
        raise ValueError(
            f"wall_from_material: material {material.name!r} has bulk DMI, which the (q, phi) model leaves "
            "out; give interfacial DMI or D = 0"
        )
    effective = material.Ku - constants.mu_0 * material.Ms**2 / 2
    if effective <= 0:
        raise ValueError(
            f"wall_from_material: material {material.name!r} has Ku - mu0 Ms^2 / 2 = {effective:.4g} J/m3; "
            "the perpendicular wall needs it positive, so raise Ku or lower Ms"
        )
    return math.sqrt(material.A / effective)


def _check_in_plane(material: Material, torques: tuple[str, ...], thickness: float, stripe_width: float) -> None:
    """Refuse what no transverse wall of this model has."""
    name = f"wall_from_material: material {material.name!r} has"
    if material.effective_anisotropy > 0:
        raise ValueError(
            f"{name} Ku - mu0 Ms^2 / 2 = {material.effective_anisotropy:.4g} J/m3 along z and magnetises out of the "
            "film's plane; domains along x need it below 0, so lower Ku"
        )
    if material.D != 0:
        raise ValueError(
            f"{name} D = {material.D:.4g} J/m2, which the model of a wall between domains along x leaves out; give 0"
        )
    if material.Ku and max(map(abs, material.easy_axis)) < 1 - 1e-9:
        raise ValueError(f"{name} easy_axis {material.easy_axis}; between domains along x give one along x, y or z")
    # A field of Ms n_y turns the domains of a long stripe across it.
    shape = material.Ms * float(stripe_factors([0.0], thickness, stripe_width)[1][0])
    e_x, e_y, _ = material.easy_axis
    across = 2 * material.Ku * (e_y**2 - e_x**2) / (constants.mu_0 * material.Ms)
    if across > _ACROSS * shape:
        raise ValueError(
            f"{name} Ku = {material.Ku:.4g} J/m3, easy_axis {material.easy_axis}: a field of {across:.3g} A/m across "
            f"the stripe, whose shape holds domains along x by Ms n_y = {shape:.3g} A/m; the model needs at most "
            f"{_ACROSS:g} times that, so give Ku = {_ACROSS * shape / across * material.Ku:.3g} J/m3 at most"
        )
    if "spin-orbit" in torques:
        raise ValueError(
            "wall_from_material: torques has 'spin-orbit', whose polarisation along y does not drive a wall between "
            "domains along x steadily; give 'zhang-li'"
        )
