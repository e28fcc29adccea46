r"""Demagnetising field of a small magnet as matrices, for many of them at once.

With a few hundred cells a transform is too short to be fast; matrices times the moments of a whole batch are not. The
tensor depends on offsets alone, and each of its components is even or odd in them along each axis. So parts of the
moments that are even or odd about the middle of the box do not act on each other, whatever the magnet's shape: halved
along two axes, a matrix has a quarter of the numbers.
"""

import itertools
import math

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import Array
from typing_extensions import override

from runs.native.abstract import EnergyTerm, quadratic_density, to_device
from runs.native.discretisation import Discretisation
from runs.native.model import Model
from runs.native.terms import newell
from runs.native.terms.demag import Demag

LARGEST = 324
"""Cells up to which a batch takes matrices, which grow with the square of it."""
GROUPS = {True: ((0, 1), (2,)), False: ((0, 1, 2),)}
"""Components that act on each other: within one layer of cells z is for itself."""

Parities = tuple[int, ...]
"""Along z, y and x: 0 for what is even about the middle, 1 for what is odd."""


class DenseDemag(EnergyTerm):
    r"""Field of the magnet's own moments, summed over all pairs of cells.

    .. math:: H_i = -\sum_j N(r_i - r_j) \, M_s(r_j) \, m_j, \qquad w = -\tfrac{1}{2} \mu_0 M_s \, m \cdot H
    """

    matrices: tuple[tuple[Array, ...], ...]
    """-N of the folded moments for each of `mirrored` and each group of components, transposed."""
    saturation: Array
    groups: tuple[tuple[int, ...], ...] = eqx.field(static=True)
    mirrored: tuple[Parities, ...] = eqx.field(static=True)
    """What acts on each other; see `_of_component`."""

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        moments, shape = m * self.saturation, m.shape[1:]
        parts: list[dict[Parities, Array]] = [{}, {}, {}]
        for mirrored, matrices in zip(self.mirrored, self.matrices, strict=True):
            for matrix, group in zip(matrices, self.groups, strict=True):
                parities = [_of_component(mirrored, axis, shape) for axis in group]
                folded = [_folded(moments[axis], each) for axis, each in zip(group, parities, strict=True)]
                # From the left: moments of a batch are rows in memory.
                fields = jnp.concatenate([each.reshape(-1) for each in folded]) @ matrix
                ends = np.cumsum([each.size for each in folded])[:-1]
                for axis, each, field, like in zip(group, parities, jnp.split(fields, ends), folded, strict=True):
                    parts[axis][each] = field.reshape(like.shape)
        return jnp.stack([_unfolded(of_component, shape) for of_component in parts])

    @override
    def density(self, m: Array, amplitudes: Array) -> Array:
        return quadratic_density(m, self.field(m, amplitudes), self.saturation)


def with_matrices(model: Model, discretisation: Discretisation) -> Model:
    """Return a model in which a small magnet's demagnetising field is a matrix; the same one if it repeats."""
    if any(discretisation.periodic) or np.prod(discretisation.shape) > LARGEST:
        return model
    terms = tuple(_dense(term, discretisation) if isinstance(term, Demag) else term for term in model.terms)
    changed: Model = eqx.tree_at(lambda tree: tree.terms, model, terms)
    return changed


def _of_component(mirrored: Parities, axis: int, shape: tuple[int, ...]) -> Parities:
    """Return the parities of a component of a vector field that a mirror turns as those of a scalar, `mirrored`."""
    return tuple(
        0 if count == 1 else parity ^ (place == 2 - axis)
        for place, (parity, count) in enumerate(zip(mirrored, shape, strict=True))
    )


def _folded(values: Array, parities: Parities) -> Array:
    """Return the even or odd part of values in cells (nz, ny, nx), twice as large, on the lower half of each axis.

    A cell in the middle counts as even, once.
    """
    for axis, (parity, count) in enumerate(zip(parities, values.shape, strict=True)):
        if count == 1:
            continue
        lower, middle, upper = jnp.split(values, [count // 2, count - count // 2], axis)
        upper = jnp.flip(upper, axis)
        values = lower - upper if parity else jnp.concatenate([lower + upper, middle], axis)
    return values


def _unfolded(parts: dict[Parities, Array], shape: tuple[int, ...]) -> Array:
    """Put values in cells together again from parts, each half as large as `_folded` has it."""
    for axis, count in enumerate(shape):
        if count == 1:
            parts = {of[1:]: part for of, part in parts.items()}
            continue
        half, together = count // 2, {}
        for rest in {of[1:] for of in parts}:
            even, odd = parts[0, *rest], parts[1, *rest]
            lower, middle = jnp.split(even, [half], axis)
            together[rest] = jnp.concatenate([lower + odd, middle, jnp.flip(lower - odd, axis)], axis)
        parts = together
    return parts[()]


def _dense(term: Demag, discretisation: Discretisation) -> DenseDemag:
    shape = discretisation.shape[::-1]
    groups = GROUPS[shape[0] == 1]
    tensor = dict(zip(newell.COMPONENTS, newell.tensor(shape[::-1], discretisation.cell), strict=True))
    mirrored = tuple(itertools.product(*[(0, 1) if count > 1 else (0,) for count in shape]))
    matrices = []
    for each in mirrored:
        of_groups = []
        for group in groups:
            blocks = [[_block(tensor, i, j, each, shape) for j in group] for i in group]
            of_groups.append(to_device(np.block(blocks).T))
        matrices.append(tuple(of_groups))
    return DenseDemag(tuple(matrices), term.saturation, groups, mirrored)


def _block(tensor: dict[str, np.ndarray], i: int, j: int, mirrored: Parities, shape: tuple[int, ...]) -> np.ndarray:
    """Return how moments along j that are `_folded` give the field along i that is to be `_unfolded`."""
    name = "".join(sorted("xyz"[i] + "xyz"[j]))
    block = -tensor[name].T
    for axis, count in enumerate(shape):
        # A row for each cell where the field is, a column for each moment; the axes that are done lie behind.
        offsets = np.arange(count)[:, None] - np.arange(count)
        signs = np.sign(offsets) if name.count("zyx"[axis]) == 1 else np.ones_like(offsets)
        field, moments = (_halves(count, _of_component(mirrored, one, shape)[axis]) for one in (i, j))
        pairs = np.moveaxis(block[np.abs(offsets)], (0, 1), (-2, -1)) * signs
        block = field @ pairs @ moments.T
    rows, columns = block.shape[::2], block.shape[1::2]
    return block.transpose(0, 2, 4, 1, 3, 5).reshape(math.prod(rows), math.prod(columns))


def _halves(count: int, parity: int) -> np.ndarray:
    """Return `_folded` along one axis as a matrix, each of its rows over the number of cells in it."""
    half = np.eye(count)[: count // 2]
    if count > 1 and parity:
        return (half - half[:, ::-1]) / 2
    middle = np.eye(count)[count // 2 : count - count // 2]
    return np.concatenate([(half + half[:, ::-1]) / 2, middle])
