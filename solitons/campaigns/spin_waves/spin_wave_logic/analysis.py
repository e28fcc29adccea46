"""From the runs of a gate to a fitted wave, the truth table, its errors by heat, and displaced antennas."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.spin_waves.spin_wave_logic import figures
from solitons.campaigns.spin_waves.spin_wave_logic.campaign import ROWS, SpinWaveLogicCampaign
from solitons.campaigns.spin_waves.spin_wave_logic.designed_gate import DesignedGate, known
from solitons.campaigns.spin_waves.spin_wave_logic.judgement import about_gate
from solitons.campaigns.spin_waves.spin_wave_logic.results import (
    DisplacedGates,
    GateNoise,
    SentWave,
    SpinWaveLogicResults,
    WaveFit,
    WaveRow,
)
from solitons.campaigns.spin_waves.spin_wave_logic.settings import Alone, Bits, Displaced, GateRow, Quiet, WaveRole
from solitons.campaigns.spin_waves.spin_wave_logic.waves import outputs, steady_wave
from solitons.fits.provenance import WaveProvenance
from solitons.fits.verdict import judge
from solitons.spin_waves.guided_wave import drive_amplitude

__all__ = ["analyse", "displaced_gates"]

Complexes = npt.NDArray[np.complex128]


def analyse(
    campaign: SpinWaveLogicCampaign, runs: ComputedRuns[WaveRole], stages: Stages
) -> Findings[SpinWaveLogicResults]:
    """Compare antennas and rows with the fitted waves; without these nothing else is computed."""
    assert campaign._designed is not None
    cold, *hot = campaign._designed
    if cold.wave is None:
        results = SpinWaveLogicResults(fit=None, problem=cold.problem)
        return Findings(_judged(results, campaign), figures=_device(campaign))
    with stages("Antennas one by one"):
        alone = [run for run in runs.labelled if isinstance(run.role, Alone) and not run.role.hot]
        waves = [steady_wave(runs.open(run), campaign.drive, campaign.output) for run in alone]
        sent = tuple(_sent(campaign, cold, number, run, runs) for number, run in enumerate(alone))
    rows = [run for run in runs.labelled if isinstance(run.role, GateRow) and not run.role.hot]
    table = [_row(campaign, cold, run, runs) for run in stages.over("Rows", rows)]
    results = SpinWaveLogicResults(fit=_fit(cold, campaign), sent=sent, rows=tuple(table))
    clouds: dict[Bits, Complexes] = {}
    gate = cold
    if hot and hot[0].wave is None:
        results = results.model_copy(update={"hot_problem": hot[0].problem})
    elif hot:
        with stages("Heat"):
            gate, clouds, results = _with_heat(campaign, hot[0], results, runs)
    results = _judged(results, campaign)
    drawn = _device(campaign) | {
        "waves": partial(figures.waves_figure, campaign, waves, known(cold)),
        "outputs": partial(figures.outputs_figure, campaign, results, clouds),
    }
    fits = [each for each in (results.fit, results.hot_fit) if each is not None]
    values = {"fits": fits, "pair": lambda parts: f"{parts[0]:+.3f} {parts[1]:+.3f} i".replace("-", "−")}
    if results.verdict == "failed":
        return Findings(results, values=values, figures=drawn)
    if campaign.displaced is not None:
        with stages("Displaced antennas"):
            before = time.perf_counter()
            lost = displaced_gates(campaign, gate, campaign.displaced)
            taken = (time.perf_counter() - before) / (len(lost) * campaign.displaced.members * len(ROWS))
        engine = np.mean([runs.store.provenance(run.spec.run_id)["wall_time"] for run in rows])
        results = results.model_copy(update={"displaced": lost, "speed": float(engine / taken)})
        drawn["displaced"] = partial(figures.displaced_figure, results)
    wave = replace(known(gate), provenance=_provenance(results, gate, campaign))
    return Findings(results, values=values, figures=drawn, models={"wave": wave})


def _device(campaign: SpinWaveLogicCampaign) -> dict[str, Callable[[], Any]]:
    return {"device": lambda: campaign.device.plot().figure}


def _judged(results: SpinWaveLogicResults, campaign: SpinWaveLogicCampaign) -> SpinWaveLogicResults:
    verdict = judge(about_gate(results, heated=campaign.heat is not None))
    return results.model_copy(update={"verdict": verdict.verdict, "reasons": list(verdict.reasons)})


def _fit(gate: DesignedGate, campaign: SpinWaveLogicCampaign) -> WaveFit:
    assert gate.plane is not None
    return WaveFit(
        hot=gate.hot,
        wavenumber=float(known(gate).wavenumber),
        attenuation_length=known(gate).attenuation_length,
        reflection=gate.plane.reflection,
        misfit=gate.plane.misfit,
        phase=float(np.angle(known(gate).superposed([drive_amplitude(1.0)], campaign.distances[:1]))),
        currents=gate.currents,
        phases=gate.phases,
    )


def _sent(
    campaign: SpinWaveLogicCampaign,
    gate: DesignedGate,
    number: int,
    run: LabelledRun[WaveRole],
    runs: ComputedRuns[WaveRole],
) -> SentWave:
    assert isinstance(run.role, Alone)
    opened, distance, drive = runs.open(run), campaign.distances[number], campaign.drive
    halved = drive.model_copy(update={"decision": drive.decision / 2})
    found = outputs(opened, drive, campaign.output, 1)[0]
    predicted = known(gate).superposed([drive_amplitude(drive.current)], [distance])
    halves = outputs(opened, halved, campaign.output, 2)
    return SentWave(
        run_id=run.spec.run_id,
        antenna=run.role.antenna,
        fitted=run.role.fitted,
        distance=distance,
        amplitude=abs(found),
        ratio=float(abs(found / predicted)),
        lag=float(np.angle(found / predicted)),
        drift=float(abs(halves[1] - halves[0]) / abs(found)),
    )


def _predicted(campaign: SpinWaveLogicCampaign, gate: DesignedGate, bits: Bits) -> complex:
    """Output of a row over one antenna's amplitude."""
    drives = np.array(bits) * gate.complex_currents
    return complex(known(gate).superposed(drives, campaign.distances) / campaign.drive.amplitude)


def _parts(value: complex) -> tuple[float, float]:
    return float(value.real), float(value.imag)


def _row(
    campaign: SpinWaveLogicCampaign, gate: DesignedGate, run: LabelledRun[WaveRole], runs: ComputedRuns[WaveRole]
) -> WaveRow:
    assert isinstance(run.role, GateRow)
    return WaveRow(
        run_id=run.spec.run_id,
        bits=run.role.bits,
        output=_parts(outputs(runs.open(run), campaign.drive, campaign.output, 1)[0] / campaign.drive.amplitude),
        predicted=_parts(_predicted(campaign, gate, run.role.bits)),
    )


def _with_heat(
    campaign: SpinWaveLogicCampaign, gate: DesignedGate, results: SpinWaveLogicResults, runs: ComputedRuns[WaveRole]
) -> tuple[DesignedGate, dict[Bits, Complexes], SpinWaveLogicResults]:
    """The gate with its noise, outputs of the rows with heat by their bits, and the results with both."""
    heat, one, duration = campaign.heat, campaign.drive.amplitude, campaign.drive.decision
    assert heat is not None
    by_role = {run.role: run for run in runs.labelled}

    def read(role: WaveRole, decisions: int) -> Complexes:
        return outputs(runs.open(by_role[role]), campaign.drive, campaign.output, decisions)

    seen = {bits: read(GateRow(bits, hot=True), heat.decisions) for bits in ROWS}
    quiet, still = by_role[Quiet()], read(Quiet(), heat.quiet)
    first = read(Alone(campaign.antennas[0].name, fitted=True, hot=True), heat.fitted)
    # Two quadratures of each decision; the mean of a row takes two.
    off = np.concatenate([each - each.mean() for each in seen.values()])
    free, free_rows = 2 * still.size, 2 * (off.size - len(seen))
    variance, in_rows = ((np.abs(each) ** 2).sum() / count for each, count in ((still, free), (off, free_rows)))
    low, high = (free * variance / stats.chi2.ppf(share, free) for share in (0.975, 0.025))
    ratios = [in_rows / variance / stats.f.ppf(share, free_rows, free) for share in (0.975, 0.025)]
    wanted = {bits: _predicted(campaign, gate, bits) for bits in ROWS}
    errors = {bits: each.mean() / one - wanted[bits] for bits, each in seen.items()}
    noise = GateNoise(
        run_id=quiet.spec.run_id,
        density=float(variance * duration),
        interval=(float(low * duration), float(high * duration)),
        in_rows=float(in_rows * duration),
        ratio_interval=(float(ratios[0]), float(ratios[1])),
        settled_p=_settled_p(still, first, variance),
        row_error=float(np.sqrt(np.mean(np.abs(list(errors.values())) ** 2))),
        chance_error=float(np.sqrt(2 * variance / heat.decisions) / one),
        margin_loss=float(np.mean([-errors[row.bits].real * row.expected for row in results.rows])),
        loss_error=float(np.sqrt(variance / (heat.decisions * len(ROWS))) / one),
    )
    wave, *at_ends = (replace(known(gate), noise_density=each) for each in (noise.density, *noise.interval))
    rows = []
    for row in results.rows:
        cloud, margin = seen[row.bits], wanted[row.bits].real * one * row.expected
        changes = {
            "hot_run_id": by_role[GateRow(row.bits, hot=True)].spec.run_id,
            "hot_output": _parts(cloud.mean() / one),
            "hot_predicted": _parts(wanted[row.bits]),
            "decisions": cloud.size,
            "wrong": int((cloud.real * row.expected <= 0).sum()),
            "error_probability": float(wave.error_probability(margin, duration)),
            "error_interval": tuple(float(each.error_probability(margin, duration)) for each in at_ends),
        }
        rows.append(row.model_copy(update=changes))
    gate = replace(gate, wave=wave)
    found = {"hot_fit": _fit(gate, campaign), "noise": noise, "rows": tuple(rows)}
    return gate, seen, results.model_copy(update=found)


def _settled_p(still: Complexes, first: Complexes, variance: float) -> float:
    """Probability that noise, or an output, changes by chance as much from the first half of its decisions on."""
    early, late = np.array_split(still, 2)
    ratio = (np.abs(late) ** 2).mean() / (np.abs(early) ** 2).mean()
    tail = stats.f.cdf(ratio, 2 * late.size, 2 * early.size)
    found = [2 * min(tail, 1 - tail)]
    if first.size > 1:
        early, late = np.array_split(first, 2)
        change = abs(late.mean() - early.mean()) ** 2 / (variance * (1 / early.size + 1 / late.size))
        found.append(stats.chi2.sf(change, 2))
    return float(min(1.0, len(found) * min(found)))


def displaced_gates(
    campaign: SpinWaveLogicCampaign, gate: DesignedGate, settings: Displaced
) -> tuple[DisplacedGates, ...]:
    """Count gates that displaced antennas lose: all rows of all gates in one call."""
    unit = np.random.default_rng(settings.seed).normal(size=(settings.members, len(campaign.antennas)))
    bits = np.array(ROWS)
    expected = np.where(bits.sum(axis=1) > 0, 1, -1)
    found = []
    for deviation in settings.deviations:
        distances = np.maximum(np.array(campaign.distances) + deviation * unit, 0.0)[:, None, :]
        margins = known(gate).superposed(bits * gate.complex_currents, distances).real * expected
        wrong = known(gate).error_probability(margins, campaign.drive.decision)
        found.append(DisplacedGates(deviation=deviation, lost=float((wrong.max(axis=1) > settings.tolerated).mean())))
    return tuple(found)


def _provenance(results: SpinWaveLogicResults, gate: DesignedGate, campaign: SpinWaveLogicCampaign) -> WaveProvenance:
    noise, error = results.noise, results.row_error
    held_out = [*(each.run_id for each in results.sent if not each.fitted), *(each.run_id for each in results.rows)]
    if noise is not None:
        held_out, error = [each.hot_run_id for each in results.rows if each.hot_run_id is not None], noise.row_error
    return WaveProvenance(
        trained_on=(gate.run_id,) if noise is None else (gate.run_id, noise.run_id),
        held_out=tuple(held_out),
        held_out_error=error,
        amplitude=float(campaign.drive.current * abs(known(gate).superposed([1.0], campaign.distances[:1]))),
        verdict=results.verdict,
    )
