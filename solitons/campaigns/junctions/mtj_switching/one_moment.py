r"""The pillar of a run as one moment, with nothing fitted to how it switches: its switching probabilities.

Heat makes the mean magnetisation of a layer shorter than 1, to the length l that a run shows, because its cells do not
all point along it. A uniaxial anisotropy of the mean is then smaller by l^3 (H. B. Callen and E. Callen, J. Phys.
Chem. Solids 27, 1271 (1966)), and the shape anisotropy of a film a few cells thick nearly so; the moment is
smaller by l. Current and damping turn the mean as they turn each cell, to first order in 1 - l. So a warm layer is a
macrospin with

.. math:: M_s \to l M_s, \qquad E \to l^3 E, \qquad \Delta \to l^3 \Delta, \qquad J_c \to l^2 J_c

To first order in the anisotropy, cells fluctuate as they do without it: less than they do on the way over the
barrier, and more than in a state. So l is the middle between the lengths in both.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np
import numpy.typing as npt

from geometries import Pillar
from runs import RunSpec
from solitons.junctions import Macrospin, axial_fokker_planck, follow_macrospins, pillar_junction, thermal_states
from solitons.junctions.sphere_fokker_planck import degree_for, sphere_fokker_planck

__all__ = ["Method", "pillar_in", "pillar_of", "probabilities", "start_state", "warmed"]

Floats = npt.NDArray[np.float64]
Method = Literal["Fokker-Planck, in cells", "Fokker-Planck, in harmonics", "an ensemble of macrospins"]

_TRAJECTORIES = 1000
_MOST_DEGREE = 70
"""Degree of harmonics: some 3 s for each current."""
_STEPS = 60


def pillar_of(spec: RunSpec) -> Macrospin:
    """The layer of a run as one moment, as the run's cells have it: their volume, and their demagnetising factors."""
    pillar = spec.device
    if not isinstance(pillar, Pillar):
        raise ValueError(f"base.device is a {pillar.name_of_kind}; the campaign switches a pillar")
    protocol = spec.in_time
    return pillar_junction(
        pillar, spec.material, temperature=protocol.temperature, field=protocol.static_field, simulated=True
    )


def pillar_in(spec: RunSpec) -> Pillar:
    """The device of a run of this campaign."""
    assert isinstance(spec.device, Pillar)
    return spec.device


def warmed(macrospin: Macrospin, length: float) -> Macrospin:
    """The same layer with its mean magnetisation shortened by heat to `length` of Ms."""
    return dataclasses.replace(
        macrospin,
        saturation=length * macrospin.saturation,
        anisotropy=length**3 * macrospin.anisotropy,
        # Energies go with Ms^2, and are to fall as length^3.
        demagnetisation=length * macrospin.demagnetisation,
        # What a current does to each cell it does to the mean, whatever its length.
        polarisation=length * macrospin.polarisation,
    )


def start_state(macrospin: Macrospin, start: npt.ArrayLike) -> int:
    """State in which a layer begins: 1 along `macrospin.axis`, -1 against it."""
    return 1 if float(np.asarray(start, dtype=np.float64) @ macrospin.axis) > 0 else -1


def probabilities(
    macrospin: Macrospin, current: float, widths: npt.ArrayLike, state: int, *, seed: int
) -> tuple[Floats, Method]:
    """Probability to be in the other state at even times after a current begins, from equilibrium in one state.

    Current in A/m2, `widths` dt, 2 dt, 3 dt, ... in s; `state` is 1 or -1 along `macrospin.axis`. Where the equation
    cannot be solved an ensemble is, by `seed`; the method is returned too.
    """
    times = np.asarray(widths, dtype=np.float64)
    if macrospin.axial:
        start = axial_fokker_planck(macrospin).well(state)
        equation = axial_fokker_planck(macrospin, current)
        above = equation.share_above(equation.evolve(start, times))
        return above if state < 0 else 1 - above, "Fokker-Planck, in cells"
    degree = degree_for(macrospin, current)
    if macrospin.asymmetry == 1 and degree <= _MOST_DEGREE:
        begin = sphere_fokker_planck(macrospin, degree=degree).well(state)
        driven = sphere_fokker_planck(macrospin, current, degree=degree)
        found = driven.share_above(driven.evolve(begin, times, steps=_STEPS))
        return np.asarray(found if state < 0 else 1 - found), "Fokker-Planck, in harmonics"
    first = thermal_states(macrospin, _TRAJECTORIES, seed=seed, state=state)
    run = follow_macrospins(
        macrospin, first, float(times[-1]), seed=seed + 1, current_density=current, samples=times.size
    )
    along = run["m"].values @ macrospin.axis * state
    return np.asarray((along < 0).mean(axis=0)), "an ensemble of macrospins"
