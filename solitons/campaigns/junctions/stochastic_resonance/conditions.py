"""The junction at each point of the swept axis: its rates, and the currents that a campaign asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from geometries import Pillar
from solitons.junctions import Macrospin, SwitchingRates, fokker_planck_rates
from solitons.junctions.driven_rates import NoisyRates, TwoStates

__all__ = ["Condition", "ModelledJunction", "conditions", "current_of", "estimated_rates"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ModelledJunction:
    """What is known of the junction: a macrospin, or rates.

    `critical_current` in A/m2 is above 0; the drive's first half favours the upper state.
    """

    critical_current: float
    macrospin: Macrospin | None = None
    rates: SwitchingRates | None = None

    def stability(self, temperature: float) -> float:
        """The barrier over k T."""
        if self.macrospin is not None:
            return self.at(temperature).stability
        assert self.rates is not None
        return float(self.rates.at_temperature(temperature).stability)

    @property
    def relaxation_rate(self) -> float:
        """At which the motion in a well dies out, in 1/s: the macrospin's, or else the attempt rate."""
        if self.macrospin is not None:
            return self.macrospin.relaxation_rate
        assert self.rates is not None
        return float(self.rates.attempt_rate)

    def at(self, temperature: float) -> Macrospin:
        """The macrospin at a temperature."""
        assert self.macrospin is not None
        return replace(self.macrospin, temperature=np.asarray(temperature))


@dataclass(frozen=True, eq=False)
class Condition:
    """The junction at one point of the axis.

    `value` is the temperature in K, or the standard deviation of the noise in A/m2; `barrier` is over k T at the
    temperature. `rates` are under a current towards the upper state where positive, and the noise keeps a value for
    `lasting` (s).
    """

    value: float
    temperature: float
    noise: float
    barrier: float
    rates: TwoStates
    lasting: float = 0.0


def current_of(pillar: Pillar, voltage: float) -> float:
    """Current density in A/m2 of a voltage, by the mean of the conductances of both states without bias."""
    barrier = pillar.barrier
    return float(voltage / barrier.resistance_area * (1 + 1 / (1 + barrier.tmr)) / 2)


def estimated_rates(junction: ModelledJunction, temperature: float) -> SwitchingRates:
    """Rates by Neel and Arrhenius, for what is reported before anything is computed.

    Of a macrospin with Brown's prefactor, which is right to a fifth above 5 k T in a disc and may be twice too high in
    an ellipse.
    """
    if junction.rates is not None:
        return junction.rates.at_temperature(temperature)
    assert junction.macrospin is not None
    barrier = junction.stability(temperature)
    attempt = junction.relaxation_rate * np.sqrt(max(barrier, 1.0) / np.pi)
    exponent = 2.0 if junction.macrospin.axial else 1.0
    return SwitchingRates(
        attempt, max(barrier, 1e-6), junction.critical_current, exponent=exponent, temperature=temperature
    )


def conditions(
    junction: ModelledJunction,
    values: Sequence[float],
    temperature: float | None,
    largest: float,
    lasting: float = 0.0,
) -> list[Condition]:
    """The junction at each temperature, or at one temperature under each noise.

    `values` are temperatures in K, or, with a `temperature` in K, standard deviations of noise in A/m2. Rates are asked
    up to `largest` (A/m2) without the noise, which keeps a value for `lasting` (s).
    """
    if temperature is None:
        return [
            Condition(each, each, 0.0, junction.stability(each), _rates(junction, each, largest)) for each in values
        ]
    quiet = _rates(junction, temperature, largest + NoisyRates(_NOTHING, max(values)).reach)
    barrier = junction.stability(temperature)
    return [Condition(each, temperature, each, barrier, NoisyRates(quiet, each, lasting), lasting) for each in values]


_NOTHING = SwitchingRates(1.0, 1.0, 1.0)


def _rates(junction: ModelledJunction, temperature: float, largest: float) -> TwoStates:
    if junction.rates is not None:
        return junction.rates.at_temperature(temperature)
    found = fokker_planck_rates(junction.at(temperature), largest)
    # A current that favours the state along the axis is positive here, whichever way the polariser points.
    return (
        found
        if float(junction.at(temperature).polariser_direction @ junction.at(temperature).axis) > 0
        else (_Mirrored(found))
    )


@dataclass(frozen=True, eq=False)
class _Mirrored:
    base: TwoStates

    def rates(self, current_density: npt.ArrayLike) -> tuple[Floats, Floats]:
        up, down = self.base.rates(-np.asarray(current_density, dtype=np.float64))
        return up, down
