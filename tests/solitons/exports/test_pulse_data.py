"""A laboratory's own file: what is read, and what is refused with a remedy."""

import numpy as np
import pytest

from solitons.exports import read_pulse_data


def rows(count=20, step=1.0, first=10.0, extra=""):
    return "\n".join(f"{n},{first + step * n}{extra}" for n in range(count))


def written(tmp_path, text, name="device.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_pulses_of_one_sign(tmp_path):
    data = read_pulse_data(written(tmp_path, "# pulse: 1.2 V, 50 ns\npulse, conductance (uS)\n" + rows()))
    (sequence,) = data.sequences
    np.testing.assert_allclose(sequence.conductance, 1e-6 * np.arange(10, 30))
    assert sequence.sign.tolist() == [1] * 19
    assert data.pulse == "1.2 V, 50 ns"
    assert data.source == "device.csv"
    assert len(data.sha256) == 64


def test_resistances_signs_cycles_and_devices(tmp_path):
    lines = ["pulse;sign;cycle;device;resistance (kohm)"]
    for device in "AB":
        for cycle in (1, 2):
            for n in range(21):
                sign = "" if n == 0 else "set" if n <= 10 else "reset"
                lines.append(f"{n};{sign};{cycle};{device};{100 - min(n, 20 - n)}")
    data = read_pulse_data(written(tmp_path, "\n".join(lines)))
    assert data.devices == ("A", "B")
    assert [(each.device, each.cycle) for each in data.sequences] == [("A", "1"), ("A", "2"), ("B", "1"), ("B", "2")]
    first = data.sequences[0]
    assert first.sign.tolist() == [1] * 10 + [-1] * 10
    np.testing.assert_allclose(first.conductance[[0, 10, 20]], [1e-5, 1 / 90e3, 1e-5])
    assert [train.sign for train in data.trains()] == [1, -1] * 4
    # The last reading of a train is the first of the next.
    assert data.trains()[0].conductance[-1] == data.trains()[1].conductance[0]


def test_a_decimal_comma_is_read_if_that_is_said(tmp_path):
    text = "pulse;conductance (µS)\n" + "\n".join(f"{n};{10 + n},5" for n in range(20))
    path = written(tmp_path, text)
    with pytest.raises(ValueError, match=r"line 2: conductance '10,5' is not a number; give decimal=','"):
        read_pulse_data(path)
    np.testing.assert_allclose(read_pulse_data(path, decimal=",").sequences[0].conductance[0], 10.5e-6)


def test_what_a_spreadsheet_writes_is_read(tmp_path):
    path = tmp_path / "old.csv"
    path.write_bytes(("pulse\tconductance (µS)\r\n" + rows().replace(",", "\t")).encode("latin-1"))
    assert read_pulse_data(path).pulses == 19


@pytest.mark.parametrize("lost", [lambda text: text.replace("15.0", ""), lambda text: text.replace("5,15.0\n", "")])
def test_a_lost_reading_is_a_gap(tmp_path, lost):
    (sequence,) = read_pulse_data(written(tmp_path, "pulse, conductance (uS)\n" + lost(rows()))).sequences
    expected = np.arange(10.0, 30.0)
    expected[5] = np.nan
    np.testing.assert_allclose(1e6 * sequence.conductance, expected)
    assert sequence.sign.tolist() == [1] * 19


def test_pulses_of_unknown_sign_cut_a_cycle(tmp_path):
    lines = [f"{n},{'' if not n else 1 if n <= 20 else -1},{10 + min(n, 40 - n)}" for n in range(41) if n != 20]
    data = read_pulse_data(written(tmp_path, "pulse, sign, conductance (uS)\n" + "\n".join(lines)))
    assert [each.sign.tolist() for each in data.sequences] == [[1] * 19, [-1] * 19]
    many = [line for line in lines if not 3 <= int(line.split(",")[0]) <= 13]
    data = read_pulse_data(written(tmp_path, "pulse, sign, conductance (uS)\n" + "\n".join(many)))
    assert [each.sign.size for each in data.sequences] == [5, 19]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no lines but comments"),
        ("pulse, conductance\n" + rows(), r"no unit of the conductance; write for instance 'conductance \(uS\)'"),
        ("pulse, conductance (V)\n" + rows(), r"the unit of the conductance: .*V"),
        ("pulse, conductance (uX)\n" + rows(), "the unit of the conductance"),
        ("pulse, conductance (S)\n" + rows(), r"a conductance of 29 S is that of no memory cell; is 'S' the unit"),
        ("conductance (uS)\n" + "\n".join(f"{n + 1}" for n in range(20)), "column 'pulse' is missing"),
        ("pulse, sign\n" + rows(), "column 'conductance' is missing; it has pulse, sign"),
        ("pulse, current (uA)\n" + rows(), r"column 'current \(uA\)' is not known; columns are pulse, conductance"),
        ("pulse, conductance (uS)\n" + rows(10), "9 pulses follow one another; at least 16 are needed"),
        ("pulse, conductance (uS)\n" + rows().replace("15.0", "inf"), "line 7: conductance is 'inf'; leave the cell"),
        ("pulse, conductance (uS)\n" + rows().replace("\n5,", "\n,"), "line 7: pulse is empty"),
        ("pulse, conductance (uS)\n" + "\n".join(f"{n}," for n in range(20)), "every conductance is empty"),
        (
            "pulse, conductance (uS)\n" + rows().replace("7,17", "6.5,17"),
            "line 9: pulse 6.5 follows pulse 6; whole num",
        ),
        ("pulse, conductance (uS)\n" + rows().replace("15.0", "-15.0"), "line 7: a conductance of -15.0 uS is not"),
        ("pulse, conductance (uS)\n" + rows().replace("15.0", "15,0"), "line 7: 3 values under 2 columns.*decimal=','"),
        (
            "pulse, conductance (uS)\n" + rows().replace("7,17", "6,17"),
            "line 9: pulse 6 follows pulse 6; whole numbers rise",
        ),
        ("pulse, conductance (uS)\n" + rows() + "\n" + rows(), "line 22: pulse 0 follows pulse 19; whole numbers"),
        ("pulse, conductance (uS), sign\n" + rows(extra=",9"), "line 2: sign '9' is not one of"),
        ("pulse, conductance (uS), conductance (S)\n" + rows(extra=",1"), "two columns 'conductance'"),
        ("pulse, conductance (uS), resistance (ohm)\n" + rows(extra=",1"), "a conductance and a resistance"),
        (
            "pulse, conductance (uS), cycle\n" + rows(extra=",1") + "\n" + rows(extra=",2") + "\n" + rows(extra=",1"),
            "cycle 1 of device 1 goes on after another",
        ),
        (
            "pulse, conductance (uS)\n" + "\n".join(f"{n},{10 + min(n, 30 - n)}" for n in range(31)),
            r"goes from 10 µS to 2\d µS at pulse 1\d and back by \d+%.*add a column 'sign'",
        ),
    ],
)
def test_bad_files_are_refused_with_the_line_and_the_remedy(tmp_path, text, words):
    with pytest.raises(ValueError, match=words):
        read_pulse_data(written(tmp_path, text))
