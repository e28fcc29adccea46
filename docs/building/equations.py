"""Equations as MathML, written when the book is built: browsers show them without a script and without the network."""

from docutils import nodes
from latex2mathml.converter import convert


def _mathml(latex, display):
    if "\\\\" in latex and "\\begin" not in latex:
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"
    return convert(latex, display=display)


def _inline(translator, node):
    translator.body.append(_mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def _block(translator, node):
    # One that has its own blank lines is several equations.
    parts = [part for part in node.astext().split("\n\n") if part.strip()]
    equations = "".join(_mathml(part.strip(), "block") for part in parts)
    translator.body.append(f'<div class="equation">{equations}</div>\n')
    raise nodes.SkipNode


def setup(app):
    """Register as the renderer `mathml`."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True}
