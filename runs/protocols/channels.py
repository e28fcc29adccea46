"""Terminals that the steps of a protocol drive."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from geometries.device import AbstractDevice
from runs.protocols.abstract import Channel
from runs.protocols.steps import Placed
from runs.protocols.waveforms_of_steps import current_waveform
from runs.waveforms.times import tidy

__all__ = ["in_device", "same_for_all"]

Seen = TypeVar("Seen")
_UNITS = {"A/m^2": "a current density in A/m^2", "A": "a current in A", "V": "a voltage in V"}
_STEPS = {
    "A/m^2": "'current pulses', 'constant current' or 'alternating current'",
    "A": "'strip line pulses', 'strip line sinc', 'constant strip line' or 'alternating strip line'",
    "V": "'voltage pulses', 'constant voltage' or 'alternating voltage'",
}


def in_device(placed: Sequence[Placed], device: AbstractDevice) -> tuple[Channel, ...]:
    """Give the terminals of a device that steps drive, each with its waveform, in the device's order.

    A ValueError if a step names no terminal of the device, or none where there are several; a strip line gets a current
    density, or another terminal what it does not take; or two steps drive one terminal at once.
    """
    steps: dict[str, list[Placed]] = {}
    for each in placed:
        for name in each.step.driven:
            try:
                terminal = device.terminal(name)
            except ValueError as error:
                raise ValueError(f"protocol.steps: terminal of {each.step.do!r}: {error}") from error
            if terminal.unit != each.step.unit:
                raise ValueError(
                    f"protocol.steps: {each.step.do!r} gives {_UNITS[each.step.unit]}, and terminal {terminal.name!r} "
                    f"({terminal.kind}) takes {_UNITS[terminal.unit]}; use {_STEPS[terminal.unit]}"
                )
            steps.setdefault(terminal.name, []).append(each)
    for name, own in steps.items():
        for before, after in itertools.pairwise(own):
            if tidy(after.start) < before.end:
                raise ValueError(
                    f"protocol.steps: two steps drive terminal {name!r} at {tidy(after.start):g} s; put one after the "
                    "other, or name different terminals"
                )
    return tuple(
        Channel(terminal, current_waveform(steps[terminal.name]))
        for terminal in device.terminals
        if terminal.name in steps
    )


def same_for_all(placed: Sequence[Placed], read: Callable[[Sequence[Placed]], Seen], terminal: str | None) -> Seen:
    """Read something off the steps that drive a terminal, or off each terminal's steps if all agree.

    A ValueError if no step drives the terminal, or they differ and none is named.
    """
    named = {name for each in placed for name in each.step.driven if name is not None}
    # A step that names no terminal drives the device's only one, which another step may name.
    only = next(iter(named)) if len(named) == 1 else None
    driven = [(each, [only if name is None else name for name in each.step.driven]) for each in placed]
    names = list(dict.fromkeys(name for _, of_step in driven for name in of_step))
    listed = ", ".join("the device's only one" if name is None else repr(name) for name in names)
    if terminal is not None and names != [None] and terminal not in names:
        raise ValueError(f"protocol.steps: no step drives terminal {terminal!r}; they drive {listed or 'none'}")
    chosen = names if terminal is None or names == [None] else [terminal]
    first, *others = [read([each for each, of_step in driven if name in of_step]) for name in chosen or [None]]
    if not all(_same(first, other) for other in others):
        raise ValueError(f"protocol.steps: the terminals are driven differently; say which of {listed}")
    return first


def _same(one: object, other: object) -> bool:
    return np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other  # type: ignore[arg-type]
