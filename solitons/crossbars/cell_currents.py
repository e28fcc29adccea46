r"""Current of a cell: a device alone, with a selector in series, or behind a transistor.

A cell lies between a word line at V_w and a bit line at V_b. Its device is a resistor of conductance g, read far below
the voltages that write it.

- **Passive**: I = g (V_w - V_b).
- **With a selector** in series, two-terminal and alike for both signs, I = I_0 sinh(V / V_0), so that the whole cell
  has

  .. math:: V_w - V_b = I / g + V_0\,\mathrm{arsinh}(I / I_0).

- **1T-1R**: the device from the word line to the drain of an n-channel transistor, whose source is the bit line and
  whose gate is driven a row at a time. Its current in all regions, weak to strong inversion and both directions, in the
  EPFL-EKV form with the bulk at 0 V,

  .. math::

     I = I_S \left[F\!\left(\tfrac{V_P - V_S}{U_T}\right) - F\!\left(\tfrac{V_P - V_D}{U_T}\right)\right], \quad
     F(x) = \ln^2(1 + e^{x/2}), \quad V_P = \frac{V_G - V_{T0}}{n}, \quad I_S = 2 n \beta U_T^2 .

  Mobility reduction and channel-length modulation are left out; beside it leaks a conductance, as circuit simulators
  have it, without which a floating line behind closed transistors has no voltage. In strong inversion it is the square
  law, n beta / 2 [(V_P - V_S)^2 - (V_P - V_D)^2].

The EKV form: M. Bucher, C. Lallement, C. Enz, F. Theodoloz and F. Krummenacher, The EPFL-EKV MOSFET model equations for
simulation, version 2.6, Technical Report, EPFL (1997), whose simple interpolation function F is read in published
implementations of it; the report itself was not read.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.constants import Boltzmann, elementary_charge

__all__ = ["AbstractCells", "Branch", "PassiveCells", "Selector", "SelectorCells", "Transistor", "TransistorCells"]

Floats = npt.NDArray[np.float64]

_STEPS = 100
"""Newton steps within a cell; monotonic, and a handful in general."""


class Branch(NamedTuple):
    """Current of each cell and its derivatives by the voltages of the cell's nodes, (words, bits).

    The current flows from word line to bit line, in A; `by_word` is 0 S or above, `by_bit` 0 S or below.
    """

    current: Floats
    by_word: Floats
    by_bit: Floats


class AbstractCells(abc.ABC):
    """The cells of an array: what each conducts between its two nodes."""

    conductance: Floats

    @abc.abstractmethod
    def branch(self, word_voltage: Floats, bit_voltage: Floats) -> Branch:
        """Currents for the voltages (words, bits) in V of the cells' nodes."""

    def device_voltage(self, current: Floats) -> Floats:
        """Voltage in V over the device itself, for the cells' currents in A: what a selector or transistor leaves."""
        return current / self.conductance


@dataclass(frozen=True, eq=False)
class PassiveCells(AbstractCells):
    """Devices alone.

    Parameters
    ----------
    conductance : array (words, bits)
        In S.

    Examples
    --------
    >>> cells = PassiveCells(np.array([[1e-4, 2e-4]]))
    >>> round(float(cells.conductance.sum() * 0.1) * 1e6, 3)  # uA at 0.1 V, without wires
    30.0
    """

    conductance: Floats

    def branch(self, word_voltage: Floats, bit_voltage: Floats) -> Branch:
        """Ohm's law."""
        return Branch(self.conductance * (word_voltage - bit_voltage), self.conductance, -self.conductance)


@dataclass(frozen=True)
class Selector:
    """A two-terminal selector, I = I_0 sinh(V / V_0).

    Parameters
    ----------
    current : float
        I_0 in A.
    voltage : float
        V_0 in V: a decade of current takes 2.3 times as much.

    Raises
    ------
    ValueError
        If one is not above 0.

    Examples
    --------
    Half of 1 V lets through 22,000 times less:

    >>> selector = Selector(current=1e-12, voltage=0.05)
    >>> round(float(np.sinh(1 / 0.05) / np.sinh(0.5 / 0.05)), -3)
    22000.0
    """

    current: float
    voltage: float

    def __post_init__(self) -> None:
        for name in ("current", "voltage"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"Selector.{name} = {getattr(self, name)} must be a finite number above 0")


@dataclass(frozen=True, eq=False)
class SelectorCells(AbstractCells):
    """Devices with a selector in series with each.

    Parameters
    ----------
    conductance : array (words, bits)
        Conductance of the devices in S.
    selector : Selector
        Selector of every cell.

    Examples
    --------
    >>> cells = SelectorCells(np.array([[1e-4, 1e-4]]), Selector(current=1e-12, voltage=0.05))
    >>> cells.selector.voltage
    0.05
    """

    conductance: Floats
    selector: Selector

    def branch(self, word_voltage: Floats, bit_voltage: Floats) -> Branch:
        """The current at which device and selector share the voltage, by Newton's method in arsinh(I / I_0)."""
        scale, unit = self.selector.current, self.selector.voltage
        across = word_voltage - bit_voltage
        size, drop = np.abs(across), scale / self.conductance
        # Neither part has more than the whole voltage; the sum is convex, so that steps from above stay above.
        u = np.minimum(size / unit, np.arcsinh(size / drop))
        for _ in range(_STEPS):
            step = (drop * np.sinh(u) + unit * u - size) / (drop * np.cosh(u) + unit)
            u = np.maximum(u - step, 0.0)
            if np.all(np.abs(step) <= 1e-14 * (1 + u)):
                break
        current = scale * np.sinh(u) * np.sign(across)
        slope = 1 / (1 / self.conductance + unit / (scale * np.cosh(u)))
        return Branch(current, slope, -slope)


@dataclass(frozen=True)
class Transistor:
    """An n-channel transistor, as the module has it.

    Parameters
    ----------
    threshold : float
        V_T0 in V, of the gate against the bulk.
    gain : float
        beta = mu C_ox W / L in A/V2.
    slope : float
        n, 1 or above.
    temperature : float
        In K, of U_T = k T / e.
    leakage : float
        Conductance in S from drain to source beside it, above 0; circuit simulators take 1e-12 S.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    Fully on, 1 V above threshold and with a small voltage along it, it conducts beta times that volt:

    >>> transistor = Transistor(threshold=0.4, gain=1e-3, slope=1.0)
    >>> current, _, _ = transistor.branch(np.array(1.4), np.array(1e-6), np.array(0.0))
    >>> round(float(current / 1e-6) * 1e3, 4)
    1.0
    """

    threshold: float
    gain: float
    slope: float = 1.3
    temperature: float = 300.0
    leakage: float = 1e-12
    unit: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("gain", "temperature", "leakage"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"Transistor.{name} = {getattr(self, name)} must be a finite number above 0")
        if not (np.isfinite(self.threshold) and 1 <= self.slope < np.inf):
            raise ValueError(
                f"Transistor: threshold = {self.threshold} V must be finite, and slope = {self.slope} 1 or above"
            )
        object.__setattr__(self, "unit", Boltzmann * self.temperature / elementary_charge)

    def branch(self, gate: Floats, drain: Floats, source: Floats) -> tuple[Floats, Floats, Floats]:
        """Current from drain to source in A, and its derivatives by both voltages in S."""
        pinch = (gate - self.threshold) / self.slope
        scale = 2 * self.slope * self.gain * self.unit**2
        forward, by_source = self._interpolated((pinch - source) / self.unit)
        backward, by_drain = self._interpolated((pinch - drain) / self.unit)
        current = scale * (forward - backward) + self.leakage * (drain - source)
        return current, scale / self.unit * by_drain + self.leakage, -scale / self.unit * by_source - self.leakage

    @staticmethod
    def _interpolated(x: Floats) -> tuple[Floats, Floats]:
        soft = np.logaddexp(0.0, x / 2)
        # The derivative of ln(1 + exp(x/2)) is half a logistic function, which tanh has without overflow.
        return soft**2, soft * (1 + np.tanh(x / 4)) / 2


@dataclass(frozen=True, eq=False)
class TransistorCells(AbstractCells):
    """Devices behind a transistor each, whose gates are driven a row at a time.

    Parameters
    ----------
    conductance : array (words, bits)
        Conductance of the devices in S.
    transistor : Transistor
        Transistor of every cell.
    gate_voltage : array (words,)
        Voltage of each row's select line in V.

    Examples
    --------
    >>> transistor = Transistor(threshold=0.4, gain=1e-3, slope=1.0)
    >>> cells = TransistorCells(np.full((2, 3), 1e-4), transistor, np.array([1.4, 0.0]))  # the first row is chosen
    >>> cells.gate_voltage.tolist()
    [1.4, 0.0]
    """

    conductance: Floats
    transistor: Transistor
    gate_voltage: Floats

    def branch(self, word_voltage: Floats, bit_voltage: Floats) -> Branch:
        """The current that device and transistor share; the node between them by Newton's method within a bracket."""
        g = self.conductance
        gate = np.broadcast_to(np.asarray(self.gate_voltage, dtype=float)[:, None], g.shape)
        low, high = np.minimum(word_voltage, bit_voltage), np.maximum(word_voltage, bit_voltage)
        x = (low + high) / 2
        for _ in range(_STEPS):
            current, by_x, by_bit = self.transistor.branch(gate, x, bit_voltage)
            excess = g * (word_voltage - x) - current
            # It falls as x rises: where it is above 0, x is too low.
            low, high = np.where(excess > 0, x, low), np.where(excess > 0, high, x)
            wanted = x + excess / (g + by_x)
            new = np.where((wanted >= low) & (wanted <= high), wanted, (low + high) / 2)
            done = np.all(np.abs(new - x) <= 1e-15 + 1e-13 * np.abs(x))
            x = new
            if done:
                break
        current, by_x, by_bit = self.transistor.branch(gate, x, bit_voltage)
        shared = g / (g + by_x)
        # What the transistor carries where it blocks, what the device does where it is open: each loses no digits.
        carried = np.where(by_x < g, current, g * (word_voltage - x))
        return Branch(carried, shared * by_x, shared * by_bit)
