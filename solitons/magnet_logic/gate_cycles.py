r"""A gate taken from one row of its truth table to another and back by ramps of field, and the heat of it.

Nothing needs to be dissipated while every magnet stays in equilibrium: while a field along the hard axes takes its
barrier away, or the stray fields of the others agree with its state. So the clock has to rise before the inputs change.
Inputs that change first leave the gate's magnets in a state against their neighbours; when the clock rises they fall
out of it, and what they fall by is heat however slow the ramps are. That a majority gate can compute without
dissipation if the fields come in the right order: B. Lambson, D. Carlton and J. Bokor, Phys. Rev. Lett. 107, 010604
(2011).

Inputs have a clock of their own, and turn while it is on, so that they dissipate nothing in either order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from geometries import MagnetArray
from solitons.magnet_logic.coupled_macrospins import CoupledMacrospins
from solitons.magnet_logic.driven import follow_ramps
from solitons.magnet_logic.rest_states import rest_path

__all__ = ["CLOCK_FIRST", "INPUTS_FIRST", "GateCycle", "follow_cycle"]

Floats = npt.NDArray[np.float64]

_SETTLING = 5.0
"""Relaxation times in which m, at first exactly at rest, comes to equilibrium within its state."""


@dataclass(frozen=True)
class GateCycle:
    """An order of fields that takes a gate from one row to another and back.

    Parameters
    ----------
    name : str
        In words.
    corners : sequence of (float, float, float)
        Clock of the gate's own magnets, clock of its held ones (inputs and fixed), and how far the inputs are on their
        way from the first row to the second, all from 0 to 1; the first corner is the last.

    Examples
    --------
    >>> cycle = GateCycle("clock first", ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1), (0, 0, 0)))
    >>> cycle.corners[0] == cycle.corners[-1]
    True
    """

    name: str
    corners: tuple[tuple[float, float, float], ...]

    @property
    def readings(self) -> tuple[int, int]:
        """Ramps after which the second row, and the first one again, can be read: when the gate's clock has fallen."""
        found = [
            ramp
            for ramp, (before, after) in enumerate(zip(self.corners, self.corners[1:], strict=False))
            if before[0] > after[0]
        ]
        return found[0], found[1]

    def fields(self, first: MagnetArray, second: MagnetArray, clock: npt.ArrayLike) -> Floats:
        """Field in A/m at each corner on each magnet, (corners, magnets, 3).

        Parameters
        ----------
        first, second : MagnetArray
            The gate with the inputs of each row.
        clock : array (3,)
            Field of a clock that is up, in A/m.
        """
        gate, inputs, way = np.asarray(self.corners).T[:, :, None]
        held = np.array([magnet.held for magnet in first.magnets])
        clocks = np.where(held, inputs, gate)[..., None] * np.asarray(clock, dtype=np.float64)
        biases = (1 - way)[..., None] * first.held_fields() + way[..., None] * second.held_fields()
        return np.asarray(clocks + biases)


_UP, _SET = (1.0, 1.0, 0.0), (1.0, 1.0, 1.0)
_FIRST, _SECOND = (0.0, 0.0, 0.0), (0.0, 0.0, 1.0)
CLOCK_FIRST = GateCycle("clock first, then inputs", (_FIRST, _UP, _SET, _SECOND, _SET, _UP, _FIRST))
"""The gate's magnets are without a state while the inputs change."""
INPUTS_FIRST = GateCycle(
    "inputs first, then clock",
    (
        *(_FIRST, (0.0, 1.0, 0.0), (0.0, 1.0, 1.0), _SECOND, (1.0, 0.0, 1.0), _SECOND),
        *((0.0, 1.0, 1.0), (0.0, 1.0, 0.0), _FIRST, (1.0, 0.0, 0.0), _FIRST),
    ),
)
"""The gate's magnets are left against their new inputs until the clock rises."""


def follow_cycle(
    macrospins: CoupledMacrospins,
    first: MagnetArray,
    second: MagnetArray,
    cycle: GateCycle,
    ramp_time: float,
    *,
    clock: npt.ArrayLike,
    members: int,
    seed: int,
) -> xr.Dataset:
    """Take an ensemble of gates around a cycle, each gate alone.

    Parameters
    ----------
    macrospins : CoupledMacrospins
        The gate, above 0 K.
    first, second : MagnetArray
        The gate with the inputs of each row; it begins in the first, as a clock that falls slowly leaves it.
    cycle : GateCycle
        The order of the fields.
    ramp_time : float
        Of each ramp from corner to corner, in s.
    clock : array (3,)
        Field of a clock that is up, in A/m.
    members, seed : int
        How many gates, and of the random numbers.

    Returns
    -------
    xarray.Dataset
        As of `follow_ramps`, over the ramps of the cycle.

    Raises
    ------
    ValueError
        If a number is out of range, or the two arrays are not of the same magnets.

    Examples
    --------
    An inverter, from one input to the other and back in ramps of 20 ps; so quick a cycle is not without heat:

    >>> from geometries import Material
    >>> from geometries.magnet_logic.builders import inverter
    >>> from solitons.magnet_logic import array_macrospins
    >>> film, clock = Material(name="permalloy", Ms=8e5, A=1.3e-11, alpha=1.0), (1e5, 0.0, 0.0)
    >>> gate = array_macrospins(inverter(1), film, temperature=300.0)
    >>> run = follow_cycle(gate, inverter(1), inverter(-1), CLOCK_FIRST, 20e-12, clock=clock, members=2, seed=1)
    >>> dict(run.work.sizes), bool(run.work.sum("ramp").mean() > 0)  # J
    ({'member': 2, 'ramp': 6}, True)
    """
    if len(first.magnets) != len(second.magnets) or macrospins.magnets != len(first.magnets):
        raise ValueError(
            f"follow_cycle: {macrospins.magnets} macrospins and arrays of {len(first.magnets)} and "
            f"{len(second.magnets)} magnets; give one gate with the inputs of two rows"
        )
    if members < 2 or not macrospins.temperature > 0:
        raise ValueError(
            f"follow_cycle: members = {members} at {float(macrospins.temperature):g} K; a mean heat with its error "
            "needs 2 members or more, above 0 K"
        )
    if not 0 < ramp_time < np.inf:
        raise ValueError(f"follow_cycle: ramp_time = {ramp_time} s must be above 0")
    fields = cycle.fields(first, second, clock)
    up = fields[0] + np.asarray(clock, dtype=np.float64)
    along = np.asarray(clock, dtype=np.float64) / np.linalg.norm(clock)
    start = rest_path(macrospins, np.tile(along, (macrospins.magnets, 1)), [up, (up + fields[0]) / 2, fields[0]])[-1]
    settling = _SETTLING * max(macrospins.relaxation_time(i) for i in range(macrospins.magnets))
    run = follow_ramps(
        macrospins,
        np.repeat(start[None], members, axis=0),
        [settling, *[ramp_time] * (len(fields) - 1)],
        np.concatenate([fields[:1], fields]),
        seed=seed,
    )
    return run.isel(ramp=slice(1, None))
