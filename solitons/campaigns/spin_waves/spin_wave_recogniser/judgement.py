"""Whether a trained film recognises, and whether multiple scattering predicts its waves.

Accuracy bears an error of the transmissions of some ten percent, which changes powers by twice as much; what the error
costs is judged by itself, beside the accuracy that the model predicts.
"""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.spin_waves.spin_wave_recogniser.results import SpinWaveRecogniserResults, Transmission
from solitons.campaigns.spin_waves.spin_wave_recogniser.settings import FAILED_MISFITS
from solitons.figures import number_label
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_film"]

_MISFIT = (0.05, FAILED_MISFITS[0])
_SCATTERER = (0.1, FAILED_MISFITS[1])
_GAIN = 1.1
_TRANSMISSION = (0.2, 0.5)
_DRIFT = 0.05
_SUM = (0.03, 0.2)
_LOST = 0.05


def about_film(results: SpinWaveRecogniserResults) -> Iterator[Reason]:
    """Find what speaks against a trained film."""
    if results.fit is None:
        yield failure(
            "no_wave",
            f"No wave of an antenna can be fitted: {results.problem}. Choose a frequency above the resonance of the "
            "film, or less damping.",
        )
        return
    about_waves = list(_about_fit(results))
    if results.transmission is not None:
        about_waves += _about_transmission(results.transmission)
    yield from about_waves
    # What a film recognises whose waves are not those of the model says nothing.
    if results.film is not None and all(each.weight != "failed" for each in about_waves):
        yield from _about_recognition(results)


def _graded(code: str, value: float, limits: tuple[float, float], words: str) -> Iterator[Reason]:
    if value > limits[0]:
        yield failure(code, words) if value > limits[1] else limitation(code, words)


def _about_fit(results: SpinWaveRecogniserResults) -> Iterator[Reason]:
    fit = results.fit
    assert fit is not None
    yield from _graded(
        "reflected", fit.misfit, _MISFIT,
        f"{number_label(fit.misfit)} of the wave in the empty film is none that leaves the antenna: it comes back "
        "from the edges, has not settled, or cells are too long. Lengthen absorbing ends and sides, or settle longer.",
    )  # fmt: skip
    yield from _graded(
        "scatterer_off", fit.scatterer_misfit, _SCATTERER,
        f"{number_label(fit.scatterer_misfit)} of what a scatterer changes is no partial wave of the orders -1, 0 and "
        "1. Make scatterers smaller, or the waves longer.",
    )  # fmt: skip
    if fit.gain > _GAIN:
        yield limitation(
            "power_made",
            f"The fitted scatterer sends out {fit.gain:.3g} times the amplitude that comes in. Make it smaller, or "
            "settle for longer.",
        )


def _about_transmission(found: Transmission) -> Iterator[Reason]:
    yield from _graded(
        "transmissions_off", found.error, _TRANSMISSION,
        f"Predicted and measured transmissions of the trained film differ by {number_label(found.error)}. Make "
        "scatterers smaller or weaker, or place them farther apart.",
    )  # fmt: skip
    yield from _graded(
        "waves_do_not_add", found.sum_error, _SUM,
        f"An image in all antennas at once differs by {number_label(found.sum_error)} from the sum of the waves. Drive "
        "less.",
    )  # fmt: skip
    if found.drift > _DRIFT:
        yield limitation(
            "not_settled",
            f"Transmissions change by {number_label(found.drift)} within the decision. Settle for longer.",
        )


def _about_recognition(results: SpinWaveRecogniserResults) -> Iterator[Reason]:
    film, model, linear, quadratic = results.film, results.model, results.linear, results.quadratic
    assert film is not None
    assert model is not None
    assert linear is not None
    assert quadratic is not None
    assert results.untrained is not None
    if film.interval[0] <= results.untrained:
        yield failure(
            "not_trained",
            f"The trained film recognises {number_label(film.accuracy)}, the best of {len(results.random)} random "
            f"patterns {number_label(results.untrained)}. Give more or stronger scatterers, or less noise.",
        )
    if film.interval[1] < model.accuracy - _LOST:
        yield limitation(
            "accuracy_lost",
            f"The model predicts {number_label(model.accuracy)}, and micromagnetics of the film has "
            f"{number_label(film.accuracy)}. Make scatterers smaller, or place them farther apart.",
        )
    if film.interval[0] <= linear.accuracy:
        yield limitation(
            "linear_as_good",
            f"A linear classifier of the pixels recognises {number_label(linear.accuracy)}, the film "
            f"{number_label(film.accuracy)}: it has no advantage in this task.",
        )
    if film.interval[1] < quadratic.accuracy - _LOST:
        yield limitation(
            "quadratic_lost",
            f"A quadratic classifier with free weights recognises {number_label(quadratic.accuracy)}, the film "
            f"{number_label(film.accuracy)}. Give more or stronger scatterers, or more starts of training.",
        )
