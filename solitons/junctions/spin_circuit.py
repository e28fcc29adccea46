r"""Circuits of spin currents: channels and magnets' contacts as conductances of 4 x 4 numbers, solved at once.

A node has a voltage and three spin voltages, :math:`V_s = (V_\uparrow - V_\downarrow) / 2` along each axis; a branch
carries a charge current and three spin currents :math:`I_\uparrow - I_\downarrow`, in A, with the sign of the
electrons' flow: above 0, a current out of a magnet carries its spins. Currents out of a node add up to what is injected
there; shunts take spins away.

**A channel** obeys :math:`V_c'' = 0` and :math:`V_s'' = V_s / \lambda^2`, with currents :math:`-\sigma A V'`. Its
solution :math:`[V_0 \sinh((L - x)/\lambda) + V_L \sinh(x/\lambda)] / \sinh(L/\lambda)` has at 0 the current
:math:`g [V_0 \coth(L/\lambda) - V_L / \sinh(L/\lambda)]`, that of a pi network:

.. math:: G_c = \frac{\sigma A}{L}, \qquad G_s = \frac{g}{\sinh(L/\lambda)}, \qquad
    G_{sh} = g \tanh\frac{L}{2\lambda} \ \text{at each end}, \qquad g = \frac{\sigma A}{\lambda}.

**A contact** of a magnet along m, with a conductance G and a polarisation P, brings into a normal node

.. math:: I_c = G\,[V_F - V_c - P\, m \cdot V_s], \qquad
    I_s = G\,m\,[P (V_F - V_c) - m \cdot V_s] - 2\,\mathrm{Re}\,G_m\,[V_s - m (m \cdot V_s)]
    - 2\,\mathrm{Im}\,G_m\, m \times V_s.

Here vectors are those of magnetic moments, and :math:`G_m = (e^2 / h) \sum (1 - r_\uparrow r_\downarrow^*)` of the
electrons' reflections. What lies across m is taken by the moment and turns it. The magnet holds no spins: its bulk, of
the spin resistance :math:`\rho\lambda/A`, is part of the contact, whose 1 / [G (1 - P^2)] and P / [G (1 - P^2)] are
sums over both.

S. Manipatruni, D. E. Nikonov and I. A. Young, IEEE Trans. Circuits Syst. I 59, 2801 (2012); contacts: A. Brataas,
Yu. V. Nazarov and G. E. W. Bauer, Phys. Rev. Lett. 84, 2481 (2000). The pi network is derived above.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["MagnetContact", "SpinBranch", "SpinChannel", "SpinSolution", "solve_spin_circuit"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SpinBranch:
    """Conductances (4, 4) in S between two nodes, and those by which spins are lost; a magnet is `one`."""

    one: str
    other: str
    through: Floats
    lost_at_one: Floats
    lost_at_other: Floats
    magnet: bool = False


@dataclass(frozen=True)
class SpinChannel:
    """A normal metal: cross-section in m2, resistivity in ohm m, spin diffusion length in m; ValueError if not > 0."""

    area: float
    resistivity: float
    diffusion_length: float

    def __post_init__(self) -> None:
        for name in ("area", "resistivity", "diffusion_length"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"SpinChannel.{name} = {getattr(self, name)} must be a finite number above 0, in SI")

    @property
    def conductance(self) -> float:
        """The g in S: what a long wire conducts of spins."""
        return self.area / (self.resistivity * self.diffusion_length)

    def branch(self, one: str, other: str, length: float) -> SpinBranch:
        """A stretch of a length in m; ValueError if that is not above 0."""
        if not 0 < length < np.inf:
            raise ValueError(f"SpinChannel: the length from {one!r} to {other!r} is {length} m; give one above 0")
        x, g = length / self.diffusion_length, self.conductance
        spins = 2 * g * np.exp(-x) / -np.expm1(-2 * x)  # g / sinh(x) of any x
        shunt = np.diag([0.0, *[g * np.tanh(x / 2)] * 3])
        return SpinBranch(one, other, np.diag([g / x, *[spins] * 3]), shunt, shunt)


@dataclass(frozen=True)
class MagnetContact:
    """A magnet's contact: G in S, P, and the mixing conductance G_m in S; ValueError if it would create spins."""

    conductance: float
    polarisation: float
    mixing: complex

    def __post_init__(self) -> None:
        if not (0 < self.conductance < np.inf and -1 < self.polarisation < 1):
            raise ValueError(
                f"MagnetContact: conductance = {self.conductance} S must be above 0, and polarisation = "
                f"{self.polarisation} between -1 and 1; give 0.4, not 40"
            )
        known = isinstance(self.mixing, complex | float | int | np.number) and np.isfinite(self.mixing)
        if not (known and self.mixing.real >= self.conductance / 2 * (1 - 1e-9)):
            raise ValueError(
                f"MagnetContact: mixing = {self.mixing} S must be a finite number with a real part of half of the "
                f"conductance, {self.conductance / 2:.4g} S, or above"
            )

    @property
    def lost_along(self) -> float:
        """G (1 - P^2) in S: what it takes of spins along m while its charge current is kept."""
        return self.conductance * (1 - self.polarisation**2)

    def branch(self, magnet: str, node: str, direction: npt.ArrayLike) -> SpinBranch:
        """The contact of a magnet that points along `direction`, which is normalised; ValueError if it is 0."""
        m = np.asarray(direction, dtype=np.float64)
        if m.shape != (3,) or not np.isfinite(m).all() or not m.any():
            raise ValueError(f"MagnetContact: the direction of {magnet!r} is {m}; give three components, not all 0")
        m = m / np.linalg.norm(m)
        polarised = np.array([1.0, *self.polarisation * m])
        through = np.outer(polarised, polarised)
        through[1:, 1:] = np.outer(m, m)
        taken = 2 * self.mixing.real * (np.eye(3) - through[1:, 1:]) + 2 * self.mixing.imag * np.cross(m, np.eye(3)).T
        return SpinBranch(magnet, node, self.conductance * through, np.zeros((4, 4)), np.pad(taken, (1, 0)), True)


@dataclass(frozen=True, eq=False)
class SpinSolution:
    """Voltages (..., nodes, 4) in V of a circuit: charge, then spins along x, y and z."""

    nodes: tuple[str, ...]
    voltage: Floats

    def at(self, node: str) -> Floats:
        """Voltages (..., 4) of a node in V."""
        return np.asarray(self.voltage[..., self.nodes.index(node), :])

    def currents(self, branch: SpinBranch) -> tuple[Floats, Floats]:
        """Currents (..., 4) in A out of the branch's first node, and into its other one; the rest is lost."""
        one, other = self.at(branch.one), self.at(branch.other)
        through = (one - other) @ branch.through.T
        return through + one @ branch.lost_at_one.T, through - other @ branch.lost_at_other.T


def solve_spin_circuit(
    branches: Sequence[SpinBranch], held: Mapping[str, npt.ArrayLike], injected: Mapping[str, npt.ArrayLike]
) -> SpinSolution:
    """All voltages of a circuit, by nodal analysis.

    `held` are voltages (4,) in V that are applied to nodes, NaN where a component is free; `injected` are currents
    (..., 4) in A into nodes. A number is that of charge, with spins of 0; magnets hold spins at 0. ValueError if a node
    is in no branch, a value has another shape or is not finite, a current enters where a voltage is held, or no charge
    can leave a part of the circuit.

    Examples
    --------
    Spins from a contact, a diffusion length away:

    >>> wire = SpinChannel(area=5e-15, resistivity=2e-8, diffusion_length=4e-7)
    >>> contact = MagnetContact(conductance=1e-3, polarisation=0.1, mixing=1e-3)
    >>> branches = [contact.branch("magnet", "a", (0, 0, 1)), wire.branch("earth", "a", 4e-6),
    ...             wire.branch("a", "b", 4e-7), wire.branch("b", "end", 8e-6)]
    >>> found = solve_spin_circuit(branches, held={"earth": 0.0}, injected={"magnet": 1e-3})
    >>> round(float(found.at("b")[3] / found.at("a")[3]), 4)
    0.3679
    """
    if not branches:
        raise ValueError("solve_spin_circuit: no branches; give those of SpinChannel.branch and MagnetContact.branch")
    nodes = tuple(dict.fromkeys(name for each in branches for name in (each.one, each.other)))
    for name in (*held, *injected):
        if name not in nodes:
            raise ValueError(f"solve_spin_circuit: {name!r} is in no branch; there are {', '.join(nodes)}")
    count, ends = len(nodes), np.array([[nodes.index(each.one), nodes.index(each.other)] for each in branches])
    matrix, fixed = np.zeros((count, 4, count, 4)), np.full((count, 4), np.nan)
    for name, value in held.items():
        fixed[nodes.index(name)] = _four(name, value, held=True)
    for each, (one, other) in zip(branches, ends, strict=True):
        matrix[one, :, one] += each.through + each.lost_at_one
        matrix[other, :, other] += each.through + each.lost_at_other
        matrix[one, :, other] -= each.through
        matrix[other, :, one] -= each.through
        if each.magnet:
            fixed[one, 1:] = np.nan_to_num(fixed[one, 1:])
    parts = connected_components(coo_array((np.ones(len(ends)), ends.T), shape=(count, count)), directed=False)[1]
    floating = [name for name, part in zip(nodes, parts, strict=True) if np.isnan(fixed[parts == part, 0]).all()]
    if floating:
        raise ValueError(f"solve_spin_circuit: no charge leaves {', '.join(floating)}; hold a node of that part at 0 V")
    given = {name: _four(name, value) for name, value in injected.items()}
    shape = np.broadcast_shapes(*(each.shape[:-1] for each in given.values()))
    current = np.zeros((*shape, count, 4))
    for name, value in given.items():
        at = nodes.index(name)
        if value[..., np.isfinite(fixed[at])].any():
            raise ValueError(
                f"solve_spin_circuit: a current into {name!r} would vanish where a voltage is held; inject 0 there, or "
                "into a node beside it, or hold NaN (a magnet's spins are always held: inject them where it touches)"
            )
        current[..., at, :] = value
    free, flat = np.isnan(fixed).ravel(), matrix.reshape(4 * count, -1)
    voltage = np.broadcast_to(np.nan_to_num(fixed).ravel(), (*shape, free.size)).copy()
    pushed = current.reshape(*shape, -1)[..., free] - voltage[..., ~free] @ flat[np.ix_(free, ~free)].T
    solved = np.linalg.solve(flat[np.ix_(free, free)], pushed.reshape(math.prod(shape), free.sum()).T)
    voltage[..., free] = solved.T.reshape(pushed.shape)
    return SpinSolution(nodes, voltage.reshape(*shape, count, 4))


def _four(name: str, value: npt.ArrayLike, *, held: bool = False) -> Floats:
    array = np.asarray(value, dtype=np.float64)
    array = array if array.ndim else np.array([float(array), 0.0, 0.0, 0.0])
    wrong = np.isinf(array) if held else ~np.isfinite(array)
    if array.shape[-1] != 4 or (held and array.ndim > 1) or wrong.any():
        allowed = "(4,), NaN where free" if held else "(..., 4), all finite"
        raise ValueError(f"solve_spin_circuit: {name!r} has {array} of the shape {array.shape}; give one, or {allowed}")
    return array
