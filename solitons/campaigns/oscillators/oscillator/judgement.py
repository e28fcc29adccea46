"""Whether a fitted oscillator may be used: what speaks against it.

Limits are round numbers, given with their ground; none was fitted to a pillar.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from geometries.quantities import format_quantity
from solitons.campaigns.oscillators.oscillator.following import ROUND
from solitons.campaigns.oscillators.oscillator.results import DrivenOscillator, HeatedLine, LockingPair
from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.reasons import beside_trivial
from solitons.fits.trivial_model import TrivialModel
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_fit", "about_lines", "about_locking", "about_runs"]

_OFF_AXIS = math.radians(30)
"""Angle between the axis of an orbit and the given one beyond which p is no amplitude."""
_FREQUENCY, _WRONG_FREQUENCY = 0.01, 0.05
_POWER = 0.1
_OPEN = 0.1
"""Half interval of the threshold over it."""
_LINE, _SLIPS = 1.5, 1.5


def about_runs(
    driven: Sequence[DrivenOscillator], turned: float, threshold: float | None, injected: bool = False
) -> Iterator[Reason]:
    """What the runs did that no oscillator of one amplitude does; `injected` is whether locking is asked for."""
    oscillating = [each for each in driven if each.oscillates]
    if len(oscillating) < 3:
        estimate = (
            "" if threshold is None else f"; the threshold is estimated at {format_quantity(threshold, 'A/m^2', 3)}"
        )
        yield failure(
            "too_few_orbits",
            f"{len(oscillating)} of {len(driven)} runs end on an orbit above the threshold, and three are "
            f"needed{estimate}. Give more currents above it, or longer runs.",
        )
    if turned > _OFF_AXIS:
        yield failure(
            "other_axis",
            f"The moment turns about a direction {math.degrees(turned):.0f} degrees from the axis taken, so that its "
            "power is no amplitude. Give fit.axis along the middle of the orbit.",
        )
    if any((each.frequency or 0.0) < 0 for each in oscillating):
        yield failure(
            "turns_backwards",
            "The moment turns against the sense in which it turns about a field along the axis. Give fit.axis the "
            "other way round.",
        )
    elliptic = max((each.ellipticity or 0.0 for each in oscillating), default=0.0)
    if injected and elliptic > ROUND:
        yield limitation(
            "orbit_not_round",
            f"The orbits are ellipses: the part that turns backwards is up to {elliptic:.2f} of the other. Half of a "
            "field that alternates is what acts on round orbits only, so that no locking is predicted.",
        )
    lost = [each for each in driven if each.role == "lost"]
    if lost:
        yield limitation(
            "runs_lost",
            f"{len(lost)} of {len(driven)} runs turn too few times to be followed, and are left out. Give longer runs.",
        )
    uneven = [each for each in driven if each.role == "not uniform"]
    if uneven:
        worst = min(each.least_length or 0.0 for each in uneven)
        first = min(abs(each.current) for each in uneven)
        yield limitation(
            "not_uniform",
            f"From {format_quantity(first, 'A/m^2', 3)} on the layer does not turn as a whole: the mean moment falls "
            f"to {worst:.2f} of its length. These runs are left out; the model ends below them.",
        )
    unsteady = [each for each in driven if each.role == "no orbit"]
    if unsteady:
        yield limitation(
            "no_steady_orbit",
            f"{len(unsteady)} of {len(driven)} runs grow and come to no steady orbit. They are left out; give longer "
            "runs, or currents that do not switch the moment.",
        )


def about_fit(
    unseen: Sequence[DrivenOscillator],
    frequency_error: float,
    power_error: float,
    trivial: TrivialModel | None,
    threshold: FittedParameter,
    below: bool,
) -> Iterator[Reason]:
    """How well the model predicts currents that it has not seen; errors are relative root mean squares."""
    if not unseen:
        yield limitation(
            "nothing_held_out",
            "No current that oscillates was left for the fit to predict. Give more currents above the threshold.",
        )
        return
    if trivial is not None:
        yield from beside_trivial(
            frequency_error,
            trivial.rms,
            f"The frequency at unseen currents is off by {frequency_error:.2%}, and by {trivial.rms:.2%} if "
            f"{trivial.says}. ",
            nothing="The equation explains nothing here.",
            little="The equation explains little here.",
            least=_FREQUENCY / 10,
        )
    if frequency_error > _FREQUENCY:
        yield Reason(
            code="frequency_off",
            weight="failed" if frequency_error > _WRONG_FREQUENCY else "limited",
            sentence=f"The frequency at unseen currents is off by {frequency_error:.2%}: it does not follow from the "
            "power alone. Give more currents, closer together.",
        )
    if power_error > _POWER:
        yield limitation(
            "power_off",
            f"The power at unseen currents is off by {power_error:.0%}. Just above the threshold it comes to rest "
            "late; give longer runs.",
        )
    reach = (threshold.high - threshold.low) / 2 / abs(threshold.value)
    if not reach < _OPEN or not below:
        yield limitation(
            "threshold_open",
            f"The threshold is known to {reach:.0%} only"
            + (", with no current below it. " if not below else ". ")
            + "Give a current at half of it, whose decay shows the damping.",
        )


def about_lines(lines: Sequence[HeatedLine]) -> Iterator[Reason]:
    """Whether the model's line with heat is that of the ensembles."""
    known = [
        (each.current, whose, line, line.width, each.model_width)
        for each in lines
        for whose, line in (("one moment", each.moment), ("micromagnetics", each.run))
        if line is not None and line.width is not None and each.model_width is not None
    ]
    # Runs are few and short: only what their interval shuts out is off.
    off = [
        (abs(math.log(width / model)), current, whose, width, model)
        for current, whose, line, width, model in known
        if abs(math.log(width / model)) > math.log(_LINE)
        and (whose == "one moment" or not (line.lower or 0.0) <= model <= (line.upper or math.inf))
    ]
    if off:
        _, current, whose, width, model = max(off)
        yield limitation(
            "line_off",
            f"At {format_quantity(current, 'A/m^2', 3)} the line of {whose} with heat is "
            f"{format_quantity(width, 'Hz', 3)} wide, and that of the model {format_quantity(model, 'Hz', 3)}.",
        )
    if lines and not known:
        yield limitation(
            "line_not_resolved",
            "No line with heat is wider than the records resolve. Give a longer heat.duration.",
        )


def about_locking(pairs: Sequence[LockingPair]) -> Iterator[Reason]:
    """Whether an injected signal locks what the model says, and slips with heat as often."""
    beyond = [each for each in pairs if each.low is None]
    if beyond:
        yield limitation(
            "no_range",
            f"{len(beyond)} of {len(pairs)} pairs of a current and a signal have no range of locking in the model: "
            f"{beyond[0].missing}.",
        )
    checks = [each for pair in pairs for each in pair.checks]
    wrong = [each for each in checks if each.locked is not None and each.locked != each.locks]
    if wrong:
        yield limitation(
            "locking_differs",
            f"{len(wrong)} of {len(checks)} runs near a border of locking show the other of what the model predicts.",
        )
    if any(each.locked is None for each in checks):
        yield limitation(
            "locking_unseen",
            "A run with an injected signal could not be followed. Give a longer injection.hold.",
        )
    for each in pairs:
        if each.slips and each.model_slips and each.slips.unlike(each.model_slips, _SLIPS):
            yield limitation(
                "slips_differ",
                f"With heat, the runs at {format_quantity(each.current, 'A/m^2', 3)} and {each.signal} slip "
                f"{each.slips.words}, and the model {each.model_slips.words}.",
            )
            return
    loose = [each for each in pairs if each.model_slips and not each.held]
    if loose:
        yield limitation(
            "heat_unlocks",
            f"With heat, {len(loose)} of {len(pairs)} signals hold nothing: they do not halve the slips of the free "
            "phase. Inject a stronger signal, or take a larger or colder layer.",
        )
