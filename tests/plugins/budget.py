"""The sizes of the workbench and of its tests, and the largest that `tests/budget.toml` allows.

`make budget` prints them. The tests fail where a count is larger than its budget; seconds are printed only, as they
depend on the machine.
"""

import json
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("geometries", "runs", "analysis", "solitons")
REST = "workbench"  # tests of the whole: the book, the notebooks, the release
SECONDS = "budget/seconds"  # where pytest's cache has the seconds of the last sessions, by their selection of tests


def package_of(path: str) -> str:
    """Name the package to which a file or a test belongs, by its path or pytest's id."""
    first, *rest = Path(path.partition("::")[0]).parts
    name = rest[0] if first == "tests" else first
    return name if name in PACKAGES else REST


def allowed(table: str) -> dict[str, int]:
    """Read a table of the budget."""
    return tomllib.loads((ROOT / "tests" / "budget.toml").read_text())[table]


def excesses(table: str, counts: dict[str, int], budget: dict[str, int]) -> list[str]:
    """Say what is over its budget, by how much, and what to do."""
    what, where = table.replace("_", " "), f"[{table}] of tests/budget.toml"
    return [
        f"{what} of {name}: {count:,} are {count - budget.get(name, 0):,} more than the budget, "
        f"{budget.get(name, 0):,}; make them fewer, or raise the number in {where} and write in the commit why"
        for name, count in counts.items()
        if count > budget.get(name, 0)
    ]


def lines(folder: Path) -> Counter[str]:
    """Count the lines of the Python files in a folder, for each package."""
    paths = [path for pattern in ("*.py", "*.pyi") for path in folder.rglob(pattern)]
    counts: Counter[str] = Counter()
    for path in paths:
        with path.open("rb") as file:
            counts[package_of(str(path.relative_to(ROOT)))] += sum(1 for _ in file)
    return counts


def product_lines() -> Counter[str]:
    """Count the lines of each package."""
    return sum((lines(ROOT / name) for name in PACKAGES), Counter())


def collected_items() -> Counter[str]:
    """Count what pytest collects, for each package."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "--collect-only", "-qq"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    counts: Counter[str] = Counter()
    for line in output.splitlines():
        path, _, count = line.rpartition(": ")
        if path.endswith(".py") and count.isdecimal():
            counts[package_of(path)] += int(count)
    return counts


def seconds() -> dict[str, dict[str, float]]:
    """Read how long the tests of each package took in the last sessions of the whole suite."""
    path = ROOT / ".pytest_cache" / "v" / SECONDS
    return json.loads(path.read_text()) if path.exists() else {}


def main() -> int:
    """Print the table; 1 if a count is over its budget."""
    counted = {"product_lines": product_lines(), "test_items": collected_items()}
    tests, took = lines(ROOT / "tests"), seconds()
    titles = [
        *(table.replace("_", " ") for table in counted),
        "test lines",
        *(f"s of {each or 'all'}" for each in took),
    ]
    print(f"{'':12}", *(f"{title:>18}" for title in titles))
    for name in (*PACKAGES, REST):
        cells = [
            f"{counts[name]:,} of {allowed(table)[name]:,}" if name in allowed(table) else ""
            for table, counts in counted.items()
        ]
        cells += [f"{tests[name]:,}", *(f"{table.get(name, 0):.0f}" for table in took.values())]
        print(f"{name:12}", *(f"{cell:>18}" for cell in cells))
    cells = [f"{sum(counts.values()):,}" for counts in (*counted.values(), tests)]
    print(
        f"{'all':12}", *(f"{cell:>18}" for cell in [*cells, *(f"{sum(table.values()):.0f}" for table in took.values())])
    )
    over = [line for table, counts in counted.items() for line in excesses(table, counts, allowed(table))]
    for line in over:
        print(line)
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
