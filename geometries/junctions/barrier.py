"""The barrier of a tunnel junction: how well it conducts, and how much that depends on the free layer."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import AfterValidator, Field

from geometries.description import Description
from geometries.quantities import PureNumber, ResistanceArea, Voltage, format_quantity

__all__ = ["Barrier"]

FloatArray = npt.NDArray[np.float64]

# The thinnest barriers have some 0.1 ohm um^2, and beyond 1e7 ohm um^2 a pillar carries less than a picoampere.
_LEAST_RA, _MOST_RA = 1e-14, 1e-5
_MOST_TMR = 20.0


def _resistance_area(value: float) -> float:
    if not _LEAST_RA <= value <= _MOST_RA:
        raise ValueError(
            f"{value:g} ohm m^2 ({value * 1e12:.3g} ohm um^2) is out of range: a tunnel barrier has {_LEAST_RA:g} to "
            f'{_MOST_RA:g} ohm m^2, and a bare number is in ohm m^2; give it with its unit, such as "10 ohm um^2"'
        )
    return value


def _ratio(value: float) -> float:
    if not 0 < value <= _MOST_TMR:
        raise ValueError(
            f"{value:g} is out of range: (R_AP - R_P) / R_P is above 0 and at most {_MOST_TMR:g}, and 1.5 is 150 %; "
            'give it as a number, or with its unit, such as "150 %"'
        )
    return value


class Barrier(Description):
    r"""A tunnel barrier between a free and a fixed layer.

    The tunnel magnetoresistance falls with the voltage V over the barrier, and so does the
    conductance of the antiparallel state alone:

    .. math:: \mathrm{TMR}(V) = \frac{\mathrm{TMR}_0}{1 + (V / V_h)^2}, \qquad
        G_P = \frac{A}{RA}, \qquad G_{AP} = \frac{G_P}{1 + \mathrm{TMR}(V)}

    Parameters
    ----------
    resistance_area : float or str
        Resistance-area product RA of the parallel state, in ohm m2 ("10 ohm um^2").
    tmr : float or str
        Tunnel magnetoresistance (R_AP - R_P) / R_P without bias; 1.0 is 100 %.
    half_bias : float or str, optional
        Voltage V_h at which it has fallen to a half, in V; it does not fall if left out.
    polarisation : float, optional
        Spin polarisation P of the current; by default from `julliere_polarisation`.

    Raises
    ------
    pydantic.ValidationError
        If RA, TMR or the polarisation is out of its range, or the half bias is not above 0.

    Examples
    --------
    >>> barrier = Barrier(resistance_area="10 ohm um^2", tmr="100 %", half_bias="0.5 V")
    >>> barrier.tmr_at([0.0, 0.5]).tolist()
    [1.0, 0.5]
    >>> round(barrier.spin_polarisation, 4)
    0.5774
    """

    resistance_area: Annotated[ResistanceArea, AfterValidator(_resistance_area)]
    tmr: Annotated[PureNumber, AfterValidator(_ratio)]
    half_bias: Annotated[Voltage, Field(gt=0)] | None = None
    polarisation: Annotated[PureNumber, Field(gt=0, le=1)] | None = None

    def tmr_at(self, bias: npt.ArrayLike) -> FloatArray:
        """Give the tunnel magnetoresistance at voltages in V."""
        volts = np.asarray(bias, dtype=np.float64)
        if self.half_bias is None:
            return np.full(volts.shape, self.tmr)
        return np.asarray(self.tmr / (1 + (volts / self.half_bias) ** 2))

    @property
    def julliere_polarisation(self) -> float:
        """Spin polarisation of two equal electrodes by Julliere: TMR = 2 P^2 / (1 - P^2), P = sqrt(TMR / (2 + TMR)).

        References
        ----------
        M. Julliere, Phys. Lett. A 54, 225 (1975).
        """
        return math.sqrt(self.tmr / (2 + self.tmr))

    @property
    def spin_polarisation(self) -> float:
        """What is given, or else Julliere's."""
        return self.julliere_polarisation if self.polarisation is None else self.polarisation

    def describe(self) -> str:
        """Say in a few words what it is."""
        falls = "" if self.half_bias is None else f", half of it at {format_quantity(self.half_bias, 'V')}"
        return f"RA {self.resistance_area * 1e12:.4g} Ω µm², TMR {100 * self.tmr:.4g} %{falls}"
