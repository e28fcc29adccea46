"""The campaign of the heat of erasing a bit: all of it in the reduced model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, final

from pydantic import Field, model_validator
from typing_extensions import override

from geometries import Material
from geometries.quantities import PureNumber, Temperature
from runs.protocols.abstract_step import Duration
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.magnet_logic.nml_erasure.results import ErasureResults
from solitons.campaigns.magnet_logic.nml_erasure.settings import BitMagnet
from solitons.figures import value_label
from solitons.magnet_logic import ERASURE

if TYPE_CHECKING:
    from solitons.magnet_logic import CoupledMacrospins

__all__ = ["ErasureCampaign"]

_MOST_STEPS = 4e10
"""Steps of all members: about an hour on two cores."""
_RAMPS = len(ERASURE.corners) - 1


@final
class ErasureCampaign(AbstractCampaign[None, ErasureResults]):
    """Heat of erasing a nanomagnet's bit, as the ramps of the fields slow.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    magnets : sequence of BitMagnet
        Elliptical magnets of different anisotropy. All are erased; what is done to a known bit is done to the first.
    material : Material
        Material of the magnets; anisotropy comes from their shape.
    temperature : float
        In K.
    hard_field, bias : float
        Largest fields along the hard axis in the plane and along the easy axis, over each magnet's anisotropy field.
    ramp_times : sequence of float
        Durations of each of the four ramps, in s; three or more.
    members : int
        Bits with the slowest ramps; faster ones get more, in proportion.
    seed : int
        Seed of the random numbers.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, the hard-axis field does not take the barrier away, a ramp time is given twice, or the
        material has an anisotropy of its own.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The protocol, and that the limit holds for any anisotropy: B. Lambson, D. Carlton and J. Bokor, Phys. Rev. "
        "Lett. 107, 010604 (2011); measured by J. Hong et al., Sci. Adv. 2, e1501492 (2016).",
        "The limit: R. Landauer, IBM J. Res. Dev. 5, 183 (1961).",
        "Heat beyond the limit goes as one over the ramp time: D. A. Sivak and G. E. Crooks, Phys. Rev. Lett. 108, "
        "190602 (2012).",
        "Thermal macrospins: W. F. Brown, Phys. Rev. 130, 1677 (1963).",
    )
    results_class: ClassVar[type[ErasureResults]] = ErasureResults
    table_names: ClassVar[tuple[str, ...]] = ("heats",)

    kind: Literal["nml_erasure"] = "nml_erasure"
    magnets: Annotated[tuple[BitMagnet, ...], Field(min_length=1, max_length=8)]
    material: Material
    temperature: Annotated[Temperature, Field(gt=0)]
    hard_field: Annotated[PureNumber, Field(gt=1, le=10)] = 1.25
    bias: Annotated[PureNumber, Field(gt=0, lt=1)] = 0.3
    ramp_times: Annotated[tuple[Duration, ...], Field(min_length=3, max_length=20)]
    members: Annotated[int, Field(ge=20, le=1_000_000)] = 1000
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0

    @model_validator(mode="after")
    def _can_be_extrapolated(self) -> ErasureCampaign:
        if self.material.Ku:
            raise ValueError(
                f"material.Ku = {value_label(self.material.Ku, 'J/m^3')}: the magnets' anisotropy is that of their "
                "shape; leave Ku out"
            )
        return self

    def bits(self) -> list[CoupledMacrospins]:
        """The magnets as macrospins."""
        return [each.macrospin(self.material, self.temperature) for each in self.magnets]

    @override
    def check(self) -> None:
        from solitons.campaigns.magnet_logic.loop_heats import members_at

        slowest = max(self.ramp_times)
        steps = sum(
            _RAMPS * slowest * self.members / bit.time_step(self.hard_field * bit.anisotropy_field())
            for bit in self.bits()
        ) * len(self.ramp_times)
        if steps > _MOST_STEPS:
            raise ValueError(
                f"members = {self.members} with ramp_times up to {value_label(slowest, 's')} are {steps:.2g} time "
                f"steps, above {_MOST_STEPS:.2g}; use fewer members or faster ramps"
            )
        if members_at(min(self.ramp_times), slowest, self.members) > 10_000_000:
            raise ValueError(
                f"ramp_times from {value_label(min(self.ramp_times), 's')} to {value_label(slowest, 's')}: the fastest "
                f"would get {slowest / min(self.ramp_times):.2g} times the members; leave the fastest out"
            )
