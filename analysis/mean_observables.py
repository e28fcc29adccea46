"""Observables of any magnet: mean magnetisation and energy at the end, coercive field and remanence of a loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.applied_fields import field_line
from analysis.energy_paths import energy_path
from analysis.observables import NotInThisRun, Observable, Observables, SeenRun
from runs import FieldSteps, Loop
from runs.protocols.abstract import AbstractProtocol
from runs.spec import RunSpec

__all__ = ["OBSERVABLES", "coercive_field", "is_way", "loop_in", "remanence"]

FloatArray = npt.NDArray[np.float64]


class _Loop(NamedTuple):
    axis: FloatArray  # unit vector
    first: int  # state at the amplitude, where the falling branch begins
    field_steps: int  # of each branch


def loop_in(protocol: AbstractProtocol) -> _Loop | None:
    """Place of a protocol's last loop; None if there is none."""
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
    """Value where another quantity first passes 0 from below, on a straight line between two states."""
    below = np.flatnonzero((passing[:-1] < 0) & (passing[1:] >= 0))
    if not below.size:
        raise NotInThisRun(f"{what} does not pass 0 on both branches of the loop")
    at = int(below[0])
    share = passing[at] / (passing[at] - passing[at + 1])
    return float(wanted[at] + share * (wanted[at + 1] - wanted[at]))


def _line(spec: RunSpec) -> str:
    if _line_of(spec) is None:
        return (
            "the applied field of protocol lies along no one line in the frames of the run; use mx, my and mz, or "
            "apply a field along a line"
        )
    return ""


def _loop(spec: RunSpec) -> str:
    if loop_in(spec.protocol) is None:
        return "protocol has no loop; give one of kind field_steps with the step 'loop'"
    return ""


def is_way(spec: RunSpec) -> str:
    """Why a run is no way of least energy; empty if it is one."""
    if not spec.protocol.way_through:
        return "protocol is no way between states of rest; give one of kind energy_path"
    return ""


def _least_hill(seen: SeenRun) -> float:
    hills = energy_path(seen.run)
    return float(np.minimum(hills["forth"].values, hills["back"].values).min())


def _line_of(spec: RunSpec) -> npt.NDArray[np.float64] | None:
    return field_line(spec.protocol.applied(spec.device)["applied_field"].values.astype(np.float64))


def _last(column: str) -> Callable[[SeenRun], float]:
    return lambda seen: float(seen.run[column][-1])


def _along_field(seen: SeenRun) -> float:
    line = _line_of(seen.spec)
    assert line is not None  # `measured` has refused others
    return float(line @ [float(seen.run[name][-1]) for name in ("mx", "my", "mz")])


OBSERVABLES = Observables(
    numbers=(
        *(
            Observable(
                f"m{axis}",
                f"mean m_{axis} at the end",
                "",
                f"Mean of m_{axis} over the magnet, at the end",
                _last(f"m{axis}"),
            )
            for axis in "xyz"
        ),
        Observable(
            "m_along_field",
            "mean m along the field at the end",
            "",
            "Mean magnetisation at the end, along the line of the applied field; its largest component counts as "
            "positive",
            _along_field,
            (_line,),
        ),
        Observable("energy", "total energy at the end", "J", "Total energy at the end", _last("energy")),
        Observable(
            "least_hill",
            "lowest hill on the way",
            "J",
            "Energy that takes the device out of the state of rest that it leaves most easily",
            _least_hill,
            (is_way,),
            from_energies=True,
        ),
        Observable(
            "coercive_field",
            "coercive field",
            "A/m",
            "Half the width of the last loop where the mean m along its axis passes 0",
            coercive_field,
            (_loop,),
        ),
        Observable(
            "remanence",
            "remanence",
            "",
            "Half the height of the last loop at zero applied field, as mean m along its axis",
            remanence,
            (_loop,),
        ),
    )
)
