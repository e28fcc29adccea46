"""Links that are right in the repository are made right in the book: to README, DESIGN, notebooks, kinds and files.

A link that begins with "/" starts at the root of the repository, as on GitHub.
"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
REPOSITORY_PAGES = {
    "README.md": "start.md",
    "DESIGN.md": "generated/design.md",
    "CHANGELOG.md": "generated/changelog.md",
    "SECURITY.md": "generated/security.md",
    "CONTRIBUTING.md": "generated/contributing.md",
}
CAMPAIGN_PAGE = "page.md"
"""In the folder of each kind of campaign."""
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")


def rewritten(text, folder, page_folder):
    """`text` of a file in `folder`, for a page in `page_folder`, both in the repository."""

    def target(match):
        address, anchor = match.group(1), match.group(2) or ""
        there = (ROOT / address[1:] if address.startswith("/") else folder / address).resolve()
        if not there.is_relative_to(ROOT):
            return match.group(0)
        name = there.relative_to(ROOT).as_posix()
        if name in REPOSITORY_PAGES:
            name = f"docs/{REPOSITORY_PAGES[name]}"
        elif there.name == CAMPAIGN_PAGE:
            name = f"docs/generated/campaigns/{there.parent.name}.md"
        elif name.startswith("examples/notebooks/") and name.endswith(".py"):
            name = f"docs/generated/tutorials/{there.stem}.ipynb"
        depth = len(page_folder.relative_to(ROOT).parts)
        return f"]({'../' * depth}{name}{anchor})"

    return _LINK.sub(target, text)


def _source(app, docname, content):
    page = Path(app.env.doc2path(docname))
    if page.suffix == ".md":
        content[0] = rewritten(content[0], page.parent, page.parent)


def setup(app):
    """Pages as they are read."""
    app.connect("source-read", _source)
    return {"parallel_read_safe": True}
