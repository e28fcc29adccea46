"""Whether the equation of a vortex core may be used: what speaks against it.

The limits of the errors are those that a design of oscillators needs: 3 % of the radius, 1 % of the frequency, 5 % of
the time to reach the orbit; beyond three times of that the equation has failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.oscillators.vortex_oscillator.results import Event, Measure, OrbitRun
from solitons.figures import value_label
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_orbits"]

_FEWEST = 3
_ALLOWED: tuple[tuple[Measure, str, str, float], ...] = (
    ("radius", "radius_off", "orbit radius", 0.03),
    ("frequency", "frequency_off", "frequency", 0.01),
    ("rise_time", "transient_off", "time to 90 % of the orbit", 0.05),
)
_FAILED = 3.0
_UNSTEADY = 0.05
_TEXTURE = 0.1
_EVENTS: tuple[tuple[Event, str, str, str], ...] = (
    ("expulsion", "core_expelled", "leaves the disc", "Use weaker currents."),
    ("reversal", "core_reversed", "reverses its polarity", "Use weaker currents."),
    ("too few turns", "too_few_turns", "makes fewer than four turns", "Run it longer, or kick the core farther."),
)


def about_orbits(runs: Sequence[OrbitRun], threshold: float, texture: dict[str, float] | None) -> Iterator[Reason]:
    """Find what speaks against the equation; `threshold` is the estimated one, in A/m2, for the remedies."""
    if any(each.event == "no vortex at rest" for each in runs):
        yield failure(
            "no_vortex_at_rest", "The relaxed disc has no vortex in its middle. Choose a larger or thicker disc."
        )
        return
    for event, code, words, remedy in _EVENTS:
        if found := [each for each in runs if each.event == event]:
            yield limitation(code, f"At {_currents(found)} the core {words}: the run is in no fit. {remedy}")
    usable = [each for each in runs if not each.event]
    fitted = [each for each in usable if each.use == "fitted"]
    if len(fitted) < _FEWEST:
        yield failure(
            "too_few_orbits",
            f"Only {len(fitted)} fitted currents have an orbit, and {_FEWEST} are needed. The threshold is estimated "
            f"at {value_label(threshold, 'A/m^2', 3)}; give currents from there to a quarter more.",
        )
        return
    if decaying := [each for each in usable if each.decays]:
        yield limitation(
            "below_threshold",
            f"At {_currents(decaying)} the orbit shrinks: the current is below the threshold. There is no radius to "
            "predict there. Give stronger currents.",
        )
    judged = [each for each in usable if each.use == "judged" and not each.decays]
    if not judged:
        yield failure("nothing_judged", "No judged current has an orbit. Choose others between the fitted ones.")
    if lost := [each for each in judged if each.model_radius is None]:
        yield failure(
            "model_loses_core",
            f"At {_currents(lost)} the equation loses the core, and the run has an orbit. Fit it at stronger currents.",
        )
    for name, code, words, allowed in _ALLOWED:
        errors = [(error, _currents([each])) for each in judged if (error := each.error(name)) is not None]
        worst, current = max(errors, default=(0.0, ""))
        if worst > allowed:
            yield Reason(
                code=code,
                weight="failed" if worst > _FAILED * allowed else "limited",
                sentence=f"At {current}, which no fit saw, the {words} is off by {worst:.1%}, more than {allowed:.0%}. "
                "Fit more currents near it.",
            )
    known = [(each, each.steady / each.radius) for each in judged if each.radius and each.steady is not None]
    if unsteady := [each for each, ratio in known if abs(ratio - 1) > _UNSTEADY]:
        yield limitation(
            "orbit_still_changes",
            f"At {_currents(unsteady)} the orbit at the end of the run is off the steady one by more than "
            f"{_UNSTEADY:.0%}: it is compared at equal times. Near the threshold transients are long; run longer.",
        )
    if texture is not None and max(abs(each - 1) for each in texture.values()) > _TEXTURE:
        yield limitation(
            "texture_disagrees",
            f"The fitted damping is {texture['damping']:.2f} times, the torque {texture['torque']:.2f} times what the "
            "texture of the frames has: the equation leaves out something of these runs, or the cells are too coarse.",
        )


def _currents(runs: Sequence[OrbitRun]) -> str:
    """Currents in words, with the times of events."""
    times = ["" if each.event_time is None else f" ({value_label(each.event_time, 's', 3)})" for each in runs]
    return ", ".join(value_label(each.current, "A/m^2", 3) + time for each, time in zip(runs, times, strict=True))
