"""The campaigns of a plan, one after the other; one that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from runs import interruption
from solitons.campaigns.framework.base import AbstractCampaign
from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.results import CampaignSummary
from solitons.reproductions.plan import Plan, PlannedRow

__all__ = ["ComputedRow", "compute_plan", "left_out"]


@dataclass(frozen=True)
class ComputedRow:
    """A claim with our number beside it.

    Parameters
    ----------
    planned : PlannedRow
        The claim, the published number and the campaign.
    ours : str
        Our number; "–" where the verdict is failed, and a sentence where the campaign was left out or stopped, or is
        still to come.
    detail : str
        Its interval or caveat, as the campaign's report has it.
    verdict, engine : str
        The campaign's verdict, the worst of its variants', and its engine; "–" where it has none.
    """

    planned: PlannedRow
    ours: str
    detail: str = ""
    verdict: str = "–"
    engine: str = "–"


def left_out(plan: Plan, hours: float | None) -> dict[str, str]:
    """Campaigns that do not fit into the hours, with the reason of each.

    A campaign is taken, in the order of the plan, if its minutes fit into what those before it have left.

    Raises
    ------
    ValueError
        If the hours are not above 0.

    Examples
    --------
    >>> from solitons.reproductions import left_out, load_plan
    >>> left_out(load_plan("grollier-2016"), 0.1)["wall-timing"]
    'left out: 8 min on two cores'
    """
    if hours is None:
        return {}
    if not hours > 0:
        raise ValueError(f"reproduce: hours = {hours:g} must be above 0; leave them out to compute everything")
    left, reasons = 60 * hours, {}
    for name in plan.campaigns:
        minutes = plan.minutes.get(name)
        if minutes is None:
            reasons[name] = "left out: its time was not measured"
        elif minutes > left:
            reasons[name] = f"left out: {minutes:g} min on two cores"
        else:
            left -= minutes
    return reasons


def compute_plan(
    plan: Plan,
    run: Callable[[AbstractCampaign], CampaignSummary[Any]],
    *,
    without: dict[str, str] | None = None,
    after: Callable[[CampaignSummary[Any]], object] = lambda _: None,
    so_far: Callable[[list[ComputedRow]], object] = lambda _: None,
    failed: Callable[[str, str], object] = lambda _name, _why: None,
) -> list[ComputedRow]:
    """Run each campaign of a plan, and put its headlines beside the claims.

    Parameters
    ----------
    plan : Plan
        The plan.
    run : callable
        Runs a campaign and returns its summary, as `solitons.run_campaign` with a store does.
    without : dict of str to str, optional
        Campaigns that are not run, with the reason (`left_out`).
    after : callable, optional
        Called with each summary.
    so_far : callable, optional
        Called after each campaign with all rows; those of campaigns that are still to come state so.
    failed : callable, optional
        Called with the name of a campaign that stopped, or whose `after` did, and the reason.

    Returns
    -------
    list of ComputedRow
        A row for each of the plan's, in its order.

    Examples
    --------
    >>> from solitons.reproductions import compute_plan, load_plan
    >>> plan = load_plan("grollier-2016")
    >>> rows = compute_plan(plan, lambda campaign: None, without=dict.fromkeys(plan.campaigns, "left out: 9 min"))
    >>> rows[0].ours
    'left out: 9 min'
    """
    reasons = dict(without or {})
    summaries: dict[str, CampaignSummary[Any]] = {}
    rows = _rows(plan, reasons, summaries)
    for name in plan.campaigns:
        if name in reasons:
            continue
        interruption.check()
        try:
            summaries[name] = run(load_campaign(name))
        except Exception as error:  # what is wrong with one campaign must not cost hours of the others
            reasons[name] = f"stopped: {_sentence(error)}"
            failed(name, reasons[name])
        so_far(rows := _rows(plan, reasons, summaries))  # before a crate, which may take long
        if name in summaries:
            try:
                after(summaries[name])
            except Exception as error:
                failed(name, _sentence(error))
    return rows


def _rows(plan: Plan, reasons: dict[str, str], summaries: dict[str, CampaignSummary[Any]]) -> list[ComputedRow]:
    return [
        _row(row, summaries[row.campaign])
        if row.campaign in summaries
        else ComputedRow(row, reasons.get(row.campaign, "not computed yet"))
        for row in plan.rows
    ]


def _sentence(error: Exception) -> str:
    """The first line of what an error states; its type where it states nothing."""
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)


def _row(planned: PlannedRow, summary: CampaignSummary[Any]) -> ComputedRow:
    verdicts = {each.results.verdict for each in summary.variants}
    verdict = next((each for each in ("failed", "limited", "trusted") if each in verdicts), "–")
    if verdict == "failed":
        return ComputedRow(planned, "–", "the verdict is failed", verdict, summary.engine)
    exact = [each for each in summary.headlines if each.name == planned.headline]
    begun = [each for each in summary.headlines if each.name.startswith(planned.headline)]
    if not begun:
        return ComputedRow(planned, "–", f"its results have no {planned.headline!r}", verdict, summary.engine)
    found = (exact or begun)[0]
    # Of a name that the plan only begins the rest belongs to the number: through which wires, by which device.
    rest = "" if exact else f"{found.name}; "
    return ComputedRow(planned, found.value, f"{rest}{found.detail}".removesuffix("; "), verdict, summary.engine)
