"""Demagnetising (magnetostatic) energy."""

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array, lax
from typing_extensions import override

from runs.native import demag_kernel
from runs.native.abstract import EnergyTerm, quadratic_density, to_device
from runs.native.demag_kernel import Layout
from runs.native.discretisation import Discretisation, check_parameters
from runs.native.errors import UnsupportedError

SMALL = 1 << 14
"""Cells up to which all components go through one transform: less to compile, and one thread is enough."""


class Demag(EnergyTerm):
    r"""Field of the magnet's own moments, and of their periodic images.

    .. math:: H_i = -\sum_j N(r_i - r_j) \, M_s(r_j) \, m_j, \qquad w = -\tfrac{1}{2} \mu_0 M_s \, m \cdot H

    The sum is a convolution, done by Fourier transforms as `demag_kernel` says. On a large grid every
    component and shift has a transform of its own: they fit into the processor's cache and, since XLA
    runs a transform on one thread, are what several threads share.
    """

    kernel: Array
    """Spectrum of N, see `demag_kernel.kernel`."""
    saturation: Array
    layout: Layout = eqx.field(static=True)

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        axes, (slow, *lengths), shifts = self.layout
        order = tuple(2 - axis for axis in axes)
        moments = [(m[axis] * self.saturation).transpose(order) for axis in axes]
        phases = [_phase(moments[0].shape[1:], lengths, shift, m.dtype) for shift in shifts]
        waves = [lax.complex(moment * cosine, -moment * sine) for cosine, sine in phases for moment in moments]
        spectra = _transform("FFT", waves, lengths)
        kernels = [_at(self.kernel, shift) for shift in shifts]
        products = _one_layer(kernels, spectra) if spectra[0].shape[0] == 1 else _layers(kernels, spectra, slow)
        fields = [
            field[:, : m.shape[order[1] + 1], : m.shape[order[2] + 1]]
            for field in _transform("IFFT", products, lengths)
        ]
        total = [
            sum(
                cosine * field.real - sine * field.imag
                for (cosine, sine), field in zip(phases, fields[index::3], strict=True)
            )
            for index in range(3)
        ]
        back = np.argsort(order)
        return jnp.stack([total[axes.index(axis)].transpose(back) for axis in range(3)]) / len(shifts)

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return quadratic_density(m, self.field(m, amplitudes), self.saturation)


def from_ubermag(term: mm.Demag, discretisation: Discretisation) -> Demag:
    """Read a `micromagneticmodel.Demag`.

    Raises
    ------
    UnsupportedError
        `asymptotic_radius`, since the tensor here is accurate at every distance, or a system that
        repeats along x, y and z.
    """
    check_parameters(term, ())
    shape, periodic = discretisation.shape, discretisation.periodic
    if all(periodic):
        raise UnsupportedError(
            f"Demag {term.name!r}: the field of a system that repeats along x, y and z (mesh.bc="
            f"{discretisation.mesh.bc!r}) depends on the shape of its surface at infinity and is not "
            "supported by runs.native; let at most two directions repeat"
        )
    shortest = min(discretisation.cell)
    # Rounded, so that meshes that differ in the last digits, or in scale, share one kernel.
    x, y, z = (float(f"{edge / shortest:.12g}") for edge in discretisation.cell)
    kernel = demag_kernel.kernel(shape, (x, y, z), periodic)
    return Demag(kernel, to_device(discretisation.saturation), demag_kernel.layout(shape, periodic))


def _phase(shape: Sequence[int], lengths: Sequence[int], shift: Sequence[float], dtype: Any) -> tuple[Array, Array]:
    """Return cosine and sine of the phase that shifts all frequencies, (middle, fast)."""
    angles = [
        2 * np.pi * part / length * np.arange(count) for count, length, part in zip(shape, lengths, shift, strict=True)
    ]
    # Built from factors along each axis, so that what is compiled holds no array as large as the grid.
    (c, s), (d, t) = ((jnp.asarray(np.cos(angle), dtype), jnp.asarray(np.sin(angle), dtype)) for angle in angles)
    return c[:, None] * d - s[:, None] * t, s[:, None] * d + c[:, None] * t


def _transform(kind: str, values: Sequence[Array], lengths: Sequence[int]) -> list[Array]:
    """Transform the last two axes of arrays (layers, middle, fast), padded with zeros to `lengths`."""
    padding = [(0, 0), *((0, length - count) for length, count in zip(lengths, values[0].shape[1:], strict=True))]
    padded = [jnp.pad(value, padding) for value in values]
    if values[0].size > SMALL:
        return [lax.fft(value, kind, tuple(lengths)) for value in padded]
    return list(lax.fft(jnp.stack(padded), kind, tuple(lengths)))


def _at(kernel: Array, shift: tuple[float, float]) -> tuple[Array, ...]:
    """Return the components of the kernel, stored for a shift of 1/4 or 0, at another shift."""
    if shift[0] != demag_kernel.THREE_QUARTERS:
        return tuple(kernel)
    # The frequencies negated: what is odd along the middle axis changes sign.
    aa, bb, cc, bc, *rest = kernel[:, :, ::-1]
    return (aa, bb, cc, -bc, *(sign * part for sign, part in zip((-1, 1), rest, strict=False)))


def _one_layer(kernels: Sequence[tuple[Array, ...]], spectra: Sequence[Array]) -> list[Array]:
    """Multiply spectra (1, middle, fast) of three components for each kernel by -N."""
    products = []
    for index, (aa, bb, cc, bc) in enumerate(kernels):
        a, b, c = spectra[3 * index : 3 * index + 3]
        # bc is odd along two axes: the product of two imaginary transforms.
        products += [_times(-aa, a), _times(-bb, b) + _times(bc, c), _times(bc, b) - _times(cc, c)]
    return products


def _times(real: Array, value: Array) -> Array:
    """Multiply by real numbers, which XLA would make complex first."""
    return lax.complex(real * value.real, real * value.imag)


def _layers(kernels: Sequence[tuple[Array, ...]], spectra: Sequence[Array], length: int) -> list[Array]:
    """Multiply spectra (layers, middle, fast) of three components for each kernel by -N, by waves across the layers."""
    layers = spectra[0].shape[0]
    frequencies = np.arange(length // 2 + 1)
    angle = 2 * np.pi / length * np.outer(frequencies, np.arange(layers))
    # A frequency and its negative are one row here, except 0 and half the length.
    weight = np.where(2 * frequencies % length == 0, 1.0, 2.0)[:, None] / length
    waves = np.stack([np.cos(angle), np.sin(angle)])
    # From here on (cosine and sine, frequencies, components, real and imaginary part, middle, fast).
    parts = jnp.stack([part for value in spectra for part in (value.real, value.imag)], axis=1)
    parts = jnp.tensordot(jnp.asarray(waves, parts.dtype), parts, 1)
    values = [parts[:, :, 2 * index : 2 * index + 2] for index in range(len(spectra))]
    # i times the value, with cosine and sine exchanged: what a kernel odd across the layers makes of it.
    sign = jnp.asarray([[1, -1], [-1, 1]], parts.dtype)[:, None, :, None, None]
    turned = [sign * value[::-1, :, ::-1] for value in values]
    products = []
    for index, kernel in enumerate(kernels):
        aa, bb, cc, bc, ab, ac = (component[:, None] for component in kernel)
        (a, b, c), (p, q, r) = (part[3 * index : 3 * index + 3] for part in (values, turned))
        products += [ab * q + ac * r - aa * a, ab * p + bc * c - bb * b, ac * p + bc * b - cc * c]
    result = jnp.tensordot(
        jnp.asarray(waves * weight, parts.dtype), jnp.concatenate(products, axis=2), ((0, 1), (0, 1))
    )
    return [lax.complex(result[:, index], result[:, index + 1]) for index in range(0, result.shape[1], 2)]
