"""Junctions that differ as a process makes them: what follows for their rates, and others that are run to check it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from scipy import stats

from runs import RunSpec
from solitons.campaigns.framework.base import LabelledRun
from solitons.campaigns.junctions.mtj_switching.checks import drive_of
from solitons.campaigns.junctions.mtj_switching.counting import Counted, Observed
from solitons.campaigns.junctions.mtj_switching.one_moment import pillar_in, pillar_of
from solitons.campaigns.junctions.mtj_switching.results import OtherResult, UnlikeResult
from solitons.campaigns.junctions.mtj_switching.roles import JunctionRole, OtherJunction
from solitons.campaigns.junctions.mtj_switching.settings import UnlikeSettings
from solitons.figures import value_label
from solitons.fits.verdict import Reason, limitation
from solitons.junctions import SwitchingRates
from solitons.junctions.junction_spread import JunctionSpread, pillar_spread

__all__ = ["about_unlike", "other_junctions", "spread_of", "switches_by", "unlike_result"]

_CHANCE = 1e-3


def spread_of(spec: RunSpec, settings: UnlikeSettings) -> JunctionSpread:
    """How junctions differ that are drawn as a run's junction; errors are as in `pillar_spread`."""
    return pillar_spread(
        pillar_in(spec), spec.material, critical_current=settings.critical_current, diameter=settings.diameter
    )


def other_junctions(
    swept: Sequence[LabelledRun[JunctionRole]], settings: UnlikeSettings, seed: int
) -> list[LabelledRun[JunctionRole]]:
    """Runs of junctions with another anisotropy, at the second strongest current; seeds from `seed` on."""
    order = sorted((run.spec for run in swept), key=lambda spec: abs(drive_of(spec).current))
    base, spread = order[-2], spread_of(order[-2], settings)
    found: list[LabelledRun[JunctionRole]] = []
    for place, deviation in enumerate(settings.checked):
        # K is linear in Ku; by the cells, since it is they that are run.
        mean = pillar_of(base)
        wanted = mean.barrier * float(np.exp(spread.stability[0] * deviation))
        change = (wanted - mean.barrier) / float(mean.volume)
        content = base.model_dump(mode="json")
        content["material"] = content["material"] | {"Ku": base.material.Ku + change}
        content["protocol"] = content["protocol"] | {"seed": seed + place}
        spec = RunSpec.model_validate(content)
        found.append(LabelledRun(spec, OtherJunction(deviation, drive_of(spec).current)))
    return found


def unlike_result(
    observed: Observed, rates: SwitchingRates, shortest: float, settings: UnlikeSettings
) -> tuple[UnlikeResult, JunctionSpread]:
    """Say how junctions differ, and compare those that were run with the scaled rates."""
    spread = spread_of(observed.runs[0].spec, settings)
    stability, critical, conductance = spread.relative
    others = []
    for deviation, run in observed.others:
        factors = spread.factors(np.array([deviation, *np.zeros(np.size(spread.stability) - 1)]))
        scaled = replace(
            rates,
            stability=rates.stability * factors[0],
            critical_current=rates.critical_current * factors[1],
        )
        switches, expected = switches_by(scaled, run, shortest)
        if expected:  # else no member was left to switch at the widths that count
            unscaled = switches_by(rates, run, shortest)[1]
            more = {"anisotropy": run.spec.material.Ku, "current": run.current, "unscaled": unscaled}
            others.append(OtherResult.of(switches, expected, deviation=deviation, **more))
    found = UnlikeResult(stability=stability, critical_current=critical, conductance=conductance, others=others)
    return found, spread


def switches_by(
    rates: SwitchingRates, run: Counted, shortest: float = 0.0, longest: float = np.inf
) -> tuple[int, float]:
    """Switches of a run that were counted between two widths, and those that rates expect of who was there."""
    return run.switches(rates.probability(run.current, run.widths, state=run.state), shortest, longest)


def about_unlike(found: UnlikeResult, observed: Observed, rates: SwitchingRates, shortest: float) -> Iterator[Reason]:
    """Junctions that switch otherwise than the scaled rates have it, by more than chance."""
    both = [switches_by(rates, run, shortest) for run in observed.runs]
    counted, expected = (sum(each[part] for each in both) for part in (0, 1))
    for other in found.others:
        share = other.expected / (other.expected + expected)
        chance = float(stats.binomtest(other.switches, int(other.switches + counted), share).pvalue)
        if chance < _CHANCE:
            yield limitation(
                "others_unlike_model",
                "How junctions differ is not what is derived here. A junction whose anisotropy is "
                f"{other.deviation:+g} standard deviations off switches {other.ratio:.2f} times as often at "
                f"{value_label(other.current, 'A/m^2')} as the rates expect that are scaled to it (so unlike by "
                f"chance with a probability of {chance:.1g}).",
            )
