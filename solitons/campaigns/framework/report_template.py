"""The report of a kind: `report.md`, a text in Markdown with places for values, tables and figures.

The file stands beside the kind's class. Jinja2 fills in its places, and the result is read as Markdown (CommonMark with
tables):

- ``{{ results.runs }}`` puts a value, as text: nothing in it is taken for Markdown. ``{{ results.error | percent }}``,
  ``{{ density | with_unit("A/m^2", digits=3) }}``, ``{{ ratio | number(".3g") }}`` write numbers as a board has them.
- ``{% if %}`` and ``{% for %}`` leave out and repeat; alone on a line they leave none behind, so that rows of a table
  may be repeated; at the end of a line with text, ``+%}`` keeps the line's end.
- ``![caption](name)`` alone in a paragraph draws the figure with this name.
- ``{% include "energy/energy.md" %}`` puts a text that several kinds share, by its place in `solitons.campaigns`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from solitons.campaigns.framework import page
from solitons.figures import number_label, value_label

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from matplotlib.figure import FigureBase

__all__ = ["check_template", "fill_in"]

_CAMPAIGNS = Path(__file__).parents[1]
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def fill_in(template: Path, values: Mapping[str, Any], figures: Mapping[str, Callable[[], FigureBase]]) -> Markup:
    """Fill in the places of a template and make HTML of it.

    Parameters
    ----------
    template : Path
        The file.
    values : dict
        Values that its places may name.
    figures : dict of str to callable
        Each draws a figure; only those that the template names are drawn.

    Raises
    ------
    ValueError
        If the template names a value or a figure that is not there, or would print None.
    """
    from jinja2 import TemplateError

    compiled = check_template(template)
    try:
        text = compiled.render(values)
    except TemplateError as error:
        raise ValueError(f"{template}: {error.message}; it may name {', '.join(sorted(values))}") from error
    markdown = _markdown()
    tokens = markdown.parse(text)
    named = {each for token in tokens for each in _named_in(token)}
    if unknown := named - set(figures):
        known = ", ".join(sorted(figures)) or "none"
        raise ValueError(f"{template}: no figure is called {sorted(unknown)[0]!r}; there are {known}")
    drawn = {name: figures[name] for name in named}
    return Markup(markdown.renderer.render(_alone(tokens), markdown.options, {"figures": drawn}))


def check_template(template: Path) -> Template:
    """Read a template; a text that cannot be filled in, whatever the values are, is a `ValueError` with its line."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    try:
        return _environment(template.parent).get_template(template.name)
    except TemplateNotFound:
        raise ValueError(
            f"{template}: there is no such file; a kind has its report in one, or defines report"
        ) from None
    except TemplateSyntaxError as error:
        raise ValueError(f"{template}, line {error.lineno}: {error.message}") from None


@cache
def _environment(folder: Path) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader([folder, _CAMPAIGNS]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_as_text,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "as_is": Markup,
        "code": page.inline_code,
        "code_block": _code_block,
        "number": number_label,
        "percent": _percent,
        "with_unit": _with_unit,
    }
    environment.globals |= {
        "device_table": page.device_table,
        "parameter_table": page.parameter_table,
        "table": page.table,
    }
    return environment


def _as_text(value: Any) -> Any:
    """Text in which nothing is Markdown; what is HTML already stays."""
    from jinja2 import TemplateRuntimeError, Undefined

    if value is None:
        raise TemplateRuntimeError("a place is empty: its value is None; write {% if %} around it")
    if isinstance(value, Undefined) or hasattr(value, "__html__"):
        return value
    return Markup(_PUNCTUATION.sub(r"\\\1", re.sub(r"\s+", " ", str(value))))


def _with_unit(value: float | None, unit: str, digits: int | None = None) -> str:
    return "–" if value is None else value_label(value, unit, digits)


def _code_block(text: str, folded: str = "") -> Markup:
    """Lines of code, as they stand; behind a line that a reader opens, if one is given."""
    lines = Markup("<pre>{}</pre>").format(str(text).strip("\n"))
    return Markup("<details><summary>{}</summary>{}</details>").format(folded, lines) if folded else lines


def _percent(share: float, digits: int = 1) -> str:
    return number_label(share, f".{digits}%")


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    markdown.add_render_rule("image", _image)
    markdown.add_render_rule("softbreak", lambda *_: " ")
    markdown.add_render_rule("table_open", lambda *_: '<div class="wide"><table>')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>")
    return markdown


def _image(_: Any, tokens: Sequence[Token], index: int, __: Any, env: Mapping[str, Any]) -> str:
    token = tokens[index]
    caption = "".join(each.content or " " for each in token.children or ())
    return page.figure(env["figures"][token.attrs["src"]](), caption)


def _named_in(token: Token) -> list[str]:
    return [str(each.attrs["src"]) for each in token.children or () if each.type == "image"]


def _alone(tokens: list[Token]) -> list[Token]:
    """No paragraph around a figure: HTML has none there."""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type == "paragraph_open" and token.children and [each.type for each in token.children] == ["image"]:
            before.hidden = after.hidden = True
    return tokens
