"""Continuation outside a window: the track goes on unchanged beyond both ends of the mesh along x."""

import math

import discretisedfield as df
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import scipy.fft
from jax import Array
from typing_extensions import override

from runs.native.abstract import EnergyTerm, cross, to_device
from runs.native.discretisation import Discretisation, discretise
from runs.native.neighbours import AXES
from runs.native.terms import dmi, exchange, newell

REACH = 10.0
"""Cells outside are summed up to this many times the larger of width and thickness; what is beyond is a thin rod."""


class BesideEnds(EnergyTerm):
    r"""Dzyaloshinskii-Moriya interaction of a window's first and last cells with copies of them beyond the ends.

    .. math:: H_i = \frac{2}{\mu_0 M_s} \frac{D}{2 \Delta} \, d_x \times m_i \quad (i = 0),
        \qquad H_i = -\frac{2}{\mu_0 M_s} \frac{D}{2 \Delta} \, d_x \times m_i \quad (i = n - 1)

    with d_x of `dmi.DMI`: dm/dx = 0 at the ends, where moments of a magnet that ends would tilt. Its energy and
    the exchange energy with a copy are zero. A copy follows its cell, so that this is no derivative of an
    energy: a minimiser takes copies that stay as they are, `outside_field`.
    """

    vectors: Array
    """What the copies' field is the vector product of with m, in A/m: at the first and the last column,
    (3, nz, ny, 2)."""

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        ends = jnp.array([0, -1])
        return jnp.zeros_like(m).at[..., ends].set(cross(self.vectors, m[..., ends]))

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return jnp.zeros_like(m[0])


def beside_ends(system: mm.System, grid: Discretisation) -> tuple[BesideEnds, ...]:
    """Return what copies beyond the ends along x do to a system's end cells; nothing without such an interaction."""
    terms = [dmi.from_ubermag(term, grid) for term in system.energy if isinstance(term, mm.DMI)]
    return (BesideEnds(to_device(sum(map(_vectors, terms)))),) if terms else ()


def outside_field(system: mm.System, *, neighbours: bool = True) -> df.Field:
    r"""Return the field in A/m of a track that goes on beyond the mesh as it is at its ends, and stays so.

    The columns of cells at both ends, m_l and m_r, are taken to repeat without end. They act on the
    cells i of the window by the energies that reach beyond a cell, here for the left side:

    .. math:: H_i = \frac{2}{\mu_0 M_s} \left( \frac{A}{\Delta^2} m_l
        + \frac{D}{2 \Delta} \, d_x \times m_l \right) \delta_{i 0}
        - \sum_{k = 1}^{\infty} N(i + k) \, M_s m_l

    with the exchange and the Dzyaloshinskii-Moriya interaction of the end's cell with the next one
    outside (`exchange`, `dmi`), and the demagnetising tensor N of all cells outside (`newell`), those
    far away as a rod of dipoles. With this field a uniform domain ends nowhere: no charge at the ends,
    no tilt of the moments there, no missing neighbour. The field does not depend on m inside.

    Parameters
    ----------
    system : micromagneticmodel.System
        The window, with m; everything but m has to be the same all along x. Outside are copies of its first
        and its last column.
    neighbours : bool
        Whether the cells next to the ends act by exchange and Dzyaloshinskii-Moriya interaction too. In the
        moving window of `evolve` they do anyway.

    Returns
    -------
    discretisedfield.Field
        For a `micromagneticmodel.Zeeman`, whose energy is then that between inside and outside.

    Raises
    ------
    ValueError
        A mesh that repeats along x, or shorter than three cells.

    Examples
    --------
    >>> import micromagneticmodel as mm
    >>> mesh = df.Mesh(p1=(0, 0, 0), p2=(40e-9, 20e-9, 2e-9), cell=(2e-9, 2e-9, 2e-9))
    >>> along = df.Field(mesh, nvdim=3, value=(1, 0, 0), norm=8e5, valid="norm")
    >>> field = outside_field(mm.System(name="window", energy=mm.Demag(), m=along))
    >>> end, middle = (float(field((x, 10e-9, 1e-9))[0]) for x in (1e-9, 20e-9))
    >>> round(end / 1e3), round(middle / 1e3)  # kA/m: what lies outside makes up for the charges of the ends
    (200, 11)
    """
    grid = discretise(system)
    nx = grid.shape[0]
    if grid.periodic[0] or nx < 3:
        raise ValueError(
            f"system {system.name!r}: a mesh of {nx} cells along x with bc={grid.mesh.bc!r} has no track beyond its "
            "ends; give an open mesh of three cells or more"
        )
    field, ends = np.zeros((3, *grid.saturation.shape)), grid.magnetisation[..., [0, -1]]
    for term in system.energy:
        if isinstance(term, mm.Exchange) and neighbours:
            field[..., [0, -1]] += _stiffness(exchange.from_ubermag(term, grid)) * ends
        elif isinstance(term, mm.DMI) and neighbours:
            field[..., [0, -1]] += np.cross(_vectors(dmi.from_ubermag(term, grid)), ends, axis=0)
        elif isinstance(term, mm.Demag):
            field += _stray_field(grid)
    return df.Field(grid.mesh, nvdim=3, value=np.where(grid.saturation > 0, field, 0.0).T)


def _stiffness(term: exchange.Exchange) -> np.ndarray:
    """Return 2 A / (mu0 Ms d^2) in A/m at both ends, (nz, ny, 2)."""
    found = [np.asarray(each) for pairs, each in zip(term.pairs, term.stiffness, strict=True) if pairs.axis == AXES[0]]
    return np.asarray(np.asarray(term.prefactor)[..., [0, -1]] * found[0][..., [0, -1]])


def _vectors(term: dmi.DMI) -> np.ndarray:
    """Return `BesideEnds.vectors` of one term."""
    prefactor = np.asarray(term.prefactor)[..., [0, -1]]
    vectors = np.zeros((3, *prefactor.shape))
    for pairs, direction, strength in zip(term.pairs, term.directions, term.strength, strict=True):
        if pairs.axis == AXES[0]:
            # The neighbour before the first cell, or after the last one: d_ij is -d_x, or d_x.
            vectors[direction] += np.array([-1.0, 1.0]) * prefactor * np.asarray(strength)[..., [0, -1]]
    return vectors


def _stray_field(grid: Discretisation) -> np.ndarray:
    """Return the stray field of everything outside in the window's cells, (3, nz, ny, nx)."""
    nx, ny, nz = grid.shape
    dx, dy, dz = grid.cell
    count = math.ceil(REACH * max(ny * dy, nz * dz) / dx)
    shortest = min(grid.cell)
    x, y, z = (edge / shortest for edge in grid.cell)
    cumulated = np.cumsum(newell.tensor((nx + count, ny, nz), (x, y, z)), axis=1)
    # At the i-th cell from an end the sources are 1 + i to count + i cells away.
    sums = dict(zip(newell.COMPONENTS, cumulated[:, count : count + nx] - cumulated[:, :nx], strict=True))
    total = np.zeros((3, nz, ny, nx))
    for end, side in ((0, 1.0), (-1, -1.0)):
        moments = (grid.saturation * grid.magnetisation)[..., end].transpose(0, 2, 1)
        # A rod of dipoles per length from a distance on, seen from a place on its axis.
        far = (count + 0.5 + np.arange(nx)) * dx
        dipoles = moments.sum(axis=(1, 2)) * dy * dz
        rod = np.array([2.0, -1.0, -1.0])[:, None] * dipoles[:, None] / (8 * np.pi * far**2)
        of_side = _across(sums, moments, side) + rod[:, :, None, None]
        total += (of_side if end == 0 else of_side[:, ::-1]).transpose(0, 3, 2, 1)
    return total


def _across(sums: dict[str, np.ndarray], moments: np.ndarray, side: float) -> np.ndarray:
    """Convolve sums of N over x, at offsets that are not negative, with moments (3, ny, nz): (3, nx, ny, nz)."""
    ny, nz = moments.shape[1:]
    lengths = [int(scipy.fft.next_fast_len(2 * number - 1, real=True)) for number in (ny, nz)]
    spectra = scipy.fft.rfft2(moments, s=lengths)
    field = np.zeros((3, len(sums["xx"]), *spectra.shape[1:]), dtype=complex)
    for name, values in sums.items():
        kernel = np.zeros((len(values), *lengths))
        kernel[:, :ny, :nz] = values
        for axis, number in ((1, ny), (2, nz)):
            if number > 1:
                # Odd where the letter of the axis is there once; negative offsets are at the end.
                sign = -1.0 if name.count("xyz"[axis]) == 1 else 1.0
                ahead = np.take(kernel, np.arange(number - 1, 0, -1), axis=axis)
                kernel[_last(axis, number - 1)] = sign * ahead
        spectrum = scipy.fft.rfft2(kernel) * (side if name.count("x") == 1 else 1.0)
        first, second = ("xyz".index(letter) for letter in name)
        field[first] -= spectrum * spectra[second]
        if first != second:
            field[second] -= spectrum * spectra[first]
    return np.asarray(scipy.fft.irfft2(field, s=lengths))[..., :ny, :nz]


def _last(axis: int, number: int) -> tuple[slice, ...]:
    return tuple(slice(-number, None) if position == axis else slice(None) for position in range(3))
