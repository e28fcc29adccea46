"""An interrupted run goes on from its checkpoint, and gives what an uninterrupted one gives."""

import json

import numpy as np
import pytest
import xarray as xr

from runs import CurrentPulses, EngineFailedError, Protocol, Relax
from runs.engines import oommf, oommf_drive


@pytest.fixture
def interrupted(make_spec, tmp_path, monkeypatch):
    """Run a spec in a directory until the progress says so much."""

    def run(spec, directory, fraction, heard=lambda _: None):
        def interrupt(done):
            if done >= fraction:
                raise KeyboardInterrupt
            heard(done)

        directory.mkdir(exist_ok=True)
        with pytest.raises(KeyboardInterrupt):
            oommf.simulate(spec, directory, interrupt)

    return run


@pytest.fixture
def half(interrupted, fake_oommf, allow_stages, make_spec, tmp_path):
    """A directory with a run of 12 stages that the stand-in for OOMMF was interrupted in, and its spec."""
    protocol = make_spec().protocol
    spec = make_spec(engine="oommf", protocol=Protocol(steps=protocol.steps, sampling_interval=protocol.duration / 12))
    # One stage at a time, so that each is seen, and with it its checkpoint or the one before.
    allow_stages(1)
    interrupted(spec, tmp_path, 5 / 12 - 1e-6, lambda done: allow_stages(round(12 * done) + 1))
    allow_stages(12)
    return spec, tmp_path


def finish(spec, directory):
    return oommf.simulate(spec, directory, lambda _: None)


def frames(directory):
    return sorted(path.name for path in (directory / "drive").glob("stripe-*.omf"))


def test_it_goes_on_and_says_so(half, tmp_path):
    spec, directory = half
    before = frames(directory)
    assert 0 < len(before) < 12
    record = json.loads((directory / "resume.json").read_text())
    assert (record["run_id"], record["engine_version"]) == (spec.run_id, oommf.version())
    run = finish(spec, directory)
    assert run.attrs["resumed"] == 1
    assert run.sizes["t"] == 13
    assert len(frames(directory)) == 12
    xr.testing.assert_equal(run, finish(spec, tmp_path / "anew"))


def test_what_came_after_the_checkpoint_is_written_again(half):
    spec, directory = half
    drive = directory / "drive"
    # As if OOMMF had written two more stages, in steps of other numbers.
    last = len(frames(directory))
    for stage in (last, last + 1):
        (drive / f"stripe-Oxs_TimeDriver-Magnetization-{stage:02d}-{10 * stage + 13:07d}.omf").write_bytes(b"half")
    with open(drive / "stripe.odt", "a") as table:
        print(f"1e-18 {10 * last + 13} {last} 9.99\n# Table End\n1e-18 {10 * last + 2}", file=table, end="")
    run = finish(spec, directory)
    assert run.attrs["resumed"] == 1
    assert frames(directory)[last].endswith(f"{10 * last + 10:07d}.omf")


def test_a_state_that_is_written_twice_counts_once(half, monkeypatch):
    # OOMMF 2.1 does so where its checkpoint was at a stage's end.
    spec, directory = half
    monkeypatch.setenv("FAKE_OOMMF", "twice")
    run = finish(spec, directory)
    assert run.attrs["resumed"] == 1
    assert run.sizes["t"] == 13


def garble_checkpoint(drive):
    # Checkpoints and frames are written in the same buffer; what time it was then is not known.
    path = drive / "stripe.restart"
    content = path.read_bytes()
    start, end = content.index(b"# Desc: stage_elapsed_time"), content.index(b"# Desc: last_timestep")
    path.write_bytes(content[:start] + b"# xmax: 1.2e-07d_time 1.5e-11\n".ljust(end - start, b"#") + content[end:])


def garble_frame(drive):
    path = sorted(drive.glob("stripe-*.omf"))[0]
    path.write_bytes(path.read_bytes().replace(b"# xnodes", b"# Title!"))


def remove_last_frame(drive):
    # OOMMF's archiver was ended before it had written the row and the frame.
    sorted(drive.glob("stripe-*.omf"))[-1].unlink()


@pytest.mark.parametrize("damage", [garble_checkpoint, garble_frame, remove_last_frame])
def test_it_goes_on_from_an_older_checkpoint_and_with_garbled_headers(half, tmp_path, damage):
    spec, directory = half
    assert (directory / "drive" / "stripe.restart.1").exists()
    damage(directory / "drive")
    run = finish(spec, directory)
    assert run.attrs["resumed"] == 1
    xr.testing.assert_equal(run, finish(spec, tmp_path / "anew"))


def damage_frame(drive):
    path = sorted(drive.glob("stripe-*.omf"))[0]
    path.write_bytes(path.read_bytes()[:-50])


def remove_row(drive):
    table = drive / "stripe.odt"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join(lines[:5] + lines[6:]))


def change_record(drive, old, new):
    record = drive.parent / "resume.json"
    assert old in record.read_text()
    record.write_text(record.read_text().replace(old, new))


DAMAGES = {
    "a frame is missing": lambda drive: sorted(drive.glob("stripe-*.omf"))[0].unlink(),
    "a frame is cut": damage_frame,
    "a row is missing": remove_row,
    "the table is missing": lambda drive: (drive / "stripe.odt").unlink(),
    "the checkpoints are cut": lambda drive: [
        path.write_bytes(b"# OOMMF OVF 2.0\n") for path in drive.glob("stripe.restart*")
    ],
    "the checkpoints are missing": lambda drive: [path.unlink() for path in drive.glob("stripe.restart*")],
    "the input is another": lambda drive: change_record(drive, '"m0.omf": "', '"m0.omf": "0'),
    "the version is another": lambda drive: change_record(drive, "2.1a0", "2.0"),
    "the record is broken": lambda drive: drive.joinpath("..", "resume.json").write_text("{"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_it_begins_anew_where_it_cannot_go_on(half, damage):
    spec, directory = half
    DAMAGES[damage](directory / "drive")
    run = finish(spec, directory)
    assert run.attrs["resumed"] == 0
    assert run.sizes["t"] == 13


def test_another_run_does_not_go_on_from_it(half, make_spec):
    _, directory = half
    assert finish(make_spec(engine="oommf"), directory).attrs["resumed"] == 0


def test_a_checkpoint_at_the_very_end_needs_no_oommf(half, monkeypatch):
    spec, directory = half
    run = finish(spec, directory)
    assert run.attrs["resumed"] == 1
    monkeypatch.setattr(oommf_drive, "_run", lambda *_, **__: pytest.fail("OOMMF was started"))
    again = finish(spec, directory)
    assert again.attrs["resumed"] == 2
    xr.testing.assert_equal(run, again)


def test_a_failure_that_would_come_again_is_not_gone_on_from(half, monkeypatch):
    spec, directory = half
    monkeypatch.setattr(oommf_drive, "_SETTLE_FAILED", 0.1)
    monkeypatch.setenv("FAKE_OOMMF", "at once")
    with pytest.raises(EngineFailedError):
        finish(spec, directory)
    assert not (directory / "resume.json").exists()
    monkeypatch.setenv("FAKE_OOMMF", "")
    assert finish(spec, directory).attrs["resumed"] == 0


def test_without_a_checkpoint_nothing_is_promised(fake_oommf, allow_stages, interrupted, make_spec, tmp_path):
    allow_stages(0)
    spec = make_spec(engine="oommf")
    interrupted(spec, tmp_path, 0.0)
    assert not (tmp_path / "resume.json").exists()


@pytest.mark.oommf
@pytest.mark.slow
def test_oommf_goes_on_at_half_and_ends_where_it_would_have(make_spec, interrupted, tmp_path, monkeypatch):
    pulse = CurrentPulses(amplitude=1e12, width=1.6e-9, rise=20e-12, period=2e-9, polarity="negative")
    spec = make_spec(engine="oommf", protocol=Protocol(steps=[Relax(), pulse], sampling_interval=0.1e-9))
    monkeypatch.setattr(oommf, "CHECKPOINT_INTERVAL", 0.1)
    whole = finish(spec, tmp_path / "whole")
    # Twice: in the pulse, where a step of another length shows, and once more.
    interrupted(spec, tmp_path / "resumed", 0.3)
    assert 0 < len(frames(tmp_path / "resumed")) < 20
    interrupted(spec, tmp_path / "resumed", 0.6)
    run = finish(spec, tmp_path / "resumed")
    assert run.attrs["resumed"] == 2
    np.testing.assert_array_equal(run["t"], whole["t"])
    assert len(frames(tmp_path / "resumed")) == 20
    # The uninterrupted run itself is as far from one with a thousandth of the allowed errors: 4.5e-3 (energy: 1.5e-4).
    assert float(np.abs(run["m"] - whole["m"]).max()) < 4.5e-3
    np.testing.assert_allclose(run["energy"], whole["energy"], rtol=1.5e-4)
