"""A test of many rows that are tried in a moment: one item, which reports every row that fails by itself."""

import functools
import inspect

import pytest

_PARAM = type(pytest.param())


def rows(names, values, ids=None):
    """Try each row of a table in one test, written as `pytest.mark.parametrize` is.

    For tables of words and numbers: rows share the test's fixtures, and none has a mark of its own.
    """
    names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    table = [_row(row, len(names)) for row in values]
    assert table, "a table without rows tries nothing"
    assert not any(row.marks for row in table), "a row with a mark is a test of its own"
    named = [ids(*row.values) for row in table] if callable(ids) else ids or [row.values for row in table]
    labels = [row.id or name for row, name in zip(table, named, strict=True)]

    def over(test):
        signature = inspect.signature(test)
        fixtures = [each for name, each in signature.parameters.items() if name not in (*names, "subtests")]
        within = "subtests" in signature.parameters  # tables within tables try all pairs of rows

        @functools.wraps(test)
        def tried(subtests, **shared):
            if within:
                shared["subtests"] = subtests
            for number, (label, row) in enumerate(zip(labels, table, strict=True)):
                with subtests.test(f"row {number}, {label!s:.120}"):
                    test(**dict(zip(names, row.values, strict=True)), **shared)

        own = inspect.Parameter("subtests", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        tried.__signature__ = inspect.Signature([own, *fixtures])
        del tried.__wrapped__
        return tried

    return over


def _row(row, length):
    """A row with its own name and marks, as `pytest.param` makes it."""
    if isinstance(row, _PARAM):
        return row
    return pytest.param(*([row] if length == 1 else row))
