"""The sections of the report of a layer that learns on junctions that are written by chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geometries import Material, Pillar
from solitons.campaigns.framework.page import Section, device_table, figure, paragraph, symbol, table
from solitons.campaigns.junctions.stochastic_stdp import figures
from solitons.campaigns.junctions.stochastic_stdp.analysis import OF_ITS_OWN, Learned
from solitons.campaigns.junctions.stochastic_stdp.results import LearningPoint, LearningResults, TaskResults
from solitons.campaigns.junctions.stochastic_stdp.settings import CarsTask, DigitsTask, Writing
from solitons.campaigns.junctions.stochastic_stdp.trials import ShownCars, ShownDigits
from solitons.figures import value_label
from solitons.junctions.pillar_pulses import PillarPulse

__all__ = ["ENERGY", "Shown", "cars", "comparisons", "digits", "junction"]

ENERGY = (
    "The junctions alone, at the current that was chosen for each task. A synaptic event is the reading of one "
    "junction by a spike. Wires, drivers and converters belong to an array, which a campaign of kind crossbar_limits "
    "has; neurons are not in it."
)
_YEAR = 365.25 * 24 * 3600


@dataclass(frozen=True)
class Shown:
    """What the report draws from: the pulses, and each task that was learned."""

    pulse: PillarPulse
    learned: Mapping[str, Learned]


def junction(
    device: Pillar,
    material: Material,
    temperature: float,
    writing: Writing,
    results: LearningResults,
    pulse: PillarPulse,
) -> Section:
    """The junction, and what a pulse does to it."""
    rows = (
        ("Δ", f"{results.stability:.3g} k T at {temperature:g} K"),
        (symbol("J", "c"), value_label(results.critical_current, "A/m^2", digits=3)),
        ("keeps its state for", _duration(results.retention)),
        ("pulses", f"{value_label(writing.width, 's')}, set and reset of one strength"),
        ("antiparallel, as it is read", f"{results.antiparallel:.3g} of the parallel conductance"),
        ("from junction to junction", f"± {writing.spread:.0%} of barrier and critical current (lognormal)"),
    )
    chosen = {
        name: task.chosen for name, task in (("cars", results.cars), ("digits", results.digits)) if task is not None
    }
    return Section(
        "The junction and its pulses",
        [
            paragraph(
                "Each synapse is one or more tunnel junctions, parallel or antiparallel. A pulse switches a junction "
                "by chance: the probability follows from the Fokker-Planck equation of the free layer as one magnetic "
                "moment, from the energy of the barrier and the torque of the current. Nothing is fitted. Larger "
                "pillars turn less coherently and switch more easily."
            ),
            figure(
                figures.pulse_figure(pulse, writing, chosen),
                "Left: chance that one pulse switches the mean junction. Right: mean energy of a pulse by what it does "
                "and the state that it meets, voltage times current over the pulse; the junction's resistance is that "
                "of its state, with the magnetoresistance at that voltage. Dots are the currents that are compared.",
            ),
            device_table(device, material, *rows),
        ],
    )


def cars(task: CarsTask, results: TaskResults, learned: Learned) -> Section:
    """Cars on lanes."""
    shown = learned.example.shown
    assert isinstance(shown, ShownCars)
    assert results.alarms is not None
    alarms, (low, high) = results.alarms
    rows = [
        ["cars detected", str(results.final)],
        ["false alarms for 100 cars", f"{100 * alarms:.1f} [{100 * low:.1f}, {100 * high:.1f}]"],
        ["detected without learning", str(results.untrained)],
        ["on the most frequent lane", f"{results.constant:.1%}"],
        ["neurons that stand for a lane", f"{results.named_neurons:.3g} of {results.neurons}"],
    ]
    return Section(
        "Cars on lanes",
        [
            paragraph(
                "The recordings are artificial: cars on the lanes of a road, as an event camera would report them. The "
                "published networks saw recordings of a real road, which no package contains; their 98 % cannot be "
                "compared with the numbers here. "
                f"{task.layer.neurons} neurons compete for the events of {task.road.pixels} × {task.road.pixels} "
                f"pixels for {task.learning:g} s. The neuron that fires has its junctions written: a set pulse where "
                f"the input was active within {value_label(task.layer.window, 's')}, else a reset pulse. The lanes are "
                "used only afterwards, to name the neurons in a second recording. The numbers are those of a third "
                f"one, of {results.seeds} layers whose devices and recordings have seeds that were not used to choose "
                f"the current (those of the comparison plus {OF_ITS_OWN})."
            ),
            figure(
                figures.lanes_figure(task, shown),
                "Parallel junctions of the neurons of one layer after learning, on the picture of the camera (mean of "
                "both polarities; black is antiparallel), in the order of the lanes that they stand for. The near "
                "end of the road is below; a neuron answers to cars on a part of it.",
            ),
            figure(
                figures.raster_figure(shown, task.road.lanes),
                "A stretch of the recording that is counted, with a median number of cars: grey bars are cars on their "
                "lanes, lines are spikes of neurons that stand for the lane.",
            ),
            table(["quantity", "value with its 95 % interval"], rows),
            paragraph(
                "Intervals are the wider of the exact one (binomial, or Poisson for alarms) of all cars together and "
                "Student's t over the layers."
            ),
        ],
    )


def digits(task: DigitsTask, results: TaskResults, learned: Learned) -> Section:
    """Handwritten digits."""
    shown = learned.example.shown
    assert isinstance(shown, ShownDigits)
    images = shown.right.size
    rows = [
        ["this layer", str(results.final)],
        ["the same without learning", str(results.untrained)],
        *([name, f"{value:.1%}"] for name, value in results.references.items()),
        ["always the most frequent digit", f"{results.constant:.1%}"],
        ["images without a spike", f"{results.unseen:.1%}"],
    ]
    low, high = task.coding.contrast
    return Section(
        "Handwritten digits",
        [
            paragraph(
                f"Images of 8 × 8 pixels are shown for {value_label(task.coding.shown, 's')} each. Every pixel has an "
                "input that fires where it is bright and one that fires where it is dark, in regular trains of up to "
                f"{task.coding.rate:g} Hz, so that all images send as many spikes; contrast is raised between {low:g} "
                f"and {high:g} of the full brightness. The first of {task.layer.neurons} neurons to reach its "
                "threshold silences the others and is written. A spike raises its neuron's threshold, which recovers "
                f"slowly, so that all neurons get their share. {task.junctions} junctions in parallel make a synapse. "
                f"Labels name the neurons after {task.epochs} passes through the learning images; {images} "
                "images are held out."
            ),
            figure(
                figures.digits_figure(shown),
                "What neurons of one layer have learned: share of parallel junctions of the bright input less that of "
                "the dark one, black where bright is expected; above each the digit that it stands for.",
            ),
            table(["read by", "held-out digits right, 95 % interval"], rows),
            paragraph(
                "k-means has as many prototypes as the layer has neurons, named by the same rule: what the layer "
                "loses against it is the price of two-state junctions, of learning from one image at a time, and of "
                "competing by spikes. Logistic regression is taught with the labels. The interval is the wider of the "
                "exact binomial one of the held-out images, which are the same for all layers, and Student's t over "
                f"{results.seeds} layers."
            ),
        ],
    )


def comparisons(results: LearningResults) -> list[Section]:
    """Currents, spreads and numbers of junctions."""
    tasks = {name: task for name, task in (("cars", results.cars), ("digits", results.digits)) if task is not None}
    if not tasks:
        return []
    parts = [
        paragraph(
            "Weak pulses switch seldom: layers learn slowly and are wrong more often, and each pulse is cheap. Strong "
            "pulses switch always: each image overwrites what was learned before. The dotted line is the cheapest "
            "current whose score is within the 95 % interval of the best (shaded). All layers see as much: a weak "
            "current could be given more time, for more energy. Wires, transistors and neurons are not in the energy."
        ),
        figure(
            figures.currents_figure(tasks, results.critical_current),
            "Above: score over the current of the pulses, bars are 95 % intervals over layers; grey, dotted: the same "
            "layers without learning. Below: mean energy of all pulses that taught a layer, and of one pulse. In the "
            "tables: energies of a pulse and of learning, how often a junction was switched, and the share that is "
            "parallel afterwards.",
        ),
    ]
    for name, task in tasks.items():
        head, rows = [name, *_HEAD], [_row(point, results.critical_current) for point in task.currents]
        if not any(point.trouble for point in task.currents):
            head, rows = head[:-1], [row[:-1] for row in rows]
        parts.append(table(head, rows))
    sections = [Section("What a weaker current costs", parts)]
    if any(task.spreads or task.junctions for task in tasks.values()):
        troubled = any(point.trouble for task in tasks.values() for point in (*task.spreads, *task.junctions))
        rows = [
            [name, f"{point.spread:.0%}", str(point.junctions), _percent(point), f"{point.worst:.1%}", point.trouble][
                : 6 if troubled else 5
            ]
            for name, task in tasks.items()
            for point in (*task.spreads, *task.junctions)
        ]
        sections.append(
            Section(
                "Devices that differ, and more junctions a synapse",
                [
                    figure(
                        figures.compared_figure(tasks),
                        "Left: score over the spread of barrier and critical current from junction to junction. Right: "
                        "score over the number of junctions in parallel, at the chosen current. Bars are 95 % "
                        "intervals over layers. More junctions cost as many times the energy.",
                    ),
                    table(
                        ["task", "spread", "junctions", "score", "worst layer", "trouble"][: 6 if troubled else 5], rows
                    ),
                ],
            )
        )
    return sections


_HEAD = ("of critical", "chance", "a pulse", "learning", "switched", "parallel", "score", "95 % interval", "trouble")


def _row(point: LearningPoint, critical: float) -> list[str]:
    return [
        value_label(point.current, "A/m^2", digits=3),
        f"{point.current / critical:.2f}",
        f"{point.chance:.3g}",
        value_label(point.pulse_energy, "J", digits=3),
        value_label(point.learning_energy, "J", digits=3),
        f"{point.written:.2g}",
        f"{point.parallel:.0%}",
        f"{point.score:.1%}",
        f"{100 * point.ci95[0]:.0f} to {100 * point.ci95[1]:.0f} %",
        point.trouble,
    ]


def _percent(point: LearningPoint) -> str:
    low, high = (100 * each for each in point.ci95)
    return f"{100 * point.score:.1f} % [{low:.1f}, {high:.1f}]"


def _duration(seconds: float) -> str:
    if seconds > 1000 * _YEAR:
        return f"{seconds / _YEAR:.2g} years"
    return f"{seconds / _YEAR:.3g} years" if seconds > _YEAR else value_label(seconds, "s", digits=3)
