r"""A perpendicular pillar that one current pulse writes by chance: how likely, and for how much energy.

The layer starts from heat's equilibrium in one of its states, which is followed through the pulse by the Fokker-Planck
equation. Where the pulse leaves it at z = m . p, it comes back to the upper state with the chance

.. math:: h(z) = \int_{-1}^{z} \frac{e^{U}}{1 - z'^2} dz' \Big/ \int_{-1}^{1} \frac{e^{U}}{1 - z'^2} dz'

of the layer without current, so that one that stands near the top of the barrier counts for both. The pulse is a
current pulse: the barrier's voltage is J RA (1 + TMR(V)) where the layer is antiparallel, J RA where it is parallel,
and the energy of the pulse is J A times the integral of the mean voltage over the pulse, which falls or rises as layers
switch in it. In between, TMR(V) counts with the mean conductance of a share p of parallel layers; energy is mean over
them. Wires and transistors cost more and are not in it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.interpolate import RectBivariateSpline

from geometries import Material, Pillar
from solitons.energy.electric_paths import barrier_voltage
from solitons.junctions.axial_fokker_planck import AxialFokkerPlanck, axial_fokker_planck
from solitons.junctions.macrospin import Macrospin
from solitons.junctions.pillar_junction import pillar_junction

__all__ = ["ChanceTable", "PillarPulse", "pulsed_pillar"]

Floats = npt.NDArray[np.float64]

CELLS = 400
"""Cells of the Fokker-Planck equation; chances change by less than 1 % with 1000 (the tests show it)."""
_TIMES = 9
_LEAST = 1e-12
"""Chance below which a table of chances is not followed."""


@dataclass(frozen=True)
class PillarPulse:
    """Current pulses of one width (s) on pillars of one kind.

    The mean pillar as an `axial` macrospin, and its area and barrier.
    """

    macrospin: Macrospin
    pillar: Pillar
    width: float

    @property
    def critical_current(self) -> float:
        """Current density in A/m2 above which no barrier is left, of the state that needs more."""
        return max(abs(self.macrospin.critical_current(state)) for state in (-1, 1))

    def chances(self, current_density: float, stability: float = 1.0, critical: float = 1.0) -> tuple[float, float]:
        """Chance that a set pulse makes an antiparallel pillar parallel, and that a reset pulse does the opposite.

        The current density is in A/m2, above 0; the reset pulse is as strong and goes the other way. `stability` and
        `critical` are the pillar's barrier and critical current over the mean one's.
        """
        return self._followed(current_density, 1, stability, critical)[0], self._followed(
            current_density, -1, stability, critical
        )[0]

    def energies(self, current_density: float) -> Floats:
        """Mean energy of a pulse in J, (2, 2): set and reset pulses, on antiparallel and on parallel pillars."""
        area, found = self.pillar.area, np.zeros((2, 2))
        times = np.linspace(0.0, self.width, _TIMES)
        for kind, sign in enumerate((1, -1)):
            shares = self._followed(current_density, sign, 1.0, 1.0)[1]
            volts = (self.voltage(current_density, parallel=False), self.voltage(current_density, parallel=True))
            # A set pulse starts with antiparallel pillars and ends with `shares` of them parallel.
            switched = volts[kind] + (volts[1 - kind] - volts[kind]) * shares
            found[kind, kind] = current_density * area * float(np.trapezoid(switched, times))
            found[kind, 1 - kind] = current_density * area * volts[1 - kind] * self.width
        return found

    def voltage(self, current_density: float, *, parallel: bool) -> float:
        """Voltage in V over the barrier under a current density in A/m2."""
        return barrier_voltage(self.pillar.barrier, current_density, parallel=parallel)

    @property
    def read_ratio(self) -> float:
        """Conductance ratio of antiparallel over parallel pillar, read with a small voltage."""
        return float(1 / (1 + self.pillar.barrier.tmr))

    @property
    def retention(self) -> float:
        """Mean time in s for which a state stays without current."""
        return 2 / self._rest.slowest_rate()

    def table(self, current_density: float, spread: float) -> ChanceTable:
        """Chances of pillars whose barriers and critical currents differ by chance, at a current density in A/m2.

        It solves 50 equations. `spread` is the standard deviation of the logarithms of both, above 0.
        """
        reach = np.exp(4.5 * spread)
        stability = np.geomspace(1 / reach, reach, 5)
        critical = np.geomspace(1 / reach, reach, 10 if self._symmetric else 8)
        kinds = 1 if self._symmetric else 2
        logits = np.zeros((kinds, stability.size, critical.size))
        for row, height in enumerate(stability):
            for column, threshold in enumerate(critical):
                both = self.chances(current_density, height, threshold)[:kinds]
                logits[:, row, column] = _logit(np.array(both))
        return ChanceTable(stability, critical, logits)

    @cached_property
    def _rest(self) -> AxialFokkerPlanck:
        return axial_fokker_planck(self.macrospin, cells=CELLS)

    @property
    def _symmetric(self) -> bool:
        return float(self.macrospin.asymmetry) == 1.0

    @cached_property
    def _known(self) -> dict[tuple[float, int, float, float], tuple[float, Floats]]:
        return {}

    def _followed(self, current: float, sign: int, stability: float, critical: float) -> tuple[float, Floats]:
        """Chance that the pulse switches, and the share that has switched at even times within it."""
        if self._symmetric:
            sign = 1
        key = (float(current), sign, float(stability), float(critical))
        if key not in self._known:
            # The barrier goes with the volume, which leaves frequencies and the critical current density alone.
            layer = dataclasses.replace(self.macrospin, volume=self.macrospin.volume * stability)
            along = float(np.sign(layer.polariser_direction @ layer.axis))
            rest = axial_fokker_planck(layer, cells=CELLS)
            equation = axial_fokker_planck(layer, sign * current / critical, cells=CELLS)
            found = equation.evolve(rest.well(int(-along * sign)), np.linspace(0.0, self.width, _TIMES))
            above = found @ _returns_up(rest)
            shares = above if along * sign > 0 else 1 - above
            # The Boltzmann tail of the start beyond the barrier is not the pulse's doing.
            shares = np.clip((shares - shares[0]) / (1 - shares[0]), 0.0, 1.0)
            self._known[key] = float(shares[-1]), shares
        return self._known[key]


@dataclass(frozen=True)
class ChanceTable:
    """Chances of switching by barrier and critical current over the mean pillar's.

    A spline goes between logits. `logits` (kinds, stability, critical) are of set pulses, then of reset pulses; one
    kind where both are alike.
    """

    stability: Floats
    critical: Floats
    logits: Floats

    def chances(self, stability: Floats, critical: Floats) -> tuple[Floats, Floats]:
        """Chances of a set and of a reset pulse on each pillar; a pillar beyond the table is taken as at its edge."""
        at = np.log(np.clip(stability, *self.stability[[0, -1]])), np.log(np.clip(critical, *self.critical[[0, -1]]))
        found = []
        for logits in self.logits:
            spline = RectBivariateSpline(np.log(self.stability), np.log(self.critical), logits, kx=3, ky=3)
            found.append(1 / (1 + np.exp(-spline.ev(*at))))
        return found[0], found[-1]


def pulsed_pillar(pillar: Pillar, material: Material, *, width: float, temperature: float = 300.0) -> PillarPulse:
    """Pulses of one width (s) on a perpendicular pillar with a fixed layer along z, at a temperature in K.

    ValueError if the pillar magnetises in its plane or its fixed layer is not along its easy axis.
    """
    if not width > 0:
        raise ValueError(f"pulsed_pillar: width = {width:g} s must be above 0")
    macrospin = pillar_junction(pillar, material, temperature=temperature)
    if not macrospin.axial:
        raise ValueError(
            "pulsed_pillar: the easy axis of the pillar and its fixed layer do not share one axis of symmetry: it "
            "magnetises in its plane, is an ellipse, or its fixed layer is tilted; chances of a pulse are computed for "
            "round perpendicular pillars: raise the material's Ku, leave the width out, and give fixed_layer 'up'"
        )
    return PillarPulse(macrospin, pillar, float(width))


def _returns_up(rest: AxialFokkerPlanck) -> Floats:
    """Chance that a layer without current, let go at each z, comes to the upper state."""
    steps = np.exp((rest.potential[:-1] + rest.potential[1:]) / 2 - rest.potential.max()) / rest.exchange
    # From 1 at the top (z = 1, the first cell) down to 0.
    return np.asarray(1 - np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum())


def _logit(chance: Floats) -> Floats:
    inside = np.clip(chance, _LEAST, 1 - _LEAST)
    return np.asarray(np.log(inside) - np.log1p(-inside))
