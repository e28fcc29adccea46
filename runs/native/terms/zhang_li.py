"""Zhang-Li spin-transfer torque."""

import numbers
from collections.abc import Callable

import discretisedfield as df
import equinox as eqx
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array
from typing_extensions import override

from runs.native.abstract import Torque, to_device
from runs.native.discretisation import Discretisation, check_parameters, scalar_parameter, vector_parameter
from runs.native.neighbours import AXES, Pairs, pairs_along
from runs.native.terms.modulation import Modulation, modulated, modulation_of
from runs.native.waveform import Waveform


class ZhangLi(Torque):
    r"""Torque of a current in the film on a texture, u the spin-drift velocity in m/s times a waveform.

    .. math:: \frac{dm}{dt} = \frac{1 + \alpha\beta}{1 + \alpha^2} m \times (m \times (u \cdot \nabla) m)
        + \frac{\beta - \alpha}{1 + \alpha^2} m \times (u \cdot \nabla) m

    A wall moves along +u. The gradient is the mean of the differences to both neighbours. As in
    OOMMF's evolver of this torque, a missing neighbour counts as an equal one inside the mesh, and
    the difference is one-sided at the mesh's own faces. Zhang and Li, Phys. Rev. Lett. 93, 127204
    (2004); Thiaville et al., Europhys. Lett. 69, 990 (2005).
    """

    lower_weights: tuple[Array, ...]
    """u / d times the weight with which a pair's difference counts for its lower cell, for each of `pairs`."""
    upper_weights: tuple[Array, ...]
    """The same for its upper cell."""
    adiabatic: Array
    """(1 + alpha beta) / (1 + alpha^2)."""
    nonadiabatic: Array
    """(beta - alpha) / (1 + alpha^2)."""
    pairs: tuple[Pairs, ...] = eqx.field(static=True)
    modulation: Modulation | None

    @override
    def contribution(self, m: Array, field: Array, amplitudes: Array) -> tuple[Array, Array]:
        advection = jnp.zeros_like(m)
        for pairs, lower, upper in zip(self.pairs, self.lower_weights, self.upper_weights, strict=True):
            step = pairs.upper(m) - pairs.lower(m)
            advection = advection + pairs.to_lower(lower * step) + pairs.to_upper(upper * step)
        advection = modulated(advection, self.modulation, amplitudes)
        return self.nonadiabatic * advection, self.adiabatic * advection


def from_ubermag(
    term: mm.ZhangLi,
    discretisation: Discretisation,
    damping: np.ndarray,
    _gyromagnetic_ratio: np.ndarray,
    register: Callable[[Waveform], int],
) -> ZhangLi:
    """Read a `micromagneticmodel.ZhangLi`: u is a number or scalar field (along x), a vector or vector field.

    Unlike oommfc, which writes a scalar field's norm, the sign of a field-valued u is kept.
    """
    check_parameters(term, ("u", "beta"), ("func", "dt", "tcl_strings"))
    families: list[Pairs] = []
    lower: list[Array] = []
    upper: list[Array] = []
    velocity = _velocity(term, discretisation)
    components = zip(AXES, discretisation.cell, discretisation.shape, discretisation.periodic, velocity, strict=True)
    for axis, edge, count, periodic, component in components:
        if not np.any(component):
            continue
        weight = np.full(count, 0.5 / edge)
        if count > 2 and not periodic:
            # At the mesh's own faces the one difference there is counts fully.
            weight[0] = weight[-1] = 1.0 / edge
        along = np.moveaxis(weight.reshape(1, 1, count), -1, axis)
        of_cell = np.broadcast_to(component, discretisation.saturation.shape) * along
        for pairs in pairs_along(discretisation, axis):
            magnetic = pairs.both_magnetic(discretisation.saturation)
            families.append(pairs)
            lower.append(to_device(magnetic * pairs.lower(of_cell)))
            upper.append(to_device(magnetic * pairs.upper(of_cell)))
    share = 1.0 + damping**2
    return ZhangLi(
        tuple(lower),
        tuple(upper),
        to_device((1.0 + damping * term.beta) / share),
        to_device((term.beta - damping) / share),
        tuple(families),
        modulation_of(term, discretisation, register),
    )


def _velocity(term: mm.ZhangLi, discretisation: Discretisation) -> np.ndarray:
    """Return the three components of u in m/s, (3, 1, 1, 1) or (3, nz, ny, nx)."""
    value = next(iter(term.u.values())) if isinstance(term.u, dict) else term.u
    along_x = value.nvdim == 1 if isinstance(value, df.Field) else isinstance(value, numbers.Real)
    if not along_x:
        return vector_parameter(term, "u", discretisation)
    speed = scalar_parameter(term, "u", discretisation)
    speed = speed.reshape((1, 1, 1)) if speed.ndim == 0 else speed
    return np.stack([speed, np.zeros_like(speed), np.zeros_like(speed)])
