r"""Fitted models as reservoirs: what a current moves in each, and what is read of it.

================================  ===================================  ===========================================
model                             state                                heat, of n copies that are read together
================================  ===================================  ===========================================
synapse of walls or skyrmions     its own; read as a place in m        left out
`AutoOscillator`                  power p                              of a moment on a sphere, below
`VortexThiele`                    radius of the core's orbit in m      left out
rates of a junction               share of junctions that are up       of the count of n, by Gauss's law
================================  ===================================  ===========================================

Heat adds 2 D_0 T (1 - 2 p) dt to the mean power of n oscillators, and noise of the variance
4 D_0 T p (1 - p) dt / n: the diffusion of a direction on the sphere, as in `AutoOscillator`. The mean is followed as if
all had it, which holds above the threshold. An oscillator's phase is left out: it turns without being driven, and the
power does not depend on it.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from solitons.devices.driven_nodes import DrivenDevice
from solitons.devices.synapse import AbstractSynapse
from solitons.fits.provenance import OscillatorProvenance, Provenance
from solitons.junctions.binary_synapse import StochasticBinarySynapse
from solitons.junctions.rates import SwitchingRates
from solitons.models.saving import origin_of
from solitons.oscillators.auto_oscillator import AutoOscillator
from solitons.oscillators.vortex_thiele import VortexThiele

__all__ = ["driven_device", "strongest_of_fit", "unit_of"]

_STEP = 0.05
"""Growth of a logarithm in a step, at most."""
_WALL_STEP = 10e-12
_SMALLEST = 1e-4
"""Power at which an oscillator without a current is held, as heat would."""
_CORE = 1e-3
"""Radius of an orbit over the disc's, at which a core without a current is held."""


def driven_device(
    model: Any, strongest: float, *, temperature: float = 0.0, copies: int = 1, start: float | None = None
) -> DrivenDevice:
    """A fitted model as a device that is driven and read; a ValueError for one without motion in time.

    `strongest` is the largest current density in A/m2 that drives it, `temperature` in K, and `start` what is read
    of it at first, as after its reset if None.
    """
    if isinstance(model, StochasticBinarySynapse):
        model = model.rates
    if isinstance(model, AbstractSynapse):
        return _Place(model, float(model.coordinate(model.reset())) if start is None else start)
    if isinstance(model, AutoOscillator):
        fastest = max(float(model.damping[0]), abs(float(model.pump)) * strongest)
        diffusion = 2 * float(model.diffusion) * temperature
        return _Power(model, _SMALLEST if start is None else start, diffusion, copies, _STEP / fastest)
    if isinstance(model, VortexThiele):
        radii = np.linspace(0.0, float(model.reach), 100) * float(model.disc_radius)
        fastest = max(float(np.abs(model.rates(radii, each)[0]).max()) for each in (strongest, -strongest))
        return _Radius(model, _STEP / fastest)
    if isinstance(model, SwitchingRates):
        return _Share(model, copies)
    raise ValueError(
        f"device.model holds a {type(model).__name__}, which no current moves in time; give a synapse of walls or of "
        "skyrmions, an oscillator, a vortex or the rates of a junction"
    )


def unit_of(model: Any) -> str:
    """The unit of what is read: m of a place, none of a power or a share."""
    place = isinstance(model, AbstractSynapse | VortexThiele) and not isinstance(model, StochasticBinarySynapse)
    return "m" if place else ""


def strongest_of_fit(model: Any) -> float | None:
    """The strongest current density in A/m2 that a model was fitted on; None if it does not know."""
    origin = origin_of(model)
    if isinstance(origin, Provenance) and origin.fitted_range is not None:
        return max(map(abs, origin.fitted_range.amplitude))
    if isinstance(origin, OscillatorProvenance):
        return max(map(abs, origin.current_density))
    return None


class _Place(eqx.Module):
    model: AbstractSynapse
    begin: float

    heat = False
    longest_step = _WALL_STEP

    @property
    def window(self) -> tuple[Any, Any]:
        return self.model.window

    def reset(self) -> Any:
        return self.model.at(self.model.reset(), self.begin)

    def step(self, state: Any, current_density: Any, dt: Any, noise: Any = None) -> Any:  # noqa: ARG002 - no heat
        return self.model.step(state, current_density, dt)

    def read(self, state: Any) -> Any:
        return self.model.read(state)


class _Power(eqx.Module):
    model: AutoOscillator
    begin: float
    diffusion: float
    copies: int
    longest_step: float

    @property
    def heat(self) -> bool:
        return self.diffusion > 0

    @property
    def window(self) -> tuple[float, Any]:
        return 0.0, self.model.highest_power

    def reset(self) -> float:
        return self.begin

    def step(self, state: Any, current_density: Any, dt: Any, noise: Any = None) -> Any:
        half = state * jnp.exp(-self.model.decay(state, current_density) * dt)
        after = state * jnp.exp(-2 * self.model.decay(half, current_density) * dt)
        if noise is None:
            after += _SMALLEST * -jnp.expm1(-2 * self.model.damping[0] * dt)
        else:
            after += self.diffusion * (1 - 2 * state) * dt
            after += jnp.sqrt(2 * self.diffusion / self.copies * state * (1 - state) * dt) * noise
        return jnp.clip(after, 0.0, 1 - _SMALLEST)

    def read(self, state: Any) -> Any:
        return state


class _Radius(eqx.Module):
    model: VortexThiele
    longest_step: float

    heat = False

    @property
    def window(self) -> tuple[float, Any]:
        return 0.0, self.model.reach * self.model.disc_radius

    def reset(self) -> Any:
        return _CORE * self.model.disc_radius

    def step(self, state: Any, current_density: Any, dt: Any, noise: Any = None) -> Any:  # noqa: ARG002 - no heat
        half = jnp.exp(self.model.rates(state, current_density)[0] * dt / 2)
        after = state * jnp.exp(self.model.rates(state * half, current_density)[0] * dt)
        decay = -self.model.rates(0.0 * state, 0.0 * current_density)[0]
        return jnp.minimum(after + _CORE * self.model.disc_radius * -jnp.expm1(-decay * dt), self.window[1])

    def read(self, state: Any) -> Any:
        return state


class _Share(eqx.Module):
    model: SwitchingRates
    copies: int

    heat = True
    window = (0.0, 1.0)
    longest_step = float("inf")

    def reset(self) -> float:
        return 0.0

    def step(self, state: Any, current_density: Any, dt: Any, noise: Any = None) -> Any:
        up, down = self.model.rates(current_density)
        kept = jnp.exp(-(up + down) * dt)
        rest = up / (up + down)
        after = rest + (state - rest) * kept
        if noise is not None:
            stay, come = rest + (1 - rest) * kept, rest * (1 - kept)
            variance = state * stay * (1 - stay) + (1 - state) * come * (1 - come)
            after = jnp.clip(after + jnp.sqrt(variance / self.copies) * noise, 0.0, 1.0)
        return after

    def read(self, state: Any) -> Any:
        return state
