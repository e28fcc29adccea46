"""The campaign of a majority gate of spin waves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, ClassVar, Literal, final

from pydantic import PrivateAttr
from typing_extensions import override

from geometries import Material, StripLine, Waveguide
from runs import AlternatingStripLine, AtOnce, Numerics, Protocol, Relax, Rest, RunSpec
from runs.protocols.abstract import Vector
from runs.protocols.steps import TimedStep
from solitons.campaigns.framework.base import AbstractCampaign, ComputedRuns, LabelledRun
from solitons.campaigns.spin_waves.spin_wave_logic.results import SpinWaveLogicResults
from solitons.campaigns.spin_waves.spin_wave_logic.settings import (
    Alone,
    Bits,
    Displaced,
    GateRow,
    HeatSettings,
    OutputPort,
    Quiet,
    WaveDrive,
    WaveRole,
)

if TYPE_CHECKING:
    from solitons.campaigns.spin_waves.spin_wave_logic.designed_gate import DesignedGate

__all__ = ["ROWS", "SpinWaveLogicCampaign"]

ROWS: tuple[Bits, ...] = tuple((a, b, c) for a, b, c in product((1, -1), repeat=3))
_SAMPLES = 12
"""Frames a period, at least."""
_ANTENNAS = 3
_PERIODS = 3


@final
class SpinWaveLogicCampaign(AbstractCampaign[WaveRole, SpinWaveLogicResults]):
    """A waveguide with three antennas and an output, whose phase is the majority of theirs.

    Parameters
    ----------
    name, title, engine
        As in `AbstractCampaign`.
    device : Waveguide
        With absorbing ends and three strip lines that are alike, all before the output.
    material : Material
        Of the waveguide.
    static_field : three of float or str
        Field in A/m that is always on.
    output : OutputPort
        Where the waves are read.
    drive : WaveDrive
        Frequency, currents and times.
    heat : HeatSettings, optional
        Runs with heat; none if left out.
    displaced : Displaced, optional
        Gates whose antennas are displaced; none if left out.

    Raises
    ------
    pydantic.ValidationError
        If a field is wrong.
    """

    references: ClassVar[tuple[str, ...]] = (
        "Majority gates of spin waves, not read: S. Klingler et al., Appl. Phys. Lett. 105, 152410 (2014); G. Talmelli "
        "et al., Sci. Adv. 6, eabb4042 (2020).",
        "Ramps of damping: G. Venkat, H. Fangohr and A. Prabhakar, J. Magn. Magn. Mater. 450, 34 (2018).",
    )
    results_class: ClassVar[type[SpinWaveLogicResults]] = SpinWaveLogicResults
    verdict_meanings: ClassVar[Mapping[str, str]] = {
        "trusted": "All checks passed. Amplitude and phase of one wave predict the gate.",
        "limited": "Amplitude and phase of one wave predict the gate, except where one of the following matters.",
        "failed": "The gate does not compute, or amplitude and phase of one wave do not predict it.",
    }

    kind: Literal["spin_wave_logic"] = "spin_wave_logic"
    device: Waveguide
    material: Material
    static_field: Vector = (0.0, 0.0, 0.0)
    output: OutputPort
    drive: WaveDrive
    heat: HeatSettings | None = None
    displaced: Displaced | None = None

    _designed: tuple[DesignedGate, ...] | None = PrivateAttr(default=None)
    """At 0 K, and with heat if that is asked for."""

    @property
    def antennas(self) -> list[StripLine]:
        """The strip lines, from the one that is farthest from the output."""
        lines = [each for each in self.device.terminals if isinstance(each, StripLine)]
        return sorted(lines, key=lambda each: each.centre)

    @property
    def distances(self) -> list[float]:
        """From each antenna's centre to the middle of the output, in m."""
        return [(self.output.begin + self.output.end) / 2 - each.centre for each in self.antennas]

    @property
    @override
    def unsettled(self) -> bool:
        return self._designed is None

    @override
    def settled(self, runs: ComputedRuns[WaveRole]) -> SpinWaveLogicCampaign:
        from solitons.campaigns.spin_waves.spin_wave_logic.waves import design_gate

        ends = self.device.absorbing_ends
        end = self.device.length - (0.0 if ends is None else ends.length)
        found = []
        for run in runs.labelled:
            if isinstance(run.role, Alone) and run.role.fitted:
                hot, decisions = run.role.hot, self.heat.fitted if run.role.hot and self.heat is not None else 1
                opened, name = runs.open(run), run.spec.run_id
                gate = design_gate(opened, name, self.drive, self.output, self.antennas, end, decisions, hot=hot)
                found.append(gate)
        further = self.model_copy()
        further._designed = tuple(found)
        return further

    @override
    def labelled_runs(self, engine: str) -> tuple[LabelledRun[WaveRole], ...]:
        """Antennas one by one and the noise, and once waves are fitted the rows."""
        drive, heat, first = self.drive, self.heat, self.antennas[0]
        found: list[LabelledRun[WaveRole]] = []
        for antenna in self.antennas:
            step = self._sine(antenna.name, drive.current, 0.0)
            found.append(LabelledRun(self._spec([step], engine), Alone(antenna.name, fitted=antenna == first)))
        if heat is not None:
            rest = Rest(duration=drive.settling + heat.quiet * drive.decision)
            found.append(LabelledRun(self._spec([rest], engine, seed=heat.seed), Quiet()))
            step = self._sine(first.name, drive.current, 0.0, heat.fitted)
            spec = self._spec([step], engine, seed=heat.seed + 1)
            found.append(LabelledRun(spec, Alone(first.name, fitted=True, hot=True)))
        for gate in self._designed or ():
            if gate.wave is not None:
                found += self._rows(gate, engine)
        return tuple(found)

    def _rows(self, gate: DesignedGate, engine: str) -> Iterator[LabelledRun[WaveRole]]:
        heat = self.heat if gate.hot else None
        for number, bits in enumerate(ROWS):
            branches = [
                (
                    self._sine(
                        antenna.name, current, phase + (math.pi if bit < 0 else 0.0), heat.decisions if heat else 1
                    ),
                )
                for antenna, bit, current, phase in zip(self.antennas, bits, gate.currents, gate.phases, strict=True)
            ]
            seed = None if heat is None else heat.seed + 2 + number
            yield LabelledRun(self._spec([AtOnce(branches=branches)], engine, seed), GateRow(bits, gate.hot))

    def _sine(self, terminal: str, current: float, phase: float, decisions: int = 1) -> AlternatingStripLine:
        drive = self.drive
        return AlternatingStripLine(
            terminal=terminal, amplitude=current, frequency=drive.frequency, phase=phase, ramp=drive.ramp,
            duration=drive.settling + decisions * drive.decision + drive.ramp,
        )  # fmt: skip

    def _spec(self, steps: Sequence[TimedStep | AtOnce], engine: str, seed: int | None = None) -> RunSpec:
        """A run with these steps; with heat if it has a seed."""
        heat = self.heat if seed is not None else None
        return RunSpec(
            device=self.device,
            material=self.material,
            protocol=Protocol(
                steps=(Relax(), *steps),
                static_field=self.static_field,
                sampling_interval=self.drive.interval(_SAMPLES),
                temperature=0.0 if heat is None else heat.temperature,
                seed=seed or 0,
            ),
            numerics=Numerics() if heat is None else Numerics(thermal_time_step=heat.time_step),
            # OOMMF has no thermal field here.
            engine=engine if heat is None else "native",
        )

    @override
    def check(self) -> None:
        self._check_device()
        self.drive.check_times(_SAMPLES, _PERIODS)
        self.labelled_runs("native")

    def _check_device(self) -> None:
        device, antennas, output = self.device, self.antennas, self.output
        others = [each.describe() for each in device.terminals if not isinstance(each, StripLine)]
        if len(antennas) != _ANTENNAS or others:
            raise ValueError(
                f"device.terminals has {len(antennas)} strip lines{' and ' + ', '.join(others) if others else ''}; a "
                "majority of three needs three strip lines, and nothing else"
            )
        alike = {(each.width, each.height, each.clad, each.y, each.grounds) for each in antennas}
        if len(alike) > 1:
            raise ValueError(
                "device.terminals: the strip lines differ in width, height or cladding, y or grounds, and one gain "
                "is fitted for all; make them alike"
            )
        if device.absorbing_ends is None:
            raise ValueError(
                "device.absorbing_ends is not given, so that waves come back from the ends; give a length of some "
                "wavelengths"
            )
        low, high = device.absorbing_ends.length, device.length - device.absorbing_ends.length
        if not (low < output.begin < output.end < high):
            raise ValueError(
                f"output from {output.begin:.4g} to {output.end:.4g} m does not lie between the absorbing ends, "
                f"{low:.4g} to {high:.4g} m, with begin before end"
            )
        cells = [each / device.cell[0] for each in (output.begin, output.end)]
        if any(abs(each - round(each)) > 1e-6 for each in cells):
            raise ValueError(
                f"output from {output.begin:.6g} to {output.end:.6g} m is not whole cells of {device.cell[0]:.6g} m: "
                "the phase of its middle would be another; choose multiples of the cell"
            )
        last = antennas[-1]
        if antennas[0].edges[0] < low or last.edges[1] + last.width / 2 > output.begin:
            raise ValueError(
                f"device.terminals: the antennas are at {antennas[0].centre:.4g} to {last.centre:.4g} m; all have to "
                f"be after the absorbing end at {low:.4g} m and before the output at {output.begin:.4g} m"
            )
        if device.slots:
            raise ValueError(
                "device.slots: other guides take some of the waves, which the model does not know; leave them out"
            )
        if device.repeats:
            raise ValueError(
                f"device.repeats = {device.repeats!r}: heat in a film without edges depends on its period, which no "
                "device has; leave it out"
            )
        along = abs(device.start["xyz".index(output.component)])
        if along > 0.5 * math.hypot(*device.start):
            raise ValueError(
                f"output.component = {output.component!r} is along device.start = {device.start}, where waves do not "
                "show; choose one across it"
            )
