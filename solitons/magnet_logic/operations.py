r"""Operations on one bit by ramps of field, and the heat that each gives away.

A bit is the sign of m along a magnet's easy axis. A field along the middle axis ("hard" here, as in the plane of a
film) takes its barrier away, a bias along the easy axis decides where it goes. Erasure raises the hard-axis field,
raises the bias, lowers the hard-axis field and lowers the bias (B. Lambson, D. Carlton and J. Bokor, Phys. Rev.
Lett. 107, 010604 (2011)).

Limit of the heat Q as the ramps slow
-------------------------------------
Let the bit have its two states with probabilities p and 1 - p, each in equilibrium within itself, and the entropy
:math:`h(p) = -p \ln p - (1-p) \ln(1-p)`. The second law is :math:`\Sigma = Q / k_B T + h_{after} - h_{before} \ge 0`.

- Both halves of the sphere are mirror images while no bias acts, so that the work up to where the barrier is gone does
  not depend on p; from there on the start is forgotten. So **erasure costs k T ln 2 whatever p is**: with p = 1/2
  nothing is produced, and a known bit, for which h is 0 before and after, produces :math:`\Sigma = \ln 2 - h(p)`,
  which was lost when the two states mixed.
- A known bit need not be mixed: with the bias first, towards the state that it is in, and all of it retraced, m is in
  equilibrium throughout. Q and :math:`\Sigma` tend to 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import xarray as xr

    from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins

__all__ = ["ERASURE", "OVERWRITING", "RETRACING", "Operation", "perform", "quasi_static_work"]

Floats = npt.NDArray[np.float64]

_SETTLING = 5.0
"""Relaxation times in which m, at first exactly along its easy axis, comes to equilibrium within its state."""


@dataclass(frozen=True)
class Operation:
    """Operation on a bit.

    Corners of a path in the plane of the two fields, bias along the easy axis and field along the hard axis, as parts
    of their largest values, from (0, 0) back to it. `known` is whether the bit is known to be in the state to which the
    bias pushes; else it is in either, as often.
    """

    name: str
    corners: tuple[tuple[float, float], ...]
    known: bool

    def path(self, bias: float, hard_field: float) -> Floats:
        """The corners in A/m, (corners, 2): along the easy and the hard axis."""
        return np.asarray(self.corners) * (bias, hard_field)

    @property
    def entropy_before(self) -> float:
        """Entropy of the bit, in units of k."""
        return 0.0 if self.known else float(np.log(2))


_HARD_FIRST = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0))
ERASURE = Operation("erasure", _HARD_FIRST, known=False)
"""Erasure of a bit that is in either state."""
OVERWRITING = Operation("erasure of a known bit", _HARD_FIRST, known=True)
"""The same fields, although the bit is known to be in the state that is written."""
RETRACING = Operation("bias first, known bit", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)), known=True)
"""The bias first, which the bit's state allows, and the whole path back."""


def perform(
    bit: CoupledMacrospins,
    operation: Operation,
    ramp_time: float,
    *,
    bias: float,
    hard_field: float,
    members: int,
    seed: int,
    time_step: float | None = None,
) -> xr.Dataset:
    """Do an operation on many thermal bits, each alone.

    Parameters
    ----------
    bit : CoupledMacrospins
        One magnet, above 0 K.
    operation : Operation
        Operation on the bit.
    ramp_time : float
        Duration of each ramp from corner to corner, in s.
    bias, hard_field : float
        Largest fields in A/m along the easy and the middle axis.
    members : int
        How many bits. In one that is not known every second starts in the other state.
    seed, time_step
        As in `follow_ramps`.

    Returns
    -------
    xarray.Dataset
        As of `follow_ramps` over the ramps of the operation, with `written (member)`, whether the bit ended in the
        state to which the bias pushes.

    Raises
    ------
    ValueError
        If there are several magnets, or a number is out of range.

    Examples
    --------
    >>> from solitons.magnet_logic import biaxial_magnet
    >>> bit = biaxial_magnet(3e-24, 8e5, (0.08, 0.14, 0.78), damping=0.1, temperature=300.0)
    >>> run = perform(bit, ERASURE, 1e-9, bias=2e4, hard_field=8e4, members=20, seed=1)
    >>> run.work.shape, float(run.written.mean())
    ((20, 4), 1.0)
    """
    from solitons.magnet_logic.driven import follow_ramps

    if bit.magnets != 1 or not bit.temperature > 0:
        raise ValueError(
            f"perform: {bit.magnets} magnets at {float(bit.temperature):g} K; a bit is one magnet, and its heat is "
            "that of a temperature above 0"
        )
    if members < 2:
        raise ValueError(f"perform: members = {members} must be 2 or more: a mean needs an error")
    for name, value in (("ramp_time", ramp_time), ("bias", bias), ("hard_field", hard_field)):
        if not 0 < value < np.inf:
            raise ValueError(f"perform: {name} = {value} must be above 0")
    _, axes = bit.principal_fields()
    side = np.ones(members) if operation.known else np.where(np.arange(members) % 2, -1.0, 1.0)
    corners = operation.path(bias, hard_field) @ axes[:, :2].T
    ramps = len(corners) - 1
    run = follow_ramps(
        bit,
        side[:, None, None] * axes[:, 0],
        [_SETTLING * bit.relaxation_time(), *[ramp_time] * ramps],
        np.concatenate([corners[:1], corners]),
        seed=seed,
        time_step=time_step,
    )
    run = run.isel(ramp=slice(1, None))
    run["t"] = ("ramp", ramp_time * np.arange(1, ramps + 1), {"units": "s"})
    run["written"] = ("member", (run["m"].values[:, -1, 0] @ axes[:, 0]) > 0)
    return run


def quasi_static_work(bit: CoupledMacrospins, operation: Operation, *, bias: float, hard_field: float) -> Floats:
    """Work in J of each ramp of an operation in the limit of slow ramps, from free energies; arguments as of `perform`.

    Without a hard-axis field the barrier holds m, in equilibrium within the state of the bias; in all other ramps m
    is in equilibrium on the whole sphere, or, without bias, in both states as in their mirror image.
    """
    from solitons.magnet_logic.free_energies import free_energy

    _, axes = bit.principal_fields()
    corners = operation.path(bias, hard_field) @ axes[:, :2].T
    steps = []
    for before, after in zip(range(len(corners) - 1), range(1, len(corners)), strict=True):
        barrier = not operation.corners[before][1] and not operation.corners[after][1]
        state = 1 if barrier else None
        steps.append(free_energy(bit, corners[after], state=state) - free_energy(bit, corners[before], state=state))
    return np.array(steps)
