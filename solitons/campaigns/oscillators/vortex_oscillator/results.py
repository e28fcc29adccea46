"""Results of a vortex oscillator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.figures import number_label, power_label, value_label

__all__ = ["Event", "Measure", "OrbitRun", "Use", "VortexBatch", "VortexOscillatorResults"]

Event = Literal["", "no vortex at rest", "expulsion", "reversal", "too few turns"]
Measure = Literal["radius", "frequency", "rise_time"]
Use = Literal["fitted", "judged"]


class OrbitRun(ResultsPart):
    """What a core did under one current in A/m2, and what the equation predicts from its first turn.

    Parameters
    ----------
    event, event_time : str, float or None
        What ended the orbit, or kept it from being one (empty if nothing did), and when a core left or reversed, in s.
    turns : int
        Whole turns before it.
    radius, frequency, rise_time : float or None
        Over the last three turns, in m and Hz, and from the first turn to 90 % of the way there, in s; None where the
        radius changes by less than a tenth of the disc's.
    decays : bool
        Whether the orbit shrinks: the current is below the threshold.
    model_radius, model_frequency, model_rise_time : float or None
        By the equation, at the same times; None if it loses the core.
    steady : float or None
        Radius in m at which the equation has the core after any time; None if it loses it.
    """

    run_id: str
    current: float
    use: Use
    event: Event = ""
    event_time: float | None = None
    turns: int = 0
    radius: float | None = None
    frequency: float | None = None
    decays: bool = False
    rise_time: float | None = None
    model_radius: FiniteOrNone = None
    model_frequency: FiniteOrNone = None
    model_rise_time: FiniteOrNone = None
    steady: FiniteOrNone = None

    def error(self, name: Measure) -> float | None:
        """Relative error of the equation's number; None where there is none."""
        measured, predicted = getattr(self, name), getattr(self, f"model_{name}")
        return None if measured is None or predicted is None else abs(predicted / measured - 1)


class VortexBatch(ResultsPart):
    """Many vortices that the equation followed at once, under a `current` in A/m2.

    `lost` cores left the radii that the equation knows; `mean_radius` and its `radius_spread`, in m, are those of the
    others. `speed` is the simulated time of one vortex over that of the engine in the same wall time.
    """

    current: float
    lost: int
    mean_radius: FiniteOrNone
    radius_spread: FiniteOrNone
    speed: float


class VortexOscillatorResults(Results):
    """Everything that such a campaign found.

    `threshold` is the current density in A/m2 at which the fitted core leaves the middle, None if the fit failed;
    `estimated_threshold` and `estimated_frequency` (Hz) are closed forms of a thin disc. The `orbits` go from the
    weakest current to the strongest. `texture` has the equation's `damping` and `torque` over those of the texture of
    frames, means over the orbits of a run.
    """

    threshold: float | None
    estimated_threshold: float
    estimated_frequency: float
    orbits: list[OrbitRun]
    texture: dict[str, float] | None = None
    batch: VortexBatch | None = None

    def errors(self, name: Measure) -> list[float]:
        """Relative errors of the equation in runs with an orbit that no fit saw."""
        found = [each.error(name) for each in self.orbits if each.use == "judged" and not each.event]
        return [each for each in found if each is not None]

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        estimate = value_label(self.estimated_threshold, "A/m^2", 3)
        found = "–" if self.threshold is None else value_label(self.threshold, "A/m^2", 3)
        yield Headline(value=found, name="threshold current density", detail=f"closed form of a thin disc: {estimate}")
        words: dict[Measure, str] = {"radius": "orbit radius", "frequency": "frequency", "rise_time": "rise time"}
        for name, title in words.items():
            errors = [] if self.threshold is None else self.errors(name)
            unseen = f"largest at {len(errors)} current{'s' * (len(errors) != 1)} that no fit saw"
            detail = unseen if errors else "nothing to compare"
            yield Headline(value=number_label(max(errors, default=None), ".2%"), name=f"{title} error", detail=detail)
        if self.batch is not None:
            speed, detail = power_label(self.batch.speed), "each vortex of a batch, with heat"
            yield Headline(value=speed, name="times faster than the engine", detail=detail)
