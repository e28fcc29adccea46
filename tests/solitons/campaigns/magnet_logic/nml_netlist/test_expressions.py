"""What an output should be, as an expression of the inputs."""

import itertools

import pytest
from rows import rows

from solitons.campaigns.magnet_logic.nml_netlist.expressions import value_of


@rows(
    ("expression", "wanted"),
    [
        ("a", lambda a, *_: a),
        ("not (a and b) or c", lambda a, b, c: not (a and b) or c),
        ("a xor b xor c", lambda a, b, c: a ^ b ^ c),
        ("majority(a, not b, c)", lambda a, b, c: a + (not b) + c >= 2),
        ("a and b or c and (a xor b)", lambda a, b, c: (a and b) or (c and (a ^ b))),
    ],
)
def test_expressions_are_those_of_logic(expression, wanted):
    for bits in itertools.product((True, False), repeat=3):
        signs = {name: 1 if bit else -1 for name, bit in zip("abc", bits, strict=True)}
        assert (value_of(expression, signs) > 0) == bool(wanted(*bits))


@rows(
    "expression",
    ["", "a +", "a + b", "d", "a ^ b", "majority(a, b)", "majority(*a)", "__import__('os')", "a if b else c", "1",
     "a.b", "a xor not b", "a # and b", "(" * 300, "not " * 100 + "d", "a" * 1000, "\x00", "lambda: a", "a < b", "[a]"],
)  # fmt: skip
def test_what_is_none_is_refused_in_words(expression):
    with pytest.raises(ValueError, match="is no expression of a, b, c with not, and, or, xor"):
        value_of(expression, {"a": 1, "b": -1, "c": 1})


def test_a_signal_may_have_a_name_that_is_a_word_of_python():
    assert [value_of("not in", {"in": bit}) for bit in (1, -1)] == [-1, 1]
