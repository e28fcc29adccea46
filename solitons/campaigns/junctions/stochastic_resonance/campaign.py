"""The campaign of a junction that flips by chance under a periodic drive: all of it in reduced models."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, final

import numpy as np
from pydantic import Field, model_validator
from typing_extensions import override

from geometries import Material, Pillar
from geometries.quantities import format_quantity
from solitons.campaigns.framework.base import AbstractCampaign, ComputedRuns
from solitons.campaigns.framework.page import Section
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.junctions.stochastic_resonance.results import Peak, ResonanceResults
from solitons.campaigns.junctions.stochastic_resonance.settings import (
    DriveSettings,
    EnsembleSettings,
    GivenRates,
    LockingSettings,
    NoiseSettings,
    PositiveTemperature,
    RecordSettings,
)
from solitons.fits.verdict import Verdict

if TYPE_CHECKING:
    from solitons.campaigns.junctions.stochastic_resonance.conditions import ModelledJunction
    from solitons.campaigns.junctions.stochastic_resonance.counting import Counted
    from solitons.junctions import PeriodicDrive

__all__ = ["StochasticResonanceCampaign"]

_FEWEST_POINTS = 5
_FEWEST_SAMPLES = 8
_MOST_STEPS = 3e8
_MOST_DEGREE = 60
"""Of harmonics: a few seconds for each current."""
_KEPT, _LEAST_KEPT = 10.0, 3.0
"""Times the relaxation in a well for which noise keeps a value, and at least has to."""
_LONGEST_KEPT = 1 / 40
"""Of the drive's period."""
WITHHELD = "withheld: the verdict is failed"


@final
class StochasticResonanceCampaign(AbstractCampaign):
    """Stochastic resonance and locking by noise of a junction that flips by chance.

    The junction is a pillar, as one moment, or rates that are given. It is driven at each temperature of a list, or at
    one temperature with electrical noise of each strength of a list.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`; no engine is used.
    device, material : Pillar, Material, optional
        The pillar; or
    rates : GivenRates, optional
        its rates.
    drive : DriveSettings
        The periodic drive.
    temperatures : sequence of float or str, optional
        The axis, in K; or
    noise : NoiseSettings, optional
        the axis is electrical noise, at
    temperature : float or str
        in K.
    record : RecordSettings
        What is recorded at each point.
    locking : LockingSettings
        The maps of locking.
    ensemble : EnsembleSettings or None
        Macrospins that check the rates of a pillar; None leaves them out.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong, or the junction or the axis is given twice or not at all.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Adiabatic theory: B. McNamara and K. Wiesenfeld, Phys. Rev. A 39, 4854 (1989); the review: L. Gammaitoni, "
        "P. Hänggi, P. Jung and F. Marchesoni, Rev. Mod. Phys. 70, 223 (1998).",
        "Spectra and residence times of any periodic rates: R. Löfstedt and S. N. Coppersmith, Phys. Rev. E 49, 4821 "
        "(1994).",
        "Locking of superparamagnetic junctions: A. Mizrahi et al., Sci. Rep. 6, 30535 (2016).",
    )
    results_class: ClassVar[type[ResonanceResults]] = ResonanceResults

    kind: Literal["stochastic_resonance"] = "stochastic_resonance"
    device: Pillar | None = None
    material: Material | None = None
    rates: GivenRates | None = None
    drive: DriveSettings
    temperatures: Annotated[tuple[PositiveTemperature, ...], Field(max_length=60)] = ()
    noise: NoiseSettings | None = None
    temperature: PositiveTemperature = 300.0
    record: RecordSettings = RecordSettings()
    locking: LockingSettings
    ensemble: EnsembleSettings | None = EnsembleSettings()

    @model_validator(mode="after")
    def _given_once(self) -> StochasticResonanceCampaign:
        if (self.device is None) != (self.material is None) or (self.device is None) == (self.rates is None):
            raise ValueError("give the junction once: device (a pillar) and its material, or rates")
        if bool(self.temperatures) == (self.noise is not None):
            raise ValueError("give the axis once: temperatures, or noise (at one temperature)")
        values = self.temperatures or (self.noise.currents or self.noise.voltages if self.noise else ())
        name = "temperatures" if self.temperatures else "noise"
        if len(values) < _FEWEST_POINTS or any(a >= b for a, b in itertools.pairwise(values)):
            raise ValueError(f"{name} has {len(values)} values; give {_FEWEST_POINTS} or more that rise: a peak is one")
        if self.device is None and (self.drive.voltage is not None or (self.noise is not None and self.noise.voltages)):
            raise ValueError("voltages need a pillar, whose barrier determines their current; give A/m^2 instead")
        return self

    @override
    def check(self) -> None:
        from solitons.campaigns.junctions.stochastic_resonance.ensemble_check import ensemble_steps
        from solitons.junctions.driven_telegraph import MOST_FLIPS
        from solitons.junctions.sphere_fokker_planck import degree_for

        junction, drive = self._junction, self._drive
        spin = junction.macrospin
        if spin is not None and not spin.axial:
            degree = degree_for(junction.at(min(self._temperatures)), self._largest)
            if degree > _MOST_DEGREE:
                raise ValueError(
                    f"device: the layer is not axial, and at {min(self._temperatures):g} K its Fokker-Planck equation "
                    f"under the largest current needs harmonics up to degree {degree}, above {_MOST_DEGREE}, which "
                    "takes too long; use a disc with a perpendicular axis, a smaller layer, or give rates: "
                    "fit_dwells of follow_macrospins finds them"
                )
        sampled = self.record.sampling_interval
        if sampled is not None and drive.frequency * sampled * _FEWEST_SAMPLES > 1:
            raise ValueError(
                f"drive.frequency = {format_quantity(drive.frequency, 'Hz')} is faster than the sampling: "
                f"record.sampling_interval = {format_quantity(sampled, 's')} gives "
                f"{1 / (drive.frequency * sampled):.3g} samples in a period, and {_FEWEST_SAMPLES} are needed; give "
                f"{format_quantity(1 / (_FEWEST_SAMPLES * drive.frequency), 's')} or less, or a slower drive"
            )
        samples = (
            self.record.members * self.record.periods / ((sampled or 1 / (64 * drive.frequency)) * drive.frequency)
        )
        if samples > MOST_FLIPS:
            raise ValueError(
                f"record: {samples:.3g} samples at each point, and at most {MOST_FLIPS:.3g} are taken; give fewer "
                "members or periods, or a longer sampling_interval"
            )
        self._check_noise(junction, drive)
        self._check_flips(junction, drive)
        if spin is not None and self.ensemble is not None:
            steps = ensemble_steps(junction.at(max(self._temperatures)), drive.frequency, self.ensemble)
            if steps * self.ensemble.points > _MOST_STEPS:
                raise ValueError(
                    f"ensemble: {self.ensemble.trajectories} macrospins for {self.ensemble.periods + 1} periods of "
                    f"{format_quantity(1 / drive.frequency, 's')} at {self.ensemble.points} points take "
                    f"{steps * self.ensemble.points:.2g} steps, more than {_MOST_STEPS:.0g}; give fewer trajectories, "
                    "periods or points, a faster drive, or ensemble: null"
                )

    def _check_noise(self, junction: ModelledJunction, drive: PeriodicDrive) -> None:
        lasting = self._lasting
        shortest, longest = _LEAST_KEPT / junction.relaxation_rate, _LONGEST_KEPT / drive.frequency
        if lasting > longest or (0 < lasting < shortest):
            raise ValueError(
                f"noise.lasting = {format_quantity(lasting, 's')}: each value of the noise has to last longer than "
                f"the motion in a well, {format_quantity(shortest, 's')} or more, or the layer averages it, and to be "
                f"short beside the drive's period, {format_quantity(longest, 's')} or less; change it, or the drive"
            )

    def _check_flips(self, junction: ModelledJunction, drive: PeriodicDrive) -> None:
        from solitons.campaigns.junctions.stochastic_resonance.conditions import estimated_rates
        from solitons.campaigns.junctions.stochastic_resonance.counting import FEWEST_FLIPS
        from solitons.junctions import drive_response
        from solitons.junctions.driven_rates import NoisyRates
        from solitons.junctions.driven_telegraph import MOST_FLIPS

        expected = []
        for value, temperature in zip(self._values, self._temperatures, strict=True):
            rates = estimated_rates(junction, temperature)
            noisy = rates if self.noise is None else NoisyRates(rates, value, self._lasting)
            response = drive_response(noisy, drive, steps=64)
            flips = 2 * response.mean_frequency / drive.frequency
            expected.append(flips * self.record.periods * self.record.members)
        barrier = junction.stability(max(self._temperatures))
        if not max(expected) >= FEWEST_FLIPS:
            raise ValueError(
                f"about {max(expected):.2g} flips are to be expected in all records together "
                f"({self.record.members} of {self.record.periods / drive.frequency:.3g} s) where most are, with a "
                f"barrier of {barrier:.3g} k T: too few to see. Give a lower barrier, a hotter or noisier axis, a "
                "larger or slower drive, or longer records"
            )
        if max(expected) > MOST_FLIPS:
            raise ValueError(
                f"about {max(expected):.2g} flips are to be expected at one point of the axis, and at most "
                f"{MOST_FLIPS:.3g} are followed; give fewer record.periods or members, a faster drive, or a cooler axis"
            )

    @cached_property
    def _junction(self) -> ModelledJunction:
        from solitons.campaigns.junctions.stochastic_resonance.conditions import ModelledJunction
        from solitons.junctions import SwitchingRates, pillar_junction

        if self.rates is not None:
            given = self.rates
            return ModelledJunction(
                critical_current=given.critical_current,
                rates=SwitchingRates(
                    given.attempt_rate,
                    given.stability,
                    given.critical_current,
                    given.exponent,
                    temperature=given.temperature,
                ),
            )
        assert self.device is not None
        assert self.material is not None
        spin = pillar_junction(self.device, self.material, temperature=300.0)
        # The polariser may be a little off the easy axis, or along it either way.
        return ModelledJunction(critical_current=abs(spin.critical_current()), macrospin=spin)

    @property
    def _lasting(self) -> float:
        """Time in s for which the noise keeps a value."""
        if self.noise is None:
            return 0.0
        if self.noise.lasting is not None:
            return self.noise.lasting
        return _KEPT / self._junction.relaxation_rate if self.device is not None else 0.0

    @property
    def _largest(self) -> float:
        """Current density in A/m2 up to which rates are asked, without noise."""
        return 1.001 * max(self._drive.amplitude, max(self.locking.amplitudes) * self._junction.critical_current)

    @property
    def _reversal(self) -> Verdict | None:
        """Whether the pillar turns as a whole."""
        from solitons.junctions import coherent_reversal

        if self.device is None or self.material is None:
            return None
        return coherent_reversal(self.device, self.material).verdict

    def _as_current(self, voltage: float) -> float:
        from solitons.campaigns.junctions.stochastic_resonance.conditions import current_of

        assert self.device is not None
        return current_of(self.device, voltage)

    @cached_property
    def _drive(self) -> PeriodicDrive:
        from solitons.junctions import PeriodicDrive

        size = self.drive.amplitude
        if size is None:
            assert self.drive.voltage is not None
            size = self._as_current(self.drive.voltage)
        return PeriodicDrive(size, self.drive.frequency, self.drive.shape)

    @cached_property
    def _values(self) -> list[float]:
        if self.noise is None:
            return list(self.temperatures)
        return list(self.noise.currents) or [self._as_current(each) for each in self.noise.voltages]

    @property
    def _temperatures(self) -> list[float]:
        return list(self.temperatures) or [self.temperature] * len(self._values)

    @override
    def analyse(self, runs: ComputedRuns[Any], stages: Stages) -> Findings[ResonanceResults, list[Counted]]:
        from solitons.campaigns.junctions.stochastic_resonance.conditions import conditions
        from solitons.campaigns.junctions.stochastic_resonance.counting import count, point_of
        from solitons.campaigns.junctions.stochastic_resonance.ensemble_check import checked_points, ensemble_point
        from solitons.campaigns.junctions.stochastic_resonance.judgement import judge_resonance
        from solitons.campaigns.junctions.stochastic_resonance.locking_maps import locking_maps, locking_point
        from solitons.campaigns.junctions.stochastic_resonance.peaks import matching_value, peaks_of

        junction, drive, locking = self._junction, self._drive, self.locking
        critical = junction.critical_current
        with stages("Rates"):
            fixed = self.temperature if self.noise is not None else None
            points = conditions(junction, self._values, fixed, self._largest, self._lasting)
        with stages("Records", len(points)) as advance:
            counted = count(points, drive, self.record, advance)
        axis: Literal["temperature", "noise"] = "temperature" if self.noise is None else "noise"
        chosen = locking_point(points, drive.amplitude, drive.frequency)
        total = len(locking.amplitudes) * (len(locking.frequencies) + len(points))
        with stages("Locking", total) as advance:
            maps = locking_maps(points, axis, chosen, locking, critical, drive.frequency, self.record.seed, advance)
        peaks = peaks_of(counted, drive)
        ensemble = []
        if junction.macrospin is not None and self.ensemble is not None:
            best = int(np.argmax([each.exact.fraction_locked for each in counted]))
            for index in stages.over("Macrospins", checked_points(len(points), best, self.ensemble.points)):
                seed = self.record.seed + index
                ensemble.append(ensemble_point(junction, counted[index], drive, self.ensemble, seed))
        unit = "K" if self.noise is None else "A/m^2"
        verdict = judge_resonance(junction, drive, counted, peaks, maps, ensemble, unit, self._reversal)
        if verdict.failed:
            peaks = [Peak(measure=each.measure, note=WITHHELD) for each in peaks]
        results = ResonanceResults(
            verdict=verdict.verdict,
            reasons=list(verdict.reasons),
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
            notes=_notes(counted),
        )
        return Findings(results, counted)

    @override
    def report(self, findings: Findings[ResonanceResults, list[Counted]]) -> Sequence[Section]:
        from solitons.campaigns.junctions.stochastic_resonance import report
        from solitons.campaigns.junctions.stochastic_resonance.locking_maps import fine_map, locking_point

        results, counted, drive = findings.results, findings.shown, self._drive
        points = [each.condition for each in counted]
        chosen = locking_point(points, drive.amplitude, drive.frequency)
        critical = results.critical_current
        fine = [fine_map(each, points, chosen, critical, drive.frequency) for each in results.maps]
        return [
            report.junction_section(
                self._junction, self.device, self.material, self.rates, results, drive, self.record
            ),
            report.peaks_section(results, counted, drive),
            report.locking_section(results, fine, self.locking, points[chosen].value, drive),
            report.points_section(results),
        ]


def _notes(counted: Sequence[Counted]) -> list[str]:
    from solitons.campaigns.junctions.stochastic_resonance.counting import FEWEST_FLIPS

    few = sum(not each.records for each in counted)
    if not few:
        return []
    return [
        f"{few} of {len(counted)} points have fewer than {FEWEST_FLIPS} flips in all records: nothing is measured there"
    ]
