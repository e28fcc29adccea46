"""Closed forms of waveguides as observables: the share of power in one of two guides."""

from __future__ import annotations

import itertools

import numpy as np

from analysis.observables import Observable, Observables
from analysis.spin_waves.observables import driven_guide, first_share, refused_by
from geometries import VoltageGate
from runs.spec import RunSpec
from solitons.spin_waves.coupled_guides import coupling_matrix, transmission

__all__ = ["OBSERVABLES"]

_WIDEST = 8
"""Width over exchange length at which pinning takes 10 % of a coupling."""


def _coupler(spec: RunSpec) -> float:
    """Share of power at the first port by theory; a ValueError where the theory is of something else."""
    guide, axis, antenna, sine = driven_guide(spec)
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
    return first_share(amplitudes)


OBSERVABLES = Observables(
    (
        Observable(
            "coupler_share", "share by coupled-mode theory", "",
            "Share of two guides that couple by their stray fields, with the anisotropy that gates give",
            lambda seen: _coupler(seen.spec), refused_by(_coupler), beside="port_share",
        ),
    )
)  # fmt: skip
