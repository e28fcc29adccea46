"""Waves that the runs of a gate show: one that is fitted, the currents that follow from it, and outputs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xarray as xr

from analysis.spin_waves.steady_waves import port_signal, wave_at
from analysis.spin_waves.wave_traces import wave_traces
from geometries import StripLine
from solitons.campaigns.spin_waves.spin_wave_logic.designed_gate import DesignedGate
from solitons.campaigns.spin_waves.spin_wave_logic.settings import OutputPort, WaveDrive
from solitons.spin_waves.guided_wave import fit_guided_wave

__all__ = ["design_gate", "outputs", "steady_wave"]

Complexes = npt.NDArray[np.complex128]

_DIGITS = 3
"""Of the currents and phases of the rows: the last ones of a fit differ from machine to machine, and the runs' ids must
not."""


def design_gate(
    run: xr.Dataset,
    run_id: str,
    drive: WaveDrive,
    output: OutputPort,
    antennas: Sequence[StripLine],
    end: float,
    decisions: int,
    *,
    hot: bool,
) -> DesignedGate:
    """Fit the wave of the first antenna up to `end` (m) over so many decisions, and choose the currents of the rows."""
    first, middle = antennas[0], (output.begin + output.end) / 2
    try:
        seen = steady_wave(run, drive, output, decisions)
        stretch = (first.edges[1] + 1.5 * first.width, end)
        wave, plane = fit_guided_wave(seen, first.centre, drive.current, stretch, output.end - output.begin)
    except ValueError as error:
        return DesignedGate(None, hot, run_id, problem=str(error))
    wanted = wave.currents([middle - each.centre for each in antennas], drive.amplitude)
    return DesignedGate(
        wave,
        hot,
        run_id,
        plane,
        currents=tuple(float(f"{each:.{_DIGITS}g}") for each in np.abs(wanted)),
        # I sin(omega t + phase) is i I e^(-i phase).
        phases=tuple(round(float(each % (2 * np.pi)), _DIGITS) for each in np.pi / 2 - np.angle(wanted)),
    )


def steady_wave(run: xr.Dataset, drive: WaveDrive, output: OutputPort, decisions: int = 1) -> xr.DataArray:
    """Give the complex amplitude along x over the first decisions."""
    traces = wave_traces(run, output.component)
    end = (drive.settling + decisions * drive.decision) * (1 + 1e-9)
    return wave_at(traces.sel(t=slice(None, end)), drive.frequency, begin=drive.settling)


def outputs(run: xr.Dataset, drive: WaveDrive, output: OutputPort, parts: int) -> Complexes:
    """Give the complex amplitude at the output in each of so many decisions, shape (parts,)."""
    port = (output.begin, output.end)
    traces = wave_traces(run, output.component).sel(x=slice(*port))
    found = []
    for number in range(parts):
        begin = drive.settling + number * drive.decision
        # The second frame of one decision is the first of the next: each has as many.
        late = traces.sel(t=slice(begin * (1 + 1e-9), (begin + drive.decision) * (1 + 1e-9)))
        signal = port_signal(wave_at(late, drive.frequency), port)
        found.append(signal.amplitude * np.exp(1j * signal.phase))
    return np.array(found)
