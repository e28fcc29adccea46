"""A run is done when all of its output is there, finite and of the right length, whatever OOMMF's return code."""

import time

import numpy as np
import pytest

from runs import EngineFailedError
from runs.engines import Limits, oommf, oommf_drive


@pytest.fixture
def fake(fake_oommf, monkeypatch, make_spec, tmp_path):
    """Run the engine with a stand-in for OOMMF in which something goes wrong; 6 stages."""

    def run(how="", **arguments):
        monkeypatch.setenv("FAKE_OOMMF", how)
        monkeypatch.setattr(oommf_drive, "_SETTLE", 0.3)
        monkeypatch.setattr(oommf_drive, "_SETTLE_FAILED", 0.3)
        spec = make_spec(engine="oommf")
        return oommf.simulate(spec, tmp_path, lambda _: None, **arguments)

    return run


def test_all_of_the_output_becomes_the_run(fake, make_spec):
    run = fake(limits=Limits(threads=2))
    np.testing.assert_allclose(run["t"], make_spec().protocol.sample_times)
    assert run["energy"].values.tolist() == [1.5e-18] * 7
    assert run.attrs["threads"] == 2
    assert run.attrs["resumed"] == 0


def test_output_that_is_whole_counts_and_not_the_return_code(fake):
    assert fake("code").sizes["t"] == 7


def test_a_header_that_holds_lines_of_a_checkpoint_is_not_needed(fake):
    np.testing.assert_array_equal(fake("garbled")["m"], fake()["m"])


WRONG = {
    "silent": r"ended with 0 .*stripe\.odt: OOMMF has not written its table",
    "truncated": r"-01-0000020\.omf: it does not end with the values of \d+ x \d+ x \d+ cells",
    "nan": r"-01-0000020\.omf: in 1 cells of 160 M is wrong; in cell \(0, 0, 0\) M is not finite",
    "long": r"-01-0000020\.omf: .* in cell \(0, 0, 0\) \|M\| = \S+ A/m, and Ms = 600000 A/m",
    "missing frame": r"5 frames of 6, that of stage 1 is missing",
    "missing row": r"stripe\.odt: the table has 5 rows, and there are 6 stages",
    "energy": r"stripe\.odt: column 'E' is nan in row 1",
    "no end": r"stripe\.odt: the table's last line is not '# Table End'",
    "times": r"stripe\.odt: the table's rows do not lie at the 6 sampling times",
}


@pytest.mark.parametrize("how", WRONG)
def test_what_is_wrong_is_named_with_its_file_the_run_and_the_logs(fake, make_spec, tmp_path, how):
    started = time.monotonic()
    with pytest.raises(EngineFailedError, match=WRONG[how]) as failure:
        fake(how)
    assert time.monotonic() - started < 10, "what does not come is not waited for for ever"
    assert str(failure.value).startswith(f"run {make_spec(engine='oommf').run_id}: OOMMF ended with 0")
    assert f"Its input and logs are in {tmp_path / 'drive'}" in str(failure.value)


def test_oommfs_own_words_are_shown_and_no_traceback(fake):
    with pytest.raises(EngineFailedError, match=r"OOMMF ended with 1") as failure:
        fake("error")
    said = "It said: Anv_SpinTEvolve:evolver --- Error evaluating Tcl script:  CAV; it went wrong. What is wrong: "
    assert said in str(failure.value)
    for noise in ("Stack", "while executing", "Start:", "tclcommand.cc"):
        assert noise not in str(failure.value)


def test_a_host_server_that_does_not_start_is_named(fake):
    with pytest.raises(EngineFailedError, match=r"run \w+: OOMMF's host server ended with 1.*logs are in"):
        fake("no host")


def test_a_program_that_cannot_be_started_is_named(fake, monkeypatch, tmp_path):
    monkeypatch.setattr(oommf, "command", lambda: ("/nowhere/oommf",))
    monkeypatch.setattr(oommf, "version", lambda: "none")
    with pytest.raises(EngineFailedError, match="host server ended with 127"):
        fake()
    assert "/nowhere/oommf cannot be started" in (tmp_path / "relax" / "oommf.stderr").read_text()


def test_oommf_gets_nothing_that_would_send_its_output_elsewhere(fake, monkeypatch, tmp_path):
    monkeypatch.setenv("OOMMF_OUTDIR", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(oommf, "command", lambda: ("sh", "-c", "env; exit 1", "sh"))
    monkeypatch.setattr(oommf, "version", lambda: "none")
    with pytest.raises(EngineFailedError):
        fake()
    assert "OOMMF_OUTDIR" not in (tmp_path / "relax" / "oommf.stdout").read_text()
