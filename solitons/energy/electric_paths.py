r"""Paths of the current that writes a device, and its heat.

A path of resistivity rho, length L and cross-section A, under a trapezoidal pulse of current density J, width w and
edges of rise r (both inside the width), has resistance and heat

.. math::
   R = \rho L / A, \qquad E = \int R\,(J A)^2 dt = \rho J^2 A L \,(w - 4r/3),

since the square of an edge from 0 to 1 has the mean 1/3 and two edges take 2r. Through a tunnel junction R is 1/G. A
line of capacitance C that is charged to V and discharged costs its driver C V^2, half of it on each way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geometries import Barrier

__all__ = ["JunctionPath", "MetalPath", "barrier_voltage", "capacitor_energy", "ohmic_energy", "squared_pulse_time"]


def squared_pulse_time(width: float, rise: float = 0.0) -> float:
    """Integral in s of the square of a trapezoid of height 1: w - 4 r / 3. Rise and fall lie inside the width."""
    if not (0 <= 2 * rise <= width and width < np.inf):
        raise ValueError(f"squared_pulse_time: rise = {rise} s must be from 0 to half of width = {width} s")
    return width - 4 * rise / 3


def ohmic_energy(resistance: float, current: float, width: float, rise: float = 0.0) -> float:
    """Heat in J of a current pulse (A) in a resistance (ohm): R I^2 (w - 4 r / 3).

    Rise and fall lie inside the width.
    """
    if not (0 <= resistance < np.inf and np.isfinite(current)):
        raise ValueError(
            f"ohmic_energy: resistance = {resistance} ohm and current = {current} A must be finite, the first 0 or "
            "above"
        )
    return float(resistance * current**2 * squared_pulse_time(width, rise))


def capacitor_energy(capacitance: float, voltage: float) -> float:
    """Energy of a driver in J to charge a capacitance (F) to a voltage (V) and to discharge it again: C V^2."""
    if not (0 <= capacitance < np.inf and np.isfinite(voltage)):
        raise ValueError(
            f"capacitor_energy: capacitance = {capacitance} F and voltage = {voltage} V must be finite, the first 0 or "
            "above"
        )
    return float(capacitance * voltage**2)


def barrier_voltage(barrier: Barrier, current: float, *, parallel: bool) -> float:
    """Voltage in V over a barrier through which a current density (A/m2) flows, whatever its sign."""
    from scipy.optimize import brentq

    low = abs(current) * barrier.resistance_area
    if parallel or not low:
        return low

    def beyond(volts: float) -> float:
        return volts - low * (1 + float(barrier.tmr_at(volts)))

    # It rises throughout, since TMR falls with the voltage or stays.
    return float(brentq(beyond, low, low * (1 + barrier.tmr), xtol=1e-12))


@dataclass(frozen=True)
class MetalPath:
    """A stretch of metal along which the write current flows: the stripe itself, or the heavy metal under it.

    Parameters
    ----------
    resistivity : float
        In ohm m.
    length : float
        Along the current in m.
    width, thickness : float
        Across it in m.

    Raises
    ------
    ValueError
        If one is not above 0 and finite.

    Examples
    --------
    20 uohm cm, 320 nm x 32 nm x 5 nm, 0.25e12 A/m2 for 0.3 ns with edges of 50 ps:

    >>> path = MetalPath(resistivity=2e-7, length=320e-9, width=32e-9, thickness=5e-9)
    >>> f"{path.resistance:.0f} ohm, {path.current(0.25e12) * 1e6:.0f} uA, {path.heat(0.25e12, 3e-10, 5e-11):.3g} J"
    '400 ohm, 40 uA, 1.49e-16 J'
    """

    resistivity: float
    length: float
    width: float
    thickness: float

    def __post_init__(self) -> None:
        for name in ("resistivity", "length", "width", "thickness"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"MetalPath.{name} = {getattr(self, name)} must be a finite number above 0")

    @property
    def resistance(self) -> float:
        """Resistivity times length over cross-section, in ohm."""
        return self.resistivity * self.length / (self.width * self.thickness)

    def current(self, current_density: float) -> float:
        """In A."""
        return current_density * self.width * self.thickness

    def heat(self, current_density: float, width: float, rise: float = 0.0) -> float:
        """Heat of a pulse in J."""
        return ohmic_energy(self.resistance, self.current(current_density), width, rise)


@dataclass(frozen=True)
class JunctionPath:
    """Tunnel junctions in parallel, through which the current flows that writes them.

    Parameters
    ----------
    area : float
        Area of one junction in m2.
    conductance : float
        Conductance of one junction in S.
    count : int
        In parallel; the current density is that in each.

    Raises
    ------
    ValueError
        If one is not above 0 and finite, or the count is no whole number.

    Examples
    --------
    >>> path = JunctionPath(area=3e-16, conductance=5e-5)
    >>> f"{path.current(0.1e12) * 1e6:.0f} uA, {path.heat(0.1e12, 3e-9) * 1e15:.0f} fJ"
    '30 uA, 54 fJ'
    """

    area: float
    conductance: float
    count: int = 1

    def __post_init__(self) -> None:
        for name in ("area", "conductance", "count"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"JunctionPath.{name} = {getattr(self, name)} must be a finite number above 0")
        if self.count != int(self.count):
            raise ValueError(f"JunctionPath.count = {self.count} must be a whole number of junctions")

    @property
    def resistance(self) -> float:
        """Resistance of all junctions in parallel in ohm."""
        return 1 / (self.conductance * self.count)

    def current(self, current_density: float) -> float:
        """Through all in A."""
        return current_density * self.area * self.count

    def heat(self, current_density: float, width: float, rise: float = 0.0) -> float:
        """Heat of a pulse in J, all junctions together."""
        return ohmic_energy(self.resistance, self.current(current_density), width, rise)
