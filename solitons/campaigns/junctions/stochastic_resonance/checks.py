"""Checks, before any computation, for what cannot be seen, followed or computed."""

from __future__ import annotations

from geometries.quantities import format_quantity
from solitons.campaigns.junctions.stochastic_resonance.conditions import DrivenJunction, estimated_rates
from solitons.campaigns.junctions.stochastic_resonance.counting import FEWEST_FLIPS
from solitons.campaigns.junctions.stochastic_resonance.ensemble_check import ensemble_steps
from solitons.campaigns.junctions.stochastic_resonance.settings import EnsembleSettings, RecordSettings
from solitons.junctions import drive_response
from solitons.junctions.driven_rates import NoisyRates
from solitons.junctions.driven_telegraph import MOST_FLIPS
from solitons.junctions.sphere_fokker_planck import degree_for

__all__ = ["check_driven"]

_FEWEST_SAMPLES = 8
_MOST_STEPS = 3e8
_MOST_DEGREE = 60
"""Degree of harmonics: a few seconds for each current."""
_LEAST_KEPT = 3.0
"""Times the relaxation in a well for which noise keeps a value at least."""
_LONGEST_KEPT = 1 / 40
"""Share of the drive's period."""


def check_driven(driven: DrivenJunction, record: RecordSettings, ensemble: EnsembleSettings | None) -> None:
    """Refuse what the analysis could not answer."""
    _check_degree(driven)
    _check_sampling(driven, record)
    _check_noise(driven)
    _check_flips(driven, record)
    if driven.junction.macrospin is not None and ensemble is not None:
        _check_ensemble(driven, ensemble)


def _check_degree(driven: DrivenJunction) -> None:
    spin = driven.junction.macrospin
    if spin is None or spin.axial:
        return
    coldest = min(driven.temperatures)
    degree = degree_for(driven.junction.at(coldest), driven.largest)
    if degree > _MOST_DEGREE:
        raise ValueError(
            f"device: the layer is not axial, and at {coldest:g} K its Fokker-Planck equation under the largest current"
            f" needs harmonics up to degree {degree}, above {_MOST_DEGREE}, which takes too long; use a disc with a "
            "perpendicular axis, a smaller layer, or give rates: fit_dwells of follow_macrospins finds them"
        )


def _check_sampling(driven: DrivenJunction, record: RecordSettings) -> None:
    sampled, frequency = record.sampling_interval, driven.drive.frequency
    if sampled is not None and frequency * sampled * _FEWEST_SAMPLES > 1:
        raise ValueError(
            f"drive.frequency = {format_quantity(frequency, 'Hz')} is faster than the sampling: "
            f"record.sampling_interval = {format_quantity(sampled, 's')} gives {1 / (frequency * sampled):.3g} samples "
            f"in a period, and {_FEWEST_SAMPLES} are needed; give "
            f"{format_quantity(1 / (_FEWEST_SAMPLES * frequency), 's')} or less, or a slower drive"
        )
    samples = record.members * record.periods / ((sampled or 1 / (64 * frequency)) * frequency)
    if samples > MOST_FLIPS:
        raise ValueError(
            f"record: {samples:.3g} samples at each point, and at most {MOST_FLIPS:.3g} are taken; give fewer members "
            "or periods, or a longer sampling_interval"
        )


def _check_noise(driven: DrivenJunction) -> None:
    lasting = driven.lasting
    shortest, longest = _LEAST_KEPT / driven.junction.relaxation_rate, _LONGEST_KEPT / driven.drive.frequency
    if lasting > longest or (0 < lasting < shortest):
        raise ValueError(
            f"noise.lasting = {format_quantity(lasting, 's')}: each value of the noise has to last longer than the "
            f"motion in a well, {format_quantity(shortest, 's')} or more, or the layer averages it, and to be short "
            f"beside the drive's period, {format_quantity(longest, 's')} or less; change it, or the drive"
        )


def _check_flips(driven: DrivenJunction, record: RecordSettings) -> None:
    drive, expected = driven.drive, []
    for value, temperature in zip(driven.values, driven.temperatures, strict=True):
        rates = estimated_rates(driven.junction, temperature)
        noisy = NoisyRates(rates, value, driven.lasting) if driven.noisy else rates
        flips = 2 * drive_response(noisy, drive, steps=64).mean_frequency / drive.frequency
        expected.append(flips * record.periods * record.members)
    barrier = driven.junction.stability(max(driven.temperatures))
    if not max(expected) >= FEWEST_FLIPS:
        raise ValueError(
            f"about {max(expected):.2g} flips are to be expected in all records together ({record.members} of "
            f"{record.periods / drive.frequency:.3g} s) where most are, with a barrier of {barrier:.3g} k T: too few "
            "to see. Give a lower barrier, a hotter or noisier axis, a larger or slower drive, or longer records"
        )
    if max(expected) > MOST_FLIPS:
        raise ValueError(
            f"about {max(expected):.2g} flips are to be expected at one point of the axis, and at most "
            f"{MOST_FLIPS:.3g} are followed; give fewer record.periods or members, a faster drive, or a cooler axis"
        )


def _check_ensemble(driven: DrivenJunction, ensemble: EnsembleSettings) -> None:
    frequency = driven.drive.frequency
    steps = ensemble.points * ensemble_steps(driven.junction.at(max(driven.temperatures)), frequency, ensemble)
    if steps > _MOST_STEPS:
        raise ValueError(
            f"ensemble: {ensemble.trajectories} macrospins for {ensemble.periods + 1} periods of "
            f"{format_quantity(1 / frequency, 's')} at {ensemble.points} points take {steps:.2g} steps, more than "
            f"{_MOST_STEPS:.0g}; give fewer trajectories, periods or points, a faster drive, or ensemble: null"
        )
