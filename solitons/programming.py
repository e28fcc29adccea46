"""Write conductances into synapses by pulses.

Closed loop: read, and pulse until the conductance is right (write-verify). Open
loop: work the pulses out on a model, and give them to the device unseen. Both are
vectorised over synapses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices import AbstractSynapse
from solitons.synapse import DomainWallSynapse

__all__ = ["PulseScheme", "Written", "apply_pulses", "program_closed_loop", "program_open_loop"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PulseScheme:
    """How a synapse is written.

    Parameters
    ----------
    amplitude : float
        |J| of every pulse in A/m2.
    shortest, longest : float
        Pulse lengths in s that the driver makes. A smaller change than the shortest
        pulse's is not tried.
    rest : float
        Time without current after each pulse in s, before the conductance is read.
    max_pulses : int
        After so many pulses a synapse is left as it is.
    tolerance : float
        Part of the conductance range within which a synapse counts as written.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """

    amplitude: float
    shortest: float = 10e-12
    longest: float = 0.5e-9
    rest: float = 0.5e-9
    max_pulses: int = 20
    tolerance: float = 0.005

    def __post_init__(self) -> None:
        for name in ("amplitude", "shortest", "max_pulses", "tolerance"):
            if not getattr(self, name) > 0:
                raise ValueError(f"PulseScheme.{name} = {getattr(self, name)} must be positive")
        if self.longest < self.shortest:
            raise ValueError(
                f"PulseScheme.longest = {self.longest} s is shorter than shortest = {self.shortest} s; swap them"
            )
        if self.rest < 0:
            raise ValueError(f"PulseScheme.rest = {self.rest} s must not be negative")


@dataclass(frozen=True, eq=False)
class Written:
    """Synapses after programming.

    Parameters
    ----------
    state : pytree
        Their states, arrays over the synapses.
    conductance : array (synapses,)
        In S.
    error : array (synapses,)
        Conductance minus target in S.
    pulses : int array (synapses,)
        How many pulses each took.
    current_density, width : array (pulses, synapses)
        J in A/m2 and length in s of every pulse; 0 where a synapse had enough.
    """

    state: Any
    conductance: Floats
    error: Floats
    pulses: npt.NDArray[np.int64]
    current_density: Floats
    width: Floats


def program_closed_loop(
    synapse: AbstractSynapse, target: npt.ArrayLike, scheme: PulseScheme, *, state: Any = None
) -> Written:
    """Write-verify: pulse and read until each synapse is within tolerance.

    The length of a pulse is the missing conductance over what the synapse gains per
    time in the middle of its range, within the scheme's lengths.

    Parameters
    ----------
    synapse : AbstractSynapse
        The device, one for all targets or a batch of them.
    target : array (synapses,)
        Conductance wanted, in S; inside the synapse's range.
    scheme : PulseScheme
        How to pulse.
    state : pytree, optional
        States to begin with, arrays (synapses,); all new by default.

    Returns
    -------
    Written

    Raises
    ------
    ValueError
        If a target is out of the synapse's range.

    Warns
    -----
    OutsideFittedRange
        If the synapse's wall was fitted, and the amplitude is out of that range.
    """
    wanted = np.atleast_1d(np.asarray(target, dtype=np.float64))
    low, high = synapse.conductance_range
    slack = 1e-9 * (high - low)
    if np.any((wanted < low - slack) | (wanted > high + slack)):
        raise ValueError(
            f"program_closed_loop: targets from {wanted.min():.4g} to {wanted.max():.4g} S leave the synapse's "
            f"range {low:.4g} to {high:.4g} S; rescale them"
        )
    if isinstance(synapse, DomainWallSynapse) and synapse.dynamics.provenance is not None:
        synapse.dynamics.provenance.check_range(scheme.amplitude)
    with jax.enable_x64(True):
        rate = _rate(synapse, scheme)
        begin = _states(synapse, wanted.size) if state is None else state
        limits = (scheme.shortest, scheme.longest, scheme.rest, scheme.tolerance * (high - low))
        after, (currents, widths) = _write_verify(
            synapse, begin, wanted, scheme.amplitude * synapse.potentiating_sign, rate, limits, scheme.max_pulses
        )
        conductance = np.asarray(synapse.conductance(after))
    return _written(after, conductance, wanted, np.asarray(currents), np.asarray(widths))


def program_open_loop(
    synapse: AbstractSynapse,
    target: npt.ArrayLike,
    scheme: PulseScheme,
    *,
    model: AbstractSynapse,
    state: Any = None,
) -> Written:
    """Work the pulses out on a model, then give them to the device without reading it.

    Parameters
    ----------
    synapse : AbstractSynapse
        The device, which may differ from the model; one or a batch.
    target : array (synapses,)
        Conductance wanted, in S.
    scheme : PulseScheme
        How to pulse.
    model : AbstractSynapse
        What the pulses are worked out on, by `program_closed_loop`.
    state : pytree, optional
        States of the devices to begin with; all new by default.

    Returns
    -------
    Written
        Of the device.

    Raises
    ------
    ValueError
        If a target is out of the model's range.
    """
    wanted = np.atleast_1d(np.asarray(target, dtype=np.float64))
    plan = program_closed_loop(model, wanted, scheme)
    with jax.enable_x64(True):
        begin = _states(synapse, wanted.size) if state is None else state
        after = apply_pulses(synapse, begin, plan.current_density, plan.width, rest=scheme.rest)
        conductance = np.asarray(synapse.conductance(after))
    return _written(after, conductance, wanted, plan.current_density, plan.width)


@eqx.filter_jit
def apply_pulses(synapse: AbstractSynapse, state: Any, current_density: Any, width: Any, *, rest: Any) -> Any:
    """Give every synapse its train of pulses, with a rest after each.

    Parameters
    ----------
    synapse : AbstractSynapse
        The device, one or a batch.
    state : pytree
        States, arrays (synapses,).
    current_density, width : array (pulses, synapses)
        J in A/m2 and length in s; a pulse of no length is skipped with its rest.
    rest : float
        In s.

    Returns
    -------
    pytree
        States afterwards.
    """

    def pulse(states: Any, now: tuple[Any, Any]) -> tuple[Any, None]:
        current, length = now
        return _pulse(synapse, states, current, length, rest), None

    after, _ = jax.lax.scan(pulse, state, (jnp.asarray(current_density), jnp.asarray(width)))
    return after


@eqx.filter_jit
def _write_verify(
    synapse: AbstractSynapse,
    state: Any,
    target: Any,
    amplitude: Any,
    rate: Any,
    limits: tuple[Any, ...],
    max_pulses: int,
) -> tuple[Any, tuple[Any, Any]]:
    shortest, longest, rest, tolerance = limits

    def attempt(states: Any, _: None) -> tuple[Any, tuple[Any, Any]]:
        missing = target - synapse.conductance(states)
        needed = jnp.abs(missing) / rate
        # Rounding to the nearest pulse that exists: half the shortest one's change is better left alone.
        wanted = (jnp.abs(missing) > tolerance) & (needed > shortest / 2)
        width = jnp.where(wanted, jnp.clip(needed, shortest, longest), 0.0)
        current = jnp.where(wanted, amplitude * jnp.sign(missing), 0.0)
        return _pulse(synapse, states, current, width, rest), (current, width)

    return jax.lax.scan(attempt, state, None, length=max_pulses)


def _pulse(synapse: AbstractSynapse, state: Any, current: Any, width: Any, rest: Any) -> Any:
    after = synapse.step(state, current, width)
    return synapse.step(after, jnp.zeros_like(current), jnp.where(width > 0, rest, 0.0))


def _rate(synapse: AbstractSynapse, scheme: PulseScheme) -> float:
    # Conductance gained per time, from one pulse in the middle of the range and the rest after it.
    state = _states(synapse, 1)
    width = min(scheme.longest, 0.2e-9)
    after = apply_pulses(
        synapse,
        state,
        np.full((1, 1), scheme.amplitude * synapse.potentiating_sign),
        np.full((1, 1), width),
        rest=scheme.rest,
    )
    gained = float(np.mean(synapse.conductance(after)) - np.mean(synapse.conductance(state)))
    if gained <= 0:
        raise ValueError(
            f"{type(synapse).__name__} gains {gained:.3g} S from a potentiating pulse of {width:.3g} s and "
            f"{scheme.amplitude:.3g} A/m2, so it cannot be written; its wall is pinned: raise the amplitude"
        )
    return gained / width


def _states(synapse: AbstractSynapse, size: int) -> Any:
    return jax.tree.map(lambda leaf: jnp.broadcast_to(jnp.asarray(leaf), (size,)), synapse.initial_state())


def _written(state: Any, conductance: Floats, target: Floats, currents: Floats, widths: Floats) -> Written:
    return Written(
        state=jax.tree.map(np.asarray, state),
        conductance=conductance,
        error=conductance - target,
        pulses=np.sum(widths > 0, axis=0),
        current_density=currents,
        width=widths,
    )
