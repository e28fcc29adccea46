"""A campaign whose runs are there: what each kind of campaign is made into results from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from runs import RunSpec
from solitons.campaigns.base import AbstractCampaign

__all__ = ["ComputedCampaign"]

C = TypeVar("C", bound=AbstractCampaign)


@dataclass(frozen=True)
class ComputedCampaign(Generic[C]):
    """A campaign whose runs are in the store.

    Parameters
    ----------
    campaign : AbstractCampaign
        What was asked for.
    specs : mapping of swept values to RunSpec
        Its runs.
    store : pathlib.Path
        Folder of the run store.
    engine : str
        What computed them; "model" for a campaign without runs.
    key : str
        What the results follow from, see `CampaignSummary`.
    cached : int
        How many runs were in the store already.
    folder : pathlib.Path
        Where the results belong; it exists.
    """

    campaign: C
    specs: Mapping[tuple[float, ...], RunSpec]
    store: Path
    engine: str
    key: str
    cached: int
    folder: Path
