"""Whether a design may be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.design.results import Checked
from solitons.figures import value_label
from solitons.fits.verdict import Reason, Verdict, failure, judge, limitation

__all__ = ["judged"]


def judged(
    *, within: bool, gain: float, accuracy: float, converged: bool, devices: int, checks: Sequence[Checked]
) -> Verdict:
    """The verdict on a design.

    Parameters
    ----------
    within : bool
        Whether the device found keeps to the limits of the search.
    gain : float
        By how much its aim is better than the start's, as a share; infinity where the start is outside the limits.
    accuracy : float
        The share that the search can tell apart.
    converged : bool
        Whether the search ended because it expects nothing better.
    devices : int
        How many were tried.
    checks : sequence of Checked
        The verification, of both devices.
    """
    return judge(_reasons(within, gain, accuracy, converged, devices, checks))


def _reasons(
    within: bool, gain: float, accuracy: float, converged: bool, devices: int, checks: Sequence[Checked]
) -> Iterator[Reason]:
    if not within:
        yield failure(
            "no_device_within_limits",
            f"No device of {devices} keeps to all limits; allow more devices, widen the bounds, or start elsewhere.",
        )
    for each in checks:
        if each.device == "found" and not each.met:
            yield failure(
                "verification_missed",
                f"In {each.failed} of {each.of} runs ({each.run}, {each.engine}) the device found misses: {each.limit}"
                + (f"; mean {value_label(each.value, each.unit, 3)}." if each.value is not None else "."),
            )
    if within and gain < accuracy:
        yield limitation(
            "no_better_than_the_start",
            f"The device found is better than the start by {gain:.1%} only."
            if gain > 0
            else "No device was found that is better than the start.",
        )
    if not converged:
        yield limitation(
            "search_not_at_its_end",
            f"The search stopped after {devices} devices, as search.devices asks; more may find a better one.",
        )
    engines = list(dict.fromkeys(each.engine for each in checks if each.new and each.engine != "model"))
    if not any(each.new for each in checks):
        yield limitation(
            "not_verified",
            "No new run looked at the device found: give a verification of other runs.",
        )
    elif len(engines) < 2:
        yield limitation(
            "one_engine",
            f"The engine {engines[0]} alone verified it; run it with --engine oommf."
            if engines
            else "No engine verified it in micromagnetics.",
        )
