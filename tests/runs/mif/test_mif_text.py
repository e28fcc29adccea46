"""Reading MIF text: lists, blocks, procedures, and what is no MIF."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import rows

from runs.mif import MifSyntaxError, parse_mif
from runs.mif.text import split_list


def test_a_file_of_oommfc_becomes_blocks(make_system, write):
    text, _ = write(make_system())
    mif = parse_mif(text)
    titles = [block.title for block in mif.blocks]
    assert titles[-2:] == ["Oxs_RungeKuttaEvolve:evolver", "Oxs_TimeDriver"]
    (exchange,) = (block for block in mif.blocks if block.name == "exchange")
    assert exchange.kind == "Oxs_UniformExchange"
    assert exchange.parameters == (("A", "1e-11"),)
    assert mif.schedules[0] == ("DataTable", "table", "Stage", "1")
    assert ("basename", "device") in mif.options


@rows(
    ("body", "words"),
    [
        ("a 1", ["a", "1"]),
        ("{a b} {}\n{ c {d e} }", ["a b", "", " c {d e} "]),
        ('"a b" c', ["a b", "c"]),
        ("", []),
    ],
)
def test_lists(body, words):
    assert split_list(body) == words


@given(st.lists(st.text(alphabet="ab1.-e ", min_size=0, max_size=6), max_size=6))
def test_a_list_in_braces_comes_back(words):
    assert split_list(" ".join(f"{{{word}}}" for word in words)) == words


@rows(
    ("script", "message"),
    [
        ("Specify Oxs_Demag:d {", "line 3: the brace is never closed"),
        ("Specify Oxs_Demag:d {}x", "line 3: 'x' right after '}'"),
        ("Specify Oxs_Demag:d { A }", "line 3: the block has 1 words"),
        ("}", "line 3: a brace is closed"),
        ('SetOptions "', "quotation mark"),
        ("exec rm", "line 3: 'exec rm' is no command"),
        ("Specify Oxs_[exec]:d {}", "would be evaluated"),
        ("Schedule $x", "would be evaluated"),
        ("Schedule a\\b", "backslash"),
    ],
)
def test_what_oommfc_does_not_write_is_an_error_with_its_line(script, message):
    with pytest.raises(MifSyntaxError) as error:
        parse_mif(f"# MIF 2.2\n\n{script}")
    assert message in str(error.value)


def test_a_file_without_header_is_no_mif():
    with pytest.raises(MifSyntaxError, match="header"):
        parse_mif("Specify Oxs_Demag:d {}")
