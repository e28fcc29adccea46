"""Damaged OVF files: refused in words, or read as the mesh and the numbers that were written; never anything else.

`benchmarks/ovf_fuzz.py` is the long form, on files of other programs too and beside discretisedfield.
"""

import random
import re

import numpy as np
import pytest

from runs.reading import OVFError
from runs.reading.backend import OVFBackend

from .ovf_damage import DAMAGES, damage

FORMS = {
    "1.0, text": {"version": 1, "representation": "Text", "units": "A/m", "multiplier": 2.0},
    "1.0, binary 4": {"version": 1, "representation": "Binary 4", "order": ">", "units": "A/m", "multiplier": 2.0},
    "2.0, text": {"representation": "Text"},
    "2.0, binary 4": {"representation": "Binary 4", "break_before_end": False},
    "2.0, binary 8": {"representation": "Binary 8"},
    "2.0, irregular": {"representation": "Binary 8", "irregular": True},
}
EACH = 20


def load(path):
    return OVFBackend().open_dataset(path).load()


def field(run):
    """The values, whatever a damaged title makes their name, and the numbers that give places."""
    (name,) = run.data_vars
    return run[name].values, [run[axis].values for axis in "xyz"]


def changed_numbers(values, honest):
    return int(np.sum(~np.isclose(values, honest, rtol=1e-6, atol=0, equal_nan=True)))


def factor(content):
    """What a file says that its values are multiplied by: a digit of it may be another's, and the line be lost."""
    found = re.search(rb"^# valuemultiplier: *(\S+)", content, re.MULTILINE)
    return float(found[1]) if found else 1.0


@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_file_is_refused_or_what_it_was(tmp_path, values, ovf_file, form):
    parts = FORMS[form].copy()
    if parts.pop("irregular", False):
        parts |= {"values": values.reshape(-1, 3), "points": np.random.default_rng(2).uniform(size=(24, 3))}
    content = ovf_file(**({"values": values} | parts)).content()
    path = tmp_path / "a.omf"
    path.write_bytes(content)
    honest, places = field(load(path))
    steps = [max(np.ptp(place), 1.0) / 2 for place in places]
    draw, refused = random.Random(form), 0
    for kind in DAMAGES:
        for number in range(EACH):
            damaged = damage(content, kind, draw)
            path.write_bytes(damaged)
            what = f"{form}, {kind}, number {number}"
            try:
                found, where = field(load(path))
            except OVFError as error:
                refused += 1
                assert str(path) in str(error), what  # noqa: PT017 - an error is one of two right answers
                continue
            assert found.shape == honest.shape, what
            found = found * factor(content) / factor(damaged)
            # Nothing in a file says what its values or points were; a digit or a bit of one may be another's.
            slack = 1 if kind in ("a bit flipped behind it", "bytes too many", "bytes too few") else 0
            moved = sum(map(changed_numbers, where, places)) if "irregular" in form else 0
            assert changed_numbers(found, honest) + moved <= slack, what
            for one, other, step in zip(where, places, steps, strict=True):
                assert "irregular" in form or np.abs(one - other).max() <= step, what
    assert refused > 0.4 * EACH * len(DAMAGES)
