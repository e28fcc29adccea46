"""Docstrings are written to be read in a terminal: what reStructuredText would misread is put right here.

An indented block after a paragraph is an equation or an example as it stands, a literal block; stars, bars and
underscores in prose mean themselves; a heading in a module's docstring is a bold line, since the module is a section.
"""

import re

_DIRECTIVE = re.compile(r"\s*(\.\. |- |\* |\d+\. |:\w)")
_UNDERLINE = re.compile(r"\s*([-=~])\1{2,}\s*$")
_CODE = re.compile(r"(``.+?``|:\w+:`[^`]+`|`[^`]+`_?|\[\d+\]_)")
_STARRED = re.compile(r"^\s*\*{1,2}\w+( :|$)")


def _indent(line):
    return len(line) - len(line.lstrip())


def _escaped(line):
    if _STARRED.match(line):  # *args in a list of parameters, which numpydoc escapes
        return line
    parts = _CODE.split(line)
    for index in range(0, len(parts), 2):
        text = re.sub(r"(?<!\\)([*|])", r"\\\1", parts[index])
        parts[index] = re.sub(r"(?<=\w)_(?!\w)", r"\\_", text)
    return "".join(parts)


def repaired(lines, headings_as_rubrics=False):
    """The lines of a docstring as reStructuredText that says what they say."""
    found = []
    verbatim = None  # the indentation above which lines are left alone
    directive = None  # the same of a directive whose content is prose
    previous = ""
    for number, line in enumerate(lines):
        if not line.strip():
            found.append("")
            continue
        indent = _indent(line)
        if verbatim is not None and indent > verbatim:
            found.append(line)
            previous = line
            continue
        verbatim = None
        if directive is not None and indent <= directive:
            directive = None
        if line.lstrip().startswith(".. "):
            if re.match(r"\s*\.\. (math|code-block|code)::", line):
                verbatim = indent
            else:
                directive = indent
                line = line if re.match(r"\s*\.\. \w+::", line) else _escaped(line)
            found.append(line)
            previous = line
            continue
        if line.lstrip().startswith(">>>"):
            verbatim = indent - 1
            found.append(line)
            previous = line
            continue
        after_blank = number > 0 and not lines[number - 1].strip()
        starts_block = after_blank and previous and indent > _indent(previous) and directive is None
        if starts_block and not _DIRECTIVE.match(previous) and not previous.rstrip().endswith("::"):
            outer = " " * _indent(previous)
            found += [f"{outer}::", ""]
            verbatim = _indent(previous)
            found.append(line)
            previous = line
            continue
        if previous.rstrip().endswith("::") and indent > _indent(previous):
            verbatim = _indent(previous)
            found.append(line)
            previous = line
            continue
        is_heading = number + 1 < len(lines) and _UNDERLINE.match(lines[number + 1])
        if headings_as_rubrics and is_heading:
            found += [f".. rubric:: {line.strip()}", ""]
            previous = ""
            continue
        if _UNDERLINE.match(line):
            if not headings_as_rubrics:
                found.append(line)
            previous = ""
            continue
        found.append(_escaped(line))
        previous = line
    return found


def _process(_app, what, _name, _obj, _options, lines):
    lines[:] = repaired(list(lines), headings_as_rubrics=what == "module")


def setup(app):
    """Before numpydoc reads the docstring."""
    app.connect("autodoc-process-docstring", _process, priority=100)
    return {"parallel_read_safe": True}
