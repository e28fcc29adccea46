"""The export check: few spikes, neurons that nothing was tuned for, refusals before anything is written."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from solitons import DomainWallNeuron, LinearSynapse, load_campaign, load_model, run_campaign, save_model
from solitons.campaigns.export_check import analysis
from solitons.campaigns.export_check.campaign import ExportCheckCampaign
from solitons.campaigns.export_check.results import ExportResults
from solitons.campaigns.framework.workflow import campaign_folder
from solitons.devices import Junction
from solitons.domain_walls import WallDynamics
from solitons.exports import LeakyNeuron

SHIPPED = load_campaign("export-check").model_dump(mode="json")
WALL, CHIRAL = SHIPPED["neurons"]


def campaign(*neurons, **changes):
    content = {"name": "small", "spikes": 300, "neurons": list(neurons)} | changes
    return ExportCheckCampaign(**content)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A rigid wall, saved as a campaign saves it."""
    wall = WallDynamics(alpha=0.1, width=6e-9, hard_axis_field=5e3, polarity=-1, beta=0.1, drift_per_current=-5e-11)
    neuron = DomainWallNeuron(wall=wall, start=50e-9, threshold=200e-9, rest_angle=np.pi / 2)
    return save_model(neuron, tmp_path_factory.mktemp("models") / "neuron.json")


def test_a_saved_neuron_goes_through_nir_and_back(saved, tmp_path):
    pytest.importorskip("nir")
    neuron = {"name": "rigid", "model": str(saved), "drive": [3e11, 1e12], "hold": 1e-9}
    small = campaign(neuron)
    summary = run_campaign(small, tmp_path)
    assert isinstance(summary.results, ExportResults)
    (found,) = summary.results.neurons
    assert found.verdict == summary.results.verdict == "trusted"
    assert found.compared >= 300
    assert found.rms < 0.003
    assert found.rms_ci95[0] <= found.rms <= found.rms_ci95[1]
    assert found.round_trip < 1e-9 * found.mean_interval
    # Late by up to a step, evenly, which is a step over the root of three, and it hears of a new current late as well.
    exact = {step.share: step.exact for step in found.time_steps}
    assert 0.95 < exact[0.01] * np.sqrt(3) / 0.01 < 1.5
    assert all(one.exact <= one.euler * 1.05 for one in found.time_steps)
    folder = campaign_folder(small, "model", tmp_path)
    assert json.loads((folder / "summary.json").read_text()) == json.loads(summary.as_json())
    page = (folder / "report.html").read_text()
    words = re.sub(r"data:image[^\"]*", "", page)
    assert not re.findall(r"\{\{|\{%|\b(?:nan|None|Undefined)\b", words), "a placeholder was left"
    assert page.count('<img src="data:image/') == 2


@pytest.mark.slow
def test_a_wall_that_nothing_was_tuned_for(tmp_path):
    """Another film, a narrower stripe and a shorter way; with a dead time, which NIR does not have, it must fail."""
    pytest.importorskip("nir")
    wall = WALL["wall"] | {"thickness": 0.8e-9, "width": 24e-9, "distance": 90e-9}
    wall["material"] = WALL["wall"]["material"] | {"Ms": 8e5, "Ku": 7e5, "beta": 0.05, "alpha": 0.05}
    deaf = WALL | {"wall": wall | {"refractory": 2e-9}, "name": "deaf"}
    summary = run_campaign(campaign(WALL | {"wall": wall}, deaf), tmp_path)
    listens, does_not = summary.results.neurons
    assert listens.verdict != "failed"
    assert listens.rms < 0.5 * listens.trivial
    assert does_not.verdict == summary.results.verdict == "failed"
    assert any("no refractory time, here 2e-09 s" in loss for loss in does_not.losses)
    assert does_not.rms > 0.3


@pytest.mark.slow
def test_a_chiral_wall_in_fast_currents_is_not_trusted(tmp_path):
    """Its angle turns within the time that a current is held: no leaky neuron can follow."""
    pytest.importorskip("nir")
    summary = run_campaign(campaign(CHIRAL | {"hold": 0.15e-9, "drive": [1e10, 4e11]}), tmp_path)
    (found,) = summary.results.neurons
    assert found.verdict in ("limited", "failed")
    assert {reason.code for reason in found.reasons} & {"little_better_than_trivial", "no_better_than_trivial"}
    page = (campaign_folder(campaign(CHIRAL), "model", tmp_path) / "report.html").read_text()
    assert ("are withheld" in page) == (found.verdict == "failed")


def test_a_reader_that_means_another_neuron_fails(saved, tmp_path, monkeypatch):
    pytest.importorskip("nir")
    true = analysis.read_nir

    def wrong(path) -> LeakyNeuron:
        found = true(path)
        return replace(found, r=0.9 * found.r)

    monkeypatch.setattr(analysis, "read_nir", wrong)
    neuron = {"name": "rigid", "model": str(saved), "drive": [3e11, 1e12], "hold": 1e-9}
    results = run_campaign(campaign(neuron), tmp_path).results
    assert results.verdict == "failed"
    assert "changed_by_nir" in {reason.code for reason in results.reasons}


@pytest.mark.slow
def test_neurons_that_fire_too_seldom_are_reported(saved, tmp_path, monkeypatch):
    """One has short recordings and is limited; one that never fires fails, and the other is checked all the same."""
    pytest.importorskip("nir")
    monkeypatch.setattr(analysis, "_SEGMENTS_MORE", 0.7)
    monkeypatch.setattr(analysis, "_LONGEST", 2)
    path = save_model(replace(load_model(saved), leak_field=1e5), tmp_path / "stuck.json")
    neuron = {"name": "seldom", "model": str(saved), "drive": [3e11, 1e12], "hold": 1e-9}
    stuck = neuron | {"name": "never", "model": str(path), "drive": [1e9, 1e10]}
    small = campaign(stuck, neuron)
    results = run_campaign(small, tmp_path / "store").results
    (found,) = results.neurons
    (missing,) = results.not_compared
    assert found.compared < 300
    assert (found.name, found.verdict) == ("seldom", "limited")
    assert f"{found.compared} spikes were compared, and 300 were asked for" in found.reasons[-1].sentence
    assert (missing.name, results.verdict) == ("never", "failed")
    assert {reason.code for reason in results.reasons} >= {"too_few_spikes", "fires_too_seldom"}
    values = {each.name: each.value for each in results.headlines()}
    assert values["never"] == "–"
    page = (campaign_folder(small, "model", tmp_path / "store") / "report.html").read_text()
    assert "never: Its spikes cannot be compared with those of a leaky neuron: 1e+10 A/m2 does not make" in page


def test_what_is_no_neuron_is_refused_before_anything_is_written(tmp_path):
    pytest.importorskip("nir")
    junction = Junction(left=50e-9, right=250e-9, parallel=5e-4, antiparallel=2e-4)
    synapse = LinearSynapse(mobility=-5e-11, junction=junction, polarity=-1, left=20e-9, right=280e-9)
    path = save_model(synapse, tmp_path / "synapse.json")
    wrong = campaign({"name": "one", "model": str(path), "drive": [3e11, 1e12], "hold": 1e-9})
    with pytest.raises(ValueError, match="has a LinearSynapse, which is no neuron that fires at a threshold"):
        run_campaign(wrong, tmp_path / "store")
    assert not (tmp_path / "store").exists()


@rows(
    ("neurons", "words"),
    [
        ([WALL | {"model": "x.json"}], "give a wall or a model, the file of a saved neuron, and not both"),
        ([WALL | {"drive": [2e12, 1e12]}], r"drive: 1e\+12 A/m\^2 follows 2e\+12 A/m\^2; write them rising"),
        ([WALL, WALL], "2 are called 'wall, spin-transfer torque'; give each a name of its own"),
        ([WALL | {"hold": "1 A"}], r"hold\s.*a quantity in s is needed"),
        ([], "neurons"),
    ],
)
def test_wrong_descriptions_are_refused(neurons, words):
    with pytest.raises(ValidationError, match=words):
        campaign(*neurons)
