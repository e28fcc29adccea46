"""What converters between numbers and voltages take, by published figures.

- Analog to digital: the title of L. Kull et al., "A 3.1 mW 8b 1.2 GS/s single-channel asynchronous SAR ADC with
  alternate comparators for enhanced speed in 32 nm digital SOI CMOS", ISSCC 2013, pp. 468-469, has both numbers: 3.1 mW
  / 1.2 GS/s = 2.6 pJ and 0.83 ns a conversion. The paper itself was not read.
- Digital to analog: the driver of one bit on a word line in A. Shafiee et al., ISAAC, ISCA 2016, pp. 14-26: 4 mW for 8
  x 128 of them, each used once in 100 ns: 0.39 pJ a bit. Read in published implementations of its table, not there.

An input of several bits is sent bit by bit, and every bit's currents are converted, as ISAAC does it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geometries.description import Description
from geometries.quantities import Energy, Time

__all__ = ["DIGITAL_TO_ANALOG", "SAR_8_BIT", "Converter"]


class Converter(Description):
    """A converter between numbers and voltages.

    Parameters
    ----------
    energy : float or str
        In J a conversion.
    time : float or str
        In s a conversion.
    source : str
        Where both come from; the ledger states it.

    Examples
    --------
    >>> Converter(energy="2 pJ", time="1 ns", source="data sheet").energy
    2e-12
    """

    energy: Annotated[Energy, Field(ge=0)]
    time: Annotated[Time, Field(ge=0)]
    source: Annotated[str, Field(min_length=1)]


SAR_8_BIT = Converter(
    energy=3.1e-3 / 1.2e9,
    time=1 / 1.2e9,
    source="8 bits, 3.1 mW at 1.2 GS/s in 32 nm CMOS: L. Kull et al., ISSCC 2013, pp. 468-469, by its title",
)
"""Analog to digital, 8 bits."""

DIGITAL_TO_ANALOG = Converter(
    energy=4e-3 / (8 * 128) * 100e-9,
    time=0.0,
    source="1 bit, 4 mW for 8 x 128 of them in cycles of 100 ns in 32 nm CMOS: A. Shafiee et al., ISCA 2016, pp. "
    "14-26, by implementations of its table",
)
"""Digital to analog, one bit of one word line; it is on while the array is read, which has its own time."""
