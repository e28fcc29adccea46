"""From ensembles to results: rates fitted to part of what was counted, the rest predicted, one moment beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from scipy import stats

from analysis.statistics.counts import poisson_interval
from geometries import Pillar
from solitons.campaigns.energy.energy_report import energy_figure, energy_values
from solitons.campaigns.framework.base import ComputedRuns, SweptPoint
from solitons.campaigns.framework.page import symbol
from solitons.campaigns.framework.results import Findings, Parameter
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.mtj_switching import figures
from solitons.campaigns.junctions.mtj_switching.campaign import MtjSwitchingCampaign
from solitons.campaigns.junctions.mtj_switching.checks import drive_of, held_out_runs
from solitons.campaigns.junctions.mtj_switching.counting import Observed, observe
from solitons.campaigns.junctions.mtj_switching.energy import switching_ledger
from solitons.campaigns.junctions.mtj_switching.judgement import FEWEST_SWITCHES, about_switching, moment_fails
from solitons.campaigns.junctions.mtj_switching.one_moment import pillar_in, pillar_of, probabilities, warmed
from solitons.campaigns.junctions.mtj_switching.results import (
    ExponentResult,
    MacrospinResult,
    MtjSwitchingResults,
    SwitchingPoint,
    WayResult,
)
from solitons.campaigns.junctions.mtj_switching.roles import JunctionRole, WayBack
from solitons.campaigns.junctions.mtj_switching.settings import SwitchingFitSettings
from solitons.campaigns.junctions.mtj_switching.unlike import about_unlike, switches_by, unlike_result
from solitons.campaigns.junctions.mtj_switching.write_errors import write_error_curves
from solitons.devices import Junction
from solitons.devices.place_plots import places_figure, places_table
from solitons.devices.places import Place
from solitons.energy import EnergyLedger
from solitons.figures import power_label, value_label
from solitons.fits.trivial_model import root_mean_square
from solitons.fits.verdict import judge
from solitons.junctions import Macrospin, StochasticBinarySynapse, SwitchingRates, fit_switching
from solitons.junctions.junction_spread import JunctionSpread
from solitons.junctions.rate_fit import RateFit

__all__ = ["analyse"]

Floats = npt.NDArray[np.float64]

EXPONENTS = np.arange(0.5, 4.01, 0.25)
"""Exponents that are tried against the counts."""
_TOO_FEW, _OFF = 0.01, 0.2
"""Chance of counts below which the rates do not hold up to a width, if they are off by more than this share."""
_ALLOWED = 1.92
"""Log-likelihood below the highest at which a 95 % interval of one number ends."""
_NAMES = {
    "attempt_rate": Markup("attempt rate {}").format(symbol("f", "0")),
    "stability": "barrier over k T, Δ",
    "exponent": "exponent n",
    "critical_current": Markup("critical current {}").format(symbol("J", "c")),
}


def _held_out_both_ways(runs: ComputedRuns[JunctionRole], settings: SwitchingFitSettings) -> list[str]:
    """The held-out runs, and the runs with the same size of current on the way back."""
    swept = [run for run in runs.labelled if isinstance(run.role, SweptPoint)]
    chosen = held_out_runs(swept, settings)
    sizes = {abs(drive_of(run.spec).current) for run in swept if run.spec.run_id in chosen}
    back = {
        run.spec.run_id
        for run in runs.labelled
        if isinstance(run.role, WayBack) and abs(drive_of(run.spec).current) in sizes
    }
    return sorted(chosen | back)


def analyse(
    campaign: MtjSwitchingCampaign, runs: ComputedRuns[JunctionRole], stages: Stages
) -> Findings[MtjSwitchingResults]:
    """Count, fit, predict and judge."""
    settings, wanted = campaign.fit, campaign.write_errors
    observed = observe(runs, stages, settings, _held_out_both_ways(runs, settings))
    spec = observed.runs[0].spec
    pillar, cold = pillar_in(spec), pillar_of(spec)
    length = _length(observed)
    warm = warmed(cold, length)
    by_warm, by_cold, method = [], [], ""
    for each in stages.over("One moment", observed.runs):
        found, method = probabilities(warm, each.current, each.widths, each.start, seed=settings.seed)
        by_warm.append(found)
        by_cold.append(probabilities(cold, each.current, each.widths, each.start, seed=settings.seed)[0])
    with stages("Fit", EXPONENTS.size + 1) as advance:
        fit, switches, exponent = _fit(observed, settings, warm, advance)
    points = _points(observed, fit, by_warm, by_cold, settings.longest * (1 + 1e-9))
    ways = _ways(observed, fit)
    moment = _moment(observed, cold, warm, length, by_warm, by_cold, method)
    errors = _errors(points)
    verdict = judge(about_switching(fit, switches, errors, moment, observed.pulse, cold, exponent, ways))
    rates = None if fit is None or verdict.failed else fit.rates
    shortest = None if rates is None else _shortest(observed, rates)
    unlike, spread = None, JunctionSpread()
    if campaign.unlike is not None and rates is not None:
        since = shortest or 0.0
        unlike, spread = unlike_result(observed, rates, since, campaign.unlike)
        verdict = judge([*verdict.reasons, *about_unlike(unlike, observed, rates, since)])
    withheld = {"rates": "the fit failed", "synapse": "the fit failed"} if verdict.failed else {}
    curves, why = [], moment_fails(moment)
    if wanted is not None and why is None:
        with stages("Write errors", len(wanted.overdrives)) as advance:
            curves = write_error_curves(warm, observed.runs[0].start, wanted, advance)
    elif wanted is not None and why is not None:
        withheld["write errors"] = why
    lowest = None if wanted is None else wanted.lowest
    ledger = EnergyLedger()
    with stages("Count energy"):
        # Without a valid device there is no valid energy.
        if not verdict.failed:
            beginnings = [(run.current, run.state > 0) for run in observed.runs]
            ledger = switching_ledger(pillar, points, beginnings, curves, lowest, campaign.energy)
    models: dict[str, Any] = {}
    places: list[Place] = []
    if rates is not None and not verdict.failed:
        rates = _with_verdict(rates, observed, errors[0], verdict.verdict, shortest)
        models["synapse"] = synapse = StochasticBinarySynapse(_junction(pillar), rates=rates, unlike=spread)
        places = synapse.places(float(rates.temperature))
    if why is None:
        models["macrospin"] = warm
    results = MtjSwitchingResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=_notes(observed, fit, shortest),
        parameters=[] if fit is None or verdict.failed else [Parameter.of(each) for each in fit.parameters],
        exponent=None if verdict.failed else exponent,
        goodness=float("nan") if fit is None else fit.goodness,
        held_out_error=errors[0],
        chance_error=errors[1],
        trivial_error=errors[2],
        switches=switches,
        points=[point.model_copy(update={"model": None}) for point in points] if verdict.failed else points,
        ways=ways,
        places=places,
        shortest=shortest,
        unlike=unlike,
        macrospin=moment,
        pulse=observed.pulse,
        write_errors=curves,
        lowest=lowest,
        withheld=withheld,
        energy=ledger,
    )
    middle = observed.runs[len(observed.runs) // 2]
    states = ("cosine to the fixed layer", 1.0, float(warm.temperature))
    return Findings(
        results,
        values={
            "spec": spec,
            "members": f"{spec.ensemble.members}" if spec.ensemble else "",
            "shown_current": middle.current,
            "places": places_table(places, *states) if places else None,
            "parameter_names": _NAMES,
            "critical_current_from": _source(settings),
            "lowest": "" if lowest is None else power_label(lowest),
            **energy_values(ledger),
        },
        figures={
            "traces": partial(figures.traces_figure, middle),
            "probability": partial(figures.probability_figure, results),
            "places": partial(places_figure, places, *states),
            "residuals": partial(figures.residual_figure, results),
            "write_errors": partial(figures.write_error_figure, results),
            "energy": partial(energy_figure, ledger),
        },
        models=models,
        tables={"energy": ledger.table()},
    )


def _length(observed: Observed) -> float:
    """In the middle between that in a state and that on the way; see `one_moment`."""
    in_state, reversing = (float(observed.coherence[name]) for name in ("in_state", "reversing"))
    return in_state if np.isnan(reversing) else (in_state + reversing) / 2


def _transitions(observed: Observed, settings: SwitchingFitSettings) -> tuple[Floats, Floats, Floats, Floats, Floats]:
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


def _fit(
    observed: Observed, settings: SwitchingFitSettings, warm: Macrospin, advance: Callable[[], None]
) -> tuple[RateFit | None, int, ExponentResult | None]:
    """Fit rates, and ask which exponents the counts allow."""
    current, interval, left, began, state = _transitions(observed, settings)
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

    profile = np.array([fitted(float(n)).log_likelihood for n in EXPONENTS]) if critical is not None else None
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


def _source(settings: SwitchingFitSettings) -> str:
    given = settings.critical_current
    if isinstance(given, float):
        return f"given as {value_label(given, 'A/m^2')}"
    return "fitted too" if given == "fitted" else "that of the layer as one warm moment"


def _points(
    observed: Observed,
    fit: RateFit | None,
    warm: Sequence[Floats],
    cold: Sequence[Floats],
    fitted_up_to: float,
) -> list[SwitchingPoint]:
    found = []
    for run, by_warm, by_cold in zip(observed.runs, warm, cold, strict=True):
        model = np.full(run.widths.size, np.nan)
        if fit is not None:
            model = fit.rates.probability(run.current, run.widths, state=run.state)
        for index, width in enumerate(run.widths):
            row = run.counts.isel(width=index)
            found.append(
                SwitchingPoint(
                    current=run.current,
                    width=float(width),
                    members=int(run.counts.attrs["members"]),
                    switched=int(row["switched"]),
                    low=float(row["low"]),
                    high=float(row["high"]),
                    use="held out" if run.held_out else "fitted" if width <= fitted_up_to else "longer",
                    model=float(model[index]),
                    warm=float(by_warm[index]),
                    cold=float(by_cold[index]),
                )
            )
    return found


def _errors(points: Sequence[SwitchingPoint]) -> tuple[float | None, float, float]:
    """Errors in unseen points: of the model, by chance alone, and of the fitted currents' mean at their width."""
    unseen = [point for point in points if point.use != "fitted"]
    means: dict[float, float] = {}
    for point in points:
        alike = [other.probability for other in points if other.width == point.width and other.use != "held out"]
        means[point.width] = float(np.mean(alike))
    trivial = np.array([point.probability - means[point.width] for point in unseen])
    likely = [point.model if point.model is not None else point.probability for point in unseen]
    variance = [p * (1 - p) / point.members for p, point in zip(likely, unseen, strict=True)]
    off = np.array([point.probability - p for p, point in zip(likely, unseen, strict=True)])
    told = all(point.model is not None for point in unseen)
    return root_mean_square(off) if told else None, float(np.sqrt(np.mean(variance))), root_mean_square(trivial)


def _moment(
    observed: Observed,
    cold: Macrospin,
    warm: Macrospin,
    length: float,
    by_warm: Sequence[Floats],
    by_cold: Sequence[Floats],
    method: str,
) -> MacrospinResult:
    both = [run.switches(each) for run, each in zip(observed.runs, by_warm, strict=True)]
    left, expected = sum(counted for counted, _ in both), sum(each for _, each in both)
    expected_cold = sum(run.switches(each)[1] for run, each in zip(observed.runs, by_cold, strict=True))
    # The switches are counted, and Poisson's about what is expected; Garwood's interval.
    low, high = poisson_interval(left)
    told = left > 0 and expected > 0
    return MacrospinResult(
        stability=cold.stability,
        critical_current=abs(cold.critical_current()),
        length=length,
        warm_stability=warm.stability,
        warm_critical_current=abs(warm.critical_current()),
        ratio=left / expected if told else None,
        ratio_ci95=(low / expected, high / expected) if told else (None, None),
        cold_ratio=left / expected_cold if told and expected_cold > 0 else None,
        coherence=float(observed.coherence["coherence"]),
        method=method,
    )


def _ways(observed: Observed, fit: RateFit | None) -> list[WayResult]:
    """Switches out of each state over those that the fitted rates expect, where both ways were counted."""
    if fit is None or len({run.state for run in observed.runs}) < 2:
        return []
    found = []
    for state in (-1, 1):
        both = [switches_by(fit.rates, run) for run in observed.runs if run.state == state]
        switches, expected = sum(counted for counted, _ in both), sum(each for _, each in both)
        found.append(WayResult.of(switches, expected, upwards=state < 0))
    return found


def _with_verdict(
    rates: SwitchingRates, observed: Observed, held_out_error: float | None, verdict: Any, shortest: float | None
) -> SwitchingRates:
    assert rates.provenance is not None
    widths = np.concatenate([run.widths for run in observed.runs])
    provenance = rates.provenance.model_copy(
        update={
            "held_out": tuple(run.spec.run_id for run in observed.runs if run.held_out),
            "held_out_error": held_out_error,
            # Intervals were fitted; what they make are pulses of all their sums, from where the layer follows.
            "time": (float(widths.min()) if shortest is None else shortest, float(widths.max())),
            "verdict": verdict,
        }
    )
    return dataclasses.replace(rates, provenance=provenance)


def _junction(pillar: Pillar) -> Junction:
    """The pillar's junction without bias, over the share of the layer that is along the fixed layer."""
    area = float(pillar.window_mask().sum() * pillar.cell[0] * pillar.cell[1])
    parallel = area / pillar.barrier.resistance_area
    return Junction(left=0.0, right=1.0, parallel=parallel, antiparallel=parallel / (1 + pillar.barrier.tmr))


def _shortest(observed: Observed, rates: SwitchingRates) -> float | None:
    """The shortest width from which on as many members switch as the rates expect of pulses of any longer width.

    A layer takes a time to follow a current, which two states with a rate each do not know.
    """
    widths = observed.runs[0].widths
    holds = []
    for width in widths:
        switched, expected = _by_width(observed, rates, float(width))
        # Twice the smaller tail, as usual of a count.
        tail = min(stats.poisson.cdf(switched, expected), stats.poisson.sf(switched - 1, expected))
        holds.append(2 * tail >= _TOO_FEW or abs(switched - expected) <= _OFF * expected)
    wrong = np.flatnonzero(~np.array(holds))
    first = 0 if not wrong.size else int(wrong[-1]) + 1
    return float(widths[first]) if first < widths.size else None


def _by_width(observed: Observed, rates: SwitchingRates, width: float) -> tuple[int, float]:
    """Members that left their state up to a width, in all runs, and how many the rates expect."""
    every = [switches_by(rates, run, longest=width) for run in observed.runs]
    return sum(counted for counted, _ in every), sum(expected for _, expected in every)


def _notes(observed: Observed, fit: RateFit | None, shortest: float | None) -> list[str]:
    found = []
    returned = sum(int(run.counts["returned"].sum()) for run in observed.runs)
    if returned:
        found.append(
            f"{returned} members came back from the other state while the current drove them there; the rates include "
            "that."
        )
    first = float(observed.runs[0].widths[0])
    if fit is not None and shortest is not None and shortest > first * (1 + 1e-9):
        switched, expected = _by_width(observed, fit.rates, first)
        found.append(
            f"A layer takes a time to follow a current: in the first {value_label(first, 's')} {switched} members "
            f"switch, and the rates expect {expected:.0f}. Two states with a rate each do not know that. The rates "
            f"hold for pulses from {value_label(shortest, 's')} on, and a synapse of them counts shorter ones as "
            "outside of its fit."
        )
    return found
