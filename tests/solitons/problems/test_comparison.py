"""The standard problems: references that agree, files of strangers, and what a comparison finds."""

import ast
import hashlib
import re

import numpy as np
import pytest
import xarray as xr
from rows import rows

from solitons.problems import compare, draw_comparison, load_problem, problem_names, read_solution
from solitons.problems.comparison import in_order
from solitons.problems.problem import bare_and_unit
from solitons.problems.reference_file import as_dataset

WALL = "wall-under-pulses"
ALLOWED = {
    "argparse",
    "importlib",
    "itertools",
    "tempfile",
    "pathlib",
    "discretisedfield",
    "micromagneticmodel",
    "numpy",
}


def written(tmp_path, table, rename=None):
    path = tmp_path / "mine.csv"
    table.rename(columns=rename or {}).to_csv(path, index=False)
    return path


@rows("name", problem_names())
def test_both_engines_agree_within_the_tolerance(name):
    problem = load_problem(name)
    found = compare(problem, problem.solution("native"))
    assert [each.column for each in found if not each.agrees] == []
    assert {each.worst for each in found if each.engine == "native" and not problem.reported[each.column].trials} == (
        {0.0} if any(not each.trials for each in problem.reported.values()) else set()
    )


@rows("name", problem_names())
def test_files_are_those_that_were_computed(name):
    folder = load_problem(name).folder
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    sums = {file: digest for digest, file in (line.split("  ") for line in lines)}
    assert {"script.py", "oommf.csv", "native.csv", "reference.nc"} <= set(sums)
    assert {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in sums} == sums
    with xr.open_dataset(folder / "reference.nc", engine="scipy") as stored:
        xr.testing.assert_allclose(stored.load(), as_dataset(load_problem(name)))


@rows("name", problem_names())
def test_a_script_needs_nothing_of_ours(name):
    tree = ast.parse((load_problem(name).folder / "script.py").read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in imports if isinstance(node, ast.ImportFrom)}
    assert names <= ALLOWED


def test_units_order_and_further_columns_are_no_hindrance(tmp_path):
    problem = load_problem(WALL)
    table = problem.solution("oommf")
    table["position (um)"] = table.pop("position (nm)") / 1e3
    table["angle (rad)"] = np.radians(table.pop("angle (deg)"))
    table["energy (J)"] = 1.0
    mine = read_solution(written(tmp_path, table.iloc[::-1]), problem)
    assert all(each.agrees for each in compare(problem, mine))
    assert max(each.worst for each in compare(problem, mine) if each.engine == "oommf") < 1e-6


@rows(
    "rename, said",
    [
        ({"position (nm)": "place (nm)"}, "no column 'position (nm)' among"),
        ({"position (nm)": "position"}, "has the unit 'none'; write it with one of the dimension of nm"),
        ({"position (nm)": "position (ns)"}, "'position (ns)' cannot be turned into nm"),
        ({"position (nm)": "position (parsec!)"}, "cannot be turned into nm"),
    ],
)
def test_columns_that_are_not_the_problems_are_named(tmp_path, rename, said):
    problem = load_problem(WALL)
    path = written(tmp_path, problem.solution("oommf"), rename)
    with pytest.raises(ValueError, match=r"mine\.csv, problem 'wall-under-pulses'") as raised:
        read_solution(path, problem)
    assert said in str(raised.value)


def test_times_that_were_added_up_and_whole_turns_are_no_hindrance():
    problem = load_problem(WALL)
    table = problem.solution("oommf")
    table["time (ns)"] += np.random.default_rng(1).uniform(-2e-4, 2e-4, len(table))
    table["angle (deg)"] += 360 * (np.arange(len(table)) % 3 - 1)
    assert max(each.worst for each in compare(problem, table) if each.engine == "oommf") < 1e-9
    table["time (ns)"] += 1e-3
    with pytest.raises(ValueError, match="no row is one of the references'"):
        compare(problem, table)


@rows(
    "name, key, by, said",
    [
        (WALL, "time (ns)", 1e-9, "goes from 2.5e-10 to 7e-09, and the references' from 0.25 to 7; if the units"),
        ("wall-depinning", "case", "x", "no row is one of the references'; give case = akj, case = ak"),
    ],
)
def test_keys_in_another_unit_or_of_another_name_are_suspected(name, key, by, said):
    problem = load_problem(name)
    table = problem.solution("oommf")
    table[key] = table[key] * by if isinstance(by, float) else table[key] + by
    with pytest.raises(ValueError, match=re.escape(said)):
        compare(problem, table)


def test_a_plain_number_has_no_unit(tmp_path):
    problem = load_problem("majority-gate")
    path = written(tmp_path, problem.solution("oommf"), {"centre": "centre (A/m)"})
    with pytest.raises(ValueError, match="it is a plain number; leave it out"):
        read_solution(path, problem)


def test_cells_that_are_no_numbers_and_rows_that_are_not_there_are_named(tmp_path):
    problem = load_problem(WALL)
    table = problem.solution("oommf").astype(object)
    table.loc[3, "position (nm)"] = "far"
    with pytest.raises(ValueError, match=r"'position \(nm\)' has 'far'; give a number"):
        read_solution(written(tmp_path, table), problem)
    whole = problem.solution("oommf")
    with pytest.raises(ValueError, match=r"2 of 28 rows are missing, the first one with time \(ns\) = 0\.75"):
        compare(problem, read_solution(written(tmp_path, whole.drop(index=[2, 5])), problem))
    twice = whole.iloc[[*range(len(whole)), 4]]
    with pytest.raises(ValueError, match=r"two rows with time \(ns\) = 1\.25; leave one"):
        compare(problem, read_solution(written(tmp_path, twice), problem))
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(ValueError, match="it is no CSV table"):
        read_solution(tmp_path / "empty.csv", problem)


def test_what_is_farther_than_the_tolerance_differs_and_where(tmp_path):
    problem = load_problem(WALL)
    table = problem.solution("oommf")
    allowed = float(problem.reported["position (nm)"].tolerance)
    table.loc[9, "position (nm)"] += 1.5 * allowed
    position = [each for each in compare(problem, table) if each.column == "position (nm)"]
    assert [each.agrees for each in position] == [False, False]
    assert {each.where for each in position} == {"time (ns) = 2.5"}
    assert position[0].worst == pytest.approx(1.5 * allowed)
    assert all(each.agrees for each in compare(problem, table) if each.column == "angle (deg)")


def test_a_place_of_what_is_gone_differs():
    problem = load_problem("skyrmion-expulsion")
    table = problem.solution("native")
    gone = table["held"] == 0
    assert gone.any()
    assert table["x (nm)"][gone].isna().all()
    table.loc[gone, "x (nm)"] = 100.0
    assert not any(each.agrees for each in compare(problem, table) if each.column == "x (nm)")


def test_counts_of_another_probability_differ_and_those_of_the_same_do_not():
    """One count a quarter up is found among the 48; so is a temperature that shifts all by half a frame."""
    problem = load_problem("junction-switching")
    table, rng = problem.solution("oommf"), np.random.default_rng(1)
    mean = (table.switched + problem.solution("native").switched) / 2 / table.trials
    outcomes = []
    for _ in range(20):
        table["switched"] = rng.binomial(table.trials, mean)
        outcomes += [all(each.agrees for each in compare(problem, table))]
    assert sum(outcomes) >= 17
    half = table.index[np.argmin(np.abs(mean - 0.5))]
    table.loc[half, "switched"] = round(1.25 * mean[half] * table.trials[half])
    assert not any(each.agrees for each in compare(problem, table))


@pytest.mark.parametrize("count", [2000, -1, 3.5, np.nan])
def test_counts_that_cannot_be_are_named_with_their_row(count):
    problem = load_problem("junction-switching")
    table = problem.solution("oommf").astype({"switched": float})
    table.loc[1, "switched"] = count
    with pytest.raises(ValueError, match=rf"has {count:g} of 1023 trials where .*time \(ns\) = 1; give whole numbers"):
        compare(problem, table)


def test_rows_are_put_in_the_references_order():
    problem = load_problem("wall-depinning")
    reference = problem.solution("oommf")
    assert list(in_order(problem, reference.iloc[::-1], reference)["case"]) == list(reference["case"])


@rows("name", problem_names())
def test_a_comparison_is_drawn_with_labels(name):
    problem = load_problem(name)
    figure = draw_comparison(problem, problem.solution("native"), "mine")
    assert [ax.get_ylabel() for ax in figure.axes[: len(problem.reported)]] == list(problem.reported)
    assert all(ax.get_xlabel() for ax in figure.axes[len(problem.reported) :])


@rows("column, parts", [("x (nm)", ("x", "nm")), ("held", ("held", "")), (" a b  (A/m^2) ", ("a b", "A/m^2"))])
def test_a_header_is_a_name_and_a_unit(column, parts):
    assert bare_and_unit(column) == parts


def test_an_unknown_problem_lists_those_there_are():
    with pytest.raises(KeyError, match="no standard problem 'wall'; there are junction-switching, "):
        load_problem("wall")
