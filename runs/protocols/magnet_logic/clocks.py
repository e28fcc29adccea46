"""Clocks of nanomagnet logic: magnets are cleared along their hard axes, and released zone by zone.

A released magnet goes to the state that its neighbours push it to, if it is released slowly beside its own response: an
adiabatic clock. `zone_clock` and `phase_clock` are lists of fields in which the magnets come to rest, on any zones;
`zone_pulses` and `phase_pulses` are the same in time, from lines under the columns
(`geometries.magnet_logic.clock_lines.with_clock_lines`). Both engines run all four.
"""

from __future__ import annotations

from collections.abc import Sequence

from geometries import MagnetArray
from geometries.magnet_logic.clock_lines import clock_line_zones
from geometries.magnet_logic.shift_registers import PHASES
from geometries.wires import StripLine
from runs.protocols.field_steps import FieldSteps
from runs.protocols.in_time import Protocol
from runs.protocols.pulses import StripLinePulses
from runs.protocols.spin_ice.local_steps import LocalRampTo
from runs.protocols.steps import AtOnce, Relax, Rest, TimedStep

__all__ = ["at_once", "phase_clock", "phase_pulses", "zone_clock", "zone_pulses"]


def zone_clock(
    array: MagnetArray, field: float, *, angle: float = 0.0, steps_up: int = 2, steps_down: int = 8
) -> FieldSteps:
    """Clear all zones of an array, and release one after the other, at rest in every field.

    `field` in A/m acts on magnets that are neither held nor blocks, in the direction `angle` in rad from x, along the
    hard axes. `steps_up` and `steps_down` are the fields in which all zones are cleared, and each is released.
    """
    zones = array.zones()
    everything = tuple(each.name for each in array.magnets if each.clocked)
    up = LocalRampTo(magnets=everything, to=field, angle=angle, field_steps=steps_up)
    down = [LocalRampTo(magnets=zone, to=0.0, angle=angle, field_steps=steps_down) for zone in zones]
    return FieldSteps(steps=(up, *down))


def phase_clock(
    array: MagnetArray, field: float, *, cycles: int = 1, angle: float = 0.0, steps_up: int = 2, steps_down: int = 8
) -> FieldSteps:
    """Move bits on through zones that are clocked in three phases, at rest in every field.

    Zone k has the phase k modulo 3. While the zones of one phase are released, those behind keep what they take, and
    those ahead are cleared; then those behind are cleared. In each cycle each bit moves on by three zones. Arguments
    are as for `zone_clock`; a ValueError if there are fewer than three zones, or no cycle.
    """
    if cycles < 1:
        raise ValueError(f"phase_clock: cycles = {cycles} must be 1 or more, by how many times three zones bits move")
    _check_three(array, "phase_clock")
    phases = [tuple(name for zone in array.zones()[phase::PHASES] for name in zone) for phase in range(PHASES)]

    def ramp(phase: int, to: float) -> LocalRampTo:
        count = steps_up if to else steps_down
        return LocalRampTo(magnets=phases[phase], to=to, angle=angle, field_steps=count)

    steps = [ramp(0, field), ramp(1, field)]
    for cycle in range(cycles):
        steps += [ramp(0, 0.0), ramp(2, field), ramp(1, 0.0)]
        # What follows a zone is cleared when it is released, in the last cycle too.
        steps += [ramp(0, field), ramp(2, 0.0), ramp(0, 0.0) if cycle == cycles - 1 else ramp(1, field)]
    return FieldSteps(steps=tuple(steps))


def zone_pulses(
    array: MagnetArray,
    field: float,
    *,
    ramp: float,
    hold: float,
    settle: float = 0.0,
    relax: bool = True,
    sampling_interval: float = 50e-12,
) -> Protocol:
    """Clear all zones of an array by its clock lines, and release one after the other, in time.

    The lines (`geometries.magnet_logic.clock_lines.with_clock_lines`) of zone k rise in `ramp`, stay on for `hold` + k
    `ramp`, and fall in `ramp`; `settle` follows after the last has fallen, all in s. `field` is along x over the lines,
    in A/m, and `relax` is whether the magnets come to rest before. A ValueError if the array has no clock lines.
    """
    lines = _lines(array, "zone_pulses")
    branches = [_pulse(array, name, field, ramp, 2 * ramp + hold + zone * ramp, 0.0, 1) for name, zone in lines.items()]
    return at_once(branches, rest=settle, relax=relax, sampling_interval=sampling_interval)


def phase_pulses(
    array: MagnetArray,
    field: float,
    *,
    ramp: float,
    cycles: int = 1,
    relax: bool = True,
    sampling_interval: float = 50e-12,
) -> Protocol:
    """Move bits on through zones that clock lines clear in three phases, in time.

    Each phase rises in `ramp`, stays on for two, falls in one and stays off for two; phase k comes 2 k ramps later. The
    first phase comes once more at the end, so that the last is released beside cleared magnets: each cycle takes six
    ramps, and all of them four more. Arguments are as for `zone_pulses`; a ValueError if the array has no clock lines,
    or fewer than three zones.
    """
    lines = _lines(array, "phase_pulses")
    _check_three(array, "phase_pulses")
    branches = [
        _pulse(array, name, field, ramp, 4 * ramp, 2 * (zone % PHASES) * ramp, cycles + (zone % PHASES == 0))
        for name, zone in lines.items()
    ]
    return at_once(branches, rest=0.0, relax=relax, sampling_interval=sampling_interval)


def at_once(
    branches: Sequence[tuple[TimedStep, ...]],
    *,
    rest: float,
    relax: bool,
    sampling_interval: float,
    temperature: float = 0.0,
) -> Protocol:
    """Make a protocol of steps in time, a branch a terminal, that drive several terminals at once.

    `rest` in s follows after the last of them, and `relax` is whether the magnets come to rest before.
    """
    first = (Relax(),) if relax else ()
    pulses = (AtOnce(branches=tuple(branches)),) if len(branches) > 1 else branches[0]
    last = (Rest(duration=rest),) if rest else ()
    return Protocol(steps=(*first, *pulses, *last), sampling_interval=sampling_interval, temperature=temperature)


def _pulse(
    array: MagnetArray, name: str, field: float, ramp: float, width: float, delay: float, count: int
) -> tuple[TimedStep, ...]:
    """A line's current for a field over it, after a delay."""
    line = array.terminal(name)
    assert isinstance(line, StripLine)
    # Only pulses of several phases have a period, and the last ends with its fall.
    period = 1.5 * width if count > 1 else width
    pulses = StripLinePulses(
        amplitude=field * line.width, width=width, period=period, rise=ramp, count=count, terminal=name
    )
    return (Rest(duration=delay), pulses) if delay else (pulses,)


def _lines(array: MagnetArray, owner: str) -> dict[str, int]:
    lines = clock_line_zones(array)
    missing = sorted(set(lines) - {each.name for each in array.terminals})
    if missing:
        raise ValueError(
            f"{owner}: the array has no terminal {missing[0]!r}; give it lines by geometries.magnet_logic."
            "with_clock_lines, or clock it in field steps"
        )
    return lines


def _check_three(array: MagnetArray, owner: str) -> None:
    zones = len(array.zones())
    if zones < PHASES:
        raise ValueError(
            f"{owner}: the array has {zones} zones, and three phases need three or more; use zone_clock or zone_pulses"
        )
