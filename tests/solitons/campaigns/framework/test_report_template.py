"""A text with places: what stands there is text, what is not there is an error with the file's name."""

import math

import pytest
from markupsafe import Markup
from report_text import missing_in

from solitons.campaigns.framework.report_template import check_template, fill_in
from solitons.figures import new_figure


@pytest.fixture
def filled(tmp_path):
    """Fill in a template that is given as a text."""

    def make(text, values=(), **figures):
        path = tmp_path / "report.md"
        path.write_text(text)
        return fill_in(path, dict(values), figures)

    return make


@pytest.mark.parametrize(
    "value", ["<b>", "**", "_a_", "a | b", "![x](y)", "# no", "- no", "1. no", "[a](b)", "`c`", "&lt;", "\\", "{{ x }}"]
)
def test_a_value_is_text_whatever_is_in_it(filled, value):
    found = filled("A {{ value }} B\n\n{{ value }}\n\n| a | b |\n|---|---|\n| {{ value }} | 1 |\n", {"value": value})
    cell = Markup.escape(value)
    assert f"<p>A {cell} B</p>\n<p>{cell}</p>" in found
    assert f"<tr>\n<td>{cell}</td>\n<td>1</td>\n</tr>" in found


def test_quantities_are_written_as_on_a_board(filled):
    text = '{{ j | with_unit("A/m^2", 3) }}; {{ s | percent }}; {{ s | percent(0) }}; {{ r | number(".3g") }}'
    values = {"j": 6.1234e11, "s": 0.0525, "r": -2.5, "none": None}
    found = filled(text + '; {{ none | with_unit("m") }}', values)
    assert found == "<p>0.612 × 10¹² A/m²; 5.2%; 5%; −2.5; –</p>\n"


def test_a_figure_has_its_caption_and_no_paragraph_around_it(filled):
    drawn = []

    def draw():
        drawn.append(new_figure(1, 1))
        return drawn[-1]

    text = "Before.\n\n![Left: {{ x }}\n& right.](shown)\n\nAfter."
    found = filled(text, {"x": "a_b_c"}, shown=draw, unused=pytest.fail)
    assert len(drawn) == 1
    assert "<figcaption>Left: a_b_c &amp; right.</figcaption></figure>" in found
    assert "<p><figure>" not in found.replace("\n", "")


def test_rows_are_repeated_and_lines_left_out(filled):
    text = (
        "| a | b |\n|---|---|\n{% for row in rows %}\n|{% for cell in row %} {{ cell }} |{% endfor +%}\n{% endfor %}\n"
    )
    found = filled(text + "\n{% if rows %}\nSome.\n{% else %}\nNone.\n{% endif %}", {"rows": [[1, 0], [0, 1]]})
    assert found.count("<tr>") == 3
    assert found.endswith("<p>Some.</p>\n")


def test_what_is_html_already_stays(filled):
    assert "<code>a_b</code>" in filled("See {{ name | code }}.", {"name": "a_b"})
    assert filled("{{ part }}", {"part": Markup("<div>1</div>")}) == "<div>1</div>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ missing | percent }}", r"report\.md: .*it may name empty, x"),
        ("{{ missing }}", r"report\.md: 'missing' is undefined; it may name empty, x"),
        ("{{ x.nothing }}", "has no attribute 'nothing'"),
        ("{{ empty }}", "a place is empty: its value is None"),
        ("![caption](other)", r"report\.md: no figure is called 'other'; there are shown"),
        ("{% if x %}", r"report\.md, line 1: Unexpected end of template"),
    ],
)
def test_what_is_not_there_is_named(filled, text, message):
    with pytest.raises(ValueError, match=message):
        filled(text, {"x": 1, "empty": None}, shown=pytest.fail)


def test_a_broken_text_is_found_before_anything_runs(tmp_path):
    path = tmp_path / "report.md"
    with pytest.raises(ValueError, match=r"report\.md: there is no such file"):
        check_template(path)
    path.write_text("{{ results.a }}\n{% for %}")
    with pytest.raises(ValueError, match=r"report\.md, line 2"):
        check_template(path)
    path.write_text("{{ results.a }} {% include 'energy/energy.md' %} {% include 'mine.md' %}")
    with pytest.raises(ValueError, match=r"report\.md includes 'mine\.md', and there is no such file"):
        check_template(path)
    (tmp_path / "mine.md").write_text("\n\n{% if %}")
    with pytest.raises(ValueError, match=r"mine\.md, line 3"):
        check_template(path)
    (tmp_path / "mine.md").write_text("Mine.")
    check_template(path)


@pytest.mark.parametrize(
    "broken",
    [
        "| a | b |\n|---|---|\n| {{ x }} | 1 |\n",
        "| a | b |\n|---|\n| 1 | 2 |\n",
        "{{ x }} is it.",
        "It is {{ x }}",
        "![caption](no figure)",
        "Text.\n![caption](shown)",
    ],
)
def test_what_is_looked_for_in_pages_is_found(filled, broken):
    found = filled(broken, {"x": math.nan}, shown=lambda: new_figure(1, 1))
    assert missing_in(found) != []
    assert (
        missing_in(filled("It is {{ x }} of {{ x }}.\n\n![caption](shown)", {"x": 1}, shown=lambda: new_figure(1, 1)))
        == []
    )


def test_markdown_in_cells_captions_and_code_is_text(filled):
    text = "a\n\n# b *c* [d](e) `f` _g_"
    shown = Markup.escape("a # b *c* [d](e) `f` _g_")
    assert f"<td>{shown}</td>" in filled("{{ table(['x'], [[text]]) }}", {"text": text})
    assert f"<figcaption>{shown}</figcaption>" in filled(
        "![{{ text }}](shown)", {"text": text}, shown=lambda: new_figure(1, 1)
    )
    assert "<em>" not in filled("| a |\n|---|\n| {{ text | code }} |\n", {"text": "a*b*c|[l](x) _g_"})
    assert "<div>&lt;b&gt;</div>" in filled("<div>{{ text }}</div>", {"text": "<b>"})
