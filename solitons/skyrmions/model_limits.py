"""Checks for runs beyond the model of a skyrmion: its motion, its neighbours, bends and the film's material.

Each function gives reasons (`solitons.fits.verdict.Reason`), none where nothing speaks against the model. Limits are
round numbers, given with their ground where they are defined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from solitons.figures import value_label
from solitons.fits.verdict import Reason, failure, limitation
from solitons.skyrmions.fit import ThieleFit
from solitons.skyrmions.judgement import interval_text
from solitons.skyrmions.landscape import Landscape
from solitons.skyrmions.trajectory import SkyrmionTrajectory, nearest_pair

__all__ = ["about_bends", "about_landscape", "about_motion", "about_pairs"]

# Share of 4 pi: a texture that the mesh resolves has a whole charge.
_WHOLE = 0.03
# A skyrmion that breathes this much is not rigid.
_BREATHES = 0.5
# Radii of the outline: at 2.2 of them an end has pushed a skyrmion by 5 nm in 2 ns.
_NEAR_END = 2.5
# Radius of a bend's inner edge over the one at which the skyrmion's wall ends: the next order is left out.
_TIGHT = 2.0
# Share of the radius: beyond it the landscape of one texture is off by a tenth and more.
_RESIZED = 0.2


def about_motion(runs: Sequence[SkyrmionTrajectory], cell: float, length: float | None = None) -> Iterator[Reason]:
    """Reasons from what the skyrmions did that a rigid texture does not, in all runs.

    `cell` is in m; with the `length` of the track in m, from x = 0 on, also whether its ends push.
    """
    way = max(float(np.nanmax(np.hypot(*(run.position - run.position[0]).T))) for run in runs)
    if way < cell:
        yield failure(
            "stuck",
            f"No current moves the skyrmion by a cell ({_nm(cell)}): it is pinned, or the currents are "
            "too weak or too short.",
        )
    if ends := [run for run in runs if run.at_end]:
        yield limitation(
            "at_end",
            f"In {len(ends)} of {len(runs)} runs the skyrmion comes to an end of the track, where the model stops: "
            "whether an edge would hold it is not known. Make the track longer, or the current shorter.",
        )
    if near := [run for run in runs if length is not None and not run.at_end and _feels_end(run, length)]:
        yield limitation(
            "near_end",
            f"{len(near)} of {len(runs)} skyrmions come near an end of the track, within {_NEAR_END:g} "
            "times the radius at which their wall ends: it pushes them, and the model has no ends. Start farther "
            "inside, or make the track longer.",
        )
    charges = [abs(run.tensors.gyration) / (4 * np.pi) for run in runs if run.tensors is not None]
    if charges and abs(charges[0] - 1) > _WHOLE:
        yield limitation(
            "charge_not_whole",
            f"At the start the charge within the skyrmion's reach is {charges[0]:.3f} in place of 1: the "
            "cells are too coarse for its wall, or an edge is too near.",
        )
    far = [
        float(np.nanmax(np.abs(run.radius / run.radius[0] - 1))) for run in runs if run.radius is not None and run.stays
    ]
    if far and max(far) > _BREATHES:
        yield limitation(
            "not_rigid",
            f"The skyrmion's radius changes by up to {max(far):.0%} on its way: a rigid texture is a poor "
            "picture of it. Use weaker currents.",
        )


def about_bends(runs: Sequence[SkyrmionTrajectory]) -> Iterator[Reason]:
    """Whether a track bends too much for what the model knows of bends."""
    for run in runs:
        if run.bends is None or run.outline is None:
            continue
        sharpest = float(np.abs(np.asarray(run.bends.curvature)).max())
        inner, outline = 1 / sharpest - run.width / 2, float(run.outline[0])
        if inner < _TIGHT * outline:
            yield limitation(
                "tight_bend",
                f"The inner edge of the bend has a radius of {_nm(inner)}, less than {_TIGHT:g} times that at which "
                f"the skyrmion's wall ends, {_nm(outline)}: the model of an edge is one of a gentle bend.",
            )
            return


def _feels_end(run: SkyrmionTrajectory, length: float) -> bool:
    there = run.present
    if run.outline is None:
        return False
    to_end = np.minimum(run.position[there, 0], length - run.position[there, 0])
    return bool((to_end < _NEAR_END * run.outline[there]).any())


def about_landscape(
    landscape: Landscape | None, runs: Sequence[SkyrmionTrajectory], lost: Sequence[SkyrmionTrajectory] = ()
) -> Iterator[Reason]:
    """How far the landscape (None for an even track) holds where the skyrmions of fitted and held-out runs went.

    `lost` are other runs, in which a skyrmion was lost.
    """
    if landscape is None:
        return
    places = np.concatenate([run.position[run.present] for run in runs])
    if landscape.on_way(landscape.at_limit, places).any():
        yield failure(
            "no_skyrmion_there",
            "On its way the skyrmion comes to material in which, by its energy, it collapses or bursts: "
            "no landscape of one texture holds there.",
        )
        return
    if burst := [run for run in lost if run.expelled and _burst(landscape, run)]:
        yield limitation(
            "no_skyrmion_there",
            f"In {len(burst)} of {len(lost)} runs that were not fitted the skyrmion is lost where it "
            "comes to material in which, by its energy, it collapses or bursts: no edge expels it there, and the "
            "model does not predict when that happens.",
        )
        return
    sizes = landscape.on_way(landscape.size, places)
    far = float(sizes[np.abs(sizes - 1).argmax()])
    if abs(far - 1) <= _RESIZED:
        return
    yield limitation(
        "landscape_changes_texture",
        f"In the material on its way the skyrmion's radius would be {far:.2f} times that at the start: "
        "the landscape is that of a texture which changes its size only, and is a rough one here.",
    )


def _burst(landscape: Landscape, run: SkyrmionTrajectory) -> bool:
    """Whether a skyrmion was last seen within its radius of a place where no size of it is stable."""
    last = int(np.flatnonzero(run.present)[-1])
    x, y = run.position[last]
    radius = 0.0 if run.radius is None else float(run.radius[last])
    near = np.hypot(landscape.x[:, None] - x, landscape.y[None, :] - y) <= radius
    return bool((near & landscape.at_limit).any())


def about_pairs(fit: ThieleFit, runs: Sequence[SkyrmionTrajectory]) -> Iterator[Reason]:
    """Whether skyrmions of the fitted runs came near enough to each other to determine the force between them."""
    strength = next((each for each in fit.parameters if each.name == "pair_strength"), None)
    if strength is None:
        return
    unbound = not {"pair_strength", "pair_decay"} & set(fit.at_bound)
    if unbound and strength.low > 0 and strength.high - strength.low < 2 * strength.value:
        return
    nearest = nearest_pair(runs)
    there = f"came {_nm(nearest)} near to each other at most" if nearest is not None else "were never there together"
    yield limitation(
        "pairs_not_seen",
        f"The runs do not determine the force between skyrmions, which {there}: "
        f"{interval_text(strength).removeprefix('Pair strength = ')} N. Start them nearer to each other.",
    )


def _nm(length: float) -> str:
    return value_label(length, "m", digits=2)
