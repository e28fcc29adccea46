"""A crossbar of synapses, read out by spiking neurons.

Each weight is the difference of two synapses, one in a positive and one in a
negative column. An input is a voltage on a row; a column's current is the sum of
voltage times conductance, and the difference of a pair of columns drives a neuron.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices.coming_to_rest import come_to_rest
from solitons.devices.neuron import AbstractNeuron, all_at_rest, driven_step, exciting_sign
from solitons.devices.programming import write_conductances
from solitons.devices.pulse_shape import ProgrammingPulse, steps_of
from solitons.devices.synapse import AbstractSynapse

__all__ = ["Crossbar", "PulseCoding", "first_to_fire", "program_crossbar"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Crossbar:
    """Conductances of the positive and the negative columns.

    Parameters
    ----------
    positive, negative : array (inputs, outputs)
        In S.
    pulses : float
        Programming pulses that a synapse took, on average.
    at_rest : Crossbar or None
        The same devices when they have come to rest; None where they were not left alone.

    Examples
    --------
    0.1 V on the first row; the second output has a negative weight there:

    >>> positive, negative = np.array([[3e-4, 1e-4], [1e-4, 1e-4]]), np.array([[1e-4, 2e-4], [1e-4, 1e-4]])
    >>> crossbar = Crossbar(positive, negative, pulses=4.0)
    >>> (1e6 * crossbar.current([0.1, 0.0])).round(3).tolist()  # uA
    [20.0, -10.0]
    """

    positive: Floats
    negative: Floats
    pulses: float
    at_rest: Crossbar | None = None

    def current(self, voltage: npt.ArrayLike) -> Floats:
        """Difference of the two columns' currents in A, for voltages (..., inputs) in V."""
        difference: Floats = np.asarray(voltage, dtype=np.float64) @ (self.positive - self.negative)
        return difference


@dataclass(frozen=True)
class PulseCoding:
    """How a difference of column currents drives a neuron: pulses of this shape.

    The amplitude is offset + gain x current. The offset is common to all neurons, so
    that it does not change which one fires first; with it every pulse lies in the
    range of amplitudes that the neuron was fitted on.

    Parameters
    ----------
    offset : float
        Current density in A/m2 at no current.
    gain : float
        In A/m2 per A.
    lowest, highest : float
        Range in A/m2 to which the driver clips.
    width, rise, period : float
        Times of a pulse, in s.
    most : int
        Pulses after which a reading ends.

    Examples
    --------
    >>> drive = PulseCoding(2e11, 1e15, lowest=1e11, highest=4e11, width=0.3e-9, rise=50e-12, period=2e-9, most=20)
    >>> drive.offset + drive.gain * 1e-4  # A/m^2 for 100 uA
    300000000000.0
    """

    offset: float
    gain: float
    lowest: float
    highest: float
    width: float
    rise: float
    period: float
    most: int


def program_crossbar(
    synapse: AbstractSynapse,
    weights: npt.ArrayLike,
    pulse: ProgrammingPulse,
    position_errors: npt.ArrayLike = 0.0,
    seed: int | None = None,
    *,
    rests: bool = False,
) -> Crossbar:
    """Write a matrix of weights into pairs of synapses.

    The largest weight in size takes the whole range of conductance; of a pair, the
    synapse of the other sign stays at its lowest.

    Parameters
    ----------
    synapse : AbstractSynapse
        The device.
    weights : array (inputs, outputs)
        The weights, any unit.
    pulse : ProgrammingPulse
        Pulses that the driver can send.
    position_errors : array (2, inputs, outputs)
        Actual position of each device less its model's, in m; 0 for none.
    seed : int, optional
        Seed of differences between devices and cycles, by `synapse.spreads`; all are the mean one if None.
    rests : bool
        Whether `Crossbar.at_rest` is wanted too: the devices, left alone after the last pulse until they have come to
        rest (`solitons.devices.come_to_rest`).

    Returns
    -------
    Crossbar

    Examples
    --------
    Two weights, each a pair of devices; the largest takes the whole range of conductance:

    >>> from solitons.devices import Junction, LinearSynapse
    >>> junction = Junction(left=0.0, right=100e-9, parallel=5e-4, antiparallel=1e-4)
    >>> synapse = LinearSynapse(mobility=-1e-10, junction=junction, polarity=-1, left=0.0, right=100e-9)
    >>> pulse = ProgrammingPulse(amplitude=1e12, shortest=1e-10, longest=5e-10, rise=5e-11, period=1e-9)
    >>> crossbar = program_crossbar(synapse, [[1.0, -0.5]], pulse)
    >>> (1e6 * crossbar.positive).round().tolist(), (1e6 * crossbar.negative).round().tolist()  # uS
    ([[500.0, 100.0]], [[100.0, 300.0]])
    """
    matrix = np.asarray(weights, dtype=np.float64)
    low, high = (float(each) for each in synapse.conductances)
    # A wall's width rounds the ends off: only what its ends really reach can be written.
    share = np.stack([np.maximum(matrix, 0), np.maximum(-matrix, 0)]) / np.abs(matrix).max()
    written = write_conductances(synapse, low + (high - low) * share, pulse, seed=seed)
    pulses = float(written.pulses.mean())

    def crossbar_in(state: Any, at_rest: Crossbar | None = None) -> Crossbar:
        with jax.enable_x64(True):
            moved = synapse.coordinate(state) + np.asarray(position_errors)
            positive, negative = np.asarray(synapse.conductance(synapse.at(state, moved)))
        return Crossbar(positive, negative, pulses, at_rest)

    at_rest = crossbar_in(come_to_rest(synapse, written.state).state) if rests else None
    return crossbar_in(written.state, at_rest)


def first_to_fire(
    neuron: AbstractNeuron, current: npt.ArrayLike, drive: PulseCoding, seed: int | None = None
) -> tuple[npt.NDArray[np.intp], Floats]:
    """Index of the neuron that fires first, and when each does.

    `neuron` is one for all, or a batch with an axis over the outputs; `current` (images, outputs) are differences of
    column currents in A, turned into the pulses of `drive`; without a `seed` the neurons are at 0 K. `winner` (images,)
    is the output that fires first; of several that fire in the same 10 ps, and where none fires, the one that came
    furthest before. `time` (images, outputs) is in s, infinite where a neuron has not fired: the reading ends after the
    pulse in which the last image has its winner.
    """
    density = np.clip(drive.offset + drive.gain * np.asarray(current, dtype=np.float64), drive.lowest, drive.highest)
    shape = (drive.width, drive.rise, drive.period)
    sign = exciting_sign(neuron, drive.highest, width=drive.width, rise=drive.rise, period=drive.period)
    with jax.enable_x64(True):
        key = None if seed is None else jax.random.key(seed)
        first, reach = map(np.asarray, _race(neuron, jnp.asarray(sign * density), *shape, drive.most, key))
    fires = first >= 0
    time = np.where(fires, (first + 1.0) * steps_of(drive.period)[1], np.inf)
    earliest = time.min(axis=1, keepdims=True)
    candidates = (time == earliest) | ~np.isfinite(earliest)
    winner = np.argmax(np.where(candidates, reach, -np.inf), axis=1)
    return winner, time


@eqx.filter_jit
def _race(
    neuron: AbstractNeuron, amplitude: Any, width: float, rise: float, period: float, most: int, key: Any
) -> tuple[Any, Any]:
    """Step in which each neuron first fires, -1 where it does not, and how far it came before."""
    steps, _ = steps_of(period)
    advance = driven_step(neuron, amplitude, width, rise, period, key)
    start, threshold = neuron.span
    onwards = jnp.sign(threshold - start)

    def step(index: Any, so_far: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
        state, first, reach = so_far
        after = advance(state, index)
        waits = first < 0
        # In the step in which it fires it is back at its start.
        further = jnp.where(waits & ~after.spike, jnp.maximum(reach, onwards * after.position), reach)
        return after, jnp.where(waits & after.spike, index, first), further

    def pulse(so_far: tuple[Any, Any]) -> tuple[Any, Any]:
        sent, at = so_far
        return sent + 1, jax.lax.fori_loop(sent * steps, (sent + 1) * steps, step, at)

    def goes_on(so_far: tuple[Any, Any]) -> Any:
        sent, (_, first, _) = so_far
        return (sent < most) & jnp.any(jnp.all(first < 0, axis=-1))

    shape = jnp.shape(amplitude)
    begin = (all_at_rest(neuron, shape), jnp.full(shape, -1), jnp.full(shape, -jnp.inf))
    _, (_, first, reach) = jax.lax.while_loop(goes_on, pulse, (jnp.asarray(0), begin))
    return first, reach
