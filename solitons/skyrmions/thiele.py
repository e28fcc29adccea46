r"""Thiele's equation of skyrmions: velocities of rigid textures under currents and forces.

Derivation
----------
With m(r - X(t)) put into

    dm/dt = -gamma0 m x H + alpha m x dm/dt - (u . grad) m + beta m x (u . grad) m

and projected on the texture's shift, d_i m, it gives for each skyrmion

    (g - alpha D) v = (g' - beta D') u - (gamma0 / mu0 Ms t) F - gamma0 a S sigma

with g, D, S of `solitons.skyrmions.texture_tensors` (g', D' have the engines' central difference), F = -dE/dX in N,
u = (u / J) J along +x the drift velocity of a current in the plane, and a = (a / J) J the damping-like field of a
heavy metal, H_DL = a m x sigma, sigma = +y for a current along +x. A uniform field, and so the field-like torque, puts
no force on a texture that is rigid.

Alone in a film, with d = D / g_xy, a current in the plane moves a skyrmion with

    v_x = u (1 + alpha beta d^2) / (1 + alpha^2 d^2),    v_y = u (alpha - beta) d / (1 + alpha^2 d^2),

and a spin-orbit torque that pushes along x with |v_y / v_x| = 1 / (alpha |d|). Along an edge both end with v_y = 0, and
the edge takes up the rest.

Heat is white noise in F, whose strength per direction, 2 k T alpha D mu0 Ms t / gamma0, follows from the
fluctuation-dissipation theorem; a free skyrmion diffuses with

    k T (gamma0 / mu0 Ms t) alpha D / (g^2 + alpha^2 D^2).

Sources: A. A. Thiele, Phys. Rev. Lett. 30, 230 (1973); A. Thiaville et al., Europhys. Lett. 69, 990 (2005); J. Iwasaki,
M. Mochizuki and N. Nagaosa, Nat. Commun. 4, 1463 (2013); J. Sampaio et al., Nat. Nanotechnol. 8, 839 (2013); C.
Schuette, J. Iwasaki, A. Rosch and N. Nagaosa, Phys. Rev. B 90, 174434 (2014), for the diffusion.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from scipy import constants

from geometries import HeavyMetal, Material
from solitons.fits.provenance import Provenance
from solitons.numerics.parameters import namespace_of, real
from solitons.skyrmions.bends import Bends
from solitons.skyrmions.forces import AbstractForce, NoForce
from solitons.skyrmions.grid_spline import GridSpline
from solitons.skyrmions.texture_tensors import TextureTensors

__all__ = ["LocalTexture", "NearEdge", "ThieleDynamics", "thiele_from_texture"]

BOHR_MAGNETON = constants.physical_constants["Bohr magneton"][0]


class NearEdge(eqx.Module):
    """How the texture of a skyrmion shrinks near the edges of a track along x, at y of `low` and `high` in m.

    `distances` from the nearer edge to the centre (m, rising) have D and S over those far away; between them it is
    interpolated, beyond them it stays. `bends` belong to a track that is not straight.
    """

    low: Any = eqx.field(converter=real)
    high: Any = eqx.field(converter=real)
    distances: Any = eqx.field(converter=real)
    dissipation: Any = eqx.field(converter=real)
    spin_orbit: Any = eqx.field(converter=real)
    bends: Bends | None = None

    def factors(self, positions: Any) -> tuple[Any, Any]:
        """Give D and S over those far away, at centres (skyrmions, 2) in m."""
        xp = namespace_of(positions, self.low, self.high, self.distances, self.dissipation, self.spin_orbit)
        y = xp.asarray(positions)[:, 1]
        distance = xp.minimum(y - self.low, self.high - y)
        if self.bends is not None:
            farther = self.bends.farther(positions)
            xp = namespace_of(distance, farther)
            distance = (xp.stack([y - self.low, self.high - y]) + farther).min(axis=0)
        return (
            xp.interp(distance, self.distances, self.dissipation),
            xp.interp(distance, self.distances, self.spin_orbit),
        )


class LocalTexture(eqx.Module):
    """How the texture of a skyrmion changes from place to place with the material of the film.

    Splines of D and S over the values of the equation's texture.
    """

    dissipation: GridSpline
    spin_orbit: GridSpline

    def factors(self, positions: Any) -> tuple[Any, Any]:
        """Give D and S over the texture's, at centres (skyrmions, 2) in m."""
        return self.dissipation.value(positions), self.spin_orbit.value(positions)


class ThieleDynamics(eqx.Module):
    """Parameters of Thiele's equation, and the velocities of skyrmions.

    The equation stands in the module's docstring. All parameters may have a leading axis: a batch
    of tracks, mapped over by `jax.vmap`.

    Parameters
    ----------
    gyration : float
        g_xy, 4 pi Q.
    dissipation : array (2, 2)
        D.
    alpha : float
        Gilbert damping.
    moment_per_area : float
        Ms t in A: magnetisation times the film's thickness.
    gamma0 : float
        Gyromagnetic ratio times mu0 in m/(A s).
    beta : float
        Non-adiabaticity of the current in the plane.
    drift_per_current : float
        u / J in m3/(A s), negative for P > 0; 0 where no current flows in the plane.
    drift_gyration, drift_dissipation : array (2, 2), optional
        g' and D'; g and D if left out.
    damping_like_per_current : float
        a / J in m; 0 without a heavy metal.
    spin_orbit : array (2, 3)
        S in m.
    force : AbstractForce
        F.
    near_edge : NearEdge, optional
        How D and S change near an edge; they are the same everywhere if left out.
    provenance : Provenance, optional
        Provenance of the parameters, if they were fitted.
    local_texture : LocalTexture, optional
        How they change with the material, where that differs from place to place.
    bends : Bends, optional
        Bends of a track that is not straight; places are then by its middle.

    Examples
    --------
    The drift of a skyrmion in a film, with beta = alpha along the current:

    >>> film = ThieleDynamics(-4 * np.pi, 16 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, beta=0.3,
    ...                       drift_per_current=-1e-10)
    >>> velocity = film.velocities(np.zeros((1, 2)), 1e12)
    >>> [round(abs(float(v)), 3) for v in velocity[0]]
    [100.0, 0.0]
    """

    gyration: Any = eqx.field(converter=real)
    dissipation: Any = eqx.field(converter=real)
    alpha: Any = eqx.field(converter=real)
    moment_per_area: Any = eqx.field(converter=real)
    gamma0: Any = eqx.field(converter=real, default=constants.mu_0 * 1.760859630e11)
    beta: Any = eqx.field(converter=real, default=0.0)
    drift_per_current: Any = eqx.field(converter=real, default=0.0)
    drift_gyration: Any = None
    drift_dissipation: Any = None
    damping_like_per_current: Any = eqx.field(converter=real, default=0.0)
    spin_orbit: Any = eqx.field(converter=real, default_factory=lambda: np.zeros((2, 3)))
    force: AbstractForce = NoForce()
    near_edge: NearEdge | None = None
    provenance: Provenance | None = None
    local_texture: LocalTexture | None = None
    bends: Bends | None = None

    def __post_init__(self) -> None:
        if self.drift_gyration is None:
            turn = np.array([[0.0, 1.0], [-1.0, 0.0]])
            self.drift_gyration = self.gyration * turn
        if self.drift_dissipation is None:
            self.drift_dissipation = self.dissipation
        self.drift_gyration, self.drift_dissipation = real(self.drift_gyration), real(self.drift_dissipation)

    @property
    def velocity_per_force(self) -> Any:
        """gamma0 / (mu0 Ms t) in m/(s N)."""
        return self.gamma0 / (constants.mu_0 * self.moment_per_area)

    @property
    def diffusion_per_kelvin(self) -> Any:
        """Diffusion constant of a free skyrmion over the temperature in m2/(s K)."""
        damped = self.alpha * (self.dissipation[..., 0, 0] + self.dissipation[..., 1, 1]) / 2
        return constants.k * self.velocity_per_force * damped / (self.gyration**2 + damped**2)

    def texture_factors(self, positions: Any) -> tuple[Any, Any]:
        """Give D and S at centres (skyrmions, 2) in m over the equation's own."""
        xp = namespace_of(positions)
        shrunk, weaker = xp.ones(()), xp.ones(())
        for each in (self.near_edge, self.local_texture):
            if each is not None:
                dissipation, spin_orbit = each.factors(positions)
                shrunk, weaker = shrunk * dissipation, weaker * spin_orbit
        return shrunk, weaker

    def response(self, positions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Give g - alpha D at centres (n, 2) in m: times a velocity it is minus the force, (n, 2, 2)."""
        with jax.enable_x64(True):
            shrunk = np.broadcast_to(np.asarray(self.texture_factors(positions)[0]), len(positions))
        turn = float(self.gyration) * np.array([[0.0, 1.0], [-1.0, 0.0]])
        return np.asarray(turn - float(self.alpha) * shrunk[:, None, None] * np.asarray(self.dissipation))

    def velocities(self, positions: Any, current_density: Any, agitation: Any = 0.0, present: Any = None) -> Any:
        """Velocity of each skyrmion.

        Parameters
        ----------
        positions : array (skyrmions, 2)
            Centres in m.
        current_density : float
            J along the track in A/m2.
        agitation : array (skyrmions, 2)
            Force of heat in N, as it is far from an edge; near one it is weaker, as the square root of D.
        present : array (skyrmions,) of bool, optional
            Mask of skyrmions that push others; all if left out.

        Returns
        -------
        array (skyrmions, 2)
            In m/s.
        """
        shrunk, weaker = self.texture_factors(positions)
        shrunk, weaker = jnp.asarray(shrunk)[..., None], jnp.asarray(weaker)[..., None]
        forces = self.velocity_per_force * (self.force.force(positions, present) + jnp.sqrt(shrunk) * agitation)
        if self.bends is not None:
            current_density = current_density * self.bends.current_share(positions)[:, None]
        drift = self.drift_per_current * current_density
        field = self.gamma0 * self.damping_like_per_current * current_density
        push = (
            drift * (self.drift_gyration[:, 0] - self.beta * shrunk * self.drift_dissipation[:, 0])
            - field * weaker * self.spin_orbit[:, 1]
            - forces
        )
        damped = self.alpha * shrunk[..., None] * self.dissipation
        # (g - alpha D) v = push, solved by Cramer's rule.
        xx, yy = -damped[..., 0, 0], -damped[..., 1, 1]
        xy, yx = self.gyration - damped[..., 0, 1], -self.gyration - damped[..., 1, 0]
        determinant = xx * yy - xy * yx
        x = (yy * push[..., 0] - xy * push[..., 1]) / determinant
        y = (xx * push[..., 1] - yx * push[..., 0]) / determinant
        if self.bends is not None:
            x = x / self.bends.stretch(positions)
        return jnp.stack([x, y], axis=-1)


def thiele_from_texture(
    tensors: TextureTensors,
    material: Material,
    thickness: float,
    torques: tuple[str, ...] = ("spin-orbit",),
    *,
    force: AbstractForce | None = None,
    near_edge: NearEdge | None = None,
    local_texture: LocalTexture | None = None,
    bends: Bends | None = None,
) -> ThieleDynamics:
    """Make Thiele's equation of a skyrmion's own texture and a material's constants.

    The tensors are the relaxed skyrmion's, the thickness is in m, torques are "zhang-li" and "spin-orbit". For D and S
    what belongs to a shift along x is taken for both directions, as a round skyrmion has it: in a track a shift across
    it meets the moments that tilt at the edges, which do not move along.
    """
    if unknown := set(torques) - {"zhang-li", "spin-orbit"}:
        raise ValueError(f"thiele_from_texture: torques has {min(unknown)!r}; 'zhang-li' and 'spin-orbit' are possible")
    along, per_current, damping_like = tensors.spin_orbit[0], 0.0, 0.0
    if "zhang-li" in torques:
        per_current = -BOHR_MAGNETON * material.P / (constants.e * material.Ms)
    if "spin-orbit" in torques:
        damping_like, _ = HeavyMetal(name="metal").spin_orbit_fields(material, thickness)
    turned = tensors.drift_gyration[0, 1]
    return ThieleDynamics(
        gyration=tensors.gyration,
        dissipation=tensors.dissipation[0, 0] * np.eye(2),
        alpha=material.alpha,
        moment_per_area=material.Ms * thickness,
        gamma0=material.gamma0,
        beta=material.beta,
        drift_per_current=per_current,
        drift_gyration=turned * np.array([[0.0, 1.0], [-1.0, 0.0]]),
        drift_dissipation=tensors.drift_dissipation[0, 0] * np.eye(2),
        damping_like_per_current=damping_like,
        spin_orbit=np.array([[along[0], along[1], 0.0], [-along[1], along[0], 0.0]]),
        force=force or NoForce(),
        near_edge=near_edge,
        local_texture=local_texture,
        bends=bends,
    )
