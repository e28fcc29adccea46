r"""The neuron that a skyrmion makes: it integrates current along a track, leaks back, and fires under a junction.

A force F pulls the skyrmion back: a gradient of the anisotropy (a `UniformForce`), or what the edges of
a wedge have along it. In a track, whose edges take up what turns it aside, it returns at

.. math:: v_{leak} = \frac{\gamma_0}{\mu_0 M_s t}\, \frac{F}{\alpha D},

and in a film without edges at alpha^2 D^2 / (g^2 + alpha^2 D^2) of it, and aside. Current J drives it at v_J, so
that it fires after L / (v_J - v_leak) under a steady current, over a distance L, and never where the leak is faster.

Sources: X. Chen et al., Nanoscale 10, 6139 (2018), whose track is a wedge; D. Das, Y. Cen, J. Wang and X. Fong,
arXiv:2211.06630 (2022), whose leak is a profile of the anisotropy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from solitons.devices.neuron import AbstractNeuron
from solitons.numerics.parameters import real
from solitons.skyrmions.along_track import UniformForce
from solitons.skyrmions.forces import ForceSum
from solitons.skyrmions.row_state import RowState, advanced
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["SkyrmionNeuron", "SkyrmionNeuronState"]


class SkyrmionNeuronState(NamedTuple):
    """State of a neuron between two spikes.

    x and y of its skyrmion in m, whether it fired in the last step, and for how many s it will not listen yet, infinite
    once its skyrmion has left by an edge.
    """

    position: Any
    aside: Any
    spike: Any
    waiting: Any = 0.0


class SkyrmionNeuron(AbstractNeuron):
    """A skyrmion in a track that integrates current, leaks back, and fires where it comes under a junction.

    It starts at `start`, behind which an end of the track stops it. When its centre passes `threshold` it fires, and
    is back at `start`; for `refractory` it does not listen meanwhile. One that leaves by an edge never fires again.

    Parameters
    ----------
    skyrmion : ThieleDynamics
        Skyrmion of one track, with its edges.
    start, threshold : float
        x in m after a reset, and where it fires.
    middle : float
        y in m after a reset.
    leak_force : float
        Force in N towards the start, 0 or above.
    refractory : float
        Time in s from a spike until it listens again.
    temperature : float
        In K, of whoever gives `step` its noise.
    gain : float
        How much further the same current moves it than the mean device.

    Raises
    ------
    ValueError
        If start and threshold are the same, or the leak, the refractory time, the temperature or the gain is negative.

    Examples
    --------
    >>> import numpy as np
    >>> from solitons.skyrmions import EdgeForce
    >>> edges = EdgeForce(low=0.0, high=60e-9, strength=3.5e-12, distance=14e-9, decay=8e-9)
    >>> skyrmion = ThieleDynamics(-4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, force=edges)
    >>> neuron = SkyrmionNeuron(skyrmion, start=60e-9, threshold=200e-9, middle=30e-9, leak_force=2e-14)
    >>> [round(float(end) * 1e9) for end in neuron.span]  # nm
    [60, 200]
    """

    skyrmion: ThieleDynamics
    start: Any = eqx.field(converter=real)
    threshold: Any = eqx.field(converter=real)
    middle: Any = eqx.field(converter=real)
    leak_force: Any = eqx.field(converter=real, default=0.0)
    refractory: Any = eqx.field(converter=real, default=0.0)
    temperature: Any = eqx.field(converter=real, default=0.0)
    gain: Any = eqx.field(converter=real, default=1.0)

    def __check_init__(self) -> None:
        known = {
            name: getattr(self, name)
            for name in ("leak_force", "refractory", "temperature", "gain", "start", "threshold")
        }
        if not all(isinstance(number, np.ndarray) for number in known.values()):
            return  # traced parameters have no value to look at
        if np.any(self.start == self.threshold):
            raise ValueError(
                f"SkyrmionNeuron.threshold = {self.threshold} m is its start, so that it would fire for ever; put it "
                "where the current drives the skyrmion"
            )
        for name in ("leak_force", "refractory", "temperature", "gain"):
            if np.any(known[name] < 0):
                raise ValueError(f"SkyrmionNeuron.{name} = {known[name]} must be 0 or above")

    @property
    def span(self) -> tuple[Any, Any]:
        """Its start and its threshold, x in m."""
        return self.start, self.threshold

    def rest(self) -> SkyrmionNeuronState:
        """Skyrmion at the start, in the middle of the track, not firing."""
        shape = np.shape(self.start)
        return SkyrmionNeuronState(self.start, self.middle, np.zeros(shape, dtype=bool), np.zeros(shape))

    @property
    def noises(self) -> int:
        """Two: along and across the track."""
        return 2

    def step(self, state: SkyrmionNeuronState, current_density: Any, dt: Any, noise: Any = None) -> SkyrmionNeuronState:
        """One Runge-Kutta step, unless it waits; then fire and reset if it passed the threshold."""
        shape = jnp.broadcast_shapes(jnp.shape(current_density), jnp.shape(state.position))
        onwards = jnp.sign(self.threshold - self.start)
        # One sign for all: neurons of a batch leak the same way, or the force would be an array.
        back = UniformForce(-jnp.ravel(onwards)[0] * self.leak_force)
        skyrmion = replace(self.skyrmion, force=ForceSum((self.skyrmion.force, back)))
        x, y = (jnp.broadcast_to(part, shape) for part in (state.position, state.aside))
        before = RowState(jnp.stack([x, y], axis=-1)[..., None, :], jnp.ones((*shape, 1), dtype=bool))
        current = jnp.broadcast_to(self.gain * current_density, shape)
        shaken = None if noise is None else jnp.stack([noise[0], noise[1]], axis=-1)[..., None, :]
        after = advanced(skyrmion, before, current, dt, self.temperature, shaken)
        deaf = state.waiting > 0.5 * dt
        lost = ~after.there[..., 0] & ~deaf
        reset = deaf | lost
        x = jnp.where(reset, self.start, after.places[..., 0, 0])
        x = jnp.where(onwards * (x - self.start) < 0, self.start, x)
        spike = onwards * (x - self.threshold) >= 0
        waiting = jnp.where(spike, self.refractory, jnp.maximum(state.waiting - dt, 0.0))
        waiting = jnp.where(lost, jnp.inf, waiting)
        return SkyrmionNeuronState(
            jnp.where(spike, self.start, x),
            jnp.where(spike | reset, self.middle, after.places[..., 0, 1]),
            spike,
            waiting,
        )

    def with_thresholds(self, thresholds: Any, gains: Any = 1.0) -> SkyrmionNeuron:
        """Neurons with a threshold each, whose skyrmions go further by their gain under the same current."""
        start = np.broadcast_to(self.start, np.shape(thresholds)).copy()
        return replace(self, threshold=thresholds, start=start, gain=self.gain * gains)

    def heated(self, temperature: Any) -> SkyrmionNeuron:
        """The same at another temperature in K."""
        return replace(self, temperature=temperature)
