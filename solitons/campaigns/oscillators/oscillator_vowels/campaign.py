"""The campaign of vowels that coupled oscillators recognise: all of it in reduced models."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal, final

from typing_extensions import override

from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.oscillators.oscillator_vowels.results import OscillatorVowelsResults
from solitons.campaigns.oscillators.oscillator_vowels.settings import VowelTask

__all__ = ["OscillatorVowelsCampaign"]


@final
class OscillatorVowelsCampaign(VowelTask, AbstractCampaign[None, OscillatorVowelsResults]):
    """Whether coupled oscillators recognise vowels by the signals that they follow, beside a linear classifier.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    oscillators, signal_a, signal_b, vowels, record, training
        As in `VowelTask`.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Vowels by four coupled oscillators: M. Romera et al., Nature 563, 230 (2018), arXiv:1711.02704.",
        "Formants: J. Hillenbrand, L. A. Getty, M. J. Clark and K. Wheeler, J. Acoust. Soc. Am. 97, 3099 (1995).",
        "Locking to a signal: R. Adler, Proc. IRE 34, 351 (1946).",
    )
    results_class: ClassVar[type[OscillatorVowelsResults]] = OscillatorVowelsResults
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "The oscillators beat a linear classifier, and coupling and tuning help, for drawn speakers.",
        "limited": "The accuracies hold for phases and drawn speakers; the reasons state what brings no gain.",
        "failed": "The oscillators do not recognise vowels.",
    }

    kind: Literal["oscillator_vowels"] = "oscillator_vowels"

    @override
    def input_files(self) -> tuple[Path, ...]:
        from solitons.models.saving import model_file

        return () if self.oscillators.model is None else (model_file(self.oscillators.model),)

    @override
    def check(self) -> None:
        from solitons.campaigns.oscillators.oscillator_vowels.checks import check_vowels

        check_vowels(self)
