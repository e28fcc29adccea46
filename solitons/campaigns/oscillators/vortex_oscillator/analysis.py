"""From runs of a disc to orbits, the fitted equation, its predictions, and a batch of vortices."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from functools import partial

import numpy as np

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.vortex_oscillator import figures
from solitons.campaigns.oscillators.vortex_oscillator.campaign import VortexOscillatorCampaign
from solitons.campaigns.oscillators.vortex_oscillator.judgement import about_orbits
from solitons.campaigns.oscillators.vortex_oscillator.observing import Observed, observe
from solitons.campaigns.oscillators.vortex_oscillator.results import (
    OrbitRun,
    TextureCheck,
    VortexBatch,
    VortexOscillatorResults,
)
from solitons.campaigns.oscillators.vortex_oscillator.settings import OrbitRole
from solitons.fits.verdict import judge
from solitons.oscillators.vortex_estimates import estimated_vortex
from solitons.oscillators.vortex_fit import fit_vortex, predict
from solitons.oscillators.vortex_thiele import VortexThiele

__all__ = ["analyse"]

_STEPS_A_TURN = 16


def analyse(
    campaign: VortexOscillatorCampaign, runs: ComputedRuns[OrbitRole], stages: Stages
) -> Findings[VortexOscillatorResults]:
    """Follow the core of each run, fit the equation to some, and predict the others."""
    estimate = estimated_vortex(campaign.device, campaign.material)
    threshold, frequency = estimate.threshold(), estimate.orbit(0.0)[1]
    begin = campaign.kick.duration + 0.5 / frequency
    observed = [
        observe(runs.open(run), run.role, run.spec.run_id, campaign.device, campaign.material, begin)
        for run in stages.over("Cores", runs.labelled)
    ]
    model, texture, batch = None, None, None
    with stages("Fit"):
        fitted = [each for each in observed if each.row.use == "fitted" and not each.row.event]
        if len(fitted) >= 3 and not any(each.row.event == "no vortex at rest" for each in observed):
            model = fit_vortex([each.turns for each in fitted], float(estimate.torque[0]))
            observed = [_predicted(each, model) for each in observed]
            texture = _texture_check(fitted[-1], model)
    reasons = about_orbits([each.row for each in observed], threshold, texture)
    verdict = judge(reasons)
    if verdict.failed:
        model = None
    if model is not None:
        assert model.provenance is not None
        held_out = tuple(each.row.run_id for each in observed if each.row.use == "judged")
        origin = model.provenance.model_copy(update={"verdict": verdict.verdict, "held_out": held_out})
        model = replace(model, provenance=origin)
        with stages("Batch"):
            batch = _batch(campaign, runs, model, observed)
    results = VortexOscillatorResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        disc_radius=campaign.device.length / 2,
        threshold=model.threshold() if model is not None else None,
        estimated_threshold=threshold,
        estimated_frequency=frequency,
        orbits=[each.row for each in observed],
        texture=texture,
        batch=batch,
    )
    drawn = {"transients": partial(figures.transients_figure, observed, model)}
    if model is not None:
        drawn["orbits"] = partial(figures.orbits_figure, results, model)
        drawn["coefficients"] = partial(figures.coefficients_figure, observed, model)
    return Findings(
        results,
        values={"model": model, "sizes": _sizes(model) if model is not None else []},
        figures=drawn,
        models={} if model is None else {"vortex": model},
    )


def _predicted(each: Observed, model: VortexThiele) -> Observed:
    """The run with the equation's prediction in its row."""
    if each.row.event:
        return each
    row = each.row.model_dump() | asdict(predict(model, each.turns))
    return replace(each, row=OrbitRun.model_validate(row))


def _texture_check(each: Observed, model: VortexThiele) -> TextureCheck | None:
    if each.texture is None:
        return None
    radii, damping, torque = each.texture
    square = (radii / float(model.disc_radius)) ** 2
    ratios = [
        float(np.mean(np.polynomial.polynomial.polyval(square, np.asarray(series)) / computed))
        for series, computed in ((model.damping, damping), (model.torque, torque))
    ]
    return TextureCheck(damping=ratios[0], torque=ratios[1])


def _batch(
    campaign: VortexOscillatorCampaign, runs: ComputedRuns[OrbitRole], model: VortexThiele, observed: list[Observed]
) -> VortexBatch:
    """Follow many vortices for as long as a run, at a judged current, and compare the time with the engine's."""
    settings = campaign.batch
    judged = [each.row for each in observed if each.row.use == "judged" and each.row.radius is not None]
    row = judged[(len(judged) - 1) // 2]
    assert row.frequency is not None
    steps = int(np.ceil(campaign.duration * row.frequency * _STEPS_A_TURN))
    dt = campaign.duration / steps
    start = np.tile([row.radius, 0.0], (settings.members, 1))
    follow = partial(
        model.follow,
        start,
        row.current,
        dt,
        steps,
        temperature=settings.temperature,
        seed=settings.seed,
        spread=settings.frequency_spread,
    )
    follow()  # compiles it
    before = time.perf_counter()
    places = follow()
    taken = time.perf_counter() - before
    radii = np.hypot(*places.T)
    there = radii[np.isfinite(radii)]
    return VortexBatch(
        members=settings.members,
        current=row.current,
        temperature=settings.temperature,
        lost=int(radii.size - there.size),
        mean_radius=float(there.mean()) if there.size else None,
        radius_spread=float(there.std()) if there.size else None,
        speed=settings.members * campaign.duration / taken / runs.device_seconds,
    )


def _sizes(model: VortexThiele) -> list[tuple[str, str]]:
    """The coefficients, most over G in the middle, as series in s^2, for the table of the report."""
    g = float(model.gyrovector[0])
    rows = (
        ("gyrovector G (10⁻¹³ J s/m²)", model.gyrovector, 1e-13 / g),
        ("stiffness κ / G (10⁹ 1/s)", model.stiffness, 1e9),
        ("Oersted stiffness κ_J / G (10⁻³ m²/(A s))", model.oersted_stiffness, 1e-3),
        ("damping D / G", model.damping, 1.0),
        ("spin torque a_J / G (10⁻³ m²/(A s))", model.torque, 1e-3),
    )
    return [
        (name, ", ".join(f"{float(each) / g / unit:.4g}".replace("-", "−") for each in series))
        for name, series, unit in rows
    ]
