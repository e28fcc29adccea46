"""Damaged OVF files, many: what is refused, what is read as it was, and what is read as something else without a word.

    python benchmarks/ovf_fuzz.py [--each 40] [--seed 1] [FILE or FOLDER ...]

Without files those that OOMMF, mumax3 and ubermag wrote and that come with discretisedfield and micromagneticdata are
damaged. discretisedfield reads each damaged file too. The damages are those of tests/runs/reading/ovf_damage.py,
whose short form runs with the tests.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import discretisedfield as df
import micromagneticdata
import numpy as np

from runs.reading import OVFError
from runs.reading.backend import OVFBackend
from runs.reading.frame_files import EXTENSIONS

sys.path.append(str(Path(__file__).parents[1] / "tests" / "runs" / "reading"))
from ovf_damage import DAMAGES, damage

# Larger files are damaged in the same ways, only more slowly.
LARGEST = 300_000
COLUMNS = ("tried", "refused", "same", "words", "places", "values", "raw error", "slowest")
LEGEND = """
same: all that was written. words: names, labels, units or the description are others. places: a mesh that is moved or
stretched. values: numbers are others. df: discretisedfield, of the same file (other: its values or its mesh)."""
THEIRS = ("df refused", "df same", "df other")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--each", type=int, default=40, help="damages of each kind and file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="name what was read as something else")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    originals = list(whole_files(options.files))
    with tempfile.TemporaryDirectory() as folder:
        for original in originals:
            damage_one(original, Path(folder) / original.name, options, rows)
    print(f"{len(originals)} files, {options.each} damages of each kind, seed {options.seed}\n")
    print(f"| damage | {' | '.join((*COLUMNS[:-1], 'slowest, ms', *THEIRS))} |")
    print("|---" * (2 + len(COLUMNS) + len(THEIRS) - 1) + "|")
    total: Counter[str] = Counter()
    for kind, row in rows.items():
        slowest = max(total["slowest"], row["slowest"])
        total += row
        total["slowest"] = slowest
        print(f"| {kind} | {' | '.join(str(row[column]) for column in (*COLUMNS, *THEIRS))} |")
    print(f"| all | {' | '.join(str(total[column]) for column in (*COLUMNS, *THEIRS))} |")
    print(LEGEND)


def whole_files(given: list[Path]) -> Iterator[Path]:
    """Files that are whole and not large."""
    packages = [Path(package.__file__).parent / "tests" / "test_sample" for package in (df, micromagneticdata)]
    seen = set()
    for place in given or packages:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.suffix.lower() not in EXTENSIONS or path.stat().st_size > LARGEST:
                continue
            # Of a drive's frames one is enough.
            kind = (path.parent, path.suffix, path.name.rstrip("0123456789.abcdefghijklmnopqrstuvwxyz"))
            if kind not in seen:
                seen.add(kind)
                yield path


def damage_one(original: Path, path: Path, options: argparse.Namespace, rows: dict[str, Counter[str]]) -> None:
    content = original.read_bytes()
    path.write_bytes(content)
    try:
        honest, theirs = ours(path), discretisedfields(path)
    except OVFError as error:
        print(f"left out, {original.name}: {error.expected} expected, {error.found} found")
        return
    for kind in DAMAGES:
        draw = random.Random(f"{options.seed} {original.name} {kind}")
        for number in range(options.each):
            try:
                path.write_bytes(damage(content, kind, draw))
            except IndexError:  # nothing in this file to damage so
                break
            row = rows[kind]
            row["tried"] += 1
            start = time.perf_counter()
            try:
                outcome = compared(ours(path), honest)
            except OVFError:
                outcome = "refused"
            except Exception as error:
                outcome = "raw error"
                print(f"raw error, {original.name}, {kind}, number {number}: {type(error).__name__}: {error}")
            row["slowest"] = max(row["slowest"], round(1e3 * (time.perf_counter() - start)))
            row[outcome] += 1
            if options.show and outcome in ("places", "values"):
                print(f"{outcome}, {original.name}, {kind}, number {number}")
            row["df " + their_outcome(path, theirs)] += 1


def ours(path: Path) -> dict[str, list]:
    run = OVFBackend().open_dataset(path).load()
    (name,) = run.data_vars
    words = (name, run[name].attrs, run.attrs, {axis: run[axis].attrs for axis in "xyz"})
    labels = [str(one) for one in run["vdims"].values] if "vdims" in run.coords else []
    return {"values": [run[name].values], "places": [run[axis].values for axis in "xyz"], "words": [*words, labels]}


def compared(found: dict[str, list], honest: dict[str, list]) -> str:
    if not all(np.array_equal(*pair, equal_nan=True) for pair in zip(found["values"], honest["values"], strict=True)):
        return "values"
    for one, other in zip(found["places"], honest["places"], strict=True):
        step = np.abs(np.diff(other)).min() if other.size > 1 else np.abs(other).max()
        if one.shape != other.shape or np.abs(one - other).max() > 1e-3 * step:
            return "places"
    return "same" if found["words"] == honest["words"] else "words"


def discretisedfields(path: Path) -> df.Field | None:
    try:
        return df.Field.from_file(path)
    except Exception:
        return None


def their_outcome(path: Path, honest: df.Field | None) -> str:
    found = discretisedfields(path)
    if found is None:
        return "refused"
    same = (
        honest is not None
        and np.array_equal(found.array, honest.array, equal_nan=True)
        and np.array_equal(found.mesh.cell, honest.mesh.cell)
        and np.array_equal(found.mesh.region.pmin, honest.mesh.region.pmin)
    )
    return "same" if same else "other"


if __name__ == "__main__":
    main()
