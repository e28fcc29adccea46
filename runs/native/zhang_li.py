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

from runs.native.abstract import Torque, amplitude, to_device
from runs.native.discretisation import Discretisation, check_parameters, scalar_parameter, vector_parameter
from runs.native.neighbours import AXES, both_magnetic, lower_of, to_lower, to_upper, upper_of
from runs.native.waveform import Waveform, waveform_of


class ZhangLi(Torque):
    r"""Torque of a current in the film on a texture, u the spin-drift velocity in m/s times a waveform.

    .. math:: \frac{dm}{dt} = \frac{1 + \alpha\beta}{1 + \alpha^2} m \times (m \times (u \cdot \nabla) m)
        + \frac{\beta - \alpha}{1 + \alpha^2} m \times (u \cdot \nabla) m

    A wall moves along +u. The gradient is the mean of the differences to both neighbours. As in
    OOMMF's evolver of this torque, a missing neighbour counts as an equal one inside the mesh, and
    the difference is one-sided at the mesh's own faces. Zhang and Li, Phys. Rev. Lett. 93, 127204
    (2004); Thiaville et al., Europhys. Lett. 69, 990 (2005).
    """

    lower_weights: tuple[Array | None, ...]
    """u / d times the weight with which a pair's difference counts for its lower cell, along x, y and z."""
    upper_weights: tuple[Array | None, ...]
    """The same for its upper cell."""
    adiabatic: Array
    """(1 + alpha beta) / (1 + alpha^2)."""
    nonadiabatic: Array
    """(beta - alpha) / (1 + alpha^2)."""
    waveform: int | None = eqx.field(static=True)

    @override
    def contribution(self, m: Array, field: Array, amplitudes: Array) -> tuple[Array, Array]:
        advection = jnp.zeros_like(m)
        for axis, lower, upper in zip(AXES, self.lower_weights, self.upper_weights, strict=True):
            if lower is not None and upper is not None:
                step = upper_of(m, axis) - lower_of(m, axis)
                advection = advection + to_lower(lower * step, axis) + to_upper(upper * step, axis)
        advection = advection * amplitude(amplitudes, self.waveform)
        return self.nonadiabatic * advection, self.adiabatic * advection


def from_ubermag(
    term: mm.ZhangLi, discretisation: Discretisation, damping: np.ndarray, register: Callable[[Waveform], int]
) -> ZhangLi:
    """Read a `micromagneticmodel.ZhangLi`: u is a number or scalar field (along x), a vector or vector field.

    Unlike oommfc, which writes a scalar field's norm, the sign of a field-valued u is kept.

    Raises
    ------
    UnsupportedError
        `tcl_strings`, or a waveform that this engine cannot read.
    """
    check_parameters(term, ("u", "beta"), ("func", "dt", "tcl_strings"))
    waveform = waveform_of(term)
    lower: list[Array | None] = []
    upper: list[Array | None] = []
    velocity = _velocity(term, discretisation)
    components = zip(AXES, discretisation.cell, discretisation.shape, velocity, strict=True)
    for axis, edge, count, component in components:
        if count == 1 or not np.any(component):
            lower.append(None)
            upper.append(None)
            continue
        pairs = both_magnetic(discretisation.saturation, axis) / edge
        # At the mesh's own faces the one difference there is counts fully.
        below, above = np.full(count - 1, 0.5), np.full(count - 1, 0.5)
        if count > 2:
            below[0], above[-1] = 1.0, 1.0
        along = [1] * pairs.ndim
        along[axis] = count - 1
        of_cell = np.moveaxis(np.broadcast_to(component, discretisation.saturation.shape), axis, 0)
        lower.append(to_device(pairs * below.reshape(along) * np.moveaxis(of_cell[:-1], 0, axis)))
        upper.append(to_device(pairs * above.reshape(along) * np.moveaxis(of_cell[1:], 0, axis)))
    share = 1.0 + damping**2
    return ZhangLi(
        tuple(lower),
        tuple(upper),
        to_device((1.0 + damping * term.beta) / share),
        to_device((term.beta - damping) / share),
        None if waveform is None else register(waveform),
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
