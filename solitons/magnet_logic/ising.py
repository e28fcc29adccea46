r"""The magnets of an array as Ising spins: couplings from their stray fields, and states of least energy.

.. math:: E = -\tfrac12 \sum_{i \ne j} J_{ij} s_i s_j - \sum_i h_i s_i, \qquad J_{ij} = -M_i\, e_i \cdot G_{ij} e_j

with s = 1 or -1 along each magnet's axis e, its moment M = mu0 Ms V and the stray-field response G of
`CoupledMacrospins`. A problem of quadratic optimisation over variables that are 0 or 1 is the same by s = 2 x - 1
(`binary_ising`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import equinox as eqx
import numpy as np
import numpy.typing as npt

from geometries import MagnetArray, Material
from solitons.magnet_logic.arrays import array_macrospins
from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins
from solitons.numerics.parameters import real

__all__ = ["GroundStates", "IsingArray", "anneal", "array_ising", "binary_ising", "descend", "ground_states"]

Floats = npt.NDArray[np.float64]
Spins = npt.NDArray[np.int8]

MOST_MAGNETS = 20
"""Magnets that are tried in all states: a million."""
_SYMMETRIC = 1e-9
_AT_ONCE = 1 << 16


class IsingArray(eqx.Module):
    """Spins that are 1 or -1, with a coupling for each pair and a field for each.

    Couplings J in J are symmetric, with nothing on the diagonal, and positive where a pair has less energy parallel;
    fields h in J are 0 if left out.
    """

    couplings: Any = eqx.field(converter=real)
    fields: Any = eqx.field(converter=real, default=0.0)

    def __check_init__(self) -> None:
        shape = self.couplings.shape
        if len(shape) != 2 or shape[0] != shape[1] or not shape[0] or not np.isfinite(self.couplings).all():
            raise ValueError(f"IsingArray.couplings has the shape {shape}; give finite numbers over (magnets, magnets)")
        largest = float(np.abs(self.couplings).max())
        if np.abs(self.couplings - self.couplings.T).max() > _SYMMETRIC * largest or np.diag(self.couplings).any():
            raise ValueError("IsingArray.couplings must be symmetric, with 0 on the diagonal")
        if self.fields.shape not in ((), shape[:1]) or not np.isfinite(self.fields).all():
            raise ValueError(
                f"IsingArray.fields has the shape {self.fields.shape}; give one finite number for each of the "
                f"{shape[0]} magnets"
            )

    @property
    def magnets(self) -> int:
        """How many."""
        return int(self.couplings.shape[0])

    def energy(self, spins: npt.ArrayLike) -> Floats:
        """Energy in J of states (..., magnets)."""
        s = np.asarray(spins, dtype=np.float64)
        return np.asarray(-np.sum(s * (s @ self.couplings), axis=-1) / 2 - np.sum(s * self.fields, axis=-1))


class GroundStates(NamedTuple):
    """The states of least energy (J).

    All that have it, but for rounding, (states, magnets), and the gap to the next energy in J, infinite if there is
    none.
    """

    energy: float
    states: Spins
    gap: float


def array_ising(array: MagnetArray, material: Material, macrospins: CoupledMacrospins | None = None) -> IsingArray:
    """Make of an array its Ising model: axes along the magnets, fields from the biases that hold inputs.

    Parameters
    ----------
    array : MagnetArray
        Without parts.
    material : Material
        Material of all magnets.
    macrospins : CoupledMacrospins, optional
        Those of the array, if they are there already.

    Examples
    --------
    >>> from geometries.magnet_logic.builders import inverter
    >>> permalloy = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=0.1)
    >>> ground_states(array_ising(inverter(-1), permalloy)).states.tolist()
    [[-1, 1]]
    """
    macrospins = array_macrospins(array, material) if macrospins is None else macrospins
    axes = array.axes
    couplings = -macrospins.moment[:, None] * np.einsum("ia,ijab,jb->ij", axes, macrospins.response, axes)
    np.fill_diagonal(couplings, 0.0)
    fields = macrospins.moment * np.einsum("ia,ia->i", axes, array.held_fields())
    return IsingArray((couplings + couplings.T) / 2, fields)


def binary_ising(gains: npt.ArrayLike, cost: npt.ArrayLike) -> IsingArray:
    """Make spins of variables x that are 0 or 1 and whose sum of costs less gains is to be least.

    The energy is sum_i c_i x_i - sum_{i<j} A_ij x_i x_j but for a constant, with x = (1 + s) / 2: couplings A / 4 and
    fields sum_j A_ij / 4 - c_i / 2.

    Parameters
    ----------
    gains : array (magnets, magnets)
        A, symmetric with nothing on the diagonal: what it brings to take both of a pair.
    cost : float or array (magnets,)
        c, of taking one.

    Examples
    --------
    >>> problem = binary_ising([[0, 3, 0], [3, 0, 0], [0, 0, 0]], 1.0)
    >>> ground_states(problem).states.tolist()
    [[1, 1, -1]]
    """
    gained = np.asarray(gains, dtype=np.float64)
    return IsingArray(gained / 4, gained.sum(axis=-1) / 4 - np.asarray(cost, dtype=np.float64) / 2)


def ground_states(ising: IsingArray, tolerance: float = 1e-9) -> GroundStates:
    """Try all states.

    Parameters
    ----------
    ising : IsingArray
        Array of up to 20 magnets.
    tolerance : float
        Energies that differ by less than this share of the energy's scale count as the same.

    Raises
    ------
    ValueError
        If there are more magnets; `anneal` searches among those.

    Examples
    --------
    >>> triangle = IsingArray(couplings=-1e-21 * (1 - np.eye(3)))  # each wants to be opposite to both others
    >>> len(ground_states(triangle).states)  # of eight states
    6
    """
    count = ising.magnets
    if count > MOST_MAGNETS:
        raise ValueError(
            f"ground_states: {count} magnets have too many states to try; up to {MOST_MAGNETS} can be, and anneal "
            "searches among more"
        )
    scale = float(np.abs(ising.couplings).sum() / 2 + np.abs(np.broadcast_to(ising.fields, count)).sum())
    near = tolerance * scale
    energies = np.concatenate(
        [ising.energy(_states(np.arange(first, min(first + _AT_ONCE, 1 << count)), count))
         for first in range(0, 1 << count, _AT_ONCE)]
    )  # fmt: skip
    least = float(energies.min())
    same = energies <= least + near
    above = energies[~same]
    gap = float(above.min() - least) if above.size else float("inf")
    return GroundStates(least, _states(np.flatnonzero(same), count), gap)


def _states(numbers: npt.NDArray[np.int64], count: int) -> Spins:
    """The states of numbers: a spin is 1 where its bit is set, the first spin the lowest bit."""
    return (2 * ((numbers[:, None] >> np.arange(count)) & 1) - 1).astype(np.int8)


def anneal(ising: IsingArray, *, seed: int, sweeps: int = 200, restarts: int = 100) -> Spins:
    """Search for states of least energy by simulated annealing: heat-bath flips while the temperature falls.

    Parameters
    ----------
    ising : IsingArray
        Any number of magnets.
    seed : int
        Seed of the random numbers.
    sweeps : int
        Temperatures, falling in proportion from the largest energy of a flip to a hundredth of the mean one; every
        spin is visited once in each.
    restarts : int
        Independent searches.

    Returns
    -------
    int array (restarts, magnets)
        Where each ends, from the lowest energy up. None can lower its energy by one flip.

    References
    ----------
    S. Kirkpatrick, C. D. Gelatt and M. P. Vecchi, Science 220, 671 (1983).

    Examples
    --------
    >>> triangle = IsingArray(couplings=-1e-21 * (1 - np.eye(3)))
    >>> found = anneal(triangle, seed=1, sweeps=20, restarts=5)
    >>> bool(np.allclose(triangle.energy(found), ground_states(triangle).energy))
    True
    """
    for name, value in (("sweeps", sweeps), ("restarts", restarts)):
        if value < 1:
            raise ValueError(f"anneal: {name} = {value} must be 1 or more")
    rng = np.random.default_rng(seed)
    count = ising.magnets
    fields = np.broadcast_to(ising.fields, count)
    reach = np.abs(ising.couplings).sum(axis=1) + np.abs(fields)
    spins = rng.choice(np.array([-1.0, 1.0]), (restarts, count))
    if not reach.any():
        return spins.astype(np.int8)
    for temperature in np.geomspace(2 * reach.max(), 2e-2 * reach.mean(), sweeps):
        drawn = rng.random((count, restarts))
        for i in range(count):
            gain = 2 * (spins @ ising.couplings[i] + fields[i])
            up = 1 / (1 + np.exp(np.clip(-gain / temperature, -700, 700)))
            spins[:, i] = np.where(drawn[i] < up, 1.0, -1.0)
    spins = descend(ising, spins).astype(np.float64)
    return spins[np.argsort(ising.energy(spins), kind="stable")].astype(np.int8)


def descend(ising: IsingArray, spins: npt.ArrayLike) -> Spins:
    """Flip the spin that lowers the energy most until none does: the local minimum of each state (states, magnets)."""
    s = np.array(spins, dtype=np.float64)
    rows = np.arange(len(s))
    near = 1e-12 * float(np.abs(ising.couplings).sum() + np.abs(ising.fields).sum())
    while True:
        cost = 2 * s * (s @ ising.couplings + ising.fields)
        best = cost.argmin(axis=1)
        falls = cost[rows, best] < -near
        if not falls.any():
            return s.astype(np.int8)
        s[rows[falls], best[falls]] *= -1
