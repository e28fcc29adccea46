"""The junction at each point of the swept axis: its rates, and the currents that a campaign asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from geometries import Material, Pillar
from solitons.campaigns.junctions.stochastic_resonance.settings import GivenRates
from solitons.junctions import Macrospin, PeriodicDrive, SwitchingRates, fokker_planck_rates, pillar_junction
from solitons.junctions.driven_rates import NoisyRates, TwoStates

__all__ = [
    "Condition",
    "DrivenJunction",
    "ModelledJunction",
    "conditions",
    "current_of",
    "estimated_rates",
    "modelled_junction",
]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ModelledJunction:
    """Data of the junction: a macrospin, or rates.

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
        """Rate at which the motion in a well dies out, in 1/s: the macrospin's, or else the attempt rate."""
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


@dataclass(frozen=True, eq=False)
class DrivenJunction:
    """Request of a campaign, in SI units.

    `values` are the axis's values, temperatures in K or, if `noisy`, standard deviations in A/m2 of noise that keeps a
    value for `lasting` (s); at each the temperature in K. Without noise rates are asked up to `largest` (A/m2).
    """

    junction: ModelledJunction
    drive: PeriodicDrive
    values: list[float]
    temperatures: list[float]
    noisy: bool
    lasting: float
    largest: float


def modelled_junction(pillar: Pillar | None, material: Material | None, given: GivenRates | None) -> ModelledJunction:
    """The junction of a pillar and its material, or of rates that are given."""
    if given is not None:
        rates = SwitchingRates(
            given.attempt_rate, given.stability, given.critical_current, given.exponent, temperature=given.temperature
        )
        return ModelledJunction(critical_current=given.critical_current, rates=rates)
    assert pillar is not None
    assert material is not None
    spin = pillar_junction(pillar, material, temperature=300.0)
    # The polariser may be a little off the easy axis, or along it either way.
    return ModelledJunction(critical_current=abs(spin.critical_current()), macrospin=spin)


def current_of(pillar: Pillar | None, voltage: float) -> float:
    """Current density in A/m2 of a voltage, by the mean of the conductances of both states without bias."""
    assert pillar is not None
    barrier = pillar.barrier
    return float(voltage / barrier.resistance_area * (1 + 1 / (1 + barrier.tmr)) / 2)


def estimated_rates(junction: ModelledJunction, temperature: float) -> SwitchingRates:
    """Rates by Neel and Arrhenius, for what is reported before anything is computed.

    Rates of a macrospin with Brown's prefactor, right to a fifth above 5 k T in a disc, and maybe twice too high in
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


def conditions(driven: DrivenJunction) -> list[Condition]:
    """The junction at each temperature, or at one temperature under each noise."""
    junction, values = driven.junction, driven.values
    if not driven.noisy:
        return [
            Condition(each, each, 0.0, junction.stability(each), _rates(junction, each, driven.largest))
            for each in values
        ]
    temperature, lasting = driven.temperatures[0], driven.lasting
    quiet = _rates(junction, temperature, driven.largest + NoisyRates(_NOTHING, max(values)).reach)
    barrier = junction.stability(temperature)
    return [Condition(each, temperature, each, barrier, NoisyRates(quiet, each, lasting), lasting) for each in values]


_NOTHING = SwitchingRates(1.0, 1.0, 1.0)


def _rates(junction: ModelledJunction, temperature: float, largest: float) -> TwoStates:
    if junction.rates is not None:
        return junction.rates.at_temperature(temperature)
    spin = junction.at(temperature)
    found = fokker_planck_rates(spin, largest)
    # A current that favours the state along the axis is positive here, whichever way the polariser points.
    return found if float(spin.polariser_direction @ spin.axis) > 0 else _Mirrored(found)


@dataclass(frozen=True, eq=False)
class _Mirrored:
    base: TwoStates

    def rates(self, current_density: npt.ArrayLike) -> tuple[Floats, Floats]:
        up, down = self.base.rates(-np.asarray(current_density, dtype=np.float64))
        return up, down
