"""Readings of the junction between pulses: of a run's film, and of the model's skyrmions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import jax
import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import tunnel_junction
from runs import RunSpec
from solitons.campaigns.skyrmions.observation import Observed, paths_of
from solitons.campaigns.skyrmions.skyrmion_synapse.settings import RowReadOut
from solitons.drives.drive_steps import pulses_of
from solitons.fits.verdict import Reason, failure
from solitons.skyrmions.fit import ThieleFit
from solitons.skyrmions.junction import SkyrmionJunction, skyrmion_junction
from solitons.skyrmions.trajectory import SkyrmionTrajectory

__all__ = [
    "Reading",
    "about_reach",
    "about_steps",
    "conductance_at_rests",
    "covered_window",
    "junction_over",
    "level_step",
    "read",
    "rest_samples",
]

Floats = npt.NDArray[np.float64]

# Shares of a level: with such steps the state is off by a level after ten pulses; beyond a half a level is read as its
# neighbour at once.
_OFF, _LOST = 0.1, 0.5
# Share of a level: less than half a skyrmion under the junction.
_REACHED = 0.5


@dataclass(frozen=True, eq=False)
class Reading:
    """Conductance of the junction at rest in a run, in S, (pulses + 1,), in the film and by the model's skyrmions.

    It is read before the first pulse and at the end of the rest behind each.
    """

    measured: Floats
    predicted: Floats

    @property
    def offset(self) -> float:
        """By how much in S the film conducts more than the model before the first pulse."""
        return float(self.measured[0] - self.predicted[0])

    @property
    def step_errors(self) -> Floats:
        """Excess in S of the model's steps over the film's, one per pulse."""
        return np.diff(self.predicted) - np.diff(self.measured)


def covered_window(x: Floats, window: tuple[float, float]) -> tuple[float, float]:
    """Ends in m of the cells whose centres lie in a window, as `tunnel_junction` takes them."""
    inside, half = x[(x > window[0]) & (x < window[1])], (x[1] - x[0]) / 2
    return float(inside[0] - half), float(inside[-1] + half)


def junction_over(spec: RunSpec, read_out: RowReadOut, run: SkyrmionTrajectory, core: int) -> SkyrmionJunction:
    """The model's junction over the cells that the read-out covers, for the skyrmions of a trajectory at its start."""
    centres = np.asarray((np.arange(spec.device.shape[0]) + 0.5) * spec.device.cell[0], dtype=np.float64)
    assert run.radius is not None
    assert run.wall_width is not None
    size = float(run.radius[0]), run.wall_width
    return skyrmion_junction(read_out, covered_window(centres, read_out.window), run.width, size, core)


def level_step(junction: SkyrmionJunction) -> float:
    """By how much in S a skyrmion well under the junction changes its conductance."""
    middle = np.array([(float(junction.left) + float(junction.right)) / 2])
    with jax.enable_x64(True):
        one, none = (float(junction.conductance(middle, np.array([there]))) for there in (True, False))
    return one - none


def rest_samples(run: SkyrmionTrajectory) -> npt.NDArray[np.intp]:
    """The last sample before each pulse of a run, and its last one."""
    starts = pulses_of(run.current_density)[:, 0]
    # A sample at a pulse's start is still at rest.
    before = np.searchsorted(run.time, starts + 1e-6 * (run.time[1] - run.time[0]), side="right") - 1
    return np.append(np.maximum(before, 0), run.time.size - 1)


def read(
    dataset: xr.Dataset, observed: Observed, fit: ThieleFit, read_out: RowReadOut, junction: SkyrmionJunction
) -> Reading:
    """Read a run between its pulses, and the model's row beside it; `junction` is from `junction_over`."""
    rests = rest_samples(observed.trajectories[0])
    measured = conductance_at_rests(dataset, observed, read_out)
    x = paths_of(fit, observed)[rests, :, 0]
    with jax.enable_x64(True):
        predicted = np.asarray(junction.conductance(np.nan_to_num(x), np.isfinite(x)))
    return Reading(measured, predicted)


def conductance_at_rests(dataset: xr.Dataset, observed: Observed, read_out: RowReadOut) -> Floats:
    """Conductance of a run's film in S before its first pulse and at the end of the rest behind each."""
    first = observed.trajectories[0]
    # Trajectories begin at the last sample before the current.
    frames = dataset.isel(t=rest_samples(first) + dataset.sizes["t"] - first.time.size)
    found = tunnel_junction(
        frames,
        read_out.window,
        tmr=read_out.tmr,
        resistance_area=read_out.resistance_area,
        polariser=read_out.polariser,
    )["conductance"].values
    return np.asarray(found, dtype=np.float64)


def about_reach(readings: Sequence[Reading], step: float) -> Iterator[Reason]:
    """Whether a skyrmion comes under the junction at all: steps of nothing are predicted by any model.

    `step` is the step of a level in S.
    """
    widest = max(float(np.ptp(each.measured)) for each in readings) / abs(step)
    if widest >= _REACHED:
        return
    yield failure(
        "window_not_reached",
        f"In no run does the junction's conductance change by more than {widest:.0%} of a level: no "
        "skyrmion comes under it. Nothing is known of what it reads: move read_out.window nearer to the row, or "
        "use stronger or longer pulses.",
    )


def about_steps(errors: Sequence[Floats], step: float) -> Iterator[Reason]:
    """Reasons against the model from its steps of conductance.

    `errors` are of the steps of each held-out run in S, `step` is the step of a level in S.
    """
    if not errors:
        return
    off = float(np.abs(np.concatenate(errors)).mean() / abs(step))
    if off <= _OFF:
        return
    yield Reason(
        code="steps_off",
        weight="failed" if off > _LOST else "limited",
        sentence=f"In held-out runs a pulse's step of conductance is off by {off:.0%} of a level on average (more "
        f"than {_OFF:.0%}). Skyrmions rest elsewhere than the model has them, or are not of the size that they had "
        "at the start: lengthen the rest between pulses, or take weaker ones.",
    )
