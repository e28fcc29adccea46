"""A campaign without runs that reads a model: packed, unpacked elsewhere, and loaded with the model of the crate."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
import yaml
from altered_crates import content_of, graph_of

from solitons import load_campaign
from solitons.campaigns.framework.provenance import results_key
from solitons.campaigns.junctions.word_search import campaign as word_search
from solitons.crates.packing import pack_campaign
from solitons.crates.verification import verify_crate
from solitons.models.saving import model_file


@pytest.fixture
def crate_of(tmp_path, monkeypatch):
    """Pack word-search with its model at a path; gives the crate, and the empty folder of a stranger, entered."""
    home, away = tmp_path / "home", tmp_path / "away"
    home.mkdir()
    away.mkdir()

    def pack(named):
        monkeypatch.chdir(home)
        content = yaml.safe_load(Path(word_search.__file__).with_name("campaign.yaml").read_text(encoding="utf-8"))
        content["device"]["fitted_model"] = str(named)
        Path("mine.yaml").write_text(yaml.safe_dump(content | {"name": "mine"}))
        if str(named).endswith(".json"):
            Path(named).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(model_file("junction"), named)
        results = Path("results/campaigns/mine/model")
        results.mkdir(parents=True)
        key = results_key(load_campaign("mine.yaml"), [])
        (results / "summary.json").write_text(json.dumps({"key": key}))
        path = pack_campaign("mine.yaml", "results", away / "crate.zip")
        shutil.rmtree(home)
        monkeypatch.chdir(away)
        with zipfile.ZipFile(path) as archive:
            archive.extractall()
        return path

    return pack


@pytest.mark.parametrize("named", ["models/mine.json", "store/campaigns/other/native/synapse.json"])
def test_a_model_is_found_where_the_campaign_names_it(crate_of, named):
    path = crate_of(named)
    assert verify_crate(path).findings == ()
    assert content_of(path)[named] == model_file("junction").read_bytes()
    campaign = load_campaign("mine.yaml")
    assert campaign.input_files() == (Path(named),)
    assert results_key(campaign, []) == json.loads(Path("store/campaigns/mine/model/summary.json").read_text())["key"]
    assert "write" not in Path("README.md").read_text()  # nothing is to be changed
    assert {"@id": named} in graph_of(path)["#campaign"]["object"]


def test_a_model_from_elsewhere_is_found_once_the_readme_is_followed(crate_of, tmp_path):
    outside = tmp_path / "home/../elsewhere/mine.json"
    crate_of(outside)
    shutil.rmtree(tmp_path / "elsewhere")
    advice = f"names {str(outside)!r}: write `inputs/mine.json` there before you run it"
    assert advice in Path("README.md").read_text()
    file = Path("mine.yaml")
    file.write_text(file.read_text().replace(str(outside), "inputs/mine.json"))
    (model,) = load_campaign(file).input_files()
    assert model.read_bytes() == model_file("junction").read_bytes()


def test_a_model_of_the_workbench_needs_no_change(crate_of):
    path = crate_of("junction")
    assert "inputs/junction.json" in content_of(path)
    readme = Path("README.md").read_text()
    assert "write" not in readme
    # The campaign has no runs, of which nothing is said.
    assert "solitons list" not in readme
    assert "run's" not in readme
    assert "`solitons run mine.yaml --store store` in this folder computes it again" in readme
    assert load_campaign("mine.yaml").input_files() == (model_file("junction"),)


def test_what_there_is_not_is_not_described(crate_of):
    graph = graph_of(crate_of("junction"))
    assert graph["mine.yaml"]["output"] in ({"@id": "#output-summary"}, [{"@id": "#output-summary"}])
    assert {name for name in graph if name.startswith("#output-")} == {"#output-summary"}
    assert graph["#campaign"]["description"] == "solitons run mine.yaml"
    assert "--engine" not in Path("README.md").read_text()
