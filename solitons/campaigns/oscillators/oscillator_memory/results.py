"""Results of a campaign of oscillator memories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from solitons.attractors.patterns import CouplingRule
from solitons.campaigns.capacity.pattern_capacity import Capacity, KindOfMemory, capacity_headline
from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.figures import value_label
from solitons.oscillators.phase_networks import PhaseOscillator

__all__ = ["PHASES", "Margin", "OscillatorMemoryResults", "RecallSet"]

PHASES = KindOfMemory("phase oscillators", published=0.042, off=0.0042, slope=4.5, power=2, most=1e10)
"""By T. Aonishi (1998); the largest draws take about half an hour."""
_RULES: dict[CouplingRule, str] = {"hebbian": "Hebb's rule", "pseudo_inverse": "pseudo-inverse"}


class RecallSet(ResultsPart):
    """Recalls of corrupted patterns with one rule of the couplings, which devices hold if they are `written`.

    Parameters
    ----------
    shares : list of float
        Recalled shares at the spreads.
    breaking_spread, breaking_ci95 : float, (float, float) or None
        Relative spread at which a half is recalled; None if the spreads do not bracket it.
    own_share, overlap : float, float or None
        Recalled share at the oscillators' own spread, and the mean overlap at rest of what is recalled.
    time, time_ci95 : float, (float, float) or None
        Median time in s there after which the overlap stays above 0.9 of the one at rest.
    held_share, unsettled : float or None, float
        Shares of these recalls: still recalled after a hold; not done in three quarters of the duration.
    """

    weights: CouplingRule
    written: bool
    shares: list[float]
    breaking_spread: float | None
    breaking_ci95: tuple[float, float] | None
    own_share: float
    overlap: float | None
    time: float | None
    time_ci95: tuple[float, float] | None
    held_share: float | None
    unsettled: float

    @property
    def words(self) -> str:
        """The rule, and what holds it."""
        return f"{_RULES[self.weights]}, {'written' if self.written else 'ideal'}"


class Margin(ResultsPart):
    """The lag in rad, or the line in Hz, at which a half of the patterns is recalled; fields as of a `SizePoint`."""

    name: Literal["lag", "linewidth"]
    values: list[float]
    shares: list[float]
    half_point: FiniteOrNone
    ci95: tuple[float, float]


class OscillatorMemoryResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    capacity : Capacity
    oscillator : PhaseOscillator
        The oscillators as phases.
    spreads, recalls : list of float, list of RecallSet
        Relative spreads; the first set has the first rule and ideal couplings.
    margins : list of Margin
        Of the lag and of the line, with these couplings.
    levels, error : int, float or None
        Of the devices that hold the couplings.
    duration, hold : float
        Times in s in which a pattern is recalled, and for which it then has to last.
    power, energy : float, float or None
        Of all oscillators of a network in W, and times the median time of a recall in J. Setting the start and the
        couplings, reading, and what the circuit of the couplings takes are not in it.
    """

    capacity: Capacity
    oscillator: PhaseOscillator
    spreads: list[float]
    recalls: list[RecallSet]
    margins: list[Margin]
    levels: int | None = None
    error: float | None = None
    duration: float
    hold: float
    power: float
    energy: float | None

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        yield capacity_headline(self.capacity, PHASES)
        first = self.recalls[0]
        if first.breaking_spread is None or first.breaking_ci95 is None:
            spread, interval = "–", "not within the spreads"
        else:
            low, high = first.breaking_ci95
            spread, interval = f"{first.breaking_spread:.2%}", f"95 %: {low:.2%} to {high:.2%}"
        within = f"of the frequency, within {value_label(self.duration, 's')}; {interval}"
        yield Headline(value=spread, name="spread at which recall breaks", detail=within)
        if first.time is not None and self.energy is not None:
            kept = f"{first.held_share or 0:.0%} of what is recalled last {value_label(self.hold, 's')}"
            time, energy = value_label(first.time, "s", digits=2), value_label(self.energy, "J", digits=2)
            yield Headline(value=time, name="time of a recall", detail=f"median; {first.words}; {kept}")
            alone = f"of the oscillators alone, {value_label(self.power, 'W', digits=2)} in all"
            yield Headline(value=energy, name="energy of a recall", detail=alone)
