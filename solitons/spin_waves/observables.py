"""Observables of waveguides: the steady wave at ports, and the share of power in one of two guides beside theory."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Literal, NamedTuple, cast

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import wave_at
from analysis.observables import NotInThisRun, Observable, Observables, SeenRun
from geometries import Material, VoltageGate, Waveguide
from geometries.wires import StripLine
from runs import Protocol
from runs.spec import RunSpec
from runs.waveforms.oscillation import Oscillation
from solitons.spin_waves.coupled_guides import coupled_guides, transmission

__all__ = ["OBSERVABLES"]

Floats = npt.NDArray[np.float64]

_PERIODS = 8
"""Periods of the drive over which a wave is read, and as many before, in which it must be the same."""
_UNSETTLED = 0.05
_FRAMES = 8
_LEAST = 1e-6
"""Amplitude below which the single precision of stored frames shows."""


def _drive(spec: RunSpec) -> tuple[StripLine, Oscillation]:
    """The one antenna and its sine; a ValueError with the reason if there is none that is read off."""
    if not isinstance(spec.device, Waveguide) or not spec.device.ports:
        raise ValueError("the device has no ports; give a waveguide with ports")
    if not isinstance(spec.protocol, Protocol):
        raise ValueError("the protocol is not in time; drive an antenna by a step 'alternating strip line'")
    driven = [each for each in spec.protocol.channels(spec.device) if isinstance(each.terminal, StripLine)]
    sines = [sine for each in driven for sine in each.waveform.lines_and_oscillations[1]]
    if len(driven) != 1 or len(sines) != 1 or sines[0].chirp_rate:
        raise ValueError("the wave is that of one antenna with one frequency; give one step 'alternating strip line'")
    sine, frames = sines[0], 1 / (spec.protocol.sampling_interval * sines[0].frequency)
    needed = 2 * sine.ramp + 2 * _PERIODS / sine.frequency
    if sine.duration < needed or frames < _FRAMES:
        raise ValueError(
            f"the drive lasts {sine.duration:.3g} s with {frames:.3g} frames a period; {needed:.3g} s (both ramps and "
            f"{2 * _PERIODS} periods) and {_FRAMES} frames are needed"
        )
    return cast(StripLine, driven[0].terminal), sine


def _axis(device: Waveguide) -> int:
    return int(np.argmax(np.abs(device.start)))


def _waves(seen: SeenRun) -> npt.NDArray[np.complex128]:
    """Complex amplitude at each port, of m across the magnetisation and in the plane."""
    (_, sine), device = _drive(seen.spec), cast(Waveguide, seen.spec.device)
    m = seen.run["m"].isel(vdims=1 if _axis(device) == 0 else 0)
    boxes = [dict(zip("xyz", (slice(*each) for each in port.box(device)), strict=True)) for port in device.ports]
    traces = xr.concat([m.isel(box).astype(np.float64).mean(("x", "y", "z")) for box in boxes], "port").load()
    traces = traces.assign_coords(port=np.arange(len(boxes)))
    end, length = sine.end - sine.ramp, _PERIODS / sine.frequency
    before, found = (
        wave_at(traces.sel(t=slice(None, last * (1 + 1e-9))), sine.frequency, begin=last - length).values
        for last in (end - length, end)
    )
    largest = float(np.abs(found).max())
    if largest < _LEAST:
        raise NotInThisRun(f"no wave arrives: the amplitude at the ports is {largest:.2g}, less than {_LEAST:g}")
    change = float(np.abs(found - before).max()) / largest
    if change > _UNSETTLED:
        raise NotInThisRun(
            f"the wave is not steady: in the last {2 * _PERIODS} periods it changes by {change:.2g} of its amplitude; "
            "drive it for longer, or with a longer ramp"
        )
    return found


def _share(seen: SeenRun) -> float:
    powers = np.abs(seen.once(_waves)) ** 2
    return float(powers[0] / powers.sum())


class _Pair(NamedTuple):
    """Two guides alike: first and last row but one of cells, the port's first, and columns from antenna to port."""

    rows: tuple[tuple[int, int], ...]
    first: int
    columns: range


def _pair(spec: RunSpec) -> _Pair:
    """The two guides of a coupler; a ValueError with the reason where the theory is of something else."""
    line, _ = _drive(spec)
    device, along = cast(Waveguide, spec.device), _axis(cast(Waveguide, spec.device))
    boxes, plan = [port.box(device) for port in device.ports], device.mask()[..., 0]
    begin, end = int(line.centre / device.cell[0]), sum(boxes[0][0]) // 2
    edges = np.flatnonzero(np.diff(np.pad(plan[end].astype(int), 1))).reshape(-1, 2)
    rows = tuple((int(low), int(high)) for low, high in edges)
    over = [index for box in boxes for index, (low, high) in enumerate(rows) if low <= box[1][0] < box[1][1] <= high]
    if len(rows) != 2 or np.ptp(np.diff(edges)) or sorted(over) != [0, 1] or not begin < end:
        raise ValueError("the theory is of two guides of one width, with a port on each behind the antenna")
    if plan[begin].sum() != np.ptp(rows[0]):
        raise ValueError("the theory is of an antenna where there is one guide only; let a slot end the other")
    field = np.delete(np.abs(spec.protocol.static_field), along)
    if device.parts or device.crossing or field.any() or (spec.material.Ku and abs(spec.material.easy_axis[2]) < 1):
        raise ValueError("the theory is of guides without parts and crossing, a field along m, and an easy axis along z")
    return _Pair(rows, over[0], range(begin, end))


def _theory(seen: SeenRun) -> float:
    """Share of power by sections of the two guides: where both are, and what the gates' voltages make of each."""
    spec, pair, (_, sine) = seen.spec, _pair(seen.spec), _drive(seen.spec)
    device, film, along = cast(Waveguide, spec.device), spec.material, _axis(cast(Waveguide, spec.device))
    change = np.zeros(device.shape[:2])
    for each in spec.protocol.channels(device):
        if isinstance(each.terminal, VoltageGate):
            voltage = float(each.waveform(sine.end - sine.ramp))
            change += each.terminal.anisotropy_change(voltage, device.thickness) * each.terminal.cells(device)[..., 0]
    plan, amplitudes = device.mask()[..., 0], np.ones(2, dtype=complex)

    def section(column: int) -> tuple[tuple[bool, float], ...]:
        return tuple((bool(plan[column, a:b].all()), float(change[column, a:b].mean())) for a, b in pair.rows)

    for guides, columns in itertools.groupby(pair.columns, section):
        amplitudes = amplitudes * [there for there, _ in guides]
        if not all(there for there, _ in guides):
            continue
        materials = [
            Material.model_validate({**film.model_dump(), "Ku": film.Ku + more, "easy_axis": (0, 0, 1)})
            for _, more in guides
        ]
        middles = [(a + b) / 2 * device.cell[1] for a, b in pair.rows]
        width, field = np.ptp(pair.rows[0]) * device.cell[1], abs(spec.protocol.static_field[along])
        axis = cast(Literal["x", "y", "z"], "xyz"[along])
        try:
            matrix = coupled_guides(sine.frequency, materials, middles, width, device.thickness, axis, field)
        except ValueError as error:
            raise NotInThisRun(str(error)) from error
        amplitudes = transmission([(matrix, len(list(columns)) * device.cell[0])]) @ amplitudes
    powers = np.abs(amplitudes) ** 2
    return float(powers[pair.first] / powers.sum())


def _unless(find: Callable[[RunSpec], object]) -> tuple[Callable[[RunSpec], str]]:
    def why(spec: RunSpec) -> str:
        try:
            find(spec)
        except ValueError as error:
            return str(error)
        return ""

    return (why,)


OBSERVABLES = Observables(
    numbers=(
        Observable(
            "port_amplitude",
            "amplitude at the port",
            "",
            "Amplitude of the steady wave at the first port, of the component of m in the plane and across m",
            lambda seen: float(np.abs(seen.once(_waves)[0])),
            _unless(_drive),
        ),
        Observable(
            "port_phase",
            "phase at the port",
            "rad",
            "Phase of the steady wave at the first port, from -π to π: m = a cos(ωt - phase)",
            lambda seen: float(np.angle(seen.once(_waves)[0])),
            _unless(_drive),
        ),
        Observable(
            "port_share",
            "share of the power at the port",
            "",
            "Squared amplitude of the steady wave at the first port over the sum at all ports",
            _share,
            _unless(_drive),
        ),
        Observable(
            "coupler_share",
            "share by coupled guides",
            "",
            "The same of two coupled guides in closed form, from the field of one stripe in the other, with the "
            "anisotropy that gates give",
            _theory,
            _unless(_pair),
            beside="port_share",
        ),
    )
)
