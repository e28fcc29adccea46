"""A public name in code style becomes a link to its entry in the reference, in every page."""

import posixpath
import re

from docutils import nodes


def _short_names(objects):
    found = {}
    for full, entry in objects.items():
        if entry.objtype == "module" or "#" not in f"{entry.docname}#":
            found.setdefault(full, full)
            continue
        found[full] = full
        short = full.rsplit(".", 1)[-1]
        # Methods share names; classes and functions that are in two packages are the same thing.
        if entry.objtype in ("class", "function", "exception", "data"):
            found.setdefault(short, full)
    return found


def _link(app, doctree, docname):
    objects = app.env.get_domain("py").objects
    names = getattr(app.env, "_book_short_names", None)
    if names is None:
        names = app.env._book_short_names = _short_names(objects)
    for literal in list(doctree.findall(nodes.literal)):
        if isinstance(literal.parent, nodes.reference) or literal.get("language"):
            continue
        word = re.sub(r"\(\)$", "", literal.astext())
        full = names.get(word)
        if full is None or ("." not in word and not re.search(r"[A-Z_]", word)):
            continue  # "field", "rates": an ordinary word, not the function of this name
        entry = objects[full]
        if entry.docname == docname and _within(literal, entry.node_id):
            continue
        address = app.builder.get_relative_uri(docname, entry.docname) + "#" + entry.node_id
        reference = nodes.reference("", "", internal=True, refuri=address, reftitle=full)
        literal.replace_self(reference)
        reference += literal


def _within(node, target):
    while node is not None:
        if isinstance(node, nodes.Element) and any(
            target in sub.get("ids", ()) for sub in node.children[:1] if isinstance(sub, nodes.Element)
        ):
            return True
        node = node.parent
    return False


def _forget(app, env):
    env.__dict__.pop("_book_short_names", None)


def _page(address):
    return posixpath.normpath(address)


def setup(app):
    """After all references are resolved, when every name is known."""
    app.connect("env-updated", _forget)
    app.connect("doctree-resolved", _link)
    return {"parallel_read_safe": True}
