r"""Directions of a macrospin in thermal equilibrium, drawn exactly.

Without field the density exp(-E / kT) on the sphere is Bingham's, exp(-m^T A m). It is drawn by rejection from an
angular central Gaussian (J. T. Kent, A. M. Ganeiber and K. V. Mardia, J. Comput. Graph. Stat. 27, 291 (2018)); with a
field along an axis, kappa (n . m - 1) <= -kappa (1 - (n . m)^2) / 2 gives a Bingham density that lies above it; with
another, a wider one about the minimum of the energy, whose highest ratio is found numerically.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import optimize

from solitons.junctions.macrospin import Macrospin

__all__ = ["thermal_states"]

Floats = npt.NDArray[np.float64]

_ROUNDS = 200
_DESCENT = 2000
_TRIES = 4096
_WIDER = 0.7
"""A Bingham density of this curvature lies above one with a field, up to a constant."""


def thermal_states(
    macrospin: Macrospin, count: int, *, seed: int, state: int | None = None, colder: float = 1.0
) -> Floats:
    """Draw directions from Boltzmann's distribution, on the whole sphere or in one state.

    Parameters
    ----------
    macrospin : Macrospin
        At a temperature; no current flows.
    count : int
        How many.
    seed : int
        Seed of the random numbers.
    state : {-1, 1}, optional
        Draw only where m . axis has this sign; None draws on the whole sphere.
    colder : float
        The temperature is divided by this.

    Returns
    -------
    array (count, 3)
        Unit vectors. At 0 K all are the state itself.

    Raises
    ------
    ValueError
        If at 0 K no state is given, or heat is hardly ever in the state because a field pushes it out.

    Examples
    --------
    >>> disc = Macrospin(volume=1e-25, thickness=1e-9, saturation=1e6, anisotropy=2e5, damping=0.1, temperature=300.0)
    >>> m = thermal_states(disc, 5, seed=1, state=-1)
    >>> m.shape, bool((m[:, 2] < 0).all())
    ((5, 3), True)
    """
    if state not in (None, -1, 1):
        raise ValueError(f"thermal_states: state = {state} must be 1, -1 or None")
    if not macrospin.temperature > 0:
        if state is None:
            raise ValueError("thermal_states: at 0 K give the state, 1 or -1, in which all begin")
        return np.tile(state * macrospin.axis, (count, 1))
    generator = np.random.default_rng(seed)
    per_field = macrospin.moment_energy / macrospin.thermal_energy * colder
    matrix, field = per_field * macrospin.anisotropy_matrix, per_field * macrospin.field
    envelope = _envelope(matrix, field, macrospin.axis if state is None else state * macrospin.axis, generator)
    found: list[Floats] = []
    left, tried = count, 0
    for _ in range(_ROUNDS):
        m, log_ratio = envelope.draw(generator, 4 * left + 64)
        tried += len(m)
        kept = m[np.log(generator.random(len(m))) < log_ratio]
        if state is not None:
            side = np.where(kept @ macrospin.axis < 0, -1.0, 1.0)
            # Without field the two states are alike, and one is the other's mirror image.
            kept = kept[side == state] if np.any(field) else kept * (side * state)[:, None]
        found.append(kept[:left])
        left -= len(found[-1])
        if left == 0:
            return np.concatenate(found)
    raise ValueError(
        f"thermal_states: of {tried} directions drawn only {count - left} are in the state {state}, because the field "
        f"of {np.linalg.norm(macrospin.field):.4g} A/m pushes m out of it; use a weaker field, or no state"
    )


@dataclass(frozen=True, eq=False)
class _Envelope:
    """A Bingham density about a direction, over the density that is wanted: exp(-m^T A m / 2 + h m)."""

    matrix: Floats
    field: Floats
    bingham: Floats
    highest: float = 0.0

    def log_ratio(self, m: Floats) -> Floats:
        """Logarithm of wanted over Bingham, less its highest value."""
        wanted = -np.einsum("ni,ij,nj->n", m, self.matrix, m) / 2 + m @ self.field
        return np.asarray(wanted + np.einsum("ni,ij,nj->n", m, self.bingham, m) - self.highest)

    def draw(self, generator: np.random.Generator, tries: int) -> tuple[Floats, Floats]:
        """Draw from an angular central Gaussian, with the logarithm of the probability with which each is kept."""
        values, axes = np.linalg.eigh(self.bingham)
        values = values - values[0]
        spread = float(optimize.brentq(lambda b: np.sum(1 / (b + 2 * values)) - 1, 1e-9, 3.0 + 1e-9))
        precision = 1 + 2 * values / spread
        normal = generator.standard_normal((tries, 3)) / np.sqrt(precision)
        inside = normal / np.linalg.norm(normal, axis=1, keepdims=True)
        highest = -(3 - spread) / 2 + 1.5 * np.log(3 / spread)
        kept = -(inside**2 @ values) + 1.5 * np.log(inside**2 @ precision) - highest
        m = inside @ axes.T
        return m, kept + self.log_ratio(m)


def _envelope(matrix: Floats, field: Floats, near: Floats, generator: np.random.Generator) -> _Envelope:
    strength = float(np.linalg.norm(field))
    if not strength:
        # All is Bingham's; its maximum is at the easy axis.
        return _Envelope(matrix, field, matrix / 2)
    across = np.eye(3) - np.outer(field, field) / strength**2
    known = _Envelope(matrix, field, matrix / 2 + strength / 2 * across, strength)
    # Exactly, E(m) - E(n) = d^T (A - mu) d / 2 with d = m - n, where n is the minimum and A n - h = mu n.
    n = near / np.linalg.norm(near)
    for _ in range(_DESCENT):
        pull = field - matrix @ n + (np.trace(np.abs(matrix)) + strength) * n
        n = pull / np.linalg.norm(pull)
    tangent = np.eye(3) - np.outer(n, n)
    curvature = matrix - float(n @ (matrix @ n - field)) * np.eye(3)
    local = _Envelope(matrix, field, _WIDER / 2 * tangent @ curvature @ tangent)
    if np.linalg.eigvalsh(local.bingham)[0] < -1e-9 * strength:
        return known
    m, _ = local.draw(generator, _TRIES)
    best = m[np.argsort(local.log_ratio(m))[-3:]]
    highest = max(-float(_polished(local, each)) for each in best)
    local = replace(local, highest=highest + 1e-6)
    shares = [float(np.mean(np.exp(np.minimum(each.draw(generator, _TRIES)[1], 0)))) for each in (known, local)]
    return (known, local)[int(np.argmax(shares))]


def _polished(envelope: _Envelope, start: Floats) -> float:
    def negative(x: Floats) -> float:
        return -float(envelope.log_ratio((x / np.linalg.norm(x))[None])[0])

    return float(optimize.minimize(negative, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-9}).fun)
