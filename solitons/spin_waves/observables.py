"""Closed forms of waveguides as observables: the share of power in one of two guides."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np

from analysis.observables import Observable, Observables
from analysis.spin_waves.observables import driven_guide, first_share, refused_by
from geometries import VoltageGate, Waveguide
from geometries.wires import AbstractWire
from runs import Protocol
from runs.spec import RunSpec
from solitons.spin_waves.coupled_guides import coupling_matrix, transmission

__all__ = ["OBSERVABLES"]

_ALONG = 0.99
_WIDEST = 8
"""Width over exchange length at which pinning takes 10 % of a coupling."""


def _coupler(spec: RunSpec) -> float:
    """Share of power at the first port by theory; a ValueError where the theory is of something else."""
    guide, _, sine = driven_guide(spec)
    film, plan = spec.material, guide.mask()[..., 0]
    if wrong := next(_what_is_not_so(spec, guide), ""):
        raise ValueError(f"the theory is of two guides of which one carries a wave to the other, and {wrong}")
    boxes = [port.box(guide) for port in guide.ports]
    rows = [slice(*box[1]) for box in boxes]
    columns = range(_columns(guide)[0], sum(boxes[0][0]) // 2)
    change = np.zeros(plan.shape)
    for gate, waveform in spec.protocol.channels(guide):
        if isinstance(gate, VoltageGate):
            voltage = float(waveform(sine.end - sine.ramp))
            change += gate.anisotropy_change(voltage, guide.thickness) * gate.cells(guide)[..., 0]
    width, middles = _width(guide), [(each.start + each.stop) / 2 * guide.cell[1] for each in rows]
    field = spec.protocol.static_field[0] * np.sign(guide.start[0])
    amplitudes = np.ones(2, dtype=complex)
    for section, along in itertools.groupby(columns, lambda x: [(plan[x, y].all(), change[x, y].mean()) for y in rows]):
        amplitudes = amplitudes * [there for there, _ in section]
        if not all(there for there, _ in section):
            continue
        films = [film.model_copy(update={"Ku": film.Ku + more, "easy_axis": (0.0, 0.0, 1.0)}) for _, more in section]
        matrix = coupling_matrix(sine.frequency, films, middles, width, guide.thickness, "x", field)
        amplitudes = transmission([(matrix, len(list(along)) * guide.cell[0])]) @ amplitudes
    return first_share(amplitudes)


def _columns(guide: Waveguide) -> tuple[int, int]:
    """First column of cells under the antenna, and the one after the last of the ports."""
    (wire,) = (each for each in guide.terminals if isinstance(each, AbstractWire))
    begin = (wire.span[0] or (0.0, 0.0))[0]
    return max(int(begin / guide.cell[0] + 1e-6), 0), max(port.box(guide)[0][1] for port in guide.ports)


def _width(guide: Waveguide) -> float:
    first, after = guide.ports[0].box(guide)[1]
    return (after - first) * guide.cell[1]


def _what_is_not_so(spec: RunSpec, guide: Waveguide) -> Iterator[str]:
    film, protocol, boxes = spec.material, spec.protocol, [port.box(guide) for port in guide.ports]
    terminals = [channel.terminal for channel in protocol.channels(guide)]
    assert isinstance(protocol, Protocol)
    if sum(isinstance(each, AbstractWire) for each in guide.terminals) != 1 or not all(
        isinstance(each, AbstractWire | VoltageGate) for each in terminals
    ):
        yield "here something else than one antenna and voltage gates acts; leave the others out"
    if (
        abs(guide.start[0]) < _ALONG
        or any(protocol.static_field[1:])
        or any(each.peak for each in protocol.applied_field)
    ):
        yield "here they are not magnetised along x in a steady field along x: elsewhere edges make their field uneven"
    if guide.parts or guide.repeats or film.D or protocol.temperature_profile.peak:
        yield "here are parts, repeats, D or heat; leave them out"
    if film.Ku and abs(film.easy_axis[2]) < 1:
        yield "here the easy axis is not z, as of a gate's anisotropy"
    lines, widths = {box[0] for box in boxes}, {box[1][1] - box[1][0] for box in boxes}
    if len(boxes) != 2 or len(lines) != 1 or len(widths) != 1:
        yield "here are no two ports of one width at the same x, a port across each guide"
        return
    first, last = _columns(guide)
    ramp = guide.absorbing_ends.length if guide.absorbing_ends is not None else 0.0
    if guide.absorbing_sides is not None or first * guide.cell[0] < ramp or last * guide.cell[0] > guide.length - ramp:
        yield "here absorbing ends or sides reach over the antenna, the guides or the ports"
    one, other = (np.isin(np.arange(guide.shape[1]), range(*box[1])) for box in boxes)
    columns = guide.mask()[first:last, None]
    is_so = (columns == np.stack([one, other, one | other])[:, :, None]).all(axis=(2, 3))
    (wire,) = (each for each in guide.terminals if isinstance(each, AbstractWire))
    under = math.ceil((wire.span[0] or (0.0, 0.0))[1] / guide.cell[0] - 1e-6) - first
    if not (is_so.any(axis=1).all() and is_so[: max(under, 1), :2].any(axis=1).all() and is_so[-1, 2]):
        yield "here is not one guide alone under the antenna, then one or both across the ports' y, whole, and no more"
    gates = [each for each in guide.terminals if isinstance(each, VoltageGate)]
    if any(gate.cells(guide)[slice(*boxes[0][0])].any() for gate in gates):
        yield "here a gate reaches over the ports, where an amplitude then carries another power"
    if _width(guide) > _WIDEST * film.exchange_length:
        yield f"here they are wider than {_WIDEST} exchange lengths, so that edges pin their waves"


OBSERVABLES = Observables(
    (
        Observable(
            "coupler_share", "share by coupled-mode theory", "",
            "Share of two guides that couple by their stray fields, with the anisotropy that gates give",
            lambda seen: _coupler(seen.spec), refused_by(_coupler), beside="port_share",
        ),
    )
)  # fmt: skip
