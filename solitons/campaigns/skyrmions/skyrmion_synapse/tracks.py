"""Tracks of one drawing among other grains: followed by the fitted skyrmion in their landscapes, and some also run.

The model is fitted to the base's track, which may be even; no fit sees the others. Where three or more of them are run,
the spread is the runs', and the model in their landscapes is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from runs import RunSpec
from solitons.campaigns.framework.axes import replaced
from solitons.campaigns.framework.device_samples import Sample, seed_axis, spread_words
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.skyrmions.observation import Observed, all_trajectories
from solitons.campaigns.skyrmions.skyrmion_synapse.checks import row_of
from solitons.campaigns.skyrmions.skyrmion_synapse.reading import rest_samples
from solitons.campaigns.skyrmions.skyrmion_synapse.results import TracksResult
from solitons.campaigns.skyrmions.skyrmion_synapse.settings import TrackGrains, TracksSettings
from solitons.devices.device_spread import FEWEST_DEVICES, device_spread
from solitons.devices.spreads import Spreads
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation
from solitons.skyrmions.fit import ThieleFit
from solitons.skyrmions.forces import ForceSum, LandscapeForce
from solitons.skyrmions.landscape import Landscape
from solitons.skyrmions.runs import landscape_in, track_of
from solitons.skyrmions.simulation import follow_skyrmions
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["Tracks", "about_tracks", "followed_tracks", "in_landscape", "tracks_in_words"]

Floats = npt.NDArray[np.float64]

_OFF = 0.5
"""Share of the spread from track to track: the model's largest error in tracks that were run."""
_STUCK = 0.1
"""Share of the even track's step: a row that moves less far is stuck."""


@dataclass(frozen=True, eq=False)
class Tracks:
    """Rows in tracks of one drawing.

    `found` is None where too few tracks keep their row. `followed` (tracks, pulses + 1) is the mean place of each
    track's row in m by the model, before the first pulse and after each; `measured` the same in micromagnetics, by the
    seed; `even` of the fitted row in the base's own track, by the model.
    """

    found: TracksResult | None
    spreads: Spreads
    followed: Floats
    measured: dict[int, Floats]
    seeds: tuple[int, ...]
    even: Floats | None = None

    @property
    def contradicted(self) -> list[int]:
        """Seeds of tracks in which the row is lost by the model and not in micromagnetics, or the other way round."""
        return [
            seed
            for seed, path in self.measured.items()
            if seed in self.seeds
            and np.isfinite(path).all() != np.isfinite(self.followed[self.seeds.index(seed)]).all()
        ]


def spec_with(base: RunSpec, seed: int, grains: TrackGrains | None = None) -> RunSpec:
    """The same run in the track of another seed, with grains of its own if the base's track is even.

    Something in the track must be random, and not both may have grains.
    """
    content = base.model_dump(mode="json")
    if grains is not None:
        if content["device"].get("grains") is not None:
            raise ValueError(
                "devices.grains is given, and base.device.grains too; leave the first out to draw those of the base "
                "anew, or the second to fit an even track"
            )
        content["device"]["grains"] = grains.model_dump(mode="json") | {"seed": seed}
    return RunSpec.model_validate(replaced(content, [seed_axis(content, [seed])], (float(seed),)))


def in_landscape(dynamics: ThieleDynamics, landscape: Landscape) -> ThieleDynamics:
    """The same skyrmion in another track's landscape."""
    old = dynamics.force.parts if isinstance(dynamics.force, ForceSum) else (dynamics.force,)
    parts = (*(part for part in old if not isinstance(part, LandscapeForce)), landscape.force())
    return replace(dynamics, force=ForceSum(parts), local_texture=landscape.texture(), provenance=None)


def followed_tracks(
    fit: ThieleFit,
    observed: Sequence[Observed],
    base: RunSpec,
    settings: TracksSettings,
    stages: Stages,
    conductance: Mapping[int, Floats] | None = None,
    step: float = 1.0,
) -> Tracks:
    """Follow the fitted row through the base run's pulses in every track, and compare those that were run.

    Rows start where the track is drawn with them, and come to rest as the protocol has it. `observed` are all runs,
    including other tracks; `conductance` (pulses + 1,) by seed is of the tracks that were run, in S at the
    rests, without which their levels are not compared; `step` is the step of a level in S.
    """
    trajectories = all_trajectories([each for each in observed if each.spec.run_id in fit.predicted])
    places = np.array(row_of(track_of(base)).places(), dtype=np.float64)
    protocol = base.in_time
    times = np.concatenate([[0.0], protocol.pulse_edges()[:, 0], [protocol.duration]])

    def rests(dynamics: ThieleDynamics) -> Floats:
        path = follow_skyrmions(dynamics, times, protocol.current_density, positions=places)
        # A skyrmion that has left is NaN from then on, and its row with it.
        return np.asarray(path[1:, :, 0].mean(axis=1))

    even = rests(replace(fit.dynamics, provenance=None))
    followed = []
    for seed in stages.over("Tracks of other grains", settings.seeds):
        landscape = landscape_in(spec_with(base, seed, settings.grains), trajectories)
        assert landscape is not None
        followed.append(rests(in_landscape(fit.dynamics, landscape)))
    measured = {
        each.run.role.seed: _measured(each, len(places)) for each in observed if isinstance(each.run.role, Sample)
    }
    rows = np.array(followed)
    by_runs = len(measured) >= FEWEST_DEVICES
    looked_at = np.array(list(measured.values())) if by_runs else rows
    try:
        spread = device_spread(looked_at)
    except ValueError:
        return Tracks(None, Spreads(), rows, measured, settings.seeds, even)
    errors = [rows[settings.seeds.index(seed)] - path for seed, path in measured.items() if seed in settings.seeds]
    errors = [each for each in errors if np.isfinite(each).all()]
    kept = looked_at[np.isfinite(looked_at).all(axis=1)]
    steps, even_step = np.abs(np.diff(kept, axis=1)).mean(axis=1), float(np.abs(np.diff(even)).mean())
    read_alike = _levels(conductance, step) if by_runs and conductance else (None, None)
    found = TracksResult(
        spread=spread,
        measured=by_runs,
        step=float(steps.mean()),
        even_step=even_step,
        stuck=int((steps < _STUCK * even_step).sum()),
        levels=read_alike[0],
        possible=read_alike[1],
        checked=len(errors),
        rms_checked=float(np.sqrt(np.mean(np.square(errors)))) if errors else None,
    )
    spreads = Spreads(gain=spread.gain or 0.0, place=spread.place, devices=spread.devices - spread.lost)
    return Tracks(found, spreads, rows, measured, settings.seeds, even)


def _levels(conductance: Mapping[int, Floats], step: float) -> tuple[int, int]:
    """How many skyrmions under the junction all tracks agree on after the same pulses, and how many there are to tell.

    The reading of most tracks after a pulse is taken as the correct one.
    """
    read = np.array([np.rint((each - each[0]) / step) for each in conductance.values()])
    usual = np.rint(np.median(read, axis=0))
    every = set(usual.tolist())
    return len(every - set(usual[(read != usual).any(axis=0)].tolist())), len(every)


def _measured(run: Observed, count: int) -> Floats:
    """Mean place of a run's row at its rests; NaN once a skyrmion has left, and throughout where rest has lost one."""
    rests = rest_samples(run.trajectories[0])
    if len(run.trajectories) < count:
        return np.full(rests.size, np.nan)
    return np.asarray(np.mean([each.position[rests, 0] for each in run.trajectories], axis=0))


def tracks_in_words(tracks: Tracks | None) -> str:
    """By how much tracks differ, in sentences; empty where that is not known."""
    if tracks is None or tracks.found is None:
        return ""
    how = "run in micromagnetics, " if tracks.found.measured else ""
    return spread_words(
        tracks.found.spread, f"tracks of one drawing, {how}each with grains or edges of its own,", "the row"
    )


def about_tracks(tracks: Tracks) -> Iterator[Reason]:
    """Reasons against the spread from track to track."""
    if tracks.found is None:
        looked_at = list(tracks.measured.values()) if len(tracks.measured) >= FEWEST_DEVICES else list(tracks.followed)
        kept = sum(bool(np.isfinite(each).all()) for each in looked_at)
        yield limitation(
            "tracks_lose_row",
            f"How tracks differ is not known: the row stays in {kept} of {len(looked_at)} tracks of "
            "other grains. Use weaker pulses, or grains that differ less.",
        )
        return
    found, spread = tracks.found, tracks.found.spread
    if found.stuck:
        yield limitation(
            "tracks_stuck",
            f"In {found.stuck} of {spread.devices - spread.lost} tracks of other grains the base run's "
            "pulses move the row less than a tenth as far as in the base's own track. Use stronger pulses, or "
            "grains that differ less.",
        )
    if spread.lost:
        yield limitation(
            "tracks_lose_row",
            f"In {spread.lost} of {spread.devices} tracks of other grains the base run's pulses drive a "
            "skyrmion out. The spread from track to track is that of the others.",
        )
    if found.measured:
        # The runs give the spread; the model in their landscapes is only shown for comparison.
        return
    if tracks.contradicted:
        named = ", ".join(map(str, tracks.contradicted))
        yield limitation(
            "tracks_off",
            f"In the tracks of seeds {named} the model and micromagnetics do not agree on whether the row "
            "stays: how far tracks differ is not known. Use weaker pulses, or grains that differ less.",
        )
    elif found.rms_checked is None:
        run = "the row stays in none of those that were run in" if tracks.measured else "none of them was run in"
        yield limitation(
            "tracks_unchecked",
            f"How tracks differ follows from the model in their landscapes, and {run} micromagnetics. "
            "Name some in devices.checked.",
        )
    elif not found.rms_checked <= _OFF * found.spread.at_rest:
        yield limitation(
            "tracks_off",
            f"In {found.checked} tracks of other grains that were also run, the model's row rests "
            f"{value_label(found.rms_checked, 'm', 2)} from where micromagnetics has it (root mean square). Tracks "
            f"differ by {value_label(found.spread.at_rest, 'm', 2)}: how far they differ is known in its order of "
            "magnitude only.",
        )
