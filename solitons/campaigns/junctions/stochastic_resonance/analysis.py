"""Driven junction along the axis: records, peaks, maps of locking, and macrospins beside its rates."""

from __future__ import annotations

from functools import partial

import numpy as np

from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.stochastic_resonance import figures
from solitons.campaigns.junctions.stochastic_resonance.campaign import StochasticResonanceCampaign
from solitons.campaigns.junctions.stochastic_resonance.conditions import DrivenJunction, conditions
from solitons.campaigns.junctions.stochastic_resonance.counting import FEWEST_FLIPS, count, point_of
from solitons.campaigns.junctions.stochastic_resonance.ensemble_check import checked_points, ensemble_point
from solitons.campaigns.junctions.stochastic_resonance.judgement import about_resonance
from solitons.campaigns.junctions.stochastic_resonance.locking_maps import fine_map, locking_maps, locking_point
from solitons.campaigns.junctions.stochastic_resonance.peaks import matching_value, peaks_of
from solitons.campaigns.junctions.stochastic_resonance.results import MEASURES, AxisName, Peak, ResonanceResults
from solitons.figures import value_label
from solitons.fits.verdict import judge
from solitons.junctions import coherent_reversal

__all__ = ["analyse"]


def analyse(
    campaign: StochasticResonanceCampaign, runs: ComputedRuns[None], stages: Stages
) -> Findings[ResonanceResults]:
    """Follow the driven junction at every point, find the peaks and the maps, and check rates by macrospins."""
    del runs  # there are none
    driven, locking, seed = campaign.driven, campaign.locking, campaign.record.seed
    junction, drive, critical = driven.junction, driven.drive, driven.junction.critical_current
    with stages("Rates"):
        points = conditions(driven)
    with stages("Records", len(points)) as advance:
        counted = count(points, drive, campaign.record, advance)
    axis: AxisName = "noise" if driven.noisy else "temperature"
    chosen = locking_point(points, drive.amplitude, drive.frequency)
    total = len(locking.amplitudes) * (len(locking.frequencies) + len(points))
    with stages("Locking", total) as advance:
        maps = locking_maps(points, axis, chosen, locking, critical, drive.frequency, seed, advance)
    peaks = peaks_of(counted, drive)
    ensemble = []
    if junction.macrospin is not None and campaign.ensemble is not None:
        best = int(np.argmax([each.exact.fraction_locked for each in counted]))
        for index in stages.over("Macrospins", checked_points(len(points), best, campaign.ensemble.points)):
            ensemble.append(ensemble_point(junction, counted[index], drive, campaign.ensemble, seed + index))
    unit = "A/m^2" if driven.noisy else "K"
    reversal = None
    if campaign.device is not None and campaign.material is not None:
        reversal = coherent_reversal(campaign.device, campaign.material).verdict
    verdict = judge(about_resonance(junction, drive, counted, peaks, maps, ensemble, unit, reversal))
    if verdict.failed:
        peaks = [Peak(measure=each.measure, note="withheld: the verdict is failed") for each in peaks]
    few = sum(not each.records for each in counted)
    note = f"{few} of {len(counted)} points have fewer than {FEWEST_FLIPS} flips in all records: nothing is measured "
    results = ResonanceResults(
        verdict=verdict.verdict,
        reasons=list(verdict.reasons),
        notes=[f"{note}there"] if few else [],
        axis=axis,
        unit=unit,
        critical_current=critical,
        drive_current=drive.amplitude,
        frequency=drive.frequency,
        matching=matching_value(counted, drive.frequency),
        points=[point_of(each) for each in counted],
        peaks=peaks,
        maps=maps,
        ensemble=ensemble,
    )
    fine = [fine_map(each, points, chosen, critical, drive.frequency) for each in maps]
    return Findings(
        results,
        values={
            "junction": _junction_rows(campaign, driven),
            "words": MEASURES,
            "judged": [each for each in maps if each.p_value is not None and each.worst is not None],
            "locked_at": points[chosen].value,
        },
        figures={
            "ratio": partial(figures.ratio_figure, results, counted, drive),
            "measures": partial(figures.measures_figure, results, counted),
            "locking": partial(figures.locking_figure, maps, fine, locking.surely),
        },
    )


def _junction_rows(campaign: StochasticResonanceCampaign, driven: DrivenJunction) -> list[tuple[str, str]]:
    """Rows below the junction in its table."""
    drive, record, critical = driven.drive, campaign.record, driven.junction.critical_current
    strength = f"{value_label(drive.amplitude, 'A/m^2', 3)} ({drive.amplitude / critical:.3g} of the critical one)"
    records = f"{record.members} of {record.periods} periods at each point, each with random numbers of its own"
    return [
        ("barrier at 300 K", f"{driven.junction.stability(300.0):.3g} k T"),
        ("critical current density", value_label(critical, "A/m^2", 4)),
        ("drive", f"{drive.shape}, {strength}, {value_label(drive.frequency, 'Hz')}"),
        ("records", records),
    ]
