"""The skyrmion of a run, from its track and terminals, and what it becomes at rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis import find_skyrmions
from analysis.artificial_runs import complete_run
from geometries import Material, SkyrmionTrack
from geometries.quantities import format_quantity
from geometries.skyrmions.paths import StraightPath
from geometries.skyrmions.skyrmions import PackedSkyrmions, Skyrmion
from runs import RunSpec
from runs.system import build_system
from solitons.drives.current_torques import material_under_current, torques_of
from solitons.skyrmions.bends import bends_of
from solitons.skyrmions.forces import AbstractForce, ForceSum
from solitons.skyrmions.landscape import Landscape, even_track, is_uneven, landscape_of
from solitons.skyrmions.near_edge import edge_force_from, near_edge_from
from solitons.skyrmions.pair_force import pair_force_from
from solitons.skyrmions.thiele import ThieleDynamics, thiele_from_texture
from solitons.skyrmions.trajectory import SkyrmionTrajectory, nearest_pair

__all__ = ["check_rest", "landscape_in", "skyrmion_of", "torques_along", "track_of"]

# In A/m: the texture has its shape long before it has gone to the middle of a track.
_AT_REST = 20.0
_CELLS = 200_000
_EVALUATIONS = 5000  # several times what a film takes that has a skyrmion


def track_of(spec: RunSpec) -> SkyrmionTrack:
    """The track of a run; ValueError if the device is no skyrmion track, or one that is neither straight nor curved."""
    device = spec.device
    if not isinstance(device, SkyrmionTrack):
        raise ValueError(
            f"base.device.kind is {device.kind!r}, but skyrmions run in a track; give a device of kind 'skyrmion_track'"
        )
    try:
        bends_of(device, spec.material)
    except ValueError as error:
        raise ValueError(f"base.device.{error}") from None
    if device.path.kind != "straight" and is_uneven(device):
        raise ValueError(
            "base.device has parts, an anisotropy_gradient or grains in a curved track, and the model's landscape is "
            "one of a straight track; leave them out, or give a path of kind 'straight'"
        )
    return device


def torques_along(spec: RunSpec) -> tuple[str, ...]:
    """How the current along a track acts, as `torques_of` has it.

    ValueError if a current does not go along the bends of a curved track.
    """
    if spec.device.current_paths() is not None:
        for terminal, _ in spec.in_time.channels(spec.device):
            if not getattr(terminal, "along_path", False):
                raise ValueError(
                    f"base.device.terminals: the current of {terminal.name!r} goes along x, and the model's current "
                    "along the track; give the terminal along_path: true, or a path of kind 'straight'"
                )
    return torques_of(spec, moved="skyrmion", device="track")


def landscape_in(spec: RunSpec, runs: Sequence[SkyrmionTrajectory]) -> Landscape | None:
    """The landscape of a track's skyrmion, with the texture of the first run that has one; None for an even track.

    ValueError if no trajectory of this track has its texture.
    """
    if not is_uneven(track_of(spec)):
        return None
    for run in runs:
        if run.texture is not None and run.radius is not None and run.wall_width is not None:
            centre = float(run.position[0, 0]), float(run.position[0, 1])
            size, others = (float(run.radius[0]), run.wall_width), () if run.others is None else run.others
            return landscape_of(run.texture, spec, centre, size, others)
    raise ValueError(f"run {spec.run_id}: no trajectory has its texture; make it by trajectory_from")


def skyrmion_of(
    spec: RunSpec, runs: Sequence[SkyrmionTrajectory], landscape: Landscape | None = None
) -> ThieleDynamics:
    """The skyrmion of a run from textures, material and velocities: where a fit starts.

    `runs` are those that may be fitted, with the tensors of their samples; the force of the `landscape` is added to the
    edges'. ValueError if no run has its texture's tensors.
    """
    track = track_of(spec)
    tensors = next((run.tensors for run in runs if run.tensors is not None), None)
    if tensors is None:
        raise ValueError(f"run {spec.run_id}: no trajectory has the tensors of its texture; make it by trajectory_from")
    torques, bends = torques_along(spec), bends_of(track, spec.material)
    force = None if landscape is None else landscape.force()
    local = None if landscape is None else landscape.texture()
    free = thiele_from_texture(
        tensors,
        material_under_current(spec),
        track.thickness,
        torques,
        force=force,
        near_edge=near_edge_from(runs, local),
        local_texture=local,
        bends=bends,
    )
    parts: list[AbstractForce] = [edge_force_from(free, runs)]
    if force is not None:
        parts.append(force)
    if (nearest := nearest_pair(runs)) is not None:
        if bends is not None:
            raise ValueError(
                "base.device.skyrmions has several in a curved track, and the force between two is that of a straight "
                "one; give one skyrmion, or a path of kind 'straight'"
            )
        first = next(run for run in runs if run.radius is not None and run.wall_width is not None)
        assert first.radius is not None
        assert first.wall_width is not None
        size = float(np.nanmedian(first.radius)), first.wall_width
        parts.append(pair_force_from(material_under_current(spec), track.thickness, size, distance=nearest))
    return replace(free, force=parts[0] if len(parts) == 1 else ForceSum(tuple(parts)))


def check_rest(spec: RunSpec) -> float | None:
    """Radius in m of a run's first skyrmion, relaxed without a current by the native engine.

    A piece as long as twice the track's width is relaxed, unless that has notches or rough edges, in the material in
    which the skyrmion starts: where the material differs elsewhere, `Landscape.at_limit` holds what it becomes. None
    for a film of more than 200,000 cells, which is not looked at. ValueError if it is not stable, naming what the film
    becomes and what to change in which direction.
    """
    import runs.native as nc

    whole = track_of(spec)
    material = _material_at_start(whole, spec.material)
    track = _piece(even_track(whole))  # of a curved one a straight piece: away from its ends and edges they are alike
    if math.prod(track.shape) > _CELLS:
        return None
    system = build_system(spec.model_copy(update={"device": track, "material": material}), drive=False)
    stopping = max(_AT_REST, spec.numerics.stopping_torque)
    try:
        m, _ = nc.minimise(system, stopping_mxHxm=stopping, max_iterations=_EVALUATIONS)
    except nc.MinimisationError:
        raise ValueError(
            f"base: without a current the film does not come to rest within {_EVALUATIONS} evaluations of its field; "
            "check the constants of base.material, and take cells that are smaller than its wall width"
        ) from None
    found = find_skyrmions(complete_run(m[None], np.zeros(1), track.cell_centres(), {}, kind="relaxed"))
    kinds = found["kind"].values[0].tolist()
    state = str(found["state"].values[0])
    if kinds != ["skyrmion"] or state != "skyrmions":
        raise ValueError(f"base: {_became(track, material, state, kinds)}")
    radius, width = float(found["radius"].values[0, 0]), float(found["width"].values[0, 0])
    if radius + math.pi / 2 * min(width, radius) > track.width / 2:
        raise ValueError(
            f"base: at rest the skyrmion fills the track: its radius is {_short(radius, 'm')}, and its wall reaches "
            f"both edges of a track {_short(track.width, 'm')} wide. Make base.device.width larger, or lower "
            "base.material.D in size"
        )
    return radius


def _material_at_start(track: SkyrmionTrack, material: Material) -> Material:
    """Material of the part in which the first skyrmion starts, with the anisotropy that a gradient gives there."""
    first = track.skyrmions[0]
    if isinstance(first, PackedSkyrmions):
        return material
    x, y = first.places()[0]
    cell = int(x / track.cell[0]), int(y / track.cell[1]), 0
    local = next((part.material for part in track.placed_parts(material) if part.cells[cell]), material)
    factor = track.model_copy(update={"grains": None}).relative_anisotropy()
    return local if factor is None else local.model_copy(update={"Ku": local.Ku * float(factor[cell])})


def _piece(track: SkyrmionTrack) -> SkyrmionTrack:
    """A piece of an even track, with its skyrmion in the middle: away from the ends nothing depends on x."""
    uneven = (track.notches, track.edge_roughness)
    first = track.skyrmions[0]
    if isinstance(first, PackedSkyrmions):
        return track
    x, y = first.places()[0]
    across = float(track.along_middle((x, y))[0][1])
    shared = {name: getattr(first, name) for name in ("kind", "radius", "width", "helicity", "polarity")}
    step = track.cell[0]
    length = step * math.ceil(max(2 * track.width, 6 * first.radius) / step)
    if any(uneven) or length >= track.length:
        return track.model_copy(update={"skyrmions": (Skyrmion(position=(x, y), **shared),)})
    centred = Skyrmion(position=(length / 2, across), **shared)
    return track.model_copy(update={"path": StraightPath(length=length), "skyrmions": (centred,)})


def _became(track: SkyrmionTrack, material: Material, state: str, kinds: list[str]) -> str:
    anisotropy, strength = material.effective_anisotropy, abs(material.D)
    if state == "in the plane" or anisotropy <= 0:
        return (
            "at rest the film is magnetised in its plane, and no skyrmion is stable; raise base.material.Ku above "
            f"mu0 Ms^2 / 2 = {_short(material.Ku - anisotropy, 'J/m^3')}"
        )
    most = 4 * math.sqrt(material.A * anisotropy) / math.pi
    beside = (
        f"|D| = {_short(strength, 'J/m^2')} is {strength / most:.0%} of 4 sqrt(A K_eff) / pi = "
        f"{_short(most, 'J/m^2')}, from where on stripes cost less than a uniform film"
    )
    if state == "uniform":
        described = track.skyrmions[0]
        y = track.width / 2
        if not isinstance(described, PackedSkyrmions):
            y = float(track.along_middle(described.places()[0])[0][1])
        room = min(y, track.width - y) - described.radius
        if room < math.pi / 2 * material.wall_width:
            return (
                f"at rest the skyrmion has left by an edge, which was {_short(room, 'm')} from its outline; put it "
                "farther inside, or make base.device.width larger"
            )
        return (
            f"at rest the skyrmion has collapsed, and the film is uniform: {beside}. Raise base.material.D in size, "
            "lower Ku, or take finer cells"
        )
    if "domains" in state or "stripe domain" in kinds:
        return (
            f"at rest the skyrmion has become stripes: {beside}. Lower base.material.D in size, raise Ku, or put a "
            "field along the film's magnetisation"
        )
    return f"at rest the film has {', '.join(kinds)} in the place of one skyrmion; give one of kind 'skyrmion'"


def _short(value: float, unit: str) -> str:
    return format_quantity(float(f"{value:.3g}"), unit)
