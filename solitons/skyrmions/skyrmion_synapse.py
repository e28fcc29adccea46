"""The synapse that a row of skyrmions makes: pulses shift it under a junction, which counts them.

A track holds a row of N skyrmions at a pitch, left of the junction when it is reset. Current shifts all of them, and
one after the other comes under the junction: N + 1 levels of conductance, whose edges are as wide as a skyrmion. Each
moves by Thiele's equation with every force of its model (edges, ends, the other skyrmions, places that pin) and with
heat, so that a row that is stretched, or has lost one, conducts as its skyrmions are placed and not as its mean place
has it. Ends that hold the row are forces, `solitons.skyrmions.TrackEnds`; a skyrmion that comes past an edge or an end
is gone until the device is made anew.

Skyrmions under a junction as a synapse's weight were proposed by Y. Huang, W. Kang, X. Zhang, Y. Zhou and W. Zhao,
Nanotechnology 28, 08LT02 (2017), where positive and negative stimuli raise and lower the weight, and measured by K. M.
Song et al., Nat. Electron. 3, 148 (2020) at room temperature in a ferrimagnetic multilayer, where currents make, move
and delete them; in its simulations a network of such synapses reads about 89 % of handwritten digits, where training
in software reaches about 94 %. We read the abstracts of both papers (arXiv:1608.07955, arXiv:1907.00957).
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import numpy as np

from solitons.devices.drift import Drift
from solitons.devices.junction import Junction
from solitons.devices.spreads import Spreads
from solitons.devices.synapse import AbstractSynapse, LinearSynapse
from solitons.fits.provenance import Provenance
from solitons.numerics.parameters import namespace_of, real
from solitons.skyrmions.junction import SkyrmionJunction
from solitons.skyrmions.row_drift import row_drift
from solitons.skyrmions.row_state import RowState, advanced
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["SkyrmionSynapse"]

_POINTS_A_LEVEL = 64


class SkyrmionSynapse(AbstractSynapse):
    """A row of skyrmions in a straight track along x, and a junction over a window of it.

    Its coordinate is the mean x of the skyrmions that are there. From the `window`'s left end, where none is under the
    junction, each pitch brings one more, to its right end, where all are.

    Parameters
    ----------
    junction : SkyrmionJunction
        The read-out; as long as the row at least.
    count : int
        N skyrmions.
    pitch : float
        From one to the next in m, at rest.
    left, right : float
        Ends of the track in m, between which the row as a whole can be; a row's length left of the junction at least.
    skyrmion : ThieleDynamics
        Skyrmion of one track, with the forces that hold the row in it.
    middle : float
        y in m of the row at rest.
    temperature : float
        In K, of `noise`.
    spreads : Spreads
        How devices differ. What heat does comes from the model, and does not belong into `spreads.cycle`.

    Raises
    ------
    ValueError
        If there is no skyrmion, the pitch is not above 0, the temperature is negative, or the row does not fit left of
        the junction, or under it.

    Examples
    --------
    >>> from solitons.skyrmions.examples import example_row
    >>> row = example_row(count=3)
    >>> [round(float(end) * 1e9) for end in row.window]  # nm: its middle with none, and with all under it
    [120, 300]
    """

    junction: SkyrmionJunction
    left: Any = eqx.field(converter=real)
    right: Any = eqx.field(converter=real)
    skyrmion: ThieleDynamics
    count: int = eqx.field(converter=int, static=True)
    pitch: Any = eqx.field(converter=real)
    middle: Any = eqx.field(converter=real)
    temperature: Any = eqx.field(converter=real, default=0.0)
    spreads: Spreads = eqx.field(default_factory=Spreads, kw_only=True)

    def __check_init__(self) -> None:
        numbers = (self.pitch, self.left, self.right, self.temperature, self.junction.left, self.junction.right)
        if not all(isinstance(number, np.ndarray) for number in numbers):
            return  # traced parameters have no value to look at
        if self.count < 1 or not self.pitch > 0:
            raise ValueError(
                f"SkyrmionSynapse: count = {self.count} and pitch = {self.pitch} m; give one skyrmion or more, at a "
                "pitch above 0"
            )
        if not self.temperature >= 0:
            raise ValueError(f"SkyrmionSynapse.temperature = {self.temperature} K must be 0 or above")
        length, spare = self.count * self.pitch, 1e-9 * self.pitch
        for where, room in (
            ("left of the junction", self.junction.left - self.left),
            ("under the junction", self.junction.right - self.junction.left),
            ("between the junction's left end and that of the track", self.right - self.junction.left),
        ):
            if room < length - spare:
                raise ValueError(
                    f"SkyrmionSynapse: {self.count} skyrmions at a pitch of {self.pitch:g} m take {length:g} m, but "
                    f"{where} there are {room:g} m; make that longer, or the row shorter"
                )

    @property
    def window(self) -> tuple[Any, Any]:
        """Mean place in m with no skyrmion under the junction, and with all."""
        half = self.count * self.pitch / 2
        return self.junction.left - half, self.junction.left + half

    @property
    def reach(self) -> tuple[Any, Any]:
        """Mean place in m of a row that is half a pitch from the left end of the track, and from the right one."""
        half = self.count * self.pitch / 2
        return self.left + half, self.right - half

    @property
    def conductances(self) -> tuple[Any, Any]:
        """Conductance in S of the lowest and the highest level."""
        # Also where nobody has asked for double precision: a target at an end must not lie beyond it.
        with jax.enable_x64(True):
            xp = namespace_of(*self.window)
            none, full = self.conductance(self._row(xp.stack([xp.asarray(end) for end in self.window])))
            return xp.minimum(none, full), xp.maximum(none, full)

    @property
    def provenance(self) -> Provenance | None:
        """Provenance of the skyrmion."""
        return self.skyrmion.provenance

    def level_coordinate(self, under: Any) -> Any:
        """Mean place in m of a row with `under` skyrmions under the junction, the next half a pitch from it."""
        return self.window[0] + under * self.pitch

    def _row(self, coordinate: Any) -> RowState:
        xp = namespace_of(coordinate, self.pitch, self.middle)
        x = xp.asarray(coordinate)[..., None] + (np.arange(self.count) - (self.count - 1) / 2) * self.pitch
        places = xp.stack([x, xp.broadcast_to(xp.asarray(self.middle), x.shape)], axis=-1)
        return RowState(places, xp.ones(x.shape, dtype=bool))

    def reset(self) -> RowState:
        """A whole row at the level of lowest conductance, at rest in the middle of the track."""
        low, high = self.window
        xp = namespace_of(self.junction.polariser, low, high)
        return self._row(xp.where(self.junction.polariser > 0, low, high))

    def repeated(self, state: RowState, shape: tuple[int, ...]) -> RowState:
        """The same row for all."""
        xp = namespace_of(*state)
        places = xp.broadcast_to(xp.asarray(state.places, dtype=float), (*shape, self.count, 2))
        return RowState(places, xp.broadcast_to(xp.asarray(state.there), (*shape, self.count)))

    def noise(self, key: Any, shape: tuple[int, ...]) -> Any:
        """Two normal numbers a skyrmion; None at 0 K."""
        if isinstance(self.temperature, np.ndarray) and not np.any(self.temperature > 0):
            return None
        return jax.random.normal(key, (*shape, self.count, 2), dtype=float)

    def step(self, state: RowState, current_density: Any, dt: Any, noise: Any = None) -> RowState:
        """One Runge-Kutta step of all skyrmions; `dt` of 10 ps is short enough below 100 m/s."""
        return advanced(self.skyrmion, state, current_density, dt, self.temperature, noise)

    def coordinate(self, state: RowState) -> Any:
        """Mean x in m of the skyrmions that are there; the window's end of no skyrmion where none is."""
        xp = namespace_of(*state, *self.window)
        left = xp.sum(state.there, axis=-1)
        total = xp.sum(xp.where(state.there, state.places[..., 0], 0.0), axis=-1)
        return xp.where(left > 0, total / xp.maximum(left, 1), self.window[0])

    def read(self, state: RowState) -> Any:
        """Mean place in m of a whole row at rest that conducts as much; a stretched row's is another."""
        return self.coordinate_for(self.conductance(state))

    def at(self, state: RowState, coordinate: Any) -> RowState:
        """The row elsewhere along the track, its skyrmions as far from each other as they were."""
        xp = namespace_of(coordinate, *state, *self.window)
        moved = (xp.asarray(coordinate) - self.coordinate(state))[..., None]
        along = state.places[..., 0] + xp.where(state.there, moved, 0.0)
        aside = xp.broadcast_to(state.places[..., 1], along.shape)
        return RowState(xp.stack([along, aside], axis=-1), xp.broadcast_to(state.there, along.shape))

    def conductance(self, state: RowState) -> Any:
        """Conductance in S of the junction with the skyrmions where they are."""
        return self.junction.conductance(state.places[..., 0], state.there)

    def coordinate_for(self, conductance: Any) -> Any:
        """Mean place in m of a whole row with this conductance."""
        low, high = self.window
        xp = namespace_of(conductance, low, high)
        places = xp.linspace(low, high, _POINTS_A_LEVEL * self.count + 1)
        found = self.conductance(self._row(places))
        xp = namespace_of(conductance, found)
        order = xp.argsort(found)
        return xp.interp(xp.asarray(conductance), found[order], places[order])

    def ideal(self, mobility: Any) -> LinearSynapse:
        """A linear synapse whose conductance rises evenly over the row's window."""
        low, high = self.window
        least, most = self.conductances
        junction = Junction(
            left=float(low),
            right=float(high),
            parallel=float(most),
            antiparallel=float(least),
            polariser=self.junction.polariser,
        )
        return LinearSynapse(mobility=mobility, junction=junction, polarity=-1.0, left=self.left, right=self.right)

    def drift(self, time: float, temperature: float) -> Drift:
        """Heat moves each skyrmion (`solitons.skyrmions.row_drift`); `temperature`, of writing, is not used."""
        return row_drift(self, self.skyrmion, time, temperature)
