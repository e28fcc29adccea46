"""Holding of a stripe's wall by the runs themselves: whether it rests, and which pulses free it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from solitons.campaigns.domain_walls.dw_synapse.observation import Observation
from solitons.devices.places import Place, which_place
from solitons.domain_walls.simulation import follow_walls
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation

__all__ = ["about_depinning", "about_overshoot", "about_ringing", "ends_of"]

Ends = Callable[[Observation, int, float], float]

_MARGIN = 0.05
"""By which a pulse must miss the prediction: the landscape's push comes out some per cent too strong."""
_ALIKE = 0.01
"""By which two pulses of one width differ, as they are seen between frames."""
_LAST = 0.25
"""Share of a rest at its end over which a wall that rests stands still."""


@dataclass(frozen=True)
class _Tried:
    """A pulse that met a wall in a place."""

    well: int
    place: Place
    pulse: int
    amplitude: float
    width: float
    stays: bool
    settled_before: bool
    settled_after: bool
    observation: Observation

    @property
    def predicted(self) -> float | None:
        """The weakest current density of this sign that is predicted to free the wall, as a size."""
        sizes = [
            abs(each.drive)
            for each in self.place.passages
            if each.drive is not None and each.drive * self.amplitude > 0
        ]
        return min(sizes, default=None)


def ends_of(wall: WallDynamics, angle: float) -> Ends:
    """Position of a model's wall, phi = `angle` (rad) at rest, after a pulse of a run and the rest behind it.

    The function takes a run, the number of its pulse and the place in m at which the wall rests before it, and returns
    a place in m.
    """
    # The caller compares with what micromagnetics does, also beyond the currents of the fit.
    free = replace(wall, provenance=None)

    def end(observation: Observation, pulse: int, place: float) -> float:
        run = observation.trajectory
        times = [float(observation.pulses[edge][pulse]) for edge in ("start", "rest_end")]
        path = follow_walls(free, times, run.current_density, run.field, position=place, angle=angle)
        return float(path.position[0, -1])

    return end


def about_depinning(
    places: Sequence[Place], width: float, observations: Sequence[Observation], cell: float, ends: Ends
) -> Iterator[Reason]:
    """Pulses of the runs that hold or free the wall against what the landscape predicts.

    A pulse as long as the predicted one (`width` in s) and stronger must not leave the wall in its well, and one that
    is weaker and no longer must not take it away. A wall may come back after a pulse that is stronger than one that
    frees it, so a pulse contradicts only where the model's own wall does otherwise under it (`ends`, from `ends_of`).
    The prediction is of a wall at rest, and of where it ends: pulses that meet a wall which still moves, or leave one
    that does, contradict nothing. A wall that moves by less than `cell` (m) in the last quarter of a rest is at rest.
    """

    def contradicts(tried: _Tried) -> bool:
        end = ends(tried.observation, tried.pulse, tried.place.position)
        return bool((which_place(end, places) == tried.well) != tried.stays)

    held, freed = [], []
    for tried in _pulses_at(places, observations, cell):
        predicted, alike = tried.predicted, abs(tried.width - width) <= _ALIKE * width
        if predicted is None:
            continue
        stronger = abs(tried.amplitude) > (1 + _MARGIN) * predicted and (alike or tried.width > width)
        if tried.stays and stronger and tried.settled_before and tried.settled_after:
            held.append((abs(tried.amplitude) / predicted, tried, predicted))
        weaker = abs(tried.amplitude) < (1 - _MARGIN) * predicted and (alike or tried.width < width)
        if not tried.stays and tried.settled_before and weaker:
            freed.append((predicted / abs(tried.amplitude), tried, predicted))
    found = []
    for several, does, so in ((held, "holds the wall against", "weak"), (freed, "frees the wall by", "strong")):
        worst_first = sorted(several, key=lambda each: -each[0])
        worst, predicted = next(((tried, size) for _, tried, size in worst_first if contradicts(tried)), (None, 0.0))
        if worst is not None:
            found.append(
                f"At {value_label(worst.place.position, 'm', digits=3)} micromagnetics {does} a pulse of "
                f"{value_label(abs(worst.amplitude), 'A/m^2', digits=3)} and {value_label(worst.width, 's', digits=3)} "
                f"({worst.observation.point}), where {value_label(predicted, 'A/m^2', digits=3)} is predicted to be "
                f"needed: the model holds the wall too {so}ly"
            )
    if found:
        remedy = "Use no predicted depinning current of this device; run pulses around it."
        yield limitation("depinning_off", f"{'. '.join(found)}. {remedy}")


def about_overshoot(places: Sequence[Place], observations: Sequence[Observation]) -> Iterator[Reason]:
    """Pulses of the runs of which none takes the wall to the next place, as all that free it take it further."""
    moves = []
    for observation in observations:
        wells = which_place(observation.positions_at_rest, places)
        inside = (wells[:-1] >= 0) & (wells[1:] >= 0)
        moves += np.abs(np.diff(wells))[inside].tolist()
    freed = [each for each in moves if each]
    if not freed or min(freed) == 1:
        return
    yield limitation(
        "overshoots",
        f"Every pulse of the runs that frees the wall takes it over {min(freed)} places or more at once, "
        "so that places between them are not set. Use shorter or weaker pulses.",
    )


def _pulses_at(places: Sequence[Place], observations: Sequence[Observation], cell: float) -> Iterator[_Tried]:
    """Every pulse that met a wall in a well: within the wall's own width of its lowest place."""
    for observation in observations:
        reach = np.pi * float(np.nanmean(observation.widths))
        rests, pulses = observation.positions_at_rest, observation.pulses
        wells = which_place(rests, places)
        still = [True, *(moved <= cell for moved in _last_moves(observation))]
        for index, amplitude in enumerate(pulses["amplitude"].values):
            well = wells[index]
            if well >= 0 and amplitude and abs(rests[index] - places[well].position) <= reach:
                yield _Tried(
                    int(well),
                    places[well],
                    index,
                    float(amplitude),
                    float(pulses["end"][index] - pulses["start"][index]),
                    bool(wells[index + 1] == well),
                    still[index],
                    still[index + 1],
                    observation,
                )


def _last_moves(observation: Observation) -> list[float]:
    """How far the wall moves in the last quarter of the rest after each pulse, in m; infinite where it is not there."""
    run, pulses, found = observation.trajectory, observation.pulses, []
    for end, rest_end in zip(pulses["end"].values, pulses["rest_end"].values, strict=True):
        seen = run.position[(run.time >= rest_end - _LAST * (rest_end - end)) & (run.time <= rest_end)]
        found.append(float(np.ptp(seen)) if seen.size > 1 and np.isfinite(seen).all() else np.inf)
    return found


def about_ringing(observations: Sequence[Observation], cell: float) -> list[Reason]:
    """Walls that still move at the end of the rests of the runs; for a fit that failed, whose model cannot tell.

    A pulse that moves a wall by less than `cell` (of the mesh along the stripe, in m) sets no conductance.
    """
    moves = []
    for observation in observations:
        rests = (observation.pulses["rest_end"] - observation.pulses["end"]).values
        seen = zip(_last_moves(observation), rests, strict=True)
        moves += [(moved, rest, observation) for moved, rest in seen if np.isfinite(moved)]
    if not moves:
        return []
    most, rest, where = max(moves, key=lambda each: each[0])
    middle = float(np.median([each[0] for each in moves]))
    if most <= cell:
        return []
    return [
        limitation(
            "not_at_rest",
            f"In the runs the wall still moves by up to {value_label(most, 'm', digits=2)} "
            f"({value_label(middle, 'm', digits=2)} or more after half of the pulses) in the last quarter of the rest "
            f"of {value_label(float(rest), 's', digits=2)} after a pulse ({where.point}): what a pulse does depends on "
            "when the next one comes. Make the pulses' period longer, or the damping larger.",
        )
    ]
