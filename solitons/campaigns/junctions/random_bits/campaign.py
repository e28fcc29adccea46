"""The campaign of random bits: all of it by the rates of junctions, without micromagnetic runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field
from typing_extensions import override

from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.framework.junction_rates import JunctionRates
from solitons.campaigns.junctions.random_bits.results import RandomBitsResults
from solitons.campaigns.junctions.random_bits.settings import (
    BitStreams,
    Disturbances,
    EnergySettings,
    ReadJunctions,
    WrittenJunctions,
)

__all__ = ["RandomBitsCampaign"]

_FEWEST_FLIPS = 100


@final
class RandomBitsCampaign(AbstractCampaign[None, RandomBitsResults]):
    """Bits of junctions that flip by chance, alone and XORed, and the fifteen tests of NIST SP 800-22 on them.

    The test of templates that do not overlap looks for one of the 148 of nine bits, 000000001.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    junction : JunctionRates
        How fast a junction flips.
    bits : ReadJunctions or WrittenJunctions
        How bits are made, chosen by its ``by``.
    streams : BitStreams
        How many bits are made and tested.
    disturbances : Disturbances
        Disturbances of the junctions.
    energy : EnergySettings, optional
        Settings for the energy of a bit; by default the results leave it out.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "The tests: A. Rukhin et al., NIST Special Publication 800-22 rev. 1a (2010); proportions and uniformity: its "
        "section 4.2.",
        "Bias of an XOR: M. Matsui, EUROCRYPT '93 (1994), the piling-up lemma.",
    )
    results_class: ClassVar[type[RandomBitsResults]] = RandomBitsResults
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "The model's bits fail no test more often than by chance. This is true of the model; a device was "
        "not tested.",
        "limited": "The model's bits fail no test more often than by chance, except where one of the following "
        "matters. This is true of the model; a device was not tested.",
        "failed": "The model's bits fail.",
    }

    kind: Literal["random_bits"] = "random_bits"
    junction: JunctionRates
    bits: Annotated[ReadJunctions | WrittenJunctions, Field(discriminator="by")]
    streams: BitStreams = BitStreams()
    disturbances: Disturbances = Disturbances()
    energy: EnergySettings | None = None

    @override
    def input_files(self) -> tuple[Path, ...]:
        fitted = self.junction.fitted_model
        return () if fitted is None else (Path(fitted),)

    @override
    def check(self) -> None:
        from solitons.campaigns.junctions.random_bits.streams import source_of

        source = source_of(self.junction, self.bits, self.streams)
        length, rates = self.streams.length, source.rates
        if isinstance(self.bits, ReadJunctions):
            flips = source.expected_flips * length
            if flips < _FEWEST_FLIPS:
                raise ValueError(
                    f"a junction with a barrier of {float(rates.stability):.3g} k T is expected to flip {flips:.2g} "
                    f"times in the {length * source.interval:.3g} s of a sequence, and its {length:,} bits are nearly "
                    f"all alike; {_FEWEST_FLIPS} flips are asked for: give a lower junction.stability or a longer "
                    "bits.interval"
                )
            return
        ones = source.expected_flips * length
        if not _FEWEST_FLIPS <= ones <= length - _FEWEST_FLIPS:
            raise ValueError(
                f"a pulse of {source.current:.4g} A/m2 for {self.bits.width:.3g} s is expected to switch a junction "
                f"with a barrier of {float(rates.stability):.3g} k T {ones:.2g} times in the {length:,} bits of a "
                "sequence; leave bits.current out, or give one that switches it half of the time"
            )
