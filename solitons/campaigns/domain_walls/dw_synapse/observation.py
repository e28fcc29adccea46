"""Observation of a stripe's run: its wall, the junction's read-out, and the effect of each pulse."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import pulses, thiele_width, tunnel_junction, walls
from analysis.domain_walls.absence import NoWalls
from runs import CurrentPulses, RunSpec
from solitons.campaigns.framework.base import SweptPoint
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.domain_walls.runs import stripe_of
from solitons.domain_walls.trajectory import Trajectory, trajectory_from

__all__ = ["NoWallError", "Observation", "observe", "pulse_trains"]


class NoWallError(ValueError):
    """There is no wall at the start of a run."""


def pulse_trains(spec: RunSpec) -> list[CurrentPulses]:
    """The trains of current pulses of a run."""
    return [step for step in spec.in_time.steps if isinstance(step, CurrentPulses)]


@dataclass(frozen=True, eq=False)
class Observation:
    """One run and what was measured in it.

    `point` has its values on the swept axes, `run` is lazy, and `walls`, `junction` and `pulses` are from `analysis`.
    The trajectory is the first wall's, as the fit takes it; `widths` in m are its widths in some frames: Thiele's
    (`analysis.thiele_width`), and where an end or another wall is too near in all of them, the width by the slope at
    its middle.
    """

    spec: RunSpec
    point: SweptPoint
    run: xr.Dataset
    walls: xr.Dataset
    junction: xr.Dataset
    pulses: xr.Dataset
    trajectory: Trajectory
    widths: npt.NDArray[np.float64]

    @property
    def positions_at_rest(self) -> npt.NDArray[np.float64]:
        """Position of the first wall in m, before the pulses and after the rest behind each; NaN once it is gone."""
        before = float(self.walls["position"].isel(wall=0).interp(t=self.pulses["start"][0]))
        steps = (self.pulses["displacement"] + self.pulses["rest_displacement"]).isel(wall=0).values
        positions: npt.NDArray[np.float64] = before + np.append(0.0, np.cumsum(steps))
        return positions

    @property
    def conductances_at_rest(self) -> npt.NDArray[np.float64]:
        """Conductance of the junction in S, before the pulses and after the rest behind each."""
        after = self.pulses["conductance"].values
        conductances: npt.NDArray[np.float64] = np.append(self.pulses.attrs["initial_conductance"], after)
        return conductances

    @property
    def conductance_steps(self) -> npt.NDArray[np.float64]:
        """By how much each pulse, with the rest behind it, changes the conductance in S."""
        steps: npt.NDArray[np.float64] = np.diff(
            self.pulses["conductance"].values, prepend=self.pulses.attrs["initial_conductance"]
        )
        return steps

    @property
    def peak(self) -> float:
        """Largest current density in A/m2."""
        return float(np.abs(self.trajectory.current_density.values).max())


def observe(
    spec: RunSpec, point: SweptPoint, run: xr.Dataset, read_out: JunctionReadOut, what: str = ""
) -> Observation:
    """Measure walls, junction and pulses in a run; `what` names it where it belongs to no sweep.

    A run without a wall at the start raises `NoWallError` with its swept values.
    """
    try:
        return _observed(spec, point, run, read_out)
    except ValueError as error:
        label = what or str(point)
        at = f" (run {spec.run_id}: {label})" if label else ""
        lost = isinstance(error, NoWallError)
        raise (NoWallError if lost else ValueError)(f"{error}{at}") from error


def _observed(spec: RunSpec, point: SweptPoint, run: xr.Dataset, read_out: JunctionReadOut) -> Observation:
    stripe = stripe_of(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoWalls)  # which is an error here
        found = walls(run)
    if found.sizes["wall"] == 0:
        raise NoWallError(f"no domain wall was found: {found.attrs['no_walls']}")
    if not np.isfinite(found["position"][0]).any():
        raise NoWallError(
            "no domain wall is there in the first frame, only in later ones, so that no position is known from which "
            "the pulses move it; look at the first frames, and put the wall further from an end, or where something "
            "holds it"
        )
    junction = tunnel_junction(
        run,
        stripe.window_mask(),
        tmr=read_out.tmr,
        resistance_area=read_out.resistance_area,
        polariser=read_out.polariser,
    )
    widths = thiele_width(run, found).values
    if not np.isfinite(widths).any():
        widths = found["width"].isel(wall=0).values
    return Observation(
        spec=spec,
        point=point,
        run=run,
        walls=found,
        junction=junction,
        pulses=pulses(run, found, junction, pulse_edges=spec.in_time.pulse_edges()),
        trajectory=trajectory_from(run, found, length=stripe.length),
        widths=widths,
    )
