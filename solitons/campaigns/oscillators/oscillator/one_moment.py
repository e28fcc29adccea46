"""The pillar of a run as one moment: what it is expected to do, and its line with heat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import precession, spectral_line
from analysis.oscillators.lines import SpectralLine
from analysis.oscillators.signals import axes_across
from geometries import Pillar
from runs import RunSpec
from solitons.campaigns.oscillators.oscillator.settings import HeatSettings
from solitons.junctions import Macrospin, follow_macrospins, pillar_junction
from solitons.oscillators import rest_direction, small_oscillation
from solitons.oscillators.oscillator_fit import OscillatorRecord, record_of

__all__ = ["axis_of", "current_of", "expected_record", "heated_line", "moment_of", "settled", "start_of", "tilted"]

Floats = npt.NDArray[np.float64]

_TILT = 0.05
"""rad from the state at rest, where a run begins with a relaxation."""
_SAMPLES = 24
"""Samples in a period of the fastest precession that the fields allow."""


def moment_of(spec: RunSpec) -> Macrospin:
    """The pillar of a run as one moment, with the cells' volume and demagnetising factors, in the static field."""
    device = spec.device
    if not isinstance(device, Pillar):
        raise ValueError(f"base.device is a {device.kind}, and this campaign is of a pillar; give kind: pillar")
    field = spec.in_time.static_field
    return pillar_junction(device, spec.material, temperature=0.0, field=field, simulated=True)


def current_of(spec: RunSpec) -> float:
    """The current density in A/m2 that a run holds through its junction until the end."""
    wave = spec.in_time.current("junction" if len(spec.device.terminals) > 1 else None)
    return float(wave(0.999 * spec.in_time.duration))


def axis_of(spec: RunSpec, given: tuple[float, float, float] | None) -> Floats:
    """Direction about which the moment turns: what is given, or that of its rest without current."""
    return rest_direction(moment_of(spec), start_of(spec)) if given is None else np.asarray(given)


def start_of(spec: RunSpec) -> Floats:
    """Mean direction of the initial magnetisation."""
    if isinstance(spec.device, Pillar):
        _ = spec.device.start_direction  # refuses a vortex
    return np.asarray(np.nanmean(spec.device.initial_magnetisation(spec.material), axis=(0, 1, 2)))


def tilted(axis: Floats, angle: float) -> Floats:
    """A direction at an angle in rad from an axis, where the phase of `analysis.precession` is 0."""
    return np.asarray(np.cos(angle) * axis + np.sin(angle) * axes_across(axis)[0])


def expected_record(spec: RunSpec, axis: Floats, *, periods: float = 0.0) -> OscillatorRecord:
    """What one moment does in the place of the run, without heat, and for so many periods of its rest at least.

    Raises
    ------
    ValueError
        If it does not move, or turns too few times.
    """
    spin, start = moment_of(spec), start_of(spec)
    if spec.in_time.relaxes:
        start = tilted(rest_direction(spin, start), _TILT)
    fastest = spin.gyromagnetic_ratio * (spin.hard_axis_field + np.linalg.norm(spin.field)) / (2 * np.pi)
    duration = spec.in_time.duration
    if periods:
        slow = small_oscillation(spin, rest_direction(spin, start), 0.0).frequency
        duration = max(duration, periods / slow) if slow > 0 else duration
    samples = max(200, int(np.ceil(duration * fastest * _SAMPLES)))
    run = follow_macrospins(
        spin, [start], duration, seed=0, current_density=current_of(spec), samples=samples, threads=1
    )
    return record_of(_means(run.isel(trajectory=0), spec.run_id), current_of(spec), axis)


def heated_line(
    spec: RunSpec, axis: Floats, power: float, frequency: float, heat: HeatSettings, seed: int
) -> SpectralLine:
    """The line of an ensemble of the pillar as one moment with heat, after a tenth of the record.

    It begins with the power of its orbit, and turns at about `frequency` (Hz).
    """
    start = tilted(axis, 2 * np.arcsin(np.sqrt(power)))
    spin = replace(moment_of(spec), temperature=np.asarray(heat.temperature))
    samples = int(np.ceil(heat.duration * frequency * 6))
    run = follow_macrospins(
        spin, np.tile(start, (heat.members, 1)), heat.duration, seed=seed,
        current_density=current_of(spec), samples=samples,
    )  # fmt: skip
    return spectral_line(settled(precession(_means(run.rename(trajectory="member"), ""), axis)))


def settled(record: xr.DataArray) -> xr.DataArray:
    """Leave out the first tenth of a record with heat, which begins on the orbit without heat."""
    return record.isel(t=slice(record.sizes["t"] // 10, None))


def _means(run: xr.Dataset, run_id: str) -> xr.Dataset:
    parts = {f"m{name}": run["m"].sel(vdims=name, drop=True) for name in "xyz"}
    return xr.Dataset(parts, attrs={"run_id": run_id})
