"""The campaign of random bits: its closed forms against counts, what section 4.2 asks, and what it refuses."""

import dataclasses
import re

import numpy as np
import pytest
import yaml
from edited_content import with_fields
from rows import rows
from scipy.special import erfc

from solitons import save_model
from solitons.campaigns.framework.kinds import shipped_campaigns
from solitons.campaigns.framework.stages import Stages
from solitons.campaigns.framework.workflow import run_campaign
from solitons.campaigns.junctions.random_bits.campaign import RandomBitsCampaign
from solitons.campaigns.junctions.random_bits.judgement import about_bits
from solitons.campaigns.junctions.random_bits.results import DisturbedPoint, StreamPoint
from solitons.campaigns.junctions.random_bits.streams import half_current, limits_of, source_of
from solitons.campaigns.junctions.random_bits.suite import failed_tests, suite_rows
from solitons.fits.verdict import judge
from solitons.junctions import SwitchingRates

FILE = next(each.file for each in shipped_campaigns() if each.name == "random-bits")
CONTENT = yaml.safe_load(FILE.read_text())
WRITTEN = {"by": "writing", "width": "30 ns", "interval": "60 ns"}
MEMORY = {"junction__attempt_rate": 1e9, "junction__stability": 20, "junction__critical_current": "3e11 A/m^2"}


def campaign_of(**changes):
    return RandomBitsCampaign(**with_fields(CONTENT, **changes))


def source(**changes):
    campaign = campaign_of(**changes)
    return source_of(campaign.junction, campaign.bits, campaign.streams)


def counted(bits):
    centred = bits - bits.mean()
    return bits.mean() - 0.5, (centred[1:] @ centred[:-1]) / (centred @ centred)


@pytest.mark.parametrize("error", [0.0, 0.01, -0.03])
@pytest.mark.parametrize("factor", [0.1, 1.0])
def test_bias_and_memory_are_those_of_the_closed_forms(error, factor):
    made = dataclasses.replace(source(streams__xored=3, streams__spread=0.01), current_error=error)
    made = dataclasses.replace(made, bits=made.bits.model_copy(update={"interval": factor * made.interval}))
    raw, xored = made.streams(400_000, seed=1)
    # A correlated stream tells its bias less well.
    spread = 3 / np.sqrt(400_000) * np.sqrt((1 + made.correlations[0]) / (1 - made.correlations[0]))
    assert counted(raw)[0] == pytest.approx(made.biases[0], abs=spread / 2)
    assert counted(raw)[1] == pytest.approx(made.correlations[0], abs=0.01)
    assert counted(xored)[0] == pytest.approx(made.xored_bias(), abs=spread / 2)
    assert counted(xored)[1] == pytest.approx(made.xored_correlation(), abs=0.01)


def test_the_xor_of_alike_junctions_has_the_bias_of_the_piling_up_lemma():
    made = dataclasses.replace(source(streams__xored=4, streams__spread=0), current_error=0.01)
    e = made.biases[0]
    assert abs(made.xored_bias()) == pytest.approx(2**3 * e**4)
    assert limits_of(10**6, 4)["xored_bias"] == pytest.approx((limits_of(10**6, 4)["bias"] / 8) ** 0.25)


def test_a_written_junction_switches_half_of_the_time():
    made = source(bits=WRITTEN, **MEMORY)
    assert made.biases[0] == pytest.approx(0.0, abs=0.05)  # but for the junctions' spread
    bits, _ = made.streams(200_000, seed=1)
    assert counted(bits)[0] == pytest.approx(made.biases[0], abs=0.004)
    assert abs(counted(bits)[1]) < 0.01
    rates = made.rates
    assert float(rates.probability(half_current(rates, 3e-8), 3e-8)) == pytest.approx(0.5)


def test_a_limit_is_what_the_frequency_test_finds_in_half_of_all_sequences():
    generator, limit = np.random.default_rng(1), limits_of(10_000, 2)["bias"]
    shares = generator.binomial(10_000, 0.5 + limit, 4000) / 10_000
    found = np.abs(shares - 0.5) * 2 * np.sqrt(10_000) > 2.5758
    assert found.mean() == pytest.approx(0.5, abs=0.03)


def values(p):
    return [{"frequency": float(each), "serial 1": float(each)} for each in p]


def test_ideal_p_values_pass_and_others_do_not():
    even = (np.arange(100) + 0.5) / 100
    (row, _) = suite_rows(values(even))
    # 0.99 -+ 3 sqrt(0.99 0.01 / 100), and 99 of 100 pass.
    assert (row.least, row.most) == (pytest.approx(0.96015, abs=1e-5), 1.0)
    assert (row.passed, row.passes) == (99, True)
    assert row.uniformity == pytest.approx(1.0)
    (crowded, _) = suite_rows(values(0.5 + even / 4))
    assert crowded.in_range
    assert not crowded.uniform
    (low, _) = suite_rows(values(np.where(even < 0.1, 0.001, even)))
    assert not low.in_range
    assert suite_rows(values(even[:20]))[0].uniformity is None


def test_the_verdict_asks_how_unlikely_a_row_is():
    even = (np.arange(60) + 0.5) / 60
    # Three of 60 below 0.01 are outside the range, and ideal bits do that once in fifty rows.
    few = suite_rows(values(np.where(np.arange(60) < 3, 0.005, even)))
    assert not few[0].in_range
    assert judge(about_bits(few[:1], 60, [])).verdict == "trusted"
    many = suite_rows(values(np.where(np.arange(60) < 12, 0.005, even)))
    verdict = judge(about_bits(many, 60, []))
    assert (verdict.verdict, verdict.reasons[0].code) == ("failed", "bits_fail")
    assert "frequency, serial" in verdict.reasons[0].sentence
    assert judge(about_bits(few[:1], 20, [])).reasons[0].code == "few_sequences"


def test_little_tolerance_is_reported():
    even = suite_rows(values((np.arange(60) + 0.5) / 60))
    streams = [StreamPoint(bias=0, counted_bias=0, correlation=0, counted_correlation=0, failed=each)
               for each in (["frequency"], ["runs"])]  # fmt: skip
    point = DisturbedPoint(of="current error", value=0.002, raw=streams[0], xored=streams[1])
    verdict = judge(about_bits(even, 60, [point]))
    assert (verdict.verdict, verdict.reasons[0].code) == ("limited", "little_tolerance")


def test_the_parts_of_a_test_are_one():
    found = failed_tests({"serial 1": 1e-6, "serial 2": 1e-7, "random_excursions -4": 0.0, "runs": 0.5})
    assert found == ["serial", "random_excursions"]


@rows(
    ("changes", "message"),
    [
        ({"junction__stability": 60}, r"is expected to flip .*e-\d+ times in the 5 s of a sequence"),
        ({"bits": WRITTEN | {"current": "1e9 A/m^2"}, **MEMORY}, r"is expected to switch .* times in the 1,000,0"),
        ({"bits": WRITTEN, **MEMORY, "junction__stability": 20, "junction__attempt_rate": 1e5},
         "even at the critical current .* give a longer pulse"),
        ({"junction": {"fitted_model": "nowhere.json"}}, "nowhere.json' cannot be read"),
    ],
)  # fmt: skip
def test_what_makes_no_bits_is_refused_with_the_expected_number(changes, message):
    with pytest.raises(ValueError, match=message):
        campaign_of(**changes).check()


@rows(
    ("changes", "message"),
    [
        ({"bits__by": "guessing"}, "by"),
        ({"bits": WRITTEN | {"interval": "5 ns"}}, "no shorter than bits.interval"),
        ({"junction__source": None}, "junction lacks source"),
        ({"junction__fitted_model": "x.json"}, "leave the one or the others out"),
        ({"streams__length": 1000}, "length"),
        ({"streams__xored": 1}, "xored"),
    ],
)
def test_bad_descriptions_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        campaign_of(**changes)


def test_rates_come_from_a_saved_model(tmp_path):
    rates = SwitchingRates(attempt_rate=1e9, stability=7.0, critical_current=3e10)
    path = save_model(rates, tmp_path / "rates.json")
    campaign = campaign_of(junction={"fitted_model": str(path)})
    campaign.check()
    assert campaign.input_files() == (path,)
    assert float(source_of(campaign.junction, campaign.bits, campaign.streams).rates.stability) == 7.0


def test_what_disturbs_the_bits_is_counted_and_shown(monkeypatch):
    """By one of the fifteen tests, in its closed form, of fewer bits than all of them ask for."""

    def frequency(bits):
        return {"frequency": float(erfc(abs(bits.mean() - 0.5) * np.sqrt(2 * bits.size)))}

    monkeypatch.setattr("solitons.campaigns.junctions.random_bits.analysis.bit_tests", frequency)
    disturbances = {"current_errors": [0.001, 0.1], "interval_factors": [0.1], "temperatures": ["400 K"],
                    "spreads": [0.001, 0.1]}  # fmt: skip
    campaign = campaign_of(streams__sequences=2, disturbances=disturbances)
    short = campaign.streams.model_copy(update={"length": 20_000})
    campaign = campaign.model_copy(update={"streams": short})
    findings = campaign.analyse(None, Stages())
    found = findings.results
    assert (found.raw[0].sequences, found.raw[0].passed) == (2, 2)
    weak, strong, warm, fast = found.disturbed
    assert (weak.raw.failed, strong.raw.failed) == ([], ["frequency"])
    assert abs(strong.xored.bias) < abs(strong.raw.bias) < 0.5
    # Ten times as fast, a bit has the tenth root of the memory; a warm junction has less.
    kept = findings.values["source"].correlations[0]
    assert fast.raw.correlation == pytest.approx(kept**0.1)
    assert warm.raw.correlation < kept
    assert found.spreads[0].raw > found.spreads[1].raw
    assert found.first_to_fail("current error", "raw") == 0.1
    report = campaign.report(findings)
    assert report.count("<img src") == 3
    assert not re.search(r"\b(undefined|nan|None)\b", re.sub("<[^>]*>", "", report))
    bias, _ = findings.figures["disturbed"]().axes
    # A cross where the test fails: that of the strong error, of one junction and of all XORed if they fail too.
    crosses = [line for line in bias.lines if line.get_marker() == "X" and len(line.get_xdata())]
    assert {float(line.get_xdata()[0]) for line in crosses} == {0.1}


@pytest.mark.slow
def test_the_whole_way(tmp_path):
    disturbances = {"current_errors": [0.0001, 0.03], "interval_factors": [0.1], "spreads": [0.001]}
    campaign = campaign_of(streams__sequences=2, disturbances=disturbances)
    summary = run_campaign(campaign, tmp_path)
    found = summary.results
    assert found.verdict == "limited"
    assert [reason.code for reason in found.reasons] == ["few_sequences"]
    strong, fast = found.disturbed[1:]
    assert "frequency" in strong.raw.failed
    assert "runs" in fast.raw.failed
    assert found.first_to_fail("current error", "raw") == 0.03
    assert found.energy == pytest.approx(2 * 0.05**2 * 1e-9 * (np.pi * 36e-18 / 5e-12) * (1 + 1 / 2.188) / 2, rel=1e-3)
    assert found.notes[0].startswith("A pass is the model's")
