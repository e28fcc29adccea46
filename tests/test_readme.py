"""What the README and the chapters of the documentation show is run."""

import re
from pathlib import Path

import pytest
import yaml

from runs import load_cluster
from solitons import shipped_campaigns
from solitons.campaigns.magnet_logic.nml_netlist.campaign import NetlistCampaign

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
DOTALL = re.DOTALL | re.MULTILINE


def campaign_pages():
    return sorted((ROOT / "solitons" / "campaigns").rglob("page.md"))


def blocks(text):
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


@pytest.mark.slow
def test_the_example_runs_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = blocks((ROOT / "README.md").read_text())[0]
    assert len([line for line in first.splitlines() if line.strip()]) <= 15
    names: dict[str, object] = {}
    exec(compile(first, "README.md", "exec"), names)
    moved = names["found"].position[-1, 0] - names["found"].position[0, 0]
    # Electrons flow against the current: the wall goes to +x under a negative one.
    assert 5e-9 < float(moved) < 100e-9


@pytest.mark.slow
def test_the_skyrmion_example_runs_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(blocks((ROOT / "docs/tour.md").read_text())[1], "docs/tour.md", "exec"), names)
    assert (names["found"].charge == -1).all()
    assert (tmp_path / "skyrmion.png").stat().st_size > 10_000


@pytest.mark.slow
def test_the_ubermag_example_runs_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first, _, last = blocks((ROOT / "docs/tour.md").read_text())
    assert len([line for line in first.splitlines() if line.strip()]) == 10
    names: dict[str, object] = {}
    exec(compile(first, "docs/tour.md", "exec"), names)
    table = names["system"].table.data
    assert len(table) == 50
    assert (tmp_path / "film" / "drive-1" / "info.json").exists()
    # The field, against m and stronger than the shape anisotropy, turns it over.
    assert table.mx.iloc[0] > 0.9
    assert table.mx.min() < -0.5
    # What you have already: its drive is opened as those of other programs are.
    exec(compile(last, "docs/tour.md", "exec"), names)
    assert names["run"]["m"].sizes["t"] == 50
    assert (tmp_path / "film.png").stat().st_size > 10_000


@pytest.mark.slow
def test_the_chapter_on_the_native_calculator_runs_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks((ROOT / "docs/native.md").read_text()):
        exec(compile(block, "docs/native.md", "exec"), names)
    # The spin-orbit pulse tilts the moment towards -x, as the chapter says.
    assert names["system"].table.data.mx.min() < -0.2
    assert 0 < names["spread"] < 0.1
    assert not any(tmp_path.iterdir())


@pytest.mark.slow
def test_the_chapter_on_campaigns_runs_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks((ROOT / "docs/campaigns.md").read_text()):
        # In milliseconds instead of minutes.
        exec(compile(block.replace('"native"', '"mock"'), "docs/campaigns.md", "exec"), names)
    assert int(names["runs"].stored.sum()) == 1
    assert len(names["specs"]) == 1


def test_the_job_of_the_page_on_clusters_is_understood(tmp_path):
    (cluster,) = re.findall(r"^:caption: cluster.yaml\n\n(.*?)^```", (DOCS / "howto/cluster.md").read_text(), DOTALL)
    (tmp_path / "cluster.yaml").write_text(cluster)
    found = load_cluster(tmp_path / "cluster.yaml")
    assert found.walltime_text == "12:00:00"
    assert found.environment == {"OOMMFTCL": "/sw/oommf/oommf.tcl"}


def test_the_array_that_a_page_draws_is_understood():
    page = next(page for page in campaign_pages() if page.parent.name == "nml_netlist")
    (netlist,) = re.findall(r"^```yaml\n(.*?)^```", page.read_text(), DOTALL)
    shipped = yaml.safe_load(page.with_name("campaign.yaml").read_text())
    drawn = {name: value for name, value in shipped.items() if name not in ("plan", "logic")}
    assert len(NetlistCampaign(**drawn, **yaml.safe_load(netlist)).labelled_runs("native")) == 4


def test_each_kind_of_campaign_has_a_page():
    for shipped in shipped_campaigns():
        page = shipped.file.with_name("page.md")
        assert page.read_text().startswith(f"# {shipped.kind.replace('_', '-')}\n"), page


def test_links_lead_somewhere():
    for page in (*ROOT.glob("*.md"), *DOCS.glob("*.md"), *DOCS.glob("*/*.md"), *campaign_pages()):
        text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
            if not target.startswith("http") and "/generated/" not in target:
                there = ROOT / target[1:] if target.startswith("/") else page.parent / target
                assert there.exists(), f"{page}: {target}"


def test_a_maintainer_can_read_the_documents():
    limits = {ROOT / "DESIGN.md": 40_000, ROOT / "CHANGELOG.md": 10_000}
    limits |= dict.fromkeys((ROOT / "docs/notes").glob("*.md"), 13_500)
    too_long = [f"{page.name}: {page.stat().st_size}" for page, limit in limits.items() if page.stat().st_size > limit]
    assert not too_long, f"say each thing once, and drop what is history: {too_long}"
