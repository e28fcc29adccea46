"""From runs of a disc to orbits, the fitted equation, its predictions, and a batch of vortices."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.polynomial import polynomial

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.vortex_oscillator import figures
from solitons.campaigns.oscillators.vortex_oscillator.campaign import OrbitRole, VortexOscillatorCampaign
from solitons.campaigns.oscillators.vortex_oscillator.judgement import about_orbits
from solitons.campaigns.oscillators.vortex_oscillator.observing import Observed, observe, row_of
from solitons.campaigns.oscillators.vortex_oscillator.results import OrbitRun, VortexBatch, VortexOscillatorResults
from solitons.figures import number_label
from solitons.fits.trivial_model import root_mean_square
from solitons.fits.verdict import judge
from solitons.oscillators.vortex_estimates import estimated_vortex
from solitons.oscillators.vortex_fit import fit_vortex
from solitons.oscillators.vortex_thiele import VortexThiele

__all__ = ["analyse"]

_STEPS_A_TURN = 16


def analyse(
    campaign: VortexOscillatorCampaign, runs: ComputedRuns[OrbitRole], stages: Stages
) -> Findings[VortexOscillatorResults]:
    """Follow the core of each run, fit the equation to some, and predict the others."""
    device, material = campaign.device, campaign.material
    estimate = estimated_vortex(device, material)
    threshold, frequency = estimate.threshold(), estimate.orbit(0.0)[1]
    begin = campaign.kick.duration + 0.5 / frequency
    observed = [
        observe(runs.open(run), run.role, run.spec.run_id, device, material, begin)
        for run in stages.over("Cores", runs.labelled)
    ]
    model, texture, batch = None, None, None
    with stages("Fit"):
        fitted = [each for each in observed if each.role.use == "fitted" and not each.event]
        if len(fitted) >= 3 and not any(each.event == "no vortex at rest" for each in observed):
            model = fit_vortex([each.turns for each in fitted], float(estimate.torque[0]))
            texture = _over_texture(fitted[-1], model)
        rows = [row_of(each, model) for each in observed]
    verdict = judge(about_orbits(rows, threshold, texture))
    if verdict.failed:
        model = None
    if model is not None and model.provenance is not None:
        unseen = [each for each in rows if each.use == "judged"]
        errors = [error for each in unseen if (error := each.error("frequency")) is not None]
        origin = {
            "verdict": verdict.verdict,
            "held_out": tuple(each.run_id for each in unseen),
            "held_out_error": root_mean_square(np.array(errors)),
        }
        model = replace(model, provenance=model.provenance.model_copy(update=origin))
        with stages("Batch"):
            batch = _batch(campaign, runs, model, [each for each in unseen if not each.event])
    results = VortexOscillatorResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        threshold=model.threshold() if model is not None else None,
        estimated_threshold=threshold,
        estimated_frequency=frequency,
        orbits=rows,
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


def _over_texture(each: Observed, model: VortexThiele) -> dict[str, float]:
    """Damping and torque of the equation over those of the texture, means over the orbits of a run."""
    radii, damping, torque = each.texture
    square = (radii / float(model.disc_radius)) ** 2
    pairs = {"damping": (model.damping, damping), "torque": (model.torque, torque)}
    return {name: float(np.mean(polynomial.polyval(square, own) / found)) for name, (own, found) in pairs.items()}


def _batch(
    campaign: VortexOscillatorCampaign, runs: ComputedRuns[OrbitRole], model: VortexThiele, judged: list[OrbitRun]
) -> VortexBatch:
    """Follow many vortices for as long as a run, at a judged current, and compare the time with the engine's."""
    settings, row = campaign.batch, judged[(len(judged) - 1) // 2]
    assert row.frequency is not None
    steps = int(np.ceil(campaign.duration * row.frequency * _STEPS_A_TURN))
    follow = partial(
        model.follow,
        np.tile([row.radius, 0.0], (settings.members, 1)),
        row.current,
        campaign.duration / steps,
        steps,
        temperature=settings.temperature,
        seed=settings.seed,
        spread=settings.frequency_spread,
    )
    follow()  # compiles it
    before = time.perf_counter()
    radii = np.hypot(*follow().T)
    taken = time.perf_counter() - before
    there = radii[np.isfinite(radii)]
    return VortexBatch(
        current=row.current,
        lost=radii.size - there.size,
        mean_radius=float(there.mean()) if there.size else None,
        radius_spread=float(there.std()) if there.size else None,
        speed=settings.members * campaign.duration / taken / runs.device_seconds,
    )


def _sizes(model: VortexThiele) -> list[tuple[str, str]]:
    """The coefficients, most over G in the middle, as series in s^2, for the table of the report."""
    g = float(model.gyrovector[0])
    rows = (
        ("gyrovector G (10⁻¹³ J s/m²)", model.gyrovector, 1e-13),
        ("stiffness κ / G (10⁹ 1/s)", model.stiffness, 1e9 * g),
        ("Oersted stiffness κ_J / G (10⁻³ m²/(A s))", model.oersted_stiffness, 1e-3 * g),
        ("damping D / G", model.damping, g),
        ("spin torque a_J / G (10⁻³ m²/(A s))", model.torque, 1e-3 * g),
    )
    return [(name, ", ".join(number_label(each / unit, ".4g") for each in series)) for name, series, unit in rows]
