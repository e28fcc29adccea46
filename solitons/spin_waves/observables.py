"""Observables of waveguides: the steady wave at ports, and the share of power in one of two guides beside theory."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import wave_at
from analysis.observables import NotInThisRun, Observable, Observables, SeenRun
from geometries import VoltageGate, Waveguide
from geometries.wires import AbstractWire
from runs import Protocol
from runs.spec import RunSpec
from runs.waveforms.oscillation import Oscillation
from solitons.spin_waves.coupled_guides import coupling_matrix, transmission

__all__ = ["OBSERVABLES"]

Complexes = npt.NDArray[np.complex128]

_PERIODS, _FRAMES, _UNSETTLED = 8, 8, 0.05
"""Periods over which a wave is read, and as many before, in which it is the same within a share; frames in each."""
_LEAST, _WIDEST = 1e-6, 8
"""Amplitude at which single precision shows; width over exchange length at which pinning takes 10 % of a coupling."""


def _driven(spec: RunSpec) -> tuple[Waveguide, int, float, Oscillation]:
    """Guide, axis of m, centre of its antenna and current; a ValueError if waves at ports are not to be read."""
    guide, protocol, found = spec.device, spec.protocol, []
    if not isinstance(guide, Waveguide) or not guide.ports or not isinstance(protocol, Protocol):
        raise ValueError("it is read at ports; give a waveguide with ports, and a protocol in time")
    for each in protocol.channels(guide):
        if isinstance(each.terminal, AbstractWire):
            found += [(each.terminal, sine) for sine in each.waveform.lines_and_oscillations[1]]
    if len(found) != 1 or found[0][1].chirp_rate:
        raise ValueError("it is of one antenna at one frequency; give one step 'alternating strip line'")
    wire, sine = found[0]
    begin, end = wire.span[0] or (0.0, guide.length)
    periods = (sine.duration - 2 * sine.ramp) * sine.frequency
    frames = 1 / (protocol.sampling_interval * sine.frequency)
    if periods < 2 * _PERIODS * (1 - 1e-9) or frames < _FRAMES:
        raise ValueError(
            f"there are {periods:.3g} periods between the ramps, {frames:.3g} frames in each; drive it for "
            f"{2 * _PERIODS} or more, sampled in {_FRAMES} or more frames each"
        )
    return guide, int(np.argmax(np.abs(guide.start))), (begin + end) / 2, sine


def _waves(seen: SeenRun) -> Complexes:
    """Complex amplitude at each port."""
    guide, axis, _, sine = _driven(seen.spec)
    m = seen.run["m"].isel(vdims=0 if axis else 1).astype(np.float64)
    boxes = [[slice(*bounds) for bounds in port.box(guide)] for port in guide.ports]
    traces = xr.concat([m[:, *box].mean(("x", "y", "z")) for box in boxes], "port").load()
    traces = traces.assign_coords(port=range(len(boxes)))
    end, length = sine.end - sine.ramp, _PERIODS / sine.frequency
    before, found = (
        wave_at(traces.sel(t=slice(None, last * (1 + 1e-9))), sine.frequency, begin=last - length).values
        for last in (end - length, end)
    )
    largest, change = np.abs(found).max(), np.abs(found - before).max()
    if largest < _LEAST or change > _UNSETTLED * largest:
        what = f"no wave arrives (it is below {_LEAST:g})" if largest < _LEAST else "the wave is not steady"
        raise NotInThisRun(
            f"{what}: its amplitude at ports is {largest:.2g} and changes by {change:.2g} in {2 * _PERIODS} periods; "
            "drive it harder, for longer, or with a longer ramp"
        )
    return found


def _coupler(spec: RunSpec) -> float:
    """Share of power at the first port by theory; a ValueError where the theory is of something else."""
    guide, axis, antenna, sine = _driven(spec)
    film, field, plan = spec.material, np.array(spec.protocol.static_field), guide.mask()[..., 0]
    boxes = [port.box(guide) for port in guide.ports]
    rows, columns = [slice(*box[1]) for box in boxes], range(int(antenna / guide.cell[0]), sum(boxes[0][0]) // 2)
    sizes = {each.stop - each.start for each in rows}
    one_first = len(columns) and plan[columns[0]].sum() in sizes and plan[columns[-1]].sum() == 2 * max(sizes)
    even = not guide.parts and not np.delete(field, axis).any() and (not film.Ku or abs(film.easy_axis[2]) == 1)
    if len(rows) != 2 or len(sizes) != 1 or not one_first or not even:
        raise ValueError(
            "the theory is of two guides of one width with a port across each, one of them alone at the antenna, "
            "without parts, in a field along m, with an easy axis along z"
        )
    if max(sizes) * guide.cell[1] > _WIDEST * film.exchange_length:
        raise ValueError(
            f"the guides are wider than {_WIDEST} exchange lengths: their waves are not uniform, as the theory has it"
        )
    change = np.zeros(plan.shape)
    for each in spec.protocol.channels(guide):
        if isinstance(gate := each.terminal, VoltageGate):
            voltage = float(each.waveform(sine.end - sine.ramp))
            change += gate.anisotropy_change(voltage, guide.thickness) * gate.cells(guide)[..., 0]
    middles, width = [(each.start + each.stop) / 2 * guide.cell[1] for each in rows], max(sizes) * guide.cell[1]
    amplitudes = np.ones(2, dtype=complex)
    for section, along in itertools.groupby(columns, lambda x: [(plan[x, y].all(), change[x, y].mean()) for y in rows]):
        amplitudes = amplitudes * [there for there, _ in section]
        if not all(there for there, _ in section):
            continue
        films = [film.model_copy(update={"Ku": film.Ku + more, "easy_axis": (0.0, 0.0, 1.0)}) for _, more in section]
        matrix = coupling_matrix(sine.frequency, films, middles, width, guide.thickness, "xyz"[axis], abs(field[axis]))
        amplitudes = transmission([(matrix, len(list(along)) * guide.cell[0])]) @ amplitudes
    return _first_share(amplitudes)


def _first_share(amplitudes: Complexes) -> float:
    powers = np.abs(amplitudes) ** 2
    return float(powers[0] / powers.sum())


def _unless(find: Callable[[RunSpec], object]) -> tuple[Callable[[RunSpec], str]]:
    def why(spec: RunSpec) -> str:
        try:
            find(spec)
        except ValueError as error:
            return str(error)
        return ""

    return (why,)


_AT = "at the first port, of m in the plane and across the magnetisation"
OBSERVABLES = Observables(
    (
        Observable(
            "port_amplitude", "amplitude at the port", "", f"Amplitude of the steady wave {_AT}",
            lambda seen: float(np.abs(seen.once(_waves)[0])), _unless(_driven),
        ),
        Observable(
            "port_phase", "phase at the port", "rad", f"Phase of the steady wave {_AT}, as cos(ωt - phase)",
            lambda seen: float(np.angle(seen.once(_waves)[0])), _unless(_driven),
        ),
        Observable(
            "port_share", "share of the power at the port", "",
            "Squared amplitude of the steady wave at the first port over the sum at all",
            lambda seen: _first_share(seen.once(_waves)), _unless(_driven),
        ),
        Observable(
            "coupler_share", "share by coupled-mode theory", "",
            "Share of two guides that couple by their stray fields, with the anisotropy that gates give",
            lambda seen: _coupler(seen.spec), _unless(_coupler), beside="port_share",
        ),
    )
)  # fmt: skip
