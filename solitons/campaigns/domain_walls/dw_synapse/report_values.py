"""Values of a stripe's report beside the results: rows of its tables, and words for the wall's motion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from analysis import plot_conductance, plot_magnetisation, plot_positions
from runs import RunSpec
from solitons.campaigns.domain_walls.dw_synapse import figures
from solitons.campaigns.domain_walls.dw_synapse.energy import RESET
from solitons.campaigns.domain_walls.dw_synapse.heat_results import ConductanceStep, StepStatistics
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation, pulse_trains
from solitons.campaigns.domain_walls.dw_synapse.results import SynapseResults
from solitons.campaigns.domain_walls.dw_synapse.step_table import PUBLISHED
from solitons.campaigns.energy.energy_report import energy_figure, energy_values
from solitons.campaigns.framework.device_samples import spread_words
from solitons.campaigns.framework.films import run_film
from solitons.campaigns.framework.page import inline_code, symbol
from solitons.devices.place_plots import places_figure, places_table
from solitons.domain_walls.candidate import Compared
from solitons.domain_walls.fit import WallFit
from solitons.domain_walls.fitted_devices import neuron_of
from solitons.domain_walls.landscape import ROOM_TEMPERATURE
from solitons.domain_walls.parameters import WALL_PARAMETERS
from solitons.domain_walls.pinning import PinningSum
from solitons.domain_walls.plots import neuron_figure
from solitons.domain_walls.runs import stripe_of, wall_of
from solitons.figures import number_label, value_label
from solitons.fits.fitted_parameter import FittedParameter
from solitons.networks.plots import digits_figure

if TYPE_CHECKING:
    from matplotlib.figure import FigureBase

    from solitons.campaigns.domain_walls.dw_synapse.found import Found

__all__ = ["figures_of", "values_of"]

_MOST_ROWS = 40  # of the table of steps; longer ones are in steps.csv alone
_FEW = 8  # with fewer walls a standard deviation needs its interval
_PLACES = ("wall position (nm)", 1e9, ROOM_TEMPERATURE)
_SIGNS = {1: "J > 0", -1: "J < 0", 0: "no current"}
_PARAMETERS = {
    name: Markup("{} {}").format(each.quantity, symbol(*each.symbol.split("_")) if "_" in each.symbol else each.symbol)
    for name, each in WALL_PARAMETERS.items()
    if each.quantity
}
# Constants of the material, as `MaterialUncertainty` names them, and the width.
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


def example_of(found: Found) -> Observation:
    """The run with the strongest drive that the fit has not seen: it shows most."""
    return max(figures.unseen(found), key=lambda each: each.peak)


def figures_of(found: Found, results: SynapseResults) -> Mapping[str, Callable[[], FigureBase]]:
    """Functions that draw the figures of the report."""
    example, fit = example_of(found), found.fit
    times = example.run["t"].values
    moments = times[[0, times.size // 4, times.size // 2, 3 * times.size // 4]]
    train, seen = pulse_trains(example.spec)[0], fit.provenance.fitted_range
    after = partial(figures.after_pulses_figure, found)
    drawn: dict[str, Callable[[], FigureBase]] = {
        "device": lambda: example.spec.device.plot().figure,
        "magnetisation": partial(
            plot_magnetisation, example.run, moments, walls=example.walls, component=example.walls.attrs["component"]
        ),
        "positions": partial(plot_positions, example.walls, example.run),
        "places": partial(after, attrgetter("positions_at_rest"), "wall position (nm)", 1e9),
        "conductances": partial(after, attrgetter("conductances_at_rest"), "conductance (µS)", 1e6),
        "displacements": partial(figures.displacement_figure, found),
        "held_out": partial(figures.held_out_figure, found),
        "conductance": lambda: plot_conductance(example.pulses).figure,
        "steps": partial(figures.steps_figure, found),
        "energy": partial(energy_figure, results.energy),
        "neuron": lambda: neuron_figure(
            neuron_of(fit, stripe_of(example.spec)),
            seen.amplitude,
            width=seen.width[1],
            rise=train.rise,
            period=train.period,
        ),
    }
    if found.landscape is not None:
        drawn["landscape"] = partial(figures.landscape_figure, found.landscape, results.places)
        drawn["hills"] = partial(places_figure, results.places, *_PLACES)
    if results.arrivals:
        drawn["arrivals"] = partial(figures.arrivals_figure, results.arrivals)
    if found.samples is not None:
        drawn["devices"] = partial(figures.devices_figure, found.samples)
    if found.neuron is not None:
        drawn["neuron_runs"] = partial(figures.neuron_runs_figure, found.neuron)
    if (digits := results.digits) is not None:
        accuracies = {
            "fitted devices": (digits.accuracy, digits.ci95),
            "ideal synapses": (digits.ideal_synapse_accuracy, None),
            "floating point": (digits.float_accuracy, None),
        }
        drawn["digits"] = partial(digits_figure, np.asarray(digits.confusion), accuracies)
    return drawn


def values_of(found: Found, results: SynapseResults) -> dict[str, Any]:
    """Names in `report.md` beside the campaign and the results."""
    example, count = example_of(found), len(found.observations)
    cut = None if found.landscape is None else figures.pushes_between(found.landscape)
    return {
        "found": found,
        "example": example,
        "along": example.walls.attrs["component"],
        "device_rows": _device_rows(example, found),
        "film": run_film(example.run, f"The same run as a film ({example.point}).", frames=80, walls=example.walls),
        "all_runs": count <= figures.MOST_PANELS,
        "panels": figures.MOST_PANELS,
        "cut_off": cut is not None and found.landscape and np.abs(found.landscape.pinning.values).max(),
        "places": places_table(results.places, *_PLACES) if results.places else None,
        "straight": any(way.at_most for place in results.places for way in place.passages),
        "trains": _trains(example, found.range[1]),
        "model": _model_in_words(found.fit),
        "parameters": _PARAMETERS,
        "uncertain": _uncertain(found),
        "parameter_columns": _parameter_columns(found, results, example),
        "constants": _constants(found),
        "pushed_by_domains": isinstance(found.fit.dynamics.pinning, PinningSum),
        "remarks": [_remark(each) for each in results.compared],
        "steps": [
            *(_step_row(each, found.range[1]) for each in results.steps),
            *(_published() if results.places else []),
        ],
        **_step_table(found, results),
        "spread_words": _spread_words(results),
        "runs": _run_rows(found),
        "run_head": [axis.heading for axis in found.observations[0].point.axes],
        "reset_energy": results.energy.joule(*RESET) if RESET in results.energy.operations else None,
        **energy_values(results.energy),
    }


def _device_rows(example: Observation, found: Found) -> list[tuple[str, str]]:
    spec, read_out = example.spec, found.campaign.extract
    known = {name for name, _ in spec.device.rows()}
    terminals = [(f"terminal {each.name}", each.describe()) for each, _ in spec.in_time.channels(spec.device)]
    return [
        *(row for row in terminals if row[0] not in known),
        ("protocol", _protocol_in_words(spec)),
        ("junction", f"RA = {read_out.resistance_area * 1e12:g} Ω µm², TMR = {read_out.tmr:.0%}"),
    ]


def _protocol_in_words(spec: RunSpec) -> str:
    """The pulse trains of a protocol; their amplitude and width are swept."""
    return "; then ".join(
        f"{train.count} {train.polarity} pulses, one every {value_label(train.period, 's')}, "
        f"rise {value_label(train.rise, 's')}"
        for train in pulse_trains(spec)
    )


def _trains(example: Observation, span: float) -> list[tuple[int, str, float]]:
    """Pulses of each polarity, in the order in which they were sent, and their change of the junction's range."""
    steps, signs = example.conductance_steps, np.sign(example.pulses["amplitude"].values)
    return [
        (int((signs == sign).sum()), "positive" if sign > 0 else "negative", float(steps[signs == sign].sum()) / span)
        for sign in dict.fromkeys(signs[signs != 0].astype(int).tolist())
    ]


def _model_in_words(fit: WallFit) -> str:
    """Its coordinates: position, angle, and the tilt where its wall tilts."""
    more = [] if fit.dynamics.tilting is None else ["whose wall tilts by χ across the stripe"]
    if np.any(fit.dynamics.breathing.softness):
        more.append("whose width follows its angle")
    coordinates = "(q, φ, χ)" if fit.dynamics.tilting is not None else "(q, φ)"
    model = f"the collective-coordinate model {coordinates}"
    return f"{model} {' and '.join(more)}" if more else model


def _uncertain(found: Found) -> list[FittedParameter]:
    """Parameters that constants of the material which are not fitted may have moved."""
    return [each for each in found.fit.parameters if each.by_material is not None and each.by_constant]


def _parameter_columns(
    found: Found, results: SynapseResults, example: Observation
) -> dict[str, Mapping[str, float | str | tuple[float, float]]]:
    expected = wall_of(example.spec, example.trajectory.polarity, float(found.fit.dynamics.width))
    from_material = {
        each.name: float(getattr(expected, each.name)) for each in results.parameters if hasattr(expected, each.name)
    }
    columns: dict[str, Mapping[str, float | str | tuple[float, float]]] = {}
    if uncertain := _uncertain(found):
        exact = {each.name: each.taking_material_as_exact for each in uncertain}
        columns["by the runs alone"] = {name: (each.low, each.high) for name, each in exact.items()}
        columns["moved most by"] = {each.name: _moved_most_by(each) for each in uncertain}
    return columns | {"from the material": from_material}


def _moved_most_by(parameter: FittedParameter) -> str:
    name, change = max(parameter.by_constant.items(), key=lambda each: abs(each[1]))
    if not change:
        return "–"
    # No percentage of a value near 0.
    share = 100 * change / abs(parameter.value) if abs(change) < abs(parameter.value) else None
    return _CONSTANTS[name] if share is None else f"{_CONSTANTS[name]}: {number_label(share, '+.2g')} %"


def _constants(found: Found) -> str:
    """The constants that are not fitted and how well they are known."""
    uncertain, known = _uncertain(found), found.campaign.fit.material_uncertainty
    if not uncertain:
        return ""
    counting = [name for name in uncertain[0].by_constant if any(each.by_constant[name] for each in uncertain)]
    shares = [f"{_CONSTANTS[name]} {100 * getattr(known, name):.2g} %" for name in counting if name != "width"]
    return ", ".join([*shares, *(["Δ as much as it varies between frames"] if "width" in counting else [])])


def _remark(model: Compared) -> str:
    remarks = {
        "taken": model.chosen,
        "at the edge": model.at_edge,
        "not the shape's": model.unshapely,
        "not separable": model.inseparable,
    }
    return ", ".join(remark for remark, holds in remarks.items() if holds)


def _step_row(each: StepStatistics, span: float) -> tuple[str, ...]:
    return (
        value_label(each.temperature, "K"),
        f"{each.source}, {each.walls} wall{'s' if each.walls > 1 else ''}",
        f"{each.train}: {_SIGNS[each.sign]}",
        number_label(each.mean_step / span, "+.1%"),
        _spread(each, span),
        number_label(each.nonlinearity, ".2f"),
        number_label(each.asymmetry, ".2f"),
    )


def _spread(each: StepStatistics, span: float) -> str:
    if each.spread_ci95 is None:
        return "–"
    low, high = (end / span for end in each.spread_ci95)
    return f"{each.spread / span:.1%}" + (f" [{low:.1%}, {high:.1%}]" if each.walls < _FEW else "")


def _published() -> list[tuple[str, ...]]:
    """Rows of published steps, to stand below those of the trains."""
    return [
        ("300 K", f"published, {torque}", way, number_label(mean, "+.1%"), f"{spread:.1%}", "–", "–")
        for torque, ways in PUBLISHED.items()
        for way, (mean, spread) in ways.items()
    ]


def _step_table(found: Found, results: SynapseResults) -> dict[str, Any]:
    """Table of steps in % of the range at the lowest temperature with heat; nothing where it is too long for a page."""
    warm = found.warm.temperature if found.warm is not None else 0.0
    at = {(row.source, (row.share, row.place)): row for row in results.step_table if row.temperature == warm}
    sources, nodes = list(dict.fromkeys(source for source, _ in at)), sorted({node for _, node in at})
    columns = (head for each in sources for head in (f"up, {each}", "σ", f"down, {each}", "σ"))
    rows = [
        [f"{100 * node[0]:.0f}", *(cell for source in sources for cell in _step_cells(at.get((source, node))))]
        for node in nodes
    ]
    return {"warm": warm, "step_head": ["conductance", *columns], "step_table": rows if len(rows) <= _MOST_ROWS else []}


def _step_cells(row: ConductanceStep | None) -> list[str]:
    """Step up, its spread, step down, its spread; of few pulses no spread."""
    if row is None:
        return ["–"] * 4
    up, down = (each >= _FEW for each in (row.up_pulses, row.down_pulses))
    values = (row.up, row.up_spread if up else None, row.down, row.down_spread if down else None)
    return [number_label(None if each is None else 100 * each, ".2f") for each in values]


def _spread_words(results: SynapseResults) -> str:
    if results.devices is None:
        return ""
    return spread_words(results.devices, "devices of one drawing, each with random edges of its own,", "the wall")


def _run_rows(found: Found) -> list[list[Any]]:
    held_out, rows = set(found.fit.provenance.held_out), []
    for each in found.observations:
        run_id, axes = each.spec.run_id, each.point.axes
        exit_time = float(each.walls["exit"].isel(wall=0))
        error = figures.mean_of_present(np.abs(found.fit.residuals[run_id][1:])) * 1e9
        rows.append(
            [
                *(value_label(value, axis.unit) for axis, value in zip(axes, each.point.values, strict=True)),
                f"{error:.2f} nm" if np.isfinite(error) else "–",
                f"leaves at {exit_time * 1e9:.2f} ns" if np.isfinite(exit_time) else "stays",
                "held out" if run_id in held_out else "yes",
                inline_code(run_id),
            ]
        )
    return rows
