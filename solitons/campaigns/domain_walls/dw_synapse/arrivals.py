"""Single pulses with heat: where walls arrive from each place, in micromagnetics and in the model.

The wall rests in a place at a temperature for one period of the pulses, and then gets one pulse of the base run's. It
arrives in the right place if the fitted wall without heat arrives there too. Runs and model's walls are counted place
by place, and compared by Pearson's

    chi^2 = sum over starts and arrivals of (n_seen - n p)^2 / (n p),

p being the shares of both together. Most of them are near 0 or 1, where the statistic has no chi-squared distribution:
its chance is found by drawing, from each start, as many of all the walls as there are runs (a permutation test).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis import tunnel_junction, walls
from analysis.statistics.proportions import exact_interval
from runs import Protocol, RunSpec
from solitons.campaigns.domain_walls.dw_synapse.heat_results import Arrival, WrongPlace
from solitons.campaigns.domain_walls.dw_synapse.observation import pulse_trains
from solitons.campaigns.domain_walls.dw_synapse.roles import Pulsed, StripeRole
from solitons.campaigns.domain_walls.dw_synapse.settings import HeatSettings
from solitons.campaigns.framework.base import ComputedRuns, LabelledRun
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.devices.places import Place, which_place
from solitons.domain_walls.fit import WallFit
from solitons.domain_walls.heat import follow_hot_walls
from solitons.domain_walls.junction import junction_over
from solitons.domain_walls.places import with_wall
from solitons.domain_walls.runs import stripe_of
from solitons.domain_walls.softening import softened
from solitons.domain_walls.trajectory import waveforms_of
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation

__all__ = ["about_arrivals", "arrivals_of", "pulse_runs", "wrong_places"]

Floats = npt.NDArray[np.float64]

_SEED = 0
_CHANCE, _DRAWN = 0.01, 10_000
"""Chance of a right model to be called wrong, at any of the temperatures; how often arrivals are drawn."""


def pulse_runs(
    base: RunSpec, places: Sequence[Place], rightwards: int, settings: HeatSettings
) -> list[LabelledRun[StripeRole]]:
    """Ensembles of one of the base run's first pulses, from every place to each of its neighbours.

    `rightwards` is the sign of the currents that move the wall to the right; 0 gives no runs.
    """
    ways = [(number, side) for number in range(len(places)) for side in (1, -1) if 0 <= number + side < len(places)]
    if not (settings.single_pulses and rightwards and ways):
        return []
    members = max(2, -(-settings.single_pulses // len(ways)))
    return [
        LabelledRun(_ensemble(base, places[number].position, role, members, settings), role)
        for temperature in settings.temperatures
        for number, side in ways
        for role in [Pulsed(temperature, number, side * rightwards)]
    ]


def _ensemble(base: RunSpec, position: float, role: Pulsed, members: int, settings: HeatSettings) -> RunSpec:
    return RunSpec(
        device=with_wall(stripe_of(base), position),
        material=base.material,
        protocol=_one_pulse(base, role),
        numerics=settings.numerics(base.numerics),
        ensemble={"members": members, "keep": "states"},
        engine="native",
    )


def _one_pulse(base: RunSpec, role: Pulsed) -> Protocol:
    """A rest of one period and a pulse with its own rest, with a frame at the end of each."""
    train = pulse_trains(base)[0]
    pulse = train.model_copy(update={"count": 1, "polarity": "positive" if role.sign > 0 else "negative"})
    return Protocol.model_validate(
        base.protocol.model_dump(mode="json")
        | {
            "steps": [{"do": "relax"}, {"do": "rest", "duration": train.period}, pulse.model_dump(mode="json")],
            "sampling_interval": train.period,
            "temperature": role.temperature,
            "seed": role.seed,
        }
    )


def arrivals_of(
    fit: WallFit,
    runs: ComputedRuns[StripeRole],
    base: RunSpec,
    places: Sequence[Place],
    read_out: JunctionReadOut,
    settings: HeatSettings,
) -> list[Arrival]:
    """Where a pulse takes walls from each place, at each temperature.

    Without runs of single pulses, of the model's walls alone, with the sign of the weakest pulse over each hill.
    """
    pulsed = {run.role: run for run in runs.labelled if isinstance(run.role, Pulsed)}
    roles = list(pulsed) or [
        Pulsed(temperature, number, 1 if way.drive > 0 else -1)
        for temperature in settings.temperatures
        for number, place in enumerate(places)
        for way in place.passages
        if way.to is not None and way.drive is not None
    ]
    stripe = stripe_of(base)
    junction, window = junction_over(stripe, read_out), stripe.window_mask()
    found = []
    for role in roles:
        start = places[role.place].position
        cold = _followed(fit, base, role, start, 0.0, 1)
        hot = _followed(fit, base, role, start, role.temperature, settings.walls)
        conductance = np.asarray(junction.conductance(hot, fit.dynamics.polarity, fit.dynamics.width))
        position, measured = np.empty(0), np.empty((0, 2))
        if role in pulsed:
            position, measured = _seen(runs.open(pulsed[role]), window, read_out)
        step, spread = _step(measured)
        model_step, model_spread = _step(conductance)
        found.append(
            Arrival(
                temperature=role.temperature,
                place=role.place,
                sign=1 if role.sign > 0 else -1,
                right=int(which_place(cold[0, -1], places)),
                arrived=_counted(position, places),
                expected=_counted(hot[:, -1], places),
                conductance=float(conductance[:, 0].mean()),
                step=step,
                spread=spread,
                model_step=model_step,
                model_spread=model_spread,
            )
        )
    return found


def _followed(fit: WallFit, base: RunSpec, role: Pulsed, start: float, temperature: float, count: int) -> Floats:
    """Positions in m of the model's walls before the pulse and at the end; NaN of a wall that has left the stripe."""
    protocol = _one_pulse(base, role)
    path = follow_hot_walls(
        softened(fit.dynamics, base, temperature),
        protocol.frames().values,
        *waveforms_of(protocol, stripe_of(base).domain_axis),
        temperature=temperature,
        walls=count,
        seed=role.seed,
        position=start,
        angle=fit.start_angle,
    ).position
    gone = np.maximum.accumulate((path < 0) | (path > stripe_of(base).length), axis=1)
    return np.where(gone, np.nan, path)[:, -2:]


def _seen(run: xr.Dataset, window: npt.NDArray[np.bool_], read_out: JunctionReadOut) -> tuple[Floats, Floats]:
    """Position in m of each member's wall at the end, NaN with none or several; conductances in S before and then."""
    last = run.isel(t=slice(-2, None)).compute()
    positions, conductances = [], []
    for number in range(last.sizes["member"]):
        one = last.isel(member=number)
        ends = walls(one)["position"].isel(t=-1).values
        there = ends[np.isfinite(ends)]
        positions.append(float(there[0]) if there.size == 1 else np.nan)
        junction = tunnel_junction(
            one, window, tmr=read_out.tmr, resistance_area=read_out.resistance_area, polariser=read_out.polariser
        )
        conductances.append(junction["conductance"].values)
    return np.array(positions), np.array(conductances)


def _step(conductance: Floats) -> tuple[float, float] | tuple[None, None]:
    if not len(conductance):
        return None, None
    steps = np.diff(conductance)
    return float(steps.mean()), float(steps.std(ddof=1))


def _counted(positions: Floats, places: Sequence[Place]) -> dict[int, int]:
    return dict(sorted(Counter(which_place(positions, places).tolist()).items()))


def wrong_places(arrivals: Sequence[Arrival]) -> list[WrongPlace]:
    """How often single pulses end in a wrong place at each temperature, and the chance that the model agrees."""
    found = []
    for temperature in sorted({each.temperature for each in arrivals}):
        here = [each for each in arrivals if each.temperature == temperature]
        pulses, wrong = (
            sum(counts) for counts in zip(*(_wrong(each.arrived, each.right) for each in here), strict=True)
        )
        of, walls_wrong = (
            sum(counts) for counts in zip(*(_wrong(each.expected, each.right) for each in here), strict=True)
        )
        found.append(
            WrongPlace(
                temperature=temperature,
                pulses=pulses,
                wrong=wrong,
                ci95=exact_interval(wrong, pulses) if pulses else None,
                walls=of,
                walls_wrong=walls_wrong,
                model_ci95=exact_interval(walls_wrong, of),
                chance=_chance(here) if pulses else None,
            )
        )
    return found


def _wrong(counts: Mapping[int, int], right: int) -> tuple[int, int]:
    """All of them, and those that are not in the right place; without one (-1) all are wrong."""
    total = sum(counts.values())
    return total, total - (counts.get(right, 0) if right >= 0 else 0)


def _chance(arrivals: Sequence[Arrival]) -> float:
    """Chance that as many of all the walls differ from their shares at least as much as the runs do."""
    rng = np.random.default_rng(_SEED)
    seen, drawn = 0.0, np.zeros(_DRAWN)
    for each in arrivals:
        together = Counter(each.arrived) + Counter(each.expected)
        both, counts = (np.array([found.get(end, 0) for end in together]) for found in (together, each.arrived))
        mean = counts.sum() * both / both.sum()
        seen += float(((counts - mean) ** 2 / mean).sum())
        permuted = rng.multivariate_hypergeometric(both, counts.sum(), size=_DRAWN)
        drawn += ((permuted - mean) ** 2 / mean).sum(axis=1)
    return float((1 + np.sum(drawn >= seen - 1e-9)) / (1 + _DRAWN))


def about_arrivals(found: Sequence[WrongPlace], settings: HeatSettings) -> Iterator[Reason]:
    """Runs of single pulses that arrive elsewhere than the model's walls, and such as could not be made."""
    if settings.single_pulses and not any(each.pulses for each in found):
        yield limitation(
            "no_single_pulses",
            f"heat.single_pulses = {settings.single_pulses}, but fewer than two places hold the wall, or the pulses of "
            "the runs do not move it: where single pulses take it is not known.",
        )
    for each in found:
        if each.chance is not None and each.chance < _CHANCE / len(found):
            yield limitation(
                "arrivals_disagree",
                f"At {value_label(each.temperature, 'K')} {each.wrong / each.pulses:.1%} of {each.pulses} single "
                f"pulses end in a wrong place, and {each.walls_wrong / each.walls:.1%} of the model's; its walls "
                f"differ that much with a chance of {each.chance:.2%} (chi-squared over starts and places). Wrong is "
                "another place than the fitted wall's without heat; what the model predicts of it here is wrong.",
            )
