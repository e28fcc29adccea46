"""Effect of heat on a stripe's steps: by the fitted model, compared with runs at the same temperature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from runs import RunSpec
from solitons.campaigns.domain_walls.dw_synapse.heat_results import StepStatistics
from solitons.campaigns.domain_walls.dw_synapse.observation import Observation
from solitons.campaigns.domain_walls.dw_synapse.settings import HeatSettings
from solitons.devices.conductance_steps import asymmetry, trains_of
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.domain_walls.fit import WallFit
from solitons.domain_walls.heat import follow_hot_walls
from solitons.domain_walls.junction import junction_over
from solitons.domain_walls.runs import stripe_of
from solitons.domain_walls.softening import softened
from solitons.domain_walls.trajectory import waveforms_of
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation

__all__ = ["HotSteps", "about_heat", "hot_steps", "spread_interval", "statistics_of"]

Floats = npt.NDArray[np.float64]

_SEED = 0
_CHANCE = 0.01
_UNLIKE, _DRAWN = 0.05, 1000


@dataclass(frozen=True, eq=False)
class HotSteps:
    """Rest positions of walls, and the conductance there, with one temperature (K) and many walls.

    `position` (m) and `conductance` (S) are (walls, pulses + 1), before the first pulse and at the end of the rest
    after each; from where on a wall has left the stripe they are NaN, and the conductance of one domain. `measured` and
    `measured_conductance`, (seeds, pulses + 1), are the same in the runs at this temperature.
    """

    temperature: float
    signs: npt.NDArray[np.intp]
    position: Floats
    conductance: Floats
    measured: Floats
    measured_conductance: Floats

    @property
    def spread(self) -> float:
        """Root mean square over the rests of the standard deviation of the position over the walls, in m.

        Rests at which fewer than two walls are left count for nothing; infinite if all are such.
        """
        return _spread(self.position[:, 1:]) if self.temperature else 0.0

    @property
    def cycle(self) -> float:
        """Root mean square over the pulses of the standard deviation of how far one moves the wall, in m.

        As `spread` it is 0 without heat, and infinite where no two walls are left.
        """
        return _spread(np.diff(self.position, axis=1)) if self.temperature else 0.0


def _spread(values: Floats) -> float:
    """Root mean square over the columns of the standard deviation over the rows that are there; infinite without."""
    told = [np.var(each, ddof=1) for each in (column[np.isfinite(column)] for column in values.T) if each.size > 1]
    return float(np.sqrt(np.mean(told))) if told else np.inf


def hot_steps(
    fit: WallFit | None,
    base: RunSpec,
    read_out: JunctionReadOut,
    settings: HeatSettings,
    start: float,
    heated: Sequence[tuple[float, Observation]],
) -> list[HotSteps]:
    """Follow the fitted wall through the base run's pulses, without heat and at each temperature.

    `start` is where the wall is first, in m; `heated` are runs with these pulses, each with its temperature in K.
    Returned are 0 K with one wall, then each temperature; without a fit no wall is followed, and the steps come from
    the runs. The fit is of runs at 0 K, and heat softens its wall as it softens the runs' cells
    (`solitons.domain_walls.softening`).
    """
    protocol, stripe = base.in_time, stripe_of(base)
    current_density, field = waveforms_of(protocol, stripe.domain_axis)
    edges = protocol.pulse_edges()
    rests = np.concatenate([edges[:, 0], [protocol.duration]])
    times = rests if rests[0] == 0 else np.concatenate([[0.0], rests])
    signs = np.sign([_peak(base, *edge) for edge in edges]).astype(np.intp)
    junction = junction_over(stripe, read_out)
    found = []
    for temperature in (0.0, *settings.temperatures):
        at = [each for kelvins, each in heated if kelvins == temperature]
        position = conductance = np.empty((0, rests.size))
        if fit is not None:
            path = follow_hot_walls(
                softened(fit.dynamics, base, temperature),
                times,
                current_density,
                field,
                temperature=temperature,
                walls=settings.walls if temperature else 1,
                seed=_SEED,
                position=start,
                angle=fit.start_angle,
            )
            position = path.position[:, -rests.size :]
            conductance = np.asarray(junction.conductance(position, fit.dynamics.polarity, fit.dynamics.width))
        elif not at:
            continue
        outside = np.maximum.accumulate((position < 0) | (position > stripe.length), axis=1)
        found.append(
            HotSteps(
                temperature=temperature,
                signs=signs,
                position=np.where(outside, np.nan, position),
                conductance=conductance,
                measured=np.array([each.positions_at_rest for each in at]).reshape(-1, rests.size),
                measured_conductance=np.array([each.conductances_at_rest for each in at]).reshape(-1, rests.size),
            )
        )
    return found


def _peak(spec: RunSpec, start: float, end: float) -> float:
    wave = spec.in_time.current_density
    return float(np.interp((start + end) / 2, wave.times, wave.values))


def statistics_of(steps: HotSteps) -> list[StepStatistics]:
    """Statistics of the steps of each train, first of the model, then of the runs."""
    found = []
    for source, conductance in (("model", steps.conductance), ("micromagnetics", steps.measured_conductance)):
        if not len(conductance):
            continue
        trains = trains_of(conductance, steps.signs)
        unlike = asymmetry(*trains) if len(trains) == 2 else None
        found += [
            StepStatistics(
                source=source,
                temperature=steps.temperature,
                walls=len(conductance),
                train=number,
                sign=train.sign,
                mean_step=train.mean_step,
                spread=train.spread,
                spread_ci95=spread_interval(train.spread, len(conductance)),
                nonlinearity=train.nonlinearity,
                asymmetry=unlike,
            )
            for number, train in enumerate(trains, start=1)
        ]
    return found


def spread_interval(spread: float, walls: int) -> tuple[float, float] | None:
    """95 % interval of a standard deviation over so many walls, by chi-squared; None of one."""
    if walls < 2:
        return None
    low, high = spread * np.sqrt((walls - 1) / stats.chi2.ppf([0.975, 0.025], walls - 1))
    return float(low), float(high)


def about_heat(steps: Sequence[HotSteps], cell: float) -> Iterator[Reason]:
    """Differences of runs with heat from the model's walls beyond chance.

    `cell` of the mesh along the stripe is in m.
    """
    for each in steps:
        if not len(each.measured):
            continue
        reasons = [_about_losses(each)]
        if reasons == [None]:
            reasons = [_about_places(each, cell), _about_spread(each, cell)]
        yield from (reason for reason in reasons if reason is not None)


def _about_losses(steps: HotSteps) -> Reason | None:
    """More or fewer walls that leave the stripe than the model has."""
    lost = int(np.isnan(steps.measured[:, -1]).sum())
    walls = len(steps.position)
    # One wall more and one less, so that a share of none or of all is not taken for certain.
    share = (int(np.isnan(steps.position[:, -1]).sum()) + 1) / (walls + 2)
    if stats.binomtest(lost, len(steps.measured), share).pvalue > _CHANCE:
        return None
    return limitation(
        "heat_loses_wall",
        f"At {value_label(steps.temperature, 'K')} the wall leaves the stripe in {lost} of "
        f"{len(steps.measured)} runs, and in {np.isnan(steps.position[:, -1]).mean():.0%} of the model's: its steps at "
        "this temperature are those of another device.",
    )


def _about_places(steps: HotSteps, cell: float) -> Reason | None:
    """Walls that rest elsewhere, on average, at the end of a train."""
    ends = [*(np.flatnonzero(np.diff(steps.signs)) + 1), steps.signs.size]
    for train, end in enumerate(ends, start=1):
        there, expected = (values[np.isfinite(values)] for values in (steps.measured[:, end], steps.position[:, end]))
        if not (there.size and expected.size):
            continue
        # What the mean of as many of the model's walls would be, 99 times in 100.
        drawn = np.random.default_rng(_SEED).choice(expected, (4000, there.size)).mean(axis=1)
        low, high = np.quantile(drawn, [_CHANCE / 2, 1 - _CHANCE / 2])
        if max(low - there.mean(), there.mean() - high) > cell:
            places = (there.mean(), expected.mean(), low, high)
            seen, said, lowest, highest = (value_label(place, "m", digits=3) for place in places)
            return limitation(
                "heat_disagrees",
                f"At {value_label(steps.temperature, 'K')} the walls of {there.size} runs rest at {seen} on average "
                f"after train {train} of the pulses, and the model's at {said} (the mean of as many, 99 %: {lowest} "
                f"to {highest}): its steps at this temperature are wrong on average.",
            )
    return None


def _about_spread(steps: HotSteps, cell: float) -> Reason | None:
    """Walls that rest further apart, or nearer together, than as many of the model's."""
    runs = len(steps.measured)
    seen, said = (_spread(each[:, 1:]) for each in (steps.measured, steps.position))
    if not (np.isfinite(seen) and np.isfinite(said)):
        return None
    rng = np.random.default_rng(_SEED)
    drawn = [_spread(steps.position[rng.integers(len(steps.position), size=runs), 1:]) for _ in range(_DRAWN)]
    low, high = np.quantile(drawn, [_UNLIKE / 2, 1 - _UNLIKE / 2])
    if max(low - seen, seen - high) <= 0 or abs(seen - said) <= cell:
        return None
    here, model, lowest, highest = (value_label(each, "m", digits=2) for each in (seen, said, low, high))
    return limitation(
        "heat_spread_disagrees",
        f"At {value_label(steps.temperature, 'K')} the resting places of {runs} runs spread by {here} (one "
        f"standard deviation), and the model's by {model} (of as many walls, 95 %: {lowest} to {highest}): the spread "
        "of its steps at this temperature, and levels and networks that follow from it, are wrong.",
    )
