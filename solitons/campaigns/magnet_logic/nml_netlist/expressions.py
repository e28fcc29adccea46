"""Expected output as an expression of the inputs: "a and b", "majority(a, b, c)", "a xor b xor c"."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

__all__ = ["value_of"]

_LONGEST = 500
_WORDS = ("not", "and", "or", "majority")


def value_of(expression: str, bits: Mapping[str, int]) -> int:
    """Evaluate an expression of not, and, or, xor, majority and brackets.

    Each signal's bit and the value are 1 or -1.
    """
    wrong = f"{expression[:60]!r} is no expression of {', '.join(bits)} with not, and, or, xor, majority and brackets"
    example = "write one, such as 'a and not b' or 'a xor (not b)'"
    if len(expression) > _LONGEST or set(expression) & set("^#"):
        raise ValueError(f"{wrong}; {example}")
    # A signal may be named as a word of Python, such as "in".
    words = {"xor": "^", **{name: f"_{place}" for place, name in enumerate(bits)}}
    places = {f"_{place}": bit for place, bit in enumerate(bits.values())}
    text = re.sub(r"\w+", lambda word: word[0] if word[0] in _WORDS else words.get(word[0], "None"), expression.strip())
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"{wrong}; {example}") from None
    found = _evaluate(tree.body, places)
    if found is None:
        raise ValueError(f"{wrong}; use the names of its signals")
    return 1 if found else -1


def _evaluate(node: ast.expr, bits: Mapping[str, int]) -> bool | None:
    """The value of a part of it; None of what is not allowed."""
    match node:
        case ast.Name(id=name) if name in bits:
            return bits[name] > 0
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _evaluate(operand, bits)
            return None if inner is None else not inner
        case ast.BoolOp(op=operator, values=values):
            parts = _all(values, bits)
            return None if parts is None else (all(parts) if isinstance(operator, ast.And) else any(parts))
        case ast.BinOp(op=ast.BitXor(), left=left, right=right):
            parts = _all([left, right], bits)
            return None if parts is None else parts[0] != parts[1]
        case ast.Call(func=ast.Name(id="majority"), args=arguments, keywords=[]) if len(arguments) % 2:
            parts = _all(arguments, bits)
            return None if parts is None else 2 * sum(parts) > len(parts)
        case _:
            return None


def _all(nodes: list[ast.expr], bits: Mapping[str, int]) -> list[bool] | None:
    found = [_evaluate(node, bits) for node in nodes]
    given = [each for each in found if each is not None]
    return given if len(given) == len(found) else None
