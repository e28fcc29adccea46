"""The whole way on the mock engine: everything but the physics."""

import json
import re
import shutil
from types import SimpleNamespace

import mock_engine as mock
import numpy as np
import pytest
from rich.console import Console

from runs import EngineFailedError, Store
from solitons import load_model
from solitons.campaigns.domain_walls.dw_synapse.campaign import SynapseCampaign
from solitons.campaigns.domain_walls.dw_synapse.checks import held_out_runs
from solitons.campaigns.domain_walls.dw_synapse.figures import after_pulses_figure
from solitons.campaigns.domain_walls.dw_synapse.fitting import fit_observations
from solitons.campaigns.domain_walls.dw_synapse.observation import observe
from solitons.campaigns.framework.base import distinct_specs
from solitons.campaigns.framework.provenance import provenance_section
from solitons.campaigns.framework.results import Findings
from solitons.campaigns.framework.workflow import _save_models, campaign_folder, run_campaign
from solitons.fits.provenance import FailedModel
from solitons.fits.verdict import Reason, judge
from solitons.models.saving import FORMAT


@pytest.fixture(scope="module")
def campaign():
    pulse = {
        "do": "current pulses",
        "amplitude": 1e12,
        "width": 0.2e-9,
        "rise": 20e-12,
        "period": 0.4e-9,
        "count": 3,
    }
    return SynapseCampaign(
        name="small",
        title="A <small> campaign & its report",
        engine="mock",
        base={
            "device": {
                "kind": "stripe",
                "length": "200 nm",
                "width": "16 nm",
                "thickness": "1 nm",
                "cell": ["2 nm", "4 nm", "1 nm"],
                "walls": [{"position": "60 nm"}],
                "readout_window": {"x": ["30 nm", "170 nm"]},
            },
            "material": {
                "name": "film <&>",
                "Ms": 6e5,
                "A": 1.2e-11,
                "Ku": 5e5,
                "alpha": 0.1,
                "P": 0.6,
                "beta": 0.1,
            },
            "protocol": {
                "sampling_interval": "100 ps",
                "steps": [
                    {"do": "relax"},
                    pulse | {"polarity": "negative"},
                    pulse | {"polarity": "positive"},
                ],
            },
        },
        sweep=[
            {
                "name": "amplitude",
                "unit": "A/m^2",
                "fields": ["protocol.steps.1.amplitude", "protocol.steps.2.amplitude"],
                "values": [0.5e12, 1e12, 1.5e12, 2e12],
            },
            {
                "name": "width",
                "unit": "s",
                "fields": ["protocol.steps.1.width", "protocol.steps.2.width"],
                "values": ["0.2 ns", "0.3 ns"],
            },
        ],
        extract={"resistance_area": "10 ohm*um^2", "tmr": 1.5},
        fit={"held_out": 3, "seed": 4},
        digits={"seed": 0},
    )


@pytest.fixture(scope="module")
def finished(campaign, tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    return store, run_campaign(campaign, store)


@pytest.mark.slow
def test_the_summary_holds_what_was_promised(finished, campaign):
    store, summary = finished
    content = json.loads((campaign_folder(campaign, "mock", store) / "summary.json").read_text())
    assert {
        "campaign", "engine", "engine_version", "runs", "cached", "verdict", "reasons", "wall_position_error",
        "speedup", "levels", "digits",
    } <= content.keys()  # fmt: skip
    assert {"accuracy", "ci95", "float_accuracy", "ideal_synapse_accuracy", "test_size"} <= content["digits"].keys()
    assert all({"noise", "runs", "material"} <= each["ci95_by"].keys() for each in content["parameters"])
    for each in content["parameters"]:
        wider, material = np.ptp(each["ci95"]), np.ptp(each["ci95_by"]["material"])
        assert wider >= np.hypot(np.ptp(each["ci95_by"]["runs"]), material) * (1 - 1e-9)
    page = (campaign_folder(campaign, "mock", store) / "report.html").read_text()
    assert "by the runs alone" in page
    assert "the constants which are not fitted may be wrong" in page
    (chosen,) = (each for each in content["compared"] if each["chosen"])
    names = [each["name"] for each in content["parameters"] if not each["name"].startswith("push_")]
    assert names == chosen["candidate"]["free"]
    held = {each["name"]: each["value"] for each in content["from_material"]}
    assert held.keys() | set(names) >= {"drift_per_current", "hard_axis_field", "beta"}
    assert held.get("beta", 0.1) == 0.1
    assert content["engine"] == "mock"
    assert "wall position error" in [each["name"] for each in content["headlines"]]
    assert (content["runs"], content["cached"]) == (8, 0)
    assert type(summary).from_json(json.dumps(content)) == summary
    labels = {content["labels"][run_id] for run_id in content["held_out"]}
    assert labels <= {f"{current:g} × 10¹² A/m², {width} ps" for current in (1, 1.5, 0.5, 2) for width in (200, 300)}


def test_the_model_finds_how_the_mock_wall_moves(finished):
    # The mock wall drifts rigidly with u, cell by cell of 2 nm: the model is right to about half a cell.
    _, summary = finished
    assert summary.results.wall_position_error * 200 < 1.2
    drift = next(each for each in summary.results.parameters if each.name == "drift_per_current")
    assert drift.value == pytest.approx(-5.788e-11, rel=0.05)


def test_the_ledger_knows_the_magnets_heat_and_says_what_else_to_give(finished):
    ledger = finished[1].results.energy
    weak, strong = (name for _, name in ledger.operations if name.startswith("write pulse"))
    for operation in (weak, strong):
        ohmic, magnet = ledger.of("domain wall", operation)
        assert "give energy.resistivity" in ohmic.missing
        assert 0 < magnet.joule < 1e-15
        assert magnet.origin == "measured in the run"
        assert ledger.joule("domain wall", operation) is None
    assert "energy.read_voltage" in ledger.of("domain wall", "read")[0].missing


def test_the_held_out_runs_are_not_at_a_corner(finished, campaign):
    _, summary = finished
    assert len(summary.results.held_out) == 3
    corners = {
        run.spec.run_id
        for run in campaign.labelled_runs("mock")
        if run.role.values[0] in (0.5e12, 2e12) and run.role.values[1] in (0.2e-9, 0.3e-9)
    }
    assert not corners & set(summary.results.held_out)


def test_the_report_is_one_file_and_escapes_what_it_quotes(finished, campaign):
    store, summary = finished
    page = (campaign_folder(campaign, "mock", store) / "report.html").read_text()
    assert "A &lt;small&gt; campaign &amp; its report" in page
    assert "film &lt;&amp;&gt;" in page
    assert f"{summary.results.levels} levels" in page
    assert "Models that were compared" in page
    # The made-up wall feels no stray field of its domains, for which a fitted H_K then stands.
    assert len(re.findall(">taken[<,]", page)) == 1
    assert not re.findall(r'(?:src|href)="(?!data:)', page), "the report asks for another file"
    assert page.count('<img src="data:image/') >= 10
    assert page.count("in all 8 runs, with their swept values") == 2 * 2  # captions, and what stands for a picture
    assert "$" not in re.sub(r"data:image[^\"]*", "", page), "a placeholder was left"
    for run_id in summary.run_ids:
        assert run_id in page


def test_the_fitted_devices_are_saved(finished, campaign):
    store, summary = finished
    folder = campaign_folder(campaign, "mock", store)
    wall = load_model(folder / "wall.json")
    assert list(wall.provenance.held_out) == summary.results.held_out
    drift = next(each for each in summary.results.parameters if each.name == "drift_per_current")
    assert float(wall.drift_per_current) == drift.value
    assert type(load_model(folder / "synapse.json")).__name__ == "DomainWallSynapse"
    assert type(load_model(folder / "neuron.json")).__name__ == "DomainWallNeuron"
    named = re.findall(r"load_model\(&#34;(.*?)&#34;\)", (folder / "report.html").read_text())
    assert named == ["wall.json"], "the report opens a model that is beside it"


@pytest.mark.slow
def test_a_leak_that_no_current_overcomes_withholds_the_network_alone(finished, campaign):
    store, _ = finished
    digits = campaign.digits.model_copy(update={"neuron_bias": 1e7})
    results = run_campaign(campaign.model_copy(update={"name": "leaky", "digits": digits}), store).results
    assert results.digits is None
    assert list(results.withheld) == ["network"]


@pytest.mark.slow
def test_everything_that_is_saved_says_the_last_verdict(finished, campaign, monkeypatch):
    store, _ = finished
    slows = Reason(code="neuron_slows", weight="limited", sentence="It fires less often.")
    monkeypatch.setattr("solitons.campaigns.domain_walls.dw_synapse.analysis.judge_fit", lambda *_, **__: judge([]))
    monkeypatch.setattr("solitons.campaigns.domain_walls.dw_synapse.analysis.about_neuron", lambda *_: ([slows], None))
    other = campaign.model_copy(update={"name": "slow", "digits": None})
    assert run_campaign(other, store).results.verdict == "limited"
    folder = campaign_folder(other, "mock", store)
    assert load_model(folder / "wall.json").provenance.verdict == "limited"
    for name in ("synapse", "neuron"):
        assert load_model(folder / f"{name}.json").wall.provenance.verdict == "limited"


def test_a_second_call_only_reads(finished, campaign, monkeypatch):
    store, summary = finished

    def fail(*_, **__):
        raise AssertionError("something was computed again")

    monkeypatch.setattr(mock, "simulate", fail)
    monkeypatch.setattr("solitons.campaigns.domain_walls.dw_synapse.fitting.fit_wall", fail)
    monkeypatch.setattr("solitons.campaigns.domain_walls.dw_synapse.analysis.read_digits", fail)
    again = run_campaign(campaign, store)
    assert again.cached == again.runs == 8
    assert again.model_copy(update={"cached": 0}) == summary


@pytest.mark.slow
def test_another_question_is_answered_anew(finished, campaign):
    store, summary = finished
    # Of another name: what the campaign itself has found stays for the tests after this one.
    fit = campaign.fit.model_copy(update={"seed": 5})
    other = campaign.model_copy(update={"name": "other", "fit": fit, "digits": None})
    answer = run_campaign(other, store)
    assert answer.key != summary.key
    assert answer.cached == 8
    assert answer.results.digits is None
    assert set(answer.results.held_out) != set(summary.results.held_out)


def test_an_analysis_removes_old_models_and_nothing_else(finished, campaign, tmp_path):
    store, _ = finished
    old = campaign_folder(campaign, "mock", store) / "wall.json"
    shutil.copy(old, tmp_path / "neuron.json")
    (tmp_path / "notes.json").write_text('{"of": "mine"}')
    _save_models(tmp_path, [({}, campaign, Findings(None, models={"wall": load_model(old)}))])
    assert {path.name for path in tmp_path.iterdir()} == {"notes.json", "wall.json"}


def test_a_failed_run_stops_before_the_fit_and_is_named(campaign, tmp_path, monkeypatch):
    honest = mock.simulate

    def fails(spec, directory, progress, limits):
        if spec.protocol.current_density.peak > 1.9e12:
            raise RuntimeError("out of paper")
        return honest(spec, directory, progress, limits)

    monkeypatch.setattr(mock, "simulate", fails)
    console = Console(record=True, width=200, file=(tmp_path / "log").open("w"))
    swept = re.escape("(2 × 10¹² A/m², 200 ps)")
    with pytest.raises(EngineFailedError, match=rf"2 of 8 runs failed, the first {swept} because: .*out of paper"):
        run_campaign(campaign, tmp_path / "store", retries=0, console=console)
    # However long the folder's name is, and wherever the line is broken.
    text, tmp_path = " ".join(console.export_text().split()), tmp_path / "store"
    assert re.search(rf"failed .*out of paper.* {swept}", text)
    assert re.search(r"computed [0-9a-f]{16} \(0\.5 × 10¹² A/m², 300 ps\) in", text)
    assert len(Store(tmp_path).ids()) == 6
    assert [path.name for path in campaign_folder(campaign, "mock", tmp_path).iterdir()] == ["runs.json"]


def test_it_says_which_engine_ran_and_what_it_wrote(campaign, finished, tmp_path):
    store, _ = finished
    console = Console(record=True, width=200, file=(tmp_path / "log").open("w"))
    run_campaign(campaign, store, console=console)
    text = console.export_text()
    assert "Engine: mock 1" in text
    assert "report.html" in text
    assert "summary.json" in text


def test_runs_of_another_engine_are_counted_and_cited_as_its_own(finished, campaign):
    _, summary = finished
    one, two, *others = distinct_specs(campaign.variants(), "mock")
    by_another = [each.model_copy(update={"engine": "native"}) for each in (one, two)]
    text = provenance_section(campaign, summary, [*others, *by_another], ())
    assert f"{len(others)} runs by mock {summary.engine_version} and 2 runs by native; " in text
    assert "diffrax" in text
    assert "diffrax" not in provenance_section(campaign, summary, others, ())


@pytest.fixture(scope="module")
def shown(finished, campaign):
    store, _ = finished
    observations = [
        observe(run.spec, run.role, Store(store).open(run.spec.run_id), campaign.extract)
        for run in campaign.labelled_runs("mock")
    ]
    held_out = held_out_runs(campaign.labelled_runs("mock"), campaign.fit)
    return SimpleNamespace(observations=observations, fit=fit_observations(observations, campaign.fit, held_out).fit)


@pytest.mark.slow
def test_the_fit_takes_the_width_that_was_seen(shown):
    observations, fit = shown.observations, shown.fit
    widths = np.concatenate([each.walls["width"].values.ravel() for each in observations])
    assert float(fit.dynamics.width) == pytest.approx(np.nanmedian(widths))
    assert "width" not in [each.name for each in fit.parameters]


@pytest.mark.slow
def test_every_run_has_a_panel_of_positions_with_its_swept_values(shown):
    figure = after_pulses_figure(shown, lambda each: each.positions_at_rest, "wall position (nm)", 1e9)
    panels = dict(zip(shown.observations, figure.axes, strict=True))
    held_out = set(shown.fit.provenance.held_out)
    for each, ax in panels.items():
        assert ax.get_title() == str(each.point)
        assert [text.get_text() for text in ax.texts] == (["held out"] if each.spec.run_id in held_out else [])
        line, before, positive, negative = ax.lines
        found = each.walls["position"].isel(wall=0)
        np.testing.assert_allclose(
            line.get_ydata(), found.interp(t=[0.0, *each.pulses["rest_end"].values]).values * 1e9, atol=1e-6
        )
        assert before.get_xdata() == [0]
        assert (list(negative.get_xdata()), list(positive.get_xdata())) == ([1, 2, 3], [4, 5, 6])
        assert (positive.get_markerfacecolor() == "white") == (each.spec.run_id in held_out)


def test_the_conductances_of_a_run_begin_before_its_pulses(shown):
    each = shown.observations[-1]
    np.testing.assert_allclose(np.diff(each.conductances_at_rest), each.conductance_steps)
    assert each.conductances_at_rest[0] == each.junction["conductance"].values[0]


@pytest.mark.slow
def test_a_fit_that_failed_withholds_what_would_follow(campaign, tmp_path):
    # Pulses a thousand times weaker: no wall moves by a cell.
    weak = [axis.model_dump() for axis in campaign.sweep]
    weak[0]["values"] = [0.5e9, 1e9, 1.5e9, 2e9]
    still = type(campaign).model_validate(campaign.model_dump() | {"name": "still", "sweep": weak})
    folder = campaign_folder(still, "mock", tmp_path)
    folder.mkdir(parents=True)
    (folder / "synapse.json").write_text(json.dumps({"format": FORMAT, "model": "of an earlier analysis"}))
    console = Console(record=True, width=200, file=(tmp_path / "log").open("w"))
    run_campaign(still, tmp_path, console=console)
    content = json.loads((folder / "summary.json").read_text())
    assert content["verdict"] == "failed"
    assert {"code", "weight", "sentence"} == content["reasons"][0].keys()
    assert content["reasons"][0]["code"] == "stuck"
    assert content["levels"] is None
    assert content["digits"] is None
    assert content["energy"] == {"rows": []}
    assert set(content["withheld"]) == {"levels", "synapse", "neuron", "network"}
    assert sorted(path.name for path in folder.glob("*.json")) == ["runs.json", "summary.json", "wall.json"]
    with pytest.warns(FailedModel, match="the fit that this model comes from failed"):
        load_model(folder / "wall.json")
    said = console.export_text()
    assert said.index("verdict") < said.index("wall position error")
    page = (folder / "report.html").read_text()
    assert page.index("100% of all pulses move the wall by less than a cell") < page.index("wall position error")
    assert "There is none: the fit failed" in page


@pytest.mark.slow
def test_variants_have_results_and_models_of_their_own(campaign, tmp_path):
    anisotropy = {"name": "anisotropy", "unit": "J/m^3", "fields": ["material.Ku"], "values": [5e5, 5.5e5]}
    swept = type(campaign).model_validate(
        campaign.model_dump() | {"name": "swept", "sweep": [*campaign.sweep, anisotropy], "digits": None}
    )
    summary = run_campaign(swept, tmp_path)
    assert (summary.runs, [each.at for each in summary.variants]) == (16, [{"anisotropy": 5e5}, {"anisotropy": 5.5e5}])
    assert all(each.results.levels > 1 for each in summary.variants)
    held_out = [set(each.results.held_out) for each in summary.variants]
    assert not held_out[0] & held_out[1]
    with pytest.raises(ValueError, match=r"2 variants over anisotropy.*summary\.variants"):
        _ = summary.results
    folder = campaign_folder(swept, "mock", tmp_path)
    assert type(summary).from_json((folder / "summary.json").read_text()) == summary
    names = [each.name for each in summary.headlines if each.name.endswith("wall position error")]
    assert names == [f"anisotropy = {value} kJ/m³: wall position error" for value in (500, 550)]
    for each, place in zip(summary.variants, ("anisotropy=500000", "anisotropy=550000"), strict=True):
        wall = load_model(folder / place / "wall.json")
        assert list(wall.provenance.held_out) == each.results.held_out
    page = (folder / "report.html").read_text()
    assert "All variants" in page
    assert "Fitted parameters with their 95 % intervals over what was swept" in page
    assert "anisotropy = 0.5 MJ/m³" in page or "anisotropy = 500 kJ/m³" in page
    again = run_campaign(swept, tmp_path)
    assert again.model_copy(update={"cached": 0}) == summary
