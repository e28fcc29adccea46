"""Whether a gate of spin waves computes, and whether amplitude and phase of one wave predict it.

A row's output is one or three antennas' waves, and its sign turns where an error is as large: at 0 K 5 % is allowed,
0.05 rad of a phase, and with heat 0.2 of one wave beyond the noise, which costs 2 % of the margin.
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
_HOT_ERROR = (0.2, 0.5)
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
    if fit.misfit > _MISFIT[0]:
        words = (
            f"{number_label(fit.misfit)} of the first antenna's wave is no plane wave: several modes, an uneven film, "
            "or waves that have not settled. Look at the wave along x, and choose another frequency."
        )
        yield failure("not_plane", words) if fit.misfit > _MISFIT[1] else limitation("not_plane", words)
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
    noise = results.noise
    if not heated or noise is None:
        yield limitation("heat_not_checked", "No run has heat, and errors by heat are not known. Give heat.")
        return
    ratio = noise.in_rows / noise.density
    apart = max(ratio, 1 / ratio)
    if noise.p_value < _SURE and apart > _NOISE_RATIO[0]:
        words = (
            f"The noise of the rows is {ratio:.2g} times the one without current (p = {noise.p_value:.1g}). Drive the "
            "waves less."
        )
        yield failure("noise_differs", words) if apart > _NOISE_RATIO[1] else limitation("noise_differs", words)
    worst = results.worst or 0.0
    excess = noise.row_error**2 - noise.chance_error**2
    if excess > _HOT_ERROR[0] ** 2:
        words = (
            f"With heat the rows are off their prediction by {noise.row_error:.2g} of one antenna's wave in root mean "
            f"square, of which noise makes {noise.chance_error:.2g}. Fit and run more decisions, or drive them less."
        )
        yield failure("hot_rows_off", words) if excess > _HOT_ERROR[1] ** 2 else limitation("hot_rows_off", words)
    if worst > _ERRORS:
        yield limitation(
            "lost_to_heat",
            f"Heat makes the worst row wrong with a probability of {worst:.2g}. Read it for longer, or drive it more.",
        )
