"""Parts of a report: tables, figures and a page with everything in it.

Everything is plain text that Jinja2 escapes. Where a symbol has an index, `symbol` makes it.
"""

from __future__ import annotations

import base64
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from geometries import Material
from geometries.device import AbstractDevice
from solitons.campaigns.framework.results import Headline, Parameter
from solitons.figures import number_label, value_label
from solitons.fits.verdict import Reason

if TYPE_CHECKING:
    from jinja2 import Environment
    from matplotlib.figure import Figure

__all__ = [
    "VERDICTS",
    "PagePart",
    "device_table",
    "figure",
    "image",
    "inline_code",
    "page",
    "parameter_table",
    "symbol",
    "table",
]


_IN_CODE = re.compile(r"[*\[\]|`~\\]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown would read in the midst of HTML."""

VERDICTS = {
    "trusted": "The fitted model passed all checks.",
    "limited": "The fitted model may be used, except where one of the following matters.",
    "failed": "The fitted model does not describe this device; what would follow from it is withheld.",
}


@dataclass(frozen=True)
class PagePart:
    """A page's part on one variant: its title, if there are several, its first screen and its text.

    `meaning` is what its verdict means, in a sentence.
    """

    body: Markup
    title: str = ""
    verdict: str | None = None
    meaning: str = ""
    headlines: Sequence[Headline] = ()
    reasons: Sequence[Reason] = ()
    notes: Sequence[str] = ()

    @property
    def caveats(self) -> list[tuple[str, str, str]]:
        """The weight of each reason, its first sentence, and the others, which a reader may open."""
        return [(each.weight, *_first_sentence(each.sentence)) for each in self.reasons]


def _first_sentence(text: str) -> tuple[str, str]:
    first, *rest = re.split(r"(?<=[\w)%]\.) (?=[A-Z])", text, maxsplit=1)
    return first, " ".join(rest)


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("solitons.campaigns.framework"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _part(name: str, *arguments: Any) -> Markup:
    return Markup(getattr(_templates().get_template("parts.html.jinja").module, name)(*arguments))


def page(
    title: str,
    campaign: str,
    engine: str,
    parts: Sequence[PagePart],
    comparison: Markup | str = "",
    end: Markup | str = "",
) -> str:
    """The page of a report: a comparison of variants, the part on each, and what stands at the end."""
    template = _templates().get_template("page.html.jinja")
    return template.render(title=title, campaign=campaign, engine=engine, parts=parts, comparison=comparison, end=end)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """A table with a line of headings."""
    return _part("table", [_cell_text(each) for each in head], [[_cell_text(each) for each in row] for row in rows])


def _cell_text(cell: str) -> str:
    # In Markdown an empty line would end the table.
    return cell if hasattr(cell, "__html__") else " ".join(str(cell).split())


def figure(drawn: Figure | Any, caption: str) -> Markup:
    """A figure of matplotlib with its caption."""
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png", dpi=140)
    return image(buffer.getvalue(), "png", caption)


def image(data: bytes, kind: str, caption: str) -> Markup:
    """An image (`kind` is "png" or "gif") in the page itself, with its caption."""
    return _part("image", f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}", caption)


def inline_code(text: str) -> Markup:
    """A name or an id in a line or a cell, as it is typed."""
    return Markup("<code>{}</code>").format(Markup(_IN_CODE.sub(lambda sign: f"&#{ord(sign[0])};", escape(text))))


def symbol(letter: str, index: str) -> Markup:
    """A symbol with an index below, such as H_K."""
    return Markup("{}<sub>{}</sub>").format(letter, index)


def device_table(device: AbstractDevice, material: Material, *more: tuple[str, str]) -> Markup:
    """Table of a device and its material.

    Parameters
    ----------
    device : AbstractDevice
        Its `rows` describe it.
    material : Material
        Material of the device; constants that are 0 are left out.
    more : (str, str)
        Further quantities and values.
    """
    constants = [
        (symbol("M", "s"), value_label(material.Ms, "A/m")),
        ("A", value_label(material.A, "J/m")),
        (symbol("K", "u"), value_label(material.Ku, "J/m^3") if material.Ku else ""),
        ("D", value_label(material.D, "J/m^2") if material.D else ""),
        ("α", f"{material.alpha:g}"),
        ("P, β", f"{material.P:g}, {material.beta:g}" if material.P else ""),
        (symbol("θ", "SH"), f"{material.spin_hall_angle:g}" if material.spin_hall_angle else ""),
    ]
    described = [(name, text.replace("^2", "²").replace("^3", "³")) for name, text in device.rows()]
    rows = [*described, ("material", material.name), *(row for row in constants if row[1]), *more]
    return table(["quantity", "value"], rows)


def parameter_table(
    parameters: Sequence[Parameter],
    names: Mapping[str, str],
    further: Mapping[str, Mapping[str, float | str | tuple[float, float]]] | None = None,
) -> Markup:
    """Fitted parameters with their 95 % intervals.

    Parameters
    ----------
    parameters : sequence of Parameter
        In order.
    names : dict of str to str
        How a reader knows them; `name` itself where it is left out.
    further : dict of str to dict
        More columns by their heading, each with its cells by the parameters' names: text, or a number or an interval
        in the parameter's unit.
    """
    more, rows = further or {}, []
    for each in parameters:
        # Fields in magnets are tens of kA/m.
        scale, unit = (1e3, "kA/m") if each.unit == "A/m" else (1.0, each.unit)
        interval: str | tuple[float, float] = each.ci95 or "not known: the data reject the model"
        form = _digits(each.value, *(each.ci95 or (each.value, each.value)))
        cells = [column.get(each.name, "") for column in more.values()]
        rows.append(
            [
                names.get(each.name, each.name.replace("_", " ")),
                number_label(each.value / scale, form),
                *(_cell(cell, each, scale) for cell in (interval, *cells)),
                "" if unit == "1" else unit.replace("m3", "m³").replace("m2", "m²"),
            ]
        )
    return table(["parameter", "fitted", "95 % interval", *more, "unit"], rows)


def _cell(cell: float | str | tuple[float, float], parameter: Parameter, scale: float) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, tuple):
        form = _digits(parameter.value, *cell)
        return " to ".join(number_label(number / scale, form) for number in cell)
    return number_label(cell / scale, ".4g")


def _digits(value: float, low: float, high: float) -> str:
    """A format with two digits of the interval's width, and four at least."""
    width, size = abs(high - low), max(abs(value), abs(low), abs(high))
    if not (0 < width < size < math.inf):
        return ".4g"
    return f".{min(max(4, math.ceil(math.log10(size / width)) + 2), 15)}g"
