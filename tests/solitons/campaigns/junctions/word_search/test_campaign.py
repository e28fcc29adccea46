"""The campaign of word search: numbers beside closed forms and counts, energy, report, and what it refuses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from edited_content import with_fields
from rows import rows
from scipy.optimize import brentq
from scipy.special import ndtr

from solitons import load_model, save_model
from solitons.campaigns.framework.workflow import run_campaign
from solitons.campaigns.junctions.word_search import analysis
from solitons.campaigns.junctions.word_search import campaign as module
from solitons.campaigns.junctions.word_search.campaign import WordSearchCampaign
from solitons.junctions.junction_spread import JunctionSpread

CONTENT = yaml.safe_load(Path(module.__file__).with_name("campaign.yaml").read_text(encoding="utf-8"))
DRAWN = 120_000
CONTENT["varied"] = {"spreads": [0.1], "bits": [12], "tmr": [2]}


def campaign_of(**changes):
    return WordSearchCampaign(**with_fields(CONTENT, **changes))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(analysis, "_DRAWN", DRAWN)
        return run_campaign(campaign_of(), tmp_path_factory.mktemp("store")).results


def test_the_described_memory_is_limited_and_its_numbers_agree(results):
    assert {each.code for each in results.reasons} == {"outside_fit", "above_allowed", "forgets"}
    assert results.far_deficit == pytest.approx(1e-15 * 35 / (6 * results.time))
    for point in results.points:
        if point.counted is not None:
            chance = np.sqrt(point.exact / (DRAWN // int(point.value if point.of == "bits" else 6)))
            assert point.counted == pytest.approx(point.exact, abs=4 * chance)
        assert point.search == pytest.approx(1 - (1 - point.exact) ** 64, rel=1e-6, abs=1e-13)
    assert all(each.found == each.expected for each in results.looked)
    assert results.looked[0].found[0] == "101100"  # the longest prefix


def test_the_longest_word_is_within_the_allowed_error_and_no_longer_one_is(results):
    error = {bits: campaign_of().line(bits=bits).errors[1] for bits in (results.most_bits, results.most_bits + 1)}
    shorter, longer = (1 - (1 - each) ** 64 for each in error.values())
    assert shorter <= 1e-6 < longer


def test_the_energy_of_a_search_is_the_sum_of_its_parts(results):
    """1 fF from 0.5 V with three of six bits wrong, 0.5 fF at 0.8 V, and a comparator of 2 fJ for six bits."""
    line = campaign_of().line()
    end = 0.5 * np.exp(-line.conductance(3) * results.time / 6e-15)
    expected = 1e-15 * 0.5 * (0.5 - end) + 0.5e-15 * 0.8**2 + 2e-15 / 6
    assert results.search_energy == pytest.approx(expected)


def test_the_energy_of_a_write_is_the_current_times_the_voltage_of_both_states(results):
    """1.25 V over 5 ohm um^2 in parallel; what falls over the antiparallel state solves its own equation."""
    high = brentq(lambda v: v - 1.25 * (1 + 1.2 / (1 + (v / 0.5) ** 2)), 1.25, 3)
    found = results.energy.joule("junctions", "write of a junction")
    assert found == pytest.approx(0.25e12 * 336e-18 * 50e-9 * (1.25 + high) / 2, rel=1e-6)


def test_the_full_adder_has_the_magnetoresistance_at_its_voltage(results):
    tmr = 1.2 / (1 + 0.1**2 / 0.5**2)
    one, pair = (each for each in results.tables if each.spread == 0.1)
    assert one.closed_form == pytest.approx(ndtr(-np.log(1 + tmr) / 0.2))
    assert pair.closed_form == pytest.approx(ndtr(-np.log(1 + tmr) / (0.1 * np.sqrt(2))))
    assert one.counted == pytest.approx(one.closed_form, abs=5 * np.sqrt(one.closed_form / 320_000))
    # Sum and carry are each 1 in half of the rows: of four trees two have a parallel junction.
    read = 0.1**2 * 1e-9 * 2 * (1 / (1 / 6.72e-5 + 9e3) + 1 / ((1 + tmr) / 6.72e-5 + 9e3))
    assert results.energy.joule("junctions", "read of a full adder") == pytest.approx(read, rel=1e-3)


def test_what_is_not_given_is_not_known(tmp_path):
    content = with_fields(CONTENT, varied={}, words=1)
    del content["device"]["half_bias"], content["energy"]
    found = run_campaign(WordSearchCampaign(**content), tmp_path).results
    assert {"bias_unknown", "energy_unknown"} <= {each.code for each in found.reasons}
    assert found.search_energy is None
    assert found.biased == pytest.approx(found.antiparallel)
    assert "not known" in next(tmp_path.rglob("report.html")).read_text(encoding="utf-8")


def test_closed_transistors_that_leak_fail_a_search_beside_many_x(tmp_path):
    words = {"patterns": ["XXXXXX1", "0000000"], "searches": ["0000000"]}
    found = run_campaign(campaign_of(table=words, lines__closed="30 kohm", varied={}), tmp_path).results
    assert found.looked[0].found == ["0000000", "XXXXXX1"]
    assert "search_differs" in {each.code for each in found.reasons}


def saved(path, **changes):
    model = replace(load_model("junction"), **changes)
    save_model(model, path)
    return str(path)


def test_a_spread_that_is_not_known_is_stated_or_given(tmp_path):
    alike = saved(tmp_path / "alike.json", unlike=JunctionSpread())
    found = run_campaign(campaign_of(device__fitted_model=alike, varied={}), tmp_path).results
    assert "spread_unknown" in {each.code for each in found.reasons}
    assert campaign_of(device__fitted_model=alike, device__spread=0.05).line().cell.spread == 0.05


@rows(
    "changes, words",
    [
        ({"device__fitted_model": "wall"}, "holds a DomainWall.*one junction: give junction"),
        ({"lines__segment": "100 ohm"}, "lines.segment = 100 ohm: .* the farthest of 12 .* or shorter words"),
        ({"lines__closed": "10 kohm"}, "ten times open"),
        ({"energy__search_voltage": None}, "search_line and search_voltage belong together"),
        ({"table__patterns": ["01X", "110", "01X"]}, "patterns has '01X' twice; name each once"),
        ({"table__patterns": ["01X", "0110"]}, "'0110' has 4 bits and the first pattern 3"),
        ({"table__searches": ["01201"]}, "'01201' is no word of 0, 1 and X"),
    ],
)
def test_what_cannot_be_searched_is_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        campaign_of(**changes).check()


def test_several_junctions_in_parallel_are_refused(tmp_path):
    several = saved(tmp_path / "several.json", count=3)
    with pytest.raises(ValueError, match="is 3 junctions in parallel"):
        campaign_of(device__fitted_model=several).check()
