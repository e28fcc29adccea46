"""The campaign's report: one HTML file with everything in it."""

from __future__ import annotations

import html
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib.style
import numpy as np

from analysis import film, plot_conductance, plot_magnetisation, plot_positions
from runs import CurrentPulses, RunSpec
from solitons.campaigns.dw_synapse.campaign import Campaign, Extract
from solitons.campaigns.dw_synapse.figures import (
    digits_figure,
    displacement_figure,
    held_out_figure,
    neuron_figure,
    point_label,
    unseen,
    value_label,
)
from solitons.campaigns.dw_synapse.observation import Observation, material_wall
from solitons.campaigns.dw_synapse.stripe_device import stripe_of
from solitons.campaigns.page import figure, file_of, image, page, section, table
from solitons.campaigns.summary import Summary
from solitons.walls.fit import WallFit

if TYPE_CHECKING:
    from solitons.networks.digits import DigitsResult

__all__ = ["write_report"]


def write_report(
    campaign: Campaign,
    observations: Mapping[tuple[float, ...], Observation],
    fit: WallFit,
    summary: Summary,
    digits: DigitsResult | None,
) -> str:
    """A self-contained HTML page: figures, numbers, how to cite, and what ran.

    Parameters
    ----------
    campaign : Campaign
        What was asked for.
    observations : mapping of swept values to Observation
        What the runs showed.
    fit : WallFit
        The fitted wall.
    summary : Summary
        The numbers.
    digits : DigitsResult or None
        The network's result.

    Returns
    -------
    str
        The page.
    """
    # discretisedfield restyles matplotlib when it is imported; the report looks the same everywhere.
    with matplotlib.style.context("default"):
        return _page(campaign, observations, fit, summary, digits)


def _page(
    campaign: Campaign,
    observations: Mapping[tuple[float, ...], Observation],
    fit: WallFit,
    summary: Summary,
    digits: DigitsResult | None,
) -> str:
    # Of the runs that the fit has not seen, the one with the strongest drive shows most.
    point, shown = max(unseen(observations, fit), key=lambda each: each[1].spec.in_time.current_density.peak)
    times = shown.run["t"].values
    moments = times[[0, times.size // 4, times.size // 2, 3 * times.size // 4]]
    label = html.escape(point_label(campaign, point))
    sections = [
        section(
            "The device",
            figure(shown.spec.device.plot().figure, "The stripe from above.") + _facts(shown, campaign.extract),
        ),
        section(
            "What the wall did",
            figure(
                plot_magnetisation(shown.run, moments, walls=shown.walls),
                f"Magnetisation out of the plane at four times, the extracted wall dashed ({label}).",
            )
            + _film(shown, f"The same run as a film ({label}).")
            + figure(
                plot_positions(shown.walls, shown.run),
                f"Position of the wall over time, the current pulses below ({label}).",
            )
            + figure(
                displacement_figure(campaign, observations, fit),
                "How far one pulse of the first train moves the wall, with the rest that follows it.",
            ),
        ),
        section(
            "The model against micromagnetics",
            figure(
                held_out_figure(campaign, observations, fit),
                "Runs that the fit did not see. The model knows the wall's first position and angle and the "
                "current, nothing else.",
            )
            + _parameters(summary, fit, shown),
        ),
        section(
            "The synapse",
            figure(
                plot_conductance(shown.pulses).figure,
                f"Conductance of the tunnel junction after every pulse ({label}): one polarity raises it, the "
                "other lowers it.",
            )
            + f"<p>{summary.levels} levels stay apart by 3 σ, where σ is the root mean square error with which "
            "the model predicts, without feedback, where the wall of a held-out run rests after a pulse: "
            f"{value_label(fit.provenance.held_out_rms_at_rest or float('nan'), 'm')} of wall position.</p>",
        ),
    ]
    sections.append(
        section(
            "The neuron",
            figure(
                neuron_figure(fit, shown),
                "The fitted wall as an integrate-and-fire neuron: it starts where the runs did, fires where the "
                "junction sees it pass, and is reset. Left: under three pulse amplitudes. Right: how often it fires.",
            ),
        )
    )
    if digits is not None and summary.digits is not None:
        accuracies = {
            "fitted devices": (summary.digits.accuracy, summary.digits.ci95),
            "ideal synapses": (summary.digits.ideal_synapse_accuracy, None),
            "floating point": (summary.digits.float_accuracy, None),
        }
        sections.append(
            section(
                "The network",
                figure(
                    digits_figure(np.asarray(digits.confusion), accuracies),
                    f"A 64-to-10 crossbar on {summary.digits.test_size} test images of scikit-learn's digits. Left: "
                    "accuracy, with the 95 % binomial interval. Right: which digit the fitted devices read as which.",
                ),
            )
        )
    sections.append(section("The runs", _runs_table(campaign, observations, fit)))
    sections.append(section("What ran, and how to cite it", _provenance(campaign, summary, shown)))
    return page(campaign, summary, _tiles(summary, fit), sections)


def _film(shown: Observation, caption: str) -> str:
    every = max(1, shown.run.sizes["t"] // 80)
    with tempfile.TemporaryDirectory() as directory:
        path = film(shown.run, Path(directory) / "run.gif", walls=shown.walls, every=every)
        return image(path.read_bytes(), "gif", caption)


def _tiles(summary: Summary, fit: WallFit) -> list[tuple[str, str, str]]:
    tiles = [
        (
            f"{summary.wall_position_error:.2%}",
            "wall position error",
            f"{fit.held_out_error * 1e9:.1f} nm of {fit.length * 1e9:.0f} nm, mean over {len(summary.held_out)} runs "
            "that were held out",
        ),
        (
            f"{summary.speedup:,.0f} ×",
            "faster than micromagnetics",
            f"1,000 devices in a batch, against one run of {html.escape(summary.engine)}",
        ),
        (f"{summary.levels}", "conductance levels", "3 σ apart, of what the model gets wrong"),
    ]
    if summary.digits is not None:
        low, high = summary.digits.ci95
        tiles.append(
            (
                f"{summary.digits.accuracy:.1%}",
                "of digits read right",
                f"95 % interval {low:.1%} to {high:.1%}; {summary.digits.float_accuracy:.1%} in floating point",
            )
        )
    return tiles


def _facts(shown: Observation, extract: Extract) -> str:
    device, material = stripe_of(shown.spec), shown.spec.material

    def extent(sizes: tuple[float, ...]) -> str:
        return " × ".join(value_label(size, "m") for size in sizes)

    rows = [
        ["length × width × thickness", extent((device.length, device.width, device.thickness))],
        ["cell", extent(device.cell)],
        ["material", html.escape(material.name)],
        ["M<sub>s</sub>", value_label(material.Ms, "A/m")],
        ["A", value_label(material.A, "J/m")],
        ["K<sub>u</sub>", value_label(material.Ku, "J/m^3")],
        ["D", value_label(material.D, "J/m^2")],
        ["α", f"{material.alpha:g}"],
        ["P, β", f"{material.P:g}, {material.beta:g}"],
        ["θ<sub>SH</sub>", f"{material.spin_hall_angle:g}"],
        ["torques", ", ".join(shown.spec.in_time.torques)],
        ["protocol", _steps(shown.spec)],
        ["junction", f"RA = {extract.resistance_area * 1e12:g} Ω µm², TMR = {extract.tmr:.0%}"],
    ]
    return table(["quantity", "value"], rows)


def _steps(spec: RunSpec) -> str:
    """The pulse trains of a protocol in words; their amplitude and width are swept."""
    trains = [
        f"{step.count} {step.polarity} pulses, one every {value_label(step.period, 's')}, "
        f"rise {value_label(step.rise, 's')}"
        for step in spec.in_time.steps
        if isinstance(step, CurrentPulses)
    ]
    return html.escape("; then ".join(trains))


_PARAMETERS = {
    "width": "wall width Δ",
    "hard_axis_field": "hard-axis field H<sub>K</sub>",
    "beta": "non-adiabaticity β",
    "drift_per_current": "drift velocity per current u/J",
    "damping_like_per_current": "damping-like field per current",
    "dmi_field": "DMI field",
    "alpha": "damping α",
}


def _parameters(summary: Summary, fit: WallFit, shown: Observation) -> str:
    expected = material_wall(shown)
    rows = [
        [
            _PARAMETERS.get(each.name, html.escape(each.name)),
            f"{each.value:.4g}",
            f"{each.ci95[0]:.4g} to {each.ci95[1]:.4g}",
            f"{float(getattr(expected, each.name)):.4g}" if hasattr(expected, each.name) else "",
            html.escape(each.unit.replace("m3", "m³")),
        ]
        for each in summary.parameters
    ]
    return (
        "<p>Parameters of the collective-coordinate model (q, φ) with their 95 % confidence intervals, beside what "
        "the material constants alone give. The intervals are those of the fit; what the model leaves out (the "
        "wall's tilt, its pinning by the mesh) can move a parameter further. H<sub>K</sub> from the material is that "
        "of a wall taken as a slab, a rough guess in a narrow stripe, where even its sign can differ: below 0 the "
        "wall prefers to be a Néel wall. The width Δ is not fitted but taken from the frames: "
        f"{value_label(float(fit.dynamics.width), 'm')}.</p>"
        + table(["parameter", "fitted", "95 % interval", "from the material", "unit"], rows)
    )


def _runs_table(campaign: Campaign, observations: Mapping[tuple[float, ...], Observation], fit: WallFit) -> str:
    held_out = set(fit.provenance.held_out)
    head = [
        *(html.escape(axis.label or axis.name) for axis in campaign.sweep),
        "mean error",
        "wall",
        "in the fit",
        "run",
    ]
    rows = []
    for point, each in observations.items():
        run_id = each.spec.run_id
        values = [value_label(value, axis.unit) for axis, value in zip(campaign.sweep, point, strict=True)]
        exit_time = float(each.walls["exit"].isel(wall=0))
        fate = f"leaves at {exit_time * 1e9:.2f} ns" if np.isfinite(exit_time) else "stays"
        error = float(np.nanmean(np.abs(fit.residuals[run_id][1:]))) * 1e9
        rows.append(
            [
                *values,
                f"{error:.2f} nm",
                fate,
                "held out" if run_id in held_out else "yes",
                f"<code>{run_id}</code>",
            ]
        )
    return table(head, rows)


def _provenance(campaign: Campaign, summary: Summary, shown: Observation) -> str:
    cite = [
        "This software: see CITATION.cff of soliton-workbench.",
        "Ubermag: M. Beg, M. Lang and H. Fangohr, IEEE Trans. Magn. 58, 7300205 (2022), doi:10.1109/TMAG.2021.3078896.",
    ]
    if summary.engine == "oommf":
        cite.append("OOMMF: M. J. Donahue and D. G. Porter, NISTIR 6376 (1999), doi:10.6028/NIST.IR.6376.")
    if summary.engine == "native":
        cite.append(
            "The native engine rests on JAX and diffrax: P. Kidger, On Neural Differential Equations, Oxford (2021)."
        )
    spec = json.dumps(json.loads(shown.spec.model_dump_json()), indent=2)
    items = "".join(f"<li>{html.escape(line)}</li>" for line in cite)
    return (
        f"<p>{summary.runs} runs by {html.escape(summary.engine)} {html.escape(summary.engine_version)}; "
        f"{summary.cached} were in the store already when this report was written. "
        f"Micromagnetics simulated {summary.engine_speed:.2g} device-seconds a second, the model "
        f"{summary.reduced_speed:.2g}.</p><ul>{items}</ul>"
        "<p>Open the runs in Python:</p>"
        f"<pre>from runs import load_campaign, open_campaign\n"
        f'runs = open_campaign(load_campaign("{html.escape(file_of(campaign))}"), "store", "{summary.engine}")</pre>'
        f"<details><summary>The spec of one run</summary><pre>{html.escape(spec)}</pre></details>"
    )
