"""Stochastic resonance of junctions that nothing was tuned for, and of some that have none."""

import json

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows

from runs.store import Store
from solitons.campaigns.framework.base import ComputedRuns
from solitons.campaigns.framework.kinds import load_campaign
from solitons.campaigns.framework.results import CampaignSummary
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.workflow import campaign_folder, run_campaign
from solitons.campaigns.junctions.stochastic_resonance.campaign import StochasticResonanceCampaign
from solitons.campaigns.junctions.stochastic_resonance.results import MEASURES, ResonanceResults

COMMON = {
    "name": "small",
    "record": {"periods": 100, "members": 16, "seed": 3},
    "locking": {"amplitudes": [0.1, 0.3, 0.5], "frequencies": ["10 kHz", "1 MHz", "100 MHz"], "periods": 40},
    "ensemble": None,
}
RATES = {"rates": {"attempt_rate": "2 GHz", "stability": 9, "critical_current": "5e10 A/m^2", "source": "a test"}}
WEAK = {"amplitude": "3e9 A/m^2", "frequency": "1 MHz"}
BARRIER = {"resistance_area": "8 ohm um^2", "tmr": "100 %"}
# Against the easy axis' positive direction, so that the drive's sign is the other.
DISC = {
    "device": {
        "kind": "pillar",
        "length": "28 nm",
        "thickness": "1.2 nm",
        "cell": ["4 nm", "4 nm", "1.2 nm"],
        "fixed_layer": "down",
        "barrier": BARRIER,
    },
    "material": {"name": "CoFeB", "Ms": "1.1 MA/m", "A": "15 pJ/m", "Ku": "0.69 MJ/m^3", "alpha": 0.2},
}
IN_PLANE = {
    "device": {
        "kind": "pillar",
        "length": "30 nm",
        "thickness": "2 nm",
        "cell": ["3 nm", "3 nm", "2 nm"],
        "fixed_layer": "left",
        "barrier": BARRIER,
    },
    "material": {
        "name": "soft",
        "Ms": "0.3 MA/m",
        "A": "8 pJ/m",
        "Ku": "20 kJ/m^3",
        "easy_axis": [1, 0, 0],
        "alpha": 0.05,
    },
}
HOT = [280, 340, 410, 500, 600, 720, 860, 1050, 1300, 1600]


def campaign(*parts, **changes):
    return StochasticResonanceCampaign(
        **(COMMON | {key: value for part in parts for key, value in part.items()}) | changes
    )


def found(made):
    made.check()
    return made.analyse(ComputedRuns((), Store("nowhere"), "model"), Stages()).results


def codes(results):
    return {reason.code for reason in results.reasons}


def near(peak):
    """Whether the exact peak is in the counted interval, with a third of its width more on each side."""
    low, high = peak.ci95
    return low - (high - low) / 3 <= peak.exact <= high + (high - low) / 3


@pytest.fixture(scope="module")
def hot():
    return found(campaign(RATES, drive=WEAK, temperatures=HOT, record=COMMON["record"] | {"members": 32}))


@pytest.mark.slow
def test_each_measure_has_its_own_peak(hot):
    assert hot.verdict == "limited"
    assert codes(hot) == {"little_barrier"}
    ratio, swing, locked = (hot.peak(name) for name in ("signal_to_noise", "amplitude", "fraction_locked"))
    assert all(map(near, (ratio, swing, locked)))
    # The ratio's where the barrier is 2.5 k T whatever the drive, the swing's nearer to the matching of times.
    assert ratio.closed_form == pytest.approx(9 * 300 / 2.5, rel=0.05)
    assert ratio.exact == pytest.approx(ratio.closed_form, rel=0.05)
    assert hot.matching == pytest.approx(9 * 300 / np.log(2e9 / 2e6), rel=0.01)
    assert locked.value == pytest.approx(hot.matching, rel=0.04)
    assert locked.value < swing.value < ratio.value
    assert hot.matching * 1.1 < swing.value < hot.matching * 1.4


def test_counts_are_those_of_the_exact_response_and_of_the_closed_form(hot):
    scores = [
        (one.value - one.exact) / (one.high - one.low) * 4
        for point in hot.points
        for name, one in point.measured.items()
        if name != "phase_locking_value" and one.high > one.low
    ]
    # Measures of one point hang together; 16 of their 40 scores are independent at least.
    assert np.mean(np.square(scores)) < 2.2
    for each in hot.maps:
        assert each.p_value > 1e-3
        assert each.worst < 0.1
    sure, stays = (np.array(getattr(hot.maps[0], name)) for name in ("sure_to_flip", "sure_to_stay"))
    exact = np.array(hot.maps[0].exact)
    inside = (sure > 0.95) & (stays > 0.95)
    assert inside.any()
    assert exact[inside].min() > 0.8
    # Locking falls beyond either border.
    assert exact[sure < 0.3].max() < 0.3
    assert exact[stays < 0.3].max() < 0.5


@pytest.mark.slow
def test_noise_on_the_current_makes_resonance_too():
    noise = {"currents": [f"{each}e9 A/m^2" for each in (2, 4, 6, 7, 8, 9, 10, 12, 14, 17, 20, 24, 28)]}
    square = {"amplitude": "6e9 A/m^2", "frequency": "1 MHz", "shape": "square"}
    results = found(campaign(RATES, drive=square, noise=noise))
    assert (results.axis, results.unit, results.verdict) == ("noise", "A/m^2", "trusted")
    assert near(results.peak("amplitude"))
    assert near(results.peak("fraction_locked"))
    assert results.maps[1].axis == "noise"


def test_a_disc_of_the_other_polarity_under_noise_volts_agrees_with_its_macrospins():
    noise = {"voltages": [f"{each} mV" for each in (90, 120, 160, 200, 250, 310, 380, 460)]}
    drive = {"voltage": "200 mV", "frequency": "8 MHz"}
    results = found(campaign(DISC, drive=drive, noise=noise, ensemble={"trajectories": 60, "periods": 1, "points": 1}))
    # RA of 8 ohm um^2 with the mean of both conductances: 6 / 8 of the parallel one's current.
    assert results.drive_current == pytest.approx(0.2 / 8e-12 * 0.75)
    assert results.ensemble[0].exact > 0.3
    assert results.ensemble[0].p_value > 1e-3
    assert near(results.peak("fraction_locked"))


@pytest.mark.slow
def test_a_layer_in_the_plane_has_rates_by_harmonics():
    drive = {"amplitude": "3e9 A/m^2", "frequency": "10 MHz"}
    temperatures = [200, 250, 300, 370, 450, 560, 700]
    ensemble = {"trajectories": 60, "periods": 1, "points": 1}
    results = found(campaign(IN_PLANE, drive=drive, temperatures=temperatures, ensemble=ensemble))
    assert results.ensemble[0].p_value > 1e-3
    assert near(results.peak("amplitude"))
    assert near(results.peak("fraction_locked"))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        # Beyond the critical current the drive itself switches.
        ({"drive": {"amplitude": "6e10 A/m^2", "frequency": "1 MHz"}}, "drive_above_critical_current"),
        # All measures still rise where the axis ends.
        ({"drive": WEAK, "temperatures": [240, 250, 260, 270, 280]}, "no_peak"),
        ({"drive": {"amplitude": "5e9 A/m^2", "frequency": "300 MHz"}}, "drive_too_fast"),
    ],
)
def test_what_is_no_resonance_is_judged_failed_and_its_peaks_are_withheld(parts, code):
    results = found(campaign(RATES, {"temperatures": HOT[::2]}, parts))
    assert results.verdict == "failed"
    assert code in codes(results)
    assert all(peak.value is peak.ci95 is peak.exact is None and "withheld" in peak.note for peak in results.peaks)
    assert {peak.measure for peak in results.peaks} == set(MEASURES)
    assert [each.value for each in [*results.headlines()][:3]] == ["–"] * 3


@rows(
    ("parts", "said"),
    [
        (
            {"rates": RATES["rates"] | {"stability": 60}},
            r"about \d\.\de-\d+ flips are to be expected .*barrier of 36 k T: too few to see",
        ),
        (
            {"record": {"sampling_interval": "200 ns"}},
            r"drive.frequency = 1 MHz is faster than the sampling: .* 5 samples in a period, .* give 125 ns or less",
        ),
        ({"drive": WEAK | {"frequency": "1 Hz"}}, r"flips are to be expected at one point .* fewer record.periods"),
        (
            {"temperatures": (), "noise": {"currents": [1e9, 2e9, 3e9, 4e9, 5e9], "lasting": "1 us"}},
            r"noise.lasting = 1 .s: .* 25 ns or less",
        ),
        ({"record": {"periods": 100_000, "members": 1000}}, r"record: 6.4e\+09 samples at each point"),
        (
            IN_PLANE | {"rates": None, "material": IN_PLANE["material"] | {"Ms": "1 MA/m"}},
            r"not axial, .* harmonics up to degree \d+, above 60",
        ),
        (
            DISC | {"rates": None, "ensemble": {}, "drive": WEAK | {"frequency": "1 kHz"}},
            r"ensemble: 100 macrospins for 3 periods of 1 ms .* steps",
        ),
        (DISC | {"rates": None, "device": DISC["device"] | {"fixed_layer": "right"}}, "polariser is across"),
    ],
)
def test_what_cannot_be_seen_is_refused_before_it_runs(parts, said):
    made = campaign(RATES, {"drive": WEAK, "temperatures": [300, 350, 400, 450, 500]}, parts)
    with pytest.raises(ValueError, match=said):
        made.check()


@rows(
    ("parts", "said"),
    [
        ({"rates": None}, "give the junction once"),
        ({"device": DISC["device"]}, "give the junction once"),
        ({"noise": {"currents": [1e9, 2e9, 3e9, 4e9, 5e9]}}, "give the axis once"),
        ({"temperatures": [300, 350, 400]}, "temperatures has 3 values; give 5 or more that rise"),
        ({"temperatures": [300, 350, 340, 400, 500]}, "that rise"),
        ({"drive": {"frequency": "1 MHz"}}, "give the size of the drive once"),
        ({"drive": {"voltage": "10 mV", "frequency": "1 MHz"}}, "voltages need a pillar"),
        ({"temperatures": (), "noise": {}}, "give the noise once"),
    ],
)
def test_bad_fields_are_named(parts, said):
    with pytest.raises(ValidationError, match=said):
        campaign(RATES, {"drive": WEAK, "temperatures": [300, 350, 400, 450, 500]}, parts)


def test_the_report_and_the_summary_say_the_same(tmp_path):
    made = campaign(RATES, drive=WEAK, temperatures=HOT[::2])
    summary = run_campaign(made, tmp_path)
    folder = campaign_folder(made, "model", tmp_path)
    text = (folder / "summary.json").read_text()
    assert CampaignSummary[ResonanceResults].from_json(text).results == summary.results
    assert json.loads(text)["verdict"] == summary.results.verdict
    page = (folder / "report.html").read_text()
    assert page.count("<img") == 3


def test_the_shipped_campaign_can_be_answered():
    made = load_campaign("stochastic-resonance")
    made.check()
    assert made.labelled_runs("native") == ()
