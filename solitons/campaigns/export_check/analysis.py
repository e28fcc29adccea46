"""One neuron out to NIR and back, its spikes beside the soliton's, and what a simulator's time step adds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from solitons.campaigns.export_check.figures import intervals_figure, steps_figure
from solitons.campaigns.export_check.results import ExportResults, NeuronResults, NotCompared, StepError
from solitons.campaigns.export_check.settings import CheckedNeuron, WallNeuron
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.devices.neuron import AbstractNeuron
from solitons.domain_walls import DomainWallNeuron, wall_from_material
from solitons.exports.leaky_neuron import LeakyNeuron
from solitons.exports.losses import neuron_losses
from solitons.exports.neuron_fit import STEP, NeuronFit, SpikeComparison, compare_spikes, fit_neuron, random_currents
from solitons.exports.neuron_judgement import judge_neuron
from solitons.exports.nir_graph import nir_graph, read_nir, write_nir
from solitons.fits.verdict import Reason, failure, judge, limitation
from solitons.models.loading import load_model_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["analyse", "check_neuron", "neuron_of"]

Floats = npt.NDArray[np.float64]

STREAMS = 128
_SEGMENTS_MORE = 1.3
"""Recordings are longer than the mean interval asks for by this."""
_LONGEST = 40
"""Times that recordings may be made longer before it is given up."""
_SHARES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
_ACCEPTED = ("refractory", "stop", "heat")
_STEPPED = 24
"""Streams with which time steps are looked at."""
_SAME = 1e-9
"""Share of the mean interval by which rounding may move spikes."""


def analyse(neurons: Sequence[CheckedNeuron], spikes: int, seed: int, stages: Stages) -> Findings[ExportResults]:
    """Check every neuron; one whose spikes cannot be compared does not keep the others from it.

    At least so many `spikes` of each are compared; `seed` is of the currents.
    """
    found: list[NeuronResults] = []
    missing: list[NotCompared] = []
    drawn: dict[str, Callable[[], Figure]] = {}
    for number, each in enumerate(neurons):
        with stages(each.name, 3) as advance:
            checked = check_neuron(each, seed + number, spikes, advance)
        if isinstance(checked, NotCompared):
            missing.append(checked)
            continue
        results, fit, comparison = checked
        drawn[f"intervals{len(found)}"] = partial(intervals_figure, fit, comparison)
        found.append(results)
    named = [(each.name, each.reasons) for each in found] + [(each.name, each.reasons) for each in missing]
    whole = judge(
        reason.model_copy(update={"sentence": f"{name}: {reason.sentence}"})
        for name, reasons in named
        for reason in reasons
    )
    used = [each for each in found if each.verdict != "failed"]
    drawn["steps"] = partial(steps_figure, used)
    every = ExportResults(
        verdict=whole.verdict,
        reasons=list(whole.reasons),
        nir_version=version("nir"),
        neurons=found,
        not_compared=tuple(missing),
    )
    asked = {each.name: each for each in neurons}
    return Findings(every, values={"asked": asked, "used": used}, figures=drawn)


def neuron_of(checked: CheckedNeuron) -> AbstractNeuron:
    """The soliton neuron, saved or from material constants; it must fire at a threshold."""
    if checked.model is not None:
        remedy = "give the neuron.json of a campaign, such as that of dw-neuron"
        found = load_model_of(f"neurons: {checked.name}: model", checked.model, remedy)
        if not isinstance(found, AbstractNeuron) or not hasattr(found, "temperature"):
            raise ValueError(
                f"neurons: {checked.name}: {checked.model} has a {type(found).__name__}, which is no neuron that fires "
                "at a threshold; give a saved one, such as neuron.json of dw-neuron"
            )
        return found.heated(0.0)
    assert checked.wall is not None
    return _wall_neuron(checked.wall)


def _wall_neuron(wall: WallNeuron) -> DomainWallNeuron:
    dynamics = wall_from_material(
        wall.material, polarity=-1, thickness=wall.thickness, stripe_width=wall.width, torques=(wall.torque,)
    )
    # A positive current drives it to +x by spin-orbit torque, and to -x by Zhang-Li: either way to its threshold,
    # since the sign of the exciting current is found.
    return DomainWallNeuron(
        wall=dynamics,
        start=0.0,
        threshold=wall.distance,
        leak_field=wall.leak_field,
        refractory=wall.refractory,
    )


def check_neuron(
    checked: CheckedNeuron, seed: int, fewest: int, advance: Callable[[], None]
) -> tuple[NeuronResults, NeuronFit, SpikeComparison] | NotCompared:
    """Fit, write, read, and compare one neuron.

    Why there is nothing to compare where it fires less than `fewest` times. `advance` is called three times: after the
    fit, the comparison and the time steps.
    """
    soliton = neuron_of(checked)
    try:
        fit = fit_neuron(soliton, checked.drive)
    except ValueError as error:
        return _not_compared(checked, error)
    advance()
    hold = STEP * max(1, round(checked.hold / STEP))
    back = _through_nir(fit.neuron)
    try:
        comparison, current = _compared(soliton, back, fit, hold, seed, fewest)
    except ValueError as error:
        return _not_compared(checked, error)
    advance()
    before = replace(fit.neuron, v_reset=0.0, refractory=0.0, stopped=False)
    round_trip = _largest_change(before, back, current, hold)
    steps = _time_steps(back, current[:_STEPPED], hold, comparison.mean_interval)
    advance()
    verdict = judge(
        [
            *judge_neuron(comparison).reasons,
            *_about_nir(round_trip, comparison),
            *_about_number(comparison.compared, fewest),
        ]
    )
    losses = neuron_losses(fit.neuron, 0.0)
    (bias, bias_ci95), (rms, rms_ci95) = comparison.bias, comparison.rms
    results = NeuronResults(
        name=checked.name,
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        neuron=fit.neuron,
        steady_rms=fit.rms,
        round_trip=round_trip,
        compared=comparison.compared,
        missed=comparison.missed,
        mean_interval=comparison.mean_interval,
        bias=bias,
        bias_ci95=bias_ci95,
        rms=rms,
        rms_ci95=rms_ci95,
        resolution=STEP / np.sqrt(6) / comparison.mean_interval,
        trivial=comparison.trivial,
        soliton_spikes=comparison.soliton,
        leaky_spikes=comparison.leaky,
        losses=[loss.sentence for loss in losses],
        time_steps=steps,
    )
    return results, fit, comparison


def _not_compared(checked: CheckedNeuron, error: ValueError) -> NotCompared:
    """Refusal by the fit or the comparison, as a reason: other neurons are checked all the same."""
    # Without the function's name, which means nothing to readers of a report.
    why = str(error).partition(": ")[2] or str(error)
    return NotCompared(
        name=checked.name,
        reasons=[failure("fires_too_seldom", f"Its spikes cannot be compared with those of a leaky neuron: {why}.")],
    )


def _through_nir(neuron: LeakyNeuron) -> LeakyNeuron:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "neuron.nir"
        write_nir(nir_graph(neuron, accept=_ACCEPTED), path)
        return read_nir(path)


def _compared(
    soliton: AbstractNeuron, leaky: LeakyNeuron, fit: NeuronFit, hold: float, seed: int, fewest: int
) -> tuple[SpikeComparison, Floats]:
    generator = np.random.default_rng(seed)
    typical = float(np.mean(fit.interval[np.isfinite(fit.interval)]))
    segments = int(np.ceil(_SEGMENTS_MORE * (fewest / STREAMS + 1) * typical / hold))
    for _ in range(int(np.log2(_LONGEST))):
        current = random_currents(fit.neuron.drive, int(np.sign(fit.neuron.r)), STREAMS, segments, generator)
        found = compare_spikes(soliton, leaky, current, hold)
        if found.compared >= fewest:
            return found, current
        segments *= 2
    return found, current


def _largest_change(before: LeakyNeuron, after: LeakyNeuron, current: Floats, hold: float) -> float:
    """Largest change of a spike's time in s; infinite where one has more spikes."""
    pairs = zip(before.spikes(current, hold), after.spikes(current, hold), strict=True)
    return max(
        float(np.abs(one - other).max(initial=0.0)) if one.size == other.size else np.inf for one, other in pairs
    )


def _about_number(compared: int, fewest: int) -> Iterator[Reason]:
    if compared >= fewest:
        return
    yield limitation(
        "too_few_spikes",
        f"{compared} spikes were compared, and {fewest} were asked for: it fires too seldom, even in the "
        "longest recordings. Raise drive, or ask for fewer spikes.",
    )


def _about_nir(round_trip: float, comparison: SpikeComparison) -> Iterator[Reason]:
    if round_trip <= _SAME * comparison.mean_interval:
        return
    change = f"a spike's time by up to {round_trip:.3g} s" if np.isfinite(round_trip) else "the number of spikes"
    yield failure(
        "changed_by_nir",
        f"Writing to NIR and reading changes {change}, which is no rounding: the reader and the writer do "
        "not mean the same neuron.",
    )


def _time_steps(neuron: LeakyNeuron, current: Floats, hold: float, mean: float) -> list[StepError]:
    """Errors of an interval by fixed steps, from each spike of the exact neuron on."""
    true = neuron.spikes(current, hold)
    start = np.concatenate([each[:-1] for each in true])
    interval = np.concatenate([np.diff(each) for each in true])
    stream = np.repeat(np.arange(len(true)), [max(each.size - 1, 0) for each in true])
    found = []
    for share in _SHARES:
        step = share * mean
        rms = []
        for euler in (True, False):
            times = _stepped(neuron, start, stream, current, hold, step, euler)
            there = np.isfinite(times)
            rms.append(float(np.sqrt(np.mean(((times - interval)[there] / mean) ** 2))) if there.any() else np.inf)
        found.append(StepError(share=share, step=step, euler=rms[0], exact=rms[1]))
    return found


def _stepped(
    neuron: LeakyNeuron,
    start: Floats,
    stream: npt.NDArray[np.intp],
    current: Floats,
    hold: float,
    step: float,
    euler: bool,
) -> Floats:
    """Times after `start` at which a simulator with fixed steps finds the next spike; infinite after the end."""
    share = step / neuron.tau if euler else -np.expm1(-step / neuron.tau)
    potential, found = np.full(start.shape, neuron.v_reset), np.full(start.shape, np.inf)
    left, number = np.arange(start.size), 0
    while left.size:
        segment = ((start[left] + number * step) / hold).astype(np.intp)
        inside = segment < current.shape[1]
        left, segment = left[inside], segment[inside]
        end = neuron.v_leak + neuron.r * current[stream[left], segment]
        potential[left] += share * (end - potential[left])
        number += 1
        fires = potential[left] > neuron.v_threshold
        found[left[fires]] = number * step
        left = left[~fires]
    return found
