"""The sections of a sweep's report: the device, a figure an observable, means over seeds, and all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from markupsafe import Markup

from analysis.observables import Observable
from solitons.campaigns.framework.page import Section, device_table, figure, inline_code, paragraph, table
from solitons.campaigns.sweep.analysis import Shown, seed_axes
from solitons.campaigns.sweep.figures import drawn_values, observable_figure, plotted_axes
from solitons.campaigns.sweep.results import SweepResults
from solitons.campaigns.sweep.scales import Scale, in_words, scale_of

__all__ = ["sweep_sections"]

_MOST_ROWS = 200


def sweep_sections(results: SweepResults, shown: Shown) -> list[Section]:
    """What was swept, what each observable does, and the table."""
    frame = results.frame()
    sections = [Section("The device, and what is swept", _swept(shown, len(frame)))]
    for each in shown.observables:
        sections.append(Section(_capital(each.label), _observable(frame, shown, each)))
    if results.over_seeds:
        sections.append(Section("Over the seeds", _statistics(results, shown)))
    sections.append(Section("All runs", _all_runs(results, shown, frame)))
    return sections


def _swept(shown: Shown, runs: int) -> list[Markup]:
    parts = [device_table(shown.spec.device, shown.spec.material)]
    if not shown.axes:
        return [*parts, paragraph("Nothing is swept: there is one run.")]
    scales = {axis.name: scale_of(axis.values, axis.unit) for axis in shown.axes}
    rows = [
        [
            axis.heading,
            Markup(", ").join(inline_code(field) for field in axis.fields),
            str(len(axis.values)),
            _range([float(value) for value in axis.values], scales[axis.name]),
        ]
        for axis in shown.axes
    ]
    said = f"The table above is that of the first of {runs} runs; these values differ from run to run:"
    return [*parts, paragraph(said), table(["axis", "field of the run", "values", "from … to"], rows)]


def _range(values: Sequence[float], scale: Scale) -> str:
    low, high = scale.text(min(values)), scale.text(max(values))
    unit = f"× {scale.unit}" if scale.unit.startswith("10") else scale.unit
    return f"{low if low == high else f'{low} to {high}'} {unit}".strip()


def _observable(frame: pd.DataFrame, shown: Shown, observable: Observable) -> list[Markup]:
    values = frame[observable.name]
    missing = int(values.isna().sum())
    if missing == len(values):
        return [paragraph(f"{observable.description}. No run has it; the notes give the reason.")]
    said = [f"{observable.description}.", _extremes(frame, shown, observable)]
    if missing:
        said.append(f"{missing} of {len(values)} runs do not have it; the notes give the reason.")
    if not shown.axes:
        return [paragraph(" ".join(said))]
    axes, seeds = plotted_axes(shown.axes), seed_axes(shown.axes)
    if seeds and any(axis not in axes for axis in seeds):
        said.append("Dots: the runs; markers: their mean over the seeds; bars: one standard deviation.")
    if len(axes) > 2 and len(drawn_values(axes[2])) < len(axes[2].values):
        said.append(f"{len(drawn_values(axes[2]))} of {len(axes[2].values)} values have a panel, spread evenly.")
    return [figure(observable_figure(frame, shown.axes, observable), " ".join(said))]


def _extremes(frame: pd.DataFrame, shown: Shown, observable: Observable) -> str:
    """Where the observable is smallest and largest, as far as values distinguish the runs."""
    values = frame[observable.name].dropna()
    if len(frame) == 1:
        return f"It is {in_words(values.max(), observable.unit)}."
    if values.min() == values.max():
        return f"It is {in_words(values.max(), observable.unit)} in all runs that have it."
    ends = [
        f"{in_words(values[index], observable.unit)} ({_at(frame.loc[index], shown)})"
        for index in (values.idxmin(), values.idxmax())
    ]
    return f"It goes from {ends[0]} to {ends[1]}."


def _at(row: Mapping[str, float] | pd.Series[float], shown: Shown) -> str:
    return ", ".join(f"{axis.heading} = {in_words(row[axis.name], axis.unit)}" for axis in shown.axes)


def _statistics(results: SweepResults, shown: Shown) -> list[Markup]:
    seeds = seed_axes(shown.axes)
    others = [axis for axis in shown.axes if axis not in seeds]
    along = [scale_of(axis.values, axis.unit) for axis in others]
    of = [scale_of([row.values[each.name] or 0.0 for row in results.rows], each.unit) for each in shown.observables]
    head = [scale.heading(axis.heading) for axis, scale in zip(others, along, strict=True)]
    head += [scale.heading(each.label) for each, scale in zip(shown.observables, of, strict=True)]
    rows = [
        [
            *(scale.text(each.at[axis.name]) for axis, scale in zip(others, along, strict=True)),
            *(
                _mean(each.means[one.name], each.deviations[one.name], each.counts[one.name], scale)
                for one, scale in zip(shown.observables, of, strict=True)
            ),
        ]
        for each in results.over_seeds[:_MOST_ROWS]
    ]
    names = " and ".join(axis.heading for axis in seeds)
    said = f"Mean ± standard deviation over {names}, and in how many runs the observable is there."
    if len(results.over_seeds) > _MOST_ROWS:
        said += f" The first {_MOST_ROWS} of {len(results.over_seeds)} rows; all are in summary.json, as over_seeds."
    return [paragraph(said), table(head, rows)]


def _mean(mean: float | None, deviation: float | None, count: int, scale: Scale) -> str:
    if mean is None:
        return "–"
    spread = f" ± {scale.text(deviation)}" if deviation is not None else ""
    return f"{scale.text(mean)}{spread} ({count})"


def _all_runs(results: SweepResults, shown: Shown, frame: pd.DataFrame) -> list[Markup]:
    columns = [(axis.name, axis.heading, axis.unit) for axis in shown.axes]
    columns += [(each.name, each.label, each.unit) for each in shown.observables]
    scales = [scale_of(frame[name], unit) for name, _, unit in columns]
    rows = [
        [
            *(scale.text(frame[name].iat[number]) for (name, _, _), scale in zip(columns, scales, strict=True)),
            inline_code(row.run_id),
        ]
        for number, row in enumerate(results.rows[:_MOST_ROWS])
    ]
    said = "The table is beside this report as observables.csv, in SI units."
    if len(results.rows) > _MOST_ROWS:
        said = f"The first {_MOST_ROWS} of {len(results.rows)} runs. {said}"
    head = [*(scale.heading(label) for (_, label, _), scale in zip(columns, scales, strict=True)), "run"]
    return [paragraph(said), table(head, rows)]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
