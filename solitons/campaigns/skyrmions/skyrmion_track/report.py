"""The sections of a skyrmion track's report."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from scipy import constants

from analysis import find_skyrmions, plot_skyrmions
from solitons.campaigns.framework.page import (
    Section,
    device_table,
    figure,
    inline_code,
    paragraph,
    parameter_table,
    symbol,
    table,
)
from solitons.campaigns.skyrmions.fitted_skyrmions.observation import Observed
from solitons.campaigns.skyrmions.fitted_skyrmions.report import PARAMETER_NAMES, run_film
from solitons.campaigns.skyrmions.skyrmion_track.analysis import Shown
from solitons.campaigns.skyrmions.skyrmion_track.figures import (
    edge_figure,
    expulsion_figure,
    extreme_run,
    landscape_figure,
    paths_figure,
    velocity_figure,
)
from solitons.campaigns.skyrmions.skyrmion_track.results import DrivenRun, LandscapeResult, SkyrmionTrackResults
from solitons.figures import number_label, value_label

__all__ = ["track_sections"]


def track_sections(results: SkyrmionTrackResults, shown: Shown) -> list[Section]:
    """What the track is, what its skyrmion did, and what the model predicts."""
    stays, leaves = extreme_run(shown, stays=True), extreme_run(shown, stays=False)
    example = stays or shown.observed[0]
    sections = [
        Section("The track and its skyrmion", _track(results, example)),
        Section("What the skyrmion did", _motion(shown, example, leaves)),
    ]
    if results.landscape is not None:
        sections.append(Section("The landscape of the material", _landscape(results.landscape, shown)))
    if results.verdict != "failed":
        sections += [
            Section("Velocity and Hall angle", [_velocity(shown)]),
            Section("The force of the edge", _edge(shown)),
            Section("The expulsion current", _expulsion(results, shown)),
        ]
    sections.append(Section("What was fitted", _parameters(results)))
    sections.append(Section("The runs", [_runs_table(results)]))
    return sections


def _track(results: SkyrmionTrackResults, example: Observed) -> list[Markup]:
    spec = example.spec
    skyrmion = [
        ("relaxed radius", value_label(results.radius, "m", digits=3) if results.radius else "–"),
        ("charge Q on its grid", number_label(results.charge, ".4f")),
        (Markup("dissipation {}").format(symbol("D", "xx")), number_label(results.dissipation, ".4g")),
    ]
    return [
        figure(spec.device.plot().figure, "The track from above, before the skyrmion has settled."),
        device_table(spec.device, spec.material, *skyrmion),
    ]


def _motion(shown: Shown, example: Observed, leaves: Observed | None) -> list[Markup]:
    run = shown.runs.open(example.run)
    found = find_skyrmions(run)
    parts = [
        figure(
            plot_skyrmions(found, run),
            f"The strongest current with which the skyrmion stays ({example.run.role}): its way, and the magnetisation "
            "at the end.",
        )
    ]
    moving = leaves or example
    what = "The weakest current with which it leaves" if leaves else "The same run"
    parts.append(run_film(shown.runs.open(moving.run), f"{what} ({moving.run.role}), as a film."))
    parts.append(
        figure(
            paths_figure(shown),
            "The skyrmion's way in every run, with its current density in 10¹² A/m². The model is given its first "
            "position and the current, nothing else.",
        )
    )
    return parts


def _landscape(found: LandscapeResult, shown: Shown) -> list[Markup]:
    height = found.highest - found.lowest
    return [
        paragraph(
            "The material differs from place to place, and the skyrmion's energy with it. It is computed from the "
            "skyrmion's relaxed texture and the material's constants in every cell; nothing of it is fitted. Where the "
            f"skyrmions went it changes by {_zepto(height)}, {height / (constants.k * 300):.3g} kT at 300 K. The "
            f"texture gives way: its radius would be {found.smallest:.3g} to {found.largest:.3g} times that at the "
            f"start, and a rigid one would cost up to {_zepto(found.left_out)} more."
        ),
        figure(
            landscape_figure(shown),
            "Top: the skyrmion's energy over the place of its centre, without that of the edges, and the skyrmions' "
            "ways. Bottom: the same along the track.",
        ),
    ]


def _velocity(shown: Shown) -> Markup:
    return figure(
        velocity_figure(shown),
        "Left: mean velocity over a whole run. Right: direction of the way, at first, while the skyrmion is free, and "
        "over the whole run, in which the edge turns it along the track. In the first tens of picoseconds the texture "
        "still adapts to the current, which the equation leaves out.",
    )


def _edge(shown: Shown) -> list[Markup]:
    return [
        paragraph(
            "What the equation leaves over, if the skyrmion's velocity, the current and the tensors of its texture are "
            "put into it, is the force of the edges. If the dots of all currents lie on one curve, it is a force that "
            "depends on the place alone, as the model has it."
        ),
        figure(
            edge_figure(shown),
            "Force across the track from the velocities in the fitted runs (dots), and the fitted force, 4 F₀ ε "
            "(1 − ε) with ε = exp(−(s − s₀)/λ)/2 for each edge; dashed: s₀.",
        ),
    ]


def _expulsion(results: SkyrmionTrackResults, shown: Shown) -> list[Markup]:
    found = results.expulsion
    if found is None:
        return [paragraph("No current pushes the skyrmion against an edge, by the model.")]
    parts = [
        paragraph(
            f"The edge balances a current of up to {value_label(abs(found.steady), 'A/m^2', digits=3)}, which it does "
            f"{value_label(found.distance, 'm', digits=3)} from the skyrmion's centre; no run checks this value. "
            + (
                "No current up to three times that expels it within the runs' time."
                if found.predicted is None
                else f"Within the runs' time {value_label(abs(found.predicted), 'A/m^2', digits=3)} expel it: a "
                "current that is weaker does not take it out in that time. The fit has seen currents up to "
                f"{value_label(found.fitted_up_to, 'A/m^2', digits=3)}."
            )
        )
    ]
    checks = [each for each in results.runs if each.role == "check"]
    if checks and not any(each.at_end for each in checks):
        right = [each.stays == (abs(each.current) < abs(found.predicted or 0.0)) for each in checks]
        said = "; ".join(
            f"with {value_label(each.current, 'A/m^2')} it {'stays' if each.stays else 'leaves'}" for each in checks
        )
        verdict = "as predicted" if all(right) else "which the model does not predict"
        parts.append(paragraph(f"Runs with 5 % less and 5 % more check it in micromagnetics: {said}, {verdict}."))
    drawn = expulsion_figure(shown)
    parts.append(
        figure(
            drawn,
            "The current that the edge balances, over the distance at which it does, and how near the skyrmions of the "
            "runs came to the edge. A run that is short is still on its way to the line.",
        )
    )
    return parts


def _parameters(results: SkyrmionTrackResults) -> list[Markup]:
    beside: dict[str, float | str] = {name: number_label(value, ".4g") for name, value in results.starts.items()}
    return [
        paragraph(
            "What follows from the texture alone is computed from its moments: the charge, D and the force of the "
            "current. The fit corrects the torque, and finds the force of the edges. Before the fit: from the "
            "material's constants, and for the edges from the velocities."
        ),
        parameter_table(results.parameters, PARAMETER_NAMES, {"before the fit": beside}),
    ]


def _runs_table(results: SkyrmionTrackResults) -> Markup:
    heads = ["current density", "in the fit", "skyrmion", "velocity", "angle", "by the model", "mean error",
             "nearest to an edge", "run"]  # fmt: skip
    return table(heads, [_cells(each) for each in results.runs])


def _cells(each: DrivenRun) -> Sequence[str]:
    role = {"fitted": "yes", "expelled": "no, it leaves"}.get(each.role, each.role)
    return [
        value_label(each.current, "A/m^2"),
        role,
        "stays" if each.stays else "comes to an end" if each.at_end else "leaves",
        _speed(each.velocity),
        _angle(each.hall_angle),
        f"{_speed(each.model_velocity)}, {_angle(each.model_hall_angle)}",
        value_label(each.error, "m", digits=2) if each.error is not None else "–",
        value_label(each.nearest, "m", digits=3),
        inline_code(each.run_id),
    ]


def _zepto(energy: float) -> str:
    return f"{energy * 1e21:.3g} zJ"


def _speed(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g} m/s"


def _angle(value: float | None) -> str:
    return "–" if value is None else number_label(float(np.degrees(value)), ".1f") + "°"
