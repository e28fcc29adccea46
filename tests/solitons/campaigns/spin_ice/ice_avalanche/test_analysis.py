"""The campaign of a spin ice, whole, with islands that the mock engine turns by Stoner and Wohlfarth's astroid.

The mock engine's islands do not see each other. Where they are predicted, the model's do not either.
"""

import json
import re

import equinox as eqx
import numpy as np
import pytest

from solitons import load_model
from solitons.campaigns.framework.opening import campaign_table
from solitons.campaigns.framework.workflow import run_campaign
from solitons.campaigns.spin_ice.ice_avalanche.campaign import IceAvalancheCampaign
from solitons.spin_ice import fitted_rotation as rotation_module
from solitons.spin_ice.fitted_lattice import fitted_lattice
from solitons.spin_ice.fitted_rotation import fitted_rotation
from solitons.spin_ice.moment_fields import moment_couplings

from .one_square import campaign


@pytest.fixture(scope="module")
def uncoupled():
    """Predictions without couplings, in all of this module's tests: none of micromagnetics may stand here."""

    def none(*arguments, **keys):
        couplings = moment_couplings(*arguments, **keys)
        return eqx.tree_at(lambda each: each.tensor, couplings, 0 * couplings.tensor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rotation_module, "moment_couplings", none)
        yield


@pytest.fixture(scope="module")
def found(tmp_path_factory, uncoupled):
    store = tmp_path_factory.mktemp("store")
    large = {"columns": 6, "rows": 6, "seeds": [1, 2], "cut_off": "500 nm", "field_steps": 50}
    summary = run_campaign(campaign(large=large), store, engine="mock")
    return summary, store / "campaigns" / "square" / "mock"


@pytest.mark.slow
def test_the_mock_islands_are_found_again(found):
    """h_k = Ms t (1/w - 1/l), b = 1, beta = gamma = 3, and h_k in proportion to Ms."""
    summary, _ = found
    values = {each.name: each.value for each in summary.results.parameters}
    # Steps of 250 A/m, and 5 degrees from the hard axis.
    assert values["anisotropy_field"] == pytest.approx(8e5 * 10 * (1 / 40 - 1 / 120), rel=5e-3)
    assert values["b"] == pytest.approx(1, abs=5e-3)
    assert (values["beta"], values["gamma"]) == (pytest.approx(3, abs=0.05), pytest.approx(3, abs=0.05))
    assert values["saturation_magnetisation_exponent"] == pytest.approx(1, abs=0.02)


@pytest.mark.slow
def test_islands_that_do_not_see_each_other_are_predicted_one_by_one(found):
    summary, _ = found
    for each in summary.results.predictions:
        assert each.final_overlap == 1
        assert each.worst_overlap >= 0.75
        assert abs(each.coercive_field_error) < 0.01
        assert each.concordance == 1
        assert each.first_flip_field == pytest.approx(each.predicted_first_flip_field, abs=600)
    # The mock engine's islands do not lean.
    (note,) = summary.results.notes
    assert note.startswith("1 of 1 outlines of islands have no texture (the first is of island 0)")


def _other_notes(summary):
    """Beside the one on islands without a texture, which all of the mock engine's are."""
    return [note for note in summary.results.notes if "outlines of islands have no texture" not in note]


def test_what_is_written_says_what_was_fitted(found):
    summary, folder = found
    written = json.loads((folder / "summary.json").read_text())
    assert written["predictions"][0]["seed"] == 7
    model = load_model(folder / "lattice.json")
    # The two lattices, and the first field of each alone.
    assert set(summary.results.held_out) < set(summary.run_ids) - set(model.provenance.trained_on)
    assert len(summary.run_ids) == len(model.provenance.trained_on) + 4
    assert model.provenance.engine == "mock"
    sizes = model.provenance.length, model.provenance.width, model.provenance.thickness
    assert sizes == pytest.approx((120e-9, 40e-9, 10e-9))
    page = (folder / "report.html").read_text()
    assert len(re.findall("<img ", page)) == 7
    # Kendall's coefficient is a number from -1 to 1, no part of a whole.
    taus = re.search(r"Kendall(&#39;|')s τ", page)
    assert re.findall(r"<td[^>]*>([^<]*)</td>", page[taus.end() :])[:2] == [
        f"{each.kendall_tau:.3f}" for each in summary.results.predictions
    ]
    assert all(run_id in page for run_id in summary.run_ids)
    assert summary.results.avalanches.islands == 84
    assert summary.results.avalanches.flips == 2 * 84


@pytest.mark.slow
def test_a_field_that_turns_nothing_is_said_with_the_one_that_would(found):
    store = found[1].parents[2]
    summary = run_campaign(campaign(last="55 kA/m", name="short"), store, engine="mock")
    assert summary.results.verdict == "failed"
    for each, reason in zip(summary.results.predictions, summary.results.reasons, strict=True):
        assert each.first_flip_field is each.coercive_field is None
        assert f"by the fitted lattice the first does at {each.predicted_first_flip_field / 1e3:.4g} kA/m" in (
            reason.sentence
        )
    # The verdict has said it.
    assert _other_notes(summary) == []
    page = (store / "campaigns" / "short" / "mock" / "report.html").read_text()
    assert "no island turns" in page
    # What is asked for is what the model's own islands do.
    weakest = np.min([each.predicted_first_flip_field for each in summary.results.predictions])
    assert 55e3 < weakest < 70e3


@pytest.mark.slow
def test_a_prediction_that_does_not_reach_its_coercive_field_says_so(found, monkeypatch):
    """The run reverses and the lattice, made twice as hard, does not: that is no error of 0 %."""
    _, folder = found

    def hard(make):
        def harder(*arguments, **keys):
            model = make(*arguments, **keys)
            return eqx.tree_at(lambda lattice: lattice.anisotropy_field, model, 2 * model.anisotropy_field)

        return harder

    for make in (fitted_rotation, fitted_lattice):
        monkeypatch.setattr(f"solitons.campaigns.spin_ice.ice_avalanche.fitted_models.{make.__name__}", hard(make))
    asked = IceAvalancheCampaign.model_validate(campaign().model_dump(mode="json") | {"name": "hard"})
    summary = run_campaign(asked, folder.parents[2], engine="mock")
    said = [reason for reason in summary.results.reasons if reason.code == "model_does_not_turn"]
    for each, reason in zip(summary.results.predictions, said, strict=True):
        assert each.coercive_field is not None
        assert each.predicted_coercive_field is each.coercive_field_error is each.dipoles.coercive_field_error is None
        assert f"lattice of seed {each.seed} the model does not reach the coercive field" in reason.sentence
    assert _other_notes(summary) == []
    (error,) = [each for each in summary.results.headlines() if each.name == "coercive field error"]
    assert (error.value, error.detail) == ("not reached", "by the fitted lattice, in 2 of 2 lattices")
    page = (folder.parents[1] / "hard" / "mock" / "report.html").read_text()
    tiles, _, rest = page.partition("<table")
    assert "0.00%" not in tiles
    assert "in 2 of 2 lattices" in tiles
    for row in ("… predicted", "… error", "… error with point dipoles"):
        assert re.search(rf"<td[^>]*>{row}</td>(\s*<td[^>]*>not reached</td>){{2}}", rest), row


def test_what_cannot_be_told_is_left_out(found):
    """All islands turn in one step: there is no order, and a run that stops early has no coercive field."""
    summary, _ = found
    first, second = summary.results.predictions
    without = first.model_copy(update={"concordance": None, "kendall_tau": None})
    assert "flips in the right order" in _headlines(summary, first)
    assert "flips in the right order" not in _headlines(summary, without)
    short = without.model_copy(update={"coercive_overlap": None, "coercive_field": None, "coercive_field_error": None})
    said = _headlines(summary, short)
    assert said["spins right at the end"].value == "100.0%"
    assert "the coercive field is not reached in any run" in said["spins right at the end"].detail
    assert said.keys() == {"spins right at the end", "switching field error", "avalanches counted"}
    said = _headlines(summary, short, second)
    assert "1 of 2 lattices, which alone reach it" in said["spins right at coercivity"].detail


def _headlines(summary, *predictions):
    results = summary.results.model_copy(update={"predictions": list(predictions)})
    return {each.name: each for each in results.headlines()}


@pytest.mark.slow
def test_islands_at_several_angles_are_said_with_the_one_that_was_measured(found):
    asked = campaign(angle="220 deg", name="turned", seeds=[7])
    summary = run_campaign(asked, found[1].parents[2], engine="mock")
    assert _other_notes(summary) == [
        "The islands are at 40, 50 degrees to the field; the laws of saturation magnetisation are measured at "
        "40 degrees and taken for all."
    ]


@pytest.mark.slow
def test_a_ramp_that_begins_too_high_is_refused_before_the_long_runs(found):
    """At 45 degrees it turns at 67 kA/m, and would be taken for one that does at 35."""
    plain = campaign().model_dump(mode="json")
    plain["fit"]["angle_ramp"]["start"] = 70e3
    plain["name"], store = "high", found[1].parents[2]
    before = set(store.glob("*/spec.json"))
    said = (
        r"fit.angle_ramp.start = 70 kA/m, but in the jump there an island turns between 6\d.* write start: 6\d.* kA/m"
    )
    with pytest.raises(ValueError, match=said):
        run_campaign(IceAvalancheCampaign.model_validate(plain), store, engine="mock")
    ran = [json.loads(each.read_text())["protocol"] for each in set(store.glob("*/spec.json")) - before]
    # Jumps to one field, and coarse ramps: none of the lattice's or the fit's own ramps.
    assert ran
    assert all(step["field_steps"] == 1 for protocol in ran for step in protocol["steps"])


@pytest.mark.slow
def test_a_lattice_that_turns_in_its_jump_is_refused_before_it_is_driven(found):
    plain = campaign(name="late").model_dump(mode="json")
    for step, field in zip(plain["base"]["protocol"]["steps"], (78e3, 90e3), strict=True):
        step["to"] = field
    with pytest.raises(ValueError, match=r"in the jump to its first field, 78 kA/m, \d islands .* begin at \d\d"):
        run_campaign(IceAvalancheCampaign.model_validate(plain), found[1].parents[2], engine="mock")


@pytest.mark.slow
def test_ramps_find_themselves(found):
    """Nothing is said but the direction of the field; the islands are those of the ramps that were given."""
    store = found[1].parents[2]
    plain = campaign(name="ramps").model_dump(mode="json") | {"field": {"angle": "225 deg", "field_steps": 40}}
    del plain["base"]["protocol"], plain["fit"]["ramp"]
    plain["fit"]["angle_ramp"] = "auto"
    asked = IceAvalancheCampaign.model_validate(plain)
    summary = run_campaign(asked, store, engine="mock")
    given = {each.name: each.value for each in found[0].results.parameters}
    for each in summary.results.parameters:
        assert each.value == pytest.approx(given[each.name], rel=0.02)
    ramps = {each.of: each for each in summary.results.ramps}
    assert all(each.found for each in ramps.values())
    lattices, first = ramps["lattices"], min(each.first_flip_field for each in summary.results.predictions)
    assert 0.85 * first < lattices.start < first
    for each in summary.results.predictions:
        assert each.final_overlap == 1
        assert each.coercive_field < lattices.end
    # What was found decides the runs, and nothing else does: the same campaign has the same ones.
    assert list(campaign_table(asked, store, "mock").index) == summary.run_ids


def test_large_lattices_of_a_table_are_refused_before_anything_runs(tmp_path):
    rows = [{"x": 0.0, "y": 0.0, "angle": 0.0, "length": 120e-9, "width": 40e-9}]
    rows.append(rows[0] | {"x": 200e-9})
    lattice = {"kind": "table", "islands": rows, "vertex_distance": "90 nm"}
    asked = campaign(large={"columns": 6, "rows": 6, "seeds": [1], "cut_off": "500 nm", "field_steps": 50})
    base = asked.base | {"device": {**asked.base["device"], "lattice": lattice}}
    del base["device"]["island"]
    table = IceAvalancheCampaign.model_validate(asked.model_dump(mode="json") | {"base": base})
    with pytest.raises(ValueError, match="a lattice of kind 'table'"):
        run_campaign(table, tmp_path, engine="mock")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_swept_material_gives_results_for_each_value(found):
    """h_k of the mock engine's islands is in proportion to Ms."""
    sweep = [{"name": "magnetisation", "unit": "A/m", "fields": ["material.Ms"], "values": ["700 kA/m", "800 kA/m"]}]
    asked = IceAvalancheCampaign.model_validate(campaign(sweep=sweep).model_dump(mode="json") | {"name": "swept"})
    store = found[1].parents[2]
    summary = run_campaign(asked, store, engine="mock")
    assert [each.at for each in summary.variants] == [{"magnetisation": 700e3}, {"magnetisation": 800e3}]
    # Those of 800 kA/m are there already.
    assert (summary.runs, summary.cached) == (2 * found[0].runs, found[0].runs)
    folder = store / "campaigns" / "swept" / "mock"
    written = json.loads((folder / "summary.json").read_text())
    first, second = (
        {each["name"]: each["value"] for each in variant["results"]["parameters"]}["anisotropy_field"]
        for variant in written["variants"]
    )
    # Steps of 250 A/m in both.
    assert second / first == pytest.approx(800 / 700, rel=1e-2)
    page = (folder / "report.html").read_text()
    assert page.count('<h2 class="variant">magnetisation = ') == 2
    assert all(run_id in page for run_id in summary.run_ids)
    for place, variant in zip(("700000", "800000"), summary.variants, strict=True):
        model = load_model(folder / f"magnetisation={place}" / "lattice.json")
        assert set(model.provenance.trained_on) < set(summary.run_ids) - set(variant.results.held_out)
