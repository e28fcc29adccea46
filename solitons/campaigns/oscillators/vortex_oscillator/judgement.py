"""Whether the equation of a vortex core may be used: what speaks against it.

The limits of the errors are those that a design of oscillators needs: 3 % of the radius, 1 % of the frequency, 5 % of
the time to reach the orbit; beyond three times of that the equation has failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.oscillators.vortex_oscillator.results import OrbitRun, TextureCheck
from solitons.figures import value_label
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_orbits"]

_FEWEST = 3
_ALLOWED = {"radius": 0.03, "frequency": 0.01, "rise_time": 0.05}
_WORDS = {"radius": "orbit radius", "frequency": "frequency", "rise_time": "time to 90 % of the orbit"}
_FAILED = 3.0
_UNSTEADY = 0.05
_TEXTURE = 0.1


def about_orbits(runs: Sequence[OrbitRun], threshold: float, texture: TextureCheck | None = None) -> Iterator[Reason]:
    """Find what speaks against the equation; `threshold` is the estimated one, in A/m2, for the remedies."""
    estimate = value_label(threshold, "A/m^2", 3)
    lacking = [each for each in runs if each.event == "no vortex at rest"]
    if lacking:
        yield failure(
            "no_vortex_at_rest",
            "The relaxed disc has no vortex in its middle: none is at rest in it. Choose a larger or thicker disc.",
        )
        return
    for event, code, words in (
        ("expulsion", "core_expelled", "leaves the disc"),
        ("reversal", "core_reversed", "reverses its polarity"),
    ):
        found = [each for each in runs if each.event == event]
        if found:
            when = ", ".join(
                f"{value_label(each.current, 'A/m^2', 3)} ({value_label(each.event_time or 0.0, 's', 3)})"
                for each in found
            )
            yield limitation(
                code,
                f"The core {words} at {when}: these runs have no orbit and are in no fit. The equation does not know "
                "the event. Use weaker currents.",
            )
    short = [each for each in runs if each.event == "too few turns"]
    if short:
        yield limitation(
            "too_few_turns",
            f"At {_currents(short)} the core makes fewer than four turns about the middle: the run is in no fit. Run "
            "it longer, or kick the core farther.",
        )
    usable = [each for each in runs if not each.event]
    fitted = [each for each in usable if each.use == "fitted"]
    if len(fitted) < _FEWEST:
        yield failure(
            "too_few_orbits",
            f"Only {len(fitted)} fitted currents have an orbit, and {_FEWEST} are needed. The threshold is estimated "
            f"at {estimate}; give currents from there to a quarter more.",
        )
        return
    decaying = [each for each in usable if each.decays]
    if decaying:
        yield limitation(
            "below_threshold",
            f"At {_currents(decaying)} the orbit shrinks: the current is below the threshold. There is no radius to "
            "predict there. Give stronger currents.",
        )
    judged = [each for each in usable if each.use == "judged" and not each.decays]
    if not judged:
        yield failure(
            "nothing_judged",
            "No judged current has an orbit, so that nothing shows what the equation is worth. Choose others "
            "between the fitted ones.",
        )
    lost = [each for each in judged if each.model_radius is None]
    if lost:
        yield failure(
            "model_loses_core",
            f"The equation loses the core at {_currents(lost)}, where the run has an orbit. Fit it at stronger "
            "currents.",
        )
    for name, code in (("radius", "radius_off"), ("frequency", "frequency_off"), ("rise_time", "transient_off")):
        errors = [(error, each) for each in judged if (error := each.error(name)) is not None]  # type: ignore[arg-type]
        worst, run = max(errors, key=lambda pair: pair[0], default=(0.0, None))
        if run is not None and worst > _ALLOWED[name]:
            yield Reason(
                code=code,
                weight="failed" if worst > _FAILED * _ALLOWED[name] else "limited",
                sentence=f"At {value_label(run.current, 'A/m^2', 3)}, which no fit saw, the {_WORDS[name]} is off by "
                f"{worst:.1%}, more than {_ALLOWED[name]:.0%}. Fit more currents near it.",
            )
    unsteady = [
        each
        for each in judged
        if each.steady is not None and each.radius is not None and abs(each.steady / each.radius - 1) > _UNSTEADY
    ]
    if unsteady:
        yield limitation(
            "orbit_still_changes",
            f"At {_currents(unsteady)} the orbit at the end of the run is not the steady one yet, by more than "
            f"{_UNSTEADY:.0%}: it is compared at equal times. Near the threshold transients are long; run longer.",
        )
    if texture is not None and max(abs(texture.damping - 1), abs(texture.torque - 1)) > _TEXTURE:
        yield limitation(
            "texture_disagrees",
            f"The fitted damping is {texture.damping:.2f} times, the torque {texture.torque:.2f} times what the "
            "texture of the frames has: the equation leaves out something of these runs, or the cells are too coarse.",
        )


def _currents(runs: Sequence[OrbitRun]) -> str:
    return ", ".join(value_label(each.current, "A/m^2", 3) for each in runs)
