"""Start of the fit: how a texture shrinks near an edge, and the edge's force, both read off trajectories."""

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

    Nearer than any skyrmion came, they stay what they were there. `local_texture` is their change with the film's
    material, which the table leaves out. None if no run has tensors.
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

    `dynamics` is without an edge's force; others, such as a landscape's, are taken off. Returns places (samples, 2) in
    m between two samples, forces (samples, 2) in N, and currents in A/m2.
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
    """Fit an edge's force to what Thiele's equation without it leaves over, as a start for whole trajectories."""
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
