"""A public name in code style becomes a link to its entry in the reference, in every page."""

import re

from docutils import nodes

_KINDS = ("class", "exception", "function", "data", "method", "property", "attribute")


def _by_name(objects):
    """Entries of the reference by their full name and, for what a package exports, by its last word."""
    found = {full: entry for full, entry in objects.items() if entry.objtype in (*_KINDS, "module")}
    for full, entry in objects.items():
        if entry.objtype in _KINDS[:4]:
            found.setdefault(full.rsplit(".", 1)[-1], entry)
    return found


def _is_a_name(word):
    # "field" or "rates" is an ordinary word of a sentence, not the function of this name.
    return "." in word or bool(re.search(r"[A-Z_]", word))


def _link(app, doctree, docname):
    names = _by_name(app.env.get_domain("py").objects)
    for literal in list(doctree.findall(nodes.literal)):
        word = literal.astext().removesuffix("()")
        entry = names.get(word)
        if entry is None or not _is_a_name(word) or isinstance(literal.parent, nodes.reference):
            continue
        address = f"{app.builder.get_relative_uri(docname, entry.docname)}#{entry.node_id}"
        reference = nodes.reference("", "", internal=True, refuri=address)
        literal.replace_self(reference)
        reference += literal


def setup(app):
    """After all references are resolved, when every name is known."""
    app.connect("doctree-resolved", _link)
    return {"parallel_read_safe": True}
