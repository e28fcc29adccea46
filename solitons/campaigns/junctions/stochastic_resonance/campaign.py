"""The campaign of a junction that flips by chance under a periodic drive: all of it in reduced models."""

from __future__ import annotations

import itertools
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, final

from pydantic import Field, model_validator
from typing_extensions import override

from geometries import Material, Pillar
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.junctions.stochastic_resonance.results import ResonanceResults
from solitons.campaigns.junctions.stochastic_resonance.settings import (
    DriveSettings,
    EnsembleSettings,
    GivenRates,
    LockingSettings,
    NoiseSettings,
    PositiveTemperature,
    RecordSettings,
)

if TYPE_CHECKING:
    from solitons.campaigns.junctions.stochastic_resonance.conditions import DrivenJunction

__all__ = ["StochasticResonanceCampaign"]

_FEWEST_POINTS = 5
_KEPT = 10.0
"""Times the relaxation in a well for which noise keeps a value, where that is not given."""


@final
class StochasticResonanceCampaign(AbstractCampaign[None, ResonanceResults]):
    """Stochastic resonance and locking by noise of a junction that flips by chance.

    The junction is a pillar, as one moment, or rates that are given. It is driven at each temperature of a list, or at
    one temperature with electrical noise of each strength of a list.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    device, material : Pillar, Material, optional
        The pillar; or
    rates : GivenRates, optional
        its rates.
    drive : DriveSettings
        The periodic drive.
    temperatures : sequence of float or str, optional
        The axis, in K; or
    noise : NoiseSettings, optional
        the axis is electrical noise, at
    temperature : float or str
        in K.
    record : RecordSettings
        Records at each point.
    locking : LockingSettings
        The maps of locking.
    ensemble : EnsembleSettings or None
        Macrospins that check the rates of a pillar; None leaves them out.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, or the junction or the axis is given twice or not at all.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Adiabatic theory: B. McNamara and K. Wiesenfeld, Phys. Rev. A 39, 4854 (1989); the review: L. Gammaitoni, "
        "P. Hänggi, P. Jung and F. Marchesoni, Rev. Mod. Phys. 70, 223 (1998).",
        "Spectra and residence times of any periodic rates: R. Löfstedt and S. N. Coppersmith, Phys. Rev. E 49, 4821 "
        "(1994).",
        "Locking of superparamagnetic junctions: A. Mizrahi et al., Sci. Rep. 6, 30535 (2016).",
    )
    results_class: ClassVar[type[ResonanceResults]] = ResonanceResults

    kind: Literal["stochastic_resonance"] = "stochastic_resonance"
    device: Pillar | None = None
    material: Material | None = None
    rates: GivenRates | None = None
    drive: DriveSettings
    temperatures: Annotated[tuple[PositiveTemperature, ...], Field(max_length=60)] = ()
    noise: NoiseSettings | None = None
    temperature: PositiveTemperature = 300.0
    record: RecordSettings = RecordSettings()
    locking: LockingSettings
    ensemble: EnsembleSettings | None = EnsembleSettings()

    @model_validator(mode="after")
    def _given_once(self) -> StochasticResonanceCampaign:
        if (self.device is None) != (self.material is None) or (self.device is None) == (self.rates is None):
            raise ValueError("give the junction once: device (a pillar) and its material, or rates")
        if bool(self.temperatures) == (self.noise is not None):
            raise ValueError("give the axis once: temperatures, or noise (at one temperature)")
        values = self.temperatures or (self.noise.currents or self.noise.voltages if self.noise else ())
        name = "temperatures" if self.temperatures else "noise"
        if len(values) < _FEWEST_POINTS or any(a >= b for a, b in itertools.pairwise(values)):
            raise ValueError(f"{name} has {len(values)} values; give {_FEWEST_POINTS} or more that rise: a peak is one")
        if self.device is None and (self.drive.voltage is not None or (self.noise is not None and self.noise.voltages)):
            raise ValueError("voltages need a pillar, whose barrier determines their current; give A/m^2 instead")
        return self

    @override
    def check(self) -> None:
        from solitons.campaigns.junctions.stochastic_resonance.checks import check_driven

        check_driven(self.driven, self.record, self.ensemble)

    @cached_property
    def driven(self) -> DrivenJunction:
        """Data of the junction, with the drive and the axis in SI units."""
        from solitons.campaigns.junctions.stochastic_resonance.conditions import (
            DrivenJunction,
            current_of,
            modelled_junction,
        )
        from solitons.junctions import PeriodicDrive

        junction, noise = modelled_junction(self.device, self.material, self.rates), self.noise
        size = self.drive.amplitude
        if size is None:
            assert self.drive.voltage is not None
            size = current_of(self.device, self.drive.voltage)
        values, lasting = list(self.temperatures), 0.0
        if noise is not None:
            values = list(noise.currents) or [current_of(self.device, each) for each in noise.voltages]
            own = _KEPT / junction.relaxation_rate if self.device is not None else 0.0
            lasting = own if noise.lasting is None else noise.lasting
        return DrivenJunction(
            junction,
            PeriodicDrive(size, self.drive.frequency, self.drive.shape),
            values,
            list(self.temperatures) or [self.temperature] * len(values),
            noise is not None,
            lasting,
            1.001 * max(size, max(self.locking.amplitudes) * junction.critical_current),
        )
