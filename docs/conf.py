"""How Sphinx makes the book; ``make docs`` builds it, ``make linkcheck`` looks at its outside links."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "building"), str(HERE.parent)]

project = "soliton-workbench"
author = "The soliton-network workbench founders"
copyright = "The soliton-network workbench founders; BSD-3-Clause"

extensions = [
    "sphinx.ext.autodoc",
    "numpydoc",
    "myst_nb",
    "sphinx_design",
    "sphinx_copybutton",
    # Ours, in docs/building.
    "docstrings",
    "equations",
    "generated",
    "names",
    "neighbours",
]
exclude_patterns = ["_build", "building", "generated/tutorials/.ipynb_checkpoints"]

# What is wrong with a page is an error ("make docs" says -W); a name that is written as a reference must be there.
nitpicky = True
nitpick_ignore = [("py:func", "xarray.open_dataset"), ("py:class", "solitons.campaigns.framework.results.Results")]
# A list of sources may name one that no sentence refers to.
suppress_warnings = ["mystnb.unknown_mime_type", "ref.footnote"]
default_role = "literal"
# An indented block of a docstring is an equation in plain text, unless it is a doctest.
highlight_language = "text"

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4

autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_validation_checks: set[str] = set()

# A tutorial is executed once and again when its code changes; BOOK_NOTEBOOKS=off shows them without their results.
nb_execution_mode = "cache"
nb_execution_cache_path = str(HERE / "_build" / "notebooks")
nb_execution_timeout = 900
nb_execution_raise_on_error = True
nb_merge_streams = True

html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "soliton-workbench"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_theme_options = {
    "navbar_align": "left",
    "header_links_before_dropdown": 7,
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
}
html_sidebars = {"index": [], "start": [], "generated/contributing": []}
html_copy_source = False
html_show_sourcelink = False
copybutton_exclude = ".linenos, .gp, .go"

# Journals answer robots with 403; what is a page of the repository itself is a link in it.
linkcheck_ignore = [r"https://doi\.org/.*", r"http://localhost.*"]
linkcheck_timeout = 20
linkcheck_retries = 2
