"""From the runs of a trained film to its transmissions, and test images by the film, its model and others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.statistics.proportions import wilson_interval
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.spin_waves.spin_wave_recogniser import figures
from solitons.campaigns.spin_waves.spin_wave_recogniser.campaign import SpinWaveRecogniserCampaign
from solitons.campaigns.spin_waves.spin_wave_recogniser.judgement import about_film
from solitons.campaigns.spin_waves.spin_wave_recogniser.results import (
    FilmFit,
    Recognised,
    SpinWaveRecogniserResults,
    Transmission,
)
from solitons.campaigns.spin_waves.spin_wave_recogniser.settings import TOGETHER, TRAINED, RecogniserRole
from solitons.campaigns.spin_waves.spin_wave_recogniser.trained_film import (
    TrainedFilm,
    array_of,
    clear_map,
    images_of,
    seen_at_ports,
)
from solitons.fits.provenance import WaveProvenance
from solitons.fits.verdict import judge
from solitons.spin_waves.guided_wave import drive_amplitude
from solitons.spin_waves.recogniser import answers, losses, port_powers
from solitons.spin_waves.scattering import ScatteringFilm

__all__ = ["analyse", "recognised"]

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_RANDOM = 50
"""Random patterns with which the trained one is compared."""
_HALVES = ((0.0, 0.5), (0.5, 1.0))


def analyse(
    campaign: SpinWaveRecogniserCampaign, runs: ComputedRuns[RecogniserRole], stages: Stages
) -> Findings[SpinWaveRecogniserResults]:
    """Compare the trained film in micromagnetics with its model, and both with others on the same test images."""
    trained = campaign._trained
    assert trained is not None
    if trained.film is None or trained.pattern is None:
        fit = None if trained.film is None else _fit(trained, trained.film)
        results = SpinWaveRecogniserResults(fit=fit, problem=trained.problem)
        return Findings(_judged(results), figures={"device": lambda: campaign.device.plot().figure})
    array, drive = array_of(campaign, trained.film), drive_amplitude(campaign.drive.current)
    predicted = array.transmission(trained.pattern)
    alone = [run for run in runs.labelled if run.role.what == TRAINED]
    (together,) = (run for run in runs.labelled if run.role.what == TOGETHER)
    with stages("Transmissions of the trained film"):
        maps = [clear_map(campaign, run, runs) for run in alone]
        measured = np.stack([seen_at_ports(campaign, each) / drive for each in maps], axis=1)
        early, late = (
            np.stack([seen_at_ports(campaign, clear_map(campaign, run, runs, half)) / drive for run in alone], axis=1)
            for half in _HALVES
        )
        whole, norm = seen_at_ports(campaign, clear_map(campaign, together, runs)) / drive, np.linalg.norm(measured)
        added = measured @ np.array(campaign.task.templates[0].values)
    # Powers do not see a phase of a port, which is also where an error of the wavenumber goes first.
    turned = np.exp(1j * np.angle((predicted.conj() * measured).sum(axis=1, keepdims=True))) * predicted
    transmission = Transmission(
        run_ids=tuple(run.spec.run_id for run in alone),
        error=float(np.linalg.norm(turned - measured) / norm),
        phase_error=float(np.linalg.norm(predicted - measured) / norm),
        drift=float(np.linalg.norm(late - early) / norm),
        sum_error=float(np.linalg.norm(whole - added) / np.linalg.norm(whole)),
    )
    with stages("Recognition"):
        found = recognised(campaign, measured, predicted)
        generator = np.random.default_rng(campaign.training.seed + 1)
        patterns = [array.transmission(generator.random(array.count) < 0.5) for _ in range(_RANDOM)]
        (seen, known, _), (images, labels, _) = (images_of(campaign.task, test=each) for each in (False, True))
        random = tuple(_of_film("random", each, seen, images, labels).accuracy for each in patterns)
        chosen = int(losses(np.array(patterns), seen, known, campaign.training.sharpness).argmin())
    results = SpinWaveRecogniserResults(
        fit=_fit(trained, trained.film), scatterers=array.count, on=int(trained.pattern.sum()), flips=trained.flips,
        transmission=transmission, random=random, untrained=random[chosen], **found,
    )  # fmt: skip
    results = _judged(results)
    on = [int(each) for each in np.flatnonzero(trained.pattern)]
    drawn: dict[str, Callable[[], Any]] = {
        "device": lambda: campaign.film(on).plot().figure,
        "waves": partial(figures.waves_figure, campaign, maps[campaign.fitted_antenna], trained.film, trained.pattern),
        "recognition": partial(figures.recognition_figure, results),
    }
    if results.verdict == "failed":
        hidden = dict.fromkeys(("film", "model", "linear", "quadratic", "matched", "untrained"))
        del drawn["recognition"]
        return Findings(results.model_copy(update=hidden | {"random": ()}), figures=drawn)
    values = {"loss": trained.loss, "gain": results.fit.gain if results.fit else 0.0}
    provenance = WaveProvenance(
        trained_on=trained.fitted, held_out=transmission.run_ids, held_out_error=transmission.phase_error,
        amplitude=float(abs(drive) * np.abs(measured).max()), verdict=results.verdict,
    )  # fmt: skip
    film = replace(trained.film, provenance=provenance)
    return Findings(results, values=values, figures=drawn, models={"film": film})


def _judged(results: SpinWaveRecogniserResults) -> SpinWaveRecogniserResults:
    verdict = judge(about_film(results))
    return results.model_copy(update={"verdict": verdict.verdict, "reasons": list(verdict.reasons)})


def _fit(trained: TrainedFilm, film: ScatteringFilm) -> FilmFit:
    fall, (first, *others) = float(film.attenuation), np.abs(np.asarray(film.antenna) @ np.array([1, 1j]))
    return FilmFit(
        wavenumber=float(film.wavenumber), attenuation_length=1 / fall if fall > 0 else None, grid=float(film.grid),
        ellipticity=float(max(others) / first), strengths=tuple((each.real, each.imag) for each in film.strengths),
        misfit=trained.misfits[0], scatterer_misfit=trained.misfits[1], run_ids=trained.fitted,
    )  # fmt: skip


def _score(name: str, given: npt.NDArray[Any], labels: npt.NDArray[np.int64]) -> Recognised:
    right, total = int((given == labels).sum()), labels.size
    return Recognised(name=name, right=right, total=total, interval=wilson_interval(right, total))


def _of_film(
    name: str, transmission: Complexes, seen: Floats, images: Floats, labels: npt.NDArray[np.int64]
) -> Recognised:
    """Test images by the powers at the ports, over their means of the images seen in training."""
    means = port_powers(transmission, seen).mean(axis=0)
    return _score(name, answers(transmission, means, images), labels)


def recognised(campaign: SpinWaveRecogniserCampaign, measured: Complexes, predicted: Complexes) -> dict[str, Any]:
    """Test images by transmissions (ports, antennas) that were measured and predicted, and by what has no film.

    The quadratic classifier has the products of all pixels z_i z_j*, as any film's powers have, with free weights.
    """
    from sklearn.linear_model import LogisticRegression

    task = campaign.task
    (seen, known, phases), (images, labels, turns) = images_of(task, test=False), images_of(task, test=True)
    templates = np.array([each.values for each in task.templates])
    matched = images @ templates.T

    def classifier(name: str, features: Callable[[Complexes], Complexes]) -> Recognised:
        first, second = (
            np.concatenate([each.real, each.imag], axis=1)
            for each in (features(seen * phases[:, None]), features(images * turns[:, None]))
        )
        return _score(name, LogisticRegression(max_iter=5000).fit(first, known).predict(second), labels)

    def products(z: Complexes) -> Complexes:
        return np.asarray(z[:, :, None] * z[:, None, :].conj())[:, *np.triu_indices(z.shape[1])]

    return {
        "film": _of_film("the film, by micromagnetics", measured, seen, images, labels),
        "model": _of_film("the film, by its model", predicted, seen, images, labels),
        "linear": classifier("linear classifier of the pixels", lambda z: z),
        "quadratic": classifier("quadratic classifier of the pixels", products),
        "matched": _score(
            "matched filters, most probable class",
            (matched if task.phase_known else np.abs(matched)).argmax(axis=1),
            labels,
        ),
    }
