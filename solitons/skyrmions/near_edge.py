"""What the fit begins with: how a texture shrinks near an edge, and the edge's force, both read off trajectories."""

from __future__ import annotations

from collections.abc import Sequence

import jax
import numpy as np
import numpy.typing as npt
from scipy import optimize

from solitons.skyrmions.forces import EdgeForce
from solitons.skyrmions.simulation import velocities_at
from solitons.skyrmions.thiele import LocalTexture, NearEdge, ThieleDynamics
from solitons.skyrmions.trajectory import SkyrmionTrajectory

__all__ = ["edge_force_from", "measured_forces", "near_edge_from", "outline_near_edge"]

Floats = npt.NDArray[np.float64]

_ROWS = 12


def near_edge_from(runs: Sequence[SkyrmionTrajectory], local_texture: LocalTexture | None = None) -> NearEdge | None:
    """Tabulate D and S against the distance from the edge, over those at the start of the first run.

    Nearer than any skyrmion came, they stay what they were there.

    Parameters
    ----------
    runs : sequence of SkyrmionTrajectory
        With the tensors of every sample.
    local_texture : LocalTexture, optional
        How they change with the film's material, which the table leaves out.

    Returns
    -------
    NearEdge or None
        None if no run has tensors.

    Examples
    --------
    >>> from runs import PiecewiseLinear
    >>> time, drive = np.array([0.0, 1e-9]), PiecewiseLinear((0.0,), (4e11,))
    >>> places = np.array([[100e-9, 30e-9], [140e-9, 44e-9]])
    >>> tensors = {"dissipation": np.array([17.0, 15.8]), "spin_orbit": np.array([8.0e-8, 6.4e-8])}
    >>> run = SkyrmionTrajectory("0123456789abcdef", time, places, drive, edges=(0.0, 60e-9), **tensors)
    >>> table = near_edge_from([run])
    >>> (table.distances * 1e9).round().tolist(), table.spin_orbit.round(2).tolist()  # nm; over that at the start
    ([16.0, 30.0], [0.8, 1.0])
    """
    rows, first = [], None
    for run in runs:
        if run.dissipation is not None and run.spin_orbit is not None:
            tensors = np.stack([run.dissipation, run.spin_orbit])
            first = tensors[:, :1] if first is None else first
            shares = tensors / first
            if local_texture is not None:
                shares = shares / np.array(local_texture.factors(run.position))
            rows.append(np.concatenate([_distances(run)[None], shares]))
    if not rows:
        return None
    table = np.concatenate(rows, axis=1)
    table = table[:, np.isfinite(table).all(axis=0)]
    # Bins of equal width, each with the mean of what is in it.
    bins = np.linspace(table[0].min(), table[0].max(), _ROWS + 1)
    which = np.clip(np.digitize(table[0], bins) - 1, 0, _ROWS - 1)
    filled = [which == index for index in range(_ROWS) if (which == index).any()]
    means = np.array([table[:, each].mean(axis=1) for each in filled])
    low, high = runs[0].edges
    return NearEdge(low, high, means[:, 0], means[:, 1], means[:, 2], runs[0].bends)


def _distances(run: SkyrmionTrajectory) -> Floats:
    """From the nearer edge in m, as far as a straight one would be that acts alike."""
    if run.bends is None:
        return run.edge_distance
    y = run.position[:, 1]
    both = np.stack([y - run.edges[0], run.edges[1] - y]) + np.asarray(run.bends.farther(run.position))
    found: Floats = both.min(axis=0)
    return found


def outline_near_edge(runs: Sequence[SkyrmionTrajectory]) -> float:
    """Give where the wall ends of the skyrmion that came nearest to an edge, from its centre in m; 0 if not known.

    Examples
    --------
    >>> from runs import PiecewiseLinear
    >>> time, drive = np.array([0.0, 1e-9]), PiecewiseLinear((0.0,), (4e11,))
    >>> places, outline = np.array([[100e-9, 30e-9], [140e-9, 44e-9]]), np.array([15e-9, 13e-9])
    >>> run = SkyrmionTrajectory("0123456789abcdef", time, places, drive, edges=(0.0, 60e-9), outline=outline)
    >>> outline_near_edge([run])  # m, of the second sample
    1.3e-08
    """
    seen = [
        (float(distance), float(outline))
        for run in runs
        if run.outline is not None
        for distance, outline in zip(run.edge_distance, run.outline, strict=True)
        if np.isfinite(distance)
    ]
    return min(seen)[1] if seen else 0.0


def measured_forces(dynamics: ThieleDynamics, runs: Sequence[SkyrmionTrajectory]) -> tuple[Floats, Floats, Floats]:
    """Give the force that the equation leaves over, from the velocities of trajectories.

    Parameters
    ----------
    dynamics : ThieleDynamics
        Without an edge's force; others, such as a landscape's, are taken off.
    runs : sequence of SkyrmionTrajectory

    Returns
    -------
    places : array (samples, 2)
        In m, between two samples.
    forces : array (samples, 2)
        In N.
    currents : array (samples,)
        In A/m2.

    Examples
    --------
    Two samples of a skyrmion that an edge pushes, as the equation itself has them:

    >>> from dataclasses import replace
    >>> from runs import PiecewiseLinear
    >>> edges = EdgeForce(low=0.0, high=60e-9, strength=3.6e-12, distance=14e-9, decay=8e-9)
    >>> film = ThieleDynamics(-4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4)
    >>> place, time = np.array([[100e-9, 44e-9]]), np.array([0.0, 1e-12])
    >>> step = replace(film, force=edges).velocities(place, 0.0) * time[1]
    >>> still = PiecewiseLinear((0.0,), (0.0,))
    >>> ends = np.concatenate([place - step / 2, place + step / 2])
    >>> run = SkyrmionTrajectory("made", time, ends, still, edges=(0.0, 60e-9))
    >>> _, forces, _ = measured_forces(film, [run])
    >>> f"{forces[0, 1] * 1e12:.2f} pN measured, {edges.force(place)[0, 1] * 1e12:.2f} pN put in"  # across the track
    '-3.26 pN measured, -3.26 pN put in'
    """
    places, velocities, currents = [], [], []
    for run in runs:
        middle = (run.position[1:] + run.position[:-1]) / 2
        velocity = np.diff(run.position, axis=0) / np.diff(run.time)[:, None]
        there = np.isfinite(velocity).all(axis=1)
        places.append(middle[there])
        velocities.append(velocity[there])
        currents.append(run.current_density((run.time[1:] + run.time[:-1]) / 2)[there])
    where, moving, driven = (np.concatenate(each) for each in (places, velocities, currents))
    free = velocities_at(dynamics, where, driven)
    left = moving - free
    if dynamics.bends is not None:
        left[:, 0] *= np.asarray(dynamics.bends.stretch(where))
    forces: Floats = -np.einsum("nij,nj->ni", dynamics.response(where), left) / float(dynamics.velocity_per_force)
    return where, forces, driven


def edge_force_from(dynamics: ThieleDynamics, runs: Sequence[SkyrmionTrajectory]) -> EdgeForce:
    """Fit an edge's force to what Thiele's equation leaves over; where the fit of whole trajectories begins.

    Parameters
    ----------
    dynamics : ThieleDynamics
        Without an edge's force.
    runs : sequence of SkyrmionTrajectory

    Examples
    --------
    Skyrmions that an edge pushes away, from two distances, give its force back:

    >>> from dataclasses import replace
    >>> from runs import PiecewiseLinear
    >>> from solitons.skyrmions import follow_skyrmions
    >>> edges = EdgeForce(low=0.0, high=60e-9, strength=3.6e-12, distance=14e-9, decay=8e-9)
    >>> film = ThieleDynamics(-4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4)
    >>> times, still, runs = np.linspace(0, 0.5e-9, 11), PiecewiseLinear((0.0,), (0.0,)), []
    >>> for y in (11e-9, 15e-9):
    ...     path = follow_skyrmions(replace(film, force=edges), times, still, positions=[[100e-9, y]])[:, 0]
    ...     runs.append(SkyrmionTrajectory(f"from {y} m", times, path, still, edges=(0.0, 60e-9)))
    >>> found = edge_force_from(film, runs)
    >>> f"{found.strength * 1e12:.1f} pN, {found.distance * 1e9:.0f} nm, {found.decay * 1e9:.0f} nm"
    '3.6 pN, 14 nm, 8 nm'
    """
    where, forces, _ = measured_forces(dynamics, runs)
    low, high = runs[0].edges
    width, size = high - low, max(float(np.abs(forces[:, 1]).max()), 1e-18)

    def edge_force(vector: Floats) -> EdgeForce:
        strength, distance, decay = vector * (size, width, width)
        return EdgeForce(low, high, strength, distance, decay, dynamics.bends)

    def left(vector: Floats) -> Floats:
        return np.asarray(edge_force(vector).force(where) - forces)[:, 1] / size

    with jax.enable_x64(True):
        best = min(
            (
                optimize.least_squares(left, (1.1, at, decay), bounds=([1e-3, 0.02, 0.01], [20.0, 0.5, 0.5]))
                for at in (0.15, 0.3)
                for decay in (0.05, 0.15)
            ),
            key=lambda found: float(found.cost),
        )
    return edge_force(best.x)
