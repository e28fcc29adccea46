"""The OOMMF engine: how it is found, what it leaves behind, and what it says when it fails."""

import os

import numpy as np
import pytest

from runs import EngineFailedError, Protocol, resolve, simulate
from runs.engines import EngineNotFoundError, get_engine, oommf


def test_a_script_that_is_no_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("OOMMFTCL", str(tmp_path / "oommf.tcl"))
    with pytest.raises(EngineNotFoundError, match=r"oommf\.tcl.*no file.*--engine native"):
        oommf.command()


def test_an_oommf_that_refuses_is_quoted_and_root_is_named(monkeypatch, tmp_path):
    script = tmp_path / "oommf"
    script.write_text("#!/bin/sh\necho 'will not run for you' >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setattr(oommf, "command", lambda: (str(script),))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(EngineNotFoundError, match=r"will not run for you.*does not run as root"):
        oommf.version()


def test_auto_takes_native_where_there_is_no_oommf(monkeypatch):
    monkeypatch.delenv("OOMMFTCL", raising=False)
    monkeypatch.setattr(oommf.shutil, "which", lambda _: None)
    assert resolve("auto") == "native"
    with pytest.raises(EngineNotFoundError):
        resolve("oommf")


@pytest.mark.oommf
def test_auto_takes_oommf_where_it_is():
    assert resolve("auto") == "oommf"


@pytest.mark.oommf
def test_a_run_has_every_frame_and_leaves_no_process(make_spec, processes_of):
    spec = make_spec(engine="oommf")
    fractions = []
    run = simulate(spec, progress=fractions.append)
    assert run.attrs["engine_version"] == get_engine("oommf").version()
    np.testing.assert_allclose(run["t"], spec.protocol.sample_times)
    assert np.isfinite(run["energy"]).all()
    np.testing.assert_allclose(np.linalg.norm(run["m"], axis=-1), 1, atol=1e-6)
    assert fractions[-1] == 1.0
    assert (run.attrs["threads"], run.attrs["resumed"]) == (1, 0)
    assert processes_of(spec.run_id) == []


@pytest.mark.oommf
@pytest.mark.slow
def test_more_than_a_hundred_frames_come_in_order(make_spec):
    # File names sort wrongly from stage 100 on; a wall that only moves one way shows it.
    protocol = make_spec().protocol
    many = Protocol(steps=protocol.steps, sampling_interval=protocol.duration / 120)
    run = simulate(make_spec(engine="oommf", protocol=many))
    pushed = run["mz"].values[: int(120 * 0.15 / 0.3)]
    assert (np.diff(pushed) > -1e-6).all()


@pytest.mark.oommf
def test_a_failure_shows_oommfs_own_words_and_where_its_log_is(make_spec, tmp_path, monkeypatch, processes_of):
    original = oommf.build_system

    def broken(spec, **how):
        system = original(spec, **how)
        if how["drive"]:
            (term,) = (term for term in system.dynamics if hasattr(term, "tcl_strings"))
            term.tcl_strings = term.tcl_strings | {"script": "this is no Tcl command\n"}
        return system

    monkeypatch.setattr(oommf, "build_system", broken)
    spec = make_spec(engine="oommf")
    with pytest.raises(EngineFailedError, match=spec.run_id) as failure:
        oommf.simulate(spec, tmp_path, lambda _: None)
    assert 'It said: invalid command name "this". What is wrong: ' in str(failure.value)
    assert "Stack" not in str(failure.value)
    assert str(tmp_path) in str(failure.value)
    assert processes_of(spec.run_id) == []
