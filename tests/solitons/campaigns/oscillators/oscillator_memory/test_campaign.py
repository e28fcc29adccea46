"""Oscillator memories that nothing was tuned for, some that must fail, and what is refused."""

import json

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows
from scipy import integrate, optimize, special, stats

from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.results import CampaignSummary
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.oscillators.oscillator_memory.campaign import OscillatorMemoryCampaign
from solitons.campaigns.oscillators.oscillator_memory.fitted_devices import levels_and_error, oscillator_of
from solitons.campaigns.oscillators.oscillator_memory.recall import margins, recall_set
from solitons.campaigns.oscillators.oscillator_memory.results import OscillatorMemoryResults
from solitons.campaigns.oscillators.oscillator_memory.settings import CouplingSettings
from solitons.models.loading import load_model
from solitons.oscillators.injection import weak_half_width

CAPACITY = {"sizes": [1000, 2000], "loads": [0.03, 0.04, 0.05, 0.06]}
OSCILLATOR = {"frequency": "3 GHz", "linewidth": "1 MHz", "coupling": "100 MHz", "source": "a test", "spread": "0.1 %"}
FITTED = {"model": "oscillator", "current_density": 2.5e11, "field": "80 A/m", "temperature": 4, "spread": "0.1 %"}
RECALL = {"spreads": ["0.05 %", "0.1 %", "1 %", "3 %"], "draws": 8, "hold": "100 ns", "weights": ["hebbian"]}


def campaign(capacity=None, oscillator=None, recall=None, couplings=None, of=OSCILLATOR):
    return OscillatorMemoryCampaign(
        name="small",
        capacity=CAPACITY | (capacity or {}),
        oscillator=of | {"power": "1 mW"} | (oscillator or {}),
        recall=RECALL | (recall or {}),
        couplings=couplings,
    )


def recalled(made, weights="hebbian", devices=None):
    oscillator, spread = oscillator_of(made.oscillator), made.oscillator.spread
    return recall_set(weights, oscillator, spread, made.recall, devices, lambda: None)


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
        assert 1 < found.time * 2 * np.pi * coupling < 8


def test_the_equation_knows_couplings_times_time_alone():
    short = {"oscillators": 100, "duration": "20 ns", "hold": "20 ns", "spreads": ["0.05 %", "0.1 %", "0.5 %", "1 %"]}
    fast = recalled(campaign(oscillator={"linewidth": 0}, recall=short))
    slow = campaign(
        oscillator={"linewidth": 0, "coupling": "25 MHz", "spread": "0.025 %"},
        recall=short | {"duration": "80 ns", "hold": "80 ns", "spreads": ["0.0125 %", "0.025 %", "0.125 %", "0.25 %"]},
    )
    assert recalled(slow).shares == fast.shares
    assert recalled(slow).time == pytest.approx(4 * fast.time, rel=1e-6)


def lag_of_order(order, over):
    """The lag with which a Gaussian spread `over` K has an order: H. Sakaguchi and Y. Kuramoto (1986), drifters too."""
    away = np.linspace(-8, 8, 40_001) * over

    def mean(frame):
        x = (away - frame) / order
        turned = np.where(np.abs(x) <= 1, 0, x - np.sign(x) * np.sqrt(np.maximum(x**2 - 1, 0)))
        held = np.where(np.abs(x) <= 1, np.sqrt(np.maximum(1 - x**2, 0)) + 1j * x, 0)
        return np.trapezoid((held + 1j * turned) * stats.norm.pdf(away, scale=over), away)

    return np.angle(mean(optimize.brentq(lambda frame: abs(mean(frame)) - order, -2, 0)))


@pytest.mark.slow
def test_one_pattern_breaks_by_a_lag_and_by_heat_as_the_mean_field_has_it():
    """With heat r = I_1(x) / I_0(x), x = K r / D, D = pi times the line (J. A. Acebron et al. (2005))."""
    made = campaign(
        oscillator={"linewidth": 0, "spread": 0.01},
        recall={"oscillators": 300, "patterns": 1, "wrong_bits": 0.1, "spreads": [0.001, 0.005, 0.01, 0.02]},
    )
    found = [
        margins(oscillator_of(made.oscillator), spread, made.recall, lambda: None)[number].half_point
        for number, spread in enumerate((0.01, 1e-4))
    ]
    assert found[0] == pytest.approx(lag_of_order(0.6, 0.3), abs=0.06)
    x = optimize.brentq(lambda x: special.i1e(x) / special.i0e(x) - 0.6, 0.5, 3)
    assert found[1] == pytest.approx(2 * 1e8 * 0.6 / x, rel=0.06)


def test_a_fitted_oscillator_gives_its_own_numbers():
    model = load_model("oscillator")
    found = oscillator_of(campaign(of=FITTED, oscillator={"lag": "10 deg"}).oscillator)
    assert found.frequency == model.frequency_at(2.5e11)
    assert found.linewidth == model.linewidth(2.5e11, 4)
    assert found.coupling == weak_half_width(model, 2.5e11, 80.0)
    p = model.power(2.5e11)
    own = np.arctan((1 - 2 * p) / (1 - p) / model.nonlinearity(2.5e11))
    assert found.lag == pytest.approx(np.deg2rad(10) + own)
    assert campaign(of=FITTED).input_files()[0].name == "oscillator.json"


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
            r"capacity.loads from 0.01 to 0.04 do not bracket .* 0.0",
        ),
        ({"capacity": {"sizes": [100, 200], "loads": [0.02, 0.03, 0.05, 0.2]}}, r"starts = 4, and 100 .* store 2 pat"),
        (
            {"capacity": {"sizes": [2000, 10_000], "draws": 1000}},
            r"draws of networks of up to 10000 phase oscillators",
        ),
        ({"recall": {"patterns": 30}}, r"recall.patterns = 30 in 200 oscillators is a load of 0.15, above the 0.06"),
        ({"recall": {"patterns": 120, "weights": ["pseudo_inverse"]}}, r"a load of 0.6, above the 0.5"),
        ({"recall": {"duration": "10 ns"}}, r"duration = 10 ns is below ten times 1/K, 15.9"),
        ({"recall": {"duration": "1 ms"}}, r"steps of 200 oscillators in 8 draws take too long"),
        ({"oscillator": {"spread": "10 %"}}, r"oscillator.spread = 0.1 is outside of recall.spreads, 0.0005 to 0.03"),
        ({"oscillator": {"coupling": "1 GHz"}}, r"coupling = 1e\+09 Hz .* below a fifth of"),
        ({"of": FITTED, "oscillator": {"current_density": 1e11}}, r"below its threshold of 1.728e\+11 A/m2"),
        (
            {"of": FITTED, "oscillator": {"current_density": 9e11}},
            r"beyond the powers of its fit; give another current",
        ),
        ({"of": FITTED, "oscillator": {"field": "1 mT/mu0"}}, r"the coupling of 6.* is above the rate .* weaker field"),
        ({"of": FITTED, "oscillator": {"temperature": 300}}, r"the line of 8.* above the rate .* a lower temperature"),
        ({"of": FITTED, "oscillator": {"model": "wall"}}, r"oscillator.model = 'wall' holds a DomainWallSynapse; give"),
        ({"of": FITTED, "oscillator": {"model": "nowhere.json"}}, r"oscillator.model = 'nowhere.json' cannot be read"),
        ({"couplings": {"synapse": "oscillator"}}, r"couplings.synapse = 'oscillator' holds a AutoOscillator"),
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
        ({"capacity": {"sizes": [2000, 1000]}}, r"capacity.sizes[\s\S]*2000, 1000 must rise"),
        ({"oscillator": {"coupling": 0}}, "greater than 0"),
        ({"oscillator": {"temperature": 4}}, "give model, current_density, field and temperature, or frequency"),
        ({"of": FITTED, "oscillator": {"field": None}}, "give model, current_density, field and temperature, or"),
        ({"recall": {"weights": ["hebbian", "hebbian"]}}, "weights has 'hebbian' twice"),
        ({"recall": {"spreads": [0.01, 0.001, 0.02, 0.03]}}, r"recall.spreads[\s\S]*must rise"),
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
    assert results.capacity.limit == pytest.approx(0.042, abs=0.006)
    assert [each.words for each in results.recalls] == [
        "Hebb's rule, ideal",
        "Hebb's rule, written",
        "pseudo-inverse, ideal",
        "pseudo-inverse, written",
    ]
    # A quarter of K / 2 pi over the frequency, as of any oscillators.
    assert 0.1 < results.recalls[0].breaking_spread * results.oscillator.frequency / results.oscillator.coupling < 0.4
    assert results.energy == pytest.approx(200 * 0.58e-3 * results.recalls[0].time)
    lag, line = results.margins
    assert np.deg2rad(10) < lag.half_point < np.deg2rad(60)
    assert results.oscillator.linewidth < line.half_point < results.oscillator.coupling
    headlines = list(results.headlines())
    assert [each.name for each in headlines][:2] == ["capacity of phase oscillators", "spread at which recall breaks"]
    assert all(len(each.detail.split()) <= 20 for each in headlines)
    assert (folder / "report.html").read_text().count("<img") == 2
