"""OVF files that are not whole or not right: the file, the byte and what was expected, never a wrong array."""

import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from runs.reading import OVFBackend, OVFError


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


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# OOMMF OVF 2.0", "# OOMMF OVF 3.0", r"byte 0: expected '# OOMMF OVF 2.0'"),
        ("# OOMMF OVF 2.0", "# OOMMF: irregular mesh v0.0", r"byte 0: .*avf2ovf.*found OVF 0.0"),
        ("xnodes: 2", "xnodes: two", r"at least 1 for 'xnodes', found 'two'"),
        ("xnodes: 2", "xnodes: -2", r"at least 1 for 'xnodes', found '-2'"),
        ("xnodes: 2", "xnodes: 3", r"at least \d+ bytes for 9 numbers, found a file of"),
        ("valuedim: 3", "valuedim: 2", r"'# End: Data' after the values"),
        ("xbase: 1.0", "xbase: nan", r"a number for 'xbase', found 'nan'"),
        ("xstepsize: 0.5", "xstepsize: 0", r"step sizes other than zero"),
        ("# xbase: 1.0\n", "", r"a line '# xbase: ...' in the header before, found none"),
        ("meshtype: rectangular", "meshtype: round", r"meshtype rectangular or irregular, found 'round'"),
        ("xnodes: 2", "xnodes: 2\n# xnodes: 3", r"'xnodes' once, found it twice"),
        ("# Title", "Title", r"begins with '#', found b'Title"),
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


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("1 2 three 4 5 6", r"a number, found b'three'"),
        ("1 2 3 4 5", r"6 numbers before, found 5"),
        ("1 2 3 4 5 6 7", r"6 numbers before, found 7"),
    ],
)
def test_what_is_wrong_in_text_is_said(tmp_path, ovf_file, new, message):
    path = tmp_path / "a.omf"
    content = ovf_file(np.ones((2, 1, 1, 3)), representation="Text").content()
    path.write_bytes(content.replace(b"1.0 1.0 1.0\n1.0 1.0 1.0", new.encode()))
    with pytest.raises(OVFError, match=message) as error:
        load(path)
    if "three" in new:
        assert path.read_bytes()[error.value.offset :].startswith(b"three")


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
