"""The sections of the report of a recognition."""

from __future__ import annotations

from collections.abc import Sequence

from geometries import Material
from solitons.campaigns.framework.page import Section, bullets, figure, paragraph, table
from solitons.campaigns.magnet_logic.nanomagnet_vision import figures
from solitons.campaigns.magnet_logic.nanomagnet_vision.problems import COST, Mapped
from solitons.campaigns.magnet_logic.nanomagnet_vision.results import Rates, VisionResults
from solitons.campaigns.magnet_logic.nanomagnet_vision.settings import VisionMagnets
from solitons.figures import number_label, value_label

__all__ = ["images", "magnets", "not_shown", "scores", "small"]


def images(results: VisionResults, shown: dict[str, Mapped]) -> Sequence[Section]:
    """Each image with its segments, its magnets and who found what."""
    sections = []
    for image in results.images:
        known = image.readings[0].contour is not None
        caption = (
            f"{image.segments} segments, a magnet each. "
            + ("Top left: the drawn contour in orange. " if known else "Top left: the strongest edges in yellow. ")
            + "Top right: the segments of the exact minimum in orange. Below: where the magnets are, and those that "
            "are read as salient in orange: discs that stay single domains, ellipses that point along +x."
        )
        rows = [
            [
                reading.name,
                *([*_rates(reading.contour)] if reading.contour is not None else []),
                *_rates(reading.minimum),
                str(reading.undecided),
            ]
            for reading in image.readings
        ]
        head = [
            "answer",
            *(["contour found", "false positives"] if known else []),
            "of the exact minimum found",
            "false positives to it",
            "undecided",
        ]
        sections.append(
            Section(
                f"Image: {image.name}",
                [
                    figure(figures.image_figure(image, shown[image.name]), caption),
                    paragraph(
                        f"The couplings of the array leave a residual of {image.residual:.2f} (0: the problem's, 1: "
                        f"nothing of it). With the directions of the segments shuffled an energy as low has p = "
                        f"{image.p_value:.2g}" + ("." if image.p_value <= 0.05 else ": nothing stands out.")
                    ),
                    table(head, rows),
                ],
            )
        )
    return sections


def _rates(rates: Rates) -> tuple[str, str]:
    return f"{rates.found} of {rates.salient}", f"{rates.false} of {rates.others}"


def _interval(share: float | None, interval: tuple[float, float]) -> str:
    return f"{number_label(share, '.0%')} ({interval[0]:.0%} to {interval[1]:.0%})"


def scores(results: VisionResults) -> Section:
    """True and false positive rates over all drawn contours."""
    head = ["answer", "true positives", "false positives", "contour segments", "others"]
    parts = [
        paragraph(
            "Over all images with a drawn contour, with exact 95 % intervals. The exact minimum tells what the problem "
            "itself knows of the contour; what a way loses against it is its own. Segments of one image are not "
            "independent, so that the true intervals are somewhat wider."
        )
    ]
    more = "The same of further drawn images, models alone:"
    for words, totals in (("", results.totals), (more, results.further)):
        rows = [
            [
                name,
                _interval(rates.true_rate, rates.true_interval),
                _interval(rates.false_rate, rates.false_interval),
                f"{rates.found} of {rates.salient}",
                f"{rates.false} of {rates.others}",
            ]
            for name, rates in totals.items()
        ]
        if rows:
            parts += [*([paragraph(words)] if words else []), table(head, rows)]
    if results.further_left_out:
        parts.append(
            paragraph(
                "Further images that are left out, since their arrays' couplings leave more than the largest "
                f"residual: {results.further_left_out}."
            )
        )
    return Section("Salient contours", parts)


def small(results: VisionResults, shown: dict[str, Mapped]) -> Section:
    """Cuts and completions."""
    rows = [
        [
            each.name,
            each.kind,
            str(each.magnets),
            f"{each.residual:.2f}",
            reading.name,
            f"{reading.score:g} of {each.best:g}",
            "yes" if reading.solved else "no",
        ]
        for each in results.small
        for reading in each.readings
    ]
    caption = (
        "Ellipses at the places and angles that were found, with their ends: 1 along the axis (orange), −1 against it "
        "(blue). What a problem gives is held by a bias: the first node of a graph, the places of a pattern that are "
        "shown."
    )
    return Section(
        "Small problems",
        [
            figure(figures.small_figure(results.small, shown), caption),
            table(["problem", "kind", "magnets", "residual", "answer", "score", "solved"], rows),
        ],
    )


def magnets(magnets: VisionMagnets, material: Material, results: VisionResults) -> Section:
    """The discs, and what sets how many neighbours one needs."""
    (low, high), (pair_low, pair_high), (least, most) = results.alone, results.paired, results.need_range
    if low is None or high is None or pair_low is None or pair_high is None or least is None or most is None:
        measured = "The runs do not tell a bias at which a disc alone, or one of a pair, stays a single domain."
    else:
        measured = (
            f"A disc alone stays a single domain from between {value_label(low, 'A/m', 3)} and "
            f"{value_label(high, 'A/m', 3)} on, one of two discs in a line from between "
            f"{value_label(pair_low, 'A/m', 3)} and {value_label(pair_high, 'A/m', 3)}. At "
            f"{value_label(magnets.bias, 'A/m')} it needs {number_label(results.need, '.2f')} of what one neighbour "
            f"gives (between {least:.2f} and {most:.2f}, by the steps of the biases); the problem's cost of a segment "
            f"is {COST:g} of the affinity of two that continue each other well."
        )
    return Section(
        "The magnets",
        [
            paragraph(
                f"Discs {value_label(magnets.length, 'm')} wide and ellipses {value_label(magnets.length, 'm')} × "
                f"{value_label(magnets.width, 'm')}, {value_label(magnets.thickness, 'm')} thick, of {material.name} "
                f"({value_label(material.Ms, 'A/m')}), no two closer than {value_label(magnets.pitch, 'm')}. A "
                f"perpendicular field of {value_label(magnets.clock_field, 'A/m')} takes all out of the plane and "
                f"falls to 0 in {magnets.field_steps} steps, the magnets at rest in each, without heat. Discs have a "
                "bias along x; where it and the neighbours' stray fields are too weak, a disc becomes a vortex. "
                "Ellipses have each its own bias, the problem's field."
            ),
            paragraph(measured),
            paragraph(
                "All discs are single domains as the field falls, and each becomes a vortex that the others do not "
                "hold: they come to a minimum from all segments on, and it need not be the lowest. The answer 'local "
                "minimum, from all on' goes that way with the problem's own couplings, without any magnet. What it "
                "takes beyond the exact minimum is of the way, and no fault of the array."
            ),
        ],
    )


def not_shown(largest_residual: float) -> Section:
    """What the report does not say."""
    return Section(
        "What is not shown",
        [
            bullets(
                [
                    "Heat, rough edges and magnets that differ: the micromagnetic runs are at 0 K and all discs alike.",
                    "How fast it is and what it costs: the field falls in steps at rest.",
                    "A contour in the photographs: nobody drew one, so that there the measure is the exact minimum.",
                    "Arrays like the published one, where segments choose among discs at fixed places: here each "
                    "array is made for its image.",
                    f"Problems whose couplings leave more than {largest_residual:g}: they are refused.",
                    "That ellipses find a contour by their couplings: a segment with many neighbours has a bias "
                    'towards salient before any magnet turns. The line "biases alone" has what these say.',
                ]
            )
        ],
    )
