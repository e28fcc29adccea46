"""Further runs of a campaign, from the results of its first runs."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console

from runs.store import Store
from solitons.campaigns.framework.base import AbstractCampaign, ComputedRuns, Variants
from solitons.campaigns.framework.stages import Stages, progress_bars

__all__ = ["settle", "settled_as_stored"]


def settle(
    variants: Variants, engine: str, store: Store, compute: Callable[[Variants], None], console: Console
) -> Variants:
    """Compute the runs from which others follow, until all runs of all variants are known.

    `variants` are pairs of swept values and campaigns, and `compute` brings their runs into the store.
    """
    while any(variant.unsettled for _, variant in variants):
        compute(variants)
        with progress_bars(console) as progress:
            variants = [(at, _settled(variant, engine, store, Stages(progress))) for at, variant in variants]
    return variants


def settled_as_stored(campaign: AbstractCampaign, engine: str, store: Store) -> Variants:
    """The variants of a campaign, as far as the store determines which runs they have."""
    variants = []
    for at, variant in campaign.variants():
        known = variant
        while known.unsettled and all(store.holds(run.spec.run_id) for run in known.labelled_runs(engine)):
            known = _settled(known, engine, store, Stages())
        variants.append((at, known))
    return variants


def _settled(variant: AbstractCampaign, engine: str, store: Store, stages: Stages) -> AbstractCampaign:
    if not variant.unsettled:
        return variant
    return variant.settled(ComputedRuns(variant.labelled_runs(engine), store, engine, stages=stages))
