"""Demagnetising field of a small magnet as one matrix, for many of them at once.

With a hundred cells a transform is too short to be fast; one matrix times the moments of a whole batch is not.
"""

import itertools

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

LARGEST = 144
"""Cells up to which a batch takes matrices, which grow with the square of it; with 256 transforms are faster."""
GROUPS = {True: ((0, 1), (2,)), False: ((0, 1, 2),)}
"""Components that act on each other: within one layer of cells z is for itself."""


class DenseDemag(EnergyTerm):
    r"""Field of the magnet's own moments, summed over all pairs of cells.

    .. math:: H_i = -\sum_j N(r_i - r_j) \, M_s(r_j) \, m_j, \qquad w = -\tfrac{1}{2} \mu_0 M_s \, m \cdot H
    """

    matrices: tuple[Array, ...]
    """-N for each group of components, (components x cells, components x cells)."""
    saturation: Array
    groups: tuple[tuple[int, ...], ...] = eqx.field(static=True)

    @override
    def field(self, m: Array, amplitudes: Array) -> Array:
        moments = m * self.saturation
        components: dict[int, Array] = {}
        for matrix, group in zip(self.matrices, self.groups, strict=True):
            # From the left, since the matrix is symmetric: moments of a batch are rows in memory.
            product = moments[group[0] : group[-1] + 1].reshape(-1) @ matrix
            components |= dict(zip(group, product.reshape(len(group), *m.shape[1:]), strict=True))
        return jnp.stack([components[axis] for axis in range(3)])

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


def _dense(term: Demag, discretisation: Discretisation) -> DenseDemag:
    shape = discretisation.shape
    groups = GROUPS[shape[2] == 1]
    tensor = dict(zip(newell.COMPONENTS, newell.tensor(shape, discretisation.cell), strict=True))
    # Cells in the order of memory, x fastest; offsets from each to each.
    places = [np.ravel(each) for each in np.meshgrid(*map(np.arange, shape[::-1]), indexing="ij")][::-1]
    offsets = [place[:, np.newaxis] - place[np.newaxis, :] for place in places]
    matrices = []
    for group in groups:
        rows = []
        for i, j in itertools.product(group, group):
            values = tensor["".join(sorted("xyz"[i] + "xyz"[j]))][tuple(np.abs(offset) for offset in offsets)]
            rows.append(-values if i == j else -values * np.sign(offsets[i]) * np.sign(offsets[j]))
        size = len(group)
        matrices.append(np.block([rows[size * row : size * (row + 1)] for row in range(size)]))
    return DenseDemag(tuple(map(to_device, matrices)), term.saturation, groups)
