"""The report of a spin ice's campaign: one HTML file with everything in it."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib.style

from solitons.campaigns.ice_avalanche.campaign import IceAvalancheCampaign
from solitons.campaigns.ice_avalanche.figures import (
    astroid_figure,
    avalanche_figure,
    coercive_step,
    distribution_figure,
    order_figure,
    reversal_figure,
    states_figure,
)
from solitons.campaigns.ice_avalanche.observation import IceObservation
from solitons.campaigns.ice_avalanche.summary import IceAvalancheSummary
from solitons.campaigns.page import figure, file_of, page, section, table
from solitons.spin_ice.lattice_fit import LatticeFit

if TYPE_CHECKING:
    from solitons.campaigns.ice_avalanche.analysis import Avalanches, Prediction

__all__ = ["write_ice_avalanche_report"]


def write_ice_avalanche_report(
    campaign: IceAvalancheCampaign,
    seen: Sequence[IceObservation],
    fit: LatticeFit,
    predictions: Sequence[Prediction],
    large: Avalanches | None,
    summary: IceAvalancheSummary,
) -> str:
    """A self-contained HTML page: figures, numbers, how to cite, and what ran.

    Parameters
    ----------
    campaign : IceAvalancheCampaign
        What was asked for.
    seen : sequence of IceObservation
        What the runs showed.
    fit : LatticeFit
        The fitted islands and pairs.
    predictions : sequence of Prediction
        The lattices.
    large : Avalanches or None
        Avalanches of large lattices.
    summary : IceAvalancheSummary
        The numbers.

    Returns
    -------
    str
        The page.
    """
    # discretisedfield restyles matplotlib when it is imported; the report looks the same everywhere.
    with matplotlib.style.context("default"):
        return page(
            campaign,
            summary,
            _tiles(summary),
            [*_notes(summary), *_sections(campaign, seen, fit, predictions, large, summary)],
        )


def _notes(summary: IceAvalancheSummary) -> list[str]:
    if not summary.notes:
        return []
    return [section("To note", "".join(f"<p>{html.escape(note)}</p>" for note in summary.notes))]


def _sections(
    campaign: IceAvalancheCampaign,
    seen: Sequence[IceObservation],
    fit: LatticeFit,
    predictions: Sequence[Prediction],
    large: Avalanches | None,
    summary: IceAvalancheSummary,
) -> list[str]:
    first = predictions[0]
    turned = any((each.comparison.measured_steps >= 0).any() for each in predictions)
    found = [
        section(
            "The device",
            figure(
                campaign.device(campaign.seeds[0]).plot().figure,
                f"The lattice with the disorder of seed {campaign.seeds[0]}, from above.",
            )
            + _facts(campaign),
        ),
        section(
            "The islands",
            figure(
                astroid_figure(seen, fit),
                "Left: the field that turns a single island, over the angle between field and axis. Right: how that "
                "field follows what deviates from island to island.",
            )
            + _parameters(summary),
        ),
        section("The pairs", _pairs(summary)),
    ]
    if not turned:
        found.append(section("The lattice", "<p>No island turns in the fields of this campaign; see above.</p>"))
    else:
        step = coercive_step(first)
        found += [
            section(
                "The model against micromagnetics",
                figure(
                    reversal_figure(predictions),
                    "Lattices that the fit did not see. Above: moment along the field. Below: how many spins are right "
                    "after each step, which is what a run that stopped there would be judged by. Dashed: the usual "
                    "picture, point dipoles along the islands' axes, with the same islands.",
                )
                + figure(
                    states_figure(first),
                    f"Seed {first.seen.ice_run.seed} at {first.comparison.field[step] / 1e3:.4g} kA/m, the step "
                    "nearest to the coercive field. Islands are coloured by the direction of their moments; circles "
                    "are around those that the model gets wrong.",
                )
                + figure(order_figure(predictions), "Field at which each island turns, island by island.")
                + _predictions(summary),
            ),
            section(
                "Avalanches",
                figure(
                    avalanche_figure(first),
                    f"Islands that turn in one step and share a vertex, seed {first.seen.ice_run.seed}, numbered in "
                    "their order.",
                )
                + _large(large, summary),
            ),
        ]
    return [
        *found,
        section("The runs", _runs(seen)),
        section("What ran, and how to cite it", _provenance(campaign, summary, seen)),
    ]


_NOT_REACHED = "not reached"


def _tiles(summary: IceAvalancheSummary) -> list[tuple[str, str, str]]:
    reached = [each for each in summary.predictions if each.coercive_overlap is not None]
    overlaps = [each.coercive_overlap for each in reached if each.coercive_overlap is not None]
    errors = [abs(each.coercive_field_error) for each in reached if each.coercive_field_error is not None]
    concordances = [each.concordance for each in reached if each.concordance is not None]
    tiles = []
    if overlaps:
        tiles.append(
            (
                f"{min(overlaps):.1%}",
                "of the spins right at the coercive field",
                f"the worst of {len(reached)} lattices that the fit has not seen; "
                f"{min(each.final_overlap for each in reached):.1%} at the end",
            )
        )
    if len(errors) < len(reached):
        missed = len(reached) - len(errors)
        tiles.append((_NOT_REACHED, "coercive field by the fitted lattice", f"in {missed} of {len(reached)} lattices"))
    elif errors:
        tiles.append((f"{max(errors):.2%}", "coercive field error", "the largest of them"))
    if concordances:
        tiles.append(
            (
                f"{min(concordances):.1%}",
                "of the flips in the right order",
                "of all pairs of islands that turn in different steps",
            )
        )
    if summary.avalanches is not None and summary.avalanches.avalanches:
        found = summary.avalanches
        tiles.append(
            (
                f"{found.avalanches:,}",
                "avalanches counted",
                f"in {found.lattices} lattices of {found.islands:,} islands; sizes: {html.escape(found.verdict)}",
            )
        )
    return tiles


def _facts(campaign: IceAvalancheCampaign) -> str:
    ice, material = campaign.ideal_device, campaign.material
    island = campaign.ideal_islands.isel(island=0)
    fields = campaign.lattice_protocol.applied_field
    rows = [
        ["lattice", html.escape(ice.lattice.kind)],
        ["cells", f"{' × '.join(map(str, ice.shape))} of {' × '.join(f'{size * 1e9:g} nm' for size in ice.cell)}"],
        ["islands", f"{campaign.ideal_islands.sizes['island']}"],
        ["island", f"{float(island['length']) * 1e9:g} nm × {float(island['width']) * 1e9:g} nm"],
        ["material", f"{html.escape(material.name)}, M<sub>s</sub> = {material.Ms / 1e3:g} kA/m"],
        ["disorder", _disorder(campaign)],
        ["field", f"along {math.degrees(campaign.field_angle):g}°, {len(fields) - 1} steps"],
    ]
    return table(["quantity", "value"], rows)


def _disorder(campaign: IceAvalancheCampaign) -> str:
    disorder = campaign.device(campaign.seeds[0]).disorder
    said = [f"{name.replace('_', ' ')} {getattr(disorder, name):.1%}" for name in campaign.disordered]
    return html.escape(", ".join(said)) or "none"


_NAMES = {
    "anisotropy_field": "switching field along the hard axis h<sub>k</sub>",
    "b": "switching field along the easy axis over h<sub>k</sub>, b",
    "beta": "curvature at the hard axis β",
    "gamma": "curvature at the easy axis γ",
}


def _parameters(summary: IceAvalancheSummary) -> str:
    rows = []
    for each in summary.parameters:
        spread = f"{each.ci95[0]:.4g} to {each.ci95[1]:.4g}"
        if each.name not in _NAMES:
            spread += f" (the law leaves {summary.fit_errors[each.name.removesuffix('_exponent')]:.2%})"
        value, unit = f"{each.value:.4g}", ""
        if each.unit == "A/m":
            value, unit = f"{each.value / 1e3:.1f}", "kA/m"
            spread = f"{each.ci95[0] / 1e3:.1f} to {each.ci95[1] / 1e3:.1f}"
        rows.append([_NAMES.get(each.name, html.escape(each.name.replace("_", " "))), value, spread, unit])
    return (
        f"<p>The astroid leaves {summary.fit_errors['astroid']:.2%} of h<sub>k</sub> (root mean square). Stoner and "
        "Wohlfarth's coherent rotation has b = 1 and β = γ = 3.</p>"
        + table(["parameter", "fitted", "95 % interval", "unit"], rows)
    )


def _pairs(summary: IceAvalancheSummary) -> str:
    rows = [
        [
            _signed(cell)
            for cell in (
                f"{each.islands[0]}, {each.islands[1]}",
                f"{each.distance * 1e9:.0f} nm",
                f"{each.coupling * 1e21:+.1f}",
                f"{each.dipole_coupling * 1e21:+.1f}",
                f"{each.coupling / each.dipole_coupling:.2f}" if each.dipole_coupling else "",
                f"{each.shift_before:+.0f} ± {each.scatter:.0f}",
                f"{each.shift_after:+.0f}",
            )
        ]
        for each in summary.pairs
    ]
    return (
        "<p>Kinds of pairs, told apart by the field's direction. J at rest, from the energies of their states "
        "(positive where the two prefer opposite spins), beside the formula of point dipoles. Then by how much "
        "the second island shifts the field that turns the first: before it has turned itself, and after. Rigid "
        "moments would shift it by the same amount up and down. But just before an island turns, the field has moved "
        "its moment far from its axis, and two islands that are both close to turning help each other; so both shifts "
        "are measured, and the lattice is made of them. Pairs further "
        "apart have point dipoles that lean as single islands do.</p>"
        + table(
            ["islands", "distance", "J (zJ)", "dipoles (zJ)", "ratio", "shift before (A/m)", "shift after (A/m)"], rows
        )
    )


def _percent(value: float | None, sign: bool = False) -> str:
    if value is None:
        return "–"
    return _signed(f"{value:+.2%}") if sign else f"{value:.1%}"


def _signed(number: str) -> str:
    return number.replace("-", "−")


def _kilo(value: float | None, missing: str = "–") -> str:
    return missing if value is None else f"{value / 1e3:.2f} kA/m"


def _error(value: float | None, coercive_field: float | None) -> str:
    """Error of a predicted coercive field; of one that is not reached, where there is one, that is said."""
    return _NOT_REACHED if value is None and coercive_field is not None else _percent(value, sign=True)


def _predictions(summary: IceAvalancheSummary) -> str:
    rows = [
        ("islands", [f"{each.islands}" for each in summary.predictions]),
        ("spins right at the end", [_percent(each.final_overlap) for each in summary.predictions]),
        ("spins right at the coercive field", [_percent(each.coercive_overlap) for each in summary.predictions]),
        ("… with point dipoles", [_percent(each.dipole_coercive_overlap) for each in summary.predictions]),
        ("spins right in the worst step", [_percent(each.worst_overlap) for each in summary.predictions]),
        ("coercive field", [_kilo(each.coercive_field, _NOT_REACHED) for each in summary.predictions]),
        ("… predicted", [_kilo(each.predicted_coercive_field, _NOT_REACHED) for each in summary.predictions]),
        ("… error", [_error(each.coercive_field_error, each.coercive_field) for each in summary.predictions]),
        (
            "… error with point dipoles",
            [_error(each.dipole_coercive_field_error, each.coercive_field) for each in summary.predictions],
        ),
        ("first flip", [_kilo(each.first_flip_field) for each in summary.predictions]),
        ("… predicted", [_kilo(each.predicted_first_flip_field) for each in summary.predictions]),
        ("pairs of flips in the right order", [_percent(each.concordance) for each in summary.predictions]),
        (
            "Kendall's τ",
            ["–" if each.kendall_tau is None else _signed(f"{each.kendall_tau:.3f}") for each in summary.predictions],
        ),
        ("flips in exactly the right step", [_percent(each.same_step) for each in summary.predictions]),
    ]
    return table(["", *(f"seed {each.seed}" for each in summary.predictions)], [[name, *each] for name, each in rows])


def _large(large: Avalanches | None, summary: IceAvalancheSummary) -> str:
    if large is None or summary.avalanches is None:
        return ""
    if not large.flips:
        return "<p>In the large lattices no island turns; see above.</p>"
    found = summary.avalanches
    law = (
        f"The exponent is {found.exponent:.2f} ± {found.exponent_error:.2f} from size {found.minimum:g} on."
        if found.exponent is not None and found.exponent_error is not None and found.minimum is not None
        else ""
    )
    return (
        f"<p>{found.lattices} lattices of {found.islands:,} islands, by the model alone: {found.flips:,} flips in "
        f"{found.avalanches:,} avalanches, {found.mean_size or 0:.2f} each, {found.largest:,} in the largest. Sizes: "
        f"{html.escape(found.verdict)} ({html.escape(found.reason)}). {law}</p>"
        + figure(
            distribution_figure(large),
            "How many avalanches are as large as a size, or larger, and what was fitted.",
        )
    )


def _runs(seen: Sequence[IceObservation]) -> str:
    rows = []
    for each in seen:
        run = each.ice_run
        if run.role == "angle":
            what = f"an island, field at {math.degrees(run.angle):g}°"
        elif run.role == "size":
            what = f"an island, {run.quantity.replace('_', ' ')} {run.deviation:+.0%}" if run.quantity else "an island"
        elif run.role == "pair" and run.kind is not None:
            state = "second reversed" if run.reversed_source else "as the field finds it"
            what = f"islands {run.kind.target} and {run.kind.source}, " + (
                f"disorder of seed {run.seed}" if run.seed is not None else state
            )
        else:
            what = f"the lattice, disorder of seed {run.seed}"
        rows.append([html.escape(what), "no" if run.role == "lattice" else "yes", f"<code>{run.spec.run_id}</code>"])
    return table(["what", "in the fit", "run"], rows)


def _provenance(campaign: IceAvalancheCampaign, summary: IceAvalancheSummary, seen: Sequence[IceObservation]) -> str:
    cite = [
        "This software: see CITATION.cff of soliton-workbench.",
        "Ubermag: M. Beg, M. Lang and H. Fangohr, IEEE Trans. Magn. 58, 7300205 (2022), doi:10.1109/TMAG.2021.3078896.",
        "The astroid and the order of the flips: J. H. Jensen et al., Phys. Rev. B 106, 064408 (2022).",
    ]
    if summary.engine == "oommf":
        cite.append("OOMMF: M. J. Donahue and D. G. Porter, NISTIR 6376 (1999), doi:10.6028/NIST.IR.6376.")
    items = "".join(f"<li>{html.escape(line)}</li>" for line in cite)
    lattice = next(each for each in seen if each.ice_run.role == "lattice")
    spec = json.dumps(json.loads(lattice.ice_run.spec.model_dump_json()), indent=2)
    return (
        f"<p>{summary.runs} runs by {html.escape(summary.engine)} {html.escape(summary.engine_version)}; "
        f"{summary.cached} were in the store already when this report was written.</p><ul>{items}</ul>"
        "<p>The fitted lattice is in <code>lattice.json</code> beside this file; <code>solitons.load_model</code> "
        "reads it. The campaign in Python:</p>"
        f'<pre>from runs import load_campaign, open_run\ncampaign = load_campaign("{html.escape(file_of(campaign))}")\n'
        f'run = open_run("store", "{lattice.ice_run.spec.run_id}")</pre>'
        f"<details><summary>The spec of one run</summary><pre>{html.escape(spec)}</pre></details>"
    )
