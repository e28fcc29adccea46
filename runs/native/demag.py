"""Demagnetising (magnetostatic) energy."""

import functools

import equinox as eqx
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import scipy.fft
from jax import Array
from typing_extensions import override

from runs.native import newell
from runs.native.abstract import EnergyTerm, quadratic_density, to_device
from runs.native.discretisation import Discretisation, check_parameters


class Demag(EnergyTerm):
    r"""Field of the magnet's own moments with open boundaries.

    .. math:: H_i = -\sum_j N(r_i - r_j) \, M_s(r_j) \, m_j, \qquad w = -\tfrac{1}{2} \mu_0 M_s \, m \cdot H

    The sum is a convolution, done by Fourier transforms padded with zeros to twice the length. Axes
    are transformed one by one, x first, so that rows of nothing but padding are never transformed.
    Kernel and spectra have the axes in the order that leaves the one transformed last contiguous.
    """

    kernel: tuple[Array, ...]
    """Spectrum of -N, real because N(-r) = N(r): xx, xy, yy, zz for one layer of cells, else all six."""
    saturation: Array
    padded: tuple[int, int, int] = eqx.field(static=True)
    """Transform lengths along x, y and z."""

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        nz, ny, nx = self.saturation.shape
        px, py, pz = self.padded
        spectrum = jnp.fft.rfft(m * self.saturation, n=px, axis=-1)
        spectrum = jnp.fft.fft(spectrum.swapaxes(-1, -2), n=py, axis=-1)
        if nz == 1:
            xx, xy, yy, zz = self.kernel
            x, y, z = spectrum
            product = jnp.stack([xx * x + xy * y, xy * x + yy * y, zz * z])
        else:
            xx, xy, xz, yy, yz, zz = self.kernel
            x, y, z = jnp.fft.fft(jnp.moveaxis(spectrum, 1, -1), n=pz, axis=-1)
            product = jnp.stack([xx * x + xy * y + xz * z, xy * x + yy * y + yz * z, xz * x + yz * y + zz * z])
            product = jnp.moveaxis(jnp.fft.ifft(product, axis=-1)[..., :nz], -1, 1)
        product = jnp.fft.ifft(product, axis=-1)[..., :ny].swapaxes(-1, -2)
        return jnp.fft.irfft(product, n=px, axis=-1)[..., :nx]

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return quadratic_density(m, self.field(m, amplitudes), self.saturation)


def from_ubermag(term: mm.Demag, discretisation: Discretisation) -> Demag:
    """Read a `micromagneticmodel.Demag`.

    Raises
    ------
    UnsupportedError
        `asymptotic_radius`: the tensor here is accurate at every distance.
    """
    check_parameters(term, ())
    shape = discretisation.shape
    kernel = _kernel(shape, discretisation.cell)
    return Demag(kernel, to_device(discretisation.saturation), _padded(shape))


def _padded(shape: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return transform lengths that hold a linear convolution; an axis of one cell needs no padding."""
    px, py, pz = (1 if count == 1 else scipy.fft.next_fast_len(2 * count - 1, real=True) for count in shape)
    return px, py, pz


@functools.lru_cache(maxsize=8)
def _kernel(shape: tuple[int, int, int], cell: tuple[float, float, float]) -> tuple[Array, ...]:
    """Return the spectrum of -N in the layout of `Demag.kernel`."""
    px, py, pz = _padded(shape)
    one_layer = shape[2] == 1
    spectra = []
    for component in newell.COMPONENTS:
        if one_layer and component in ("xz", "yz"):
            continue  # odd in z: zero within one layer
        values = newell.tensor(shape, cell, component)
        for axis, (count, length) in enumerate(zip(shape, (px, py, pz), strict=True)):
            # N_ij changes sign with r_i and with r_j, so xx, yy and zz are even along every axis.
            sign = -1.0 if component.count("xyz"[axis]) == 1 else 1.0
            values = _mirror(values, axis, count, length, sign)
        spectrum = -scipy.fft.fftn(values)[: px // 2 + 1].real
        spectra.append(to_device(spectrum[:, :, 0] if one_layer else spectrum))
    return tuple(spectra)


def _mirror(values: np.ndarray, axis: int, count: int, length: int, sign: float) -> np.ndarray:
    """Continue a tensor to negative offsets, in the wrapped order of a transform of `length`."""
    values = np.moveaxis(values, axis, 0)
    wrapped = np.zeros((length, *values.shape[1:]))
    wrapped[:count] = values
    if count > 1:
        wrapped[length - count + 1 :] = sign * values[:0:-1]
    return np.moveaxis(wrapped, 0, axis)
