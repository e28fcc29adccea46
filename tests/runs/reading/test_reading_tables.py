"""Tables of OOMMF and mumax3, against ubermagtable."""

import pathlib

import numpy as np
import pytest
import ubermagtable
from rows import rows

from runs.reading import open_table
from runs.reading.tables import read_rows

SAMPLES = sorted((pathlib.Path(ubermagtable.__file__).parent / "tests" / "test_sample").iterdir())


@rows("path", SAMPLES, ids=lambda path: path.stem)
def test_what_ubermagtable_reads(path):
    table, expected = open_table(path), ubermagtable.Table.fromfile(str(path))
    flat = table.reset_coords()
    names, _, rows = read_rows(path)
    np.testing.assert_array_equal(rows, expected.data)
    assert len(set(names)) == len(names)
    for name, short in zip(names, expected.data.columns, strict=True):
        assert name == short if expected.data.columns.tolist().count(short) == 1 else name.startswith(("Oxs_", "My_"))
        assert flat[name].attrs.get("units", "") == expected.units[short]
    time = expected.data.get("t")
    grows = time is not None and bool(np.all(np.diff(time) > 0))
    assert table.sizes == {"t" if grows else "step": len(expected.data)}


def test_columns_that_ubermagtable_does_not_know(tmp_path):
    path = tmp_path / "a.odt"
    path.write_text(
        '# ODT 1.0\n# Table Start\n## a comment\n# Columns: Iteration "Applied Field" \\\n#   {Total Energy} Mx\n'
        '# Units: {} "mT" {J/m^3} "A/m"\n103 50 {} 787840\n1000 32 0.00603 -8e5\n# Table End\n'
    )
    table = open_table(path)
    assert list(table.data_vars) == ["Iteration", "Applied Field", "Total Energy", "Mx"]
    np.testing.assert_array_equal(table["Total Energy"], [np.nan, 0.00603])
    assert [table[name].attrs.get("units") for name in table.data_vars] == [None, "mT", "J/m^3", "A/m"]


@rows(
    ("head", "expected"),
    [
        ("mx ()\twall position (nm)", {"mx": None, "wall position": "nm"}),
        ("wall position (nm)\twall angle (rad)", {"wall position": "nm", "wall angle": "rad"}),
        ("E_total (J)\tmaxTorque (T)", {"E": "J", "maxtorque": "T"}),
        ("E (J)\tE_total (J)", {"E": "J", "E_total": "J"}),
        ("mx ()\tmx ()", {"mx": None, "mx_3": None}),
        ("step ()\t ()", {"table_step": None, "column_3": None}),
        ("my(x, 3) (kg/(m s2))\tx (y) z (m)", {"my(x, 3)": "kg/(m s2)", "x (y) z": "m"}),
        ("\u03b8 (\u00b0)\tno unit", {"\u03b8": "\u00b0", "no unit": None}),
    ],
)
def test_a_table_of_mumax_has_any_labels(tmp_path, head, expected):
    path = tmp_path / "table.txt"
    path.write_text(f"# t (s)\t{head}\n0\t1\t2\n1e-12\t3\tNaN\n", encoding="utf-8")
    table = open_table(path)
    assert table.sizes == {"t": 2}
    assert {name: column.attrs.get("units") for name, column in table.data_vars.items()} == expected
    first, second = expected
    np.testing.assert_array_equal(table[first], [1, 3])
    np.testing.assert_array_equal(table[second], [2, np.nan])


def test_a_label_in_another_encoding_stops_nobody(tmp_path):
    path = tmp_path / "table.txt"
    path.write_bytes(b"# t (s)\t\xb5 ()\tmx ()\n0\t1\t2\n")
    assert float(open_table(path)["mx"][0]) == 2


def test_a_row_that_is_being_written_is_left_out(tmp_path, odt_head):
    path = tmp_path / "a.odt"
    path.write_text(odt_head + " 1 10 0 0.5 1e-12\n 2 20 1 0.25 2e-1")
    np.testing.assert_array_equal(open_table(path)["t"], [1e-12])
    path.write_text(odt_head)
    assert open_table(path).sizes == {"t": 0}


def test_a_run_that_was_taken_up_again_has_one_table(tmp_path, odt_head):
    path = tmp_path / "a.odt"
    first = odt_head + " 1 10 0 0.5 1e-12\n# Table End\n"
    path.write_text(first + first.replace(" 1 10 0 0.5 1e-12", " 1 20 1 0.5 2e-12"))
    np.testing.assert_array_equal(open_table(path)["t"], [1e-12, 2e-12])
    path.write_text(first + first)
    table = open_table(path)
    assert table["t"].dims == ("step",)
    path.write_text(first + first.replace("TimeDriver::mx", "TimeDriver::my"))
    with pytest.raises(ValueError, match=r"a\.odt.*different columns.*odtcols"):
        open_table(path)


@rows(
    ("content", "message"),
    [
        ("", "neither an OOMMF table"),
        ("x y\n1 2\n", "neither an OOMMF table"),
        ("# ODT 1.0\n1 2\n", "no line '# Columns"),
        ("# ODT 1.0\n# Columns: a b\n# Units: s\n1 2\n", "2 columns have 1 units"),
        ("# ODT 1.0\n# Columns: a b\n# Units: s m\n1 2\n1\n", r"line 5 is not 2 numbers: '1'"),
        ("# t (s)\tmx ()\n1\t2\nrelaxed\n", r"line 3 is not 2 numbers: 'relaxed'"),
    ],
)
def test_what_is_no_table_is_said(tmp_path, content, message):
    path = tmp_path / "table.txt"
    path.write_text(content)
    with pytest.raises(ValueError, match=message):
        open_table(path)
