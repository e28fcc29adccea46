"""What a campaign's runs show: walls, read-out and pulses of every run, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from analysis import pulses, tunnel_junction, walls
from runs import RunSpec, Store
from solitons.campaigns.dw_synapse.description import Extract
from solitons.campaigns.dw_synapse.stripe_device import stripe_of
from solitons.walls.trajectory import Trajectory, trajectory_from
from solitons.walls.wall_dynamics import WallDynamics, wall_from_material

__all__ = ["Observation", "material_wall", "observe", "observe_all"]


@dataclass(frozen=True, eq=False)
class Observation:
    """One run and what was read off it.

    Parameters
    ----------
    spec : RunSpec
        The run's spec.
    run : xarray.Dataset
        The run, lazy.
    walls : xarray.Dataset
        `analysis.walls` of it.
    junction : xarray.Dataset
        `analysis.tunnel_junction` of it.
    pulses : xarray.Dataset
        `analysis.pulses` of all three.
    trajectory : Trajectory
        The first wall, as the fit takes it.
    """

    spec: RunSpec
    run: xr.Dataset
    walls: xr.Dataset
    junction: xr.Dataset
    pulses: xr.Dataset
    trajectory: Trajectory


def material_wall(observation: Observation) -> WallDynamics:
    """What the material constants alone say of a run's wall: where a fit starts, and what it is compared with."""
    spec, stripe = observation.spec, stripe_of(observation.spec)
    return wall_from_material(
        spec.material,
        polarity=observation.trajectory.polarity,
        thickness=stripe.thickness,
        stripe_width=stripe.width,
        torques=spec.in_time.torques,
    )


def observe(spec: RunSpec, run: xr.Dataset, extract: Extract) -> Observation:
    """Read walls, junction and pulses off a run.

    Raises
    ------
    ValueError
        If there is no wall at the start, or the device is no stripe or has no read-out window.
    """
    stripe = stripe_of(spec)
    if stripe.readout_window is None:
        raise ValueError(
            f"run {spec.run_id}: device.readout_window is not given, so there is no junction to read; add one"
        )
    found = walls(run)
    if found.sizes["wall"] == 0:
        raise ValueError(f"run {spec.run_id}: no domain wall was found; give device.walls a position")
    junction = tunnel_junction(
        run,
        stripe.window_mask(),
        tmr=extract.tmr,
        resistance_area=extract.resistance_area,
        polariser=extract.polariser,
    )
    edges = spec.in_time.pulse_edges()
    return Observation(
        spec=spec,
        run=run,
        walls=found,
        junction=junction,
        pulses=pulses(run, found, junction, pulse_edges=edges),
        trajectory=trajectory_from(run, found, length=stripe.length),
    )


def observe_all(
    specs: Mapping[tuple[float, ...], RunSpec],
    store: str | Path,
    extract: Extract,
    progress: Callable[[], None] = lambda: None,
) -> dict[tuple[float, ...], Observation]:
    """`observe` every run of a campaign; `progress` is called after each."""
    folder = Store(Path(store))
    observations = {}
    for point, spec in specs.items():
        observations[point] = observe(spec, folder.open(spec.run_id), extract)
        progress()
    return observations
