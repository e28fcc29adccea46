"""Energy and time of converters between numbers and voltages, by published figures.

- Analog to digital: the title of L. Kull et al., "A 3.1 mW 8b 1.2 GS/s single-channel asynchronous SAR ADC with
  alternate comparators for enhanced speed in 32 nm digital SOI CMOS", ISSCC 2013, pp. 468-469, has both numbers: 3.1 mW
  / 1.2 GS/s = 2.6 pJ and 0.83 ns a conversion. The paper itself was not read.
- Digital to analog: the driver of one bit on a word line in A. Shafiee et al., ISAAC, ISCA 2016, pp. 14-26: 4 mW for 8
  x 128 of them, 3.9 uW each. Read in published implementations of its table, not there. What one takes is its power
  times the time for which it holds its line. Its circuit works in cycles of 100 ns; if what it takes were all for
  switching, it would be 0.39 pJ a bit whatever the time, which is the upper bound for reads that are shorter.

- Adding the numbers of several tiles: a unit that shifts and adds 16 bits takes 0.2 mW / (8 x 1.2 GS/s) = 0.021 pJ each
  time in ISAAC, 32 nm CMOS. Read in published implementations of its table as well.

An input of several bits is sent bit by bit, and every bit's currents are converted, as ISAAC does it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geometries.description import Description
from geometries.quantities import Energy, Power, Time

__all__ = ["ADDITION", "DIGITAL_TO_ANALOG", "SAR_8_BIT", "Converter"]


class Converter(Description):
    """A converter between numbers and voltages.

    Parameters
    ----------
    energy : float or str
        In J a conversion, whatever its time.
    power : float or str
        In W, for as long as a line is held.
    time : float or str
        In s a conversion.
    source : str
        Source of both; the ledger states it.

    Examples
    --------
    >>> converter = Converter(energy="2 pJ", power="1 uW", time="1 ns", source="data sheet")
    >>> print(f"{converter.energy_for(1e-6):.3g} J")  # a line that is held for a microsecond
    3e-12 J
    """

    energy: Annotated[Energy, Field(ge=0)] = 0.0
    power: Annotated[Power, Field(ge=0)] = 0.0
    time: Annotated[Time, Field(ge=0)]
    source: Annotated[str, Field(min_length=1)]

    def energy_for(self, held: float) -> float:
        """In J of a conversion whose line is held for a time in s."""
        return self.energy + self.power * held


SAR_8_BIT = Converter(
    energy=3.1e-3 / 1.2e9,
    time=1 / 1.2e9,
    source="8 bits, 3.1 mW at 1.2 GS/s in 32 nm CMOS: L. Kull et al., ISSCC 2013, pp. 468-469, by its title",
)
"""Analog to digital, 8 bits."""

DIGITAL_TO_ANALOG = Converter(
    power=4e-3 / (8 * 128),
    time=0.0,
    source="power times the time of a read; 1 bit, 4 mW for 8 x 128 of them in 32 nm CMOS, 0.39 pJ each in its own "
    "cycles of 100 ns: A. Shafiee et al., ISCA 2016, pp. 14-26, by implementations of its table",
)
"""Digital to analog, one bit of one word line; it is on while the array is read, which has its own time."""

ADDITION = Converter(
    energy=0.2e-3 / (8 * 1.2e9),
    time=0.0,
    source="16 bits, 0.2 mW for 8 x 1.2 GS/s in 32 nm CMOS: shift and add of A. Shafiee et al., ISCA 2016, pp. 14-26, "
    "by implementations of its table; it keeps up with the converters",
)
"""Adding what a tile's converter gives to what the tiles above it gave."""
