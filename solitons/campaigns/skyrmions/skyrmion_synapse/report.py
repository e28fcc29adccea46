"""The sections of a row's report."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from analysis import find_skyrmions, plot_skyrmions
from solitons.campaigns.energy.energy_report import energy_section
from solitons.campaigns.framework.device_samples import spread_words
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
from solitons.campaigns.skyrmions.fitted_skyrmions.report import PARAMETER_NAMES, run_film
from solitons.campaigns.skyrmions.skyrmion_synapse.analysis import Shown
from solitons.campaigns.skyrmions.skyrmion_synapse.figures import (
    chosen_runs,
    conductance_figure,
    levels_figure,
    places_figure,
    track_figure,
)
from solitons.campaigns.skyrmions.skyrmion_synapse.results import (
    LevelsAt,
    PulsedRun,
    RetentionAt,
    SkyrmionSynapseResults,
    TracksResult,
)
from solitons.campaigns.skyrmions.skyrmion_synapse.settings import RowReadOut
from solitons.campaigns.skyrmions.skyrmion_synapse.tracks import Tracks
from solitons.figures import MEASURED, PREDICTED, new_figure, number_label, value_label
from solitons.networks.digits_result import DigitsResult
from solitons.networks.plots import digits_figure

__all__ = ["row_sections"]

_ENERGY = (
    "One track alone: the weakest and the strongest pulses with which the row stays, each with its rest, and a reading "
    "of the junction. Ohmic heat is that of the path that the run describes; the heat of the magnet is what damping "
    "takes from its motion in the frames. Wires, drivers and converters belong to an array, which a campaign of kind "
    "crossbar_limits has."
)


def row_sections(read_out: RowReadOut, results: SkyrmionSynapseResults, shown: Shown) -> list[Section]:
    """What the row is, what pulses did to it, what the junction reads, and what its levels are worth."""
    sections = [
        Section("The track, its row and the junction", _track(read_out, results, shown)),
        Section("What the row did", _motion(read_out, shown)),
        Section("What the junction reads", _conductance(results, shown)),
    ]
    if shown.counted:
        sections.append(Section("Levels with heat", _levels(results, shown)))
    if results.retention:
        sections.append(Section("For how long a level stays", _retention(results.retention)))
    if shown.tracks is not None:
        sections.append(Section("From track to track", _tracks(shown.tracks)))
    if results.digits is not None:
        sections.append(Section("The network", [_network(results.digits)]))
    if results.energy.rows:
        sections.append(energy_section(results.energy, _ENERGY))
    sections.append(Section("What was fitted", _parameters(results)))
    sections.append(Section("The runs", [_runs_table(results)]))
    if results.training:
        sections.append(Section("Runs for training only", _training(results)))
    return sections


def _track(read_out: RowReadOut, results: SkyrmionSynapseResults, shown: Shown) -> list[Markup]:
    spec = shown.observed[0].spec
    begin, end = read_out.window
    rows = [
        ("from one skyrmion to the next", value_label(results.pitch, "m", digits=3)),
        ("relaxed radius", value_label(results.radius, "m", digits=3)),
        ("charge Q on its grid", number_label(results.charge, ".4f")),
        (Markup("dissipation {}").format(symbol("D", "xx")), number_label(results.dissipation, ".4g")),
        ("junction", f"from x = {value_label(begin, 'm', digits=3)} to {value_label(end, 'm', digits=3)}"),
        ("resistance-area product", f"{read_out.resistance_area * 1e12:.3g} Ω µm²"),
        ("TMR", f"{read_out.tmr:.0%}"),
        ("conductance of a level", value_label(abs(results.level_step), "S", digits=3)),
    ]
    return [
        figure(
            track_figure(spec, read_out),
            "The track from above before the row has settled, and the ends of the junction over it (dashed).",
        ),
        device_table(spec.device, spec.material, *rows),
    ]


def _tracks(tracks: Tracks) -> list[Markup]:
    drawn = new_figure(7.6, 2.8)
    ax = drawn.subplots()
    count = np.arange(tracks.followed.shape[1])
    for index, path in enumerate(tracks.followed):
        ax.plot(count, path * 1e9, "-", color=PREDICTED, linewidth=0.9, label="_" if index else "model, a track")
    for index, path in enumerate(tracks.measured.values()):
        ax.plot(count, path * 1e9, "o", color=MEASURED, markersize=4, label="_" if index else "micromagnetics")
    if tracks.even is not None:
        ax.plot(count, tracks.even * 1e9, "k--", linewidth=1, label="model, the base's own track")
    ax.set_xlabel("pulse")
    ax.set_ylabel("mean place of the row (nm)")
    ax.legend(frameon=False, fontsize="small")
    ax.spines[["top", "right"]].set_visible(False)
    parts = [
        figure(
            drawn,
            "Where the row rests before the base run's pulses and after each: in tracks of one drawing whose grains or "
            "edges are others, followed by the fitted skyrmion in the landscape of each, with nothing fitted to it.",
        )
    ]
    found = tracks.found
    if found is None:
        return parts
    return [*parts, paragraph(_tracks_words(found))]


def _tracks_words(found: TracksResult) -> str:
    how = "run in micromagnetics, " if found.measured else ""
    words = spread_words(found, f"tracks of one drawing, {how}each with grains or edges of its own,", "the row")
    words += (
        f" A pulse moves it by {value_label(found.step, 'm', digits=2)} in the mean, and by "
        f"{value_label(found.even_step, 'm', digits=2)} in the base's own track (model); stuck, with less than a tenth "
        f"of that, are {found.stuck}."
    )
    if found.levels is not None:
        words += (
            f" Of the {found.possible} numbers of skyrmions under the junction that these pulses reach, {found.levels} "
            "are read alike in every track."
        )
    if found.rms_checked is not None:
        words += (
            f" In {found.checked} of them, run in micromagnetics, the model is off by "
            f"{value_label(found.rms_checked, 'm', digits=2)} (root mean square over all rests)."
        )
    return words


def _motion(read_out: RowReadOut, shown: Shown) -> list[Markup]:
    stays = [each for each in shown.observed if each.stays] or list(shown.observed)
    example = max(stays, key=lambda each: abs(each.current))
    run = shown.runs.open(example.run)
    drawn, all_runs = len(chosen_runs(shown)), len(shown.observed)
    some = f" {drawn} of {all_runs} runs, from the weakest pulses to the strongest." if drawn < all_runs else ""
    return [
        figure(
            plot_skyrmions(find_skyrmions(run), run),
            f"The strongest pulses with which the row stays ({example.run.role}): the ways of its skyrmions, and the "
            "magnetisation at the end.",
        ),
        run_film(run, f"The same run ({example.run.role}), as a film."),
        figure(
            places_figure(shown, read_out),
            "Where each skyrmion is along the track (grey band: the junction). The model is given the first positions "
            f"and the current, nothing else.{some}",
        ),
    ]


def _conductance(results: SkyrmionSynapseResults, shown: Shown) -> list[Markup]:
    share = results.offset / abs(results.level_step)
    return [
        paragraph(
            "The conductance of the film's cells under the junction is read before the first pulse and at the end of "
            "the rest behind each. Beside it stands what the fitted skyrmions conduct where the model has them, each "
            "of the size that it had at the start. Before the first pulse the film conducts "
            f"{number_label(abs(share))} of a level {'more' if share > 0 else 'less'} than the model, which "
            "leaves out that moments tilt at the edges of the track; the lines are shifted by that."
        ),
        figure(
            conductance_figure(shown),
            "Conductance at rest against the number of pulses: micromagnetics (dots; open: held out), model (lines).",
        ),
    ]


def _levels(results: SkyrmionSynapseResults, shown: Shown) -> list[Markup]:
    pulse = results.pulse
    assert pulse is not None
    heads = ["temperature", "levels that stay apart", "worst pulse: rows at another level", "95 % interval",
             "largest spread (levels)", "rows that lost one", "verdict"]  # fmt: skip
    return [
        paragraph(
            f"By the model a pulse of {value_label(abs(pulse.amplitude), 'A/m^2', digits=3)} that is "
            f"{value_label(pulse.width, 's', digits=3)} long brings one more skyrmion under the junction. Rows are "
            "counted up to the last level and down again by such pulses, without looking, each with heat of its own. A "
            "level stays apart where not more than one row in a hundred is nearest to another."
        ),
        figure(
            levels_figure(shown.counted),
            "Conductance after each pulse, in levels: some rows (grey), their mean and standard deviation, and the "
            "number of the level (steps).",
        ),
        table(heads, [_level_cells(each) for each in results.levels]),
        *[paragraph(each.why) for each in results.levels if each.why],
    ]


def _level_cells(each: LevelsAt) -> Sequence[str]:
    ci95 = each.worst_error_ci95
    return [
        value_label(each.temperature, "K"),
        f"{each.levels} of {each.possible}",
        number_label(each.worst_error),
        "–" if ci95 is None else f"{ci95[0]:.1%} to {ci95[1]:.1%}",
        number_label(each.spread, ".2g"),
        f"{each.lost} of {each.rows}",
        each.verdict,
    ]


def _retention(found: Sequence[RetentionAt]) -> list[Markup]:
    levels = range(len(found[0].times))
    heads = ["temperature", *(f"{level} under the junction" for level in levels)]
    rows = [
        [value_label(each.temperature, "K"),
         *("over 30 years" if time is None else value_label(time, "s", digits=2) for time in each.times)]
        for each in found
    ]  # fmt: skip
    return [
        paragraph(
            "Nothing pins the row: heat lets each skyrmion diffuse along the track, and a level is lost once the "
            f"number under the junction is another in {found[0].error:.0%} of the rows. From the closed form of "
            "diffusion between the track's edges, with the fitted skyrmion."
        ),
        table(heads, rows),
    ]


def _network(digits: DigitsResult) -> Markup:
    accuracies = {
        "fitted devices": (digits.accuracy, digits.ci95),
        "ideal synapses": (digits.ideal_synapse_accuracy, None),
        "floating point": (digits.float_accuracy, None),
    }
    return figure(
        digits_figure(np.asarray(digits.confusion), accuracies),
        f"A 64-to-10 crossbar of such rows, at 0 K, on {digits.test_size} test images of scikit-learn's digits. Left: "
        "accuracy, with the 95 % binomial interval. Right: which digit the fitted devices read as which.",
    )


def _parameters(results: SkyrmionSynapseResults) -> list[Markup]:
    beside: dict[str, float | str] = {name: number_label(value, ".4g") for name, value in results.starts.items()}
    return [
        paragraph(
            "What follows from the texture alone is computed from its moments: the charge, D and the force of the "
            "current. The fit corrects the torque, and finds the force of the edges and that between skyrmions. Before "
            "the fit: from the material's constants, for the edges from the velocities, and for the skyrmions from "
            "their tails."
        ),
        parameter_table(results.parameters, PARAMETER_NAMES, {"before the fit": beside}),
    ]


def _runs_table(results: SkyrmionSynapseResults) -> Markup:
    heads = ["amplitude", "width", "in the fit", "row", "mean error of positions", "error of a step (levels)",
             "nearest to an edge", "run"]  # fmt: skip
    return table(heads, [_cells(each) for each in results.runs])


def _training(results: SkyrmionSynapseResults) -> list[Markup]:
    heads = ["current density", "in the fit", "mean error of positions", "nearest to an edge", "run"]
    rows = [
        [
            value_label(each.current, "A/m^2"),
            "yes" if each.fitted else "no, a skyrmion leaves",
            value_label(each.error, "m", digits=2) if each.error is not None else "–",
            value_label(each.nearest, "m", digits=3),
            inline_code(each.run_id),
        ]
        for each in results.training
    ]
    return [
        paragraph(
            "Besides the pulses the fit sees rows under a constant current, which brings their skyrmions nearer to an "
            "edge: only there do the strength, the place and the decay of its force differ in what they do."
        ),
        table(heads, rows),
    ]


def _cells(each: PulsedRun) -> Sequence[str]:
    return [
        value_label(each.amplitude, "A/m^2"),
        value_label(each.width, "s"),
        {"fitted": "yes", "not fitted": "no, a skyrmion leaves"}.get(each.role, each.role),
        "stays" if each.stays else "comes to an end" if each.at_end else "loses one",
        value_label(each.error, "m", digits=2) if each.error is not None else "–",
        number_label(each.step_error, ".1%"),
        value_label(each.nearest, "m", digits=3),
        inline_code(each.run_id),
    ]
