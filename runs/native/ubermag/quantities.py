"""Energy, energy density and effective field of one term or of all."""

from collections.abc import Callable
from typing import Any

import discretisedfield as df
import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
from jax import Array

from runs.native.abstract import jit_for_seldom_use
from runs.native.compilation_cache import use_compilation_cache
from runs.native.discretisation import discretise
from runs.native.model import Model
from runs.native.translate import energy_term, initial_amplitudes, model_of, translate
from runs.native.waveform import register_in

QUANTITIES = ("energy", "density", "effective_field")


def compute(func: Callable[..., Any], system: mm.System, /) -> float | df.Field:
    """Compute a property of an energy term or of the whole energy as oommfc.compute does, without files.

    As there, `system.compute_number` counts the calls.

    Parameters
    ----------
    func : callable
        For example `system.energy.demag.effective_field` or `system.energy.energy`.
    system : micromagneticmodel.System
        Fields that depend on time have their value at t = 0.

    Returns
    -------
    float or discretisedfield.Field
        Energy in J, density in J/m3 or effective field in A/m; zero outside the magnet.

    Raises
    ------
    ValueError
        Another property is asked for.
    UnsupportedError
        The term is one that this engine does not have.

    Examples
    --------
    >>> import discretisedfield as df
    >>> import micromagneticmodel as mm
    >>> import runs.native as nc
    >>> mesh = df.Mesh(p1=(0, 0, 0), p2=(20e-9, 10e-9, 5e-9), cell=(5e-9, 5e-9, 5e-9))
    >>> system = mm.System(name="film", m=df.Field(mesh, nvdim=3, value=(0.1, 1, 0), norm=8e5))
    >>> system.energy = mm.Exchange(A=1.3e-11) + mm.Demag()
    >>> energy = nc.compute(system.energy.demag.energy, system)
    >>> energy > 0
    True
    """
    quantity, owner = func.__name__, getattr(func, "__self__", None)
    if quantity not in QUANTITIES or not isinstance(owner, (mm.Energy, mm.EnergyTerm)):
        raise ValueError(f"compute: {func!r} is not supported; ask a term or system.energy for one of {QUANTITIES}")
    if isinstance(owner, mm.Energy):
        translation = translate(system, dynamics=False, any_temperature=True)
        grid, model, waveforms = translation.discretisation, translation.model, translation.waveforms
    else:
        use_compilation_cache()
        grid = discretise(system)
        waveforms = []
        term = energy_term(owner, grid, register_in(waveforms))
        model = model_of(grid, (term,), ())
    with jax.enable_x64(True):
        m, amplitudes = jnp.asarray(grid.magnetisation), initial_amplitudes(waveforms)
        value = np.asarray(_evaluate(model, m, amplitudes)[QUANTITIES.index(quantity)])
    system.compute_number += 1
    if quantity == "energy":
        return float(value)
    if quantity == "density":
        return df.Field(grid.mesh, nvdim=1, value=value.T[..., None], unit="J/m3")
    return df.Field(grid.mesh, nvdim=3, value=value.T, unit="A/m")


@jit_for_seldom_use
def _evaluate(model: Model, m: Array, amplitudes: Array) -> tuple[Array, Array, Array]:
    """Return all of `QUANTITIES`: together they compile in little more than the time of one."""
    density = model.density(m, amplitudes)
    return jnp.sum(density) * model.cell_volume, density, model.field(m, amplitudes)
