"""From runs of a disc to orbits, the fitted equation, its predictions, and a batch of vortices."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
import xarray as xr
from numpy.polynomial import polynomial

from analysis.oscillators.vortex_core import vortex_core
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.oscillators.vortex_oscillator import figures
from solitons.campaigns.oscillators.vortex_oscillator.campaign import OrbitRole, VortexOscillatorCampaign
from solitons.campaigns.oscillators.vortex_oscillator.judgement import about_orbits
from solitons.campaigns.oscillators.vortex_oscillator.results import OrbitRun, VortexBatch, VortexOscillatorResults
from solitons.figures import number_label
from solitons.fits.trivial_model import root_mean_square
from solitons.fits.verdict import judge
from solitons.oscillators.vortex_coefficients import estimated_vortex, texture_series
from solitons.oscillators.vortex_fit import CoreRun, fit_vortex, predicted, turns_of_run
from solitons.oscillators.vortex_thiele import VortexThiele

__all__ = ["analyse", "orbit_of"]

FloatArray = npt.NDArray[np.float64]
_AT_REST = 0.1
"""Share of the disc's radius within which a core at rest is in the middle."""
_FEWEST_TURNS = 4
_MOVED = 0.1
"""Share of the disc's radius by which an orbit changes at least, so that it has a rise time."""
_SHRINKS = 0.98
"""Radius over that a quarter of the turns earlier below which an orbit still shrinks."""
_FRAMES = 24
_STEPS_A_TURN = 16


def analyse(
    campaign: VortexOscillatorCampaign, runs: ComputedRuns[OrbitRole], stages: Stages
) -> Findings[VortexOscillatorResults]:
    """Follow the core of each run, fit the equation to some, and predict the others."""
    estimate = estimated_vortex(campaign.device, campaign.material)
    threshold, frequency = estimate.threshold(), estimate.orbit(0.0)[1]
    begin = campaign.kick.duration + 0.5 / frequency
    seen: list[tuple[OrbitRole, xr.Dataset, CoreRun]] = []
    textures: dict[str, FloatArray] = {}
    for run in stages.over("Cores", runs.labelled):
        opened = runs.open(run)
        core = vortex_core(opened)
        seen.append((run.role, core, turns_of_run(opened, core, run.role.current, begin, run.spec.run_id)))
        if not orbit_of(*seen[-1]).event:
            late = np.flatnonzero(core["t"].values >= begin)
            frames = sorted(set(np.linspace(late[0], late[-1], _FRAMES).astype(int).tolist()))
            textures[run.spec.run_id] = texture_series(opened, core, frames, estimate, campaign.material.alpha)
    model, ratios = None, None
    with stages("Fit"):
        rows = [orbit_of(*each) for each in seen]
        fitted = [each[2] for each, row in zip(seen, rows, strict=True) if row.use == "fitted" and not row.event]
        if len(fitted) >= 3 and not any(row.event == "no vortex at rest" for row in rows):
            model = fit_vortex(fitted, estimate)
            rows = [orbit_of(*each, model) for each in seen]
            ratios = _over_texture(model, textures[fitted[-1].run_id])
    verdict = judge(about_orbits(rows, threshold, ratios))
    if verdict.failed:
        model = None
    results = VortexOscillatorResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        threshold=model.threshold() if model is not None else None,
        estimated_threshold=threshold,
        estimated_frequency=frequency,
        orbits=rows,
        texture=ratios,
    )
    shown = [(row, core, turns) for row, (_, core, turns) in zip(rows, seen, strict=True)]
    drawn = {"transients": partial(figures.transients_figure, shown, model)}
    if model is None or model.provenance is None:
        return Findings(results, values={"sizes": []}, figures=drawn)
    unseen = [row for row in rows if row.use == "judged"]
    origin = {
        "verdict": verdict.verdict,
        "held_out": tuple(row.run_id for row in unseen),
        "held_out_error": root_mean_square(np.array(results.errors("frequency"))),
    }
    model = replace(model, provenance=model.provenance.model_copy(update=origin))
    with stages("Batch"):
        batch = _batch(campaign, runs, model, [row for row in unseen if not row.event])
    results = results.model_copy(update={"batch": batch})
    drawn["orbits"] = partial(figures.orbits_figure, results, model)
    drawn["coefficients"] = partial(figures.coefficients_figure, list(textures.values()), model)
    return Findings(results, values={"sizes": _sizes(model)}, figures=drawn, models={"vortex": model})


def orbit_of(role: OrbitRole, core: xr.Dataset, turns: CoreRun, model: VortexThiele | None = None) -> OrbitRun:
    """What a core did: its turns, the event that ended them or its last orbit, and that of the equation."""
    row = OrbitRun(run_id=turns.run_id, current=role.current, use=role.use, turns=turns.time.size)
    outer = core.attrs["outer_radius"]
    if not core["radius"].values[0] < _AT_REST * outer:
        return row.model_copy(update={"event": "no vortex at rest"})
    if core.sizes["event"]:
        return row.model_copy(update={"event": core["event_kind"].item(0), "event_time": core["event_t"].item(0)})
    if turns.time.size < _FEWEST_TURNS:
        return row.model_copy(update={"event": "too few turns"})
    radius, frequency = turns.orbit
    moved = abs(radius - turns.radius[0]) > _MOVED * outer
    # One that was kicked too far comes to its orbit from outside, and no longer shrinks at the end.
    before = min(turns.radius[0], _SHRINKS * turns.radius[-max(2, turns.radius.size // 4)])
    found = {"radius": radius, "frequency": frequency, "rise_time": turns.rise if moved else None}
    found["decays"] = bool(turns.radius[-1] < before)
    if model is not None:
        end = predicted(model, turns)
        found["model_radius"], found["model_frequency"] = end.orbit
        found["model_rise_time"] = end.rise if moved else None
        found["steady"] = model.orbit(role.current)[0]
    return OrbitRun.model_validate(row.model_dump() | found)


def _over_texture(model: VortexThiele, texture: FloatArray) -> dict[str, float]:
    """Damping and torque of the equation over those of the texture, means over the orbits of a run."""
    square = (texture[0] / float(model.disc_radius)) ** 2
    pairs = {"damping": (model.damping, texture[1]), "torque": (model.torque, texture[2])}
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
