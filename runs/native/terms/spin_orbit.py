"""Spin-orbit torque of a heavy metal under or over the magnet; a term of its own, which oommfc does not have."""

import collections.abc
from collections.abc import Callable

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import ubermagutil.typesystem as ts
from jax import Array
from typing_extensions import override

from runs.native.abstract import Torque, to_device
from runs.native.discretisation import (
    Discretisation,
    check_parameters,
    direction_parameter,
    is_set,
    scalar_parameter,
)
from runs.native.neighbours import inverse
from runs.native.terms.modulation import Modulation, modulated, modulation_of
from runs.native.waveform import Waveform


@ts.typesystem(
    J=ts.Parameter(descriptor=ts.Scalar(), otherwise=df.Field),
    theta_SH=ts.Parameter(descriptor=ts.Scalar(), otherwise=df.Field),
    sigma=ts.Parameter(descriptor=ts.Vector(size=3), otherwise=df.Field),
    field_like_ratio=ts.Parameter(descriptor=ts.Scalar(), otherwise=df.Field),
    thickness=ts.Parameter(descriptor=ts.Scalar(positive=True), otherwise=df.Field),
    func=ts.Typed(expected_type=collections.abc.Callable),
    dt=ts.Scalar(positive=True),
)
class SpinOrbitTorque(mm.dynamics.DynamicsTerm):  # type: ignore[misc]
    r"""Damping-like and field-like torque of the spin current from a charge current in a heavy metal.

    .. math:: \frac{dm}{dt} = -\gamma_0 \, m \times \left( a \, m \times \sigma + b \, \sigma \right)
        + \alpha \, m \times \frac{dm}{dt}, \qquad
        a = \frac{\hbar \, \theta_{SH} J}{2 e \mu_0 M_s t}, \qquad b = r a

    oommfc does not know this term. It is what `micromagneticmodel.Slonczewski` gives with
    mp = sigma, Lambda = 1, P = theta_SH and eps_prime = r theta_SH / 2, if the magnet is one cell
    thick; there t is always the thickness of a cell.

    Parameters
    ----------
    J : number, dict or discretisedfield.Field
        Current density in the metal, A/m2; with the default sigma along +x, in a metal under the
        magnet (sigma = z x J/|J|).
    theta_SH : number, dict or discretisedfield.Field
        Spin Hall angle, or any efficiency of charge to spin; may be negative.
    sigma : (3,) array_like, dict or discretisedfield.Field, optional
        Direction of the spins for J > 0, of any length; (0, 1, 0) if not given.
    field_like_ratio : number, dict or discretisedfield.Field, optional
        r = b / a; 0 if not given.
    thickness : number, dict or discretisedfield.Field, optional
        Thickness t of the magnet in m. By default it is, column by column, the height of the magnetic cells
        in which J is not zero: they share the spin current's angular momentum, however many layers
        of cells there are. Give it, or J in some layers only, where the mesh holds another magnet.
    func, dt : optional
        Time dependence of J, as for `micromagneticmodel.Slonczewski`; also a `PiecewiseLinear` or a
        `PerRegion`.

    Examples
    --------
    >>> torque = SpinOrbitTorque(J=1e12, theta_SH=0.1)
    >>> torque.name
    'spinorbittorque'
    """

    _allowed_attributes = [  # noqa: RUF012  (micromagneticmodel's interface)
        "J",
        "theta_SH",
        "sigma",
        "field_like_ratio",
        "thickness",
        "func",
        "dt",
    ]

    @property
    def _reprlatex(self) -> str:
        return (
            r"-\gamma_{0}\frac{\hbar\theta_\text{SH}J}{2e\mu_{0}M_\text{s}t}\mathbf{m}\times"
            r"\left(\mathbf{m}\times\boldsymbol{\sigma} + r\boldsymbol{\sigma}\right)"
        )

    def dmdt(self, m: object, Heff: object) -> None:
        """Raise, as micromagneticmodel's own terms do."""
        raise NotImplementedError


class SpinOrbit(Torque):
    r"""The torque of a `SpinOrbitTorque`, solved for dm/dt.

    .. math:: \frac{dm}{dt} = \frac{\gamma_0}{1 + \alpha^2} \left[ (\alpha a - b) \, m \times \sigma
        - (a + \alpha b) \, m \times (m \times \sigma) \right]
    """

    about: Array
    """gamma0 (alpha a - b) / (1 + alpha^2) times sigma in 1/s, (3, nz, ny, nx)."""
    towards: Array
    """-gamma0 (a + alpha b) / (1 + alpha^2) times sigma."""
    modulation: Modulation | None

    @override
    def contribution(self, m: Array, field: Array, amplitudes: Array) -> tuple[Array, Array]:
        about = modulated(self.about, self.modulation, amplitudes)
        return about, modulated(self.towards, self.modulation, amplitudes)


def from_ubermag(
    term: SpinOrbitTorque,
    discretisation: Discretisation,
    damping: np.ndarray,
    gyromagnetic_ratio: np.ndarray,
    register: Callable[[Waveform], int],
) -> SpinOrbit:
    """Read a `SpinOrbitTorque`; each parameter is one value, per region or a field.

    An UnsupportedError for a waveform that this engine cannot read; a ValueError if J or theta_SH is missing, or sigma
    is zero or the thickness not above zero where the current acts.
    """
    check_parameters(term, ("J", "theta_SH"), ("sigma", "field_like_ratio", "thickness", "func", "dt"))
    saturation = discretisation.saturation
    current = scalar_parameter(term, "J", discretisation) * scalar_parameter(term, "theta_SH", discretisation)
    ratio = scalar_parameter(term, "field_like_ratio", discretisation) if is_set(term, "field_like_ratio") else 0.0
    acts = (saturation > 0) & (current != 0)
    if is_set(term, "thickness"):
        thickness = np.broadcast_to(scalar_parameter(term, "thickness", discretisation), saturation.shape)
        if np.any(acts & (thickness <= 0)):
            raise ValueError(
                f"SpinOrbitTorque {term.name!r}: thickness={term.thickness!r} must be positive where the current acts"
            )
    else:
        thickness = np.broadcast_to(acts.sum(axis=0) * discretisation.cell[2], saturation.shape)
    consts = mm.consts
    spin_current = consts.hbar / (2.0 * consts.e * consts.mu0) * current * inverse(saturation)
    damping_like = np.divide(spin_current, thickness, out=np.zeros(saturation.shape), where=acts)
    field_like = ratio * damping_like
    rate = gyromagnetic_ratio / (1.0 + damping**2)
    spins = np.reshape((0.0, 1.0, 0.0), (3, 1, 1, 1))
    if is_set(term, "sigma"):
        spins = direction_parameter(term, "sigma", discretisation, acts=acts)
    return SpinOrbit(
        about=to_device(rate * (damping * damping_like - field_like) * spins),
        towards=to_device(-rate * (damping_like + damping * field_like) * spins),
        modulation=modulation_of(term, discretisation, register),
    )
