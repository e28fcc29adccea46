"""Checks of the runs that a fit requires, before anything runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geometries import Material, Pillar
from runs import ConstantCurrent, Rest, RunSpec
from solitons.campaigns.framework.base import LabelledRun
from solitons.campaigns.junctions.mtj_switching.one_moment import pillar_of, start_state
from solitons.campaigns.junctions.mtj_switching.roles import JunctionRole
from solitons.campaigns.junctions.mtj_switching.settings import SwitchingFitSettings
from solitons.junctions import Macrospin

__all__ = ["Drive", "check_runs", "drive_of", "expected_switches", "held_out_runs"]

_FEWEST_EXPECTED = 1.0
_ONE_INTERVAL = 0.9
"""Share of members that switch in one interval between widths: with more, their rate would not be seen."""


@dataclass(frozen=True)
class Drive:
    """The current that a run holds, in A/m2, from `onset` for `duration` (s)."""

    onset: float
    duration: float
    current: float


def drive_of(spec: RunSpec) -> Drive:
    """Read the constant current with which a run ends.

    The run must be an ensemble at a temperature that rests and then holds one current through its junction.
    """
    if spec.ensemble is None:
        raise ValueError(
            "base has no ensemble, and one run switches or does not; give base.ensemble: {members: 100} or more"
        )
    steps = [step for step in spec.in_time.steps if step.do != "relax"]
    last = steps[-1]
    if not isinstance(last, ConstantCurrent) or not all(isinstance(step, Rest) for step in steps[:-1]) or last.rise:
        raise ValueError(
            "base.protocol.steps must be a rest, in which the layer comes to equilibrium with heat, and then a "
            f"'constant current' without a rise; they are {', '.join(repr(step.do) for step in spec.in_time.steps)}"
        )
    if last.driven not in ((None,), ("junction",)):
        raise ValueError(
            f"base.protocol.steps: the current flows through {', '.join(map(repr, last.driven))}; give it to 'junction'"
        )
    total = spec.in_time.duration
    return Drive(onset=total - last.duration, duration=last.duration, current=last.amplitude)


def held_out_runs(swept: Sequence[LabelledRun[JunctionRole]], settings: SwitchingFitSettings) -> set[str]:
    """Ids of the runs whose current the fit does not see: drawn, never the weakest and the strongest."""
    order = sorted((run.spec for run in swept), key=lambda spec: abs(drive_of(spec).current))
    inner = [spec.run_id for spec in order[1:-1]]
    drawn = np.random.default_rng(settings.seed).permutation(len(inner))[: settings.held_out]
    return {inner[index] for index in drawn}


def check_runs(specs: Sequence[RunSpec], fit: SwitchingFitSettings) -> None:
    """Refuse runs that the fit could not answer.

    They are of one pillar at several currents. Refused are drives that cannot be counted, currents that hold the layer
    where it starts, drives faster than the counting, and barriers so high that no switch is to be expected in all runs.
    """
    macrospin = pillar_of(specs[0])
    pillar, drives = specs[0].device, [drive_of(spec) for spec in specs]
    assert isinstance(pillar, Pillar)
    _check_axis(macrospin, pillar)
    state = start_state(macrospin, pillar.start_direction)
    critical = macrospin.critical_current(state)
    for each in drives:
        if each.current * critical <= 0:
            raise ValueError(
                f"a current of {each.current:.4g} A/m2 holds the layer in the state in which it starts, or does "
                f"nothing; give currents with the sign of the critical one, {critical:.4g} A/m2, or another start"
            )
    _check_widths(drives[0], specs[0].in_time.sampling_interval, fit)
    if drives[0].onset < 1 / macrospin.relaxation_rate:
        raise ValueError(
            f"base.protocol rests for {drives[0].onset:.3g} s before the current, in which the layer does not come to "
            f"equilibrium with heat: it takes about {1 / macrospin.relaxation_rate:.2g} s; give a longer rest"
        )
    rates = [_rate(macrospin, specs[0].material, pillar, each.current / critical) for each in drives]
    fastest = 1 - math.exp(-min(rates) * fit.interval)
    if fastest > _ONE_INTERVAL:
        raise ValueError(
            f"fit.interval = {fit.interval:.3g} s: even with the weakest current {fastest:.1%} of the members are "
            "expected to switch before the first count, so that the drive is faster than its sampling; give a shorter "
            "interval (and sampling_interval), or weaker currents"
        )
    expected = expected_switches(specs)
    if expected < _FEWEST_EXPECTED:
        total = sum(spec.ensemble.members for spec in specs if spec.ensemble)
        raise ValueError(
            f"about {expected:.2g} of {total} members are expected to switch in all runs together: the barrier of "
            f"{macrospin.stability:.3g} k T is too high for {drives[0].duration:.3g} s at currents of up to "
            f"{max(abs(each.current / critical) for each in drives):.2g} times the critical {abs(critical):.3g} A/m2. "
            "Give stronger currents, a longer time, more members, or a lower barrier"
        )


def expected_switches(specs: Sequence[RunSpec]) -> float:
    """About how many members of all runs switch, before anything runs.

    By rates over the lower of two barriers: of a layer that turns as a whole, and of a wall that crosses it. The
    prefactor is Brown's in a perpendicular layer, and one attempt in each oscillation in others. Heat's spin waves
    lower the barrier further, so that more may switch; it is right to a factor of some tens.
    """
    macrospin, pillar = pillar_of(specs[0]), specs[0].device
    assert isinstance(pillar, Pillar)
    critical = macrospin.critical_current(start_state(macrospin, pillar.start_direction))
    found = 0.0
    for spec in specs:
        drive = drive_of(spec)
        rate = _rate(macrospin, spec.material, pillar, drive.current / critical)
        assert spec.ensemble is not None
        found += spec.ensemble.members * -math.expm1(-rate * drive.duration)
    return found


def _rate(macrospin: Macrospin, material: Material, pillar: Pillar, reduced: float) -> float:
    """Rate in 1/s at a current over the critical one; above it, of the growth of small oscillations."""
    per_second = float(macrospin.gyromagnetic_ratio / (1 + macrospin.damping**2))
    growth = macrospin.relaxation_rate
    if reduced >= 1:
        return growth * max(reduced - 1, 1 / macrospin.stability)
    stiffness = macrospin.barrier / float(macrospin.volume)
    wall = 4 * math.sqrt(material.A * stiffness) * pillar.thickness * pillar.axes[1]
    stability = min(macrospin.barrier, wall) / macrospin.thermal_energy
    left = 1 - reduced
    if macrospin.axial:
        prefactor = growth * math.sqrt(stability / math.pi) * left * (1 - reduced**2)
        return prefactor * math.exp(-stability * left**2)
    attempts = per_second * math.sqrt(macrospin.anisotropy_field * macrospin.hard_axis_field) / (2 * math.pi)
    return attempts * math.exp(-stability * left)


def _check_axis(macrospin: Macrospin, pillar: Pillar) -> None:
    along = abs(float(np.dot(pillar.start_direction, macrospin.axis)))
    if along < 0.5:
        easy = ", ".join(f"{part:.3g}" for part in macrospin.axis)
        raise ValueError(
            f"base.device.start = {pillar.start} is not along the easy axis ({easy}), which follows from shape and "
            "material, so that the layer starts in neither state; give a start along it, or another anisotropy"
        )
    if macrospin.stability < 1:
        raise ValueError(
            f"the barrier of the pillar is {macrospin.stability:.2g} k T: it has no two states that last; give it a "
            "larger anisotropy or volume, or a lower temperature"
        )


def _check_widths(drive: Drive, sampling: float, fit: SwitchingFitSettings) -> None:
    for name, value, whole in (
        ("base.protocol.sampling_interval", sampling, fit.interval),
        ("fit.interval", fit.interval, drive.duration),
        ("fit.interval", fit.interval, fit.longest),
    ):
        ratio = whole / value
        if ratio < 1 - 1e-9 or abs(ratio - round(ratio)) > 1e-6:
            raise ValueError(
                f"{name} = {value:.4g} s must divide {whole:.4g} s, so that counts lie on frames: the widths are "
                "multiples of fit.interval up to the duration of the current, and fit.longest is one of them"
            )
    if fit.longest > drive.duration * (1 + 1e-9):
        raise ValueError(
            f"fit.longest = {fit.longest:.4g} s is longer than the current flows, {drive.duration:.4g} s; give less"
        )
    pulse = fit.check_pulse
    if pulse is not None and (pulse.width > drive.duration or abs(pulse.width / fit.interval % 1 - 0.5) < 0.5 - 1e-6):
        raise ValueError(
            f"fit.check_pulse.width = {pulse.width:.4g} s must be a multiple of fit.interval = {fit.interval:.4g} s, "
            f"up to {drive.duration:.4g} s: it is compared with what is counted there"
        )
