"""A fitted wave, and the currents with which three antennas send it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.spin_waves.steady_waves import PlaneWaves
from solitons.spin_waves.guided_wave import GuidedWave, drive_amplitude

__all__ = ["DesignedGate", "known"]

Complexes = npt.NDArray[np.complex128]


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
