"""The sections of the report of a recognising spin ice."""

from __future__ import annotations

from collections.abc import Sequence

from geometries import Material, SpinIce
from solitons.campaigns.framework.page import Section, figure, paragraph, symbol, table
from solitons.campaigns.spin_ice.ice_recogniser import figures
from solitons.campaigns.spin_ice.ice_recogniser.reduced_model import ReducedIce
from solitons.campaigns.spin_ice.ice_recogniser.results import MemoryPoint, RecogniserResults, Recognition, in_words
from solitons.campaigns.spin_ice.ice_recogniser.settings import IceMemory, IcePatterns, IceSwitching
from solitons.figures import value_label
from solitons.spin_ice import MacrospinLattice

__all__ = ["cascades", "device", "memory", "ranks", "recognition"]


def device(
    spin_ice: SpinIce, material: Material, settings: IceSwitching, ice: ReducedIce, results: RecogniserResults
) -> Section:
    """The ice, its ports and its parameters."""
    switching = ice.switching
    h_k, first = (value_label(value, "A/m") for value in (switching.anisotropy_field, results.first_flip_field))
    astroid = switching.astroid
    shape = {"b": astroid.b, "c": astroid.c, "β": astroid.beta, "γ": astroid.gamma}
    rows = [
        ["lattice", str(spin_ice)],
        [symbol("M", "s"), value_label(material.Ms, "A/m")],
        [symbol("h", "k"), f"{h_k}, from island to island ± {settings.spread:.0%}"],
        ["astroid", ", ".join(f"{name} = {float(value):.3g}" for name, value in shape.items())],
        ["couplings", f"dumbbells, charges {settings.charge_distance:g} of the length apart, every pair"],
        ["parameters from", results.parameters_from],
        ["first flip", f"{first} against the saturated ice, without a pattern"],
    ]
    caption = f"Of the {results.islands} islands {results.inputs} are written and {results.read_outs} are read."
    return Section("The device", [figure(figures.ports_figure(ice), caption), table(["quantity", "value"], rows)])


def cascades(settings: IcePatterns, ice: ReducedIce, model: MacrospinLattice, found: Recognition) -> Section:
    """What three digits leave in the ice."""
    caption = (
        "Three digits, and below what they leave in the ice: the bright pixels' islands are orange, and blue ones "
        "differ from what a pattern without a bright pixel leaves. A field of "
        f"{value_label(found.chosen_amplitude, 'A/m')}, which was chosen most often, sets off {found.cascade:.0f} "
        "flips a pattern."
    )
    drawn = figures.cascades_figure(settings, ice, model, found.chosen_amplitude)
    return Section("What a pattern sets off", [figure(drawn, caption)])


def recognition(settings: IcePatterns, found: Recognition) -> Section:
    """The read-out of the ice beside all others."""
    rows = [
        [
            in_words(each.features, each.count),
            f"{each.accuracy:.1%}",
            f"{each.spread:.1%}",
            f"{each.gain.verdict}: {each.gain}" if each.gain else "",
            f"{each.gain.p_value:.2g}" if each.gain else "",
        ]
        for each in found.read_outs
    ]
    return Section(
        "Does the ice help to recognise?",
        [
            paragraph(
                f"{found.images} images of scikit-learn's digits; a pixel above {settings.threshold:g} is written as a "
                "turned island. The same linear read-out (ridge regression, its strength chosen on the training "
                "images) is trained on the read-out islands, on the grey pixels, on the bright and dark pixels that "
                "were written, and on random features: linear projections of the grey pixels, and binary ones, "
                "sign(W x + b) of the written pixels (x, less its mean) with Gaussian W and b, which are nonlinear as "
                f"the ice is. The grey pixels have rank {found.pixel_rank}: from so many projections on, their linear "
                "read-outs are those of the grey pixels, and that comparison repeats the one with the pixels (but for "
                f"the ridge). Accuracies are means over {settings.repeats} × {settings.folds}-fold cross-validation, "
                "the field for the ice chosen anew in each, on training images. Differences are judged by the "
                "corrected resampled t test (Nadeau and Bengio 2003): where its 95 % interval contains 0, there is no "
                "gain. Pixels are compared with all islands, random features with as many."
            ),
            figure(
                figures.recognition_figure(found),
                "Left: accuracy, bars are standard deviations from split to split. Right: over the number of "
                "read-outs, beside as many random projections and random binary features.",
            ),
            table(["read-out of", "accuracy", "split to split", "the ice against it", "p"], rows),
        ],
    )


def ranks(settings: IceMemory, points: Sequence[MemoryPoint]) -> Section:
    """How many streams of inputs the ice distinguishes."""
    return Section(
        "Classes that it separates",
        [
            paragraph(
                f"{settings.streams} streams of {settings.stream_length} inputs, each a field whose angle is the "
                f"input; the rank of the states of {settings.read_outs} islands that they leave. Kernel rank: all "
                f"inputs differ. Generalisation rank: their last {settings.common} inputs are the same. The first "
                "should be high, the second low; an ice that is frozen has 1 in both. Means over "
                f"{settings.samples} lattices, each with its own inputs, and their standard errors."
            ),
            figure(
                figures.ranks_figure(points),
                "Kernel rank (full) and generalisation rank (dashed) over the field, for several spreads of the "
                "islands' anisotropy field.",
            ),
        ],
    )


def memory(settings: IceMemory, points: Sequence[MemoryPoint]) -> Section:
    """What the ice remembers of its inputs."""
    delays = ", ".join(f"{longest} for degree {degree}" for degree, longest in enumerate(settings.longest_delay, 1))
    means = "kernel_rank", "generalisation_rank", "linear_memory", "nonlinear_memory", "total_capacity"
    head = ["spread", "field", *(name.replace("_", " ") for name in means), "flips an input"]
    rows = [
        [
            f"{point.spread:.0%}",
            value_label(point.amplitude, "A/m"),
            *("{:.3g} ± {:.1g}".format(*getattr(point, name)) for name in means),
            f"{point.flips:.1f}",
        ]
        for point in points
    ]
    return Section(
        "What it remembers",
        [
            paragraph(
                f"Capacities of a linear read-out of {settings.read_outs} islands for products of Legendre polynomials "
                f"of the past inputs, of {settings.inputs} inputs; longest delays: {delays}. Memory is of functions of "
                "at least one past input; the total is with those of the present input alone. A capacity below what "
                "chance gives any target in one of 100 measurements counts as 0, the others are freed from the bias "
                "of finite samples."
            ),
            figure(
                figures.memory_figure(points),
                "Linear memory, nonlinear memory, and total capacity over the field, for several spreads of the "
                "islands' anisotropy field.",
            ),
            table(head, rows),
        ],
    )
