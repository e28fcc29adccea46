"""From a micromagneticmodel system to the engine's model: the one place that knows both."""

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array

from runs.native import (
    demag,
    exchange,
    interfacial_dmi,
    slonczewski,
    uniaxial_anisotropy,
    zeeman,
    zhang_li,
)
from runs.native.abstract import EnergyTerm, Torque, to_device
from runs.native.damping import Damping
from runs.native.discretisation import Discretisation, check_parameters, discretise, fixed_cells, scalar_parameter
from runs.native.errors import UnsupportedError
from runs.native.model import Model
from runs.native.precession import Precession
from runs.native.waveform import Waveform

ENERGY_TERMS = {
    mm.Exchange: exchange.from_ubermag,
    mm.UniaxialAnisotropy: uniaxial_anisotropy.from_ubermag,
    mm.DMI: interfacial_dmi.from_ubermag,
    mm.Demag: demag.from_ubermag,
}


@dataclasses.dataclass(frozen=True, eq=False)
class Translation:
    """A system as this engine runs it.

    Attributes
    ----------
    discretisation : Discretisation
        Grid, Ms and the magnetisation at the start.
    model : Model
        Energy terms and torques in the order of the system's.
    waveforms : list of Waveform
        What multiplies the terms that depend on time; `amplitudes` has their values in this order.
    """

    discretisation: Discretisation
    model: Model
    waveforms: list[Waveform]


def translate(system: mm.System, *, dynamics: bool = True, fixed_subregions: Sequence[str] = ()) -> Translation:
    """Read a system, with or without its dynamics.

    Parameters
    ----------
    system : micromagneticmodel.System
    dynamics : bool
        Whether `system.dynamics` is read; a minimiser needs the energy only.
    fixed_subregions : sequence of str
        Subregions of the mesh in which m is held.

    Returns
    -------
    Translation

    Raises
    ------
    UnsupportedError
        A term or a parameter that would have to be ignored.
    ValueError
        A parameter that is missing or makes no sense, or a subregion that the mesh does not have.
    """
    discretisation = discretise(system)
    fixed = fixed_cells(discretisation, fixed_subregions)
    waveforms: list[Waveform] = []

    def register(waveform: Waveform) -> int:
        waveforms.append(waveform)
        return len(waveforms) - 1

    terms = tuple(energy_term(term, discretisation, register) for term in system.energy)
    torques = _torques(system, discretisation, register) if dynamics else ()
    return Translation(discretisation, model_of(discretisation, terms, torques, fixed), waveforms)


def model_of(
    discretisation: Discretisation,
    terms: tuple[EnergyTerm, ...],
    torques: tuple[Torque, ...],
    fixed: np.ndarray | None = None,
) -> Model:
    """Return the model with these terms on a grid; m is held where `fixed` (nz, ny, nx) is true."""
    volume = math.prod(discretisation.cell)
    held = None if fixed is None else jnp.asarray(fixed)
    return Model(terms, torques, to_device(discretisation.saturation), to_device(volume), held)


def tabulate(waveforms: list[Waveform], start: float, stop: float, intervals: int) -> np.ndarray:
    """Return all waveforms between two times in s, (waveforms, intervals + 1)."""
    values = [waveform.tabulate(float(start), float(stop), intervals) for waveform in waveforms]
    return np.reshape(np.asarray(values, dtype=float), (len(waveforms), intervals + 1))


def initial_amplitudes(waveforms: list[Waveform]) -> Array:
    """Return the waveforms' values at t = 0, (waveforms,); at a jump the later one."""
    return to_device(np.array([waveform.start() for waveform in waveforms]))


def to_ubermag(m: Any, discretisation: Discretisation) -> np.ndarray:
    """Return unit vectors (3, nz, ny, nx) as discretisedfield's (nx, ny, nz, 3), NaN outside the magnet."""
    return np.where(discretisation.saturation > 0, np.asarray(m), np.nan).T


def energy_term(term: mm.EnergyTerm, discretisation: Discretisation, register: Callable[[Waveform], int]) -> EnergyTerm:
    """Read one energy term of a system.

    Raises
    ------
    UnsupportedError
        A term that this engine does not have.
    """
    if isinstance(term, mm.Zeeman):
        return zeeman.from_ubermag(term, discretisation, register)
    if type(term) not in ENERGY_TERMS:
        supported = ", ".join(kind.__name__ for kind in (*ENERGY_TERMS, mm.Zeeman))
        raise UnsupportedError(
            f"energy term {type(term).__name__} {term.name!r} is not supported by runs.native (supported: "
            f"{supported}); use oommfc"
        )
    return ENERGY_TERMS[type(term)](term, discretisation)


def _torques(
    system: mm.System, discretisation: Discretisation, register: Callable[[Waveform], int]
) -> tuple[Torque, ...]:
    kinds = [type(term) for term in system.dynamics]
    for kind in kinds:
        if kind not in (mm.Precession, mm.Damping, mm.ZhangLi, mm.Slonczewski):
            raise UnsupportedError(f"dynamics term {kind.__name__} is not supported by runs.native; use oommfc")
    if not kinds:
        raise ValueError(f"system {system.name!r} has no dynamics: set system.dynamics")
    # Every torque in Landau-Lifshitz form holds alpha; gamma0 is needed without precession too.
    damping, gyromagnetic_ratio = np.zeros(()), np.asarray(mm.consts.gamma0)
    for term in system.dynamics:
        if isinstance(term, mm.Damping):
            check_parameters(term, ("alpha",))
            damping = scalar_parameter(term, "alpha", discretisation)
        if isinstance(term, mm.Precession):
            check_parameters(term, ("gamma0",))
            gyromagnetic_ratio = scalar_parameter(term, "gamma0", discretisation)
    torques: list[Torque] = []
    for term in system.dynamics:
        if isinstance(term, mm.Precession):
            torques.append(Precession(to_device(gyromagnetic_ratio / (1 + damping**2))))
        elif isinstance(term, mm.Damping):
            torques.append(Damping(to_device(gyromagnetic_ratio * damping / (1 + damping**2))))
        elif isinstance(term, mm.ZhangLi):
            torques.append(zhang_li.from_ubermag(term, discretisation, damping, register))
        else:
            torques.append(slonczewski.from_ubermag(term, discretisation, damping, gyromagnetic_ratio, register))
    return tuple(torques)
