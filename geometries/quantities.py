"""Physical quantities at the front door: "500 nm" in, SI float out.

Inside the workbench every number is an SI float. A person writing YAML or
Python may write a quantity with its unit instead; pint checks its dimension,
and pydantic names the field in the error. A bare number is taken as SI.

The constants ``mu0``, ``hbar``, ``e`` (as ``elementary_charge``) and ``kB`` may
be part of a quantity, so that "40 mT/mu0" is a magnetic field strength in A/m.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

import pint
from pydantic import BeforeValidator, Field

__all__ = [
    "Angle",
    "AnisotropyConstant",
    "Current",
    "CurrentDensity",
    "DMIConstant",
    "ExchangeConstant",
    "FieldStrength",
    "Frequency",
    "Length",
    "Magnetisation",
    "ResistanceArea",
    "Temperature",
    "Time",
    "check_si_unit",
    "format_quantity",
    "parse_quantity",
]


class _Number(float):
    """What pint reads a number as: never an int.

    An int power has no bound: "9**9**9**9 m" in a campaign file would hang the
    reader, where the float power overflows at once.
    """


@cache
def _registry() -> pint.UnitRegistry[Any]:
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(non_int_type=_Number)
    registry.define("mu0 = vacuum_permeability")
    registry.define("kB = boltzmann_constant")
    return registry


def parse_quantity(value: Any, unit: str) -> float:
    """Turn a number or a text with a unit into a float in `unit`.

    Parameters
    ----------
    value : float or str
        A number, taken to be in `unit` already, or a text such as "500 nm".
    unit : str
        The SI unit of the result, for instance "A/m".

    Returns
    -------
    float
        The magnitude of `value` in `unit`.

    Raises
    ------
    ValueError
        If `value` is not a number or a quantity, has another dimension than
        `unit`, or is not finite.

    Examples
    --------
    >>> round(parse_quantity("40 mT/mu0", "A/m"))
    31831
    >>> parse_quantity(5e-9, "m")
    5e-09
    """
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, str)):
        raise ValueError(f'{value!r} is not a quantity; give a number in {unit or "1"} or a text such as "1 {unit}"')
    if isinstance(value, str):
        registry = _registry()
        try:
            quantity: Any = registry.Quantity(value)
        except Exception as error:  # pint raises tokenizer, syntax and attribute errors alike
            raise ValueError(
                f"{value!r} cannot be read as a quantity ({error}); write a number and a unit of "
                f'the dimension of {unit or "1"}, such as "1 {unit}"'
            ) from error
        # A bare number in a text ("5e-9", which YAML 1.1 reads as text) is SI, as elsewhere.
        if isinstance(quantity, numbers.Real) or quantity.unitless:
            number = float(quantity)
        else:
            try:
                # Fifteen digits: "500 nm" is 5e-07 here, not 5.000000000000001e-07,
                # so that a run has one id however its quantities were written.
                number = float(f"{quantity.to(unit).magnitude:.15g}")
            except pint.DimensionalityError:
                raise ValueError(
                    f"{value!r} has the dimension {quantity.dimensionality}, but a quantity in "
                    f"{unit or 'no unit'} is needed"
                ) from None
    else:
        number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is not finite; give a finite number in {unit or '1'}")
    return number


_PREFIXES = {
    -18: "a", -15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T",
}  # fmt: skip


def check_si_unit(unit: str) -> None:
    """Refuse a unit that is not a coherent SI unit, since numbers inside are SI.

    Raises
    ------
    ValueError
        If `unit` is unknown, or has a prefix or factor ("ns", "TA/m^2", "deg").

    Examples
    --------
    >>> check_si_unit("A/m^2")
    """
    if not unit:
        return
    try:
        factor = float(_registry().Quantity(1, unit).to_base_units().magnitude)
    except Exception as error:  # pint raises tokenizer, syntax and attribute errors alike
        raise ValueError(f"unit = {unit!r} cannot be read ({error}); give an SI unit such as 's' or 'A/m^2'") from error
    if not math.isclose(factor, 1.0, rel_tol=1e-12):
        raise ValueError(
            f"unit = {unit!r} is {factor:g} of the SI unit; give the SI unit itself, and write values with theirs, "
            f'such as "0.2 {unit}"'
        )


def format_quantity(value: float, unit: str, digits: int = 4) -> str:
    """Write an SI value with the prefix that suits it, as a person would.

    Parameters
    ----------
    value : float
        The magnitude in `unit`.
    unit : str
        An SI unit without prefix, such as "m" or "A/m".
    digits : int
        How many significant digits are kept.

    Returns
    -------
    str
        For instance "512 nm"; `parse_quantity` reads it back.

    Examples
    --------
    >>> format_quantity(5.12e-7, "m")
    '512 nm'
    >>> format_quantity(8e5, "A/m")
    '800 kA/m'
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g} {unit}"
    # Round first: 999.96e-9 to three digits is 1 µm, not 1000 nm.
    rounded = float(f"{value:.{digits}g}")
    exponent = 3 * math.floor(math.log10(abs(rounded)) / 3 + 1e-12)
    exponent = min(max(exponent, min(_PREFIXES)), max(_PREFIXES))
    return f"{rounded * 10.0**-exponent:.{digits}g} {_PREFIXES[exponent]}{unit}"


def _in(unit: str) -> Callable[[Any], float]:
    def convert(value: Any) -> float:
        return parse_quantity(value, unit)

    return convert


def _quantity(unit: str) -> tuple[BeforeValidator, Any]:
    return BeforeValidator(_in(unit)), Field(json_schema_extra={"unit": unit})


Length = Annotated[float, *_quantity("m")]
"""A length in m."""
Time = Annotated[float, *_quantity("s")]
"""A time in s."""
Angle = Annotated[float, *_quantity("rad")]
"""An angle in rad."""
Frequency = Annotated[float, *_quantity("Hz")]
"""A frequency in Hz."""
Magnetisation = Annotated[float, *_quantity("A/m")]
"""A magnetisation in A/m."""
FieldStrength = Annotated[float, *_quantity("A/m")]
"""A magnetic field strength H in A/m; "40 mT/mu0" is one."""
ExchangeConstant = Annotated[float, *_quantity("J/m")]
"""An exchange stiffness in J/m."""
AnisotropyConstant = Annotated[float, *_quantity("J/m^3")]
"""An anisotropy energy density in J/m3."""
DMIConstant = Annotated[float, *_quantity("J/m^2")]
"""A Dzyaloshinskii-Moriya constant in J/m2."""
Current = Annotated[float, *_quantity("A")]
"""An electric current in A."""
CurrentDensity = Annotated[float, *_quantity("A/m^2")]
"""A current density in A/m2."""
Temperature = Annotated[float, *_quantity("K")]
"""A temperature in K."""
ResistanceArea = Annotated[float, *_quantity("ohm*m^2")]
"""A resistance-area product of a tunnel junction in ohm m2."""
