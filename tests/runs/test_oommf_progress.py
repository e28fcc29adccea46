"""How far OOMMF is, read from its table as it grows; and its limit in wall time."""

import json
import time
from types import SimpleNamespace

import pytest
from rows import rows

from runs import EngineFailedError, Protocol, Rest
from runs.engines import Limits, WallTimeError, get_engine, oommf, oommf_drive, oommf_progress

COLUMNS = "{Oxs_TimeDriver::Simulation time} E Oxs_TimeDriver::Iteration"
HEAD = f"# ODT 1.0\n# Table Start\n# Columns: {COLUMNS}\n# Units: s J {{}}\n"


def test_only_whole_rows_count_and_nothing_is_read_twice(tmp_path):
    table = tmp_path / "a.odt"
    rows = oommf_progress.follow_table(table)
    assert next(rows) is None
    table.write_text(HEAD)
    assert next(rows) is None
    with open(table, "a") as file:
        print("1e-12 5 10", file=file, flush=True)
        assert next(rows) == (10, 1e-12)
        print("2e-12 5", file=file, end="", flush=True)
        assert next(rows) == (10, 1e-12)
        print("e3 20\n3e-12 5 30\n# Table End", file=file, flush=True)
        assert next(rows) == (30, 3e-12)
    table.write_text("x" * len(table.read_text()))
    assert next(rows) == (30, 3e-12)


def test_a_second_table_in_the_file_goes_on(tmp_path):
    table = tmp_path / "a.odt"
    table.write_text(f"{HEAD}1e-12 5 10\n#\n{HEAD}2e-12 5 20\n")
    assert next(oommf_progress.follow_table(table)) == (20, 2e-12)


def test_speed_and_time_left(tmp_path, monkeypatch):
    table, file, fractions = tmp_path / "a.odt", tmp_path / "progress.json", []
    clock = iter([100.0, 100.5, 102.0])
    monkeypatch.setattr(oommf_progress.time, "monotonic", lambda: next(clock))
    report = oommf_progress.progress_reporter(table, file, oommf_progress.Extent("s", 8e-12), fractions.append)
    table.write_text(f"{HEAD}2e-12 0 10\n")
    assert report() == 2e-12
    first = json.loads(file.read_text())
    assert first["steps_per_second"] is None
    assert first["seconds_left"] is None
    with open(table, "a") as more:
        print("4e-12 0 30", file=more)
    report()
    assert json.loads(file.read_text()) == first  # written at most once a second
    report()
    second = json.loads(file.read_text())
    assert (second["simulated_time"], second["duration"]) == (4e-12, 8e-12)
    assert second["steps_per_second"] == pytest.approx(10)
    assert second["seconds_left"] == pytest.approx(4)
    assert second["updated"] >= first["updated"]
    assert fractions == [0.25, 0.5, 0.5]
    assert list(tmp_path.glob(".progress*")) == []


def test_a_run_reports_as_it_goes(fake_oommf, allow_stages, make_spec, tmp_path):
    allow_stages(0)
    fractions, file = [], tmp_path / "progress.json"

    def progress(fraction):
        fractions.append(fraction)
        # The file is written at most once a second: the stages wait until it says what was heard.
        content = json.loads(file.read_text()) if file.exists() else {}
        in_relaxation = content.get("duration", 1.0) == 1.0
        if not in_relaxation and round(6 * content["fraction"]) == round(6 * fraction):
            assert content["duration"] == pytest.approx(0.3e-9)
            assert content["simulated_time"] == pytest.approx(fraction * 0.3e-9)
            allow_stages(3 if fraction < 0.4 else 6)

    oommf.simulate(make_spec(engine="oommf"), tmp_path, progress)
    assert fractions == sorted(fractions)
    assert sorted({round(6 * fraction) for fraction in fractions}) == [0, 3, 6]


def test_a_run_ends_at_its_wall_time_and_says_how_far_it_came(
    fake_oommf, allow_stages, make_spec, tmp_path, monkeypatch, processes_of
):
    allow_stages(2)
    late = []
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + 1e4 * bool(late), sleep=time.sleep)
    monkeypatch.setattr(oommf_drive, "time", clock)

    def progress(fraction):
        # The record is written when there is a checkpoint.
        if fraction > 0.3 and (tmp_path / "resume.json").exists():
            late.append(True)

    spec = make_spec(engine="oommf")
    with pytest.raises(WallTimeError, match=r"its wall-clock limit of 1000 s was reached at 1e-10 of 3e-10 s") as error:
        oommf.simulate(spec, tmp_path, progress, Limits(wall_time=1000))
    assert isinstance(error.value, EngineFailedError)
    assert str(error.value).startswith(f"run {spec.run_id}: ")
    assert "there is a checkpoint, from which it is continued" in str(error.value)
    assert str(tmp_path / "drive") in str(error.value)
    assert processes_of(spec.run_id) == []
    late.clear()
    allow_stages(6)
    assert oommf.simulate(spec, tmp_path, lambda _: None).attrs["resumed"] == 1


def test_a_wall_time_that_ends_in_the_relaxation_promises_no_checkpoint(fake_oommf, make_spec, tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_PAUSE", "20")
    with pytest.raises(WallTimeError, match=r"reached in its relaxation; there is no checkpoint yet"):
        oommf.simulate(make_spec(engine="oommf"), tmp_path, lambda _: None, Limits(wall_time=0.4))


def test_native_keeps_the_wall_time_too(make_spec, tmp_path, monkeypatch):
    monkeypatch.setattr("runs.native.evolve", lambda _, times, progress, **_none: progress(times[1]))
    spec = make_spec(engine="native", protocol=Protocol(steps=[Rest(duration=1e-9)], sampling_interval=1e-10))
    with pytest.raises(
        WallTimeError, match=r"limit of 1e-06 s was reached at .* no checkpoint: give it a longer limit"
    ):
        get_engine("native").simulate(spec, tmp_path, lambda _: None, Limits(wall_time=1e-6))


@rows("wrong", [{"threads": 0}, {"threads": 1.5}, {"threads": True}, {"wall_time": 0}, {"memory": 1000}])
def test_limits_that_are_none(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        Limits(**wrong)
