"""Whether a fitted skyrmion may be used: what its errors, its parameters and the skyrmions themselves say against it.

Each function gives reasons (`solitons.verdict.Reason`), none where nothing speaks against the model. Limits are round
numbers, given with their ground where they are defined.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solitons.figures import number_label, value_label
from solitons.skyrmions.expulsion import Expulsion
from solitons.skyrmions.fit import FittedNumber, ThieleFit
from solitons.skyrmions.landscape import Landscape
from solitons.skyrmions.trajectory import SkyrmionTrajectory, nearest_pair, position_errors
from solitons.skyrmions.trivial_models import trivial_models
from solitons.trivial_model import TrivialModel
from solitons.verdict import Reason

__all__ = [
    "about_bends",
    "about_errors",
    "about_expulsion",
    "about_landscape",
    "about_motion",
    "about_pairs",
    "about_parameters",
    "best_trivial",
    "rms_error",
]

# A fit that leaves more than half of what the best trivial model leaves has explained little of the motion.
_LITTLE = 0.5
# Of the track's width: what a read-out tells apart, and what no read-out could use.
_OFF, _LOST = 0.02, 0.1
# The texture's own tensors and the material's constants give a free skyrmion's velocity to 1 %.
_DOUBTFUL, _ABSURD = 1.2, 2.0
# Of the expulsion current: the force of an edge has hardly any curvature in runs below.
_FAR_BELOW = 0.75
# Of 4 pi: a texture that the mesh shows has a whole charge.
_WHOLE = 0.03
# A skyrmion that breathes this much is not rigid.
_BREATHES = 0.5
# Of the outline: at 2.2 of them an end has pushed a skyrmion by 5 nm in 2 ns.
_NEAR_END = 2.5
# Of the radius of a bend's inner edge, over that at which the skyrmion's wall ends: the next order is left out.
_TIGHT = 2.0
# Of the radius: beyond it the landscape of one texture is off by a tenth and more.
_RESIZED = 0.2


def best_trivial(runs: Sequence[SkyrmionTrajectory], held_out: set[str]) -> TrivialModel | None:
    """The trivial model that says best where the skyrmions of held-out runs are; None if none is there."""
    tests = [run for run in runs if run.run_id in held_out and run.present[1:].any()]
    trained = [run for run in runs if run.run_id not in held_out]
    return trivial_models(trained, tests)[0] if tests else None


def rms_error(fit: ThieleFit, runs: Sequence[SkyrmionTrajectory]) -> float | None:
    """Root mean square distance in m of the model from the positions in held-out runs; None without any."""
    held_out = set(fit.provenance.held_out)
    errors = [position_errors(run, fit.path_of(run)) for run in runs if run.run_id in held_out]
    off = np.concatenate([np.empty(0), *errors])
    return float(np.sqrt(np.mean(off**2))) if off.size else None


def about_errors(fit: ThieleFit, runs: Sequence[SkyrmionTrajectory], cell: float) -> list[Reason]:
    """What the errors on held-out runs say against a fit.

    Parameters
    ----------
    fit : ThieleFit
        With held-out runs.
    runs : sequence of SkyrmionTrajectory
        Those that were fitted and those that were held out.
    cell : float
        Of the mesh in m.
    """
    best, rms = best_trivial(runs, set(fit.provenance.held_out)), rms_error(fit, runs)
    if best is None or rms is None:
        return [
            Reason(
                code="untested",
                weight="failed",
                sentence="In no held-out run is the skyrmion there after the start, so that nothing is known of the "
                "model's error. Use weaker currents.",
            )
        ]
    found = []
    if rms > max(0.2 * cell, _LITTLE * best.rms):
        useless = rms >= best.rms
        found.append(
            Reason(
                code="no_better_than_trivial" if useless else "little_better_than_trivial",
                weight="failed" if useless else "limited",
                sentence=f"The model is off by {_nm(rms)} in the held-out runs; to say that {best.says} is off by "
                f"{_nm(best.rms)}"
                + (", so that the model explains nothing of the motion." if useless else ": it explains little more."),
            )
        )
    lost = [run for run in runs if (run.present & ~np.isfinite(fit.path_of(run)).all(axis=1)).any()]
    if lost:
        found.append(
            Reason(
                code="lost_by_the_model",
                weight="limited",
                sentence=f"In {len(lost)} of {len(runs)} runs the model expels a skyrmion that is still there.",
            )
        )
    share = fit.held_out_error / fit.width
    if not share <= _OFF:
        found.append(
            Reason(
                code="position_off",
                weight="failed" if not share <= _LOST else "limited",
                sentence=f"Positions in held-out runs are off by {_nm(fit.held_out_error)} on average, {share:.1%} of "
                f"the track's width (more than {_OFF:.0%}).",
            )
        )
    return found


def about_motion(runs: Sequence[SkyrmionTrajectory], cell: float, length: float | None = None) -> list[Reason]:
    """What the skyrmions did that a rigid texture does not.

    Parameters
    ----------
    runs : sequence of SkyrmionTrajectory
        All of them.
    cell : float
        Of the mesh in m.
    length : float, optional
        Of the track in m, from x = 0 on: whether its ends push is asked where it is given.
    """
    found = []
    way = max(float(np.nanmax(np.hypot(*(run.position - run.position[0]).T))) for run in runs)
    if way < cell:
        found.append(
            Reason(
                code="stuck",
                weight="failed",
                sentence=f"No current moves the skyrmion by a cell ({_nm(cell)}): it is pinned, or the currents are "
                "too weak or too short.",
            )
        )
    if ends := [run for run in runs if run.at_end]:
        found.append(
            Reason(
                code="at_end",
                weight="limited",
                sentence=f"In {len(ends)} of {len(runs)} runs the skyrmion comes to an end of the track, where "
                "the model stops: whether an edge would hold it is not known. Make the track longer, or "
                "the current shorter.",
            )
        )
    if near := [run for run in runs if length is not None and not run.at_end and _feels_end(run, length)]:
        found.append(
            Reason(
                code="near_end",
                weight="limited",
                sentence=f"{len(near)} of {len(runs)} skyrmions come near an end of the track, within {_NEAR_END:g} "
                "times the radius at which their wall ends: it pushes them, and the model has no ends. Start farther "
                "inside, or make the track longer.",
            )
        )
    charges = [abs(run.tensors.gyration) / (4 * np.pi) for run in runs if run.tensors is not None]
    if charges and abs(charges[0] - 1) > _WHOLE:
        found.append(
            Reason(
                code="charge_not_whole",
                weight="limited",
                sentence=f"At the start the charge within the skyrmion's reach is {charges[0]:.3f} in place of 1: the "
                "cells are too coarse for its wall, or an edge is too near.",
            )
        )
    far = [
        float(np.nanmax(np.abs(run.radius / run.radius[0] - 1))) for run in runs if run.radius is not None and run.stays
    ]
    if far and max(far) > _BREATHES:
        found.append(
            Reason(
                code="not_rigid",
                weight="limited",
                sentence=f"The skyrmion's radius changes by up to {max(far):.0%} on its way: a rigid texture is a poor "
                "picture of it. Use weaker currents.",
            )
        )
    return found


def about_bends(runs: Sequence[SkyrmionTrajectory]) -> list[Reason]:
    """Whether a track bends too much for what the model knows of bends."""
    for run in runs:
        if run.bends is None or run.outline is None:
            continue
        sharpest = float(np.abs(np.asarray(run.bends.curvature)).max())
        inner, outline = 1 / sharpest - run.width / 2, float(run.outline[0])
        if inner < _TIGHT * outline:
            return [
                Reason(
                    code="tight_bend",
                    weight="limited",
                    sentence=f"The inner edge of the bend has a radius of {_nm(inner)}, less than {_TIGHT:g} times "
                    f"that at which the skyrmion's wall ends, {_nm(outline)}: the model of an edge is one of a gentle "
                    "bend.",
                )
            ]
    return []


def _feels_end(run: SkyrmionTrajectory, length: float) -> bool:
    there = run.present
    if run.outline is None:
        return False
    to_end = np.minimum(run.position[there, 0], length - run.position[there, 0])
    return bool((to_end < _NEAR_END * run.outline[there]).any())


def about_landscape(
    landscape: Landscape | None, runs: Sequence[SkyrmionTrajectory], lost: Sequence[SkyrmionTrajectory] = ()
) -> list[Reason]:
    """How far the landscape holds where the skyrmions went.

    Parameters
    ----------
    landscape : Landscape or None
        None of an even track.
    runs : sequence of SkyrmionTrajectory
        Those that were fitted or held out.
    lost : sequence of SkyrmionTrajectory
        Others, in which a skyrmion was lost.
    """
    if landscape is None:
        return []
    places = np.concatenate([run.position[run.present] for run in runs])
    if landscape.on_way(landscape.at_limit, places).any():
        return [
            Reason(
                code="no_skyrmion_there",
                weight="failed",
                sentence="On its way the skyrmion comes to material in which, by its energy, it collapses or bursts: "
                "no landscape of one texture holds there.",
            )
        ]
    if burst := [run for run in lost if run.expelled and _burst(landscape, run)]:
        return [
            Reason(
                code="no_skyrmion_there",
                weight="limited",
                sentence=f"In {len(burst)} of {len(lost)} runs that were not fitted the skyrmion is lost where it "
                "comes to material in which, by its energy, it collapses or bursts: no edge expels it there, and the "
                "model does not know when that happens.",
            )
        ]
    sizes = landscape.on_way(landscape.size, places)
    far = float(sizes[np.abs(sizes - 1).argmax()])
    if abs(far - 1) <= _RESIZED:
        return []
    return [
        Reason(
            code="landscape_changes_texture",
            weight="limited",
            sentence=f"In the material on its way the skyrmion's radius would be {far:.2f} times that at the start: "
            "the landscape is that of a texture which changes its size only, and is a rough one here.",
        )
    ]


def about_parameters(fit: ThieleFit) -> list[Reason]:
    """What the fitted parameters say against a fit: those that texture and material give are known beforehand."""
    found = []
    if not fit.converged:
        found.append(
            Reason(
                code="not_converged",
                weight="failed",
                sentence="Least squares did not come to an end: the parameters are where it was stopped.",
            )
        )
    if fit.at_bound:
        names = ", ".join(name.replace("_", " ") for name in fit.at_bound)
        found.append(
            Reason(
                code="at_bound",
                weight="limited",
                sentence=f"The fit took {names} as far as it may go: the runs do not tell it. Sweep currents that "
                "bring the skyrmion nearer to an edge.",
            )
        )
    for each in fit.parameters:
        if not each.name.startswith(("edge_", "pair_")) and each.low <= 0 <= each.high:
            found.append(
                Reason(
                    code="not_determined",
                    weight="limited",
                    sentence=f"{_interval(each)}: the interval holds 0, the runs do not tell it.",
                )
            )
        if each.name.startswith("edge_"):
            if each.name == "edge_strength" and each.low <= 0:
                found.append(
                    Reason(
                        code="edge_open",
                        weight="limited",
                        sentence="The runs do not tell the force of one edge from that of the other: their 95 % "
                        "intervals hold 0, and only the sum of both is known, where the skyrmion went. Sweep more or "
                        "stronger currents, or make the track wider.",
                    )
                )
            continue
        if each.name.startswith("pair_"):
            continue
        ratio = each.value / each.start
        far = max(ratio, 1 / ratio) if ratio > 0 else np.inf
        if far > _DOUBTFUL and not each.low <= each.start <= each.high:
            found.append(
                Reason(
                    code="far_from_texture",
                    weight="failed" if far > _ABSURD else "limited",
                    sentence=f"{_interval(each)}; the relaxed texture and the material give {each.start:.3g}, and the "
                    f"fit {ratio:.2g} times that: it stands for something that the model does not know, such as "
                    "pinning or a texture that changes.",
                )
            )
    return found


def _burst(landscape: Landscape, run: SkyrmionTrajectory) -> bool:
    """Whether a skyrmion was last seen within its radius of a place where no size of it is stable."""
    last = int(np.flatnonzero(run.present)[-1])
    x, y = run.position[last]
    radius = 0.0 if run.radius is None else float(run.radius[last])
    near = np.hypot(landscape.x[:, None] - x, landscape.y[None, :] - y) <= radius
    return bool((near & landscape.at_limit).any())


def about_pairs(fit: ThieleFit, runs: Sequence[SkyrmionTrajectory]) -> list[Reason]:
    """Whether skyrmions came near enough to each other to tell the force between them.

    Parameters
    ----------
    fit : ThieleFit
        With a `PairForce`, or without one.
    runs : sequence of SkyrmionTrajectory
        Those that were fitted.
    """
    strength = next((each for each in fit.parameters if each.name == "pair_strength"), None)
    if strength is None:
        return []
    unbound = not {"pair_strength", "pair_decay"} & set(fit.at_bound)
    if unbound and strength.low > 0 and strength.high - strength.low < 2 * strength.value:
        return []
    nearest = nearest_pair(runs)
    there = f"came {_nm(nearest)} near to each other at most" if nearest is not None else "were never there together"
    return [
        Reason(
            code="pairs_not_seen",
            weight="limited",
            sentence=f"The runs do not tell the force between skyrmions, which {there}: "
            f"{_interval(strength).removeprefix('Pair strength = ')} N. Start them nearer to each other.",
        )
    ]


def about_expulsion(
    expulsion: Expulsion | None, strongest: float, stays: float | None, leaves: float | None
) -> list[Reason]:
    """What is known of the current that expels the skyrmion.

    Parameters
    ----------
    expulsion : Expulsion or None
        By the model.
    strongest : float
        Largest current in A/m2 in size that the fit has seen.
    stays, leaves : float or None
        Largest current in size at which it stays in micromagnetics, smallest at which it leaves.
    """
    found = []
    if expulsion is None or expulsion.current is None:
        if leaves is not None:
            found.append(
                Reason(
                    code="expulsion_unknown",
                    weight="limited",
                    sentence=f"In micromagnetics the skyrmion leaves at {value_label(leaves, 'A/m^2', digits=3)}, and "
                    "the model has no current that expels it.",
                )
            )
        return found
    current = abs(expulsion.current)
    if strongest < _FAR_BELOW * current:
        found.append(
            Reason(
                code="expulsion_extrapolated",
                weight="limited",
                sentence=f"The strongest current that was fitted is {strongest / current:.0%} of that which expels the "
                "skyrmion by the model: the edge's largest force was not seen. Sweep stronger currents.",
            )
        )
    too_low = stays is not None and current < 0.95 * stays
    too_high = leaves is not None and current > 1.05 * leaves
    if too_low or too_high:
        seen = (
            f"stays at {value_label(stays or 0.0, 'A/m^2', digits=3)}"
            if too_low
            else f"leaves at {value_label(leaves or 0.0, 'A/m^2', digits=3)}"
        )
        found.append(
            Reason(
                code="expulsion_off",
                weight="limited",
                sentence=f"By the model {value_label(current, 'A/m^2', digits=3)} expel the skyrmion, but in "
                f"micromagnetics it {seen}: the expulsion current is off by more than 5 %.",
            )
        )
    return found


def _interval(each: FittedNumber) -> str:
    name = each.name.replace("_", " ")
    value, low, high = (number_label(number, ".3g") for number in (each.value, each.low, each.high))
    return f"{name[0].upper()}{name[1:]} = {value} (95 %: {low} to {high})"


def _nm(length: float) -> str:
    return value_label(length, "m", digits=2)
