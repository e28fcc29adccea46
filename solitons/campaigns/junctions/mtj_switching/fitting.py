"""Rates fitted to what was counted, and the exponents that the counts allow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from solitons.campaigns.junctions.mtj_switching.counting import Observed
from solitons.campaigns.junctions.mtj_switching.judgement import FEWEST_SWITCHES
from solitons.campaigns.junctions.mtj_switching.results import ExponentResult
from solitons.campaigns.junctions.mtj_switching.settings import SwitchingFitSettings
from solitons.junctions import Macrospin, fit_switching
from solitons.junctions.rate_fit import RateFit

__all__ = ["EXPONENTS", "fit_rates", "mean_length", "transitions"]

Floats = npt.NDArray[np.float64]

EXPONENTS = np.arange(0.5, 4.01, 0.25)
"""Exponents that are tried against the counts."""
_ALLOWED = 1.92
"""Log-likelihood below the highest at which a 95 % interval of one number ends."""


def mean_length(observed: Observed) -> float:
    """In the middle between that in a state and that on the way; see `one_moment`."""
    in_state, reversing = (float(observed.coherence[name]) for name in ("in_state", "reversing"))
    return in_state if np.isnan(reversing) else (in_state + reversing) / 2


def transitions(observed: Observed, settings: SwitchingFitSettings) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Current, interval, who left and who was there, and where they began, of all intervals that the fit sees.

    Who leaves the first state from one width to the next is independent of the past, given who is still there.
    """
    columns: list[tuple[float, float, float, float, float]] = []
    for run in observed.runs:
        counts = run.counts
        for index in np.flatnonzero(run.usable & (run.widths <= settings.longest * (1 + 1e-9))):
            if not run.held_out:
                interval, left, began = (float(counts[name][index]) for name in ("interval", "left", "began"))
                columns.append((run.current, interval, left, began, run.state))
    current, interval, left, began, state = np.array(columns).T
    return current, interval, left, began, state


def fit_rates(
    observed: Observed,
    settings: SwitchingFitSettings,
    warm: Macrospin,
    advance: Callable[[], None],
    *,
    profiled: bool = True,
) -> tuple[RateFit | None, int, ExponentResult | None]:
    """Fit rates, and ask which exponents the counts allow if those are to be `profiled`."""
    current, interval, left, began, state = transitions(observed, settings)
    switches = int(left.sum())
    if switches < FEWEST_SWITCHES or len(np.unique(current[left > 0])) < 2:
        return None, switches, None
    given, wanted = settings.critical_current, settings.exponent
    critical: float | None = given if isinstance(given, float) else None
    if given == "one moment":
        critical = abs(warm.critical_current())
    exponent, source = (wanted, "as was given") if isinstance(wanted, float) else (None, "as the counts like it best")
    if wanted == "symmetry":
        exponent, source = (
            (2.0, "by the layer's symmetry about its easy axis")
            if warm.axial
            else (1.0, "as of layers without symmetry about their easy axis, nearly")
        )

    def fitted(n: float | None) -> RateFit:
        advance()
        return fit_switching(
            current,
            interval,
            left,
            began,
            state=state,
            critical_current=critical,
            exponent=n,
            held_out=np.zeros(len(current), dtype=bool),
            temperature=float(warm.temperature),
            trained_on=tuple(run.spec.run_id for run in observed.runs if not run.held_out),
        )

    profile = None
    if critical is not None and profiled:
        profile = np.array([fitted(float(n)).log_likelihood for n in EXPONENTS])
    if exponent is None and profile is not None:
        exponent = float(EXPONENTS[profile.argmax()])
    fit = fitted(exponent)
    used = float(fit.rates.exponent)
    if profile is None:
        return fit, switches, ExponentResult(used=used, source=source, best=None, ci95=(None, None), loss=None)
    allowed = EXPONENTS[profile > profile.max() - _ALLOWED]
    # What no interval of the parameters holds of, none of the exponent does.
    open_ends = (EXPONENTS[0], EXPONENTS[-1], *(allowed if np.isnan(fit.parameters[0].low) else ()))
    ends = tuple(None if end in open_ends else float(end) for end in (allowed[0], allowed[-1]))
    return (
        fit,
        switches,
        ExponentResult(
            used=used,
            source=source,
            best=float(EXPONENTS[profile.argmax()]),
            ci95=(ends[0], ends[1]),
            loss=float(profile.max() - fit.log_likelihood),
        ),
    )
