r"""The current in a heavy metal under a magnet from which on it leaves the magnet neither of its states.

The damping-like field H_DL (m x sigma) turns a magnet from its easy axis e towards n, across the spins: up to
a critical strength it rests, tilted by theta,

.. math:: H_{DL} = \sin\theta\, (H_n \cos\theta + h), \qquad H_n = n \cdot G n - e \cdot G e,

with its tensor G (`runs.protocols.magnet_logic.magnet_tensors`) and a field h along its state. With a principal axis
along the spins, and :math:`H_\sigma = \sigma \cdot G \sigma - e \cdot G e`, small oscillations about the tilted state
are stable while :math:`H_n \cos 2\theta + h \cos\theta` and :math:`H_\sigma - H_n \sin^2\theta + h \cos\theta` are
above 0, whatever the damping. Without h the state is therefore lost at

.. math::

   H_{DL} = \tfrac12 H_n \quad (2 H_\sigma \ge H_n), \qquad H_{DL} = \sqrt{H_\sigma (H_n - H_\sigma)} \quad \text{else:}

H_K / 2 for a round perpendicular magnet, and :math:`\sqrt{H_K (H_{hard} - H_K)}` for one in the plane with spins
across, where the field that holds m in the plane counts. With h a perpendicular magnet has
:math:`\cos\theta = (\sqrt{h^2 + 8 H_n^2} - h) / 4 H_n`. A field-like torque takes m out of the plane of e and n; then,
and where no principal axis lies along the spins, the state is followed numerically.

Beyond, m goes to sigma. It is held there if

.. math:: H_{DL}^2 > -k_1 k_2 \quad \text{and} \quad 2 H_{DL} > -\alpha (k_1 + k_2)

with the stiffnesses k of sigma towards both axes across: from :math:`\alpha H_K / 2` on in a round perpendicular
magnet, so that a falling current lets go far below the current that cleared it.

A field h along e leans m, held along sigma, by

.. math:: m_e = \frac{k_n h}{H_{DL}^2 + k_n k_e}, \qquad k_n = n \cdot G n - \sigma \cdot G \sigma.

If sigma is the longer axis in the plane, k_n is above 0 and the magnet leans to where its neighbours push it; it
falls there however fast the current falls. Where sigma is the shorter axis it leans against them, and falls to a side
that depends on the ramp. In a round magnet m_e is 0, and only the damping turns it to the right side.

References
----------
K.-S. Lee et al., Appl. Phys. Lett. 102, 112410 (2013), and T. Taniguchi, S. Mitani and M. Hayashi, Phys. Rev. B 92,
024428 (2015), by their abstracts: without a field the threshold is proportional to H_K and independent of the damping,
which a field-like torque of the other sign changes to its square root.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geometries import Material
from geometries.device import AbstractDevice
from geometries.terminals import HeavyMetal
from runs.protocols.magnet_logic.magnet_tensors import own_tensors

__all__ = ["check_one_torque", "clearing_field", "lone_clearing_densities", "metal_shares", "stiffness_in_plane"]

Floats = npt.NDArray[np.float64]

_STEPS = 100
_BISECTIONS = 40
_FARTHEST = 0.4
"""How far m may be from where it was a step before: else Newton's method has found another state."""
_ACROSS = 0.25
"""Part of m along the easy axis below which no state is left: a field-like torque lays m down without a jump."""


def clearing_field(
    tensor: npt.ArrayLike,
    spins: npt.ArrayLike,
    *,
    damping: float,
    field_like_ratio: float = 0.0,
    bias: float = 0.0,
    held_across: bool = True,
) -> float:
    """Give the damping-like field in A/m from which on a magnet has no state along its easy axis.

    `tensor` is G (3, 3) in A/m: the field -G m is the magnet's own. `spins` is the unit vector along sigma, `damping`
    alpha, `field_like_ratio` field-like over damping-like, `bias` a field in A/m along the state, such as the field of
    antiparallel neighbours, and `held_across` whether m must be held along sigma, too, as a clock needs. A ValueError
    if sigma lies along the easy axis: such spins reverse a magnet and leave it a state.
    """
    own, sigma = np.asarray(tensor, dtype=np.float64), np.asarray(spins, dtype=np.float64)
    values, axes = np.linalg.eigh(own)
    easy = axes[:, 0]
    if abs(easy @ sigma) > 0.9:
        raise ValueError(
            f"clearing_field: the spins {np.round(sigma, 3).tolist()} lie along the easy axis "
            f"{np.round(np.abs(easy), 3).tolist()}, so that a current reverses the magnet and does not clock it; send "
            "it along another direction"
        )
    scale = float(values[2] - values[0]) + abs(bias)
    lost = None if field_like_ratio else _closed_form(own, sigma, easy, bias)
    if lost is None:
        magnet = _Magnet(own, sigma, easy, bias * easy, damping, field_like_ratio)
        lost = _followed(magnet, scale)
    return max(lost, _holding(own, sigma, damping, field_like_ratio, scale)) if held_across else lost


def stiffness_in_plane(tensor: npt.ArrayLike, spins: npt.ArrayLike) -> float:
    """Give k_n in A/m, what holds a magnet along the spins against a turn in the plane; see the module.

    Arguments are as for `clearing_field`.
    """
    own, sigma = np.asarray(tensor, dtype=np.float64), np.asarray(spins, dtype=np.float64)
    across = np.cross(np.linalg.eigh(own)[1][:, 0], sigma)
    across /= np.linalg.norm(across)
    return float(across @ own @ across - sigma @ own @ sigma)


def lone_clearing_densities(
    device: AbstractDevice, material: Material, labels: npt.NDArray[np.int64], terminal: HeavyMetal
) -> Floats:
    """Give the current densities in A/m2 (magnets,) that clear magnets, each as if it were alone.

    The device is as thick as the magnets, `material` is its body's, `labels` (nx, ny, nz) are i + 1 in
    magnet i and 0 elsewhere, and the terminal lies under them. NaN for those that the metal is not under; infinite if
    the spin-Hall angle is 0, or spins lie along an easy axis. A ValueError as `own_tensors` and `check_one_torque`.
    """
    check_one_torque(device, material, terminal)
    per_density, _ = terminal.spin_orbit_fields(material, device.extent[2])
    ratio = material.field_like_ratio if terminal.field_like_ratio is None else terminal.field_like_ratio
    own, shares = own_tensors(device, labels, material), metal_shares(terminal.cells(device), labels)
    found, known = [], dict[bytes, float]()
    for tensor, share in zip(own, shares.tolist(), strict=True):
        if not share:
            found.append(np.nan)
            continue
        # Magnets of one outline and one anisotropy have the same tensor, bit for bit.
        key = tensor.tobytes()
        if key not in known:
            try:
                known[key] = clearing_field(
                    tensor, terminal.spin_direction, damping=material.alpha, field_like_ratio=ratio
                )
            except ValueError:
                known[key] = np.inf
        found.append(known[key] / (abs(per_density) * share) if per_density else np.inf)
    return np.array(found)


def metal_shares(reached: npt.NDArray[np.bool_], labels: npt.NDArray[np.int64]) -> Floats:
    """Give the share of each magnet that a metal is under, from the cells that it reaches (nx, ny, nz).

    `labels` (nx, ny, nz) are i + 1 in magnet i, 0 elsewhere.
    """
    flat = labels.ravel()
    return (np.bincount(flat, reached.ravel()) / np.maximum(np.bincount(flat), 1))[1:]


def check_one_torque(device: AbstractDevice, material: Material, terminal: HeavyMetal) -> None:
    """Refuse a metal under parts of another spin-Hall angle: all magnets are taken to have the torque of the body.

    The terminal's own angle and field-like ratio, where it has them, hold for all parts.
    """
    reached = terminal.cells(device)
    for part in device.placed_parts(material):
        other = [
            name
            for name in ("spin_hall_angle", "field_like_ratio")
            if getattr(terminal, name) is None and getattr(part.material, name) != getattr(material, name)
        ]
        if other and (part.cells & reached).any():
            raise ValueError(
                f"part {part.name!r} over the heavy metal {terminal.name!r} has another {' and '.join(other)}, and one "
                "is taken for all magnets that turn as wholes; give the heavy metal its own "
                f"(with_heavy_metal({', '.join(f'{name}=...' for name in other)}))"
            )


class _Magnet(NamedTuple):
    """A magnet under spins: fields in A/m."""

    tensor: Floats
    spins: Floats
    easy: Floats
    bias: Floats
    damping: float
    ratio: float


def _closed_form(own: Floats, sigma: Floats, easy: Floats, bias: float) -> float | None:
    """The strength of the module's formula; None where it does not hold."""
    across = np.cross(easy, sigma)
    plane = np.stack([easy, across, sigma])
    seen = plane @ own @ plane.T
    if max(abs(seen[0, 1]), abs(seen[0, 2]), abs(seen[1, 2])) > 1e-6 * np.abs(own).max():
        return None
    towards, along = seen[1, 1] - seen[0, 0], seen[2, 2] - seen[0, 0]
    if bias <= -towards:
        return 0.0
    cosine = (math.sqrt(bias**2 + 8 * towards**2) - bias) / (4 * towards)
    square = 1 - cosine**2
    if along - towards * square + bias * cosine < 0:
        return None if bias else float(math.sqrt(along * (towards - along)))
    return float(math.sqrt(square) * (towards * cosine + bias))


def _followed(magnet: _Magnet, scale: float) -> float:
    """The strength at which the state along the easy axis is lost, as its continuation from no torque on finds it."""
    low, at, high = 0.0, magnet.easy, math.inf
    for strength in (2 * scale * step / _STEPS for step in range(1, _STEPS + 1)):
        after = _tilted(magnet, strength, at)
        if after is None:
            high = strength
            break
        low, at = strength, after
    else:
        return high
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        after = _tilted(magnet, middle, at)
        if after is None:
            high = middle
        else:
            low, at = middle, after
    return high


def _tilted(magnet: _Magnet, strength: float, begin: Floats) -> Floats | None:
    """The stable state near another at a strength, by Newton's method on the sphere; None if there is none."""
    m = begin
    for _ in range(50):
        basis = _across(m)
        field, matrix = _linear(magnet, strength, m, basis)
        residual = basis @ np.cross(m, field)
        if np.abs(residual).max() < 1e-9 * np.abs(magnet.tensor).max():
            break
        try:
            step = np.linalg.solve(matrix, -residual)
        except np.linalg.LinAlgError:
            return None
        m = m + step @ basis
        m = m / np.linalg.norm(m)
        if not np.linalg.norm(m - begin) < _FARTHEST:
            return None
    else:
        return None
    if m @ magnet.easy < _ACROSS:
        return None
    # LLG: the deviation d obeys d' = -(1 + alpha m x) A d, and m x turns the first vector of the basis into the second.
    turned = np.array([[0.0, -1.0], [1.0, 0.0]])
    growth = np.linalg.eigvals(-(np.eye(2) + magnet.damping * turned) @ matrix)
    return m if growth.real.max() <= 0 else None


def _across(m: Floats) -> Floats:
    """Two unit vectors across m, the second m x the first: (2, 3)."""
    first = np.cross(m, np.eye(3)[np.abs(m).argmin()])
    first /= np.linalg.norm(first)
    return np.stack([first, np.cross(m, first)])


def _linear(magnet: _Magnet, strength: float, m: Floats, basis: Floats) -> tuple[Floats, Floats]:
    """The whole field at m, and how m x field changes with m across it: (2, 2)."""
    own, sigma = magnet.tensor, magnet.spins
    field = -own @ m + magnet.bias + strength * (np.cross(m, sigma) + magnet.ratio * sigma)
    along = float(m @ field)
    changes = [np.cross(m, -along * d - own @ d + strength * np.cross(d, sigma)) for d in basis]
    return field, np.array([[d @ change for change in changes] for d in basis])


def _holding(own: Floats, sigma: Floats, damping: float, ratio: float, scale: float) -> float:
    """The strength from which on m is held along sigma."""
    basis = _across(sigma)
    stiffness = np.linalg.eigvalsh(basis @ own @ basis.T) - sigma @ own @ sigma

    def held(strength: float) -> bool:
        first, second = stiffness + ratio * strength
        return bool(strength**2 + first * second > 0 and 2 * strength + damping * (first + second) > 0)

    strengths = np.linspace(0.0, 4 * scale, 8 * _STEPS + 1)[1:]
    loose = [i for i, strength in enumerate(strengths) if not held(float(strength))]
    if not loose:
        return 0.0
    if loose[-1] == len(strengths) - 1:
        return np.inf
    low, high = float(strengths[loose[-1]]), float(strengths[loose[-1] + 1])
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (low, middle) if held(middle) else (middle, high)
    return high
