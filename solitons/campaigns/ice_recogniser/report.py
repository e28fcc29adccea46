"""The report of a recognising spin ice."""

from __future__ import annotations

import html

import matplotlib.style

from geometries import format_quantity
from solitons.campaigns.ice_recogniser import figures
from solitons.campaigns.ice_recogniser.campaign import IceRecogniserCampaign
from solitons.campaigns.ice_recogniser.ice import Ice
from solitons.campaigns.ice_recogniser.summary import Difference, IceRecogniserSummary, MemoryPoint, Recognition
from solitons.campaigns.page import figure, page, section, table
from solitons.spin_ice import MacrospinLattice

__all__ = ["write_ice_recogniser_report"]


def write_ice_recogniser_report(
    campaign: IceRecogniserCampaign, ice: Ice, model: MacrospinLattice, summary: IceRecogniserSummary
) -> str:
    """A self-contained HTML page: figures, numbers, and how to cite.

    Parameters
    ----------
    campaign : IceRecogniserCampaign
        What was asked for.
    ice : Ice
        Its islands.
    model : MacrospinLattice
        The lattice that recognises.
    summary : IceRecogniserSummary
        The numbers.
    """
    # discretisedfield restyles matplotlib when it is imported; the report looks the same everywhere.
    with matplotlib.style.context("default"):
        sections = [section("The device", _device(campaign, ice, summary))]
        if summary.notes:
            notes = "".join(f"<li>{html.escape(note)}</li>" for note in summary.notes)
            sections.insert(0, section("What could not be had", f"<ul>{notes}</ul>"))
        if summary.recognition is not None:
            sections += [
                section("What a pattern sets off", _cascades(campaign, ice, model, summary.recognition)),
                section("Does the ice help to recognise?", _recognition(campaign, summary.recognition)),
            ]
        sections += [
            section("What it tells apart", _ranks(campaign, summary)),
            section("What it remembers", _memory(campaign, summary)),
            section("What ran, and how to cite it", _provenance(summary)),
        ]
        return page(campaign, summary, _tiles(summary), sections)


def _percent(value: float) -> str:
    return f"{value:.1%}"


def _points(difference: Difference) -> str:
    low, high = difference.ci95
    return f"{100 * difference.mean:+.1f} points, 95 % interval {100 * low:+.1f} to {100 * high:+.1f}"


_VERDICTS = {"gain": "a gain", "no gain": "no gain", "loss": "a loss"}


def _best(summary: IceRecogniserSummary) -> MemoryPoint:
    return max(summary.memory, key=lambda point: point.total_capacity[0])


def _tiles(summary: IceRecogniserSummary) -> list[tuple[str, str, str]]:
    best = _best(summary)
    tiles = []
    found = summary.recognition
    if found is None:
        tiles.append(
            ("none", "of the patterns turns an island", f"the first flip needs {_field(summary.first_flip_field)}")
        )
    else:
        last = found.by_read_outs[-1]
        tiles += [
            (
                _percent(found.ice.mean),
                "of digits read off the ice",
                f"± {_percent(found.ice.spread)} from split to split; {summary.read_outs} islands",
            ),
            (
                _VERDICTS[found.against_pixels.verdict],
                "over the grey pixels",
                f"{_percent(found.pixels.mean)} from them; {_points(found.against_pixels)}",
            ),
            (
                _VERDICTS[found.against_written.verdict],
                "over the written pixels",
                f"{_percent(found.written.mean)} from them; {_points(found.against_written)}",
            ),
            (
                _VERDICTS[last.against_random.verdict],
                f"over {last.read_outs} random binary features",
                f"{_percent(last.random.mean)} from them; {_points(last.against_random)}",
            ),
        ]
    tiles.append(
        (
            f"{best.linear_memory[0]:.2f} + {best.nonlinear_memory[0]:.2f}",
            "inputs remembered, linear + nonlinear",
            f"at {_field(best.amplitude)} and a spread of {best.spread:.0%}",
        )
    )
    return tiles


def _field(value: float) -> str:
    return f"{value / 1e3:.3g} kA/m"


def _device(campaign: IceRecogniserCampaign, ice: Ice, summary: IceRecogniserSummary) -> str:
    switching = campaign.switching
    shape = ice.astroid.b, ice.astroid.c, ice.astroid.beta, ice.astroid.gamma
    rows = [
        ["lattice", html.escape(str(campaign.device).replace("\n", " "))],
        ["M<sub>s</sub>", format_quantity(campaign.material.Ms, "A/m")],
        ["h<sub>k</sub>", f"{_field(ice.anisotropy_field)}, from island to island ± {switching.spread:.0%}"],
        [
            "astroid",
            ", ".join(f"{name} = {float(value):.3g}" for name, value in zip("bcβγ", shape, strict=True)),
        ],
        ["couplings", f"dumbbells, charges {switching.charge_distance:g} of the length apart, every pair"],
        ["parameters from", html.escape(summary.parameters_from)],
        ["first flip", f"{_field(summary.first_flip_field)} against the saturated ice, without a pattern"],
    ]
    return figure(
        figures.ports_figure(ice),
        f"Of the {summary.islands} islands {summary.inputs} are written and {summary.read_outs} are read.",
    ) + table(["quantity", "value"], rows)


def _cascades(campaign: IceRecogniserCampaign, ice: Ice, model: MacrospinLattice, found: Recognition) -> str:
    return figure(
        figures.cascades_figure(campaign, ice, model, found.chosen_amplitude),
        "Three digits as they are written, and below the islands that they turned. A field of "
        f"{_field(found.chosen_amplitude)}, which was chosen most often, sets off {found.cascade:.0f} flips a pattern; "
        "dark islands differ from what a pattern without a bright pixel leaves.",
    )


def _recognition(campaign: IceRecogniserCampaign, found: Recognition) -> str:
    settings = campaign.patterns
    rows = [
        ["the ice", _percent(found.ice.mean), _percent(found.ice.spread), "", ""],
        [
            "grey pixels",
            _percent(found.pixels.mean),
            _percent(found.pixels.spread),
            f"{found.against_pixels.verdict}: {_points(found.against_pixels)}",
            f"{found.against_pixels.p_value:.2g}",
        ],
        [
            "written pixels",
            _percent(found.written.mean),
            _percent(found.written.spread),
            f"{found.against_written.verdict}: {_points(found.against_written)}",
            f"{found.against_written.p_value:.2g}",
        ],
        *(
            [
                f"{each.read_outs} random projections",
                _percent(each.projection.mean),
                _percent(each.projection.spread),
                f"{each.against_projection.verdict}: {_points(each.against_projection)} ({each.read_outs} islands)",
                f"{each.against_projection.p_value:.2g}",
            ]
            for each in found.by_read_outs
        ),
        *(
            [
                f"{each.read_outs} random binary features",
                _percent(each.random.mean),
                _percent(each.random.spread),
                f"{each.against_random.verdict}: {_points(each.against_random)} ({each.read_outs} islands)",
                f"{each.against_random.p_value:.2g}",
            ]
            for each in found.by_read_outs
        ),
    ]
    return (
        f"<p>{found.images} images of scikit-learn's digits; a pixel above {settings.threshold:g} is written as a "
        "turned island. The same linear read-out (ridge regression, its strength chosen on the training images) is "
        "trained on the read-out islands, on the grey pixels, on the bright and dark pixels that were written, and on "
        "random features: linear projections of the grey pixels, and binary ones, sign(W x + b) of the written pixels "
        "(x, less its mean) with Gaussian W and b, which are nonlinear as the ice is. The grey pixels have rank "
        f"{found.pixel_rank}: from so many projections on, their linear read-outs are those of the grey pixels, and "
        "that comparison repeats the one with the pixels (but for the ridge). Accuracies are means over "
        f"{settings.repeats} × {settings.folds}-fold cross-validation, the field for the ice chosen anew in each, on "
        "training images. Differences are judged by the corrected resampled t test (Nadeau and Bengio 2003): where its "
        "95 % interval contains 0, there is no gain.</p>"
        + figure(
            figures.recognition_figure(found),
            "Left: accuracy, bars are standard deviations from split to split. Right: over the number of read-outs, "
            "beside as many random projections and random binary features.",
        )
        + table(["read-out of", "accuracy", "split to split", "the ice against it", "p"], rows)
    )


def _ranks(campaign: IceRecogniserCampaign, summary: IceRecogniserSummary) -> str:
    settings = campaign.memory
    return (
        f"<p>{settings.streams} streams of {settings.stream_length} inputs, each a field whose angle is the input; the "
        f"rank of the states of {settings.read_outs} islands that they leave. Kernel rank: all inputs differ. "
        f"Generalisation rank: their last {settings.common} inputs are the same. The first should be high, the second "
        f"low; an ice that is frozen has 1 in both. Means over {settings.samples} lattices, each with its own inputs, "
        "and their standard errors.</p>"
        + figure(
            figures.ranks_figure(summary.memory),
            "Kernel rank (full) and generalisation rank (dashed) over the field, for several spreads of h_k.",
        )
    )


def _memory(campaign: IceRecogniserCampaign, summary: IceRecogniserSummary) -> str:
    settings = campaign.memory
    delays = ", ".join(
        f"{longest} for degree {degree}" for degree, longest in enumerate(settings.longest_delay, start=1)
    )
    rows = [
        [
            f"{point.spread:.0%}",
            _field(point.amplitude),
            *(
                f"{value[0]:.3g} ± {value[1]:.1g}"
                for value in (
                    point.kernel_rank,
                    point.generalisation_rank,
                    point.linear_memory,
                    point.nonlinear_memory,
                    point.total_capacity,
                )
            ),
            f"{point.flips:.1f}",
        ]
        for point in summary.memory
    ]
    return (
        f"<p>Capacities of a linear read-out of {settings.read_outs} islands for products of Legendre polynomials of "
        f"the past inputs, of {settings.inputs} inputs; longest delays: {delays}. Memory is of functions of at least "
        "one past input; the total is with those of the present input alone. A capacity below what chance gives any "
        "target in one of 100 measurements counts as 0, the others are freed from the bias of finite samples.</p>"
        + figure(
            figures.memory_figure(summary.memory),
            "Linear memory, nonlinear memory, and total capacity over the field, for several spreads of h_k.",
        )
        + table(
            [
                "spread",
                "field",
                "kernel rank",
                "generalisation rank",
                "linear memory",
                "nonlinear memory",
                "total capacity",
                "flips an input",
            ],
            rows,
        )
    )


def _provenance(summary: IceRecogniserSummary) -> str:
    cite = [
        "This software: see CITATION.cff of soliton-workbench.",
        "The order of the flips and the astroid: J. H. Jensen et al., Phys. Rev. B 106, 064408 (2022).",
        "Computing in spin ice: J. H. Jensen, E. Folven and G. Tufte, Proc. ALIFE 2018, 15; J. C. Gartside et al., "
        "Nature Nanotech. 17, 460 (2022).",
        "Ranks: R. Legenstein and W. Maass, Neural Networks 20, 323 (2007).",
        "Capacities: H. Jaeger, GMD Report 152 (2001); J. Dambre et al., Sci. Rep. 2, 514 (2012).",
        "The test of a difference: C. Nadeau and Y. Bengio, Machine Learning 52, 239 (2003).",
    ]
    items = "".join(f"<li>{html.escape(line)}</li>" for line in cite)
    return (
        "<p>All of it was computed by the reduced model, macrospins on a lattice; no micromagnetics ran. Parameters: "
        f"{html.escape(summary.parameters_from)}.</p><ul>{items}</ul>"
        '<pre>from solitons import load_model\nmodel = load_model("lattice.json")  # beside this report</pre>'
    )
