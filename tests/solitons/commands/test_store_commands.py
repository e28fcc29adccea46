"""`status`, `verify`, `gc` and `rm` as a person types them."""

import io
import json
import shutil
import subprocess
import sys

import pytest
from rows import rows

from geometries import Stripe
from runs import Store
from runs.attempt import run_one
from runs.store import remember_campaign
from runs.store.entry import RECORD, SEAL, seal, sha256
from solitons.commands.cli import app, main
from solitons.commands.run_list import _device_of, _drive_of

OTHER = "f" * 16


@pytest.fixture
def solitons(monkeypatch, capsys, tmp_path):
    """Type a command in a folder of its own, and get its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def type_in(*arguments, answer=""):
        monkeypatch.setattr("solitons.commands.cli.app", lambda: app(list(arguments)))
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        try:
            main()
            code = 0
        except SystemExit as leaving:
            code = leaving.code or 0
        printed = capsys.readouterr()
        return code, " ".join(printed.out.split()), " ".join(printed.err.split())

    return type_in


@pytest.fixture
def stored(make_spec, tmp_path):
    spec, store = make_spec(), Store(tmp_path / "store")
    run_one(spec, store)
    remember_campaign(store, "mine", "mock", [spec.run_id, OTHER])
    return spec.run_id, store


@pytest.fixture
def older(stored):
    """The id of an entry that is as schema 1 wrote it, beside one of today."""
    run_id, store = stored
    entry = store.entry(OTHER)
    shutil.copytree(store.entry(run_id), entry)
    spec = json.loads((entry / "spec.json").read_text())
    spec["protocol"]["torques"] = ["zhang-li"]
    (entry / "spec.json").write_text(json.dumps(spec))
    record = json.loads((entry / RECORD).read_text()) | {"run_id": OTHER}
    del record["schema"]
    record["files"]["spec.json"] = {
        "size": (entry / "spec.json").stat().st_size,
        "sha256": sha256(entry / "spec.json"),
    }
    content = json.dumps(record).encode()
    (entry / RECORD).write_bytes(content)
    (entry / SEAL).write_text(seal(content))
    return OTHER


@pytest.mark.parametrize("command", [["list"], ["verify"], ["show", OTHER]])
def test_an_entry_of_an_older_schema_is_said_to_be_one(solitons, older, command):
    code, out, err = solitons(*command)
    assert (code, err) == (0, "")
    assert "1 was described in an older schema, by an older version of the workbench: such runs can be opened" in out
    assert "cannot be read" not in out
    assert solitons("verify", older)[0] == 0


def test_a_campaign_that_an_older_workbench_ran_is_said_to_be_one(solitons, stored):
    record = stored[1].root / "campaigns" / "mine" / "mock" / "runs.json"
    content = json.loads(record.read_text())
    assert "older schema" not in solitons("status")[1]
    del content["schema"]
    record.write_text(json.dumps(content))
    _, out, _ = solitons("status")
    assert "mine (mock): 1 of 2 runs, 1 missing described in an older schema, by an older version" in out


def test_a_campaign_whose_runs_choose_the_next_is_not_said_to_be_whole(solitons, stored):
    run_id, store = stored
    for more in (True, False):
        remember_campaign(store, "mine", "mock", [run_id], more=more)
        assert ("mine (mock): 1 of 1 runs, more follow from what these show" in solitons("status")[1]) is more


def test_an_entry_of_an_older_schema_that_no_spec_of_today_describes_is_listed(solitons, stored, older, monkeypatch):
    def nothing(text, run_id):
        raise ValueError("there is no such device any more")

    monkeypatch.setattr("runs.spec.read_spec", nothing)
    code, out, _ = solitons("list")
    assert code == 0
    assert f"{older} described in" in out


def test_the_list_makes_each_device_once_and_no_spec(solitons, stored, monkeypatch):
    run_id, store = stored
    for number in range(1, 4):
        other = f"{number:016x}"
        shutil.copytree(store.entry(run_id), store.entry(other))
        record = (json.dumps(json.loads((store.entry(other) / RECORD).read_text()) | {"run_id": other})).encode()
        (store.entry(other) / RECORD).write_bytes(record)
        (store.entry(other) / SEAL).write_text(seal(record))
    made = []
    monkeypatch.setattr("runs.spec.RunSpec.model_validate", lambda *_: pytest.fail("a spec was made"))
    check = Stripe.check
    monkeypatch.setattr("geometries.Stripe.check", lambda stripe: (made.append(stripe), check(stripe)))
    _device_of.cache_clear()
    code, out, _ = solitons("list")
    assert code == 0
    assert out.count("stripe 160 nm x 16 nm 1 x -1 TA/m^2, 200 ps") == 4
    assert len(made) == 1


def test_runs_of_today_are_not_said_to_be_old(solitons, stored):
    for command in (["list"], ["status"], ["verify"], ["show", stored[0]]):
        assert "schema, by" not in solitons(*command)[1]


def test_a_constant_current_is_listed_with_its_size():
    steps = [
        {"do": "relax"},
        {"do": "constant current", "amplitude": -2e11, "duration": 1e-9},
        {"do": "constant strip line", "amplitude": 1e-3, "duration": 2e-9},
        {"do": "constant field", "amplitude": [1, 0, 0], "duration": 2e-9},
    ]
    assert _drive_of(steps) == "-200 GA/m^2 for 1 ns; 1 mA for 2 ns; constant field"


def test_no_id_of_a_campaigns_run_is_said_without_what_it_is(solitons, stored):
    run_id, store = stored
    said = "0.9 × 10¹² A/m², [200] ps"
    remember_campaign(store, "mine", "mock", [run_id, OTHER], {run_id: said, OTHER: "another"})
    for command in (["list"], ["show", run_id[:8]], ["rm", run_id[:8]]):
        _, out, err = solitons(*command, answer="n\n")
        assert (f"mine: {said}" in out, err) == (True, ""), command
    (store.entry(run_id) / "run.zarr" / "zarr.json").write_text("{}")
    assert f"(mine: {said})" in solitons("verify")[1]
    assert f"Moved {run_id} (mine: {said})" in solitons("verify", "--set-aside")[1]
    store.record_failure(OTHER, "EngineFailedError", "it broke")
    assert f"failed {OTHER} (mine: another) (attempt 1)" in solitons("status")[1]


def test_status_says_what_is_stored_computing_failed_and_missing(solitons, stored):
    _, store = stored
    code, out, _ = solitons("status")
    assert code == 0
    assert "mine (mock): 1 of 2 runs, 1 missing" in out
    assert "1 runs in store" in out
    log = store.work_directory(OTHER)
    store.record_failure(OTHER, "EngineFailedError", "it [broke]", log_directory=log)
    _, out, _ = solitons("status", "mine")
    assert "1 of 2 runs, 1 failed" in out
    assert f"failed {OTHER} (attempt 1): EngineFailedError: it [broke]; logs in store/.work/{log.name}" in out
    (log / "progress.json").write_text(
        '{"simulated_time": 1.0, "duration": 4.0, "steps_per_second": 1200, "seconds_left": 3725}'
    )
    with store.claim(OTHER):
        _, out, _ = solitons("status")
    assert f"1 of 2 runs, 1 computing computing {OTHER}, 25%, 1,200 steps/s, 1:02:05 left" in out


def test_status_of_a_campaign_that_was_not_run(solitons, stored):
    code, _, err = solitons("status", "yours")
    assert code == 2
    assert "campaign 'yours' has not been run into store 'store'; it has mine" in err


def test_verify_finds_what_is_wrong_and_moves_it_when_told(solitons, stored):
    run_id, store = stored
    assert solitons("verify")[:2] == (0, "1 runs in store read again: all are what was written")
    path = store.entry(run_id) / "spec.json"
    path.write_bytes(path.read_bytes().replace(b"mock", b"muck"))
    code, out, _ = solitons("verify", run_id[:6])
    assert code == 1
    assert f"content run {run_id}: spec.json is not what was written" in out
    assert "1 findings, 1 runs unusable" in out
    assert "'solitons verify --set-aside' moves them" in out
    assert store.ids() == [run_id], "looking moves nothing"
    code, out, _ = solitons("verify", "--set-aside")
    assert code == 1
    assert f"Moved {run_id} to store/set-aside/{run_id}-" in out
    assert store.ids() == []
    assert solitons("verify")[0] == 0
    assert "1 entries were not whole and lie in store/set-aside" in solitons("status")[1]
    assert f"kept, set aside: store/set-aside/{run_id}-" in solitons("gc")[1]


def test_gc_shows_first_and_removes_when_told(solitons, stored):
    run_id, store = stored
    assert solitons("gc")[1] == "Nothing was left behind in store"
    work = store.work_directory(OTHER)
    (work / "m.omf").write_bytes(b"x" * 2000)
    code, out, _ = solitons("gc")
    assert code == 0
    assert f"store/.work/{work.name}, 2.0 kB: work directory of a process that is gone" in out
    assert "1 left behind in store, 2.0 kB; nothing was removed, '--delete' removes them" in out
    assert work.is_dir()
    with store.claim(OTHER):
        assert solitons("gc", "--delete")[1] == "Nothing was left behind in store"
    assert work.is_dir()
    code, out, _ = solitons("gc", "--delete")
    assert "Removed 1 of 1, 2.0 kB" in out
    assert sorted(path.name for path in store.root.iterdir()) == sorted([run_id, "campaigns"])


def test_gc_keeps_logs_until_everything_is_asked_for(solitons, stored):
    _, store = stored
    store.record_failure(OTHER, "EngineFailedError", "no", log_directory=store.work_directory(OTHER))
    assert solitons("gc", "--delete")[1] == "Nothing was left behind in store"
    assert "logs of a run that failed" in solitons("gc", "--everything")[1]
    assert "Removed 2 of 2" in solitons("gc", "--everything", "--delete")[1]


def test_rm_names_a_broken_record_that_may_have_the_run(solitons, stored):
    run_id, store = stored
    broken = store.root / "campaigns" / "other" / "mock" / "runs.json"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")
    code, _, err = solitons("rm", run_id, "--yes")
    assert code == 2
    assert "other/mock/runs.json" in err
    assert "nothing was removed" in err
    code, out, _ = solitons("rm", run_id, answer="n\n")
    assert "perhaps of another: " in out
    assert store.holds(run_id)


def test_rm_says_who_uses_a_run_and_asks(solitons, stored):
    run_id, store = stored
    code, out, _ = solitons("rm", run_id[:6], answer="n\n")
    assert code == 1
    assert f"{run_id} in store/{run_id}, of mine (mock)" in out
    assert "Nothing was removed" in out
    assert store.ids() == [run_id]
    code, _, err = solitons("rm", run_id)
    assert code == 2
    assert "add --yes" in err
    code, out, _ = solitons("rm", run_id, "--yes")
    assert code == 0
    assert f"Removed {run_id}, " in out
    assert store.ids() == []


def test_rm_refuses_a_run_that_is_being_computed(solitons, stored):
    run_id, store = stored
    with store.claim(run_id):
        code, _, err = solitons("rm", run_id, "--yes")
    assert code == 2
    assert f"run {run_id} in store 'store' is being computed; nothing was removed" in err
    assert store.ids() == [run_id]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rm",), "rm needs the ids of runs"),
        (("rm", "0123"), "there is none; 'solitons list' shows"),
        (("rm", "../store"), "there is none"),
        (("verify", "0123"), "there is none"),
    ],
)
def test_runs_that_are_not_there_are_named(solitons, stored, arguments, message):
    code, _, err = solitons(*arguments)
    assert code == 2
    assert message in err


@rows("command", ["status", "list", "verify", "gc"])
def test_a_store_that_is_not_there_is_looked_at_and_not_made(solitons, command, tmp_path):
    code, out, _ = solitons(command)
    assert code == 0
    assert "There is no store: 'store' is not there; name its folder with '--store DIR'" in out
    assert list(tmp_path.iterdir()) == []


def test_the_commands_are_there_with_their_help():
    assert {"run", "status", "list", "show", "verify", "gc", "rm", "doctor"} <= set(app)


@pytest.mark.parametrize("command", ["status", "verify", "gc"])
def test_looking_at_a_store_imports_nothing_heavy(command, tmp_path):
    code = (
        "import sys\nfrom solitons.commands.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    heavy = {'jax', 'oommfc', 'discretisedfield', 'xarray', 'pandas', 'numpy', 'matplotlib', 'pint'}\n"
        "    print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, command, "--store", str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "[]"
