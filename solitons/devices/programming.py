"""Programming: writing conductances into synapses by current pulses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices.pulse_shape import ProgrammingPulse, steps_of, trapezoid
from solitons.devices.synapse import AbstractSynapse
from solitons.fits.provenance import Provenance

__all__ = ["Written", "apply_pulse", "pulse_velocity", "write_conductances"]

Floats = npt.NDArray[np.float64]

_WRITING = 1 << 30
_HEAT = 1


@dataclass(frozen=True, eq=False)
class Written:
    """Result of writing: the state of every synapse afterwards, its conductance in S, and its pulses."""

    state: Any
    conductance: Floats
    pulses: npt.NDArray[np.int64]


def apply_pulse(
    synapse: AbstractSynapse, state: Any, amplitude: Any, width: Any, rise: float, period: float, key: Any = None
) -> Any:
    """Send one trapezoidal pulse and wait for the rest of the period; pure JAX, any shape, compiled.

    Parameters
    ----------
    synapse : AbstractSynapse
        The device.
    state : tuple of arrays
        Before the pulse, one of the synapse's.
    amplitude : float or array
        Current density in A/m2, with its sign.
    width : float or array
        Width in s, rise and fall included.
    rise, period : float
        In s.
    key : jax.Array, optional
        Key of the thermal noise in every step; None is 0 K.

    Returns
    -------
    tuple of arrays
        After the period.

    Examples
    --------
    Two synapses, one pulse of each sign; as everywhere in the workbench, in double precision:

    >>> from solitons.devices.synapse import example_synapse
    >>> synapse = example_synapse()
    >>> with jax.enable_x64(True):
    ...     start = synapse.at(synapse.reset(), 50e-9)
    ...     after = apply_pulse(synapse, start, np.array([-1e12, 1e12]), width=0.4e-9, rise=0.05e-9, period=1e-9)
    >>> (1e9 * after.position).round(1).tolist()  # nm; from 50 nm
    [85.0, 15.0]
    """
    # What is traced does not count for the compiled program, and a number of Python's would: the number of steps does.
    state, amplitude, width = jax.tree.map(jnp.asarray, (state, amplitude, width))
    return _apply(synapse, state, amplitude, width, float(rise), float(period), key)


@eqx.filter_jit
def _apply(
    synapse: AbstractSynapse, state: Any, amplitude: Any, width: Any, rise: float, period: float, key: Any
) -> Any:
    steps, dt = steps_of(period)
    shape = jnp.broadcast_shapes(jnp.shape(synapse.coordinate(state)), jnp.shape(amplitude), jnp.shape(width))

    def advance(now: Any, index: Any) -> tuple[Any, None]:
        level = trapezoid((index + 0.5) * dt, width, rise, dt)
        noise = None if key is None else synapse.noise(jax.random.fold_in(key, index), shape)
        return synapse.step(now, amplitude * level, dt, noise), None

    end, _ = jax.lax.scan(advance, synapse.repeated(state, shape), jnp.arange(steps))
    return end


def after_pulse(synapse: AbstractSynapse, state: Any, amplitude: Any, pulse: ProgrammingPulse, key: Any = None) -> Any:
    """Send a driver's longest pulse by `apply_pulse`; what is returned is NumPy's, so that reading compiles nothing."""
    end = apply_pulse(synapse, state, amplitude, pulse.longest, pulse.rise, pulse.period, key)
    return jax.tree.map(np.asarray, end)


def pulse_velocity(synapse: AbstractSynapse, pulse: ProgrammingPulse) -> float:
    """Velocity in m/s with which a positive pulse moves the state, whatever torque moves it; positive towards +x.

    The longest pulse is sent to a device at rest in the middle of its window, and the displacement is divided by width
    less rise. A pulse that moves the state by less than a thousandth of its window is an error.
    """
    with jax.enable_x64(True):
        left, right = (float(end) for end in synapse.window)
        middle = (left + right) / 2
        start = synapse.at(synapse.reset(), middle)
        end = after_pulse(synapse, start, pulse.amplitude, pulse)
        moved = float(synapse.coordinate(end)) - middle
    if abs(moved) < 1e-3 * (right - left):
        raise ValueError(
            f"pulse_velocity: a pulse of {pulse.amplitude:.3g} A/m2 and {pulse.longest:.3g} s moves the state by "
            f"{moved:.3g} m only; use a stronger or longer pulse"
        )
    return moved / (pulse.longest - pulse.rise)


@eqx.filter_jit
def _write(
    synapse: AbstractSynapse,
    target: Any,
    start: Any,
    velocity: Any,
    pulse: ProgrammingPulse,
    most: int,
    key: Any = None,
) -> tuple[Any, Any]:
    forward, speed = jnp.sign(velocity), jnp.abs(velocity)
    drawn = jnp.zeros(most) if key is None else jax.random.split(key, most + 1)
    gains = 1.0 if key is None else synapse.spreads.gains(drawn[-1], target.shape)

    def one(carry: tuple[Any, Any, Any], cycle: Any) -> tuple[tuple[Any, Any, Any], None]:
        state, count, before = carry
        distance = target - synapse.read(state)
        # A pulse of the shortest width moves about this far: nearer than half of it is as near as it gets. A device
        # that goes further would jump to and fro over its target.
        smallest = speed * (pulse.shortest - pulse.rise)
        passed = (distance * before < 0) & (jnp.abs(distance) <= smallest)
        needed = (jnp.abs(distance) > smallest / 2) & ~passed
        width = jnp.clip(jnp.abs(distance) / speed + pulse.rise, pulse.shortest, pulse.longest)
        amplitude = jnp.where(needed, gains * pulse.amplitude * jnp.sign(distance) * forward, 0.0)
        shaken = None if key is None else jax.random.fold_in(cycle, _HEAT)
        after = apply_pulse(synapse, state, amplitude, width, pulse.rise, pulse.period, shaken)
        if key is not None:
            missed = jnp.where(needed, synapse.spreads.misses(cycle, target.shape), 0.0)
            after = synapse.at(after, jnp.clip(synapse.coordinate(after) + missed, *synapse.reach))
        return (after, count + needed, jnp.where(passed, before, distance)), None

    none = jnp.zeros(target.shape)
    (state, count, _), _ = jax.lax.scan(one, (start, none.astype(int), none), drawn[:most])
    return state, count


def write_conductances(
    synapse: AbstractSynapse,
    target: npt.ArrayLike,
    pulse: ProgrammingPulse,
    most: int = 40,
    *,
    seed: int | None = None,
) -> Written:
    """Write conductances into as many synapses, all from the reset state, by write and verify.

    Before each pulse the conductance is read; the pulse's sign and width follow from
    the distance that is left, and a synapse that is within half of the shortest
    pulse's step is left alone, or within the whole of it on the other side. A wall that
    precesses drifts on a little in its rests, and heat moves a device that is left alone.
    With a seed every synapse is a device of its own, and every pulse misses a little,
    as `synapse.spreads` has it, and heat shakes it in every step where `synapse.noise` is
    some; the writer knows the mean device only, and what it reads.

    Parameters
    ----------
    synapse : AbstractSynapse
        The device, the same for all.
    target : array
        Conductances in S, any shape.
    pulse : ProgrammingPulse
        Pulses that the driver can send.
    most : int
        Most pulses a synapse gets.
    seed : int, optional
        Seed of differences between devices and cycles; all are the mean device if None.

    Returns
    -------
    Written

    Raises
    ------
    ValueError
        If a target lies outside what the synapse can reach, or the pulse moves nothing.

    Warns
    -----
    OutsideFittedRange
        If the model was fitted, and the pulses leave the range of the fit.

    Examples
    --------
    >>> from solitons.devices.synapse import example_synapse
    >>> synapse = example_synapse()
    >>> pulse = ProgrammingPulse(amplitude=1e12, shortest=1e-10, longest=5e-10, rise=5e-11, period=1e-9)
    >>> written = write_conductances(synapse, [1.5e-4, 3e-4], pulse, most=4)
    >>> (1e6 * written.conductance).round(1).tolist(), written.pulses.tolist()  # uS
    ([150.0, 300.0], [1, 2])
    """
    # Rates of junctions warn by themselves, where they are asked.
    if isinstance(synapse.provenance, Provenance):
        for width in (pulse.shortest, pulse.longest):
            synapse.provenance.check_range(pulse.amplitude, width, stacklevel=2)
    velocity = pulse_velocity(synapse, pulse)
    with jax.enable_x64(True):
        wanted = np.asarray(target, dtype=np.float64)
        low, high = (float(each) for each in synapse.conductances)
        if wanted.size and (wanted.min() < low * (1 - 1e-9) or wanted.max() > high * (1 + 1e-9)):
            raise ValueError(
                f"write_conductances: target goes from {wanted.min():.10g} to {wanted.max():.10g} S, but the synapse "
                f"has {low:.10g} to {high:.10g} S; scale it"
            )
        place = jnp.asarray(synapse.coordinate_for(wanted))
        start = synapse.repeated(synapse.reset(), wanted.shape)
        # Neurons that are followed with the same seed get other numbers.
        key = None if seed is None else jax.random.fold_in(jax.random.key(seed), _WRITING)
        written = _write(synapse, place, start, jnp.asarray(velocity), pulse, most, key)
        state, count = jax.tree.map(np.asarray, written)
        return Written(state=state, conductance=np.asarray(synapse.conductance(state)), pulses=count)
