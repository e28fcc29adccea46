"""The campaign of a recognising spin ice on a small lattice: what it says, not how good it is."""

import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError
from rich.console import Console
from rows import rows

from runs import BatchCluster
from solitons import load_model, save_model
from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.opening import open_campaign
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.spin_ice.ice_recogniser.campaign import IceRecogniserCampaign
from solitons.campaigns.spin_ice.ice_recogniser.reduced_model import reduced_ice
from solitons.fits.provenance import IceProvenance
from solitons.reservoirs.comparison import BINARY, PROJECTIONS, STATES
from solitons.spin_ice import SwitchingAstroid

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

ORIGIN = IceProvenance(
    trained_on=("a",),
    engine="native",
    engine_version="1",
    field_angle=0.7,
    length=220e-9,
    width=80e-9,
    thickness=20e-9,
)


def ice_of(campaign):
    return reduced_ice(campaign.device, campaign.material, campaign.switching)


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
    assert not campaign.has_runs
    assert campaign.labelled_runs("native") == ()
    ice = ice_of(campaign)
    # Pixels go by rows from the upper left, as their islands do.
    places = ice.lattice["position"].values[ice.inputs].reshape(8, 8, 2)
    assert np.all(np.diff(places[..., 0], axis=1) > 0)
    assert np.all(np.diff(places[..., 1], axis=0) < 0)
    assert set(ice.inputs) | set(ice.read_outs) == set(range(ice.lattice.sizes["island"]))
    assert not set(ice.inputs) & set(ice.read_outs)


@pytest.mark.slow
def test_the_summary_is_what_is_returned(finished):
    campaign, store, summary = finished
    folder = campaign_folder(campaign, "model", store)
    assert json.loads((folder / "summary.json").read_text()) == json.loads(summary.as_json())
    results = summary.results
    assert (summary.engine, summary.runs, results.islands, results.read_outs) == ("model", 0, 84, 20)
    assert results.notes == []
    np.testing.assert_array_equal(
        load_model(folder / "lattice.json").anisotropy_field, ice_of(campaign).model(0.05, 0).anisotropy_field
    )


def test_a_few_islands_read_digits_worse_than_the_pixels_and_it_says_so(finished):
    found = finished[2].results.recognition
    assert found.images == 1797
    ice, pixels, written, _, _ = found.largest
    # Of ten digits one is right by chance; linear read-outs of the pixels get above nine in ten.
    assert 0.15 < ice.accuracy < written.accuracy < pixels.accuracy
    assert pixels.accuracy > 0.9
    assert pixels.gain.verdict == "loss"
    for features in (STATES, PROJECTIONS, BINARY):
        assert [each.count for each in found.of(features)] == [10, 20]
    # Three of the 64 pixels are dark in every image.
    assert found.pixel_rank == 61
    fewer, more = (each.accuracy for each in found.of(BINARY))
    assert 0.15 < fewer < more < written.accuracy


def test_a_frozen_ice_has_rank_one_and_no_memory_and_another_has_more(finished):
    frozen, moved = finished[2].results.memory
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
    assert not re.findall(r'(?:src|href)="(?!data:)', page), "the report asks for another file"
    assert page.count('<img src="data:image/') == 5
    words = re.sub(r"data:image[^\"]*", "", page)
    assert not re.findall(r"\{\{|\{%|\$|\b(?:nan|None|Undefined)\b", words), "a placeholder was left"


def test_a_second_call_only_reads(finished, monkeypatch):
    campaign, store, summary = finished

    def fail(*_, **__):
        raise AssertionError("something was computed again")

    monkeypatch.setattr("solitons.campaigns.spin_ice.ice_recogniser.analysis.recognise", fail)
    monkeypatch.setattr("solitons.campaigns.spin_ice.ice_recogniser.analysis.measure_memory", fail)
    assert run_campaign(campaign, store) == summary


def test_fields_that_turn_no_island_are_said_in_the_summary(finished, tmp_path):
    campaign = IceRecogniserCampaign(**changed("patterns", amplitudes=["20 kA/m"]))
    content = campaign.model_dump()
    content["memory"]["amplitudes"] = (1e4,)
    campaign = IceRecogniserCampaign(**content)
    summary = run_campaign(campaign, tmp_path)
    results = summary.results
    assert results.recognition is None
    assert re.match(
        r"no pattern turns an island: the largest field is 20 kA/m, .* first in [\d.]+ kA/m", results.notes[0]
    )
    assert "no input of the memory's series turns an island" in results.notes[1]
    # What it names does turn one.
    assert 2e4 < results.first_flip_field == finished[2].results.first_flip_field < 66e3
    assert "the first flip needs" in (campaign_folder(campaign, "model", tmp_path) / "report.html").read_text()


@pytest.mark.slow
def test_a_fitted_model_gives_the_astroid_and_what_follows_from_it_is_computed_anew(finished, tmp_path):
    model = replace(ice_of(finished[0]).model(0.05, 3), provenance=ORIGIN)
    path = save_model(replace(model, astroid=SwitchingAstroid(b=0.5)), tmp_path / "lattice.json")
    quick = CONTENT["patterns"] | {"amplitudes": ["66 kA/m"], "read_outs": [], "folds": 2}
    campaign = IceRecogniserCampaign(**changed(None, switching={"fitted_model": str(path)}, patterns=quick))
    ice = ice_of(campaign)
    assert float(ice.switching.astroid.b) == 0.5
    assert ice.switching.anisotropy_field == pytest.approx(np.mean(model.anisotropy_field))
    summary = run_campaign(campaign, tmp_path / "store")
    assert "of the fitted model" in summary.results.parameters_from
    assert "couplings of dumbbells, which were not fitted" in summary.results.parameters_from
    save_model(replace(model, astroid=SwitchingAstroid(b=0.6)), path)
    again = run_campaign(campaign, tmp_path / "store")
    assert again.key != summary.key
    assert again.results.first_flip_field > summary.results.first_flip_field


def test_a_fitted_model_of_other_islands_is_refused_before_anything_is_written(finished, tmp_path):
    model = replace(ice_of(finished[0]).model(0.05, 3), provenance=ORIGIN)

    def saved(name, **changes):
        return save_model(replace(model, **changes), tmp_path / name)

    # 264 nm x 80 nm x 16.7 nm: longer and thinner, with the same moment.
    longer = ORIGIN.model_copy(update={"length": 264e-9, "thickness": 16.7e-9})
    for name, message in (
        (saved("moment.json", moment=1.1 * model.moment), "a moment of .*describe the islands that were fitted"),
        (saved("size.json", provenance=longer), "a length of 264 nm, the device has some of 220 nm; their astroids"),
        (saved("drawn.json", provenance=None), "was not fitted; give the lattice.json of a campaign that fits one"),
        (tmp_path / "no.json", "cannot be read"),
    ):
        campaign = IceRecogniserCampaign(**changed(None, switching={"fitted_model": str(name)}))
        with pytest.raises(ValueError, match=message):
            run_campaign(campaign, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_an_engine_that_would_do_nothing_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"has no micromagnetic runs.*leave the engine out"):
        run_campaign(IceRecogniserCampaign(**CONTENT), tmp_path, engine="mock")
    cluster = BatchCluster(
        queue_system="slurm", interface="lo", max_jobs=2, runs_per_job=1, memory="4 GB", wall_time="1 hour"
    )
    for elsewhere in ({"scheduler": "tcp://10.0.0.1:8786"}, {"cluster": cluster}):
        with pytest.raises(ValueError, match=r"(scheduler = 'tcp|cluster).*no micromagnetic runs to send there"):
            run_campaign(IceRecogniserCampaign(**CONTENT), tmp_path, **elsewhere)
    assert not list(tmp_path.iterdir())


def test_jobs_without_runs_are_said_to_change_nothing(finished):
    campaign, store, summary = finished
    console = Console(record=True, quiet=False, file=io.StringIO(), width=200)
    assert run_campaign(campaign, store, jobs=2, console=console) == summary
    assert console.export_text(clear=False).count("jobs and retries change nothing") == 1
    once = Console(record=True, file=io.StringIO(), width=200)
    run_campaign(campaign, store, console=once)
    assert "jobs" not in once.export_text()


def test_it_has_no_runs_to_open(tmp_path):
    with pytest.raises(ValueError, match=r"'small-ice' has no micromagnetic runs and never will.*summary\.json"):
        open_campaign(IceRecogniserCampaign(**CONTENT), tmp_path, "native")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (changed("patterns", folds=175), r"patterns\.folds = 175.* has 174 images.*give at most 174"),
        (changed("memory", spreads=[0.1, 0.6]), r"memory\.spreads has 0\.6, .*at most 0\.\d+ is allowed"),
        (changed("switching", spread=0.6), r"switching\.spread has 0\.6, .*at most 0\.\d+ is allowed"),
    ],
)
def test_what_would_fail_late_is_refused_before_anything_is_computed(content, message, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise AssertionError("something was computed")

    monkeypatch.setattr("solitons.campaigns.spin_ice.ice_recogniser.analysis.reduced_ice", fail)
    with pytest.raises(ValueError, match=message):
        run_campaign(IceRecogniserCampaign(**content), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_widest_spread_that_is_named_is_allowed():
    with pytest.raises(ValueError, match="is allowed") as refused:
        IceRecogniserCampaign(**changed("memory", spreads=[0.9])).check()
    widest = float(re.search(r"at most ([\d.]+) is", str(refused.value)).group(1))
    campaign = IceRecogniserCampaign(**changed("memory", spreads=[widest]))
    campaign.check()
    ice = ice_of(campaign)
    fields = [ice.model(widest, seed).anisotropy_field.min() / ice.switching.anisotropy_field for seed in (0, 1)]
    # And little more is not: rounding leaves 0.001 of the spread.
    assert 0 < min(fields) < 0.01


@pytest.mark.slow
@rows(
    ("content", "message"),
    [
        (changed("device", ports=CONTENT["device"]["ports"][1:]), "the driven ports have none"),
        (changed("device", ports=CONTENT["device"]["ports"][:1]), "no port with role 'readout'"),
        (changed("memory", read_outs=21), "21 read-outs are asked for; the device's read-out ports have 20 islands"),
        (changed("memory", streams=20), "streams = 20 bound the rank"),
        (changed("memory", common=10), "leave none to differ in"),
        (changed("memory", inputs=100), "washout = 50 takes 50, .*at least 130 inputs"),
        (changed("memory", longest_delay=[4, 330]), r"longest_delay = \[4, 330\] takes 330, .*at least 410 inputs"),
        (changed("patterns", threshold=1.0), "threshold"),
        (changed("switching", b=None), "switching lacks b;"),
        (changed("switching", fitted_model="lattice.json"), "leave the one or the others out"),
        (changed(None, sweep=[{"name": "a", "fields": ["b"], "values": [1]}]), "unknown key 'sweep'"),
    ],
)
def test_a_campaign_that_cannot_be_answered_is_refused(content, message):
    with pytest.raises(ValidationError, match=message):
        IceRecogniserCampaign(**content)
