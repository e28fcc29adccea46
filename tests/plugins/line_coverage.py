"""Which lines of the packages the tests have run, from what `make coverage` has measured.

Code that numba compiles cannot be traced: its lines are left out of the shares, and counted beside them.
"""

import sys
from collections import defaultdict
from pathlib import Path

from budget import PACKAGES
from coverage import Coverage

LEAST = 60  # per cent of the lines of a module
# Runs in a Python without site-packages (-I -S), where nothing can be traced; its tests are in test_oommf_watcher.py.
UNTRACED = "runs/engines/oommf_watcher.py"


def measured():
    """Combine what the processes have written; of each module the lines, those not run, and those compiled by numba."""
    coverage = Coverage()
    coverage.combine()
    coverage.save()
    modules = {}
    for path in sorted(path for name in PACKAGES for path in Path(name).rglob("*.py")):
        _, lines, excluded, missing, _ = coverage.analysis2(str(path))
        compiled = excluded if "@njit" in path.read_text() else []
        modules[str(path)] = (len(lines), len(missing), len(compiled))
    return modules


def share(lines, missing):
    return 100.0 if not lines else 100 * (lines - missing) / lines


def main():
    modules = measured()
    folders = defaultdict(lambda: [0, 0, 0])
    for path, counts in modules.items():
        parts = Path(path).parent.parts
        for name in {parts[0], "/".join(parts[:2])}:
            folders[name] = [total + count for total, count in zip(folders[name], counts, strict=True)]
    print(f"{'package':32}{'lines':>10}{'not run':>10}{'per cent':>10}{'by numba':>10}")
    for name, (lines, missing, compiled) in sorted(folders.items()):
        print(f"{name:32}{lines:10,}{missing:10,}{share(lines, missing):10.1f}{compiled:10,}")
    print("Lines 'by numba' are compiled, cannot be traced, and are left out of the shares.")
    print(f"{UNTRACED} runs in a Python without site-packages, cannot be traced there, and may be below {LEAST} %.")
    shares = {path: share(*counts[:2]) for path, counts in modules.items() if path != UNTRACED}
    low = {path: value for path, value in shares.items() if value < LEAST}
    for path, value in low.items():
        print(f"{path}: the tests run {value:.0f} % of its lines, and {LEAST} % are wanted; add tests of what it does")
    return bool(low)


if __name__ == "__main__":
    sys.exit(main())
