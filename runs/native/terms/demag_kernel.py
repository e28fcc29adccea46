r"""Spectrum of the demagnetising tensor, laid out for transforms that need no padding.

A field of n cells and a kernel that reaches n - 1 cells either way convolve to 3 n - 2 values, of
which the middle n are wanted. A transform over the n cells alone, at frequencies (k + f) / n, wraps
the others onto them times exp(+-2 pi i f): with f = 1/4 times +-i, so that for real data they fall into
the imaginary part and are dropped. One complex transform of length n serves where a padded real one
has length 2 n. A second axis, whose data are complex by then, needs f = 1/4 and f = 3/4, whose mean
cancels what wraps. An axis that repeats has f = 0 and wraps as it should.

The kernel is real where it is even and imaginary where it is odd, and at f = 3/4 it is that at f = 1/4
read backwards, conjugated: one real number for each cell and component is all that is stored.

The slow axis, the one with the fewest cells, is transformed by a matrix of cosines and sines.
"""

import functools
from typing import NamedTuple

import numpy as np
import scipy.fft
from jax import Array

from runs.native.abstract import to_device
from runs.native.terms import kernel_cache, newell, periodic_demag

QUARTER, THREE_QUARTERS = 0.25, 0.75
OF_ONE_LAYER = 4
"""Components that are stored within one layer of cells, since two are odd across it."""


class Layout(NamedTuple):
    """How fields and kernel are arranged for the transforms."""

    axes: tuple[int, int, int]
    """Which of x, y, z (0, 1, 2) is slow, middle and fast in memory."""
    lengths: tuple[int, int, int]
    """Transform lengths along these axes."""
    shifts: tuple[tuple[float, float], ...]
    """f along the middle and the fast axis, for each pair of transforms whose mean is taken."""


def layout(shape: tuple[int, int, int], periodic: tuple[bool, bool, bool]) -> Layout:
    """Choose axes and transforms for a grid of so many cells along x, y and z, which may repeat along each."""
    slow = min((2, 1, 0), key=lambda axis: shape[axis])
    middle, fast = (axis for axis in (2, 1, 0) if axis != slow)
    wraps = {axis: periodic[axis] or shape[axis] == 1 for axis in range(3)}
    shifts: tuple[tuple[float, float], ...] = ((QUARTER, QUARTER), (THREE_QUARTERS, QUARTER))
    if wraps[fast]:
        shifts = ((0.0 if wraps[middle] else QUARTER, 0.0),)
    elif wraps[middle]:
        shifts = ((0.0, QUARTER),)
    across = shape[slow] if wraps[slow] else 2 * shape[slow] - 1
    rows, columns = (
        shape[axis] if periodic[axis] else int(scipy.fft.next_fast_len(shape[axis])) for axis in (middle, fast)
    )
    return Layout((slow, middle, fast), (across, rows, columns), shifts)


def phases(shape: tuple[int, int, int], chosen: Layout) -> np.ndarray:
    """Return cosine and sine of the phases that shift the frequencies, (shifts, 2, middle, fast)."""
    turns = []
    for shift in chosen.shifts:
        along = [
            part / length * np.arange(shape[axis])
            for axis, length, part in zip(chosen.axes[1:], chosen.lengths[1:], shift, strict=True)
        ]
        turns.append(np.add.outer(*along))
    return np.stack([np.cos(2 * np.pi * np.array(turns)), np.sin(2 * np.pi * np.array(turns))], axis=1)


def components(shape: tuple[int, int, int], axes: tuple[int, int, int]) -> tuple[str, ...]:
    """Name the components that are stored: `OF_ONE_LAYER` of them within one layer of cells, else six."""
    slow, middle, fast = ("xyz"[axis] for axis in axes)
    pairs = [(slow, slow), (middle, middle), (fast, fast), (middle, fast), (slow, middle), (slow, fast)]
    return tuple("".join(sorted(pair)) for pair in (pairs[:OF_ONE_LAYER] if shape[axes[0]] == 1 else pairs))


@functools.lru_cache(maxsize=8)
def kernel(shape: tuple[int, int, int], ratios: tuple[float, float, float], periodic: tuple[bool, bool, bool]) -> Array:
    """Return the spectrum of -N, from the disk if it is there, for so many cells along x, y and z.

    `ratios` are the edge lengths of a cell in units of the shortest. The shape is (4 or 6, frequencies of the slow
    axis, lengths of the others): components slow slow, middle middle, fast fast, middle fast, slow middle, slow fast,
    at shift 1/4 or 0, without the factor i of a transform along an axis where the component is odd, but with its
    square.
    """
    return to_device(kernel_cache.remember(lambda: _spectrum(shape, ratios, periodic), shape, ratios, periodic))


def _spectrum(
    shape: tuple[int, int, int], ratios: tuple[float, float, float], periodic: tuple[bool, bool, bool]
) -> np.ndarray:
    axes, lengths, shifts = layout(shape, periodic)
    names = components(shape, axes)
    if any(periodic):
        tensor = periodic_demag.tensor(shape, ratios, periodic, names)
    else:
        tensor = newell.tensor(shape, ratios, names)
    tensor = tensor.transpose(0, *(1 + axis for axis in axes))
    spectra = []
    for name, values in zip(names, tensor, strict=True):
        for position, (axis, length, shift) in enumerate(zip(axes, lengths, (0.0, *shifts[0]), strict=True)):
            odd = name.count("xyz"[axis]) == 1
            values = _transform(values, position, length, shift, odd, periodic[axis])
        # The field is -N M; a component of two letters is odd along both, and the square of i gives the other sign.
        sign = -1.0 if name[0] == name[1] else 1.0
        spectra.append(sign * values[: lengths[0] // 2 + 1])
    return np.array(spectra)


def _transform(values: np.ndarray, axis: int, length: int, shift: float, odd: bool, periodic: bool) -> np.ndarray:
    """Sum a kernel times cosines, or sines where it is odd, from its values at offsets that are not negative."""
    count = values.shape[axis]
    phase = np.exp(-2j * np.pi * shift / length * np.arange(count))
    phase = phase.reshape([-1 if position == axis else 1 for position in range(3)])
    spectrum = scipy.fft.fft(values * phase, n=length, axis=axis)
    part = -spectrum.imag if odd else spectrum.real
    if periodic:
        return np.asarray(part)
    # Negative offsets give the same again, offset 0 only once.
    return np.asarray(2 * part - (0.0 if odd else values.take([0], axis)))
