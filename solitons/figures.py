"""Shared parts of figures and tables of results: an empty figure, colours, and how a quantity is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from geometries.quantities import format_quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["MEASURED", "PREDICTED", "bare", "new_figure", "number_label", "plain_text", "power_label", "value_label"]

MEASURED = "#555555"
"""Colour of what micromagnetics gave."""

PREDICTED = "#D55E00"
"""Colour of what a model predicts."""

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def new_figure(width: float, height: float, layout: Literal["constrained"] | None = "constrained") -> Figure:
    """An empty figure of matplotlib, in inches, that no window knows of."""
    # Imported here: half of what the command does needs no figures.
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout=layout)


def bare(*several: Axes) -> None:
    """Take away the lines above and to the right of some axes."""
    for ax in several:
        ax.spines[["top", "right"]].set_visible(False)


def plain_text(text: str) -> str:
    r"""A user's text that matplotlib draws letter by letter: a dollar sign begins no formula."""
    return text.replace("$", r"\$")


def number_label(value: float | None, form: str = ".1%") -> str:
    """A number as a table shows it: with a true minus, and a dash where there is none.

    Examples
    --------
    >>> number_label(0.5), number_label(-0.01, "+.2%"), number_label(None)
    ('50.0%', '−1.00%', '–')
    """
    return "–" if value is None else f"{value:{form}}".replace("-", "−")


def power_label(value: float) -> str:
    """A small or large number to one digit as a power of ten.

    Examples
    --------
    >>> power_label(1e-6), power_label(2e-12)
    ('10⁻⁶', '2 × 10⁻¹²')
    """
    digit, power = f"{value:.0e}".split("e")
    raised = f"10{str(int(power)).translate(_RAISED)}"
    return raised if digit == "1" else f"{digit} × {raised}"


def long_time(seconds: float) -> str:
    """A time as people say it, from seconds to years; beyond the age of the universe only that.

    Examples
    --------
    >>> long_time(2e-9), long_time(7200.0), long_time(4e8), long_time(1e30)
    ('2 ns', '2 hours', '13 years', 'over 10¹⁰ years')
    """
    year = 365.25 * 86400
    if seconds < 60:
        return value_label(seconds, "s", digits=2)
    if seconds > 1e10 * year:
        return "over 10¹⁰ years"
    units = ((year, "years"), (86400.0, "days"), (3600.0, "hours"), (60.0, "minutes"))
    length, name = next(each for each in units if seconds >= each[0])
    count = seconds / length
    written = power_label(count) if count >= 1e4 else f"{float(f'{count:.2g}'):g}"
    return f"{written} {name.removesuffix('s') if written == '1' else name}"


def value_label(value: float, unit: str, digits: int | None = None) -> str:
    """Quantity as written on a board, with a true minus sign, rounded to `digits` if given.

    Examples
    --------
    >>> value_label(3e-10, "s"), value_label(6e11, "A/m^2"), value_label(6.1234e-9, "m", digits=2)
    ('300 ps', '0.6 × 10¹² A/m²', '6.1 nm')
    >>> value_label(0.0, "A/m^2"), value_label(0.2, "ohm"), value_label(-3e-9, "m")
    ('0 A/m²', '200 mΩ', '−3 nm')
    """
    if digits is not None:
        value = float(f"{value:.{digits}g}")
    if unit == "A/m^2":
        said = f"{value / 1e12:g} × 10¹² A/m²" if value else "0 A/m²"
    else:
        said = format_quantity(value, unit) if unit else f"{value:g}"
    for plain, written in (("^2", "²"), ("^3", "³"), ("ohm", "Ω"), ("-", "−")):
        said = said.replace(plain, written)
    return said
