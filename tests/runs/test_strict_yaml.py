"""Descriptions from YAML: what readers of YAML disagree about is refused, and nothing hangs or runs."""

import pytest
from rows import rows

from runs.strict_yaml import read_table


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "described.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        return read_table(path, "a thing is a table")

    return read


@rows(
    ("text", "value"),
    [
        ("on", "on"), ("no", "no"), ("yes", "yes"), ("y", "y"), ("2026-01-01", "2026-01-01"), ("=", "="),
        ("1e9", 1e9), ("0.6e12", 0.6e12), (".5", 0.5), ("-3", -3), ("true", True), ("~", None), ("", None),
        ("16:9 image", "16:9 image"), ("10_nm", "10_nm"), ("'1:30'", "1:30"), ('"0x1F"', "0x1F"), ("5 nm", "5 nm"),
    ],
)  # fmt: skip
def test_plain_words_and_numbers_mean_what_yaml_1_2_says(read, text, value):
    found = read(f"a: {text}")["a"]
    assert found == value
    assert type(found) is type(value)


@rows("text", ["1:30", "1:30:15.5", "017", "08", "0o17", "0x1F", "0b11", "1_000", "1_0.5", "00.5"])
def test_a_number_that_readers_read_differently_is_refused_with_its_place(read, text):
    with pytest.raises(
        ValueError, match=rf"described\.yaml: .*line 2, column 4: {text} is a number to some .* in quotes"
    ):
        read(f"b: 1\na: {text}")


@rows(
    ("text", "message"),
    [
        ("[" * 3000 + "]" * 3000, "nested deeper than 60 levels"),
        ("{b: " * 3000, "nested deeper than 60 levels"),
        ("&x [*x]", "contains itself"),
        (
            "\n".join(["&l0 [1, 1]", *(f"a{i}: &l{i} [*l{i - 1}, *l{i - 1}]" for i in range(1, 60))]),
            "more than 2,000,000",
        ),
        ("\n".join(["&l0 [1]", *(f"a{i}: &l{i} [*l{i - 1}]" for i in range(1, 3000))]), "nested deeper than 60"),
        ("9" * 5000, "a number of 5000 digits is too large"),
        ("!!python/name:os.system x", "names a kind of object; leave it out"),
        ("!!timestamp x", "names a kind of object"),
        ("!!int '0o17'", "names a kind of object"),
        ("1\na: 2", "the key 'a' is given twice"),
        ("1\n? [a]\n: 2", "a key is no name, but a list or a table"),
        ("\x00", "not YAML"),
        ("\ud800", "not YAML"),
        ("[1, 2", "line 1, column 9: expected"),
    ],
)
def test_what_is_no_plain_data_is_refused(read, text, message):
    with pytest.raises(ValueError, match=message):
        read(f"a: {text}")


def test_a_file_that_is_far_too_large_is_not_read(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(30_000_000)
    with pytest.raises(ValueError, match=r"large\.yaml has 30 MB; give at most 20 MB"):
        read_table(path, "")
