"""A uniaxial anisotropy that depends on time; a term of its own, which oommfc does not have."""

import collections.abc
from collections.abc import Callable

import discretisedfield as df
import micromagneticmodel as mm
import ubermagutil.typesystem as ts
from jax import Array
from typing_extensions import override

from runs.native.abstract import MU0, EnergyTerm, dot, to_device
from runs.native.discretisation import Discretisation, check_parameters, direction_parameter, scalar_parameter
from runs.native.neighbours import inverse
from runs.native.terms.modulation import Modulation, modulated, modulation_of
from runs.native.waveform import Waveform


@ts.typesystem(
    K=ts.Parameter(descriptor=ts.Scalar(), otherwise=df.Field),
    u=ts.Parameter(descriptor=ts.Vector(size=3), otherwise=df.Field),
    func=ts.Typed(expected_type=collections.abc.Callable),
    dt=ts.Scalar(positive=True),
)
class ModulatedAnisotropy(mm.energy.EnergyTerm):  # type: ignore[misc]
    r"""Uniaxial anisotropy times a function of time, such as a voltage makes at an interface.

    .. math:: w = -f(t) K \, (m \cdot u)^2

    Unlike `micromagneticmodel.UniaxialAnisotropy` it is counted from 0 whatever its sign, which may change. oommfc
    does not know this term.

    Parameters
    ----------
    K : number, dict or discretisedfield.Field
        In J/m3, of any sign.
    u : (3,) array_like, dict or discretisedfield.Field
        Axis, of any length.
    func, dt : optional
        f, as for `micromagneticmodel.ZhangLi`; also a `PiecewiseLinear` or a `PerRegion`. 1 if not given.

    Examples
    --------
    >>> ModulatedAnisotropy(K=-1e5, u=(0, 0, 1)).name
    'modulatedanisotropy'
    """

    _allowed_attributes = ["K", "u", "func", "dt"]  # noqa: RUF012  (micromagneticmodel's interface)

    @property
    def _reprlatex(self) -> str:
        return r"-f(t) K (\mathbf{m} \cdot \mathbf{u})^{2}"

    def effective_field(self, m: object) -> None:
        """Raise, as micromagneticmodel's own terms do."""
        raise NotImplementedError


class TimedAnisotropy(EnergyTerm):
    r"""Energy and field of a `ModulatedAnisotropy`.

    .. math:: w = -f(t) K \, (m \cdot u)^2, \qquad H = \frac{2 f(t) K}{\mu_0 M_s} \, (m \cdot u) \, u
    """

    constant: Array
    """K in J/m3, zero outside the magnet, (nz, ny, nx)."""
    prefactor: Array
    """2 K / (mu0 Ms) in A/m, zero outside the magnet, (nz, ny, nx)."""
    axis: Array
    """Unit vector u, (3, 1, 1, 1) or (3, nz, ny, nx)."""
    modulation: Modulation | None

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        return modulated(self.prefactor, self.modulation, amplitudes) * dot(m, self.axis) * self.axis

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return -modulated(self.constant, self.modulation, amplitudes) * dot(m, self.axis) ** 2


def from_ubermag(
    term: ModulatedAnisotropy, discretisation: Discretisation, register: Callable[[Waveform], int]
) -> TimedAnisotropy:
    """Read a `ModulatedAnisotropy`; K and u are each one value, per region or a field.

    An UnsupportedError for a waveform that this engine cannot read, a ValueError for an axis that is zero where K is
    not.
    """
    check_parameters(term, ("K", "u"), ("func", "dt"))
    saturation = discretisation.saturation
    constant = scalar_parameter(term, "K", discretisation) * (saturation > 0)
    return TimedAnisotropy(
        constant=to_device(constant),
        prefactor=to_device(2.0 / MU0 * constant * inverse(saturation)),
        axis=to_device(direction_parameter(term, "u", discretisation, acts=constant != 0)),
        modulation=modulation_of(term, discretisation, register),
    )
