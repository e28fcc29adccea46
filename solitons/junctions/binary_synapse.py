r"""A synapse of junctions that are written by chance: each is parallel or antiparallel, and their sum is the weight.

Written by pulses that are too weak to be sure, a binary junction learns as a weight of many levels does: in the mean of
many (D. Querlioz, O. Bichler, A. F. Vincent and C. Gamrat, Proc. IEEE 103, 1398 (2015)). With several junctions in
parallel one synapse has as many levels and one more.

Where the contract of `AbstractSynapse` is of a length, the coordinate here is the share of the junctions that are in
their upper state: 0 to 1, and no length. Between them there is nothing, so that `at` and `coordinate_for` go to the
nearest level, and no counted pulses reach one surely: a writer has to read back. `step` is exact for any time under a
constant current, since a junction forgets: a pulse of a microsecond is one step, not a hundred thousand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from solitons.devices.drift import Drift, checked_rest
from solitons.devices.junction import Junction
from solitons.devices.places import Place, lasting
from solitons.devices.pulse_shape import levels_of
from solitons.devices.spreads import Spreads
from solitons.devices.synapse import AbstractSynapse, DrawnDevices, LinearSynapse
from solitons.junctions.junction_spread import JunctionSpread
from solitons.junctions.rates import SwitchingRates
from solitons.numerics.parameters import real

if TYPE_CHECKING:
    from solitons.devices.pulse_shape import ProgrammingPulse

__all__ = ["JunctionStates", "StochasticBinarySynapse"]

Floats = npt.NDArray[np.float64]

_DRAWN = 0x5EED
"""Seed of the random numbers by which junctions differ: a writer with the same seed has others."""
_DRIFTING = 4096
"""Junctions over whose barriers rates at rest are taken the mean."""
_SAME_TEMPERATURE = 1.0
"""K within which the interval of a rate stands: barrier and attempt rate trade places in a fit, and not at others."""


class JunctionStates(NamedTuple):
    """States of a synapse's junctions: 1 for the upper one or 0, (..., junctions)."""

    upper: Any


class StochasticBinarySynapse(AbstractSynapse):
    """One or several junctions in parallel under one current density; each flips by chance.

    Parameters
    ----------
    junction : Junction
        All junctions together, read as one whose conductance rises with the share in the upper state: its ends are 0
        and 1, its conductances belong to all antiparallel and all parallel. The upper state is along the polariser.
    rates : SwitchingRates
        Rates of one junction.
    count : int
        Junctions in parallel.
    spreads : Spreads
        `gain` is a relative spread of the current that reaches the devices. What heat does comes from the rates, and
        does not belong into `cycle`.
    unlike : JunctionSpread
        How its junctions differ, each from each other.

    Raises
    ------
    ValueError
        If there is no junction, or the ends are not 0 and 1.

    Examples
    --------
    >>> rates = SwitchingRates(attempt_rate=4e9, stability=40.0, critical_current=2e11)
    >>> read_out = Junction(left=0, right=1, parallel=3e-4, antiparallel=1.2e-4)
    >>> StochasticBinarySynapse(read_out, rates=rates, count=3).levels.round(9).tolist()
    [0.00012, 0.00018, 0.00024, 0.0003]
    """

    junction: Junction
    rates: SwitchingRates = eqx.field(kw_only=True)
    count: int = eqx.field(converter=int, static=True, default=1, kw_only=True)
    left: Any = eqx.field(converter=real, default=0.0, kw_only=True)
    right: Any = eqx.field(converter=real, default=1.0, kw_only=True)
    spreads: Spreads = eqx.field(default_factory=Spreads, kw_only=True)
    unlike: JunctionSpread = eqx.field(default_factory=JunctionSpread, kw_only=True)

    def __check_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"StochasticBinarySynapse.count = {self.count} must be 1 or more")
        ends = (self.junction.left, self.junction.right, self.left, self.right)
        if isinstance(self.left, np.ndarray) and tuple(map(float, ends)) != (0.0, 1.0, 0.0, 1.0):
            raise ValueError(
                f"StochasticBinarySynapse: the ends of the junction and of the synapse are shares, 0 and 1; they are "
                f"{ends}"
            )

    @property
    def levels(self) -> Any:
        """Conductances in S with 0 to all junctions in the upper state."""
        low, high = (float(each) for each in self.conductances)
        return np.linspace(low, high, self.count + 1)

    @property
    def conductances(self) -> tuple[Any, Any]:
        """Conductance in S with all junctions antiparallel, and with all parallel."""
        return self.junction.antiparallel, self.junction.parallel

    @property
    def window(self) -> tuple[Any, Any]:
        """Shares 0 and 1."""
        return self.left, self.right

    @property
    def reach(self) -> tuple[Any, Any]:
        """Shares 0 and 1."""
        return self.left, self.right

    @property
    def provenance(self) -> Any:
        """Provenance of the rates."""
        return self.rates.provenance

    @property
    def spread_known(self) -> bool:
        """Whether it is known how junctions differ, or the currents that reach them."""
        return self.unlike.known or self.spreads.between_devices

    def reset(self) -> JunctionStates:
        """All junctions antiparallel."""
        return JunctionStates(jnp.zeros(self.count))

    def repeated(self, state: JunctionStates, shape: tuple[int, ...]) -> JunctionStates:
        """The same states for all."""
        return JunctionStates(jnp.broadcast_to(jnp.asarray(state.upper, dtype=float), (*shape, self.count)))

    def noise(self, key: Any, shape: tuple[int, ...]) -> Any:
        """A normal number for each junction, from which it is drawn whether it flips."""
        return jax.random.normal(key, (*shape, self.count), dtype=float)

    def step(self, state: JunctionStates, current_density: Any, dt: Any, noise: Any = None) -> JunctionStates:
        """Follow the junctions for a time of any length under a constant current.

        Without noise it is 0 K: a junction flips beyond its critical current, and nowhere else.
        """
        current = jnp.asarray(current_density, dtype=float)[..., None]
        upper = jnp.asarray(state.upper, dtype=float)
        if noise is None:
            reduced = (current - self.rates.offset) / self.rates.critical_current
            return JunctionStates(jnp.where(reduced > 1, 1.0, jnp.where(reduced < -1, 0.0, upper)))
        up, down = self.rates.rates(current)
        forgets = -jnp.expm1(-(up + down) * dt)
        leaves = jnp.where(upper > 0.5, down, up) / (up + down) * forgets
        flips = jax.scipy.special.ndtr(noise) < leaves
        return JunctionStates(jnp.where(flips, 1 - upper, upper))

    def coordinate(self, state: JunctionStates) -> Any:
        """Share of the junctions that are in the upper state."""
        return jnp.mean(jnp.asarray(state.upper, dtype=float), axis=-1)

    def read(self, state: JunctionStates) -> Any:
        """The share itself: a conductance shows it exactly."""
        return self.coordinate(state)

    def at(self, state: JunctionStates, coordinate: Any) -> JunctionStates:
        """As many of the first junctions in the upper state as the share asks for, to the nearest."""
        wanted = jnp.rint(jnp.asarray(coordinate) * self.count)[..., None]
        upper = (jnp.arange(self.count) < wanted).astype(float)
        return JunctionStates(jnp.broadcast_to(upper, jnp.broadcast_shapes(upper.shape, jnp.shape(state.upper))))

    def conductance(self, state: JunctionStates) -> Any:
        """Sum of the junctions' conductances in S."""
        low, high = self.conductances
        return low + (high - low) * self.coordinate(state)

    def coordinate_for(self, conductance: Any) -> Any:
        """Share of the level whose conductance (S) is nearest."""
        low, high = self.conductances
        return jnp.rint(jnp.clip((jnp.asarray(conductance) - low) / (high - low), 0, 1) * self.count) / self.count

    def ideal(self, mobility: Any) -> LinearSynapse:
        """A linear synapse of the same conductances, whose share moves in proportion to charge."""
        return LinearSynapse(mobility=mobility, junction=self.junction, polarity=-1.0, left=self.left, right=self.right)

    def drawn_devices(self, count: int, seed: int) -> DrawnDevices:
        """Devices whose junctions have each a barrier and a critical current of their own, drawn from `unlike`.

        A device's conductance is taken by the mean of its junctions'.
        """
        drawn = super().drawn_devices(count, seed)
        if not self.unlike.known:
            return drawn
        generator = np.random.default_rng([_DRAWN, seed])
        stability, critical, conductance = self.unlike.drawn(generator, (count, self.count))
        rates = replace(
            self.rates,
            stability=self.rates.stability * stability,
            critical_current=self.rates.critical_current * critical,
        )
        return DrawnDevices(replace(self, rates=rates), drawn.gains, conductance.mean(axis=-1))

    def ends_of_pulse(
        self, coordinate: Floats, amplitude: Floats, pulse: ProgrammingPulse, draws: int, seed: int
    ) -> Floats:
        """Quantiles of the number of junctions in the upper state, whose distribution has a closed form.

        A junction forgets, so that under a pulse of constant pieces its chance to be in the upper state is known
        exactly; their sum is Poisson-binomial. Quantiles begin at a place that is drawn, so that the mean of rare
        flips is right as well.
        """
        rises, falls = self._flips(amplitude, pulse)
        upper = np.rint(coordinate * self.count).astype(int)
        # Chance of each junction to be in the upper state afterwards: (devices, places, junctions).
        chance = np.where(np.arange(self.count) < upper[:, None], 1 - falls[:, None], rises[:, None])
        shares = np.zeros((*chance.shape[:2], self.count + 1))
        shares[..., 0] = 1.0
        for junction in range(self.count):
            one = chance[..., junction, None]
            shares[..., 1:] = shares[..., 1:] * (1 - one) + shares[..., :-1] * one
            shares[..., :1] *= 1 - one
        # Other numbers than those by which devices were drawn with the same seed.
        generator = np.random.default_rng([_DRAWN, 1, seed])
        quantile = (np.arange(draws) + generator.random((*chance.shape[:2], 1))) / draws
        below = np.cumsum(shares, axis=-1)[..., :-1]
        return np.asarray((quantile[..., None] > below[:, :, None, :]).sum(axis=-1) / self.count)

    def _flips(self, amplitude: Floats, pulse: ProgrammingPulse) -> tuple[Floats, Floats]:
        """Chances (devices, junctions) that a period leaves a lower junction up, and an upper one down."""
        rises, stays = np.float64(0.0), np.float64(1.0)
        for level, time in levels_of(pulse.longest, pulse.rise, pulse.period):
            current = level * np.asarray(amplitude)[:, None]
            # Not the ratio of both rates, which are 0 of a barrier that is high enough.
            upper, forgets = self.rates.equilibrium(current), -np.expm1(-sum(self.rates.rates(current)) * time)
            rises, stays = (each + (upper - each) * forgets for each in (rises, stays))
        shape = (len(amplitude), self.count)
        return np.broadcast_to(rises, shape), np.broadcast_to(1 - stays, shape)

    def drift(self, time: float, temperature: float) -> Drift:
        """Each junction flips by its rates without current, exactly; barrier and attempt rate are the fitted ones.

        Junctions that differ flip with the mean chance, which is exact as long as which of them are in the upper state
        has nothing to do with their barriers.
        """
        checked_rest(time, temperature, "StochasticBinarySynapse.drift")
        rates = self.rates
        if self.unlike.known:
            stability, *_ = self.unlike.drawn(np.random.default_rng(_DRAWN), (_DRIFTING,))
            rates = replace(rates, stability=rates.stability * stability)
        cold = rates.at_temperature(temperature)
        rises, falls = (float(np.mean(cold.probability(0.0, time, state=state))) for state in (-1, 1))

        def drawn(coordinate: Any, generator: np.random.Generator) -> Any:
            upper = np.rint(np.asarray(coordinate) * self.count).astype(np.intp)
            stayed = upper - generator.binomial(upper, falls)
            return (stayed + generator.binomial(self.count - upper, rises)) / self.count

        return drawn

    def places(self, temperature: float) -> list[Place]:
        """The two states of one mean junction without current, antiparallel first, at a temperature in K.

        Their coordinate is the cosine to the polariser; for drives, and what is refused, see `SwitchingRates.passages`.
        The time has an interval where the rate at rest has one.
        """
        up, down = self.rates.at_temperature(temperature).passages()
        low, high = (float(each) / self.count for each in self.conductances)
        both = (Place(-1.0, None, up, low), Place(1.0, down, None, high))
        found, speed = [lasting(each, temperature, 1.0, None) for each in both], self.drift_speed_ci95(temperature)
        if speed is None:
            return found
        return [
            replace(each, lasts_ci95=(each.lasts / speed[1], each.lasts / speed[0])) for each in found if each.lasts
        ]

    def drift_speed_ci95(self, temperature: float) -> tuple[float, float] | None:
        """By the interval of the rates at rest, which the fit has at its own temperature alone."""
        found = None if self.provenance is None else self.provenance.rest_rate_ci95
        if found is None or abs(temperature - float(self.rates.temperature)) > _SAME_TEMPERATURE:
            return None
        up, down = (float(each) for each in self.rates.rates(0.0))
        return found[0] / (up + down), found[1] / (up + down)
