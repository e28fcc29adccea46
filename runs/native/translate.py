"""From a micromagneticmodel system to the engine's model: the one place that knows both."""

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array

from runs.native.abstract import EnergyTerm, Torque, to_device
from runs.native.compilation_cache import use_compilation_cache
from runs.native.discretisation import Discretisation, check_parameters, discretise, fixed_cells, scalar_parameter
from runs.native.errors import UnsupportedError
from runs.native.model import Model
from runs.native.terms import (
    cubic_anisotropy,
    demag,
    dmi,
    exchange,
    magnetoelastic,
    modulated_anisotropy,
    rkky,
    slonczewski,
    spin_orbit,
    uniaxial_anisotropy,
    zeeman,
    zhang_li,
)
from runs.native.terms.damping import Damping
from runs.native.terms.precession import Precession
from runs.native.terms.thermal import Noise, ThermalField, noise_of
from runs.native.waveform import Waveform, register_in

ENERGY_TERMS: dict[Any, Callable[[Any, Discretisation], EnergyTerm]] = {
    mm.Exchange: exchange.from_ubermag,
    mm.UniaxialAnisotropy: uniaxial_anisotropy.from_ubermag,
    mm.CubicAnisotropy: cubic_anisotropy.from_ubermag,
    mm.DMI: dmi.from_ubermag,
    mm.RKKY: rkky.from_ubermag,
    mm.MagnetoElastic: magnetoelastic.from_ubermag,
    mm.Demag: demag.from_ubermag,
}
WITHOUT_PRECESSION = 2.211e5
"""m/(A s); gamma0 of a system without precession, as in OOMMF."""
SPIN_TORQUES: dict[Any, Callable[..., Torque]] = {
    mm.ZhangLi: zhang_li.from_ubermag,
    mm.Slonczewski: slonczewski.from_ubermag,
    spin_orbit.SpinOrbitTorque: spin_orbit.from_ubermag,
}
"""Each takes the term, the grid, alpha, gamma0 and what registers a waveform."""


@dataclasses.dataclass(frozen=True, eq=False)
class Translation:
    """A system as this engine runs it.

    `discretisation` is grid, Ms and the magnetisation at the start, `model` has energy terms and torques in the order
    of the system's, `waveforms` multiply the terms that depend on time (`amplitudes` has their values in this order),
    and `noise` is the strength of the thermal field, if there is one.
    """

    discretisation: Discretisation
    model: Model
    waveforms: list[Waveform]
    noise: Noise | None


def translate(
    system: mm.System,
    *,
    dynamics: bool = True,
    fixed_subregions: Sequence[str] = (),
    thermal: ThermalField | None = None,
    any_temperature: bool = False,
) -> Translation:
    """Read a system, with or without its dynamics; a minimiser needs the energy only.

    m is held in `fixed_subregions` of the mesh, `thermal` holds the system at its temperature, and `any_temperature` is
    whether the caller's result does not depend on `system.T`. A RuntimeError if `system.T` is positive, and there is no
    thermal field; an UnsupportedError for a term or a parameter that would have to be ignored, or a temperature without
    dynamics; a ValueError for a parameter that is missing or makes no sense, or a subregion that the mesh does not
    have.
    """
    if system.T and thermal is None and not any_temperature:
        if not dynamics:
            raise UnsupportedError(
                f"system {system.name!r}: T={system.T} K, but a state of rest is one of T=0; set system.T=0, or give a "
                "TimeDriver a thermal field"
            )
        raise RuntimeError(
            f"system {system.name!r}: T={system.T} K needs a thermal field; give "
            "thermal=runs.native.ThermalField(seed=..., time_step=...), or set system.T=0"
        )
    use_compilation_cache()
    discretisation = discretise(system)
    fixed = fixed_cells(discretisation, fixed_subregions)
    waveforms: list[Waveform] = []
    register = register_in(waveforms)
    terms = tuple(energy_term(term, discretisation, register) for term in system.energy)
    torques = _torques(system, discretisation, register) if dynamics else ()
    model = model_of(discretisation, terms, torques, fixed)
    noise = None if thermal is None else noise_of(thermal, system, discretisation, model, register)
    return Translation(discretisation, model, waveforms, noise)


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
    """Read one energy term of a system; an UnsupportedError for one that this engine does not have."""
    if isinstance(term, mm.Zeeman):
        return zeeman.from_ubermag(term, discretisation, register)
    if isinstance(term, modulated_anisotropy.ModulatedAnisotropy):
        return modulated_anisotropy.from_ubermag(term, discretisation, register)
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
        if kind not in (mm.Precession, mm.Damping, *SPIN_TORQUES):
            raise UnsupportedError(f"dynamics term {kind.__name__} is not supported by runs.native; use oommfc")
    if not kinds:
        raise ValueError(f"system {system.name!r} has no dynamics: set system.dynamics")
    for kind in (mm.Precession, mm.Damping):
        if kinds.count(kind) > 1:
            raise ValueError(f"system {system.name!r} has {kinds.count(kind)} terms of {kind.__name__}; keep one")
    # Every torque in Landau-Lifshitz form holds alpha; gamma0 is needed without precession too.
    damping, gyromagnetic_ratio = np.zeros(()), np.asarray(WITHOUT_PRECESSION)
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
        else:
            read = SPIN_TORQUES[type(term)]
            torques.append(read(term, discretisation, damping, gyromagnetic_ratio, register))
    return tuple(torques)
