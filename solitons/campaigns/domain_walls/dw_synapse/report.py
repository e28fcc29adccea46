"""The sections of a stripe's report."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from analysis import film, plot_conductance, plot_magnetisation, plot_positions
from runs import RunSpec
from solitons.campaigns.domain_walls.dw_synapse.analysis import Shown
from solitons.campaigns.domain_walls.dw_synapse.devices_report import devices_sections
from solitons.campaigns.domain_walls.dw_synapse.figures import (
    MOST_PANELS,
    after_pulses_figure,
    displacement_figure,
    held_out_figure,
    mean_of_present,
    unseen,
)
from solitons.campaigns.domain_walls.dw_synapse.neuron_report import neuron_parts
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation, pulse_trains
from solitons.campaigns.domain_walls.dw_synapse.pinning_report import heat_sections, landscape_sections, levels_in_words
from solitons.campaigns.domain_walls.dw_synapse.results import ComparedModel, SynapseResults
from solitons.campaigns.energy.energy_report import energy_section
from solitons.campaigns.framework.page import (
    Section,
    device_table,
    figure,
    image,
    inline_code,
    paragraph,
    parameter_table,
    symbol,
    table,
)
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.domain_walls.fit import WallFit
from solitons.domain_walls.fitted_devices import neuron_of
from solitons.domain_walls.parameters import WALL_PARAMETERS
from solitons.domain_walls.pinning import PinningSum
from solitons.domain_walls.plots import neuron_figure
from solitons.domain_walls.runs import stripe_of, wall_of
from solitons.figures import number_label, value_label
from solitons.fits.fitted_parameter import FittedParameter
from solitons.fits.material_uncertainty import MaterialUncertainty
from solitons.networks.digits_result import DigitsResult
from solitons.networks.plots import digits_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["synapse_sections"]

_ENERGY = (
    "One device alone: the weakest and the strongest pulses of the sweep, each with its rest, and a reading of the "
    "junction. Ohmic heat is that of the path that the run describes; the heat of the magnet is what damping takes "
    "from its motion in the frames. Wires, drivers and converters belong to an array, which a campaign of kind "
    "crossbar_limits has."
)


def synapse_sections(read_out: JunctionReadOut, results: SynapseResults, shown: Shown) -> list[Section]:
    """What the device is, what its wall did, and the model, synapse, neuron and network that follow."""
    # Of the runs that the fit has not seen, the one with the strongest drive shows most.
    example = max(unseen(shown), key=lambda each: each.peak)
    sections = [
        Section("The device", _device(example, read_out)),
        Section("What the wall did", _motion(shown, example)),
        *landscape_sections(results, shown),
        Section(
            "The model against micromagnetics",
            [
                figure(
                    held_out_figure(shown),
                    "Runs that the fit did not see. The model is given the wall's first position and angle and the "
                    "current, nothing else.",
                ),
                *_parameters(results, shown, example),
            ],
        ),
        Section(
            "The synapse",
            [
                figure(
                    plot_conductance(example.pulses).figure,
                    f"Conductance of the tunnel junction after every pulse ({example.point}): "
                    f"{_conductance_in_words(example)}.",
                ),
                figure(
                    after_pulses_figure(shown, attrgetter("conductances_at_rest"), "conductance (µS)", 1e6),
                    f"Conductance after every pulse and the rest behind it, in {_which_runs(shown)}.",
                ),
                paragraph(levels_in_words(results)),
            ],
        ),
        *heat_sections(results, shown),
        *devices_sections(results, shown),
        Section("The neuron", _neuron_or_why(results, shown, example)),
    ]
    if results.digits is not None:
        sections.append(Section("The network", _network(results.digits)))
    elif "network" in results.withheld:
        sections.append(Section("The network", [paragraph(f"There is none: {results.withheld['network']}.")]))
    if results.energy.rows:
        sections.append(energy_section(results.energy, _ENERGY))
    return [*sections, Section("The runs", [_runs_table(shown)])]


def _which_runs(shown: Shown) -> str:
    count = len(shown.observations)
    if count <= MOST_PANELS:
        return f"all {count} runs, with their swept values; open markers: the fit did not see the run"
    return f"{MOST_PANELS} of the {count} runs, spread evenly over the sweep; open markers: the fit did not see the run"


def _conductance_in_words(example: Observation) -> str:
    """What each polarity does to the conductance, from what it did."""
    steps = example.conductance_steps
    signs = np.sign(example.pulses["amplitude"].values)
    whole = example.junction.attrs["parallel_conductance"] - example.junction.attrs["antiparallel_conductance"]
    said = []
    # In the order in which they were sent.
    for sign in dict.fromkeys(signs[signs != 0].astype(int).tolist()):
        train, name = steps[signs == sign], "positive" if sign > 0 else "negative"
        change = float(train.sum()) / whole
        what = "without a change" if abs(change) < 0.01 else f"that {'raised' if change > 0 else 'lowered'} it"
        pulses = f"{train.size} {name} pulse" if train.size == 1 else f"{train.size} {name} pulses"
        said.append(f"{pulses} {what} ({number_label(change, '+.0%')} of the junction's range)")
    return ", ".join(said)


def _neuron_or_why(results: SynapseResults, shown: Shown, example: Observation) -> list[Markup]:
    if shown.neuron is not None and results.neuron is not None:
        return neuron_parts(results.neuron, shown.neuron)
    if "neuron" in results.withheld:
        return [paragraph(f"There is none: {results.withheld['neuron']}.")]
    return [
        figure(
            _neuron(shown.fit, example),
            "The fitted wall as an integrate-and-fire neuron: it starts where the runs did, fires where the junction "
            "sees it pass, and is reset. Left: under three pulse amplitudes. Right: how often it fires. It has no runs "
            "of its own (“neuron” in the campaign file).",
        )
    ]


def _device(example: Observation, read_out: JunctionReadOut) -> list[Markup]:
    spec = example.spec
    said = {name for name, _ in spec.device.rows()}
    terminals = ((f"terminal {each.name}", each.describe()) for each, _ in spec.in_time.channels(spec.device))
    return [
        figure(spec.device.plot().figure, "The stripe from above."),
        device_table(
            spec.device,
            spec.material,
            *(row for row in terminals if row[0] not in said),
            ("protocol", _protocol_in_words(spec)),
            ("junction", f"RA = {read_out.resistance_area * 1e12:g} Ω µm², TMR = {read_out.tmr:.0%}"),
        ),
    ]


def _protocol_in_words(spec: RunSpec) -> str:
    """The pulse trains of a protocol; their amplitude and width are swept."""
    return "; then ".join(
        f"{train.count} {train.polarity} pulses, one every {value_label(train.period, 's')}, "
        f"rise {value_label(train.rise, 's')}"
        for train in pulse_trains(spec)
    )


def _motion(shown: Shown, example: Observation) -> list[Markup]:
    times = example.run["t"].values
    moments = times[[0, times.size // 4, times.size // 2, 3 * times.size // 4]]
    every = max(1, times.size // 80)
    with tempfile.TemporaryDirectory() as directory:
        moving = film(example.run, Path(directory) / "run.gif", walls=example.walls, every=every).read_bytes()
    return [
        figure(
            plot_magnetisation(example.run, moments, walls=example.walls),
            f"Magnetisation out of the plane at four times, the extracted wall dashed ({example.point}).",
        ),
        image(moving, "gif", f"The same run as a film ({example.point})."),
        figure(
            plot_positions(example.walls, example.run),
            f"Position of the wall over time, the current pulses below ({example.point}).",
        ),
        figure(
            after_pulses_figure(shown, attrgetter("positions_at_rest"), "wall position (nm)", 1e9),
            f"Position of the wall after every pulse and the rest behind it, in {_which_runs(shown)}; none is drawn "
            "once the wall has left.",
        ),
        figure(
            displacement_figure(shown),
            "How far one pulse of the first train moves the wall, with the rest that follows it.",
        ),
    ]


_PARAMETERS = {
    name: Markup("{} {}").format(each.quantity, symbol(*each.symbol.split("_")) if "_" in each.symbol else each.symbol)
    for name, each in WALL_PARAMETERS.items()
    if each.quantity
}
# Of the material, as `MaterialUncertainty` names them, and the width.
_CONSTANTS = {
    "Ms": "Ms",
    "A": "A",
    "anisotropy_field": "anisotropy field",
    "D": "D",
    "alpha": "α",
    "gamma0": "γ₀",
    "P": "P",
    "beta": "β",
    "spin_hall_angle": "spin-Hall angle",
    "field_like_ratio": "field-like ratio",
    "width": "Δ",
}


def _parameters(results: SynapseResults, shown: Shown, example: Observation) -> Sequence[Markup]:
    fit, known = shown.fit, shown.uncertainty
    expected = wall_of(example.spec, example.trajectory.polarity, float(fit.dynamics.width))
    uncertain = [each for each in fit.parameters if each.by_material is not None and each.by_constant]
    from_material = {
        each.name: float(getattr(expected, each.name)) for each in results.parameters if hasattr(expected, each.name)
    }
    model = _model_in_words(fit)
    words = Markup(
        "Parameters of {model} with their 95 % confidence intervals, beside what the material constants alone give. "
        "{field} from the material is that of a straight wall's stray field in a stripe with straight edges; below 0 "
        "the wall prefers to be a Néel wall. The width Δ is not fitted but taken from the frames: {width}.{pushed}"
    ).format(
        model=model,
        field=symbol("H", "K"),
        width=value_label(float(fit.dynamics.width), "m"),
        # Of what was measured in statics there is one table.
        pushed=" Along the stripe the stray field of the two domains and pinned ends push it, as the material and the "
        "stripe give them."
        if isinstance(fit.dynamics.pinning, PinningSum)
        else "",
    )
    left_out = "" if fit.dynamics.tilting is not None else "the wall's tilt, "
    measured = "" if shown.landscape is None else " or the measured landscape"
    intervals = (
        f"{'The interval by the runs alone' if uncertain else 'An interval'} is the wider of two: what the noise of "
        "the samples leaves open, and how the value changes when each run is left out, which counts what the "
        f"model leaves out ({left_out}its pinning by the mesh) as far as it differs from run to run. Where other "
        f"models predict as well, it spans theirs too.{_by_material_in_words(uncertain, known) if uncertain else ''} "
        f"What else is wrong in all runs alike, such as a mesh that is too coarse{measured}, is in no interval."
    )
    further: dict[str, Mapping[str, float | str | tuple[float, float]]] = {"from the material": from_material}
    if uncertain:
        exact = {each.name: each.taking_material_as_exact for each in uncertain}
        further = {
            "by the runs alone": {name: (each.low, each.high) for name, each in exact.items()},
            "moved most by": {each.name: _moved_most_by(each) for each in uncertain},
            **further,
        }
    fitted = [paragraph(words), parameter_table(results.parameters, _PARAMETERS, further), paragraph(intervals)]
    if not results.parameters:
        fitted = [paragraph(f"Nothing is fitted: {model} has the material's constants.")]
    return [*fitted, *_not_fitted(results), *_compared(results)]


def _by_material_in_words(uncertain: Sequence[FittedParameter], known: MaterialUncertainty) -> str:
    """What the constants that are not fitted add, and how well they are known."""
    counting = [name for name in uncertain[0].by_constant if any(each.by_constant[name] for each in uncertain)]
    shares = [f"{_CONSTANTS[name]} {100 * getattr(known, name):.2g} %" for name in counting if name != "width"]
    shares += ["Δ as much as it varies between frames"] if "width" in counting else []
    return (
        " The 95 % interval counts also that the constants which are not fitted may be wrong, so that the fit makes up "
        f"for them. They are taken to be known to these standard uncertainties (fit.material_uncertainty): "
        f"{', '.join(shares)}. 'Moved most by' names the one that counts most, and how the value changes if it is "
        "larger by its uncertainty. The engine has the material's constants exactly, so that the verdict looks at what "
        "the runs alone leave open."
    )


def _moved_most_by(parameter: FittedParameter) -> str:
    name, change = max(parameter.by_constant.items(), key=lambda each: abs(each[1]))
    if not change:
        return "–"
    # Of a value near 0 there are no per cent.
    share = 100 * change / abs(parameter.value) if abs(change) < abs(parameter.value) else None
    return _CONSTANTS[name] if share is None else f"{_CONSTANTS[name]}: {number_label(share, '+.2g')} %"


def _model_in_words(fit: WallFit) -> str:
    """Its coordinates: position, angle, and the tilt where its wall tilts."""
    more = [] if fit.dynamics.tilting is None else ["whose wall tilts by χ across the stripe"]
    if np.any(fit.dynamics.breathing.softness):
        more.append("whose width follows its angle")
    coordinates = "(q, φ, χ)" if fit.dynamics.tilting is not None else "(q, φ)"
    said = f"the collective-coordinate model {coordinates}"
    return f"{said} {' and '.join(more)}" if more else said


def _not_fitted(results: SynapseResults) -> Sequence[Markup]:
    if not results.from_material:
        return []
    rows = []
    for each in results.from_material:
        scale, unit = (1e3, "kA/m") if each.unit == "A/m" else (1.0, each.unit)  # as beside the fitted ones
        rows.append([_PARAMETERS[each.name], number_label(each.value / scale, ".4g"), "" if unit == "1" else unit])
    return [paragraph("From the material, not fitted:"), table(["parameter", "value", "unit"], rows)]


def _compared(results: SynapseResults) -> Sequence[Markup]:
    """The models that were compared, and why one was taken."""
    if not results.compared:
        return []
    words = (
        "Models that were compared, each by training runs that its fit had not seen; the held-out runs above took no "
        "part. The simplest is taken whose likelihood is within one standard error of the best."
    )
    if any(each.at_edge for each in results.compared):
        words += (
            " A model with a parameter at the edge of what is physical is not taken: if it predicts better, the wall "
            "does something that no model here describes."
        )
    if any(each.unshapely for each in results.compared):
        words += (
            " Among the models that are that near to the best, one comes first whose hard-axis field the stripe's "
            "shape can have."
        )
    if any(each.inseparable for each in results.compared):
        words += (
            " A model with parameters that the runs cannot separate is taken only where all others err by a tenth more."
        )
    rows = [
        [
            str(each),
            f"{each.rms * 1e9:.2f} nm",
            "–" if each.rms_at_rest is None else f"{each.rms_at_rest * 1e9:.2f} nm",
            f"{number_label(-each.behind, '.1f')} ± {each.standard_error:.1f}" if each.behind else "the best",
            _remark(each),
        ]
        for each in results.compared
    ]
    heads = ["fitted", "rms error", "rms error at rest", "log-likelihood less the best one's", ""]
    return [paragraph(words), table(heads, rows)]


def _remark(model: ComparedModel) -> str:
    remarks = {
        "taken": model.chosen,
        "at the edge": model.at_edge,
        "not the shape's": model.unshapely,
        "not separable": model.inseparable,
    }
    return ", ".join(remark for remark, holds in remarks.items() if holds)


def _neuron(fit: WallFit, example: Observation) -> Figure:
    train, seen = pulse_trains(example.spec)[0], fit.provenance.fitted_range
    neuron = neuron_of(fit, stripe_of(example.spec))
    return neuron_figure(neuron, seen.amplitude, width=seen.width[1], rise=train.rise, period=train.period)


def _network(digits: DigitsResult) -> list[Markup]:
    accuracies = {
        "fitted devices": (digits.accuracy, digits.ci95),
        "ideal synapses": (digits.ideal_synapse_accuracy, None),
        "floating point": (digits.float_accuracy, None),
    }
    return [
        figure(
            digits_figure(np.asarray(digits.confusion), accuracies),
            f"A 64-to-10 crossbar on {digits.test_size} test images of scikit-learn's digits. Left: accuracy, with "
            "the 95 % binomial interval. Right: which digit the fitted devices read as which.",
        ),
        *([paragraph(_unlike_in_words(digits))] if digits.mean_device_accuracy is not None else []),
        *([paragraph(_at_rest_in_words(digits.accuracy_at_rest))] if digits.accuracy_at_rest is not None else []),
    ]


def _unlike_in_words(digits: DigitsResult) -> str:
    """What the network's devices differ by, and what that costs."""
    parts = [f"every pulse of the writer leaves a wall {value_label(digits.cycle_spread, 'm', digits=2)} off by heat"]
    if digits.gain_spread:
        parts.append(f"a pulse moves the walls of two devices {digits.gain_spread:.1%} more or less")
    if digits.place_spread:
        parts.append(f"they rest {value_label(digits.place_spread, 'm', digits=2)} apart by disorder")
    return (
        f"The network works at {value_label(digits.temperature, 'K')}: {', '.join(parts)} (standard deviations; each "
        "pulse is followed by a reading, so that the next one can make up for it). Without heat and with devices all "
        f"alike it reads {digits.mean_device_accuracy:.1%} right."
    )


def _at_rest_in_words(accuracy: float) -> str:
    return (
        "These images are read at the end of the rest behind the last writing pulse. Once the walls, left alone, have "
        f"come to rest, the network reads {accuracy:.1%} right."
    )


def _runs_table(shown: Shown) -> Markup:
    held_out = set(shown.fit.provenance.held_out)
    axes = shown.observations[0].point.axes
    rows = []
    for each in shown.observations:
        run_id = each.spec.run_id
        exit_time = float(each.walls["exit"].isel(wall=0))
        error = mean_of_present(np.abs(shown.fit.residuals[run_id][1:])) * 1e9
        rows.append(
            [
                *(value_label(value, axis.unit) for axis, value in zip(axes, each.point.values, strict=True)),
                f"{error:.2f} nm" if np.isfinite(error) else "–",
                f"leaves at {exit_time * 1e9:.2f} ns" if np.isfinite(exit_time) else "stays",
                "held out" if run_id in held_out else "yes",
                inline_code(run_id),
            ]
        )
    return table([*(axis.heading for axis in axes), "mean error", "wall", "in the fit", "run"], rows)
