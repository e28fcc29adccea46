"""Whether a gate of spin waves computes, and whether amplitude and phase of one wave predict it.

A row's output is one or three antennas' waves, and its sign turns where an error is as large. At 0 K 5 % of the
prediction are allowed, 0.05 rad of a phase; with heat 0.2 of one wave beyond the noise, and 0.05 of its part in phase,
which is the margin.
"""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.spin_waves.spin_wave_logic.results import SpinWaveLogicResults
from solitons.figures import number_label
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_gate"]

_ROW_ERROR = (0.05, 0.3)
_SENT_ERROR = 0.05
_MISFIT = (0.1, 0.3)
_REFLECTION = 0.01
_DRIFT = 0.02
_SURE = 0.01
_NOISE_RATIO = (1.3, 2.0)
_MARGIN_LOSS = (0.05, 0.2)
_HOT_ERROR = 0.2
_ERRORS = 0.01


def about_gate(results: SpinWaveLogicResults, *, heated: bool) -> Iterator[Reason]:
    """Find what speaks against a gate; `heated` tells whether runs with heat were asked for."""
    if results.fit is None:
        yield failure(
            "no_wave",
            f"No wave of the first antenna can be fitted: {results.problem}. Choose a frequency above the resonance of "
            "the waveguide, less damping, or antennas nearer to the output.",
        )
        return
    yield from _about_wave(results)
    if wrong := [each for each in results.rows if not each.right]:
        yield failure(
            "rows_wrong",
            f"{len(wrong)} of {len(results.rows)} rows are wrong at 0 K. Let waves settle for longer, or drive them "
            "less.",
        )
    error = results.row_error or 0.0
    if error > _ROW_ERROR[0]:
        words = (
            f"A row's output at 0 K is {number_label(error)} off the prediction: waves do not simply add "
            "up. Drive them less, settle for longer, or lengthen the absorbing ends."
        )
        yield failure("rows_off", words) if error > _ROW_ERROR[1] else limitation("rows_off", words)
    yield from _about_heat(results, heated=heated)


def _about_wave(results: SpinWaveLogicResults) -> Iterator[Reason]:
    fit = results.fit
    assert fit is not None
    for each in (fit, results.hot_fit):
        if each is not None and each.misfit > _MISFIT[0]:
            words = (
                f"{number_label(each.misfit)} of the first antenna's wave {'with heat' if each.hot else 'at 0 K'} is "
                "no plane wave: several modes, an uneven film, noise, or waves that have not settled. Look at the wave "
                "along x, and choose another frequency or more decisions."
            )
            yield failure("not_plane", words) if each.misfit > _MISFIT[1] else limitation("not_plane", words)
    if fit.reflection > _REFLECTION:
        yield limitation(
            "reflected",
            f"{number_label(fit.reflection)} of the amplitude comes back from the absorbing end. Lengthen it.",
        )
    drift = max(each.drift for each in results.sent)
    if drift > _DRIFT:
        yield limitation(
            "not_settled",
            f"A wave changes by {number_label(drift)} within the decision. Let it settle for longer.",
        )
    off = max((abs(each.ratio - 1) for each in results.sent if not each.fitted), default=0.0)
    lag = max((abs(each.lag) for each in results.sent if not each.fitted), default=0.0)
    if max(off, lag) > _SENT_ERROR:
        yield limitation(
            "antennas_differ",
            f"The waves of the other antennas are up to {number_label(off)} in amplitude and {lag:.2g} rad off the "
            "prediction. Antennas are coupled or near an end; move them apart.",
        )


def _about_heat(results: SpinWaveLogicResults, *, heated: bool) -> Iterator[Reason]:
    if results.hot_problem:
        yield failure(
            "no_hot_wave",
            f"With heat no wave of the first antenna can be fitted: {results.hot_problem}. Drive it more, or fit more "
            "decisions.",
        )
    noise = results.noise
    if not heated:
        yield limitation("heat_not_checked", "No run has heat, and errors by heat are not known. Give heat.")
    if noise is None:
        return
    low, high = noise.ratio_interval
    words = f"The noise of the rows is {low:.2g} to {high:.2g} times the one without current (95 %)."
    limited, failed = _NOISE_RATIO
    if low > failed or high < 1 / failed:
        yield failure("noise_differs", f"{words} Drive the waves less.")
    elif low > limited or high < 1 / limited:
        yield limitation("noise_differs", f"{words} Drive the waves less.")
    elif high > failed or low < 1 / failed:
        yield limitation("noise_not_known", f"{words} Run more decisions.")
    if noise.settled_p < _SURE:
        yield limitation(
            "heat_not_settled",
            f"With heat, noise or output change within their runs (p = {noise.settled_p:.1g}). Settle for longer.",
        )
    excess = noise.margin_loss - 2 * noise.loss_error
    if excess > _MARGIN_LOSS[0]:
        words = (
            f"With heat the outputs in phase are {noise.margin_loss:.2g} of one antenna's wave below the prediction: "
            "errors are more frequent than stated. Fit more decisions, or drive the waves less."
        )
        yield failure("margin_lost", words) if excess > _MARGIN_LOSS[1] else limitation("margin_lost", words)
    if noise.row_error**2 - noise.chance_error**2 > _HOT_ERROR**2:
        yield limitation(
            "hot_rows_off",
            f"With heat the rows are off their prediction by {noise.row_error:.2g} of one antenna's wave in root mean "
            f"square, of which noise makes {noise.chance_error:.2g}. Fit more decisions, or drive the waves less.",
        )
    if results.worst is not None and results.worst[2] > _ERRORS:
        yield limitation(
            "lost_to_heat",
            f"Heat makes the worst row wrong with a probability of up to {results.worst[2]:.2g} (95 %). Read it for "
            "longer, or drive it more.",
        )
