"""Physical quantities at the front door: "500 nm" in, SI float out.

Inside the workbench every number is an SI float. A person writing YAML or
Python may write a quantity with its unit instead; pint checks its dimension,
and pydantic names the field in the error. A bare number is taken as SI.

The constants ``mu0``, ``hbar``, ``e`` (as ``elementary_charge``) and ``kB`` may
be part of a quantity, so that "40 mT/mu0" is a magnetic field strength in A/m, as
"400 Oe" is. Units may be written as usual: "1e12 A/m2", "5 MA/cm2", "0.5 mJ m-2";
an angle may be "pi/4".
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from geometries.usual_notation import LETTERS, define_usual_units, fraction_of_pi, meant_instead, plain_unit

if TYPE_CHECKING:
    import pint

__all__ = [
    "Angle",
    "AnisotropyConstant",
    "Area",
    "Capacitance",
    "Coordinate",
    "Current",
    "CurrentDensity",
    "DMIConstant",
    "Damping",
    "Energy",
    "ExchangeConstant",
    "FieldGradient",
    "FieldStrength",
    "Frequency",
    "GyromagneticRatio",
    "Length",
    "Magnetisation",
    "Power",
    "PureNumber",
    "Resistance",
    "ResistanceArea",
    "Resistivity",
    "Temperature",
    "Time",
    "Voltage",
    "VoltageAnisotropy",
    "format_quantity",
    "parse_quantity",
    "same_dimension",
    "si_unit",
]


class _Number(float):
    """Convert a number for pint: never an int.

    An int power has no bound: "9**9**9**9 m" in a campaign file would hang the
    reader, where the float power overflows at once.
    """


@cache
def _registry() -> pint.UnitRegistry[Any]:
    # It brings dask, and who writes numbers alone needs neither.
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(non_int_type=_Number)
    define_usual_units(registry)
    return registry


def parse_quantity(value: Any, unit: str) -> float:
    """Turn a number, taken to be in `unit` already, or a text such as "500 nm" into a float in the SI unit `unit`.

    A ValueError if the value is not a number or a quantity, has another dimension than `unit`, or is not finite.
    """
    if isinstance(value, bool) or not isinstance(value, (numbers.Real, str)):
        raise ValueError(f"{_short(value)} is not a quantity; {_as_written(unit)}")
    try:
        number = _read(value, unit) if isinstance(value, str) else float(value)
    except OverflowError:  # a whole number with hundreds of digits
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{_short(value)} is not finite; give a finite number in {unit or '1'}")
    return number


# A number, then a unit in which a minus belongs to a power; a sum of such. Pint would work out whatever it is given,
# so that "2020-01-01" were 2018 and "nm" were 1 nm.
_UNIT = (
    rf"(?:(?<=\s)1/|\*\s*(?=[{LETTERS}])|[{LETTERS}\u00b0%(/])"
    r"(?:[^-+#'\"\\]|(?<=[\^*])-|(?<=[\^*]\()-|(?<=\^ )-|(?<=\*\* )-"
    rf"|(?<=[{LETTERS}])-(?=[1-9](?![0-9.eE^*]))){{0,80}}"
)
_WRITTEN = re.compile(rf"\s*(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\s*(?P<unit>{_UNIT})?\s*")
_LONGEST = 1000
_NOT_FINITE = re.compile(r"\s*[+-]?\.?(inf|infinity|nan)\b.*", re.IGNORECASE)
_FIELD_STRENGTH = "A/m"


@lru_cache(maxsize=4096)
def _read(text: str, unit: str) -> float:
    text = text.replace("\u2212", "-")  # the minus of printed text, the report's too
    if _NOT_FINITE.fullmatch(text):
        return math.nan
    # Nobody writes longer ones, and looking through them would take time that grows with the square of the length.
    if len(text) > _LONGEST:
        raise ValueError(f"{_short(text)} cannot be read as a quantity; {_as_written(unit)}")
    try:
        return _magnitude(text, unit)
    except ValueError as error:
        for instead, why in meant_instead(text):
            if instead.endswith("/mu0") and unit != _FIELD_STRENGTH:
                continue
            try:
                _magnitude(instead, unit)
            except ValueError:
                continue
            raise ValueError(f'{text!r} is not taken: {why}; write "{instead}"') from error
        raise


def _magnitude(text: str, unit: str) -> float:
    if unit in ("", "rad") and (angle := fraction_of_pi(text)) is not None:
        return angle
    parts = re.split(r"\s([+-])\s", text)
    terms = [_WRITTEN.fullmatch(term) for term in parts[::2]]
    if not all(terms) or (len(terms) > 1 and not all(term and term["unit"] for term in terms)):
        raise ValueError(f"{_short(text)} cannot be read as a quantity; {_as_written(unit)}")
    if len(terms) == 1 and terms[0] and not terms[0]["unit"]:
        return float(terms[0]["number"])
    parts[::2] = [f"{term['number']} {plain_unit(term['unit'] or '')}" for term in terms if term]
    try:
        quantity: Any = _registry().Quantity(" ".join(parts))
        # A unit such as "m/m" is none.
        if isinstance(quantity, numbers.Real) or quantity.unitless:
            return float(quantity)
        dimension, needed = quantity.dimensionality, _registry().Quantity(1, unit).dimensionality
        # Fifteen digits: "500 nm" is 5e-07 here, not 5.000000000000001e-07,
        # so that a run has one id however its quantities were written.
        if dimension == needed:
            return float(f"{quantity.to(unit).magnitude:.15g}")
    except Exception as error:  # pint raises tokenizer, syntax and attribute errors alike
        reason = f" ({error})" if str(error) and len(str(error)) < 80 else ""
        raise ValueError(f"{_short(text)} cannot be read as a quantity{reason}; {_as_written(unit)}") from error
    raise ValueError(f"{text!r} has the dimension {dimension}, but a quantity in {unit or 'no unit'} is needed")


def _as_written(unit: str) -> str:
    if not unit:
        return 'write a number without a unit, such as "0.5"'
    return f'write a number and a unit of the dimension of {unit}, such as "1 {unit}"'


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:40]}...{text[-10:]}"


_PREFIXES = {
    -18: "a", -15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T",
}  # fmt: skip


def si_unit(unit: str) -> str:
    """Read a coherent SI unit such as "A/m2", with its powers written "m^2"; empty for a number without a unit.

    Numbers inside are SI: a ValueError if the unit cannot be read, or has a prefix or factor ("ns", "TA/m^2", "deg").
    """
    if not (unit := unit.strip()):
        return unit
    written = plain_unit(unit)
    try:
        if len(unit) > _LONGEST or re.fullmatch(rf"(?:1\s*/\s*)?{_UNIT}", unit) is None:
            raise ValueError("it is no unit")
        factor = float(_registry().Quantity(1.0, written).to_base_units().magnitude)
    except Exception as error:  # pint raises tokenizer, syntax and attribute errors alike
        reason = f" ({error})" if str(error) and len(str(error)) < 80 else ""
        raise ValueError(
            f"unit = {_short(unit)} cannot be read{reason}; give an SI unit such as 's' or 'A/m^2'"
        ) from error
    if not math.isclose(factor, 1.0, rel_tol=1e-12):
        raise ValueError(
            f"unit = {unit!r} is {factor:g} of the SI unit; give the SI unit itself, and write values with theirs, "
            f'such as "0.2 {unit}"'
        )
    return written


def format_quantity(value: float, unit: str, digits: int = 4) -> str:
    """Write a value in an SI unit without prefix as a person would, to so many significant digits: "512 nm".

    `parse_quantity` reads it back.
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g} {unit}"
    # Round first: 999.96e-9 to three digits is 1 µm, not 1000 nm.
    rounded = float(f"{value:.{digits}g}")
    exponent = 3 * math.floor(math.log10(abs(rounded)) / 3 + 1e-12)
    exponent = min(max(exponent, min(_PREFIXES)), max(_PREFIXES))
    return f"{rounded * 10.0**-exponent:.{digits}g} {_PREFIXES[exponent]}{unit}"


def same_dimension(unit: str, other: str) -> bool:
    """Tell whether quantities in two units can be compared; an angle is a number."""
    one, two = (_registry().Quantity(1, plain_unit(each)).dimensionality for each in (unit, other))
    return bool(one == two)


def _in(unit: str, largest: float) -> Callable[[Any], float]:
    def convert(value: Any) -> float:
        number = parse_quantity(value, unit)
        if abs(number) > largest:
            most = format_quantity(largest, unit) if unit and largest < 1e15 else f"{largest:g} {unit}".rstrip()
            meant = f" and its unit, since a bare number is in {unit}" if unit else ""
            raise ValueError(
                f"{_short(value)} is more than {most}, the most that is taken for a sensible value here; check the "
                f"number{meant}"
            )
        return number + 0.0  # -0 is 0, and no negative spread

    return convert


def _quantity(unit: str, largest: float) -> tuple[BeforeValidator, Any]:
    """A quantity in a unit, and the size beyond which it is an error: far beyond any experiment."""
    return BeforeValidator(_in(unit, largest)), Field(json_schema_extra={"unit": unit})


PureNumber = Annotated[float, *_quantity("", 1e15)]
"""A number without a unit."""
Length = Annotated[float, *_quantity("m", 100e-6)]
"""A length in m: of a magnet, a wire, a beam."""
Coordinate = Annotated[float, *_quantity("m", 10e-3)]
"""Position in m, in an array or a lattice of many."""
Time = Annotated[float, *_quantity("s", 1.0)]
"""A time in s."""
Duration = Annotated[float, *_quantity("s", 1e6)]
"""A time in s that is long for a device: of a neuron, a recording, a retention test."""
Damping = Annotated[float, *_quantity("", 10.0)]
"""A Gilbert damping alpha."""
Angle = Annotated[float, *_quantity("rad", 1e6)]
"""An angle in rad."""
Frequency = Annotated[float, *_quantity("Hz", 1e18)]
"""A frequency in Hz."""
Magnetisation = Annotated[float, *_quantity("A/m", 1e7)]
"""A magnetisation in A/m."""
FieldStrength = Annotated[float, *_quantity("A/m", 1e12)]
"""A magnetic field strength H in A/m; "40 mT/mu0" is one."""
NumberDensity = Annotated[float, *_quantity("1/m^2", 1e20)]
"""Number per area, in 1/m2, such as "100/um^2"."""
FieldGradient = Annotated[float, *_quantity("A/m^2", 1e18)]
"""Gradient of a magnetic field strength H along an axis, in A/m2, such as "5 kA/m/nm"."""
ExchangeConstant = Annotated[float, *_quantity("J/m", 1e-9)]
"""An exchange stiffness in J/m."""
AnisotropyConstant = Annotated[float, *_quantity("J/m^3", 1e9)]
"""An anisotropy energy density in J/m3."""
DMIConstant = Annotated[float, *_quantity("J/m^2", 20e-3)]
"""A Dzyaloshinskii-Moriya constant in J/m2."""
GyromagneticRatio = Annotated[float, *_quantity("m/(A*s)", 1e12)]
"""A gyromagnetic ratio gamma0 in m/(A s)."""
Current = Annotated[float, *_quantity("A", 1e6)]
"""An electric current in A."""
CurrentDensity = Annotated[float, *_quantity("A/m^2", 1e15)]
"""A current density in A/m2."""
Temperature = Annotated[float, *_quantity("K", 1e6)]
"""A temperature in K."""
Voltage = Annotated[float, *_quantity("V", 1e6)]
"""A voltage in V."""
VoltageAnisotropy = Annotated[float, *_quantity("J/(V*m)", 1e-6)]
"""A change of surface anisotropy in an electric field, in J/(V m); "100 fJ/(V m)" is one."""
Resistance = Annotated[float, *_quantity("ohm", 1e12)]
"""A resistance in ohm."""
Resistivity = Annotated[float, *_quantity("ohm*m", 1e6)]
"""A resistivity in ohm m; "20 uohm cm" is one."""
Capacitance = Annotated[float, *_quantity("F", 1e3)]
"""A capacitance in F."""
Area = Annotated[float, *_quantity("m^2", 100.0)]
"""An area in m2."""
Energy = Annotated[float, *_quantity("J", 1e6)]
"""An energy in J."""
Power = Annotated[float, *_quantity("W", 1e6)]
"""A power in W."""
ResistanceArea = Annotated[float, *_quantity("ohm*m^2", 1e6)]
"""A resistance-area product of a tunnel junction in ohm m2."""
