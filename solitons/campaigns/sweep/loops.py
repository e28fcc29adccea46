"""Coercive field and remanence of a loop in field steps."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from runs import FieldSteps, Loop
from runs.protocols.abstract import AbstractProtocol
from solitons.campaigns.sweep.seen_run import NotInThisRun, SeenRun

__all__ = ["coercive_field", "loop_in", "remanence"]

FloatArray = npt.NDArray[np.float64]


class _Loop(NamedTuple):
    axis: FloatArray  # unit vector
    first: int  # state at the amplitude, where the falling branch begins
    field_steps: int  # of each branch


def loop_in(protocol: AbstractProtocol) -> _Loop | None:
    """Where the last loop of a protocol is; None where there is none."""
    if not isinstance(protocol, FieldSteps):
        return None
    found, present, states = None, np.zeros(3), 1
    for step in protocol.steps:
        part = step.fields(present)
        present = part[-1]
        states += len(part)
        if isinstance(step, Loop):
            found = _Loop(present / np.linalg.norm(present), states - 1 - 2 * step.field_steps, step.field_steps)
    return found


def coercive_field(seen: SeenRun) -> float:
    """Half the width of a run's loop where m along its axis passes 0, in A/m.

    `NotInThisRun` if it does not pass 0 on both branches.
    """
    (down, m_down), (up, m_up) = _branches(seen)
    return (_where(m_up, up, "m along the loop's axis") - _where(-m_down, down, "m along the loop's axis")) / 2


def remanence(seen: SeenRun) -> float:
    """Half the height of a run's loop at zero field, as mean m along its axis.

    `NotInThisRun` if the field does not pass 0 on both branches.
    """
    (down, m_down), (up, m_up) = _branches(seen)
    return (_where(-down, m_down, "the field") - _where(up, m_up, "the field")) / 2


def _branches(seen: SeenRun) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
    """Field (A/m) and mean m along the loop's axis, on the falling and on the rising branch."""
    loop = loop_in(seen.spec.protocol)
    assert loop is not None  # `measured` has refused others
    field = seen.run["applied_field"].values.astype(np.float64) @ loop.axis
    moment = np.stack([seen.run[name].values for name in ("mx", "my", "mz")], axis=-1).astype(np.float64) @ loop.axis
    middle, count = loop.first + loop.field_steps, loop.field_steps + 1
    down, up = slice(loop.first, loop.first + count), slice(middle, middle + count)
    return (field[down], moment[down]), (field[up], moment[up])


def _where(passing: FloatArray, wanted: FloatArray, what: str) -> float:
    """What is wanted where something first passes 0 from below, on a straight line between two states."""
    below = np.flatnonzero((passing[:-1] < 0) & (passing[1:] >= 0))
    if not below.size:
        raise NotInThisRun(f"{what} does not pass 0 on both branches of the loop")
    at = int(below[0])
    share = passing[at] / (passing[at] - passing[at + 1])
    return float(wanted[at] + share * (wanted[at + 1] - wanted[at]))
