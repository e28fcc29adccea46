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
from solitons.campaigns.spin_waves.spin_wave_logic.waves import DesignedGate, known, outputs, steady_wave
from solitons.fits.provenance import WaveProvenance
from solitons.fits.verdict import judge
from solitons.spin_waves.guided_wave import drive_amplitude

__all__ = ["analyse", "displaced_gates"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_TIMED = 10_000
"""Gates of the batch that is timed."""


def analyse(
    campaign: SpinWaveLogicCampaign, runs: ComputedRuns[WaveRole], stages: Stages
) -> Findings[SpinWaveLogicResults]:
    """Compare antennas and rows with the fitted waves; without these nothing else is computed."""
    assert campaign._designed is not None
    cold, *hot = campaign._designed
    if problem := next((gate.problem for gate in campaign._designed if gate.wave is None), ""):
        return Findings(_judged(SpinWaveLogicResults(fit=None, problem=problem), campaign), figures=_device(campaign))
    with stages("Antennas one by one"):
        alone = [run for run in runs.labelled if isinstance(run.role, Alone) and not run.role.hot]
        waves = [steady_wave(campaign, runs.open(run)) for run in alone]
        sent = tuple(_sent(campaign, cold, number, run, runs) for number, run in enumerate(alone))
    rows = [run for run in runs.labelled if isinstance(run.role, GateRow) and not run.role.hot]
    table = [_row(campaign, cold, run, runs) for run in stages.over("Rows", rows)]
    results = SpinWaveLogicResults(fit=_fit(cold, campaign), sent=sent, rows=tuple(table))
    clouds: dict[Bits, Complexes] = {}
    gate = cold
    if hot:
        clouds, noise = _hot(campaign, hot[0], runs, stages)
        gate = replace(hot[0], wave=replace(known(hot[0]), noise_density=noise.density))
        found = tuple(_with_heat(campaign, gate, row, clouds[row.bits]) for row in table)
        results = results.model_copy(update={"hot_fit": _fit(gate, campaign), "noise": noise, "rows": found})
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
            lost = displaced_gates(campaign, gate, campaign.displaced)
        results = results.model_copy(update={"displaced": lost, "speed": _speed(campaign, gate, rows, runs)})
        drawn["displaced"] = partial(figures.displaced_figure, results)
    wave = replace(known(gate), provenance=_provenance(results, hot=gate.hot))
    return Findings(results, values=values, figures=drawn, models={"wave": wave})


def _device(campaign: SpinWaveLogicCampaign) -> dict[str, Callable[[], Any]]:
    return {"device": lambda: campaign.device.plot().figure}


def _judged(results: SpinWaveLogicResults, campaign: SpinWaveLogicCampaign) -> SpinWaveLogicResults:
    verdict = judge(about_gate(results, heated=campaign.heat is not None))
    return results.model_copy(update={"verdict": verdict.verdict, "reasons": list(verdict.reasons)})


def _fit(gate: DesignedGate, campaign: SpinWaveLogicCampaign) -> WaveFit:
    assert gate.plane is not None
    output = known(gate).superposed([drive_amplitude(1.0)], campaign.distances[:1])
    return WaveFit(
        hot=gate.hot,
        wavenumber=float(known(gate).wavenumber),
        attenuation_length=known(gate).attenuation_length,
        reflection=gate.plane.reflection,
        misfit=gate.plane.misfit,
        phase=float(np.angle(output)),
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
    opened, distance = runs.open(run), campaign.distances[number]
    found = outputs(campaign, opened, 1)[0]
    predicted = known(gate).superposed([drive_amplitude(campaign.drive.current)], [distance])
    halves = outputs(_halved(campaign), opened, 2)
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


def _halved(campaign: SpinWaveLogicCampaign) -> SpinWaveLogicCampaign:
    drive = campaign.drive
    return campaign.model_copy(update={"drive": drive.model_copy(update={"decision": drive.decision / 2})})


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
        output=_parts(outputs(campaign, runs.open(run), 1)[0] / campaign.drive.amplitude),
        predicted=_parts(_predicted(campaign, gate, run.role.bits)),
    )


def _with_heat(campaign: SpinWaveLogicCampaign, gate: DesignedGate, row: WaveRow, seen: Complexes) -> WaveRow:
    predicted, one = _predicted(campaign, gate, row.bits), campaign.drive.amplitude
    margin = predicted.real * one * row.expected
    return row.model_copy(
        update={
            "hot_output": _parts(seen.mean() / one),
            "hot_predicted": _parts(predicted),
            "decisions": seen.size,
            "wrong": int((seen.real * row.expected <= 0).sum()),
            "error_probability": float(known(gate).error_probability(margin, campaign.drive.decision)),
        }
    )


def _hot(
    campaign: SpinWaveLogicCampaign, gate: DesignedGate, runs: ComputedRuns[WaveRole], stages: Stages
) -> tuple[dict[Bits, Complexes], GateNoise]:
    """Outputs of the rows with heat by their bits, and the noise without current and in them."""
    heat = campaign.heat
    assert heat is not None
    quiet = next(run for run in runs.labelled if isinstance(run.role, Quiet))
    hot = {
        run.role.bits: outputs(campaign, runs.open(run), heat.decisions)
        for run in stages.over("Rows with heat", runs.labelled)
        if isinstance(run.role, GateRow) and run.role.hot
    }
    with stages("Noise"):
        still = outputs(campaign, runs.open(quiet), heat.quiet)
    off = np.concatenate([each - each.mean() for each in hot.values()])
    # Two quadratures of each decision; the mean of a row takes two.
    free, free_rows = 2 * still.size, 2 * (off.size - len(hot))
    variance, in_rows = ((np.abs(each) ** 2).sum() / count for each, count in ((still, free), (off, free_rows)))
    low, high = (free * variance / stats.chi2.ppf(share, free) for share in (0.975, 0.025))
    tail = stats.f.cdf(in_rows / variance, free_rows, free)
    errors = [each.mean() / campaign.drive.amplitude - _predicted(campaign, gate, bits) for bits, each in hot.items()]
    duration = campaign.drive.decision
    return hot, GateNoise(
        run_id=quiet.spec.run_id,
        density=float(variance * duration),
        interval=(float(low * duration), float(high * duration)),
        in_rows=float(in_rows * duration),
        p_value=float(2 * min(tail, 1 - tail)),
        row_error=float(np.sqrt(np.mean(np.abs(errors) ** 2))),
        chance_error=float(np.sqrt(2 * variance / heat.decisions) / campaign.drive.amplitude),
    )


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


def _speed(
    campaign: SpinWaveLogicCampaign,
    gate: DesignedGate,
    rows: list[LabelledRun[WaveRole]],
    runs: ComputedRuns[WaveRole],
) -> float:
    drives = np.tile(np.array(ROWS) * gate.complex_currents, (_TIMED, 1))
    before = time.perf_counter()
    known(gate).superposed(drives, campaign.distances)
    taken = (time.perf_counter() - before) / len(drives)
    engine = np.mean([runs.store.provenance(run.spec.run_id)["wall_time"] for run in rows])
    return float(engine / taken)


def _provenance(results: SpinWaveLogicResults, *, hot: bool) -> WaveProvenance:
    first, *others = results.sent
    noise = results.noise if hot else None
    return WaveProvenance(
        trained_on=(first.run_id,) if noise is None else (first.run_id, noise.run_id),
        held_out=(*(each.run_id for each in others), *(each.run_id for each in results.rows)),
        held_out_error=results.row_error if noise is None else noise.row_error,
        amplitude=first.amplitude,
        verdict=results.verdict,
    )
