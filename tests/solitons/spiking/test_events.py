import pytest
from rows import rows

from solitons.spiking.events import EventRecording


@rows(
    ("fields", "words"),
    [
        ({"times": [0.0, 2.0, 1.0], "addresses": [0, 0, 0], "inputs": 1}, "sort the events"),
        ({"times": [0.0, float("nan")], "addresses": [0, 0], "inputs": 1}, "not finite"),
        ({"times": [0.0], "addresses": [0, 1], "inputs": 2}, "one time and one address"),
        ({"times": [0.0, 1.0], "addresses": [0, 4], "inputs": 4}, "address 4 is none of 4 inputs"),
        ({"times": [0.0], "addresses": [-1], "inputs": 4}, "address -1"),
    ],
)
def test_what_is_no_recording_is_refused(fields, words):
    with pytest.raises(ValueError, match=words):
        EventRecording(**fields)


def test_a_silent_recording_is_one():
    assert EventRecording(times=[], addresses=[], inputs=3).times.size == 0
