"""Oscillator memories that nothing was tuned for, some that must fail, and what is refused."""

import json

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows
from scipy import integrate, optimize

from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.results import CampaignSummary
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.oscillators.oscillator_memory.campaign import OscillatorMemoryCampaign
from solitons.campaigns.oscillators.oscillator_memory.recall import levels_and_error, recall_set
from solitons.campaigns.oscillators.oscillator_memory.results import OscillatorMemoryResults
from solitons.campaigns.oscillators.oscillator_memory.settings import CouplingSettings

CAPACITY = {"sizes": [1000, 2000], "loads": [0.03, 0.04, 0.05, 0.06], "spin_loads": [0.12, 0.15, 0.17, 0.2]}
OSCILLATOR = {"source": "a test"}
RECALL = {"spreads": ["0.05 %", "0.1 %", "1 %", "3 %"], "draws": 8, "hold": "100 ns", "weights": ["hebbian"]}


def campaign(capacity=None, oscillator=None, recall=None, couplings=None):
    return OscillatorMemoryCampaign(
        name="small",
        capacity=CAPACITY | (capacity or {}),
        oscillator=OSCILLATOR | (oscillator or {}),
        recall=RECALL | (recall or {}),
        couplings=couplings,
    )


def recalled(made, weights="hebbian", devices=None):
    return recall_set(weights, made.oscillator, made.recall, devices, lambda: None)


def kuramoto_order(over):
    """r of a Gaussian spread sigma = `over` K: r = K r times the integral of cos^2 g(K r sin), Y. Kuramoto (1984)."""

    def right(r):
        held, _ = integrate.quad(
            lambda phase: np.cos(phase) ** 2 * np.exp(-((r * np.sin(phase) / over) ** 2) / 2), -np.pi / 2, np.pi / 2
        )
        return held / (over * np.sqrt(2 * np.pi)) - 1

    return optimize.brentq(right, 1e-3, 1.0)


@pytest.mark.slow
def test_one_pattern_breaks_where_kuramotos_equation_has_an_order_of_0_6():
    """One pattern is everybody's coupling by K/N. Two oscillators that nothing was tuned for: slow and weak, fast."""
    expected = optimize.brentq(lambda over: kuramoto_order(over) - 0.6, 0.3, 0.62)
    for frequency, coupling in ((8e8, 4e6), (2.1e10, 6e8)):
        ratio = coupling / frequency
        spreads = (np.array([0.3, 0.45, 0.5, 0.54, 0.57, 0.6, 0.7]) * ratio).tolist()
        made = campaign(
            oscillator={"frequency": frequency, "coupling": coupling, "linewidth": 0, "spread": spreads[0]},
            recall={
                "oscillators": 500,
                "patterns": 1,
                "spreads": spreads,
                "duration": 8 / coupling,
                "hold": 1 / coupling,
            },
        )
        found = recalled(made)
        assert found.breaking_spread / ratio == pytest.approx(expected, rel=0.05)
        assert found.held_share == 1
        # The overlap rests at what the equation has for the least of the spreads; half of the way takes some 1/K.
        assert found.overlap == pytest.approx(kuramoto_order(0.3), abs=0.02)
        assert 1 < found.time * made.oscillator.strength < 8


def test_the_equation_knows_couplings_times_time_alone():
    short = {"oscillators": 100, "duration": "20 ns", "hold": "20 ns", "spreads": ["0.05 %", "0.1 %", "0.5 %", "1 %"]}
    fast = recalled(campaign(oscillator={"linewidth": 0}, recall=short))
    slow = campaign(
        oscillator={"linewidth": 0, "coupling": "25 MHz", "spread": "0.025 %"},
        recall=short | {"duration": "80 ns", "hold": "80 ns", "spreads": ["0.0125 %", "0.025 %", "0.125 %", "0.25 %"]},
    )
    assert recalled(slow).shares == fast.shares
    assert recalled(slow).time == pytest.approx(4 * fast.time, rel=1e-6)


@pytest.mark.slow
def test_written_couplings_cost_spread():
    two_levels = recalled(campaign(), devices=(2, 0.02))
    assert two_levels.breaking_spread < 0.7 * recalled(campaign()).breaking_spread


@pytest.mark.slow
def test_heat_and_a_large_spread_break_recall():
    for oscillator, recall in (
        ({"spread": "2.5 %"}, {}),
        ({"linewidth": "300 MHz"}, {}),
        ({}, {"patterns": 16, "wrong_bits": 0.45}),
    ):
        found = recalled(campaign(oscillator=oscillator, recall=recall))
        assert found.own_share < 0.5, (oscillator, recall)


def test_a_fitted_wall_gives_its_wells_and_its_error():
    levels, error = levels_and_error(CouplingSettings(synapse="wall-grains"))
    # Nine wells under the junction; some nm in heat, between devices and of the model, over 240 nm.
    assert (levels, error) == (9, pytest.approx(0.1, rel=0.1))
    # A smooth wall has one well: what stays apart by three errors of 0.3 nm over 240 nm.
    levels, error = levels_and_error(CouplingSettings(synapse="wall"))
    assert (levels, error) == (int(1 / (3 * error)) + 1, pytest.approx(0.312e-9 / 240e-9, rel=0.01))
    assert campaign(couplings={"synapse": "wall"}).input_files()[0].name == "wall.json"
    with pytest.raises(ValueError, match=r"'junction' has no error that is known; give levels and error instead"):
        levels_and_error(CouplingSettings(synapse="junction"))


@rows(
    ("parts", "said"),
    [
        (
            {"capacity": {"loads": [0.01, 0.02, 0.03, 0.04]}},
            r"capacity.loads from 0.01 to 0.04 does not bracket .* 0.0",
        ),
        ({"capacity": {"spin_loads": [0.17, 0.18, 0.19, 0.2]}}, r"spin_loads from 0.17 .* spins: a half .* 0.162 with"),
        ({"capacity": {"sizes": [100, 200], "loads": [0.02, 0.03, 0.05, 0.2]}}, r"starts = 4, and 100 .* store 2 pat"),
        ({"capacity": {"sizes": [2000, 10_000], "draws": 1000}}, r"1000 draws of networks of up to 10000 oscillators"),
        ({"recall": {"patterns": 30}}, r"recall.patterns = 30 in 200 oscillators is a load of 0.15, above the 0.06"),
        ({"recall": {"patterns": 120, "weights": ["pseudo_inverse"]}}, r"a load of 0.6, above the 0.5"),
        ({"recall": {"duration": "10 ns"}}, r"duration = 10 ns is below ten times 1/K, 15.9"),
        ({"recall": {"duration": "1 ms"}}, r"steps of 200 oscillators in 8 draws take too long"),
        ({"oscillator": {"spread": "10 %"}}, r"oscillator.spread = 0.1 is outside of recall.spreads, 0.0005 to 0.03"),
        ({"couplings": {"synapse": "nowhere.json"}}, r"couplings.synapse = 'nowhere.json' cannot be read"),
    ],
)
def test_what_could_not_be_answered_is_refused_before_it_runs(parts, said):
    with pytest.raises(ValueError, match=said):
        campaign(**parts).check()


@rows(
    ("parts", "said"),
    [
        ({"capacity": {"sizes": [50, 1000]}}, "sizes.0: 50 is too small|greater than or equal to 100"),
        ({"capacity": {"sizes": [1000, 100_000]}}, "less than or equal to 10000"),
        ({"capacity": {"sizes": [2000, 1000]}}, "sizes = 2000, 1000 must rise"),
        ({"oscillator": {"coupling": 0}}, "coupling = 0 Hz with a spread of 0.001: oscillators without coupling"),
        ({"oscillator": {"coupling": "1 GHz"}}, r"coupling = 1e\+09 Hz .* below a fifth of"),
        ({"recall": {"weights": ["hebbian", "hebbian"]}}, "weights has 'hebbian' twice"),
        ({"recall": {"spreads": [0.01, 0.001, 0.02, 0.03]}}, "spreads = .* must rise"),
        ({"couplings": {"levels": 4}}, "give what holds the couplings once"),
        ({"couplings": {"levels": 4, "error": 0.1, "synapse": "wall"}}, "give what holds the couplings once"),
    ],
)
def test_bad_fields_are_named(parts, said):
    with pytest.raises(ValidationError, match=said):
        campaign(**parts)


@pytest.mark.slow
def test_the_shipped_campaign_runs_whole_with_smaller_sizes(tmp_path):
    shipped = load_campaign("oscillator-memory")
    shipped.check()
    assert shipped.labelled_runs("native") == ()
    made = shipped.model_copy(
        update={
            "capacity": shipped.capacity.model_copy(update={"sizes": (1000, 2000), "draws": 20}),
            "recall": shipped.recall.model_copy(update={"draws": 10, "hold": 2e-7}),
        }
    )
    summary = run_campaign(made, tmp_path)
    folder = campaign_folder(made, "model", tmp_path)
    text = (folder / "summary.json").read_text()
    assert CampaignSummary[OscillatorMemoryResults].from_json(text).results == summary.results
    results = summary.results
    assert json.loads(text)["verdict"] == results.verdict
    phases, spins = results.capacities
    assert phases.limit == pytest.approx(0.042, abs=0.006)
    assert spins.limit > 2.5 * phases.limit
    assert [each.words for each in results.recalls] == [
        "Hebb's rule, ideal",
        "Hebb's rule, written",
        "pseudo-inverse, ideal",
        "pseudo-inverse, written",
    ]
    assert 0.004 < results.recalls[0].breaking_spread < 0.02
    assert results.energy == pytest.approx(0.2 * results.recalls[0].time)
    headlines = list(results.headlines())
    assert [each.name for each in headlines][:3] == [
        "capacity of phases",
        "capacity of Hopfield's spins",
        "spread at which recall breaks",
    ]
    assert all(len(each.detail.split()) <= 20 for each in headlines)
    assert (folder / "report.html").read_text().count("<img") == 3
