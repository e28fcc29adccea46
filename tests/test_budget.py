"""The workbench and its tests do not grow unnoticed: counts are within `tests/budget.toml`."""

from budget import PACKAGES, REST, allowed, excesses, package_of, product_lines
from rows import rows


def test_product_lines_are_within_the_budget():
    counts = product_lines()
    assert set(counts) == set(PACKAGES)
    over = excesses("product_lines", counts, allowed("product_lines"))
    assert not over, "\n".join(over)


def test_items_are_within_the_budget(items_of_the_suite):
    over = excesses("test_items", items_of_the_suite, allowed("test_items"))
    assert not over, "\n".join(over)


def test_what_is_over_is_named_with_the_excess_and_the_remedy():
    assert excesses("product_lines", {"runs": 10, "solitons": 20}, {"runs": 10, "solitons": 20}) == []
    (line,) = excesses("product_lines", {"runs": 10, "solitons": 1_021}, {"runs": 10, "solitons": 1_000})
    for part in ("product lines of solitons", "1,021", "21 more", "1,000", "[product_lines] of tests/budget.toml"):
        assert part in line
    # What has no budget of its own has none.
    assert "3 more" in excesses("test_items", {"new": 3}, {})[0]


@rows(
    ("path", "package"),
    [
        ("tests/runs/sweeps/test_sweep.py::test_x[a/b::c]", "runs"),
        ("geometries/parts.py::geometries.parts", "geometries"),
        ("tests/test_book.py::test_x", REST),
        ("tests/plugins/made_runs.py", REST),
    ],
)
def test_a_test_belongs_to_the_package_that_it_mirrors(path, package):
    assert package_of(path) == package
