"""Demagnetising (magnetostatic) energy."""

from collections.abc import Sequence

import equinox as eqx
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array, lax
from typing_extensions import override

from runs.native.abstract import EnergyTerm, quadratic_density, to_device
from runs.native.discretisation import Discretisation, check_parameters
from runs.native.errors import UnsupportedError
from runs.native.terms import demag_kernel
from runs.native.terms.demag_kernel import Layout

SMALL = 1 << 14
"""Cells of one layer up to which all components go through one call: less to compile, and one thread is enough."""


class Demag(EnergyTerm):
    r"""Field of the magnet's own moments, and of their periodic images.

    .. math:: H_i = -\sum_j N(r_i - r_j) \, M_s(r_j) \, m_j, \qquad w = -\tfrac{1}{2} \mu_0 M_s \, m \cdot H

    The sum is a convolution, done by Fourier transforms as in `demag_kernel`. On a large grid every
    component and shift has a transform of its own: XLA runs a transform on one thread, so that these
    are what several threads share, and arrays stay small.
    """

    kernel: Array
    """Spectrum of -N, see `demag_kernel.kernel`."""
    saturation: Array
    phases: Array
    """Cosine and sine of the phase that shifts the frequencies, (shifts, 2, middle, fast)."""
    layout: Layout = eqx.field(static=True)
    in_plane: bool = eqx.field(static=True, default=False)
    """Whether m is known to lie in the plane of one layer of cells: a third less to transform."""

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        axes, (slow, *lengths), shifts = self.layout
        order = tuple(2 - axis for axis in axes)
        along = axes[1:] if self.in_plane else axes
        moments = [(m[axis] * self.saturation).transpose(order) for axis in along]
        _, rows, columns = moments[0].shape
        waves = [lax.complex(moment * cosine, -moment * sine) for cosine, sine in self.phases for moment in moments]
        spectra = _transform("FFT", waves, lengths)
        reverse = [shift[0] == demag_kernel.THREE_QUARTERS for shift in shifts]
        if spectra[0].shape[0] == 1:
            products = _one_layer(self.kernel, reverse, spectra)
        else:
            products = _layers(self.kernel, reverse, spectra, slow)
        fields = _transform("IFFT", products, lengths)
        total = {axis: jnp.zeros_like(m[axis]) for axis in axes}
        for index, axis in enumerate(along):
            parts = [field[:, :rows, :columns] for field in fields[index :: len(along)]]
            unshifted = [c * part.real - s * part.imag for (c, s), part in zip(self.phases, parts, strict=True)]
            total[axis] = sum(unshifted[1:], unshifted[0]).transpose(np.argsort(order))
        return jnp.stack([total[axis] for axis in range(3)]) / len(shifts)

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return quadratic_density(m, self.field(m, amplitudes), self.saturation)

    @property
    @override
    def planes(self) -> tuple[int, ...]:
        return self.layout.axes[:1] if len(self.kernel) == demag_kernel.OF_ONE_LAYER else ()


def from_ubermag(term: mm.Demag, discretisation: Discretisation) -> Demag:
    """Read a `micromagneticmodel.Demag`; an UnsupportedError for a system that repeats along x, y and z.

    `asymptotic_radius`, from which on OOMMF may approximate the tensor, is met whatever it is: the tensor here is
    accurate at every distance.
    """
    check_parameters(term, (), ("asymptotic_radius",))
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
    layout = demag_kernel.layout(shape, periodic)
    return Demag(kernel, to_device(discretisation.saturation), to_device(demag_kernel.phases(shape, layout)), layout)


def _transform(kind: str, values: Sequence[Array], lengths: Sequence[int]) -> list[Array]:
    """Transform the last two axes of arrays (layers, middle, fast), padded with zeros to `lengths`."""
    padding = [(0, 0), *((0, length - count) for length, count in zip(lengths, values[0].shape[1:], strict=True))]
    padded = [jnp.pad(value, padding) for value in values]
    if values[0].shape[0] == 1 and values[0].size <= SMALL:
        return list(lax.fft(jnp.stack(padded), kind, tuple(lengths)))
    return _kept(padded[0], [lax.fft(value, kind, tuple(lengths)) for value in padded])


def _kept(value: Array, transforms: Sequence[Array]) -> list[Array]:
    """Return the transforms unchanged, but keep the memory of one input until all of them are done.

    XLA uses as little memory as it can: it writes every transform into the input of the one before,
    so that each waits for the last and one thread does them all. One array more and two threads
    share them. It stays because a number is read from it, at a place known only after all transforms.
    """
    last = sum(lax.stop_gradient(transform[0, 0, 0].real) for transform in transforms)
    place = jnp.isnan(last).astype(int)
    number = lax.stop_gradient(value.real).reshape(-1)[place]
    return [*transforms[:-1], transforms[-1] + 0.0 * number]


def _one_layer(kernel: Array, reverse: Sequence[bool], spectra: Sequence[Array]) -> list[Array]:
    """Multiply spectra (1, middle, fast) of three components, or the two in the layer, for each shift by -N."""
    products, count = [], len(spectra) // len(reverse)
    for index, backwards in enumerate(reverse):
        *across, b, c = spectra[count * index : count * (index + 1)]
        aa, bb, cc, bc = kernel[:, :, ::-1] if backwards else kernel
        # What is odd along the middle axis changes sign with the frequency.
        combine = lax.sub if backwards else lax.add
        products += [
            *(_times(aa, a) for a in across),
            combine(_times(bb, b), _times(bc, c)),
            combine(_times(cc, c), _times(bc, b)),
        ]
    return products


def _times(real: Array, value: Array) -> Array:
    """Multiply by real numbers, which XLA would make complex first."""
    return lax.complex(real * value.real, real * value.imag)


def _layers(kernel: Array, reverse: Sequence[bool], spectra: Sequence[Array], length: int) -> list[Array]:
    """Multiply spectra (layers, middle, fast) of three components for each shift by -N, by waves across the layers."""
    layers = spectra[0].shape[0]
    frequencies = np.arange(length // 2 + 1)
    angle = 2 * np.pi / length * np.outer(frequencies, np.arange(layers))
    # A frequency and its negative are one row here, except 0 and half the length.
    weight = np.where(2 * frequencies % length == 0, 1.0, 2.0)[:, None] / length
    waves = np.stack([np.cos(angle), np.sin(angle)])
    # From here on (cosine and sine, frequencies, real and imaginary part, middle, fast).
    forward, back = (jnp.asarray(matrix, kernel.dtype) for matrix in (waves, waves * weight))
    values = [jnp.tensordot(forward, jnp.stack([value.real, value.imag], axis=1), 1) for value in spectra]
    # i times the value, with cosine and sine exchanged: what a kernel odd across the layers makes of it.
    sign = jnp.asarray([[1, -1], [-1, 1]], kernel.dtype)[:, None, :, None, None]
    turned = [sign * value[::-1, :, ::-1] for value in values]
    products = []
    for index, backwards in enumerate(reverse):
        aa, bb, cc, bc, ab, ac = (kernel[:, :, ::-1] if backwards else kernel)[:, :, None]
        (a, b, c), (p, q, r) = (part[3 * index : 3 * index + 3] for part in (values, turned))
        # What is odd along the middle axis changes sign with the frequency.
        odd = -1 if backwards else 1
        products += [
            aa * a + odd * ab * q + ac * r,
            odd * ab * p + bb * b + odd * bc * c,
            ac * p + odd * bc * b + cc * c,
        ]
    parts = [jnp.tensordot(back, product, ((0, 1), (0, 1))) for product in products]
    return [lax.complex(part[:, 0], part[:, 1]) for part in parts]
