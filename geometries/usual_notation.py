"""How people write units and numbers, put into what pint reads: "A/m2", "Oe", "pi/4"; and what to write for the rest.

Text in, text out: nothing here works anything out but a fraction of pi, and every pattern takes time that grows with
the length of the text alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pint

__all__ = ["LETTERS", "define_usual_units", "fraction_of_pi", "meant_instead", "plain_unit"]

LETTERS = "A-Za-z\u00b5\u03bc\u03a9\u2126\u00c5\u212b"
"""What the name of a unit is made of, in a class of characters: ASCII, and the signs of micro, ohm and angstrom."""

_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
# "m2" and "m-2"; names that end in a digit and are no powers, such as "mu0" and "eps_0", end in 0.
_POWER = re.compile(rf"(?<![{LETTERS}_])([{LETTERS}]+)(-?[1-9])(?![\w.^*])")
_MU0 = re.compile(rf"(?<![{LETTERS}_])(?:mu|[\u00b5\u03bc])_?0(?!\w)")
_OERSTED = re.compile(rf"(?<![{LETTERS}_])([num\u00b5\u03bck]?)(?:Oe|[Oo]ersted)(?!\w)")
_GAUSS = re.compile(rf"(?<![{LETTERS}_])([num\u00b5\u03bck]?)(?:G|[Gg]auss)(?!\w)")
_PI = re.compile(
    rf"\s*(?P<sign>[+-]?)\s*(?:(?P<factor>{_NUMBER})\s*\*?\s*)?(?:pi|\u03c0)(?:\s*/\s*(?P<divisor>{_NUMBER}))?"
    r"\s*(?:rad)?\s*"
)
_POWER_OF_TEN = re.compile(
    rf"\s*(?:(?P<factor>[+-]?{_NUMBER})\s*[x\u00d7\u00b7\u22c5*]?\s*)?10\s*(?:\^|\*\*)\s*(?P<power>[+-]?[0-9]{{1,3}})"
    r"(?P<unit>\D.{0,80})?"
)
_COMMA = re.compile(r"\s*[+-]?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?(?:[^0-9,].{0,80})?")


def define_usual_units(registry: pint.UnitRegistry[Any]) -> None:
    """Add constants, and units of magnetism as they are meant today: an oersted is one of H, a gauss of B, both in SI.

    pint has the Gaussian ones, of other dimensions, by the usual names; `plain_unit` distinguishes these from those.
    """
    for definition in (
        "mu0 = vacuum_permeability",
        "kB = boltzmann_constant",
        "oersted_of_H = 1000 / (4 * pi) * ampere / meter",
        "gauss_of_B = 1e-4 tesla",
        "emu = 1e-3 ampere * meter ** 2",
        "@alias ohm = Ohm",
        "@alias tesla = Tesla",
    ):
        registry.define(definition)


def plain_unit(unit: str) -> str:
    """Write a unit as pint reads it: "A/m2" as "A/m^2", "mT/µ0" as "mT/mu0"."""
    unit = _POWER.sub(r"\1^\2", _MU0.sub("mu0", unit))
    return _GAUSS.sub(r"\1gauss_of_B", _OERSTED.sub(r"\1oersted_of_H", unit))


def fraction_of_pi(text: str) -> float | None:
    """Read "pi/4", "-pi" or "3 pi/4"; None of what is none."""
    if (match := _PI.fullmatch(text)) is None:
        return None
    factor, divisor = float(match["factor"] or 1), float(match["divisor"] or 1)
    if not divisor:
        return math.nan
    # Fifteen digits, as of every text, so that "pi/2" and "90 deg" are one run.
    return float(f"{(-1 if match['sign'] == '-' else 1) * factor * math.pi / divisor:.15g}")


def meant_instead(text: str) -> Iterator[tuple[str, str]]:
    """Propose what may have been meant by a text that is not read: what to write, and why."""
    if match := _POWER_OF_TEN.fullmatch(text):
        number = f"{match['factor'] or 1}e{int(match['power'])}"
        yield f"{number} {(match['unit'] or '').strip()}".strip(), "a power of ten is written with an e"
    if _COMMA.fullmatch(text):
        yield text.strip().replace(",", "."), "a decimal comma is not taken, nor one between thousands"
    yield f"{text.strip()}/mu0", "it is a flux density B, and the field strength H in A/m is B/mu0"
