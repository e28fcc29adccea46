"""Results of a vortex oscillator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Results, ResultsPart
from solitons.figures import power_label, value_label

__all__ = ["Event", "OrbitRun", "TextureCheck", "VortexBatch", "VortexOscillatorResults"]

Event = Literal["", "no vortex at rest", "expulsion", "reversal", "too few turns"]


class OrbitRun(ResultsPart):
    """What a core did under one current, and what the equation predicts from its first turn.

    Parameters
    ----------
    run_id : str
    current : float
        In A/m2.
    use : {"fitted", "judged"}
    event : str
        What ended the orbit, or kept it from being one; empty if nothing did.
    event_time : float or None
        Of the event, in s.
    turns : int
        Whole turns before it.
    radius, frequency : float or None
        Over the last three turns, in m and Hz.
    sense : int
        1: counterclockwise seen from +z, -1: clockwise.
    decays : bool
        Whether the orbit shrinks: the current is below the threshold.
    rise_time : float or None
        From the first turn to 90 % of the way to the last orbit, in s; None where the orbit hardly changes.
    model_radius, model_frequency, model_rise_time : float or None
        By the equation, at the same times.
    steady : float or None
        Radius in m at which the equation has the core after any time; None if it loses it.
    """

    run_id: str
    current: float
    use: Literal["fitted", "judged"]
    event: Event = ""
    event_time: float | None = None
    turns: int = 0
    radius: float | None = None
    frequency: float | None = None
    sense: int = 0
    decays: bool = False
    rise_time: float | None = None
    model_radius: FiniteOrNone = None
    model_frequency: FiniteOrNone = None
    model_rise_time: FiniteOrNone = None
    steady: FiniteOrNone = None

    def error(self, name: Literal["radius", "frequency", "rise_time"]) -> float | None:
        """Relative error of the equation's number; None where there is none."""
        measured, predicted = getattr(self, name), getattr(self, f"model_{name}")
        return None if measured is None or predicted is None else abs(predicted / measured - 1)


class TextureCheck(ResultsPart):
    """Coefficients of the equation over those of the texture of frames: means over the orbits of a run.

    Parameters
    ----------
    damping : float
        Of the fitted D.
    torque : float
        Of a_J, which is computed.
    """

    damping: float
    torque: float


class VortexBatch(ResultsPart):
    """Many vortices that the equation followed at once.

    Parameters
    ----------
    members : int
    current : float
        In A/m2.
    temperature : float
        In K.
    lost : int
        Cores that left the radii that the equation knows.
    mean_radius, radius_spread : float or None
        Of the others, in m.
    speed : float
        Simulated time of one vortex over that of the micromagnetic engine in the same wall time.
    """

    members: int
    current: float
    temperature: float
    lost: int
    mean_radius: FiniteOrNone
    radius_spread: FiniteOrNone
    speed: float


class VortexOscillatorResults(Results):
    """Everything that such a campaign found.

    Parameters
    ----------
    disc_radius : float
        In m.
    threshold : float or None
        Current density in A/m2 at which the fitted core leaves the middle; None if the fit failed.
    estimated_threshold, estimated_frequency : float
        By closed forms of a thin disc, in A/m2 and Hz.
    orbits : list of OrbitRun
        From the weakest current to the strongest.
    texture : TextureCheck or None
    batch : VortexBatch or None
    """

    disc_radius: float
    threshold: float | None
    estimated_threshold: float
    estimated_frequency: float
    orbits: list[OrbitRun]
    texture: TextureCheck | None = None
    batch: VortexBatch | None = None

    @property
    def judged(self) -> Sequence[OrbitRun]:
        """Runs with an orbit that no fit saw."""
        return [each for each in self.orbits if each.use == "judged" and not each.event and each.radius is not None]

    def worst(self, name: Literal["radius", "frequency", "rise_time"]) -> float | None:
        """Largest error in the judged runs; None where none has it."""
        return max((error for each in self.judged if (error := each.error(name)) is not None), default=None)

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first."""
        estimate = value_label(self.estimated_threshold, "A/m^2", 3)
        found = "–" if self.threshold is None else value_label(self.threshold, "A/m^2", 3)
        yield Headline(value=found, name="threshold current density", detail=f"closed form of a thin disc: {estimate}")
        number = len(self.judged)
        unseen = f"at {number} current{'s' * (number != 1)} that no fit saw"
        words = (("radius", "orbit radius error"), ("frequency", "frequency error"), ("rise_time", "rise time error"))
        for name, title in words:
            worst = None if self.threshold is None else self.worst(name)  # type: ignore[arg-type]
            detail = f"largest {unseen}" if worst is not None else "nothing to compare"
            yield Headline(value="–" if worst is None else f"{worst:.2%}", name=title, detail=detail)
        if self.batch is not None:
            yield Headline(
                value=power_label(self.batch.speed),
                name="times faster than the engine",
                detail=f"each of {self.batch.members} vortices in a batch, with heat",
            )
