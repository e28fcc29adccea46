"""Whether the errors of a reservoir are those of the device: what speaks against it.

Limits are round numbers, given with their ground; none was fitted to a campaign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.reservoir_benchmark.results import MASK, QUADRATIC, ReservoirResults
from solitons.campaigns.reservoir_benchmark.settings import SearchSettings
from solitons.fits.verdict import Reason, VerdictName, failure, limitation

__all__ = ["about_device", "about_motion", "about_search", "beyond_fit"]

_OFF, _OTHER = 0.1, 0.5
"""Difference of the nodes over their own deviation: seen in a read-out, and half of the signal."""
_FAR = 2.0
"""Deviations of the readings of a test."""
_ORBIT = 0.01
"""Of the range of readings."""
_FITTED_TWICE = 1.5
"""Error of a test over that of the search, above which the search has fitted chance."""


def about_device(name: str, verdict: VerdictName | None, heat: bool, reading_noise: float) -> Iterator[Reason]:
    """What is known of the fitted device; `heat` is whether its heat is followed."""
    if verdict == "failed":
        yield failure("fit_failed", f"The fit of {name} failed: its errors mean nothing. Take one that did not.")
    elif verdict != "trusted":
        known = "has no verdict" if verdict is None else "is limited"
        yield limitation("fit_limited", f"The fit of {name} {known}; its campaign's report gives the reasons.")
    if not heat:
        yield limitation("heat_left_out", f"{name} is followed without heat, which would add to the noise of reading.")
    if reading_noise == 0:
        yield limitation(
            "read_without_noise",
            "Readings have no noise: features far below what an instrument resolves are counted. Give reading_noise.",
        )


def beyond_fit(results: ReservoirResults, strongest: float | None) -> Iterator[Reason]:
    """Whether a drive goes beyond the strongest current density in A/m2 of the fit, if that is known."""
    drives = [each.drive for task in results.tasks for each in task.tested]
    reached = max(abs(each.bias) + abs(each.amplitude) for each in drives)
    if strongest is not None and reached > strongest * (1 + 1e-9):
        yield limitation(
            "beyond_fit",
            f"A chosen drive reaches {reached:.3g} A/m2, and the model was fitted up to {strongest:.3g} A/m2.",
        )


def about_search(search: SearchSettings, results: ReservoirResults) -> Iterator[Reason]:
    """Whether the search found the device's best, and whether it is stable there."""
    useful = [each for task in results.tasks for each in task.tested if each.row(MASK).verdict == "gain"]
    edges = [
        name
        for name, one in (("biases", "bias"), ("amplitudes", "amplitude"), ("slots", "slot"))
        if any(_at_end(getattr(search, name), getattr(each.drive, one)) for each in useful)
    ]
    if edges:
        yield limitation(
            "best_at_edge", f"Some best drives are at an end of {' and '.join(edges)}: better ones may be beyond."
        )
    fitted = [
        f"{task.title} with {each.drive.nodes} nodes"
        for task in results.tasks
        for each in task.tested
        if each.validated is None or each.rows[0].error > _FITTED_TWICE * each.validated
    ]
    if fitted:
        yield limitation(
            "search_fitted",
            f"The test has more than {_FITTED_TWICE:g} times the error of the search for {', '.join(fitted)}: it chose "
            "by chance. Give it more series.",
        )
    first = results.tasks[0].tested[-1].drive
    at = results.exponents[search.biases.index(first.bias)][search.amplitudes.index(first.amplitude)]
    if at is not None and at > 0:
        yield limitation(
            "chaotic_drive",
            f"At the drive of {results.tasks[0].title} the device is chaotic, λ = {at:.2g} 1/s: the same signal gives "
            "other nodes after the smallest disturbance.",
        )


def _at_end(tried: Sequence[float], chosen: float) -> bool:
    return len(tried) > 1 and chosen != 0 and chosen in (min(tried), max(tried))


def about_motion(results: ReservoirResults) -> Iterator[Reason]:
    """What micromagnetics shows of the device's motion."""
    stretch = results.stretch
    if stretch is None:
        yield limitation("not_confirmed", "No micromagnetic run has this drive. Give a stretch, with micromagnetics.")
    elif stretch.lost:
        yield failure("device_lost", "In micromagnetics the signal drives the wall out of the stripe.")
    elif stretch.error is None or stretch.error > _OTHER:
        by = "more than can be said" if stretch.error is None else f"{stretch.error:.0%} of their deviation, rms"
        yield failure("nodes_part", f"Nodes differ from micromagnetics by {by}: they are not the device's.")
    else:
        if stretch.error > _OFF:
            yield limitation(
                "nodes_off", f"Nodes differ from micromagnetics by {stretch.error:.0%} of their deviation, rms."
            )
        place, there, deviation = stretch.place, stretch.test_place, stretch.test_deviation
        if place is not None and there is not None and abs(place - there) > _FAR * (deviation or 0.0):
            yield limitation(
                "stretch_elsewhere",
                f"In micromagnetics the mean reading is {place:.3g}, and in the test {there:.3g}: the drive takes the "
                "device away in time. Let it begin there.",
            )
        gains = {
            task.title: [
                str(each.drive.nodes)
                for each in task.tested
                if each.row(QUADRATIC).verdict == "gain" and (task.task, each.drive) != (stretch.task, stretch.drive)
            ]
            for task in results.tasks
        }
        if any(gains.values()):
            listed = "; ".join(f"{title} with {', '.join(nodes)} nodes" for title, nodes in gains.items() if nodes)
            yield limitation("gains_not_run", f"Micromagnetics ran another drive than that of these gains: {listed}.")
    regular = [each for each in results.orbits if each.exponent is None or each.exponent < 0]
    parts = [each for each in regular if each.apart is None or each.apart > _ORBIT]
    if parts:
        yield limitation(
            "orbits_part",
            f"Under a sine the model and micromagnetics part at {len(parts)} of {len(regular)} amplitudes at which the "
            f"model is not chaotic, from {min(each.amplitude for each in parts):.3g} A/m2 on.",
        )
