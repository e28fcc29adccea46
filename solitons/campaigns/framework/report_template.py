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
from math import isfinite
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

__all__ = ["ReportError", "check_template", "fill_in"]

_CAMPAIGNS = Path(__file__).parents[1]
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;"}
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


class ReportError(ValueError):
    """The text of a report cannot be filled in; the message names the file, and what is wrong."""


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
    ReportError
        If the template names a value or a figure that is not there, would print None, or cannot be read.
    """
    compiled = check_template(template)
    try:
        text = compiled.render(values)
    except Exception as error:  # whatever a value or a filter raises
        raise ReportError(f"{template}: {error}; it may name {', '.join(sorted(values))}") from error
    markdown = _markdown()
    tokens = markdown.parse(text)
    named = {each for token in tokens for each in _named_in(token)}
    if unknown := named - set(figures):
        known = ", ".join(sorted(figures)) or "none"
        raise ReportError(f"{template}: no figure is called {sorted(unknown)[0]!r}; there are {known}")
    drawn = {name: figures[name] for name in named}
    return Markup(markdown.renderer.render(_alone(tokens), markdown.options, {"figures": drawn}))


def check_template(template: Path) -> Template:
    """Read a template and those that it includes; one that no values could fill in is a `ReportError` with its line."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError
    from jinja2.meta import find_referenced_templates

    environment = _environment(template.parent)
    waiting, seen = [template.name], set[str]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        try:
            environment.get_template(name)
            source = environment.loader.get_source(environment, name)[0]  # type: ignore[union-attr]
        except TemplateNotFound:
            where = f"{template} includes {name!r}, and" if name != template.name else f"{template}:"
            raise ReportError(f"{where} there is no such file; give it, or define `report` of the kind") from None
        except TemplateSyntaxError as error:
            raise ReportError(f"{error.filename or template}, line {error.lineno}: {error.message}") from None
        waiting += [each for each in find_referenced_templates(environment.parse(source)) if each and each not in seen]
    return environment.get_template(template.name)


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
        "number": _number,
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
    """Text in which nothing is Markdown or HTML; what is HTML already stays."""
    from jinja2 import TemplateRuntimeError, Undefined

    if value is None:
        raise TemplateRuntimeError("a place is empty: its value is None; write {% if %} around it")
    if isinstance(value, Undefined) or hasattr(value, "__html__"):
        return value
    return Markup(_PUNCTUATION.sub(_escaped, re.sub(r"\s+", " ", str(value))))


def _escaped(sign: re.Match[str]) -> str:
    # Entities hold within HTML too, where a backslash would be shown.
    return _ENTITIES.get(sign[0], f"\\{sign[0]}")


def _with_unit(value: float | None, unit: str, digits: int | None = None) -> str:
    return "–" if value is None or not isfinite(value) else value_label(value, unit, digits)


def _number(value: float | None, form: str) -> str:
    return "–" if value is None or not isfinite(value) else number_label(value, form)


def _percent(share: float | None, digits: int = 1) -> str:
    return _number(share, f".{digits}%")


def _code_block(text: str, folded: str = "") -> Markup:
    """Lines of code, as they stand; behind a line that a reader opens, if one is given."""
    lines = Markup("<pre>{}</pre>").format(str(text).strip("\n"))
    return Markup("<details><summary>{}</summary>{}</details>").format(folded, lines) if folded else lines


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
    caption = "".join(" " if each.type.endswith("break") else each.content for each in token.children or ())
    return page.figure(env["figures"][token.attrs["src"]](), caption)


def _named_in(token: Token) -> list[str]:
    return [str(each.attrs["src"]) for each in token.children or () if each.type == "image"]


def _alone(tokens: list[Token]) -> list[Token]:
    """No paragraph around a figure: HTML has none there."""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if before.type == "paragraph_open" and token.children and [each.type for each in token.children] == ["image"]:
            before.hidden = after.hidden = True
    return tokens
