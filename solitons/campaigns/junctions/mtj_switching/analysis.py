"""From ensembles to results: rates fitted to part of what was counted, the rest predicted, one moment beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.statistics.counts import poisson_interval
from geometries import Pillar
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun, SweptPoint
from solitons.campaigns.framework.results import Findings, Parameter
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.mtj_switching.checks import drive_of
from solitons.campaigns.junctions.mtj_switching.counting import Counted, CountedPulse, Observed, observe
from solitons.campaigns.junctions.mtj_switching.energy import JunctionEnergy, switching_ledger
from solitons.campaigns.junctions.mtj_switching.judgement import FEWEST_SWITCHES, judge_switching, moment_fails
from solitons.campaigns.junctions.mtj_switching.one_moment import pillar_in, pillar_of, probabilities, warmed
from solitons.campaigns.junctions.mtj_switching.results import (
    ExponentResult,
    MacrospinResult,
    MtjSwitchingResults,
    PulseResult,
    SwitchingPoint,
    WayResult,
)
from solitons.campaigns.junctions.mtj_switching.roles import WayBack
from solitons.campaigns.junctions.mtj_switching.settings import SwitchingFitSettings, UnlikeSettings, WriteErrorSettings
from solitons.campaigns.junctions.mtj_switching.unlike import about_unlike, expected_switches_of, unlike_result
from solitons.campaigns.junctions.mtj_switching.write_errors import write_error_curves
from solitons.devices import Junction
from solitons.energy import EnergyLedger
from solitons.figures import value_label
from solitons.fits.trivial_model import root_mean_square
from solitons.fits.verdict import judge
from solitons.junctions import Macrospin, StochasticBinarySynapse, SwitchingRates, fit_switching
from solitons.junctions.junction_spread import JunctionSpread
from solitons.junctions.rate_fit import RateFit

__all__ = ["Shown", "analyse_switching", "held_out_runs"]

Floats = npt.NDArray[np.float64]

EXPONENTS = np.arange(0.5, 4.01, 0.25)
"""Which are tried against the counts."""
_TOO_FEW, _OFF = 0.01, 0.2
"""Chance of counts below which the rates do not hold up to a width, if they are off by more than this share."""
_ALLOWED = 1.92
"""Log-likelihood below the highest at which a 95 % interval of one number ends."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What the report draws from.

    `warm` and `cold` are probabilities (widths,) by one moment, for each run; `fitted_up_to` is the longest width that
    the fit sees, in s.
    """

    observed: Observed
    fit: RateFit | None
    warm: tuple[Floats, ...]
    cold: tuple[Floats, ...]
    fitted_up_to: float


def held_out_runs(swept: Sequence[LabelledRun[Any]], settings: SwitchingFitSettings) -> set[str]:
    """Ids of the runs whose current the fit does not see: drawn, never the weakest and the strongest."""
    order = sorted((run.spec for run in swept), key=lambda spec: abs(drive_of(spec).current))
    inner = [spec.run_id for spec in order[1:-1]]
    drawn = np.random.default_rng(settings.seed).permutation(len(inner))[: settings.held_out]
    return {inner[index] for index in drawn}


def _held_out_both_ways(runs: ComputedRuns[Any], settings: SwitchingFitSettings) -> list[str]:
    """The runs that are held out, and those of the same size of current on the way back."""
    swept = [run for run in runs.labelled if isinstance(run.role, SweptPoint)]
    chosen = held_out_runs(swept, settings)
    sizes = {abs(drive_of(run.spec).current) for run in swept if run.spec.run_id in chosen}
    back = {
        run.spec.run_id
        for run in runs.labelled
        if isinstance(run.role, WayBack) and abs(drive_of(run.spec).current) in sizes
    }
    return sorted(chosen | back)


def analyse_switching(
    runs: ComputedRuns[Any],
    stages: Stages,
    settings: SwitchingFitSettings,
    wanted: WriteErrorSettings | None,
    differ: UnlikeSettings | None = None,
    energy: JunctionEnergy | None = None,
) -> Findings[MtjSwitchingResults, Shown]:
    """Count, fit, predict and judge."""
    observed = observe(runs, stages, settings, _held_out_both_ways(runs, settings))
    spec = observed.runs[0].spec
    pillar = pillar_in(spec)
    cold = pillar_of(spec)
    length = _length(observed)
    warm = warmed(cold, length)
    towards = 1 if float(cold.polariser_direction @ cold.axis) > 0 else -1
    fitted_up_to = settings.longest * (1 + 1e-9)
    by_warm, by_cold, method = [], [], ""
    for each in stages.over("One moment", observed.runs):
        found, method = probabilities(warm, each.current, each.widths, each.start, seed=settings.seed)
        by_warm.append(found)
        by_cold.append(probabilities(cold, each.current, each.widths, each.start, seed=settings.seed)[0])
    with stages("Fit", EXPONENTS.size + 1) as advance:
        fit, switches, exponent = _fit(observed, settings, warm, towards, advance)
    points = _points(observed, fit, towards, by_warm, by_cold, fitted_up_to)
    ways = _ways(observed, fit, towards)
    moment = _moment(observed, cold, warm, length, by_warm, by_cold, method)
    pulse = _pulse(observed, observed.pulse)
    errors = _errors(points)
    verdict = judge_switching(fit, switches, errors, moment, pulse, cold, exponent, ways)
    shortest = None if fit is None or verdict.failed else _shortest(observed, fit, towards)
    unlike, spread = None, JunctionSpread()
    if differ is not None and fit is not None and not verdict.failed:
        since = 0.0 if shortest is None else shortest
        unlike, spread = unlike_result(observed, fit.rates, towards, since, differ)
        verdict = judge([*verdict.reasons, *about_unlike(unlike, observed, fit.rates, towards, since)])
    withheld = {"rates": "the fit failed", "synapse": "the fit failed"} if verdict.failed else {}
    curves = []
    if wanted is not None:
        why = moment_fails(moment)
        if why is None:
            with stages("Write errors", len(wanted.overdrives)) as advance:
                curves = write_error_curves(warm, observed.runs[0].start, wanted, advance)
        else:
            withheld["write errors"] = why
    with stages("Count energy"):
        # Of a device that nothing can be said of no energy stands either.
        beginnings = [(run.current, run.start * towards > 0) for run in observed.runs]
        lowest = None if wanted is None else wanted.lowest
        ledger = EnergyLedger()
        if not verdict.failed:
            ledger = switching_ledger(pillar, points, beginnings, curves, lowest, energy or JunctionEnergy())
    results = MtjSwitchingResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=_notes(observed, fit, towards, shortest),
        parameters=[] if fit is None or verdict.failed else [Parameter.of(each) for each in fit.parameters],
        exponent=None if verdict.failed else exponent,
        critical_current_from=_source(settings),
        goodness=float("nan") if fit is None else fit.goodness,
        held_out_error=errors[0],
        chance_error=errors[1],
        trivial_error=errors[2],
        switches=switches,
        points=[point.model_copy(update={"model": None}) for point in points] if verdict.failed else points,
        ways=ways,
        shortest=shortest,
        unlike=unlike,
        macrospin=moment,
        pulse=pulse,
        write_errors=curves,
        lowest=None if wanted is None else wanted.lowest,
        withheld=withheld,
        energy=ledger,
    )
    models: dict[str, Any] = {}
    if fit is not None and not verdict.failed:
        fit = dataclasses.replace(fit, rates=_with_verdict(fit.rates, observed, errors[0], verdict.verdict, shortest))
        models["synapse"] = StochasticBinarySynapse(_junction(pillar), rates=fit.rates, unlike=spread)
    if moment_fails(moment) is None:
        models["macrospin"] = warm
    shown = Shown(observed, None if verdict.failed else fit, tuple(by_warm), tuple(by_cold), fitted_up_to)
    return Findings(results, shown, models, tables={"energy": ledger.table()})


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
                columns.append((run.current, interval, left, began, run.start))
    current, interval, left, began, start = np.array(columns).T
    return current, interval, left, began, start


def _fit(
    observed: Observed, settings: SwitchingFitSettings, warm: Macrospin, towards: int, advance: Callable[[], None]
) -> tuple[RateFit | None, int, ExponentResult | None]:
    """Fit rates, and ask which exponents the counts allow."""
    current, interval, left, began, start = _transitions(observed, settings)
    switches = int(left.sum())
    if switches < FEWEST_SWITCHES or len(np.unique(current[left > 0])) < 2:
        return None, switches, None
    given = settings.critical_current
    critical: float | None = {"fitted": None, "one moment": abs(warm.critical_current())}.get(str(given), 0.0)
    if isinstance(given, float):
        critical = given
    wanted = settings.exponent
    exponent = {"fitted": None, "symmetry": 2.0 if warm.axial else 1.0}.get(str(wanted), 0.0)
    if isinstance(wanted, float):
        exponent = wanted
    source = {
        "fitted": "as the counts like it best",
        "symmetry": "by the layer's symmetry about its easy axis"
        if warm.axial
        else "as of layers without symmetry about their easy axis, nearly",
    }.get(str(wanted), "as was given")

    def fitted(n: float | None) -> RateFit:
        advance()
        return fit_switching(
            current,
            interval,
            left,
            began,
            state=start * towards,
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
    towards: int,
    warm: Sequence[Floats],
    cold: Sequence[Floats],
    fitted_up_to: float,
) -> list[SwitchingPoint]:
    found = []
    for run, by_warm, by_cold in zip(observed.runs, warm, cold, strict=True):
        model = np.full(run.widths.size, np.nan)
        if fit is not None:
            model = fit.rates.probability(run.current, run.widths, state=run.start * towards)
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
    """Of what the fit did not see: by the model, by chance alone, and by the fitted currents' mean at that width."""
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
    left = sum(int(run.counts["left"].values[run.usable].sum()) for run in observed.runs)
    expected, expected_cold = (
        sum(_expected(run, each) for run, each in zip(observed.runs, predicted, strict=True))
        for predicted in (by_warm, by_cold)
    )
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


def _ways(observed: Observed, fit: RateFit | None, towards: int) -> list[WayResult]:
    """Switches out of each state over those that the fitted rates expect, where both ways were counted."""
    if fit is None or len({run.start for run in observed.runs}) < 2:
        return []
    found = []
    for state in (-1, 1):
        runs = [run for run in observed.runs if run.start * towards == state]
        switches = sum(int(run.counts["left"].values[run.usable].sum()) for run in runs)
        expected = sum(_expected(run, fit.rates.probability(run.current, run.widths, state=state)) for run in runs)
        low, high = poisson_interval(switches)
        found.append(
            WayResult(
                upwards=state < 0, switches=switches, expected=expected, ratio=switches / expected,
                ratio_ci95=(low / expected, high / expected),
            )
        )  # fmt: skip
    return found


def _expected(run: Counted, predicted: Floats) -> float:
    """Switches in the intervals that are used, of the members that were there to switch."""
    stays = np.concatenate([[1.0], 1 - predicted])
    hazard = 1 - stays[1:] / np.maximum(stays[:-1], 1e-300)
    return float((run.counts["began"].values * hazard)[run.usable].sum())


def _pulse(observed: Observed, pulse: CountedPulse | None) -> PulseResult | None:
    if pulse is None:
        return None
    run = next(run for run in observed.runs if run.current == pulse.current)
    index = int(np.abs(run.widths - pulse.width).argmin())
    switched, members = int(run.counts["switched"][index]), int(run.counts.attrs["members"])
    table = [[pulse.switched, pulse.members - pulse.switched], [switched, members - switched]]
    return PulseResult(
        **dataclasses.asdict(pulse),
        under_current=switched / members,
        chance=float(stats.fisher_exact(table).pvalue),
    )


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


def _shortest(observed: Observed, fit: RateFit, towards: int) -> float | None:
    """The shortest width from which on as many members switch as the rates expect of pulses of any longer width.

    A layer takes a time to follow a current, which two states with a rate each do not know.
    """
    widths = observed.runs[0].widths
    holds = []
    for width in widths:
        switched, expected = _by_width(observed, fit, towards, float(width))
        # Twice the smaller tail, as usual of a count.
        tail = min(stats.poisson.cdf(switched, expected), stats.poisson.sf(switched - 1, expected))
        holds.append(2 * tail >= _TOO_FEW or abs(switched - expected) <= _OFF * expected)
    wrong = np.flatnonzero(~np.array(holds))
    first = 0 if not wrong.size else int(wrong[-1]) + 1
    return float(widths[first]) if first < widths.size else None


def _by_width(observed: Observed, fit: RateFit, towards: int, width: float) -> tuple[int, float]:
    """Members that left their state up to a width, in all runs, and how many the rates expect."""
    every = [expected_switches_of(run, fit.rates, towards, 0.0, width) for run in observed.runs]
    return sum(each[0] for each in every), sum(each[1] for each in every)


def _notes(observed: Observed, fit: RateFit | None, towards: int, shortest: float | None) -> list[str]:
    found = []
    returned = sum(int(run.counts["returned"].sum()) for run in observed.runs)
    if returned:
        found.append(
            f"{returned} members came back from the other state while the current drove them there; the rates include "
            "that."
        )
    first = float(observed.runs[0].widths[0])
    if fit is not None and shortest is not None and shortest > first * (1 + 1e-9):
        switched, expected = _by_width(observed, fit, towards, first)
        found.append(
            f"A layer takes a time to follow a current: in the first {value_label(first, 's')} {switched} members "
            f"switch, and the rates expect {expected:.0f}. Two states with a rate each do not know that. The rates "
            f"hold for pulses from {value_label(shortest, 's')} on, and a synapse of them counts shorter ones as "
            "outside of its fit."
        )
    return found
