"""A crate holds the campaign, its runs and its results, described after Workflow Run RO-Crate, whole or not at all."""

import hashlib
import json
import re
import shutil
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest
from altered_crates import content_of, graph_of
from rows import rows

from runs import Store, open_run
from runs.store import CorruptEntryError, verify
from solitons.crates import packing
from solitons.crates.contents import PackedFile, _input_names
from solitons.crates.layout import METADATA, name_problem, named_runs
from solitons.crates.packing import pack_campaign
from solitons.crates.verification import verify_crate


def test_it_holds_the_campaign_its_runs_and_its_results(computed, packed):
    file, store = computed
    files = content_of(packed)
    assert files["tiny.yaml"] == file.read_bytes()
    results = store / "campaigns/tiny/mock"
    for path in results.iterdir():
        assert files[f"store/campaigns/tiny/mock/{path.name}"] == path.read_bytes()
    for run_id in Store(store).ids():
        for path in (store / run_id).rglob("*"):
            assert path.is_dir() or files[f"store/{run_id}/{path.relative_to(store / run_id)}"] == path.read_bytes()
    assert "numpy==" in files["requirements.txt"].decode()
    assert "soliton-workbench==" in files["requirements.txt"].decode()


def test_what_is_unpacked_is_a_store(packed, tmp_path):
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)
    store = Store(tmp_path / "store")
    assert list(verify(store)) == []
    assert open_run(store.ids()[0], store.root)["m"].sizes["x"] == 40


def test_the_metadata_list_every_file_with_its_size_and_hash(packed):
    graph, files = graph_of(packed), content_of(packed)
    names = {name for name, each in graph.items() if "File" in each["@type"]} | {METADATA}
    assert names == set(files)
    for name, content in files.items():
        if "sha256" in graph[name]:
            assert graph[name]["sha256"] == hashlib.sha256(content).hexdigest()
            assert graph[name]["contentSize"] == str(len(content))


def ids(value):
    return [each["@id"] for each in (value if isinstance(value, list) else [value])]


def test_it_is_a_workflow_run_crate(computed, packed):
    graph, runs = graph_of(packed), Store(computed[1]).ids()
    root, workflow = graph["./"], graph["tiny.yaml"]
    assert graph[METADATA]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.3"}
    assert ids(root["conformsTo"]) == [
        "https://w3id.org/ro/wfrun/process/0.6",
        "https://w3id.org/ro/wfrun/workflow/0.6",
        "https://w3id.org/workflowhub/workflow-ro-crate/1.1",
    ]
    assert ids(root["mainEntity"]) == ["tiny.yaml"]
    assert set(workflow["@type"]) == {"File", "SoftwareSourceCode", "ComputationalWorkflow"}
    assert graph[workflow["programmingLanguage"]["@id"]]["@type"] == "ComputerLanguage"
    assert ids(workflow["input"]) == ["#input-engine", "#input-density"]
    actions = {name: each for name, each in graph.items() if each["@type"] == "CreateAction"}
    assert set(actions) == {"#campaign", *(f"#run-{run_id}" for run_id in runs)}
    assert set(actions) <= set(ids(root["mentions"]))
    for run_id in runs:
        action = actions[f"#run-{run_id}"]
        engine = graph[action["instrument"]["@id"]]
        assert (engine["@type"], engine["name"], engine["version"]) == ("SoftwareApplication", "mock", "1")
        assert ids(action["object"]) == [f"store/{run_id}/spec.json"]
        assert f"store/{run_id}/run.zarr/" in ids(action["result"])
    assert {each["name"].partition(": ")[2] for name, each in actions.items() if name != "#campaign"} == {
        "−0.1 × 10¹² A/m²",
        "−0.2 × 10¹² A/m²",
    }
    campaign = actions["#campaign"]
    assert ids(campaign["instrument"]) == ["tiny.yaml"]
    assert graph["#value-density"]["value"] == [-1e11, -2e11]
    assert graph["#value-density"]["unitText"] == "A/m^2"
    assert "store/campaigns/tiny/mock/summary.json" in ids(campaign["result"])


def test_every_file_is_reached_from_the_root_and_every_reference_is_described(packed):
    graph, left, reached = graph_of(packed), ["./"], set()
    while left:
        name = left.pop()
        reached.add(name)
        left += ids(graph[name].get("hasPart", []))
    assert reached >= {name for name, each in graph.items() if "File" in each["@type"] or each["@type"] == "Dataset"}
    named = {
        name
        for entity in graph.values()
        for key, value in entity.items()
        if not key.startswith("@") and key != "conformsTo"
        for name in (ids(value) if isinstance(value, dict) or (value and isinstance(value[0], dict)) else ())
    }
    assert named <= set(graph)


def test_the_same_store_gives_the_same_bytes(computed, packed, tmp_path):
    assert pack_campaign(*computed, tmp_path / "again.zip").read_bytes() == packed.read_bytes()


def test_a_folder_gets_a_crate_named_after_campaign_and_engine(computed, tmp_path):
    path = pack_campaign(*computed, tmp_path / "new" / "crates", licence="CC-BY-4.0")
    assert path == tmp_path / "new/crates/tiny-mock.crate.zip"
    graph = graph_of(path)
    assert graph["./"]["license"] == {"@id": "https://spdx.org/licenses/CC-BY-4.0"}
    assert graph["https://spdx.org/licenses/CC-BY-4.0"]["@type"] == "CreativeWork"


def test_without_a_licence_it_states_that_there_is_none(packed):
    graph = graph_of(packed)
    assert graph[graph["./"]["license"]["@id"]]["name"] == "No licence was given"


def test_runs_may_be_left_out_and_the_crate_states_it(computed, packed, tmp_path):
    path = pack_campaign(*computed, tmp_path / "small.zip", arrays=False)
    assert not any("run.zarr" in name for name in content_of(path))
    assert "arrays of the runs are left out" in graph_of(path)["./"]["description"]
    assert "#output-runs" in graph_of(packed)
    assert "#output-runs" not in graph_of(path)
    assert b"were left out" in content_of(path)["README.md"]
    report = verify_crate(path)
    assert (report.findings, report.runs, report.without_arrays) == ((), 2, 2)


def test_half_a_crate_is_never_left(computed, tmp_path, monkeypatch):
    (tmp_path / "crate.zip").write_bytes(b"an older one")
    monkeypatch.setattr(packing.interruption, "check", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        pack_campaign(*computed, tmp_path / "crate.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["crate.zip"]
    assert (tmp_path / "crate.zip").read_bytes() == b"an older one"


def test_a_full_disk_is_reported_with_the_remedy(computed, tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "_write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(ValueError, match=r"crate.zip has no room .* '--without-runs'"):
        pack_campaign(*computed, tmp_path / "crate.zip")


def test_a_damaged_run_is_not_packed(computed, store, tmp_path):
    chunk = next(store.glob("*/run.zarr/mx/c/0"))
    chunk.write_bytes(chunk.read_bytes()[:-1] + b"\0")
    with pytest.raises(ValueError, match=r"mx.c.0 is not what was written"):
        pack_campaign(computed[0], store, tmp_path / "crate.zip")
    chunk.unlink()
    with pytest.raises(CorruptEntryError, match="is missing"):
        pack_campaign(computed[0], store, tmp_path / "crate.zip")
    assert not (tmp_path / "crate.zip").exists()


@rows(
    ("arguments", "words"),
    [
        ({"licence": "CC-BY"}, "--licence 'CC-BY' is not known; give one of CC0-1.0, CC-BY-4.0"),
        ({"licence": "https://a b"}, "is not known"),
        ({"engine": "native"}, "native has no summary.json; 'solitons run"),
        ({"campaign": "dw-demo"}, "has no results of campaign 'dw-demo'; run it first"),
        ({"campaign": "nothing.yaml"}, "there is no such file"),
        ({"out": "mine.yaml"}, "--out 'mine.yaml' is no folder and no '.zip'"),
    ],
)
def test_what_cannot_be_packed_is_refused_with_the_remedy(computed, tmp_path, arguments, words):
    asked = {"campaign": computed[0], "store": computed[1], "out": tmp_path / "no.zip"} | arguments
    with pytest.raises(ValueError, match=re.escape(words)):
        pack_campaign(**asked)
    assert not (tmp_path / "no.zip").exists()


def test_results_of_two_engines_need_a_name(computed, store, tmp_path):
    shutil.copytree(store / "campaigns/tiny/mock", store / "campaigns/tiny/oommf")
    with pytest.raises(ValueError, match="results of mock and oommf; name one with '--engine NAME'"):
        pack_campaign(computed[0], store, tmp_path)
    pack_campaign(computed[0], store, tmp_path, engine="mock")


def test_results_of_another_description_are_refused(computed, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(computed[0].read_text().replace("A wall under two currents", "Another"))
    with pytest.raises(ValueError, match=r"do not follow from .*other.yaml.* 'solitons run"):
        pack_campaign(other, computed[1], tmp_path)


def test_a_run_that_a_model_names_is_packed_or_missed(computed, store, tmp_path):
    model = store / "campaigns/tiny/mock/wall.json"
    model.write_text(json.dumps({"model": {"provenance": {"trained_on": ["f" * 16], "held_out": ["run-1"]}}}))
    assert named_runs(json.loads(model.read_text())) == {"f" * 16}
    with pytest.raises(KeyError, match="ffff"):
        pack_campaign(computed[0], store, tmp_path)


def test_a_link_in_the_results_is_not_followed(computed, store, tmp_path):
    (store / "campaigns/tiny/mock/passwords.json").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="symbolic link"):
        pack_campaign(computed[0], store, tmp_path)


def test_input_files_of_one_name_have_places_of_their_own():
    paths = [Path("a/wall.json"), Path("b/wall.json"), Path("a/wall.json")]
    assert list(_input_names(paths, ["B/WALL.json"])) == ["a/wall.json", "inputs/wall.json"]


def test_files_in_one_place_where_capital_letters_are_the_same_are_refused(computed, store, tmp_path):
    (store / "campaigns/tiny/mock/Report.html").write_text("another")
    with pytest.raises(ValueError, match="differ in capital letters only"):
        pack_campaign(computed[0], store, tmp_path)


def test_a_file_that_changes_while_it_is_packed_is_found(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"then")
    file = PackedFile("file", path, 4, hashlib.sha256(b"now!").hexdigest(), "run")
    with pytest.raises(ValueError, match="changed while it was packed"):
        list(file.pieces())


@rows(("name", "good"), [("a=1_b=2/x.csv", True), ("µ.csv", True), ("a/./b", False), ("", False), ("a ", False)])
def test_a_name_that_is_not_unpacked_is_not_packed(name, good):
    assert (name_problem(name) == "") == good
    with nullcontext() if good else pytest.raises(ValueError, match="rename it"):
        PackedFile(name, b"", 0, "", "about")
