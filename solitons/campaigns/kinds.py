"""What each kind of campaign does: the table by which one command runs them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from rich.progress import Progress

from runs import RunSpec
from solitons.campaigns.base import AbstractCampaign
from solitons.campaigns.computed_campaign import ComputedCampaign
from solitons.campaigns.dw_synapse.analysis import analyse_synapse, synapse_in_words
from solitons.campaigns.dw_synapse.checks import check_campaign
from solitons.campaigns.dw_synapse.description import Campaign
from solitons.campaigns.ice_avalanche.analysis import analyse_ice_avalanche, check_ice_avalanche, ice_avalanche_in_words
from solitons.campaigns.ice_avalanche.description import IceAvalancheCampaign
from solitons.campaigns.ice_avalanche.summary import IceAvalancheSummary
from solitons.campaigns.ice_recogniser.analysis import (
    analyse_ice_recogniser,
    check_ice_recogniser,
    fitted_model_file,
    ice_recogniser_in_words,
)
from solitons.campaigns.ice_recogniser.description import IceRecogniserCampaign
from solitons.campaigns.ice_recogniser.summary import IceRecogniserSummary
from solitons.campaigns.summary import CampaignSummary, Summary

__all__ = ["CampaignKind", "kind_of"]

C = TypeVar("C", bound=AbstractCampaign)
S = TypeVar("S", bound=CampaignSummary)


@dataclass(frozen=True)
class CampaignKind(Generic[C, S]):
    """What is done with one kind of campaign, beyond computing its runs.

    Parameters
    ----------
    summary : type
        Of what `summary.json` holds.
    check : function of (campaign, specs)
        Refuses, before anything runs, a campaign that the last stage cannot answer.
    analyse : function of (ComputedCampaign, Progress)
        Makes the summary and writes ``report.html`` and whatever else belongs beside it.
    in_words : function of the summary
        The lines that the command prints.
    files : function of the campaign
        Further files that the results follow from.
    """

    summary: type[S]
    check: Callable[[C, Mapping[tuple[float, ...], RunSpec]], None]
    analyse: Callable[[ComputedCampaign[C], Progress], S]
    in_words: Callable[[S], list[str]]
    files: Callable[[C], Sequence[Path]] = lambda _: ()


_KINDS: dict[type[AbstractCampaign], CampaignKind[Any, Any]] = {
    Campaign: CampaignKind(Summary, check_campaign, analyse_synapse, synapse_in_words),
    IceAvalancheCampaign: CampaignKind(
        IceAvalancheSummary, check_ice_avalanche, analyse_ice_avalanche, ice_avalanche_in_words
    ),
    IceRecogniserCampaign: CampaignKind(
        IceRecogniserSummary,
        check_ice_recogniser,
        analyse_ice_recogniser,
        ice_recogniser_in_words,
        fitted_model_file,
    ),
}


def kind_of(campaign: AbstractCampaign) -> CampaignKind[Any, Any]:
    """What is done with a campaign.

    Raises
    ------
    TypeError
        If no kind of campaign is known that is such a class.
    """
    if type(campaign) not in _KINDS:
        known = ", ".join(each.__name__ for each in _KINDS)
        raise TypeError(f"kind_of: {type(campaign).__name__} is no campaign that can be run; there are {known}")
    return _KINDS[type(campaign)]
