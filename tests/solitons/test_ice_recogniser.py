"""The campaign of a recognising spin ice on a small lattice: what it says, not how good it is."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from runs import IceRecogniserCampaign, load_campaign
from solitons import load_model, save_model
from solitons.recogniser_ice import ice_of
from solitons.spin_ice import SwitchingAstroid
from solitons.workflow import campaign_folder, run_campaign

CONTENT = {
    "name": "small-ice",
    "title": "A <small> ice",
    "device": {
        "kind": "spin_ice",
        "lattice": {"kind": "square", "columns": 6, "rows": 6, "lattice_constant": "300 nm"},
        "island": {"length": "220 nm", "width": "80 nm"},
        "thickness": "20 nm",
        "cell": ["10 nm", "10 nm", "20 nm"],
        "ports": [
            {"name": "in", "role": "driven", "sites": list(range(64))},
            {"name": "out", "role": "readout", "sites": list(range(64, 84))},
        ],
    },
    "material": {"name": "permalloy", "Ms": "800 kA/m", "A": "13 pJ/m", "alpha": 0.02},
    "switching": {
        "anisotropy_field": "200 mT/mu0",
        "b": 0.41,
        "c": 1.0,
        "beta": 1.5,
        "gamma": 3.9,
        "spread": 0.05,
        "source": "a <test>",
    },
    "patterns": {
        "angle": "40 deg",
        "amplitudes": ["60 kA/m", "66 kA/m"],
        "steps": 4,
        "read_outs": [10],
        "folds": 3,
        "repeats": 1,
    },
    "memory": {
        "angle": "40 deg",
        "amplitudes": ["20 kA/m", "66 kA/m"],
        "spreads": [0.05],
        "samples": 2,
        "inputs": 400,
        "longest_delay": [4, 2],
        "read_outs": 20,
        "streams": 25,
    },
}


def changed(part, **changes):
    content = json.loads(json.dumps(CONTENT))
    (content if part is None else content[part]).update(changes)
    return content


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    campaign = IceRecogniserCampaign(**CONTENT)
    return campaign, store, run_campaign(campaign, store)


def test_the_shipped_campaign_has_an_island_for_each_pixel_and_reads_all_others():
    campaign = load_campaign("ice-recogniser")
    assert campaign.specs("native") == {}
    ice = ice_of(campaign)
    # Pixels go by rows from the upper left, as their islands do.
    places = ice.lattice["position"].values[ice.inputs].reshape(8, 8, 2)
    assert np.all(np.diff(places[..., 0], axis=1) > 0)
    assert np.all(np.diff(places[..., 1], axis=0) < 0)
    assert set(ice.inputs) | set(ice.read_outs) == set(range(ice.lattice.sizes["island"]))
    assert not set(ice.inputs) & set(ice.read_outs)


def test_the_summary_is_what_is_returned(finished):
    campaign, store, summary = finished
    folder = campaign_folder(campaign, "model", store)
    assert json.loads((folder / "summary.json").read_text()) == summary.model_dump(mode="json")
    assert (summary.engine, summary.runs, summary.islands, summary.read_outs) == ("model", 0, 84, 20)
    assert summary.notes == []
    np.testing.assert_array_equal(
        load_model(folder / "lattice.json").anisotropy_field, ice_of(campaign).model(0.05, 0).anisotropy_field
    )


def test_a_few_islands_read_digits_worse_than_the_pixels_and_it_says_so(finished):
    found = finished[2].recognition
    assert found.images == 1797
    # Of ten digits one is right by chance; linear read-outs of the pixels get above nine in ten.
    assert 0.15 < found.ice.mean < found.written.mean < found.pixels.mean
    assert found.pixels.mean > 0.9
    assert found.against_pixels.verdict == "loss"
    assert [each.read_outs for each in found.by_read_outs] == [10, 20]
    # Three of the 64 pixels are dark in every image.
    assert found.pixel_rank == 61
    fewer, more = (each.random.mean for each in found.by_read_outs)
    assert 0.15 < fewer < more < found.written.mean


def test_a_frozen_ice_has_rank_one_and_no_memory_and_another_has_more(finished):
    frozen, moved = finished[2].memory
    assert frozen.flips == 0
    assert frozen.kernel_rank == frozen.generalisation_rank == (1.0, 0.0)
    assert frozen.total_capacity == (0.0, 0.0)
    assert moved.flips > 1
    assert moved.kernel_rank[0] > moved.generalisation_rank[0]
    assert moved.total_capacity[0] > 0.3


def test_the_report_is_one_file_and_escapes_what_it_quotes(finished):
    campaign, store, _ = finished
    page = (campaign_folder(campaign, "model", store) / "report.html").read_text()
    assert "A &lt;small&gt; ice" in page
    assert "a &lt;test&gt;" in page
    assert "a loss" in page
    assert "rank 61: from so many projections on" in page
    assert "<td>20 random binary features</td>" in page
    assert not re.findall(r'(?:src|href)="(?!data:)', page), "the report asks for another file"
    assert page.count('<img src="data:image/') == 5
    assert "$" not in re.sub(r"data:image[^\"]*", "", page), "a placeholder was left"


def test_a_second_call_only_reads(finished, monkeypatch):
    campaign, store, summary = finished

    def fail(*_, **__):
        raise AssertionError("something was computed again")

    monkeypatch.setattr("solitons.ice_recogniser.recognise", fail)
    monkeypatch.setattr("solitons.ice_recogniser.measure_memory", fail)
    assert run_campaign(campaign, store) == summary


def test_fields_that_turn_no_island_are_said_in_the_summary(finished, tmp_path):
    campaign = IceRecogniserCampaign(**changed("patterns", amplitudes=["20 kA/m"]))
    content = campaign.model_dump()
    content["memory"]["amplitudes"] = (1e4,)
    campaign = IceRecogniserCampaign(**content)
    summary = run_campaign(campaign, tmp_path)
    assert summary.recognition is None
    assert re.match(
        r"no pattern turns an island: the largest field is 20 kA/m, .* first in [\d.]+ kA/m", summary.notes[0]
    )
    assert "no input of the memory's series turns an island" in summary.notes[1]
    # What it names does turn one.
    assert 2e4 < summary.first_flip_field == finished[2].first_flip_field < 66e3
    assert "the first flip needs" in (campaign_folder(campaign, "model", tmp_path) / "report.html").read_text()


def test_a_fitted_model_gives_the_astroid_and_what_follows_from_it_is_computed_anew(finished, tmp_path):
    model = ice_of(finished[0]).model(0.05, 3)
    path = save_model(replace(model, astroid=SwitchingAstroid(b=0.5)), tmp_path / "lattice.json")
    quick = CONTENT["patterns"] | {"amplitudes": ["66 kA/m"], "read_outs": [], "folds": 2}
    campaign = IceRecogniserCampaign(**changed(None, switching={"fitted_model": str(path)}, patterns=quick))
    ice = ice_of(campaign)
    assert float(ice.astroid.b) == 0.5
    assert ice.anisotropy_field == pytest.approx(np.mean(model.anisotropy_field))
    summary = run_campaign(campaign, tmp_path / "store")
    assert "of the fitted model" in summary.parameters_from
    assert "couplings of dumbbells, which were not fitted" in summary.parameters_from
    save_model(replace(model, astroid=SwitchingAstroid(b=0.6)), path)
    again = run_campaign(campaign, tmp_path / "store")
    assert again.key != summary.key
    assert again.first_flip_field > summary.first_flip_field


def test_a_fitted_model_of_other_islands_is_refused_before_anything_is_written(finished, tmp_path):
    model = ice_of(finished[0]).model(0.05, 3)
    path = save_model(replace(model, moment=1.1 * model.moment), tmp_path / "lattice.json")
    for name, message in ((path, "describe the islands that were fitted"), (tmp_path / "no.json", "cannot be read")):
        campaign = IceRecogniserCampaign(**changed(None, switching={"fitted_model": str(name)}))
        with pytest.raises(ValueError, match=message):
            run_campaign(campaign, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_an_engine_that_would_do_nothing_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"has no micromagnetic runs.*leave the engine out"):
        run_campaign(IceRecogniserCampaign(**CONTENT), tmp_path, engine="mock")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (changed("device", ports=CONTENT["device"]["ports"][1:]), "the driven ports have none"),
        (changed("device", ports=CONTENT["device"]["ports"][:1]), "no port with role 'readout'"),
        (changed("memory", read_outs=21), "21 read-outs are asked for; the device's read-out ports have 20 islands"),
        (changed("memory", streams=20), "streams = 20 bound the rank"),
        (changed("memory", common=10), "leave none to differ in"),
        (changed("memory", inputs=100), "too few for the capacities"),
        (changed("patterns", threshold=1.0), "threshold"),
        (changed("switching", b=None), "switching lacks b;"),
        (changed("switching", fitted_model="lattice.json"), "leave the one or the others out"),
        (changed(None, sweep=[{"name": "a", "fields": ["b"], "values": [1]}]), "has none; leave it out"),
    ],
)
def test_a_campaign_that_cannot_be_answered_is_refused(content, message):
    with pytest.raises(ValidationError, match=message):
        IceRecogniserCampaign(**content)
