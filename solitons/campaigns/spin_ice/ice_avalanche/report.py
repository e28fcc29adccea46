"""The sections of a spin ice's report."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from markupsafe import Markup

from analysis import plot_distribution
from solitons.campaigns.framework import page
from solitons.campaigns.spin_ice.ice_avalanche import figures
from solitons.campaigns.spin_ice.ice_avalanche.analysis import Shown
from solitons.campaigns.spin_ice.ice_avalanche.driven_lattice import DrivenLattice
from solitons.campaigns.spin_ice.ice_avalanche.prediction import Avalanches
from solitons.campaigns.spin_ice.ice_avalanche.results import IceAvalancheResults, PredictionResults
from solitons.campaigns.spin_ice.ice_avalanche.runs import CoarseRamp, FirstField, LatticeOfSeed, Role
from solitons.figures import new_figure, number_label

__all__ = ["avalanche_sections"]


def avalanche_sections(lattice: DrivenLattice, results: IceAvalancheResults, shown: Shown) -> list[page.Section]:
    """What the lattice is, what was fitted, how well it predicts, and the avalanches."""
    fields = f"along {math.degrees(lattice.field_angle):g}°, {len(lattice.protocol.applied_field) - 1} steps"
    caption = f"The lattice with the disorder of seed {next(iter(lattice.specs))}, from above."
    device = page.device_table(lattice.device, lattice.spec.material, ("field", fields))
    rows = [[str(run.role), _in_the_fit(run.role), page.inline_code(run.spec.run_id)] for run in shown.runs]
    return [
        page.Section("The device", [page.figure(lattice.device.plot().figure, caption), device]),
        page.Section("The islands", _islands(results, shown)),
        page.Section("The pairs", _pairs(results)),
        *_lattices(results, shown),
        page.Section("The ramps of the field", _ramps(results)),
        page.Section("The runs", [page.table(["what", "in the fit", "run"], rows)]),
    ]


def _in_the_fit(role: Role) -> str:
    if isinstance(role, CoarseRamp | FirstField):
        return "its ramps"
    return "no" if isinstance(role, LatticeOfSeed) else "yes"


def _ramps(results: IceAvalancheResults) -> list[Markup]:
    rows = [
        [
            each.of,
            f"{each.start / 1e3:.4g} to {each.end / 1e3:.4g} kA/m",
            f"{each.smallest_step:.3g} A/m",
            "by the campaign" if each.found else "in the description",
        ]
        for each in results.ramps
    ]
    text = (
        "Coarse runs find where islands and pairs turn, and each gets fine steps there. The lattices' ramp goes from "
        "before the first flip that the fit predicts to behind the last; a run of its first field alone shows that no "
        "island has turned by then."
    )
    return [page.paragraph(text), page.table(["ramps of", "field", "smallest step", "chosen"], rows)]


H_K = page.symbol("h", "k")
_PARAMETERS = {
    "anisotropy_field": Markup("switching field along the hard axis {}").format(H_K),
    "b": Markup("switching field along the easy axis over {}, b").format(H_K),
    "beta": "curvature at the hard axis β",
    "gamma": "curvature at the easy axis γ",
}


def _islands(results: IceAvalancheResults, shown: Shown) -> list[Markup]:
    left = {f"{name}_exponent": f"{error:.2%}" for name, error in results.fit_errors.items()}
    return [
        page.figure(
            figures.astroid_figure(shown.islands, shown.fit),
            "Left: the field that turns a single island, over the angle between field and axis. Right: how that field "
            "follows what deviates from island to island. Sizes have steps, since a mesh shows whole cells: islands of "
            "the lattices are measured in their own cells, and large lattices follow the law.",
        ),
        page.paragraph(
            Markup(
                "The astroid leaves {} of {} (root mean square). Stoner and Wohlfarth's coherent rotation has b = 1 "
                "and β = γ = 3. An anisotropy of four orders, fitted to the same fields and to how far the moment "
                "turns before, leaves {}; large lattices have it. In the lattices of the runs each island turns by "
                "the texture, and against the torque, that its own cells have alone. Just before it turns over, "
                "an island's mean magnetisation is {} of Ms at least, which would be 1 if all of it were parallel."
            ).format(
                f"{results.fit_errors['astroid']:.2%}",
                H_K,
                f"{results.fit_errors['rotation']:.2%}",
                f"{results.coherence:.3f}",
            )
        ),
        page.parameter_table(results.parameters, _PARAMETERS, {"the law leaves": left} if shown.fit.laws else None),
    ]


_PAIRS = (
    "Kinds of pairs, by the field's direction. J at rest, from the energies of their states (positive where "
    "the two prefer opposite spins), beside the formula of point dipoles. Then by how much the second island shifts "
    "the field that turns the first: before it has turned itself, and after. Rigid moments would shift it by the same "
    "amount up and down. But just before an island turns, the field has moved its moment far from its axis, and two "
    "islands that are both close to turning help each other. The lattice of rotating moments has this of itself: its "
    "fields follow from the islands' cells, without any pair, and the shifts are a test of them. The lattice of "
    "islands of two states (lattice.json) takes both shifts as measured; pairs further apart, and those of which the "
    "second always turns first, have point dipoles there that lean as single islands do."
)


def _pairs(results: IceAvalancheResults) -> list[Markup]:
    rows = [
        [
            f"{each.islands[0]}, {each.islands[1]}",
            f"{each.distance * 1e9:.0f} nm",
            number_label(each.coupling * 1e21, "+.1f"),
            number_label(each.dipole_coupling * 1e21, "+.1f"),
            number_label(each.coupling / each.dipole_coupling, ".2f") if each.dipole_coupling else "",
            "not seen"
            if each.shift_before is None
            else f"{number_label(each.shift_before, '+.0f')} ± {each.scatter:.0f}",
            number_label(each.shift_after, "+.0f"),
        ]
        for each in results.pairs
    ]
    head = ["islands", "distance", "J (zJ)", "dipoles (zJ)", "ratio", "shift before (A/m)", "shift after (A/m)"]
    left = (
        f"Of the shifts after, two rotating moments leave {results.fit_errors['couplings']:.2%} of the switching field "
        "along the hard axis (root mean square)."
    )
    return [page.paragraph(_PAIRS), page.table(head, rows), page.paragraph(left)]


_STEPS = (
    "A spin is wrong in all steps between the field at which its island turns in the run and the one at which it turns "
    "in the model. So the share of right spins in the worst step depends on the width of the steps: narrow steps find "
    "spins wrong that wide ones pass over, and where many islands turn at once, one step early or late counts for all "
    "of them. The error of the flip fields does not depend on the steps, as long as it is larger than one of them."
)


def _lattices(results: IceAvalancheResults, shown: Shown) -> list[page.Section]:
    if all(each.first_flip_field is None for each in results.predictions):
        return [
            page.Section("The lattice", [page.paragraph("No island turns in the fields of this campaign; see above.")])
        ]
    first = shown.predictions[0]
    seed, field = first.seen.seed, first.comparison.field[first.comparison.worst_step] / 1e3
    against = [
        page.figure(
            figures.reversal_figure(shown.predictions),
            "Lattices that the fit did not see. Above: moment along the field. Below: how many spins are right after "
            "each step, which is what a run that stopped there would be judged by. Dashed: the usual picture, point "
            "dipoles along the islands' axes, with the same islands. Dotted: islands that are +1 or -1, with the "
            "shifts of measured pairs.",
        ),
        page.figure(
            figures.states_figure(first),
            f"Seed {seed} at {field:.4g} kA/m, the step with the most spins wrong. Islands are coloured by the "
            "direction of their moments; circles are around those that the model gets wrong.",
        ),
        page.figure(figures.order_figure(shown.predictions), "Field at which each island turns, island by island."),
        page.table(
            ["", *(f"seed {each.seed}" for each in results.predictions)],
            [[name, *map(cell, results.predictions)] for name, cell in _ROWS],
        ),
        page.paragraph(_STEPS),
    ]
    caption = f"Islands that turn in one step and share a vertex, seed {seed}, numbered in their order."
    return [
        page.Section("The model against micromagnetics", against),
        page.Section("Avalanches", [page.figure(figures.avalanche_figure(first), caption), *_large(shown.large)]),
    ]


_NOT_REACHED = "not reached"


def _field(value: float | None, missing: str = "–") -> str:
    return missing if value is None else f"{value / 1e3:.2f} kA/m"


def _error(value: float | None, coercive_field: float | None) -> str:
    """Error of a predicted coercive field; a remark where the coercive field is not reached."""
    return _NOT_REACHED if value is None and coercive_field is not None else number_label(value, "+.2%")


def _in_wider_steps(prediction: PredictionResults) -> str:
    found = [f"{each.worst_overlap:.1%} in {each.field_step:.1%}" for each in prediction.in_wider_steps]
    return "; ".join(found) or "–"


_ROWS: Sequence[tuple[str, Callable[[PredictionResults], str]]] = (
    ("islands", lambda each: f"{each.islands}"),
    ("spins right at the end", lambda each: number_label(each.final_overlap)),
    ("spins right at the coercive field", lambda each: number_label(each.coercive_overlap)),
    ("… with islands of two states", lambda each: number_label(each.two_state_coercive_overlap)),
    ("… with point dipoles", lambda each: number_label(each.dipole_coercive_overlap)),
    ("spins right in the worst step", lambda each: number_label(each.worst_overlap)),
    ("… with islands of two states", lambda each: number_label(each.two_state_worst_overlap)),
    ("… with point dipoles", lambda each: number_label(each.dipole_worst_overlap)),
    ("… width of the steps, of the field", lambda each: number_label(each.field_step, ".2%")),
    ("… in wider steps", lambda each: _in_wider_steps(each)),
    ("islands more than one step off", lambda each: f"{each.islands_off}"),
    ("error of the islands' flip fields, rms", lambda each: number_label(each.flip_field_error, ".2%")),
    ("… with islands of two states", lambda each: number_label(each.two_state_flip_field_error, ".2%")),
    ("… with point dipoles", lambda each: number_label(each.dipole_flip_field_error, ".2%")),
    ("coercive field", lambda each: _field(each.coercive_field, _NOT_REACHED)),
    ("… predicted", lambda each: _field(each.predicted_coercive_field, _NOT_REACHED)),
    ("… error", lambda each: _error(each.coercive_field_error, each.coercive_field)),
    (
        "… error with islands of two states",
        lambda each: _error(each.two_state_coercive_field_error, each.coercive_field),
    ),
    ("… error with point dipoles", lambda each: _error(each.dipole_coercive_field_error, each.coercive_field)),
    ("first flip", lambda each: _field(each.first_flip_field)),
    ("… predicted", lambda each: _field(each.predicted_first_flip_field)),
    ("pairs of flips in the right order", lambda each: number_label(each.concordance)),
    ("Kendall's τ", lambda each: number_label(each.kendall_tau, ".3f")),
    ("flips in exactly the right step", lambda each: number_label(each.same_step)),
)


def _large(large: Avalanches | None) -> list[Markup]:
    if large is None:
        return []
    found = large.results
    if not found.flips:
        return [page.paragraph("In the large lattices no island turns; see above.")]
    words = (
        f"{found.lattices} lattices of {found.islands:,} islands, by the model alone: {found.flips:,} flips in "
        f"{found.avalanches:,} avalanches, {found.mean_size or 0:.2f} each, {found.largest:,} in the largest. Sizes: "
        f"{found.verdict} ({found.reason})."
    )
    if found.exponent is not None and found.exponent_error is not None and found.minimum is not None:
        words += f" The exponent is {found.exponent:.2f} ± {found.exponent_error:.2f} from size {found.minimum:g} on."
    drawn = plot_distribution(large.sizes, large.law, ax=new_figure(5.0, 3.6).subplots()).figure
    return [
        page.paragraph(words),
        page.figure(drawn, "How many avalanches are as large as a size, or larger, and what was fitted."),
    ]
