"""OVF files that are not whole or not right: the file, the byte and what was expected, never a wrong array."""

import os
import pickle
import tracemalloc

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from rows import rows

from runs.reading import OVFError, open_drive, open_table
from runs.reading.backend import OVFBackend


def load(path):
    return OVFBackend().open_dataset(path)["M"].values


FORMS = [(1, "Text", ">"), (1, "Binary 4", ">"), (2, "Text", "<"), (2, "Binary 4", "<"), (2, "Binary 8", "<")]


@pytest.mark.parametrize("irregular", [False, True])
@pytest.mark.parametrize(("version", "representation", "order"), FORMS)
def test_cut_anywhere_it_is_an_error(tmp_path, ovf_file, version, representation, order, irregular):
    values = np.arange(1.0, 7.0).reshape(2, 1, 1, 3)
    mesh = {"values": values[:, 0, 0], "points": np.ones((2, 3))} if irregular else {"values": values}
    units = "A/m" if version == 1 else "A/m A/m A/m"
    file = ovf_file(version=version, representation=representation, order=order, units=units, **mesh)
    path, content = tmp_path / "a.omf", file.content()
    # A header that was read before is not parsed again.
    np.testing.assert_array_equal(load(file.write(path)), mesh["values"])
    for size in range(len(content)):
        path.write_bytes(content[:size])
        if size == len(content) - 1:  # the last line break
            np.testing.assert_array_equal(load(path), mesh["values"])
            continue
        with pytest.raises(OVFError) as error:
            load(path)
        assert error.value.path == str(path)
        assert 0 <= error.value.offset <= max(size, 200)
        assert str(path) in str(error.value)


@given(data=st.data())
def test_a_header_with_any_byte_changed_is_an_error_or_a_header(tmp_path_factory, ovf_file, data):
    path = tmp_path_factory.getbasetemp() / "changed.omf"
    content = ovf_file(np.ones((2, 1, 1, 3)), representation="Text").content()
    where = data.draw(st.integers(0, content.index(b"1.0 1.0 1.0") - 1))
    path.write_bytes(content[:where] + bytes([data.draw(st.integers(0, 255))]) + content[where + 1 :])
    try:
        xr.open_dataset(path, engine=OVFBackend).load()
    except OVFError as error:
        assert error.offset <= len(content)  # noqa: PT017 - an error is one of two right answers


@rows(
    ("old", "new", "message"),
    [
        ("# OOMMF OVF 2.0", "# OOMMF OVF 3.0", r"byte 0: expected '# OOMMF OVF 2.0'"),
        ("# OOMMF OVF 2.0", "# OOMMF: irregular mesh v0.0", r"byte 0: .*avf2ovf.*found OVF 0.0"),
        ("xnodes: 2", "xnodes: two", r"at least 1 for 'xnodes', found 'two'"),
        ("xnodes: 2", "xnodes: -2", r"at least 1 for 'xnodes', found '-2'"),
        ("valuedim: 3", "valuedim: 300", r"at least \d+ bytes for 600 numbers, found a file of"),
        ("xnodes: 2", "xnodes: 3", r"step size of 0.333333, as 3 nodes from 'xmin' to 'xmax' have it"),
        ("xnodes: 2", "xnodes: ２", r"at least 1 for 'xnodes', found '２'"),
        ("valuedim: 3", "valuedim: 2", r"'# End: Data' after the values"),
        ("xbase: 1.0", "xbase: nan", r"a number for 'xbase', found 'nan'"),
        ("xstepsize: 0.5", "xstepsize: 0", r"a step size other than 0"),
        ("xstepsize: 0.5", "xstepsize: 0.25", r"a step size of 0.5, as 2 nodes .* found 'xstepsize: 0.25'"),
        ("xstepsize: 0.5", "xstepsize: 5e-1_0", r"a number for 'xstepsize', found '5e-1_0'"),
        ("xbase: 1.0\n# xstepsize: 0.5", "xstepsize: -0.5", r"a line '# xbase: ...' in the header before, found none"),
        ("xbase: 1.0", "xbase: 7.0", r"the first node at 1, half a step inside 'xmin', found 'xbase: 7'"),
        ("xmax: 1.75", "xmax: 17.5", r"a step size of 8.375, as 2 nodes"),
        ("xmin: 0.75", "xmin: low", r"a number for 'xmin', found 'low'"),
        ("# xstepsize: 0.5\n", "", r"a line '# xstepsize: ...' in the header before, found none"),
        ("xstepsize", "xstep-size", r"a line of a header, such as '# xstepsize: ...', found '# xstep-size: ...'"),
        ("valuelabels", "valuelabel", r"such as '# valuelabels: ...', found '# valuelabel: ...'"),
        ("valuedim: 3", "valuedim: 1000000000", r"at most 65536 components, found 'valuedim: 1000000000'"),
        ("valuedim: 3", "valuedim: 3\n# valuemultiplier: 1000", r"no 'valuemultiplier' but 1 in OVF 2.0.*found 1000"),
        ("meshtype: rectangular", "meshtype: round", r"meshtype rectangular or irregular, found 'round'"),
        ("xnodes: 2", "xnodes: 2\n# xnodes: 3", r"'xnodes' once, found it twice"),
        ("# Title", "Title", r"begins with '#' and has a ':', found b'Title"),
        ("# End: Header", "# Begin: Header", r"expected '# End: Header'"),
        ("Begin: Data Binary 8", "Begin: Data Binary 16", r"'Data Binary 8', found 'Data Binary 16'"),
        ("Begin: Data Binary 8\n", "Begin: Data Binary 8\n ", r"check value 123456789012345.0 in 8 bytes"),
        ("# End: Data", "  End: Data", r"'# End: Data' after the values"),
        ("# End: Segment", "# ent: Segment", r"'# End: Segment'"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, ovf_file, old, new, message):
    path, content = tmp_path / "a.omf", ovf_file(np.ones((2, 1, 1, 3))).content()
    assert old.encode() in content
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))
    with pytest.raises(OVFError, match=message):
        load(path)


FACTOR = {"version": 1, "order": ">", "units": "A/m", "multiplier": 2.0}
TEXT = {"representation": "Text"}
NUMBERS = "1.0 1.0 1.0\n1.0 1.0 1.0"


@rows(
    ("parts", "old", "new", "message"),
    [
        (
            FACTOR,
            "valuemultiplier",
            "valuemultipler",
            r"such as '# valuemultiplier: ...', found '# valuemultipler: ...",
        ),
        (FACTOR, "valuemultiplier", "value_multiplier", r"such as '# valuemultiplier: ...'"),
        (FACTOR, "valuemultiplier: 2.0", "valuemultiplier 2.0", r"which begins with '#' and has a ':'"),
        (FACTOR, "valuemultiplier: 2.0", "valuemultiplier: 0", r"'valuemultiplier' from 1e-30 to 1e\+30 .*found 0"),
        (FACTOR, "valuemultiplier: 2.0", "valuemultiplier: 1e300", r"make all values 0 or infinite\), found 1e\+300"),
        (FACTOR, "valuemultiplier: 2.0", "valuemultiplier: inf", r"a number for 'valuemultiplier', found 'inf'"),
        (FACTOR, "valuemultiplier: 2.0", "valuedim: 4", r"3 components, as in all of OVF 1.0, found 'valuedim: 4'"),
        (TEXT, NUMBERS, "1 2 three 4 5 6", r"byte \d+: .*a number, found b'three'"),
        (TEXT, NUMBERS, "1 2 3 4 5", r"6 numbers before, found 5"),
        (TEXT, NUMBERS, "1 2 3 4 5 6 7", r"6 numbers before, found 7"),
    ],
)
def test_what_is_wrong_with_a_factor_or_in_text_is_said(tmp_path, ovf_file, parts, old, new, message):
    path, content = tmp_path / "a.omf", ovf_file(np.ones((2, 1, 1, 3)), **parts).content()
    assert old.encode() in content
    path.write_bytes(content)
    assert (load(path) == parts.get("multiplier", 1)).all()
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))
    with pytest.raises(OVFError, match=message) as error:
        load(path)
    if "three" in new:
        assert path.read_bytes()[error.value.offset :].startswith(b"three")


@rows("newline", ["\n", "\r\n"])
@rows("order", ["<", ">"])
@rows("representation", ["Binary 4", "Binary 8"])
def test_a_line_break_is_not_taken_for_a_byte_that_is_lost(tmp_path, ovf_file, representation, newline, order):
    values = np.random.default_rng(3).normal(size=(4, 1, 1, 3))
    file = ovf_file(values, representation=representation, newline=newline, order=order)
    content, path = file.content(), tmp_path / "a.omf"
    lost = content.index(file.data()) + 20
    path.write_bytes(content[:lost] + content[lost + 1 :])
    with pytest.raises(OVFError, match="a line break: a byte of them is missing"):
        load(path)


@rows(
    "content",
    [b"# OOMMF: irregular mesh v0.0\n0 0 0 1 2 3\n", b"# SVF-02\n0 0 0 1 2 3\n", b"0 0 0 1 2 3\n", b"1e-9 0 0 1 2\n"],
)
def test_ovf_0_is_named_as_what_it_is(tmp_path, content):
    path = tmp_path / "a.svf"
    path.write_bytes(content)
    with pytest.raises(OVFError, match=r"found OVF 0\.0, also called SVF: columns of numbers"):
        xr.open_dataset(path, engine=OVFBackend)


def test_a_large_number_of_components_costs_no_memory(tmp_path, ovf_file):
    # A file of holes that would be large enough.
    content = ovf_file(np.ones((2, 1, 1, 3)), units="A/m").content().replace(b"valuedim: 3", b"valuedim: 1000000000")
    path = tmp_path / "a.omf"
    path.write_bytes(content)
    os.truncate(path, 20_000_000_000)
    tracemalloc.start()
    with pytest.raises(OVFError, match="at most 65536 components"):
        load(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path, oommf_drive):
    pipe, link = tmp_path / "a.omf", tmp_path / "b.omf"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(OVFError, match=r"expected a file, found a named pipe \(FIFO\)"):
            xr.open_dataset(path, engine=OVFBackend)
        with pytest.raises(ValueError, match=r"expected a table, found a named pipe \(FIFO\)"):
            open_table(path)
    with pytest.raises(OVFError, match="expected a file, found a device"):
        xr.open_dataset(os.devnull, engine=OVFBackend)
    with pytest.raises(ValueError, match="expected a table, found a device"):
        open_table(os.devnull)
    drive = oommf_drive(tmp_path / "drive", [np.ones((1, 1, 1, 3))] * 2)
    last = sorted(drive.glob("*.omf"))[-1]
    last.unlink()
    os.mkfifo(last)
    with pytest.raises(OVFError, match="expected"):
        open_drive(drive)
    with pytest.raises(FileNotFoundError):
        xr.open_dataset(tmp_path / "none.omf", engine=OVFBackend)


def test_a_file_without_lines_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "a.omf"
    path.write_bytes(b"# OOMMF OVF 2.0\n" + b"\0" * 1_000_000)
    with pytest.raises(OVFError, match="found more than 65536 bytes"):
        load(path)
    path.write_bytes(b"# OOMMF OVF 2.0\n# Begin: Header\n" + b"# Desc: again\n" * 100_000)
    with pytest.raises(OVFError, match="expected '# End: Header', found none in"):
        load(path)


def test_a_file_that_is_exchanged_after_opening_is_an_error(tmp_path, ovf_file):
    path = ovf_file(np.ones((2, 1, 1, 3))).write(tmp_path / "a.omf")
    run = xr.open_dataset(path, engine=OVFBackend)
    ovf_file(np.ones((1, 2, 1, 3))).write(path)
    with pytest.raises(OVFError, match=r"nodes \(2, 1, 1\).*found nodes \(1, 2, 1\)"):
        run.load()


def test_a_header_that_was_read_before_is_checked_again(tmp_path, ovf_file):
    path, values = tmp_path / "a.omf", np.ones((2, 1, 1, 3))
    for index in range(3):
        ovf_file(index * values, description=f"Iteration: {10**index}").write(path)
        assert OVFBackend().open_dataset(path).attrs["iteration"] == 10**index
        np.testing.assert_array_equal(load(path), index * values)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Binary 8\n", b"Binary 8\n\0", 1))
    with pytest.raises(OVFError, match="check value"):
        load(path)
    # What is no description to the format is none the second time either.
    path.write_bytes(content.replace(b"# End: Header\n", b"# End: Header\n# Desc: Iteration: 7\n"))
    for _ in range(2):
        assert OVFBackend().open_dataset(path).attrs["iteration"] == 100


def test_an_error_pickles():
    error = pickle.loads(pickle.dumps(OVFError("a.omf", 7, "more", "less")))
    assert str(error) == "a.omf: byte 7: expected more, found less"
    assert (error.path, error.offset) == ("a.omf", 7)


def test_a_value_whose_square_is_none_is_refused(tmp_path, ovf_file):
    """Its direction would be 0."""
    values = np.full((2, 1, 1, 3), 1e158)
    path = ovf_file(values=values, representation="Binary 8").write(tmp_path / "a.omf")
    with pytest.raises(OVFError, match=r"expected values of at most 1e\+100, found 1e\+158"):
        load(path)
