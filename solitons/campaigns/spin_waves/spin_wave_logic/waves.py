"""Waves that the runs of a gate show: one that is fitted, the currents that follow from it, and outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.spin_waves.steady_waves import PlaneWaves, port_signal, wave_at
from analysis.spin_waves.wave_traces import wave_traces
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.spin_waves.spin_wave_logic.campaign import SpinWaveLogicCampaign
from solitons.campaigns.spin_waves.spin_wave_logic.settings import Alone
from solitons.spin_waves.guided_wave import GuidedWave, drive_amplitude, fit_guided_wave

__all__ = ["DesignedGate", "design_gate", "known", "outputs", "steady_wave"]

Complexes = npt.NDArray[np.complex128]

_DIGITS = 3
"""Of the currents and phases of the rows: the last ones of a fit differ from machine to machine, and the runs' ids must
not."""


@dataclass(frozen=True, eq=False)
class DesignedGate:
    """The wave that is fitted to the first antenna's, and currents (A) and phases (rad) with which all arrive alike.

    `wave` is None where none can be fitted, for the reason in `problem`; `hot` tells whether it is the one with heat,
    and `run_id` which run it is fitted to.
    """

    wave: GuidedWave | None
    hot: bool
    run_id: str
    plane: PlaneWaves | None = None
    problem: str = ""
    currents: tuple[float, ...] = ()
    phases: tuple[float, ...] = ()

    @property
    def complex_currents(self) -> Complexes:
        """The currents as amplitudes of e^(-i omega t)."""
        return np.array([drive_amplitude(*each) for each in zip(self.currents, self.phases, strict=True)])


def known(gate: DesignedGate) -> GuidedWave:
    """Give the wave of a gate that has one."""
    assert gate.wave is not None
    return gate.wave


def design_gate(campaign: SpinWaveLogicCampaign, runs: ComputedRuns[Any], *, hot: bool) -> DesignedGate:
    """Fit the wave of the first antenna, at 0 K or with heat, and choose the currents of the rows by it."""
    drive, first = campaign.drive, campaign.antennas[0]
    role = Alone(first.name, fitted=True, hot=hot)
    run = next(each for each in runs.labelled if each.role == role)
    decisions = campaign.heat.fitted if hot and campaign.heat is not None else 1
    ends = campaign.device.absorbing_ends
    assert ends is not None
    stretch = (first.centre + 2 * first.width, campaign.device.length - ends.length)
    try:
        seen, port = steady_wave(campaign, runs.open(run), decisions), campaign.output.end - campaign.output.begin
        wave, plane = fit_guided_wave(seen, first.centre, drive.current, stretch, port)
    except ValueError as error:
        return DesignedGate(None, hot, run.spec.run_id, problem=str(error))
    wanted = wave.currents(campaign.distances, drive.amplitude)
    return DesignedGate(
        wave,
        hot,
        run.spec.run_id,
        plane,
        currents=tuple(float(f"{each:.{_DIGITS}g}") for each in np.abs(wanted)),
        # I sin(omega t + phase) is i I e^(-i phase).
        phases=tuple(round(float(each % (2 * np.pi)), _DIGITS) for each in np.pi / 2 - np.angle(wanted)),
    )


def steady_wave(campaign: SpinWaveLogicCampaign, run: xr.Dataset, decisions: int = 1) -> xr.DataArray:
    """Give the complex amplitude along x over the first decisions."""
    drive = campaign.drive
    traces = wave_traces(run, campaign.output.component)
    end = (drive.settling + decisions * drive.decision) * (1 + 1e-9)
    return wave_at(traces.sel(t=slice(None, end)), drive.frequency, begin=drive.settling)


def outputs(campaign: SpinWaveLogicCampaign, run: xr.Dataset, parts: int) -> Complexes:
    """Give the complex amplitude at the output in each of so many decisions, shape (parts,)."""
    drive, port = campaign.drive, (campaign.output.begin, campaign.output.end)
    traces = wave_traces(run, campaign.output.component).sel(x=slice(*port))
    found = []
    for number in range(parts):
        begin = drive.settling + number * drive.decision
        # The second frame of one decision is the first of the next: each has as many.
        late = traces.sel(t=slice(begin * (1 + 1e-9), (begin + drive.decision) * (1 + 1e-9)))
        signal = port_signal(wave_at(late, drive.frequency), port)
        found.append(signal.amplitude * np.exp(1j * signal.phase))
    return np.array(found)
